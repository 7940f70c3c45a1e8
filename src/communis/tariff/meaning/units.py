"""Units: what may be added, what must be multiplied, and how a figure is written in French."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

NBSP = "\u00a0"
Dimensions = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Dimensions with their exponents, and what one of it is worth in base units: a demi-journée is 1/2 of a jour."""

    dimensions: Dimensions = ()
    factor: Fraction = Fraction(1)

    def __mul__(self, other: Unit) -> Unit:
        return Unit(_merged(self.dimensions, other.dimensions, 1), self.factor * other.factor)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(_merged(self.dimensions, other.dimensions, -1), self.factor / other.factor)


def _merged(left: Dimensions, right: Dimensions, sign: int) -> Dimensions:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


PURE = Unit()
EURO = Unit((("€", 1),))
EURO_DIMENSIONS: Dimensions = EURO.dimensions


class UnitTable:
    """The units of one convention: those of everybody, and those it declares."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {"€": EURO, "%": Unit((), Fraction(1, 100)), "an": Unit((("mois", 1),), Fraction(12))}
        for name in ("jour", "mois", "heure", "hab", "ETP"):
            self.units[name] = Unit(((name, 1),))
        self.declared: set[str] = set()
        self._read: dict[str, Unit] = {}

    def declare(self, name: str, unit: Unit | None = None) -> None:
        """Add a unit, with its worth in another one or as a dimension of its own."""
        self.units[name] = unit or Unit(((name, 1),))
        self.declared.add(name)
        self._read.clear()

    def base(self, word: str) -> str | None:
        """Return the name of a unit written in the singular or the plural."""
        candidates = [word]
        if word.endswith(("s", "x")):
            candidates.append(word[:-1])
        if word.endswith("aux"):
            candidates.append(word[:-3] + "al")
        parts = word.split("-")
        if len(parts) > 1:
            candidates.append("-".join(p[:-1] if p.endswith("s") else p for p in parts))
        if word in ("euro", "euros"):
            candidates.append("€")
        if word.startswith("habitant"):
            candidates.append("hab")
        if word.startswith("année"):
            candidates.append("an")
        return next((c for c in candidates if c in self.units), None)

    def canonical(self, text: str) -> str:
        """Return a compound unit in its one writing: `€ par hab` is `€/hab`, `licences` is `licence`."""
        parts = text.replace(f"{NBSP}par{NBSP}", "/").replace(" par ", "/").split("/")
        return "/".join(self.base(part.strip()) or part.strip() for part in parts)

    def unit(self, text: str) -> Unit | None:
        """Return the unit of a text such as `€/licence/mois`, or None when a part of it is unknown."""
        if text in self._read:
            return self._read[text]
        result: Unit | None = None
        for part in self.canonical(text).split("/"):
            known = self.units.get(part)
            if known is None:
                return None
            result = known if result is None else result / known
        if result is not None:
            self._read[text] = result
        return result

    def unknown_part(self, text: str) -> str:
        """Return the first part of a unit that is not known."""
        return next((p for p in self.canonical(text).split("/") if p not in self.units), text)


def dimensions_text(dimensions: Dimensions) -> str:
    """Write dimensions as people do: `€/hab`, `jour`, « nombre sans unité » when there are none."""
    above = [n if p == 1 else f"{n}^{p}" for n, p in dimensions if p > 0]
    below = [n if p == -1 else f"{n}^{-p}" for n, p in dimensions if p < 0]
    if not above and not below:
        return "nombre sans unité"
    return "×".join(above or ["1"]) + "".join("/" + name for name in below)


def number_text(value: Fraction, decimals: int | None = None) -> str:
    """Write an exact number in French: groups of three, a comma, a trailing « … » only when it has no finite writing."""
    numerator, denominator = value.numerator, value.denominator  # whole numbers: Fraction would reduce at each step
    if denominator == 1 and not decimals:
        return f"-{grouped(-numerator)}" if numerator < 0 else grouped(numerator)
    endless = False
    if decimals is None:
        decimals, endless = _decimals_of(value)
    whole, rest = divmod(abs(numerator) * 10**decimals // denominator, 10**decimals)
    text = f"-{grouped(whole)}" if numerator < 0 else grouped(whole)
    if decimals:
        text += f",{rest:0{decimals}}"
    return f"{text}…" if endless else text


def grouped(whole: int) -> str:
    """Write a whole number in groups of three digits."""
    return f"{whole:,}".replace(",", NBSP)


def _decimals_of(value: Fraction) -> tuple[int, bool]:
    """Return how many decimals write a number exactly, at most six, and whether more would be needed."""
    for decimals in range(7):
        if not 10**decimals % value.denominator:
            return decimals, False
    return 6, True


def money_text(value: Fraction) -> str:
    """Write an amount of money: two decimals when it is in cents, more when it is not."""
    if not 100 % value.denominator:
        return f"{number_text(value, 2)}{NBSP}€"
    return f"{number_text(value)}{NBSP}€"


@lru_cache(maxsize=4096)
def quantity_text(value: Fraction, dimensions: Dimensions, unit: str | None = None, factor: Fraction = Fraction(1)) -> str:
    """Write a value of base units with a unit: `2 355 hab`, `1,50 €/hab`, `41,5 jours`."""
    if dimensions == EURO_DIMENSIONS and (unit in (None, "€")):
        return money_text(value)
    shown = value if factor == 1 else value / factor
    name = unit if unit is not None else ("" if not dimensions else dimensions_text(dimensions))
    if name in ("", "nombre"):
        return number_text(shown)
    text = number_text(shown, 2) if name.startswith("€") and not 100 % shown.denominator else number_text(shown)
    return f"{text}{NBSP}{plural(name, shown)}"


def plural(unit: str, count: Fraction) -> str:
    """Put a unit in the plural from 2 on, as French does; symbols and compounds stay."""
    if (
        abs(count.numerator) < 2 * count.denominator
        or unit in ("hab", "ETP", "Go", "mois", "%")
        or "/" in unit
        or (not unit.isidentifier() and "-" not in unit)
    ):
        return unit
    if unit.endswith(("s", "x", "z")) or unit != unit.lower():
        return unit
    return "-".join(part if part == "demi" else part + "s" for part in unit.split("-"))
