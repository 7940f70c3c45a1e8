"""The records that tables are made of: members, their choices, facts, rows of registers, issued amounts, decisions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # those of Latin letters, at once; all are marks that combine


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    siren: str = ""
    kind: str = ""
    insee: str = ""
    parent: int | None = None
    host: bool = False
    first: date | None = None
    last: date | None = None

    def exists(self, first: date, last: date) -> bool:
        return (self.first is None or self.first <= last) and (self.last is None or self.last >= first)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A member’s choice of an offer, from its date of effect, with its act and its dated steps."""

    member: int
    offer: str
    first: date
    last: date | None
    act: str = ""
    steps: Mapping[str, date] = field(default_factory=dict)
    source: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class FactRow:
    """A dated fact; numbers are in base units. `year` is set when the date was given as an exercise only."""

    fact: str
    member: int | None
    offer: str | None
    value: Any
    kind: str
    first: date
    last: date | None
    year: int | None
    published: date | None = None
    source: str = ""
    author: str = ""
    fictitious: bool = False
    timeless: bool = False  # the value an example gives, true at any date


@dataclass(frozen=True, slots=True)
class RegisterRow:
    identifier: str
    member: int | None
    values: Mapping[str, Any]
    by_member: Mapping[str, Mapping[int, Fraction]]
    source: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    """An amount already issued for a member, an exercise and a line."""

    member: int
    year: int
    line: str
    offer: str | None
    section: str
    amount: Fraction
    source: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """An amount set by an act where the tariff refuses to give one (TAR-17).

    One set `by_year` is that of a whole exercise: the prorata of its line cuts it, and a line due once owes it once.
    """

    member: int
    year: int
    line: str
    offer: str | None
    amount: Fraction
    reason: str
    authority: str
    act: str
    taken_on: date | None = None
    by_year: bool = False


@dataclass(slots=True)
class Tables:
    """Members, choices, facts, registers, issued amounts and decisions, ready to compute on."""

    members: tuple[Member, ...] = ()
    choices: list[Chosen] = field(default_factory=list)
    facts: dict[str, list[FactRow]] = field(default_factory=dict)
    registers: dict[str, list[RegisterRow]] = field(default_factory=dict)
    issued: list[Issued] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    kept: dict[object, object] = field(default_factory=dict, repr=False)  # what is derived once from these tables
    of_members: dict[object, object] = field(default_factory=dict, repr=False)  # and from the members alone
    near: tuple[Tables, int | None] | None = field(default=None, repr=False)  # the tables followed, but for a member’s choices
    _fact_index: dict[tuple[str, int | None, str | None], list[FactRow]] = field(default_factory=dict, repr=False)

    def fact_rows(self, fact: str, member: int | None, offer: str | None) -> list[FactRow]:
        """Return the values of a fact for a member (None for the service) and an offer, latest first."""
        return self._index().get((fact, member, offer), [])

    def _index(self) -> dict[tuple[str, int | None, str | None], list[FactRow]]:
        if not self._fact_index and self.facts:
            self._fact_index = self._indexed()  # whole before it is seen: another thread may be reading
        return self._fact_index

    def _indexed(self) -> dict[tuple[str, int | None, str | None], list[FactRow]]:
        found: dict[tuple[str, int | None, str | None], list[FactRow]] = {}
        for rows in self.facts.values():
            for row in rows:
                found.setdefault((row.fact, row.member, row.offer), []).append(row)
        for listed in found.values():
            listed.sort(key=lambda row: row.first, reverse=True)
        return found

    def holding(self, choices: list[Chosen], *, member: int | None = None) -> Tables:
        """Return these tables with other choices; the facts are the same, and indexed once for all.

        `member` says that its choices alone are others: those of everybody else are then indexed once for all, too.
        """
        return Tables(
            self.members, choices, self.facts, self.registers, self.issued, self.decisions, of_members=self.of_members,
            near=None if member is None else (self, member), _fact_index=self._index(),
        )  # fmt: skip

    def knowing(self, rows: Iterable[FactRow]) -> Tables:
        """Return these tables with more facts, each in the place of that of its day and kind; the rest is indexed once."""
        facts, index = dict(self.facts), dict(self._index())
        for row in rows:
            key = (row.fact, row.member, row.offer)
            known = index.get(key, [])
            replaced = {id(one) for one in known if (one.first, one.kind) == (row.first, row.kind)}
            listed = facts.get(row.fact, [])
            if replaced:
                listed = [one for one in listed if id(one) not in replaced]
            facts[row.fact] = [*listed, row]
            left = [one for one in known if id(one) not in replaced]
            index[key] = sorted([*left, row], key=lambda one: one.first, reverse=True)
        return Tables(
            self.members, self.choices, facts, self.registers, self.issued, self.decisions, of_members=self.of_members,
            near=(self, None), _fact_index=index,
        )  # fmt: skip

    @property
    def host(self) -> int | None:
        return next((i for i, m in enumerate(self.members) if m.host), None)

    def index(self, text: str) -> int | None:
        """Return the member of a name, a SIREN or an INSEE code, written whatever the case and accents."""
        wanted = plain(text)
        for i, member in enumerate(self.members):
            if (text and text in (member.siren, member.insee)) or plain(member.name) == wanted:
                return i
        return None


def plain(text: str) -> str:
    """Return a text without accents, case or typographic marks, to compare what people typed."""
    if text.isascii():
        return text.casefold().strip()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "oe").replace("’", "'")))
    if not bare.isascii():
        bare = "".join(c for c in bare if not unicodedata.combining(c))
    return bare.casefold().strip()
