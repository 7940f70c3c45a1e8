"""Home, health, and the choice of the pool one works in."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from communis.directory import access
from communis.foundation.doors import SESSION_POOL


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


def health(request: HttpRequest) -> HttpResponse:
    """Tell that the process is alive."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """Tell that the process serves: its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def choose_pool(request: HttpRequest) -> HttpResponse:
    """Choose the pool to work in, among those one has rights in."""
    pools = access.pools_of(request.user)
    asked = request.POST.get("pool", "")
    if request.method == "POST" and asked.isdigit() and int(asked) in pools:
        request.session[SESSION_POOL] = int(asked)
        return redirect("home")
    return render(request, "portal/choose_pool.html", {"pools": access.names_of(pools)})
