"""Limits: caps, floors and collars over all members, and who bears what they move (TAR-12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any

from communis.tariff.interpreter.credits import Credits
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.lines import Lines
from communis.tariff.interpreter.results import Entry, LimitResult, LineResult, settled, stopped
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Context, Reason, Value, known, refused
from communis.tariff.meaning.tree import Node, TypedBearer
from communis.tariff.sharing import rounded_to, shared, whole_weights

CENT = Fraction(1, 100)


class Limits(Credits):
    """Computes each limit once."""

    def limit(self, name: str, year: int) -> LimitResult:
        """Return a limit for every member at once, since what one is spared another may bear (TAR-12)."""
        key = (name, year)
        if key not in self.limits:
            self.limits[key] = Limiter(self, name, year).run()
        return self.limits[key]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What limits an amount, rounded to the cent, the values it comes from, and what prevents knowing it."""

    most: Fraction | None
    least: Fraction | None
    most_value: Value | None
    least_value: Value | None
    problem: Value | None

    def cut(self, base: Fraction) -> Fraction:
        return max(base - self.most, Fraction(0)) if self.most is not None else Fraction(0)

    def added(self, base: Fraction) -> Fraction:
        return max(self.least - base, Fraction(0)) if self.least is not None else Fraction(0)

    def moved(self, base: Fraction) -> Fraction:
        """Return what brings a sum within its limits: the most first."""
        return -self.cut(base) or self.added(base)

    @property
    def flags(self) -> int:
        """What the limits rest on; one that is not there says nothing."""
        values = (v for v in (self.most_value, self.least_value) if v is not None and v.is_amount)
        return reduce(or_, (value.flags for value in values), 0)

    def note(self) -> dict[str, Any]:
        return {"most": self.most, "least": self.least, "most_value": self.most_value, "least_value": self.least_value}


