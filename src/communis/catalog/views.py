"""What a commune would pay: every offer of the version it adopted, over three exercises, each amount with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from communis.catalog import access
from communis.catalog.conventions import TariffRead, convention_in_force, tariff_read_by
from communis.catalog.headlines import headline_of
from communis.catalog.inputs import Inputs, inputs_of
from communis.catalog.offers import Offers, Supposed, exercises_until, simulate_offers, supposed_tables
from communis.directory.access import is_of_host, may_manage_directory
from communis.directory.models import Organization
from communis.directory.territory import communes_of, host_of
from communis.foundation.requests import AccountRequest
from communis.kit.formats import capital
from communis.kit.parts import Link
from communis.tariff import Convention
from communis.tariff.studies.changes import Impossible
from communis.tariff.wording import readable

_SUPPOSED = re.compile(r"^h-([a-z_à-ÿ0-9]{1,80})-([12][0-9]{3})$")
MOST_SUPPOSED = 12
_NATURES = {"total": "totale", "municipal": "municipale", "dgf": "DGF", "apart": "comptée à part", "declared": "déclarée"}


def supposed_in(request: HttpRequest) -> tuple[Supposed, ...]:
    """Return the hypotheses that the address carries: `h-habitants-2026=2400`."""
    found = []
    for name in list(request.GET)[:50]:
        match, text = _SUPPOSED.match(name), request.GET.get(name, "")
        if match and text.strip():
            found.append(Supposed(match[1], int(match[2]), text.strip()[:60]))
    return tuple(found[:MOST_SUPPOSED])


def offers(request: AccountRequest, pk: int) -> HttpResponse:
    """Show the offers simulated for an organization of the pool."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not access.may_simulate(request.user, organization):
        raise Http404
    place = Link(organization.name, organization.get_absolute_url())
    return simulated(request, organization.name, place, lambda inputs: inputs.organizations.get(organization.pk), organization)


def offers_of_commune(request: AccountRequest, insee: str) -> HttpResponse:
    """Show the offers simulated for a commune of the territory that is not in the service yet: what if it joined?"""
    body = get_object_or_404(communes_of(host_of()), insee=insee)
    known = Organization.objects.visible_to(request.user).filter(reference=body).first()
    if known is not None:
        return redirect("offers", pk=known.pk)
    place = Link(body.name, reverse("commune", args=[insee]))
    return simulated(request, body.name, place, lambda inputs: inputs.communes.get(insee))


def simulated(
    request: AccountRequest,
    name: str,
    place: Link,
    rank: Callable[[Inputs], int | None],
    organization: Organization | None = None,
) -> HttpResponse:
    """Answer the page of the offers, from two years ago to this year; hypotheses are those of the address.

    What the convention cannot read is set aside and told; what can be computed still is.
    """
    today = timezone.localdate()
    read = tariff_read_by(organization.pk, today) if organization is not None else TariffRead()
    convention = read.convention if organization is not None else convention_in_force(today)
    context: dict[str, Any] = {"name": name, "places": [place]}
    if convention is None:
        return render(request, "catalog/no_convention.html", context | {"read": read})
    inputs = inputs_of(convention)
    context["unfit"] = set_aside(request, inputs, organization)
    member = rank(inputs)
    if member is None:
        return render(request, "catalog/unfit.html", context)
    years = exercises_until(convention, today)
    supposed, problem = supposed_in(request), ""
    try:
        found = simulate_offers(convention, inputs, member, years, supposed)
    except Impossible as refused:
        problem, found = str(refused), simulate_offers(convention, inputs, member, years)
    note = found.note(request.GET.get("note", ""), remark="Simulation, pas une facture.")
    version = [("Version", Link(read.version, read.url))] if read.version else []
    wrong = {(one.fact, one.year) for one in supposed if problem and not can_be_supposed(convention, inputs, member, one)}
    fields = wanted(found, supposed, refused=bool(problem), wrong=wrong)
    told = [("Hypothèse", f"{row['words']} : {row['value']} {row['unit']}".rstrip()) for row in fields if row["supposed"]]
    facts = [("Convention", convention.title), *version, ("Membre", place), ("Montants", tax_words_of(convention)), *told]
    context |= {
        "found": found,
        "headline": headline_of(found),
        "note": note,
        "problem": problem,
        "typed": bool(supposed),
        "wanted": fields,
        "facts": facts,
    }
    return render(request, "catalog/offers.html", context, status=422 if problem else 200)


