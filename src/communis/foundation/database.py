"""Which database serves: the host’s own, given by its address, or the embedded server of the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from communis.foundation import embedded
from communis.foundation.problems import Impossible

ROLE = "COMMUNIS_ROLE"  # which role a command acts under: `app` (by default), `owner` to migrate, `superuser` to back up
_ROLES = {"app": embedded.APPLICATION, "owner": embedded.OWNER, "superuser": embedded.SUPERUSER}


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def database_settings(data: Path, role: str = "") -> dict[str, Any]:
    """Return Django’s settings of the database under a role, by default that of `COMMUNIS_ROLE`; nothing is started here."""
    role = role or os.environ.get(ROLE, "app")
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,  # the door opens the transaction, around the view and its rendering
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
    if is_embedded():
        place = embedded.cluster(data)
        return {**common, "NAME": embedded.DATABASE, "USER": _ROLES[role], "HOST": str(place.sockets), "PORT": "5432"}
    variable = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "superuser": "DATABASE_BACKUP_URL"}[role]
    address = os.environ.get(variable, "")
    if not address:
        raise Impossible(
            f"{variable} manque : la base n’est pas embarquée, il faut son adresse pour ce rôle (voir docs/fr/installer.md)."
        )
    return {**common, **parsed(address, variable)}


def parsed(address: str, variable: str) -> dict[str, Any]:
    """Read `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise Impossible(
            f"{variable} n’est pas l’adresse d’une base PostgreSQL : postgresql://utilisateur:mot-de-passe@serveur/base."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")), "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")), "PORT": str(parts.port or ""), "OPTIONS": options,
    }  # fmt: skip


def connection_options(data: Path, role: str) -> dict[str, Any]:
    """Return what psycopg needs to open a connection under a role, without Django."""
    found = database_settings(data, role)
    named = {"dbname": found["NAME"], "user": found["USER"], "password": found.get("PASSWORD", ""), "host": found["HOST"],
             "port": found["PORT"]}  # fmt: skip
    return {**{name: value for name, value in named.items() if value}, **found.get("OPTIONS", {})}
