"""Limits by columns: caps, floors and collars over all members, and who bears what they move."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.credits import Credits
from communis.tariff.columnar.results import CENT, ZERO, Amounts, Bounded, first_stop
from communis.tariff.columnar.stops import Stops
from communis.tariff.interpreter.limits import bearing_weights
from communis.tariff.interpreter.values import Context
from communis.tariff.meaning.tree import Node
from communis.tariff.sharing import shared, whole_weights


class Limits(Credits):
    """Computes each limit once a run."""

    bounds: dict[tuple[str, int], Bounded]

    def limit(self, name: str, year: int) -> Bounded:
        key = (name, year)
        if key not in self.bounds:
            self.bounds[key] = LimitColumns(self, name, year).run()
        return self.bounds[key]


class LimitColumns:
    """One limit over one exercise, for all members."""

    def __init__(self, sheet: Stops, name: str, year: int) -> None:
        self.sheet, self.name, self.year = sheet, name, year
        self.rule, self.typed = sheet.book.limits[name], sheet.model.rules[name]
        self.frame = sheet.frame(year)
        self.host = ZERO

    def run(self) -> Bounded:
        sheet = self.sheet
        base, marks = self.base()
        outside = np.where(sheet.participants(self.year), np.uint8(0), np.uint8(NONE))
        stop: Any = first_stop(outside, np.zeros(sheet.n, np.uint8))
        if self.typed.condition is not None:
            unmet = sheet.unmet(sheet.evaluate(self.typed.condition, self.frame))
            if self.rule.on_total and unmet.any():
                return Bounded(self.made(sheet.as_members(c.ZERO), first_stop(stop, unmet)))
            stop = first_stop(stop, unmet)
        stop = first_stop(stop, marks & np.uint8(STOPPED))
        return self.whole(base, marks, stop) if self.rule.on_total else self.each(base, marks, stop)

    def base(self) -> tuple[Column, Array]:
        """Add the lines a limit bears on; a refused line refuses the limit, no line at all leaves it without object."""
        sheet = self.sheet
        total = sheet.as_members(c.ZERO)
        refused = np.zeros(sheet.n, bool)
        found = np.zeros(sheet.n, bool)
        origins = np.zeros(sheet.n, np.uint8)
        for name in self.rule.lines or sheet.book.lines:
            line = sheet.book.lines[name]
            if not self.rule.lines and line.section != self.rule.section and not line.section_of:
                continue
            for key in sheet.keys(name):
                amounts = sheet.amounts(*key, self.year)
                marks = np.broadcast_to(np.asarray(amounts.flags, np.uint8), (sheet.n,))
                there = (marks & STOPPED) == 0
                refused |= (marks & REFUSED) != 0
                found |= there
                origins |= np.where(there, marks, np.uint8(0))
                part = amounts.total if self.rule.lines else amounts.sections.get(self.rule.section)
                if part is not None:
                    part = sheet.as_members(part.with_flags(0))
                    total = c.add(total, part if there.all() else c.choose(there, part, c.ZERO))
        return total, np.where(refused, np.uint8(REFUSED), np.where(found, np.uint8(0), np.uint8(NONE))) | origins

    def bound(self, node: Node | None) -> tuple[Column, Any, Any] | None:
        """Return a limit rounded to the cent, where there is none, and where it is refused."""
        if node is None:
            return None
        value = self.sheet.evaluate(node, self.frame)
        rounding = self.sheet.book.header.rounding
        bound = c.rounded(value, CENT, rounding.mode if rounding else "half_up")
        marks = (
            np.broadcast_to(np.asarray(value.flags, np.uint8), (self.sheet.n,))
            if not self.rule.on_total
            else np.asarray(value.flags, np.uint8)
        )
        stopped = (marks & STOPPED) != 0
        if not self.rule.else_none:
            return bound.with_flags(0), np.zeros_like(stopped), stopped
        refused = self.refused_for_good(node, marks)
        return bound.with_flags(0), stopped & ~refused, refused

    def refused_for_good(self, node: Node, marks: Any) -> Any:
        """Tell which refusals of a limit are not merely a missing fact, which « à défaut sans plafond » excuses."""
        refused = np.asarray((marks & REFUSED) != 0)
        if not refused.any():
            return refused
        result = refused.reshape(-1).copy()
        for position in np.flatnonzero(result):
            member = None if self.rule.on_total else self.sheet.order[int(position)]
            value = self.sheet.exact.evaluate(node, Context(self.year, member))
            if all(reason.kind == "missing" for reason in value.reasons):
                result[position] = False
        return result.reshape(refused.shape)

    def each(self, base: Column, marks: Array, stop: Any) -> Bounded:
        sheet = self.sheet
        zero = sheet.as_members(c.ZERO)
        self.outside = np.broadcast_to(np.asarray(stop != 0), (sheet.n,))
        most, least = self.bound(self.typed.at_most), self.bound(self.typed.at_least)
        for found in (most, least):
            if found is not None:
                stop = first_stop(stop, np.where(found[2], np.uint8(REFUSED), np.uint8(0)))
        there = stop == 0
        cut = self.gap(base, most, zero, there, above=True)
        added = self.gap(base, least, zero, there, above=False)
        origins = marks & ~np.uint8(STOPPED)
        for node in (self.typed.at_most, self.typed.at_least):
            if node is not None:
                flags = np.asarray(sheet.evaluate(node, self.frame).flags, np.uint8)
                origins = origins | np.where((flags & STOPPED) == 0, c.origins_of(flags), np.uint8(0))
        amount = c.subtract(added, cut)
        self.stop, self.origins = np.broadcast_to(np.asarray(stop, np.uint8), (sheet.n,)), origins
        self.owed = base
        amount = self.bear(amount, cut, self.typed.excess, most, 1)
        amount = self.bear(amount, added, self.typed.shortfall, None, -1)
        moved = c.compare(amount, c.ZERO, "≠").num | c.compare(cut, c.ZERO, "≠").num | c.compare(added, c.ZERO, "≠").num
        flags = np.where(self.stop != 0, self.stop, np.where(moved, self.origins, np.uint8(NONE)))
        return Bounded(self.made(amount, flags), self.host)

    def gap(self, base: Column, bound: tuple[Column, Any, Any] | None, zero: Column, there: Any, *, above: bool) -> Column:
        """Return what is above a limit, or missing below it."""
        if bound is None:
            return zero
        difference = c.subtract(base, bound[0]) if above else c.subtract(bound[0], base)
        gap = c.least(difference, c.ZERO, greatest=True)
        kept = there & ~bound[1]
        return gap if np.all(kept) else c.choose(kept, self.sheet.as_members(gap), c.ZERO)

    def made(self, amount: Column, flags: Any) -> Amounts:
        lines = self.sheet.book.lines
        section = self.rule.section or next((lines[n].section for n in self.rule.lines if lines[n].section), "fonctionnement")
        return Amounts(amount, flags, {section: amount})

    def bearer(self, bearers: Any) -> Any:
        """Return who bears what a limit moves, or REFUSED when that cannot be known."""
        for typed in bearers:
            if typed.condition is None:
                return typed
            value = self.sheet.exact.evaluate(typed.condition, Context(self.year))
            if value.refused:
                return REFUSED
            if value.is_amount and value.value:
                return typed
        return None

    def bear(self, amount: Column, moved: Column, bearers: Any, caps: tuple[Column, Any, Any] | None, sign: int) -> Column:
        """Give what a limit moved to the host, or to the other members by a key, each within its own limit."""
        whole = c.total(moved.with_flags(0)).value() if not moved.scalar else moved.value()
        if not whole:
            return amount
        typed = self.bearer(bearers)
        if typed == REFUSED:
            self.refuse(~self.outside)
            return amount
        if typed is None or typed.bearer.who == "host":
            self.host += sign * whole
            return amount
        if typed.bearer.who == "member":
            return amount
        return self.borne_by_others(amount, moved, (typed.key, caps), whole, sign)

    def refuse(self, where: Array) -> None:
        """Refuse the limit of members whose part cannot be known."""
        self.stop = np.where(where, np.uint8(REFUSED), self.stop)

    def borne_by_others(self, amount: Column, moved: Column, by: tuple[Node, Any], left: Fraction, sign: int) -> Column:
        key, caps = by
        full = np.asarray(c.compare(moved, c.ZERO, "≠").num)
        source = int(np.bitwise_or.reduce(np.where(full, self.origins, np.uint8(0))))
        values = list(c.widened(self.sheet.as_members(amount)))
        room = c.widened(self.sheet.as_members(caps[0])) if caps is not None else None
        bases = c.widened(self.sheet.as_members(self.owed))
        unknown = bool((self.stop & REFUSED).any())
        while left:
            able = ~self.outside & ~full
            positions = [int(p) for p in np.flatnonzero(able)]
            weights, flags, bad = bearing_weights(self.sheet.exact, key, [self.sheet.order[p] for p in positions], self.year)
            if unknown or bad is not None:
                self.refuse(able)
                return c.from_fractions(values)
            if not positions or not sum(weights):
                break
            cents = int(left / CENT)
            left -= cents * CENT
            for position, part in zip(positions, shared(cents, whole_weights(weights)), strict=True):
                wanted = part * CENT * sign
                taken = wanted
                if room is not None and caps is not None and not caps[1][position]:
                    taken = min(wanted, room[position] - bases[position] - values[position]) if wanted > 0 else wanted
                if taken != wanted:
                    full = full.copy()
                    full[position] = True
                if taken:
                    self.origins = self.origins.copy()
                    self.origins[position] |= source | flags * ORIGIN
                values[position] += taken
                left += sign * (wanted - taken)
            if not cents:
                break
        self.host += sign * left
        return c.from_fractions(values)

    def whole(self, base: Column, marks: Array, stop: Any) -> Bounded:
        """Limit the sum of all members, each moved in proportion to its own base."""
        sheet = self.sheet
        most, least = self.bound(self.typed.at_most), self.bound(self.typed.at_least)
        inside = sheet.participants(self.year)
        refused = ((marks & REFUSED) != 0) & inside
        problem = any(found is not None and bool(np.any(found[2])) for found in (most, least))
        there = (stop == 0) & inside
        bases = [v if t else ZERO for v, t in zip(c.widened(base), there, strict=True)]
        total = sum(bases, ZERO)
        moved = ZERO
        if most is not None and not most[1].any() and total > most[0].value():
            moved = most[0].value() - total
        elif least is not None and not least[1].any() and total < least[0].value():
            moved = least[0].value() - total
        positions = [p for p, v in enumerate(bases) if v]
        unfit = bool(moved) and bool(there.any()) and (not positions or min(bases) < 0)
        if refused.any() or problem or unfit:
            flags = np.where(inside, np.uint8(REFUSED), np.uint8(NONE))
            return Bounded(self.made(sheet.as_members(c.ZERO), flags))
        values = [ZERO] * sheet.n
        flags = np.full(sheet.n, NONE, np.uint8)
        if moved and positions:
            origins = int(np.bitwise_or.reduce(np.where(inside, marks, np.uint8(0)))) & ~STOPPED
            for node in (self.typed.at_most, self.typed.at_least):
                if node is not None:
                    value = sheet.evaluate(node, self.frame)
                    origins |= c.origins_of(value.flags) if isinstance(value.flags, int) else 0
            cents = int(moved / CENT)
            for position, part in zip(positions, shared(cents, whole_weights([bases[p] for p in positions])), strict=True):
                values[position], flags[position] = part * CENT, origins
            self.host -= cents * CENT
        return Bounded(self.made(c.from_fractions(values), flags), self.host)
