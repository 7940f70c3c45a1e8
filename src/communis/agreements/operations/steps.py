"""What every verb on a membership does: lock it, check the act it rests on, write a step with who entered it (MEM-06, MEM-40)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from communis.agreements.authors import Author
from communis.agreements.enums import ActKind, ActState, StepKind
from communis.agreements.models import Membership, Resolution, Step
from communis.agreements.wording import of
from communis.directory.models import Organization
from communis.kit.formats import capital
from communis.kit.refusals import Refusal
from communis.tariff.membership.blocks import Refused

DECIDES = (ActKind.RESOLUTION, ActKind.DECISION)


def locked(membership: Membership) -> Membership:
    """Return a membership that nobody else changes until this is done."""
    rows = Membership.objects.unscoped().select_related("organization", "agreement").select_for_update(of=("self",))
    found: Membership = rows.get(pk=membership.pk)
    return found


def kept(row: models.Model) -> None:
    """Keep a row, or refuse with the words of what it may never be."""
    try:
        row.full_clean()
    except ValidationError as problem:
        raise Refusal(" ".join(problem.messages)) from None
    row.save()


def said(refused: Refused) -> str:
    """Return the words of the engine as a sentence."""
    return f"{capital(refused).rstrip('.')}."


def write(
    membership: Membership, kind: StepKind, on: date, by: Author, *, act: Resolution | None = None, until: date | None = None,
    note: str = "",
) -> Step:  # fmt: skip
    """Write a step of a membership, with who enters it and when."""
    step = Step(membership=membership, kind=kind, on=on, until=until, decided_by=act, note=note[:500], entered_by=by.name[:200],
                entered_at=by.at)  # fmt: skip
    kept(step)
    return step


def check_act(act: Resolution, organization: Organization, by: Author, kinds: Sequence[str] = DECIDES) -> None:
    """Refuse an act of another council (AMB-05: an associated body has its own), of another kind, or that binds nobody."""
    if act.organization_id != organization.pk:
        raise Refusal(f"« {act} » est un acte {of(act.organization)} : il faut un acte {of(organization)}.")
    if act.kind not in kinds:
        wanted = " ou ".join(f"une {ActKind(kind).label}" for kind in kinds)
        raise Refusal(f"« {act} » est de la nature « {act.get_kind_display()} » : il faut {wanted} {of(organization)}.")
    if unbinding := why_it_does_not_bind(act, by.today):
        raise Refusal(unbinding)


def decided_already(membership: Membership, act: Resolution, what: str) -> str:
    """Say what else of a membership an act has decided already, to make sure that it decides this too; nothing otherwise."""
    other = Step.objects.unscoped().filter(membership=membership, decided_by=act).order_by("on", "id").first()
    if other is None:
        return ""
    return f"« {act} » a déjà décidé autre chose de cette adhésion, {other} : vérifiez qu’il décide aussi {what}."


def why_it_does_not_bind(act: Resolution, today: date) -> str:
    """Say why an act engages nobody on a day: not adopted, rejected by its own count, its session not held yet; else nothing."""
    if act.state != ActState.ADOPTED:
        return f"« {act} » est à l’état « {act.get_state_display()} » : seul un acte adopté engage {act.organization}."
    if act.is_outvoted:
        return (
            f"« {act} » compte {act.votes_against} contre et {act.votes_for} pour : le conseil {of(act.organization)} l’a "
            "rejeté. Corrigez sur sa fiche son état, ou les chiffres du vote."
        )
    if act.session_on is not None and act.session_on > today:
        return (
            f"La séance de « {act} » est le {act.session_on:%d/%m/%Y} : le conseil {of(act.organization)} n’a encore rien "
            "décidé. Attendez la séance, ou corrigez sa date sur la fiche de l’acte."
        )
    return ""


def binding(day: date) -> Q:
    """Return the same for the rows that rest on an act, dated: it binds on a day, and its session is not after them."""
    uncounted = Q(decided_by__votes_against=None) | Q(decided_by__votes_for=None)
    not_outvoted = uncounted | Q(decided_by__votes_against__lte=F("decided_by__votes_for"))
    held = Q(decided_by__session_on=None) | Q(decided_by__session_on__lte=day) & Q(decided_by__session_on__lte=F("on"))
    return Q(decided_by__state=ActState.ADOPTED) & held & not_outvoted


def not_before_session(day: date, act: Resolution | None, what: str, hint: str) -> None:
    """Refuse a day that comes before the session of the act that it rests on."""
    if act is not None and act.session_on is not None and day < act.session_on:
        raise Refusal(f"{what} datée du {day:%d/%m/%Y} précède la séance de « {act} » : {hint}")


def not_after(day: date, by: Author, what: str) -> None:
    if day > by.today:
        raise Refusal(f"{what} ne peut pas être datée du {day:%d/%m/%Y} : ce jour n’est pas encore venu.")


def check_preparing(membership: Membership) -> None:
    if membership.dropped_on is not None:
        raise Refusal(f"Cette demande est sans suite depuis le {membership.dropped_on:%d/%m/%Y} : faites-en une nouvelle.")
    if membership.effect_on is not None:
        raise Refusal(f"Cette adhésion a pris effet le {membership.effect_on:%d/%m/%Y} : elle n’est plus en préparation.")
