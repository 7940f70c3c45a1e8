"""What all members owe at once: the lines, credits, limits and allowances of `ledger`, by columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.vector import Frame, NotPlanned, Vector
from communis.tariff.interpreter.ledger import (
    READINGS_OF_COUNTING,
    READINGS_OF_PRORATA,
    WAYS,
    Ledger,
    bearing_weights,
    consumed,
    includes_host,
)
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, SIMULATED, Context
from communis.tariff.interpreter.values import REFUSED as REFUSED_OUTCOME
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import SECTION, Node, TypedRule
from communis.tariff.sharing import shared, whole_weights

Cells = Mapping[tuple[str, int, int], Fraction]
CENT = Fraction(1, 100)
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class LineShape:
    """What a plan knows of a line before any member: its rounding, and what it depends on."""

    rule: r.Line
    typed: TypedRule
    step: Fraction | None
    mode: str
    shares: bool
    dated: bool
    moving: bool


@dataclass(slots=True)
class Amounts:
    """What a line gives all members, in the order that breaks ties: amounts, flags, and the amounts by section."""

    total: Column
    flags: Any
    sections: dict[str, Column] = field(default_factory=dict)


class Sheet(Vector):
    """A prepared plan: call `run` for each set of figures."""

    def run(self, cells: Cells | None = None, lines: tuple[str, ...] | None = None) -> Computed:
        """Compute lines for all members with the figures of the convention, or others in their place.

        `cells` gives, by (name, period, class), the price of a class or (name, 0, rank) the value of a parameter, in base
        units; `lines` restricts what is computed. Raises NotPlanned for a shape that only the interpreter evaluates.
        """
        self.cells = cells or {}
        for frame in (*self.frames.values(), *self.special):
            frame.run_memo.clear()
        self.lines: dict[tuple[str, str | None, int], Amounts] = {}
        self.bounds: dict[tuple[str, int], Bounded] = {}
        self.drawings: dict[tuple[str, int], Drawing] = {}
        if self.exact.ledger is None:
            Ledger(self.exact)
        wanted = lines if lines is not None else (*self.book.lines, *self.book.credits, *self.book.limits)
        return Computed(self, {key: self.amounts(*key, self.year) for name in wanted for key in self.keys(name)})

    def stopped_at(self, flags: Array) -> Array:
        """Return where flags stop an amount; kept for the flags that do not change from one run to the next."""
        key = ("stopped", id(flags))
        found = self.kept.get(key)
        if found is None or found[0] is not flags:
            found = (flags, np.flatnonzero((flags & STOPPED) != 0))
            self.kept[key] = found
        return found[1]

    def keys(self, name: str) -> list[tuple[str, str | None]]:
        rule = self.book.lines.get(name)
        if rule is None or rule.offers is None:
            return [(name, None)]
        return [(name, offer) for offer in self.model.rules[name].offers]

    def amounts(self, name: str, offer: str | None, year: int) -> Amounts:
        key = (name, offer, year)
        if key not in self.lines:
            if name in self.book.lines:
                self.lines[key] = self.decided(name, offer, year, self.line(name, offer, year))
            elif name in self.book.credits:
                self.lines[key] = self.credit(name, year)
            else:
                self.lines[key] = self.limit(name, year).amounts
        return self.lines[key]

    # ------------------------------------------------------------ lines

    def line(self, name: str, offer: str | None, year: int) -> Amounts:
        shape = self.plan.line(name)
        rule, typed = shape.rule, shape.typed
        holders = (offer,) if offer else typed.holders
        frame = self.line_frame(shape, offer, year, holders)
        stop = self.stops(shape, frame, year, holders)
        exempt = self.exempt(typed, frame)
        if typed.once is not None:
            if exempt is not None:
                stop = _first(stop, np.where(exempt[0] == 2, np.uint8(REFUSED), np.uint8(0)))
            stop = _first(stop, self.event_stop(typed, frame, year))
            frame = self.event_frame(typed, frame, year, holders)
        prorata = self.prorata(rule)
        found = (
            self.row_line(rule, typed, frame)
            if rule.rows is not None
            else self.single_line(shape, frame, prorata or "none", holders)
        )
        found = self.with_exempt(found, exempt, rule)
        found = self.stopped_where(found, stop)
        found = self.adjusted(rule, offer, year, found) if rule.adjusts else found
        found = self.with_choices(found, holders, year)
        return self.stopped_where(found, self.unpaid(typed, frame, found)) if typed.payers else found

    def with_choices(self, found: Amounts, holders: tuple[str, ...], year: int) -> Amounts:
        """Mark the amounts that rest on made-up choices only."""
        if not holders or not self.reader.made_up:
            return found
        made_up = np.array([self.reader.holding_flags(m, holders, year) * ORIGIN for m in self.order], np.uint8)
        marks = np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,))
        return Amounts(found.total, np.where((marks & STOPPED) == 0, marks | made_up, marks), found.sections)

    def unpaid(self, typed: TypedRule, frame: Frame, found: Amounts) -> Array:
        """Return a refusal where a line is due and one cannot tell who pays it in the place of the member."""
        due = (np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)) & STOPPED) == 0
        stop = np.zeros(self.n, np.uint8)
        open_to = due.copy()
        for who, node in typed.payers:
            condition = self.evaluate(node, frame) if node is not None else Column(True)
            marks = c.marks_of(condition, (self.n,))
            unknown = (marks & REFUSED) != 0
            holds = np.asarray(condition.num, bool) & ((marks & STOPPED) == 0)
            nobody = np.array([self.whose(who, member) is None for member in self.order])
            stop = np.where(open_to & (unknown | (holds & nobody)), np.uint8(REFUSED), stop)
            open_to = open_to & ~holds & ~unknown
        return stop

    def stops(self, shape: LineShape, frame: Frame, year: int, holders: tuple[str, ...]) -> Any:
        """Return the flag that stops the line for each member, or 0 for all, in the order in which the ledger looks at causes."""
        rule, typed = shape.rule, shape.typed
        key = ("stops", rule.name, frame.offer, year)
        if key in self.kept and not shape.moving:
            return self.kept[key]
        nodes = [self.model.rules[name].condition for name in self.plan.refusals(holders)]
        nodes.append(typed.condition if not typed.register else None)
        assert self.exact.ledger is not None
        force = self.exact.ledger.out_of_force(rule, year)
        stop: Any = np.full(self.n, 0 if force is None else REFUSED if force.refused else NONE, np.uint8)
        stop = _first(stop, self.absence(typed, year, holders))
        stop = _first(stop, self.barred(holders, year))
        for node in nodes[:-1]:
            assert node is not None
            stop = _first(stop, np.where(self.roster.hosts, np.uint8(0), self.refusing(self.evaluate(node, frame))))
        if self.prorata(rule) is None:
            stop = _first(stop, np.uint8(REFUSED))
        unadjusted = self.exact.ledger.not_adjusted(rule)
        if unadjusted is not None:
            stop = _first(stop, np.uint8(REFUSED if unadjusted.refused else NONE))
        if nodes[-1] is not None:
            stop = _first(stop, self.unmet(self.evaluate(nodes[-1], frame)))
        self.kept[key] = stop if stop.any() else 0
        return self.kept[key]

    def refusing(self, condition: Column) -> Any:
        """Return a refusal where a condition holds or cannot be known."""
        marks = np.asarray(condition.flags, np.uint8)
        true = np.asarray(condition.num, bool) & ((marks & STOPPED) == 0)
        return np.where(true | ((marks & REFUSED) != 0), np.uint8(REFUSED), np.uint8(0))

    def unmet(self, condition: Column) -> Any:
        """Return a refusal where a condition cannot be known, « sans objet » where it does not hold."""
        marks = np.asarray(condition.flags, np.uint8)
        true = np.asarray(condition.num, bool) & ((marks & STOPPED) == 0)
        return np.where((marks & REFUSED) != 0, np.uint8(REFUSED), np.where(true, np.uint8(0), np.uint8(NONE)))

    def absence(self, typed: TypedRule, year: int, holders: tuple[str, ...]) -> Array:
        """Return « sans objet » for whom the line is not: absent, not holding the offer, or the host outside the sets."""
        hosts = self.roster.hosts
        stop = np.where(self.existing(year), np.uint8(0), np.uint8(NONE))
        apart = np.uint8(0) if typed.formula is not None and includes_host(typed.formula) else np.uint8(NONE)
        stop = _first(stop, np.where(hosts, apart, np.uint8(0)))
        if holders:
            holding = np.logical_or.reduce([self.held(o, year) for o in holders])
            stop = _first(stop, np.where(holding | hosts, np.uint8(0), np.uint8(NONE)))
        found: Array = stop
        return found

    def barred(self, holders: tuple[str, ...], year: int) -> Array:
        """Return a refusal where the rules of composition are broken by an offer held."""
        stop = np.zeros(self.n, np.uint8)
        assert self.exact.ledger is not None
        for offer in holders:
            rules = [self.book.offers[o] for o in self.reader.included(offer)]
            if not any(o.requires or o.excludes or o.announced or o.opened or o.name in self.model.reserved for o in rules):
                continue
            for position in np.flatnonzero(self.held(offer, year)):
                member = self.order[int(position)]
                if not self.tables.members[member].host and self.exact.ledger.composition(member, offer, year):
                    stop[position] = REFUSED
        return stop

    def line_frame(self, shape: LineShape, offer: str | None, year: int, holders: tuple[str, ...]) -> Frame:
        """Return the frame of a line; one of its own when something is read at the effect or the decision of what is held."""
        frame = self.frame(year, offer)
        if not holders or not shape.dated:
            return frame
        key = ("held frame", year, offer, holders)
        if key not in self.kept:
            self.kept[key] = Frame(year, offer, holders=holders, base=frame)
            self.special.append(self.kept[key])
        found: Frame = self.kept[key]
        return found

    def exempt(self, typed: TypedRule, frame: Frame) -> tuple[Any, Any] | None:
        """Return where a line is exempt, and where that cannot be known."""
        if not typed.exempt:
            return None
        true: Any = np.zeros(self.n, bool)
        refusing: Any = np.zeros(self.n, bool)
        origins: Any = np.zeros(self.n, np.uint8)
        for node, _ in typed.exempt:
            condition = self.evaluate(node, frame)
            marks = np.broadcast_to(np.asarray(condition.flags, np.uint8), (self.n,))
            refused = ((marks & REFUSED) != 0) & ~true
            hit = np.asarray(condition.num, bool) & ((marks & STOPPED) == 0) & ~refusing & ~true
            refusing = refusing | refused
            origins = np.where(hit, marks, origins)
            true = true | hit
        return np.where(true, np.uint8(1), np.where(refusing, np.uint8(2), np.uint8(0))), origins

    def with_exempt(self, found: Amounts, exempt: tuple[Any, Any] | None, rule: r.Line) -> Amounts:
        if exempt is None:
            return found
        state, origins = exempt
        free = state == 1
        flags = np.where(
            free, origins, np.where(state == 2, np.uint8(REFUSED), np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)))
        )
        zero = c.number(_ZERO)
        sections = {k: c.choose(free, zero, self.as_members(v.with_flags(0))) for k, v in found.sections.items()}
        sections.setdefault(rule.section or "fonctionnement", c.choose(free, zero, self.as_members(zero)))
        return Amounts(c.choose(free, zero, self.as_members(found.total.with_flags(0))), flags, sections)

    def event_stop(self, typed: TypedRule, frame: Frame, year: int) -> Array:
        """Return « sans objet » where the event of a line has no date or lies in another exercise."""
        assert typed.once is not None
        event = self.evaluate(typed.once, frame)
        period = self.model.calendar.period(year)
        marks = np.broadcast_to(np.asarray(event.flags, np.uint8), (self.n,)) & np.uint8(STOPPED)
        inside = (event.num >= period.first.toordinal()) & (event.num <= period.last.toordinal())
        first = self.book.header.first
        early = np.uint8(REFUSED) if first is not None and period.first < first else np.uint8(0)
        before = np.where(event.num < first.toordinal(), early, np.uint8(0)) if first is not None else np.uint8(0)
        return np.where(marks != 0, marks, np.where(inside, before, np.uint8(NONE)))

    def event_frame(self, typed: TypedRule, frame: Frame, year: int, holders: tuple[str, ...]) -> Frame:
        assert typed.formula is not None and typed.once is not None
        if not self.plan.dated(typed.formula):
            return frame
        event = self.as_members(self.evaluate(typed.once, frame))
        marks = np.broadcast_to(np.asarray(event.flags, np.uint8), (self.n,))
        events: list[date | None] = [
            date.fromordinal(int(d)) if not m & STOPPED else None for d, m in zip(event.num, marks, strict=True)
        ]
        made = Frame(year, frame.offer, events=events, holders=holders, base=frame.base or frame)
        self.special.append(made)
        return made

    def prorata(self, rule: r.Line) -> str | None:
        chosen = rule.prorata or self.book.header.prorata
        if chosen.kind != "by_reading":
            return chosen.kind
        reading = self.reader.reading(chosen.reading)
        return READINGS_OF_PRORATA.get(reading) if reading is not None else None

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
            return Amounts(amount, amount.flags, {rule.section: amount})
        return self.in_sections(amount, self.evaluate(typed.section_of, frame))

    def in_sections(self, amount: Column, where: Column) -> Amounts:
        """Put each member’s amount in the section it has."""
        marks, flags = c.marks_of(where, (self.n,)), c.marks_of(amount, (self.n,))
        flags = np.where((flags & STOPPED) != 0, flags, flags | (marks & np.uint8(STOPPED)))
        sections = {
            name: c.choose(
                np.broadcast_to(np.asarray(where.num == self.code(name)), (self.n,)), self.as_members(amount), c.number(_ZERO)
            )
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

    def stopped_where(self, found: Amounts, stop: Any) -> Amounts:
        if isinstance(stop, int) or not stop.any():
            return found
        flags = np.where(stop != 0, stop, np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)))
        return Amounts(found.total, flags, found.sections)

    def adjusted(self, rule: r.Line, offer: str | None, year: int, found: Amounts) -> Amounts:
        """Make a final amount the difference with what was issued under a line, in the ways declared."""
        assert self.exact.ledger is not None
        ways = self.exact.ledger.ways(rule)
        there = (np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)) & STOPPED) == 0
        if ways is None or ways == "never":
            return found
        of_offer = offer if self.book.lines[rule.adjusts].offers is not None else None
        paid = [self.exact.ledger.issued(m, year, rule.adjusts, of_offer) for m in self.order]
        marks = np.array([REFUSED if p is None else p[1] * ORIGIN for p in paid], np.uint8)
        column = c.from_fractions([p[0] if p is not None else None for p in paid])
        difference = c.subtract(self.as_members(found.total.with_flags(0)), column)
        upward, downward = WAYS[ways]
        zero = c.number(_ZERO)
        if not upward:
            difference = c.least(difference, zero)
        if not downward:
            difference = c.least(difference, zero, greatest=True)
        old = np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,))
        flags = np.where(there, old | marks, old)
        section = rule.section or "fonctionnement"
        return Amounts(difference, flags, {section: difference})

    def decided(self, name: str, offer: str | None, year: int, found: Amounts) -> Amounts:
        """Put the amounts set by acts where the interpreter accepts them."""
        decisions = [d for d in self.tables.decisions if (d.line, d.year, d.offer) == (name, year, offer)]
        if not decisions:
            return found
        assert self.exact.ledger is not None
        section = self.book.lines[name].section or "fonctionnement"
        column, flags = (
            c.widened(self.as_members(found.total)),
            np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)).copy(),
        )
        column = column.copy()
        sections = {k: c.widened(self.as_members(v)).copy() for k, v in ({section: c.number(_ZERO)} | found.sections).items()}
        for decision in decisions:
            exact = self.exact.ledger.line(name, decision.member, year, offer)
            if exact.decision is not None and exact.outcome == AMOUNT:
                position = int(self.rank[decision.member])
                column[position], flags[position] = decision.amount, exact.flags * ORIGIN
                for key, values in sections.items():
                    values[position] = decision.amount if key == section else _ZERO
        return Amounts(c.from_fractions(list(column)), flags, {k: c.from_fractions(list(v)) for k, v in sections.items()})

    # ------------------------------------------------------------ credits

    def credit(self, name: str, year: int) -> Amounts:
        """Return a credit for all members: an earlier charge deducted within its window, never below its floor."""
        rule, typed = self.book.credits[name], self.model.rules[name]
        target = self.amounts(rule.target, None, year)
        marks = np.broadcast_to(np.asarray(target.flags, np.uint8), (self.n,))
        stop: Any = np.where((marks & STOPPED) != 0, np.uint8(NONE), np.uint8(0))
        if typed.condition is not None:
            stop = _first(stop, self.unmet(self.evaluate(typed.condition, self.frame(year))))
        available, used, origins = self.available(rule, year)
        if rule.once:
            stop = _first(stop, np.where(np.asarray(used, bool), np.uint8(NONE), np.uint8(0)))
        stop = _first(stop, np.where((origins & REFUSED) != 0, np.uint8(REFUSED), np.uint8(0)))
        nothing = c.compare(available.with_flags(0), c.number(_ZERO), "≤").num
        stop = _first(stop, np.where(nothing, np.uint8(NONE), np.uint8(0)))
        before = self.as_members(target.total.with_flags(0))
        for other_name, other in self.book.credits.items():
            if other_name == name:
                break
            if other.target == rule.target:
                earlier = self.amounts(other_name, None, year)
                there = (np.broadcast_to(np.asarray(earlier.flags, np.uint8), (self.n,)) & STOPPED) == 0
                before = c.add(before, c.choose(there, self.as_members(earlier.total.with_flags(0)), c.number(_ZERO)))
        deducted = available.with_flags(0)
        if rule.floor is not None:
            room = c.least(c.subtract(before, c.number(rule.floor.value)), c.number(_ZERO), greatest=True)
            deducted = c.least(deducted, room)
        amount = self.as_members(c.negate(deducted))
        flags = np.where(stop != 0, stop, (marks | origins) & ~np.uint8(STOPPED))
        return Amounts(amount, flags, {self.book.lines[rule.target].section or "fonctionnement": amount})

    def available(self, rule: r.Credit, year: int) -> tuple[Column, list[Fraction], Array]:
        """Return what each member may deduct, what it deducted before, and what that rests on."""
        assert self.exact.ledger is not None
        ledger = self.exact.ledger
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
        total, mark = _ZERO, 0
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
        added = c.choose(there, self.as_members(other.total.with_flags(0)), c.number(_ZERO))
        kept = np.where((marks & NONE) != 0, np.uint8(0), marks)
        return c.add(total, added), c.either(flags, kept)

    # ------------------------------------------------------------ limits

    def limit(self, name: str, year: int) -> Bounded:
        key = (name, year)
        if key not in self.bounds:
            self.bounds[key] = LimitColumns(self, name, year).run()
        return self.bounds[key]

    # ------------------------------------------------------------ allowances

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
        result.left = opening.value() - sum((inside for inside, _, _ in result.taken.values()), _ZERO)
        return result

    def with_carry(self, name: str, rule: r.Allowance, year: int, opening: Column) -> Column:
        """Add what the exercise before left, up to what may be carried over."""
        assert self.exact.ledger is not None
        most = self.exact.ledger.most_carried(rule, year)
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
                left[pot_of[member]] = left.get(pot_of[member], _ZERO) + value
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

    def billed(self, name: str, frame: Frame) -> Column:
        if frame.base is not None:
            raise NotPlanned(f"{name} read at an event")
        if name in self.book.allowances:
            return self.drawing(name, frame.year).opening
        offers = self.book.lines[name].offers if name in self.book.lines else None
        amounts = self.amounts(name, frame.offer if offers is not None else None, frame.year)
        return self.as_members(amounts.total).with_flags(amounts.flags)


@dataclass(slots=True)
class Drawing:
    """An allowance consumed: its opening, what each row took, what is left, and what it rests on."""

    opening: Column
    taken: dict[int, tuple[Fraction, Fraction, Fraction]] = field(default_factory=dict)
    left: Fraction = _ZERO
    mark: int = 0
    problem: bool = False


@dataclass(slots=True)
class Bounded:
    """A limit for all members, and what the host bears of it."""

    amounts: Amounts
    host: Fraction = _ZERO


class Tally:
    """Adds the rows of a register up, member by member and section by section."""

    def __init__(self, sheet: Sheet, rule: r.Line, typed: TypedRule, total: Array) -> None:
        self.sheet, self.rule, self.typed = sheet, rule, typed
        self.parts: dict[str, Column] = {}
        self.refused = np.zeros(sheet.n, bool)
        self.found = np.zeros(sheet.n, bool)
        self.origins = np.zeros(sheet.n, np.uint8)

    def add(self, rows: Frame) -> None:
        """Add one group of rows: the whole register of the members, or some rows of the service over all members."""
        sheet, typed, rule = self.sheet, self.typed, self.rule
        assert typed.formula is not None and rows.rows is not None and sheet.exact.ledger is not None
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
            stop = unmet if stop is None else _first(stop, unmet)
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
        total: Column = c.number(_ZERO)
        for part in self.parts.values():
            total = c.add(total, part)
        return Amounts(self.sheet.as_members(total), flags if flags.any() else 0, self.parts)


class LimitColumns:
    """One limit over one exercise, for all members."""

    def __init__(self, sheet: Sheet, name: str, year: int) -> None:
        self.sheet, self.name, self.year = sheet, name, year
        self.rule, self.typed = sheet.book.limits[name], sheet.model.rules[name]
        self.frame = sheet.frame(year)
        self.host = _ZERO

    def run(self) -> Bounded:
        sheet = self.sheet
        base, marks = self.base()
        outside = np.where(sheet.participants(self.year), np.uint8(0), np.uint8(NONE))
        stop: Any = _first(outside, np.zeros(sheet.n, np.uint8))
        if self.typed.condition is not None:
            unmet = sheet.unmet(sheet.evaluate(self.typed.condition, self.frame))
            if self.rule.on_total and unmet.any():
                return Bounded(self.made(sheet.as_members(c.number(_ZERO)), _first(stop, unmet)))
            stop = _first(stop, unmet)
        stop = _first(stop, marks & np.uint8(STOPPED))
        return self.whole(base, marks, stop) if self.rule.on_total else self.each(base, marks, stop)

    def base(self) -> tuple[Column, Array]:
        """Add the lines a limit bears on; a refused line refuses the limit, no line at all leaves it without object."""
        sheet = self.sheet
        total = sheet.as_members(c.number(_ZERO))
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
                    total = c.add(total, part if there.all() else c.choose(there, part, c.number(_ZERO)))
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
        zero = sheet.as_members(c.number(_ZERO))
        self.outside = np.broadcast_to(np.asarray(stop != 0), (sheet.n,))
        most, least = self.bound(self.typed.at_most), self.bound(self.typed.at_least)
        for found in (most, least):
            if found is not None:
                stop = _first(stop, np.where(found[2], np.uint8(REFUSED), np.uint8(0)))
        there = stop == 0
        cut = self.gap(base, most, zero, there, above=True)
        added = self.gap(base, least, zero, there, above=False)
        origins = marks & ~np.uint8(STOPPED)
        for node in (self.typed.at_most, self.typed.at_least):
            if node is not None:
                origins = origins | (np.asarray(sheet.evaluate(node, self.frame).flags, np.uint8) & ~np.uint8(STOPPED))
        amount = c.subtract(added, cut)
        self.stop, self.origins = np.broadcast_to(np.asarray(stop, np.uint8), (sheet.n,)), origins
        self.bases = c.widened(sheet.as_members(base))
        amount = self.bear(amount, cut, self.typed.excess, most, 1)
        amount = self.bear(amount, added, self.typed.shortfall, None, -1)
        moved = (
            c.compare(amount, c.number(_ZERO), "≠").num
            | c.compare(cut, c.number(_ZERO), "≠").num
            | c.compare(added, c.number(_ZERO), "≠").num
        )
        flags = np.where(self.stop != 0, self.stop, np.where(moved, self.origins, np.uint8(NONE)))
        return Bounded(self.made(amount, flags), self.host)

    def gap(self, base: Column, bound: tuple[Column, Any, Any] | None, zero: Column, there: Any, *, above: bool) -> Column:
        """Return what is above a limit, or missing below it."""
        if bound is None:
            return zero
        difference = c.subtract(base, bound[0]) if above else c.subtract(bound[0], base)
        gap = c.least(difference, c.number(_ZERO), greatest=True)
        kept = there & ~bound[1]
        return gap if np.all(kept) else c.choose(kept, sheet_wide(self.sheet, gap), c.number(_ZERO))

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
        full = np.asarray(c.compare(moved, c.number(_ZERO), "≠").num)
        source = int(np.bitwise_or.reduce(np.where(full, self.origins, np.uint8(0))))
        values = list(c.widened(self.sheet.as_members(amount)))
        room = c.widened(self.sheet.as_members(caps[0])) if caps is not None else None
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
                    taken = min(wanted, room[position] - self.bases[position] - values[position]) if wanted > 0 else wanted
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
        bases = [v if t else _ZERO for v, t in zip(c.widened(base), there, strict=True)]
        total = sum(bases, _ZERO)
        moved = _ZERO
        if most is not None and not most[1].any() and total > most[0].value():
            moved = most[0].value() - total
        elif least is not None and not least[1].any() and total < least[0].value():
            moved = least[0].value() - total
        positions = [p for p, v in enumerate(bases) if v]
        unfit = bool(moved) and bool(there.any()) and (not positions or min(bases) < 0)
        if refused.any() or problem or unfit:
            flags = np.where(inside, np.uint8(REFUSED), np.uint8(NONE))
            return Bounded(self.made(sheet.as_members(c.number(_ZERO)), flags))
        values = [_ZERO] * sheet.n
        flags = np.full(sheet.n, NONE, np.uint8)
        if moved and positions:
            origins = int(np.bitwise_or.reduce(np.where(inside, marks, np.uint8(0)))) & ~STOPPED
            for node in (self.typed.at_most, self.typed.at_least):
                if node is not None:
                    value = sheet.evaluate(node, self.frame)
                    origins |= (int(value.flags) if isinstance(value.flags, int) else 0) & ~STOPPED
            cents = int(moved / CENT)
            for position, part in zip(positions, shared(cents, whole_weights([bases[p] for p in positions])), strict=True):
                values[position], flags[position] = part * CENT, origins
            self.host -= cents * CENT
        return Bounded(self.made(c.from_fractions(values), flags), self.host)


def sheet_wide(sheet: Sheet, column: Column) -> Column:
    return sheet.as_members(column)


def _clear(flags: Any) -> bool:
    """Tell whether flags say nothing at all."""
    return not flags if isinstance(flags, int) else not flags.any()


def _first(stop: Any, more: Any) -> Any:
    """Keep the first flag that stops each member."""
    if isinstance(stop, int) and not stop:
        return more
    return np.where(stop != 0, stop, more)


@dataclass(slots=True)
class Computed:
    """The amounts of one run, line by line, in the order of the table of members."""

    sheet: Sheet
    found: dict[tuple[str, str | None], Amounts]

    def outcomes(self, line: str, offer: str | None = None) -> list[str]:
        """Return the outcome of each member: amount, not_applicable or refused."""
        flags = np.broadcast_to(np.asarray(self.found[line, offer].flags, np.uint8), (self.sheet.n,))
        names = np.where((flags & REFUSED) != 0, REFUSED_OUTCOME, np.where((flags & NONE) != 0, NOT_APPLICABLE, AMOUNT))
        return [str(v) for v in names[self.sheet.rank]]

    def flags(self, line: str, offer: str | None = None) -> list[int]:
        """Return what each amount rests on (FICTITIOUS, PROVISIONAL, SIMULATED), 0 when nothing is to be said."""
        flags = np.broadcast_to(np.asarray(self.found[line, offer].flags, np.uint8), (self.sheet.n,))
        return [int(v) for v in (flags[self.sheet.rank] // ORIGIN)]

    def amounts(self, line: str, offer: str | None = None, section: str | None = None) -> list[Fraction]:
        """Return the exact amount of each member, zero where there is none."""
        column = self.column(line, offer, section)
        values = c.widened(self.sheet.as_members(column))
        stopped = self.outcomes(line, offer)
        ordered = [values[p] for p in self.sheet.rank]
        return [v if o == AMOUNT else _ZERO for v, o in zip(ordered, stopped, strict=True)]

    def cents(self, line: str, offer: str | None = None, section: str | None = None, *, out: Array | None = None) -> Array:
        """Return the amounts of money as int64 cents, zero where there is none, in `out` when it is given.

        Raises OverflowError when an amount does not fit 64 bits.
        """
        column = self.column(line, offer, section)
        sheet = self.sheet
        rounded = column if column.den == 100 and not column.wide else c.rounded(column, CENT, "half_up")
        if rounded.wide:
            raise OverflowError("amounts beyond 64 bits")
        num = sheet.as_members(rounded).num
        result = out if out is not None else np.empty(sheet.n, np.int64)
        if rounded.den != 100:
            np.multiply(num, 100 // rounded.den, out=result)
        else:
            np.copyto(result, num)
        flags = self.found[line, offer].flags
        if isinstance(flags, np.ndarray):
            where = sheet.stopped_at(flags)
            if where.size:
                result[where] = 0
        elif flags & STOPPED:
            result[:] = 0
        if sheet.in_order:
            return result
        result[:] = result[sheet.rank]
        return result

    def column(self, line: str, offer: str | None, section: str | None) -> Column:
        found = self.found[line, offer]
        if section is None:
            return found.total
        return found.sections.get(section, c.number(_ZERO))
