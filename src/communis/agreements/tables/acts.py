"""The list of council acts."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables

from communis.agreements.models import Resolution
from communis.kit.tables import CAPITAL, BadgeColumn, DayColumn, Table, TextColumn

TONES = {
    "exécutoire": "success", "publié": "info", "transmis": "info", "adopté": "neutral", "rejeté": "danger", "ajourné": "warning",
    "projet": "~neutral", "inscrit à l’ordre du jour": "neutral", "retiré": "warning",
}  # fmt: skip


class ActTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les actes"
    empty_text = "Aucun acte : saisissez une délibération, son vote et sa transmission."

    subject = TextColumn("Objet", linkify=True)
    session_on = DayColumn("Séance")
    kind = tables.Column("Genre", accessor="get_kind_display", order_by=("kind",), attrs=CAPITAL)
    number = TextColumn("Numéro")
    organization = TextColumn("Collectivité", accessor="organization__name", order_by=("organization__sort_name",))
    agreement = TextColumn("Convention", accessor="agreement__short_name", order_by=("agreement__short_name",))
    standing = BadgeColumn(tones=TONES, verbose_name="État", orderable=False, empty_values=())
    executory_on = DayColumn("Exécutoire le", orderable=False)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        self.today = today
        super().__init__(*args, **options)

    def render_standing(self, record: Resolution) -> str:
        return str(self.base_columns["standing"].render(record.standing_on(self.today)))

    def value_standing(self, record: Resolution) -> str:
        return record.standing_on(self.today)
