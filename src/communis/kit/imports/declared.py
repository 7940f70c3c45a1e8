"""What a room declares of a list that can be imported, and what is planned for each of its lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms

from communis.kit.imports.columns import Column
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


@dataclass(frozen=True, slots=True)
class Step:
    """A line that does something: its number in the file, its values, and its plan."""

    line: int
    values: Mapping[str, Any]
    planned: Planned


@dataclass(frozen=True, kw_only=True)
class Importable:
    """A list that can be imported.

    `known(work)` reads at once all that the plan of a line needs; `identify(values)` gives, by column, what no other line of the
    file may repeat; `plan(values, known)` says what a line does, or raises `Wrong`; `apply(steps, known, work, progress)` does it
    within a transaction. `remarks(known, keys)` says at the end what the file as a whole leaves open.
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
    apply: Callable[[Sequence[Step], Any, Work, Progress], None]
    identify: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda values: {}
    remarks: Callable[[Any, Sequence[Mapping[str, Any]]], Sequence[str]] = lambda known, keys: ()
    options: type[forms.Form] | None = None
    list_url: str = ""  # where the list is seen
    history_url: str = ""  # where the history of the list is seen, when it has one
    undo: str = ""  # how what was imported is undone, in words
    limits: Limits = field(default_factory=Limits)

    @property
    def plural(self) -> str:
        return self.many or f"{self.one}s"

    @property
    def see(self) -> str:
        """Name the act of looking at the list: « Voir les organisations »."""
        return f"Voir les {self.plural}"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
