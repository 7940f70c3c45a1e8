"""What a figure rests on: an invented fact, an invented choice, a hypothesis. The word must show beside it, and on the total."""

from __future__ import annotations

from collections.abc import Iterable

from communis.tariff.ledger import LineResult
from communis.tariff.result import Result
from communis.tariff.tables import Chosen
from communis.tariff.values import FICTITIOUS, NOT_APPLICABLE, SIMULATED

SIMULATION = "simulation"  # the source of a choice, or the author of a fact, that somebody only tries


def flags_of(result: Result, line: LineResult) -> int:
    """Return what a line rests on: its facts, and the choices without which it would not be due."""
    if line.outcome == NOT_APPLICABLE:
        return 0
    flags = line.flags
    for chosen in _choices(result, line):
        flags |= choice_flags(chosen)
    return flags | (SIMULATED if changed(result) else 0)


def choice_flags(chosen: Chosen) -> int:
    return (FICTITIOUS if chosen.fictitious else 0) | (SIMULATED if chosen.source == SIMULATION else 0)


def changed(result: Result) -> bool:
    """Tell whether prices or readings are not those of the convention, so that the whole result is a simulation."""
    return bool(result.ledger.reader.readings or result.ledger.exact.cells)


def simulated_choices(result: Result, member: int) -> list[Chosen]:
    """Return the choices of a member that somebody only tries, for the exercise."""
    period = result.model.calendar.period(result.year)
    return [c for c in result.tables.choices if c.member == member and c.source == SIMULATION and period.meets(c.first, c.last)]


def _choices(result: Result, line: LineResult) -> Iterable[Chosen]:
    """Return the choices that make a line due: those of its offers; for a credit or a limit, those of the lines it reads."""
    for name in _read(result, line.name):
        offers = (line.offer,) if line.offer else result.model.rules[name].holders
        for offer in offers:
            yield from result.ledger.reader.held(line.member, offer, line.year)


def _read(result: Result, name: str) -> Iterable[str]:
    book = result.book
    if name in book.credits:
        return (book.credits[name].source, book.credits[name].target)
    if name in book.limits:
        return book.limits[name].lines or tuple(book.lines)
    return (name,)
