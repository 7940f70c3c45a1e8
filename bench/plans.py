"""The plans of queries: which read the whole of a large table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from communis.foundation.embedded import SUPERUSER, Cluster

LARGE = 100_000  # rows
_COUNTED = """
    SELECT c.relname, c.reltuples FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.reltuples DESC
"""


def tables_of(place: Cluster) -> dict[str, float]:
    """Return the tables and how many rows each is known to hold, the large ones only."""
    with psycopg.connect(**place.parameters(SUPERUSER)) as connection:
        return {name: rows for name, rows in connection.execute(_COUNTED) if rows >= LARGE}


def within(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from within(part)


def scans_of(plan: Mapping[str, Any], large: Mapping[str, float]) -> Iterator[str]:
    """Yield the large tables that a plan reads row after row, whatever the number wanted."""
    for step in within(plan):
        if step["Node Type"] in ("Seq Scan", "Parallel Seq Scan") and step.get("Relation Name") in large:
            yield step["Relation Name"]
