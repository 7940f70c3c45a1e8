"""The exports of acts: the open data of a collectivity’s deliberations, and the metadata for the préfecture (INT-06)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern

from communis.agreements import access
from communis.agreements.enums import ActKind
from communis.agreements.exports import Sent, metadata_of, publishable, scdl_file
from communis.agreements.forms.acts import MetadataForm, PublicationForm
from communis.agreements.models import Resolution
from communis.directory.access import may_keep_some_organization, may_manage_directory
from communis.directory.identifiers import is_siret
from communis.directory.members import kept_organizations
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.parts import Link
from communis.kit.refusals import Refusal

ACTS = Link("Actes", "/actes/")


def publication(request: AccountRequest) -> HttpResponse:
    """Tell which deliberations of a collectivity go in the open data of a year, and which cannot, with why; give the file."""
    asked = "organisation" in request.GET or "annee" in request.GET
    form = PublicationForm(request.GET if asked else None, organizations=kept_organizations(request.user))
    context: dict[str, Any] = {"form": form, "places": [ACTS]}
    if asked and form.is_valid():
        organization, year = form.cleaned_data["organisation"], form.cleaned_data["annee"]
        rows = Resolution.objects.visible_to(request.user).filter(
            organization=organization, kind=ActKind.RESOLUTION, session_on__year=year
        )
        lines, left_out = publishable(rows.order_by("session_on", "number", "pk"), organization)
        if request.GET.get("fichier") == "csv" and lines:
            name = f"{organization.siren or 'deliberations'}-deliberations-{year}.csv"
            return attached(Sent(name, scdl_file(lines)), "text/csv; charset=utf-8")
        context |= {"organization": organization, "year": year, "lines": lines, "left_out": left_out,
                    "file": f"?organisation={organization.pk}&annee={year}&fichier=csv",
                    "lacks_siret": not is_siret(organization.siret), "may_type": may_manage_directory(request.user)}  # fmt: skip
    return render(request, "agreements/publication.html", context, status=422 if form.errors else 200)


def metadata(request: AccountRequest, pk: int) -> HttpResponse:
    """Give the metadata of an act for the préfecture, or tell all that it lacks."""
    rows = Resolution.objects.visible_to(request.user).select_related("organization")
    act = get_object_or_404(rows, pk=pk)
    if not access.may_keep_act(request.user, act):
        raise Http404
    form = MetadataForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = metadata_of(act, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return attached(made, "application/xml")
    context = {
        "form": form, "page_title": "Métadonnées pour la préfecture", "submit": "Télécharger le fichier XML",
        "cancel": act.get_absolute_url(), "places": [ACTS, Link(str(act), act.get_absolute_url())],
        "sentence": "Le fichier suit le schéma ACTES 1.1 ; il s’envoie avec l’acte en PDF par votre tiers de télétransmission.",
    }  # fmt: skip
    return render(request, "kit/form.html", context, status=422 if form.errors else 200)


def attached(made: Sent, media: str) -> HttpResponse:
    return HttpResponse(made.data, content_type=media, headers={"Content-Disposition": f'attachment; filename="{made.name}"'})


routes: list[URLPattern] = [
    route("actes/publication/", publication, "acts-publication", may=may_keep_some_organization),
    route("actes/<int:pk>/metadonnees/", metadata, "act-metadata", may=may_keep_some_organization),
]
