"""The test plugin: one embedded server for the run, a database a process, made as the owner and used as the application.

Named in `addopts` (`-p communis.foundation.testing`), because Django reads its settings before any conftest. The process that
starts the run starts the server, and stops it; its workers inherit its address.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from communis.foundation import embedded
from communis.foundation.database import is_embedded

DATA, OURS = "COMMUNIS_DATA", "COMMUNIS_TEST_RUN"
_server = pytest.StashKey[Any]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Tell the settings where this run’s data is, before anything reads them; workers inherit it."""
    os.environ.update({"COMMUNIS_TESTING": "oui", "COMMUNIS_SECOND_FACTOR": "non", "DJANGO_SETTINGS_MODULE": "communis.settings"})
    if OURS not in os.environ:
        os.environ[DATA] = tempfile.mkdtemp(prefix="communis-tests-")
        (Path(os.environ[DATA]) / "static").mkdir()  # that of `collectstatic`, which tests do without
        os.environ[OURS] = str(os.getpid())


def is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_sessionstart(session: pytest.Session) -> None:
    if is_worker(session.config) or not is_embedded() or session.config.option.collectonly:
        return
    place = embedded.cluster(Path(os.environ[DATA]))
    embedded.make(place)
    session.config.stash[_server] = embedded.start(place, unsafe_and_fast=True)
    embedded.prepare(place)


def pytest_unconfigure(config: pytest.Config) -> None:
    if is_worker(config) or os.environ.get(OURS) != str(os.getpid()):
        return
    server = config.stash.get(_server, None)
    folder = Path(os.environ[DATA])
    if server is not None:
        embedded.stop(server)
        shutil.rmtree(embedded.cluster(folder).home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Act under another role of the database for a while; connections are made anew on both sides."""
    from django.db import connection  # slow: Django, for the tests that ask for the database

    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the database of this process as the owner; the tests run as the application, which owns nothing."""
    from django.conf import settings  # slow: Django, for the tests that ask for the database
    from django.db import connection  # slow: Django, for the tests that ask for the database
    from django.test.utils import setup_databases, teardown_databases  # slow: Django, for the tests that ask for the database

    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    connection.settings_dict["TEST"]["NAME"] = f"test_{os.environ[OURS]}_{worker}"
    settings.COMMUNIS_STAGED = Path(os.environ[DATA]) / f"imports-{worker}"  # an account is another one in another database
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        made = setup_databases(verbosity=0, interactive=False, aliases={"default": False})
        with connection.cursor() as cursor:  # two pools for all tests: the application may not make one
            pools = "(1, 'Premier service', 'premier', '', false), (2, 'Second service', 'second', '', false)"
            cursor.execute(f"INSERT INTO foundation_pool (id, name, slug, convention, is_demonstration) VALUES {pools}")
    yield
    with django_db_blocker.unblock(), as_role(embedded.OWNER):
        teardown_databases(made, verbosity=0)
