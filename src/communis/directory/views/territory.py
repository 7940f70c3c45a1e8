"""The territory: every commune of it, in the service or not, as a picture and as a table (ORG-19)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from communis.directory import access
from communis.directory.members import contacts_missing
from communis.directory.models import Organization, OrganizationType
from communis.directory.names import plain
from communis.directory.operations import organizations as operations
from communis.directory.register import ReferenceBody
from communis.directory.territory import communes_of, host_of, populations_of
from communis.foundation.requests import AccountRequest
from communis.kit import formats
from communis.kit.lists import Filters
from communis.kit.parts import Link, Tab
from communis.kit.refusals import Refusal
from communis.kit.tables import ASIDE, CountColumn, Table, absent

VIEWS = (("in", "Inscrites"), ("out", "À inscrire"))


class TerritoryFilters(Filters):
    searched_in = "sort_name"
    state = django_filters.ChoiceFilter(choices=VIEWS, method="by_state", widget=HiddenInput)  # the tabs set it

    @staticmethod
    def words_of(text: str) -> list[str]:
        return plain(text).split()

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(organization__isnull=value == "out")


def total_of(table: Table) -> str:
    """Return the people of the communes shown."""
    return formats.number(sum(row.record.people or 0 for row in table.paginated_rows))


class TerritoryTable(Table):
    caption = "Les communes du territoire"
    empty_text = "Aucune commune : le territoire est celui du gestionnaire, à désigner sur sa fiche."
    looks = "table-list table-named"

    name = tables.Column(
        "Commune", order_by=("sort_name",),
        footer=lambda table: f"Total, {formats.counted(len(table.paginated_rows), 'commune montrée', 'communes montrées')}",
    )  # fmt: skip
    people = CountColumn(verbose_name="Habitants", footer=total_of)
    insee = tables.Column("Code Insee", attrs=ASIDE)
    contacts = tables.Column("Interlocuteurs", accessor="organization", empty_values=(), orderable=False, attrs=ASIDE)

    def __init__(self, *args: Any, missing: dict[int, int] | None = None, **options: Any) -> None:
        self.missing = missing or {}
        super().__init__(*args, **options)

    def render_name(self, value: str, record: ReferenceBody) -> str:
        return format_html('<a href="{}">{}</a>', reverse("commune", args=[record.insee]), value)

    def value_name(self, value: str) -> str:
        return value

    def render_contacts(self, record: Any) -> str:
        if not record.organization:
            return absent("après inscription")
        if record.organization not in self.missing:
            return absent("après adhésion")
        count = self.missing[record.organization]
        if not count:
            return absent("désignés")
        return format_html('<a href="{}">{} à désigner</a>', reverse("organization", args=[record.organization]), count)

    def value_contacts(self, record: Any) -> Any:
        return self.missing.get(record.organization, "")


def missing_contacts(user: Any, organizations: Collection[int], today: date) -> dict[int, int]:
    """Return how many contacts are missing in each of some organizations that has to name them."""
    return {one.pk: len(kinds) for one, kinds in contacts_missing(user, today).items() if one.pk in organizations}


def views_of(request: AccountRequest, rows: list[Any]) -> list[Tab]:
    """Return the tabs of the territory: all of it, the communes of the service, the others."""
    inside = sum(1 for row in rows if row.organization)
    counts = {"": len(rows), "in": inside, "out": len(rows) - inside}
    asked = request.GET.get("state", "")
    current = asked if asked in counts else ""
    words = {"": "Tout le territoire", **dict(VIEWS)}
    return [Tab(words[key], f"?state={key}" if key else "?", count, key == current) for key, count in counts.items()]


def commune(request: AccountRequest, insee: str) -> HttpResponse:
    """A commune of the register: its file in the service when it has one, else what the register knows and how to enroll it."""
    body = get_object_or_404(ReferenceBody.objects.select_related("grouping"), insee=insee)
    known = Organization.objects.visible_to(request.user).filter(reference=body).first()
    if known is not None:
        return redirect("organization", pk=known.pk)
    if not communes_of(host_of()).filter(pk=body.pk).exists():
        raise Http404
    return render(request, "directory/commune.html", about(request, body))


def about(request: AccountRequest, body: ReferenceBody) -> dict[str, Any]:
    """Return what the register knows of a commune, for the margin."""
    pairs = [
        ("Code Insee", body.insee),
        ("SIREN", body.siren),
        ("Département", body.department),
        ("Groupement", str(body.grouping or "")),
        ("Source", body.source),
    ]
    return {
        "body": body,
        "identity": [(k, v) for k, v in pairs if v],
        "sees_offers": request.user.is_staff_of_host,
        "may_enroll": access.may_manage_directory(request.user),
        "populations": populations_of(body),
    }


@require_POST
def enroll(request: AccountRequest, insee: str) -> HttpResponse:
    """Enroll a commune of the register in the pool."""
    body = get_object_or_404(ReferenceBody, insee=insee)
    if not communes_of(host_of()).filter(pk=body.pk).exists():
        raise Http404
    try:
        made = operations.enroll(body, OrganizationType.objects.visible_to(request.user).filter(is_commune=True).first())
    except Refusal as refusal:
        return render(request, "directory/commune.html", about(request, body) | {"refusal": str(refusal)}, status=422)
    messages.success(request, f"{made} a maintenant sa fiche dans le service.")
    return redirect(made)


def place_of(organization: Organization) -> list[Link]:
    return [Link("Territoire", reverse("territory")), Link(organization.name, organization.get_absolute_url())]
