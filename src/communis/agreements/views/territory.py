"""The territory with the state of adhesion of every commune, as a picture and as a table (ORG-19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from communis.agreements.enums import MembershipState
from communis.agreements.models import Membership
from communis.agreements.models.memberships import state_of
from communis.agreements.tables.memberships import TONES
from communis.directory.models import Organization
from communis.directory.territory import communes_of, host_of, with_organization, with_people, years_known
from communis.directory.views.territory import TerritoryFilters, TerritoryTable, missing_contacts, views_of
from communis.foundation.requests import AccountRequest
from communis.kit.lists import listing
from communis.kit.parts import Cell, CellGroup
from communis.kit.tables import END
from communis.kit.templatetags.kit import badge

OUTSIDE, ENROLLED = "à inscrire", "non adhérente"
BEST = (MembershipState.ACTIVE, MembershipState.NOTICE, MembershipState.PREPARING, MembershipState.ENDED, MembershipState.DROPPED)
READ = ("organization_id", "effect_on", "notice_on", "ends_on", "dropped_on")  # what the state of a membership is made of
LOOKS = {  # of the picture: the series of colours, the cell, the words
    MembershipState.ACTIVE: (1, "", "adhérentes"), MembershipState.NOTICE: (1, "hatch", "en préavis"),
    MembershipState.PREPARING: (8, "dashed", "en cours d’adhésion"),
}  # fmt: skip


def states_of(user: Any, today: date, known: Iterable[Membership] | None = None) -> dict[int, MembershipState]:
    """Return the state of each organization that has asked: the best of its memberships, in one query, `known` when it was made.

    Who adheres is known to all members of the pool; who asks, and who leaves, to the host’s staff and to the member itself.
    """
    found: dict[int, MembershipState] = {}
    rows = Membership.objects.unscoped().order_by("pk").values_list(*READ, named=True) if known is None else known
    for row in rows:
        state = state_of(row, today)
        if not user.is_staff_of_host and row.organization_id not in user.organizations:
            if state not in (MembershipState.ACTIVE, MembershipState.NOTICE):
                continue
            state = MembershipState.ACTIVE
        best = found.get(row.organization_id)
        if best is None or BEST.index(state) < BEST.index(best):
            found[row.organization_id] = state
    return found


def words_for(record: Any, states: Mapping[int, MembershipState]) -> str:
    if not record.organization:
        return OUTSIDE
    state = states.get(record.organization)
    return str(state.label) if state is not None else ENROLLED


class AdhesionTable(TerritoryTable):
    """The communes with their state of adhesion."""

    state = tables.Column("Adhésion", accessor="organization", empty_values=(), orderable=False, attrs=END)

    def __init__(self, *args: Any, states: Mapping[int, MembershipState], **options: Any) -> None:
        self.states = states
        super().__init__(*args, **options)

    def render_state(self, record: Any) -> str:
        state = self.states.get(record.organization) if record.organization else None
        tone, unreal = TONES[state] if state is not None else ("neutral", True)
        return badge(words_for(record, self.states), tone, unreal)

    def value_state(self, record: Any) -> str:
        return words_for(record, self.states)


@cache
def address_of(route: str, key: int | str) -> str:
    """Return the address of a cell: found out once, since a page may draw a thousand."""
    return reverse(route, args=[key])


def picture(rows: list[Any], states: Mapping[int, MembershipState]) -> list[CellGroup]:
    """Return one cell a commune: those that adhere, those that leave or ask, then the others."""
    groups = []
    for state, (series, look, words) in LOOKS.items():
        inside = [r for r in rows if r.organization and states.get(r.organization) == state]
        cells = [Cell(r.name, address_of("organization", r.organization), look) for r in inside]
        single = "adhérente" if words == "adhérentes" and len(cells) == 1 else words
        if cells:
            groups.append(CellGroup(single, cells, series))
    rest = [r for r in rows if not r.organization or states.get(r.organization) not in LOOKS]
    if rest:
        cells = [Cell(r.name, address_of("commune", r.insee), "outline") for r in rest]
        groups.append(CellGroup("non adhérente" if len(cells) == 1 else "non adhérentes", cells))
    return groups


def picture_for(user: Any, host: Organization | None, today: date, known: Iterable[Membership] | None = None) -> list[CellGroup]:
    """Return the picture of the territory of a host, with who adheres as somebody may know it.

    `known` are the memberships of all, when they were read already.
    """
    return picture(briefly(with_organization(communes_of(host))), states_of(user, today, known))


def briefly(rows: QuerySet[Any], *more: str) -> list[Any]:
    """Return what the picture says of communes and nothing else: there may be a thousand."""
    return list(rows.order_by("sort_name").values_list("name", "insee", "organization", *more, named=True))


def with_latest_year(host: Organization | None, today: date) -> tuple[list[Any], int]:
    """Return the communes of a territory briefly, and the last year whose populations are known for all of them."""
    later, last = years_known()
    rows: list[Any] = []
    for year in later:
        rows = briefly(with_people(communes_of(host), year), "people")
        if all(row.people is not None for row in rows):
            return rows, year
    return rows or briefly(with_organization(communes_of(host))), last or today.year


def territory(request: AccountRequest) -> HttpResponseBase:
    """Show every commune of the territory, in the service or not, with its state of adhesion."""
    host, today = host_of(), timezone.localdate()
    rows, year = with_latest_year(host, today)
    found = with_people(communes_of(host), year).order_by("sort_name")
    states = states_of(request.user, today)
    of_host = request.user.is_staff_of_host
    missing = missing_contacts(request.user, [r.organization for r in rows if r.organization], today) if of_host else {}
    context = {"host": host, "strip": picture(rows, states), "count": len(rows), "year": year, "tabs": views_of(request, rows)}
    return listing(
        request, found, AdhesionTable, TerritoryFilters, template="directory/territory.html", name="territoire", context=context,
        per_page=100, missing=missing, states=states, exclude=() if of_host else ("contacts",),
    )  # fmt: skip
