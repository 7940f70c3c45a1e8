"""Members and what they hold, by columns: holdings, ranks, sets of members, sums and counts over a set."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.calendar import full_months_between, full_years_between
from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.frames import Frame, NotPlanned
from communis.tariff.columnar.rows import Rows
from communis.tariff.interpreter.values import Context
from communis.tariff.meaning.tree import GroupNode, Node


class Members(Rows):
    """Looks at who holds what, and at all the members of a set."""

    def held(self, offer: str, year: int) -> Array:
        """Return who holds an offer in an exercise."""
        key = ("held", offer, year)
        if key not in self.masks:
            if (
                self.book.offers[offer].always
                and not any(ch.offer == offer for ch in self.tables.choices)
                and self.reader.offer_end(offer) is None
            ):
                self.masks[key] = self.existing(year)
            else:
                self.masks[key] = np.array([bool(self.reader.held(m, offer, year)) for m in self.order])
        return self.masks[key]

    def existing(self, year: int) -> Array:
        """Return who exists on at least a day of an exercise."""
        key = ("existing", year)
        if key not in self.masks:
            period = self.model.calendar.period(year)
            self.masks[key] = self.roster.existing(period.first.toordinal(), period.last.toordinal())
        return self.masks[key]

    def participants(self, year: int) -> Array:
        key = ("participants", year)
        if key not in self.masks:
            self.masks[key] = self.existing(year) & ~self.roster.hosts
        return self.masks[key]

    def holds(self, node: Node, frame: Frame) -> Column:
        asked, on = node.data
        offer = str(asked or frame.offer)
        if on is not None:
            day = self.reader.day(on, Context(frame.year))
            return Column(np.array([self.reader.holds_on(m, offer, day) for m in self.order]))
        held = np.array([bool(self.reader.held(m, offer, frame.year)) for m in self.order])
        return Column(held, flags=self.made_up(offer, frame.year))

    def made_up(self, offer: str, year: int) -> Any:
        """Return the flag of those who hold an offer by made-up choices only."""
        if not self.reader.made_up:
            return 0
        key = ("made up", offer, year)
        if key not in self.masks:
            self.masks[key] = np.array([self.reader.holding_flags(m, (offer,), year) * ORIGIN for m in self.order], np.uint8)
        return self.masks[key]

    def group_flag(self, group: GroupNode, mask: Array, frame: Frame) -> c.Flags:
        """Return what a set rests on: made-up choices of those who hold its offer."""
        base = frame.base or frame
        if group.kind != "holders" or not self.reader.made_up:
            return 0
        flags = self.made_up(group.offer or base.offer or "", base.year)
        if mask.ndim > 1:
            marks: Array = np.bitwise_or.reduce(np.where(mask, flags, np.uint8(0)), axis=1)
            return marks.reshape(-1, 1)
        return int(np.bitwise_or.reduce(flags[mask])) if mask.any() else 0

    def rank_of(self, node: Node, frame: Frame) -> Column:
        asked, counted_in = node.data
        offer = str(asked or frame.offer)
        first = self.model.calendar.period(frame.year).first
        ranks: list[Fraction | None] = []
        for member in self.order:
            start = self.reader.start(member, offer, frame.year)
            if start is None:
                ranks.append(None)
            elif counted_in == "exercises":
                ranks.append(Fraction(frame.year - self.model.calendar.year_of(start) + 1))
            else:
                count = full_years_between if counted_in == "anniversaries" else full_months_between
                ranks.append(Fraction(count(start, max(first, start)) + 1))
        flags = np.array([NONE if v is None else 0 for v in ranks], np.uint8) | self.made_up(
            offer or frame.offer or "", frame.year
        )
        return c.from_fractions(ranks, flags if flags.any() else 0)

    def rank_since(self, node: Node, frame: Frame) -> Column:
        return c.number(Fraction(frame.year - self.model.calendar.year_of(node.data) + 1))

    def group(self, group: GroupNode, frame: Frame) -> tuple[Array, c.Flags]:
        """Return who is in a set, perhaps row by row, and a flag when one cannot tell."""
        base = frame.base or frame
        mask = self.participants(base.year)
        if group.kind == "holders":
            mask = mask & self.held(group.offer or base.offer or "", base.year)
        if group.host and self.tables.host is not None:
            mask = mask.copy()
            mask[self.rank[self.tables.host]] = True
        if group.such is None:
            return mask, 0
        if any(axis.startswith("row:") for axis in group.such.axes):
            raise NotPlanned("a set that depends on a row")
        such = self.evaluate(group.such, frame)
        shape = c.shape_of(such, Column(mask))
        flags = c.marks_of(such, shape)
        refusing = (((flags & REFUSED) != 0) & mask).any(axis=-1)
        flag: c.Flags = REFUSED if shape == mask.shape and refusing else 0
        if len(shape) > 1 and refusing.any():
            flag = np.where(refusing, np.uint8(REFUSED), np.uint8(0)).reshape(-1, 1)
        return mask & np.broadcast_to(np.asarray(such.num, bool), shape) & ((flags & NONE) == 0), flag

    def one_event_a_member(self, node: Node, frame: Frame) -> bool:
        """Tell whether a formula over all members stands where each member has a date or rows of its own."""
        dated = frame.events is not None and not (frame.register or frame.together) and self.plan.dated(node)
        return frame.owners is not None or dated

    def sum_members(self, node: Node, frame: Frame) -> Column:
        if self.one_event_a_member(node, frame):
            return self.across(node, frame)
        mask, flag = self.group(node.data, frame)
        value = self.evaluate(node.args[0], frame)
        where = self.evaluate(node.args[1], frame) if len(node.args) > 1 else Column(True)
        shape = c.shape_of(value, where, Column(mask))
        if node.data.kind == "attached":
            return self.sum_attached(value, where, mask, flag)
        conditions = c.marks_of(where, shape)
        made_up = self.group_flag(node.data, mask, frame)
        refusing = (mask & ((conditions & REFUSED) != 0)).any(axis=-1)
        mask = mask & np.asarray(where.num, bool) & ((conditions & STOPPED) == 0)
        if isinstance(value.flags, int) and value.flags & STOPPED:
            value = value.with_flags(c.marks_of(value, shape))
        result = c.total(c.spread(value, shape), np.broadcast_to(mask, shape), 1 if len(shape) > 1 else None)
        refusals: c.Flags = REFUSED if len(shape) == 1 and refusing else 0
        if len(shape) > 1:
            result = c.upright(result)
            refusals = np.where(refusing, np.uint8(REFUSED), np.uint8(0)).reshape(-1, 1) if refusing.any() else 0
        return result.with_flags(c.either(result.flags, refusals, flag, made_up))

    def sum_attached(self, value: Column, where: Column, mask: Array, flag: c.Flags) -> Column:
        """Add up, for each member, what those attached to it have."""
        if mask.ndim > 1 or len(c.shape_of(value, where)) > 1 or flag:
            raise NotPlanned("the members attached to a member, at the date of an event or unknown")
        parents = [self.tables.members[m].parent for m in self.order]
        at = np.array([p for p in range(self.n) if mask[p] and parents[p] is not None], np.int64)
        owners = np.array([self.rank[parents[p]] for p in at], np.int64)
        value, where = c.spread(value, (self.n,)), c.spread(where, (self.n,))
        conditions, marks = c.marks_of(where, (self.n,))[at], c.marks_of(value, (self.n,))[at]
        there = np.asarray(where.num, bool)[at] & ((conditions & STOPPED) == 0)
        marks = np.where(there, marks, np.uint8(0))
        there = there & ((marks & STOPPED) != NONE)
        kept = Column(value.num[at], value.den, value.low, value.high, 0, value.wide)
        frame = Frame(self.year, rows=at, owners=owners)
        return self.added_rows(kept, there, np.where(there, marks, np.uint8(0)) | (conditions & np.uint8(REFUSED)), frame, True)

    def count_members(self, node: Node, frame: Frame) -> Column:
        if self.one_event_a_member(node, frame):
            return self.across(node, frame)
        mask, flag = self.group(node.data, frame)
        if node.data.kind == "attached":
            return self.sum_attached(Column(1, 1, 1, 1), Column(True), mask, flag)
        made_up = self.group_flag(node.data, mask, frame)
        if mask.ndim == 1:
            return c.stopped(flag) if isinstance(flag, int) and flag else c.number(Fraction(int(mask.sum()))).with_flags(made_up)
        return c.from_ints(mask.sum(axis=1).reshape(-1, 1)).with_flags(c.either(flag, made_up))

    operations = {
        **Rows.operations,
        "holds": holds,
        "rank": rank_of,
        "rank_since": rank_since,
        "sum_members": sum_members,
        "count_members": count_members,
    }
