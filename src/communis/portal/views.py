"""Home, search, health, and the choice of the pool one works in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communis.agreements.views.territory import picture_for
from communis.directory import access
from communis.directory.enums import GrantRole
from communis.directory.models import AccessibilityAudit
from communis.directory.territory import host_of
from communis.foundation.doors import SESSION_POOL
from communis.foundation.requests import AccountRequest
from communis.portal.needs import agenda_of
from communis.portal.panels import asking_of, joining_of, prerequisites_of, verified_by, votes_of
from communis.portal.rail import landing_of
from communis.portal.searching import found_for
from communis.portal.standings import answering, standings_of


def home(request: AccountRequest) -> HttpResponse:
    """Show what needs the person: by duty for the host’s staff, for its own organization for a member."""
    today: date = timezone.localdate()
    return home_of_host(request, today) if request.user.is_staff_of_host else home_of_member(request, today)


def home_of_host(request: AccountRequest, today: date) -> HttpResponse:
    """What the person decides or should know, why a member pays what it does, what each adhesion rests on, what comes next."""
    host = host_of()
    agenda = agenda_of(request.user, host, today)
    asking = asking_of(request, agenda.memberships, today)
    verified = verified_by(request, today)
    key = request.GET.get("note", "")
    told = (paid.note(key) for paid in (asking.paid if asking is not None else ()))
    context: dict[str, Any] = {
        "agenda": agenda, "heading": landing_of(request.user), "asking": asking, "verified": verified,
        "strip": picture_for(request.user, host, today, agenda.memberships),
        "note": next((note for note in told if note is not None), None),
    }  # fmt: skip
    return render(request, "portal/home_host.html", context)


def home_of_member(request: AccountRequest, today: date) -> HttpResponse:
    """What a member pays and why, what is asked of it, and what its people do there, each by its duty."""
    user = request.user
    standings = standings_of(user, today)
    context: dict[str, Any] = {
        "standings": standings.each, "note": standings.note(request.GET.get("note", "")), "answering": answering(user, today),
        "votes": votes_of(user, standings), "joining": joining_of(user, standings),
        "wanted": prerequisites_of(user, standings) if user.holds(GrantRole.CONTACT) else None,
        "strip": picture_for(user, host_of(), today) if user.holds(GrantRole.ELECTED) else (),
    }  # fmt: skip
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
