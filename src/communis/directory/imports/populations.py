"""Legal populations, in the layout of Insee: for the organizations of a pool (INT-02), and for the shared register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django import forms

from communis.directory.access import may_manage_directory
from communis.directory.enums import FactShape, PopulationKind
from communis.directory.imports.facts import Commune, Key, apply, current_facts, planned_fact
from communis.directory.imports.organizations import read_insee
from communis.directory.models import POPULATION, Fact, FactType, Organization, ReferenceBody, ReferencePopulation
from communis.directory.names import sort_key
from communis.directory.territory import communes_of, host_of
from communis.kit.fields import YearField
from communis.kit.formats import counted
from communis.kit.imports import Change, Column, Importable, Planned, Step, Work, Wrong, count, words
from communis.kit.imports.columns import shown

_BATCH = 5_000
_LISTED = 10
KINDS = (PopulationKind.MUNICIPAL, PopulationKind.COUNTED_APART, PopulationKind.TOTAL)
COLUMNS = (
    Column(name="insee", label="COM", read=read_insee, required=True, example="35328",
           synonyms=("code insee", "insee", "codgeo", "code commune", "depcom"),
           help="Le code Insee de la commune, cinq caractères."),
    Column(name="name", label="Commune", read=words(), example="Sixt-sur-Aff", synonyms=("nom", "libellé", "nom de la commune"),
           help="Pour relire : c’est le code qui compte."),
    Column(name=PopulationKind.MUNICIPAL, label="PMUN", read=count(), required=True, example="2 222",
           synonyms=("population municipale", "pop municipale"), help="La population municipale."),
    Column(name=PopulationKind.COUNTED_APART, label="PCAP", read=count(), example="41",
           synonyms=("population comptée à part",), help="La population comptée à part : totale moins municipale."),
    Column(name=PopulationKind.TOTAL, label="PTOT", read=count(), example="2 263",
           synonyms=("population totale", "pop totale"), help="La population totale. Vide : la comptée à part l’est aussi."),
)  # fmt: skip


class PopulationOptions(forms.Form):
    year = YearField(
        label="Année d’entrée en vigueur", first=1999, help_text="Les populations en vigueur au 1er janvier de cette année."
    )
    reference = YearField(label="Année de référence du recensement", first=1999, required=False,
                          help_text="Trois ans avant l’entrée en vigueur, sauf exception.")  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="Populations à reprendre", choices=[(kind.value, kind.label) for kind in KINDS],
        initial=[kind.value for kind in KINDS], widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = forms.CharField(label="Motif, pour les populations déjà saisies et qui changent", max_length=300, required=False)


@dataclass
class Known:
    """What the register and the pool already say for a year."""

    year: int
    kinds: frozenset[str]
    source: str
    reason: str
    names: dict[str, tuple[int, str]]  # communes of the register by code: their entry and name
    register: dict[tuple[str, str], int]  # its populations of the year, by code and kind
    organizations: dict[str, Organization | Commune] = field(default_factory=dict)  # and the rest of the territory
    facts: dict[Key, Fact] = field(default_factory=dict)
    type: FactType | None = None


def source_of(year: int, reference: int | None) -> str:
    vintage = f" {reference}" if reference else ""
    return f"Insee, populations légales{vintage}, en vigueur au 01/01/{year}"


def register_of(work: Work) -> Known:
    """Read the register for the year chosen."""
    options = work.options
    communes = ReferenceBody.objects.filter(kind=ReferenceBody.Kind.COMMUNE).values_list("insee", "pk", "name")
    stored = ReferencePopulation.objects.filter(in_force_on=date(options["year"], 1, 1))
    return Known(
        year=options["year"],
        kinds=frozenset(options["kinds"]),
        source=source_of(options["year"], options.get("reference")),
        reason=options.get("reason", ""),
        names={insee: (pk, name) for insee, pk, name in communes if insee},
        register={(insee, kind): value for insee, kind, value in stored.values_list("body__insee", "kind", "value") if insee},
    )


def pool_of(work: Work) -> Known:
    """Read the register and, beside it, the communes of the pool and of its territory, and what it knows of their population."""
    found = register_of(work)
    around = communes_of(host_of()).values_list("insee", "name")
    found.organizations = {insee: Commune(insee, name) for insee, name in around if insee}
    found.organizations |= {one.insee: one for one in Organization.objects.unscoped().exclude(insee="")}
    found.type = FactType.objects.unscoped().filter(code=POPULATION).first() or FactType(
        code=POPULATION, label="Population", shape=FactShape.NUMBER, unit="hab", has_kinds=True
    )
    if found.type.pk:
        found.facts = current_facts(type=found.type, valid_on=date(found.year, 1, 1))
    return found


def populations_of(values: Mapping[str, Any], kinds: frozenset[str]) -> dict[str, int]:
    """Return the populations of a line that are wanted and known; they must agree with each other."""
    municipal, apart, total = (values.get(kind) for kind in KINDS)
    if total is None and apart is not None:
        raise Wrong("La population comptée à part est là, et la totale manque.", "Écrivez la totale, ou videz cette cellule.",
                    PopulationKind.COUNTED_APART)  # fmt: skip
    if total is not None and total < municipal:
        raise Wrong(f"La population totale est plus petite que la municipale ({municipal}).", "Corrigez l’une des deux.",
                    PopulationKind.TOTAL)  # fmt: skip
    if total is not None and apart is not None and apart != total - municipal:
        raise Wrong(f"La population comptée à part devrait être {total - municipal} : {total} moins {municipal}.",
                    "Corrigez l’une des trois.", PopulationKind.COUNTED_APART)  # fmt: skip
    found = {PopulationKind.MUNICIPAL: municipal, PopulationKind.TOTAL: total}
    found[PopulationKind.COUNTED_APART] = None if total is None else total - municipal
    return {kind: value for kind in KINDS if kind in kinds and (value := found[kind]) is not None}


def difference(insee: str, said: Mapping[str, int], found: Known) -> str:
    """Say in what the file differs from the register."""
    if insee not in found.names:
        return "Absente du registre national."
    apart = [
        f"{PopulationKind(kind).label} {shown(found.register[insee, kind])} au registre, {shown(value)} ici"
        for kind, value in said.items()
        if found.register.get((insee, kind), value) != value
    ]
    return "Diffère du registre : " + " ; ".join(apart) + "." if apart else ""


def plan(values: Mapping[str, Any], found: Known) -> Planned:
    """Say what a line adds to what the pool knows; a commune that is not in its territory is left."""
    insee = values["insee"]
    said = populations_of(values, found.kinds)
    remark = difference(insee, said, found)
    one = found.organizations.get(insee)
    if one is None or found.type is None:
        return Planned(name=values.get("name") or found.names.get(insee, (0, insee))[1], remark=remark)
    first = date(found.year, 1, 1)
    fields = {"until": date(found.year, 12, 31), "source": found.source}
    parts = []
    for kind, value in said.items():
        try:
            parts.append(planned_fact(one, found.type, kind, first, value, fields, found.facts, found.reason))
        except Wrong as wrong:
            raise Wrong(wrong.reason, "Dites le motif de la correction à l’étape des colonnes.", kind) from None
    rows = [row for part in parts for row in part.target or ()]
    changes = tuple(change for part in parts for change in part.changes)
    is_new = bool(rows) and all(part.is_new or part.target is None for part in parts)
    return Planned(name=one.name, is_new=is_new, changes=changes, remark=remark, target=rows)


def identify(values: Mapping[str, Any], _found: Known) -> dict[str, Any]:
    return {"insee": values["insee"]}


def absent(found: Known, keys: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the communes of the pool, and those of its territory, that the file does not have."""
    seen = {key["insee"] for key in keys}
    left = [one for insee, one in found.organizations.items() if insee not in seen]
    within = [one.name for one in left if isinstance(one, Organization)]
    around = [one.name for one in left if isinstance(one, Commune)]
    return [told(names, place) for names, place in ((within, "du service"), (around, "du territoire")) if names]


