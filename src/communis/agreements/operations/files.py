"""Attaching files to records and removing them, and reading those that are logged (DOC-24, SEC-05)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import models, transaction

from communis.agreements.enums import FileAudience, FileKind, VersionStatus
from communis.agreements.models import (
    Agreement,
    Amendment,
    Attachment,
    Dispute,
    FileReading,
    LegalPiece,
    Letter,
    Membership,
    Notice,
    Resolution,
    StaffFile,
    Version,
)
from communis.agreements.models.acts import UNPUBLISHED
from communis.directory.models import Organization
from communis.directory.operations.rows import record
from communis.directory.operations.rows import remove as remove_row
from communis.directory.territory import host_of
from communis.foundation import files
from communis.foundation.scope import current_pool
from communis.kit.formats import number
from communis.kit.refusals import Refusal

FIELDS: dict[type[models.Model], str] = {
    Resolution: "resolution", Membership: "membership", Version: "version", LegalPiece: "piece", StaffFile: "staff_file",
    Letter: "letter", Notice: "notice", Agreement: "agreement", Amendment: "amendment", Dispute: "dispute",
}  # fmt: skip
KEPT = "PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), OpenDocument (.odt, .ods), texte (.txt, .csv)"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\\"<>|:*?]+")


@transaction.atomic
def attach(
    holder: models.Model, *, data: bytes, name: str, kind: FileKind | str, audience: FileAudience | str, by: str, at: datetime
) -> Attachment:
    """Attach a file to a record: its bytes in the store, what it is and who reads it in a row (DOC-24).

    The type is that of the content, whatever the name says. Raises Refusal.
    """
    check_audience(holder, audience)
    media = checked_media(data, name)
    kept = files.keep(current_pool(), data)
    row = Attachment(
        organization=organization_of(holder), name=clean_name(name), kind=kind, audience=audience, digest=kept.digest,
        size=kept.size, media=media, added_by=by, added_at=at, **{FIELDS[type(holder)]: holder},
    )  # fmt: skip
    record(row)
    return row


def organization_of(holder: models.Model) -> Organization:
    """Return whose file it is: of the member of whom the record is, else of the host."""
    whose: Any = getattr(holder, "membership", holder)
    found = getattr(whose, "organization", None) or getattr(whose, "employer", None) or host_of()
    if found is None:
        raise Refusal("Ce service n’a pas de gestionnaire : désignez-le dans les organisations avant de joindre un fichier.")
    return found


def check_audience(holder: models.Model, audience: str) -> None:
    """Refuse to show a file to more people than its record."""
    if isinstance(holder, StaffFile) != (audience == FileAudience.STAFF):
        raise Refusal(
            "Un fichier d’un dossier d’agent est lu par la direction du service et l’exécutif du membre, et par eux seuls : "
            "choisissez ce public pour ces dossiers, un autre pour les autres fiches."
        )
    version = holder.makes if isinstance(holder, Amendment) else holder
    is_draft = (isinstance(version, Version) and version.status == VersionStatus.DRAFT) or (
        isinstance(holder, Resolution) and holder.state in UNPUBLISHED
    )
    if is_draft and audience == FileAudience.POOL:
        raise Refusal(
            "Cette fiche est un projet que tous les membres ne lisent pas : joignez ce fichier pour un public plus étroit."
        )


def checked_media(data: bytes, name: str) -> str:
    """Return what a file is; refuse what is empty, too heavy, of a kind that is not kept, or not what its name says."""
    if not data:
        raise Refusal(f"« {name} » est vide : choisissez un autre fichier.")
    if len(data) > files.LARGEST:
        most = number(files.LARGEST // 1_000_000)
        raise Refusal(f"« {name} » est trop lourd : un fichier joint pèse {most} Mo au plus. Réduisez-le.")
    media = files.media_of(data)
    if not media:
        raise Refusal(
            f"Le contenu de « {name} » n’est pas d’un genre que le service garde : {KEPT}, sans macro. Convertissez-le en PDF."
        )
    ending = name.rpartition(".")[2].lower()
    if ending not in files.TYPES[media]:
        known = ", ".join(f".{one}" for one in files.TYPES[media])
        raise Refusal(f"« {name} » ne contient pas ce que dit son nom : son contenu est celui d’un fichier {known}. Renommez-le.")
    return media


def clean_name(name: str) -> str:
    """Return a name that every system keeps, with its ending."""
    stem, _, ending = _UNSAFE.sub(" ", name).strip(" .").rpartition(".")
    return f"{stem.strip()[:190] or 'fichier'}.{ending.lower()}"


@transaction.atomic
def remove(attachment: Attachment) -> None:
    """Take a file away from its record; its history stays, and so do its bytes, which other rows may name."""
    remove_row(attachment)


@transaction.atomic
def opened(attachment: Attachment, *, by: str, at: datetime) -> bytes:
    """Return the bytes of a file; who reads a file kept for the staff’s readers is written down, and stays (SEC-05).

    Raises Refusal when the store does not hold them any more.
    """
    try:
        data = files.read(attachment.pool_id, attachment.digest)
    except files.Damaged:
        raise Refusal(
            f"« {attachment.name} » ne peut pas être lu : le dossier des fichiers ne contient plus les octets de cette empreinte "
            f"({attachment.digest[:12]}…). L’administrateur les retrouve dans une sauvegarde."
        ) from None
    if attachment.audience == FileAudience.STAFF:
        FileReading(
            organization_id=attachment.organization_id, attachment=attachment.pk, name=attachment.name, digest=attachment.digest,
            read_by=by, read_at=at,
        ).save()  # fmt: skip
    return data
