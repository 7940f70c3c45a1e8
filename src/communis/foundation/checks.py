"""What must be true before anything is served; each check says what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from communis.foundation import embedded


def views_of(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route below a resolver, with its view."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views_of(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


@register(Tags.security)
def every_route_has_a_door(**_: Any) -> list[CheckMessage]:
    """Refuse a route that no door guards."""
    return [
        Error(
            f"The route « {pattern} » has no door.", hint="Declare it with communis.foundation.doors.route.", id="communis.E001"
        )
        for pattern, view in views_of(get_resolver())
        if not hasattr(view, "door")
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
    """Return the tenant tables whose policy or enforcement is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
              AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pool_id' AND NOT a.attisdropped)
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                  SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'by_pool'
                  AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = %s)]))
            ORDER BY 1
            """,
            [embedded.APPLICATION],
        )
        return [name for (name,) in cursor.fetchall()]
