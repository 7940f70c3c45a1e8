"""The exact interpreter: Python integers and fractions over the typed tree, keeping where every figure comes from.

It explains, and it is the oracle of the plan. Evaluation never raises on a user's data: it gives an amount, « sans objet »
or a refusal with its reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from communis.tariff.calendar import (
    Period,
    french_date,
    full_months_between,
    full_years_between,
    month_end,
    next_day_like,
    presence,
    shifted,
)  # fmt: skip
from communis.tariff.interpreter.facts import Reader, literal_value, tie_order
from communis.tariff.interpreter.values import (
    AMOUNT,
    FICTITIOUS,
    Context,
    Reason,
    Value,
    known,
    not_applicable,
    refusal,
    refused,
    spoiled,
)  # fmt: skip
from communis.tariff.language import rules as r
from communis.tariff.language.rules import Parameter
from communis.tariff.language.syntax import Years
from communis.tariff.meaning.formulas import STEPS, is_money, type_of
from communis.tariff.meaning.tree import MEMBER, GroupNode, Interval, Model, Node, TypedCell, TypedPeriod, TypedRow, TypedScale
from communis.tariff.sharing import rounded_to, rounded_whole, shared_with_remainder, whole_weights
from communis.tariff.tables.records import RegisterRow, Tables
from communis.tariff.wording import value_text

if TYPE_CHECKING:
    from communis.tariff.interpreter.ledger import Ledger

MAX_DIGITS = 60
MAX_BITS = 200
"""The bits of a number of `MAX_DIGITS` digits."""
RANK = "rang"
CHOICES = "choix"


class Exact:
    """Evaluates the formulas of one model over one set of tables; results are kept, so each is reckoned once."""

    def __init__(
        self,
        model: Model,
        tables: Tables,
        *,
        readings: dict[str, str] | None = None,
        cells: dict[tuple[str, int, int], Fraction] | None = None,
    ) -> None:
        self.model = model
        self.tables = tables
        self.reader = Reader(model, tables, readings)
        self.order = tie_order(tables, model.book.header.tie)
        self.memo: dict[Any, Value] = {}
        self.distributions: dict[Any, Any] = {}
        self.given: dict[Any, Fraction] = {}
        self.cells = cells or {}
        self.as_of: dict[str, int] = {}
        self.ledger: Ledger | None = None

    def evaluate(self, node: Node, context: Context) -> Value:
        """Return the value of a formula in a context."""
        value = self._operations[node.op](self, node, context)
        if value.outcome == AMOUNT and isinstance(value.value, Fraction) and too_long(value.value):
            return refused(Reason("impossible", f"un nombre de plus de {MAX_DIGITS} chiffres"), node, value.parts)
        return value

    def dated(self, name: str, context: Context) -> Context:
        """Return a context set in another exercise for what is compared as it was then (`compare`); else the same."""
        year = self.as_of.get(name)
        return context if year is None or year == context.year else replace(context, year=year)

    def parts(self, node: Node, context: Context) -> tuple[Value, ...]:
        return tuple(self.evaluate(arg, context) for arg in node.args)

    # ------------------------------------------------------------ leaves

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

    def whose(self, of: str | None, context: Context, node: Node) -> tuple[int | None, Value | None]:
        """Return the member a name speaks of: the current one, the host, or the one it is attached to."""
        if of is None:
            return context.member, None
        if of == "host":
            host = self.tables.host
            if host is None:
                return None, refused(Reason("parent", "aucun membre n’est gestionnaire"), node)
            return host, None
        assert context.member is not None
        parent = self.tables.members[context.member].parent
        if parent is None:
            return None, refused(Reason("parent", "membre de rattachement", self.tables.members[context.member].name), node)
        return parent, None

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
            return not_applicable("aucune sortie demandée", node)
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

    # ------------------------------------------------------------ operations

    def arithmetic(self, node: Node, context: Context) -> Value:
        parts = self.parts(node, context)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        if node.op == "minus":
            return known(-parts[0].value, node, parts)
        left, right = parts[0].value, parts[1].value
        if node.op == "+":
            return known(left + right, node, parts)
        if node.op == "-":
            return known(left - right, node, parts)
        if node.op == "×":
            return known(left * right, node, parts)
        if not right:
            return refused(Reason("impossible", "division par zéro"), node, parts)
        return known(left / right, node, parts)

    def compare(self, node: Node, context: Context) -> Value:
        parts = self.parts(node, context)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        left, right = parts[0].value, parts[1].value
        results = {"=": left == right, "≠": left != right}
        if node.data not in results:
            results = {"<": left < right, "≤": left <= right, ">": left > right, "≥": left >= right}
        return known(results[node.data], node, parts)

    def logic(self, node: Node, context: Context) -> Value:
        """Combine yes and no: a decisive part settles it, then a refusal counts, then « sans objet »."""
        parts = self.parts(node, context)
        if node.op == "not":
            return spoiled(parts, node) or known(not parts[0].value, node, parts)
        decisive = node.op == "or"
        flags = 0
        for part in parts:
            if part.is_amount and part.value is decisive:
                return known(decisive, node, parts)
            flags |= part.flags
        if any(p.refused for p in parts):
            return refusal(parts, node)
        if node.op == "or" and any(p.is_amount for p in parts):
            return known(False, node, parts)
        return spoiled(parts, node) or known(not decisive, node, parts)

    def case(self, node: Node, context: Context) -> Value:
        """Return the value of the one case that holds; two at once, or none, is a refusal (sketches, 2)."""
        count = len(node.args) // 2
        conditions = [self.evaluate(node.args[2 * i], context) for i in range(count)]
        refusing = tuple(c for c in conditions if c.refused)
        if refusing:
            return refusal(refusing, node)
        true = [i for i, c in enumerate(conditions) if c.is_amount and c.value]
        if len(true) > 1:
            lines = " et ".join(str(node.args[2 * i].place.line) for i in true)
            return refused(Reason("ambiguous", f"les cas des lignes {lines} sont vrais ensemble"), node, conditions)
        if true:
            chosen = self.evaluate(node.args[2 * true[0] + 1], context)
        elif node.data:
            chosen = self.evaluate(node.args[-1], context)
        else:
            return refused(Reason("no_case", "aucun des cas n’est vrai, et il n’y a pas de « sinon »"), node, conditions)
        flags = chosen.flags
        for condition in conditions:
            flags |= condition.flags
        return Value(
            chosen.outcome,
            chosen.value,
            chosen.reasons,
            flags,
            node,
            (chosen,),
            {
                "conditions": tuple(conditions),
                "case": true[0] if true else None,
                **({"why": chosen.note["why"]} if "why" in chosen.note else {}),
            },
        )

    def extreme(self, node: Node, context: Context) -> Value:
        parts = self.parts(node, context)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        values = [p.value for p in parts]
        best = min(values) if node.op in ("min", "cap") else max(values)
        return known(best, node, parts, bit=best != values[0])

    def round(self, node: Node, context: Context) -> Value:
        parts = self.parts(node, context)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        step, mode = node.data
        return known(rounded_to(parts[0].value, step, mode), node, parts, before_rounding=parts[0].value)

    # ------------------------------------------------------------ dates, ranks, holdings

    def dates(self, node: Node, context: Context) -> Value:
        parts = self.parts(node, context)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        start: date = parts[0].value
        if node.op == "shift":
            return known(shifted(start, *node.data), node, parts)
        return known(month_end(start) if node.data is None else next_day_like(start, *node.data), node, parts)

    def year_day(self, node: Node, context: Context) -> Value:
        which, year = node.data
        period = self.model.calendar.period(self.reader.year(year, context))
        return known(period.first if which == "first" else period.last, node)

    def holds(self, node: Node, context: Context) -> Value:
        asked, on = node.data
        assert context.member is not None
        offer = str(asked or context.offer)
        if on is not None:
            return known(self.reader.holds_on(context.member, offer, self.reader.day(on, context)), node)
        flags = self.reader.holding_flags(context.member, (offer,), context.year)
        return known(bool(self.reader.held(context.member, offer, context.year)), node, flags=flags)

    def rank(self, node: Node, context: Context) -> Value:
        asked, counted_in = node.data
        assert context.member is not None
        member, offer = context.member, str(asked or context.offer)
        context = self.dated(RANK, context)
        start = self.reader.start(member, offer, context.year)
        if start is None:
            return not_applicable(f"« {self.model.book.offers[offer].label} » n’est pas tenu", node)
        first = self.model.calendar.period(context.year).first
        if counted_in == "exercises":
            rank = context.year - self.model.calendar.year_of(start) + 1
        elif counted_in == "anniversaries":
            rank = full_years_between(start, max(first, start)) + 1
        else:
            rank = full_months_between(start, max(first, start)) + 1
        flags = self.reader.holding_flags(member, (offer,), context.year)
        return known(Fraction(rank), node, flags=flags, since=start)

    def rank_since(self, node: Node, context: Context) -> Value:
        context = self.dated(RANK, context)
        rank = context.year - self.model.calendar.year_of(node.data) + 1
        return known(Fraction(rank), node, since=node.data)

    # ------------------------------------------------------------ members, rows, exercises

    def group(self, group: GroupNode, context: Context) -> tuple[list[int], Value | None]:
        """Return the members of a set in tie order, or the refusal that prevents knowing it."""
        present = set(self.reader.participants(context.year))
        if group.kind == "holders":
            offer = group.offer or context.offer or ""
            present = {m for m in present if self.reader.held(m, offer, context.year)}
        elif group.kind == "attached":
            present = {m for m in present if self.tables.members[m].parent == context.member}
        if group.host and self.tables.host is not None:
            present.add(self.tables.host)
        members = [m for m in self.order if m in present]
        if group.such is None:
            return members, None
        answers = [(m, self.evaluate(group.such, replace(context, member=m))) for m in members]
        refusing = tuple(a for _, a in answers if a.refused)
        if refusing:
            return [], spoiled(refusing, group.such)
        return [m for m, a in answers if a.is_amount and a.value], None

    def group_flags(self, group: GroupNode, members: list[int], context: Context) -> int:
        """Return what a set rests on: made-up choices of those who hold its offer."""
        if group.kind != "holders" or not self.reader.made_up:
            return 0
        flags = 0
        for member in members:
            flags |= self.reader.holding_flags(member, (group.offer or context.offer or "",), context.year)
        return flags

    def sum_members(self, node: Node, context: Context) -> Value:
        members, problem = self.group(node.data, context)
        if problem is not None:
            return problem
        found = []
        for member in members:
            inside = replace(context, member=member)
            if len(node.args) > 1:
                condition = self.evaluate(node.args[1], inside)
                if condition.refused:
                    found.append(condition)
                    continue
                if not (condition.is_amount and condition.value):
                    continue
            found.append(self.evaluate(node.args[0], inside))
        total = self.summed(node, tuple(found), members=len(members))
        total.flags |= self.group_flags(node.data, members, context)
        return total

    @staticmethod
    def summed(node: Node, found: tuple[Value, ...], **note: Any) -> Value:
        """Add values: « sans objet » adds nothing, a refusal refuses the sum."""
        refusing = tuple(v for v in found if v.refused)
        if refusing:
            bad = spoiled(refusing, node)
            assert bad is not None
            return bad
        counted = tuple(v for v in found if v.is_amount)
        flags = 0
        for value in counted:
            flags |= value.flags
        return Value(AMOUNT, sum((v.value for v in counted), Fraction(0)), (), flags, node, (), {**note, "counted": len(counted)})

    def rows_in(self, register: str, year: int, member: int | None) -> list[int]:
        """Return the rows of a register whose date « fait foi » lies in an exercise, a member’s own when one is given."""
        rule = self.model.book.registers[register]
        period = self.model.calendar.period(self.as_of.get(register, year))
        event = rule.event.name if rule.event else ""
        key = ("rows", register, event, period)
        kept = self.tables.kept.get(key)
        if not isinstance(kept, list):
            rows = self.tables.registers.get(register, [])
            kept = [i for i, row in enumerate(rows) if row.values.get(event) is not None and row.values[event] in period]
            self.tables.kept[key] = kept
        return kept if member is None else [i for i in kept if self.tables.registers[register][i].member == member]

    def in_row(self, register: str, index: int, context: Context) -> Context:
        row = self.tables.registers[register][index]
        rule = self.model.book.registers[register]
        event = row.values.get(rule.event.name) if rule.event else None
        member = row.member if rule.of_member else context.member
        return replace(context, rows=(*context.rows, (register, index)), event=event, member=member)

    def sum_rows(self, node: Node, context: Context) -> Value:
        register, own = node.data
        found = []
        for index in self.rows_in(register, context.year, context.member if own else None):
            inside = self.in_row(register, index, context)
            if len(node.args) > 1:
                condition = self.evaluate(node.args[1], inside)
                if condition.refused:
                    found.append(condition)
                    continue
                if not (condition.is_amount and condition.value):
                    continue
            found.append(self.of_row(self.evaluate(node.args[0], inside), inside))
        return self.summed(node, tuple(found), rows=len(found), register=register)

    def of_row(self, value: Value, context: Context) -> Value:
        """Return what a row gives; what a made-up row gives is made up, whatever is read in it."""
        register, index = context.rows[-1]
        made_up = self.tables.registers[register][index].fictitious and value.is_amount
        return replace(value, flags=value.flags | FICTITIOUS) if made_up else value

    def count_rows(self, node: Node, context: Context) -> Value:
        register, own = node.data
        count = flags = 0
        for index in self.rows_in(register, context.year, context.member if own else None):
            inside = self.in_row(register, index, context)
            if node.args:
                condition = self.evaluate(node.args[0], inside)
                if condition.refused:
                    return condition
                if not (condition.is_amount and condition.value):
                    continue
            count += 1
            flags |= self.of_row(known(True, node), inside).flags
        return known(Fraction(count), node, flags=flags, register=register)

    def count_members(self, node: Node, context: Context) -> Value:
        members, problem = self.group(node.data, context)
        flags = self.group_flags(node.data, members, context)
        return problem or known(Fraction(len(members)), node, flags=flags, members=len(members))

    def past(self, node: Node, context: Context) -> Value:
        """Return a fact of another exercise, or what was issued under a line."""
        kind, name, offer, year, of = node.data
        wanted = self.reader.year(year, self.dated(name, context))
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        return self.past_value(kind, name, offer or context.offer, wanted, member, node)

    def past_value(self, kind: str, name: str, offer: str | None, year: int, member: int | None, node: Node) -> Value:
        label = self.model.calendar.label(year)
        who = self.tables.members[member].name if member is not None else ""
        if kind == "fact":
            rule = self.model.book.facts[name]
            row = self.reader.yearly(name, member, offer if rule.offers is not None else None, year)
            if row is not None:
                return known(row.value, node, flags=self.reader.row_flags(row), row=row, read_on=year)
            if rule.default is not None:
                return known(literal_value(self.model, rule.default), node, by_default=True, fact=name)
            text = f"{name}" + (f", {rule.label}" if rule.label else "") + f", exercice {label}"
            return refused(Reason("missing", text, "" if rule.of_service else who, rule.margin.articles, name), node, fact=name)
        line = self.model.book.lines[name]
        assert self.ledger is not None
        found = self.ledger.issued(member, year, name, offer if line.offers is not None else None)
        if found is not None:
            amount, flags = found
            return known(amount, node, flags=flags, issued=name, read_on=year)
        return refused(
            Reason("missing", f"montant émis de « {name} », exercice {label}", who, line.margin.articles, name), node, fact=name
        )

    def years(self, node: Node, context: Context) -> Value:
        """Return the sum or the mean of a value over exercises; a missing one refuses unless it is set aside."""
        (kind, name, offer, _, of), window, how, skip = node.data
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        found = [
            self.past_value(kind, name, offer or context.offer, year, member, node)
            for year in self.window(window, self.dated(name, context))
        ]
        if skip:
            found = [v for v in found if not v.refused]
            if not found:
                return not_applicable(f"aucun exercice connu de {name}", node, missing_history=True)
        if not found:
            return refused(Reason("impossible", f"aucun exercice entre ceux que nomme {name}"), node)
        bad = spoiled(tuple(found), node)
        if bad is not None:
            return bad
        total = sum((v.value for v in found), Fraction(0))
        return known(total / len(found) if how == "mean" else total, node, found, counted=len(found))

    def window(self, window: Years, context: Context) -> list[int]:
        if window.before is not None:
            end = self.reader.year(window.before, context)
            return list(range(end - window.count, end))
        first, last = self.reader.year(window.first, context), self.reader.year(window.last, context)
        return list(range(first, last + 1))

    # ------------------------------------------------------------ shares

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
            AMOUNT, part, (), note["flags"], node, (note["amount"],), {**note, "weight": weight, "member": context.member}
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
        total = sum(weights.values(), Fraction(0))
        if not members or not total:
            return (
                refused(Reason("zero_key", "aucun membre n’a de poids" if members else "personne entre qui répartir"), node),
                {},
                {},
            )
        if any(w < 0 for w in weights.values()):
            return refused(Reason("zero_key", "un poids est négatif"), node), {}, {}
        flags |= self.group_flags(group, members, context)
        step = Fraction(1, 100) * (1 if is_money(node.type) else node.type.factor)
        whole = rounded_whole(amount.value / step, "half_up")
        method = self.model.book.header.sharing
        cut, rest = shared_with_remainder(whole, whole_weights([weights[m] for m in members]), method)
        parts = {m: (part * step, weights[m]) for m, part in zip(members, cut, strict=True)}
        note = {"amount": amount, "total_weight": total, "members": len(members), "flags": flags | amount.flags, "rest": rest * step,
                "method": method, "cut": whole * step}  # fmt: skip
        return None, parts, note

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

    # ------------------------------------------------------------ scales

    def scale(self, name: str, node: Node, context: Context) -> Value:
        scale = self.model.scales[name]
        rule = self.model.book.scales[name]
        parts = tuple(self.evaluate(d, context) for d in scale.drivers)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        context = self.dated(name, context)
        day = self.reader.reading_day(rule.reading or r.ReadingRule("first_day"), context)
        chosen = self.scale_period(scale.periods, day)
        if chosen is None:
            return refused(
                Reason("missing", f"barème {name}, aucun au {french_date(day)}", articles=rule.margin.articles, subject=name),
                node,
                parts,
            )
        whose = self.whose_scale(scale, context)
        index, period = chosen
        if scale.progressive:
            return self.slices(name, (index, period), parts, node, context)
        for position, row in enumerate(period.rows):
            if all(_in_class(p.value, c) for p, c in zip(parts, row.classes, strict=True)):
                return self.cell(name, (index, position), parts, node, context)
        return refused(
            Reason("out_of_scale", f"{name}, {self.driver_text(parts)}", whose, rule.margin.articles, name), node, parts
        )

    def whose_scale(self, scale: TypedScale, context: Context) -> str:
        """Return the member whose values choose the class, nobody when they are those of the service."""
        return self.tables.members[context.member].name if context.member is not None and MEMBER in scale.axes else ""

    @staticmethod
    def scale_period(periods: tuple[TypedPeriod, ...], day: date) -> tuple[int, TypedPeriod] | None:
        started = [(i, p) for i, p in enumerate(periods) if p.first is None or p.first <= day]
        return max(started, key=lambda pair: pair[1].first or date.min) if started else None

    def driver_text(self, parts: tuple[Value, ...]) -> str:
        return ", ".join(value_text(p.value, p.node.type) for p in parts if p.node is not None)

    def cell(self, name: str, where: tuple[int, int], parts: tuple[Value, ...], node: Node, context: Context) -> Value:
        """Return what a class gives, named by its period and its rank."""
        row: TypedRow = self.model.scales[name].periods[where[0]].rows[where[1]]
        cell: TypedCell = row.cell
        articles = cell.articles or self.model.book.scales[name].margin.articles
        if cell.kind == "amount":
            value = self.cells.get((name, *where), cell.value)
            return known(value, node, parts, scale=name, row=row)
        if cell.kind == "free":
            return known(Fraction(0), node, parts, scale=name, row=row)
        if cell.kind == "name":
            price = self.evaluate(Node("parameter", data=cell.parameter, type=node.type, place=cell.place), context)
            bad = spoiled((price,), node)
            return bad if bad is not None else known(price.value, node, (*parts, price), scale=name, row=row)
        if cell.kind == "none":
            return not_applicable(f"{name} : sans objet pour {row.text}", node, parts)
        kind = "decide" if cell.kind == "decide" else "supply"
        whose = self.whose_scale(self.model.scales[name], context) if kind == "decide" else ""
        reason = Reason(kind, cell.text or f"{name}, {row.text}", whose, articles, name)
        return refused(reason, node, parts, scale=name, row=row)

    def slices(self, name: str, chosen: tuple[int, TypedPeriod], parts: tuple[Value, ...], node: Node, context: Context) -> Value:
        """Return the price of each slice of a quantity at its own price, added (primitive 11)."""
        index, period = chosen
        quantity: Fraction = parts[0].value
        total = Fraction(0)
        used = []
        unpriced: list[Value] = []
        for position, row in enumerate(period.rows):
            interval = row.classes[0]
            assert isinstance(interval, Interval)
            low = interval.low or Fraction(0)
            high = quantity if interval.high is None else min(quantity, interval.high)
            if high <= low:
                continue
            priced = self.cell(name, (index, position), parts, node, context)
            if not priced.is_amount:
                unpriced.append(priced)
                continue
            total += (high - low) * priced.value
            used.append((row, high - low, priced.value))
        highs = [row.classes[0].high for row in period.rows if isinstance(row.classes[0], Interval)]
        covered = quantity if None in highs else max(filter(None, highs), default=Fraction(0))
        bad = spoiled(tuple(unpriced), node)
        if bad is not None and bad.refused:
            return bad
        if quantity > covered:
            return refused(
                Reason(
                    "out_of_scale",
                    f"{name}, {self.driver_text(parts)}",
                    self.whose_scale(self.model.scales[name], context),
                    self.model.book.scales[name].margin.articles,
                    name,
                ),
                node,
                parts,
            )
        return bad or known(total, node, parts, scale=name, slices=tuple(used))

    # ------------------------------------------------------------ named values

    def value(self, node: Node, context: Context) -> Value:
        name, offer, year, of = node.data
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        inside = replace(context, member=member, offer=offer or context.offer, year=self.reader.year(year, context))
        found = self.named(name, inside, node)
        return Value(
            found.outcome,
            found.value,
            found.reasons,
            found.flags,
            node,
            (found,),
            {"name": name, **({"why": found.note["why"]} if "why" in found.note else {})},
        )

    def named(self, name: str, context: Context, node: Node) -> Value:
        """Return the value of a rule by name: each is reckoned once for what it depends on."""
        typed = self.model.rules[name]
        own_rows = tuple(pair for pair in context.rows if f"row:{pair[0]}" in typed.axes)
        narrowed = Context(context.year, context.member if "member" in typed.axes else None, context.offer if "offer" in typed.axes else None,
                           own_rows, context.event, context.holders)  # fmt: skip
        key = (name, narrowed)
        if key not in self.memo:
            self.memo[key] = self.reckon(name, narrowed, node)
        return self.memo[key]

    def reckon(self, name: str, context: Context, node: Node) -> Value:
        book = self.model.book
        given = self.given.get((name, context.year, context.member, context.offer))
        if given is not None:
            return known(given, node, given=True)
        if name in book.scales:
            return self.scale(name, node, context)
        if name in book.quantities:
            typed = self.model.rules[name]
            assert typed.formula is not None
            if (
                typed.holders
                and context.member is not None
                and not any(self.reader.held(context.member, o, context.year) for o in typed.holders)
            ):
                return not_applicable("offre non tenue", node)
            return self.evaluate(typed.formula, context)
        assert self.ledger is not None
        if name in book.allowances:
            return self.ledger.allowance(name, context.year).opening
        return self.ledger.as_value(name, context, node)

    def net(self, node: Node, context: Context) -> Value:
        name, offer, year, of = node.data
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        assert self.ledger is not None and member is not None
        return self.ledger.net(name, member, self.reader.year(year, context), offer or context.offer, node)

    def drawn(self, node: Node, context: Context) -> Value:
        which, name = node.data
        assert self.ledger is not None
        found = self.ledger.allowance(name, context.year)
        if not found.opening.is_amount:
            return found.opening
        if found.problem is not None:
            return Value(found.problem.outcome, None, found.problem.reasons, found.problem.flags, node)
        if which == "remaining":
            return known(found.left, node, flags=found.flags)
        register = self.model.rules[name].register
        index = next(i for n, i in reversed(context.rows) if n == register)
        if index not in found.taken:
            return not_applicable("n’est pas pris sur l’enveloppe", node)
        inside, beyond, before = found.taken[index]
        return known(
            inside if which == "within" else beyond,
            node,
            flags=found.flags,
            allowance=name,
            before=before,
            inside=inside,
            beyond=beyond,
            opening=found.opening.value,
        )

    _operations: dict[str, Callable[[Exact, Node, Context], Value]] = {
        "const": const, "reading": reading, "offer": offer, "attribute": attribute, "fact": fact, "parameter": parameter,
        "field": field, "step": step, "+": arithmetic, "-": arithmetic, "×": arithmetic, "/": arithmetic, "minus": arithmetic,
        "compare": compare, "and": logic, "or": logic, "not": logic, "case": case, "min": extreme, "max": extreme,
        "cap": extreme, "floor": extreme, "round": round, "shift": dates, "next_day": dates, "year_day": year_day,
        "holds": holds, "rank": rank, "rank_since": rank_since, "sum_members": sum_members, "sum_rows": sum_rows,
        "count_rows": count_rows, "count_members": count_members, "past": past, "years": years, "share": share,
        "value": value, "net": net, "drawn": drawn,
    }  # fmt: skip


def _in_class(value: Any, klass: Any) -> bool:
    if isinstance(klass, Interval):
        return value in klass
    if isinstance(value, bool):
        value = "oui" if value else "non"
    return not klass.names or value in klass.names


def too_long(value: Fraction) -> bool:
    """Tell whether a value has more digits than any amount needs; hostile formulas make them (language.md 2.7)."""
    return value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS
