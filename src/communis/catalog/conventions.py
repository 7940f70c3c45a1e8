"""The convention of a pool: the version that its council approved, else the shipped file; read once a process for each text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from communis.foundation.scope import current_pool
from communis.foundation.tenancy import Pool
from communis.tariff import Convention, read_convention, read_text
from communis.tariff.convention import shipped, shipped_names


@lru_cache(maxsize=16)
def opened(slug: str) -> Convention:
    """Return a shipped convention; its examples were checked when it was shipped."""
    return read_convention(shipped(slug), examples=False)


@lru_cache(maxsize=32)
def read_once(text: str) -> Convention:
    """Return a convention from its text; its examples were checked when the version was approved."""
    return read_text(text, examples=False)


def convention_in_force(day: date) -> Convention | None:
    """Return the convention that the pool in scope computes on for a day, or None when it has none yet.

    The text of the approved version is asked of a higher room, named by the setting COMMUNIS_CONVENTION.
    """
    text_of: Callable[[date], str | None] = import_string(settings.COMMUNIS_CONVENTION)
    text = text_of(day)
    return read_once(text) if text is not None else convention_shipped()


def convention_read(edition: int, organizations: Collection[int], day: date) -> Convention | None:
    """Return the convention whose rules are told beside a catalogue: that of the version which the reader adopted (CAT-34).

    Its text is asked of a higher room, named by the setting COMMUNIS_CONVENTION_READ.
    """
    text_of: Callable[[int, Collection[int], date], str | None] = import_string(settings.COMMUNIS_CONVENTION_READ)
    text = text_of(edition, organizations, day)
    return read_once(text) if text is not None else convention_in_force(day)


def convention_shipped() -> Convention | None:
    """Return the shipped convention that the pool in scope names, or None."""
    slug = Pool.objects.values_list("convention", flat=True).get(pk=current_pool())
    return opened(slug) if slug in shipped_names() else None
