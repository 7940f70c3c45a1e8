"""List pages: a table, its filters in the address, its pages, and its exports of exactly what is filtered."""

from __future__ import annotations

import io
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django_tables2 import RequestConfig

from communis.kit.sheets import write_csv, write_xlsx
from communis.kit.tables import Table

PER_PAGE = 50
LONGEST_SEARCH = 200
KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Filters(django_filters.FilterSet):
    """The filters of a list; `q` searches every word in the text that `searched_in` names, already without accents."""

    searched_in = "search_text"
    q = django_filters.CharFilter(method="search", label="Rechercher")

    @staticmethod
    def words_of(text: str) -> list[str]:
        """Return the words looked for; a room gives its own rule of plain text."""
        return text.casefold().split()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in self.words_of(value[:LONGEST_SEARCH]):
            rows = rows.filter(**{f"{self.searched_in}__contains": word})
        return rows


def listing(
    request: HttpRequest,
    rows: Any,
    table_class: type[Table],
    filter_class: type[Filters] | None = None,
    *,
    template: str,
    name: str,
    context: dict[str, Any] | None = None,
    per_page: int = PER_PAGE,
    **table_options: Any,
) -> HttpResponse:
    """Answer a list page, or with `?export=csv` or `xlsx` the file of all the rows that the filters keep."""
    filters = filter_class(request.GET, queryset=rows, request=request) if filter_class else None
    kept = filters.qs if filters is not None else rows
    table = table_class(kept, **table_options)
    asked = request.GET.get("export", "")
    RequestConfig(request, paginate=False if asked else {"per_page": per_page, "silent": True}).configure(table)
    if asked in KINDS:
        return exported(table, name, asked)
    return render(request, template, {"table": table, "filter": filters, **(context or {})})


def exported(table: Table, name: str, asked: str) -> HttpResponse:
    """Return all the rows of a table as a file named after the list and the day."""
    titles, *rows = table.as_values()
    content = io.BytesIO()
    if asked == "csv":
        content.writelines(write_csv(titles, rows))
    else:
        write_xlsx(content, name, titles, rows, made_at=timezone.now())
    response = HttpResponse(content.getvalue(), content_type=KINDS[asked])
    filename = f"{slugify(name)}-{timezone.localdate():%Y-%m-%d}.{asked}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
