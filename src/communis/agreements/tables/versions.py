"""The lists of conventions, of who has adopted a version, and of the staff’s files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from communis.agreements.enums import DocumentStatus, StaffMove, VersionStatus
from communis.agreements.wording import of
from communis.directory.views.organizations import PlainFilters
from communis.kit.filters import superior
from communis.kit.formats import medium_date
from communis.kit.lists import LONGEST_SEARCH, MOST_WORDS
from communis.kit.tables import CAPITAL, RIGHT, Table, TextColumn, absent

STATES = {VersionStatus.DRAFT: "neutral", VersionStatus.PENDING: "warning", VersionStatus.APPROVED: "success",
          VersionStatus.REPEALED: "neutral"}  # fmt: skip


class DayColumn(tables.Column):
    """A day in words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", absent())
        super().__init__(*args, **options)

    def render(self, value: Any) -> str:
        return superior(medium_date(value))

    def value(self, **given: Any) -> Any:
        return given["value"]


class AgreementFilters(PlainFilters):
    open = django_filters.ChoiceFilter(
        label="Adhésion", method="by_open", empty_label="Toutes", choices=[("yes", "Ouvertes"), ("no", "Fermées")]
    )

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        for word in value[:LONGEST_SEARCH].split()[:MOST_WORDS]:
            rows = rows.filter(Q(name__icontains=word) | Q(programme__icontains=word) | Q(short_name__icontains=word))
        return rows

    def by_open(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(closed_on__isnull=value == "yes")


class AgreementTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les conventions"
    empty_text = "Aucune convention : la première se commence à partir d’une convention livrée, ou article par article."

    name = TextColumn("Convention", linkify=True)
    programme = TextColumn("Programme")
    in_force = TextColumn("Version en vigueur", orderable=False)
    since = DayColumn("Depuis", orderable=False)
    adherents = tables.Column("Adhérents", attrs=RIGHT, orderable=False)


class AdoptionFilters(PlainFilters):
    searched_in = "organization__sort_name"
    adopted = django_filters.ChoiceFilter(
        label="Adoption", method="by_adoption", empty_label="Toutes", choices=[("no", "Pas encore adoptée"), ("yes", "Adoptée")]
    )

    def by_adoption(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        done = Q(has_adopted=True) | Q(is_covered=True)
        return rows.filter(done if value == "yes" else ~done)


class AdoptionTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Qui a adopté cette version"
    empty_text = "Aucun adhérent : ceux de cette convention paraîtront ici, avec la version que chacun a adoptée."

    organization = TextColumn("Membre", accessor="organization__name", order_by=("organization__sort_name",))
    applied = TextColumn("Version qui s’applique", default=absent("aucune"))
    adopted_on = DayColumn("Adoptée le", default=absent("pas encore"))
    act = tables.Column("Acte", accessor="has_act", orderable=False)
    todo = tables.Column("", accessor="pk", orderable=False, exclude_from_export=True, attrs={"td": {"class": "end"}})

    def __init__(self, *args: Any, may_adopt: bool = False, version: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.may_adopt, self.version = may_adopt, version

    def render_organization(self, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.organization)

    def value_organization(self, record: Any) -> str:
        return str(record.organization)

    def render_act(self, record: Any) -> str:
        if not record.has_adopted:
            return absent()
        return "enregistré" if record.has_act else format_html('<span class="absent">{}</span>', "manque")

    def value_act(self, record: Any) -> str:
        return "enregistré" if record.has_act else "manque" if record.has_adopted else ""

    def render_todo(self, record: Any) -> str:
        if record.has_adopted or record.is_covered or not self.may_adopt:
            return ""
        return format_html(
            '<a href="{}?version={}">Enregistrer<span class="unseen"> l’adoption {}</span></a>',
            reverse("adopt", args=[record.pk]), self.version, of(record.organization),
        )  # fmt: skip


class VoteTable(Table):
    """Each member with its draft act on an amendment; `may_prepare` tells for whom the person may have one made."""

    looks = "table-list table-named table-fold"
    caption = "Projets de délibération des membres"
    empty_text = "Aucun adhérent : le projet de chacun paraîtra ici."

    organization = TextColumn("Membre", accessor="organization__name", order_by=("organization__sort_name",))
    adopted_on = DayColumn("Avenant adopté le", default=absent("pas encore"))
    draft = tables.Column("Projet", accessor="pk", orderable=False)
    files = tables.Column("Télécharger", accessor="draft", orderable=False, exclude_from_export=True, default="")
    todo = tables.Column("", accessor="pk", orderable=False, exclude_from_export=True, attrs={"td": {"class": "end"}})

    def __init__(self, *args: Any, may_prepare: Callable[[Any], bool], **options: Any) -> None:
        super().__init__(*args, **options)
        self.may_prepare = may_prepare

    def render_organization(self, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.organization)

    def value_organization(self, record: Any) -> str:
        return str(record.organization)

    def render_draft(self, record: Any) -> str:
        if record.draft is None:
            if record.is_covered and not record.has_adopted:
                return f"couvert par la version {record.applied}"  # plain words: a phone leaves out what is absent
            return absent("sans objet") if record.has_adopted else "à préparer"
        return format_html('<a href="{}">{}</a>', reverse("document", args=[record.draft]), self.value_draft(record))

    def value_draft(self, record: Any) -> str:
        if record.draft is None:
            return ""
        return f"version {record.draft_number}, {DocumentStatus(record.draft_status).label}"

    def render_files(self, record: Any) -> str:
        return format_html(
            '<span class="row-acts"><a href="{}">DOCX<span class="unseen"> {}</span></a> '
            '<a href="{}">PDF<span class="unseen"> {}</span></a></span>',
            reverse("document-docx", args=[record.draft]), of(record.organization),
            reverse("document-pdf", args=[record.draft]), of(record.organization),
        )  # fmt: skip

    def render_todo(self, record: Any) -> str:
        if record.has_adopted or record.is_covered or not self.may_prepare(record):
            return ""
        verb = "Préparer" if record.draft is None else "Refaire"
        return format_html(
            '<button class="button button-quiet button-small" name="adhesion" value="{}">{}'
            '<span class="unseen"> le projet {}</span></button>',
            record.pk, verb, of(record.organization),
        )  # fmt: skip


class StaffFilters(PlainFilters):
    searched_in = "organization__sort_name"
    move = django_filters.ChoiceFilter(label="Régime", choices=StaffMove.choices, empty_label="Tous")


class StaffTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les dossiers d’agents"
    empty_text = "Aucun dossier : un agent transféré ou mis à disposition par un membre y a le sien."

    agent = TextColumn("Agent", linkify=True)
    organization = TextColumn("Employeur", accessor="organization__name", order_by=("organization__sort_name",))
    move = tables.Column("Régime", attrs=CAPITAL)
    functions = TextColumn("Fonctions")
    share = tables.Column("Part", attrs=RIGHT)
    starts_on = DayColumn("Depuis")
    ends_on = DayColumn("Jusqu’au", default=absent("sans limite"))

    def render_share(self, value: Any) -> str:
        return f"{value.normalize():f} %".replace(".", ",")

    def value_share(self, value: Any) -> Any:
        return value
