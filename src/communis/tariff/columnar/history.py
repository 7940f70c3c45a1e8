"""Other exercises, by columns: facts of a year, amounts issued under a line, sums and means of several years."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, STOPPED, Column
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.members import Members
from communis.tariff.interpreter.values import Context, Value
from communis.tariff.meaning.formulas import is_money
from communis.tariff.meaning.tree import MEMBER, Node


class History(Members):
    """Reads what other exercises gave."""

    def past(self, node: Node, frame: Frame) -> Column:
        kind, name, offer, year, of = node.data
        return self.past_year(node, (kind, name, offer, of), self.reader.year(year, Context(frame.year)), frame)

    def past_year(self, node: Node, what: tuple[str, str, str | None, str | None], year: int, frame: Frame) -> Column:
        kind, name, offer, of = what
        given = self.columns.get((name, year))
        if given is not None and of is None:
            return c.from_ints(given, 100 if is_money(node.type) else 1)

        def read(member: int | None) -> Value:
            return self.exact.past_value(kind, name, offer or frame.offer, year, member, node)

        if MEMBER not in node.axes:
            return self.single(read(self.tables.host if of == "host" else None), node.type)
        members = [self.tables.members[m].parent if of == "parent" else m for m in self.order]
        return self.encoded([read(m) if m is not None else Value("refused") for m in members], node.type)

    def years(self, node: Node, frame: Frame) -> Column:
        """Add or average the values of several exercises; those that miss are set aside where the tariff says so."""
        (kind, name, offer, _, of), window, how, skip = node.data
        listed = self.exact.window(window, Context(frame.year))
        if not listed:
            return c.stopped(REFUSED)
        found = [self.past_year(node, (kind, name, offer, of), year, frame) for year in listed]
        if skip and all(x.scalar for x in found):
            found = [x for x in found if not c.all_flags(x.flags) & STOPPED]
            if not found:
                return c.stopped(NONE)
        if not skip or all(isinstance(x.flags, int) and not x.flags & STOPPED for x in found):
            result = found[0]
            for column in found[1:]:
                result = c.add(result, column)
            return c.multiply(result, c.number(Fraction(1, len(found)))) if how == "mean" else result
        there = [(np.broadcast_to(np.asarray(x.flags, np.uint8), (self.n,)) & STOPPED) == 0 for x in found]
        counted = sum(t.astype(np.int64) for t in there)
        zero = c.ZERO
        result = zero
        for column, present in zip(found, there, strict=True):
            result = c.add(result, c.choose(present, self.as_members(column), zero))
        flags = c.either(result.flags, np.where(counted == 0, np.uint8(NONE), np.uint8(0)))
        if how == "mean":
            every = 1
            for k in range(2, len(found) + 1):
                every = every * k // np.gcd(every, k)
            factors = np.array([0, *(every // k for k in range(1, len(found) + 1))], np.int64)
            result = c.multiply(result, Column(factors[counted], int(every), 0, int(every)))
        return result.with_flags(flags)

    operations = {**Members.operations, "past": past, "years": years}
