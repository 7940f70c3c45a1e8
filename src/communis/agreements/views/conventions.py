"""The conventions of the pool: the list, and the page of each with all that is its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from communis.agreements import access
from communis.agreements.choices import counted_with_included, holders_on
from communis.agreements.enums import LegalBasis, VersionStatus
from communis.agreements.forms.versions import NO_FILE, BeginForm, PriceForm
from communis.agreements.legal import checklist
from communis.agreements.legal_reading import legal_file_of
from communis.agreements.models import (
    Agreement,
    Amendment,
    Attachment,
    LegalPiece,
    Membership,
    PriceAct,
    Resolution,
    ReviewDate,
    SharedGood,
    Version,
)
from communis.agreements.operations.prices import last_prices, plan_reviews, revisable_prices, set_price
from communis.agreements.operations.versions import begin_agreement, begin_blank
from communis.agreements.reading import adherents_of, offer_label, waves_of, with_what_is_in_force
from communis.agreements.tables.versions import AgreementFilters, AgreementTable
from communis.directory.views.records import history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import counted
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.reading import Misread, read_date
from communis.kit.refusals import Refusal

LISTED = Link("Conventions", "/conventions/")
MOST_WAVES = 50


def places_of(agreement: Agreement) -> list[Link]:
    return [LISTED, Link(str(agreement), agreement.get_absolute_url())]


def places_of_version(version: Version) -> list[Link]:
    return [*places_of(version.agreement), Link(f"version {version.label}", version.get_absolute_url())]


def managed(request: AccountRequest, pk: int) -> Agreement:
    """Return a convention that the person keeps; anything else does not exist."""
    found = get_object_or_404(Agreement.objects.visible_to(request.user), pk=pk)
    if not access.may_manage_agreements(request.user):
        raise Http404
    return found


def conventions(request: AccountRequest) -> HttpResponseBase:
    """List the conventions, with the version in force and how many have joined."""
    rows = with_what_is_in_force(Agreement.objects.visible_to(request.user), timezone.localdate())
    context = {"may_manage": access.may_manage_agreements(request.user)}
    return listing(
        request,
        rows,
        AgreementTable,
        AgreementFilters,
        template="agreements/conventions.html",
        name="conventions",
        context=context,
    )


def begin(request: AccountRequest) -> HttpResponse:
    """Begin a convention, from a shipped one or blank."""
    form = BeginForm(request.POST or None)
    made: list[Version] = []

    def act() -> None:
        given = dict(form.cleaned_data)
        slug, grounds = given.pop("slug"), given.pop("grounds")
        made.append(begin_blank(**given, grounds=grounds) if slug == NO_FILE else begin_agreement(slug, grounds=grounds, **given))

    return form_page(
        request, form, act, title="Commencer une convention", submit="Commencer cette convention",
        done="La convention est commencée : sa première version est un projet.", places=[LISTED],
        back=(lambda: made[0].get_absolute_url()) if request.method == "POST" else LISTED.url,
    )  # fmt: skip


def convention(request: AccountRequest, pk: int) -> HttpResponse:
    """The page of a convention: its versions, amendments, acts, adherents, legal file, reviews, prices, goods, data clause."""
    user, today = request.user, timezone.localdate()
    found = get_object_or_404(Agreement.objects.visible_to(user).select_related("successor"), pk=pk)
    versions = list(Version.objects.visible_to(user).filter(agreement=found).select_related("adopted_by", "agreement"))
    current = next((v for v in versions if is_in_force(v, today)), None)
    of_host = user.is_staff_of_host
    joined = Membership.objects.visible_to(user).filter(agreement=found).exclude(effect_on=None).select_related("organization")
    checks = checklist(legal_file_of(found)) if of_host else []
    prices = list(PriceAct.objects.visible_to(user).filter(agreement=found).select_related("decided_by"))
    context: dict[str, Any] = {
        "agreement": found, "versions": versions, "current": current, "places": [LISTED], "today": today,
        "coming": any(v.status == VersionStatus.APPROVED and v.starts_on is not None and v.starts_on > today for v in versions),
        "amendments": Amendment.objects.visible_to(user).filter(agreement=found).select_related("makes", "makes__agreement"),
        "acts": Resolution.objects.visible_to(user).filter(agreement=found).select_related("organization")[:50],
        "adherents": adherents_of(found, today), "waves": waves_of(joined)[:MOST_WAVES],
        **(held_in(request, found, current, today) if of_host else {}),
        "grounds": [LegalBasis(one).label for one in found.grounds],
        "checks": checks, "warnings": counted(sum(c.is_warning for c in checks), "point à voir", "points à voir"),
        "pieces": LegalPiece.objects.visible_to(user).filter(agreement=found).select_related("employer"),
        "reviews": ReviewDate.objects.visible_to(user).filter(agreement=found),
        "prices": prices, "open_prices": last_prices(prices) if access.may_manage_agreements(user) else (),
        "goods": SharedGood.objects.visible_to(user).filter(agreement=found),
        "attachments": Attachment.objects.visible_to(user).filter(Q(agreement=found) | Q(piece__agreement=found))
        .select_related("piece", "letter", "notice", "dispute"),
        "attach_url": reverse("agreement-attach", args=[pk]) if access.may_manage_agreements(user) else "",
        "may_manage": access.may_manage_agreements(user), "of_host": of_host,
        "fact_words": found.audience_fact.replace("_", " "),
        "history_url": history_address(found) if of_host else "",
    }  # fmt: skip
    return render(request, "agreements/convention.html", context)


def held_in(request: AccountRequest, agreement: Agreement, version: Version | None, today: date) -> dict[str, Any]:
    """Return how many members hold each offer of a convention on the day of the address, `?le=`, by default today (MEM-38)."""
    asked, problem, on = request.GET.get("le", ""), "", today
    try:
        on = read_date(asked) if asked else today
    except Misread as misread:
        problem = str(misread)
    convention = version.convention if version is not None else None
    counts = counted_with_included(convention, holders_on(on, agreement.pk))
    held = sorted((offer_label(version, offer), count) for offer, count in counts.items())
    return {"held": held, "held_on": on, "held_asked": asked, "held_problem": problem}


def is_in_force(version: Version, today: date) -> bool:
    begun = version.status == VersionStatus.APPROVED and version.starts_on is not None and version.starts_on <= today
    return begun and (version.ends_on is None or version.ends_on >= today)


def price(request: AccountRequest, pk: int) -> HttpResponse:
    """Record a price that an act sets, without an amendment."""
    agreement = managed(request, pk)
    prices = revisable_prices(agreement, timezone.localdate())
    if not prices:
        return render(request, "agreements/no_prices.html", {"agreement": agreement, "places": places_of(agreement)})
    form = PriceForm(request.POST or None, user=request.user, prices=prices)
    return form_page(
        request, form, lambda: set_price(agreement, **form.cleaned_data), title="Fixer un prix par un acte",
        done="Le prix est enregistré.", submit="Enregistrer ce prix", back=agreement.get_absolute_url(),
        places=places_of(agreement),
    )  # fmt: skip


@require_POST
def reviews(request: AccountRequest, pk: int) -> HttpResponse:
    """Write the review dates of the trial phase."""
    agreement = managed(request, pk)
    try:
        rows = plan_reviews(agreement)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{counted(len(rows), 'bilan est prévu', 'bilans sont prévus')}.")
    return redirect(reverse("convention", args=[pk]) + "#bilans")
