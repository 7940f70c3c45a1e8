"""The periods of a membership: where each begins, what ends the last, when a notice comes too late. Dates of one block.

The nth renewal is reckoned from the date of effect, never from the renewal before: a membership of 31 August or of
29 February does not drift.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count, pairwise

from communis.tariff.calendar import ONE_DAY, Period, months_later
from communis.tariff.language.rules import Membership


@dataclass(frozen=True, slots=True)
class Renewal:
    """A tacit renewal: its first day, its last one, and the last day on which a notice received prevents it.

    `notice_by` is the last day from which the notice runs out before the renewal; None when the block is silent on notice.
    """

    renews_on: date
    ends_on: date
    notice_by: date | None


def end_of(rule: Membership, effect_on: date) -> tuple[date | None, str]:
    """Return the last day of a membership and what sets it; None and nothing when it has no end."""
    found: list[tuple[date, str]] = []
    if rule.renewal_months and rule.maximum_months is not None:
        found.append((months_later(effect_on, rule.maximum_months) - ONE_DAY, "maximum"))
    if not rule.renewal_months and rule.duration_months:
        found.append((months_later(effect_on, rule.duration_months) - ONE_DAY, "duration"))
    if rule.term is not None and (rule.duration_months or not rule.renewal_months or rule.term < effect_on):
        found.append((rule.term, "term"))
    return min(found, key=lambda end: end[0]) if found else (None, "")


def _starts(rule: Membership, effect_on: date) -> Iterator[date]:
    """Yield the first day of each period, to the end of the membership or of the calendar."""
    yield effect_on
    if not rule.renewal_months:
        return
    anchor, first = effect_on, rule.duration_months
    if not rule.duration_months and rule.term is not None:
        anchor, first = rule.term + ONE_DAY, 0
    end, previous = end_of(rule, effect_on)[0], effect_on
    for rank in count():
        start = months_later(anchor, first + rank * rule.renewal_months)
        if start <= previous or (end is not None and start > end):
            return
        yield start
        previous = start


def periods_of(rule: Membership, effect_on: date) -> Iterator[Period]:
    """Yield the periods of a membership in order, the first included; the last one ends with it."""
    start = effect_on
    for first, following in pairwise(_starts(rule, effect_on)):
        yield Period(first, following - ONE_DAY)
        start = following
    yield Period(start, end_of(rule, effect_on)[0] or date.max)


def renewals_of(rule: Membership, effect_on: date) -> Iterator[Renewal]:
    """Yield every tacit renewal; endless without maximum."""
    for _, period in pairwise(periods_of(rule, effect_on)):
        notice_by = None if rule.notice_months is None else last_notice_day(period.first, rule.notice_months)
        yield Renewal(period.first, period.last, notice_by)


def last_notice_day(renews_on: date, notice_months: int) -> date:
    """Return the last day of receipt from which a notice in months has run, date to date, before a renewal.

    A notice of 12 months received on 31/12/2024 has run on 31/12/2025, the eve of 01/01/2026; a day later is too late.
    Where a month is too short (31/03 less one month), its last day is still in time: it runs out on 28/03.
    """
    back = months_later(renews_on, -notice_months)
    return back if months_later(back, notice_months) < renews_on else back - ONE_DAY


def period_end(rule: Membership, effect_on: date, day: date) -> date:
    """Return the last day of the first period that ends on a day or after it, the day itself when all have ended."""
    return next((period.last for period in periods_of(rule, effect_on) if period.last >= day), day)
