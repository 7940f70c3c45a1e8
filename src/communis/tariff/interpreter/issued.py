"""What earlier exercises gave: amounts issued, or simulated, under lines and credits."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.results import AllowanceResult, LimitResult, LineResult
from communis.tariff.interpreter.values import FICTITIOUS


class Issued:
    """The ground of a ledger: a model, its tables, what was issued before, and what was computed already."""

    def __init__(self, exact: Exact, earlier: dict[tuple[int, int, str, str | None], tuple[Fraction, int]] | None = None) -> None:
        self.exact = exact
        self.model = exact.model
        self.book = exact.model.book
        self.tables = exact.tables
        self.reader = exact.reader
        self.lines: dict[tuple[str, int, int, str | None], LineResult] = {}
        self.credits: dict[tuple[str, int, int], LineResult] = {}
        self.limits: dict[tuple[str, int], LimitResult] = {}
        self.allowances: dict[tuple[str, int], AllowanceResult] = {}
        self.earlier = earlier or {}
        self._issued: dict[tuple[int, int, str, str | None], tuple[Fraction, int]] = {}
        for row in self.tables.issued:
            key = (row.member, row.year, row.line, row.offer)
            amount, flags = self._issued.get(key, (Fraction(0), 0))
            self._issued[key] = (amount + row.amount, flags | (FICTITIOUS if row.fictitious else 0))
        self._before: dict[tuple[int, str], list[tuple[int, Fraction]]] = {}
        for (member, year, line, _), (amount, _) in (*self._issued.items(), *self.earlier.items()):
            self._before.setdefault((member, line), []).append((year, amount))
        self.decisions = {(d.line, d.member, d.year, d.offer): d for d in reversed(self.tables.decisions)}

    def issued(self, member: int | None, year: int, line: str, offer: str | None) -> tuple[Fraction, int] | None:
        """Return what was issued under a line, else what an earlier year of a simulation computed, flagged as such."""
        if member is None:
            return None
        key = (member, year, line, offer)
        if key in self._issued:
            return self._issued[key]
        given = self.exact.given.get((line, year, member, offer))
        if given is not None:
            return given, 0
        return self.earlier.get(key)

    def issued_years(self, member: int, line: str, before: int) -> list[int]:
        """Return the exercises before one for which something was issued, or simulated, under a line."""
        return sorted({year for year, _ in self._before.get((member, line), ()) if year < before})

    def used_before(self, member: int, credit: str, year: int) -> Fraction:
        """Return what a credit has already deducted in earlier exercises."""
        return -sum((amount for past, amount in self._before.get((member, credit), ()) if past < year), Fraction(0))
