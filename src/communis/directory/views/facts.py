"""Facts: what is known of organizations at dates, entered, corrected and withdrawn, never changed (ORG-06 to ORG-08)."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from communis.directory import access
from communis.directory.forms import FactForm, WithdrawForm
from communis.directory.models import Fact, FactType, Organization
from communis.directory.names import plain
from communis.directory.operations import facts as operations
from communis.directory.register import ReferenceBody
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.lists import EXPORT, Filters, listing
from communis.kit.parts import Link
from communis.kit.tables import CAPITAL, RIGHT, DayColumn, Table, TextColumn, absent

FACTS = Link("Faits", "/faits/")


class FactFilters(Filters):
    searched_in = "organization__search_text"
    type = django_filters.ModelChoiceFilter(label="Fait", queryset=lambda request: types_for(request), empty_label="Tous")
    year = django_filters.NumberFilter(label="Année", field_name="valid_on__year")

    @staticmethod
    def words_of(text: str) -> list[str]:
        return plain(text).split()


def types_for(request: AccountRequest | None) -> QuerySet:
    return FactType.objects.visible_to(request.user) if request else FactType.objects.none()


def address_of(fact: Fact) -> str | None:
    """Return where one sees whose a fact is; one of the service as a whole has nowhere."""
    if fact.organization is not None:
        return fact.organization.get_absolute_url()
    return reverse("commune", args=[fact.insee]) if fact.insee else None


class FactTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les faits"
    empty_text = "Aucun fait : ils se saisissent sur la fiche de l’organisation, ou s’importent."

    organization = TextColumn(
        "Organisation",
        accessor="of",
        order_by=("organization__sort_name",),
        linkify=lambda record: address_of(record),
        default=absent("le service"),
    )
    type = tables.Column("Fait", accessor="type__label", attrs=CAPITAL)
    kind = TextColumn("Nature", accessor="get_kind_display", orderable=False)
    value = tables.Column("Valeur", orderable=False, attrs=RIGHT)
    valid_on = DayColumn("À la date du")
    source = TextColumn("Source", orderable=False, attrs=CAPITAL)
    entered_by = TextColumn("Saisi par")

    def render_value(self, value: Any, record: Fact) -> str:
        return record.words

    def value_value(self, record: Fact) -> Any:
        return record.value


class FactFile(FactTable):
    """The facts as a file: the unit apart from the value, and what was made up for a demonstration."""

    unit = TextColumn("Unité", accessor="type__unit")
    is_made_up = tables.Column("Donnée fictive")

    class Meta:
        sequence = ("organization", "type", "kind", "value", "unit", "valid_on", "source", "entered_by", "is_made_up")

    def value_is_made_up(self, value: bool) -> str:
        return "oui" if value else "non"


def facts(request: AccountRequest) -> HttpResponseBase:
    """Show the facts that hold, or give them in a file."""
    rows = Fact.objects.visible_to(request.user).current().select_related("organization", "type")
    commune = ReferenceBody.objects.filter(insee=OuterRef("insee")).values("name")[:1]
    rows = rows.annotate(of=Coalesce("organization__name", Subquery(commune)))
    rows = rows.order_by("organization__sort_name", "insee", "type__label", "-valid_on", "pk")
    table = FactFile if request.GET.get(EXPORT) else FactTable
    return listing(request, rows, table, FactFilters, template="directory/facts.html", name="faits", is_long=True,
                   context={"may_import": access.may_manage_directory(request.user)})  # fmt: skip


def enter(request: AccountRequest, organization: int) -> HttpResponse:
    """Enter a fact of an organization."""
    where = get_object_or_404(Organization.objects.visible_to(request.user), pk=organization)
    asked = request.GET.get("fait", "")
    initial = {"type": FactType.objects.visible_to(request.user).filter(code=asked).values_list("pk", flat=True).first()}
    form = FactForm(request.POST or None, user=request.user, initial=initial)
    place = Link(str(where), where.get_absolute_url())
    return form_page(
        request,
        form,
        lambda: operations.enter_fact(form.fact(where), by=str(request.user), at=timezone.now()),
        title=f"Saisir un fait, {where}",
        done="Le fait est saisi.",
        back=place.url,
        submit="Saisir ce fait",
        places=[place],
    )


def fact_or_404(request: AccountRequest, pk: int) -> tuple[Fact, Organization]:
    """Return a fact one may correct, and whose it is; whether it was corrected meanwhile is told by the operation."""
    rows = Fact.objects.visible_to(request.user).filter(is_withdrawal=False).select_related("type", "organization")
    found = get_object_or_404(rows, pk=pk)
    if found.organization is None:
        raise Http404
    return found, found.organization


def correct(request: AccountRequest, pk: int) -> HttpResponse:
    old, where = fact_or_404(request, pk)
    initial = {name: getattr(old, name) for name in ("kind", "valid_on", "until", "published_on", "source")} | {
        "value": old.value
    }
    form = FactForm(request.POST or None, user=request.user, corrects=old, initial=initial)
    place = Link(str(where), where.get_absolute_url())
    return form_page(
        request,
        form,
        lambda: operations.correct_fact(old, form.fact(where), by=str(request.user), at=timezone.now()),
        title=f"Corriger : {old.type.label}",
        done="Le fait est corrigé.",
        back=place.url,
        places=[place],
        submit="Corriger ce fait",
        sentence="L’ancienne valeur reste dans l’historique avec le motif ; les décomptes déjà émis ne changent pas.",
    )


def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    old, where = fact_or_404(request, pk)
    form = WithdrawForm(request.POST or None)
    place = Link(str(where), where.get_absolute_url())
    return form_page(
        request,
        form,
        lambda: operations.withdraw_fact(old, reason=form.cleaned_data["reason"], by=str(request.user), at=timezone.now()),
        title=f"Retirer : {old.type.label}",
        done="Le fait est retiré.",
        back=place.url,
        submit="Retirer ce fait",
        places=[place],
        sentence=f"{old.words}, à la date du {old.valid_on:%d/%m/%Y}, source : {old.source}.",
    )


def past(request: AccountRequest, pk: int) -> HttpResponse:
    """Show a fact, those it corrects and those that correct it, the last first, with the reason of each."""
    seen = Fact.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("type", "organization"), pk=pk)
    near = seen.filter(type=found.type, organization=found.organization, insee=found.insee, kind=found.kind)
    near = near.select_related("type", "organization")
    rows = {row.pk: row for row in near}
    later = {row.replaces_id: row for row in rows.values() if row.replaces_id is not None}
    last = found
    while last.pk in later:
        last = later[last.pk]
    chain = [last]
    while chain[-1].replaces_id in rows:
        chain.append(rows[chain[-1].replaces_id])
    where = found.organization
    context = {
        "fact": found, "last": last, "chain": chain,
        "commune": ReferenceBody.objects.filter(insee=found.insee).first() if found.insee else None,
        "places": [FACTS, Link(str(where), where.get_absolute_url())] if where else [FACTS],
        "may_correct": where is not None and not last.is_withdrawal and access.may_manage_directory(request.user),
    }  # fmt: skip
    return render(request, "directory/fact.html", context)
