"""Which requests are tried: all of them, or some taken at random, each route and each reader being there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from isolation.crawling import Case
from isolation.routes import Aim
from isolation.world import READERS

EVERYBODY = (*READERS, "nobody")


def everything(aims: dict[str, list[Aim]], methods: Sequence[str]) -> Iterator[Case]:
    """Yield every request: each method, each reader, each address."""
    return (Case(reader, method, aim) for found in aims.values() for aim in found for reader in EVERYBODY for method in methods)


def one_of_each(aims: dict[str, list[Aim]]) -> dict[str, list[Aim]]:
    """Keep one address of each sort: a route, a table, a pool, an owner, there or not."""
    kept: dict[str, list[Aim]] = {}
    for name, found in aims.items():
        sorts = {}
        for aim in found:
            place = aim.place
            sort = (
                (place.model, place.pool, place.owner, aim.there, aim.field, place.pk if place.owner == "no one" else "")
                if place
                else aim.path
            )
            sorts.setdefault(sort, aim)
        kept[name] = list(sorts.values())
    return kept


def matrix(aims: dict[str, list[Aim]]) -> Iterator[Case]:
    """Yield the exhaustive matrix: everybody reads and posts every sort of address; the other methods, which views do not tell
    apart from these, on one in a dozen."""
    kept = one_of_each(aims)
    yield from everything(kept, ("GET", "POST"))
    yield from (
        case for rank, case in enumerate(everything(kept, ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"))) if rank % 12 == 0
    )


def sample(aims: dict[str, list[Aim]], methods: Sequence[str], count: int, seed: int) -> list[Case]:
    """Return each route once by a reader who changes, each reader being there, and some of all the others."""
    chance = random.Random(seed)
    each = [
        Case(EVERYBODY[(rank + turn) % len(EVERYBODY)], method, chance.choice(found))
        for rank, found in enumerate(aims.values()) for turn in (0, 4) for method in methods
    ]  # fmt: skip
    return each + chance.sample(list(everything(aims, methods)), count)
