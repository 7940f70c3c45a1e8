"""What a file of rows is once opened, and how far one is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. Beyond, it is refused before it is unpacked or read."""

    size: int = 20 * MEGABYTE
    unpacked: int = 128 * MEGABYTE
    entries: int = 2_000
    ratio: int = 200  # unpacked bytes for a packed one, over a whole package
    rows: int = 100_000
    columns: int = 200
    cells: int = 4_000_000  # rows times columns: what a sheet takes in memory
    cell: int = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a row from being read: the rank of its cell, the beginning of the cell, and what to do about it."""

    rank: int
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it begins in the file, as a text editor or a spreadsheet numbers it, and its cells as text.

    A row that cannot be read has no cells but a fault: the rank of the cell that is wrong, what it begins with, and why.
    """

    line: int
    cells: tuple[str, ...]
    fault: Fault | None = None

    @property
    def is_empty(self) -> bool:
        return not any(map(str.strip, self.cells))


class Unreadable(ValueError):
    """A file that cannot be read. `str()` says in French what stops, where, and what to do."""


class Book(Protocol):
    """An opened file. A CSV file has one sheet, without a name."""

    told: str  # what it is, for whoever sent it: « texte UTF-8, colonnes séparées par des points-virgules »
    sheets: tuple[str, ...]
    keeps_days_as_numbers: bool

    def rows(self, sheet: str = "", *, with_faults: bool = False) -> Iterator[Row]:
        """Yield the rows that hold something, in order; an unknown sheet is refused.

        A row that cannot be read refuses the file, or is yielded with its fault when one asks for them.
        """

    def length(self, sheet: str = "") -> int:
        """Return about how many rows a sheet has, without reading them."""


def column_letters(rank: int) -> str:
    """Return the name that spreadsheets give to a column: 1 is A, 27 is AA."""
    letters = ""
    while rank > 0:
        rank, left = divmod(rank - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters


def column_rank(letters: str) -> int:
    """Return the rank of a column by its letters: A is 1."""
    rank = 0
    for letter in letters.upper():
        rank = rank * 26 + ord(letter) - ord("A") + 1
    return rank
