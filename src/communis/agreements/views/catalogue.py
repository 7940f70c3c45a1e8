"""What the catalogue is for a member: the edition it reads, its prerequisites, and who is touched when a brick closes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone

from communis.agreements.authors import author_of
from communis.agreements.editions import edition_of, has_adopted, holders_of, version_read_by
from communis.agreements.operations.carrying import carried_over, carry_over
from communis.agreements.wording import of
from communis.catalog import access, operations
from communis.catalog.composition import label_of
from communis.catalog.conventions import convention_in_force, convention_read
from communis.catalog.edition_views import edition_page
from communis.catalog.forms import CheckForm, ClosingForm
from communis.catalog.models import Edition, Entry, PrerequisiteCheck
from communis.catalog.prerequisites import Finding, findings_of
from communis.catalog.tree import Tree
from communis.directory.access import is_of_host, may_read_file
from communis.directory.models import Organization
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import counted, long_date
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.tariff.wording import readable


def mine(request: AccountRequest) -> HttpResponseBase:
    """Show a member the catalogue of the version it adopted (CAT-34); the host is led to all of them."""
    own = list(Organization.objects.visible_to(request.user).filter(pk__in=request.user.organizations).order_by("sort_name"))
    if not own:
        return redirect("editions")
    today = timezone.localdate()
    asked = next((one for one in own if str(one.pk) == request.GET.get("organisation", "")), own[0])
    version = version_read_by(asked, today)
    readable = Edition.objects.visible_to(request.user)
    found = readable.filter(pk=version.edition_id).first() if version is not None and version.edition_id is not None else None
    others = [Link(f"Catalogue {of(one)}", f"?organisation={one.pk}") for one in own if one != asked]
    if found is None or version is None:
        return render(request, "agreements/no_catalogue.html", {"organization": asked, "others": others})
    how = "adoptée par" if has_adopted(asked, version) else "proposée à"
    return edition_page(
        request, found, heading=f"Le catalogue {of(asked)}", sentence=f"Celui de la version {how} {asked} : {version}.",
        others=others, places=[],
    )  # fmt: skip


# ------------------------------------------------------------ closing a brick


def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a brick of a catalogue: every member touched is shown first, then asked again (CAT-19)."""
    found = get_object_or_404(Entry.objects.visible_to(request.user).select_related("edition"), pk=pk)
    if not found.offer:
        raise Http404
    try:
        operations.refuse_shown(found.edition)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    tree = Tree(Entry.objects.visible_to(request.user).filter(edition=found.edition))
    form = ClosingForm(request.POST or None, entry=found, tree=tree)
    context: dict[str, Any] = {"entry": found, "form": form, "places": [
        Link(str(found.edition), found.edition.get_absolute_url()), Link(str(found), found.get_absolute_url()),
    ]}  # fmt: skip
    if form.is_valid():
        last_day, into = form.cleaned_data["last_day"], form.cleaned_data["into"]
        today = timezone.localdate()
        try:
            operations.check_closing(found, last_day=last_day, into=into)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return render(request, "agreements/close_entry.html", context, status=422)
        members = [one.name for one in holders_of(found.offer, convention_in_force(today), last_day)]
        if request.POST.get("fait") == "oui":
            try:
                operations.close_entry(
                    found, last_day=last_day, into=into, touched=members, shown=request.POST.getlist("montre"),
                    today=today,
                )  # fmt: skip
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(found)
        receiver = tree.of_offer(into)
        context |= {
            "check": True,
            "members": members,
            "on": long_date(last_day),
            "receiver": receiver,
            "is_past": last_day < today,
        }
    return render(request, "agreements/close_entry.html", context, status=422 if form.errors else 200)


def carry(request: AccountRequest, pk: int) -> HttpResponse:
    """Show the members that still hold a closed brick and what each would keep; then carry their choices over, all at once."""
    found = get_object_or_404(Entry.objects.visible_to(request.user).select_related("edition"), pk=pk)
    if not found.offer or found.ends_on is None:
        messages.error(request, f"« {found} » n’est pas une offre qui ferme : il n’y a pas de choix à reporter.")
        return redirect(found)
    refusal = ""
    if request.method == "POST":
        shown = {int(key) for key in request.POST.getlist("montre") if key.isdecimal() and len(key) < 19}
        try:
            count = carry_over(found, shown, by=author_of(request))
        except Refusal as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"{counted(count, 'formulaire de choix reporté', 'formulaires de choix reportés')}, sans "
                                      f"« {found} ».")  # fmt: skip
            return redirect(found)
    rows = carried_over(found, by=author_of(request))
    convention = convention_read(found.edition_id, (), timezone.localdate())
    context = {
        "entry": found, "refusal": refusal, "ready": sum(one.is_ready for one in rows),
        "rows": [(one, [label_of(convention, offer) for offer in one.keeps]) for one in rows],
        "places": [Link(str(found.edition), found.edition.get_absolute_url()), Link(str(found), found.get_absolute_url())],
    }  # fmt: skip
    return render(request, "agreements/carry_over.html", context, status=422 if refusal else 200)


