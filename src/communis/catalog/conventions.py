"""The convention of a pool, read once a process; until agreements are kept here, the shipped file is the one in force."""

from __future__ import annotations

from functools import lru_cache

from communis.foundation.scope import current_pool
from communis.foundation.tenancy import Pool
from communis.tariff import Convention, read_convention
from communis.tariff.convention import shipped, shipped_names


@lru_cache(maxsize=16)
def opened(slug: str) -> Convention:
    """Return a shipped convention; its examples were checked when it was shipped."""
    return read_convention(shipped(slug), examples=False)


def convention_in_force() -> Convention | None:
    """Return the convention of the pool in scope, or None when it has none yet."""
    slug = Pool.objects.values_list("convention", flat=True).get(pk=current_pool())
    return opened(slug) if slug in shipped_names() else None
