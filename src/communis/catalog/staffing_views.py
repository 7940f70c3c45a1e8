"""The page of the department, with what the convention says of its ETP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from communis.catalog.conventions import convention_in_force, tables_holding
from communis.catalog.inputs import Inputs, inputs_of
from communis.catalog.staffing import Financed, financed_fte, fte_quantities, holders_in, supposed_tables
from communis.directory.views.department import described
from communis.foundation.requests import AccountRequest
from communis.kit.formats import counted, number
from communis.tariff import Convention

HELD, ENROLLED, ALL, NOBODY = "tenues", "inscrites", "toutes", "aucune"


def department(request: AccountRequest) -> HttpResponse:
    """Show the department: units, posts, who leads, and the ETP financed beside those filled (ORG-13, ORG-14, ORG-16, ORG-24)."""
    context = described(request)
    convention = convention_in_force(timezone.localdate())
    if convention is not None and fte_quantities(convention):
        context |= compared(request, convention, context["filled"])
    return render(request, "catalog/department.html", context)


def compared(request: AccountRequest, convention: Convention, filled: Any) -> dict[str, Any]:
    """Return the ETP that the convention finances by what members hold, or by the hypothesis of the address, and the gap."""
    today = timezone.localdate()
    inputs, held = inputs_of(convention), tables_holding(convention)
    calendar = convention.model.calendar
    year, label = calendar.year_of(today), calendar.label(calendar.year_of(today))
    holders = holders_in(convention, held, year)
    offers = {name: convention.model.book.offers[name].label or name for name in convention.model.book.offers_in("")}
    asked = request.GET.get("offre", "")
    offer = asked if asked in offers else next(iter(offers), "")
    communes = {ENROLLED: enrolled(inputs, today), ALL: set(inputs.communes.values()), NOBODY: set()}
    words = (
        {HELD: f"{counted(len(holders), 'membre')}, par ce qu’{'il tient' if len(holders) == 1 else 'ils tiennent'}"}
        if holders
        else {}
    )
    words |= {
        ENROLLED: counted(len(communes[ENROLLED]), "commune inscrite", "communes inscrites"),
        ALL: counted(len(communes[ALL]), "commune du territoire", "communes du territoire"),
        NOBODY: "aucune commune",
    }
    who = request.GET.get("qui", "")
    who = who if who in words else next(iter(words))
    if who == HELD:
        tables, remark = held, f"Compté sur les offres que {counted(len(holders), 'membre')} "
        remark += f"{'tient' if len(holders) == 1 else 'tiennent'} en {label}."
    else:
        tables = supposed_tables(convention, inputs.tables, year, offer=offer, members=communes[who])
        remark = f"Hypothèse : {words[who]}{f' au {offers[offer]}, toute l’année {label}' if offer else ''}."
    found = financed_fte(convention, tables, year, simulated=who != HELD)
    asked_note = request.GET.get("note", "")
    return {
        "financed": [(one, gap_words(one, filled)) for one in found],
        "note": next((one.note(remark) for one in found if one.key == asked_note), None), "is_supposed": who != HELD,
        "remark": remark if holders else f"{remark} Aucune adhésion n’est encore en vigueur : elles se supposent.",
        "offers": offers, "offer": offer, "who": who, "whose": words, "day": today,
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
