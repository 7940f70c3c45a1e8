"""Home, search, health, and the choice of the pool one works in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communis.agreements.views.territory import picture_of_territory
from communis.directory import access
from communis.directory.models import AccessibilityAudit
from communis.directory.territory import host_of
from communis.foundation.doors import SESSION_POOL
from communis.foundation.requests import AccountRequest
from communis.portal.needs import agenda_of, answering, standings_of
from communis.portal.searching import found_for


def home(request: AccountRequest) -> HttpResponse:
    """Show what needs the person: by duty for the host’s staff, for its own organization for a member."""
    today: date = timezone.localdate()
    if request.user.is_staff_of_host:
        host = host_of()
        context: dict[str, Any] = {
            "agenda": agenda_of(request.user, host, today), "strip": picture_of_territory(request.user, host, today),
        }  # fmt: skip
        return render(request, "portal/home_host.html", context)
    standings = standings_of(request.user, today)
    context = {"standings": standings, "answering": answering(request.user, today)}
    if len(standings) == 1 and standings[0].offers is not None:
        context["note"] = standings[0].offers.note(request.GET.get("note", ""), remark="Simulation, pas une facture.")
    return render(request, "portal/home_member.html", context)


def search(request: AccountRequest) -> HttpResponse:
    """Search everything the person may see by name, SIREN, code or e-mail."""
    text = request.GET.get("q", "").strip()[:200]
    context: dict[str, Any] = {"text": text, "groups": found_for(request.user, text) if text else []}
    return render(request, "portal/search.html", context)


def accessibility(request: HttpRequest) -> HttpResponse:
    """State, to whoever is not signed in, how accessible the application is known to be: an audit is that of a service."""
    return render(request, "portal/accessibility.html")


def accessibility_of_pool(request: AccountRequest) -> HttpResponse:
    """State how accessible the pages of a pool are: not, until an audit that is still valid says how far (SEC-16)."""
    today = timezone.localdate()
    audits = list(AccessibilityAudit.objects.visible_to(request.user))
    context = {
        "audits": audits, "valid": AccessibilityAudit.objects.visible_to(request.user).valid_on(today).first(), "host": host_of(),
        "may_keep": access.may_manage_directory(request.user),
    }  # fmt: skip
    return render(request, "portal/accessibility_of_pool.html", context)


def health(request: HttpRequest) -> HttpResponse:
    """Tell that the process is alive."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Tell that the process serves: its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def choose_pool(request: AccountRequest) -> HttpResponse:
    """Choose the pool to work in, among those one has rights in."""
    pools = access.pools_of(request.user)
    asked = request.POST.get("pool", "")
    if request.method == "POST" and asked.isdecimal() and int(asked) in pools:
        request.session[SESSION_POOL] = int(asked)
        return redirect("home")
    return render(request, "portal/choose_pool.html", {"pools": access.names_of(pools)})
