"""What each member owes: lines, then regularisations, limits, credits and net amounts, in that order (sketches, 2).

Every amount is rounded once, where its line says; what nobody among the members bears is a line of the host.
"""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.interpreter.allowances import Allowances
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, REFUSED, Context, Reason, Value, known, not_applicable
from communis.tariff.meaning.tree import Node


class Ledger(Allowances):
    """Computes the lines of one model over one set of tables, each once."""

    def __init__(self, exact: Exact, earlier: dict[tuple[int, int, str, str | None], tuple[Fraction, int]] | None = None) -> None:
        super().__init__(exact, earlier)
        exact.ledger = self

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
                if bound is not None and bound.outcome == AMOUNT:
                    total, flags = total + bound.amount, flags | bound.flags
        return known(total, node, flags=flags, line=name)

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

    def warnings(self, member: int, year: int) -> list[Reason]:
        """Return the alerts whose case holds for a member."""
        found: list[Reason] = []
        for name, rule in self.book.refusals.items():
            if rule.outcome != "warn" or rule.when != "always":
                continue
            if rule.holders and not any(self.reader.held(member, o, year) for o in rule.holders):
                continue
            found.extend(self.warning(name, value) for value in self.refusals(name, Context(year, member)))
        return found

    def warning(self, name: str, value: Value) -> Reason:
        """Return what an alert says when its case holds, or that it cannot be checked."""
        if value.reasons[0].subject == name:
            return value.reasons[0]
        why = " ; ".join(map(str, value.reasons))
        return Reason("missing", f"« {self.book.refusals[name].label or name} » ne se vérifie pas : {why}", subject=name)
