"""The convention of a pool: the version that its council approved, else the shipped file; read once a process for each text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from communis.foundation.scope import current_pool
from communis.foundation.tenancy import Pool
from communis.tariff import Convention, Tables, read_convention, read_text
from communis.tariff.convention import shipped, shipped_names


@lru_cache(maxsize=16)
def opened(slug: str) -> Convention:
    """Return a shipped convention; its examples were checked when it was shipped."""
    return read_convention(shipped(slug), examples=False)


@lru_cache(maxsize=32)
def read_once(text: str) -> Convention:
    """Return a convention from its text; its examples were checked when the version was kept."""
    return read_text(text, examples=False)


def convention_in_force(day: date) -> Convention | None:
    """Return the convention that the pool in scope computes on for a day, or None when it has none yet.

    The text of the approved version is asked of a higher room, named by the setting COMMUNIS_CONVENTION.
    """
    text_of: Callable[[date], str | None] = import_string(settings.COMMUNIS_CONVENTION)
    text = text_of(day)
    return read_once(text) if text is not None else convention_shipped()


def tables_holding(convention: Convention) -> Tables:
    """Return the tables of the pool with the offers that its members hold, asked of a higher room: COMMUNIS_HOLDING."""
    tables_of: Callable[[str], Tables] = import_string(settings.COMMUNIS_HOLDING)
    return tables_of(convention.text)


@dataclass(frozen=True, slots=True)
class TariffRead:
    """The tariff that an organization reads: that of the version it adopted, else of the one proposed (CAT-34)."""

    text: str | None = None  # None: the version has none
    version: str = ""  # as it is named, with its address; nothing of a convention that is only shipped
    url: str = ""

    @property
    def convention(self) -> Convention | None:
        """The convention, read; a version without a tariff says nothing, and another’s prices do not stand in its place."""
        if self.text is not None:
            return read_once(self.text)
        return None if self.version else convention_shipped()

    @property
    def silence(self) -> str:
        """Why nothing can be computed, for whoever reads it."""
        if self.version:
            return f"La version qui s’applique, « {self.version} », n’a pas de tarif : ses prix viendront avec lui."
        return "Ce service n’a pas encore de convention : ses offres et leurs prix viendront d’elle."


def tariffs_read_by(organizations: Collection[int], day: date) -> dict[int, TariffRead]:
    """Return the tariff on which what each organization pays is told, asked of a higher room: COMMUNIS_TARIFFS_READ."""
    tariffs_of: Callable[[Collection[int], date], dict[int, TariffRead]] = import_string(settings.COMMUNIS_TARIFFS_READ)
    return dict.fromkeys(organizations, TariffRead()) | tariffs_of(organizations, day)


def tariff_read_by(organization: int, day: date) -> TariffRead:
    return tariffs_read_by([organization], day)[organization]


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
