"""Tables for the command line: ruled in a terminal, plain aligned text in a pipe, and CSV that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

from communis.tariff.meaning.units import number_text
from communis.tariff.rendering.french import plain

if TYPE_CHECKING:
    from rich.console import Console

Cell = str | int | Fraction | Decimal | date | None
RIGHT = "r"
GAP = "  "
_SIGNED = re.compile(r"[-+][0-9][0-9 \u00a0\u202f]*(,[0-9]+)?[ \u00a0][\w€%/²³]+( \([\w ,]+\))?")
"""An amount with its sign, its unit and what it rests on: no spreadsheet finds a formula in it."""
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")  # what a spreadsheet may take for a formula


def print_table(
    headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, align: str = "", title: str = "", console: Console | None = None
) -> None:
    """Print a table; `align` has a letter a column, « l » or « r », and numbers go right by themselves.

    A terminal gets a ruled table, a file or a pipe gets `table_text`.
    """
    listed = [list(row) for row in rows]
    if not (sys.stdout.isatty() if console is None else console.is_terminal):
        print(table_text(headers, listed, align=align, title=title), end="")
        return
    from communis.tariff.rendering.ruled import print_ruled  # slow: rich, for a terminal only

    shown = [[_shown(cell) for cell in row] for row in (headers, *listed)]
    print_ruled(shown, _sides(headers, listed, align), title=_shown(title), console=console)


def table_text(headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, align: str = "", title: str = "") -> str:
    """Return a table as lines of text whose columns are aligned with spaces."""
    listed = [list(row) for row in rows]
    sides = _sides(headers, listed, align)
    lines = [[_shown(cell) for cell in row] for row in (headers, *listed)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(headers))]
    written = [
        GAP.join(_padded(cell, width, side) for cell, width, side in zip(line, widths, sides, strict=True)).rstrip(" ")
        for line in lines
    ]
    return "\n".join([*([_shown(title)] if title else []), *written]) + "\n"


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, separator: str = ";") -> str:
    """Return rows as CSV; text that a spreadsheet would run as a formula begins with an apostrophe, numbers stay numbers.

    A number with a finite writing is exact, with a decimal comma; another one is cut at twelve decimals. Dates are ISO.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([_safe(header) for header in headers])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def _safe(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, int | Fraction | Decimal):
        return _decimal(Fraction(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "'" + cell if cell.startswith(RUNS) and not _SIGNED.fullmatch(cell) else cell


def _decimal(value: Fraction) -> str:
    """Write a number with a comma and no group of digits, so that a spreadsheet and `tables.read_csv` both read it."""
    digits = next((n for n in range(13) if (value * 10**n).denominator == 1), 12)
    whole, rest = divmod(abs(value.numerator) * 10**digits // value.denominator, 10**digits)
    return ("-" if value < 0 else "") + str(whole) + (f",{rest:0{digits}d}" if digits else "")


def _shown(cell: Cell) -> str:
    """Write a cell for people: numbers in French, one line, no control character that a terminal would obey."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, int | Fraction | Decimal):
        return number_text(Fraction(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return plain(" ".join(cell.splitlines()).replace("\t", " "))


def _sides(headers: Sequence[str], rows: Sequence[Sequence[Cell]], align: str) -> list[str]:
    """Return the side of each column: the one asked for, else right where every cell that is there is a number."""
    found = []
    for index in range(len(headers)):
        cells = [row[index] for row in rows if row[index] is not None]
        numbers = bool(cells) and all(isinstance(cell, int | Fraction | Decimal) for cell in cells)
        found.append(align[index] if index < len(align) else RIGHT if numbers else "l")
    return found


def _width(text: str) -> int:
    """Return the columns that a text takes on a terminal: two for a wide letter, none for a mark put over another."""
    if text.isascii():
        return len(text)
    marks = sum(category(letter) in ("Mn", "Me", "Cf") for letter in text)
    return len(text) - marks + sum(east_asian_width(letter) in "WF" for letter in text)


def _padded(cell: str, width: int, side: str) -> str:
    space = " " * (width - _width(cell))
    return space + cell if side == RIGHT else cell + space
