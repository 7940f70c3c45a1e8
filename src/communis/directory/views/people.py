"""People and what they hold: the list, the file of each, who is missing, the general renewal, signatures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from communis.directory import access
from communis.directory.enums import RoleKind
from communis.directory.erasing import told_of
from communis.directory.forms import AppointForm, EndForm, PersonForm, RenewalForm, SignatureForm
from communis.directory.invitations import end_rights_of_ended_roles, touched_by
from communis.directory.members import contacts_missing
from communis.directory.models import Organization, OrganizationType, Person, Role
from communis.directory.names import Sorted
from communis.directory.operations import mandates as operations
from communis.directory.operations.rows import record
from communis.directory.views.organizations import PlainFilters
from communis.directory.views.records import Known, history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import capital, of
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.reading import Misread, read_date
from communis.kit.refusals import Refusal
from communis.kit.tables import CAPITAL, END, Table, TextColumn, absent, unknown

PEOPLE = Link("Personnes", "/personnes/")


class PersonFilters(PlainFilters):
    kind = django_filters.ChoiceFilter(label="Rôle", choices=RoleKind.choices, method="by_kind", empty_label="Tous")

    def by_kind(self, rows: Any, name: str, value: str) -> Any:
        held = Role.objects.visible_to(self.request.user).on(timezone.localdate()).filter(kind=value)
        return rows.filter(pk__in=held.values("person"))


class PersonTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les personnes"
    empty_text = "Aucune personne : elles s’ajoutent en leur donnant un rôle, sur la fiche d’une organisation."

    name = TextColumn("Personne", linkify=True)
    roles = tables.Column("Rôles", empty_values=(), orderable=False, attrs=CAPITAL)
    email = TextColumn("Adresse e-mail", default=unknown())
    phone = TextColumn("Téléphone", orderable=False, default=unknown())

    def order_name(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        keys = [Sorted("last_name"), Sorted("first_name")]
        return rows.order_by(*(key.desc() if is_descending else key.asc() for key in keys), "id"), True

    def render_roles(self, record: Person) -> str:
        held = getattr(record, "held", [])
        if not held:
            return absent("aucun")
        return format_html_join("", "{}, {}<br>", ((capital(r.get_kind_display()), r.organization) for r in held))

    def value_roles(self, record: Person) -> str:
        return " ; ".join(f"{r.get_kind_display()}, {r.organization}" for r in getattr(record, "held", []))


def people(request: AccountRequest) -> HttpResponseBase:
    held = Role.objects.visible_to(request.user).on(timezone.localdate()).select_related("organization")
    rows = Person.objects.visible_to(request.user).prefetch_related(Prefetch("roles", queryset=held, to_attr="held"))
    context = {"may_renew": access.may_manage_directory(request.user)}
    return listing(request, rows, PersonTable, PersonFilters, template="directory/people.html", name="personnes", context=context)


def person(request: AccountRequest, pk: int) -> HttpResponse:
    """The file of a person: how to reach it, and what it holds or held."""
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    roles = list(Role.objects.visible_to(request.user).filter(person=found).select_related("organization").order_by("-starts_on"))
    keeps = access.may_keep_person(request.user, found)
    context = {
        "person": found,
        "places": [PEOPLE],
        "history_url": history_address(found) if keeps else "",
        "may_keep": keeps,
        "may_erase": access.may_manage_directory(request.user),
        "roles": [r for r in roles if r.ends_on is None or r.ends_on >= today],
        "former": [r for r in roles if r.ends_on is not None and r.ends_on < today],
    }
    return render(request, "directory/person.html", context)


def kept_or_404(user: Any, pk: int) -> Person:
    found = get_object_or_404(Person.objects.visible_to(user), pk=pk)
    if not access.may_keep_person(user, found):
        raise Http404
    return found


def change_person(request: AccountRequest, pk: int) -> HttpResponse:
    found = kept_or_404(request.user, pk)
    known = Known(request, found)
    form = PersonForm(request.POST or None, instance=found, user=request.user)
    return form_page(
        request,
        form,
        lambda: known.record(found),
        title=f"Modifier {found}",
        done="C’est enregistré.",
        back=found.get_absolute_url(),
        places=[PEOPLE],
        version=known.version,
        history_url=history_address(found),
    )


def erase(request: AccountRequest, pk: int) -> HttpResponse:
    """Ask, then empty the personal fields of a person everywhere; it cannot be undone."""
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            operations.erase_person(found, on=timezone.localdate())
        except Refusal as refused:
            refusal = str(refused)
        else:
            messages.success(request, "Ses données personnelles sont effacées.")
            return redirect("people")
    roles = Role.objects.visible_to(request.user).filter(person=found).select_related("organization").order_by("-starts_on")
    lost, kept = told_of(found)
    context = {
        "person": found,
        "refusal": refusal,
        "roles": roles,
        "lost": lost,
        "kept": kept,
        "places": [PEOPLE, Link(str(found), found.get_absolute_url())],
    }
    return render(request, "directory/erase.html", context, status=422 if refusal else 200)


def appoint(request: AccountRequest, organization: int) -> HttpResponse:
    """Give somebody a role in an organization."""
    where = get_object_or_404(Organization.objects.visible_to(request.user), pk=organization)
    if not access.may_keep_organization(request.user, where):
        raise Http404
    asked = request.GET.get("role", "")
    initial = {"starts_on": timezone.localdate(), "kind": asked if asked in RoleKind.values else RoleKind.DECISION}
    form = AppointForm(request.POST or None, user=request.user, initial=initial)

    def act() -> None:
        given, whom = form.cleaned_data, form.whom()
        if whom.pk is None:
            record(whom)
        operations.appoint(whom, where, given["kind"], starts_on=given["starts_on"], ends_on=given["ends_on"])

    return form_page(
        request,
        form,
        act,
        title=f"Donner un rôle, {where}",
        done="Le rôle est donné.",
        back=where.get_absolute_url(),
        submit="Donner ce rôle",
        places=[Link(str(where), where.get_absolute_url())],
    )


def end_role(request: AccountRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role.objects.visible_to(request.user).select_related("person", "organization"), pk=pk)
    if not access.may_keep_organization(request.user, role.organization):
        raise Http404
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    touched = touched_by(role, timezone.localdate())

    def act() -> None:
        operations.end_role(role, on=form.cleaned_data["on"])
        end_rights_of_ended_roles(timezone.now())

    return form_page(
        request,
        form,
        act,
        title=f"Terminer un rôle {of(role.organization)}",
        done="Le rôle prend fin.",
        back=role.organization.get_absolute_url(),
        submit="Terminer ce rôle",
        sentence=f"{role.person}, {role.get_kind_display()}, depuis le {role.starts_on:%d/%m/%Y}. {touched}",
    )


class MissingTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les interlocuteurs à désigner"
    empty_text = "Chaque organisation a ses interlocuteurs."

    organization = TextColumn(
        "Organisation", accessor="organization", linkify=lambda record: record.organization.get_absolute_url()
    )
    words = tables.Column("À désigner", orderable=False, attrs=CAPITAL)
    action = tables.Column("Agir", empty_values=(), orderable=False, exclude_from_export=True, attrs=END)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    def render_action(self, record: operations.Vacancy) -> str:
        if not access.may_keep_organization(self.user, record.organization):
            return ""
        asked = urlencode({"role": record.kind, "suite": reverse("missing")})
        return format_html('<a href="{}?{}">Désigner</a>', reverse("role-add", args=[record.organization.pk]), asked)


def missing(request: AccountRequest) -> HttpResponseBase:
    """Show the members without a contact to decide or without a technical contact (ORG-09)."""
    today = timezone.localdate()
    vacant = [operations.Vacancy(o, k) for o, kinds in contacts_missing(request.user, today).items() for k in kinds]
    return listing(
        request,
        vacant,
        MissingTable,
        template="directory/missing.html",
        name="interlocuteurs à désigner",
        context={"count": len(vacant)},
        user=request.user,
    )


def renew(request: AccountRequest) -> HttpResponse:
    """End the elective mandates after a general renewal, checked before it is done; then list what to designate again."""
    types = OrganizationType.objects.visible_to(request.user)
    form = RenewalForm(request.POST or None, types=[(t.pk, t.name) for t in types])
    context: dict[str, Any] = {"form": form, "places": [PEOPLE], "today": timezone.localdate()}
    if request.method == "POST" and form.is_valid():
        on, chosen = form.cleaned_data["on"], form.cleaned_data["types"]
        where = list(Organization.objects.visible_to(request.user).filter(type_id__in=chosen).exclude(ends_on__lt=on))
        if "fait" in request.POST:
            operations.renew_councils(where, on=on)
            end_rights_of_ended_roles(timezone.now())
            return redirect(f"{reverse('designations')}?le={on:%d/%m/%Y}")
        ending = list(operations.ending_mandates(where, on))
        count = len({role.organization_id for role in ending})
        context |= {"ending": ending, "check": True, "on": on, "count": count}
    return render(request, "directory/renewal.html", context, status=422 if form.errors else 200)


class DesignationTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les mandats à désigner de nouveau"
    empty_text = "Rien n’est à désigner : aucun mandat n’a pris fin ce jour-là, ou tous ont été désignés de nouveau."

    organization = TextColumn(
        "Organisation", accessor="organization", linkify=lambda record: record.organization.get_absolute_url()
    )
    words = tables.Column("À désigner", orderable=False, attrs=CAPITAL)
    last = tables.Column("Tenu jusque-là par", accessor="last__person", orderable=False)
    action = tables.Column("Agir", empty_values=(), orderable=False, exclude_from_export=True, attrs=END)

    def render_action(self, record: operations.Vacancy) -> str:
        back = f"{reverse('designations')}?le={record.last.ends_on:%d/%m/%Y}" if record.last else ""
        asked = urlencode({"role": record.kind, "suite": back})
        url = f"{reverse('role-add', args=[record.organization.pk])}?{asked}"
        return format_html('<a href="{}">Désigner</a>', url)


def designations(request: AccountRequest) -> HttpResponseBase:
    """List, organization by organization, what a general renewal leaves to designate (ORG-11): the last one, or that of a day."""
    asked = request.GET.get("le", "")
    try:
        on = read_date(asked) if asked else operations.last_renewal(timezone.localdate())
    except Misread:
        raise Http404 from None
    vacancies = operations.designations_of(on) if on is not None else []
    return listing(
        request, vacancies, DesignationTable, template="directory/designations.html", name="mandats à désigner",
        context={"on": on, "count": len(vacancies), "places": [PEOPLE]},
    )  # fmt: skip


def signature(request: AccountRequest) -> HttpResponse:
    """Tell whether somebody may sign for an organization on a day (ORG-20)."""
    form = SignatureForm(request.GET or None, user=request.user)
    context: dict[str, Any] = {"form": form, "asked": False}
    if request.GET and form.is_valid():
        given = form.cleaned_data
        context |= {
            "asked": True,
            "signing": operations.signing_of(given["person"], given["organization"], on=given["on"]),
            **given,
        }
    return render(request, "directory/signature.html", context, status=422 if form.errors else 200)
