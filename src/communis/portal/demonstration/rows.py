"""Rows of the demonstration written many at once: its first start does not wait for them, and the documents give their days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from communis.agreements.enums import ActState, StepKind
from communis.agreements.models import Agreement, Choice, ChoiceForm, Membership, Resolution, Step
from communis.directory.models import Organization
from communis.foundation.scope import current_pool
from communis.foundation.tenancy import PoolModel
from communis.portal.demonstration.lives import INVENTED, author_on

Row = TypeVar("Row", bound=PoolModel)


def in_bulk(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    """Write rows of one kind at once, in the pool in scope."""
    made = list(rows)
    for row in made:
        row.pool_id = current_pool()
    return model.objects.bulk_create(made)


def acts(
    members: Iterable[Organization], days: Mapping[int, date], agreement: Agreement, subject: str
) -> dict[int, Resolution]:  # fmt: skip
    """Make the invented act of each member on a day, by member."""
    rows = [
        Resolution(
            organization=one, agreement=agreement, subject=f"{subject} ({INVENTED})", session_on=days[one.pk], matter="5.7",
            number=f"{days[one.pk]:%Y}-D{days[one.pk]:%m%d}", state=ActState.ADOPTED, authorizes="tous les actes afférents",
            sent_on=days[one.pk] + timedelta(days=3), received_on=days[one.pk] + timedelta(days=3),
            published_on=days[one.pk] + timedelta(days=4),
        )
        for one in members
    ]  # fmt: skip
    for row in rows:
        row.keep_words()
    return {row.organization_id: row for row in in_bulk(Resolution, rows)}


def begun(membership: Membership) -> date:
    """Return the first day of a membership that has one."""
    assert membership.effect_on is not None
    return membership.effect_on


def choices(
    memberships: Iterable[Membership], deciding: Mapping[int, Resolution], offers: Mapping[int, Sequence[str]]
) -> None:  # fmt: skip
    """Write what each member holds from the first day of its membership, decided by its own act."""
    forms = in_bulk(ChoiceForm, [
        ChoiceForm(membership=m, stated_on=m.requested_on, starts_on=begun(m), decided_by=deciding[m.organization_id])
        for m in memberships
    ])  # fmt: skip
    in_bulk(Choice, [
        Choice(form=form, offer=offer, starts_on=form.starts_on)
        for form in forms for offer in offers[form.membership.organization_id]
    ])  # fmt: skip


def step(membership: Membership, kind: StepKind, on: date, act: Resolution | None = None, **given: Any) -> Step:
    """Return a step of a membership, entered on its day."""
    by = author_on(on)
    return Step(membership=membership, kind=kind, on=on, decided_by=act, entered_by=by.name, entered_at=by.at, **given)
