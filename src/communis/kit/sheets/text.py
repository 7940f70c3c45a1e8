"""CSV as it is met: any of four separators, the encodings of French spreadsheets, quotes, every end of line."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Self

from communis.kit.sheets.book import Fault, Limits, Row, Unreadable, column_letters
from communis.kit.sheets.writing import begins_like_a_formula

SEPARATORS = {";": "points-virgules", "\t": "tabulations", ",": "virgules", "|": "barres verticales"}
_BOMS = {b"\xef\xbb\xbf": ("utf-8", "UTF-8"), b"\xff\xfe": ("utf-16-le", "UTF-16"), b"\xfe\xff": ("utf-16-be", "UTF-16")}
_TWO_BYTES = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2\x80[\x80-\xbf]")  # accents and quotes as UTF-8 writes them
_TOLD_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE = 65_536  # characters looked at to find the separator
_SAMPLE_ROWS = 50
_CHUNK = 1024 * 1024
_SHOWN = 80  # characters told of a cell at fault
_BINARY_SHARE = 100  # one NUL in so many characters, or one among the titles: this is no text


def reading(source: bytes | Path) -> IO[bytes]:
    """Open what was sent, in memory or on disk, to be read from its beginning."""
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


class TextBook:
    """A CSV file, read as it goes."""

    sheets: tuple[str, ...] = ("",)
    keeps_days_as_numbers = False

    def __init__(self, source: bytes | Path, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self.encoding = encoding_of(source)
        with self.text() as lines:
            sample = lines.read(_SAMPLE)
        titles = sample.lstrip("\r\n").partition("\n")[0]
        if "\0" in titles or self.encoding.nuls * _BINARY_SHARE > self.encoding.size:
            raise Unreadable("Ce fichier n’est pas du texte. Envoyez un tableau au format CSV ou XLSX.")
        said = _TOLD_SEPARATOR.match(sample)
        self.skipped = 1 if said else 0
        self.separator = said[1] if said and said[1] in SEPARATORS else separator_of(sample)
        self.told = f"texte {self.encoding.name}, colonnes séparées par des {SEPARATORS[self.separator]}"

    def text(self) -> IO[str]:
        """Open the text from its beginning, the mark of its encoding left aside, each line with its end."""
        stream = reading(self.source)
        stream.seek(self.encoding.mark)
        return io.TextIOWrapper(stream, self.encoding.codec, "replace", newline="")

    def length(self, sheet: str = "") -> int:
        return self.encoding.lines

    def rows(self, sheet: str = "", *, with_faults: bool = False) -> Iterator[Row]:
        """Yield the rows that hold something; a fault of quotes or an excess is told by its line and column."""
        if sheet:
            raise Unreadable("Un fichier CSV n’a pas de feuilles.")
        found = 0
        with self.text() as text:
            lines = Lines(text)
            for _ in range(self.skipped):
                next(lines, None)
            while True:
                try:
                    row = self.next_row(lines)
                except StopIteration:
                    return
                if row.fault is None and row.is_empty:
                    continue
                found += 1
                check_count(found, self.limits)
                yield checked(row, self.limits, with_faults)

    def next_row(self, lines: Lines) -> Row:
        """Return the next row; one whose quotes are wrong is its first line alone, and reading goes on after it."""
        lines.held.clear()
        line = lines.count + 1
        try:
            cells = next(csv.reader(lines, delimiter=self.separator, strict=True))
        except csv.Error:
            record = "".join(lines.held)
            lines.give_back()
            return Row(line, (), fault_of(record, self.separator))
        return Row(line, tuple(map(cleaned, cells)))


class Lines:
    """The lines of a text, counted; those read since the last row began are held, and can be given back save the first."""

    def __init__(self, text: IO[str]) -> None:
        self.text, self.count = text, 0
        self.held: list[str] = []
        self.returned: deque[str] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self.returned.popleft() if self.returned else next(self.text)
        self.count += 1
        self.held.append(line)
        return line

    def give_back(self) -> None:
        self.returned.extendleft(reversed(self.held[1:]))
        self.count -= len(self.held) - 1


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a text is written: its codec, its name for people, the bytes of its mark, and what was counted in it."""

    codec: str
    name: str
    mark: int
    size: int
    nuls: int
    lines: int


