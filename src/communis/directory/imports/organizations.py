"""The organizations of a pool, from a file: made, or completed, never removed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.validators import validate_email
from django.db import models

from communis.directory.access import may_manage_directory
from communis.directory.enums import PartnerKind
from communis.directory.identifiers import check_insee, check_siren, check_siret, department_of
from communis.directory.imports.rows import LARGE, record, same
from communis.directory.models import Organization, OrganizationType, Partner, ReferenceBody
from communis.kit.imports import Change, Column, Importable, Planned, Work, Wrong, day, words, yes_no
from communis.kit.imports.columns import shown
from communis.kit.plain import plain

PARTNERS = {"prefecture": PartnerKind.PREFECTURE, "accountant": PartnerKind.ACCOUNTANT, "court": PartnerKind.COURT}
_LISTED = 12  # names told in a message


def figures(check: Callable[[str], None]) -> Callable[[str], str]:
    """Read an identifier, its spaces removed."""

    def read(text: str) -> str:
        bare = "".join(text.split())
        check(bare)
        return bare

    return read


def read_insee(text: str) -> str:
    """Read the code of a commune; a spreadsheet takes away the first zero of those of the Ain to the Ariège."""
    bare = "".join(text.split()).upper()
    code = f"0{bare}" if len(bare) == 4 and bare.isdigit() else bare
    check_insee(code)
    return code


def name_of(text: str) -> str:
    return words()(text).replace("'", "’")


COLUMNS = (
    Column(name="name", label="Nom", read=name_of, required=True, example="Sixt-sur-Aff",
           synonyms=("organisation", "raison sociale", "commune", "libellé", "dénomination", "nom de la commune", "nom officiel"),
           help="Le nom sous lequel elle paraît partout."),
    Column(name="type", label="Type", read=words(100), required=True, example="Commune",
           synonyms=("type d'organisation", "nature", "catégorie"), help="L’un des types du service : commune, syndicat, CCAS…"),
    Column(name="insee", label="Code Insee", read=read_insee, example="35328",
           synonyms=("insee", "code commune", "codgeo", "com", "code officiel géographique"), help="Pour une commune seulement."),
    Column(name="siren", label="SIREN", read=figures(check_siren), example="213503287", synonyms=("n siren", "numéro siren"),
           help="Neuf chiffres."),
    Column(name="siret", label="SIRET", read=figures(check_siret), example="21350328700012",
           synonyms=("n siret", "numéro siret"), help="Quatorze chiffres."),
    Column(name="legal_form", label="Forme juridique", read=words(100), help="Celle des statuts, en toutes lettres."),
    Column(name="department", label="Département", read=words(3), example="35", synonyms=("dep", "code département"),
           help="Son code : 35, 2A, 974. Celui du registre, si la cellule est vide."),
    Column(name="address", label="Adresse", read=words(1000), several_lines=True,
           example="1 place de l’Église, 35550 Sixt-sur-Aff", synonyms=("adresse postale",),
           help="Elle peut tenir sur plusieurs lignes."),
    Column(name="phone", label="Téléphone", read=words(30), example="02 99 00 00 00", synonyms=("tel", "tél"),
           help="Celui de l’accueil."),
    Column(name="email", label="Adresse e-mail", read=words(254, validate_email), example="mairie@sixt.example",
           synonyms=("e-mail", "email", "mail", "courriel", "mél"), help="Celle de l’accueil, pas d’une personne."),
    Column(name="parent", label="Commune de rattachement", read=name_of, synonyms=("rattachée à", "commune mère"),
           help="Pour un CCAS ou une caisse des écoles : une organisation déjà là, ou une ligne plus haut."),
    Column(name="prefecture", label="Préfecture", read=words(), synonyms=("préfecture de contrôle",),
           help="Un partenaire déjà inscrit."),
    Column(name="accountant", label="Comptable public", read=words(), synonyms=("trésorerie", "trésorier", "sgc"),
           help="Un partenaire déjà inscrit."),
    Column(name="court", label="Tribunal administratif", read=words(), synonyms=("tribunal",),
           help="Un partenaire déjà inscrit."),
    Column(name="chorus_service", label="Code service Chorus Pro", read=words(100), synonyms=("code service", "service chorus"),
           help="Le service auquel adresser les factures."),
    Column(name="chorus_commitment", label="Engagement exigé par Chorus Pro", read=yes_no, example="non",
           synonyms=("engagement obligatoire",), help="oui ou non"),
    Column(name="starts_on", label="Existe depuis le", read=day, synonyms=("date de création", "début"),
           help="Une date : 01/01/2026."),
    Column(name="ends_on", label="Existe jusqu’au", read=day, synonyms=("date de fin", "fin"),
           help="Une date, pour une organisation qui a pris fin."),
)  # fmt: skip
CODES = {"insee": "code Insee", "siret": "SIRET", "siren": "SIREN"}
LABELS = {column.name: column.label for column in COLUMNS}


@dataclass
class Known:
    """The pool as it is, found at once."""

    organizations: list[Organization]
    types: dict[str, OrganizationType]
    partners: dict[tuple[str, str], Partner]
    register: dict[str, tuple[str, str]]  # by Insee code: its name, its department
    by: dict[str, dict[str, Organization]] = field(default_factory=lambda: {name: {} for name in CODES})
    by_name: dict[str, Organization] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.organizations:
            self.keep(one)

    def keep(self, one: Organization) -> None:
        """Know an organization as it now is, for the lines below.

        A SIREN finds the body that holds it, neither what depends on it nor, when there is another, one that has ended.
        """
        for name, known in self.by.items():
            value = getattr(one, name)
            if not value or (name == "siren" and (one.parent_id or (one.ends_on and value in known))):
                continue
            known[value] = one
        self.by_name[plain(one.name)] = one


def known(_work: Work) -> Known:
    related = ("type", "parent", *PARTNERS)
    return Known(
        list(Organization.objects.unscoped().select_related(*related)),
        {plain(one.name): one for one in OrganizationType.objects.unscoped()},
        {(one.kind, plain(one.name)): one for one in Partner.objects.unscoped()},
        {
            insee: (name, department)
            for insee, name, department in ReferenceBody.objects.filter(kind=ReferenceBody.Kind.COMMUNE).values_list(
                "insee", "name", "department"
            )
            if insee is not None
        },
    )


def identify(values: Mapping[str, Any], found: Known) -> dict[str, Any]:
    """Say what no other line may repeat: the names and codes as typed."""
    keys = {
        "name": plain(values["name"]),
        "insee": values.get("insee"),
        "siret": values.get("siret"),
        "siren": values.get("siren"),
    }
    try:
        one = existing(values, found)
    except Wrong:
        return keys
    if values.get("parent") or (one and one.parent_id):  # it may share the SIREN of what it depends on
        del keys["siren"]
    return keys


def answering(values: Mapping[str, Any], found: Known) -> dict[str, Organization]:
    """Return the organizations that each code of a line finds, then its name."""
    finds = {name: found.by[name].get(values.get(name) or "") for name in ("insee", "siret")}
    finds["name"] = found.by_name.get(plain(values["name"]))
    siren = values.get("siren") or ""
    if siren and not values.get("parent") and not any(one and one.siren == siren for one in finds.values()):
        finds["siren"] = found.by["siren"].get(siren)
    order = (*CODES, "name")
    return {name: one for name in order if (one := finds.get(name)) is not None}


def existing(values: Mapping[str, Any], found: Known) -> Organization | None:
    """Find the organization that a line is about: by its codes, else by its name; all must agree."""
    finds = answering(values, found)
    if not finds:
        return None
    by, one = next(iter(finds.items()))
    for name, other in finds.items():
        if other.pk == one.pk:
            continue
        if name == "name":
            raise Wrong(f"Ce {CODES[by]} est celui de « {one} », et ce nom celui d’une autre organisation.",
                        "Corrigez le nom ou le code.", by)  # fmt: skip
        raise Wrong(f"Ce {CODES[name]} est celui de « {other} », et ce {CODES[by]} celui de « {one} ».",
                    "Corrigez l’un des deux.", name)  # fmt: skip
    if one.insee and values.get("insee") not in (None, one.insee):
        remedy = "Si c’est une autre commune du même nom, ajoutez son département au nom."
        if by != "name":
            remedy = f"Corrigez le code Insee ou le {CODES[by]} : ils ne sont pas de la même organisation."
        raise Wrong(f"« {one} » est déjà là avec le code Insee {one.insee}.", remedy, "insee")
    return one


def plan(values: Mapping[str, Any], found: Known) -> Planned:
    """Record what a line says of an organization, and tell it."""
    before = existing(values, found)
    wanted = {name: value for name, value in values.items() if value is not None}
    wanted["type"] = type_of(wanted["type"], found)
    wanted |= {name: partner_of(name, wanted[name], found) for name in PARTNERS if name in wanted}
    if "parent" in wanted:
        wanted["parent"] = parent_of(wanted, found)
    check(wanted, before)
    remark = refer(wanted, found) if "insee" in wanted and (before is None or before.reference_id is None) else ""
    changes = tuple(
        Change(LABELS[name], shown(old), shown(value))
        for name, value in wanted.items()
        if not same(old := getattr(before, name) if before is not None else None, value)
    )
    row = copy.copy(before) if before is not None else Organization()
    if before is None or changes:
        for name, value in wanted.items():
            setattr(row, name, value)
        record(row, lambda name: LABELS.get(name, "Organisation"))
        found.keep(row)
    return Planned(name=row.name, is_new=before is None, changes=changes, remark=remark, about=row.pk)


def type_of(text: str, found: Known) -> OrganizationType:
    try:
        return found.types[plain(text)]
    except KeyError:
        names = ", ".join(sorted(one.name for one in found.types.values())[:_LISTED]) or "aucun pour l’instant"
        raise Wrong("Ce type d’organisation n’existe pas dans le service.",
                    f"Écrivez l’un de ceux-ci ({names}), ou ajoutez ce type d’abord.", "type") from None  # fmt: skip


def partner_of(name: str, text: str, found: Known) -> Partner:
    try:
        return found.partners[PARTNERS[name], plain(text)]
    except KeyError:
        raise Wrong("Ce partenaire n’est pas inscrit.", "Inscrivez-le d’abord parmi les partenaires.", name) from None


def parent_of(wanted: Mapping[str, Any], found: Known) -> Organization:
    """Return the organization it is attached to, which a line above may have made."""
    key = plain(wanted["parent"])
    if key == plain(wanted["name"]):
        raise Wrong("Une organisation n’est pas rattachée à elle-même.", "Écrivez le nom de sa commune.", "parent")
    if key in found.by_name:
        return found.by_name[key]
    raise Wrong("Cette organisation n’est ni dans le service ni plus haut dans le fichier.",
                "Inscrivez-la d’abord, ou placez sa ligne avant celle-ci.", "parent")  # fmt: skip


def faults(values: Mapping[str, Any], found: Known) -> Iterator[Wrong]:
    """Tell all that is wrong of the cells that could be read, whatever the others: a line is corrected in one go."""
    for name in ("type", "parent", *PARTNERS):
        if values.get(name) is None or (name == "parent" and "name" not in values):
            continue
        try:
            if name == "type":
                type_of(values[name], found)
            elif name == "parent":
                parent_of(values, found)
            else:
                partner_of(name, values[name], found)
        except Wrong as wrong:
            yield wrong


def check(wanted: Mapping[str, Any], one: Organization | None) -> None:
    """Refuse what no organization may be, the values it already has included."""

    def value(name: str) -> Any:
        return wanted.get(name) or (getattr(one, name) if one is not None else None)

    if "insee" in wanted and not wanted["type"].is_commune:
        raise Wrong("Seule une commune a un code Insee.", "Videz cette cellule, ou corrigez le type.", "insee")
    siren, siret = value("siren"), value("siret")
    if siren and siret and not siret.startswith(siren):
        raise Wrong(f"Ce SIRET n’est pas celui du SIREN {siren}.", "Un SIRET commence par les neuf chiffres du SIREN.",
                    "siret" if "siret" in wanted else "siren")  # fmt: skip
    insee, department = value("insee"), value("department")
    if insee and department and (own := department_of(insee)) != department:
        raise Wrong(f"Le code Insee {insee} est celui d’une commune du {own}, et le département est {department}.",
                    "Corrigez le code Insee, ou le département.", "insee" if "insee" in wanted else "department")  # fmt: skip
    starts, ends = value("starts_on"), value("ends_on")
    if starts and ends and ends < starts:
        raise Wrong(
            "La fin précède le début.", "Corrigez l’une des deux dates.", "ends_on" if "ends_on" in wanted else "starts_on"
        )


def refer(wanted: dict[str, Any], found: Known) -> str:
    """Return what is worth telling of a commune beside its entry of the register, to which it will be attached."""
    entry = found.register.get(wanted["insee"])
    if entry is None:
        return "Code absent du registre national : aucune donnée publique ne lui sera rattachée."
    wanted.setdefault("department", entry[1])
    return "" if plain(entry[0]) == plain(wanted["name"]) else f"Le registre national la nomme « {entry[0]} »."


def rows(work: Work) -> Iterator[Sequence[Any]]:
    found = Organization.objects.visible_to(work.user).select_related("type", "parent", *PARTNERS)
    for one in found.iterator(chunk_size=2_000):
        yield [str(v) if isinstance(v := getattr(one, c.name), models.Model) else v for c in COLUMNS]


ORGANIZATIONS = Importable(
    name="organisations",
    title="Importer des organisations",
    one="organisation",
    sentence="Les organisations nouvelles sont créées, celles qui sont déjà là sont complétées ; aucune n’est supprimée.",
    columns=COLUMNS,
    may=may_manage_directory,
    known=known,
    identify=identify,
    faults=faults,
    plan=plan,
    rows=rows,
    large=LARGE,
    list_url="/organisations/",
    undo="Chaque organisation garde son historique : ce qui a changé, avant et après, et par qui.",
)
