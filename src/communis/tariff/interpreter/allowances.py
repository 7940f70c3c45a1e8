"""Allowances (« enveloppes »): days or units that members share and draw down, in order of date (TAR-14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from communis.tariff.interpreter.limits import Limits
from communis.tariff.interpreter.results import AllowanceResult
from communis.tariff.interpreter.values import Context, Reason, Value, refused
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import TypedRule

READINGS_OF_COUNTING = {"pour_l_ensemble": "for_all", "par_classe": "by_class", "par_membre": "by_member"}


class Allowances(Limits):
    """Consumes each allowance once."""

    def allowance(self, name: str, year: int) -> AllowanceResult:
        """Return an allowance consumed over an exercise, in order of date (TAR-14)."""
        key = (name, year)
        if key not in self.allowances:
            self.allowances[key] = self.consume(name, year)
        return self.allowances[key]

    def consume(self, name: str, year: int) -> AllowanceResult:
        rule, typed = self.book.allowances[name], self.model.rules[name]
        assert typed.formula is not None and typed.consumed is not None and typed.order is not None
        context = Context(year)
        opening = self.exact.evaluate(typed.formula, context)
        if not opening.is_amount:
            return AllowanceResult(opening, problem=opening)
        if rule.carry is not None:
            opening = self.with_carry(name, rule, year, opening)
            if not opening.is_amount:
                return AllowanceResult(opening, problem=opening)
        result = AllowanceResult(opening, left=opening.value, flags=opening.flags)
        counting = self.counting(rule)
        drawn, problem = self.drawing_rows(rule, typed, year, result.answers)
        if counting is None:
            problem = refused(Reason("settle", f"{rule.counted_by}, comptage de l’enveloppe"))
        if problem is not None or counting is None:
            result.problem = problem
            return result
        pots = self.pots(rule, typed, year, counting, result)
        if isinstance(pots, Value):
            result.problem = pots
            return result
        result.taken = consumed(drawn, *pots)
        result.left -= sum((inside for inside, _, _ in result.taken.values()), Fraction(0))
        return result

    def with_carry(self, name: str, rule: r.Allowance, year: int, opening: Value) -> Value:
        """Add what the exercise before left, up to what may be carried over; what it cannot tell refuses this one."""
        most = self.most_carried(rule, year)
        if most is None:
            return opening
        before = self.allowance(name, year - 1)
        if before.problem is not None:
            return before.problem if before.problem.refused else opening
        carried = min(before.left, most)
        flags = opening.flags | before.flags
        return replace(opening, value=opening.value + carried, flags=flags, note={**opening.note, "carried": carried})

    def most_carried(self, rule: r.Allowance, year: int) -> Fraction | None:
        """Return the most that may be carried over into an exercise, None when the version has none before it."""
        assert rule.carry is not None
        start = self.book.header.first
        if start is None or self.model.calendar.period(year - 1).first < start or year - self.model.calendar.year_of(start) > 40:
            return None
        unit = self.model.units.unit(rule.carry.unit) if rule.carry.unit else None
        return rule.carry.value * (unit.factor if unit else 1)

    def counting(self, rule: r.Allowance) -> str | None:
        if rule.counted != "by_reading":
            return rule.counted
        reading = self.reader.reading(rule.counted_by)
        return READINGS_OF_COUNTING.get(reading) if reading else None

    def drawing_rows(
        self, rule: r.Allowance, typed: TypedRule, year: int, answers: dict[int, Value]
    ) -> tuple[list[tuple[int, int, Fraction]], Value | None]:
        """Return the rows that draw on an allowance, with their member and need, in the order of consumption."""
        found: list[tuple[date, int, str, int, int, Fraction]] = []
        rank = {member: i for i, member in enumerate(self.exact.order)}
        for index in self.exact.rows_in(typed.register, year, None):
            row = self.tables.registers[typed.register][index]
            if row.member is None or not self.reader.held(row.member, rule.holders, year):
                continue
            inside = self.exact.in_row(typed.register, index, Context(year, row.member))
            if typed.condition is not None:
                condition = answers[index] = self.exact.evaluate(typed.condition, inside)
                if condition.refused:
                    return [], condition
                if not (condition.is_amount and condition.value):
                    continue
            assert typed.consumed is not None and typed.order is not None
            need, when = self.exact.evaluate(typed.consumed, inside), self.exact.evaluate(typed.order, inside)
            if need.refused or when.refused:
                return [], need if need.refused else when
            if not need.is_amount or not when.is_amount:
                continue
            found.append((when.value, rank[row.member], row.identifier, index, row.member, need.value))
        return [(index, member, need) for _, _, _, index, member, need in sorted(found, key=lambda f: f[:3])], None

    def pots(
        self, rule: r.Allowance, typed: TypedRule, year: int, counting: str, result: AllowanceResult
    ) -> tuple[dict[str, Fraction], dict[int, str]] | Value:
        """Return the pots of days and whose each is: one for all, one a class of quota, or one a member (AMB-07)."""
        if counting == "for_all" or typed.quota is None:
            return {"": result.opening.value}, {}
        left: dict[str, Fraction] = {}
        pot_of: dict[int, str] = {}
        for member in self.reader.participants(year):
            if not self.reader.held(member, rule.holders, year):
                continue
            quota = self.exact.evaluate(typed.quota, Context(year, member))
            if quota.refused:
                return quota
            if quota.is_amount:
                pot = str(quota.value) if counting == "by_class" else f"#{member}"
                pot_of[member] = pot
                left[pot] = left.get(pot, Fraction(0)) + quota.value
        return left, pot_of


def consumed(
    drawn: list[tuple[int, int, Fraction]], left: dict[str, Fraction], pot_of: dict[int, str]
) -> dict[int, tuple[Fraction, Fraction, Fraction]]:
    """Consume pots in order: for each row, what it takes inside, what is beyond, and what was there before (TAR-14)."""
    left = dict(left)
    taken = {}
    for index, member, need in drawn:
        pot = pot_of.get(member, "")
        before = left.get(pot, Fraction(0))
        inside = min(need, max(before, Fraction(0)))
        left[pot] = before - inside
        taken[index] = (inside, need - inside, before)
    return taken
