"""Long lists, paged by the groups of their first key: a page deep in the list costs what the first one does."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django_tables2.data import TableQuerysetData


class GroupedData(TableQuerysetData):
    """The rows of a list in the order of a field, then of others, the last of which no two rows share.

    One query counts the rows of each value of the field, and so those of the list; another reads the rows of a page, looked for
    among the values that the page falls in, and not counted off from the first row of the list.
    """

    @cached_property
    def field(self) -> str:
        return str(self.data.query.order_by[0])

    @cached_property
    def groups(self) -> list[tuple[Any, int]]:
        """Return the values of the field in the order of the list, each with its rows."""
        name = self.field.removeprefix("-")
        return list(self.data.order_by(self.field).values_list(name).annotate(rows=Count("pk")))

    def __len__(self) -> int:
        return sum(count for _, count in self.groups)

    def __getitem__(self, key: slice) -> QuerySet:
        """Return a page of rows; it names both of its ends."""
        values: list[Any] = []
        skipped = passed = 0
        for value, count in self.groups:
            if passed < key.stop and passed + count > key.start:
                skipped = skipped if values else passed
                values.append(value)
            passed += count
        page = self.data.filter(among(self.field.removeprefix("-"), values))[key.start - skipped : key.stop - skipped]
        return self.data.filter(pk__in=page.values("pk"))


def among(name: str, values: list[Any]) -> Q:
    known = Q(**{f"{name}__in": [value for value in values if value is not None]})
    return known | Q(**{f"{name}__isnull": True}) if None in values else known
