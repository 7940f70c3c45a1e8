"""Each request bears an identifier, told in the answer and in every line of the log: what a person reports can be found."""

from __future__ import annotations

import json
import logging
import re
import secrets
import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeGuard

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django.contrib.auth.models import _User  # what AUTH_USER_MODEL names: the account, which is a floor above

_identity: ContextVar[str] = ContextVar("communis_request", default="")
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_LONG_PART = re.compile(r"(?<=/)([^/\s?]{6})[^/\s?]{18,}")  # of an address: a secret, if any is


def request_identity() -> str:
    """Return the identifier of the current request, or nothing outside one."""
    return _identity.get()


def is_plain(text: str) -> bool:
    """Tell whether a text holds no control character: the database takes none."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


class AccountRequest(HttpRequest):
    """A request that came through a door: somebody signed in, by a session or by a token. Django makes it; this only says so."""

    user: _User


def is_signed_in(request: HttpRequest) -> TypeGuard[AccountRequest]:
    """Tell whether a request is that of an account."""
    return request.user.is_authenticated


class RequestIdentity:
    """Give each request an identifier, or keep the one a proxy gave."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identity = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        request.META["communis.request"] = identity
        token = _identity.set(identity)
        try:
            response = self.get_response(request)
        finally:
            _identity.reset(token)
        response["X-Request-ID"] = identity
        return response


class HeadersOnly:
    """Answer a HEAD with the headers of the page and no body, which the web server would drop and complain of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            response.content = b""
        return response


class WithRequest(logging.Filter):
    """Add the identifier of the request to what is logged, once it is answered too; cut what may let somebody in.

    Django logs a refusal after the last middleware, with its address: that of an invitation is the secret itself.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        answered = getattr(request, "META", {}).get("communis.request", "")
        record.request_identity = _identity.get() or answered
        if answered:
            record.msg, record.args = _LONG_PART.sub("\\1…", record.getMessage()), ()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: nothing a person typed can forge another."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"), "level": record.levelname,
            "logger": record.name, "request": getattr(record, "request_identity", ""), "message": record.getMessage(),
        }  # fmt: skip
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)
