"""What if: a price, a reading, a fact or a membership changes; who gains, who loses, over all members and several years."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.facts import HELD, Held
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, SIMULATED, Context, Value
from communis.tariff.meaning.tree import Node
from communis.tariff.result import Result, compute
from communis.tariff.studies.changes import Changes
from communis.tariff.tables.records import Chosen, Tables

AllHold = tuple[list[Chosen], Held]
MOST_KEPT = 60  # offers and exercises asked for
Earlier = dict[tuple[int, int, str, str | None], tuple[Fraction, int]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a member owes in an exercise before and after; None where it cannot be known."""

    member: int
    year: int
    before: Fraction | None
    after: Fraction | None

    @property
    def gain(self) -> Fraction | None:
        """Return what the member would pay more (positive) or less (negative)."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(slots=True)
class Simulation:
    """A change over all members and years, with totals and the indicators of the convention before and after."""

    effects: list[Effect]
    before: dict[int, Result]
    after: dict[int, Result]
    indicators: list[tuple[str, int, Value, Value]]

    def total(self, year: int, *, after: bool) -> Fraction:
        """Return what all members owe in an exercise, those that cannot be known set aside."""
        chosen = [e.after if after else e.before for e in self.effects if e.year == year]
        return sum((v for v in chosen if v is not None), Fraction(0))

    def winners(self, year: int) -> list[Effect]:
        """Return those who would pay less, the largest relief first."""
        found = [e for e in self.effects if e.year == year and e.gain is not None and e.gain < 0]
        return sorted(found, key=lambda e: (e.gain or 0, e.member))

    def losers(self, year: int) -> list[Effect]:
        """Return those who would pay more, the largest rise first."""
        found = [e for e in self.effects if e.year == year and e.gain is not None and e.gain > 0]
        return sorted(found, key=lambda e: (-(e.gain or 0), e.member))


def simulate(convention: Convention, tables: Tables, years: Iterable[int], changes: Changes) -> Simulation:
    """Compute every member over several exercises, as things are and with changes (TAR-25, TAR-26).

    Years follow one another: what one year computes stands for what it would issue, flagged as a hypothesis, where a
    later one reads history (caps, credits, regularisations).
    """
    moved = changes.tables(tables)
    before, after = {}, {}
    effects: list[Effect] = []
    indicators: list[tuple[str, int, Value, Value]] = []
    history: tuple[Earlier, Earlier] = ({}, {})
    for year in years:
        before[year] = compute(convention, tables, year, earlier=dict(history[0]), verify=False)
        after[year] = compute(
            convention, moved, year, readings=changes.readings, cells=changes.cells, earlier=dict(history[1]), verify=False
        )
        for result, kept in zip((before[year], after[year]), history, strict=True):
            kept.update(computed(result))
        old = {s.member: before[year].total(s) for s in before[year].statements}
        effects.extend(Effect(s.member, year, old.get(s.member), after[year].total(s)) for s in after[year].statements)
        indicators.extend(
            (name, year, *pair) for name, pair in _indicators(convention, before[year].ledger, after[year].ledger, year).items()
        )
    return Simulation(effects, before, after, indicators)


def computed(result: Result) -> Earlier:
    """Return the amounts of a result as the history a later exercise reads, flagged as not issued."""
    found: Earlier = {}
    for statement in result.statements:
        for line in statement.lines:
            if line.outcome == AMOUNT:
                found[line.member, line.year, line.name, line.offer] = (line.amount, line.flags | SIMULATED)
    return found


def _indicators(convention: Convention, before: Ledger, after: Ledger, year: int) -> dict[str, tuple[Value, Value]]:
    """Return the indicators of the service, those that are not one a member nor one an offer."""
    found = {}
    for name, rule in convention.model.book.quantities.items():
        typed = convention.model.rules[name]
        if rule.indicator and not typed.axes:
            node = Node("value", data=(name, None, None, None), type=typed.type)
            found[name] = (before.exact.named(name, Context(year), node), after.exact.named(name, Context(year), node))
    return found


def offers_for_all(
    convention: Convention,
    tables: Tables,
    year: int,
    *,
    readings: dict[str, str] | None = None,
    members: Collection[int] | None = None,
) -> dict[str, Result]:
    """Return, offer by offer, what each member would owe if all members held it for the whole exercise.

    A simulation, not a bill (TAR-25): documented choices are set aside, events such as a report are dated on the first
    day, and nothing else moves. Offers that a group only gathers are left out. With `members`, only their statements are
    made; the others still count where sums are shared.
    """
    return {
        offer: compute(
            convention, held_by_all(convention, tables, offer, year), year,
            readings=readings, verify=False, simulated=True, members=members,
        )
        for offer in convention.model.book.offers_in("")
    }  # fmt: skip


def held_by_all(convention: Convention, tables: Tables, offer: str, year: int) -> Tables:
    """Return the tables as they would be if all members held an offer for an exercise."""
    key = ("all hold", convention.fingerprint, offer, year)
    found = tables.of_members.get(key)
    if found is None:
        found = choices_of_all(convention, tables, offer, year)
        if len(tables.of_members) >= MOST_KEPT:
            tables.of_members.clear()
        tables.of_members[key] = found
    choices, held = cast(AllHold, found)
    moved = tables.holding(choices)
    moved.kept[HELD] = held
    return moved


def choices_of_all(convention: Convention, tables: Tables, offer: str, year: int) -> AllHold:
    """Return the choices by which all members would hold an offer from the first day of an exercise, and what they hold."""
    book = convention.model.book
    first = convention.model.calendar.period(convention.model.calendar.exercise(year)).first
    reader = Exact(convention.model, tables).reader
    steps = {step: first for o in reader.included(offer) for step in book.offers[o].steps}
    steps |= {"décidée_le": first, "exécutoire_le": first, "signée_le": first}
    needed = [*book.offers[offer].requires, offer]
    choices = [Chosen(m, o, first, None, "simulation", steps) for m in reader.participants(year) for o in needed]
    return choices, Exact(convention.model, tables.holding(choices)).reader.holdings()
