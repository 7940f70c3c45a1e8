"""Rows of registers in an exercise: what is summed or counted over them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from communis.tariff.interpreter.members import Members
from communis.tariff.interpreter.values import FICTITIOUS, Context, Value, known
from communis.tariff.meaning.tree import Node


class Rows(Members):
    """Looks at the rows of a register, a member’s own or all of them."""

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
        if member is None:
            return kept
        by_member = self.tables.kept.get((*key, "by member"))
        if not isinstance(by_member, dict):
            owned: dict[int | None, list[int]] = {}
            for index in kept:
                owned.setdefault(self.tables.registers[register][index].member, []).append(index)
            self.tables.kept[*key, "by member"] = by_member = owned
        own: list[int] = by_member.get(member, [])
        return own

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

    operations = {**Members.operations, "sum_rows": sum_rows, "count_rows": count_rows}
