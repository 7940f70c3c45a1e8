"""How figures, dates and sentences are written in French. Money is exact: a float is refused, rounding is to the nearest
cent, halves away from zero."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from django.utils import timezone

NBSP = "\u00a0"
MINUS = "\u2212"
_VOWEL = re.compile("[aeiouàâæéèêëîïôœùû]", re.IGNORECASE)
_ARTICLES = (("Les ", "des "), ("Le ", "du "))
_MASCULINE = re.compile(r"(?:Syndicat|Département|Centre|Conseil|Pays|Parc|Pôle|Sicoval|SI[A-Z]+|SM[A-Z]+|SDIS|CCAS|PETR)\b")
_FEMININE = re.compile(r"(?:Communauté|Commune|Ville|Métropole|Région|Régie|Mairie)\b(?! Métropole)")
Exact = Decimal | Fraction | int

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def capital(words: object) -> str:
    """Write words with a capital at their beginning, the rest as it is."""
    said = str(words)
    return said[:1].upper() + said[1:]


def euros(value: Exact, *, signed: bool = False) -> str:
    """Write « 1 234,50 € »; signed: « + 600,00 € », « − 9,00 € », and « 0,00 € » without a sign."""
    return number(value, 2, signed=signed) + NBSP + "€"


def percent(ratio: Exact, places: int = 1, *, signed: bool = False) -> str:
    """Write a ratio of one: 0.141 is « 14,1 % »."""
    _must_be_exact(ratio)
    return number(ratio * 100, places, signed=signed) + NBSP + "%"


def number(value: Exact, places: int = 0, *, signed: bool = False) -> str:
    """Write a number to so many decimals, thousands apart by a no-break space."""
    units = _scaled(value, places)
    digits = str(abs(units)).rjust(places + 1, "0")
    whole, decimals = (digits[:-places], digits[-places:]) if places else (digits, "")
    text = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", NBSP, whole) + ("," + decimals if places else "")
    if signed and units:
        return ("+" if units > 0 else MINUS) + NBSP + text
    return MINUS + text if units < 0 else text


def plain_number(value: Exact, most: int = 6) -> str:
    """Write a number with the decimals it has, two at least when it has any: 1,50 and 0,333333 but 3."""
    _must_be_exact(value)
    exact = Fraction(value)
    for places in (0, *range(2, most)):
        if (exact * 10**places).denominator == 1:
            return number(value, places)
    return number(value, most)


def shown(value: object) -> str:
    """Write a value as its type says: a date in words, a whole number as a count, a Decimal or a Fraction as euros."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, time):
        return hour(value)
    if isinstance(value, Decimal | Fraction):
        return euros(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    raise TypeError(f"Nothing says how to show {value!r}: pass a text, a date, an int, a Decimal or a Fraction.")


def _must_be_exact(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Decimal | Fraction | int):
        raise TypeError(f"An exact number is wanted (Decimal, Fraction or int), not {value!r}.")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"A finite number is wanted, not {value!r}.")


def _scaled(value: Exact, places: int) -> int:
    """Return a number in units of its last decimal, rounded half away from zero."""
    _must_be_exact(value)
    if isinstance(value, Decimal):
        with localcontext(prec=max(28, len(value.as_tuple().digits) + abs(value.adjusted()) + places + 2)):
            return int(value.scaleb(places).quantize(Decimal(1), ROUND_HALF_UP))
    exact: Fraction = Fraction(value) * 10**places
    units = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -units if exact < 0 else units


def counted(count: int, singular: str, plural: str = "") -> str:
    """Write « 1 commune », « 12 communes »: in French, the plural begins at two."""
    return number(count) + NBSP + agreed(count, singular, plural)


def agreed(count: Exact, singular: str, plural: str = "") -> str:
    """Return the form of a word that suits a count; by default each word of the plural takes an s."""
    _must_be_exact(count)
    if -2 < count < 2:
        return singular
    return plural or " ".join(word if word[-1:] in "sxz" else word + "s" for word in singular.split(" "))


