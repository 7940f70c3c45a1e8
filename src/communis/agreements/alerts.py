"""What no longer fits a member’s choices since its facts changed: told, with what it could take; nothing changes by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection

from communis.agreements.applicable import versions_for
from communis.agreements.choices import Known, Span, spans_of, steps_for, tables_with_choices, told_of
from communis.agreements.enums import MembershipState
from communis.agreements.models import Adoption, Choice, ChoiceForm, Membership, Resolution, Signature, Step, Version
from communis.catalog.inputs import last_known
from communis.foundation.scope import current_pool
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.refusals import refusals_at_entry

# What an alert rests on, beside facts and organizations.
READ = (Version, Membership, Adoption, ChoiceForm, Choice, Step, Signature, Resolution)


@dataclass(frozen=True, slots=True)
class Found:
    """An alert, its membership by its key."""

    membership: int
    offer: str
    why: tuple[str, ...]
    instead: tuple[str, ...]


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
    was asked then and is not asked again. The engine is asked once for the pool, until something of it changes.
    """
    known = {m.pk: m for m in memberships}
    found = _found(current_pool(), str(connection.settings_dict["NAME"]), today, last_known(*READ))
    return [Alert(known[one.membership], one.offer, one.why, one.instead) for one in found if one.membership in known]


@lru_cache(maxsize=32)
def _found(pool: int, database: str, today: date, state: tuple[int | None, ...]) -> tuple[Found, ...]:
    running = list(Membership.objects.unscoped().in_state(today, MembershipState.ACTIVE, MembershipState.NOTICE))
    versions, spans = versions_for(running, today), spans_of()
    held: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        if span.holds(today):
            held[span.membership].append(span)
    known: dict[int, Known] = {}
    found: list[Found] = []
    for membership in running:
        version = versions[membership.pk]
        if version is None or version.convention is None:
            continue
        if version.pk not in known:
            known[version.pk] = tables_with_choices(version, spans)
        found += _of_one(membership, known[version.pk], held[membership.pk], today)
    return tuple(found)


def _of_one(membership: Membership, known: Known, spans: list[Span], today: date) -> Iterator[Found]:
    rank = known.ranks.get(membership.organization_id)
    if rank is None:
        return
    for span in spans:
        why = _refused(known, rank, span.offer, today, span)
        if why:
            others = [o for o in known.convention.model.book.offers_in("") if o != span.offer]
            instead = tuple(o for o in others if not _refused(known, rank, o, today, span))
            yield Found(membership.pk, span.offer, why, instead)


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
        found = refusals_at_entry(known.convention, known.tables.holding(others, member=rank), rank, offer, today,
                                  steps=steps_for(rule, held.steps))  # fmt: skip
    except Refused:
        return ("déjà tenue",)
    asked_once = {name for name, refusal in book.refusals.items() if refusal.when == "joining"}
    return tuple(told_of(one) for one in found if one.certain and not one.warns and one.rule not in asked_once)
