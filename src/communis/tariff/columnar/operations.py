"""What is made of columns at hand: sums, comparisons, cases, bounds, roundings, and the arithmetic of days."""

from __future__ import annotations

from datetime import date

import numpy as np

from communis.tariff.calendar import month_end, next_day_like, shifted
from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, STOPPED, Column
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.leaves import Leaves
from communis.tariff.interpreter.values import Context
from communis.tariff.meaning.tree import Node


class Operations(Leaves):
    """Combines columns; what is not there spoils what is made of it, member by member."""

    def arithmetic(self, node: Node, frame: Frame) -> Column:
        if node.op == "minus":
            return c.negate(self.evaluate(node.args[0], frame))
        first, second = node.args
        a, b = self.evaluate(first, frame), self.evaluate(second, frame)
        if node.op == "+":
            return c.add(a, b, a_free=self.passing(first), b_free=self.passing(second))
        if node.op == "-":
            return c.subtract(a, b)
        return c.multiply(a, b) if node.op == "×" else c.divide(a, b)

    def passing(self, node: Node) -> bool:
        """Tell whether a value is made for one use only, so that its memory may serve again."""
        return node.op in ("+", "-", "×") and self.plan.variable(node)

    def comparison(self, node: Node, frame: Frame) -> Column:
        left, right = self.args(node, frame)
        return c.compare(left, right, node.data)

    def logic(self, node: Node, frame: Frame) -> Column:
        parts = self.args(node, frame)
        if node.op == "not":
            part = parts[0]
            return Column(~part.num.astype(bool) if isinstance(part.num, np.ndarray) else not part.num, flags=part.flags)
        decisive = node.op == "or"
        if all(p.scalar and isinstance(p.flags, int) for p in parts):
            return self.plain_logic(parts, decisive)
        marks = [np.asarray(p.flags, np.uint8) for p in parts]
        known = [(m & STOPPED) == 0 for m in marks]
        settled = np.logical_or.reduce(
            np.broadcast_arrays(*[k & (np.asarray(p.num, bool) == decisive) for k, p in zip(known, parts, strict=True)])
        )
        refusing = np.logical_or.reduce(np.broadcast_arrays(*[(m & REFUSED) != 0 for m in marks]))
        absent = np.logical_or.reduce(np.broadcast_arrays(*[(m & NONE) != 0 for m in marks]))
        some = np.logical_or.reduce(np.broadcast_arrays(*known)) if decisive else np.zeros_like(settled)
        rests = [np.where(k, c.origins_of(m), np.uint8(0)) for k, m in zip(known, marks, strict=True)]
        origins = np.bitwise_or.reduce(np.broadcast_arrays(*rests))
        outcome = np.where(settled, 0, np.where(refusing, REFUSED, np.where(absent & ~some, NONE, 0))).astype(np.uint8)
        return Column(np.where(settled, decisive, not decisive), flags=origins | outcome)

    @staticmethod
    def plain_logic(parts: list[Column], decisive: bool) -> Column:
        """Combine a yes and a no that are the same for all."""
        flags = [p.flags for p in parts if isinstance(p.flags, int)]
        values = [bool(p.num) for p, flag in zip(parts, flags, strict=True) if not flag & STOPPED]
        origins = 0
        for flag in flags:
            origins |= c.origins_of(flag) if not flag & STOPPED else 0
        if decisive in values:
            return Column(decisive, flags=origins)
        refused, absent = any(flag & REFUSED for flag in flags), any(flag & NONE for flag in flags)
        outcome = REFUSED if refused else NONE if absent and not (decisive and values) else 0
        return Column(not decisive, flags=origins | outcome)

    def case(self, node: Node, frame: Frame) -> Column:
        """Choose the one case that holds; refuse where two hold, or none without « sinon »."""
        count = len(node.args) // 2
        conditions = [self.evaluate(node.args[2 * i], frame) for i in range(count)]
        if all(x.scalar and isinstance(x.flags, int) for x in conditions):
            return self.plain_case(node, frame, conditions)
        true = [np.asarray(x.num, bool) & ((np.asarray(x.flags, np.uint8) & STOPPED) == 0) for x in conditions]
        shape = np.broadcast_shapes(*(t.shape for t in true))
        hits = np.zeros(shape, np.int64)
        for t in true:
            hits = hits + t
        origins = np.zeros(shape, np.uint8)
        for x in conditions:
            marks = np.asarray(x.flags, np.uint8)
            origins = origins | c.origins_of(marks) | (marks & np.uint8(REFUSED))
        result = self.evaluate(node.args[-1], frame) if node.data else c.stopped(REFUSED)
        for i in reversed(range(count)):
            if true[i].any():
                result = c.choose(np.broadcast_to(true[i], shape), self.evaluate(node.args[2 * i + 1], frame), result)
        flags = c.either(origins, np.where(hits > 1, np.uint8(REFUSED), np.uint8(0)), result.flags)
        return result.with_flags(flags)

    def plain_case(self, node: Node, frame: Frame, conditions: list[Column]) -> Column:
        flags = 0
        for x in conditions:
            flags |= c.origins_of(int(x.flags)) | (int(x.flags) & REFUSED)
        true = [i for i, x in enumerate(conditions) if not int(x.flags) & STOPPED and x.num]
        if flags & REFUSED or len(true) > 1 or (not true and not node.data):
            return c.stopped(REFUSED | flags)
        chosen = self.evaluate(node.args[2 * true[0] + 1] if true else node.args[-1], frame)
        return chosen.with_flags(c.either(chosen.flags, flags))

    def extreme(self, node: Node, frame: Frame) -> Column:
        parts = self.args(node, frame)
        result = parts[0]
        for part in parts[1:]:
            result = c.least(result, part, greatest=node.op in ("max", "floor"))
        return result

    def round(self, node: Node, frame: Frame) -> Column:
        return c.rounded(self.evaluate(node.args[0], frame), *node.data)

    def dates(self, node: Node, frame: Frame) -> Column:
        start = self.evaluate(node.args[0], frame)

        def moved(day: date) -> date:
            if node.op == "shift":
                return shifted(day, *node.data)
            return month_end(day) if node.data is None else next_day_like(day, *node.data)

        if start.scalar:
            return Column(moved(date.fromordinal(int(start.num))).toordinal() if start.num else 0, flags=start.flags)
        days, inverse = np.unique(start.num, return_inverse=True)
        table = np.array([moved(date.fromordinal(int(d))).toordinal() if d else 0 for d in days], np.int64)
        return Column(table[inverse].reshape(start.num.shape), flags=start.flags)

    def year_day(self, node: Node, frame: Frame) -> Column:
        which, year = node.data
        period = self.model.calendar.period(self.reader.year(year, Context(frame.year)))
        return Column((period.first if which == "first" else period.last).toordinal())

    operations = {
        **Leaves.operations,
        "+": arithmetic,
        "-": arithmetic,
        "×": arithmetic,
        "/": arithmetic,
        "minus": arithmetic,
        "compare": comparison,
        "and": logic,
        "or": logic,
        "not": logic,
        "case": case,
        "min": extreme,
        "max": extreme,
        "cap": extreme,
        "floor": extreme,
        "round": round,
        "shift": dates,
        "next_day": dates,
        "year_day": year_day,
    }
