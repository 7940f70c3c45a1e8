"""Files of rows, CSV and XLSX: nothing that is read is trusted, nothing that is written can run."""

from communis.kit.sheets.book import Book, Fault, Limits, Row, Unreadable, column_letters
from communis.kit.sheets.opening import opened
from communis.kit.sheets.writing import disarmed, write_csv, write_xlsx

__all__ = ["Book", "Fault", "Limits", "Row", "Unreadable", "column_letters", "disarmed", "opened", "write_csv", "write_xlsx"]
