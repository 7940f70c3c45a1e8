"""What a run gives by columns: amounts with their sections, allowances drawn down, limits and what the host bears."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.columnar.columns import Column

ZERO = Fraction(0)
CENT = Fraction(1, 100)


@dataclass(slots=True)
class Amounts:
    """What a line gives all members, in the order that breaks ties: amounts, flags, and the amounts by section.

    `own` tells that nothing else holds the memory of the amounts: it may be set to zero where there is none.
    """

    total: Column
    flags: Any
    sections: dict[str, Column] = field(default_factory=dict)
    own: bool = False


@dataclass(slots=True)
class Drawing:
    """An allowance consumed: its opening, what each row took, what is left, and what it rests on."""

    opening: Column
    taken: dict[int, tuple[Fraction, Fraction, Fraction]] = field(default_factory=dict)
    left: Fraction = ZERO
    mark: int = 0
    problem: bool = False


@dataclass(slots=True)
class Bounded:
    """A limit for all members, and what the host bears of it."""

    amounts: Amounts
    host: Fraction = ZERO


def first_stop(stop: Any, more: Any) -> Any:
    """Keep the first flag that stops each member."""
    if isinstance(stop, int) and not stop:
        return more
    if isinstance(more, int) and not more:
        return stop
    return np.where(stop != 0, stop, more)
