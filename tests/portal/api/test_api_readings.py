"""What programs read, to the letter, and what each account is not told."""

import pytest

from communis.directory.models import Organization
from communis.directory.register import ReferenceBody
from communis.foundation.scope import pool_scope
from factories.pools import FIRST
from factories.reading import token
from portal.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(world):
    return Program(token(world.director))


@pytest.fixture
def mayor(world):
    return Program(token(world.mayor))


def named(row):
    return {"id": row.pk, "name": row.name}


@pytest.mark.covers("SEC-01")
def test_organizations(world, director):
    rows = director.json("organizations")
    assert rows == {
        "items": [
            {"id": world.host.pk, "name": "Gestionnaire A", "type": named(world.host.type), "is_host": True, "siren": "243500741",
             "siret": None, "insee": None, "department": "35", "starts_on": None, "ends_on": None},
            {"id": world.member.pk, "name": "Aubépine", "type": named(world.type), "is_host": False, "siren": None, "siret": None,
             "insee": "35001", "department": "35", "starts_on": "1790-01-01", "ends_on": None},
            {"id": world.other.pk, "name": "Bruyère", "type": named(world.type), "is_host": False, "siren": None, "siret": None,
             "insee": "35002", "department": None, "starts_on": None, "ends_on": "2024-12-31"},
        ],
        "next_cursor": None,
    }  # fmt: skip
    assert director.ids("organizations", q="AUBEPINE") == [world.member.pk]
    assert director.ids("organizations", ended="true") == [world.other.pk]
    assert director.ids("organizations", ended="false", type=world.type.pk) == [world.member.pk]


def test_an_organization(world, mayor):
    assert mayor.json(f"organizations/{world.member.pk}") == {
        "id": world.member.pk, "name": "Aubépine", "type": named(world.type), "is_host": False, "siren": None, "siret": None,
        "insee": "35001", "department": "35", "starts_on": "1790-01-01", "ends_on": None, "legal_form": None, "address": None,
        "phone": "02 99 00 00 00", "email": None, "parent": None, "prefecture": None, "accountant": None, "court": None,
        "chorus_service": None, "chorus_commitment": False,
    }  # fmt: skip


def test_of_another_member_only_what_the_registers_say_is_told(world, mayor, director):
    with pool_scope(FIRST):
        for organization in (world.other, world.host):
            organization.address, organization.phone, organization.email = "1 place Basse", "02 99 00 00 09", "lettre@exemple.fr"
            organization.chorus_service, organization.chorus_commitment = "FACTURES", True
            organization.save()
    names = ("address", "phone", "email", "chorus_service", "chorus_commitment")
    reach, chorus = ["1 place Basse", "02 99 00 00 09", "lettre@exemple.fr"], ["FACTURES", True]

    def told(reader, organization):
        found = reader.json(f"organizations/{organization.pk}")
        return found["insee"], [found[name] for name in names]

    assert told(mayor, world.other) == ("35002", [None] * 5)
    assert told(mayor, world.host) == (None, [*reach, None, None])
    assert told(director, world.other) == ("35002", [*reach, *chorus])


def test_what_surrounds_organizations(world, director):
    member, host = named(world.member), named(world.host)
    assert director.items("organization-types") == [
        {"id": world.host.type.pk, "name": "communauté", "is_commune": False},
        {"id": world.type.pk, "name": "commune", "is_commune": False},
    ]
    assert director.items("compositions") == [
        {"id": world.part.pk, "whole": host, "part": member, "starts_on": "2024-01-01", "ends_on": None}
    ]
    assert director.items("successions") == [
        {"id": world.succession.pk, "predecessor": named(world.other), "successor": member, "kind": "new_commune",
         "on": "2025-01-01", "act": "arrêté du 3 mai 2024"}
    ]  # fmt: skip
    assert director.items("legal-grounds") == [
        {"id": world.ground.pk, "organization": host, "reference": "article 6 des statuts", "wording": "permet l’adhésion",
         "starts_on": "2024-01-01", "ends_on": None}
    ]  # fmt: skip
    assert director.items("legal-grounds", organization=world.member.pk) == []


def test_calendars(world, director):
    member = named(world.member)
    assert director.items("opening-hours") == [
        {"id": world.hours.pk, "organization": member, "weekday": "1", "opens_at": "09:00:00", "closes_at": "12:30:00"}
    ]
    assert director.items("closing-days") == [
        {"id": world.closing.pk, "organization": member, "starts_on": "2024-05-10", "ends_on": "2024-05-10", "label": "pont"}
    ]
    assert director.items("budget-milestones") == [
        {"id": world.milestone.pk, "organization": member, "kind": "BP", "year": 2024, "on": "2024-04-02"}
    ]


