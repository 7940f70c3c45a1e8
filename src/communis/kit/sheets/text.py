"""CSV as it is met: any of four separators, the encodings of French spreadsheets, quotes, every end of line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from communis.kit.sheets.book import Limits, Row, Unreadable, column_letters
from communis.kit.sheets.writing import TRIGGERS

SEPARATORS = {";": "points-virgules", "\t": "tabulations", ",": "virgules", "|": "barres verticales"}
_BOMS = {b"\xef\xbb\xbf": ("utf-8", "UTF-8"), b"\xff\xfe": ("utf-16-le", "UTF-16"), b"\xfe\xff": ("utf-16-be", "UTF-16")}
_TWO_BYTES = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")  # accents and quotes as UTF-8 writes them
_TOLD_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 65_536  # characters looked at to find the separator
_SAMPLE_ROWS = 50
_BINARY_SHARE = 100  # one NUL in so many characters, or one among the titles: this is no text


class TextBook:
    """A CSV file."""

    sheets = ("",)
    keeps_days_as_numbers = False

    def __init__(self, content: bytes, limits: Limits) -> None:
        text, encoding = decoded(content)
        titles = text.lstrip("\r\n").partition("\n")[0]
        if "\0" in titles or text.count("\0") * _BINARY_SHARE > len(text):
            raise Unreadable("Ce fichier n’est pas du texte. Envoyez un tableau au format CSV ou XLSX.")
        said = _TOLD_SEPARATOR.match(text)
        self.text, self.limits, self.skipped = text, limits, 1 if said else 0
        self.separator = said[1] if said and said[1] in SEPARATORS else separator_of(text)
        self.told = f"texte {encoding}, colonnes séparées par des {SEPARATORS[self.separator]}"

    def rows(self, sheet: str = "") -> Iterator[Row]:
        """Yield the rows that hold something; a fault of quotes or an excess is told by its line and column."""
        if sheet:
            raise Unreadable("Un fichier CSV n’a pas de feuilles.")
        lines = io.StringIO(self.text, newline="")
        for _ in range(self.skipped):
            next(lines, None)
        reader = csv.reader(lines, delimiter=self.separator, strict=True)
        found = 0
        while True:
            line = self.skipped + reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                raise Unreadable(self.fault_at(line)) from None
            if cells is None:
                return
            row = Row(line, tuple(map(cleaned, cells)))
            if row.is_empty:
                continue
            found += 1
            check_size(row, found, self.limits)
            yield row

    def fault_at(self, line: int) -> str:
        """Say what is wrong with the quotes of the row that begins at a line."""
        lines = io.StringIO(self.text, newline="")
        record = "".join(islice(lines, line - 1, None))
        rank, why = fault_of(record, self.separator)
        return f"Ligne {line}, colonne {column_letters(rank)} : {why}"


def decoded(content: bytes) -> tuple[str, str]:
    """Return a text and its encoding in words. What cannot be decoded becomes U+FFFD, so that each place is told."""
    for mark, (codec, name) in _BOMS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, "replace"), name
    start = content[:1024]
    if len(start) >= 4 and start[1::2].count(0) > len(start) * 0.4 and 0 not in start[0::2]:
        return content.decode("utf-16-le", "replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if _TWO_BYTES.search(content):  # UTF-8 with a byte spoilt here and there
            return content.decode("utf-8", "replace"), "UTF-8"
        return content.decode("cp1252", "replace"), "Windows-1252"


def separator_of(text: str) -> str:
    """Return the separator under which the rows have the most regular width of two columns or more; `;` when none has."""
    best, found = (0.0, 0), ";"
    for separator in SEPARATORS:
        reader = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=separator)
        try:
            widths = [len(cells) for cells in islice(reader, _SAMPLE_ROWS) if any(cells)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        width = widths[0] if widths[0] > 1 else max(wide, key=wide.count)
        score = (widths.count(width) / len(widths), width)
        if score > best:
            best, found = score, separator
    return found


def fault_of(record: str, separator: str) -> tuple[int, str]:
    """Return the rank of the cell whose quotes are wrong, and what is wrong with them."""
    plain_cell = re.compile(rf"[^{re.escape(separator)}\r\n]*")
    rank, at = 1, 0
    while at < len(record):
        start = at
        if record[at] == '"':
            end = closing_quote(record, at + 1)
            if end < 0:
                return rank, "un guillemet ouvert n’est jamais refermé. Fermez-le, ou retirez-le."
            at = end + 1
            if at < len(record) and record[at] not in (separator, "\r", "\n"):
                return rank, "du texte suit un guillemet fermé. Doublez les guillemets qui sont dans le texte."
        else:
            at = plain_cell.match(record, at).end()  # it matches anything, if only nothing
        if at - start > csv.field_size_limit():
            return rank, "cette cellule est trop longue. Vérifiez qu’un guillemet n’y est pas resté ouvert."
        if at >= len(record) or record[at] != separator:
            break
        rank, at = rank + 1, at + 1
    return rank, "cette ligne ne se lit pas. Vérifiez ses guillemets."


def closing_quote(text: str, start: int) -> int:
    """Return where the quote that closes a cell stands, doubled ones left aside; -1 when there is none."""
    at = text.find('"', start)
    while 0 <= at < len(text) - 1 and text[at + 1] == '"':
        at = text.find('"', at + 2)
    return at


def cleaned(cell: str) -> str:
    """Return a cell as it was meant: one form of accents, and without the apostrophe that our exports put before a trigger."""
    if cell[:1] == "'" and cell[1:2] in TRIGGERS and cell[1:2]:
        cell = cell[1:]
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def check_size(row: Row, count: int, limits: Limits) -> None:
    """Refuse a row too many, or one that is too wide or holds too much."""
    if count > limits.rows + 1:  # the titles are one more
        raise Unreadable(f"Ce fichier a trop de lignes : au plus {limits.rows}. Coupez-le en plusieurs fichiers.")
    if len(row.cells) > limits.columns:
        raise Unreadable(
            f"Ligne {row.line} : {len(row.cells)} colonnes, au plus {limits.columns} sont lues. Ne gardez que celles à importer."
        )
    for rank, cell in enumerate(row.cells, 1):
        if len(cell) > limits.cell:
            raise Unreadable(
                f"Ligne {row.line}, colonne {column_letters(rank)} : cette cellule a {len(cell)} caractères, "
                f"c’est trop (au plus {limits.cell}). Vérifiez qu’un guillemet n’y est pas resté ouvert."
            )
