"""The page of the department, with what the convention says of its ETP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from communis.catalog.conventions import convention_in_force
from communis.catalog.inputs import Inputs, inputs_of
from communis.catalog.staffing import Financed, financed_fte, fte_quantities
from communis.directory.views.department import described
from communis.foundation.requests import AccountRequest
from communis.kit.formats import counted, number
from communis.tariff import Convention

ENROLLED, ALL, NOBODY = "inscrites", "toutes", "aucune"


def department(request: AccountRequest) -> HttpResponse:
    """Show the department: units, posts, who leads, and the ETP financed beside those filled (ORG-13, ORG-14, ORG-16, ORG-24)."""
    context = described(request)
    convention = convention_in_force(timezone.localdate())
    if convention is not None and fte_quantities(convention):
        context |= compared(request, convention, context["filled"])
    return render(request, "catalog/department.html", context)


def compared(request: AccountRequest, convention: Convention, filled: Any) -> dict[str, Any]:
    """Return the ETP that the convention finances, under the hypothesis of the address, and the gap with those filled."""
    today = timezone.localdate()
    inputs = inputs_of(convention)
    offers = {name: convention.model.book.offers[name].label or name for name in convention.model.book.offers_in("")}
    asked = request.GET.get("offre", "")
    offer = asked if asked in offers else next(iter(offers), "")
    who = request.GET.get("qui", "")
    who = who if who in (ENROLLED, ALL, NOBODY) else ENROLLED
    holders = {ENROLLED: enrolled(inputs, today), ALL: set(inputs.communes.values()), NOBODY: set()}
    calendar = convention.model.calendar
    found = financed_fte(convention, inputs, calendar.year_of(today), offer=offer, members=holders[who])
    words = {
        ENROLLED: counted(len(holders[ENROLLED]), "commune inscrite", "communes inscrites"),
        ALL: counted(len(holders[ALL]), "commune du territoire", "communes du territoire"),
        NOBODY: "aucune commune",
    }
    held = f" au {offers[offer]}, toute l’année {calendar.label(calendar.year_of(today))}" if offer else ""
    remark = f"Hypothèse : {words[who]}{held}."
    asked_note = request.GET.get("note", "")
    return {
        "financed": [(one, gap_words(one, filled)) for one in found],
        "note": next((one.note(remark) for one in found if one.key == asked_note), None),
        "remark": remark, "offers": offers, "offer": offer, "who": who, "whose": words, "day": today,
    }  # fmt: skip


def enrolled(inputs: Inputs, today: date) -> set[int]:
    """Return the communes that have a file in the pool and exist today, by their rank among the members."""
    members = inputs.tables.members
    return {
        rank for rank in inputs.organizations.values()
        if members[rank].insee and not members[rank].host and members[rank].exists(today, today)
    }  # fmt: skip


def gap_words(one: Financed, filled: Any) -> str:
    """Say how far the posts filled are from what is financed."""
    if one.amount is None:
        return "sans objet"
    gap = filled - one.amount
    if not gap:
        return "aucun"
    return f"{number(abs(gap), 2)} ETP {'de plus' if gap > 0 else 'de moins'}"
