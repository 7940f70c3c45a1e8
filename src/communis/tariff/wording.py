"""How values, formulas and outcomes are said in French."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.tree import Type
from communis.tariff.units import NBSP, number_text, quantity_text


def value_text(value: Any, kind: Type) -> str:
    """Write a value of base units in the unit people use for it."""
    if value is None:
        return "sans objet"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return french_date(value)
    if isinstance(value, Fraction):
        return quantity_text(value, kind.dimensions, kind.unit, kind.factor)
    if isinstance(value, int):
        return number_text(Fraction(value))
    return str(value).replace("_", NBSP if kind.kind == "choice" else "_")


def listed(words: list[str], last: str = "et") -> str:
    """Write « a, b et c »."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" {last} {words[-1]}" if words else ""
