"""The cells of a table of cases: what each names, gives or expects."""

from __future__ import annotations

from typing import Any

from communis.tariff.examples.given import Unusable
from communis.tariff.language import syntax as s


def inner(cell: Any) -> s.Clause:
    while cell.kind in ("cell", "bound_cell", "value_cell"):
        cell = cell.values[0]
    found: s.Clause = cell
    return found


def cell_name(cell: Any) -> str:
    named = inner(cell)
    if named.kind != "v_name":
        raise Unusable(
            named.place, "La première ligne du tableau nomme ce qui est donné et ce qui est attendu.", "Écrivez des noms."
        )
    return str(named.values[0])


def cell_literal(cell: s.Clause) -> Any:
    if cell.kind in ("v_amount", "v_literal"):
        return cell.values[0]
    if cell.kind in ("v_yes", "v_no"):
        return s.Literal(cell.kind == "v_yes", "yes_no", cell.place)
    if cell.kind == "v_name":
        return s.Name(str(cell.values[0]), place=cell.place)
    if cell.kind == "v_free":
        return s.Name("gratuit", place=cell.place)
    raise Unusable(cell.place, "On ne peut pas donner cette valeur.", "Un nombre, une date, un nom, oui ou non.")


def cell_result(cell: s.Clause) -> s.Clause:
    if cell.kind == "v_none":
        return s.Clause("x_none", (), s.NO_MARGIN, cell.place)
    if cell.kind == "v_decide":
        return s.Clause("x_decide", (), s.NO_MARGIN, cell.place)
    if cell.kind == "v_refused":
        return s.Clause("x_refused", cell.values, s.NO_MARGIN, cell.place)
    if cell.kind == "v_negative":
        number = cell.values[-1]
        assert isinstance(number, s.Number)
        return s.Clause("x_equals", (s.Number(-number.value, number.unit, number.place),), s.NO_MARGIN, cell.place)
    return s.Clause("x_equals", (cell_literal(cell),), s.NO_MARGIN, cell.place)
