"""Allowances by columns: what each row draws, inside or beyond, and what is left."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, STOPPED, Column
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.limits import Limits
from communis.tariff.columnar.results import ZERO, Drawing
from communis.tariff.interpreter.allowances import READINGS_OF_COUNTING, consumed
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Node, TypedRule


class Allowances(Limits):
    """Consumes each allowance once a run."""

    drawings: dict[tuple[str, int], Drawing]

    def drawing(self, name: str, year: int) -> Drawing:
        key = (name, year)
        if key not in self.drawings:
            self.drawings[key] = self.draw(name, year)
        return self.drawings[key]

    def draw(self, name: str, year: int) -> Drawing:
        rule, typed = self.book.allowances[name], self.model.rules[name]
        assert typed.formula is not None and typed.consumed is not None and typed.order is not None
        opening = self.evaluate(typed.formula, self.frame(year))
        if rule.carry is not None and not int(opening.flags) & STOPPED:
            opening = self.with_carry(name, rule, year, opening)
        mark = int(opening.flags)
        result = Drawing(opening, mark=mark & ~STOPPED)
        if mark & STOPPED:
            result.mark = mark
            return result
        counting = (
            READINGS_OF_COUNTING.get(self.reader.reading(rule.counted_by) or "") if rule.counted == "by_reading" else rule.counted
        )
        drawn, refused = self.drawing_rows(rule, typed, year)
        pots = self.pots(rule, typed, year, counting, opening) if counting is not None else None
        if refused or pots is None:
            result.problem = True
            return result
        result.taken = consumed(drawn, *pots)
        result.left = opening.value() - sum((inside for inside, _, _ in result.taken.values()), ZERO)
        return result

    def with_carry(self, name: str, rule: r.Allowance, year: int, opening: Column) -> Column:
        """Add what the exercise before left, up to what may be carried over."""
        most = self.ledger.most_carried(rule, year)
        if most is None:
            return opening
        before = self.drawing(name, year - 1)
        if before.problem or before.mark & STOPPED:
            return c.stopped(REFUSED) if before.problem or before.mark & REFUSED else opening
        return c.add(opening, c.number(min(before.left, most), before.mark))

    def drawing_rows(self, rule: r.Allowance, typed: TypedRule, year: int) -> tuple[list[tuple[int, int, Fraction]], bool]:
        frames = (
            self.with_rows(typed.register, self.frame(year), chunks=False)
            if self.exact.rows_in(typed.register, year, None)
            else []
        )
        if not frames:
            return [], False
        (rows,) = frames
        assert typed.consumed is not None and typed.order is not None and rows.rows is not None and rows.owners is not None
        count = len(rows.rows)
        holding = self.held(rule.holders, year)[rows.owners]
        if typed.condition is not None:
            condition = self.evaluate(typed.condition, rows)
            marks = np.broadcast_to(np.asarray(condition.flags, np.uint8), (count,))
            if (((marks & REFUSED) != 0) & holding).any():
                return [], True
            holding = holding & np.asarray(condition.num, bool) & ((marks & STOPPED) == 0)
        need, when = self.evaluate(typed.consumed, rows), self.evaluate(typed.order, rows)
        stops = c.marks_of(need, (count,)) | c.marks_of(when, (count,))
        if (((stops & REFUSED) != 0) & holding).any():
            return [], True
        holding = holding & ((stops & NONE) == 0)
        listed = self.tables.registers[typed.register]
        found = []
        for position in np.flatnonzero(holding):
            index, owner = int(rows.rows[position]), int(rows.owners[position])
            day = int(np.broadcast_to(when.num, (count,))[position])
            amount = need.value() if need.scalar else need.value(position)
            found.append((day, owner, listed[index].identifier, index, self.order[owner], amount))
        return [(index, member, amount) for _, _, _, index, member, amount in sorted(found, key=lambda f: f[:3])], False

    def pots(
        self, rule: r.Allowance, typed: TypedRule, year: int, counting: str, opening: Column
    ) -> tuple[dict[str, Fraction], dict[int, str]] | None:
        if counting == "for_all" or typed.quota is None:
            return {"": opening.value()}, {}
        quota = self.as_members(self.evaluate(typed.quota, self.frame(year)))
        marks = np.broadcast_to(np.asarray(quota.flags, np.uint8), (self.n,))
        left: dict[str, Fraction] = {}
        pot_of: dict[int, str] = {}
        for position in np.flatnonzero(self.participants(year) & self.held(rule.holders, year)):
            if marks[position] & REFUSED:
                return None
            if not marks[position] & NONE:
                member = self.order[int(position)]
                value = quota.value(position)
                pot_of[member] = str(value) if counting == "by_class" else f"#{member}"
                left[pot_of[member]] = left.get(pot_of[member], ZERO) + value
        return left, pot_of

    def drawn(self, node: Node, frame: Frame) -> Column:
        which, name = node.data
        found = self.drawing(name, frame.year)
        if found.mark & STOPPED:
            return c.stopped(found.mark)
        if found.problem:
            return c.stopped(REFUSED)
        if which == "remaining":
            return c.number(found.left, found.mark)
        assert frame.rows is not None
        rank = 0 if which == "within" else 1
        values: list[Fraction | None] = [found.taken[int(i)][rank] if int(i) in found.taken else None for i in frame.rows]
        flags = np.array([NONE if v is None else found.mark for v in values], np.uint8)
        return c.from_fractions(values, flags if flags.any() else 0)

    operations = {**Limits.operations, "drawn": drawn}
