"""Lines: what stops each, what it gives, and the amount an act sets where the tariff asks for one (TAR-17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from communis.tariff.calendar import Period
from communis.tariff.interpreter.dues import Dues
from communis.tariff.interpreter.entries import step_of
from communis.tariff.interpreter.results import Entry, LineResult, replace_note, settled, stopped
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Context, Reason, Value, known, refused
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import TypedRule
from communis.tariff.sharing import rounded_to
from communis.tariff.tables.records import Decision


class Lines(Dues):
    """Computes each line once."""

    def line(self, name: str, member: int, year: int, offer: str | None = None) -> LineResult:
        """Return what a line gives for a member, an exercise, and an offer when the line is « pour chaque offre »."""
        key = (name, member, year, offer)
        if key not in self.lines:
            self.lines[key] = self.decided(self.reckon(name, member, year, offer))
        return self.lines[key]

    def reckon(self, name: str, member: int, year: int, offer: str | None) -> LineResult:
        rule, typed = self.book.lines[name], self.model.rules[name]
        result = LineResult(name, member, year, offer, "line", NOT_APPLICABLE)
        holders = (offer,) if offer else typed.holders
        prorata = self.prorata(rule)
        context = Context(year, member, offer, holders=holders)
        given = self.exact.given.get((name, year, member, offer))
        if given is not None:
            return settled(result, [Entry(rule.section or "fonctionnement", given, given, known(given, None, given=True))])
        stop = (
            self.not_held(rule, typed, member, year, holders)
            or self.out_of_force(rule, year)
            or self.rowless(rule, member, year)
            or self.barred(rule, typed, context, holders)
        )
        if stop is not None:
            return stopped(result, stop)
        if prorata is None:
            return stopped(result, refused(Reason("settle", f"{(rule.prorata or self.book.header.prorata).reading}, prorata")))
        stop = self.not_adjusted(rule) or self.conditions(typed, context, result.answers)
        if stop is not None and stop.outcome != AMOUNT:
            return stopped(result, stop)
        result.service = self.service(rule, holders, member, year)
        event = self.event(typed, context)
        if event is not None and event.outcome != AMOUNT:
            return stopped(result, event)
        early = self.before_version(event.value) if event is not None else None
        if early is not None:
            return stopped(result, early)
        if event is not None:
            context = replace(context, event=event.value)
            result.service = Period(event.value, event.value)
        if stop is not None:
            self.exempted(result, rule, stop)
        else:
            self.evaluated(result, rule, typed, context, prorata)
        if rule.adjusts and result.outcome == AMOUNT:
            self.adjusted(result, rule)
        if result.outcome == AMOUNT:
            result.flags |= self.reader.holding_flags(member, holders, year)
        return self.dated(result, rule, typed, context)

    def decided(self, result: LineResult) -> LineResult:
        """Put the amount set by an act where the tariff only refuses for want of a decision (TAR-17)."""
        decision = self.decisions.get((result.name, result.member, result.year, result.offer))
        if decision is None:
            return result
        if result.outcome != REFUSED or not all(reason.can_be_decided for reason in result.reasons):
            result.note["unused_decision"] = decision
            return result
        rule, typed = self.book.lines[result.name], self.model.rules[result.name]
        holders = (result.offer,) if result.offer else typed.holders
        context = Context(result.year, result.member, result.offer, holders=holders)
        result.decision = decision
        result.note["refused"] = result.reasons
        stop = self.undue(rule, typed, context) if decision.by_year else None
        if stop is not None:
            return stopped(result, stop)
        result.reasons = ()
        result.service = result.service or self.service(rule, typed.holders, result.member, result.year)
        settled(result, [self.decided_entry(decision, rule, typed, context)])
        return self.dated(result, rule, typed, context)

    def undue(self, rule: r.Line, typed: TypedRule, context: Context) -> Value | None:
        """Tell when a price by year gives nothing in an exercise: a line due once, on another day; a prorata not settled."""
        event = self.event(typed, context)
        if event is not None and event.outcome != AMOUNT:
            return event
        if self.prorata(rule) is None:
            return refused(Reason("settle", f"{(rule.prorata or self.book.header.prorata).reading}, prorata"))
        return None

    def decided_entry(self, decision: Decision, rule: r.Line, typed: TypedRule, context: Context) -> Entry:
        """Return what an act sets: its amount as it is, or the part of a price by year that falls within what is held."""
        section = rule.section or "fonctionnement"
        value = known(decision.amount, None, decision=decision)
        prorata = self.prorata(rule)
        if not decision.by_year or rule.once or prorata is None or prorata == "none":
            return Entry(section, decision.amount, decision.amount, value)
        assert context.member is not None
        part = self.exact.presence(context.member, replace(context, prorata=prorata))
        amount = decision.amount * part
        rounding = self.model.rounding(rule.name)
        step = step_of(self.model, rule, typed, rounding)
        rounded = amount if step is None else rounded_to(amount, step, rounding.mode)
        return Entry(section, rounded, amount, replace_note(value, prorata=prorata, presence=part) if part != 1 else value)

    def offers_of(self, name: str) -> Iterable[str | None]:
        """Return the offers a line is reckoned for, one by one; None for a line that is not « pour chaque offre »."""
        return self.model.rules[name].offers if self.book.lines[name].offers is not None else (None,)
