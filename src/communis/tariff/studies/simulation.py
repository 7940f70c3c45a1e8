"""What if: a price, a reading, a fact or a membership changes; who gains, who loses, over all members and several years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from communis.tariff.columnar.columns import Array
from communis.tariff.columnar.frames import NotPlanned
from communis.tariff.columnar.plan import Plan
from communis.tariff.columnar.sheet import Computed
from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, SIMULATED, Context, Value
from communis.tariff.language.problems import nearest
from communis.tariff.meaning.formulas import is_money, type_of
from communis.tariff.meaning.tree import Node
from communis.tariff.result import Result, compute
from communis.tariff.tables.records import Chosen, FactRow, Tables

Cell = tuple[str, int, int]
Earlier = dict[tuple[int, int, str, str | None], tuple[Fraction, int]]


class Impossible(ValueError):
    """A change that the convention does not have, with what is nearest."""


@dataclass(slots=True)
class Changes:
    """What a simulation moves: prices and classes, readings, memberships, hypothetical facts."""

    cells: dict[Cell, Fraction] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    joining: list[tuple[int, str, date]] = field(default_factory=list)
    leaving: list[tuple[int, str, date]] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)

    def tables(self, tables: Tables) -> Tables:
        """Return tables with the memberships and facts moved; the given ones are left as they are."""
        choices = []
        for chosen in tables.choices:
            ends = [
                day
                for member, offer, day in self.leaving
                if (member, offer) == (chosen.member, chosen.offer)
                and chosen.first < day
                and (chosen.last is None or day <= chosen.last)
            ]
            choices.append(replace(chosen, last=min(ends) - timedelta(days=1)) if ends else chosen)
        choices.extend(
            Chosen(member, offer, day, None, "simulation", {"décidée_le": day, "exécutoire_le": day, "signée_le": day})
            for member, offer, day in self.joining
        )
        facts = {name: list(rows) for name, rows in tables.facts.items()}
        for row in self.facts:
            kept = [
                r
                for r in facts.get(row.fact, [])
                if (r.member, r.offer, r.first, r.kind) != (row.member, row.offer, row.first, row.kind)
            ]
            facts[row.fact] = [*kept, row]
        return Tables(tables.members, choices, facts, tables.registers, tables.issued, tables.decisions)


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


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a swept parameter: what all members owe, and how many would pay more or less than today."""

    value: Fraction
    total: Fraction
    more: int
    less: int
    refused: int


def sweep(convention: Convention, tables: Tables, year: int, cell: Cell, values: Iterable[Fraction]) -> list[Point]:
    """Compute the total over all members for each value of one figure, by the plan: what depends on the members is read once."""
    model = convention.model
    try:
        sheet = Plan(model).prepare(tables, year)
        base = _sheet_totals(sheet.run())
    except NotPlanned:
        return [_exact_point(convention, tables, year, cell, value) for value in values]
    points = []
    for value in values:
        totals, refused = _sheet_totals(sheet.run({cell: value}))
        more, less = int(np.count_nonzero(totals > base[0])), int(np.count_nonzero(totals < base[0]))
        points.append(Point(value, Fraction(int(totals.sum()), 100), more, less, refused))
    return points


def _sheet_totals(computed: Computed) -> tuple[Array, int]:
    """Return the cents each member owes over all lines of money, and how many members have a refused line."""
    model = computed.sheet.model
    totals = np.zeros(computed.sheet.n, np.int64)
    refused: set[int] = set()
    present = set(computed.sheet.reader.participants(computed.sheet.year))
    for name, offer in computed.found:
        if is_money(model.rules[name].type):
            totals += computed.cents(name, offer)
            refused |= {i for i, outcome in enumerate(computed.outcomes(name, offer)) if outcome == "refused" and i in present}
    return totals, len(refused)


def _exact_point(convention: Convention, tables: Tables, year: int, cell: Cell, value: Fraction) -> Point:
    base = compute(convention, tables, year, verify=False)
    moved = compute(convention, tables, year, cells={cell: value}, verify=False)
    totals = [(base.total(base.of(s.member)), moved.total(s)) for s in moved.statements]
    known = [(b, a) for b, a in totals if b is not None and a is not None]
    return Point(
        value,
        sum((a for _, a in known), Fraction(0)),
        sum(a > b for b, a in known),
        sum(a < b for b, a in known),
        len(totals) - len(known),
    )


