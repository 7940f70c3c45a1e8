"""Prices as written: parameters and their dated values, scales with their classes and grids, keys and their weights."""

from __future__ import annotations

from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.clauses import Block, fraction_of, reading_of, text_of, type_of

NO_CLASS = {"v_free", "v_negative", "v_decide", "v_supply", "v_none", "v_refused", "v_literal"}
PRICED = {"v_amount", "v_negative", "v_name", "v_free", "v_decide", "v_supply", "v_none"}
CLASSES = ("Cette case ne dit pas une classe.", "Des bornes pour un nombre, des noms pour un choix.")
PRICES = ("Cette case ne dit pas un prix.", "Un montant, gratuit, sans objet, à décider ou à fournir.")


def parameter(block: Block) -> r.Parameter:
    values = block.head.values
    rule = r.Parameter(**block.common(), type=type_of(values[1]) if values[1] else None)
    for clause in block.all("p_value"):
        dates = {c.kind: c.values[0] for c in clause.values[1:] if isinstance(c, s.Clause)}
        rule.values.append(
            r.DatedPrice(clause.values[0], dates.get("since"), dates.get("until"), str(dates.get("by", "")), clause.place)
        )
    supply = block.first("p_to_supply")
    if supply is not None:
        rule.to_supply = text_of(supply.values[0] if supply.values else None) or "montant à fournir"
    if not rule.values and rule.to_supply is None:
        block.lacks("FOR-04", f"Le paramètre {rule.name} n’a pas de valeur.", 'Écrivez-la, ou « à fournir "…" ».', rule.place)
    rule.reading = reading_of(block)
    revisable = block.first("p_revisable")
    if revisable is not None:
        rule.revisable = (revisable.values[0], revisable.values[1])
    rule.without_amendment = block.has("p_without_amendment")
    return rule


def scale(block: Block) -> r.Scale:
    name, kind, drivers = block.head.values[:3]
    rule = r.Scale(str(name), "", block.head.margin, block.head.place)
    rule.progressive = block.head.kind == "h_slice_scale"
    rule.type = type_of(kind) if kind else None
    found = []
    for driver in drivers.values:
        if driver.kind == "offer_driver":
            rule.offers = str(driver.values[0] or "") if driver.values else ""
            found.append(s.Name("offre", place=driver.place))
        else:
            found.append(s.Name(str(driver.values[0]), place=driver.place))
    rule.drivers = tuple(found)
    rule.reading = reading_of(block)
    scale_rows(block, rule)
    rule.whole = block.whole
    return rule


def scale_rows(block: Block, rule: r.Scale) -> None:
    period: r.ScalePeriod | None = None
    header: list[Any] | None = None
    for clause in block.clauses:
        if clause.kind == "s_period":
            marks = {c.kind: c.values[0] for c in clause.values if isinstance(c, s.Clause)}
            period = r.ScalePeriod(marks["since"], str(marks.get("by", "")))
            rule.periods.append(period)
            header = None
            continue
        if clause.kind not in ("s_row", "s_grid_row"):
            continue
        if period is None:
            period = r.ScalePeriod(None, "")
            rule.periods.append(period)
        if clause.kind == "s_row":
            period.rows.append(r.Row((_bound(clause.values[0]),), _cell(clause.values[1], clause.margin), clause.place))
        elif header is None:
            header = list(clause.values)
        else:
            period.rows.extend(grid_rows(block, header, clause))
    if not rule.periods or not all(p.rows for p in rule.periods):
        block.lacks("FOR-04", f"Le barème {rule.name} n’a aucune classe.", "Par exemple : moins de 1 500 : 1 500 €", rule.place)


