"""The sites that the offers cover: stated offer by offer, read site by site."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from communis.catalog import access
from communis.catalog.composition import label_of
from communis.catalog.conventions import convention_in_force, tariff_read_by
from communis.catalog.coverage import offers_covered
from communis.catalog.forms import CoverageForm
from communis.catalog.models import Coverage
from communis.catalog.operations import state_coverage
from communis.directory.access import may_keep_organization
from communis.directory.models import Organization, Site
from communis.directory.views.records import Known, history_address, may_read_history
from communis.foundation.history import history_of
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.parts import Link


def coverage(request: AccountRequest) -> HttpResponse:
    """List the offers with the kinds of sites that each covers: those that a member reads, the pool’s for the host (CAT-34)."""
    today = timezone.localdate()
    own = Organization.objects.visible_to(request.user).filter(pk__in=request.user.organizations).order_by("sort_name").first()
    convention = tariff_read_by(own.pk, today).convention if own is not None else convention_in_force(today)
    rows = offers_covered(convention, Coverage.objects.visible_to(request.user)) if convention else []
    context = {"rows": rows, "convention": convention, "may_state": access.may_state_coverage(request.user)}
    return render(request, "catalog/coverage.html", context)


def state(request: HttpRequest, offer: str) -> HttpResponse:
    """State which kinds of sites an offer covers."""
    convention = convention_in_force(timezone.localdate())
    found = next((one for one in offers_covered(convention, ()) if one.offer == offer), None) if convention else None
    if convention is None or found is None:
        raise Http404
    row = Coverage.objects.visible_to(request.user).filter(offer=offer).first() or Coverage(offer=offer)
    known = Known(request, row)
    form = CoverageForm(request.POST or None, initial={"site_kinds": row.site_kinds, "source": row.source})
    return form_page(
        request, form, lambda: state_coverage(convention, offer, row=row, version=known.number, **form.cleaned_data),
        title=f"Sites couverts par « {found.label} »", done="C’est enregistré.", back=reverse("coverage"),
        places=[Link("Ce que couvrent les offres", reverse("coverage"))], version=known.version,
        history_url=reverse("coverage-history", args=[row.pk]) if row.pk else "",
    )  # fmt: skip


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who stated what an offer covers, and when."""
    row = get_object_or_404(Coverage.objects.visible_to(request.user), pk=pk)
    place = Link("Ce que couvrent les offres", reverse("coverage"))
    context: dict[str, Any] = {
        "row": label_of(convention_in_force(timezone.localdate()), row.offer),
        "entries": history_of(row, request.user),
        "what": row._meta.verbose_name,
        "places": [place],
    }
    return render(request, "directory/history.html", context)


def site(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a site: where it is, how it reaches the network, and which offers cover it."""
    found = get_object_or_404(Site.objects.visible_to(request.user).select_related("organization", "carrier"), pk=pk)
    organization = found.organization
    convention = tariff_read_by(organization.pk, timezone.localdate()).convention
    rows = offers_covered(convention, Coverage.objects.visible_to(request.user)) if convention else []
    context = {
        "site": found,
        "covering": [one for one in rows if one.covers(found.kind)],
        "unstated": [one for one in rows if one.row is None],
        "convention": convention,
        "may_keep": may_keep_organization(request.user, organization),
        "history_url": history_address(found) if may_read_history(request.user, found) else "",
        "places": [Link(str(organization), organization.get_absolute_url())],
    }
    return render(request, "catalog/site.html", context)
