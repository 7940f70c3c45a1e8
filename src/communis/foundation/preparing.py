"""What comes before serving: migrations, reference data and static files when they are due, then the checks of the walls.

All but the checks is done as the owner of the tables; nothing is done twice, so that a start with nothing new is quick.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from communis.foundation import embedded, system
from communis.foundation.checks import reasons_not_to_serve
from communis.foundation.database import ROLE, database_settings
from communis.foundation.problems import Impossible

Say = Callable[[str], None]
STAMP = "collected"


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Act under a role of the database (`app`, `owner`, `superuser`); no connection is left behind."""
    before = os.environ.get(ROLE, "app")
    enter(role)
    try:
        yield
    finally:
        enter(before)


def enter(role: str) -> None:
    os.environ[ROLE] = role
    connections.close_all()
    if settings.configured:
        connection.settings_dict.update(database_settings(settings.DATA))


def ready(say: Say) -> None:
    """Bring the database and the files up to this version, then refuse to go further if a wall is missing."""
    django.setup()
    try:
        with acting_as("owner"):
            migrate(say)
            load_reference_data(say)
        collect(say)
        with acting_as("app"):
            reasons = reasons_not_to_serve()
    except (OperationalError, psycopg.OperationalError) as error:
        raise Impossible(f"La base de données ne répond pas comme il faut : {embedded.told(str(error))}.") from None
    except OSError as error:
        raise Impossible(f"Les fichiers de {settings.DATA} ne s’écrivent pas : {system.reason(error)}.") from None
    if reasons:
        raise Impossible(
            f"Rien n’est servi, car {' ; '.join(reasons)}. Restaurez une sauvegarde (communis restaurer), ou réparez cela."
        )


def migrate(say: Say) -> None:
    """Migrate when the program has migrations that the database has not; refuse a database that is ahead of the program."""
    executor = MigrationExecutor(connection)
    known = {*executor.loader.graph.nodes, *executor.loader.replacements}
    labels = {label for label, _ in known}
    applied = executor.loader.applied_migrations
    ahead = sorted(f"{label} {name}" for label, name in applied if label in labels and (label, name) not in known)
    if ahead:
        raise Impossible(
            f"La base de données est celle d’une version plus récente de communis ({ahead[-1]}). Installez cette version, ou "
            "restaurez une sauvegarde de celle-ci dans un dossier vide."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Migrations…")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except IntegrityError as error:
            told = " ".join(str(error).split())
            raise Impossible(
                f"Des données que la version précédente acceptait empêchent de passer à celle-ci ({told}). "
                "Rien n’est perdu : relancez la version précédente, corrigez ces fiches, puis recommencez."
            ) from None
    call_command("createcachetable", verbosity=0)


def load_reference_data(say: Say) -> None:
    """Load the public registers that the rooms ship, if they are not there."""
    for name in settings.COMMUNIS_REFERENCE_DATA:
        import_string(name)(say)


def collect(say: Say) -> None:
    """Gather the static files when one of them has changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    wanted = fingerprint()
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return
    say("Fichiers des pages…")
    call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
    stamp.write_text(wanted, "ascii")


def fingerprint() -> str:
    """Return what changes whenever a static file does: names, sizes and dates."""
    told = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = os.stat(storage.path(name))
            told.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return told.hexdigest()
