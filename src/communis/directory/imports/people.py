"""People and the roles they hold, from a file: the roles by the operations that give and end them."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from communis.directory import access
from communis.directory.enums import RoleKind
from communis.directory.imports.named import Named
from communis.directory.imports.rows import LARGE, NUMBER, record, same, wrong_of
from communis.directory.models import Organization, Person, Role
from communis.directory.operations import mandates as operations
from communis.kit.imports import Change, Column, Importable, Planned, Work, Wrong, day, one_of, words
from communis.kit.imports.columns import shown
from communis.kit.plain import plain
from communis.kit.refusals import Refusal

_EMAILS = ("e-mail", "email", "mail", "courriel", "mél")
_WHOM = (
    Column(name="first_name", label="Prénom", read=words(100), example="Anne"),
    Column(name="last_name", label="Nom", read=words(100), example="Le Goff", synonyms=("nom de famille",)),
    Column(name="email", label="Adresse e-mail", read=words(254, validate_email), synonyms=_EMAILS,
           example="anne.legoff@sixt.example", help="Deux personnes du même nom se distinguent par elle."),
    Column(name="phone", label="Téléphone", read=words(30), synonyms=("tel", "tél"), example="02 99 00 00 00"),
)  # fmt: skip
_NAME = Column(name="person", label="Personne", read=words(220), synonyms=("nom complet",),
               help="Son prénom et son nom ensemble, pour quelqu’un de déjà inscrit.")  # fmt: skip
LABELS = {column.name: column.label for column in _WHOM} | {"function": "Fonction"}
FIELDS = (*(column.name for column in _WHOM), "function")


def label(name: str) -> str:
    return LABELS.get(name, "Personne")


def whom(values: Mapping[str, Any], known: Named[Person]) -> Person | None:
    """Find the person that a line names: by an e-mail address, else by a name; None for somebody new.

    Somebody of the same name with another address is somebody else.
    """
    if email := values.get("email"):
        found = [one for one in known.all(email) if one.email.casefold() == email.casefold()]
        if len(found) == 1:
            return found[0]
    said = values.get("person") or f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()
    if not said:
        raise Wrong("Il n’est pas dit de qui il s’agit.", "Écrivez au moins un nom.", "last_name")
    found = known.all(said)
    if values.get("email"):
        others, found = found, [one for one in found if not one.email]
        if others and not found and not values.get("last_name"):
            raise Wrong(f"« {others[0]} » a une autre adresse e-mail.", "Ajoutez son numéro, celui de l’export, pour la changer.",
                        "email")  # fmt: skip
    if len(found) > 1:
        raise Wrong(f"{len(found)} personnes portent ce nom.", f"Écrivez une adresse e-mail, ou « {known.written(found[0])} ».",
                    "person" if values.get("person") else "last_name")  # fmt: skip
    if not found and not values.get("last_name"):
        raise Wrong("Personne ne porte ce nom.", "Pour quelqu’un de nouveau, écrivez son nom dans une colonne « Nom ».", "person")
    return found[0] if found else None


# ------------------------------------------------------------ people


@dataclass
class People:
    """The people that whoever imports may see."""

    work: Work
    by_number: dict[int, Person]
    named: Named[Person]


def known_people(work: Work) -> People:
    rows = list(Person.objects.visible_to(work.user))
    return People(work, {one.pk: one for one in rows}, Named(rows))


def identify_person(values: Mapping[str, Any], _found: People) -> dict[str, Any]:
    if values.get("pk") is not None:
        return {"pk": values["pk"]}
    if values.get("email"):
        return {"email": values["email"].casefold()}
    return {"person": plain(values.get("person") or f"{values.get('first_name') or ''} {values.get('last_name') or ''}")}


def plan_person(values: Mapping[str, Any], found: People) -> Planned:
    """Record what a line says of a person."""
    given = values.get("pk")
    before = found.by_number.get(given) if given is not None else whom(values, found.named)
    if given is not None and before is None:
        raise Wrong("Personne n’a ce numéro.", "Videz la cellule pour inscrire quelqu’un de nouveau.", "pk")
    wanted = {name: values[name] for name in FIELDS if values.get(name) is not None}
    changes = tuple(
        Change(LABELS[name], shown(getattr(before, name, None)), shown(value))
        for name, value in wanted.items()
        if before is None or not same(getattr(before, name), value)
    )
    if before is not None and not changes:
        return Planned(name=before.name, about=before.pk)
    may = access.may_manage_directory(found.work.user) if before is None else access.may_keep_person(found.work.user, before)
    if not may:
        raise Wrong("Vous ne tenez pas cette fiche.", "Retirez la ligne.")
    row = copy.copy(before) if before is not None else Person()
    for name, value in wanted.items():
        setattr(row, name, value)
    namesake = "Quelqu’un d’autre porte déjà ce nom." if before is None and found.named.all(row.name) else ""
    record(row, label)
    found.by_number[row.pk] = row
    found.named.add(row)
    return Planned(name=row.name, is_new=before is None, changes=changes, remark=namesake, about=row.pk)


def people_as_they_are(work: Work) -> Iterator[Sequence[Any]]:
    for one in Person.objects.visible_to(work.user).iterator(chunk_size=2_000):
        yield [one.pk, one.name, *(getattr(one, name) for name in FIELDS)]


PEOPLE = Importable(
    name="personnes",
    title="Importer des personnes",
    one="personne",
    makes="inscrit",
    sentence="Les élus, les agents et les contacts. Pour leur donner un rôle en même temps, importez plutôt des rôles.",
    columns=(NUMBER, _NAME, *_WHOM, Column(name="function", label="Fonction", read=words(100), example="Secrétaire de mairie")),
    may=access.may_manage_directory,
    known=known_people,
    identify=identify_person,
    plan=plan_person,
    rows=people_as_they_are,
    large=LARGE,
    list_url="/personnes/",
    undo="Chaque fiche garde son historique : ce qui a changé, avant et après, et par qui.",
)


# ------------------------------------------------------------ roles


@dataclass
class Roles:
    """The roles in place, and the people and the organizations that a line may name."""

    work: Work
    roles: dict[int, Role]
    people: Named[Person]
    organizations: Named[Organization]
    by_identity: dict[tuple[Any, ...], Role] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_identity = {identity(role): role for role in self.roles.values()}


def known_roles(work: Work) -> Roles:
    rows = Role.objects.visible_to(work.user).select_related("person", "organization")
    return Roles(work, {role.pk: role for role in rows}, Named(Person.objects.visible_to(work.user)),
                 Named(Organization.objects.visible_to(work.user)))  # fmt: skip


def identify_role(values: Mapping[str, Any], _found: Roles) -> dict[str, Any]:
    if values.get("pk") is not None:
        return {"pk": values["pk"]}
    who = values.get("email") or plain(
        values.get("person") or f"{values.get('first_name') or ''} {values.get('last_name') or ''}"
    )
    return {"organization": (plain(values["organization"]), who, values["kind"], values["starts_on"])}


def plan_role(values: Mapping[str, Any], found: Roles) -> Planned:
    """Give the role that a line says, or end it; say so."""
    where = found.organizations.find(values["organization"], "organization", "Cette organisation n’est pas dans le service.")
    person = whom(values, found.people)
    held = role_of(values, where, person, found)
    told = f"{person.name if person else full_name(values)}, {RoleKind(values['kind']).label}, {where}"
    ends = values.get("ends_on")
    if held is not None and ends in (None, held.ends_on):
        return Planned(name=told, remark=apart(values, person), about=held.pk)
    if not access.may_keep_organization(found.work.user, where):
        raise Wrong("Vous ne tenez pas la fiche de cette organisation.", "Retirez la ligne.", "organization")
    try:
        if held is not None and ends is not None:
            operations.end_role(held, on=ends)
            change = Change("Jusqu’au", shown(held.ends_on), shown(ends))
            held.ends_on = ends
            return Planned(name=told, changes=(change,), remark=apart(values, person), about=held.pk)
        remark = apart(values, person) if person else ""
        changes = [Change("Rôle", "", f"{RoleKind(values['kind']).label}, depuis le {shown(values['starts_on'])}")]
        if person is None:
            person = Person(**{name: values[name] for name in FIELDS if values.get(name)})
            record(person, label)
            found.people.add(person)
            changes.insert(0, Change("Personne", "", person.name))
        role = operations.appoint(person, where, values["kind"], starts_on=values["starts_on"], ends_on=ends)
    except Refusal as refusal:
        raise Wrong(str(refusal), column="kind") from None
    except ValidationError as problem:
        raise wrong_of(problem, label) from None
    found.by_identity[identity(role)] = role
    return Planned(name=told, is_new=True, changes=tuple(changes), remark=remark, about=role.pk)


def role_of(values: Mapping[str, Any], where: Organization, person: Person | None, found: Roles) -> Role | None:
    """Find the role that a line is about. One that is there only ends: another function, or another day, is another role."""
    said = (where.pk, person.pk if person else None, values["kind"], values["starts_on"])
    given = values.get("pk")
    if given is None:
        return found.by_identity.get(said)
    role = found.roles.get(given)
    if role is None:
        raise Wrong("Aucun rôle n’a ce numéro.", "Videz la cellule pour donner un nouveau rôle.", "pk")
    if identity(role) != said:
        raise Wrong("Ce rôle est tenu par quelqu’un d’autre, ailleurs, ou depuis un autre jour.",
                    "Donnez-lui une fin sur sa ligne, et le nouveau rôle sur une autre, sans numéro.", "pk")  # fmt: skip
    return role


def identity(role: Role) -> tuple[Any, ...]:
    return role.organization_id, role.person_id, role.kind, role.starts_on


def full_name(values: Mapping[str, Any]) -> str:
    return f"{values.get('first_name') or ''} {values.get('last_name') or ''}".strip()


def apart(values: Mapping[str, Any], person: Person | None) -> str:
    """Say what a line tells of somebody that its file does not: it is left as it is."""
    moved = [
        LABELS[name].lower()
        for name in ("email", "phone")
        if person is not None and values.get(name) and not same(getattr(person, name), values[name])
    ]
    return f"Déjà inscrite avec une autre donnée, qui est gardée : {', '.join(moved)}." if moved else ""


def roles_as_they_are(work: Work) -> Iterator[Sequence[Any]]:
    known = known_roles(work)
    for role in known.roles.values():
        one = role.person
        yield [role.pk, known.organizations.written(role.organization), known.people.written(one), one.first_name, one.last_name,
               one.email, one.phone, role.get_kind_display(), role.starts_on, role.ends_on]  # fmt: skip


ROLES = Importable(
    name="roles",
    title="Importer des rôles",
    one="rôle",
    feminine=False,
    makes="donné",
    amends="terminé",
    sentence="Qui tient quelle fonction dans une organisation. Les personnes qui ne sont pas encore inscrites le sont.",
    columns=(
        NUMBER,
        Column(name="organization", label="Organisation", read=words(), required=True, example="Sixt-sur-Aff",
               synonyms=("membre", "commune", "code insee", "siren"), help="Son nom, son code Insee, son SIREN ou son SIRET."),
        _NAME,
        *_WHOM,
        Column(name="kind", label="Rôle", read=one_of(RoleKind.choices), required=True, example="maire",
               synonyms=("fonction", "mandat")),
        Column(name="starts_on", label="Depuis le", read=day, required=True, example="01/01/2026",
               synonyms=("du", "début", "date de début")),
        Column(name="ends_on", label="Jusqu’au", read=day, synonyms=("au", "fin", "date de fin"),
               help="Pour un rôle déjà donné, la date à laquelle il prend fin."),
    ),
    may=access.may_keep_some_organization,
    known=known_roles,
    identify=identify_role,
    plan=plan_role,
    rows=roles_as_they_are,
    large=LARGE,
    list_url="/personnes/",
    list_name="Voir les personnes",
    undo="Un rôle donné à tort se termine sur la fiche de l’organisation ; son historique reste.",
)  # fmt: skip
