"""What a line gives, by columns: its formula once, or for every row of its register, prorated and rounded."""

from __future__ import annotations

from datetime import date

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import STOPPED, Column
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.results import Amounts
from communis.tariff.columnar.shapes import LineShape
from communis.tariff.columnar.stops import Stops
from communis.tariff.columnar.tally import Tally
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import SECTION, TypedRule


class Entries(Stops):
    """Evaluates the amounts of a line."""

    def line_frame(self, shape: LineShape, offer: str | None, year: int, holders: tuple[str, ...]) -> Frame:
        """Return the frame of a line; one of its own when something is read at the effect or the decision of what is held."""
        return self.held_frame(year, offer, holders, dated=shape.dated)

    def event_frame(self, typed: TypedRule, frame: Frame, year: int, holders: tuple[str, ...]) -> Frame:
        assert typed.once is not None
        read = (typed.formula, typed.section_of, *(condition for _, condition in typed.payers))
        if not any(node is not None and self.plan.dated(node) for node in read):
            return frame
        event = self.as_members(self.evaluate(typed.once, frame))
        marks = np.broadcast_to(np.asarray(event.flags, np.uint8), (self.n,))
        events: list[date | None] = [
            date.fromordinal(int(d)) if not m & STOPPED else None for d, m in zip(event.num, marks, strict=True)
        ]
        made = Frame(year, frame.offer, events=events, holders=holders, base=frame.base or frame)
        self.special.append(made)
        return made

    def single_line(self, shape: LineShape, frame: Frame, prorata: str, holders: tuple[str, ...]) -> Amounts:
        """Evaluate a line once for each member: formula, prorata, rounding."""
        rule, typed, shares = shape.rule, shape.typed, shape.shares
        assert typed.formula is not None
        inside = frame
        if shares and prorata != "none":
            part = (prorata, holders)
            if part not in frame.kept:
                base = frame.base or frame
                frame.kept[part] = Frame(
                    frame.year, frame.offer, events=frame.events, holders=holders, prorata=prorata, base=base
                )
                self.special.append(frame.kept[part])
            inside = frame.kept[part]
        value = self.evaluate(typed.formula, inside)
        if prorata != "none" and not shares and not rule.once:
            whole = Frame(frame.year, frame.offer, holders=holders)
            key = ("presence", frame.year, frame.offer, holders, prorata)
            if key not in self.kept:
                self.kept[key] = self.presence(whole, prorata)
            value = c.multiply(value, self.kept[key])
        amount = value if shape.step is None else c.rounded(value, shape.step, shape.mode)
        if typed.section_of is None:
            return Amounts(amount, amount.flags, {rule.section: amount}, self.passing(typed.formula))
        return self.in_sections(amount, self.evaluate(typed.section_of, frame))

    def in_sections(self, amount: Column, where: Column) -> Amounts:
        """Put each member’s amount in the section it has."""
        marks, flags = c.marks_of(where, (self.n,)), c.marks_of(amount, (self.n,))
        flags = np.where((flags & STOPPED) != 0, flags, flags | (marks & np.uint8(STOPPED)))
        sections = {
            name: c.choose(np.broadcast_to(np.asarray(where.num == self.code(name)), (self.n,)), self.as_members(amount), c.ZERO)
            for name in SECTION.names
        }
        return Amounts(amount, flags, sections)

    def row_line(self, rule: r.Line, typed: TypedRule, frame: Frame) -> Amounts:
        """Evaluate a line for every row of its register, round each amount, add them up by member and section."""
        register = rule.rows or ""
        own = self.book.registers[register].of_member
        base = frame.base or frame
        holders = frame.holders if frame.base is not None else ()
        made = self.with_rows(register, Frame(base.year, base.offer, holders=holders) if holders else base, chunks=not own)
        total = np.zeros(self.n, np.int64)
        tally = Tally(self, rule, typed, total)
        for rows in made:
            tally.add(rows)
        return tally.amounts()
