"""The acts that adhesions in force rest on, for whoever controls them."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html

from communis.agreements.executory import Ground
from communis.kit.formats import capital
from communis.kit.tables import ASIDE, END, DayColumn, Table, absent
from communis.kit.templatetags.kit import badge


class GroundTable(Table):
    caption = "L’acte de chaque adhésion"
    empty_text = "Aucune adhésion n’est en vigueur."
    looks = "table-list table-named table-fold"

    member = tables.Column("Membre", accessor="membership__organization", orderable=False)
    agreement = tables.Column("Convention", accessor="membership__agreement__short_name", orderable=False, attrs=ASIDE)
    act = tables.Column("Acte", orderable=False, default=absent("aucun acte"))
    executory_on = DayColumn("Exécutoire le", accessor="act__executory_on", orderable=False, default=absent("pas encore"))
    effect_on = DayColumn("Prise d’effet", accessor="membership__effect_on", orderable=False)
    words = tables.Column("Constat", orderable=False, attrs=END)

    def render_member(self, value: object, record: Ground) -> str:
        return format_html('<a href="{}">{}</a>', record.membership.get_absolute_url(), value)

    def render_act(self, record: Ground) -> str:
        return format_html('<a href="{}">{}</a>', record.act.get_absolute_url(), record.act) if record.act is not None else ""

    def render_words(self, record: Ground) -> str:
        return badge(capital(record.words), record.tone)
