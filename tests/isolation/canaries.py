"""Values that tell whose they are wherever they come out: written plainly, accented, encoded, in French, packed in a workbook."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

from django.db import models

from communis.directory.identifiers import CodeField, is_luhn

# « Žq0001fqZ »: a letter with an accent, so that what is stripped of it is known as well; in every way of writing that letter.
_Z = r"(?:[zž]|z\u030c|%c5%b[de]|%25c5%25b[de]|&#38[12];|&#x17[de];|\\u017[de]|=c5=b[de]|\xc5\xbe)"
_WORD = re.compile(_Z + r"q([0-9a-f]{5})qz", re.IGNORECASE)
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:[\s\u00a0\u202f\u2009.'’_]|%C2%A0|\\u00a0|\\u202f)(?=\d)", re.IGNORECASE)
_DIGITS = re.compile(r"\d{5,}")
_MONTHS = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
_ISO = re.compile(r"\b((?:19|21)\d\d)-?(\d\d)-?(\d\d)")
_SLASHED = re.compile(r"\b(\d{1,2})(?:/|%2F)(\d{1,2})(?:/|%2F)((?:19|21)\d\d)", re.IGNORECASE)
_SPELLED = re.compile(
    rf"\b(\d{{1,2}})(?:er|<sup>er</sup>)?[\s\u00a0]({'|'.join(_MONTHS)})[a-zé.]*[\s\u00a0]((?:19|21)\d\d)", re.IGNORECASE
)
_DAY_ZERO = date(1899, 12, 30)  # of a workbook
_PAST, _FUTURE = date(1903, 1, 1), date(2103, 1, 1)
_FUTURE_NAMES = re.compile(r"(^|_)(ends|until|expires)|^on$")
SMALLEST_TEXT = 10
PLAIN_NAMES = ("code", "email", "address")  # what must be written without an accent


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose a value is: the pools it belongs to, the organization (or the account) in them, the table and the column."""

    pools: tuple[int, ...]
    owner: str
    model: str
    field: str

    def __str__(self) -> str:
        return f"{self.model}.{self.field} of {self.owner} in pool {'/'.join(map(str, self.pools))}"


def can_carry(column: models.Field) -> bool:
    """Tell whether a column has room for a value that names its owner; a closed list, a yes or no, an hour have not."""
    if column.is_relation or column.primary_key or column.choices or isinstance(column, CodeField):
        return False
    if isinstance(column, models.DecimalField):
        return column.max_digits - column.decimal_places >= 7
    if isinstance(column, models.PositiveSmallIntegerField | models.BooleanField | models.TimeField):
        return False
    if isinstance(column, models.CharField):
        return column.max_length is None or column.max_length >= SMALLEST_TEXT
    known = models.TextField | models.DateField | models.IntegerField | models.JSONField | models.FileField
    return isinstance(column, known)


