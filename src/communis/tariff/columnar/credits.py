"""Credits by columns: an earlier charge deducted within its window, never below its floor."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.frames import Frame, NotPlanned
from communis.tariff.columnar.lines import Lines
from communis.tariff.columnar.results import ZERO, Amounts, first_stop
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import SIMULATED, Context
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Node


class Credits(Lines):
    """Computes each credit for all members."""

    def credit(self, name: str, year: int) -> Amounts:
        """Return a credit for all members: an earlier charge deducted within its window, never below its floor."""
        rule, typed = self.book.credits[name], self.model.rules[name]
        target = self.amounts(rule.target, None, year)
        marks = np.broadcast_to(np.asarray(target.flags, np.uint8), (self.n,))
        stop: Any = np.where((marks & STOPPED) != 0, np.uint8(NONE), np.uint8(0))
        available, used, origins = self.available(rule, year)
        if rule.once:
            stop = first_stop(stop, np.where(np.asarray(used, bool), np.uint8(NONE), np.uint8(0)))
        unknown = (origins & REFUSED) != 0
        nothing = np.asarray(c.compare(available.with_flags(0), c.ZERO, "≤").num) & ~unknown
        stop = first_stop(stop, np.where(nothing, np.uint8(NONE), np.uint8(0)))
        if typed.condition is not None:
            stop = first_stop(stop, self.unmet(self.evaluate(typed.condition, self.frame(year))))
        stop = first_stop(stop, np.where(unknown, np.uint8(REFUSED), np.uint8(0)))
        deducted = available.with_flags(0)
        if rule.floor is not None:
            before = self.before_credit(rule, target, year)
            room = c.least(c.subtract(before, c.number(rule.floor.value)), c.ZERO, greatest=True)
            deducted = c.least(deducted, room)
        amount = self.as_members(c.negate(deducted))
        flags = np.where(stop != 0, stop, (marks | origins) & ~np.uint8(STOPPED))
        return Amounts(amount, flags, {self.book.lines[rule.target].section or "fonctionnement": amount})

    def before_credit(self, rule: r.Credit, target: Amounts, year: int) -> Column:
        """Return what is left of the target once the credits written before this one are deducted."""
        before = self.as_members(target.total.with_flags(0))
        for name, other in self.book.credits.items():
            if name == rule.name:
                break
            if other.target == rule.target:
                earlier = self.amounts(name, None, year)
                there = (np.broadcast_to(np.asarray(earlier.flags, np.uint8), (self.n,)) & STOPPED) == 0
                before = c.add(before, c.choose(there, self.as_members(earlier.total.with_flags(0)), c.ZERO))
        return before

    def available(self, rule: r.Credit, year: int) -> tuple[Column, list[Fraction], Array]:
        """Return what each member may deduct, what it deducted before, and what that rests on."""
        ledger = self.ledger
        years = {year}
        typed = self.model.rules[rule.source]
        when: list[int] = [year] * self.n
        if typed.once is not None:
            event = self.as_members(self.evaluate(typed.once, self.frame(year)))
            marks = np.broadcast_to(np.asarray(event.flags, np.uint8), (self.n,))
            when = [
                min(self.model.calendar.year_of(date.fromordinal(int(d))), year) if not m & STOPPED else year
                for d, m in zip(event.num, marks, strict=True)
            ]
            years |= set(when)
        computed = {y: self.amounts(rule.source, None, y) for y in sorted(years)}
        totals: list[Fraction | None] = []
        used: list[Fraction] = []
        origins = np.zeros(self.n, np.uint8)
        for position, member in enumerate(self.order):
            total, spent, mark = self.one_available(ledger, rule, member, position, year, {year, when[position]}, computed)
            totals.append(total - spent)
            used.append(spent)
            origins[position] = mark
        return c.from_fractions(totals), used, origins

    def one_available(
        self, ledger: Ledger, rule: r.Credit, member: int, position: int, year: int, years: set[int], computed: dict[int, Amounts]
    ) -> tuple[Fraction, Fraction, int]:
        total, mark = ZERO, 0
        issued = ledger.issued_years(member, rule.source, year)
        for past in issued:
            found = ledger.issued(member, past, rule.source, None)
            if found is not None:
                total, mark = total + found[0], mark | found[1] * ORIGIN
        for current in years - set(issued):
            amounts = computed[current]
            flag = int(np.broadcast_to(np.asarray(amounts.flags, np.uint8), (self.n,))[position])
            if flag & REFUSED:
                mark |= REFUSED
            elif not flag & NONE:
                total += self.as_members(amounts.total).value(position)
                mark |= flag | (SIMULATED * ORIGIN if current < year else 0)
        return total, ledger.used_before(member, rule.name, year), mark

    def net(self, node: Node, frame: Frame) -> Column:
        name, offer, year, of = node.data
        if of is not None or frame.base is not None:
            raise NotPlanned("a net amount of another member or at an event")
        wanted = self.reader.year(year, Context(frame.year))
        line = self.amounts(name, (offer or frame.offer) if self.book.lines[name].offers is not None else None, wanted)
        total, flags = self.as_members(line.total.with_flags(0)), line.flags
        for credit, rule in self.book.credits.items():
            if rule.target == name:
                total, flags = self.plus(total, flags, self.amounts(credit, None, wanted))
        for limit, limit_rule in self.book.limits.items():
            if limit_rule.lines == (name,):
                total, flags = self.plus(total, flags, self.amounts(limit, None, wanted))
        own = np.broadcast_to(np.asarray(line.flags, np.uint8), (self.n,))
        return total.with_flags(np.where((own & STOPPED) != 0, own, flags))

    def plus(self, total: Column, flags: Any, other: Amounts) -> tuple[Column, Any]:
        """Add what is there; a refusal refuses, « sans objet » adds nothing."""
        marks = np.broadcast_to(np.asarray(other.flags, np.uint8), (self.n,))
        there = (marks & STOPPED) == 0
        added = c.choose(there, self.as_members(other.total.with_flags(0)), c.ZERO)
        kept = np.where((marks & NONE) != 0, np.uint8(0), marks)
        return c.add(total, added), c.either(flags, kept)

    operations = {**Lines.operations, "net": net}
