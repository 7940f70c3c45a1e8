"""The prerequisites of the offers that a choice activates, asked of the catalogue of the version that applies (CAT-15, T-28)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communis.agreements.models import Version
from communis.catalog.models import Edition
from communis.catalog.prerequisites import Unmet, unmet_among
from communis.directory.models import Organization


@dataclass(frozen=True, slots=True)
class Asked:
    """What does not hold of the prerequisites of some offers: found wanting, or looked at by nobody yet; and whose catalogue."""

    edition: Edition | None = None
    unmet: tuple[Unmet, ...] = ()
    unchecked: tuple[Unmet, ...] = ()

    @property
    def all(self) -> tuple[Unmet, ...]:
        return (*self.unmet, *self.unchecked)

    @property
    def blocking(self) -> tuple[Unmet, ...]:
        """Those that forbid the activation, as the catalogue says of each."""
        return tuple(one for one in self.all if one.blocks)

    @property
    def warning(self) -> tuple[Unmet, ...]:
        return tuple(one for one in self.all if not one.blocks)


NOTHING = Asked()


def asked_of(organization: Organization, version: Version | None, offers: Iterable[str], today: date) -> Asked:
    """Return what a member lacks on a day of what some offers ask for, those that come with them included."""
    edition = version.edition if version is not None else None
    if version is None or edition is None:
        return NOTHING
    return told_apart(edition, unmet_among(with_included(version, offers), organization, edition, today))


def with_included(version: Version, offers: Iterable[str]) -> set[str]:
    """Return some offers with those that come with them, as the tariff of a version says."""
    convention = version.convention
    book = convention.model.book if convention is not None else None
    known = book.offers if book is not None else {}
    return {held for offer in offers for held in (book.included(offer) if book is not None and offer in known else (offer,))}


def told_apart(edition: Edition, found: Iterable[Unmet]) -> Asked:
    """Tell apart what was found wanting and what nobody looked at."""
    rows = list(found)
    return Asked(edition, tuple(one for one in rows if not one.unchecked), tuple(one for one in rows if one.unchecked))