def test_sites(world, director):
    assert director.items("sites", kind="town_hall") == [
        {"id": world.site.pk, "organization": named(world.member), "kind": "town_hall", "name": "Mairie", "address": None,
         "connection": "fibre", "carrier": named(world.carrier), "speed": 300, "note": None}
    ]  # fmt: skip
    assert director.ids("sites") == [world.site.pk, world.other_site.pk]


def test_suppliers_and_partners(world, director):
    assert director.items("suppliers") == [
        {"id": world.carrier.pk, "name": "Réseau d’Ici", "kind": "carrier", "siren": None, "address": None, "phone": None,
         "email": None, "note": "contrat 12", "labels": [{"name": "ExpertCyber", "starts_on": "2024-01-15", "ends_on": None}]}
    ]  # fmt: skip
    assert director.items("suppliers", kind="maker") == []
    assert director.items("partners") == [
        {"id": world.partner.pk, "name": "Préfecture d’Essai", "kind": "prefecture", "address": None, "email": None}
    ]


def test_people(world, director):
    clerk = {"id": world.clerk.pk, "first_name": "Ada", "last_name": "Bihan", "email": "ada@exemple.fr",
             "phone": "02 99 00 00 01", "function": "secrétaire", "supplier": None}  # fmt: skip
    whom = {"id": world.clerk.pk, "name": "Ada Bihan"}
    member = named(world.member)
    assert director.items("people", q="bihan") == [clerk]
    held = [
        {"id": world.role.pk, "person": whom, "organization": member, "kind": "clerk", "starts_on": "2024-01-01",
         "ends_on": None},
        {"id": world.past_role.pk, "person": whom, "organization": member, "kind": "technical", "starts_on": "2024-01-01",
         "ends_on": "2024-06-30"},
    ]  # fmt: skip
    assert director.json(f"people/{world.clerk.pk}") == {**clerk, "roles": held}
    assert director.items("roles", person=world.clerk.pk) == held
    assert director.ids("roles", person=world.clerk.pk, on="2024-07-01") == [world.role.pk]
    assert director.ids("roles", kind="mayor") == [world.hidden_role.pk]
    assert director.items("delegations", on="2024-01-01") == [
        {"id": world.delegation.pk, "organization": member, "delegate": whom, "granted_by": "le maire",
         "scope": "bons de commande", "act": "arrêté 3", "starts_on": "2024-01-01", "ends_on": None}
    ]  # fmt: skip
    assert director.items("delegations", on="2023-12-31") == []


def test_facts(world, director):
    told = {
        "id": world.fact.pk, "organization": named(world.member), "commune": None,
        "type": "postes_de_travail", "kind": None, "number": "12.5",
        "text": None, "unit": "poste", "valid_on": "2024-01-01", "until": None, "published_on": None, "source": "inventaire",
        "entered_by": "Claire Diot", "entered_at": "2024-02-01T09:30:00Z", "is_made_up": False, "replaces": world.old.pk,
        "is_withdrawal": False, "reason": "recompté", "replaced_by": None,
    }  # fmt: skip
    assert director.items("facts", type="postes_de_travail", organization=world.member.pk) == [told]
    assert director.json(f"facts/{world.fact.pk}") == told
    assert director.json(f"facts/{world.old.pk}")["replaced_by"] == world.fact.pk
    assert director.ids("facts") == [world.fact.pk, world.population.pk, world.other_fact.pk]
    assert director.ids("facts", all="true") == [world.old.pk, world.fact.pk, world.population.pk, world.other_fact.pk]
    assert director.ids("facts", on="2024-06-30") == [world.fact.pk, world.other_fact.pk]
    assert director.ids("facts", year=2025, kind="totale") == [world.population.pk]
    assert director.items("facts", year=2025)[0]["number"] == "2400"
    assert director.items("fact-types") == [
        {"id": world.posts.pk, "code": "postes_de_travail", "label": "postes de travail", "shape": "number", "unit": "poste",
         "has_kinds": False},
        {"id": world.people.pk, "code": "habitants", "label": "population", "shape": "number", "unit": "hab", "has_kinds": True},
    ]  # fmt: skip


def test_the_department(world, director):
    assert director.items("department/units") == [
        {"id": world.unit.pk, "name": "Direction", "parent": None, "missions": "piloter", "rank": 0}
    ]
    assert director.items("department/posts", unit=world.unit.pk) == [
        {"id": world.post.pk, "unit": world.unit.pk, "title": "Directeur", "missions": None, "quotity": "0.8",
         "starts_on": "2024-01-01", "ends_on": None}
    ]  # fmt: skip
    assert director.items("department/work-shares", year=2024, post=world.post.pk) == [
        {"id": world.share.pk, "post": world.post.pk, "year": 2024, "brick": "Socle", "fte": "0.6", "table": None}
    ]
    assert director.items("department/occupations", on="2024-01-01") == [
        {"id": world.occupation.pk, "post": world.post.pk, "person": {"id": world.chief.pk, "name": "Luc Diot"},
         "grade": "attaché", "status": "tenured", "origin": "own", "starts_on": "2024-01-01", "ends_on": None, "training": None}
    ]  # fmt: skip
    assert director.items("department/occupations", on="2023-12-31") == []


