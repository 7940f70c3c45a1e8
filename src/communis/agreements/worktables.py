"""The tables of the ETP that go with a version, brick by brick, and what changes in them from a version to another (ORG-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from communis.agreements.models import AnnexedTable, Version
from communis.agreements.reading import chain_of
from communis.directory.models import WorkShare
from communis.kit.formats import number

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Brick:
    """A brick in a table: who works for it, and how much in all."""

    name: str
    shares: tuple[WorkShare, ...]

    @property
    def total(self) -> Decimal:
        return sum((share.fte for share in self.shares), NOTHING)

    @property
    def posts(self) -> str:
        return " ; ".join(f"{share.post} {number(share.fte, 2)}" for share in self.shares)


def bricks_of(shares: Iterable[WorkShare]) -> list[Brick]:
    """Group shares by brick, in the order of their names."""
    by_name: dict[str, list[WorkShare]] = {}
    for share in shares:
        by_name.setdefault(share.brick, []).append(share)
    return [Brick(name, tuple(rows)) for name, rows in sorted(by_name.items())]


@dataclass(frozen=True, slots=True)
class BrickChange:
    """The ETP of a brick, and the posts behind them, in two tables; None where a table does not have it."""

    name: str
    before: Brick | None
    after: Brick | None

    @property
    def words(self) -> str:
        if self.before is None:
            return f"{self.name}, {number(self.total_after, 2)}, qui n’y était pas"
        if self.after is None:
            return f"{self.name}, {number(self.total_before, 2)} auparavant, n’y est plus"
        if self.total_before == self.total_after:
            return f"{self.name}, {number(self.total_after, 2)} comme auparavant, par d’autres postes"
        return f"{self.name}, de {number(self.total_before, 2)} à {number(self.total_after, 2)}"

    @property
    def total_before(self) -> Decimal:
        return self.before.total if self.before is not None else NOTHING

    @property
    def total_after(self) -> Decimal:
        return self.after.total if self.after is not None else NOTHING


@dataclass(frozen=True, slots=True)
class TableChange:
    """The table of a year that a version brings, beside the one that went before: of the same year, else of an earlier one."""

    year: int
    former_year: int | None
    bricks: tuple[BrickChange, ...]
    before: Decimal
    after: Decimal

    @property
    def title(self) -> str:
        compared = f", comparée à celle de {self.former_year}" if self.former_year not in (None, self.year) else ""
        return f"Répartition des ETP de {self.year}{compared}"

    @property
    def sentence(self) -> str:
        if self.former_year is None:
            told = " ; ".join(f"{one.name}, {number(one.total_after, 2)}" for one in self.bricks)
            return f"{self.title} : elle est annexée, pour {number(self.after, 2)} ETP en tout ({told})."
        told = " ; ".join(one.words for one in self.bricks) or "rien ne change"
        return f"{self.title} : {told} ; {number(self.after, 2)} ETP en tout, {number(self.before, 2)} auparavant."


def tables_of(version: Version) -> dict[int, list[Brick]]:
    """Return the tables of the ETP that hold with a version, by year: annexed to it, else to the nearest that it follows."""
    rows = AnnexedTable.objects.unscoped().filter(version__agreement=version.agreement_id)
    annexed = {(one.version_id, one.year): one.table_id for one in rows}
    if not annexed:
        return {}
    wanted: dict[int, int | None] = {}
    for pk in line_of(version):
        for (holder, year), table in annexed.items():
            if holder == pk:
                wanted.setdefault(year, table)
    shares = WorkShare.objects.unscoped().filter(
        Q(table__in=[table for table in wanted.values() if table is not None])
        | Q(table=None, year__in=[year for year, table in wanted.items() if table is None])
    )
    by_year: dict[int, list[WorkShare]] = {}
    for share in shares.select_related("post").order_by("brick", "post__title", "post_id"):
        by_year.setdefault(share.year, []).append(share)
    return {year: bricks_of(by_year.get(year, ())) for year in sorted(wanted)}


def line_of(version: Version) -> list[int]:
    """Return a version and those that it follows, the nearest first."""
    follows, found = chain_of(version.agreement).follows, []
    key: int | None = version.pk
    while key is not None and key not in found:
        found.append(key)
        key = follows.get(key)
    return found


def table_changes(old: Version, new: Version) -> tuple[TableChange, ...]:
    """Return the tables of the ETP that are not the same with two versions, brick by brick."""
    before, after = tables_of(old), tables_of(new)
    return tuple(filter(None, (change_of(year, before, bricks) for year, bricks in after.items())))


def change_of(year: int, known: Mapping[int, Sequence[Brick]], bricks: Sequence[Brick]) -> TableChange | None:
    """Return what a table of a year changes, None when it is the one that held already."""
    former_year = max((one for one in known if one <= year), default=None)
    former = known[former_year] if former_year is not None else ()
    if former_year == year and content_of(former) == content_of(bricks):
        return None
    old, new = ({one.name: one for one in rows} for rows in (former, bricks))
    changes = [BrickChange(name, old.get(name), new.get(name)) for name in sorted({*old, *new})
               if content_of(filter(None, [old.get(name)])) != content_of(filter(None, [new.get(name)]))]  # fmt: skip
    return TableChange(year, former_year, tuple(changes), total_of(former), total_of(bricks))


def content_of(bricks: Iterable[Brick]) -> list[tuple[str, int, Decimal]]:
    return [(brick.name, share.post_id, share.fte) for brick in bricks for share in brick.shares]


def total_of(bricks: Iterable[Brick]) -> Decimal:
    return sum((one.total for one in bricks), NOTHING)
