"""The territory: every commune of it, in the service or not, as a picture and as a table (ORG-19)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from communis.directory import access, operations
from communis.directory.models import Organization, OrganizationType
from communis.directory.names import plain
from communis.directory.register import ReferenceBody
from communis.directory.territory import communes_of, host_of, latest_year, with_people
from communis.kit.lists import Filters, listing
from communis.kit.parts import Cell, CellGroup, Link
from communis.kit.refusals import Refusal
from communis.kit.tables import END, RIGHT, CountColumn, Table

IN, OUT = "inscrite", "à inscrire"


class TerritoryFilters(Filters):
    searched_in = "sort_name"
    state = django_filters.ChoiceFilter(
        label="État", choices=[("in", "Inscrites"), ("out", "À inscrire")], method="by_state", empty_label="Toutes"
    )

    @staticmethod
    def words_of(text: str) -> list[str]:
        return plain(text).split()

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(organization__isnull=value == "out")


class TerritoryTable(Table):
    caption = "Les communes du territoire"
    empty_text = "Aucune commune : le territoire est celui du gestionnaire, à désigner sur sa fiche."

    name = tables.Column("Commune", order_by=("sort_name",))
    people = CountColumn(verbose_name="Habitants")
    insee = tables.Column("Code Insee", attrs=RIGHT)
    state = tables.Column("Dans le service", accessor="organization", empty_values=(), orderable=False, attrs=END)

    def render_name(self, value: str, record: ReferenceBody) -> str:
        return format_html('<a href="{}">{}</a>', reverse("commune", args=[record.insee]), value)

    def value_name(self, value: str) -> str:
        return value

    def render_state(self, record: Any) -> str:
        if record.organization:
            return format_html('<span class="badge badge-success">{}</span>', IN)
        return format_html('<span class="badge badge-neutral badge-unreal">{}</span>', OUT)

    def value_state(self, record: Any) -> str:
        return IN if record.organization else OUT


def strip(rows: list[Any]) -> list[CellGroup]:
    """Return the picture of a territory: one cell a commune, those of the service first."""
    groups = []
    inside = [r for r in rows if r.organization]
    outside = [r for r in rows if not r.organization]
    if inside:
        cells = [Cell(r.name, f"/organisations/{r.organization}/") for r in inside]
        groups.append(CellGroup("inscrite dans le service" if len(cells) == 1 else "inscrites dans le service", cells, series=1))
    if outside:
        cells = [Cell(r.name, f"/territoire/{r.insee}/", "outline") for r in outside]
        groups.append(CellGroup("à inscrire", cells))
    return groups


def territory(request: HttpRequest) -> HttpResponse:
    host = host_of()
    rows = communes_of(host)
    year = latest_year() or timezone.localdate().year
    found = with_people(rows, year).order_by("sort_name")
    context = {"host": host, "strip": strip(list(found)), "count": len(found), "year": year}
    return listing(
        request,
        found,
        TerritoryTable,
        TerritoryFilters,
        template="directory/territory.html",
        name="territoire",
        context=context,
        per_page=100,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """A legal population of a commune in a year."""

    year: int
    kind: str
    value: int
    source: str


def commune(request: HttpRequest, insee: str) -> HttpResponse:
    """A commune of the register: its file in the service when it has one, else what the register knows and how to enroll it."""
    body = get_object_or_404(ReferenceBody.objects.select_related("grouping"), insee=insee)
    known = Organization.objects.visible_to(request.user).filter(reference=body).first()
    if known is not None:
        return redirect("organization", pk=known.pk)
    if not communes_of(host_of()).filter(pk=body.pk).exists():
        raise Http404
    return render(request, "directory/commune.html", about(request, body))


def about(request: HttpRequest, body: ReferenceBody) -> dict[str, Any]:
    """Return what the register knows of a commune, for the margin."""
    pairs = [
        ("Code Insee", body.insee),
        ("SIREN", body.siren),
        ("Département", body.department),
        ("Groupement", str(body.grouping or "")),
        ("Source", body.source),
    ]
    counted = body.populations.order_by("-in_force_on", "kind")
    return {
        "body": body,
        "identity": [(k, v) for k, v in pairs if v],
        "sees_offers": request.user.is_staff_of_host,
        "may_enroll": access.may_manage_directory(request.user),
        "populations": [Counted(p.in_force_on.year, p.get_kind_display(), p.value, p.source) for p in counted],
    }


@require_POST
def enroll(request: HttpRequest, insee: str) -> HttpResponse:
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
