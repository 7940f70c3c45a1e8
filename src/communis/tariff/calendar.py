"""Days, months and exercises: plain functions of dates, the same for the interpreter, the plan and the terms."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1950, 2150
"""The exercises that are computed: what they read of other ones lies within the dates below."""
FIRST_DATED, LAST_DATED = 1900, 2199
"""The years in which a text, a table or a person may set a date."""


def eve(day: date) -> date:
    """Return the day before; the day after is `day + ONE_DAY`."""
    return day - ONE_DAY


class NotAnExercise(ValueError):
    """A year in which no exercise is computed; `str()` is the French sentence."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, first: date, last: date | None) -> bool:
        """Tell whether a period, open-ended when `last` is None, shares a day with this one."""
        return first <= self.last and (last is None or last >= self.first)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """The exercises of a convention, from the day and month at which each begins; named by the year they begin in."""

    day: int = 1
    month: int = 1

    @property
    def straddles(self) -> bool:
        """Tell whether an exercise lies over two civil years."""
        return (self.day, self.month) != (1, 1)

    def exercise(self, year: int) -> int:
        """Return an exercise that may be computed, named by the year it begins in; raises NotAnExercise for another."""
        if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
            raise NotAnExercise(f"« {str(year)[:20]} » n’est pas un exercice : on calcule de {FIRST_YEAR} à {LAST_YEAR}.")
        return year

    def period(self, year: int) -> Period:
        """Return the days of the exercise that begins in a year."""
        return Period(date(year, self.month, self.day), date(year + 1, self.month, self.day) - ONE_DAY)

    def year_of(self, day: date) -> int:
        """Return the name of the exercise a day belongs to."""
        return day.year if (day.month, day.day) >= (self.month, self.day) else day.year - 1

    def label(self, year: int) -> str:
        """Return an exercise as people write it: `2024`, or `2024-2025`."""
        return f"{year}-{year + 1}" if self.straddles else str(year)

    def ending_in(self, civil_year: int) -> int:
        """Return the name of the exercise that ends in a civil year (language.md 2.4)."""
        return civil_year - 1 if self.straddles else civil_year


def day_in_any_year(day: int, month_name: str) -> tuple[int, int] | None:
    """Return (day, month) of a day such as « 30 juin », or None when no year has it."""
    if month_name not in MONTHS:
        return None
    month = MONTHS.index(month_name) + 1
    return (day, month) if 1 <= day <= monthrange(2024, month)[1] else None


def on_day(year: int, month: int, day: int) -> date:
    """Return a day of a month, or its last day when the month is shorter (29 February outside leap years)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or earlier; the last day of the month when it is shorter (31/08 + 6 months)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return on_day(min(max(year, 1), 9998), month + 1, day.day)


def shifted(day: date, count: int, unit: str) -> date:
    """Return a date some days, months or years away; `unit` is jour, mois or an."""
    if unit == "jour":
        return day + timedelta(days=count)
    return months_later(day, count * 12 if unit == "an" else count)


def next_day_like(day: date, wanted_day: int, month: int) -> date:
    """Return the first such day strictly after a date (« 1er janvier suivant »; on that very day, the next year’s)."""
    here = on_day(day.year, month, wanted_day)
    return here if here > day else on_day(day.year + 1, month, wanted_day)


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return on_day(day.year, day.month, 31)


def full_years_between(first: date, last: date) -> int:
    """Count the anniversaries of a date up to another one, included."""
    years = last.year - first.year
    return years if months_later(first, 12 * years) <= last else years - 1


def full_months_between(first: date, last: date) -> int:
    """Count the monthly returns of a date up to another one, included."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if months_later(first, months) <= last else months - 1


def presence(held: Period, year: Period, rule: str) -> Fraction:
    """Return the part of an exercise during which something is held, by a prorata rule (AMB-02; primitive 21).

    `started_months` counts the months of the exercise in which at least a day is held, `whole_months` those held whole,
    `days` the days of the exercise (365 or 366), `days_360` months of thirty days; `none` charges the whole exercise.
    """
    first, last = max(held.first, year.first), min(held.last, year.last)
    if last < first:
        return Fraction(0)
    if rule == "none":
        return Fraction(1)
    if rule == "days":
        return Fraction((last - first).days + 1, year.days)
    months = _months(year)
    if rule == "started_months":
        return Fraction(sum(m.meets(first, last) for m in months), len(months))
    if rule == "whole_months":
        return Fraction(sum(first <= m.first and m.last <= last for m in months), len(months))
    if rule == "days_360":
        return Fraction(_days_360(first, last), 30 * len(months))
    raise ValueError(f"unknown prorata rule: {rule}")


def _months(year: Period) -> list[Period]:
    """Cut an exercise into its months."""
    starts = [year.first]
    while months_later(year.first, len(starts)) <= year.last:
        starts.append(months_later(year.first, len(starts)))
    return [Period(a, b) for a, b in zip(starts, [*(s - ONE_DAY for s in starts[1:]), year.last], strict=True)]


def _days_360(first: date, last: date) -> int:
    """Count days in months of thirty days, both ends included."""
    end = 30 if last == month_end(last) else min(last.day, 30)
    return (last.year - first.year) * 360 + (last.month - first.month) * 30 + end - min(first.day, 30) + 1


def french_date(day: date) -> str:
    """Write a date as `jj/mm/aaaa`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def long_date(day: date) -> str:
    """Write a date as « 1er janvier 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}\u00a0{MONTHS[day.month - 1]} {day.year}"
