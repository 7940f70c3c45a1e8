"""Making documents ready: both files from the same values, kept with their blanks, then issued (DOC-12 to DOC-23)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.db.models import Max

from communis.agreements.authors import Author
from communis.agreements.documents.printed import pdf
from communis.agreements.documents.values import LABELS, Typed, Values
from communis.agreements.documents.votes import of_member_vote
from communis.agreements.documents.word import default_template, placed_by, tried, word_document
from communis.agreements.enums import DocumentKind, DocumentStatus, VersionStatus
from communis.agreements.models import Adoption, Amendment, Document, DocumentTemplate, Membership, StaffFile
from communis.agreements.reading import chain_of, late_for
from communis.directory.models import Organization
from communis.foundation import files
from communis.foundation.scope import current_pool
from communis.kit.formats import agreed, short_date
from communis.kit.refusals import Refusal


@dataclass(frozen=True, slots=True)
class About:
    """What a document is about: a membership, an amendment or the file of an agent; and whose it is."""

    organization: Organization
    membership: Membership | None = None
    amendment: Amendment | None = None
    staff_file: StaffFile | None = None

    @property
    def rows(self) -> models.QuerySet[Document]:
        """Return the documents already made about the same thing."""
        return Document.objects.unscoped().filter(
            organization=self.organization, membership=self.membership, amendment=self.amendment, staff_file=self.staff_file
        )


@transaction.atomic
def make(values: Values, about: About, *, by: Author) -> Document:
    """Make a document, a draft: the DOCX from the pool’s template, the PDF from ours, and what is blank in it (DOC-22).

    Asked twice for the same content, it gives back the draft that is there.
    """
    pool = current_pool()
    template = DocumentTemplate.objects.unscoped().in_use().filter(kind=values.kind).last()
    data = files.read(pool, template.digest) if template is not None else default_template(values.kind)
    blanks = values.blanks(placed_by(data))
    Organization.objects.unscoped().select_for_update().get(pk=about.organization.pk)  # two made at once have two numbers
    before = about.rows.filter(kind=values.kind).order_by("-number").first()
    if before is not None and same_draft(before, values, blanks, template):
        return before
    number = (about.rows.filter(kind=values.kind).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Document(
        organization=about.organization, membership=about.membership, amendment=about.amendment, staff_file=about.staff_file,
        kind=values.kind, title=values.title[:300], number=number, author=by.name[:200], made_at=by.at,
        values=dict(values.fields),
        blanks=blanks, template=template,
        docx=files.keep(pool, word_document(values, data, name=template.name if template is not None else "")).digest,
        pdf=files.keep(pool, pdf(values, blanks)).digest,
    )  # fmt: skip
    made.full_clean()
    made.save()
    return made


def same_draft(document: Document, values: Values, blanks: Sequence[str], template: DocumentTemplate | None) -> bool:
    """Tell whether a document is still a draft that says what these values would, by the same template."""
    if document.status != DocumentStatus.DRAFT or document.template_id != (template.pk if template is not None else None):
        return False
    said = json.loads(json.dumps(dict(values.fields)))
    return (document.values, document.blanks, document.title) == (said, list(blanks), values.title[:300])


# ------------------------------------------------------------ a vote on an amendment, for each member


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a batch made ready, and where the next one begins."""

    last: int
    made: int


def drafted_for(amendment: Amendment) -> models.QuerySet[Document]:
    """Return the draft acts made ready for members on an amendment, of the membership that an outer query names."""
    return Document.objects.unscoped().filter(
        amendment=amendment, kind=DocumentKind.AMENDMENT_VOTE, membership=models.OuterRef("pk")
    )


def awaiting(amendment: Amendment, today: date) -> models.QuerySet[Membership]:
    """Return the members bound on a day that have neither adopted an amendment nor a draft act on it."""
    late = late_for(amendment.makes, today)
    return late.filter(~models.Exists(drafted_for(amendment))).select_related("organization__reference", "agreement")


@transaction.atomic
def draft_vote(amendment: Amendment, membership: Membership, *, by: Author) -> Document:
    """Make ready, in a member’s name, the draft act by which it adopts an amendment (DOC-12). Raises Refusal."""
    rows = Amendment.objects.unscoped().select_related("agreement", "makes__agreement", "makes__follows__agreement",
                                                       "makes__adopted_by")  # fmt: skip
    known = rows.get(pk=amendment.pk)
    refuse_undraftable(known, membership)
    about = About(membership.organization, membership=membership, amendment=known)
    return make(of_member_vote(known, membership, Typed(), by.today), about, by=by)


