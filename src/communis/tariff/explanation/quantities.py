"""What an amount counts: « 2 355 hab », « 3 postes × 2 mois »; nothing when it adds several things up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from communis.tariff.interpreter.values import Value
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.meaning.units import NBSP
from communis.tariff.wording import value_text

_COUNTED = {"fact", "field", "past", "drawn", "value", "count_rows", "count_members", "sum_rows", "sum_members", "years"}


def quantity_counted(values: Sequence[Value]) -> str:
    """Return what formulas count in all, those of the rows of a register added by unit."""
    found: dict[str, tuple[Fraction, Type]] = {}
    for whole in values:
        for value, kind in dict.fromkeys(_counts(whole)):
            before = found.get(kind.unit or "", (Fraction(0), kind))[0]
            found[kind.unit or ""] = (before + value, kind)
    texts = [value_text(value, kind) for value, kind in found.values()]
    product = all(_is_product(value) for value in values)
    return f"{NBSP}× ".join(texts) if len(texts) == 1 or product else ""


def case_held(value: Value) -> Value:
    """Return the formula that was used: of « selon le cas », the case that held."""
    while value.node is not None and value.node.op == "case" and value.parts:
        value = value.parts[0]
    return value


def _is_product(value: Value) -> bool:
    node = case_held(value).node
    return node is not None and node.op == "×"


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
