"""Whether each adhesion rests on an act that binds: which act, executory since when, and before the effect or after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.agreements.enums import StepKind
from communis.agreements.models import Membership, Resolution, Step
from communis.agreements.reading import BOUND


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


def grounds_of(user: Any, rows: Iterable[Membership], today: date) -> list[Ground]:
    """Return the act behind each adhesion in force, what is to be looked at first; one read for all of them."""
    running = [m for m in rows if m.effect_on is not None and m.state_on(today) in BOUND]
    steps = Step.objects.visible_to(user).filter(kind=StepKind.VOTED, decided_by__isnull=False, membership__in=running)
    acts = {step.membership_id: step.decided_by for step in steps.select_related("decided_by").order_by("on", "id")}
    found = [judged(m, acts.get(m.pk), today) for m in running]
    return sorted(found, key=lambda one: (one.is_sound, one.tone == "warning", one.membership.organization.sort_name))


def judged(membership: Membership, act: Resolution | None, today: date) -> Ground:
    """Say whether an act binds, and did on the day of the effect (DOC-08, L. 2131-1 CGCT)."""
    if act is None:
        return Ground(membership, None, "aucun acte", "danger")
    binds = act.executory_on
    if binds is None or binds > today:
        return Ground(membership, act, "non exécutoire", "danger")
    if membership.effect_on is not None and binds > membership.effect_on:
        return Ground(membership, act, "exécutoire après l’effet", "warning")
    return Ground(membership, act, "exécutoire", "success")
