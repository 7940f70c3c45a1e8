"""Where columns are evaluated: members in the order that breaks ties, exercises, offers, rows, dates of events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from communis.tariff.columnar.columns import Array, Column
from communis.tariff.interpreter.facts import tie_order
from communis.tariff.tables.records import Tables


class NotPlanned(Exception):
    """A shape the plan does not evaluate by columns; the interpreter does it instead."""


@dataclass(eq=False, slots=True)
class Roster:
    """The members of tables in the order that breaks ties, as columns; made once for a set of tables."""

    order: list[int]
    index: Array
    rank: Array
    in_order: bool
    hosts: Array
    firsts: Array
    lasts: Array
    masks: dict[tuple[int, int], Array] = field(default_factory=dict)

    def existing(self, first: int, last: int) -> Array:
        """Return who exists on at least a day of a period; the same array for the same period."""
        if (first, last) not in self.masks:
            self.masks[first, last] = (self.firsts <= last) & (self.lasts >= first)
        return self.masks[first, last]

    @classmethod
    def of(cls, tables: Tables, tie: str) -> Roster:
        found = tables.kept.get(("roster", tie))
        if not isinstance(found, cls):
            order = tie_order(tables, tie)
            index = np.array(order, np.int64)
            rank = np.empty(len(order), np.int64)
            rank[index] = np.arange(len(order))
            members = [tables.members[m] for m in order]
            firsts = np.array([m.first.toordinal() if m.first else 0 for m in members], np.int64)
            lasts = np.array([m.last.toordinal() if m.last else date.max.toordinal() for m in members], np.int64)
            hosts = np.array([m.host for m in members], bool)
            found = cls(order, index, rank, bool((index == np.arange(len(order))).all()), hosts, firsts, lasts)
            tables.kept["roster", tie] = found
        return found


@dataclass(eq=False, slots=True)
class Frame:
    """Where columns are evaluated: an exercise and an offer; perhaps the rows of a register, or dates of an event."""

    year: int
    offer: str | None = None
    register: str = ""
    rows: Array | None = None
    owners: Array | None = None
    events: list[date | None] | None = None
    holders: tuple[str, ...] = ()
    prorata: str = ""
    base: Frame | None = None
    together: bool = False  # whether the date of the event is the same for all members
    memo: dict[int, Column] = field(default_factory=dict)
    run_memo: dict[int, Column] = field(default_factory=dict)
    kept: dict[Any, Frame] = field(default_factory=dict)
