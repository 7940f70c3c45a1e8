"""Lines by columns: what stops each, what it gives, and the amounts that acts set."""

from __future__ import annotations

from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.adjustments import Adjustments
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED
from communis.tariff.columnar.results import ZERO, Amounts, first_stop
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.language import rules as r


class Lines(Adjustments):
    """Computes each line for all members."""

    def line(self, name: str, offer: str | None, year: int) -> Amounts:
        shape = self.plan.line(name)
        rule, typed = shape.rule, shape.typed
        holders = (offer,) if offer else typed.holders
        frame = self.line_frame(shape, offer, year, holders)
        stop = self.stops(shape, frame, year, holders)
        exempt = self.exempt(typed, frame)
        if typed.once is not None:
            if exempt is not None:
                stop = first_stop(stop, np.where(exempt[0] == 2, np.uint8(REFUSED), np.uint8(0)))
            stop = first_stop(stop, self.event_stop(typed, frame, year))
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

    def with_exempt(self, found: Amounts, exempt: tuple[Any, Any] | None, rule: r.Line) -> Amounts:
        if exempt is None:
            return found
        state, origins = exempt
        free = state == 1
        flags = np.where(
            free, origins, np.where(state == 2, np.uint8(REFUSED), np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)))
        )
        zero = c.ZERO
        sections = {k: c.choose(free, zero, self.as_members(v.with_flags(0))) for k, v in found.sections.items()}
        sections.setdefault(rule.section or "fonctionnement", c.choose(free, zero, self.as_members(zero)))
        return Amounts(c.choose(free, zero, self.as_members(found.total.with_flags(0))), flags, sections)

    def decided(self, name: str, offer: str | None, year: int, found: Amounts) -> Amounts:
        """Put the amounts set by acts where the interpreter accepts them."""
        decisions = [d for d in self.tables.decisions if (d.line, d.year, d.offer) == (name, year, offer)]
        if not decisions:
            return found
        section = self.book.lines[name].section or "fonctionnement"
        column, flags = (
            c.widened(self.as_members(found.total)),
            np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)).copy(),
        )
        column = column.copy()
        sections = {k: c.widened(self.as_members(v)).copy() for k, v in ({section: c.ZERO} | found.sections).items()}
        for decision in decisions:
            exact = self.ledger.line(name, decision.member, year, offer)
            if exact.decision is None:
                continue
            position = int(self.rank[decision.member])
            if exact.outcome == AMOUNT:
                column[position], flags[position] = exact.amount, exact.flags * ORIGIN
                for key, values in sections.items():
                    values[position] = exact.amount if key == section else ZERO
            else:
                flags[position] = NONE if exact.outcome == NOT_APPLICABLE else REFUSED
        return Amounts(c.from_fractions(list(column)), flags, {k: c.from_fractions(list(v)) for k, v in sections.items()})
