"""The tree of a file as it is written: formulas, and clauses still in the order of the text.

Formulas are trees of the small classes below; everything else is a `Clause`: a kind, what it says, its margin, its place.
`assemble` makes rules of them. Nothing here knows whether a name exists or a unit fits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.language.problems import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands at the right of a line: articles, and interpretations it rests on."""

    articles: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()


NO_MARGIN = Margin()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, with its unit if it has one."""

    value: Fraction
    unit: str | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Year:
    """An exercise: `N` and its offset, or a civil year, or the two years of an exercise that straddles them."""

    offset: int | None = None
    year: int | None = None
    straddles: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day of any year."""

    day: int
    month: int


@dataclass(frozen=True, slots=True)
class DayOf:
    """A day of a given exercise, or a fixed date."""

    day: Day | None = None
    year: Year | None = None
    fixed: date | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    """A step (with the unit it counts, None for the value’s own) and a mode: half_up, half_even, up, down, truncated."""

    step: Fraction
    unit: str | None
    mode: str


# ---------------------------------------------------------------- formulas


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    unit: str | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A date, yes or no, a section, or a word of ours between quotes."""

    value: date | bool | str
    kind: str  # date, yes_no, section, text
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, perhaps of another offer, another exercise, the host’s or the parent member’s."""

    name: str
    offer: str | None = None
    year: Year | None = None
    of: str | None = None  # host, parent
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CurrentOffer:
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """`+ - × /`, a comparison, `et`, `ou`, `non`, `minus`."""

    operator: str
    operands: tuple[Formula, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """`selon le cas`: exactly one case holds."""

    cases: tuple[tuple[Formula, Formula], ...]
    otherwise: Formula | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """A set of members: everybody, the holders of an offer (`""` for the current one), those attached to this member."""

    kind: str  # members, holders, attached
    offer: str = ""
    such: Formula | None = None
    host: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Years:
    """A window of exercises: from one to another, or the n before one."""

    first: Year | None = None
    last: Year | None = None
    count: int = 0
    before: Year | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """`part de A selon K entre E`; without a key, equal parts."""

    amount: Formula
    key: Formula | None
    among: Group | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Total:
    """`somme de A` over members, rows or exercises; `moyenne` when `mean`."""

    value: Formula
    over: Group | Years | None
    rows: str | None = None
    where: Formula | None = None
    mean: bool = False
    skip_missing: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Count:
    """`nombre de` members, holders of an offer, or rows of a register."""

    of: Group | str
    where: Formula | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Holds:
    offer: str  # "" for the current one
    on: DayOf | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rank:
    """The rank of the exercise for an offer, in exercises, years of membership or months, or since a date."""

    offer: str | None
    counted_in: str  # exercises, anniversaries, months
    since: date | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Extreme:
    """`min`, `max`, `plafonné à` (cap) and `avec un minimum de` (floor)."""

    kind: str  # min, max, cap, floor
    operands: tuple[Formula, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rounded:
    value: Formula
    rounding: Rounding
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date some months, days or years later, or earlier when the count is negative."""

    count: int
    unit: str
    start: Formula
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NextDay:
    """The first such day strictly after a date; the end of its month when `day` is None."""

    day: Day | None
    start: Formula
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class YearDay:
    """The first or last day of an exercise."""

    which: str
    year: Year
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the current row takes inside or beyond an allowance, or what is left of it."""

    which: str  # within, beyond, remaining
    allowance: str
    place: Place = field(default=NOWHERE, compare=False)


Formula = (
    Number | Literal | Name | CurrentOffer | Operation | Choice | Share | Total | Count | Holds | Rank | Extreme | Rounded
    | Shifted | NextDay | YearDay | Drawn
)  # fmt: skip


# ---------------------------------------------------------------- clauses


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a block: its kind, the name of a grammar rule, and what it says."""

    kind: str
    values: tuple[Any, ...]
    margin: Margin
    place: Place


@dataclass(frozen=True, slots=True)
class Section:
    """A block: its head and its clauses; not whole when a line below the head could not be read."""

    head: Clause
    clauses: tuple[Clause, ...]
    place: Place
    whole: bool = True