def refuse_undraftable(amendment: Amendment, membership: Membership) -> None:
    """Refuse a draft on an amendment that the host has not submitted, of another convention, or that is adopted already."""
    made = amendment.makes
    if made.status not in (VersionStatus.PENDING, VersionStatus.APPROVED):
        raise Refusal(f"L’avenant n° {amendment.number} est à l’état de {made.get_status_display()} : soumettez-le d’abord à "
                      "l’assemblée du gestionnaire, son texte ne changera plus.")  # fmt: skip
    if membership.agreement_id != amendment.agreement_id:
        raise Refusal(f"{membership.organization} n’adhère pas à la convention de cet avenant.")
    adopted = Adoption.objects.unscoped().filter(membership=membership, version=made).first()
    if adopted is not None:
        raise Refusal(f"{membership.organization} a déjà adopté cet avenant le {short_date(adopted.on)}.")
    later = chain_of(amendment.agreement).after(made.pk)
    applied = Adoption.objects.unscoped().filter(membership=membership, version__in=later).select_related("version").first()
    if applied is not None:
        raise Refusal(f"{membership.organization} applique la version {applied.version.label}, qui suit cet avenant et le "
                      "reprend : son assemblée n’a plus à l’adopter.")  # fmt: skip


@transaction.atomic
def draft_votes(amendment: Amendment, after: int, *, by: Author, size: int) -> Drafted:
    """Make ready the draft acts of the next members that await one; taken up again, it makes none twice. Raises Refusal."""
    Amendment.objects.unscoped().select_for_update().get(pk=amendment.pk)  # two who ask at once make each draft once
    found = list(awaiting(amendment, by.today).filter(pk__gt=after).order_by("pk")[:size])
    for membership in found:
        draft_vote(amendment, membership, by=by)
    return Drafted(found[-1].pk if found else after, len(found))


@transaction.atomic
def issue(document: Document, *, by: Author, knowingly: bool = False) -> Document:
    """Issue a document; the one issued before it is replaced. Refused while something is blank, save knowingly."""
    Organization.objects.unscoped().select_for_update().get(pk=document.organization_id)  # two issued at once replace each other
    rows = Document.objects.unscoped().select_for_update(of=("self",)).select_related("organization")
    known: Document = rows.get(pk=document.pk)
    if known.status != DocumentStatus.DRAFT:
        raise Refusal(f"« {known} » est déjà {known.get_status_display()} : faites-en une nouvelle version.")
    if known.blanks and not knowingly:
        count = len(known.blanks)
        told = f"{count} {agreed(count, 'mention est', 'mentions sont')} à compléter : {', '.join(known.blanks)}."
        raise Refusal(f"{told} Complétez-les et refaites le document, ou cochez « émettre avec ces blancs ».")
    about = About(known.organization, known.membership, known.amendment, known.staff_file)
    about.rows.filter(kind=known.kind, status=DocumentStatus.ISSUED).update(status=DocumentStatus.REPLACED)
    known.status, known.issued_on = DocumentStatus.ISSUED, by.today
    known.full_clean()
    known.save()
    return known


@transaction.atomic
def add_template(kind: str, name: str, data: bytes, *, by: Author) -> DocumentTemplate:
    """Keep the pool’s own template for a kind of document; it is read and tried first (DOC-22).

    Raises Refusal for unknown variables, and for what fails on the values of a document.
    """
    placed = placed_by(data)
    unknown = sorted(placed - set(LABELS))
    if unknown:
        raise Refusal(
            f"Le modèle place des variables que communis ne connaît pas : {', '.join(unknown)}. "
            f"Celles qui existent : {', '.join(sorted(LABELS))}."
        )
    tried(kind, data)
    kept = files.keep(current_pool(), data)
    made = DocumentTemplate(kind=kind, name=name[:200], digest=kept.digest, size=kept.size, added_by=by.name, added_at=by.at)
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def withdraw_template(template: DocumentTemplate, *, by: Author) -> None:
    """Go back to the shipped template of a kind: those of the pool are withdrawn, and stay in history (DOC-22).

    Raises Refusal where the shipped one is used already.
    """
    rows = DocumentTemplate.objects.unscoped().in_use().filter(kind=template.kind).select_for_update()
    found = list(rows)
    if not found:
        raise Refusal(f"Le modèle livré est déjà en usage pour « {DocumentKind(template.kind).label} ».")
    for one in found:
        one.withdrawn_at = by.at
        one.save(update_fields=["withdrawn_at"])
