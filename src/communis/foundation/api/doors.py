"""The door of what programs read: a token, today’s rights of its account, its scope, then the same walls as the pages.

A session never opens it, and nothing is changed through it: a page made elsewhere can neither read nor act with it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import pghistory
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.module_loading import import_string

from communis.foundation.api.bearers import Bearer, TokenRequest, Unwelcome
from communis.foundation.api.problems import problem
from communis.foundation.doors import POOL, Door, must_step_up, rendered, tell_account
from communis.foundation.requests import request_identity
from communis.foundation.scope import pool_scope

TOKEN = "token"
READS = ("GET", "HEAD", "OPTIONS")
_BEARER = re.compile(r"Bearer +([A-Za-z0-9_-]{20,200})", re.IGNORECASE)
_MINUTE = 60
log = logging.getLogger("communis.api")
Reading = Callable[..., HttpResponse]


def guarded_by_token(view: Reading, door: Door) -> Reading:
    """Return a view that a token opens."""

    @wraps(view)
    def enter(request: TokenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = answered(view, door, bearer_of, request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Vary"] = "Authorization"
        return response

    # A function bears what it is given, which its type does not say. No cookie is read here, so none can be abused.
    enter.__dict__.update(door=door, csrf_exempt=True)
    return enter


def guarded_by_address(view: Reading, door: Door) -> Reading:
    """Return a view that a token in its address opens, for what sends no header: a diary that subscribes.

    Whoever is refused is told nothing but that nothing is there, and the address is written in no log: it is a secret.
    """

    @wraps(view)
    def enter(request: TokenRequest, secret: str) -> HttpResponse:
        response = answered(view, door, lambda _: bearer_with(secret), request)
        if response.status_code in (401, 403):
            response = problem("absent")
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response.__dict__["_has_been_logged"] = True
        return response

    enter.__dict__.update(door=door, csrf_exempt=True)
    return enter


def subscription(pattern: str, view: Reading, name: str, *, scope: str) -> URLPattern:
    """Declare a route that a token in its address opens, with the scope that it must have."""
    return path(pattern, guarded_by_address(view, Door(POOL, scope=scope)), name=name)


def answered(
    view: Reading, door: Door, find: Callable[[TokenRequest], Bearer], request: TokenRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Answer who bears a valid token, within its pool; tell anybody else why not."""
    try:
        bearer = find(request)
    except Unwelcome as refused:
        where = f"token {refused.token}" if refused.token else "no known token"
        log.warning("API refused: %s, %s, from %s", refused.kind, where, request.META.get("REMOTE_ADDR", ""))
        return problem(refused.kind)
    wait = seconds_to_wait(bearer.token)
    if wait:
        response = problem("too_many")
        response["Retry-After"] = str(wait)
        return response
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(READS)})
    if request.method not in READS:
        response = problem("method")
        response["Allow"] = ", ".join(READS)
        return response
    return within_pool(view, door, bearer, request, *args, **kwargs)


def bearer_of(request: TokenRequest) -> Bearer:
    """Return who bears the token of the request. Raises Unwelcome."""
    given = request.headers.get("Authorization", "").strip()
    if not given:
        raise Unwelcome("token_missing")
    found = _BEARER.fullmatch(given)
    if found is None:
        raise Unwelcome("token_unknown")
    return bearer_with(found[1])


def bearer_with(secret: str) -> Bearer:
    """Return who bears a token. Raises Unwelcome."""
    find: Callable[..., Bearer] = import_string(settings.COMMUNIS_BEARER)
    return find(secret, timezone.now(), timezone.localdate())


def seconds_to_wait(token: int) -> int:
    """Count a request of a token, and return how long it must wait when it made too many within the minute.

    The count is shared by all processes. Two requests at the same instant may count for one: it is a brake, not a wall.
    """
    now = int(timezone.now().timestamp())
    name = f"api:{token}:{now // _MINUTE}"
    count = cache.get(name, 0)
    if count >= settings.COMMUNIS_API_RATE:
        return _MINUTE - now % _MINUTE
    cache.set(name, count + 1, timeout=2 * _MINUTE)
    return 0


def within_pool(view: Reading, door: Door, bearer: Bearer, request: TokenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Enter the pool of the token with the rights its account has today there, if any is left."""
    find: Callable[[Any, int | None], tuple[int, tuple[Any, ...]] | None] = import_string(settings.COMMUNIS_GRANTS)
    tell_use: Callable[..., None] = import_string(settings.COMMUNIS_TELL_USE)
    with transaction.atomic():
        tell_account(bearer.account.pk)
        found = find(bearer.account, bearer.pool)
        if found is None or found[0] != bearer.pool:
            log.warning("API refused: no_right, token %s", bearer.token)
            return problem("no_right")
        request.user = bearer.account
        request.user.grants = found[1]
        with pool_scope(bearer.pool), pghistory.context(by=str(request.user), request=request_identity()):
            tell_use(bearer, timezone.now())
            if door.step_up and must_step_up(request):
                return problem("second_factor")
            if door.scope and door.scope not in bearer.scopes:
                return problem("scope", detail=f"Cette lecture demande la portée « {door.scope} », que ce jeton n’a pas.")
            if door.may is not None and not door.may(request.user):
                return problem("absent")
            request.bearer = bearer
            return as_asked(view, request, *args, **kwargs)


def as_asked(view: Reading, request: TokenRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer a reading; HEAD gets the same answer without its body."""
    asked, request.method = request.method, "GET"
    try:
        response = rendered(view(request, *args, **kwargs))
    except Http404:
        response = problem("absent")
    finally:
        request.method = asked
    if asked == "HEAD":
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
