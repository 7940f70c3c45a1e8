"""What all members owe at once: the lines, credits, limits and allowances of `ledger`, by columns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.allowances import Allowances
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.evaluator import Cells
from communis.tariff.columnar.frames import Frame, NotPlanned
from communis.tariff.columnar.results import CENT, ZERO, Amounts, Bounded, Drawing
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.interpreter.values import REFUSED as REFUSED_OUTCOME


class Sheet(Allowances):
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
        wanted = lines if lines is not None else (*self.book.lines, *self.book.credits, *self.book.limits)
        return Computed(self, {key: self.amounts(*key, self.year) for name in wanted for key in self.keys(name)})

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

    def billed(self, name: str, frame: Frame) -> Column:
        if frame.base is not None:
            raise NotPlanned(f"{name} read at an event")
        if name in self.book.allowances:
            return self.drawing(name, frame.year).opening
        offers = self.book.lines[name].offers if name in self.book.lines else None
        amounts = self.amounts(name, frame.offer if offers is not None else None, frame.year)
        return self.as_members(amounts.total).with_flags(amounts.flags)


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
        return [v if o == AMOUNT else ZERO for v, o in zip(ordered, stopped, strict=True)]

    def cents(self, line: str, offer: str | None = None, section: str | None = None, *, out: Array | None = None) -> Array:
        """Return the amounts of money as int64 cents, zero where there is none, in `out` when it is given.

        Without `out` the array is read-only. Raises OverflowError when an amount does not fit 64 bits.
        """
        column = self.column(line, offer, section)
        sheet = self.sheet
        rounded = column if column.den == 100 and not column.wide else c.rounded(column, CENT, "half_up")
        if rounded.wide:
            raise OverflowError("amounts beyond 64 bits")
        num = sheet.as_members(rounded).num
        found = self.found[line, offer]
        if out is not None or rounded.den != 100 or not (found.own and sheet.in_order and num.flags.writeable):
            result = out if out is not None else np.empty(sheet.n, np.int64)
            np.multiply(num, 100 // rounded.den, out=result) if rounded.den != 100 else np.copyto(result, num)
        else:
            result = num
        self.silence(result, found.flags)
        if not sheet.in_order:
            result[:] = result[sheet.rank]
        if out is None:
            result = result.view()
            result.flags.writeable = False
        return result

    def silence(self, amounts: Array, flags: c.Flags) -> None:
        """Set to zero the amounts that are not there."""
        if isinstance(flags, np.ndarray):
            where = self.sheet.stopped_at(flags)
            if where.size:
                amounts[where] = 0
        elif flags & STOPPED:
            amounts[:] = 0

    def column(self, line: str, offer: str | None, section: str | None) -> Column:
        found = self.found[line, offer]
        if section is None:
            return found.total
        return found.sections.get(section, c.ZERO)
