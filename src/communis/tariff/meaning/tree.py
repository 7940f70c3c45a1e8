"""The typed tree: what a convention means, once every name is found, every unit checked and every scope known.

A formula is a tree of `Node`: an operation, its operands, what else it needs (`data`), its type, and the axes its value
depends on: `member`, `offer`, `row:<register>`. Both the plan and the interpreter read this tree and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import FiscalCalendar
from communis.tariff.language.problems import NOWHERE, Place
from communis.tariff.language.rules import Bearer, Billing, Rulebook
from communis.tariff.language.syntax import Rounding
from communis.tariff.meaning.units import Dimensions, UnitTable

MEMBER = "member"
OFFER = "offer"
NO_AXES: frozenset[str] = frozenset()
BY_MEMBER = frozenset({MEMBER})


class Meaningless(Exception):
    """A formula that means nothing; its problem has been told already."""


def row_axis(register: str) -> str:
    """Return the axis of the rows of a register."""
    return f"row:{register}"


@dataclass(frozen=True, slots=True)
class Type:
    """number (with dimensions), date, yes_no, choice (with its names), section, text or key."""

    kind: str
    dimensions: Dimensions = ()
    names: tuple[str, ...] = ()
    unit: str | None = field(default=None, compare=False)
    factor: Fraction = field(default=Fraction(1), compare=False)


KINDS = {"number": "un nombre", "date": "une date", "yes_no": "un oui ou non", "choice": "un choix", "section": "une section",
          "text": "un texte", "key": "une clé"}  # fmt: skip
PURE_NUMBER = Type("number")
YES_NO = Type("yes_no")
DATE = Type("date")
TEXT = Type("text")
SECTION = Type("section", names=("fonctionnement", "investissement"))


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One operation of a formula; identity is what caches use, so two equal formulas are two nodes."""

    op: str
    args: tuple[Node, ...] = ()
    data: Any = None
    type: Type = PURE_NUMBER
    axes: frozenset[str] = frozenset()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, eq=False)
class GroupNode:
    """A set of members: kind (members, holders, attached), offer ("" is the current one), condition, host included."""

    kind: str
    offer: str = ""
    such: Node | None = None
    host: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from low to high, None for no end, in base units."""

    low: Fraction | None
    low_closed: bool
    high: Fraction | None
    high_closed: bool

    def __contains__(self, value: Fraction) -> bool:
        if self.low is not None and (value < self.low or (value == self.low and not self.low_closed)):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_closed)


@dataclass(frozen=True, slots=True)
class NamesClass:
    """A class of names; empty for « autres »."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class TypedCell:
    """What a class gives: amount (with its value), free, decide, supply, none or name (a parameter)."""

    kind: str
    value: Fraction = Fraction(0)
    text: str = ""
    parameter: str = ""
    articles: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class TypedRow:
    classes: tuple[Interval | NamesClass, ...]
    cell: TypedCell
    text: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class TypedPeriod:
    first: date | None
    act: str
    rows: tuple[TypedRow, ...]


@dataclass(slots=True, eq=False)
class TypedScale:
    name: str
    drivers: tuple[Node, ...]
    periods: tuple[TypedPeriod, ...]
    progressive: bool
    type: Type
    axes: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class TypedWeight:
    percent: Fraction
    driver: Node | None
    fallback: Node | None


@dataclass(slots=True, eq=False)
class TypedKey:
    name: str
    weights: tuple[TypedWeight, ...]
    among: GroupNode | None


@dataclass(frozen=True, slots=True, eq=False)
class TypedBearer:
    bearer: Bearer
    key: Node | None
    condition: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class TypedBilling:
    billing: Billing
    when: Node | None
    condition: Node | None


@dataclass(slots=True, eq=False)
class TypedRule:
    """The formulas of a rule, by the clause they come from, with the type and axes of its value."""

    name: str
    type: Type
    axes: frozenset[str]
    formula: Node | None = None
    condition: Node | None = None
    exempt: tuple[tuple[Node, tuple[str, ...]], ...] = ()
    balance: Node | None = None
    once: Node | None = None
    section_of: Node | None = None
    billed: tuple[TypedBilling, ...] = ()
    payers: tuple[tuple[str, Node | None], ...] = ()
    at_most: Node | None = None
    at_least: Node | None = None
    excess: tuple[TypedBearer, ...] = ()
    shortfall: tuple[TypedBearer, ...] = ()
    quota: Node | None = None
    consumed: Node | None = None
    order: Node | None = None
    register: str = ""
    holders: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Model:
    """A convention ready to compute: its rules as written, their typed formulas, its units and its calendar."""

    book: Rulebook
    units: UnitTable
    calendar: FiscalCalendar
    file: str = ""
    rules: dict[str, TypedRule] = field(default_factory=dict)
    scales: dict[str, TypedScale] = field(default_factory=dict)
    keys: dict[str, TypedKey] = field(default_factory=dict)
    reserved: dict[str, Node] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def reading(self, interpretation: str) -> str | None:
        """Return the reading retained for an interpretation, or None while it is left to settle."""
        return self.book.interpretations[interpretation].retained

    def rounding(self, line: str) -> Rounding:
        """Return the rounding of a line: its own, else the convention’s, else to the nearest cent."""
        return self.book.lines[line].rounding or self.book.header.rounding or Rounding(Fraction(1, 100), "€", "half_up")
