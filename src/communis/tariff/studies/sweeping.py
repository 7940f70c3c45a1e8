"""One figure made to vary: what all members owe at each value, and how many would pay more or less than today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_

import numpy as np

from communis.tariff.columnar.columns import Array
from communis.tariff.columnar.frames import NotPlanned
from communis.tariff.columnar.plan import Plan
from communis.tariff.columnar.sheet import Computed
from communis.tariff.convention import Convention
from communis.tariff.interpreter.values import AMOUNT, REFUSED
from communis.tariff.meaning.formulas import is_money
from communis.tariff.result import compute
from communis.tariff.studies.changes import Cell, Changes
from communis.tariff.tables.records import Tables


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a swept figure: what all members owe and what it rests on, how many would pay more or less than today."""

    value: Fraction
    total: Fraction
    more: int
    less: int
    refused: int
    flags: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """What each member owes in cents, zero for those who are blocked, and what the whole rests on."""

    cents: Array
    known: Array
    refused: int
    flags: int


def sweep(
    convention: Convention, tables: Tables, year: int, cell: Cell, values: Iterable[Fraction], changes: Changes | None = None
) -> list[Point]:
    """Compute the total over all members for each value of one figure, by the plan: what depends on the members is read once.

    Other changes hold at every value; « today » is without any. A member that is blocked counts for no euro.
    """
    moved = changes or Changes()
    try:
        plan = Plan(convention.model)
        base = _owed(plan.prepare(tables, year).run())
        sheet = plan.prepare(moved.tables(tables), year, readings=moved.readings)
        found = [(value, _owed(sheet.run({**moved.cells, cell: value}))) for value in values]
    except (NotPlanned, OverflowError):
        return _exact_points(convention, tables, year, cell, list(values), moved)
    return [
        Point(
            value,
            Fraction(int(owed.cents.sum()), 100),
            int(np.count_nonzero((owed.cents > base.cents) & owed.known & base.known)),
            int(np.count_nonzero((owed.cents < base.cents) & owed.known & base.known)),
            owed.refused,
            owed.flags,
        )
        for value, owed in found
    ]


def _owed(computed: Computed) -> Owed:
    sheet = computed.sheet
    model = sheet.model
    if model.book.header.total_rounding is not None:
        raise NotPlanned("the rounding of totals")
    known = np.zeros(sheet.n, bool)
    known[sheet.reader.participants(sheet.year)] = True
    present = int(known.sum())
    cents = np.zeros(sheet.n, np.int64)
    flags = np.zeros(sheet.n, np.uint8)
    for name, offer in computed.found:
        if is_money(model.rules[name].type):
            outcomes = np.array(computed.outcomes(name, offer))
            cents += computed.cents(name, offer)
            flags |= np.where(outcomes == AMOUNT, np.array(computed.flags(name, offer), np.uint8), 0).astype(np.uint8)
            known &= outcomes != REFUSED
    return Owed(np.where(known, cents, 0), known, present - int(known.sum()), int(np.bitwise_or.reduce(flags[known], initial=0)))


def _exact_points(
    convention: Convention, tables: Tables, year: int, cell: Cell, values: list[Fraction], moved: Changes
) -> list[Point]:
    """Do the same one member at a time, for a convention that the plan does not evaluate."""
    today = compute(convention, tables, year, verify=False)
    base = {s.member: today.total(s) for s in today.statements}
    after = moved.tables(tables)
    points = []
    for value in values:
        cells = {**moved.cells, cell: value}
        result = compute(convention, after, year, readings=moved.readings, cells=cells, verify=False)
        totals = [(base.get(s.member), result.total(s)) for s in result.statements]
        known = [(b, a) for b, a in totals if b is not None and a is not None]
        points.append(
            Point(
                value,
                result.members_total(),
                sum(a > b for b, a in known),
                sum(a < b for b, a in known),
                sum(a is None for _, a in totals),
                reduce(or_, (result.rests_on(s) for s in result.statements if result.total(s) is not None), 0),
            )
        )
    return points
