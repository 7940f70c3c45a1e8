"""What stops a line before its formula: its version, holdings, rules of composition, refusals, conditions, its event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

from communis.tariff.calendar import french_date
from communis.tariff.interpreter.issued import Issued
from communis.tariff.interpreter.values import REFUSED, Context, Reason, Value, known, not_applicable, refused
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import OFFER, Node, TypedRule


class Stops(Issued):
    """Tells why a line gives nothing, in the order in which causes are looked at."""

    def out_of_force(self, rule: r.Line, year: int) -> Value | None:
        """Tell when the version, or the line, does not cover the first day of the exercise."""
        first = self.model.calendar.period(year).first
        header = self.book.header
        started = header.first is None or first >= header.first
        outside = self.outside_version(year)
        if outside is not None and (started or not (rule.rows or rule.once)):
            return refused(outside)
        if rule.first is not None and self.model.calendar.period(year).last < rule.first:
            return not_applicable(f"la ligne ne vaut qu’à partir du {french_date(rule.first)}")
        if rule.last is not None and first > rule.last:
            return not_applicable(f"la ligne ne vaut que jusqu’au {french_date(rule.last)}")
        return None

    def outside_version(self, year: int) -> Reason | None:
        """Tell when the version does not cover the first day of an exercise: it then has no tariff for it."""
        first, header = self.model.calendar.period(year).first, self.book.header
        if header.first is not None and first < header.first:
            effect = f"la version {header.version} prend effet le {french_date(header.first)}"
            label = self.model.calendar.label(year)
            return Reason("no_tariff", f"{effect}, après le premier jour de l’exercice {label}")
        if header.last is not None and first > header.last:
            return Reason("no_tariff", f"la version {header.version} a pris fin le {french_date(header.last)}")
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
            names = " ou ".join(self.quoted(o) for o in holders)
            return not_applicable(f"{names} : offre non tenue")
        return None

    def rowless(self, rule: r.Line, member: int, year: int) -> Value | None:
        """Tell when a line due for each row of a register finds none: there is then nothing to refuse."""
        if rule.rows is None:
            return None
        own = member if self.book.registers[rule.rows].of_member else None
        return None if self.exact.rows_in(rule.rows, year, own) else not_applicable("aucune ligne dans le registre")

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
            found.extend(self.refusals(name, replace(context, holders=holders)))
        if not found:
            return None
        reasons = tuple(dict.fromkeys(reason for v in found for reason in v.reasons))
        return Value(REFUSED, None, reasons, 0, None, tuple(found))

    def refusals(self, name: str, context: Context) -> list[Value]:
        """Return what a refusal says, asked once, or of each offer held when its case depends on one and none is at hand."""
        rule, member = self.model.rules[name], context.member
        if OFFER not in rule.axes or context.offer is not None or member is None:
            found = self.refusal(name, context)
            return [found] if found is not None else []
        said = []
        for offer in rule.holders:
            if (not context.holders or offer in context.holders) and self.reader.held(member, offer, context.year):
                found = self.refusal(name, replace(context, offer=offer, holders=(offer,)))
                if found is not None:
                    own = found.reasons[0].subject == name
                    said.append(replace(found, reasons=(self.about(offer, found.reasons[0]),)) if own else found)
        return said

    def about(self, offer: str, reason: Reason) -> Reason:
        return replace(reason, offer=self.book.offers[offer].label or offer)

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
        return [found for name in self.reader.included(offer) for found in self.composed(member, self.book.offers[name], year)]

    def composed(self, member: int, rule: r.Offer, year: int) -> Iterator[Value]:
        """Yield what the rules of one offer say against it: what it needs, excludes, and when and to whom it opens."""
        for needed in rule.requires:
            if not self.reader.held(member, needed, year):
                yield self.needs(rule, needed)
        for other in rule.excludes:
            if self.overlap(member, rule.name, other, year):
                yield self.shuts_out(rule, other)
        for other in self.rivals(rule):
            if self.overlap(member, rule.name, other, year, chosen=True):
                yield self.rivalled(rule, other)
        yield from self.not_open(member, rule, year)

    def has_rules(self, rule: r.Offer) -> bool:
        """Tell whether an offer has rules of composition at all."""
        own = rule.requires or rule.excludes or rule.announced or rule.opened or rule.name in self.model.reserved
        return bool(own or self.rivals(rule))

    def needs(self, rule: r.Offer, needed: str) -> Value:
        return self.against(rule, f"{self.quoted(rule.name)} exige {self.quoted(needed)}, qui n’est pas tenu")

    def shuts_out(self, rule: r.Offer, other: str) -> Value:
        return self.against(rule, f"{self.quoted(rule.name)} exclut {self.quoted(other)}, tenu en même temps")

    def rivals(self, rule: r.Offer) -> tuple[str, ...]:
        """Return the other offers of a group of which one only may be chosen; one that comes with another is no choice."""
        group = self.book.offers.get(rule.group or "")
        return tuple(o for o in self.book.offers_in(rule.group) if o != rule.name) if group is not None and group.one_of else ()

    def rivalled(self, rule: r.Offer, other: str) -> Value:
        group = self.quoted(rule.group or "")
        return self.against(rule, f"{self.quoted(rule.name)} et {self.quoted(other)} : un seul choix dans {group}")

    def not_open(self, member: int, rule: r.Offer, year: int) -> Iterator[Value]:
        """Yield what keeps an offer from being open to a member: not yet, or not to it."""
        this = self.quoted(rule.name)
        if rule.announced:
            yield self.against(rule, f"{this} est annoncé, pas encore ouvert")
        start = self.reader.start(member, rule.name, year)
        if rule.name in self.model.reserved:
            context = Context(year, member, holders=(rule.name,), event=start)
            condition = self.exact.evaluate(self.model.reserved[rule.name], context)
            if condition.refused:
                yield condition
            elif not (condition.is_amount and condition.value):
                yield self.against(rule, f"{this} est réservé à d’autres membres")
        if rule.opened is not None and start is not None and start < rule.opened:
            yield self.against(rule, f"{this} n’ouvre que le {french_date(rule.opened)}")

    def quoted(self, offer: str) -> str:
        return f"« {self.book.offers[offer].label or offer} »"

    @staticmethod
    def against(rule: r.Offer, text: str) -> Value:
        return refused(Reason("forbidden", text, articles=rule.margin.articles, subject=rule.name))

    def overlap(self, member: int, first: str, second: str, year: int, *, chosen: bool = False) -> bool:
        """Tell whether two offers are held, or chosen themselves, on a same day."""
        far = date.max
        pairs = ((a, b) for a in self.reader.held(member, first, year) for b in self.reader.held(member, second, year))
        return any(
            a.first <= (b.last or far) and b.first <= (a.last or far)
            for a, b in pairs
            if not chosen or (a.offer, b.offer) == (first, second)
        )

    def conditions(self, typed: TypedRule, context: Context, answers: list[Value]) -> Value | None:
        """Return « sans objet » when « si » is false, a zero when the line is exempt, None when the formula applies."""
        if typed.condition is not None and not typed.register:
            condition = self.exact.evaluate(typed.condition, context)
            answers.append(condition)
            stop = self.unmet(condition, typed)
            if stop is not None:
                return stop
        for node, articles in typed.exempt:
            exempt = self.exact.evaluate(node, context)
            answers.append(exempt)
            if exempt.refused:
                return exempt
            if exempt.is_amount and exempt.value:
                return known(Fraction(0), node, (exempt,), exempt=True, articles=articles)
        return None

    @staticmethod
    def unmet(answer: Value | None, typed: TypedRule) -> Value | None:
        """Return « sans objet » for an answer that is no, the refusal of one that cannot be known."""
        if answer is None or answer.refused:
            return answer
        met = answer.is_amount and answer.value
        return None if met else not_applicable("la condition n’est pas remplie", typed.condition, (answer,))

    def event(self, typed: TypedRule, context: Context) -> Value | None:
        """Return the date of a line due « une fois », or « sans objet » when it has not come or lies elsewhere."""
        if typed.once is None:
            return None
        value = self.exact.evaluate(typed.once, context)
        if value.is_amount and value.value not in self.model.calendar.period(context.year):
            return not_applicable(f"due une fois, le {french_date(value.value)}", typed.once, (value,), event=value.value)
        return value

    def before_version(self, day: date) -> Value | None:
        """Refuse an event that comes before the version takes effect."""
        header = self.book.header
        if header.first is None or day >= header.first:
            return None
        return refused(
            Reason("no_tariff", f"la version {header.version} prend effet le {french_date(header.first)}, après cet événement")
        )


def includes_host(node: Node) -> bool:
    if node.op == "share" and node.data[0].host:
        return True
    return any(includes_host(arg) for arg in node.args)