def test_the_territory(world, register, director):
    with pool_scope(FIRST):
        Organization.objects.unscoped().filter(pk=world.host.pk).update(reference_id=register)
        body = ReferenceBody.objects.get(insee="35001")
        Organization.objects.unscoped().filter(pk=world.member.pk).update(reference=body)
    inside = {"insee": "35001", "name": "Aubépine", "siren": None, "department": "35", "population": 2400,
              "organization": world.member.pk}  # fmt: skip
    outside = {"insee": "35003", "name": "Éclair", "siren": None, "department": "35", "population": None, "organization": None}
    assert director.json("territory") == {"items": [inside, outside], "next_cursor": None}
    assert director.items("territory", enrolled="false") == [outside]
    assert director.items("territory", q="eclair") == [outside]
    assert director.items("territory", year=2024) == [{**inside, "population": None}, outside]
    assert director.json("territory", limit=1) == {"items": [inside], "next_cursor": "35001"}
    assert director.items("territory", limit=1, cursor="35001") == [outside]
    assert director.json("territory/35001") == {
        **inside, "populations": [{"kind": "totale", "in_force_on": "2025-01-01", "value": 2400, "source": "Insee"}],
    }  # fmt: skip
    assert director.get("territory/75056").status_code == 404


def test_a_token_tells_what_it_is(world):
    secret = token(world.mayor, scopes=["facts.read", "directory.read"], name="tableau de bord")
    found = Program(secret).json("token")
    assert {**found, "expires_on": ""} == {
        "name": "tableau de bord", "account": "Paul Roux", "service": "Premier service",
        "scopes": ["directory.read", "facts.read"], "expires_on": "",
    }  # fmt: skip


@pytest.mark.covers("SEC-02")
def test_a_member_reads_its_own_and_what_is_shared(world, mayor):
    assert mayor.ids("organizations") == [world.host.pk, world.member.pk, world.other.pk]
    assert mayor.ids("sites") == [world.site.pk]
    assert mayor.ids("people") == [world.clerk.pk, world.chief.pk]
    assert mayor.ids("roles") == [world.role.pk, world.past_role.pk, world.chief_role.pk]
    assert mayor.ids("facts") == [world.fact.pk, world.population.pk]
    assert mayor.ids("facts", organization=world.other.pk) == []
    assert mayor.ids("partners") == [world.partner.pk]
    assert mayor.ids("department/posts") == [world.post.pk]


@pytest.mark.covers("SEC-02")
def test_what_an_account_may_not_read_is_answered_like_what_does_not_exist(world, mayor):
    absent = mayor.get("people/999999999")
    told = {**absent.json(), "request_id": ""}
    assert (absent.status_code, told) == (404, {
        "type": "/api/#absent", "title": "Introuvable", "status": 404,
        "detail": "Rien ne répond à cette adresse, ou ce compte ne peut pas le lire.",
        "what_to_do": "Vérifiez l’adresse ; les adresses et ce que chacune demande sont dans la documentation.",
        "request_id": "",
    })  # fmt: skip
    hidden = (
        f"people/{world.hidden.pk}", f"people/{world.foreign_person.pk}", f"facts/{world.other_fact.pk}",
        f"organizations/{world.foreign.pk}", f"organizations/{world.other.pk}/offers?exercise=2025", "suppliers",
        "department/occupations", "territory/35001/offers?exercise=2025", "nowhere", "", "organizations/", "people/-1",
        f"people/{'9' * 30}",
    )  # fmt: skip
    answers = {path: mayor.get(path) for path in hidden}
    assert {path: (a.status_code, {**a.json(), "request_id": ""}) for path, a in answers.items()} == dict.fromkeys(
        hidden, (404, told)
    )
    assert {tuple(sorted(set(a.headers) - {"X-Request-ID"})) for a in answers.values()} == {
        tuple(sorted(set(absent.headers) - {"X-Request-ID"}))
    }


@pytest.mark.covers("SEC-02")
def test_no_answer_holds_a_row_of_another_pool(world):
    reader = Program(token(world.director))
    for path in ("organizations", "people", "roles", "facts", "sites", "suppliers", "partners", "organization-types"):
        assert "Canari B" not in reader.get(path, limit=200).content.decode()
    assert reader.ids("people", q="canari") == [world.hidden.pk]
