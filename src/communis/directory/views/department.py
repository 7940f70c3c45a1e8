"""The pooled department: its units, its posts and who is on them, the split of their time, suppliers and partners."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Exists, F, FilteredRelation, OuterRef, Prefetch, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from communis.directory import access
from communis.directory.enums import PartnerKind, RoleKind, SupplierKind
from communis.directory.forms import SplitForm
from communis.directory.models import (
    Appearance,
    FactType,
    Occupation,
    Organization,
    OrganizationType,
    Partner,
    Post,
    Supplier,
    SupplierLabel,
    Unit,
    WorkShare,
    WorkTable,
)
from communis.directory.operations import posts as operations
from communis.directory.views.organizations import PlainFilters
from communis.directory.views.records import history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import CAPITAL, END, Table, TextColumn, unknown


class Held(TypedDict):
    """What the list of suppliers reads beside each: its labels of today."""

    held: list[SupplierLabel]


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Labelled = WithAnnotations[Supplier, Held]

DEPARTMENT = Link("Le service", "/service/")


def described(request: AccountRequest) -> dict[str, Any]:
    """Return what the page of the department shows: direction, units, posts, who leads, and the ETP filled.

    The page itself is one floor up, where the convention says how many ETP it finances.
    """
    today, user = timezone.localdate(), request.user
    reads_staff = access.may_read_staff(user)
    posts = Post.objects.visible_to(user).filter(starts_on__lte=today).exclude(ends_on__lt=today)
    if reads_staff:
        on = Occupation.objects.visible_to(user).select_related("person").filter(starts_on__lte=today).exclude(ends_on__lt=today)
        posts = posts.prefetch_related(Prefetch("occupations", queryset=on, to_attr="now"))
    posts = posts.annotate(is_filled=Exists(operations.held_posts(today).filter(post=OuterRef("pk"))))
    units = list(Unit.objects.visible_to(user).prefetch_related(Prefetch("posts", queryset=posts, to_attr="open")))
    host = presided(today)
    shown = [post for unit in units for post in unit.open]
    return {
        "units": units,
        "host": host,
        "president": getattr(host, "president", None),  # nobody presides: the row has no such attribute
        "total": sum((post.quotity for post in shown), Decimal(0)),
        "reads_staff": reads_staff,
        "filled": sum((post.quotity for post in shown if post.is_filled), Decimal(0)),
        "may_manage": access.may_manage_staff(user),
        "posts": len(shown),
    }


def presided(today: date) -> Organization | None:
    """Return the gestionnaire of the pool in scope, with whom presides it today as `president`, in one query."""
    held = Q(roles__ends_on=None) | Q(roles__ends_on__gte=today)
    president = FilteredRelation("roles", condition=held & Q(roles__kind=RoleKind.PRESIDENT, roles__starts_on__lte=today))
    rows = Organization.objects.unscoped().filter(is_host=True).annotate(president=president)
    return rows.select_related("president__person").first()


@require_POST
def example(request: AccountRequest) -> HttpResponse:
    """Describe the department as Redon’s annexe 1 does, to be adapted."""
    try:
        operations.load_annex(starts_on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Les douze postes de l’exemple sont là : adaptez-les.")
    return redirect("department")


def post(request: AccountRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Post.objects.visible_to(request.user).select_related("unit"), pk=pk)
    reads_staff = access.may_read_staff(request.user)
    shares: dict[tuple[int, WorkTable | None], list[WorkShare]] = {}
    rows = WorkShare.objects.visible_to(request.user).filter(post=found).select_related("table")
    for share in rows.order_by("-year", F("table__adopted_on").desc(nulls_first=True), "-table", "brick"):
        shares.setdefault((share.year, share.table), []).append(share)
    context = {
        "post": found,
        "shares": shares.items(),
        "reads_staff": reads_staff,
        "places": [DEPARTMENT],
        "history_url": history_address(found) if request.user.is_staff_of_host else "",
        "may_manage": access.may_manage_staff(request.user),
        "year": timezone.localdate().year,
        "occupations": Occupation.objects.visible_to(request.user).filter(post=found).select_related("person")
        if reads_staff
        else (),
    }
    return render(request, "directory/post.html", context)


def split(request: AccountRequest, pk: int) -> HttpResponse:
    """Split the time of a post among bricks for a year (ORG-15)."""
    found = get_object_or_404(Post.objects.visible_to(request.user), pk=pk)
    asked = request.GET.get("exercice", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localdate().year
    known = WorkShare.objects.visible_to(request.user).filter(post=found).of_last_table(year)
    lines = "\n".join(f"{s.brick} : {str(s.fte).replace('.', ',')}" for s in known)
    form = SplitForm(request.POST or None, post=found, initial={"year": year, "shares": lines})
    quotity = str(found.quotity).replace(".", ",")
    return form_page(
        request,
        form,
        lambda: operations.split_post(found, form.cleaned_data["year"], form.cleaned_data["shares"]),
        title=f"Répartir le temps, {found}",
        done="La répartition est enregistrée.",
        back=found.get_absolute_url(),
        submit="Enregistrer la répartition",
        places=[DEPARTMENT, Link(str(found), found.get_absolute_url())],
        sentence=f"Les parts de l’exercice font {quotity} ETP, la quotité du poste.",
    )


class SupplierFilters(PlainFilters):
    kind = django_filters.ChoiceFilter(label="Genre", choices=SupplierKind.choices, empty_label="Tous")


class SupplierTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les fournisseurs"
    empty_text = "Aucun fournisseur : éditeurs, opérateurs, infogéreurs et centrales d’achats viendront ici."

    name = TextColumn("Fournisseur", linkify=True, order_by=("sort_name",))
    kind = TextColumn("Genre", accessor="get_kind_display", order_by=("kind",), attrs=CAPITAL)
    siren = TextColumn("SIREN", default=unknown())
    labels = tables.Column("Labels", empty_values=(), orderable=False)
    email = TextColumn("Adresse e-mail", orderable=False, default=unknown())

    def render_labels(self, record: Labelled) -> Any:
        return format_html_join(", ", "{}", ((label.name,) for label in record.held)) or "aucun"

    def value_labels(self, record: Labelled) -> str:
        return ", ".join(label.name for label in record.held)


def suppliers(request: AccountRequest) -> HttpResponseBase:
    held = SupplierLabel.objects.visible_to(request.user).exclude(ends_on__lt=timezone.localdate())
    rows = Supplier.objects.visible_to(request.user).prefetch_related(Prefetch("labels", queryset=held, to_attr="held"))
    context = {"may_keep": access.may_keep_outside(request.user)}
    return listing(
        request, rows, SupplierTable, SupplierFilters, template="directory/suppliers.html", name="fournisseurs", context=context
    )


def supplier(request: AccountRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Supplier.objects.visible_to(request.user), pk=pk)
    context = {
        "supplier": found,
        "labels": found.labels.visible_to(request.user),
        "contracts": found.contracts.visible_to(request.user),
        "today": timezone.localdate(),
        "contacts": found.contacts.visible_to(request.user),
        "may_keep": access.may_keep_outside(request.user),
        "places": [Link("Fournisseurs", "/fournisseurs/")],
        "history_url": history_address(found) if request.user.is_staff_of_host else "",
    }
    return render(request, "directory/supplier.html", context)


class PartnerFilters(PlainFilters):
    kind = django_filters.ChoiceFilter(label="Genre", choices=PartnerKind.choices, empty_label="Tous")


class PartnerTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les partenaires"
    empty_text = "Aucun partenaire : la préfecture, le comptable public, le tribunal, la Région viendront ici."

    name = TextColumn("Partenaire", order_by=("sort_name",))
    kind = TextColumn("Genre", accessor="get_kind_display", order_by=("kind",), attrs=CAPITAL)
    address = TextColumn("Adresse", orderable=False, default=unknown())
    email = TextColumn("Adresse e-mail", orderable=False, default=unknown())
    action = tables.TemplateColumn(
        '<span class="row-acts"><a href="{% url "record-change" "partenaires" record.pk %}">Modifier</a> '
        '<a href="{% url "record-remove" "partenaires" record.pk %}">Retirer</a></span>',
        verbose_name="Agir",
        attrs=END,
        orderable=False,
        exclude_from_export=True,
    )


def partners(request: AccountRequest) -> HttpResponseBase:
    keeps = access.may_keep_outside(request.user)
    return listing(
        request,
        Partner.objects.visible_to(request.user),
        PartnerTable,
        PartnerFilters,
        name="partenaires",
        template="directory/partners.html",
        context={"may_keep": keeps},
        exclude=() if keeps else ("action",),
    )


def settings(request: AccountRequest) -> HttpResponse:
    """What a pool adjusts without code: its types of organization and of facts (ORG-01, ORG-08)."""
    context = {
        "types": OrganizationType.objects.visible_to(request.user),
        "appearance": Appearance.objects.visible_to(request.user).defer("logo").first(),
        "fact_types": FactType.objects.visible_to(request.user),
    }
    return render(request, "directory/settings.html", context)
