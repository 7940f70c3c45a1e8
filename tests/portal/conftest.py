"""The demonstration, served once as it is in production, for the tests that look at the pages in a browser."""

import re

import pytest

from factories.every_page import Visitor, prepare
from factories.served import Served, forget


@pytest.fixture(scope="session")
def shown(tmp_path_factory):
    """Serve the demonstration from an empty folder."""
    folder = tmp_path_factory.mktemp("shown") / "demonstration"
    served = Served(folder, "demo", "--dossier", str(folder), "--processus", "1")
    served.start(DATABASE_URL="postgresql://somebody@nowhere.invalid/never")
    yield served
    served.stop()
    forget(folder)


@pytest.fixture(scope="session")
def visitor(browser, shown):
    return Visitor(browser, shown.address)


@pytest.fixture(scope="session")
def places(visitor, shown):
    """Return the addresses that the tables of pages names, once what they show has been made."""
    return prepare(visitor, shown.folder)


@pytest.fixture
def visit(visitor):
    """Open a page as somebody; refuse any error of the console, of a script or of the policy of contents."""
    opened = []

    def open_page(path, who="maire", **options):
        page = visitor.page(who, **options)
        opened.append(page)
        page.goto(visitor.address + path)
        page.evaluate("document.fonts.ready")
        return page

    visitor.wrong.clear()
    yield open_page
    wrong = [said for said in visitor.wrong if not re.search("status of 422", said)]  # a form refused is what was asked for
    for page in opened:
        page.context.close()
    assert wrong == []
