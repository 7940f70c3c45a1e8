"""Whether a change of the rules needs an avenant: all of what is agreed does, save a price revised as the convention allows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from communis.tariff.calendar import MONTHS
from communis.tariff.language import rules as r
from communis.tariff.language.syntax import Day, Year

AGREED = frozenset(
    ["adhésion", "fait", "registre", "offre", "paramètre", "barème", "clé", "grandeur", "ligne", "crédit", "plafond", "plancher",
     "encadrement", "enveloppe", "refus"]
)  # fmt: skip
"""The blocks that say what the parties agreed: the others quote, read, show or test it."""
_NAMED = ("title", "whole", "version", "first", "last", "legal_grounds", "source", "place", "rests_on")
"""What the `convention` block says that moves no amount."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """Whether a change needs an avenant, and why when the convention speaks of it."""

    needed: bool
    why: str = ""


NEEDED = Amendment(True)


def amendment_of(name: str, old: r.Rulebook, new: r.Rulebook) -> Amendment | None:
    """Tell whether the change of a block, named by its first words, needs an avenant; None where nothing agreed changes."""
    kind, _, rule = name.partition(" ")
    if kind == "convention":
        return None if _agreed(old.header) == _agreed(new.header) else NEEDED
    if kind not in AGREED:
        return None
    before = old.parameters.get(rule) if kind == "paramètre" else None
    if before is None or not before.without_amendment:
        return NEEDED
    return _revision(before, new.parameters.get(rule))


def _agreed(header: r.Header) -> dict[str, Any]:
    return {field.name: getattr(header, field.name) for field in fields(header) if field.name not in _NAMED}


def _revision(before: r.Parameter, after: r.Parameter | None) -> Amendment:
    """Tell whether a price « sans avenant » changes as it may: later prices with their acts are added, nothing else moves."""
    if after is None:
        return Amendment(True, "seul un nouveau prix se passe d’avenant, pas son retrait")
    kept, added = _prices(before), _prices(after)
    if _clauses(before) != _clauses(after):
        return Amendment(True, "seul un nouveau prix se passe d’avenant, pas un changement de ses clauses")
    if added[: len(kept)] != kept:
        return Amendment(True, "un prix déjà fixé change : seul un nouveau prix se passe d’avenant")
    last = max((price.first for price in before.values if price.first is not None), default=None)
    later = after.values[len(kept) :]
    if any(price.first is None or (last is not None and price.first <= last) for price in later):
        return Amendment(True, "le nouveau prix ne suit pas les autres : seul un prix à venir se passe d’avenant")
    if any(not price.act for price in later):
        return Amendment(True, "le nouveau prix ne cite pas l’acte qui le fixe")
    return Amendment(False, _words(before))


def _prices(rule: r.Parameter) -> list[tuple[Any, ...]]:
    """Return the prices in their order, each without the place where it is written."""
    return [(p.value.value, p.value.unit, p.first, p.last, p.act) for p in rule.values]


def _clauses(rule: r.Parameter) -> dict[str, Any]:
    """Return what a parameter says beside its prices; a price awaited that comes is no other clause."""
    bare = replace(rule, values=[], to_supply=None)
    return {field.name: getattr(bare, field.name) for field in fields(bare) if field.name not in ("place", "label", "whole")}


def _words(rule: r.Parameter) -> str:
    """Say until when a price may be revised, as the convention does."""
    if rule.revisable is None:
        return "prix révisable sans avenant"
    day, year = rule.revisable
    return f"prix révisable sans avenant, au plus tard le {_day(day)} de {_year(year)}"


def _day(day: Day) -> str:
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"


def _year(year: Year) -> str:
    if year.offset is None:
        return str(year.year)
    return f"N{year.offset:+d}" if year.offset else "N"
