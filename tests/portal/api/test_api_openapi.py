"""What is told of the API: its OpenAPI, and the page made from it."""

import json

import jsonschema
import pytest

from communis.foundation.api.problems import PROBLEMS
from communis.portal.api import api
from factories.reading import token
from portal.api.conftest import Program

pytestmark = pytest.mark.django_db
REFUSALS = {"401", "403", "404", "422", "429"}


@pytest.fixture
def schema(world):
    return Program(token(world.mayor, ["facts.read"])).json("openapi.json")


def test_the_openapi_is_read_with_any_token_and_with_none_it_is_not(world, schema):
    assert (schema["openapi"], schema["info"]["title"], schema["info"]["version"]) == ("3.1.0", "communis", "1")
    assert Program().get("openapi.json").status_code == 401


def test_every_reading_is_documented_in_french(schema):
    readings = list(schema["paths"].values())
    assert len(readings) == 30
    assert {tuple(methods) for methods in readings} == {("get",)}
    operations = [methods["get"] for methods in readings]
    assert len({one["operationId"] for one in operations}) == 30
    assert [one["operationId"] for one in operations if REFUSALS | {"200"} != set(one["responses"])] == []
    assert [one["operationId"] for one in operations if list(one["security"][0]) != ["jeton"]] == []
    untold = [(one["operationId"], p["name"]) for one in operations for p in one["parameters"] if not p.get("description")]
    assert untold == []
    rows = schema["components"]["schemas"]
    assert [
        (row, name) for row, said in rows.items() for name, field in said["properties"].items() if not field.get("description")
    ] == []


def test_its_schemas_are_valid_and_its_references_lead_somewhere(schema):
    for name, row in schema["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(row)
        assert row["type"] == "object", name
    text = json.dumps(schema)
    wanted = {piece.partition('"')[0] for piece in text.split('"#/components/schemas/')[1:]}
    assert wanted - schema["components"]["schemas"].keys() == set()


def test_what_is_answered_follows_the_openapi(world, schema):
    reader = Program(token(world.director))
    places = {"organizations": world.member.pk, "people": world.clerk.pk, "facts": world.fact.pk}
    checked = 0
    for path, methods in schema["paths"].items():
        if "offers" in path or "territory/" in path:
            continue
        where = path.removeprefix("/api/v1/").replace("{id}", str(places.get(path.split("/")[3])))
        answer = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(reader.json(where), {**answer, "components": schema["components"]})
        checked += 1
    assert checked == 25
    problem = reader.get("nowhere").json()
    jsonschema.validate(problem, {"$ref": "#/components/schemas/Problem", "components": schema["components"]})


def test_the_page_tells_every_reading_every_refusal_and_loads_nothing_from_elsewhere(world, client):
    client.force_login(world.mayor)
    response = client.get("/api/")
    text = response.content.decode()
    assert response.status_code == 200
    assert [path for path in api.get_openapi_schema()["paths"] if f"GET {path}<" not in text] == []
    assert [kind for kind in PROBLEMS if f'id="{kind}"' not in text] == []
    assert [word for word in ("//cdn", "https://", "swagger", "redoc", "style=", "<script>") if word in text] == []
    assert "script-src" in response["Content-Security-Policy"] or "default-src 'self'" in response["Content-Security-Policy"]
    assert Program().client.get("/api/").status_code == 302
