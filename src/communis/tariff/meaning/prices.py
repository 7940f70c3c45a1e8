"""Gives prices their type: parameters, scales with their drivers, what each class gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from communis.tariff.language import rules as r
from communis.tariff.meaning.classes import class_of
from communis.tariff.meaning.formulas import FormulaReader, reading_axes, type_of
from communis.tariff.meaning.tree import (
    BY_MEMBER,
    NO_AXES,
    OFFER,
    Meaningless,
    Node,
    Type,
    TypedCell,
    TypedPeriod,
    TypedRow,
    TypedRule,
    TypedScale,
    row_axis,
)
from communis.tariff.meaning.units import EURO, Unit, dimensions_text

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning


def parameter(meaning: Meaning, rule: r.Parameter) -> TypedRule:
    kind = type_of(rule.type, meaning.units) if rule.type else None
    if rule.type and kind is None:
        raise meaning.unknown_unit(rule.type.unit, rule.place)
    for price in rule.values:
        kind = price_type(meaning, price, kind)
    if kind is None and rule.to_supply is None:
        raise Meaningless
    if kind is None:
        raise meaning.problem(
            "UNI-02",
            f"Le paramètre {rule.name} est à fournir : dans quelle unité ?",
            f'paramètre {rule.name} : € "…"',
            rule.place,
        )
    return TypedRule(rule.name, kind, reading_axes(rule.reading))


def price_type(meaning: Meaning, price: r.DatedPrice, kind: Type | None) -> Type:
    """Return the type of a price, that of the parameter when it is declared."""
    if price.value.unit is None:
        if kind is None or (kind.dimensions or kind.unit not in (None, "nombre")):
            raise meaning.problem(
                "UNI-02",
                f"« {meaning.source.words_at(price.value.place)} » n’a pas d’unité : combien de quoi ?",
                "Écrivez-la, par exemple €/hab ; « : nombre » après le nom si c’est un nombre pur.",
                price.value.place,
            )
        return kind
    unit = meaning.units.unit(price.value.unit)
    if unit is None:
        raise meaning.unknown_unit(price.value.unit, price.value.place)
    if kind is not None and kind.dimensions != unit.dimensions:
        raise meaning.problem(
            "UNI-01",
            f"Le paramètre est en {kind.unit or dimensions_text(kind.dimensions)}, cette valeur en {price.value.unit}.",
            "Donnez toutes les valeurs dans la même unité.",
            price.value.place,
        )
    return kind or Type("number", unit.dimensions, unit=meaning.units.canonical(price.value.unit), factor=unit.factor)


def scale(meaning: Meaning, rule: r.Scale) -> TypedRule:
    axes = BY_MEMBER.union(map(row_axis, meaning.book.registers), {OFFER} if rule.offers is not None else NO_AXES)
    reader = FormulaReader(meaning, rule, axes)
    drivers = tuple(
        Node("offer", type=Type("choice", names=meaning.book.offers_in(rule.offers)), axes=frozenset({OFFER}), place=d.place)
        if d.name == "offre" else reader.read(d) for d in rule.drivers
    )  # fmt: skip
    for driver in drivers:
        if driver.op == "reading":
            meaning.told_apart.setdefault(str(driver.data), set()).update(driver.type.names)
    kind = type_of(rule.type, meaning.units) if rule.type else None
    if rule.type and kind is None:
        raise meaning.unknown_unit(rule.type.unit, rule.place)
    periods = []
    for period in rule.periods:
        rows = []
        for row in period.rows:
            typed, kind = typed_row(meaning, row, drivers, kind)
            rows.append(typed)
        periods.append(TypedPeriod(period.first, period.act, tuple(rows)))
    if kind is None and not rule.whole:
        raise Meaningless
    if kind is None:
        raise meaning.problem(
            "UNI-02", f"Le barème {rule.name} ne dit pas son unité.", f"barème par classe {rule.name} : € selon …", rule.place
        )
    result = kind
    if rule.progressive:
        result = slice_type(meaning, rule, kind, drivers)
    named = (row.cell.parameter for period in periods for row in period.rows if row.cell.parameter)
    scale_axes = reading_axes(rule.reading).union(*(d.axes for d in drivers), *(meaning.rule(n, rule.place).axes for n in named))
    meaning.model.scales[rule.name] = TypedScale(rule.name, drivers, tuple(periods), rule.progressive, kind, scale_axes)
    return TypedRule(rule.name, result, scale_axes)


def typed_row(meaning: Meaning, row: r.Row, drivers: tuple[Node, ...], kind: Type | None) -> tuple[TypedRow, Type | None]:
    """Return a class and what it gives, and the type of the scale once it is known."""
    cell, kind = cell_type(meaning, row.cell, kind)
    classes = tuple(class_of(meaning, b, d) for b, d in zip(row.bounds, drivers, strict=False))
    if len(row.bounds) != len(drivers):
        message = f"Le barème a {len(drivers)} entrées, cette ligne {len(row.bounds)}."
        raise meaning.problem("GRI-01", message, "Une borne par entrée.", row.place)
    text = " · ".join(meaning.source.words_at(b.place).strip() for b in row.bounds)
    return TypedRow(classes, cell, text, row.place), kind


def slice_type(meaning: Meaning, rule: r.Scale, price: Type, drivers: tuple[Node, ...]) -> Type:
    if len(drivers) != 1 or drivers[0].type.kind != "number":
        raise meaning.problem(
            "BAR-06", "Un barème progressif suit une seule quantité.", "Nommez un seul fait chiffré.", rule.place
        )
    unit = Unit(price.dimensions) * Unit(drivers[0].type.dimensions)
    return Type("number", unit.dimensions, unit="€" if unit.dimensions == EURO.dimensions else None)


def cell_type(meaning: Meaning, cell: r.Cell, kind: Type | None) -> tuple[TypedCell, Type | None]:
    """Return what a class gives, and the type of the scale once it is known."""
    articles = cell.margin.articles
    if cell.kind == "name":
        parameter = meaning.book.parameters.get(cell.text)
        if parameter is None:
            raise meaning.unknown(cell.text, "un paramètre", meaning.book.parameters, cell.place, otherwise="Écrivez le prix.")
        typed = TypedCell("name", parameter=cell.text, articles=articles, place=cell.place)
        return typed, kind or meaning.rule(cell.text, cell.place).type
    if cell.kind != "amount" or cell.value is None:
        return TypedCell(cell.kind, text=cell.text, articles=articles, place=cell.place), kind
    number = cell.value
    if number.unit is None:
        if kind is not None and not kind.dimensions:
            return TypedCell("amount", number.value * kind.factor, articles=articles, place=cell.place), kind
        raise meaning.problem(
            "UNI-02",
            f"« {meaning.source.words_at(number.place)} » n’a pas d’unité : combien de quoi ?",
            "Par exemple 1 500 € ou 2 ETP.",
            number.place,
        )
    unit = meaning.units.unit(number.unit)
    if unit is None:
        raise meaning.unknown_unit(number.unit, number.place)
    if kind is not None and kind.dimensions != unit.dimensions:
        raise meaning.problem(
            "UNI-01",
            f"Une classe donne des {kind.unit}, celle-ci des {number.unit}.",
            "Donnez partout la même unité.",
            number.place,
        )
    kind = kind or Type("number", unit.dimensions, unit=meaning.units.canonical(number.unit), factor=unit.factor)
    return TypedCell("amount", number.value * unit.factor, articles=articles, place=cell.place), kind
