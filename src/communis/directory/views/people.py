"""People and what they hold: the list, the file of each, who is missing, the general renewal, signatures."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from communis.directory import access, operations
from communis.directory.enums import EXPECTED, RoleKind
from communis.directory.forms import AppointForm, EndForm, PersonForm, RenewalForm, SignatureForm
from communis.directory.invitations import touched_by
from communis.directory.models import Organization, OrganizationType, Person, Role
from communis.directory.views.organizations import PlainFilters
from communis.directory.views.records import history_address
from communis.kit.editing import form_page
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import Table, TextColumn, absent

PEOPLE = Link("Personnes", "/personnes/")


class PersonFilters(PlainFilters):
    kind = django_filters.ChoiceFilter(label="Rôle", choices=RoleKind.choices, method="by_kind", empty_label="Tous")

    def by_kind(self, rows: Any, name: str, value: str) -> Any:
        held = Role.objects.visible_to(self.request.user).on(timezone.localdate()).filter(kind=value)
        return rows.filter(pk__in=held.values("person"))


class PersonTable(Table):
    caption = "Les personnes"
    empty_text = "Aucune personne ne répond à cette recherche."

    name = TextColumn("Personne", accessor="__str__", linkify=True, order_by=("last_name", "first_name"))
    roles = tables.Column("Rôles", empty_values=(), orderable=False)
    email = TextColumn("Adresse e-mail")
    phone = TextColumn("Téléphone", orderable=False)

    def render_roles(self, record: Person) -> str:
        held = getattr(record, "held", [])
        if not held:
            return absent("aucun")
        return format_html_join("", "{}, {}<br>", ((r.get_kind_display(), r.organization) for r in held))

    def value_roles(self, record: Person) -> str:
        return " ; ".join(f"{r.get_kind_display()}, {r.organization}" for r in getattr(record, "held", []))


def people(request: HttpRequest) -> HttpResponse:
    held = Role.objects.visible_to(request.user).on(timezone.localdate()).select_related("organization")
    rows = Person.objects.visible_to(request.user).prefetch_related(Prefetch("roles", queryset=held, to_attr="held"))
    context = {"may_renew": access.may_manage_directory(request.user)}
    return listing(request, rows, PersonTable, PersonFilters, template="directory/people.html", name="personnes", context=context)


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a person: how to reach it, and what it holds or held."""
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    roles = list(Role.objects.visible_to(request.user).filter(person=found).select_related("organization").order_by("-starts_on"))
    keeps = may_keep(request.user, found)
    context = {
        "person": found,
        "places": [PEOPLE],
        "history_url": history_address(found) if request.user.is_staff_of_host else "",
        "may_keep": keeps,
        "may_erase": access.may_manage_directory(request.user),
        "roles": [r for r in roles if r.ends_on is None or r.ends_on >= today],
        "former": [r for r in roles if r.ends_on is not None and r.ends_on < today],
    }
    return render(request, "directory/person.html", context)


def may_keep(user: Any, found: Person) -> bool:
    """The service keeps everybody; a member’s office, the people of its own organization and of no other."""
    if access.may_manage_directory(user):
        return True
    held = list(Role.objects.unscoped().filter(person=found).select_related("organization"))
    return bool(held) and all(access.may_keep_organization(user, r.organization) for r in held)


def kept_or_404(user: Any, pk: int) -> Person:
    found = get_object_or_404(Person.objects.visible_to(user), pk=pk)
    if not may_keep(user, found):
        raise Http404
    return found


def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    found = kept_or_404(request.user, pk)
    version = operations.version_of(found)
    given = request.POST.get("version", "")
    form = PersonForm(request.POST or None, instance=found, user=request.user)
    return form_page(
        request,
        form,
        lambda: operations.record(found, version=int(given) if given.isdecimal() else 0),
        title=f"Modifier {found}",
        done="C’est enregistré.",
        back=found.get_absolute_url(),
        places=[PEOPLE],
        version=given or version,
    )


