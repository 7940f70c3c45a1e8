"""What a line gives: its formula once, or for every row of its register, prorated and rounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from communis.tariff.calendar import Period
from communis.tariff.interpreter.results import Entry, LineResult, replace_note, settled
from communis.tariff.interpreter.stops import Stops
from communis.tariff.interpreter.values import REFUSED, Context, Value
from communis.tariff.language import rules as r
from communis.tariff.language.syntax import Rounding
from communis.tariff.meaning.tree import Model, Node, TypedRule
from communis.tariff.sharing import rounded_to

READINGS_OF_PRORATA = {
    "aucun": "none",
    "en_mois_commencés": "started_months",
    "en_mois_entiers": "whole_months",
    "en_jours": "days",
    "en_jours_sur_360": "days_360",
}


class Entries(Stops):
    """Evaluates the amounts of a line."""

    def prorata(self, rule: r.Line) -> str | None:
        """Return the prorata rule of a line, or None when its interpretation is not settled."""
        chosen = rule.prorata or self.book.header.prorata
        if chosen.kind != "by_reading":
            return chosen.kind
        reading = self.reader.reading(chosen.reading)
        return READINGS_OF_PRORATA.get(reading) if reading is not None else None

    def exempted(self, result: LineResult, rule: r.Line, value: Value) -> None:
        settled(result, [Entry(rule.section or "fonctionnement", Fraction(0), Fraction(0), value)])
        result.why = "exonérée"

    def evaluated(self, result: LineResult, rule: r.Line, typed: TypedRule, context: Context, prorata: str) -> None:
        """Evaluate the formula once, or for every row of its register; round each amount; take off what was issued."""
        if rule.rows is None:
            found = [self.entry(rule, typed, context, prorata)]
        else:
            found = self.row_entries(rule, typed, context, prorata)
        bad = [e for e in found if e.value.refused]
        if bad:
            reasons = tuple(dict.fromkeys(reason for e in bad for reason in e.value.reasons))
            result.outcome, result.reasons = REFUSED, reasons
            result.entries = found
            result.note["value"] = bad[0].value
            for entry in bad:
                result.flags |= entry.value.flags
            return
        entries = [e for e in found if e.value.is_amount]
        if not entries:
            result.why = str(found[0].value.note.get("why", "")) if found else "aucune ligne dans le registre"
            result.note["value"] = found[0].value if found else None
            return
        settled(result, entries)
        if rule.rows is not None and entries:
            events = [e.event for e in entries if e.event]
            result.service = Period(min(events), max(events)) if events else result.service

    def row_entries(self, rule: r.Line, typed: TypedRule, context: Context, prorata: str) -> list[Entry]:
        register = rule.rows or ""
        own = self.book.registers[register].of_member
        member = context.member if own else None
        found = []
        for index in self.exact.rows_in(register, context.year, member):
            inside = replace(self.exact.in_row(register, index, context), holders=context.holders)
            row = self.tables.registers[register][index]
            early = self.before_version(inside.event) if inside.event is not None else None
            answer = self.exact.evaluate(typed.condition, inside) if early is None and typed.condition is not None else None
            stop = early or self.unmet(answer, typed)
            entry = Entry("", Fraction(0), Fraction(0), stop) if stop is not None else self.entry(rule, typed, inside, prorata)
            entry.answer = answer
            entry.value = self.exact.of_row(entry.value, inside)
            entry.row, entry.event = row.identifier, inside.event
            found.append(entry)
        return found

    def entry(self, rule: r.Line, typed: TypedRule, context: Context, prorata: str) -> Entry:
        """Evaluate, prorate and round one amount."""
        assert typed.formula is not None and context.member is not None
        shares = has_share(typed.formula)
        inside = replace(context, prorata=prorata if shares and prorata != "none" and rule.rows is None else "")
        value = self.exact.evaluate(typed.formula, inside)
        if not value.is_amount:
            return Entry("", Fraction(0), Fraction(0), value)
        section = rule.section
        if typed.section_of is not None:
            where = self.exact.evaluate(typed.section_of, context)
            if not where.is_amount:
                return Entry("", Fraction(0), Fraction(0), where)
            section = str(where.value)
        amount: Fraction = value.value
        part = Fraction(1)
        if prorata != "none" and not shares and rule.rows is None and not rule.once:
            part = self.exact.presence(context.member, replace(context, prorata=prorata))
            amount *= part
        rounding = self.model.rounding(rule.name)
        step = step_of(self.model, rule, typed, rounding)
        rounded = amount if step is None else rounded_to(amount, step, rounding.mode)
        if part != 1:
            value = replace_note(value, prorata=prorata, presence=part)
        return Entry(section, rounded, amount, value)


def step_of(model: Model, rule: r.Line, typed: TypedRule, rounding: Rounding) -> Fraction | None:
    """Return the step of a line’s rounding in base units; a line in kind is rounded only where it says so."""
    if rule.section == "en nature" and rule.rounding is None:
        return None
    if rounding.unit in (None, "€"):
        return Fraction(rounding.step)
    unit = model.units.unit(rounding.unit)
    return rounding.step * (unit.factor if unit else typed.type.factor)


def has_share(node: Node) -> bool:
    return node.op == "share" or any(has_share(arg) for arg in node.args)