def told(names: Sequence[str], place: str) -> str:
    listed = ", ".join(sorted(names, key=sort_key)[:_LISTED]) + ("…" if len(names) > _LISTED else "")
    verb = "n’est pas" if len(names) == 1 else "ne sont pas"
    return f"{counted(len(names), 'commune')} {place} {verb} dans ce fichier : {listed}."


def apply_to_pool(steps: Iterator[Step], found: Known, work: Work) -> None:
    """Enter the populations as facts; the kind of fact is made the first time."""
    if found.type is not None and found.type.pk is None:
        found.type.save()
    apply(steps, found, work)


def plan_register(values: Mapping[str, Any], found: Known) -> Planned:
    """Say what a line changes in the register."""
    insee = values["insee"]
    said = populations_of(values, found.kinds)
    if insee not in found.names:
        return Planned(name=values.get("name") or insee, remark="Absente du registre : laissée.")
    body, name = found.names[insee]
    before = {kind: found.register.get((insee, kind)) for kind in said}
    changes = tuple(
        Change(PopulationKind(kind).label, shown(before[kind]), shown(value))
        for kind, value in said.items()
        if before[kind] != value
    )
    rows = [(body, kind, value) for kind, value in said.items() if before[kind] != value]
    is_new = bool(rows) and all(value is None for value in before.values())
    return Planned(name=name, is_new=is_new, changes=changes, target=rows)


def apply_to_register(steps: Iterator[Step], found: Known, _work: Work) -> None:
    """Write the register, as the owner of its tables."""
    rows = (
        ReferencePopulation(body_id=body, kind=kind, value=value, in_force_on=date(found.year, 1, 1), source=found.source)
        for step in steps
        for body, kind, value in step.planned.target
    )
    while some := list(islice(rows, _BATCH)):
        for kind in {row.kind for row in some}:  # a row corrected is another row: what is kept of the register is then made again
            bodies = [row.body_id for row in some if row.kind == kind]
            ReferencePopulation.objects.filter(kind=kind, in_force_on=date(found.year, 1, 1), body__among=bodies).delete()
        ReferencePopulation.objects.bulk_create(some)


def of_nobody(_user: Any) -> bool:
    """The register is written by a command of the administrator of the machine, never by a page."""
    return False


POPULATIONS = Importable(
    name="populations",
    title="Importer les populations légales",
    one="commune",
    makes="complété",
    amends="corrigé",
    sentence="Le fichier de l’Insee : les communes du territoire y sont reprises, les autres comparées au registre.",
    columns=COLUMNS,
    options=PopulationOptions,
    may=may_manage_directory,
    known=pool_of,
    identify=identify,
    plan=plan,
    apply=apply_to_pool,
    remarks=absent,
    list_url="/faits/",
    list_name="Voir les faits",
    undo="Une population importée à tort se corrige par un autre import, qui en dit le motif.",
)
REGISTER = Importable(
    name="registre",
    title="Mettre à jour le registre",
    one="commune",
    columns=COLUMNS,
    options=PopulationOptions,
    may=of_nobody,
    known=register_of,
    identify=identify,
    plan=plan_register,
    apply=apply_to_register,
)
