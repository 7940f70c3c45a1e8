"""Lines: what stops each, what it gives, and the amount an act sets where the tariff asks for one (TAR-17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from communis.tariff.calendar import Period
from communis.tariff.interpreter.dues import Dues
from communis.tariff.interpreter.results import Entry, LineResult, settled, stopped
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Context, Reason, known, refused


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
        if result.outcome == REFUSED and all(reason.can_be_decided for reason in result.reasons):
            rule = self.book.lines.get(result.name)
            section = (rule.section if rule else "") or "fonctionnement"
            result.note["refused"] = result.reasons
            result.reasons = ()
            result.decision = decision
            if rule is not None:
                typed = self.model.rules[result.name]
                result.service = result.service or self.service(rule, typed.holders, result.member, result.year)
            settled(result, [Entry(section, decision.amount, decision.amount, known(decision.amount, None, decision=decision))])
            if rule is None:
                return result
            return self.dated(result, rule, typed, Context(result.year, result.member, result.offer))
        result.note["unused_decision"] = decision
        return result

    def offers_of(self, name: str) -> Iterable[str | None]:
        """Return the offers a line is reckoned for, one by one; None for a line that is not « pour chaque offre »."""
        return self.model.rules[name].offers if self.book.lines[name].offers is not None else (None,)