# ------------------------------------------------------------ prerequisites of a member


def prerequisites(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a member has of what the offers want, what its sites tell, and what an unmet prerequisite does (CAT-15)."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not may_read_file(request.user, organization):
        raise Http404
    today = timezone.localdate()
    edition = edition_asked(request, organization, today)
    findings = findings_of(organization, edition, today) if edition is not None else []
    labels = {one.offer: one.label for one in findings}
    wordings = {(one.offer, one.prerequisite.key): one.prerequisite.wording for one in findings}
    checks = PrerequisiteCheck.objects.visible_to(request.user).filter(organization=organization)[:50]
    context = {
        "organization": organization,
        "edition": edition,
        "findings": findings,
        "missing": sum(not one.holds and not one.unchecked for one in findings),
        "unchecked": sum(one.unchecked for one in findings),
        "checks": [
            (row, labels.get(row.offer) or readable(row.offer), wordings.get((row.offer, row.key)) or spelled(row.key))
            for row in checks
        ],
        "of_host": is_of_host(request.user),
        "may_find": access.may_find(request.user, organization),
        "places": [Link(str(organization), organization.get_absolute_url())],
    }
    return render(request, "agreements/prerequisites.html", context)


def spelled(key: str) -> str:
    """Return the words of the key of a prerequisite that the catalogue no longer has: it is all that is left of it."""
    return key.replace("-", " ")


def edition_asked(request: HttpRequest, organization: Organization, today: date) -> Edition | None:
    """Return the catalogue that the address names (that of an adhesion in preparation), else the one that the member reads."""
    asked = request.GET.get("catalogue", "")
    named = Edition.objects.visible_to(request.user).filter(pk=asked) if asked.isdecimal() and len(asked) < 19 else None
    return (named.first() if named is not None else None) or edition_of(organization, today)


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was found of a prerequisite at a member; a waiver is for the service alone to give."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    if not access.may_find(request.user, organization):
        raise Http404
    today = timezone.localdate()
    edition = edition_asked(request, organization, today)
    findings = findings_of(organization, edition, today) if edition is not None else []
    form = CheckForm(request.POST or None, findings=findings, may_waive=access.may_waive(request.user),
                     initial=proposed(findings, request.GET.get("prerequis", "")) | {"on": today})  # fmt: skip
    back = reverse("member-prerequisites", args=[organization.pk])
    return form_page(
        request, form, lambda: keep(organization, findings, form.cleaned_data, by=str(request.user)),
        title="Constater un prérequis", done="Le constat est enregistré.", back=back, submit="Enregistrer le constat",
        places=[Link(str(organization), organization.get_absolute_url()), Link("Prérequis", back)],
    )  # fmt: skip


def proposed(findings: list[Finding], key: str) -> dict[str, str]:
    """Return what the sites propose for the prerequisite that the address names: the outcome and its evidence, to confirm."""
    found = next((one for one in findings if str(one.prerequisite.pk) == key), None)
    if found is None:
        return {}
    told = found.proposal if found.proposal is not None and found.proposal.outcome else None
    return {"prerequisite": key} | ({"outcome": told.outcome, "evidence": f"sites : {told.evidence}"} if told is not None else {})


def keep(organization: Organization, findings: list[Finding], typed: dict[str, Any], *, by: str) -> None:
    found = next(one for one in findings if str(one.prerequisite.pk) == typed["prerequisite"])
    operations.state_check(
        organization, offer=found.offer, key=found.prerequisite.key, outcome=typed["outcome"], on=typed["on"],
        evidence=typed["evidence"], by=by, today=timezone.localdate(),
    )  # fmt: skip


routes: list[URLPattern] = [
    route("mon-catalogue/", mine, "my-catalogue"),
    route("catalogues/fiches/<int:pk>/fermer/", close, "entry-close", may=access.may_keep_catalog),
    route("catalogues/fiches/<int:pk>/reporter/", carry, "entry-carry", may=access.may_keep_catalog),
    route("organisations/<int:pk>/prerequis/", prerequisites, "member-prerequisites"),
    route("organisations/<int:pk>/prerequis/constater/", check, "prerequisite-check"),
]
