"""Members and what they hold: holdings, ranks, sets of members, and what is summed or counted over a set."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import full_months_between, full_years_between
from communis.tariff.interpreter.operations import Operations
from communis.tariff.interpreter.values import AMOUNT, Context, Value, known, not_applicable, spoiled
from communis.tariff.meaning.tree import GroupNode, Node

RANK = "rang"


class Members(Operations):
    """Looks at one member’s holdings, or at all the members of a set."""

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

    def count_members(self, node: Node, context: Context) -> Value:
        members, problem = self.group(node.data, context)
        flags = self.group_flags(node.data, members, context)
        return problem or known(Fraction(len(members)), node, flags=flags, members=len(members))

    operations = {
        **Operations.operations,
        "holds": holds,
        "rank": rank,
        "rank_since": rank_since,
        "sum_members": sum_members,
        "count_members": count_members,
    }
