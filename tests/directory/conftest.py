"""A server for the pages under test, within the transaction of the test, and a browser to drive them."""

import threading
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test import override_settings


class _Silent(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def site(db):
    """Serve the application, one request at a time, on the connection of the test; return its address."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), WSGIServer, _Silent)
    address = f"http://localhost:{server.server_port}"
    connection = connections["default"]
    connection.inc_thread_sharing()

    def serve():
        connections["default"] = connection
        server.serve_forever(poll_interval=0.05)

    thread = threading.Thread(target=serve, daemon=True)
    for signal in (request_started, request_finished):  # they would close the connection, in the midst of its transaction
        signal.disconnect(close_old_connections)
    with override_settings(ORIGIN=address, CSRF_TRUSTED_ORIGINS=[address]):
        thread.start()
        yield address
        server.shutdown()
        thread.join()
    server.server_close()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    connection.dec_thread_sharing()


@pytest.fixture
def visit(browser, site, client):
    """Open a page as an account, or signed out; refuse any error of the console, which those of the policy of contents are."""
    contexts, errors = [], []

    def open_page(path, account=None, width=1360, height=900, theme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **options)
        contexts.append(context)
        if account is not None:
            client.force_login(account)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site + path)
        page.evaluate("document.fonts.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
