"""Which offers cover which kinds of sites: the offers are those of the convention, what they cover is stated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from communis.catalog.models import Coverage
from communis.directory.enums import SiteKind
from communis.tariff import Convention


@dataclass(frozen=True, slots=True)
class Covered:
    """An offer, and what is stated of it: nothing when `row` is None."""

    offer: str
    label: str
    articles: str
    row: Coverage | None

    @property
    def kinds(self) -> tuple[str, ...]:
        stated = set(self.row.site_kinds) if self.row else set()
        return tuple(str(kind.label) for kind in SiteKind if kind in stated)

    def covers(self, kind: str) -> bool:
        return self.row is not None and kind in self.row.site_kinds


def offers_covered(convention: Convention, rows: Iterable[Coverage]) -> list[Covered]:
    """Return the offers of a convention in its order, each with what is stated of it."""
    stated: Mapping[str, Coverage] = {row.offer: row for row in rows}
    book = convention.model.book
    return [
        Covered(name, book.offers[name].label or name.replace("_", " "), ", ".join(book.offers[name].margin.articles),
                stated.get(name))
        for name in book.offers_in("")
    ]  # fmt: skip
