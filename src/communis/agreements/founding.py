"""The five acts of the founding documents: their counts, dates, numbers and bodies; the names of persons are invented (T-40)."""

from __future__ import annotations

import json
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

from communis.agreements.enums import Presence
from communis.agreements.models import Agreement, Resolution
from communis.agreements.operations.acts import Named, Said, record_act
from communis.directory.models import Organization

DATA = Path(__file__).parent / "data" / "acts.json"
DAYS = ("session_on", "convened_on", "posted_on", "published_on", "online_on", "sent_on", "received_on")


@cache
def founding_acts() -> dict[str, Any]:
    """Return what is known of each act, by the slug of its convention."""
    found: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return found


def load_act(slug: str, organization: Organization, agreement: Agreement | None = None) -> Resolution:
    """Record the founding act of a convention as that of an organization of the pool in scope."""
    told = founding_acts()[slug]
    values = dict(told["act"])
    values |= {name: date.fromisoformat(values[name]) for name in DAYS if name in values}
    if "session_at" in values:
        values["session_at"] = time.fromisoformat(values["session_at"])
    act = Resolution(organization=organization, agreement=agreement, **values)
    return record_act(act, names=names_of(told), opinions=opinions_of(told))


def names_of(told: dict[str, Any]) -> list[Named]:
    return [
        *(Named(name) for name in told["present"]),
        *(Named(name, Presence.PROXY, holder) for name, holder in told["proxies"]),
        *(Named(name, Presence.EXCUSED) for name in told["excused"]),
        *(Named(name, Presence.ABSENT) for name in told["absent"]),
    ]


def opinions_of(told: dict[str, Any]) -> list[Said]:
    return [Said(one["body"], date.fromisoformat(one["on"]), one["opinion"]) for one in told["opinions"]]
