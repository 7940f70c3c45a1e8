"""The door of every route: who may enter, in which pool, and the transaction in which the page is made and rendered.

A route is declared with `route`, and a check refuses to start when one is not. What a person may not see is answered exactly like
what does not exist. Rights are read again at every request: one that was lost is lost at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pghistory
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.module_loading import import_string

from communis.foundation.requests import AccountRequest, is_plain, is_signed_in, request_identity
from communis.foundation.scope import pool_scope

logger = logging.getLogger("communis.access")
View = Callable[..., HttpResponseBase]
Answer = TypeVar("Answer", bound=HttpResponseBase)
EVERYONE, ACCOUNT, POOL = "everyone", "account", "pool"
SESSION_POOL = "pool"


@dataclass(frozen=True, slots=True)
class Door:
    """What a route asks of those who come: nothing, an account, or rights in a pool and a predicate that holds.

    Programs come with a token (`foundation.api.doors`), which must have the scope of the route as well.
    """

    open_to: str
    may: Callable[[Any], bool] | None = None
    step_up: bool = True  # whether the second factor that a role requires must have been set up
    scope: str = ""  # what the token of a program must be allowed to read


def route(
    pattern: str, view: View, name: str, *, may: Callable[[Any], bool] | None = None, open_to: str = POOL, step_up: bool = True
) -> URLPattern:
    """Declare a route with its door. `may(user)` is asked within the pool; without it, any right in the pool suffices."""
    if open_to != POOL and may is not None:
        raise ValueError("a predicate needs a pool")
    door = Door(open_to, may, step_up)
    return path(pattern, guarded(view, door), name=name)


def guarded(view: View, door: Door) -> View:
    """Return a view that goes through its door."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not all(is_plain(part) for part in kwargs.values() if isinstance(part, str)):
            raise Http404
        if door.open_to == POOL and "%00" in request.META.get("QUERY_STRING", ""):  # the database keeps no null character
            raise Http404
        if door.open_to == EVERYONE:
            return rendered(view(request, *args, **kwargs))
        if not is_signed_in(request):
            if SESSION_KEY in request.session:  # of an account that was closed: the session does not outlive it
                request.session.flush()
            return redirect_to_login(way_back(request))
        with transaction.atomic():
            tell_account(request.user.pk)
            if door.open_to == ACCOUNT:
                return with_rights(view, request, *args, **kwargs)
            return in_pool(view, door, request, *args, **kwargs)

    enter.__dict__["door"] = door  # a function bears what it is given, which its type does not say
    return enter


def way_back(request: HttpRequest) -> str:
    """Return where to land after signing in: the page asked for; for what was to be done, the page that it was asked from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    messages.warning(request, "Votre session avait pris fin : rien n’a été enregistré. Refaites la dernière action.")
    page = urlsplit(request.META.get("HTTP_REFERER", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith("//"):
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path


def with_rights(view: View, request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Enter a page of one’s own; a session dies with the last right of its account."""
    find: Callable[[Any], list[int]] = import_string(settings.COMMUNIS_POOLS)
    if not find(request.user):
        logout(request)
        return redirect("no-access")
    try:
        return rendered(view(request, *args, **kwargs))
    except Http404:
        told_of_refusal(request)
        raise


def in_pool(view: View, door: Door, request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Enter the pool one works in, if today’s rights allow it."""
    find: Callable[[Any, int | None], tuple[int, tuple[Any, ...]] | None] = import_string(settings.COMMUNIS_GRANTS)
    found = find(request.user, request.session.get(SESSION_POOL))
    if found is None:
        return redirect("choose-pool")
    pool, grants = found
    if request.session.get(SESSION_POOL) != pool:  # a session that did not change is not written again
        request.session[SESSION_POOL] = pool
    with pool_scope(pool), pghistory.context(by=str(request.user), request=request_identity()):
        request.user.grants = grants
        try:
            if door.may is not None and not door.may(request.user):
                raise Http404
            if door.step_up and must_step_up(request):
                return redirect("second-factor")
            return rendered(view(request, *args, **kwargs))
        except Http404:
            told_of_refusal(request, pool)
            raise


def told_of_refusal(request: AccountRequest, pool: int | None = None) -> None:
    """Log that somebody asked for what is not for it, or for what does not exist: both are answered alike, and both are told."""
    where = f"in pool {pool}" if pool is not None else "on a page of one’s own"
    logger.warning("No access: %s %s, account %s, %s", request.method, request.path, request.user.pk, where)


def must_step_up(request: AccountRequest) -> bool:
    """Tell whether a role requires a second factor that the account has not set up."""
    required: Callable[[Any], bool] = import_string(settings.COMMUNIS_STEP_UP)
    return required(request.user)


def tell_account(account: int) -> None:
    """Tell PostgreSQL which account is asking: a policy shows it the pools it has rights in, and no other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('communis.account', %s, true)", [str(int(account))])


def rendered(response: Answer) -> Answer:
    """Render within the transaction: a page rendered after it would see no row. A method refused is told on a page, not blank."""
    if isinstance(response, HttpResponseNotAllowed) and not response.content:
        response.content = render_to_string("405.html")
    render = getattr(response, "render", None)
    return render() if callable(render) and not getattr(response, "is_rendered", True) else response
