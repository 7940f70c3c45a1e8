"""What must be true before anything is served; each check says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.core.checks import ERROR, CheckMessage, Error, Tags, register, run_checks
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.urls import URLPattern, URLResolver, get_resolver
from pgtrigger import registered

from communis.foundation import embedded

_MADE = re.compile(r"\b(CREATE|DROP)\s+TRIGGER\s+(\w+)[^;]*?\bON\s+(\w+)", re.IGNORECASE)
_SHOWN = re.compile(r"\bcommunis\.(pool|account|token)\b")


def views_of(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route below a resolver, with its view."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views_of(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def routes_without_a_door() -> list[str]:
    """Return the routes that no door guards; those of allauth, whose views guard themselves, are listed in the settings."""
    return [pattern for pattern, view in views_of(get_resolver()) if not hasattr(view, "door")]


@register(Tags.security)
def every_route_has_a_door(**_: Any) -> list[CheckMessage]:
    """Refuse a route that no door guards."""
    return [
        Error(
            f"The route « {pattern} » has no door.", hint="Declare it with communis.foundation.doors.route.", id="communis.E001"
        )
        for pattern in routes_without_a_door()
    ]


def unsafe_role() -> str:
    """Return why the role that serves is not safe, or nothing: it must neither own the tables nor pass the policies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, superuser, bypasses = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
        (owned,) = cursor.fetchone()
    if superuser or bypasses:
        return f"le rôle {name} passe outre les cloisons"
    return f"le rôle {name} possède des tables" if owned else ""


def missing_walls() -> list[str]:
    """Return the tenant tables whose policy or enforcement is missing, and those that another policy opens."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
                   coalesce(array_agg(p.polname) FILTER (WHERE p.polpermissive), '{}'),
                   coalesce(array_agg(coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), ''))
                            FILTER (WHERE p.polpermissive), '{}')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_policy p ON p.polrelid = c.oid
                AND (p.polroles = '{0}' OR (SELECT oid FROM pg_roles WHERE rolname = %s) = ANY(p.polroles))
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
              AND (c.relname = 'foundation_pool' OR EXISTS (
                  SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pool_id' AND NOT a.attisdropped))
            GROUP BY c.oid, c.relname ORDER BY c.relname
            """,
            [embedded.APPLICATION],
        )
        return [
            table
            for table, forced, names, shown in cursor.fetchall()
            if not forced or "by_pool" not in names or not all(map(_SHOWN.search, shown))
        ]


@cache
def expected_triggers() -> frozenset[tuple[str, str]]:
    """Return the triggers, as (table, name), that models declare and that our migrations make: history, what never changes."""
    made = {(model._meta.db_table, trigger.get_pgid(model)) for model, trigger in registered()}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("communis.")}
    nodes = dict.fromkeys(node for leaf in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(leaf))
    for operation in (o for node in nodes if node[0] in ours for o in loader.graph.nodes[node].operations):
        if isinstance(operation, RunSQL) and isinstance(operation.sql, str):
            for verb, name, table in _MADE.findall(operation.sql):
                (made.add if verb.upper() == "CREATE" else made.discard)((table, name))
    return frozenset(made)


def missing_triggers() -> list[str]:
    """Return the tables whose history or immutability is no longer kept: a trigger is missing or switched off."""
    expected = expected_triggers()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal
            """
        )
        present = set(cursor.fetchall())
    return sorted({table for table, _ in expected - present})


def changeable() -> list[str]:
    """Return the tables that never change and whose rows the application may nevertheless change or remove."""
    kept = sorted({table for table, name in expected_triggers() if name == f"{table}_never_changes"})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kept FROM unnest(%s::text[]) AS kept WHERE to_regclass(kept) IS NOT NULL
              AND (has_table_privilege(%s, kept, 'UPDATE') OR has_table_privilege(%s, kept, 'DELETE')
                   OR has_table_privilege(%s, kept, 'TRUNCATE'))
            """,
            [kept, *[embedded.APPLICATION] * 3],
        )
        return [table for (table,) in cursor.fetchall()]


def reasons_not_to_serve() -> list[str]:
    """Return, in French, all that forbids to open the doors; asked under the role that serves."""
    found = [unsafe_role()]
    for words, offenders in (
        ("la cloison manque ou est ouverte sur", missing_walls()),
        ("l’historique ou l’immuabilité n’est plus gardé sur", missing_triggers()),
        ("l’application pourrait modifier ce qui ne change jamais :", changeable()),
        ("aucune porte ne garde", routes_without_a_door()),
        ("le programme se contredit :", [m.msg for m in run_checks() if m.level >= ERROR and m.id != "communis.E001"]),
    ):
        if offenders:
            found.append(f"{words} {', '.join(offenders)}")
    return [reason for reason in found if reason]
