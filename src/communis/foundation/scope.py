"""The pool a request or a job works in: told to PostgreSQL, whose policies show the rows of that pool and of no other.

Outside a scope the database shows no tenant row at all, and a query on one raises before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_pool: ContextVar[int | None] = ContextVar("communis_pool", default=None)


class NoScope(RuntimeError):
    """A tenant row was asked for outside any pool: a bug, never an answer."""


def current_pool() -> int:
    """Return the pool of the current scope."""
    pool = _pool.get()
    if pool is None:
        raise NoScope("no pool: the door of the route, or `pool_scope` in a job, opens one")
    return pool


@contextmanager
def pool_scope(pool: int) -> Iterator[None]:
    """Work in a pool: one transaction, with the former scope put back on the way out, also in nested scopes and in tests."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('communis.pool', true)")
        (before,) = cursor.fetchone()
        token = _pool.set(pool)
        try:
            cursor.execute("SELECT set_config('communis.pool', %s, true)", [str(int(pool))])
            yield  # an error rolls the setting back by itself
            cursor.execute("SELECT set_config('communis.pool', %s, true)", [before or ""])
        finally:
            _pool.reset(token)


@contextmanager
def account_scope(account: int) -> Iterator[None]:
    """Act on what is an account’s own, whatever the pool: one transaction, with the former account put back on the way out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('communis.account', true)")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('communis.account', %s, true)", [str(int(account))])
        yield  # an error rolls the setting back by itself
        cursor.execute("SELECT set_config('communis.account', %s, true)", [before or ""])