def encoding_of(source: bytes | Path) -> Encoding:
    """Find the encoding of a text, read once. What it cannot decode becomes U+FFFD, so that each place is told."""
    with reading(source) as stream:
        start = stream.read(1024)
        codec, name, mark = "", "", 0
        for bytes_, (marked, called) in _BOMS.items():
            if start.startswith(bytes_):
                codec, name, mark = marked, called, len(bytes_)
        if not codec and len(start) >= 4 and start[1::2].count(0) > len(start) * 0.4 and 0 not in start[0::2]:
            codec, name = "utf-16-le", "UTF-16"
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        whole, accents, size, nuls, lines = True, False, 0, 0, 0
        while piece := stream.read(_CHUNK):
            size, nuls, lines = size + len(piece), nuls + piece.count(0), lines + (piece.count(b"\n") or piece.count(b"\r"))
            if codec:
                continue
            accents = accents or _TWO_BYTES.search(piece) is not None
            if whole:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    whole = False
        if whole and not codec:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                whole = False
    if codec.startswith("utf-16"):
        nuls = 0  # half of a text so written is such bytes; those among the titles are still seen
    elif not codec:
        # UTF-8, if only with a byte spoilt here and there
        codec, name = ("utf-8", "UTF-8") if whole or accents else ("cp1252", "Windows-1252")
    return Encoding(codec, name, mark, size, nuls, lines)


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


def fault_of(record: str, separator: str) -> Fault:
    """Return the cell whose quotes are wrong, and what is wrong with them."""
    ends = (separator, "\r", "\n")
    rank, at, start = 1, 0, 0
    while at < len(record):
        start = at
        if record[at] == '"':
            end = closing_quote(record, at + 1)
            if end < 0 and len(record) - at <= csv.field_size_limit():
                return Fault(
                    rank, record[start : start + _SHOWN], "un guillemet ouvert n’est jamais refermé. Fermez-le, ou retirez-le."
                )
            at = end + 1 if end >= 0 else len(record)
            if at - start <= csv.field_size_limit() and at < len(record) and record[at] not in ends:
                why = "du texte suit un guillemet fermé. Doublez les guillemets qui sont dans le texte."
                return Fault(rank, record[start : start + _SHOWN], why)
        else:
            at = next((place for place in range(at, len(record)) if record[place] in ends), len(record))
        if at - start > csv.field_size_limit():
            why = "cette cellule est trop longue. Vérifiez qu’un guillemet n’y est pas resté ouvert."
            return Fault(rank, record[start : start + _SHOWN], why)
        if at >= len(record) or record[at] != separator:
            break
        rank, at = rank + 1, at + 1
    return Fault(rank, record[start : start + _SHOWN], "cette ligne ne se lit pas. Vérifiez ses guillemets.")


def closing_quote(text: str, start: int) -> int:
    """Return where the quote that closes a cell stands, doubled ones left aside; -1 when there is none."""
    at = text.find('"', start)
    while 0 <= at < len(text) - 1 and text[at + 1] == '"':
        at = text.find('"', at + 2)
    return at


def cleaned(cell: str) -> str:
    """Return a cell as it was meant: one form of accents, and without the apostrophe that our exports put before a trigger."""
    if cell[:1] == "'" and begins_like_a_formula(cell[1:]):
        cell = cell[1:]
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def check_count(count: int, limits: Limits) -> None:
    """Refuse a row too many."""
    if count > limits.rows + 1:  # the titles are one more
        raise Unreadable(f"Ce fichier a trop de lignes : au plus {limits.rows}. Coupez-le en plusieurs fichiers.")


def checked(row: Row, limits: Limits, with_faults: bool) -> Row:
    """Return a row that can be read; one that is ill written, or holds too much, refuses the file or tells its fault."""
    fault = row.fault or excess_of(row, limits)
    if fault is None:
        return row
    if not with_faults:
        place = f"Ligne {row.line}" + (f", colonne {column_letters(fault.rank)}" if fault.rank else "")
        raise Unreadable(f"{place} : {fault.why}")
    return Row(row.line, row.cells, fault)


def excess_of(row: Row, limits: Limits) -> Fault | None:
    if len(row.cells) > limits.columns:
        return Fault(0, "", f"{len(row.cells)} colonnes, au plus {limits.columns} sont lues. Ne gardez que celles à importer.")
    if max(map(len, row.cells), default=0) <= limits.cell:
        return None
    rank, cell = next((rank, cell) for rank, cell in enumerate(row.cells, 1) if len(cell) > limits.cell)
    why = (
        f"cette cellule a {len(cell)} caractères, c’est trop (au plus {limits.cell}). "
        "Vérifiez qu’un guillemet n’y est pas resté ouvert."
    )
    return Fault(rank, cell[:_SHOWN], why)
