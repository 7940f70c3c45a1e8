"""Facts from a file: populations, workstations, anything a tariff reads. What is known is corrected, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from django import forms
from django.db import connection, models
from django.db.models import Q

from communis.directory.access import may_manage_directory
from communis.directory.enums import FactShape, PopulationKind
from communis.directory.imports.organizations import read_insee
from communis.directory.models import Fact, FactType, Organization
from communis.foundation.scope import current_pool
from communis.kit.imports import Change, Column, Importable, Planned, Step, Work, Wrong, day, number, one_of, words, yes_no
from communis.kit.imports.columns import shown
from communis.kit.plain import plain
from communis.kit.sheets.book import MEGABYTE, Limits

_BATCH = 2_000
_read_number = lru_cache(maxsize=20_000)(number(places=6, digits=14, unit="", least=0))

COLUMNS = (
    Column(name="organization", label="Organisation", read=words(), required=True, example="Sixt-sur-Aff",
           synonyms=("membre", "commune", "nom", "code insee", "insee", "siren", "siret"),
           help="Son nom, son code Insee, son SIREN ou son SIRET."),
    Column(name="type", label="Fait", read=words(100), required=True, example="habitants",
           synonyms=("type de fait", "indicateur"),
           help="L’un des types de faits du service, par son libellé ou par son nom dans les conventions."),
    Column(name="value", label="Valeur", read=words(), required=True, example="2 263",
           synonyms=("nombre", "quantité", "population"),
           help="Un nombre, oui ou non, ou des mots, selon le fait."),
    Column(name="valid_on", label="À la date du", read=day, required=True, example="01/01/2025",
           synonyms=("date", "au", "depuis le", "en vigueur le"), help="Le jour auquel la valeur est connue : 01/01/2025."),
    Column(name="kind", label="Nature", read=one_of(PopulationKind.choices), example="totale",
           synonyms=("nature de la population",),
           help="Pour une population : totale, municipale, comptée à part, DGF ou déclarée."),
    Column(name="until", label="Jusqu’au", read=day, example="31/12/2025", synonyms=("jusqu_au", "fin"),
           help="Le dernier jour où elle vaut, quand il est connu."),
    Column(name="published_on", label="Publié le", read=day, synonyms=("publié_le", "date de publication"),
           help="Le jour où elle a paru."),
    Column(name="source", label="Source", read=words(300), example="Insee, populations légales 2022", synonyms=("origine",),
           help="D’où vient la valeur ; elle peut se dire pour tout le fichier."),
    Column(name="reason", label="Motif de la correction", read=words(300), synonyms=("motif",),
           help="Nécessaire quand la ligne corrige un fait déjà connu."),
)  # fmt: skip
Key = tuple[int | str, int, str, date]  # organization, or commune by its code; type, kind, day


class Commune(NamedTuple):
    """A commune of the territory that is no organization of the pool."""

    insee: str
    name: str


class FactOptions(forms.Form):
    source = forms.CharField(label="Source des lignes qui n’en disent pas", max_length=300, required=False)
    reason = forms.CharField(
        label="Motif des corrections",
        max_length=300,
        required=False,
        help_text="Une correction s’ajoute à ce qui était su ; l’ancienne valeur reste lisible.",
    )


@dataclass
class Known:
    """The organizations, the kinds of facts and the facts in place."""

    organizations: dict[str, Organization]
    types: dict[str, FactType]
    facts: dict[Key, Fact]
    options: Mapping[str, Any]


def organizations_by_word() -> dict[str, Organization]:
    """Return the organizations of the pool by each word that names one."""
    found: dict[str, Organization] = {}
    for one in Organization.objects.unscoped():
        found |= {word: one for word in (one.siren, one.siret, one.insee.casefold(), plain(one.name)) if word}
    return found


def current_facts(**only: Any) -> dict[Key, Fact]:
    """Return the facts that hold of organizations, and of communes that are none."""
    facts = Fact.objects.unscoped().current().filter(~Q(organization=None, insee=""), **only).order_by("entered_at", "pk")
    return {(fact.organization_id or fact.insee, fact.type_id, fact.kind, fact.valid_on): fact for fact in facts.iterator()}


def known(work: Work) -> Known:
    rows = list(FactType.objects.unscoped())
    types = {plain(one.label): one for one in rows} | {plain(one.code): one for one in rows}
    return Known(organizations_by_word(), types, current_facts(), work.options)


def identify(values: Mapping[str, Any], found: Known) -> dict[str, Any]:
    """A fact is that of an organization at a day, whatever the words by which a line names them."""
    one, type_ = named(values["organization"], found.organizations), found.types.get(plain(values["type"]))
    parts = (one and one.pk, type_ and type_.pk, values.get("kind"), values["valid_on"])
    return {"organization": parts} if one and type_ else {}


def named(text: str, found: Mapping[str, Organization]) -> Organization | None:
    bare = "".join(text.split()).casefold()
    code = f"0{bare}" if len(bare) == 4 and bare.isdigit() else bare
    return found.get(plain(text)) or found.get(code)


def organization_of(text: str, found: Mapping[str, Organization]) -> Organization:
    one = named(text, found)
    if one is None:
        raise Wrong("Cette organisation n’est pas dans le service.", "Vérifiez son nom ou son code, ou inscrivez-la d’abord.",
                    "organization")  # fmt: skip
    return one


def value_of(text: str, type_: FactType) -> Any:
    """Read the value of a fact as its type wants it: a number, or words (« oui » and « non » are words)."""
    try:
        if type_.shape == FactShape.NUMBER:
            found = _read_number(text)
            if type_.has_kinds and found != found.to_integral_value():
                raise Wrong("Une population est un nombre entier.", "Écrivez un nombre entier, sans virgule.")
            return found
        if type_.shape == FactShape.YES_NO:
            return "oui" if yes_no(text) else "non"
    except Wrong as wrong:
        raise Wrong(wrong.reason, wrong.remedy, "value") from None
    return text


def plan(values: Mapping[str, Any], found: Known) -> Planned:
    """Say whether a fact is new, corrects one, or is already known."""
    one = organization_of(values["organization"], found.organizations)
    type_ = found.types.get(plain(values["type"]))
    if type_ is None:
        raise Wrong("Ce fait n’est pas l’un de ceux du service.", "Vérifiez son nom, ou ajoutez ce type de fait d’abord.", "type")
    kind = values.get("kind") or ""
    if type_.has_kinds and not kind:
        raise Wrong("La nature manque.", "Écrivez totale, municipale, comptée à part, DGF ou déclarée.", "kind")
    if kind and not type_.has_kinds:
        raise Wrong("Ce fait n’a pas de nature.", "Videz cette cellule.", "kind")
    if values.get("until") and values["until"] < values["valid_on"]:
        raise Wrong("La fin précède le début.", "Corrigez l’une des deux dates.", "until")
    source = values.get("source") or found.options.get("source") or ""
    if not source:
        raise Wrong("La source manque.", "Écrivez-la, ou dites-la pour tout le fichier à l’étape des colonnes.", "source")
    value = value_of(values["value"], type_)
    fields = {"until": values.get("until"), "published_on": values.get("published_on"), "source": source}
    reason = values.get("reason") or found.options.get("reason") or ""
    return planned_fact(one, type_, kind, values["valid_on"], value, fields, found.facts, reason)


def planned_fact(
    one: Organization | Commune, type_: FactType, kind: str, valid_on: date, value: Any, fields: Mapping[str, Any],
    facts: Mapping[Key, Fact], reason: str,
) -> Planned:  # fmt: skip
    """Plan one fact: nothing when it is known with that value, a correction with its reason when it is known with another."""
    before = facts.get((one.insee if isinstance(one, Commune) else one.pk, type_.pk, kind, valid_on))
    words = PopulationKind(kind).label if kind else ""
    label = f"{type_.label} {words}".strip() + f" au {shown(valid_on)}"
    if before is not None and (before.number if type_.shape == FactShape.NUMBER else before.text) == value:
        return Planned(name=one.name)
    if before is not None and not reason:
        raise Wrong(f"Ce fait est déjà connu : {shown(before.value)}.",
                    "Dites le motif de la correction, sur la ligne ou pour tout le fichier.", "reason")  # fmt: skip
    change = Change(label, shown(before.value) if before is not None else "", shown(value))
    whose: dict[str, Any] = {"insee": one.insee} if isinstance(one, Commune) else {"organization": one}
    made = {**whose, "type": type_, "kind": kind, "valid_on": valid_on, **fields}
    made |= {"number": value} if type_.shape == FactShape.NUMBER else {"text": value}
    if before is not None:
        made |= {"replaces": before, "reason": reason}
    return Planned(name=one.name, is_new=before is None, changes=(change,), target=[made])


def enter(rows: Iterable[Mapping[str, Any]], work: Work) -> None:
    """Add facts, entered now by whoever imports."""
    common = {"pool": current_pool(), "entered_by": str(work.user), "entered_at": work.now}
    remaining = iter(rows)
    while some := list(islice(remaining, _BATCH)):
        insert([{**common, **row} for row in some])


def insert(rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert facts, a column at a time: an object made of each would take four times as long."""
    fields = [field for field in Fact._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    arrays = ", ".join(f"%s::{(field.db_type(connection) or '').split('(')[0]}[]" for field in fields)
    values = [[stored(row.get(field.name, field.get_default())) for row in rows] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {Fact._meta.db_table} ({names}) SELECT * FROM unnest({arrays})", values)


def stored(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def apply(steps: Iterator[Step], _found: Any, work: Work) -> None:
    enter((row for step in steps for row in step.planned.target), work)


def rows(work: Work) -> Iterator[Sequence[Any]]:
    """Yield the facts of organizations that hold; the reason of a former correction is its history, not what is imported."""
    found = Fact.objects.visible_to(work.user).current().filter(organization__isnull=False).select_related("organization", "type")
    for fact in found.order_by("organization__sort_name", "type__label", "valid_on", "pk").iterator(chunk_size=2_000):
        yield [fact.organization.name, fact.type.code, fact.value, fact.valid_on, fact.get_kind_display(), fact.until,
               fact.published_on, fact.source, ""]  # fmt: skip


FACTS = Importable(
    name="faits",
    title="Importer des faits",
    one="fait",
    feminine=False,
    makes="ajouté",
    amends="corrigé",
    sentence="Populations, postes de travail, licences : ce que les tarifs lisent, avec sa date et sa source.",
    columns=COLUMNS,
    options=FactOptions,
    may=may_manage_directory,
    known=known,
    identify=identify,
    plan=plan,
    apply=apply,
    rows=rows,
    limits=Limits(size=200 * MEGABYTE, rows=1_000_000),
    list_url="/faits/",
    undo="Un fait importé à tort se corrige ou se retire par un autre fait, qui dit pourquoi.",
)
__all__ = ["FACTS", "Commune", "current_facts", "enter", "organizations_by_word", "planned_fact", "read_insee"]
