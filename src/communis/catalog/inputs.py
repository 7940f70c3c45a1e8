"""The tables that the engine computes on, from what the pool knows: its members, their legal populations and their facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Max

from communis.catalog.conventions import opened
from communis.directory.enums import PopulationKind
from communis.directory.models import POPULATION, Fact, Organization
from communis.directory.register import ReferencePopulation
from communis.directory.territory import communes_of, host_of
from communis.foundation.history import event_model
from communis.foundation.scope import current_pool
from communis.tariff import Convention, Tables, tables_of

REGISTER_AUTHOR = "registre livré"
_KINDS: dict[str, str] = {
    PopulationKind.TOTAL: "totale", PopulationKind.MUNICIPAL: "municipale", PopulationKind.DGF: "DGF",
    PopulationKind.DECLARED: "déclarée", PopulationKind.COUNTED_APART: "comptée à part",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inputs:
    """The tables of a pool, and the rank of each organization and of each commune of the register among their members."""

    tables: Tables
    organizations: dict[int, int]
    communes: dict[str, int]


def inputs_of(convention: Convention) -> Inputs:
    """Return the tables of the pool in scope; made once as long as nothing they rest on has changed."""
    state = (
        Fact.objects.unscoped().aggregate(last=Max("pk"))["last"],
        event_model(Organization).objects.unscoped().aggregate(last=Max("pgh_id"))["last"],
    )
    slug = convention.folder.name if convention.folder else ""
    return _made(current_pool(), connection.settings_dict["NAME"], slug, convention.fingerprint, state)


@lru_cache(maxsize=32)
def _made(pool: int, database: str, slug: str, fingerprint: str, state: tuple[int | None, ...]) -> Inputs:
    convention = opened(slug)
    host = host_of()
    organizations = list(Organization.objects.unscoped().select_related("type", "parent").order_by("sort_name", "pk"))
    enrolled = {o.insee for o in organizations if o.insee}
    communes = list(communes_of(host).exclude(insee__in=enrolled).order_by("sort_name", "insee"))
    members = [member_of(o) for o in organizations]
    members += [{"membre": c.name, "siren": c.siren or "", "type": "commune", "insee": c.insee} for c in communes]
    names = {m["membre"] for m in members}
    known = convention.model.book.facts
    entered = list(facts_of(names, known, made_up=False))
    said = {(f["membre"], f["fait"], f["nature"], f["date"]) for f in entered}
    legal = [f for f in populations(members, known) if (f["membre"], f["fait"], f["nature"], f["date"]) not in said]
    tables = tables_of(
        convention.model, {"membres": members, "faits": [*legal, *entered]}, {"faits": facts_of(names, known, made_up=True)}
    )
    ranks = {m.name: i for i, m in enumerate(tables.members)}
    return Inputs(
        tables, {o.pk: ranks[o.name] for o in organizations}, {m.insee: i for i, m in enumerate(tables.members) if m.insee}
    )


def member_of(organization: Organization) -> dict[str, Any]:
    """Return an organization as a row of the table of members."""
    return {
        "membre": organization.name, "siren": organization.siren, "type": organization.type.name, "insee": organization.insee,
        "rattachement": organization.parent.name if organization.parent else "",
        "rôle": "gestionnaire" if organization.is_host else "", "du": organization.starts_on or "",
        "au": organization.ends_on or "",
    }  # fmt: skip


def populations(members: Iterable[dict[str, Any]], known: Any) -> Iterable[dict[str, Any]]:
    """Yield the legal populations that the register knows, each for the year it is in force."""
    if POPULATION not in known:
        return
    by_insee = {m["insee"]: m["membre"] for m in members if m["insee"]}
    rows = ReferencePopulation.objects.filter(body__insee__in=list(by_insee)).order_by("pk")
    for insee, kind, day, value, source in rows.values_list("body__insee", "kind", "in_force_on", "value", "source"):
        yield {
            "membre": by_insee[insee], "fait": POPULATION, "valeur": value, "unité": "hab", "nature": _KINDS[kind], "date": day,
            "jusqu_au": day.replace(month=12, day=31), "source": source, "auteur": REGISTER_AUTHOR,
        }  # fmt: skip


def facts_of(names: set[str], known: Any, *, made_up: bool) -> Iterable[dict[str, Any]]:
    """Yield the facts entered in the pool that the convention reads."""
    rows = Fact.objects.unscoped().current().filter(type__code__in=list(known), is_made_up=made_up).order_by("pk")
    read = (  # not as objects: there may be a hundred thousand
        "organization__name", "type__code", "type__unit", "number", "text", "kind", "valid_on", "until", "published_on", "source",
        "entered_by",
    )  # fmt: skip
    for name, code, unit, number, text, kind, valid_on, until, published_on, source, author in rows.values_list(*read):
        if name is not None and name not in names:
            continue
        yield {
            "membre": name or "", "fait": code, "valeur": text if number is None else format(number.normalize(), "f"),
            "unité": unit, "nature": _KINDS[kind] if kind else "", "date": valid_on, "jusqu_au": until or "",
            "publié_le": published_on or "", "source": source, "auteur": author,
        }  # fmt: skip
