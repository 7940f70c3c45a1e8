"""List pages: a table, its search and filters in the address, its order, its pages, and exports of exactly what is filtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.encoding import force_str
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django_tables2 import RequestConfig

from communis.kit.downloads import FORMS, table_file
from communis.kit.paging import GroupedData
from communis.kit.parts import Link
from communis.kit.plain import plain
from communis.kit.tables import Row, Table

SIZES = (25, 100)  # rows a page
LONGEST_SEARCH = 200  # characters
MOST_WORDS = 10
SIZE, COLUMNS, EXPORT, PAGE = "par", "colonnes", "export", "page"
SHOW_ALL = mark_safe('<a class="button button-secondary" href="?">Tout montrer</a>')
_CHUNK = 2_000  # rows read at once for an export


class Filters(django_filters.FilterSet):
    """The filters of a list. `q` keeps the rows whose text `searched_in`, kept without accents, holds every word typed."""

    searched_in = "search_text"
    q = django_filters.CharFilter(method="search", label="Rechercher", widget=forms.TextInput({"type": "search"}))

    @staticmethod
    def words_of(text: str) -> list[str]:
        """Return the words looked for."""
        return plain(text).split()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in self.words_of(value[:LONGEST_SEARCH])[:MOST_WORDS]:
            rows = rows.filter(**{f"{self.searched_in}__contains": word})
        return rows


@dataclass(frozen=True)
class Choice:
    """A column that may be shown or not."""

    name: str
    label: str
    shown: bool


def listing(
    request: HttpRequest,
    rows: Any,
    table_class: type[Table],
    filter_class: type[Filters] | None = None,
    *,
    template: str = "kit/page_list.html",
    name: str,
    context: dict[str, Any] | None = None,
    per_page: int = SIZES[0],
    optional: Sequence[str] = (),
    is_long: bool = False,
    **table_options: Any,
) -> HttpResponseBase:
    """Answer a list page, or with `?export=csv` or `xlsx` the file of all the rows that the filters keep, in the order shown.

    `optional` names the columns left out until they are chosen (`?colonnes=…`). A filter that means nothing is said and left
    aside. The page asks for the same number of queries whatever the number of rows. `is_long` says that there may be a hundred
    thousand of them, in the order of a field whose values are few.
    """
    filters = filter_class(request.GET, queryset=rows, request=request) if filter_class else None
    kept = filters.qs if filters is not None else rows
    wanted = set(request.GET.getlist(COLUMNS))
    hidden = [column for column in optional if column not in wanted]
    table = table_class(kept, exclude=(*hidden, *table_options.pop("exclude", ())), **table_options)
    RequestConfig(request, paginate=False).configure(table)
    steady(table)
    asked = request.GET.get(EXPORT, "")
    if asked in FORMS:
        titles, lines = exported(table)
        return table_file(asked, slugify(name), name, titles, lines)
    if is_long:
        table.data = table.rows.data = GroupedData(table.data.data)
    size = size_asked(request, per_page)
    table.paginate(per_page=size)
    table.page = table.paginator.get_page(request.GET.get(PAGE))  # a page that does not exist is the nearest one
    if filters is not None and is_narrowed(filters):
        table.empty_text = "Rien ne répond à cette recherche."
        table.empty_action = SHOW_ALL
    found = {
        "table": table, "filter": filters, "filter_problems": problems_of(filters),
        "sizes": sizes_of(request, table, size, per_page),
        "choices": [Choice(column, title_of(table_class, column), column in wanted) for column in optional],
        "kept": kept_parameters(request, filters, table, bool(optional)),
    }  # fmt: skip
    return render(request, template, found | (context or {}))


def steady(table: Table) -> None:
    """Order rows that are equal by their number, or a row could be on two pages and another on none."""
    data = table.data.data
    if isinstance(data, QuerySet) and not data.query.is_sliced:
        order = data.query.order_by or data.model._meta.ordering
        table.data.data = data.order_by(*order, "pk")


def size_asked(request: HttpRequest, usual: int) -> int:
    asked = request.GET.get(SIZE, "")
    return int(asked) if asked in {str(size) for size in (usual, *SIZES)} else usual


def sizes_of(request: HttpRequest, table: Table, size: int, usual: int) -> list[Link]:
    """Return the other numbers of rows a page may have, when there are rows enough for it to matter."""
    choices = sorted({usual, *SIZES})
    if table.paginator.count <= choices[0]:
        return []
    links = []
    for choice in choices:
        query = request.GET.copy()
        query.pop(PAGE, None)
        query[SIZE] = str(choice)
        links.append(Link(str(choice), "" if choice == size else f"?{query.urlencode()}"))
    return links


def is_narrowed(filters: Filters) -> bool:
    """Tell whether a filter is set."""
    return any(filters.form[name].value() not in (None, "", []) for name in filters.form.fields)


def problems_of(filters: Filters | None) -> list[str]:
    """Say which filters were not understood: the list is shown without them."""
    if filters is None or not filters.form.errors:
        return []
    labels = [str(filters.form[name].label).lower() for name in filters.form.errors]
    return [f"Un filtre n’est pas compris et n’est pas appliqué : {label}." for label in labels]


def kept_parameters(request: HttpRequest, filters: Filters | None, table: Table, has_choices: bool) -> list[tuple[str, str]]:
    """Return what the form of filters must send along, so that filtering keeps the order and the size of pages."""
    fields = set(filters.form.fields) if filters is not None else set()
    dropped = fields | {PAGE, EXPORT, "note"} | ({COLUMNS} if has_choices else set())
    return [(name, value) for name, values in request.GET.lists() if name not in dropped for value in values]


def title_of(table_class: type[Table], name: str) -> str:
    return str(table_class.base_columns[name].verbose_name or name)


def exported(table: Table) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the titles of a table, and its rows as values, read little by little."""
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    names = [column.name for column in columns]
    return [bare(column.header) for column in columns], (
        [bare(row.get_cell_value(name)) for name in names] for row in all_rows(table)
    )


def all_rows(table: Table) -> Iterator[Row]:
    data = table.data.data
    records = data.iterator(chunk_size=_CHUNK) if isinstance(data, QuerySet) else iter(data)
    return (Row(record, table=table) for record in records)


def bare(value: Any) -> Any:
    """Return a value for a file: typed as it is, or its words without markup."""
    if isinstance(value, SafeString):
        return unescape(strip_tags(value)).strip()
    return force_str(value, strings_only=True)
