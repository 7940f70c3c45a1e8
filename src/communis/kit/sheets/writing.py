"""Exports: every value with its type, no formula ever, in memory that does not grow with the rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from communis.kit.formats import short_date

# What makes a spreadsheet read a text as a formula, also in the wide forms that some turn into plain ones.
TRIGGERS = "=+-@\t\r\n\0＝＋－＠"
_BLANK = " \u00a0\u202f\u2009\u200b\ufeff"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_CELL = 32_767  # characters, in a workbook
_CUT = " [… texte coupé : trop long pour une cellule]"
_MOST_ROWS = 1_048_575
_MOST_DIGITS = 15  # figures a workbook keeps; beyond, a number is written as text
_LOOKED_AT = 200  # rows whose widths are looked at
_CHUNK = 500
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "remove_timezone": True, "default_date_format": "dd/mm/yyyy",
}  # fmt: skip


class TooLong(ValueError):
    """More rows than a workbook has; `str()` says so in French, and what to do."""


def disarmed(text: str) -> str:
    """Return a text that no spreadsheet runs when it opens a CSV file: after an apostrophe, if it begins as a formula does."""
    risky = text.lstrip(_BLANK)[:1]
    safe = _CONTROLS.sub("", text)
    return "'" + safe if risky and risky in TRIGGERS else safe


def plain_cell(value: Any) -> str:
    """Write a value for a CSV file read in French: decimal commas, days as jj/mm/aaaa, yes and no; only texts are disarmed."""
    if value is None:
        return ""
    if isinstance(value, str):
        return disarmed(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    if isinstance(value, datetime):
        at = local(value)
        return f"{short_date(at.date())} {at:%H:%M}"
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    raise TypeError(f"Nothing says how to export {value!r}: pass a text, a whole number, a Decimal, a date or None.")


def local(at: datetime) -> datetime:
    return timezone.localtime(at).replace(tzinfo=None) if timezone.is_aware(at) else at


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield a CSV file in pieces: UTF-8 with its mark and `;`, as French spreadsheets open it."""
    lines = chain([[disarmed(title) for title in titles]], (list(map(plain_cell, row)) for row in rows))
    yield b"\xef\xbb\xbf"
    while piece := list(islice(lines, _CHUNK)):
        written = io.StringIO()
        csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(piece)
        yield written.getvalue().encode()


def sheet_name(text: str) -> str:
    """Return a name that a workbook accepts for a sheet."""
    return _SHEET_FORBIDDEN.sub(" ", text).strip(" '")[:31].rstrip(" '") or "Feuille"


def write_xlsx(
    into: IO[bytes],
    name: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    made_at: datetime,
    as_text: bool = False,
) -> None:
    """Write a workbook of one sheet: typed cells, titles that stay in sight, columns as wide as what they hold.

    `as_text`: what will be typed under the titles stays as it is typed, the first zeros of a code included.
    """
    with xlsxwriter.Workbook(into, _OPTIONS) as book:
        book.set_properties({"title": name, "created": local(made_at)})
        sheet = book.add_worksheet(sheet_name(name))
        sheet.freeze_panes(1, 0)
        looks = Looks(book)
        remaining = iter(rows)
        first = list(islice(remaining, _LOOKED_AT))
        for rank, title in enumerate(titles):
            sheet.set_column(rank, rank, width_of(title, (row[rank] for row in first)), looks.text if as_text else None)
            sheet.write_string(0, rank, fitting(title), looks.title)
        count = 0
        for count, row in enumerate(chain(first, remaining), 1):
            if count > _MOST_ROWS:
                raise TooLong(f"Cette liste a plus de {_MOST_ROWS} lignes : un classeur n’en tient pas tant. Exportez-la en CSV.")
            for rank, value in enumerate(row):
                write_cell(sheet, looks, count, rank, value)
        if titles:
            sheet.autofilter(0, 0, count, len(titles) - 1)


class Looks:
    """The formats of cells, made once a workbook; figures follow the language of whoever opens it."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        self.hour = book.add_format({"num_format": "hh:mm", "align": "left"})
        self.cents = book.add_format({"num_format": "#,##0.00"})
        self.exact = book.add_format({"num_format": "#,##0.######"})


def write_cell(sheet: Any, looks: Looks, line: int, rank: int, value: Any) -> None:
    """Write one value by its type; a text is a text, whatever it begins with."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, rank, "oui" if value else "non")
    elif isinstance(value, int | Decimal):
        write_number(sheet, looks, line, rank, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, rank, local(value), looks.moment)
    elif isinstance(value, date):
        sheet.write_datetime(line, rank, datetime.combine(value, time()), looks.day)
    elif isinstance(value, time):
        sheet.write_datetime(line, rank, value, looks.hour)
    elif isinstance(value, str):
        sheet.write_string(line, rank, fitting(value))
    else:
        raise TypeError(f"Nothing says how to export {value!r}: pass a text, a whole number, a Decimal, a date or None.")


def write_number(sheet: Any, looks: Looks, line: int, rank: int, value: int | Decimal) -> None:
    """Write a number as a number, as long as the workbook keeps all of its figures."""
    exact = Decimal(value)
    if len(exact.normalize().as_tuple().digits) > _MOST_DIGITS:
        sheet.write_string(line, rank, plain_cell(value))
    elif isinstance(value, int):
        sheet.write_number(line, rank, value)
    else:
        sheet.write_number(line, rank, value, looks.cents if exact.as_tuple().exponent == -2 else looks.exact)


def fitting(text: str) -> str:
    """Return a text that a cell of a workbook holds: no control character, and cut aloud when it is too long."""
    safe = _CONTROLS.sub("", text)
    return safe if len(safe) <= _LONGEST_CELL else safe[: _LONGEST_CELL - len(_CUT)] + _CUT


def width_of(title: str, values: Iterable[Any]) -> int:
    """Return the width of a column in characters: that of its longest value, within reason."""
    lengths = [max((len(line) for line in plain_cell(value).splitlines()), default=0) for value in values]
    longest_word = max((len(word) for word in title.split()), default=0)
    return max(8, min(60, max([longest_word, *lengths]) + 2))
