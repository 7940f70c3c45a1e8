"""The imports of all rooms, each behind its own predicate."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from communis.directory.imports import IMPORTABLES
from communis.foundation.doors import route
from communis.foundation.scope import current_pool
from communis.kit.imports import ImportPages


def owner(request: HttpRequest) -> tuple[int, int]:
    """Say whose the files sent are: the pool one works in, and one’s account."""
    return current_pool(), request.user.pk


def routes() -> list[Any]:
    return [pattern for importable in IMPORTABLES for pattern in ImportPages(importable, owner=owner).routes(route)]
