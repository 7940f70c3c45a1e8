"""The public holidays of France, those that a département has of its own included (ORG-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from communis.directory.identifiers import check_department

ALSACE, MOSELLE = "6AE", "57"  # how the library names the départements of the local law
_NAMED = {"67": ALSACE, "68": ALSACE, "57": MOSELLE}
_OVERSEAS = frozenset(("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"))


@dataclass(frozen=True, slots=True)
class Holiday:
    on: date
    name: str


@lru_cache(maxsize=64)
def public_holidays(year: int, department: str) -> tuple[Holiday, ...]:
    """Return the public holidays of a year where a département is: two more in Alsace and Moselle, others overseas."""
    if department:
        check_department(department)
    place = _NAMED.get(department) or (department if department in _OVERSEAS else None)
    known = holidays.country_holidays("FR", years=year, subdiv=place, language="fr")
    return tuple(Holiday(day, name.replace("'", "’")) for day, name in sorted(known.items()))
