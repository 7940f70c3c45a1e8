"""What every answer has, as the web server receives it."""

import json
import logging
import os
import subprocess
import sys

import pytest
from django.test import Client, RequestFactory

from communis.foundation.requests import JsonLines, WithRequest
from communis.portal.wsgi import application


def answered(method, path):
    """Return the status, the headers and the body that the application hands to the web server."""
    said = {}
    environ = RequestFactory().generic(method, path, HTTP_HOST="localhost").environ
    body = b"".join(application(environ, lambda status, headers: said.update(status=status, headers=dict(headers))))
    return said["status"], said["headers"], body


@pytest.mark.django_db
def test_a_head_has_the_headers_of_the_answer_and_no_body():
    status, headers, body = answered("GET", "/health")
    assert (status, headers["Content-Length"], body) == ("200 OK", "2", b"ok")
    status, asked, nothing = answered("HEAD", "/health")
    assert (status, asked["Content-Length"], nothing) == ("200 OK", "2", b"")
    assert sorted(asked) == sorted(headers)


@pytest.fixture
def lines():
    """The lines of the log, as they are written."""
    written = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(json.loads(handler.format(record)))
    handler.addFilter(WithRequest())
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/compte/invitation/1/1/YocFcCZF18ztSNyxkcfrOovWO5mBW1RjgRK1WK-ngXg/x", "/compte/invitation/1/1/YocFcC…/x"),
        ("/compte/mot-de-passe/choisir/1/d2abc0-6f6e2a77ab3b29ff6f6e2a77ab3b29ff/x", "/compte/mot-de-passe/choisir/1/d2abc0…/x"),
        ("/organisations/12/rien/", "/organisations/12/rien/"),
    ],
)
def test_a_refusal_is_logged_under_its_request_without_the_secret_of_its_address(lines, path, written):
    answer = Client().get(path)
    (line,) = [line for line in lines if line["logger"] == "django.request"]
    assert (answer.status_code, line["message"], line["request"]) == (404, f"Not Found: {written}", answer["X-Request-ID"])


ASKING = """
import json
import django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/health", secure=True, headers={"host": "communis.exemple.fr"})
told = {name: answer.headers.get(name) for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Frame-Options")}
for name in ("NAME", "SECURE", "HTTPONLY", "SAMESITE"):
    told |= {f"{cookie}_{name}": getattr(settings, f"{cookie}_COOKIE_{name}") for cookie in ("SESSION", "CSRF")}
print(json.dumps(told))
"""


@pytest.mark.covers("SEC-17")
@pytest.mark.parametrize(
    ("origin", "transport", "names"),
    [
        ("https://communis.exemple.fr", "max-age=31536000", ["__Host-session", "__Host-csrf"]),
        ("http://communis.exemple.fr", None, ["communis_session", "communis_csrf"]),
    ],
)
def test_headers_and_cookies_are_strict_and_more_so_under_https(tmp_path, origin, transport, names):
    given = {"COMMUNIS_DATA": str(tmp_path), "COMMUNIS_ORIGIN": origin, "DJANGO_SETTINGS_MODULE": "communis.settings"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COMMUNIS_")} | given
    told = json.loads(subprocess.run([sys.executable, "-c", ASKING], env=environment, capture_output=True, check=True).stdout)
    policy = set(told.pop("Content-Security-Policy").split("; "))
    assert policy == {
        "default-src 'self'", "img-src 'self' data:", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
        "frame-ancestors 'none'",
    }  # fmt: skip
    assert told == {
        "Strict-Transport-Security": transport, "X-Frame-Options": "DENY",
        "SESSION_NAME": names[0], "SESSION_SECURE": transport is not None, "SESSION_HTTPONLY": True, "SESSION_SAMESITE": "Lax",
        "CSRF_NAME": names[1], "CSRF_SECURE": transport is not None, "CSRF_HTTPONLY": True, "CSRF_SAMESITE": "Lax",
    }  # fmt: skip
