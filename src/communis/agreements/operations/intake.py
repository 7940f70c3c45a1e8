"""The admissions of a year to an offer whose places are few: asking, the order of the list, admitting (MEM-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from communis.agreements.authors import Author
from communis.agreements.enums import IntakeOutcome
from communis.agreements.models import Intake, IntakeRequest, Membership, Precondition
from communis.agreements.models.naming import named
from communis.agreements.operations.steps import kept, locked, not_after
from communis.agreements.wording import of
from communis.kit.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Ranked:
    """A request on its list: its rank among those that wait, and whether a place is left for it."""

    request: IntakeRequest
    rank: int
    has_place: bool


def unmet(intake: Intake, today: date) -> list[Precondition]:
    """Return the conditions that keep the offer announced: not met, or met on a day to come (MEM-20)."""
    rows = Precondition.objects.unscoped().filter(agreement=intake.agreement_id, offer=intake.offer)
    return [row for row in rows if row.met_on is None or row.met_on > today]


def order(intake: Intake, requests: Sequence[IntakeRequest]) -> list[IntakeRequest]:
    """Return requests by priority: who meets the first criterion, then the second…; among equals, the first to ask."""
    criteria = range(len(intake.criteria))
    return sorted(requests, key=lambda one: ([rank not in one.meets for rank in criteria], one.asked_on, one.pk))


def waiting_list(intake: Intake) -> list[Ranked]:
    """Return the requests that wait, in order, each with whether a place is left for it."""
    rows = list(IntakeRequest.objects.unscoped().filter(intake=intake).select_related("membership__organization"))
    taken = sum(row.outcome == IntakeOutcome.ADMITTED for row in rows)
    waiting = order(intake, [row for row in rows if row.outcome == IntakeOutcome.WAITING])
    left = len(waiting) if intake.places is None else max(0, intake.places - taken)
    return [Ranked(row, rank, rank <= left) for rank, row in enumerate(waiting, 1)]


@transaction.atomic
def ask_admission(intake: Intake, membership: Membership, on: date, *, by: Author, meets: Sequence[int] = ()) -> IntakeRequest:
    """Put a member on the list of a year, with the criteria it meets. Raises Refusal when it is there, or was dropped."""
    membership = locked(membership)
    not_after(on, by, "Une demande d’admission")
    if membership.agreement_id != intake.agreement_id:
        raise Refusal(f"{membership.organization} adhère à une autre convention que celle de cette liste.")
    if membership.dropped_on is not None:
        raise Refusal(f"La demande {of(membership.organization)} est sans suite depuis le {membership.dropped_on:%d/%m/%Y}.")
    if IntakeRequest.objects.unscoped().filter(intake=intake, membership=membership).exists():
        raise Refusal(f"{membership.organization} figure déjà sur cette liste.")
    if any(rank not in range(len(intake.criteria)) for rank in meets):
        raise Refusal("Cette liste n’a pas tous ces critères : rouvrez la page, elle a pu changer.")
    made = IntakeRequest(intake=intake, membership=membership, asked_on=on, meets=sorted(set(meets)))
    kept(made)
    return made


@transaction.atomic
def admit(intake: Intake, on: date, *, by: Author) -> list[IntakeRequest]:
    """Admit in order those who wait, while places remain; the others go on waiting, with the fallback offer (MEM-20).

    Raises Refusal while a condition precedent is not met (the offer is only announced), and when nobody can be admitted.
    """
    intake = Intake.objects.unscoped().select_for_update().get(pk=intake.pk)
    missing = unmet(intake, on)
    if missing:
        listed = " ; ".join(row.label for row in missing)
        raise Refusal(f"« {named(intake.agreement_id, intake.offer)} » est seulement annoncée : il reste à remplir : {listed}.")
    chosen = [one.request for one in waiting_list(intake) if one.has_place]
    if not chosen:
        raise Refusal("Personne n’est à admettre : aucune demande n’attend, ou toutes les places sont prises.")
    for request in chosen:
        request.outcome, request.decided_on = IntakeOutcome.ADMITTED, on
        kept(request)
    return chosen
