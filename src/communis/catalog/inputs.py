"""The tables that the engine computes on, from what the pool knows: its members, their legal populations and their facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from communis.catalog.conventions import read_once
from communis.directory.enums import PopulationKind
from communis.directory.models import POPULATION, Fact, FactType, Organization, OrganizationType
from communis.directory.names import sort_key
from communis.directory.register import ReferencePopulation
from communis.directory.territory import communes_of, host_of
from communis.foundation.keeping import kept_until_changed
from communis.kit.formats import capital
from communis.tariff import Convention, Problem, ProblemsFound, Tables, tables_of

_COLUMN = re.compile(r"^Colonne « [^»]* » : ")
READ_FROM, BORN = (Organization, OrganizationType, FactType), (Fact, ReferencePopulation)
"""What the tables rest on: the models whose rows change, and those whose rows only appear."""
REGISTER_AUTHOR = "registre livré"
_KINDS: dict[str, str] = {
    PopulationKind.TOTAL: "totale", PopulationKind.MUNICIPAL: "municipale", PopulationKind.DGF: "DGF",
    PopulationKind.DECLARED: "déclarée", PopulationKind.COUNTED_APART: "comptée à part",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unfit:
    """A fact, or an organization, that the convention cannot read: it is set aside, with why and what to do."""

    organization: int | None  # None: a fact of the service as a whole
    name: str
    what: str
    why: str
    remedy: str
    fact: int | None = None  # None: the organization itself is at fault


@dataclass(frozen=True, slots=True)
class Inputs:
    """The tables of a pool, the rank of each organization and commune among their members, and what could not be read."""

    tables: Tables
    organizations: dict[int, int]
    communes: dict[str, int]
    unfit: tuple[Unfit, ...] = ()

    def unfit_for(self, organization: int | None) -> tuple[Unfit, ...]:
        """Return what was set aside of an organization and of the service as a whole."""
        return tuple(one for one in self.unfit if one.organization in (organization, None))


def inputs_of(convention: Convention) -> Inputs:
    """Return the tables of the pool in scope, with the communes of its territory that are no organization of it yet."""
    return _made(convention.text, True)


def enrolled_inputs_of(convention: Convention) -> Inputs:
    """Return the tables of the pool in scope, of its organizations alone: those that hold something."""
    return _made(convention.text, False)


@kept_until_changed(*READ_FROM, born=BORN)
def _made(text: str, with_territory: bool) -> Inputs:
    convention = read_once(text)
    organizations = list(Organization.objects.unscoped().select_related("type", "parent").order_by("sort_name", "pk"))
    members: list[Member] = [(member_of(o), o) for o in organizations]
    enrolled = {o.insee for o in organizations if o.insee}
    others = communes_of(host_of()).exclude(insee__in=enrolled).order_by("sort_name", "insee")
    communes = list(others) if with_territory else []
    members += [({"membre": c.name, "siren": c.siren or "", "type": "commune", "insee": c.insee}, None) for c in communes]
    known = convention.model.book.facts
    facts = list(facts_known(known))
    tables, unfit = read_all(convention, members, facts)
    ranks = {m.name: i for i, m in enumerate(tables.members)}
    by_insee = {m.insee: i for i, m in enumerate(tables.members) if m.insee}
    return Inputs(tables, {o.pk: ranks[o.name] for o in organizations if o.name in ranks}, by_insee, unfit)


Member = tuple[dict[str, Any], Organization | None]


def read_all(convention: Convention, members: list[Member], facts: list[Any]) -> tuple[Tables, tuple[Unfit, ...]]:
    """Return the tables that can be read, and what was set aside so that the rest can be."""
    unfit: list[Unfit] = []
    while True:
        rows = rows_of(convention, members, facts)
        try:
            return tables_of(convention.model, rows["real"], rows["made up"]), tuple(
                sorted(unfit, key=lambda u: (sort_key(u.name), u.what))
            )
        except ProblemsFound as found:
            wrong = found
        told, members, facts = without_the_unfit(convention, members, facts)
        if not told:
            raise wrong
        unfit += told


def rows_of(convention: Convention, members: list[Member], facts: list[Any]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the tables to read: a fact of the pool wins over what the register knows at the same date."""
    listed = [row for row, _ in members]
    names = {row["membre"] for row in listed}
    kept = [f for f in facts if f.organization__name is None or f.organization__name in names]
    entered = [row_of(f) for f in kept if not f.is_made_up]
    said = {(f["membre"], f["fait"], f["nature"], f["date"]) for f in entered}
    legal = [
        f
        for f in populations(listed, convention.model.book.facts)
        if (f["membre"], f["fait"], f["nature"], f["date"]) not in said
    ]
    made_up = [row_of(f) for f in kept if f.is_made_up]
    return {"real": {"membres": listed, "faits": [*entered, *legal]}, "made up": {"faits": made_up}}


