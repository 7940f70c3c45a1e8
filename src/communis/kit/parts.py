"""Finished values that components show. A view makes them; a template places them; neither reckons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify


@dataclass(frozen=True)
class Link:
    """A place to go. Without an address, it is said in words only."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Line:
    """A name and its value in a sum: a Decimal or a Fraction is euros, an int a count, a text is itself."""

    label: str
    value: Any
    detail: str = ""


@dataclass(frozen=True)
class Fact:
    """A fact an amount rests on: its value, then its date, source and author."""

    name: str
    value: Any
    detail: str = ""
    fictitious: bool = False


@dataclass(frozen=True)
class WordsTable:
    """A table quoted from a convention; `applies` is the rank of the row that holds here."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    applies: int | None = None


@dataclass(frozen=True)
class Note:
    """Why a figure is what it is. The margin shows the parts in this order, whatever the order they were given in."""

    key: str
    title: str
    article: Link | None = None
    article_title: str = ""
    words: str = ""
    table: WordsTable | None = None
    formula: str = ""
    values: str = ""
    heading: str = ""  # above the sum when there is no formula: « Causes »
    lines: Sequence[Line] = ()
    result: Line | None = None
    facts: Sequence[Fact] = ()
    roundings: str = ""
    interpretation: str = ""
    interpretations: Sequence[str] = ()  # when several readings were retained, each its own line
    remark: str = ""


@dataclass(frozen=True)
class Term:
    """A term of the trade: what it means, in a sentence or two, and who says so."""

    word: str
    meaning: str
    source: str

    @property
    def key(self) -> str:
        return slugify(self.word)


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: int | None = None
    current: bool = False


MOST_NAMED = 12  # members of a group named under the picture of a territory


@dataclass(frozen=True)
class Cell:
    """One member of a territory; `look` is "" (filled), "hatch", "dashed" or "outline"."""

    name: str
    url: str = ""
    look: str = ""


@dataclass(frozen=True)
class CellGroup:
    """Members in the same state; `series` is a colour of the charts, `words` follow the count under the strip."""

    words: str
    cells: Sequence[Cell]
    series: int = 8

    @property
    def named(self) -> str:
        """The names of the members, when they are few enough to be read under their cells."""
        return ", ".join(cell.name for cell in self.cells) if len(self.cells) <= MOST_NAMED else ""

    @property
    def drawn(self) -> SafeString:
        """The cells, for the component: written here, since a territory may have a thousand."""
        looks = {look: f"cell cell-{self.series}{f' cell-{look}' if look else ''}" for look in {cell.look for cell in self.cells}}
        return mark_safe("".join(
            f'<a class="{looks[c.look]}" href="{escape(c.url)}" title="{escape(c.name)}" tabindex="-1" aria-hidden="true"></a>'
            if c.url else f'<span class="{looks[c.look]}" title="{escape(c.name)}"></span>'
            for c in self.cells
        ))  # fmt: skip


@dataclass(frozen=True)
class RailItem:
    """A place of the rail; `key` is the letter that leads to it after `g`."""

    label: str
    url: str
    count: int | None = None
    key: str = ""


@dataclass(frozen=True)
class RailGroup:
    items: Sequence[RailItem]
    title: str = ""


@dataclass(frozen=True)
class Rail:
    """What stands left of every page: whose it is, where one may go, who one is."""

    name: str
    mark: str
    detail: str = ""
    logo: str = ""
    sheet: str = ""  # the address of the styles of its hue
    home: str = "/"
    search: str = ""
    groups: Sequence[RailGroup] = field(default_factory=tuple)
    person: str = ""
    role: str = ""
    account: Sequence[Link] = ()
    about: Sequence[Link] = ()
    sign_out: str = ""
    fictitious: str = ""