def units(unit: str, count: Exact) -> str:
    """Return a unit as it follows a count: « 24 postes », but « 24 hab » and « 3 Go », for symbols never change."""
    is_word = len(unit) > 3 and unit.isalpha() and unit.islower()
    return agreed(count, unit) if is_word else unit


def _here(day: date) -> date:
    """Return the day of a moment that has a zone, in the time of the place; a day is what it is."""
    return timezone.localtime(day).date() if isinstance(day, datetime) and timezone.is_aware(day) else day


def long_date(day: date) -> str:
    """Write « 1er janvier 2026 », of a day or of the moment in it."""
    day = _here(day)
    return f"{_ordinal(day.day)}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def weekday(day: date) -> str:
    """Write « vendredi 1er mai », the year being said elsewhere."""
    return f"{WEEKDAYS[day.weekday()]} {_ordinal(day.day)}{NBSP}{MONTHS[day.month - 1]}"


def medium_date(day: date) -> str:
    """Write « 1er févr. 2026 », for tables."""
    day = _here(day)
    return f"{_ordinal(day.day)}{NBSP}{SHORT_MONTHS[day.month - 1]}{NBSP}{day.year}"


def short_date(day: date) -> str:
    """Write « 01/01/2026 »."""
    day = _here(day)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def period(first: date, last: date | None) -> str:
    """Write a period by its first and last days: « du 1er janvier au 31 mars 2025 », « depuis le… », « le… ».

    One without end that has not begun yet is « à compter du… ».
    """
    if last is None:
        return f"depuis le {long_date(first)}" if first <= timezone.localdate() else f"à compter du {long_date(first)}"
    if first == last:
        return f"le {long_date(first)}"
    start = long_date(first)
    if first.year == last.year:
        start = start.rpartition(NBSP)[0]
    if (first.year, first.month) == (last.year, last.month):
        start = start.rpartition(NBSP)[0]
    return f"du {start} au {long_date(last)}"


def hour(at: time) -> str:
    """Write « 14 h 06 »."""
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02}"


def moment(at: datetime) -> str:
    """Write « 14 janvier 2026 à 17 h 42 », in the time of the place when the moment has a zone."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{long_date(local.date())} à {hour(local.time())}"


def _ordinal(day: int) -> str:
    return "1er" if day == 1 else str(day)


_BEFORE = re.compile(r"[ \u202f\u2009](?=[:;?!»€%])")
_AFTER = re.compile(r"(?<=[«×])[ \u202f\u2009]")
_THOUSANDS = re.compile(r"(?<=[0-9])[ \u202f](?=[0-9]{3}(?![0-9]))")
_NUMBERED = re.compile(r"\b(n°|[Aa]rt\.|[Aa]rticle|[Aa]nnexe|M\.|Mme) (?=\S)")
_DATE = re.compile(rf"(?<![0-9])([0-9]{{1,2}}|1er) (?=(?:{'|'.join((*MONTHS, *map(re.escape, SHORT_MONTHS)))})(?![a-z]))")
_HOUR = re.compile(r"(?<=[0-9]) h(?: (?=[0-9]{2}))?(?![a-zé])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def of(name: object) -> str:
    """Write « de Redon », « d’Allaire », « du Rheu », « des Fougerêts », « du SIDEC », « de la Communauté… »."""
    words = str(name)
    for article, merged in _ARTICLES:
        if words.startswith(article):
            return merged + words.removeprefix(article)
    if _MASCULINE.match(words):
        return f"du {words}"
    if _FEMININE.match(words):
        return f"de la {words}"
    return f"d’{words}" if _VOWEL.match(words) else f"de {words}"


def french(text: str) -> str:
    """Put the no-break spaces and the curled apostrophes of French in a sentence; spaces are mended, never invented."""
    text = _THOUSANDS.sub(NBSP, _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text)))
    text = _HOUR.sub(lambda found: found[0].replace(" ", NBSP), _DATE.sub(lambda found: found[1] + NBSP, text))
    return _APOSTROPHE.sub("’", _NUMBERED.sub(lambda found: found[1] + NBSP, text))
