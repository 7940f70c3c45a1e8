"""Scales by columns: the class each value falls in, what it gives, and quantities priced slice by slice."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, Array, Column
from communis.tariff.columnar.evaluator import has_money
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.shares import Shares
from communis.tariff.interpreter.exact import Exact
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Interval, NamesClass, Node, TypedPeriod


class Scales(Shares):
    """Reads a scale for all members at once."""

    def scale(self, name: str, node: Node, frame: Frame) -> Column:
        scale, rule = self.model.scales[name], self.book.scales[name]
        reading = rule.reading or r.ReadingRule("first_day")
        if len(scale.periods) > 1 and self.dated_here(reading, frame):
            return self.scale_at_dates(name, node, frame, reading)
        day = self.reader.reading_day(reading, self.context(frame))
        return self.scale_of(name, node, frame, Exact.scale_period(scale.periods, day))

    def scale_at_dates(self, name: str, node: Node, frame: Frame, reading: r.ReadingRule) -> Column:
        """Read a scale at the date of each event: each of its periods where it is in force."""
        days, of_rows = self.days_read(reading, frame)
        chosen = [Exact.scale_period(self.model.scales[name].periods, day) for day in days]
        ranks = np.array([-1 if found is None else found[0] for found in chosen], np.int64)
        ranks = ranks.reshape(-1, 1) if of_rows and frame.owners is None else ranks
        result = self.scale_of(name, node, frame, None)
        for rank, found in {found[0]: found for found in chosen if found is not None}.items():
            result = c.choose(ranks == rank, self.scale_of(name, node, frame, found), result)
        return result

    def scale_of(self, name: str, node: Node, frame: Frame, chosen: tuple[int, TypedPeriod] | None) -> Column:
        """Return what a period of a scale gives; none is in force when there is none."""
        scale = self.model.scales[name]
        drivers = [self.evaluate(d, frame) for d in scale.drivers]
        if chosen is None:
            return c.stopped(REFUSED).with_flags(c.either(*(d.flags for d in drivers), c.stopping(REFUSED, *drivers)))
        index, period = chosen
        values, marks, dated = self.cell_values(name, index, period, frame)
        if scale.progressive:
            return self.slices(
                period.rows, drivers[0], [dated.get(i) or c.number(v or Fraction(0)) for i, v in enumerate(values)], marks
            )
        key = (id(node), name, index, id(frame)) if not any(self.plan.variable(d) for d in scale.drivers) else None
        found = self.kept.get(key) if key is not None else None
        if found is None:
            found = self.classes(period.rows, drivers, scale.drivers, marks)
            if key is not None:
                self.kept[key] = found
        where, flags = found
        table = c.from_fractions([*values, Fraction(0)], money=has_money(scale.type))
        if not isinstance(where, np.ndarray):
            one = c.number(table.value(where)).with_flags(flags)
            return dated[where].with_flags(c.either(flags, c.stopping(dated[where].flags, *drivers))) if where in dated else one
        num = table.num.take(where, mode="clip")
        result = Column(num, table.den, table.low, table.high, flags, table.wide)
        for position, price in dated.items():
            stop = c.stopping(np.where(where == position, c.marks_of(price, c.shape_of(price, result)), np.uint8(0)), *drivers)
            result = c.choose(where == position, price, result).with_flags(c.either(flags, stop))
            flags = result.flags
        return result

    def cell_values(
        self, name: str, index: int, period: Any, frame: Frame
    ) -> tuple[list[Fraction | None], list[int], dict[int, Column]]:
        """Return what each class gives, the flag of those that give nothing, and the prices that have several dates."""
        values: list[Fraction | None] = []
        marks = []
        dated: dict[int, Column] = {}
        for position, row in enumerate(period.rows):
            cell = row.cell
            value, mark = self.cells.get((name, index, position), cell.value), 0
            if cell.kind == "free":
                value = Fraction(0)
            elif cell.kind == "name":
                price = self.parameter(Node("parameter", data=cell.parameter), frame)
                if price.scalar:
                    value, mark = price.value(), c.all_flags(price.flags)
                else:
                    dated[position], value = price, Fraction(0)
            elif cell.kind != "amount":
                value, mark = Fraction(0), NONE if cell.kind == "none" else REFUSED
            values.append(value)
            marks.append(mark)
        return values, marks, dated

    def classes(self, rows: Any, drivers: list[Column], nodes: tuple[Node, ...], marks: list[int]) -> tuple[Any, Any]:
        """Return the rank of the class of each value (the last rank for none) and the flags that follow."""
        base = c.either(*(d.flags for d in drivers))
        outside = len(rows)
        if all(d.scalar for d in drivers):
            rank = next(
                (
                    i
                    for i, row in enumerate(rows)
                    if all(_in_class_one(d, k, self) for d, k in zip(drivers, row.classes, strict=True))
                ),
                outside,
            )
            return rank, c.either(base, c.stopping(REFUSED if rank == outside else marks[rank], *drivers))
        if len(drivers) == 1 and not drivers[0].wide and nodes[0].type.kind == "number" and _contiguous(rows):
            where = _ranks(rows, drivers[0])
        else:
            shape = np.broadcast_shapes(*(np.shape(d.num) for d in drivers))
            where = np.full(shape, outside, np.intp)
            for i in reversed(range(outside)):
                inside = np.ones(shape, bool)
                for driver, klass in zip(drivers, rows[i].classes, strict=True):
                    inside = inside & self.inside(driver, klass)
                where[inside] = i
        table = np.array([*marks, REFUSED], np.uint8)
        if table[:-1].any() or (where == outside).any():
            base = c.either(base, c.stopping(table.take(where), *drivers))
        return where, base

    def inside(self, driver: Column, klass: Interval | NamesClass) -> Any:
        """Tell which values are in a class."""
        if isinstance(klass, NamesClass):
            if not klass.names:
                return np.ones(np.shape(driver.num), bool)
            if isinstance(driver.num, np.ndarray) and driver.num.dtype == bool:
                return np.isin(driver.num, [n == "oui" for n in klass.names])
            return np.isin(driver.num, [self.code(n) for n in klass.names])
        num = c.widened(driver)
        result = np.ones(np.shape(num), bool)
        if klass.low is not None:
            result = result & np.asarray(num >= klass.low if klass.low_closed else num > klass.low, bool)
        if klass.high is not None:
            result = result & np.asarray(num <= klass.high if klass.high_closed else num < klass.high, bool)
        return result

    def slices(self, rows: Any, quantity: Column, values: list[Column], marks: list[int]) -> Column:
        """Return the price of each slice at its own price, added."""
        zero = c.ZERO
        result = zero
        flags: c.Flags = 0
        covered: Fraction | None = Fraction(0)
        for row, value, mark in zip(rows, values, marks, strict=True):
            interval = row.classes[0]
            low = interval.low or Fraction(0)
            high = quantity if interval.high is None else c.least(quantity, c.number(interval.high))
            part = c.least(c.subtract(high, c.number(low)), zero, greatest=True)
            stop = c.either(mark, value.flags)
            if not isinstance(stop, int) or stop:
                flags = c.either(flags, c.flag_where(c.compare(part.with_flags(0), zero, ">").num, stop))
            result = c.add(result, c.multiply(part.with_flags(0), value.with_flags(0)))
            covered = None if interval.high is None or covered is None else max(covered, interval.high)
        if covered is not None:
            flags = c.either(flags, c.flag_where(c.compare(quantity.with_flags(0), c.number(covered), ">").num, REFUSED))
        return result.with_flags(c.either(quantity.flags, c.stopping(flags, quantity)))


def _contiguous(rows: Any) -> bool:
    """Tell whether classes follow one another without a hole, in order, whatever the value."""
    for before, after in pairwise(rows):
        a, b = before.classes[0], after.classes[0]
        if a.high is None or b.low is None or a.high != b.low or a.high_closed == b.low_closed:
            return False
    return rows[0].classes[0].low is None and rows[-1].classes[0].high is None


def _ranks(rows: Any, driver: Column) -> Array:
    """Return the rank of each value among contiguous classes, by counting the bounds it has passed."""
    where: Array | None = None
    kind = np.int8 if len(rows) < 128 else np.int32
    for row in rows[1:]:
        interval = row.classes[0]
        edge = interval.low * driver.den
        if interval.low_closed:
            bound = -((-edge.numerator) // edge.denominator)
            passed = driver.num >= min(max(bound, -c.LIMIT), c.LIMIT)
        else:
            bound = edge.numerator // edge.denominator
            passed = driver.num > min(max(bound, -c.LIMIT), c.LIMIT)
        step = passed.view(np.int8) if kind is np.int8 else passed.astype(kind)
        where = step if where is None else where + step
    return where.astype(np.intp) if where is not None else np.zeros(driver.num.shape, np.intp)


def _in_class_one(driver: Column, klass: Any, prepared: Scales) -> bool:
    if isinstance(klass, Interval):
        return driver.value() in klass
    if not klass.names:
        return True
    if isinstance(driver.num, (bool, np.bool_)):
        return ("oui" if driver.num else "non") in klass.names
    return int(driver.num) in [prepared.code(n) for n in klass.names]
