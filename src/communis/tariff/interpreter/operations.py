"""What is made of values at hand: sums, comparisons, cases, bounds, roundings, and the arithmetic of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from communis.tariff.calendar import month_end, next_day_like, shifted
from communis.tariff.interpreter.leaves import Leaves
from communis.tariff.interpreter.values import Context, Reason, Value, known, refusal, refused, spoiled
from communis.tariff.meaning.tree import Node
from communis.tariff.sharing import rounded_to


class Operations(Leaves):
    """Combines operands; one that is not there spoils what is made of it."""

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
        there = tuple(part for part in parts if part.is_amount)  # what an answer rests on: not what could not be known
        if any(part.value is decisive for part in there):
            return replace(known(decisive, node, there), parts=parts)
        if any(p.refused for p in parts):
            return refusal(parts, node)
        if node.op == "or" and there:
            return replace(known(False, node, there), parts=parts)
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

    operations = {
        **Leaves.operations,
        "+": arithmetic,
        "-": arithmetic,
        "×": arithmetic,
        "/": arithmetic,
        "minus": arithmetic,
        "compare": compare,
        "and": logic,
        "or": logic,
        "not": logic,
        "case": case,
        "min": extreme,
        "max": extreme,
        "cap": extreme,
        "floor": extreme,
        "round": round,
        "shift": dates,
        "next_day": dates,
        "year_day": year_day,
    }
