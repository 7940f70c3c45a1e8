"""XLSX workbooks: their visible sheets, each cell as the text a person would have typed."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from communis.kit.sheets.book import Limits, Row, Unreadable
from communis.kit.sheets.package import DAMAGED, repacked
from communis.kit.sheets.text import check_count, checked


class Workbook:
    """An XLSX file. Hidden sheets are left aside: nobody means to import what nobody sees."""

    told = "classeur XLSX"
    keeps_days_as_numbers = True  # a day without a format is the number of days since 1900

    def __init__(self, content: bytes, limits: Limits) -> None:
        self.limits = limits
        packed = repacked(content, limits)
        try:
            self.book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        except BaseException as error:
            raise damaged(error) from None
        self.sheets = tuple(
            sheet.name
            for sheet in self.book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        )
        if not self.sheets:
            raise Unreadable("Ce classeur n’a aucune feuille visible. Affichez la feuille à importer, puis renvoyez-le.")

    def rows(self, sheet: str = "", *, with_faults: bool = False) -> Iterator[Row]:
        """Yield the rows that hold something."""
        found = 0
        for line, cells in enumerate(self.cells_of(self.named(sheet)), 1):
            row = Row(line, cells)
            if row.is_empty:
                continue
            found += 1
            check_count(found, self.limits)
            yield checked(row, self.limits, with_faults)

    def length(self, sheet: str = "") -> int:
        try:
            return self.book.get_sheet_by_name(self.named(sheet)).total_height
        except Unreadable:
            raise
        except BaseException as error:
            raise damaged(error) from None

    def named(self, sheet: str) -> str:
        name = sheet or self.sheets[0]
        if name not in self.sheets:
            raise Unreadable(f"Ce classeur n’a pas de feuille « {name} ». Choisissez parmi : {', '.join(self.sheets)}.")
        return name

    def cells_of(self, name: str) -> Iterator[tuple[str, ...]]:
        """Yield the cells of each row from the first of the sheet, those left of the first filled column included."""
        try:
            found: CalamineSheet = self.book.get_sheet_by_name(name)
            before = ("",) * (found.start[1] if found.start else 0)
            for cells in found.iter_rows():
                yield before + tuple(map(text_of, cells))
        except Unreadable:
            raise
        except GeneratorExit:
            raise
        except BaseException as error:
            raise damaged(error) from None


def damaged(error: BaseException) -> BaseException:
    """Return what to raise for a fault of the reader: the file is damaged, unless somebody stops the program.

    The reader is written in Rust, whose panics are no `Exception`.
    """
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return Unreadable(DAMAGED)
    return error


def text_of(value: object) -> str:
    """Write a cell as text: figures without an exponent, days as ISO, yes and no in French."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(value)
