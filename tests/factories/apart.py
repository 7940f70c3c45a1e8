"""A database of tests without pytest, for gates that go on for long: its server, a database filled once, copies of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from psycopg import sql

from communis.foundation import embedded
from communis.foundation.testing import DATA, OURS, as_role, pytest_load_initial_conftests

FIRST_COPY = "apart"


@contextmanager
def server_apart() -> Iterator[embedded.Cluster]:
    """Serve a database with two pools and a territory, from an empty folder that is removed afterwards."""
    os.environ.pop(OURS, None)
    pytest_load_initial_conftests()
    folder = Path(tempfile.mkdtemp(prefix="communis-gate-"))
    shutil.rmtree(os.environ[DATA])
    os.environ[DATA] = str(folder)
    (folder / "static").mkdir()
    place = embedded.cluster(folder)
    embedded.make(place)
    server = embedded.start(place, unsafe_and_fast=True)
    try:
        embedded.prepare(place)
        django.setup()
        make_first()
        yield place
    finally:
        embedded.stop(server)
        shutil.rmtree(place.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def make_first() -> None:
    """Migrate the database that is then copied, and give it what tests find there."""
    from django.db import connection  # slow: Django, which reads its settings when it is imported
    from django.test.utils import setup_databases  # slow: Django, which reads its settings when it is imported

    from factories.world import govern, load_territory  # slow: the models, which want Django to be set up

    connection.settings_dict["TEST"]["NAME"] = FIRST_COPY
    with as_role(embedded.OWNER):
        setup_databases(verbosity=0, interactive=False, aliases=["default"])
        with connection.cursor() as cursor:
            pools = "(1, 'Premier service', 'premier', '', false), (2, 'Second service', 'second', '', false)"
            cursor.execute(f"INSERT INTO foundation_pool (id, name, slug, convention, is_demonstration) VALUES {pools}")
        load_territory()
        govern(1, "redon")
    connection.close()


def use_copy(place: embedded.Cluster, name: str) -> None:
    """Make a copy of the database for this process, and go there as the application does; files sent are kept apart too."""
    from django.conf import settings  # slow: Django, which reads its settings when it is imported
    from django.db import connection  # slow: Django, which reads its settings when it is imported
    from django.test.utils import setup_test_environment  # slow: Django, which reads its settings when it is imported

    with psycopg.connect(**place.parameters(embedded.SUPERUSER, "postgres"), autocommit=True) as made:
        made.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(FIRST_COPY), sql.Identifier(embedded.OWNER)
        ))  # fmt: skip
    setup_test_environment()
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.COMMUNIS_STAGED = settings.COMMUNIS_STAGED / name