def offers_for_all(convention: Convention, tables: Tables, year: int) -> dict[str, Result]:
    """Return, offer by offer, what each member would owe if all members held it for the whole exercise.

    A simulation, not a bill (TAR-25): documented choices are set aside, events such as a report are dated on the first
    day, and nothing else moves. Offers that a group only gathers are left out.
    """
    reader = Exact(convention.model, tables).reader
    first = convention.model.calendar.period(year).first
    found = {}
    for offer in convention.model.book.offers_in(""):
        steps = {step: first for o in reader.included(offer) for step in convention.model.book.offers[o].steps}
        steps |= {"décidée_le": first, "exécutoire_le": first, "signée_le": first}
        needed = [*convention.model.book.offers[offer].requires, offer]
        choices = [Chosen(m, o, first, None, "simulation", steps) for m in reader.participants(year) for o in needed]
        moved = Tables(tables.members, choices, tables.facts, tables.registers, tables.issued, tables.decisions)
        found[offer] = compute(convention, moved, year, verify=False)
    return found


# ---------------------------------------------------------------- naming what changes


def cell_of(convention: Convention, name: str, *, on: date, bound: str | None = None) -> Cell:
    """Return the figure that a name means: a parameter’s value in force on a day, or a class of a scale by its words.

    Raises Impossible when there is none, with the nearest name.
    """
    book = convention.model.book
    if name in book.parameters:
        rule = book.parameters[name]
        reader = Exact(convention.model, Tables()).reader
        price = reader.price(rule, on) if rule.values else None
        if price is None:
            raise Impossible(f"« {name} » n’a pas de valeur à cette date : donnez-la d’abord dans le fichier.")
        return (name, 0, rule.values.index(price))
    if name in book.scales:
        scale = convention.model.scales[name]
        for rank, row in enumerate(scale.periods[-1].rows):
            if bound is not None and _plain(row.text) == _plain(bound):
                return (name, len(scale.periods) - 1, rank)
        classes = " ; ".join(row.text for row in scale.periods[-1].rows)
        raise Impossible(f"Le barème {name} n’a pas de classe « {bound} ». Ses classes : {classes}.")
    close = nearest(name, [*book.parameters, *book.scales])
    raise Impossible(f"« {name} » n’est ni un paramètre ni un barème." + (f" Le plus proche : {close}." if close else ""))


def _plain(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())


def value_of(convention: Convention, name: str, text: str) -> Fraction:
    """Return a figure in base units from what a person typed: `1,60`, `1,60 €/hab`, `1 200 €`. Raises Impossible."""
    words = text.replace("\u00a0", " ").strip()
    digits = len(words) - len(words.lstrip("-+0123456789 ,."))
    number, unit_text = words[:digits].strip(), words[digits:].strip()
    kind = convention.model.scales[name].type if name in convention.model.scales else convention.model.rules[name].type
    try:
        value = Fraction(number.replace(" ", "").replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise Impossible(f"« {text} » n’est pas un nombre.") from None
    if not unit_text:
        return value * kind.factor
    unit = convention.model.units.unit(unit_text)
    if unit is None or unit.dimensions != kind.dimensions:
        raise Impossible(f"« {name} » se compte en {kind.unit}, pas en « {unit_text} ».")
    return value * unit.factor


def hypothesis(convention: Convention, tables: Tables, fact: str, member: int | None, text: str, year: int) -> FactRow:
    """Return a hypothetical fact, shown as such wherever it counts. Raises Impossible for an unknown fact or a bad value."""
    rule = convention.model.book.facts.get(fact)
    if rule is None:
        close = nearest(fact, convention.model.book.facts)
        raise Impossible(f"« {fact} » n’est pas un fait." + (f" Le plus proche : {close}." if close else ""))
    kind = type_of(rule.type, convention.model.units)
    if kind is None or kind.kind != "number":
        raise Impossible(f"« {fact} » n’est pas un nombre.")
    try:
        value = Fraction(text.replace("\u00a0", "").replace(" ", "").replace(",", ".")) * kind.factor
    except (ValueError, ZeroDivisionError):
        raise Impossible(f"« {text} » n’est pas un nombre.") from None
    first = convention.model.calendar.period(year).first
    reader = Exact(convention.model, tables).reader
    population, _ = reader.population(rule)
    return FactRow(
        fact,
        None if rule.of_service else member,
        None,
        value,
        population or "",
        first,
        None,
        year if rule.yearly else None,
        None,
        "hypothèse de simulation",
        "simulation",
    )