def set_aside(request: AccountRequest, inputs: Inputs, organization: Organization | None) -> list[dict[str, Any]]:
    """Return what the convention cannot read, each with where to mend it: a member is told of its own alone."""
    of_host = is_of_host(request.user)
    manages = may_manage_directory(request.user)
    rows = []
    for one in inputs.unfit if of_host else inputs.unfit_for(organization.pk if organization else None):
        url, act = "", "Corriger ce fait" if manages else "Voir ce fait"
        if one.fact is None and manages:
            url, act = reverse("record-change", args=["organisations", one.organization]), "Modifier la fiche"
        elif one.fact is not None and manages and one.organization is not None:
            url = reverse("fact-correct", args=[one.fact])
        elif one.fact is not None and (of_host or one.organization is not None):
            url = reverse("fact", args=[one.fact])
        rows.append({"words": f"{one.name}, {one.what} : {one.why} {one.remedy}", "url": url, "act": act})
    return rows


def tax_words_of(convention: Convention) -> str:
    return "hors taxe" if convention.model.book.header.tax.rate is None else "hors taxe, la taxe en sus"


def can_be_supposed(convention: Convention, inputs: Inputs, member: int, one: Supposed) -> bool:
    """Tell whether a hypothesis alone can be read."""
    try:
        supposed_tables(convention, inputs, member, (one,))
    except Impossible:
        return False
    return True


def wanted(
    found: Offers, supposed: tuple[Supposed, ...], *, refused: bool = False, wrong: Collection[tuple[str, int]] = ()
) -> list[dict[str, Any]]:
    """Return the facts to suppose: those missing, and those supposed already, each once, with what was typed.

    A fact bears the same name whether it is missing or supposed; a value that is near and is not read is told beside it.
    """
    typed = {(one.fact, one.year): one.text for one in supposed}
    rows: list[dict[str, Any]] = []
    for missing in found.missing:
        text = typed.pop((missing.fact, missing.year), "")
        near = missing.words.partition(" ; ")[2]
        rows.append(row_of(found.convention, missing.fact, missing.year, text, near=f"{capital(near)}." if near else ""))
    rows += [row_of(found.convention, fact, year, text, counted=not refused) for (fact, year), text in typed.items()]
    return [row | {"wrong": (row["fact"], row["year"]) in wrong} for row in rows]


def row_of(convention: Convention, fact: str, year: int, text: str, *, near: str = "", counted: bool = False) -> dict[str, Any]:
    """Return a field of the form of hypotheses; `counted` tells that what was typed bears on the amounts."""
    rule = convention.model.book.facts.get(fact)
    unit = rule.type.unit if rule is not None else ""
    return {"name": f"h-{fact}-{year}", "fact": fact, "year": year, "words": fact_to_suppose(convention, fact, year),
            "unit": unit, "value": text, "supposed": counted, "near": near}  # fmt: skip


def fact_to_suppose(convention: Convention, fact: str, year: int) -> str:
    """Name a fact of an exercise: a population by its nature, as a fact that is missing does, another by its label."""
    book = convention.model.book
    rule = book.facts.get(fact)
    if rule is None:
        return f"{readable(fact)} {year}"
    settled = book.interpretations.get(rule.population_by) if rule.population_by else None
    kind = _NATURES.get(rule.population or "") or (settled.retained if settled is not None else None)
    return f"population {readable(kind)} {year}" if kind else f"{rule.label or readable(fact)} {year}"
