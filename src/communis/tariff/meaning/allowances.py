"""Gives their meaning to allowances, which registers draw on, and to refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.meaning.formulas import FormulaReader
from communis.tariff.meaning.lines import date_named
from communis.tariff.meaning.tree import BY_MEMBER, MEMBER, NO_AXES, OFFER, Meaningless, TypedRule

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning


def allowance(meaning: Meaning, rule: r.Allowance) -> TypedRule:
    meaning.holders((rule.holders,), rule.place)
    register = rule.consumed.partition(".")[0]
    axes = frozenset({MEMBER}) | meaning.rows_of(register, rule.place)
    reader = FormulaReader(meaning, rule, axes)
    consumed = reader.read_as(s.Name(rule.consumed, place=rule.place), "number", "« consommée par »")
    order = date_named(reader, rule.order, rule.place)
    if rule.formula is None:
        raise Meaningless
    formula = FormulaReader(meaning, rule, NO_AXES).read_as(rule.formula, "number", "Une enveloppe")
    reader.same_dimensions(formula, consumed, rule.place, "compare")
    typed = TypedRule(
        rule.name, formula.type, NO_AXES, formula, register=register, holders=(rule.holders,), consumed=consumed, order=order
    )
    if rule.condition is not None:
        typed.condition = reader.read_as(rule.condition, "yes_no", "« si »")
    if rule.quota is not None:
        typed.quota = FormulaReader(meaning, rule, BY_MEMBER).read_as(rule.quota, "number", "« quota indicatif »")
    if rule.counted_by:
        meaning.used.add(rule.counted_by)
    return typed


def refusal(meaning: Meaning, rule: r.Refusal) -> TypedRule:
    if rule.condition is None:
        raise Meaningless
    reader = FormulaReader(meaning, rule, BY_MEMBER)
    offers = meaning.holders(rule.holders, rule.place)
    facts = [f for f in meaning.book.facts.values() if f.offers is not None]
    if facts and offers:
        reader = FormulaReader(meaning, rule, BY_MEMBER | {OFFER})
    condition = reader.read_as(rule.condition, "yes_no", "« si »")
    return TypedRule(rule.name, condition.type, condition.axes | BY_MEMBER, condition=condition, holders=offers)
