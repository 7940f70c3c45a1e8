"""What each member owes: lines, then regularisations, limits, credits and net amounts, in that order (sketches, 2).

Every amount is rounded once, where its line says; what nobody among the members bears is a line of the host.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import Period, french_date, month_end, months_later, shifted
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.values import (
    AMOUNT,
    FICTITIOUS,
    NOT_APPLICABLE,
    REFUSED,
    SIMULATED,
    Context,
    Reason,
    Value,
    known,
    not_applicable,
    refused,
)  # fmt: skip
from communis.tariff.language import rules as r
from communis.tariff.language.syntax import Rounding
from communis.tariff.meaning.tree import Model, Node, TypedBearer, TypedRule
from communis.tariff.sharing import rounded_to, shared, whole_weights
from communis.tariff.tables.records import Decision

CENT = Fraction(1, 100)
WAYS = {"both_ways": (True, True), "upwards": (True, False), "downwards": (False, True)}
READINGS_OF_WAYS = {"dans_les_deux_sens": "both_ways", "à_la_hausse": "upwards", "à_la_baisse": "downwards", "jamais": "never"}
READINGS_OF_PRORATA = {"aucun": "none", "en_mois_commencés": "started_months", "en_mois_entiers": "whole_months", "en_jours": "days",
                       "en_jours_sur_360": "days_360"}  # fmt: skip
READINGS_OF_COUNTING = {"pour_l_ensemble": "for_all", "par_classe": "by_class", "par_membre": "by_member"}


@dataclass(slots=True)
class Entry:
    """One amount of a line: the whole line, or what one row of a register gives."""

    section: str
    amount: Fraction
    before_rounding: Fraction
    value: Value
    row: str = ""
    event: date | None = None


@dataclass(slots=True)
class LineResult:
    """What a line, a credit or a limit gives for one member, one exercise and one offer."""

    name: str
    member: int
    year: int
    offer: str | None
    kind: str  # line, credit, limit, host
    outcome: str
    amount: Fraction = Fraction(0)
    entries: list[Entry] = field(default_factory=list)
    reasons: tuple[Reason, ...] = ()
    flags: int = 0
    why: str = ""
    service: Period | None = None
    due: tuple[Period, ...] = ()
    due_reason: str = ""
    payer: int | None = None
    decision: Decision | None = None
    note: dict[str, Any] = field(default_factory=dict)

    @property
    def sections(self) -> dict[str, Fraction]:
        """Return the amount by section."""
        found: dict[str, Fraction] = {}
        for entry in self.entries:
            found[entry.section] = found.get(entry.section, Fraction(0)) + entry.amount
        return found


@dataclass(slots=True)
class AllowanceResult:
    """An allowance over an exercise: its opening, what each row took inside and beyond, and what is left."""

    opening: Value
    taken: dict[int, tuple[Fraction, Fraction, Fraction]] = field(default_factory=dict)
    left: Fraction = Fraction(0)
    flags: int = 0
    problem: Value | None = None


@dataclass(slots=True)
class LimitResult:
    """A limit over all members: each one’s own line, and what the host bears."""

    by_member: dict[int, LineResult]
    host: Fraction = Fraction(0)
    flags: int = 0


class Ledger:
    """Computes the lines of one model over one set of tables, each once."""

    def __init__(self, exact: Exact, earlier: dict[tuple[int, int, str, str | None], tuple[Fraction, int]] | None = None) -> None:
        self.exact = exact
        self.model = exact.model
        self.book = exact.model.book
        self.tables = exact.tables
        self.reader = exact.reader
        exact.ledger = self
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

    # ------------------------------------------------------------ lines

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
            return self.settled(result, [Entry(rule.section or "fonctionnement", given, given, known(given, None, given=True))])
        stop = (
            self.out_of_force(rule, year)
            or self.not_held(rule, typed, member, year, holders)
            or self.barred(rule, typed, context, holders)
        )
        if stop is not None:
            return self.stopped(result, stop)
        if prorata is None:
            return self.stopped(
                result, refused(Reason("settle", f"{(rule.prorata or self.book.header.prorata).reading}, prorata"))
            )
        stop = self.not_adjusted(rule) or self.conditions(typed, context)
        if stop is not None and stop.outcome != AMOUNT:
            return self.stopped(result, stop)
        result.service = self.service(rule, holders, member, year)
        event = self.event(typed, context)
        if event is not None and event.outcome != AMOUNT:
            return self.stopped(result, event)
        early = self.before_version(event.value) if event is not None else None
        if early is not None:
            return self.stopped(result, early)
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

    def settled(self, result: LineResult, entries: list[Entry]) -> LineResult:
        result.outcome = AMOUNT
        result.entries = entries
        result.amount = sum((e.amount for e in entries), Fraction(0))
        for entry in entries:
            result.flags |= entry.value.flags
        return result

    @staticmethod
    def stopped(result: LineResult, value: Value) -> LineResult:
        result.outcome = value.outcome
        result.reasons = value.reasons
        result.flags = value.flags
        result.why = str(value.note.get("why", ""))
        result.note["value"] = value
        return result

    def decided(self, result: LineResult) -> LineResult:
        """Put the amount set by an act where the tariff only refuses for want of a decision (TAR-17)."""
        decision = next(
            (
                d
                for d in self.tables.decisions
                if (d.line, d.member, d.year, d.offer) == (result.name, result.member, result.year, result.offer)
            ),
            None,
        )
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
            self.settled(
                result, [Entry(section, decision.amount, decision.amount, known(decision.amount, None, decision=decision))]
            )
            if rule is None:
                return result
            return self.dated(result, rule, typed, Context(result.year, result.member, result.offer))
        result.note["unused_decision"] = decision
        return result

    # ------------------------------------------------------------ what stops a line

    def out_of_force(self, rule: r.Line, year: int) -> Value | None:
        """Tell when the version, or the line, does not cover the first day of the exercise."""
        first = self.model.calendar.period(year).first
        header = self.book.header
        if header.first is not None and first < header.first and not rule.rows and not rule.once:
            text = f"la version {header.version} prend effet le {french_date(header.first)}, après le premier jour de l’exercice {self.model.calendar.label(year)}"
            return refused(Reason("no_tariff", text))
        if header.last is not None and first > header.last:
            return refused(Reason("no_tariff", f"la version {header.version} a pris fin le {french_date(header.last)}"))
        if rule.first is not None and self.model.calendar.period(year).last < rule.first:
            return not_applicable(f"la ligne ne vaut qu’à partir du {french_date(rule.first)}")
        if rule.last is not None and first > rule.last:
            return not_applicable(f"la ligne ne vaut que jusqu’au {french_date(rule.last)}")
        return None

    def not_held(self, rule: r.Line, typed: TypedRule, member: int, year: int, holders: tuple[str, ...]) -> Value | None:
        """Tell when the member does not hold what the line is for; the host takes part only where a set includes it."""
        who = self.tables.members[member]
        period = self.model.calendar.period(year)
        if not who.exists(period.first, period.last):
            return not_applicable("le membre n’existe pas sur cet exercice")
        if who.host:
            return (
                None
                if typed.formula is not None and includes_host(typed.formula)
                else not_applicable("ne concerne pas le gestionnaire")
            )
        if holders and not any(self.reader.held(member, o, year) for o in holders):
            names = " ou ".join(f"« {self.book.offers[o].label or o} »" for o in holders)
            return not_applicable(f"{names} : offre non tenue")
        return None

    def barred(self, rule: r.Line, typed: TypedRule, context: Context, holders: tuple[str, ...]) -> Value | None:
        """Tell what forbids the offer or asks for a decision: rules of composition, then the refusals of the convention."""
        member = context.member
        assert member is not None
        if self.tables.members[member].host:
            return None
        found = [
            v for o in holders if self.reader.held(member, o, context.year) for v in self.composition(member, o, context.year)
        ]
        for name, refusal in self.book.refusals.items():
            if refusal.when != "always" or refusal.outcome == "warn":
                continue
            if refusal.holders and not set(refusal.holders) & set(holders):
                continue
            value = self.refusal(name, context)
            if value is not None:
                found.append(value)
        if not found:
            return None
        reasons = tuple(dict.fromkeys(reason for v in found for reason in v.reasons))
        return Value(REFUSED, None, reasons, 0, None, tuple(found))

    def refusal(self, name: str, context: Context) -> Value | None:
        """Return the refusal of a rule when its case holds, or what prevents knowing it."""
        rule, typed = self.book.refusals[name], self.model.rules[name]
        assert typed.condition is not None
        condition = self.exact.evaluate(typed.condition, context)
        if condition.refused:
            return condition
        if not (condition.is_amount and condition.value):
            return None
        kind = {"decide": "decide", "forbidden": "forbidden", "warn": "decide"}[rule.outcome]
        whose = self.tables.members[context.member].name if context.member is not None else ""
        reason = Reason(kind, rule.text or rule.label, whose, rule.margin.articles, name)
        return refused(reason, typed.condition, (condition,))

    def composition(self, member: int, offer: str, year: int) -> list[Value]:
        """Return what the rules of composition say against an offer held in an exercise (CAT-02, CAT-14, CAT-22)."""
        found = []
        for name in self.reader.included(offer):
            rule = self.book.offers[name]
            for needed in rule.requires:
                if not self.reader.held(member, needed, year):
                    found.append(
                        self.against(
                            rule,
                            f"« {rule.label or name} » exige « {self.book.offers[needed].label or needed} », qui n’est pas tenu",
                        )
                    )
            for other in rule.excludes:
                if self.overlap(member, name, other, year):
                    found.append(
                        self.against(
                            rule,
                            f"« {rule.label or name} » exclut « {self.book.offers[other].label or other} », tenu en même temps",
                        )
                    )
            if rule.announced:
                found.append(self.against(rule, f"« {rule.label or name} » est annoncé, pas encore ouvert"))
            if name in self.model.reserved:
                condition = self.exact.evaluate(
                    self.model.reserved[name], Context(year, member, holders=(name,), event=self.reader.start(member, name, year))
                )
                if condition.refused:
                    found.append(condition)
                elif not (condition.is_amount and condition.value):
                    found.append(self.against(rule, f"« {rule.label or name} » est réservé à d’autres membres"))
            start = self.reader.start(member, name, year)
            if rule.opened is not None and start is not None and start < rule.opened:
                found.append(self.against(rule, f"« {rule.label or name} » n’ouvre que le {french_date(rule.opened)}"))
        return found

    @staticmethod
    def against(rule: r.Offer, text: str) -> Value:
        return refused(Reason("forbidden", text, articles=rule.margin.articles, subject=rule.name))

    def overlap(self, member: int, first: str, second: str, year: int) -> bool:
        """Tell whether two offers are held on a same day."""
        far = date.max
        return any(a.first <= (b.last or far) and b.first <= (a.last or far)
                   for a in self.reader.held(member, first, year) for b in self.reader.held(member, second, year))  # fmt: skip

    def conditions(self, typed: TypedRule, context: Context) -> Value | None:
        """Return « sans objet » when « si » is false, a zero when the line is exempt, None when the formula applies."""
        if typed.condition is not None and not typed.register:
            condition = self.exact.evaluate(typed.condition, context)
            if condition.refused:
                return condition
            if not (condition.is_amount and condition.value):
                return not_applicable("la condition n’est pas remplie", typed.condition, (condition,))
        for node, articles in typed.exempt:
            exempt = self.exact.evaluate(node, context)
            if exempt.refused:
                return exempt
            if exempt.is_amount and exempt.value:
                return known(Fraction(0), node, (exempt,), exempt=True, articles=articles)
        return None

    def event(self, typed: TypedRule, context: Context) -> Value | None:
        """Return the date of a line due « une fois », or « sans objet » when it has not come or lies elsewhere."""
        if typed.once is None:
            return None
        value = self.exact.evaluate(typed.once, context)
        if value.is_amount and value.value not in self.model.calendar.period(context.year):
            return not_applicable(f"due une fois, le {french_date(value.value)}", typed.once, (value,), event=value.value)
        return value

    # ------------------------------------------------------------ what a line gives

    def prorata(self, rule: r.Line) -> str | None:
        """Return the prorata rule of a line, or None when its interpretation is not settled."""
        chosen = rule.prorata or self.book.header.prorata
        if chosen.kind != "by_reading":
            return chosen.kind
        reading = self.reader.reading(chosen.reading)
        return READINGS_OF_PRORATA.get(reading) if reading is not None else None

    def exempted(self, result: LineResult, rule: r.Line, value: Value) -> None:
        self.settled(result, [Entry(rule.section or "fonctionnement", Fraction(0), Fraction(0), value)])
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
        self.settled(result, entries)
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
            stop = self.row_stop(rule, typed, inside)
            entry = Entry("", Fraction(0), Fraction(0), stop) if stop is not None else self.entry(rule, typed, inside, prorata)
            entry.value = self.exact.of_row(entry.value, inside)
            entry.row, entry.event = row.identifier, inside.event
            found.append(entry)
        return found

    def before_version(self, day: date) -> Value | None:
        """Refuse an event that comes before the version takes effect."""
        header = self.book.header
        if header.first is None or day >= header.first:
            return None
        return refused(
            Reason("no_tariff", f"la version {header.version} prend effet le {french_date(header.first)}, après cet événement")
        )

    def row_stop(self, rule: r.Line, typed: TypedRule, context: Context) -> Value | None:
        early = self.before_version(context.event) if context.event is not None else None
        if early is not None or typed.condition is None:
            return early
        condition = self.exact.evaluate(typed.condition, context)
        if condition.refused:
            return condition
        return (
            None
            if condition.is_amount and condition.value
            else not_applicable("la condition n’est pas remplie", typed.condition, (condition,))
        )

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

    def ways(self, rule: r.Line) -> str | None:
        """Return the ways of a regularisation (« never » when it is not practised), or None while it is to be settled."""
        if rule.ways != "by_reading":
            return rule.ways
        reading = self.reader.reading(rule.ways_by)
        return READINGS_OF_WAYS.get(reading, "never") if reading is not None else None

    def not_adjusted(self, rule: r.Line) -> Value | None:
        """Stop a regularisation that is not practised, or not settled, before anything else is asked."""
        ways = self.ways(rule) if rule.adjusts else ""
        if ways is None:
            return refused(
                Reason("settle", f"{rule.ways_by}, régularisation", articles=rule.margin.articles, subject=rule.ways_by)
            )
        return not_applicable("régularisation non activée") if ways == "never" else None

    def adjusted(self, result: LineResult, rule: r.Line) -> None:
        """Make a final amount the difference with what was issued under a line, in the ways declared (TAR-13, AMB-29)."""
        ways = self.ways(rule)
        assert ways is not None
        offer = result.offer if self.book.lines[rule.adjusts].offers is not None else None
        paid = self.issued(result.member, result.year, rule.adjusts, offer)
        if paid is None:
            who = self.tables.members[result.member].name
            text = f"montant émis de « {rule.adjusts} », exercice {self.model.calendar.label(result.year)}"
            result.outcome, result.reasons = REFUSED, (Reason("missing", text, who, rule.margin.articles, rule.adjusts),)
            return
        final = result.amount
        difference = final - paid[0]
        upward, downward = WAYS[ways]
        kept = difference if (difference > 0 and upward) or (difference < 0 and downward) else Fraction(0)
        result.flags |= paid[1]
        result.note["adjusts"] = {"final": final, "paid": paid[0], "kept": kept, "line": rule.adjusts}
        entry = result.entries[0]
        self.settled(result, [Entry(entry.section, kept, kept, entry.value)])
        result.flags |= paid[1]

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

    # ------------------------------------------------------------ dates

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
                if condition.refused:
                    return self.stopped(result, condition)
                if not (condition.is_amount and condition.value):
                    continue
            payer, problem = self.exact.whose(who, context, condition_node or typed.formula or Node("const"))
            if problem is not None:
                return self.stopped(result, problem)
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
                days = {shifted(day, billing.count, self.model.units.base(billing.unit) or "jour") for day in days}
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

    # ------------------------------------------------------------ credits

    def credit(self, name: str, member: int, year: int) -> LineResult:
        """Return a credit: an earlier charge deducted from a line, within its window, never below its floor (TAR-11)."""
        key = (name, member, year)
        if key not in self.credits:
            self.credits[key] = self.reckon_credit(name, member, year)
        return self.credits[key]

    def reckon_credit(self, name: str, member: int, year: int) -> LineResult:
        rule, typed = self.book.credits[name], self.model.rules[name]
        result = LineResult(name, member, year, None, "credit", NOT_APPLICABLE)
        context = Context(year, member)
        target = self.line(rule.target, member, year)
        if target.outcome != AMOUNT:
            result.why = (
                "la ligne créditée n’est pas due" if target.outcome == NOT_APPLICABLE else "la ligne créditée est refusée"
            )
            return result
        if typed.condition is not None:
            condition = self.exact.evaluate(typed.condition, context)
            if condition.refused:
                return self.stopped(result, condition)
            if not (condition.is_amount and condition.value):
                result.why = str(condition.note.get("why") or "hors du délai ou des conditions du crédit")
                result.note["condition"] = condition
                return result
            result.note["condition"] = condition
        available, used, flags = self.available(rule, member, year)
        if used and rule.once:
            result.why = "crédit déjà utilisé"
            return result
        if isinstance(available, Value):
            return self.stopped(result, available)
        if available <= 0:
            result.why = "rien à déduire"
            return result
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
        return self.settled(result, [Entry(section, -deducted, -deducted, value)])

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

    def issued_years(self, member: int, line: str, before: int) -> list[int]:
        """Return the exercises before one for which something was issued, or simulated, under a line."""
        return sorted({y for (m, y, name, _) in (*self._issued, *self.earlier) if m == member and name == line and y < before})

    def used_before(self, member: int, credit: str, year: int) -> Fraction:
        """Return what a credit has already deducted in earlier exercises."""
        rows = (*self._issued.items(), *self.earlier.items())
        return -sum((amount for (m, y, name, _), (amount, _) in rows if m == member and name == credit and y < year), Fraction(0))

    def source_years(self, rule: r.Credit, member: int, year: int) -> set[int]:
        """Return the exercises whose source line is computed: this one, and that of an event that came before."""
        typed = self.model.rules[rule.source]
        years = {year}
        if typed.once is not None:
            value = self.exact.evaluate(typed.once, Context(year, member))
            if value.is_amount:
                years.add(min(self.model.calendar.year_of(value.value), year))
        return years

    def net(self, name: str, member: int, year: int, offer: str | None, node: Node) -> Value:
        """Return a line less its credits and the limits that bear on it alone."""
        line = self.line(name, member, year, offer if self.book.lines[name].offers is not None else None)
        if line.outcome != AMOUNT:
            return Value(line.outcome, None, line.reasons, line.flags, node, (), {"why": line.why})
        total, flags = line.amount, line.flags
        for credit, rule in self.book.credits.items():
            if rule.target == name:
                found = self.credit(credit, member, year)
                if found.outcome == REFUSED:
                    return Value(REFUSED, None, found.reasons, found.flags, node)
                total, flags = total + found.amount, flags | found.flags
        for limit, limit_rule in self.book.limits.items():
            if limit_rule.lines == (name,):
                bound = self.limit(limit, year).by_member.get(member)
                if bound is not None and bound.outcome == REFUSED:
                    return Value(REFUSED, None, bound.reasons, bound.flags, node)
                total += bound.amount if bound is not None else 0
        return known(total, node, flags=flags, line=name)

    # ------------------------------------------------------------ limits

    def limit(self, name: str, year: int) -> LimitResult:
        """Return a limit for every member at once, since what one is spared another may bear (TAR-12)."""
        key = (name, year)
        if key not in self.limits:
            self.limits[key] = Limiter(self, name, year).run()
        return self.limits[key]

    # ------------------------------------------------------------ allowances

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
        drawn, problem = self.drawing_rows(rule, typed, year)
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
        return known(opening.value + carried, opening.node, opening.parts, opening.flags | before.flags, carried=carried)

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
        self, rule: r.Allowance, typed: TypedRule, year: int
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
                condition = self.exact.evaluate(typed.condition, inside)
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

    # ------------------------------------------------------------ values for formulas, statements

    def as_value(self, name: str, context: Context, node: Node) -> Value:
        """Return a line, a credit or a limit as a formula reads it."""
        assert context.member is not None
        if name in self.book.lines:
            found: LineResult | None = self.line(name, context.member, context.year, context.offer)
        elif name in self.book.credits:
            found = self.credit(name, context.member, context.year)
        else:
            found = self.limit(name, context.year).by_member.get(context.member)
        if found is None:
            return not_applicable("ne concerne pas ce membre", node)
        if found.outcome != AMOUNT:
            return Value(found.outcome, None, found.reasons, found.flags, node, (), {"why": found.why})
        return known(found.amount, node, flags=found.flags, line=name, result=found)

    def statement(self, member: int, year: int) -> list[LineResult]:
        """Return everything the convention says of a member for an exercise, in the order of the file."""
        results: list[LineResult] = []
        for name in self.book.lines:
            results.extend(self.line(name, member, year, offer) for offer in self.offers_of(name))
        results.extend(self.credit(name, member, year) for name in self.book.credits)
        for name in self.book.limits:
            found = self.limit(name, year).by_member.get(member)
            if found is not None:
                results.append(found)
        return results

    def offers_of(self, name: str) -> Iterable[str | None]:
        """Return the offers a line is reckoned for, one by one; None for a line that is not « pour chaque offre »."""
        return self.model.rules[name].offers if self.book.lines[name].offers is not None else (None,)

    def warnings(self, member: int, year: int) -> list[Reason]:
        """Return the alerts whose case holds for a member."""
        found = []
        for name, rule in self.book.refusals.items():
            if rule.outcome != "warn" or rule.when != "always":
                continue
            if rule.holders and not any(self.reader.held(member, o, year) for o in rule.holders):
                continue
            value = self.refusal(name, Context(year, member))
            if value is None:
                continue
            if value.reasons and value.reasons[0].subject == name:
                found.append(value.reasons[0])
            else:
                why = " ; ".join(map(str, value.reasons))
                found.append(Reason("missing", f"« {rule.label or name} » ne se vérifie pas : {why}", subject=name))
        return found


class Limiter:
    """One limit over one exercise."""

    def __init__(self, ledger: Ledger, name: str, year: int) -> None:
        self.ledger = ledger
        self.rule = ledger.book.limits[name]
        self.typed = ledger.model.rules[name]
        self.name, self.year = name, year
        self.exact = ledger.exact
        self.members = [m for m in self.exact.order if m in set(ledger.reader.participants(year))]
        self.result = LimitResult({m: LineResult(name, m, year, None, "limit", NOT_APPLICABLE) for m in self.members})
        self.bases: dict[int, Fraction] = {}

    def run(self) -> LimitResult:
        if self.typed.condition is not None:
            self.members = [m for m in self.members if self.applies(m)]
            if self.rule.on_total and not self.members:
                return self.result
        for member in self.members:
            self.base(member)
        if self.rule.on_total:
            self.total()
        else:
            self.each()
        return self.result

    def applies(self, member: int) -> bool:
        assert self.typed.condition is not None
        condition = self.exact.evaluate(self.typed.condition, Context(self.year, None if self.rule.on_total else member))
        line = self.result.by_member[member]
        if condition.refused:
            self.ledger.stopped(line, condition)
        elif not (condition.is_amount and condition.value):
            line.why = "la condition n’est pas remplie"
        return condition.is_amount and bool(condition.value)

    def base(self, member: int) -> None:
        """Add the lines a limit bears on, for one member; a refused line refuses the limit."""
        line = self.result.by_member[member]
        total, found = Fraction(0), False
        reasons: list[Reason] = []
        for name in self.rule.lines or self.ledger.book.lines:
            rule = self.ledger.book.lines[name]
            if not self.rule.lines and rule.section != self.rule.section and not rule.section_of:
                continue
            for offer in self.ledger.offers_of(name):
                one = self.ledger.line(name, member, self.year, offer)
                if one.outcome == REFUSED:
                    reasons.extend(one.reasons)
                elif one.outcome == AMOUNT:
                    found = True
                    total += one.amount if self.rule.lines else one.sections.get(self.rule.section, Fraction(0))
                    line.flags |= one.flags
        if reasons:
            line.outcome, line.reasons = REFUSED, tuple(dict.fromkeys(reasons))
        elif found:
            self.bases[member] = total
        else:
            line.why = "aucune ligne à limiter"

    def bound(self, node: Node | None, member: int | None) -> tuple[Fraction | None, Value | None]:
        """Return a limit rounded to the cent, None without a problem when the convention then sets none."""
        if node is None:
            return None, None
        value = self.exact.evaluate(node, Context(self.year, member))
        if value.is_amount:
            rounding = self.ledger.book.header.rounding
            return rounded_to(value.value, CENT, rounding.mode if rounding else "half_up"), value
        missing = value.outcome == NOT_APPLICABLE or all(reason.kind == "missing" for reason in value.reasons)
        if self.rule.else_none and missing:
            return None, value
        if value.outcome == NOT_APPLICABLE:
            text = str(value.note.get("why") or "limite sans valeur")
            value = refused(Reason("missing", text, self.name_of(member), self.rule.margin.articles, self.name))
        return None, value

    def name_of(self, member: int | None) -> str:
        return self.ledger.tables.members[member].name if member is not None else ""

    def each(self) -> None:
        """Limit each member by itself, then give what is cut, or added, to whoever bears it."""
        excess: dict[int, Fraction] = {}
        shortfall: dict[int, Fraction] = {}
        caps: dict[int, Fraction] = {}
        for member in self.members:
            if member not in self.bases:
                continue
            line = self.result.by_member[member]
            base = self.bases[member]
            most, most_value = self.bound(self.typed.at_most, member)
            least, least_value = self.bound(self.typed.at_least, member)
            problem = next(
                (
                    v
                    for v, bound in ((most_value, most), (least_value, least))
                    if v is not None and bound is None and v.refused and not self.excused(v)
                ),
                None,
            )
            if problem is not None:
                self.ledger.stopped(line, problem)
                continue
            if most is not None:
                caps[member] = most
            cut = max(base - most, Fraction(0)) if most is not None else Fraction(0)
            added = max(least - base, Fraction(0)) if least is not None else Fraction(0)
            line.note.update(
                base=base, most=most, least=least, most_value=most_value, least_value=least_value, cut=cut, added=added
            )
            unlimited = most is None and least is None
            line.why = (
                "aucune limite connue : sans plafond" if unlimited else "" if cut or added else "la limite n’est pas atteinte"
            )
            if unlimited and self.rule.warns:
                line.note["warning"] = line.why
            for value in (most_value, least_value):
                line.flags |= value.flags if value is not None else 0
            if cut:
                excess[member] = cut
            if added:
                shortfall[member] = added
            if cut or added:
                self.settle(line, added - cut)
        self.bear(excess, self.typed.excess, caps, 1)
        self.bear(shortfall, self.typed.shortfall, {}, -1)

    def excused(self, value: Value) -> bool:
        return self.rule.else_none and all(reason.kind == "missing" for reason in value.reasons)

    def settle(self, line: LineResult, amount: Fraction) -> None:
        section = self.rule.section or next(
            (self.ledger.book.lines[n].section for n in self.rule.lines if self.ledger.book.lines[n].section), "fonctionnement"
        )
        flags = line.flags
        self.ledger.settled(line, [Entry(section, amount, amount, known(amount, None, flags=flags, limit=dict(line.note)))])
        line.service = self.ledger.model.calendar.period(self.year)

    def bearer(self, bearers: tuple[TypedBearer, ...]) -> TypedBearer | Value | None:
        """Return who bears what a limit moves, or the refusal that prevents knowing it."""
        for typed in bearers:
            if typed.condition is None:
                return typed
            value = self.exact.evaluate(typed.condition, Context(self.year))
            if value.refused:
                return value
            if value.is_amount and value.value:
                return typed
        return None

    def refuse(self, members: Iterable[int], reasons: tuple[Reason, ...]) -> None:
        """Refuse the limit of members whose part cannot be known."""
        for member in members:
            line = self.result.by_member[member]
            line.outcome, line.reasons = REFUSED, tuple(dict.fromkeys((*line.reasons, *reasons)))

    def bear(self, amounts: dict[int, Fraction], bearers: tuple[TypedBearer, ...], caps: dict[int, Fraction], sign: int) -> None:
        """Give what a limit moved to the host, or to the other members by a key, each within its own limit."""
        total = sum(amounts.values(), Fraction(0))
        if not total:
            return
        source = 0
        for member in amounts:
            source |= self.result.by_member[member].flags
        self.result.flags |= source
        typed = self.bearer(bearers)
        if isinstance(typed, Value):
            self.refuse(self.bases, typed.reasons)
            return
        if typed is None or typed.bearer.who != "others":
            if typed is None or typed.bearer.who == "host":
                self.result.host += sign * total
            return
        assert typed.key is not None
        left = total
        full = set(amounts)
        unknown = tuple(reason for line in self.result.by_member.values() if line.outcome == REFUSED for reason in line.reasons)
        while left:
            able = [m for m in self.members if m in self.bases and m not in full]
            weights, flags, bad = bearing_weights(self.exact, typed.key, able, self.year)
            if unknown or bad is not None:
                self.refuse(able, (*unknown, *(bad.reasons if bad is not None else ())))
                return
            if not able or not sum(weights):
                break
            flags |= source
            cents = int(left / CENT)
            left -= cents * CENT
            for member, part in zip(able, shared(cents, whole_weights(weights)), strict=True):
                left += sign * self.take(member, Fraction(part) * CENT * sign, caps, full, flags)
            if not cents:
                break
        self.result.host += sign * left

    def take(self, member: int, amount: Fraction, caps: dict[int, Fraction], full: set[int], flags: int) -> Fraction:
        """Add an amount to a member’s line up to its limit; return what it cannot take."""
        line = self.result.by_member[member]
        room = caps[member] - self.bases[member] - line.amount if member in caps else amount
        taken = min(amount, room) if amount > 0 else amount
        if taken != amount:
            full.add(member)
        if taken:
            line.note["redistributed"] = line.note.get("redistributed", Fraction(0)) + taken
            line.flags |= flags
            self.settle(line, line.amount + taken)
        return amount - taken

    def total(self) -> None:
        """Limit the sum of all members, each moved in proportion to its own base (primitive 39)."""
        reasons = tuple(dict.fromkeys(reason for line in self.result.by_member.values() for reason in line.reasons))
        base = sum(self.bases.values(), Fraction(0))
        most, most_value = self.bound(self.typed.at_most, None)
        least, least_value = self.bound(self.typed.at_least, None)
        problem = next(
            (
                v
                for v, bound in ((most_value, most), (least_value, least))
                if v is not None and bound is None and v.refused and not self.excused(v)
            ),
            None,
        )
        if problem is not None:
            reasons = (*reasons, *problem.reasons)
        if reasons:
            self.refuse(self.result.by_member, reasons)
            return
        moved = Fraction(0)
        if most is not None and base > most:
            moved = most - base
        elif least is not None and base < least:
            moved = least - base
        flags = 0
        for line in self.result.by_member.values():
            flags |= line.flags
        flags |= (most_value.flags if most_value else 0) | (least_value.flags if least_value else 0)
        members = [m for m in self.members if self.bases.get(m)]
        if moved and self.bases and (not members or min(self.bases.values()) < 0):
            text = (
                "un montant négatif ne se réduit pas à proportion"
                if members
                else "aucun membre n’a de montant à réduire ou à augmenter"
            )
            self.refuse(self.result.by_member, (Reason("zero_key", text, articles=self.rule.margin.articles, subject=self.name),))
            return
        if not moved or not members:
            for line in self.result.by_member.values():
                line.why = line.why or "la limite n’est pas atteinte"
            return
        cents = int(moved / CENT)
        parts = shared(cents, whole_weights([self.bases[m] for m in members]))
        for member, part in zip(members, parts, strict=True):
            line = self.result.by_member[member]
            line.flags |= flags
            line.note.update(
                base=self.bases[member],
                total=base,
                most=most,
                least=least,
                moved=moved,
                most_value=most_value,
                least_value=least_value,
            )
            self.settle(line, Fraction(part) * CENT)
        self.result.flags |= flags
        self.result.host -= cents * CENT


def bearing_weights(exact: Exact, key: Node, members: list[int], year: int) -> tuple[list[Fraction], int, Value | None]:
    """Return the weights of those who bear what others are spared, what they rest on, and what prevents knowing one."""
    if key.op == "key":
        weights, flags, bad = exact.blended(str(key.data), members, Context(year))
        if bad is not None and all(reason.kind == "zero_key" for reason in bad.reasons):
            return [Fraction(0) for _ in members], flags, None
    else:
        weights, flags, bad = exact.driver_weights(key, members, Context(year))
    if any(w < 0 for w in weights.values()):
        bad = refused(Reason("zero_key", "un poids est négatif"), key)
    return [weights[m] for m in members] if bad is None else [], flags, bad


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


def step_of(model: Model, rule: r.Line, typed: TypedRule, rounding: Rounding) -> Fraction | None:
    """Return the step of a line’s rounding in base units; a line in kind is rounded only where it says so."""
    if rule.section == "en nature" and rule.rounding is None:
        return None
    if rounding.unit in (None, "€"):
        return Fraction(rounding.step)
    unit = model.units.unit(rounding.unit)
    return rounding.step * (unit.factor if unit else typed.type.factor)


def replace_note(value: Value, **note: Any) -> Value:
    """Return a value with more to say of itself."""
    return Value(value.outcome, value.value, value.reasons, value.flags, value.node, value.parts, {**value.note, **note})


def has_share(node: Node) -> bool:
    return node.op == "share" or any(has_share(arg) for arg in node.args)


def includes_host(node: Node) -> bool:
    if node.op == "share" and node.data[0].host:
        return True
    return any(includes_host(arg) for arg in node.args)