def without_the_unfit(
    convention: Convention, members: list[Member], facts: list[Any]
) -> tuple[list[Unfit], list[Member], list[Any]]:
    """Find what cannot be read, the members first, then the facts; return what is left."""
    wrong = problems_in(convention, {"membres": [row for row, _ in members]})
    if wrong:
        told = [
            Unfit(o.pk, o.name, "sa fiche", why_of(p), p.remedy)
            for i, (_, o) in enumerate(members, 1)
            if o and (p := wrong.get(i))
        ]
        return told, [m for i, m in enumerate(members, 1) if i not in wrong], facts
    names = {row["membre"] for row, _ in members}
    facts = [f for f in facts if f.organization__name is None or f.organization__name in names]
    wrong = problems_in(convention, {"membres": [row for row, _ in members], "faits": [row_of(f) for f in facts]}, "faits")
    told = [unfit_fact(f, p) for i, f in enumerate(facts, 1) if (p := wrong.get(i))]
    return told, members, [f for i, f in enumerate(facts, 1) if i not in wrong]


def problems_in(convention: Convention, tables: dict[str, Any], name: str = "membres") -> dict[int, Problem]:
    """Return the first problem of each row of a table, by its rank."""
    try:
        tables_of(convention.model, tables)
    except ProblemsFound as found:
        return {p.place.line: p for p in reversed(found.problems) if p.file == name}
    return {}


def why_of(problem: Problem) -> str:
    """Return what is wrong, without the column: people typed it in a form."""
    return capital(_COLUMN.sub("", problem.message))


def unfit_fact(fact: Any, problem: Problem) -> Unfit:
    name = fact.organization__name or "le service"
    what = f"{fact.type__label} au {fact.valid_on:%d/%m/%Y}"
    return Unfit(fact.organization_id, name, what, why_of(problem), problem.remedy, fact.pk)


def member_of(organization: Organization) -> dict[str, Any]:
    """Return an organization as a row of the table of members."""
    return {
        "membre": organization.name, "siren": organization.siren, "type": organization.type.name, "insee": organization.insee,
        "rattachement": organization.parent.name if organization.parent else "",
        "rôle": "gestionnaire" if organization.is_host else "", "du": organization.starts_on or "",
        "au": organization.ends_on or "",
    }  # fmt: skip


def populations(members: Iterable[dict[str, Any]], known: Any) -> Iterable[dict[str, Any]]:
    """Yield the legal populations of communes, each for the year it is in force.

    What the pool entered of a commune before it was an organization of it wins over what the register knows.
    """
    if POPULATION not in known:
        return
    by_insee = {m["insee"]: m["membre"] for m in members if m["insee"]}
    said = set()
    facts = Fact.objects.unscoped().current().filter(type__code=POPULATION, insee__in=list(by_insee)).exclude(insee="")
    for fact in facts.order_by("pk").values_list("insee", *READ, named=True):
        said.add((fact.insee, fact.kind, fact.valid_on))
        yield row_of(fact) | {"membre": by_insee[fact.insee]}
    rows = ReferencePopulation.objects.filter(body__insee__in=list(by_insee)).order_by("pk")
    for insee, kind, day, value, source in rows.values_list("body__insee", "kind", "in_force_on", "value", "source"):
        if (insee, kind, day) in said:
            continue
        yield {
            "membre": by_insee[insee], "fait": POPULATION, "valeur": value, "unité": "hab", "nature": _KINDS[kind], "date": day,
            "jusqu_au": day.replace(month=12, day=31), "source": source, "auteur": REGISTER_AUTHOR,
        }  # fmt: skip


READ = (  # of the facts, and not as objects: there may be a hundred thousand
    "pk", "organization_id", "organization__name", "type__code", "type__label", "type__unit", "number", "text", "kind",
    "valid_on", "until", "published_on", "source", "entered_by", "is_made_up",
)  # fmt: skip


def facts_known(known: Any) -> Iterable[Any]:
    """Return the facts of organizations and of the service that the convention reads, as rows of READ."""
    rows = Fact.objects.unscoped().current().filter(type__code__in=list(known), insee="")
    return rows.order_by("pk").values_list(*READ, named=True)


def row_of(fact: Any) -> dict[str, Any]:
    """Return a fact as a row of the table of facts."""
    return {
        "membre": fact.organization__name or "", "fait": fact.type__code,
        "valeur": fact.text if fact.number is None else format(fact.number.normalize(), "f"), "unité": fact.type__unit,
        "nature": _KINDS[fact.kind] if fact.kind else "", "date": fact.valid_on, "jusqu_au": fact.until or "",
        "publié_le": fact.published_on or "", "source": fact.source, "auteur": fact.entered_by,
    }  # fmt: skip
