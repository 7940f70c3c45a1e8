"""Year-end adjustments, by columns: a final amount less what was issued, in the ways declared."""

from __future__ import annotations

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import ORIGIN, REFUSED, STOPPED
from communis.tariff.columnar.entries import Entries
from communis.tariff.columnar.results import Amounts
from communis.tariff.interpreter.adjustments import WAYS
from communis.tariff.language import rules as r


class Adjustments(Entries):
    """Takes off a final amount what was issued under a line."""

    def adjusted(self, rule: r.Line, offer: str | None, year: int, found: Amounts) -> Amounts:
        """Make a final amount the difference with what was issued under a line, in the ways declared."""
        ways = self.ledger.ways(rule)
        there = (np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,)) & STOPPED) == 0
        if ways is None or ways == "never":
            return found
        of_offer = offer if self.book.lines[rule.adjusts].offers is not None else None
        paid = [self.ledger.issued(m, year, rule.adjusts, of_offer) for m in self.order]
        marks = np.array([REFUSED if p is None else p[1] * ORIGIN for p in paid], np.uint8)
        column = c.from_fractions([p[0] if p is not None else None for p in paid])
        difference = c.subtract(self.as_members(found.total.with_flags(0)), column)
        upward, downward = WAYS[ways]
        zero = c.ZERO
        if not upward:
            difference = c.least(difference, zero)
        if not downward:
            difference = c.least(difference, zero, greatest=True)
        old = np.broadcast_to(np.asarray(found.flags, np.uint8), (self.n,))
        flags = np.where(there, old | marks, old)
        section = rule.section or "fonctionnement"
        return Amounts(difference, flags, {section: difference})
