"""What is derived from rows, kept per process as long as nothing that it rests on has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

from django.db import connection
from django.db.models import Model

from communis.foundation.history import State, last_changes
from communis.foundation.scope import current_pool

Made = TypeVar("Made")
Asked = TypeVarTuple("Asked")


def kept_until_changed(
    *models: type[Model], born: Sequence[type[Model]] = (), size: int = 32
) -> Callable[[Callable[[*Asked], Made]], Callable[[*Asked], Made]]:
    """Keep what a function derives from the rows of the pool in scope, until a row of these models changes there.

    `born` are the models whose rows never change, only appear. The function depends on its arguments and on nothing else; what it
    returns is read by many and changed by nobody.
    """

    def keep(make: Callable[[*Asked], Made]) -> Callable[[*Asked], Made]:
        @lru_cache(maxsize=size)
        def made(pool: int, database: str, state: State, asked: tuple[*Asked]) -> Made:
            return make(*asked)

        @wraps(make)
        def found(*asked: *Asked) -> Made:
            place = current_pool(), str(connection.settings_dict["NAME"])
            return made(*place, last_changes(*models, born=born), asked)

        return found

    return keep
