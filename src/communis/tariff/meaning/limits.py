"""Gives their meaning to what changes an amount once it is reckoned: credits, limits and their bearers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.meaning.formulas import FormulaReader, is_money
from communis.tariff.meaning.keys import key_driver
from communis.tariff.meaning.tree import BY_MEMBER, NO_AXES, Node, Type, TypedBearer, TypedRule
from communis.tariff.meaning.units import EURO

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning


def credit(meaning: Meaning, rule: r.Credit) -> TypedRule:
    reader = FormulaReader(meaning, rule, BY_MEMBER)
    for name in (rule.source, rule.target):
        if name not in meaning.book.lines:
            raise meaning.unknown(name, "une ligne", meaning.book.lines, rule.place, otherwise="Nommez une ligne.")
        whole_line(reader, name, rule, sections=name == rule.target)
        meaning.rule(name, rule.place)
    if meaning.model.rules[rule.source].type.dimensions != meaning.model.rules[rule.target].type.dimensions:
        raise reader.problem("UNI-01", f"Le crédit {rule.name} déduit une ligne d’une autre qui ne compte pas la même chose.",
                             "Nommez deux lignes de même unité.", rule.place)  # fmt: skip
    condition = reader.read_as(rule.condition, "yes_no", "« si »") if rule.condition is not None else None
    return TypedRule(rule.name, meaning.model.rules[rule.target].type, BY_MEMBER, condition=condition)


def whole_line(reader: FormulaReader, name: str, rule: r.Rule, *, sections: bool) -> None:
    """Refuse a line that has several amounts, or several sections, where one is asked for."""
    line = reader.meaning.book.lines[name]
    if line.offers is not None:
        raise reader.problem("CRE-02", f"« {name} » a un montant par offre : « {rule.name} » n’en lit qu’un par membre.",
                             "Écrivez une ligne par offre, ou une ligne qui les additionne.", rule.place)  # fmt: skip
    if sections and line.section_of:
        raise reader.problem("POR-03", f"« {name} » a la section de chaque ligne du registre : « {rule.name} » n’en a qu’une.",
                             "Écrivez une ligne par section.", rule.place)  # fmt: skip


def limit(meaning: Meaning, rule: r.Limit) -> TypedRule:
    axes = NO_AXES if rule.on_total else BY_MEMBER
    reader = FormulaReader(meaning, rule, axes)
    for name in limited_lines(meaning, rule):
        if name not in meaning.book.lines:
            raise meaning.unknown(name, "une ligne", meaning.book.lines, rule.place, otherwise="Nommez une ligne.")
        meaning.rule(name, rule.place)
        limited_line(reader, name, rule)
    typed = TypedRule(rule.name, Type("number", EURO.dimensions, unit="€"), BY_MEMBER)
    for slot in ("at_most", "at_least"):
        formula = getattr(rule, slot)
        if formula is not None:
            node = reader.read_as(formula, "number", "Une limite")
            if not is_money(node.type):
                raise reader.problem("UNI-05", f"La limite {rule.name} n’est pas en euros.", "Corrigez la formule.", rule.place)
            setattr(typed, slot, node)
    if rule.condition is not None:
        typed.condition = reader.read_as(rule.condition, "yes_no", "« si »")
    typed.excess = tuple(bearer(meaning, rule, b) for b in rule.excess)
    typed.shortfall = tuple(bearer(meaning, rule, b) for b in rule.shortfall)
    return typed


def limited_line(reader: FormulaReader, name: str, rule: r.Limit) -> None:
    """Refuse a line named in a limit that is not money, or whose section changes from row to row."""
    if rule.lines and not is_money(reader.meaning.model.rules[name].type):
        raise reader.problem(
            "UNI-05",
            f"« {name} » n’est pas en euros : {rule.name} ne la limite pas.",
            "Nommez des lignes en euros.",
            rule.place,
        )
    if rule.lines and reader.meaning.book.lines[name].section_of:
        raise reader.problem(
            "POR-03",
            f"« {name} » a la section de chaque ligne du registre : « {rule.name} » n’en a qu’une.",
            "Écrivez « porte sur les lignes en fonctionnement » ou « en investissement ».",
            rule.place,
        )


def limited_lines(meaning: Meaning, rule: r.Limit) -> tuple[str, ...]:
    """Return the lines a limit bears on: those it names, or those that may be in its section."""
    if rule.lines:
        return rule.lines
    return tuple(n for n, line in meaning.book.lines.items() if line.section == rule.section or line.section_of)


def bearer(meaning: Meaning, rule: r.Limit, bearer: r.Bearer) -> TypedBearer:
    reader = FormulaReader(meaning, rule, BY_MEMBER)
    key: Any = None
    if bearer.key is not None:
        if isinstance(bearer.key, s.Name) and bearer.key.name in meaning.book.keys:
            meaning.key_rule(bearer.key.name)
            key = Node("key", data=bearer.key.name, type=Type("key"), axes=BY_MEMBER)
        else:
            key = key_driver(reader, bearer.key)
    condition = (
        FormulaReader(meaning, rule, NO_AXES).read_as(bearer.condition, "yes_no", "« si »")
        if bearer.condition is not None
        else None
    )
    return TypedBearer(bearer, key, condition)
