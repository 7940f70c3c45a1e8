"""Credits: an earlier charge deducted from a line, within its window, never below its floor (TAR-11)."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.interpreter.lines import Lines
from communis.tariff.interpreter.results import Entry, LineResult, settled, stopped
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, SIMULATED, Context, Value, known
from communis.tariff.language import rules as r


class Credits(Lines):
    """Computes each credit once."""

    def credit(self, name: str, member: int, year: int) -> LineResult:
        """Return a credit: an earlier charge deducted from a line, within its window, never below its floor (TAR-11)."""
        key = (name, member, year)
        if key not in self.credits:
            self.credits[key] = self.reckon_credit(name, member, year)
        return self.credits[key]

    def reckon_credit(self, name: str, member: int, year: int) -> LineResult:
        """Reckon a credit: where nothing is left to deduct, its conditions are not looked at, so none can be missing."""
        rule, typed = self.book.credits[name], self.model.rules[name]
        result = LineResult(name, member, year, None, "credit", NOT_APPLICABLE)
        context = Context(year, member)
        target = self.line(rule.target, member, year)
        if target.outcome != AMOUNT:
            result.why = (
                "la ligne créditée n’est pas due" if target.outcome == NOT_APPLICABLE else "la ligne créditée est refusée"
            )
            return result
        available, used, flags = self.available(rule, member, year)
        if used and rule.once:
            result.why = "crédit déjà utilisé"
            return result
        if not isinstance(available, Value) and available <= 0:
            result.why = "rien à déduire"
            return result
        condition = self.exact.evaluate(typed.condition, context) if typed.condition is not None else None
        if condition is not None and condition.refused:
            return stopped(result, condition)
        if condition is not None:
            result.note["condition"] = condition
            if not (condition.is_amount and condition.value):
                result.why = str(condition.note.get("why") or "hors du délai ou des conditions du crédit")
                return result
        if isinstance(available, Value):
            return stopped(result, available)
        return self.deducted(result, rule, target, available, flags)

    def deducted(self, result: LineResult, rule: r.Credit, target: LineResult, available: Fraction, flags: int) -> LineResult:
        floor = rule.floor.value if rule.floor is not None else None
        before = self.before_credit(rule, result.member, result.year, target.amount)
        deducted = available if floor is None else min(available, max(before - floor, Fraction(0)))
        section = next(iter(target.sections), "fonctionnement")
        note = {
            "available": available,
            "target": target.amount,
            "before": before,
            "deducted": deducted,
            "left": available - deducted,
            "carried": rule.carried,
        }
        value = known(-deducted, None, flags=flags | target.flags, credit=note)
        result.note.update(note)
        result.service, result.due = target.service, target.due
        return settled(result, [Entry(section, -deducted, -deducted, value)])

    def before_credit(self, rule: r.Credit, member: int, year: int, amount: Fraction) -> Fraction:
        """Return what is left of the target once the credits written before this one are deducted."""
        for name, other in self.book.credits.items():
            if name == rule.name:
                break
            if other.target == rule.target:
                earlier = self.credit(name, member, year)
                amount += earlier.amount if earlier.outcome == AMOUNT else 0
        return amount

    def available(self, rule: r.Credit, member: int, year: int) -> tuple[Fraction | Value, Fraction, int]:
        """Return what may be deducted: what the source gave up to this exercise, less what was deducted before."""
        flags = 0
        total = Fraction(0)
        used = self.used_before(member, rule.name, year)
        years = set(self.issued_years(member, rule.source, year))
        for past in sorted(years):
            found = self.issued(member, past, rule.source, None)
            if found is not None:
                total, flags = total + found[0], flags | found[1]
        for current in self.source_years(rule, member, year) - years:
            line = self.line(rule.source, member, current)
            if line.outcome == REFUSED:
                return Value(REFUSED, None, line.reasons, line.flags), used, flags
            if line.outcome == AMOUNT:
                total, flags = total + line.amount, flags | line.flags | (SIMULATED if current < year else 0)
        return total - used, used, flags

    def source_years(self, rule: r.Credit, member: int, year: int) -> set[int]:
        """Return the exercises whose source line is computed: this one, and that of an event that came before."""
        typed = self.model.rules[rule.source]
        years = {year}
        if typed.once is not None:
            value = self.exact.evaluate(typed.once, Context(year, member))
            if value.is_amount:
                years.add(min(self.model.calendar.year_of(value.value), year))
        return years
