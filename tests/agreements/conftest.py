"""What the tests of conventions share."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from directory.conftest import site as site
from factories.agreements import active, agreement
from factories.world import first_pool

NUMBER = re.compile(r"\d+")
REFUSED = "422 (Unprocessable"  # what a browser notes of a form sent back with what is wrong


@pytest.fixture
def pool(world):
    """The small world, with the first pool in scope for the whole test."""
    with first_pool():
        yield world


@pytest.fixture
def sixt(world):
    """Sixt-sur-Aff, active in Redon’s convention with its groupings."""
    with first_pool():
        return active(world["sixt"], agreement(), "groupements")


@pytest.fixture
def visit(browser, site):
    """Open a page as an account; refuse any error of the console, save that a form was refused."""
    contexts, errors = [], []

    def open_page(path, account, width=1360, height=900):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        client = Client()  # one a person: signing in again would end the former session
        client.force_login(account)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" and REFUSED not in said.text else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


class Screens:
    """The screens that a task takes: each address once in a row, numbers left out; what is asked again on the same one is it."""

    def __init__(self, page):
        self.seen = [self.of(page.url)]
        page.on("framenavigated", lambda frame: self.note(frame.url))

    @staticmethod
    def of(url):
        return NUMBER.sub("n", urlsplit(url).path)

    def note(self, url):
        if self.of(url) != self.seen[-1]:
            self.seen.append(self.of(url))


@pytest.fixture
def screens():
    return Screens
