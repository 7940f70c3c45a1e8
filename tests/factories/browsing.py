"""One browser for a run, whichever tests ask for it: two would share the loop of the thread, and refuse."""

import shutil

import pytest
from django.db import connections

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip(
            "Aucun Chromium sur cette machine : les pages ne sont pas essayées dans un navigateur (apt install chromium)."
        )
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright n’est pas installé.").sync_playwright()
    connections.close_all()  # while its loop runs, this thread has other connections to the database: neither outlives the other
    playwright = playwright.start()
    chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield chromium
    chromium.close()
    connections.close_all()
    playwright.stop()
