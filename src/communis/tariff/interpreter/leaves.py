"""What a formula reads as it stands: constants, readings, facts, prices, fields of rows, dated steps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from communis.tariff.calendar import french_date
from communis.tariff.interpreter.evaluator import Evaluator
from communis.tariff.interpreter.facts import literal_value
from communis.tariff.interpreter.values import FICTITIOUS, Context, Reason, Value, known, not_applicable, refused
from communis.tariff.language import rules as r
from communis.tariff.language.rules import Parameter
from communis.tariff.meaning.formulas import EXIT_STEPS, STEPS, type_of
from communis.tariff.meaning.tree import Node
from communis.tariff.sharing import rounded_to
from communis.tariff.tables.records import RegisterRow


class Leaves(Evaluator):
    """Reads what is given: each fact once, at the date its declaration says."""

    def const(self, node: Node, context: Context) -> Value:
        return known(node.data, node)

    def reading(self, node: Node, context: Context) -> Value:
        name = str(node.data)
        retained = self.reader.reading(name)
        rule = self.model.book.interpretations[name]
        if retained is None:
            return refused(Reason("settle", f"{name}, {rule.open_reason}", articles=rule.margin.articles, subject=name), node)
        return known(retained, node, interpretation=name)

    def offer(self, node: Node, context: Context) -> Value:
        return known(context.offer, node)

    def attribute(self, node: Node, context: Context) -> Value:
        assert context.member is not None
        who = self.tables.members[context.member]
        return known(who.kind if node.data == "type" else who.name, node)

    def fact(self, node: Node, context: Context) -> Value:
        name, offer, year, of = node.data
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        rule = self.model.book.facts[name]
        context = self.dated(name, context)
        wanted = (offer or context.offer) if rule.offers is not None else None
        at_effect = rule.reading is not None and rule.reading.kind in ("effect", "decision")
        key = (
            "fact",
            name,
            None if rule.of_service and not at_effect else member,
            wanted,
            context.year,
            year,
            context.event,
            context.holders if at_effect else (),
        )
        if key not in self.memo:
            self.memo[key] = self.reader.fact(name, member, wanted, replace(context, member=member), year, node)
        found = self.memo[key]
        return Value(found.outcome, found.value, found.reasons, found.flags, node, (), found.note)

    def parameter(self, node: Node, context: Context) -> Value:
        rule = self.model.book.parameters[str(node.data)]
        context = self.dated(rule.name, context)
        day = self.reader.reading_day(rule.reading or r.ReadingRule("first_day"), context)
        price = self.reader.price(rule, day)
        if price is not None:
            return known(self.price_value(rule, price), node, price=price, read_on=day)
        if rule.to_supply is not None:
            return refused(
                Reason(
                    "supply", f"{rule.label or rule.name}, {rule.to_supply}", articles=rule.margin.articles, subject=rule.name
                ),
                node,
            )
        return refused(
            Reason(
                "missing",
                f"{rule.label or rule.name}, aucun prix au {french_date(day)}",
                articles=rule.margin.articles,
                subject=rule.name,
            ),
            node,
        )

    def price_value(self, rule: Parameter, price: r.DatedPrice) -> Fraction:
        override = self.cells.get((rule.name, 0, rule.values.index(price)))
        if override is not None:
            return override
        return (
            Fraction(literal_value(self.model, price.value))
            if price.value.unit
            else price.value.value * self.model.rules[rule.name].type.factor
        )

    def field(self, node: Node, context: Context) -> Value:
        register, name = node.data
        row = self.row(register, context)
        field = self.model.book.registers[register].fields[name]
        flags = FICTITIOUS if row.fictitious else 0
        if field.by_member:
            assert context.member is not None
            part = row.by_member.get(name, {}).get(context.member, Fraction(0))
            return known(part, node, flags=flags, row=row, field=name)
        value = row.values.get(name)
        if value is None and field.default is not None:
            return known(literal_value(self.model, field.default), node, flags=flags, row=row, field=name, by_default=True)
        if value is None:
            if field.optional:
                return not_applicable(f"{field.label or name} non renseigné", node)
            who = self.tables.members[row.member].name if row.member is not None else ""
            return refused(Reason("missing", f"{register}.{name} ({row.identifier})", who, field.margin.articles, name), node)
        if field.rounding is not None:
            kind = type_of(field.type, self.model.units)
            unit = self.model.units.unit(field.rounding.unit or "")
            step = field.rounding.step * (unit.factor if unit else kind.factor if kind else 1)
            return known(
                rounded_to(value, step, field.rounding.mode), node, flags=flags, row=row, field=name, before_rounding=value
            )
        return known(value, node, flags=flags, row=row, field=name)

    def row(self, register: str, context: Context) -> RegisterRow:
        position = next(index for name, index in reversed(context.rows) if name == register)
        return self.tables.registers[register][position]

    def step(self, node: Node, context: Context) -> Value:
        offer, step = node.data
        assert context.member is not None
        if offer == "sortie":
            return self.exit_step(step, context.member, node)
        day, chosen = self.reader.step(context.member, offer, step, context.year)
        label = self.model.book.offers[offer].label or offer
        if day is not None:
            return known(day, node, flags=FICTITIOUS if chosen and chosen.fictitious else 0, chosen=chosen, step=step)
        if chosen is None:
            return not_applicable(f"« {label} » n’a pas été choisi", node)
        if step in STEPS and step != "fin_le":
            who = self.tables.members[context.member].name
            return refused(
                Reason("missing", f"{STEPS[step]} ({offer})", who, self.model.book.offers[offer].margin.articles, step), node
            )
        return not_applicable(f"{self.model.book.offers[offer].steps.get(step) or step} : pas encore de date", node)

    def exit_step(self, step: str, member: int, node: Node) -> Value:
        """Return a date of the exit that is asked for; none is when amounts are computed."""
        if step in self.exit:
            return known(self.exit[step], node, step=step)
        if not self.exit:
            return not_applicable("aucune sortie demandée", node)
        return refused(Reason("missing", EXIT_STEPS[step], self.tables.members[member].name, subject=step), node)

    operations = {
        **Evaluator.operations,
        "const": const,
        "reading": reading,
        "offer": offer,
        "attribute": attribute,
        "fact": fact,
        "parameter": parameter,
        "field": field,
        "step": step,
    }
