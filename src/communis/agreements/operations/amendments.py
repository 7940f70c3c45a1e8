"""Amendments, and how each member adopts the version that they make (MEM-11, MEM-12, MEM-17, MEM-36)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from communis.agreements.authors import Author
from communis.agreements.enums import ChangeKind, EndCause, StepKind, VersionStatus
from communis.agreements.models import Adoption, Amendment, AmendmentChange, Membership, Resolution, Version
from communis.agreements.operations.prolonging import check_prolongation
from communis.agreements.operations.steps import check_act, locked, not_after, write
from communis.agreements.operations.versions import approved_after, draft_next, kept
from communis.agreements.reading import chain_of
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of an amendment, as it is typed: its kind, the article or the brick, and what changes."""

    kind: ChangeKind
    article: str
    wording: str


@transaction.atomic
def amend(
    version: Version, *, number: str, subject: str, dated_on: date | None = None, reason: str = "", author: str = "",
    prolongs_to: date | None = None, changes: Iterable[Changed] = (), today: date | None = None,
) -> Amendment:  # fmt: skip
    """Prepare an avenant on a version: it makes the next one, a draft, whose articles are the consolidated text (MEM-11).

    An amendment that prolongs says to which day and why (MEM-17). Raises Refusal when it does not say why, or prolongs nothing,
    and on a version that another one follows already. `today` is not given for what is loaded from documents.
    """
    if prolongs_to is not None and not reason:
        raise Refusal("Un avenant qui prolonge la convention dit son motif : pourquoi jusqu’à ce jour.")
    if prolongs_to is not None:
        check_prolongation(version.agreement, prolongs_to, dated_on=dated_on, today=today)
    made = draft_next(version, label=f"avenant n° {number}", author=author)
    amendment = Amendment(agreement=made.agreement, number=number, subject=subject, dated_on=dated_on, reason=reason, makes=made,
                          prolongs_to=prolongs_to)  # fmt: skip
    kept(amendment)
    listed = list(changes)
    if prolongs_to is not None and not any(one.kind == ChangeKind.TERM for one in listed):
        listed.append(Changed(ChangeKind.TERM, "", f"La durée est prolongée jusqu’au {short_date(prolongs_to)} : {reason}"))
    for rank, one in enumerate(listed, 1):
        kept(AmendmentChange(amendment=amendment, rank=rank, kind=one.kind, article=one.article, wording=one.wording))
    return amendment


@transaction.atomic
def adopt(
    membership: Membership, version: Version, *, on: date, by: Author, decided_by: Resolution | None = None,
    authorized_by: Resolution | None = None,
) -> Adoption:  # fmt: skip
    """Record that a member adopts a version, by its own act, or by what an earlier act authorized (MEM-12, MEM-36).

    When the version comes from an amendment that prolongs, the membership is prolonged with it, and its step says why (MEM-17).
    Raises Refusal, and ValidationError when it is adopted already.
    """
    held = locked(membership)
    version = Version.objects.unscoped().select_for_update(of=("self",)).select_related("agreement").get(pk=version.pk)
    refuse_foreign(held, version)
    not_after(on, by, "Une adoption")
    act = deciding(held, on=on, by=by, decided_by=decided_by, authorized_by=authorized_by)
    refuse_backwards(held, version, on)
    if decided_by is not None:
        refuse_earlier_vote(version, decided_by)
    adoption = Adoption(membership=held, version=version, on=on, decided_by=decided_by, authorized_by=authorized_by)
    kept(adoption)
    write(held, StepKind.ADOPTED, on, by, act=act, note=str(version))
    amendment = Amendment.objects.unscoped().filter(makes=version).first()
    if amendment is not None and amendment.prolongs_to is not None:
        prolong(held, amendment, on=on, act=act, by=by)
    return adoption


def refuse_foreign(membership: Membership, version: Version) -> None:
    if version.agreement_id != membership.agreement_id:
        raise Refusal(f"« {version} » n’est pas une version de la convention à laquelle {membership.organization} adhère.")
    if version.status not in (VersionStatus.PENDING, VersionStatus.APPROVED):
        raise Refusal(
            f"« {version} » ne s’adopte pas : elle est à l’état de {version.get_status_display()}. "
            "Le gestionnaire la soumet d’abord à son assemblée."
        )
    if membership.dropped_on is not None:
        raise Refusal(f"L’adhésion de {membership.organization} est sans suite depuis le {short_date(membership.dropped_on)}.")
    already = Adoption.objects.unscoped().filter(membership=membership, version=version).first()
    if already is not None:
        raise Refusal(f"{membership.organization} a déjà adopté « {version} » le {short_date(already.on)}.")


def deciding(
    membership: Membership, *, on: date, by: Author, decided_by: Resolution | None, authorized_by: Resolution | None
) -> Resolution:  # fmt: skip
    """Return the act by which a member adopts: its own vote, or the authority that an earlier one gave. Raises Refusal."""
    if (decided_by is None) == (authorized_by is None):
        raise Refusal("Donnez l’acte du membre qui adopte cette version, ou celui qui l’autorisait d’avance : l’un des deux.")
    act = decided_by or authorized_by
    assert act is not None
    check_act(act, membership.organization, by)
    if act.session_on is not None and act.session_on > on:
        raise Refusal(f"L’acte est du {short_date(act.session_on)}, après le jour de l’adoption, le {short_date(on)}.")
    if authorized_by is not None and not authorized_by.authorizes:
        raise Refusal(
            f"« {authorized_by} » n’autorise rien d’avance : notez sur sa fiche ce qu’il autorise, ou le membre vote de nouveau."
        )
    return act


def refuse_backwards(membership: Membership, version: Version, on: date) -> None:
    """Refuse to adopt a version after one that follows it: a member does not go back."""
    chain = chain_of(membership.agreement)
    earlier = Adoption.objects.unscoped().filter(membership=membership, on__lte=on).select_related("version__agreement")
    for adopted in earlier:
        if chain.precedes(version.pk, adopted.version_id):
            raise Refusal(
                f"{membership.organization} a déjà adopté « {adopted.version} » le {short_date(adopted.on)}, qui suit "
                f"« {version} » : une version plus ancienne s’adopte à une date antérieure."
            )


def refuse_earlier_vote(version: Version, act: Resolution) -> None:
    """Refuse a vote held before the act that approved the version followed: it is of another text, and could only authorize."""
    approved_on = approved_after(version.follows, act)
    if approved_on is not None:
        raise Refusal(
            f"« {act} » est du {short_date(act.session_on)}, avant l’approbation de « {version.follows} » le "
            f"{short_date(approved_on)} : ce conseil n’a pas pu voter « {version} », qui la suit. Donnez l’acte qui "
            "l’adopte, ou celui qui l’autorisait d’avance."
        )


def prolong(membership: Membership, amendment: Amendment, *, on: date, act: Resolution, by: Author) -> None:
    """Prolong a membership to the day that an amendment sets, with its reason; a member that leaves is not kept (MEM-17)."""
    until = amendment.prolongs_to
    if until is None or membership.end_cause not in ("", EndCause.TERM):
        return
    if membership.ends_on is not None and membership.ends_on < until:
        membership.ends_on = until
        kept(membership)
    write(membership, StepKind.PROLONGED, on, by, act=act, until=until, note=prolonged_by(amendment))


def prolonged_by(amendment: Amendment) -> str:
    """Return what a step of prolongation says of the amendment that it comes from."""
    return f"avenant n° {amendment.number} : {amendment.reason}"
