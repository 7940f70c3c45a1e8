"""What no longer fits a member’s choices since its facts changed: told, with what it could take; nothing changes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from communis.agreements.applicable import versions_for
from communis.agreements.choices import Known, Span, spans_of, steps_for, tables_with_choices, told_of
from communis.agreements.enums import MembershipState
from communis.agreements.models import Membership, Version
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.refusals import refusals_at_entry


@dataclass(frozen=True, slots=True)
class Alert:
    """A choice that the convention would refuse today, why, and what it would accept instead (MEM-42)."""

    membership: Membership
    offer: str
    why: tuple[str, ...]
    instead: tuple[str, ...]


def alerts_on(memberships: list[Membership], today: date) -> list[Alert]:
    """Return the choices in force that the facts of a day no longer allow: sans DSI to avec DSI, beyond the scale (MEM-42).

    Each offer is asked of the engine as if it were chosen that day; what is asked at the adhesion alone, such as places left,
    was asked then and is not asked again.
    """
    running = [m for m in memberships if m.state_on(today) in (MembershipState.ACTIVE, MembershipState.NOTICE)]
    versions, spans = versions_for(running, today), spans_of()
    known: dict[int, Known] = {}
    found: list[Alert] = []
    for membership in running:
        version = versions[membership.pk]
        if version is None or version.convention is None:
            continue
        if version.pk not in known:
            known[version.pk] = tables_with_choices(version, spans)
        found += _of_one(membership, version, known[version.pk], spans, today)
    return found


def _of_one(membership: Membership, version: Version, known: Known, spans: list[Span], today: date) -> Iterator[Alert]:
    rank = known.ranks.get(membership.organization_id)
    if rank is None:
        return
    for span in (s for s in spans if s.membership == membership.pk and s.holds(today)):
        why = _refused(known, rank, span.offer, today, span)
        if why:
            others = [o for o in known.convention.model.book.offers_in("") if o != span.offer]
            instead = tuple(o for o in others if not _refused(known, rank, o, today, span))
            yield Alert(membership, span.offer, why, instead)


def _refused(known: Known, rank: int, offer: str, today: date, held: Span) -> tuple[str, ...]:
    """Return what the convention says against an offer on a day, the one held set aside: refusals and what an act must decide."""
    book = known.convention.model.book
    if offer not in book.offers:
        return ()
    rule = book.offers[offer]
    if rule.always or (rule.closed is not None and today >= rule.closed):
        return () if rule.always else ("fermée",)
    others = [c for c in known.tables.choices if (c.member, c.offer) != (rank, held.offer)]
    try:
        found = refusals_at_entry(known.convention, known.tables.holding(others), rank, offer, today,
                                  steps=steps_for(rule, held.steps))  # fmt: skip
    except Refused:
        return ("déjà tenue",)
    asked_once = {name for name, refusal in book.refusals.items() if refusal.when == "joining"}
    return tuple(told_of(one) for one in found if one.certain and not one.warns and one.rule not in asked_once)
