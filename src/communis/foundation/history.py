"""History of tenant rows, kept by triggers of the database: who, when, before and after, also for bulk and raw SQL.

`tracked` declares it on a model; `history_of` reads it for the pages called « Historique ». A row of history is never changed,
save by the erasure of personal fields, which can only empty them (`walls.history`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

import pghistory
from django.db import connection, models
from django.utils import timezone
from pghistory.models import Event as StoredEvent

from communis.foundation.tenancy import ScopedQuerySet

WORDS = {"insert": "Créé", "update": "Modifié", "delete": "Supprimé"}


Words = Callable[[Any, str], str]
SPELLED: dict[tuple[type[models.Model], str], Words] = {}


def spell(model: type[models.Model], *columns: str, words: Words) -> None:
    """Tell how the history of a model words the columns that hold a name of the language; what is stored stays.

    `words` takes the row that the history is of, and the value.
    """
    SPELLED.update({(model, column): words for column in columns})


class EventQuerySet(ScopedQuerySet):
    """Rows of history: read through the object they tell of, which one has been allowed to see."""

    def of(self, row: models.Model) -> Self:
        return self.unscoped().filter(pgh_obj_id=row.pk)


EventManager = models.Manager.from_queryset(EventQuerySet)


class Event(StoredEvent):
    """A row of history of a pool."""

    pgh_id = models.BigAutoField(primary_key=True)

    objects: ClassVar[EventManager] = EventManager()

    class Meta:
        abstract = True


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Keep the history of a model in the database, whatever changes it."""
    return tracked_but()(model)


def tracked_but(*kept_out: str) -> Callable[[type[models.Model]], type[models.Model]]:
    """Keep the history of a model, without the fields named: secrets, and what changes at each use."""
    track: Callable[[type[models.Model]], type[models.Model]] = pghistory.track(
        pghistory.InsertEvent("insert"), pghistory.UpdateEvent("update"), pghistory.DeleteEvent("delete"), base_model=Event,
        exclude=list(kept_out),
    )  # fmt: skip
    return track


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a row: what happened, when, by whom, in which request."""

    word: str
    at: datetime
    by: str
    request: str
    changes: tuple[Change, ...]


def history_of(row: models.Model, reader: Any = None) -> list[Entry]:
    """Return what happened to a row one may see, the latest first, with what changed each time.

    What it refers to is named when the reader may see it, else told by its number; without a reader, all of it is named.
    """
    events = list(event_model(type(row)).objects.of(row).order_by("pgh_id"))
    kept = {f.attname for f in event_model(type(row))._meta.concrete_fields} - {"id", "pool_id"}
    fields = [f for f in type(row)._meta.concrete_fields if f.attname in kept and not f.name.startswith(("sort_", "search_"))]
    names = _named(fields, events, reader)
    found = []
    before: Any = None
    for event in events:
        changes = tuple(
            Change(
                str(field.verbose_name),
                _told(row, field, before, names) if before is not None else None,
                _told(row, field, event, names),
            )
            for field in fields
            if (before is None and getattr(event, field.attname) not in (None, ""))
            or (before is not None and getattr(before, field.attname) != getattr(event, field.attname))
        )
        context = event.pgh_context or {}
        at = timezone.localtime(event.pgh_created_at)
        word = WORDS[event.pgh_label]
        found.append(
            Entry(word, at, str(context.get("by", "")), str(context.get("request", "")), () if word == "Supprimé" else changes)
        )
        before = event
    return found[::-1]


def event_model(model: type[models.Model]) -> Any:
    """Return the model of the history of a model."""
    return model._meta.apps.get_model(model._meta.app_label, f"{model.__name__}Event")


State = tuple[int | tuple[str, ...] | None, ...]

_WRITING = """ARRAY(SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE mode = 'RowExclusiveLock' AND locktype = 'relation' AND relation IN ({}) ORDER BY 1)"""


def last_changes(*models: type[models.Model], born: Sequence[type[models.Model]] = ()) -> State:
    """Return, in one query, the number of the last change of each model in the pool in scope, and the last row of those `born`.

    To look at the last row is enough of a model whose rows never change. The transactions that are writing there come last: what
    they change is numbered already, maybe below what others have committed since, and is seen by nobody yet.
    """
    asked = [(event_model(model)._meta.db_table, "pgh_id") for model in models]
    asked += [(model._meta.db_table, "id") for model in born]
    numbers = [f'(SELECT max({key}) FROM "{table}")' for table, key in asked]
    writing = _WRITING.format(", ".join(f"'\"{table}\"'::regclass" for table, _ in asked))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([*numbers, writing])}")
        *last, now = cursor.fetchone()
    return (*last, tuple(now))


def _named(fields: list[Any], events: list[Any], reader: Any) -> dict[tuple[str, Any], str]:
    """Return the names of the rows that the history refers to, one query a field."""
    names: dict[tuple[str, Any], str] = {}
    for field in fields:
        if field.many_to_one or field.one_to_one:
            wanted = {getattr(e, field.attname) for e in events} - {None}
            target = field.related_model
            scoped = hasattr(target.objects, "unscoped")
            rows = (
                target.objects.all() if not scoped else target.objects.visible_to(reader) if reader else target.objects.unscoped()
            )
            names |= {(field.name, row.pk): str(row) for row in rows.filter(pk__in=wanted)} if wanted else {}
    return names


def _told(row: models.Model, field: Any, event: Any, names: dict[tuple[str, Any], str]) -> Any:
    value = getattr(event, field.attname)
    if field.many_to_one or field.one_to_one:
        return names.get((field.name, value), "" if value is None else f"n° {value}")
    spelled = SPELLED.get((type(row), field.name))
    if value and spelled is not None:
        return spelled(row, value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        words = dict(getattr(getattr(field, "base_field", None), "flatchoices", ()))
        return ", ".join(str(words.get(one, one)) for one in value)
    if isinstance(value, dict):  # what a document was made from: the document itself tells it
        return f"{len(value)} valeurs" if value else ""
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return value
