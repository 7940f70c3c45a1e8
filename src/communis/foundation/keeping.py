"""What is derived from rows, kept per process as long as nothing that it rests on has changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import Any, NamedTuple, TypeVar, TypeVarTuple

from django.db import connection
from django.db.models import Model

from communis.foundation.history import State, last_changes
from communis.foundation.scope import current_pool

Made = TypeVar("Made")
Asked = TypeVarTuple("Asked")


class Kept(NamedTuple):
    """A function whose answers are kept, and what they rest on."""

    make: Callable[..., Any]
    rests_on: tuple[type[Model], ...]


KEPT: dict[str, Kept] = {}  # by the full name of the function


@dataclass(slots=True)
class _Place:
    """The last answer to one question, the state of the rows that it was made from; one thread makes it, others wait."""

    lock: Lock = field(default_factory=Lock)
    state: State | None = None
    answer: Any = None


def kept_until_changed(
    *models: type[Model], born: Sequence[type[Model]] = (), size: int = 32
) -> Callable[[Callable[[*Asked], Made]], Callable[[*Asked], Made]]:
    """Keep what a function derives from the rows of the pool in scope, until a row of these models changes there.

    `born` are the models whose rows never change, only appear. The function depends on its arguments and on nothing else; what it
    returns is read by many and changed by nobody. Of each question, asked in a pool, the last answer alone is kept; of `size`
    questions at most.
    """

    def keep(make: Callable[[*Asked], Made]) -> Callable[[*Asked], Made]:
        places: OrderedDict[Hashable, _Place] = OrderedDict()
        guard = Lock()

        def place_of(question: Hashable) -> _Place:
            with guard:
                found = places.setdefault(question, _Place())
                places.move_to_end(question)
                while len(places) > size:
                    places.popitem(last=False)
                return found

        @wraps(make)
        def found(*asked: *Asked) -> Made:
            state = last_changes(*models, born=born)
            place = place_of((current_pool(), str(connection.settings_dict["NAME"]), asked))
            with place.lock:
                if place.state != state:
                    place.answer, place.state = make(*asked), state
                answer: Made = place.answer
            return answer

        KEPT[f"{make.__module__}.{make.__qualname__}"] = Kept(make, (*models, *born))
        return found

    return keep