@dataclass
class Aviary:
    """The canaries set free, by what they look like once all disguise is taken off."""

    words: dict[str, Mark] = field(default_factory=dict)
    digits: dict[str, Mark] = field(default_factory=dict)
    days: dict[date, Mark] = field(default_factory=dict)

    def value(self, column: models.Field, mark: Mark) -> Any:
        """Return a new value for a column, which names its owner."""
        if isinstance(column, models.DateTimeField):
            return datetime.combine(self.day(column.name, mark), time(11), UTC)
        if isinstance(column, models.DateField):
            return self.day(column.name, mark)
        if isinstance(column, models.DecimalField):
            return self.number(mark) + Decimal("0.77")
        if isinstance(column, models.IntegerField):
            return self.number(mark)
        if isinstance(column, models.JSONField):
            return {"canari": self.word(mark)}
        if isinstance(column, models.EmailField):
            return f"{self.word(mark, accented=False)}@exemple.fr"
        return self.word(mark, accented=column.name not in PLAIN_NAMES and (column.max_length or 99) > SMALLEST_TEXT)

    def word(self, mark: Mark, *, accented: bool = True) -> str:
        serial = f"{len(self.words) + 1:05x}"
        self.words[serial] = mark
        return f"Žq{serial}qZ" if accented else f"zq{serial}qz"

    def number(self, mark: Mark) -> int:
        """Return seven digits, « 77 12345 » or so, written as such nowhere else."""
        found = 7_700_000 + 17 * (len(self.digits) + 1)
        self.digits[str(found)] = mark
        return found

    def day(self, name: str, mark: Mark) -> date:
        """Return a day of the last century or of the next, as what is told of it must be past or to come."""
        found = (_FUTURE if _FUTURE_NAMES.search(name) else _PAST) + timedelta(days=3 * len(self.days))
        self.days[found] = mark
        return found

    def siren(self, mark: Mark) -> str:
        base = 77_000_000 + 13 * len(self.digits)
        found = next(f"{base}{key}" for key in range(10) if is_luhn(f"{base}{key}"))
        self.digits[found] = mark
        return found

    def code(self, digits: str, mark: Mark) -> str:
        """Make known digits that name somebody: a SIRET, a code Insee."""
        self.digits[digits] = mark
        return digits

    def found_in(self, content: bytes | str) -> set[Mark]:
        """Return the canaries of an answer, whatever they are wrapped in."""
        found: set[Mark] = set()
        for text in layers(content):
            found |= self.seen(text)
        return found

    def seen(self, text: str) -> set[Mark]:
        known = {self.words.get(serial.casefold()) for serial in _WORD.findall(text)}
        known |= {self.days.get(day) for day in days_of(text)}
        if self.digits and any(map(str.isdigit, text)):
            runs = set(_DIGITS.findall(text)) | set(_DIGITS.findall(_BETWEEN_DIGITS.sub("", text)))
            known |= {self.digits.get(run) for run in runs}
        return {mark for mark in known if mark is not None}


def days_of(text: str) -> Iterator[date]:
    """Yield the days written in a text, of the last century and of the next."""
    spelled = ((y, _MONTHS.index(m.casefold()) + 1, d) for d, m, y in _SPELLED.findall(text))
    for year, month, day in (*_ISO.findall(text), *((y, m, d) for d, m, y in _SLASHED.findall(text)), *spelled):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue


def layers(content: bytes | str) -> Iterator[str]:
    """Yield what an answer says, as it is and unwrapped: a workbook part by part, a document inflated, what base64 hides."""
    if isinstance(content, bytes):
        if content.startswith(b"PK"):
            yield from workbook_text(content)
            return
        if content.startswith(b"%PDF"):
            yield from document_text(content)
        content = content.decode("utf-8", "replace")
    yield content
    if "&" in content:
        yield unescape(content)
    hidden = unpacked(_PACKED.findall(content))
    if hidden:
        yield hidden


def workbook_text(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
    formats = re.findall(r'<numFmt numFmtId="(\d+)" formatCode="[^"]*y', parts.get("xl/styles.xml", ""))
    looks = re.findall(r'<xf numFmtId="(\d+)"', parts.get("xl/styles.xml", "").partition("<cellXfs")[2])
    dated = {str(rank) for rank, number in enumerate(looks) if number in formats or number in ("14", "22")}
    for text in parts.values():
        yield unescape(text)
        cells = re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"><v>(\d{3,6})', text)  # a day is a number there, and looks like a day
        yield " ".join((_DAY_ZERO + timedelta(days=int(n))).isoformat() for look, n in cells if look in dated)


def document_text(content: bytes) -> Iterator[str]:
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompress(packed).decode("latin-1")
        except zlib.error:
            continue


def unpacked(runs: Iterable[str]) -> str:
    """Return what base64 hides in some runs of letters, wherever the packing began."""
    found = []
    for run in runs:
        bare = run.rstrip("=").replace("-", "+").replace("_", "/")
        for shift in range(4):
            part = bare[shift:] if len(bare[shift:]) % 4 != 1 else bare[shift:-1]
            try:
                found.append(base64.b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "ignore"))
            except (binascii.Error, ValueError):
                continue
    return "\n".join(found)
