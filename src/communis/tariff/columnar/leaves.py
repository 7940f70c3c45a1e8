"""What a formula reads as it stands, by columns: constants, readings, facts, prices, fields of rows, dated steps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import ORIGIN, REFUSED, Column
from communis.tariff.columnar.evaluator import Evaluator, has_money
from communis.tariff.columnar.frames import Frame
from communis.tariff.columnar.shapes import reading_kind
from communis.tariff.interpreter.facts import literal_value
from communis.tariff.interpreter.values import FICTITIOUS, Context, Value
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import MEMBER, Node
from communis.tariff.tables.records import RegisterRow


class Leaves(Evaluator):
    """Reads what is given, for all members or for all rows."""

    def const(self, node: Node, frame: Frame) -> Column:
        if node.type.kind == "number":
            return c.number(node.data, money=has_money(node.type))
        if node.type.kind == "yes_no":
            return Column(bool(node.data))
        if node.type.kind == "date":
            return Column(node.data.toordinal())
        return Column(self.code(node.data))

    def reading(self, node: Node, frame: Frame) -> Column:
        retained = self.reader.reading(str(node.data))
        return c.stopped(REFUSED) if retained is None else Column(self.code(retained))

    def offer(self, node: Node, frame: Frame) -> Column:
        return Column(self.code(frame.offer))

    def attribute(self, node: Node, frame: Frame) -> Column:
        members = self.tables.members
        return Column(
            np.array([self.code(members[m].kind if node.data == "type" else members[m].name) for m in self.order], np.int64)
        )

    def fact(self, node: Node, frame: Frame) -> Column:
        name, offer, year, of = node.data
        given = self.columns.get(name)
        if given is not None and of is None and year is None:
            return c.from_ints(given)
        rule = self.book.facts[name]
        wanted = (offer or frame.offer) if rule.offers is not None else None
        at_events = reading_kind(rule.reading) == "event" and self.dated_here(rule.reading, frame)
        if MEMBER not in node.axes and not at_events:
            host = self.tables.host if of == "host" else None
            if of == "host" and host is None:
                return c.stopped(REFUSED)
            return self.single(self.reader.fact(name, host, wanted, self.context(frame, host), year, node), node.type)
        if frame.register and frame.base is not None:
            dated = self.dated_here(rule.reading, frame)
            return self.fact_at_rows(node, frame, wanted) if dated else self.lift(self.evaluate(node, frame.base), frame)

        def read(member: int, context: Context) -> Value:
            who = self.whose(of, member)
            if who is None:
                return Value("refused")
            return self.reader.fact(
                name, who, wanted, Context(context.year, who, context.offer, (), context.event, context.holders), year, node
            )

        return self.each_member(frame, read, node.type)

    def whose(self, of: str | None, member: int) -> int | None:
        """Return the member a name speaks of: the one at hand, the host, or the one it is attached to."""
        return member if of is None else self.tables.host if of == "host" else self.tables.members[member].parent

    def fact_at_rows(self, node: Node, frame: Frame, offer: str | None) -> Column:
        """Read a fact at the date of each row: of its own member, or of every member for a row of the service."""
        name, _, year, of = node.data
        assert frame.rows is not None and frame.events is not None

        def read(member: int, event: date | None) -> Value:
            who = self.whose(of, member)
            if who is None:
                return Value("refused")
            return self.reader.fact(name, who, offer, Context(frame.year, who, frame.offer, (), event, frame.holders), year, node)

        if MEMBER not in node.axes and frame.owners is None:
            return c.upright(self.encoded([read(self.order[0], e) for e in frame.events], node.type))
        if frame.owners is not None:
            return self.encoded([read(self.order[o], e) for o, e in zip(frame.owners, frame.events, strict=True)], node.type)
        found: dict[Any, Column] = {}
        for event in frame.events:
            if event not in found:
                found[event] = self.encoded([read(m, event) for m in self.order], node.type)
        return c.stacked([found[e] for e in frame.events])

    def parameter(self, node: Node, frame: Frame) -> Column:
        rule = self.book.parameters[str(node.data)]
        reading = rule.reading or r.ReadingRule("first_day")
        if self.dated_here(reading, frame):
            return self.dated_prices(rule, reading, frame)
        return self.price_at(rule, self.reader.reading_day(reading, self.context(frame)))

    def price_at(self, rule: r.Parameter, day: date) -> Column:
        price = self.reader.price(rule, day)
        if price is None:
            return c.stopped(REFUSED)
        override = self.cells.get((rule.name, 0, rule.values.index(price)))
        money = has_money(self.model.rules[rule.name].type)
        if override is not None:
            return c.number(override, money=money)
        factor = Fraction(1) if price.value.unit else self.model.rules[rule.name].type.factor
        return c.number(Fraction(literal_value(self.model, price.value)) * factor, money=money)

    def dated_here(self, reading: r.ReadingRule | None, frame: Frame) -> bool:
        """Tell whether what is read so has several dates in a frame: those of its rows, or those of each member."""
        kind = reading_kind(reading)
        return (kind == "event" and frame.events is not None and not frame.together) or (
            kind in ("effect", "decision") and bool(frame.holders)
        )

    def days_read(self, reading: r.ReadingRule, frame: Frame) -> tuple[list[date], bool]:
        """Return the days at which a price is read, for each row or for each member, and whether they are those of rows."""
        if frame.register and reading.kind == "event":
            first = self.model.calendar.period(frame.year).first
            return [e or first for e in frame.events or []], True
        days: list[date] = []
        owners = frame.owners if frame.owners is not None else range(self.n)
        for position, owner in enumerate(owners):
            event = frame.events[position] if frame.events is not None and not frame.register else None
            context = Context(frame.year, self.order[int(owner)], frame.offer, (), event, frame.holders)
            days.append(self.reader.reading_day(reading, context))
        return days, frame.owners is not None

    def dated_prices(self, rule: r.Parameter, reading: r.ReadingRule, frame: Frame) -> Column:
        """Read a price at the date of each event."""
        days, of_rows = self.days_read(reading, frame)
        prices = {day: self.price_at(rule, day) for day in dict.fromkeys(days)}
        values = [Value("amount", prices[d].value()) if not prices[d].flags else Value("refused") for d in days]
        column = self.encoded(values, self.model.rules[rule.name].type)
        return c.upright(column) if of_rows and frame.owners is None else column

    def field(self, node: Node, frame: Frame) -> Column:
        register, name = node.data
        rule = self.book.registers[register].fields[name]
        listed = self.tables.registers[register]
        assert frame.rows is not None
        if rule.by_member:
            return self.matrix(register, name, frame)
        whole = self.field_column(node, register, listed)
        flags = whole.flags[frame.rows] if isinstance(whole.flags, np.ndarray) else whole.flags
        column = Column(whole.num[frame.rows], whole.den, whole.low, whole.high, flags, whole.wide)
        return column if frame.owners is not None else c.upright(column)

    def field_column(self, node: Node, register: str, listed: list[RegisterRow]) -> Column:
        """Return a field of all the rows of a register; made once for a set of tables."""
        key = ("field", *node.data)
        kept = self.tables.kept.get(key)
        if not isinstance(kept, tuple) or kept[0] is not self.plan:
            values = [self.exact.field(node, Context(0, row.member, rows=((register, i),))) for i, row in enumerate(listed)]
            kept = (self.plan, self.encoded(values, node.type))
            self.tables.kept[key] = kept
        found: Column = kept[1]
        return found

    def matrix(self, register: str, name: str, frame: Frame) -> Column:
        """Return a field that each row gives member by member; a member not named has none of it."""
        listed = self.tables.registers[register]
        assert frame.rows is not None
        given = self.columns.get(f"{register}.{name}")
        if given is not None:
            return c.from_ints(given.reshape(len(frame.rows), self.n))
        rows: list[Fraction | None] = []
        for i in frame.rows:
            by_member = listed[int(i)].by_member.get(name, {})
            rows.extend(by_member.get(m, Fraction(0)) for m in self.order)
        flat = c.from_fractions(rows)
        made_up = np.array([[ORIGIN * FICTITIOUS if listed[int(i)].fictitious else 0] for i in frame.rows], np.uint8)
        flags: Any = np.broadcast_to(made_up, (len(frame.rows), self.n)) if made_up.any() else 0
        return Column(flat.num.reshape(len(frame.rows), self.n), flat.den, flat.low, flat.high, flags, flat.wide)

    def step(self, node: Node, frame: Frame) -> Column:
        return self.each_member(frame, lambda m, context: self.exact.step(node, context), node.type)

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
