"""The prices that acts set after an examination: which line of a tariff bears each, and as the engine reads them (MEM-22)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from communis.agreements.models import Examination
from communis.tariff import Convention
from communis.tariff.language.rules import Line
from communis.tariff.tables.records import Decision

DECIDED_FOR = 30  # exercises for which a price set « par an » holds, unless another act sets it anew


@dataclass(frozen=True, slots=True)
class Bearer:
    """A line that may bear the price of an offer, and the offer that it is reckoned for when it is « pour chaque offre »."""

    line: Line
    offer: str | None

    @property
    def name(self) -> str:
        return self.line.name

    @property
    def label(self) -> str:
        return self.line.label or self.line.name.replace("_", " ")


def bearers_of(convention: Convention, offer: str) -> list[Bearer]:
    """Return the lines that the price of an offer may stand for: its own, else those of the offers that come with it.

    A line counted row by row of a register bears no price by year, nor one that puts a former amount right.
    """
    book = convention.model.book
    own = _reckoned(convention, offer)
    if own or offer not in book.offers:
        return own
    return [one for inner in book.included(offer) if inner != offer for one in _reckoned(convention, inner)]


def _reckoned(convention: Convention, offer: str) -> list[Bearer]:
    found = []
    for line in convention.model.book.lines.values():
        each = offer in (convention.model.rules[line.name].offers or ())
        if line.rows is None and not line.adjusts and (each or offer in line.holders):
            found.append(Bearer(line, offer if line.offers is not None else None))
    return found


def bearer(convention: Convention, offer: str, line: str) -> Bearer | None:
    """Return the line that bears the price of an offer: the one chosen, else the only one due each exercise, else the only one.

    None when the tariff does not say which, or no longer has the one chosen: the line is then to decide, as without a price.
    """
    found = bearers_of(convention, offer)
    if line:
        return next((one for one in found if one.name == line), None)
    own = [one for one in found if offer in (one.offer, *one.line.holders)]
    kept = [one for one in own if one.line.yearly] or found
    return kept[0] if len(kept) == 1 else None


def decisions_of(convention: Convention, ranks: Mapping[int, int], agreements: Collection[int]) -> list[Decision]:
    """Return the prices that acts set after an examination under some conventions, from the exercise of the decision on.

    A later decision on the same line takes the place of the one before it, from its own exercise on (MEM-22, TAR-17).
    """
    decided = Examination.objects.unscoped().filter(amount__isnull=False, decided_by__isnull=False, decided_on__isnull=False)
    rows = decided.filter(membership__agreement__in=list(agreements))
    found: dict[tuple[int, str, str | None, int], Decision] = {}
    for row in rows.select_related("membership", "decided_by__organization").order_by("decided_on", "pk"):
        borne, member = bearer(convention, row.offer, row.line), ranks.get(row.membership.organization_id)
        if borne is None or member is None:
            continue
        first = convention.model.calendar.year_of(row.decided_on)
        for year in range(first, first + DECIDED_FOR):
            found[member, borne.name, borne.offer, year] = Decision(
                member, year, borne.name, borne.offer, Fraction(row.amount), row.reason, str(row.decided_by.organization),
                str(row.decided_by), row.decided_on, by_year=True,
            )  # fmt: skip
    return list(found.values())
