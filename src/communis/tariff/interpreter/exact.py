"""The exact interpreter: Python integers and fractions over the typed tree, keeping where every figure comes from.

It explains, and it is the oracle of the plan. Evaluation never raises on a user's data: it gives an amount, « sans objet »
or a refusal with its reasons.
"""

from __future__ import annotations

from dataclasses import replace

from communis.tariff.interpreter.scales import Scales
from communis.tariff.interpreter.values import Context, Value, known, not_applicable
from communis.tariff.meaning.tree import MEMBER, OFFER, Node


class Exact(Scales):
    """Evaluates the formulas of one model over one set of tables; results are kept, so each is reckoned once."""

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
        member = context.member if MEMBER in typed.axes else None
        offer = context.offer if OFFER in typed.axes else None
        narrowed = Context(context.year, member, offer, own_rows, context.event, context.holders)
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

    operations = {**Scales.operations, "value": value, "net": net, "drawn": drawn}
