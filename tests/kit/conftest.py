"""Django for the kit: the real settings when something chose them, the kit alone otherwise; a server and a browser."""

import os
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from kit.gallery.site import ALONE, SETTINGS

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(**ALONE)
    django.setup()


@pytest.fixture
def gallery():
    """The gallery is the site."""
    with override_settings(**SETTINGS):
        yield


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    """Serve the gallery and its files; return its address."""
    with override_settings(**SETTINGS):
        server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), _Server, _Silent)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def visit(browser, site):
    """Open a page of the gallery at a width, in a theme; refuse any error of the console."""
    contexts, errors = [], []

    def open_page(path, width=1360, height=900, theme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site + path)
        page.evaluate("document.fonts.ready")
        page.wait_for_function("document.fonts.status === 'loaded'")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
