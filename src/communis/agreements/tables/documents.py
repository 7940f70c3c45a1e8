"""The lists of documents made ready, and of the pool’s templates."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet

from communis.agreements.enums import DocumentStatus
from communis.agreements.forms.documents import MADE
from communis.agreements.tables.versions import DayColumn
from communis.kit.lists import LONGEST_SEARCH, MOST_WORDS, Filters
from communis.kit.tables import CAPITAL, RIGHT, Table, TextColumn, absent


class DocumentFilters(Filters):
    kind = django_filters.ChoiceFilter(label="Document", choices=[(kind.value, kind.label) for kind in MADE], empty_label="Tous")
    status = django_filters.ChoiceFilter(label="État", choices=DocumentStatus.choices, empty_label="Tous")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in value[:LONGEST_SEARCH].split()[:MOST_WORDS]:
            rows = rows.filter(Q(title__icontains=word) | Q(organization__name__icontains=word))
        return rows


class DocumentTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les documents"
    empty_text = "Aucun document : ils se font depuis une adhésion, un avenant ou le dossier d’un agent."

    title = TextColumn("Document", linkify=True)
    organization = TextColumn("Organisation", accessor="organization__name", order_by=("organization__sort_name",))
    number = tables.Column("Version", attrs=RIGHT)
    status = tables.Column("État", accessor="state", order_by=("status",), attrs=CAPITAL)
    blanks = tables.Column("À compléter", attrs=RIGHT, orderable=False)
    issued_on = DayColumn("Émis le", default=absent("pas encore"))

    def render_blanks(self, value: Any) -> str:
        return str(len(value))

    def value_blanks(self, value: Any) -> int:
        return len(value)
