"""The columns of a list to import, and how their cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from communis.kit.formats import plain_number, short_date
from communis.kit.plain import plain
from communis.kit.reading import Misread, read_date, read_number

Reader = Callable[[str], Any]
_BLANKS = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_SERIAL = re.compile(r"[0-9]{5}")
_HOUR = re.compile(r"([0-9]{1,2})\s?[:hH](?:\s?([0-9]{2}))?(?::00)?")
_FIRST_SERIAL_DAY = date(1899, 12, 30)  # the day 0 of spreadsheets
_YES, _NO = {"oui", "o", "vrai", "x", "1", "yes", "true"}, {"non", "n", "faux", "0", "no", "false"}


class Wrong(ValueError):
    """A value that cannot be imported: why, and what to do about it. `column` names the column when another is at fault."""

    def __init__(self, reason: str, remedy: str = "", column: str = "") -> None:
        super().__init__(reason)
        self.reason, self.remedy, self.column = reason, remedy, column


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list: the name of its value in code, its title in files, and how a cell is read.

    A required one must be in the file and filled on every line. In another, an empty cell changes nothing.
    """

    name: str
    label: str
    read: Reader
    required: bool = False
    synonyms: Sequence[str] = ()
    example: str = ""
    help: str = ""
    several_lines: bool = False

    def titles(self) -> frozenset[str]:
        """Return the titles under which the column is known, accents and case aside."""
        return frozenset(plain(title) for title in (self.label, self.name, *self.synonyms))


def words(most: int = 200, check: Callable[[str], Any] | None = None) -> Reader:
    """Read words, their spaces made single; `check` raises Django’s ValidationError."""

    def read(text: str) -> str:
        found = "\n".join(_BLANKS.sub(" ", line).strip() for line in text.splitlines()).strip()
        if len(found) > most:
            raise Wrong(f"C’est trop long : {len(found)} caractères.", f"Écrivez-en au plus {most}.")
        if check is not None:
            check(found)
        return found

    return read


def number(*, places: int = 2, digits: int = 12, unit: str = "€", least: Decimal | int | None = None) -> Reader:
    """Read an exact number, in either notation."""

    def read(text: str) -> Decimal:
        try:
            found = read_number(text, digits=digits, places=places, unit=unit)
        except Misread as problem:
            raise Wrong("Ce nombre ne se lit pas.", str(problem)) from None
        if least is not None and found < least:
            raise Wrong(f"C’est moins que {plain_number(least)}.", f"Écrivez au moins {plain_number(least)}.")
        return found

    return read


def count(*, least: int = 0, digits: int = 9) -> Reader:
    """Read a whole number."""
    exact = number(places=0, digits=digits, unit="", least=least)
    return lambda text: int(exact(text))


def day(text: str) -> date:
    """Read a day: jj/mm/aaaa, ISO or in words."""
    try:
        return read_date(text.removesuffix(" 00:00:00"))
    except Misread as problem:
        raise Wrong("Cette date ne se lit pas.", str(problem)) from None


def hour(text: str) -> time:
    """Read an hour of the day: 9:00, 9 h 30, 9h."""
    found = _HOUR.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise Wrong("Cette heure ne se lit pas.", "Écrivez-la ainsi : 09:00.") from None


def day_of_number(text: str) -> str:
    """Return the day that a workbook keeps as a bare number (46053), or the text itself."""
    return (_FIRST_SERIAL_DAY + timedelta(days=int(text))).isoformat() if _SERIAL.fullmatch(text) else text


def yes_no(text: str) -> bool:
    said = plain(text)
    if said not in _YES | _NO:
        raise Wrong("Ce n’est ni oui ni non.", "Écrivez oui ou non.")
    return said in _YES


def one_of(choices: Mapping[str, Any] | Sequence[tuple[Any, str]]) -> Reader:
    """Read one of a few values by its words, accents and case aside: choices of Django, or words and values."""
    pairs = choices.items() if isinstance(choices, Mapping) else [(label, value) for value, label in choices]
    known = {plain(label): value for label, value in pairs}
    labels = ", ".join(label for label, _ in pairs)

    def read(text: str) -> Any:
        try:
            return known[plain(text)]
        except KeyError:
            raise Wrong("Cette valeur n’est pas dans la liste.", f"Écrivez l’une de celles-ci : {labels}.") from None

    return read


@lru_cache(maxsize=20_000)
def number_shown(figures: str) -> str:
    return plain_number(Decimal(figures))


def shown(value: Any) -> str:
    """Write a value as it is shown before and after."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, Decimal | int):
        return number_shown(str(value))
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)
