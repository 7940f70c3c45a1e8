"""What a room declares of a list that can be imported, and what is planned for each of its lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms

from communis.kit.imports.columns import Column, Wrong
from communis.kit.sheets import Limits

Progress = Callable[[int, int], None]  # lines done, of how many


def silent(_done: int, _total: int) -> None:
    """Tell nobody how far one is."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Who imports, when, and what was chosen for the whole file."""

    user: Any
    today: date
    now: datetime
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after, as words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What a line will do: make something, change something, or nothing at all, with the reason when it is worth telling."""

    name: str
    is_new: bool = False
    changes: tuple[Change, ...] = ()
    remark: str = ""
    target: Any = None  # what `apply` will need; never shown
    about: Hashable = None  # the row that the line turns out to be about, however it was found: no other line is about it


@dataclass(frozen=True, slots=True)
class Step:
    """A line that does something: its number in the file, its values, and its plan."""

    line: int
    values: Mapping[str, Any]
    planned: Planned


def exhaust(steps: Iterator[Step], _known: Any, _work: Work) -> None:
    """Take every step of a list whose plan does what it says."""
    deque(steps, maxlen=0)


@dataclass(frozen=True, kw_only=True)
class Importable:
    """A list that can be imported, and taken away in the same columns.

    `known(work)` reads at once all that the plan of a line needs; `identify(values, known)` gives, by column, what no other line
    of the file may repeat; `plan(values, known)` says what a line does, to which row when only the rows tell it, or raises
    `Wrong`. A plan may do at once what it says, by the operation that does it: whoever only wants to read it undoes everything.
    What it did not do, `apply(steps, known, work)` does, taking the steps one after the other; both are within one transaction.
    `faults(values, known)` tells what is wrong of the cells that could be read, also when others could not: all is told at once.
    `remarks(known, keys)` says at the end what the file as a whole leaves open. `rows(work)` yields the list as it is, in the
    order of the columns.
    """

    name: str  # in addresses
    title: str
    one: str  # « organisation »
    many: str = ""
    feminine: bool = True
    makes: str = "créé"  # what is done of a line that is new, and of one that changes something
    amends: str = "modifié"
    sentence: str = ""
    columns: Sequence[Column]
    may: Callable[[Any], bool]
    known: Callable[[Work], Any]
    plan: Callable[[Mapping[str, Any], Any], Planned]
    apply: Callable[[Iterator[Step], Any, Work], None] = exhaust
    identify: Callable[[Mapping[str, Any], Any], Mapping[str, Any]] = lambda values, known: {}
    faults: Callable[[Mapping[str, Any], Any], Iterable[Wrong]] = lambda values, known: ()
    remarks: Callable[[Any, Sequence[Mapping[str, Any]]], Sequence[str]] | None = None
    rows: Callable[[Work], Iterable[Sequence[Any]]] | None = None
    large: int = 2_000  # lines from which it runs as a job, when the site has jobs
    options: type[forms.Form] | None = None
    list_url: str = ""  # where the list is seen
    list_name: str = ""  # the act of looking at it, when it is not « Voir les organisations »
    history_url: str = ""  # where the history of the list is seen, when it has one
    undo: str = ""  # how what was imported is undone, in words
    limits: Limits = field(default_factory=Limits)

    @property
    def plural(self) -> str:
        return self.many or f"{self.one}s"

    @property
    def see(self) -> str:
        """Name the act of looking at the list."""
        return self.list_name or f"Voir les {self.plural}"

    @property
    def place(self) -> str:
        """Name the list, in the way to its import: « Organisations »."""
        return self.see.removeprefix("Voir les ").capitalize()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
