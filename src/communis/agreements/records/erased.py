"""The names typed in what is signed and in documents, that go with a person when it is erased (SEC-12)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from communis.agreements.enums import DocumentStatus, Party
from communis.agreements.models import DocumentRecipient, DocumentVisa, Signature
from communis.directory.erasing import Named, erase_also
from communis.directory.models import Organization

DRAFT = Q(document__status=DocumentStatus.DRAFT)


def signed_by(organizations: Iterable[Organization]) -> Q:
    """Return the signatures that some organizations gave: as members, or as the host of the pool."""
    known = list(organizations)
    signed = Q(party=Party.MEMBER, membership__organization__in=known)
    return signed | Q(party=Party.HOST) if any(one.is_host for one in known) else signed


def drafts_of(organizations: Iterable[Organization]) -> Q:
    return documents_of(organizations) & DRAFT


def issued_of(organizations: Iterable[Organization]) -> Q:
    return documents_of(organizations) & ~DRAFT


def documents_of(organizations: Iterable[Organization]) -> Q:
    """Return what stands on the documents of some organizations; the host writes and validates those of all."""
    known = list(organizations)
    return Q() if any(one.is_host for one in known) else Q(document__organization__in=known)


def on_document(row: DocumentRecipient | DocumentVisa) -> str:
    """Say which document a name stands on; what is made from the file of an agent is not named."""
    what = row.get_quality_display() if isinstance(row, DocumentVisa) else "destinataire"
    document = row.document
    return f"{what} de « {document} »" if document.staff_file_id is None else f"{what} d’un document du dossier d’un agent"


erase_also(
    Named(Signature, "signatory", signed_by),
    *(Named(model, "name", drafts_of, issued_of, on_document, ("document",)) for model in (DocumentRecipient, DocumentVisa)),
)
