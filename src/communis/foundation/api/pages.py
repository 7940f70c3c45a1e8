"""Pages of a list, by cursor: a stable order, and no row skipped nor told twice when others come or go meanwhile."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema

MOST, BY_DEFAULT = 200, 100
BIGGEST = 2**63 - 1
Row = TypeVar("Row")


class Paging(Schema):
    limit: int = Field(BY_DEFAULT, ge=1, le=MOST, description=f"Le nombre de lignes de la page, {MOST} au plus.")
    cursor: str | None = Field(
        None, min_length=1, max_length=20, description="Où reprendre : le « next_cursor » de la page précédente."
    )


class Page(Schema, Generic[Row]):
    items: list[Row] = Field(description="Les lignes de la page, dans un ordre qui ne change pas.")
    next_cursor: str | None = Field(description="À donner dans « cursor » pour la page suivante ; null à la dernière.")


def page_of(rows: QuerySet, paging: Paging, *, key: str = "pk") -> dict[str, Any]:
    """Return a page of rows in the order of a key that is never shared nor changed: by default the number of the row."""
    after = read_cursor(paging.cursor, rows.model._meta.pk.name if key == "pk" else key, rows)
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    found = list(rows.order_by(key)[: paging.limit + 1])
    more = len(found) > paging.limit
    items = found[: paging.limit]
    return {"items": items, "next_cursor": str(getattr(items[-1], key)) if more else None}


class BadCursor(Exception):
    """A cursor that no page gave."""


def read_cursor(text: str | None, name: str, rows: QuerySet) -> Any:
    """Return what a cursor stands for, or None at the first page."""
    if text is None:
        return None
    if rows.model._meta.get_field(name).get_internal_type() == "CharField":
        return text
    if not text.isascii() or not text.isdigit() or int(text) > BIGGEST:
        raise BadCursor
    return int(text)
