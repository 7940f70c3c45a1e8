"""What the engine does not say in one word and a reader expects: the quantity of a line, the parts of its sum, its tax."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from communis.tariff.explanation.explain import Explainer
from communis.tariff.explanation.quantities import case_held, quantity_counted
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, Value
from communis.tariff.meaning.units import NBSP, number_text
from communis.tariff.rendering.french import figure
from communis.tariff.result import Result

_REGIMES = {
    "none": "aucune",
    "out_of_scope": "hors champ",
    "included": "comprise dans les montants",
    "to_settle": "à trancher",
}


def quantity(line: LineResult) -> str:
    """Return what a line counts, such as « 2 355 hab »; nothing when its formula counts nothing, or several things added."""
    if line.outcome != AMOUNT or line.decision is not None:
        return ""
    return quantity_counted([entry.value for entry in line.entries])


def addends(explainer: Explainer, line: LineResult) -> list[tuple[str, str]]:
    """Return the terms of a sum, each with its formula and its value, when they add up to the amount."""
    if line.kind != "line" or line.outcome != AMOUNT or len(line.entries) != 1 or line.entries[0].row:
        return []
    value = case_held(line.entries[0].value)
    if value.node is None or value.node.op not in ("+", "-") or "presence" in value.note or line.note.get("adjusts"):
        return []
    terms = list(_terms(value, 1))
    kind = explainer.model.rules[line.name].type
    if sum((sign * term.value for term, sign in terms), Fraction(0)) != line.amount:
        return []
    return [(explainer.formula(term), figure(sign * term.value, kind)) for term, sign in terms]


def _terms(value: Value, sign: int) -> Iterable[tuple[Value, int]]:
    if value.node is not None and value.node.op in ("+", "-") and len(value.parts) == 2:
        yield from _terms(value.parts[0], sign)
        yield from _terms(value.parts[1], sign if value.node.op == "+" else -sign)
    else:
        yield value, sign


def tax_words(result: Result, owed: Iterable[LineResult]) -> str:
    """Say the tax regime of the amounts of a statement."""
    words = []
    for line in owed:
        tax = result.tax(line)
        rate = f"{number_text(tax.rate * 100)}{NBSP}%" if tax.rate is not None else ""
        words.append(rate or _REGIMES[tax.regime])
    return ", ".join(dict.fromkeys(words)) or _REGIMES["none"]