def grid_rows(block: Block, header: list[Any], clause: s.Clause) -> list[r.Row]:
    """Return one row a column of a grid line: the class of the line, the class of the column, the value."""
    cells = list(clause.values)
    if len(cells) != len(header):
        block.problem(
            "GRI-01", f"Cette ligne a {len(cells)} cases, l’en-tête {len(header)}.", "Une case par colonne.", clause.place
        )
        block.whole = False
        return []
    outside = [(cell, CLASSES) for cell in map(_inside, (cells[0], *header[1:])) if cell.kind in NO_CLASS]
    outside += [(cell, PRICES) for cell in map(_inside, cells[1:]) if cell.kind not in PRICED]
    for cell, (message, remedy) in outside:
        block.problem("GRI-02", message, remedy, cell.place)
    if outside:
        block.whole = False
        return []
    first = _bound(_inside(cells[0]))
    return [
        r.Row((first, _bound(_inside(head))), _cell(_inside(cell), clause.margin), _inside(cell).place)
        for head, cell in zip(header[1:], cells[1:], strict=True)
    ]


def key(block: Block) -> r.Key:
    rule = r.Key(**block.common(), among=block.value("k_among"))
    for clause in block.clauses:
        if clause.kind in ("k_weight", "k_equal"):
            number, unit = clause.values[:2]
            driver = clause.values[2] if clause.kind == "k_weight" else None
            rule.weights.append(r.Weight(s.Number(fraction_of(number), str(unit), clause.place), driver, None, clause.place))
        elif clause.kind == "k_fallback" and rule.weights:
            last = rule.weights[-1]
            rule.weights[-1] = r.Weight(last.percent, last.driver, clause.values[0], last.place)
    if not rule.weights:
        block.lacks("FOR-04", f"La clé {rule.name} n’a aucun poids.", "Par exemple : 100 % selon habitants", rule.place)
    return rule


def _inside(cell: s.Clause) -> s.Clause:
    """Return what a grid cell holds, whatever wraps it."""
    while cell.kind in ("cell", "bound_cell", "value_cell", "bound", "cell_value"):
        cell = cell.values[0]
    return cell


def _bound(mark: s.Clause) -> r.Bound:
    mark = _inside(mark)
    if mark.kind in ("b_choice", "v_name"):
        return r.Bound("names", names=tuple(str(v) for v in mark.values), place=mark.place)
    if mark.kind in ("b_yes", "b_no", "v_yes", "v_no"):
        return r.Bound("names", names=("oui" if mark.kind.endswith("yes") else "non",), place=mark.place)
    if mark.kind == "b_others":
        return r.Bound("others", place=mark.place)
    numbers: list[Any] = [s.Number(fraction_of(v), None, mark.place) if not isinstance(v, s.Number) else v for v in mark.values]
    kind = mark.kind.removeprefix("b_")
    if kind in ("ordinals", "from_ordinal"):
        return r.Bound(kind, numbers[0], numbers[1] if len(numbers) > 1 else None, place=mark.place)
    if kind == "v_amount":
        return r.Bound("equal", numbers[0], numbers[0], place=mark.place)
    if kind in ("below", "to"):
        return r.Bound(kind, None, numbers[0], place=mark.place)
    if kind == "equal":
        return r.Bound(kind, numbers[0], numbers[0], place=mark.place)
    return r.Bound(kind, numbers[0], numbers[1] if len(numbers) > 1 else None, place=mark.place)


def _cell(mark: s.Clause, margin: s.Margin) -> r.Cell:
    mark = _inside(mark)
    kind = mark.kind.removeprefix("v_")
    if kind == "amount":
        return r.Cell("amount", mark.values[0], margin=margin, place=mark.place)
    if kind == "negative":
        number: Any = mark.values[-1]
        return r.Cell("amount", s.Number(-number.value, number.unit, mark.place), margin=margin, place=mark.place)
    if kind == "name":
        return r.Cell("name", text=str(mark.values[0]), margin=margin, place=mark.place)
    return r.Cell(kind, text=text_of(mark.values[0]) if mark.values else "", margin=margin, place=mark.place)
