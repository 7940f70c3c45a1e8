"""When a line falls due, what service it pays for, and who pays it."""

from __future__ import annotations

from datetime import date

from communis.tariff.calendar import Period, month_end, months_later, shifted
from communis.tariff.interpreter.adjustments import Adjustments
from communis.tariff.interpreter.results import LineResult, stopped
from communis.tariff.interpreter.values import AMOUNT, REFUSED, Context
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Node, TypedRule


class Dues(Adjustments):
    """Dates a line."""

    def service(self, rule: r.Line, holders: tuple[str, ...], member: int, year: int) -> Period:
        """Return the days of service a line pays for: those of the exercise on which the offer is held."""
        period = self.model.calendar.period(year)
        held = self.reader.held_period(member, holders, year) if holders else None
        return held or period

    def dated(self, result: LineResult, rule: r.Line, typed: TypedRule, context: Context) -> LineResult:
        """Say when a line falls due and who pays it."""
        if result.outcome == REFUSED and not typed.billed:
            return result
        for billed in typed.billed:
            if billed.condition is not None:
                condition = self.exact.evaluate(billed.condition, context)
                result.answers.append(condition)
                if condition.refused:
                    result.due_reason = str(condition.reasons[0])
                    break
                if not (condition.is_amount and condition.value):
                    continue
            result.due = self.due(billed.billing, billed.when, result, context)
            break
        for who, condition_node in typed.payers if result.outcome == AMOUNT else ():
            if condition_node is not None:
                condition = self.exact.evaluate(condition_node, context)
                result.answers.append(condition)
                if condition.refused:
                    return stopped(result, condition)
                if not (condition.is_amount and condition.value):
                    continue
            payer, problem = self.exact.whose(who, context, condition_node or typed.formula or Node("const"))
            if problem is not None:
                return stopped(result, problem)
            result.payer = payer
            break
        return result

    def due(self, billing: r.Billing, when: Node | None, result: LineResult, context: Context) -> tuple[Period, ...]:
        period = self.model.calendar.period(context.year)
        if billing.kind == "between":
            assert billing.first and billing.last
            year = self.reader.year(billing.year, context)
            first = self.reader.day_in(year, billing.first)
            last = self.reader.day_in(year, billing.last)
            return self.instalments(Period(first, max(first, last)), billing.instalments)
        if billing.kind in ("on", "after"):
            days = {e.event for e in result.entries if e.event} if when is not None and when.op == "field" else set()
            if not days and when is not None and when.op != "field":
                value = self.exact.evaluate(when, context)
                days = {value.value} if value.is_amount else set()
            if billing.kind == "after":
                days = {shifted(day, billing.count, billing.unit) for day in days}
            return tuple(Period(day, day) for day in sorted(days))
        if billing.kind == "monthly":
            return tuple(Period(d, d) for d in (month_end(months_later(period.first, i)) for i in range(12)) if d <= period.last)
        return self.instalments(Period(period.last, period.last), billing.instalments)

    @staticmethod
    def instalments(period: Period, count: int) -> tuple[Period, ...]:
        """Cut a due period in equal instalments, the first at its first day."""
        if count <= 1:
            return (period,)
        days = [period.first.toordinal() + (period.days * i) // count for i in range(count)]
        return tuple(Period(date.fromordinal(d), date.fromordinal(d)) for d in days)
