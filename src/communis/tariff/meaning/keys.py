"""Gives keys their meaning: what each weight follows, what replaces it, and the hundred percent they make."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.meaning.formulas import FormulaReader
from communis.tariff.meaning.ranges import group_of
from communis.tariff.meaning.tree import BY_MEMBER, MEMBER, Node, Type, TypedKey, TypedRule, TypedWeight
from communis.tariff.meaning.units import number_text

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning


def key(meaning: Meaning, rule: r.Key) -> TypedRule:
    reader = FormulaReader(meaning, rule, BY_MEMBER)
    weights = []
    for weight in rule.weights:
        unit = meaning.units.unit(weight.percent.unit or "")
        if unit is None or unit.dimensions:
            raise meaning.problem(
                "CLE-02", "Le poids d’une clé est un pourcentage.", "Par exemple : 60 % selon habitants", weight.place
            )
        driver = key_driver(reader, weight.driver)
        fallback = key_driver(reader, weight.fallback)
        weights.append(TypedWeight(weight.percent.value * unit.factor, driver, fallback))
    total = sum((w.percent for w in weights), Fraction(0))
    if total != 1 and rule.whole:
        meaning.problem(
            "CLE-02",
            f"Les poids de la clé {rule.name} font {number_text(total * 100)} %, pas 100 %.",
            "Corrigez les poids.",
            rule.place,
        )
    among = group_of(reader, rule.among) if rule.among is not None else None
    meaning.keys[rule.name] = TypedKey(rule.name, tuple(weights), among)
    return TypedRule(rule.name, Type("key"), BY_MEMBER)


def key_driver(reader: FormulaReader, formula: s.Formula | None) -> Node | None:
    if formula is None:
        return None
    node = reader.read_as(formula, "number", "« selon »")
    if MEMBER not in node.axes:
        raise reader.problem(
            "CLE-01",
            "Cette composante est la même pour tous : elle ne répartit rien.",
            "Nommez un fait par membre, ou « à parts égales ».",
            formula.place,
        )
    return node