class Limiter:
    """One limit over one exercise."""

    def __init__(self, ledger: Lines, name: str, year: int) -> None:
        self.ledger = ledger
        self.rule = ledger.book.limits[name]
        self.typed = ledger.model.rules[name]
        self.name, self.year = name, year
        self.exact = ledger.exact
        self.members = [m for m in self.exact.order if m in set(ledger.reader.participants(year))]
        self.result = LimitResult({m: LineResult(name, m, year, None, "limit", NOT_APPLICABLE) for m in self.members})
        self.bases: dict[int, Fraction] = {}
        self.answers: list[Value] = []  # who bears what is moved

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
        line.answers.append(condition)
        if condition.refused:
            stopped(line, condition)
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

    def bounds(self, member: int | None) -> Bounds:
        """Return what limits a member, or the whole for nobody in particular, with the refusal that nothing excuses."""
        most, most_value = self.bound(self.typed.at_most, member)
        least, least_value = self.bound(self.typed.at_least, member)
        unknown = [v for v, bound in ((most_value, most), (least_value, least)) if v is not None and bound is None and v.refused]
        return Bounds(most, least, most_value, least_value, next((v for v in unknown if not self.excused(v)), None))

    def each(self) -> None:
        """Limit each member by itself, then give what is cut, or added, to whoever bears it."""
        bounds = {member: self.bounds(member) for member in self.members if member in self.bases}
        kept = {member: found for member, found in bounds.items() if found.problem is None}
        for member, found in bounds.items():
            if found.problem is not None:
                stopped(self.result.by_member[member], found.problem)
            else:
                self.held_within(member, found)
        cut = {m: found.cut(self.bases[m]) for m, found in kept.items()}
        added = {m: found.added(self.bases[m]) for m, found in kept.items()}
        caps = {m: found.most for m, found in kept.items() if found.most is not None}
        self.bear({m: amount for m, amount in cut.items() if amount}, self.typed.excess, caps, 1)
        self.bear({m: amount for m, amount in added.items() if amount}, self.typed.shortfall, {}, -1)

    def held_within(self, member: int, found: Bounds) -> None:
        """Bring one member within its limits, and say how."""
        line, base = self.result.by_member[member], self.bases[member]
        cut, added = found.cut(base), found.added(base)
        line.note.update(base=base, **found.note(), cut=cut, added=added)
        if found.most is None and found.least is None:
            line.why = "aucune limite connue : sans plafond"
            if self.rule.warns:
                line.note["warning"] = line.why
        elif not cut and not added:
            line.why = "la limite n’est pas atteinte"
        line.flags |= found.flags
        if cut or added:
            self.settle(line, added - cut)

    def excused(self, value: Value) -> bool:
        return self.rule.else_none and all(reason.kind == "missing" for reason in value.reasons)

    def settle(self, line: LineResult, amount: Fraction) -> None:
        section = self.rule.section or next(
            (self.ledger.book.lines[n].section for n in self.rule.lines if self.ledger.book.lines[n].section), "fonctionnement"
        )
        flags = line.flags
        settled(line, [Entry(section, amount, amount, known(amount, None, flags=flags, limit=dict(line.note)))])
        line.service = self.ledger.model.calendar.period(self.year)

    def bearer(self, bearers: tuple[TypedBearer, ...]) -> TypedBearer | Value | None:
        """Return who bears what a limit moves, or the refusal that prevents knowing it; keep the answers that decided."""
        self.answers = []
        for typed in bearers:
            if typed.condition is None:
                return typed
            value = self.exact.evaluate(typed.condition, Context(self.year))
            self.answers.append(value)
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
        for line in (self.result.by_member[member] for member in amounts):
            line.answers.extend(self.answers)
            line.note["bearer"] = typed.bearer.who if typed is not None else "host"
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
            if "redistributed" not in line.note:
                line.answers.extend(self.answers)
            line.note["redistributed"] = line.note.get("redistributed", Fraction(0)) + taken
            line.flags |= flags
            self.settle(line, line.amount + taken)
        return amount - taken

    def total(self) -> None:
        """Limit the sum of all members, each moved in proportion to its own base (primitive 39)."""
        found = self.bounds(None)
        lines = self.result.by_member.values()
        reasons = tuple(dict.fromkeys(reason for line in lines for reason in line.reasons))
        if found.problem is not None:
            reasons = (*reasons, *found.problem.reasons)
        moved = found.moved(sum(self.bases.values(), Fraction(0)))
        members = [m for m in self.members if self.bases.get(m)]
        if reasons or (moved and self.bases and (not members or min(self.bases.values()) < 0)):
            self.refuse(self.result.by_member, reasons or (self.without_proportion(members),))
        elif moved and members:
            self.moved_in_proportion(moved, members, found)
        else:
            for line in lines:
                line.why = line.why or "la limite n’est pas atteinte"

    def without_proportion(self, members: list[int]) -> Reason:
        """Say why what a limit moves cannot be moved in proportion."""
        nobody = "aucun membre n’a de montant à réduire ou à augmenter"
        text = "un montant négatif ne se réduit pas à proportion" if members else nobody
        return Reason("zero_key", text, articles=self.rule.margin.articles, subject=self.name)

    def moved_in_proportion(self, moved: Fraction, members: list[int], found: Bounds) -> None:
        flags = found.flags
        for line in self.result.by_member.values():
            flags |= line.flags
        cents = int(moved / CENT)
        base = sum(self.bases.values(), Fraction(0))
        parts = shared(cents, whole_weights([self.bases[m] for m in members]))
        for member, part in zip(members, parts, strict=True):
            line = self.result.by_member[member]
            line.flags |= flags
            line.note.update(base=self.bases[member], total=base, moved=moved, **found.note())
            self.settle(line, Fraction(part) * CENT)
        for line in self.result.by_member.values():
            line.why = line.why or ("" if line.outcome == AMOUNT else "aucun montant à réduire ou à augmenter")
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
