"""The demonstration, served once for the tests that go through its commands and its pages."""

import pytest

from factories.served import Served, forget


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """Serve the demonstration from an empty folder; a test that stops it starts it again."""
    folder = tmp_path_factory.mktemp("served") / "demonstration"
    served = Served(folder, "demo", "--dossier", str(folder), "--processus", "1")
    served.start(DATABASE_URL="postgresql://somebody@nowhere.invalid/never")
    yield served
    served.stop()
    forget(folder)


@pytest.fixture
def served(demonstration):
    """Return the demonstration, started if the test before has stopped it."""
    if demonstration.process is None:
        demonstration.start()
    return demonstration
