"""Whether each adhesion rests on an act that binds: which act, executory since when, and before the effect or after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communis.agreements.enums import StepKind
from communis.agreements.models import Agreement, Membership, Resolution, Step
from communis.agreements.operations.steps import why_it_does_not_bind
from communis.agreements.reading import BOUND
from communis.directory.models import Organization
from communis.foundation.keeping import kept_until_changed

NO_LONGER = "n’engage pas"
NAMES = ("kind", "number", "session_on", "state", "received_on", "published_on", "votes_for", "votes_against", "organization")
READ = tuple(f"decided_by__{name}" for name in NAMES)


@dataclass(frozen=True, slots=True)
class Ground:
    """The act that an adhesion in force rests on, and what is to be said of it on a day."""

    membership: Membership
    act: Resolution | None
    words: str
    tone: str

    @property
    def is_sound(self) -> bool:
        return self.tone == "success"


@kept_until_changed(Organization, Agreement, Membership, Step, Resolution)
def grounds_on(today: date) -> tuple[Ground, ...]:
    """Return the act behind each adhesion in force, what is to be looked at first: for the host’s staff, who reads them all."""
    running = Membership.objects.unscoped().in_state(today, *BOUND).with_names().prefetch_related("agreement")
    voted = Step.objects.unscoped().filter(kind=StepKind.VOTED, decided_by__isnull=False, membership__in=running)
    steps = voted.select_related("decided_by__organization").order_by("on", "id")
    acts = {step.membership_id: step.decided_by for step in steps.only("membership_id", *READ)}
    found = [judged(m, acts.get(m.pk), today) for m in running]
    order = sorted(found, key=lambda one: (one.is_sound, one.tone == "warning", one.membership.organization.sort_name))
    return tuple(order)


def judged(membership: Membership, act: Resolution | None, today: date) -> Ground:
    """Say whether an act binds, and did on the day of the effect (DOC-08, L. 2131-1 CGCT)."""
    if act is None:
        return Ground(membership, None, "aucun acte", "danger")
    if why_it_does_not_bind(act, today):
        return Ground(membership, act, NO_LONGER, "danger")
    binds = act.executory_on
    if binds is None or binds > today:
        return Ground(membership, act, "non exécutoire", "danger")
    if membership.effect_on is not None and binds > membership.effect_on:
        return Ground(membership, act, "exécutoire après l’effet", "warning")
    return Ground(membership, act, "exécutoire", "success")
