"""What stops a line before its formula, by columns: version, holdings, composition, refusals, conditions, its event."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.results import Amounts, first_stop
from communis.tariff.columnar.shapes import LineShape
from communis.tariff.columnar.vector import Vector
from communis.tariff.interpreter.entries import READINGS_OF_PRORATA
from communis.tariff.interpreter.stops import includes_host
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import OFFER, TypedRule


class Stops(Vector):
    """Tells where a line gives nothing, in the order in which the ledger looks at causes."""

    @abstractmethod
    def amounts(self, name: str, offer: str | None, year: int) -> Amounts:
        """Return what a line, a credit or a limit gives all members; each is computed once a run."""

    def keys(self, name: str) -> list[tuple[str, str | None]]:
        rule = self.book.lines.get(name)
        if rule is None or rule.offers is None:
            return [(name, None)]
        return [(name, offer) for offer in self.model.rules[name].offers]

    def stopped_at(self, flags: Array) -> Array:
        """Return where flags stop an amount; kept for the flags that do not change from one run to the next."""
        key = ("stopped", id(flags))
        found = self.kept.get(key)
        if found is None or found[0] is not flags:
            found = (flags, np.flatnonzero((flags & STOPPED) != 0))
            self.kept[key] = found
        return found[1]

    def stops(self, shape: LineShape, frame: Frame, year: int, holders: tuple[str, ...]) -> Any:
        """Return the flag that stops the line for each member, or 0 for all, in the order in which the ledger looks at causes."""
        rule, typed = shape.rule, shape.typed
        key = ("stops", rule.name, frame.offer, year)
        if key in self.kept and not shape.moving:
            return self.kept[key]
        force = self.ledger.out_of_force(rule, year)
        stop: Any = self.absence(typed, year, holders)
        if force is not None:
            stop = first_stop(stop, np.uint8(REFUSED if force.refused else NONE))
        stop = first_stop(stop, self.rowless(rule, year))
        stop = first_stop(stop, self.barred(holders, year))
        for name in self.plan.refusals(holders):
            stop = first_stop(stop, np.where(self.roster.hosts, np.uint8(0), self.refusal(name, frame, holders)))
        if self.prorata(rule) is None:
            stop = first_stop(stop, np.uint8(REFUSED))
        unadjusted = self.ledger.not_adjusted(rule)
        if unadjusted is not None:
            stop = first_stop(stop, np.uint8(REFUSED if unadjusted.refused else NONE))
        if typed.condition is not None and not typed.register:
            stop = first_stop(stop, self.unmet(self.evaluate(typed.condition, frame)))
        self.kept[key] = stop if np.any(stop) else 0
        return self.kept[key]

    def refusal(self, name: str, frame: Frame, holders: tuple[str, ...]) -> Any:
        """Return where a refusal holds: asked once, or of each offer held when it depends on one and none is at hand."""
        rule = self.model.rules[name]
        assert rule.condition is not None
        if OFFER not in rule.axes or frame.offer is not None:
            return self.refusing(self.evaluate(rule.condition, frame))
        stop: Any = np.zeros(self.n, np.uint8)
        for offer in (o for o in rule.holders if o in holders):
            asked = self.held_frame(frame.year, offer, (offer,), dated=self.plan.dated(rule.condition))
            refused = self.refusing(self.evaluate(rule.condition, asked))
            stop = first_stop(stop, np.where(self.held(offer, frame.year), refused, np.uint8(0)))
        return stop

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

    def absence(self, typed: TypedRule, year: int, holders: tuple[str, ...]) -> Any:
        """Return « sans objet » for whom the line is not: absent, not holding the offer, or the host outside the sets."""
        hosts = self.roster.hosts
        everyone = all(self.held(o, year) is self.existing(year) for o in holders)
        if everyone and self.existing(year).all() and not hosts.any():
            return 0
        stop = np.where(self.existing(year), np.uint8(0), np.uint8(NONE))
        apart = np.uint8(0) if typed.formula is not None and includes_host(typed.formula) else np.uint8(NONE)
        stop = first_stop(stop, np.where(hosts, apart, np.uint8(0)))
        if holders:
            holding = np.logical_or.reduce([self.held(o, year) for o in holders])
            stop = first_stop(stop, np.where(holding | hosts, np.uint8(0), np.uint8(NONE)))
        found: Array = stop
        return found

    def rowless(self, rule: r.Line, year: int) -> Any:
        """Return « sans objet » for whom a line due for each row of a register finds none."""
        if rule.rows is None:
            return 0
        rows = self.exact.rows_in(rule.rows, year, None)
        if not self.book.registers[rule.rows].of_member:
            return np.full(self.n, 0 if rows else NONE, np.uint8)
        stop = np.full(self.n, NONE, np.uint8)
        stop[[self.rank[self.tables.registers[rule.rows][i].member] for i in rows]] = 0
        return stop

    def barred(self, holders: tuple[str, ...], year: int) -> Any:
        """Return a refusal where the rules of composition are broken by an offer held."""
        stop: Any = 0
        for offer in holders:
            rules = [self.book.offers[o] for o in self.reader.included(offer)]
            if not any(self.ledger.has_rules(rule) for rule in rules):
                continue
            for position in np.flatnonzero(self.held(offer, year)):
                member = self.order[int(position)]
                if not self.tables.members[member].host and self.ledger.composition(member, offer, year):
                    stop = np.zeros(self.n, np.uint8) if isinstance(stop, int) else stop
                    stop[position] = REFUSED
        return stop

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

    def stopped_where(self, found: Amounts, stop: Any) -> Amounts:
        if isinstance(stop, int) or not stop.any():
            return found
        flags = np.where(stop != 0, stop, np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)))
        return Amounts(found.total, flags, found.sections, found.own)

    def prorata(self, rule: r.Line) -> str | None:
        chosen = rule.prorata or self.book.header.prorata
        if chosen.kind != "by_reading":
            return chosen.kind
        reading = self.reader.reading(chosen.reading)
        return READINGS_OF_PRORATA.get(reading) if reading is not None else None