def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then empty the personal fields of a person everywhere; it cannot be undone."""
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            operations.erase_person(found)
        except Refusal as refused:
            refusal = str(refused)
        else:
            return redirect("people")
    context = {"person": found, "refusal": refusal, "places": [PEOPLE]}
    return render(request, "directory/erase.html", context, status=422 if refusal else 200)


def appoint(request: HttpRequest, organization: int) -> HttpResponse:
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
            operations.record(whom)
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


def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role.objects.visible_to(request.user).select_related("person", "organization"), pk=pk)
    if not access.may_keep_organization(request.user, role.organization):
        raise Http404
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    touched = touched_by(role, timezone.localdate())
    return form_page(
        request,
        form,
        lambda: operations.end_role(role, on=form.cleaned_data["on"]),
        title=f"Terminer un rôle de {role.organization}",
        done="Le rôle prend fin.",
        back=role.organization.get_absolute_url(),
        submit="Terminer ce rôle",
        sentence=f"{role.person}, {role.get_kind_display()}, depuis le {role.starts_on:%d/%m/%Y}. {touched}",
    )


class MissingTable(Table):
    caption = "Les interlocuteurs à désigner"
    empty_text = "Chaque organisation a ses interlocuteurs."

    organization = TextColumn(
        "Organisation", accessor="organization", linkify=lambda record: record.organization.get_absolute_url()
    )
    words = tables.Column("À désigner", orderable=False)
    action = tables.Column("", empty_values=(), orderable=False, exclude_from_export=True)

    def render_action(self, record: operations.Vacancy) -> str:
        url = f"/organisations/{record.organization.pk}/roles/ajouter/?role={record.kind}&suite=/interlocuteurs/"
        return format_html('<a href="{}">Désigner</a>', url)


def missing(request: HttpRequest) -> HttpResponse:
    """Show the organizations without a contact to decide or without a technical contact (ORG-09)."""
    today = timezone.localdate()
    held = set(Role.objects.visible_to(request.user).on(today).filter(kind__in=EXPECTED).values_list("organization_id", "kind"))
    rows = Organization.objects.visible_to(request.user).filter(is_host=False, ends_on=None).order_by("sort_name")
    vacant = [operations.Vacancy(o, k) for o in rows for k in EXPECTED if (o.pk, k) not in held]
    return listing(
        request,
        vacant,
        MissingTable,
        template="directory/missing.html",
        name="interlocuteurs à désigner",
        context={"count": len(vacant)},
    )


def renew(request: HttpRequest) -> HttpResponse:
    """End the elective mandates after a general renewal, checked before it is done, and list what to designate again."""
    types = OrganizationType.objects.visible_to(request.user)
    form = RenewalForm(request.POST or None, types=[(t.pk, t.name) for t in types])
    context: dict[str, Any] = {"form": form, "places": [PEOPLE], "today": timezone.localdate()}
    if request.method == "POST" and form.is_valid():
        on, chosen = form.cleaned_data["on"], form.cleaned_data["types"]
        where = list(Organization.objects.visible_to(request.user).filter(type_id__in=chosen, ends_on=None))
        if "fait" in request.POST:
            context |= {"vacancies": operations.renew_councils(where, on=on), "done": True, "on": on}
        else:
            context |= {"ending": operations.ending_mandates(where, on), "check": True, "on": on, "count": len(where)}
    return render(request, "directory/renewal.html", context)


def signature(request: HttpRequest) -> HttpResponse:
    """Tell whether somebody may sign for an organization on a day (ORG-20)."""
    form = SignatureForm(request.GET or None, user=request.user)
    context: dict[str, Any] = {"form": form, "asked": False}
    if request.GET and form.is_valid():
        given = form.cleaned_data
        problem = operations.signature_problem(given["person"], given["organization"], on=given["on"])
        context |= {"asked": True, "problem": problem, **given}
    return render(request, "directory/signature.html", context)
