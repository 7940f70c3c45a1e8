"""Whatever is sent, a program is told what is wrong: never an error of the server, and never an answer to something else."""

import re

import pytest

from communis.directory.models import Organization
from communis.directory.register import ReferenceBody
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool
from communis.portal.api import api
from factories.pools import FIRST
from factories.reading import token
from portal.api.conftest import Program

pytestmark = pytest.mark.django_db
NASTY = (
    "", " ", "0", "-1", "1", "1.5", "1e9", "9" * 19, "9" * 30, "9" * 300, "9" * 5000, "٣", "²", "0x10", "NaN",
    "Infinity", "true", "null", "None", "[]", "{}", "é", "\x00", "a\x00b", "\n", "\u202e", "\ud800", "😀", "%00", "%",
    "_", "\\", "'", "';--", "../..", "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "${7*7}", "2024-01-01",
    "2024-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "-0001-01-01", "2024-01-01T00:00:00", "a" * 299,
    "a" * 301, "totale", "2025", "1899", "2200", "__class__", "organization__pool", "-pk",
)  # fmt: skip
KNOWN = {"exercise": "2025", "line": "rien"}


@pytest.fixture
def reader(world, register, settings):
    settings.COMMUNIS_API_RATE = 10**9
    with pool_scope(FIRST):
        Pool.objects.filter(pk=FIRST).update(convention="redon")
        Organization.objects.unscoped().filter(pk=world.host.pk).update(reference_id=register)
        body = ReferenceBody.objects.get(insee="35001")
        Organization.objects.unscoped().filter(pk=world.member.pk).update(reference=body)
    return Program(token(world.director))


def operations(world):
    """Yield each reading with an address that exists, and its parameters."""
    places = {"organizations": world.member.pk, "people": world.clerk.pk, "facts": world.fact.pk, "territory": "35001"}
    for path, methods in api.get_openapi_schema()["paths"].items():
        room = path.split("/")[3]
        where = re.sub(r"\{[a-z]+\}", str(places.get(room)), path).removeprefix("/api/v1/")
        yield where, methods["get"]


def of_parameter(operation, where):
    return [p for p in operation["parameters"] if p["in"] == where]


def said(response):
    return response.status_code, response.content[:300].decode("utf-8", "replace")


def test_no_value_of_a_parameter_breaks_a_reading(world, reader):
    broken, tried = [], 0
    for where, operation in operations(world):
        names = [p["name"] for p in of_parameter(operation, "query")]
        needed = {name: KNOWN[name] for name in names if name in KNOWN}
        for name in names:
            for value in NASTY if name not in KNOWN else NASTY[::4]:  # those compute a whole tariff when they are good
                response = reader.get(where, **{**needed, name: value.encode("utf-8", "surrogatepass")})
                tried += 1
                if response.status_code not in (200, 404, 422):
                    broken.append((where, name, value[:40], *said(response)))
    assert broken == []
    assert tried > 2000


def test_no_address_breaks_a_reading(world, reader):
    broken = []
    for where, operation in operations(world):
        if of_parameter(operation, "path"):
            head, _, tail = where.partition("/")
            rest = tail.partition("/")[2]
            for value in NASTY:
                response = reader.get(f"{head}/{value.encode('utf-8', 'replace').decode()}{'/' + rest if rest else ''}", **{})
                if response.status_code not in (200, 404, 422):
                    broken.append((where, value[:40], *said(response)))
    assert broken == []


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({"limit": "0"}, [("limit", "La plus petite valeur est 1.")]),
        ({"limit": "201"}, [("limit", "La plus grande valeur est 200.")]),
        ({"limit": "beaucoup"}, [("limit", "Écrivez un nombre entier.")]),
        ({"limit": "1.5"}, [("limit", "Écrivez un nombre entier.")]),
        ({"cursor": "là"}, [("cursor", "Ce curseur ne vient pas d’une page : reprenez le « next_cursor » reçu.")]),
        ({"cursor": "9" * 20}, [("cursor", "Ce curseur ne vient pas d’une page : reprenez le « next_cursor » reçu.")]),
        ({"on": "31/01/2024"}, [("on", "Écrivez une date sous la forme 2026-01-31.")]),
        ({"on": "2024-01-01T10:00:00"}, [("on", "Écrivez une date sous la forme 2026-01-31, sans heure.")]),
        ({"kind": "légale"}, [("kind", "Valeurs possibles : 'totale', 'municipale', 'dgf', 'déclarée', 'comptée_à_part'.")]),
        ({"all": "oui"}, [("all", "Écrivez true ou false.")]),
        ({"type": "a" * 101}, [("type", "Au plus 100 caractères.")]),
        ({"type": "a\x00b"}, [("type", "Ce paramètre contient un caractère de contrôle.")]),
        ({"year": ["2024", "2025"]}, [("year", "Ce paramètre est donné deux fois.")]),
        (
            {"organisation": "3"},
            [("organisation", "Paramètre inconnu. Connus ici : all, cursor, kind, limit, on, organization, type, year.")],
        ),
        ({"limit": "x", "year": "x"}, [("limit", "Écrivez un nombre entier."), ("year", "Écrivez un nombre entier.")]),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_told(reader, parameters, errors):
    response = reader.get("facts", **parameters)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    told = response.json()
    assert told["title"] == "Paramètre refusé"
    assert [(error["parameter"], error["message"]) for error in told["errors"]] == errors


def test_a_reading_without_parameters_refuses_any(world, reader):
    told = reader.get(f"organizations/{world.member.pk}", q="x").json()
    assert told["errors"] == [{"parameter": "q", "message": "Aucun paramètre n’est attendu ici."}]


def test_a_parameter_that_is_missing_is_told(world, reader):
    told = reader.get(f"organizations/{world.member.pk}/offers").json()
    assert told["errors"] == [{"parameter": "exercise", "message": "Ce paramètre manque."}]


def test_a_nasty_token_is_refused(reader):
    for value in ("\u202e", "é" * 30, "a" * 10_000, "communis_" + "a" * 200, "communis_' OR 1=1 --"):
        response = reader.client.get("/api/v1/organizations", headers={"Authorization": f"Bearer {value}"})
        assert response.status_code == 401
