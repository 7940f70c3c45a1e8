"""How a statement writes figures, dates and prose in French: no-break spaces, true minus signs, periods in words."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from communis.tariff.calendar import Period, french_date, long_date
from communis.tariff.interpreter.values import FICTITIOUS, FLAGS, PROVISIONAL, SIMULATED
from communis.tariff.meaning.tree import Type
from communis.tariff.meaning.units import EURO_DIMENSIONS, NBSP, money_text
from communis.tariff.wording import value_text

MINUS = "\u2212"
NOT_A_BILL = "simulation, pas une facture"
MARKS = {FICTITIOUS: FLAGS[FICTITIOUS], PROVISIONAL: FLAGS[PROVISIONAL], SIMULATED: NOT_A_BILL}
EURO_TYPE = Type("number", EURO_DIMENSIONS, unit="€")
_BEFORE = re.compile(r" (?=[:;?!»€%])")
_AFTER = re.compile(r"(?<=[«×]) ")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_SHORT_DATE = re.compile(r"\b(\d{2})/(\d{2})/(\d{4})\b")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """Return a text without control, direction or surrogate characters, which no name needs and some attacks use."""
    return _CONTROLS.sub("\ufffd", text)


def prose(text: str) -> str:
    """Put the no-break spaces of French typography in a sentence, and dates in words."""
    text = _THOUSANDS.sub(NBSP, _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text)))
    return _SHORT_DATE.sub(_in_words, text)


def _in_words(found: re.Match[str]) -> str:
    day, month, year = (int(part) for part in found.groups())
    try:
        return long_date(date(year, month, day))
    except ValueError:
        return found.group()


def money(value: Fraction) -> str:
    """Write an amount of money, with a true minus sign."""
    return money_text(value).replace("-", MINUS, 1)


def figure(value: Fraction, kind: Type) -> str:
    """Write an amount of a line in its unit."""
    return value_text(value, kind).replace("-", MINUS, 1) if value < 0 else value_text(value, kind)


def marks_of(flags: int) -> list[str]:
    """Say what a figure rests on, in the words that must show beside it."""
    return [words for flag, words in MARKS.items() if flags & flag]


def from_to(period: Period) -> str:
    """Write a period: « le 18 novembre 2024 », « du 1er janvier au 31 mars 2025 »."""
    if period.first == period.last:
        return f"le {long_date(period.first)}"
    first = long_date(period.first)
    if period.first.year == period.last.year:
        first = first.rpartition(" ")[0]
    return f"du {first} au {long_date(period.last)}"


def due_text(due: tuple[Period, ...]) -> str:
    """Write due dates, at most four of them."""
    words = [from_to(period) for period in due[:4]]
    more = len(due) - len(words)
    return ", ".join(words) + (f" et {more} autre{'s' if more > 1 else ''}" if more else "")


def short(day: date | None) -> str:
    return "" if day is None else french_date(day)


def sentence(text: str) -> str:
    """Return a text with a capital and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!…" else ".")
