"""What an offer comes to, said first: the last exercise that can be computed, the one before it, and what made the change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from communis.catalog.offers import Cell, Offer, Offers
from communis.kit.formats import euros
from communis.kit.parts import Line


@dataclass(frozen=True, slots=True)
class Explained:
    """A line of the exercise, with the key of the note that explains it."""

    label: str
    articles: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Headline:
    """An offer in an exercise: its total, its lines, and the change since the exercise before, line by line."""

    name: str
    offer: str
    exercise: str
    amount: Fraction
    mark: str
    lines: tuple[Explained, ...]
    before: str = ""
    former: Fraction | None = None
    causes: tuple[Line, ...] = ()

    @property
    def change(self) -> str:
        """The change in words: « 82,50 € de plus », nothing when there is nothing to compare with."""
        if self.former is None:
            return ""
        gap = self.amount - self.former
        return f"{euros(abs(gap))} de {'plus' if gap > 0 else 'moins'}" if gap else "Autant"

    @property
    def since(self) -> str:
        return f"qu’en {self.before}" if self.former is not None else ""


def headline_of(found: Offers) -> Headline | None:
    """Return what the first offer of the convention comes to, in the last exercise whose total is known."""
    for offer in found.offers:
        ranks = [rank for rank, total in enumerate(offer.totals) if total.amount is not None]
        if ranks:
            return _headline(found, offer, ranks[-1])
    return None


def _headline(found: Offers, offer: Offer, rank: int) -> Headline | None:
    total = offer.totals[rank]
    if total.amount is None:
        return None
    lines = tuple(Explained(one.label, one.articles, one.cells[rank]) for one in offer.lines if one.cells[rank].key)
    former = offer.totals[rank - 1].amount if rank else None
    before = found.labels[rank - 1] if former is not None else ""
    causes = tuple(causes_of(offer, rank)) if former is not None else ()
    return Headline(offer.name, offer.label, found.labels[rank], total.amount, total.mark, lines, before, former, causes)


def causes_of(offer: Offer, rank: int) -> Iterator[Line]:
    """Yield what each line adds to an offer or takes from it since the exercise before; a line that did not move is left out."""
    for one in offer.lines:
        now, then = one.cells[rank].amount, one.cells[rank - 1].amount
        if (gap := (now or Fraction(0)) - (then or Fraction(0))) != 0:
            yield Line(one.label, gap)
