"""The names typed in rows of higher rooms that go with a person, when it is erased, and those that stay (SEC-12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from communis.directory.models import Delegation, Organization, Person, Role
from communis.directory.names import plain
from communis.foundation.history import event_model
from communis.foundation.tenancy import PoolModel

Rows = Callable[[Iterable[Organization]], Q]


@dataclass(frozen=True, slots=True)
class Named:
    """A column in which somebody types the name of a person, and which rows are those of some organizations.

    `stays` tells those of their rows that no longer change, whoever they name; `words`, what a row is, without its name.
    """

    model: type[PoolModel]
    column: str
    of: Rows
    stays: Rows | None = None
    words: Callable[[Any], str] = str
    related: tuple[str, ...] = ()


NAMED: list[Named] = []


def erase_also(*named: Named) -> None:
    """Add the columns of a higher room that are emptied with a person that they name."""
    NAMED.extend(named)


def told_of(person: Person) -> tuple[list[str], list[str]]:
    """Say which rows lose the name of a person, and which keep it, where it holds or held a role or a delegation."""
    lost = [words for named in NAMED for words in _told(person, named, named.of)]
    return lost, [words for named in NAMED if named.stays is not None for words in _told(person, named, named.stays)]


def _told(person: Person, named: Named, of: Rows) -> list[str]:
    rows = named.model.objects.unscoped().select_related(*named.related)
    return [named.words(row) for row in _naming(person, named.column, of, rows)]


def empty_names(person: Person) -> None:
    """Empty the columns that name a person, in their rows and in all their history."""
    for named in NAMED:
        tables: tuple[Any, ...] = (named.model, event_model(named.model))
        for table in tables:
            found = [row.pk for row in _naming(person, named.column, named.of, table.objects.unscoped())]
            table.objects.unscoped().filter(pk__in=found).update(**{named.column: ""})


def _naming(person: Person, column: str, of: Rows, rows: QuerySet[Any]) -> Iterator[Any]:
    words = [plain(f"{person.first_name} {person.last_name}").split(), plain(f"{person.last_name} {person.first_name}").split()]
    if not words[0]:
        return
    for row in rows.filter(of(organizations_of(person))).exclude(**{column: ""}):
        if names(plain(getattr(row, column)).split(), words):
            yield row


def names(typed: list[str], wanted: list[list[str]]) -> bool:
    """Tell whether words say a name, in one order or the other, whatever stands around: « Mme Ada Riou, maire »."""
    said = [word.strip(".,;:()") for word in typed]
    return any(said[at : at + len(name)] == name for name in wanted for at in range(len(said) - len(name) + 1))


def organizations_of(person: Person) -> list[Organization]:
    """Return the organizations for which a person holds or held a role, or a delegation."""
    roles = Role.objects.unscoped().filter(person=person).values("organization")
    given = Delegation.objects.unscoped().filter(delegate=person).values("organization")
    return list(Organization.objects.unscoped().filter(Q(pk__in=roles) | Q(pk__in=given)))
