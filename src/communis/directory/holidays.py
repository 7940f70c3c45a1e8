"""The public holidays of France, those that a département has of its own included (ORG-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from communis.directory.identifiers import check_department

_NAMED = {  # how the library names the places that have days of their own: the local law, then overseas
    "67": "6AE", "68": "6AE", "57": "57", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976",
    "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holiday:
    on: date
    name: str


@lru_cache(maxsize=64)
def public_holidays(year: int, department: str) -> tuple[Holiday, ...]:
    """Return the public holidays of a year where a département is: two more in Alsace and Moselle, others overseas."""
    if department:
        check_department(department)
    known = holidays.country_holidays("FR", years=year, subdiv=_NAMED.get(department), language="fr")
    return tuple(Holiday(day, name.replace("'", "’")) for day, name in sorted(known.items()))
