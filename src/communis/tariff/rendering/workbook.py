"""A result as a workbook: numbers typed as numbers, dates as dates, text always as text, and the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name

from communis.tariff.rendering.content import Content, content_of, contents_of
from communis.tariff.rendering.french import plain
from communis.tariff.rendering.headings import EXPLANATIONS, FACTS, INTERPRETATIONS, LINES, STATEMENT, TOTALS, Column
from communis.tariff.rendering.sheets import (
    explanation_rows,
    fact_rows,
    interpretation_rows,
    line_rows,
    statement_rows,
    total_rows,
)
from communis.tariff.result import Result, decimal_text

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "remove_timezone": True}
LONGEST_CELL = 32_000
LINE = 15  # points
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
FORMATS = {
    "money": "#,##0.00\u00a0[$€-40C];[Red]-#,##0.00\u00a0[$€-40C]",
    "amount": "#,##0.00####",
    "number": "#,##0.00####",
    "whole": "#,##0",
    "date": "dd/mm/yyyy",
    "text": "@",
    "year": "0",
}


class Sheet(NamedTuple):
    """A sheet: its name, its columns, its rows, and how many of the last rows are totals."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    totals: int = 0


def write_workbook(result: Result, path: Path) -> None:
    """Write a whole result, for the host: totals by member, lines with all their fields, facts used, interpretations.

    Raises OSError when the file cannot be written.
    """
    contents = contents_of(result)
    totals, sums = total_rows(result, contents)
    sheets = (
        Sheet("Totaux", TOTALS, totals, sums),
        Sheet("Lignes", LINES, line_rows(result)),
        Sheet("Faits", FACTS, fact_rows(result, result.statements)),
        Sheet("Interprétations", INTERPRETATIONS, interpretation_rows(result)),
    )
    _write(result, sheets, path, f"Tarif {result.model.calendar.label(result.year)}")


def write_statement_workbook(result: Result, member: int, path: Path) -> None:
    """Write the statement of one member, without any name or fact of another; raises KeyError for a member not there."""
    write_content_workbook(content_of(result, member), path)


def write_content_workbook(content: Content, path: Path) -> None:
    """Write a statement that is already put in words."""
    result = content.result
    rows, sums = statement_rows(content)
    sheets = (
        Sheet("Décompte", STATEMENT, rows, sums),
        Sheet("Explications", EXPLANATIONS, explanation_rows(content)),
        Sheet("Faits", FACTS, fact_rows(result, [content.statement], only=content.statement.member)),
        Sheet("Interprétations", INTERPRETATIONS, interpretation_rows(result)),
    )
    _write(result, sheets, path, f"Décompte {content.year}, {content.member.name}")


def _write(result: Result, sheets: Iterable[Sheet], path: Path, title: str) -> None:
    try:
        _write_book(result, sheets, path, title)
    except FileCreateError as error:  # holds what the system said
        raise error.args[0] from None


def _write_book(result: Result, sheets: Iterable[Sheet], path: Path, title: str) -> None:
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        header = result.book.header
        book.set_properties({
            "title": plain(title),
            "subject": plain(f"{header.title}, version {header.version}, {header.host}"),
            "comments": f"Convention SHA-256 {result.convention.fingerprint}",
            "created": datetime.combine(result.model.calendar.period(result.year).last, time()),
        })  # fmt: skip
        styles = {name: book.add_format({"num_format": code, "valign": "top"}) for name, code in FORMATS.items()}
        styles["long"] = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        sums = {
            name: book.add_format({"num_format": code, "valign": "top", "bold": True, "top": 2}) for name, code in FORMATS.items()
        }
        sums["long"] = sums["text"]
        head = book.add_format({"bold": True, "bottom": 2, "valign": "bottom", "text_wrap": True})
        for sheet in sheets:
            _sheet(book.add_worksheet(sheet.name), sheet, head, styles, sums)


def _sheet(page: Any, sheet: Sheet, head: Any, styles: dict[str, Any], sums: dict[str, Any]) -> None:
    """Write the header, then the rows; freeze and filter, but not the totals."""
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.title, head)
    first_total = len(sheet.rows) - sheet.totals
    for number, row in enumerate(sheet.rows):
        formats = sums if number == first_total and sheet.totals else styles
        lines = lines_of(sheet.columns, row)
        if lines > 1:  # LibreOffice does not fit a row to its text by itself
            page.set_row(number + 1, LINE * lines)
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _cell(page, number + 1, index, value, column.kind, formats)
    page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(sheet.columns) - 1)}{len(sheet.rows) + 1}"})
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(first_total, 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def lines_of(columns: Sequence[Column], row: Sequence[Any]) -> int:
    """Return how many lines the longest text of a row takes in its column."""
    texts = ((column.width, value) for column, value in zip(columns, row, strict=True) if isinstance(value, str))
    return max((-(-len(text) // max(int(width) * 115 // 100, 1)) for width, text in texts), default=1)


def _cell(page: Any, row: int, column: int, value: Any, kind: str, styles: dict[str, Any]) -> None:
    """Write a value in its own type: a text is never read as a formula, a number or a link."""
    if isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, time()), styles["date"])
    elif isinstance(value, int | Fraction) and not isinstance(value, bool):
        whole = kind == "number" and Fraction(value).denominator == 1
        if fits(Fraction(value)):
            page.write_number(row, column, Fraction(value), styles["whole" if whole else kind])
        else:
            page.write_string(row, column, decimal_text(Fraction(value)), styles["text"])
    elif value not in (None, ""):
        words = plain(str(value))
        page.write_string(row, column, words if len(words) < LONGEST_CELL else words[:LONGEST_CELL] + "…", styles["long"])


def fits(value: Fraction) -> bool:
    """Tell whether a spreadsheet keeps a number of cents whole; a number with no end is kept to its precision anyway."""
    scaled = value * 100
    return scaled.denominator != 1 or len(str(abs(scaled.numerator))) <= EXACT_DIGITS
