"""Gives quantities and lines their meaning: a type, conditions, dates, who pays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.problems import Place
from communis.tariff.meaning.formulas import FormulaReader, is_money, type_of
from communis.tariff.meaning.tree import BY_MEMBER, DATE, MEMBER, NO_AXES, OFFER, Meaningless, Node, Type, TypedBilling, TypedRule
from communis.tariff.meaning.units import dimensions_text

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning


def quantity(meaning: Meaning, rule: r.Quantity) -> TypedRule:
    offers = meaning.group_offers(rule.offers, rule.place)
    axes = BY_MEMBER | ({OFFER} if rule.offers is not None else NO_AXES) | meaning.rows_of(rule.rows, rule.place)
    if rule.formula is None:
        raise Meaningless
    node = FormulaReader(meaning, rule, axes).read(rule.formula)
    kind = declared_type(meaning, rule, node)
    axes = node.axes | ({OFFER} if rule.offers is not None else NO_AXES) | (BY_MEMBER if rule.holders else NO_AXES)
    return TypedRule(
        rule.name, kind, axes, node, holders=meaning.holders(rule.holders, rule.place), offers=offers, register=rule.rows or ""
    )


def declared_type(meaning: Meaning, rule: r.Quantity | r.Line, node: Node) -> Type:
    """Return the declared type of a rule, checked against its formula, or the type of the formula."""
    if rule.type is None:
        if node.type.kind == "number" and node.type.unit is None:
            unit = dimensions_text(node.type.dimensions) if node.type.dimensions else None
            return Type("number", node.type.dimensions, unit=unit)
        return node.type
    kind = type_of(rule.type, meaning.units)
    if kind is None:
        raise meaning.unknown_unit(rule.type.unit, rule.place)
    if kind.kind != node.type.kind or kind.dimensions != node.type.dimensions:
        raise meaning.problem(
            "UNI-01",
            f"« {rule.name} » est annoncé en {kind.unit or kind.kind}, sa formule donne {dimensions_text(node.type.dimensions)}.",
            "Corrigez le type ou la formule.",
            rule.place,
        )
    return kind


def line(meaning: Meaning, rule: r.Line) -> TypedRule:
    offers = meaning.group_offers(rule.offers, rule.place)
    rows = meaning.rows_of(rule.rows, rule.place)
    axes = BY_MEMBER | ({OFFER} if rule.offers is not None else NO_AXES) | rows
    reader = FormulaReader(meaning, rule, axes)
    if rule.formula is None:
        raise Meaningless
    node = reader.read_as(rule.formula, "number", "Une ligne")
    kind = declared_type(meaning, rule, node)
    if rule.section != "en nature" and not is_money(kind):
        raise meaning.problem(
            "UNI-05",
            f"La ligne {rule.name} donne {dimensions_text(kind.dimensions)} : une ligne se paie en euros.",
            "Corrigez la formule, ou « en nature » si l’on doit autre chose que de l’argent.",
            rule.place,
        )
    typed = TypedRule(rule.name, kind, BY_MEMBER | ({OFFER} if rule.offers is not None else NO_AXES), node)
    typed.holders, typed.offers, typed.register = meaning.holders(rule.holders, rule.place), offers, rule.rows or ""
    line_clauses(meaning, rule, typed, reader)
    return typed


def line_clauses(meaning: Meaning, rule: r.Line, typed: TypedRule, reader: FormulaReader) -> None:
    if rule.condition is not None:
        typed.condition = reader.read_as(rule.condition, "yes_no", "« si »")
    whole = FormulaReader(meaning, rule, frozenset(a for a in reader.axes if not a.startswith("row:")))
    typed.exempt = tuple((whole.read_as(f, "yes_no", "« exonérée si »"), m.articles) for f, m in rule.exempt)
    if rule.once:
        typed.once = date_named(reader, rule.once, rule.place)
    if rule.section_of:
        typed.section_of = reader.read(s.Name(rule.section_of, place=rule.place))
        if typed.section_of.type.kind != "section":
            raise reader.problem(
                "TYP-01", f"« {rule.section_of} » n’est pas une section.", "Nommez un champ « : section ».", rule.place
            )
    typed.billed = tuple(billing(reader, b) for b in rule.billed)
    typed.payers = tuple((p.who, whole.read_as(p.condition, "yes_no", "« si »") if p.condition else None) for p in rule.payers)
    if rule.balance is not None:
        balance = FormulaReader(meaning, rule, whole.axes - {MEMBER})
        typed.balance = balance.read_as(rule.balance, "number", "« le reste de »")
    if rule.adjusts and rule.section_of:
        raise reader.problem(
            "FOR-09",
            f"La ligne {rule.name} régularise : une différence n’a qu’une section, pas celle de chaque ligne du registre.",
            "Écrivez « en fonctionnement » ou « en investissement ».",
            rule.place,
        )
    if rule.adjusts and rule.adjusts not in meaning.book.lines:
        raise meaning.unknown(rule.adjusts, "une ligne", meaning.book.lines, rule.place, otherwise="Nommez la ligne régularisée.")


def date_named(reader: FormulaReader, name: str, place: Place) -> Node:
    node = reader.read(s.Name(name, place=place))
    if node.type != DATE:
        raise reader.problem(
            "TYP-01", f"« {name} » n’est pas une date.", "Nommez une date : un champ, une étape d’une offre.", place
        )
    return node


def billing(reader: FormulaReader, billing: r.Billing) -> TypedBilling:
    if billing.kind == "start":
        first = reader.book.header.year_first
        billing = replace(billing, kind="between", first=first, last=first)
    if billing.kind == "after":
        billing = replace(billing, unit=reader.delay_unit(billing.unit, billing.place))
    when = date_named(reader, billing.date_name, billing.place) if billing.date_name else None
    whole = FormulaReader(reader.meaning, reader.rule, frozenset(a for a in reader.axes if not a.startswith("row:")))
    condition = whole.read_as(billing.condition, "yes_no", "« si »") if billing.condition is not None else None
    return TypedBilling(billing, when, condition)
