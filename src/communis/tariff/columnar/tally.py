"""The rows of a register added up, member by member and section by section."""

from __future__ import annotations

from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.results import Amounts, first_stop
from communis.tariff.columnar.stops import Stops
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import TypedRule


class Tally:
    """Adds the rows of a register up, member by member and section by section."""

    def __init__(self, sheet: Stops, rule: r.Line, typed: TypedRule, total: Array) -> None:
        self.sheet, self.rule, self.typed = sheet, rule, typed
        self.parts: dict[str, Column] = {}
        self.refused = np.zeros(sheet.n, bool)
        self.found = np.zeros(sheet.n, bool)
        self.origins = np.zeros(sheet.n, np.uint8)

    def add(self, rows: Frame) -> None:
        """Add one group of rows: the whole register of the members, or some rows of the service over all members."""
        sheet, typed, rule = self.sheet, self.typed, self.rule
        assert typed.formula is not None and rows.rows is not None
        own = rows.owners is not None
        count = len(rows.rows)
        shape = (count,) if own else (count, sheet.n)
        stop = self.row_stops(rows, shape)
        value = sheet.evaluate(typed.formula, rows)
        shape_of = sheet.plan.line(rule.name)
        amount = value if shape_of.step is None else c.rounded(value, shape_of.step, shape_of.mode)
        codes, section_marks = self.sections(rows)
        made_up = sheet.made_up_rows(rows)
        if stop is None and not own and not made_up.any() and _clear(amount.flags) and _clear(section_marks):
            self.plain(amount, codes)
            return
        marks = np.broadcast_to(np.asarray(amount.flags, np.uint8), shape) | made_up
        marks = np.where(marks & np.uint8(STOPPED), marks, marks | (section_marks & np.uint8(STOPPED)))
        if stop is not None:
            marks = np.where(stop != 0, stop, marks)
        there = (marks & STOPPED) == 0
        self.note((marks & REFUSED) != 0, there, marks, rows)
        for name in dict.fromkeys(codes):
            where = there & np.array([n == name for n in codes]).reshape(-1, *([1] * (len(shape) - 1)))
            self.put(name, amount, where, rows)

    def row_stops(self, rows: Frame, shape: tuple[int, ...]) -> Any:
        """Return what stops some rows: an event before the version, a condition that is not met."""
        first = self.sheet.book.header.first
        stop: Any = None
        if first is not None and rows.events is not None and any(e is not None and e < first for e in rows.events):
            early = np.array([REFUSED if e is not None and e < first else 0 for e in rows.events], np.uint8)
            stop = np.broadcast_to(early.reshape(-1, *([1] * (len(shape) - 1))), shape)
        if self.typed.condition is not None:
            unmet = np.broadcast_to(self.sheet.unmet(self.sheet.evaluate(self.typed.condition, rows)), shape)
            stop = unmet if stop is None else first_stop(stop, unmet)
        return stop

    def sections(self, rows: Frame) -> tuple[list[str], Any]:
        """Return the section of each row, and the flags of those that are not known."""
        assert rows.rows is not None
        count = len(rows.rows)
        if self.typed.section_of is None:
            return [self.rule.section] * count, 0
        where = self.sheet.evaluate(self.typed.section_of, rows)
        names = {code: name for name, code in self.sheet.codes.items()}
        codes = np.broadcast_to(np.asarray(where.num).ravel(), (count,)) if np.size(where.num) == 1 else where.num.ravel()
        return [names[int(v)] for v in codes], where.flags

    def plain(self, amount: Column, codes: list[str]) -> None:
        """Add rows of the service that are all there, section by section."""
        self.found[:] = True
        count = len(codes)
        num = c.spread(amount.with_flags(0), (count, self.sheet.n)).num
        for name in dict.fromkeys(codes):
            rows = [i for i, code in enumerate(codes) if code == name]
            first, last = rows[0], rows[-1] + 1
            kept = num if len(rows) == count else num[first:last] if last - first == len(rows) else num[rows]
            self.join(name, c.total(Column(kept, amount.den, amount.low, amount.high, 0, amount.wide), axis=0))

    def note(self, refused: Array, there: Array, marks: Array, rows: Frame) -> None:
        """Keep, for each member, whether a row is refused, whether one is there, and what they rest on."""
        origins = np.where(there | refused, marks & ~np.uint8(STOPPED), np.uint8(0))
        if rows.owners is None:
            self.refused |= refused.any(axis=0)
            self.found |= there.any(axis=0)
            self.origins |= np.bitwise_or.reduce(origins, axis=0)
            return
        np.logical_or.at(self.refused, rows.owners, refused)
        np.logical_or.at(self.found, rows.owners, there)
        np.bitwise_or.at(self.origins, rows.owners, origins)

    def put(self, section: str, amount: Column, where: Array, rows: Frame) -> None:
        if rows.owners is not None:
            marks = np.zeros(where.shape, np.uint8)
            self.join(section, self.sheet.added_rows(amount.with_flags(0), where, marks, rows, True).with_flags(0))
            return
        num = np.broadcast_to(np.asarray(amount.num, object if amount.wide else None), where.shape)
        full = Column(num, amount.den, amount.low, amount.high, 0, amount.wide)
        self.join(section, c.total(full, None if where.all() else where, axis=0))

    def join(self, section: str, part: Column) -> None:
        self.parts[section] = c.add(self.parts[section], part) if section in self.parts else part

    def amounts(self) -> Amounts:
        flags = np.where(self.refused, np.uint8(REFUSED), np.where(self.found, np.uint8(0), np.uint8(NONE))) | self.origins
        total: Column = c.ZERO
        for part in self.parts.values():
            total = c.add(total, part)
        return Amounts(self.sheet.as_members(total), flags if flags.any() else 0, self.parts)


def _clear(flags: Any) -> bool:
    """Tell whether flags say nothing at all."""
    return not flags if isinstance(flags, int) else not flags.any()
