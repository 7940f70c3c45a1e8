"""What the engine does not say in one word and a reader expects: the quantity of a line, the parts of its sum, its tax."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from communis.tariff.explanation.explain import Explainer
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, Value
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.meaning.units import NBSP, number_text
from communis.tariff.rendering.french import figure
from communis.tariff.result import Result
from communis.tariff.wording import value_text

_COUNTED = {"fact", "field", "past", "drawn", "value", "count_rows", "count_members", "sum_rows", "sum_members", "years"}
_REGIMES = {
    "none": "aucune",
    "out_of_scope": "hors champ",
    "included": "comprise dans les montants",
    "to_settle": "à trancher",
}


def quantity(line: LineResult) -> str:
    """Return what a line counts, such as « 2 355 hab »; nothing when its formula counts nothing, or several things added."""
    found: dict[str, tuple[Fraction, Type]] = {}
    for entry in line.entries if line.outcome == AMOUNT and line.decision is None else ():
        for value, kind in dict.fromkeys(_counts(entry.value)):
            before = found.get(kind.unit or "", (Fraction(0), kind))[0]
            found[kind.unit or ""] = (before + value, kind)
    texts = [value_text(value, kind) for value, kind in found.values()]
    product = all(_is_product(entry.value) for entry in line.entries)
    return f"{NBSP}× ".join(texts) if len(texts) == 1 or product else ""


def _is_product(value: Value) -> bool:
    node = _formula(value).node
    return node is not None and node.op == "×"


def _formula(value: Value) -> Value:
    """Return the formula that was used: of « selon le cas », the case that held."""
    while value.node is not None and value.node.op == "case" and value.parts:
        value = value.parts[0]
    return value


def _counts(value: Value) -> Iterable[tuple[Fraction, Type]]:
    """Return the quantities with a unit that stand in a formula, not those behind its prices."""
    node = value.node
    if node is None or not value.is_amount:
        return
    if node.op == "share":
        weighed = _weight(node, value)
        if weighed is not None:
            yield weighed
    elif node.op in _COUNTED:
        if _has_unit(node.type):
            yield value.value, node.type
    else:
        for part in value.parts:
            yield from _counts(part)


def _weight(node: Node, value: Value) -> tuple[Fraction, Type] | None:
    if node.data[1] or len(node.args) < 2 or not _has_unit(node.args[1].type):
        return None
    return value.note["weight"], node.args[1].type


def _has_unit(kind: Type) -> bool:
    return kind.kind == "number" and bool(kind.dimensions) and all(name != "€" for name, _ in kind.dimensions)


def addends(explainer: Explainer, line: LineResult) -> list[tuple[str, str]]:
    """Return the terms of a sum, each with its formula and its value, when they add up to the amount."""
    if line.kind != "line" or line.outcome != AMOUNT or len(line.entries) != 1 or line.entries[0].row:
        return []
    value = _formula(line.entries[0].value)
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
