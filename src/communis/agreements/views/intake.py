"""The pages of admissions: the lists of the years, what each holds, asking for a place, admitting in order (MEM-20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from communis.agreements import access
from communis.agreements.authors import author_of
from communis.agreements.enums import IntakeOutcome, LetterKind
from communis.agreements.forms.memberships import AdmissionForm
from communis.agreements.models import Agreement, Intake, IntakeRequest, Letter, Membership, Precondition
from communis.agreements.operations.intake import admit as admit_in_order
from communis.agreements.operations.intake import ask_admission, unmet, waiting_list
from communis.agreements.reading import offer_label, offer_labels, version_in_force
from communis.directory.access import is_of_host
from communis.directory.views.records import history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import agreed
from communis.kit.lists import Filters, listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import CountColumn, Table, TextColumn


class IntakeFilters(Filters):
    searched_in = "offer"
    agreement = django_filters.ModelChoiceFilter(
        label="Convention", queryset=lambda request: Agreement.objects.visible_to(request.user), empty_label="Toutes"
    )


class IntakeTable(Table):
    caption = "Listes d’admission"
    empty_text = "Aucune liste d’admission : elle s’ouvre pour une offre dont les places sont comptées."

    offer = tables.Column("Offre")
    year = tables.Column("Année")
    agreement = tables.Column("Convention", accessor="agreement__short_name", order_by=("agreement__sort_name",))
    places = CountColumn(verbose_name="Places", default="sans limite")
    fallback = TextColumn("En attendant", default="rien")

    def __init__(self, *args: Any, label: Callable[[int, str], str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.label = label

    def render_offer(self, value: str, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), self.value_offer(value, record))

    def value_offer(self, value: str, record: Any) -> str:
        return self.label(record.agreement_id, value)

    def render_fallback(self, value: str, record: Any) -> str:
        return self.label(record.agreement_id, value)

    def render_year(self, value: int) -> str:
        return str(value)


def intakes(request: AccountRequest) -> HttpResponseBase:
    """List the admissions, and the conditions that keep offers announced."""
    rows = Intake.objects.visible_to(request.user).select_related("agreement")
    conditions = Precondition.objects.visible_to(request.user).select_related("agreement")
    label = offer_labels(timezone.localdate())
    told = [(row, label(row.agreement_id, row.offer)) for row in conditions]
    context = {"conditions": told, "may_manage": access.may_manage_agreements(request.user)}
    return listing(request, rows, IntakeTable, IntakeFilters, template="agreements/intakes.html", name="listes d’admission",
                   context=context, label=label)  # fmt: skip


def intake(request: AccountRequest, pk: int) -> HttpResponse:
    """The list of a year: its criteria, who was admitted, who waits in what order; a member sees its own request alone."""
    found = get_object_or_404(Intake.objects.visible_to(request.user).select_related("agreement"), pk=pk)
    today = timezone.localdate()
    rows = IntakeRequest.objects.visible_to(request.user).filter(intake=found).select_related("membership__organization")
    seen = {row.pk for row in rows}
    letters = Letter.objects.visible_to(request.user).filter(agreement=found.agreement_id, kind=LetterKind.COMMITMENT)
    signed = {letter.organization_id: str(letter) for letter in letters.order_by("on")}
    version = version_in_force(found.agreement, today)
    context = {
        "intake": found, "offer": offer_label(version, found.offer),
        "fallback": offer_label(version, found.fallback) if found.fallback else "",
        "waiting": [
            (one, priority_of(one.request), signed.get(one.request.membership.organization_id, ""))
            for one in waiting_list(found) if one.request.pk in seen
        ],
        "settled": [row for row in rows if row.outcome != IntakeOutcome.WAITING],
        "unmet": unmet(found, today), "may_manage": access.may_manage_agreements(request.user),
        "history_url": history_address(found) if is_of_host(request.user) else "",
        "places": [Link("Admissions", reverse("intakes"))],
    }  # fmt: skip
    return render(request, "agreements/intake.html", context)


def priority_of(asked: IntakeRequest) -> str:
    """Say which criteria of its list a request meets, by their rank on it."""
    ranks = [str(rank + 1) for rank in sorted(asked.meets)]
    return f"{agreed(len(ranks), 'critère')} {', '.join(ranks)}" if ranks else "aucun critère"


def ask(request: AccountRequest, pk: int) -> HttpResponse:
    """Put a member on the list."""
    found = get_object_or_404(Intake.objects.visible_to(request.user), pk=pk)
    members = Membership.objects.visible_to(request.user).filter(agreement=found.agreement_id, dropped_on=None)
    form = AdmissionForm(request.POST or None, memberships=members.select_related("organization", "agreement"),
                         criteria=found.criteria, today=timezone.localdate())  # fmt: skip

    def act() -> None:
        given = form.cleaned_data
        ask_admission(found, given["membership"], given["on"], meets=given.get("meets", ()), by=author_of(request))

    return form_page(request, form, act, title="Inscrire une demande d’admission", done="La demande est inscrite.",
                     back=found.get_absolute_url(), places=[Link(str(found), found.get_absolute_url())])  # fmt: skip


def admit(request: AccountRequest, pk: int) -> HttpResponse:
    """Admit in order while places remain; asked first."""
    found = get_object_or_404(Intake.objects.visible_to(request.user), pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            admitted = admit_in_order(found, timezone.localdate(), by=author_of(request))
        except Refusal as refused:
            refusal = str(refused)
        else:
            names = ", ".join(str(row.membership.organization) for row in admitted)
            messages.success(request, f"Sont admises : {names}.")
            return redirect(found)
    context = {"intake": found, "refusal": refusal, "waiting": waiting_list(found), "places": [
        Link("Admissions", reverse("intakes")), Link(str(found), found.get_absolute_url())]}  # fmt: skip
    return render(request, "agreements/admit.html", context, status=422 if refusal else 200)
