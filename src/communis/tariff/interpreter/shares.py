"""Sums cut among members: keys, weights, presence, and parts that add up to the sum (TAR-08)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import Period, presence
from communis.tariff.interpreter.history import History
from communis.tariff.interpreter.values import AMOUNT, Context, Reason, Value, not_applicable, refused, spoiled
from communis.tariff.meaning.formulas import is_money, type_of
from communis.tariff.meaning.tree import Node
from communis.tariff.sharing import rounded_whole, shared_with_remainder, whole_weights


class Shares(History):
    """Cuts each sum once for all those who share it."""

    def share(self, node: Node, context: Context) -> Value:
        """Return this member’s part of a sum cut among a set; the parts of the set add up to the sum (TAR-08)."""
        group, _ = node.data
        keyed = replace(context, member=None) if group.kind != "attached" else context
        key = ("share", node, keyed)
        if key not in self.distributions:
            self.distributions[key] = self.distribute(node, keyed)
        outcome, parts, note = self.distributions[key]
        if outcome is not None:
            return Value(outcome.outcome, None, outcome.reasons, outcome.flags, node, (), {**outcome.note, **note})
        if context.member not in parts:
            return not_applicable("n’est pas parmi ceux qui partagent", node)
        part, weight = parts[context.member]
        return Value(
            AMOUNT,
            part,
            (),
            note["flags"],
            node,
            (note["amount"],),
            {**note, "weight": weight, "member": context.member},
        )

    def distribute(
        self, node: Node, context: Context
    ) -> tuple[Value | None, dict[int, tuple[Fraction, Fraction]], dict[str, Any]]:
        """Cut the sum once for all the members of the set; return a spoiled value, or each part with its weight."""
        group, key_name = node.data
        members, problem = self.group(group, context)
        if problem is not None:
            return problem, {}, {}
        amount = self.evaluate(node.args[0], context)
        if not amount.is_amount:
            return amount, {}, {}
        weights, flags, bad = self.weights(node, key_name, members, context)
        if bad is not None:
            return bad, {}, {}
        if context.prorata:
            weights = {m: w * self.presence(m, context) for m, w in weights.items()}
        uncut = self.uncut(members, weights)
        if uncut is not None:
            return refused(uncut, node), {}, {}
        flags |= amount.flags | self.group_flags(group, members, context)
        parts, note = self.cut(node, amount.value, members, weights)
        return None, parts, {"amount": amount, "members": len(members), "flags": flags, **note}

    @staticmethod
    def uncut(members: list[int], weights: dict[int, Fraction]) -> Reason | None:
        """Tell why weights cut nothing."""
        if not members:
            return Reason("zero_key", "personne entre qui répartir")
        if not sum(weights.values(), Fraction(0)):
            return Reason("zero_key", "aucun membre n’a de poids")
        return Reason("zero_key", "un poids est négatif") if min(weights.values()) < 0 else None

    def cut(
        self, node: Node, amount: Fraction, members: list[int], weights: dict[int, Fraction]
    ) -> tuple[dict[int, tuple[Fraction, Fraction]], dict[str, Any]]:
        """Cut a sum by weights, to the cent or to the hundredth of its unit; return each part with its weight, and the rest."""
        step = Fraction(1, 100) * (1 if is_money(node.type) else node.type.factor)
        whole = rounded_whole(amount / step, "half_up")
        method = self.model.book.header.sharing
        found, rest = shared_with_remainder(whole, whole_weights([weights[m] for m in members]), method)
        parts = {m: (part * step, weights[m]) for m, part in zip(members, found, strict=True)}
        total = sum(weights.values(), Fraction(0))
        return parts, {"total_weight": total, "rest": rest * step, "method": method, "cut": whole * step}

    def weights(
        self, node: Node, key_name: str, members: list[int], context: Context
    ) -> tuple[dict[int, Fraction], int, Value | None]:
        """Return the weight of each member, and what prevents knowing one."""
        if key_name:
            return self.blended(key_name, members, context)
        if len(node.args) == 1:
            return dict.fromkeys(members, Fraction(1)), 0, None
        key = node.args[1]
        if key.type.kind == "key":
            chosen = self.evaluate(key, context)
            if not chosen.is_amount:
                return {}, 0, chosen
            fact = self.model.book.facts[chosen.value]
            kind = type_of(fact.type, self.model.units)
            assert kind is not None
            key = Node("fact", data=(fact.name, None, None, None), type=kind, axes=frozenset({"member"}), place=key.place)
            weights, flags, bad = self.driver_weights(key, members, context)
            return weights, flags | chosen.flags, bad
        return self.driver_weights(key, members, context)

    def presence(self, member: int, context: Context) -> Fraction:
        """Return the part of the exercise during which a member holds what the line is for, by its prorata rule."""
        year = self.model.calendar.period(context.year)
        if self.tables.members[member].host:
            return Fraction(1)
        if not context.holders:
            who = self.tables.members[member]
            return presence(Period(who.first or year.first, who.last or year.last), year, context.prorata)
        held = [c for o in context.holders for c in self.reader.held(member, o, context.year)]
        total = sum(
            (presence(Period(c.first, c.last or year.last), year, context.prorata) for c in {id(c): c for c in held}.values()),
            Fraction(0),
        )
        return min(total, Fraction(1))

    def driver_weights(self, driver: Node, members: list[int], context: Context) -> tuple[dict[int, Fraction], int, Value | None]:
        found = {m: self.evaluate(driver, replace(context, member=m)) for m in members}
        refusing = tuple(v for v in found.values() if v.refused)
        if refusing:
            return {}, 0, spoiled(refusing, driver)
        flags = 0
        for value in found.values():
            flags |= value.flags
        return {m: (v.value if v.is_amount else Fraction(0)) for m, v in found.items()}, flags, None

    def blended(self, name: str, members: list[int], context: Context) -> tuple[dict[int, Fraction], int, Value | None]:
        """Return the weights of a key of several components, each brought to one before they are added (primitive 28)."""
        weights = dict.fromkeys(members, Fraction(0))
        flags = 0
        for component in self.model.keys[name].weights:
            drivers = [d for d in (component.driver, component.fallback) if d is not None]
            if not drivers:
                part: dict[int, Fraction] = dict.fromkeys(members, Fraction(1))
            for driver in drivers:
                part, part_flags, bad = self.driver_weights(driver, members, context)
                if bad is not None:
                    return {}, 0, bad
                flags |= part_flags
                if any(part.values()):
                    break
            total = sum(part.values(), Fraction(0))
            if not total:
                return {}, 0, refused(Reason("zero_key", f"la clé {name} : aucun membre n’a de poids", subject=name))
            for member in members:
                weights[member] += component.percent * part[member] / total
        return weights, flags, None

    operations = {**History.operations, "share": share}
