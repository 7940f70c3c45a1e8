"""How what people type is read: French or English decimal marks, dates in figures or words, hours. Bounded before it is read."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal

from communis.kit.formats import MONTHS, counted

LONGEST = 40  # characters of a typed number or date
_SPACES = " \u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"(?P<sign>[-+\u2212])?[{_SPACES}]*(?P<whole>[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+|[0-9]+)"
    rf"(?:[.,](?P<decimals>[0-9]+))?[{_SPACES}]*(?P<unit>€|%)?"
)
_FIGURES = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_IN_WORDS = re.compile(rf"([0-9]{{1,2}})(?:er)?[{_SPACES}]+(\w{{3,9}}\.?)[{_SPACES}]+([0-9]{{4}})")
_TIME = re.compile(rf"(?P<hour>[0-9]{{1,2}})(?:[{_SPACES}]*[hH:][{_SPACES}]*(?P<minute>[0-9]{{2}})|[{_SPACES}]*[hH])(?::00)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class Misread(ValueError):
    """What was typed cannot be read; the message says in French what to write."""


def read_number(text: str, *, digits: int = 12, places: int = 2, unit: str = "€") -> Decimal:
    """Read « 1 234,50 € » or `1234.5`: at most so many digits before the mark and so many decimals."""
    found = _NUMBER.fullmatch(text.strip(_SPACES)) if len(text) <= LONGEST else None
    if not found or (found["unit"] or unit) != unit:
        raise Misread(f"Écrivez un nombre, par exemple {_example(places, unit)}.")
    whole = re.sub(f"[{_SPACES}]", "", found["whole"])
    decimals = found["decimals"] or ""
    if len(whole.lstrip("0")) > digits:
        raise Misread(f"Ce nombre est trop grand : au plus {counted(digits, 'chiffre')} avant la virgule.")
    if len(decimals) > places:
        raise Misread(_too_precise(places))
    sign = "" if found["sign"] in (None, "+") else "-"
    return Decimal(f"{sign}{whole}.{decimals or '0'}").quantize(Decimal(1).scaleb(-places))


def _example(places: int, unit: str) -> str:
    return "1\u00a0234" + ("," + ("50"[:places] if places < 3 else "5") if places else "") + (f"\u00a0{unit}" if unit else "")


def _too_precise(places: int) -> str:
    if not places:
        return "Écrivez un nombre entier, sans virgule."
    return f"Au plus {counted(places, 'décimale')} après la virgule ; les milliers se séparent par une espace, pas par un point."


def read_date(text: str) -> date:
    """Read « 31/01/2026 », « 2026-01-31 » or « 31 janvier 2026 »."""
    typed = text.strip(_SPACES)
    if len(text) > LONGEST:
        raise Misread("Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026.")
    if found := _ISO.fullmatch(typed):
        year, month, day = map(int, found.groups())
    elif found := _FIGURES.fullmatch(typed):
        day, month, year = map(int, found.groups())
    elif (found := _IN_WORDS.fullmatch(typed)) and (month := _month(found[2])):
        day, year = int(found[1]), int(found[3])
    else:
        raise Misread("Écrivez une date sous la forme jj/mm/aaaa, par exemple 31/01/2026.")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Misread(f"L’année doit être comprise entre {_FIRST_YEAR} et {_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Misread(f"Cette date n’existe pas : {typed}.") from None


def read_time(text: str) -> time:
    """Read « 20:30 », « 20 h 30 », « 20h30 » or « 20 h »."""
    found = _TIME.fullmatch(text.strip(_SPACES)) if len(text) <= LONGEST else None
    if not found:
        raise Misread("Écrivez une heure, par exemple 20:30 ou 20 h 30.")
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise Misread(f"Cette heure n’existe pas : {text.strip(_SPACES)}.")
    return time(hour, minute)


def _month(word: str) -> int:
    """Return the number of a month by its name or its first letters, 0 when none or several begin so."""
    begun = [rank for rank, month in enumerate(MONTHS, 1) if month.startswith(word.lower().rstrip("."))]
    return begun[0] if len(begun) == 1 else 0
