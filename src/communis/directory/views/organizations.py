"""Organizations: the list, the file of each with all that belongs to it, and reorganizations."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from communis.directory import access
from communis.directory.enums import RoleKind
from communis.directory.forms import SuccessionForm
from communis.directory.holidays import public_holidays
from communis.directory.invitations import end_rights_of_ended_roles
from communis.directory.members import contacts_missing
from communis.directory.models import Composition, Fact, OpeningHours, Organization, OrganizationType, Role, Site, Succession
from communis.directory.names import plain
from communis.directory.operations import organizations as operations
from communis.directory.operations.rows import running
from communis.directory.territory import host_of, populations_of
from communis.directory.views.records import history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import add_problem
from communis.kit.lists import Filters, listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import CAPITAL, Table, TextColumn, absent, unknown


class PlainFilters(Filters):
    """Filters whose search ignores accents and case, as names are kept."""

    @staticmethod
    def words_of(text: str) -> list[str]:
        return plain(text).split()


class OrganizationFilters(PlainFilters):
    type = django_filters.ModelChoiceFilter(label="Type", queryset=lambda request: types_for(request), empty_label="Tous")
    ended = django_filters.ChoiceFilter(
        label="Existence", method="by_end", empty_label="Toutes", choices=[("no", "Existent"), ("yes", "Ont pris fin")]
    )

    def by_end(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(ends_on__isnull=value == "no")


def types_for(request: AccountRequest | None) -> QuerySet:
    return OrganizationType.objects.visible_to(request.user) if request else OrganizationType.objects.none()


class OrganizationTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les organisations"
    empty_text = "Aucune organisation : le gestionnaire d’abord, puis les communes depuis le territoire."

    name = TextColumn("Organisation", linkify=True, order_by=("sort_name",))
    type = tables.Column("Type", accessor="type__name", attrs=CAPITAL)
    siren = TextColumn("SIREN", default=unknown())
    insee = TextColumn("Code Insee", empty_values=())
    department = TextColumn("Département", default=unknown())

    def value_insee(self, value: str) -> str:
        return value or ""

    def render_insee(self, value: str, record: Organization) -> str:
        return value or absent("à compléter" if record.type.is_commune else "sans objet")


def organizations(request: AccountRequest) -> HttpResponseBase:
    rows = Organization.objects.visible_to(request.user).select_related("type").order_by("sort_name", "id")
    context = {"may_add": access.may_manage_directory(request.user)}
    return listing(
        request,
        rows,
        OrganizationTable,
        OrganizationFilters,
        template="directory/organizations.html",
        name="organisations",
        context=context,
    )


def organization(request: AccountRequest, pk: int) -> HttpResponse:
    """The file of an organization: who it is, whom to call, what is known of it, where it is, what it is made of."""
    user, today = request.user, timezone.localdate()
    rows = Organization.objects.visible_to(user).select_related(
        "type", "parent", "prefecture", "accountant", "court", "reference"
    )
    found = get_object_or_404(rows, pk=pk)
    own = access.may_read_file(user, found)
    context = {
        "organization": found,
        "own": own,
        "may_keep": access.may_keep_organization(user, found),
        "may_manage": access.may_manage_directory(user),
        "may_enter_facts": access.may_manage_directory(user),
        "identity": identity_of(found, everything=own, reach=access.may_reach(user, found)),
        "history_url": history_address(found) if own else "",
        "places": [Link("Organisations", "/organisations/")],
        "may_designate": access.may_manage_directory(user) and not found.is_host and host_of() is None,
        "may_remove": access.may_manage_directory(user) and not found.is_host,
    }
    if own:
        roles = list(
            Role.objects.visible_to(user).filter(organization=found).select_related("person").order_by("kind", "-starts_on")
        )
        current = [r for r in roles if r.ends_on is None or r.ends_on >= today]
        context |= {
            "roles": current,
            "former_roles": [r for r in roles if r not in current],
            "missing": [RoleKind(kind).label for kind in contacts_missing(user, today).get(found, ())],
            "facts": facts_of(user, found),
            "populations": populations_of(found.reference),
            "sites": Site.objects.visible_to(user).filter(organization=found).select_related("carrier"),
        }
    context |= calendar_of(user, found, today) | links_of(user, found)
    return render(request, "directory/organization.html", context)


def identity_of(found: Organization, *, everything: bool, reach: bool) -> list[tuple[str, Any]]:
    """Return what an organization is, for the margin; what is not known is not shown.

    Members see of each other what the public registers say; of the host also how to reach it (`reach`); of itself, everything.
    """
    parent = Link(found.parent.name, found.parent.get_absolute_url()) if found.parent else None
    pairs = [
        ("Type", found.type.name),
        ("Forme juridique", found.legal_form),
        ("SIREN", found.siren),
        ("SIRET", found.siret),
        ("Code Insee", found.insee),
        ("Département", found.department),
        ("Rattachée à", parent),
    ]
    if reach:
        pairs += [("Adresse", found.address), ("Téléphone", found.phone), ("E-mail", found.email)]
    if everything:
        pairs += [
            ("Préfecture de contrôle", str(found.prefecture or "")),
            ("Comptable public", str(found.accountant or "")),
            ("Tribunal administratif", str(found.court or "")),
            ("Chorus Pro", chorus_of(found)),
        ]
    pairs += [("Existe depuis le", found.starts_on), ("A pris fin le", found.ends_on)]
    return [(name, value) for name, value in pairs if value not in ("", None)]


def chorus_of(found: Organization) -> str:
    if not found.chorus_service:
        return "engagement exigé" if found.chorus_commitment else ""
    return f"service {found.chorus_service}, engagement {'exigé' if found.chorus_commitment else 'facultatif'}"


def facts_of(user: Any, found: Organization) -> QuerySet:
    """Return the facts in force of an organization, the latest of each kind first."""
    return (
        Fact.objects.visible_to(user)
        .current()
        .filter(organization=found)
        .select_related("type")
        .order_by("type__label", "kind", "-valid_on")
    )


def calendar_of(user: Any, found: Organization, today: date) -> dict[str, Any]:
    years = (today.year, today.year + 1)
    return {
        "holidays": [(f"Jours fériés {year}", public_holidays(year, found.department)) for year in years],
        "hours": hours_of(user, found),
        "closings": found.closings.visible_to(user),
        "milestones": found.milestones.visible_to(user),
        "grounds": found.grounds.visible_to(user),
        "delegations": found.delegations.visible_to(user).select_related("delegate"),
    }


def hours_of(user: Any, found: Organization) -> list[tuple[str, list[OpeningHours]]]:
    """Return the opening hours of an organization, day by day."""
    days: dict[str, list[OpeningHours]] = {}
    for row in found.hours.visible_to(user):
        days.setdefault(row.get_weekday_display(), []).append(row)
    return list(days.items())


def links_of(user: Any, found: Organization) -> dict[str, Any]:
    """Return what an organization is made of, what it is part of, what is attached to it, what it came from."""
    compositions = Composition.objects.visible_to(user).select_related("whole", "part")
    successions = Succession.objects.visible_to(user).select_related("predecessor", "successor")
    return {
        "parts": compositions.filter(whole=found),
        "wholes": compositions.filter(part=found),
        "associated": found.associated.visible_to(user),
        "successor": successions.filter(predecessor=found).first(),
        "predecessors": successions.filter(successor=found).order_by("on", "predecessor__sort_name"),
    }


def reorganize(request: AccountRequest) -> HttpResponse:
    """Record a merger or a commune nouvelle, checked before it is done: what disappears, what succeeds, when, by which act."""
    form = SuccessionForm(request.POST or None, user=request.user)
    context: dict[str, Any] = {"form": form, "places": [Link("Organisations", "/organisations/")]}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        gone = list(given["predecessors"])
        if "fait" in request.POST:
            now = timezone.now()
            try:
                operations.succeed(gone, given["successor"], kind=given["kind"], on=given["on"], act=given["act"], now=now)
                end_rights_of_ended_roles(now)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as problem:
                add_problem(form, problem)
            else:
                messages.success(request, "La réorganisation est enregistrée.")
                return redirect(given["successor"])
        else:
            context |= {"check": True, "gone": moved_by(gone, given["on"]), **given}
    return render(request, "directory/reorganize.html", context, status=422 if form.errors else 200)


def moved_by(gone: list[Organization], on: date) -> list[dict[str, Any]]:
    """Return what a reorganization moves, organization by organization."""
    return [
        {
            "organization": one,
            "sites": Site.objects.unscoped().filter(organization=one).count(),
            "roles": running(Role.objects.unscoped().filter(organization=one), on).count(),
        }
        for one in gone
    ]


@require_POST
def designate(request: AccountRequest, pk: int) -> HttpResponse:
    """Make an organization the gestionnaire of a pool that has none."""
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    try:
        operations.designate_host(found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{found} est le gestionnaire du service.")
    return redirect(found)
