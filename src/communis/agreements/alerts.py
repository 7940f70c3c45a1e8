"""What no longer fits a member’s choices since its facts changed: told, with what it could take; nothing changes by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from communis.agreements.applicable import versions_for
from communis.agreements.choices import DECIDE, OUT_OF_SCALE, READ, Known, Span, spans_of, steps_for, tables_with_choices, told_of
from communis.agreements.enums import MembershipState
from communis.agreements.models import Examination, Membership
from communis.catalog.inputs import BORN
from communis.catalog.offers import one_offer
from communis.foundation.keeping import kept_until_changed
from communis.tariff import compute
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.refusals import refusals_at_entry


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
    found = _found(today)
    return [Alert(known[one.membership], one.offer, one.why, one.instead) for one in found if one.membership in known]


@kept_until_changed(*READ, born=BORN)
def _found(today: date) -> tuple[Found, ...]:
    running = list(Membership.objects.unscoped().in_state(today, MembershipState.ACTIVE, MembershipState.NOTICE))
    versions, spans = versions_for(running, today), spans_of()
    held: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        if span.holds(today):
            held[span.membership].append(span)
    by_version: dict[int, list[Membership]] = defaultdict(list)
    for membership in running:
        version = versions[membership.pk]
        if version is not None and version.convention is not None:
            by_version[version.pk].append(membership)
    decided = _decided()
    found: list[Found] = []
    for rows in by_version.values():
        version = versions[rows[0].pk]
        assert version is not None
        known = tables_with_choices(version, spans)
        beyond = _beyond(known, [known.ranks[m.organization_id] for m in rows if m.organization_id in known.ranks], today)
        for membership in rows:
            found += _of_one(membership, known, [s for s in held[membership.pk] if s.offer not in decided[membership.pk]],
                             today, beyond)  # fmt: skip
    order = {m.pk: rank for rank, m in enumerate(running)}
    return tuple(sorted(found, key=lambda one: order[one.membership]))


def _decided() -> dict[int, set[str]]:
    """Return the offers of each membership of which an examination decided: what it decided is not asked again (MEM-22)."""
    found: dict[int, set[str]] = defaultdict(set)
    for membership, offer in Examination.objects.unscoped().exclude(decided_on=None).values_list("membership", "offer"):
        found[membership].add(offer)
    return found


Beyond = dict[int, list[tuple[tuple[str, ...], str]]]  # by rank: the offers that a line is for, and the words


def _beyond(known: Known, ranks: list[int], today: date) -> Beyond:
    """Return the lines for which no class of a scale gives an amount in the exercise of a day: « hors barème » (AMB-09)."""
    book, year = known.convention.model.book, known.convention.model.calendar.year_of(today)
    found: Beyond = defaultdict(list)
    for statement in compute(known.convention, known.tables, year, verify=False, members=set(ranks)).statements:
        for line in statement.refused:
            rule = book.lines.get(line.name)
            told = [str(reason) for reason in line.reasons if reason.kind in (DECIDE, OUT_OF_SCALE)]
            if rule is not None and told:
                found[statement.member].append((rule.holders, f"{rule.label or rule.name} : {told[0]}."))
    return found


def _of_one(membership: Membership, known: Known, spans: list[Span], today: date, beyond: Beyond) -> Iterator[Found]:
    rank = known.ranks.get(membership.organization_id)
    if rank is None:
        return
    book = known.convention.model.book
    for span in spans:
        within = set(book.included(span.offer))
        why = _refused(known, rank, span.offer, today, span)
        why = why or tuple(words for offers, words in beyond.get(rank, ()) if not offers or within & set(offers))
        if why:
            others = [o for o in book.offers_in("") if o != span.offer]
            year = known.convention.model.calendar.year_of(today)
            instead = tuple(o for o in others if not _refused(known, rank, o, today, span) and _priced(known, rank, o, year))
            yield Found(membership.pk, span.offer, why, instead)


def _priced(known: Known, rank: int, offer: str, year: int) -> bool:
    """Tell whether the scale gives an amount for an offer that a member would take instead."""
    content = one_offer(known.convention, known.tables, rank, offer, year)
    reasons = [reason for row in (content.refusals if content is not None else ()) for reason in row.line.reasons]
    return not any(reason.kind in (DECIDE, OUT_OF_SCALE) for reason in reasons)


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
