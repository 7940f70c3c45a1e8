"""Sums cut among members, by columns: keys, weights, presence, and parts that add up to the sum (TAR-08)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.calendar import Period, presence
from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.cutting import Weights, integer_weights, share_rows
from communis.tariff.columnar.frames import Frame, NotPlanned
from communis.tariff.columnar.history import History
from communis.tariff.meaning.formulas import is_money
from communis.tariff.meaning.tree import Node, row_axis


class Shares(History):
    """Cuts a sum, or one sum a row, among a set."""

    def share(self, node: Node, frame: Frame) -> Column:
        """Cut a sum, or one sum a row, among a set; the parts of each add up to it (TAR-08)."""
        if frame.owners is not None and len(node.args) > 1 and row_axis(frame.register) in node.args[1].axes:
            raise NotPlanned("a key that is a field of the rows of each member")
        if self.one_event_a_member(node, frame):
            return self.across(node, frame)
        group, key_name = node.data
        if group.kind == "attached":
            raise NotPlanned("a share among the members attached to a member")
        mask, flag = self.group(group, frame)
        amount = self.evaluate(node.args[0], frame)
        if c.shape_of(amount)[-1:] not in ((), (1,)) or len(c.shape_of(amount)) == 1:
            raise NotPlanned("a sum that is not the same for all members")
        if isinstance(flag, int) and flag:
            return c.stopped(flag | c.all_flags(amount.flags))
        everyone = bool(mask.all())
        members = None if everyone or mask.ndim > 1 else np.flatnonzero(mask)
        weights = self.weights(node, key_name, mask, members, frame)
        cut = self.cut(node, amount, weights, members)
        cut = cut.with_flags(c.either(cut.flags, self.group_flag(group, mask, frame)))
        if mask.ndim > 1 and not everyone:
            cut = cut.with_flags(c.either(cut.flags, np.where(mask, np.uint8(0), np.uint8(NONE))))
        return cut if isinstance(flag, int) else cut.with_flags(c.either(cut.flags, flag))

    def cut(self, node: Node, amount: Column, weights: Weights, members: Array | None) -> Column:
        """Cut one sum, or one sum a row, by its weights; a row whose weights are missing or nil is refused alone."""
        step = Fraction(1, 100) * (1 if is_money(node.type) else node.type.factor)
        whole = c.rounded(amount, step, "half_up")
        rows = len(weights.index) if weights.index is not None else 0
        if (whole.scalar and rows) or (whole.scalar and not isinstance(whole.flags, int)):
            whole = c.spread(whole, (rows, 1) if rows else c.shape_of(whole))
        nums = self.sub_units(whole, step)
        count = len(nums)
        marks = c.marks_of(whole, np.shape(whole.num)).reshape(-1)
        parts, rests, good = share_rows(nums, weights, self.book.header.sharing)
        self.kept[id(node)] = (rests, step)
        if all(good) and not marks.any() and not any(weights.flags):
            flags: Any = 0
        else:
            own = [weights.flags[weights.of_row(i)] for i in range(count)]
            flags = np.array(
                [
                    int(m) | (0 if m & STOPPED else o | (0 if g or o & STOPPED else REFUSED))
                    for m, o, g in zip(marks, own, good, strict=True)
                ],
                np.uint8,
            ).reshape(-1, 1)
        full = parts
        if members is not None:
            full = np.zeros((count, self.n), parts.dtype)
            full[:, members] = parts
            outside = np.full(self.n, NONE, np.uint8)
            outside[members] = 0
            flags = c.either(flags, outside)
        if whole.scalar:
            full = full[0]
            flags = flags[0] if isinstance(flags, np.ndarray) and flags.ndim == 2 else flags
            flags = int(flags[0]) if isinstance(flags, np.ndarray) and flags.shape == (1,) else flags
        if full.dtype == object:
            exact = np.empty(full.size, object)
            exact[:] = [Fraction(int(v)) * step for v in full.ravel()]
            return Column(exact.reshape(full.shape), 1, flags=flags, wide=True)
        most = max(map(abs, nums), default=0) * step.numerator
        return Column(full * step.numerator if step.numerator != 1 else full, step.denominator, -most, most, flags)

    @staticmethod
    def sub_units(whole: Column, step: Fraction) -> list[int]:
        """Return amounts, already rounded, as whole numbers of their smallest part; zero where they are not there."""
        flat = np.atleast_1d(np.asarray(whole.num)).ravel()
        marks = c.marks_of(whole, np.shape(whole.num)).reshape(-1)
        if not whole.wide and whole.den == step.denominator and step.numerator == 1:
            nums = [int(v) for v in flat]
        else:
            nums = [int(Fraction(v) / step) if whole.wide else int(Fraction(int(v), whole.den) / step) for v in flat]
        return nums if not marks.any() else [0 if m & STOPPED else v for v, m in zip(nums, marks, strict=True)]

    def weights(self, node: Node, key_name: str, mask: Array, members: Array | None, frame: Frame) -> Weights:
        """Return the weights of the members of a set: a key, equal parts, the fact that a row names, or a formula."""
        key = node.args[1] if len(node.args) > 1 else None
        if key is not None and key.type.kind == "key":
            return self.chosen_keys(key, mask, members, frame)
        if key_name:
            return self.blend(key_name, mask, members, frame)
        column = c.number(Fraction(1)) if key is None else self.evaluate(key, frame)
        if mask.ndim > 1 or (isinstance(column.flags, np.ndarray) and column.flags.ndim == 2):
            rows = range(max(mask.shape[0] if mask.ndim > 1 else 1, c.shape_of(column)[0] if len(c.shape_of(column)) > 1 else 1))
            checked = [self.within(c.row_of(column, i), mask if mask.ndim == 1 else mask[i]) for i in rows]
            return self.made_weights([x for x, _ in checked], [f for _, f in checked], members, frame, list(rows))
        if not column.scalar and column.num.shape[-1] == 1:
            column = c.spread(column, (*column.num.shape[:-1], self.n))
        column, flag = self.checked(column, mask)
        return self.made_weights([column], [flag], members, frame)

    def within(self, column: Column, mask: Array) -> tuple[Column, int]:
        """Return the weights of one row, zero outside its set, and what they rest on."""
        column, flag = self.checked(column, mask)
        everyone = bool(mask.all())
        return (self.as_members(column) if everyone else c.choose(mask, self.as_members(column), c.ZERO)), flag

    def made_weights(
        self, columns: list[Column], flags: list[int], members: Array | None, frame: Frame, index: list[int] | None = None
    ) -> Weights:
        count = self.n if members is None else len(members)
        keys: list[Array] = []
        for column in columns:
            if frame.prorata:
                column = c.multiply(column, self.presence(frame, frame.prorata))
            keys.extend(integer_weights(column, members, count))
        if index is None and len(keys) > 1:
            index = list(range(len(keys)))
            flags = flags * len(keys)
        return Weights(keys, flags, index if index is not None and len(index) > 1 else None)

    def checked(self, column: Column, mask: Array) -> tuple[Column, int]:
        """Return weights with zero where a member is not concerned, and what they rest on together."""
        if isinstance(column.flags, int):
            return (c.ZERO, 0) if column.flags & STOPPED == NONE else (column.with_flags(0), column.flags & ~NONE)
        marks = np.where(mask, column.flags, np.uint8(0))
        flag = int(np.bitwise_or.reduce((c.origins_of(marks) | (marks & np.uint8(REFUSED))).ravel()))
        if ((marks & NONE) != 0).any():
            column = c.choose((column.flags & NONE) == 0, self.as_members(column), c.ZERO)
        return column.with_flags(0), flag

    def chosen_keys(self, key: Node, mask: Array, members: Array | None, frame: Frame) -> Weights:
        """Return, row by row, the fact that each row names as its key."""
        chosen = self.evaluate(key, frame)
        names = {code: name for name, code in self.codes.items()}
        codes = [int(v) for v in np.atleast_1d(np.asarray(chosen.num)).ravel()]
        marks = [int(v) for v in np.broadcast_to(np.asarray(chosen.flags, np.uint8).reshape(-1), (len(codes),))]
        facts = {
            pair: self.key_fact(names[pair[0]], frame) if not pair[1] & STOPPED else c.ZERO
            for pair in dict.fromkeys(zip(codes, marks, strict=True))
        }
        heights = [
            len(codes),
            *(c.shape_of(x)[0] for x in facts.values() if len(c.shape_of(x)) > 1),
            *mask.shape[: mask.ndim - 1],
        ]
        pairs = list(zip(codes, marks, strict=True)) * (max(heights) if len(codes) == 1 else 1)
        columns: list[Column] = []
        flags: list[int] = []
        index: list[int] = []
        place: dict[tuple[int, int], int] = {}
        for row, pair in enumerate(pairs):
            if pair not in place:
                by_row = len(c.shape_of(facts[pair])) > 1 or mask.ndim > 1
                one, flag = self.within(c.row_of(facts[pair], row), mask if mask.ndim == 1 else mask[row])
                if not by_row:
                    place[pair] = len(columns)
                columns.append(one)
                flags.append(flag | pair[1])
                index.append(len(columns) - 1)
            else:
                index.append(place[pair])
        return self.made_weights(columns, flags, members, frame, index)

    def key_fact(self, name: str, frame: Frame) -> Column:
        """Return the fact that a row names as its key."""
        return self.evaluate(self.plan.key_node(name), frame)

    def blend(self, name: str, mask: Array, members: Array | None, frame: Frame) -> Weights:
        """Return the weights of a key of several components; row by row where they are read at the date of each."""
        drivers = [d for w in self.model.keys[name].weights for d in (w.driver, w.fallback) if d is not None]
        shapes = [mask.shape, *(c.shape_of(self.evaluate(d, frame)) for d in drivers)]
        heights = [shape[0] for shape in shapes if len(shape) > 1]
        if not heights:
            column, flag = self.blended(name, mask, frame)
            return self.made_weights([column], [flag], members, frame)
        rows = range(max(heights))
        found = [self.blended(name, mask if mask.ndim == 1 else mask[i], frame, i) for i in rows]
        return self.made_weights([self.as_members(x) for x, _ in found], [f for _, f in found], members, frame, list(rows))

    def blended(self, name: str, mask: Array, frame: Frame, row: int = 0) -> tuple[Column, int]:
        """Return the weights of a key of several components, each brought to one before they are added."""
        flag = 0
        total: Column | None = None
        for component in self.model.keys[name].weights:
            part: Column = c.number(Fraction(1))
            drivers = [d for d in (component.driver, component.fallback) if d is not None]
            for driver in drivers:
                part, one_flag = self.checked(c.row_of(self.evaluate(driver, frame), row), mask)
                flag |= one_flag
                if flag & REFUSED:
                    return part, flag
                if _any(part, mask):
                    break
            whole = c.total(self.as_members(part), mask)
            if not whole.value():
                return part, REFUSED | flag
            weighted = c.multiply(c.choose(mask, self.as_members(part), c.ZERO), c.number(component.percent / whole.value()))
            total = weighted if total is None else c.add(total, weighted)
        assert total is not None
        return total, flag

    def presence(self, frame: Frame, rule: str) -> Column:
        """Return the part of the exercise each member holds what a line is for."""
        year = self.model.calendar.period(frame.year)
        parts: list[Fraction | None] = []
        for member in self.order:
            if self.tables.members[member].host:
                parts.append(Fraction(1))
                continue
            if not frame.holders:
                who = self.tables.members[member]
                parts.append(presence(Period(who.first or year.first, who.last or year.last), year, rule))
                continue
            held = {id(ch): ch for o in frame.holders for ch in self.reader.held(member, o, frame.year)}
            parts.append(
                min(
                    sum((presence(Period(ch.first, ch.last or year.last), year, rule) for ch in held.values()), Fraction(0)),
                    Fraction(1),
                )
            )
        return c.from_fractions(parts)

    operations = {**History.operations, "share": share}


def _any(weights: Column, mask: Array) -> bool:
    """Tell whether a member of a set has a weight."""
    return bool(np.any((np.asarray(weights.num) != 0) & mask))
