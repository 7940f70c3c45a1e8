"""Who signs in to the demonstration: one account a persona, invented, in each of its five pools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communis.directory.enums import GrantRole
from communis.directory.models import Account, Grant, Organization, OrganizationType, Person
from communis.directory.register import ReferenceBody

PASSWORD = "convention-2026-demo"
BEGINNING = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Persona:
    """An account of the demonstration: who it is, and what one sees with it."""

    who: str
    email: str
    what: str
    role: str
    pool: str
    insee: str = ""
    password: str = PASSWORD


PERSONAS = (
    Persona("Erwan Talhouarn", "direction@demo.communis.example", "direction du service de Redon", GrantRole.DIRECTOR, "redon"),
    Persona("Nolwenn Kerbrat", "finances@demo.communis.example", "finances du service de Redon", GrantRole.FINANCE, "redon"),
    Persona("Malo Guivarch", "pole@demo.communis.example", "pôle infrastructure et parc", GrantRole.UNIT_MANAGER, "redon"),
    Persona("Inès Le Bihan", "technique@demo.communis.example", "technicienne", GrantRole.TECHNICIAN, "redon"),
    Persona("Hervé Cozic", "controle@demo.communis.example", "trésorier, en lecture", GrantRole.AUDITOR, "redon"),
    Persona("Jeanne Corbel", "maire@demo.communis.example", "maire de Sixt-sur-Aff", GrantRole.EXECUTIVE, "redon", "35328"),
    Persona(
        "Maëlle Corbinaud", "secretariat@demo.communis.example", "secrétariat de Sixt-sur-Aff", GrantRole.OFFICE, "redon", "35328"
    ),
    Persona(
        "Yann Prioul", "contact@demo.communis.example", "interlocuteur technique d’Allaire", GrantRole.CONTACT, "redon", "56001"
    ),
    Persona(
        "Solène Rault", "vice-presidence@demo.communis.example", "élue référente de Redon", GrantRole.ELECTED, "redon", "35236"
    ),
    Persona("Paul Vuillet", "direction@sidec.demo.communis.example", "direction du SIDEC du Jura", GrantRole.DIRECTOR, "sidec"),
    Persona("Léa Bouvret", "crenans@sidec.demo.communis.example", "secrétariat de Crenans", GrantRole.OFFICE, "sidec", "39179"),
    Persona(
        "Karim Bonnafoux",
        "direction@nimes.demo.communis.example",
        "direction numérique de Nîmes Métropole",
        GrantRole.DIRECTOR,
        "nimes_metropole",
    ),
    Persona(
        "Aline Roumejon",
        "poulx@nimes.demo.communis.example",
        "secrétariat de Poulx",
        GrantRole.OFFICE,
        "nimes_metropole",
        "30206",
    ),
    Persona("Jordi Castéran", "direction@sicoval.demo.communis.example", "direction du Sicoval", GrantRole.DIRECTOR, "sicoval"),
    Persona("Maud Estaque", "odars@sicoval.demo.communis.example", "secrétariat d’Odars", GrantRole.OFFICE, "sicoval", "31402"),
    Persona(
        "Hélène Thiriet",
        "direction@nancy.demo.communis.example",
        "direction de la DSIT du Grand Nancy",
        GrantRole.DIRECTOR,
        "grand_nancy",
    ),
    Persona(
        "Bastien Colnot", "ludres@nancy.demo.communis.example", "secrétariat de Ludres", GrantRole.OFFICE, "grand_nancy", "54328"
    ),
)


def enrolled(insee: str, type_: OrganizationType) -> Organization:
    body = ReferenceBody.objects.get(insee=insee)
    made = Organization(
        type=type_, reference=body, name=body.name, insee=insee, siren=body.siren or "", department=body.department
    )
    made.full_clean()
    made.save()
    return made


def give_accounts(pool: str, organizations: dict[str, Organization]) -> dict[str, Person]:
    """Make the accounts of a pool’s personas, each with its person and its right."""
    people = {}
    for persona in PERSONAS:
        if persona.pool != pool:
            continue
        account = Account.objects.create_user(persona.email, persona.password, name=persona.who)
        first, _, last = persona.who.partition(" ")
        person = Person(first_name=first, last_name=last, email=persona.email, account=account)
        person.save()
        Grant(account=account, organization=organizations.get(persona.insee), role=persona.role, starts_on=BEGINNING).save()
        people[persona.email] = person
    return people
