"""Gives the classes of a scale their meaning: an interval of numbers, or a set of names."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.problems import nearest
from communis.tariff.meaning.tree import Interval, NamesClass, Node

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning


def class_of(meaning: Meaning, bound: r.Bound, driver: Node) -> Interval | NamesClass:
    """Return the class a bound makes on a driver."""
    if driver.type.kind in ("choice", "yes_no", "section"):
        return names_class(meaning, bound, driver)
    if bound.kind in ("names", "others") or driver.type.kind != "number":
        raise meaning.problem(
            "BAR-07",
            "Cette classe ne va pas avec ce que suit le barème.",
            "Un nombre prend des bornes (« = 1 », « de 2 à 5 », « plus de 5 »), un choix des noms.",
            bound.place,
        )
    low = bound_value(meaning, bound.low, driver)
    high = bound_value(meaning, bound.high, driver)
    if bound.kind in ("ordinals", "from_ordinal"):
        one = driver.type.factor
        return Interval(None if low is None else low - one, low == one, high, True)
    shapes = {"below": (False, False), "to": (False, True), "from_below": (True, False), "from_to": (True, True),
              "above": (False, False), "above_to": (False, True), "from": (True, False), "equal": (True, True)}  # fmt: skip
    low_closed, high_closed = shapes[bound.kind]
    if low is not None and high is not None and (low > high or (low == high and not (low_closed and high_closed))):
        raise meaning.problem(
            "BAR-08",
            "Cette classe est vide : sa borne haute n’est pas au-dessus de sa borne basse.",
            "Inversez ou corrigez les bornes.",
            bound.place,
        )
    return Interval(low, low_closed, high, high_closed)


def bound_value(meaning: Meaning, number: s.Number | None, driver: Node) -> Fraction | None:
    if number is None:
        return None
    if number.unit is None:
        return number.value * driver.type.factor
    unit = meaning.units.unit(number.unit)
    if unit is None:
        raise meaning.unknown_unit(number.unit, number.place)
    if unit.dimensions != driver.type.dimensions:
        raise meaning.problem(
            "UNI-01",
            f"Le barème suit des {driver.type.unit}, cette borne est en {number.unit}.",
            "Donnez la borne dans la même unité.",
            number.place,
        )
    return number.value * unit.factor


def names_class(meaning: Meaning, bound: r.Bound, driver: Node) -> NamesClass:
    if bound.kind == "others":
        return NamesClass(frozenset())
    known = ("oui", "non") if driver.type.kind == "yes_no" else driver.type.names
    for name in bound.names:
        if name not in known:
            close = nearest(name, known)
            raise meaning.problem(
                "NOM-08",
                f"« {name} » n’est pas l’une des possibilités.",
                f"La plus proche : {close}." if close else "On peut écrire : " + ", ".join(known) + ".",
                bound.place,
            )
    return NamesClass(frozenset(bound.names))
