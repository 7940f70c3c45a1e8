"""The page that documents the API, made from its OpenAPI: it cannot say anything else than what is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from communis.directory.enums import TokenScope
from communis.foundation.api.pages import MOST
from communis.foundation.api.root import problem_kinds
from communis.portal.api import api

_WORDS = {
    "string": "texte", "integer": "nombre entier", "boolean": "true ou false", "array": "liste", "object": "objet",
    "null": "null", "date": "date", "date-time": "date et heure", "time": "heure",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of an answer: its name, what it holds, what it means."""

    name: str
    shape: str
    told: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An address of the API, as the page shows it."""

    path: str
    name: str
    summary: str
    told: str
    scope: str
    parameters: tuple[Field, ...]
    fields: tuple[Field, ...]
    is_list: bool


def documentation(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    groups: dict[str, list[Reading]] = {}
    for path, methods in schema["paths"].items():
        operation = methods["get"]
        groups.setdefault(operation["tags"][0], []).append(reading_of(path, operation, schema))
    context = {
        "groups": groups.items(), "scopes": TokenScope.choices, "problems": problem_kinds(), "origin": settings.ORIGIN,
        "rate": settings.COMMUNIS_API_RATE, "most": MOST, "first": next(iter(schema["paths"])),
    }  # fmt: skip
    return render(request, "portal/documentation.html", context)


def reading_of(path: str, operation: dict[str, Any], schema: dict[str, Any]) -> Reading:
    """Return an operation of the OpenAPI as the page shows it; of a list, the fields are those of its rows."""
    answer = resolved(operation["responses"][200]["content"]["application/json"]["schema"], schema)
    items = answer["properties"].get("items")
    row = resolved(items["items"], schema) if items else answer
    return Reading(
        path=path, name=operation["operationId"], summary=operation["summary"], told=operation.get("description", ""),
        scope=next(iter(operation["security"][0]["jeton"]), ""), is_list=items is not None,
        parameters=tuple(
            Field(p["name"], shape_of(p["schema"], schema), p.get("description", "")) for p in operation["parameters"]
        ),
        fields=tuple(Field(n, shape_of(f, schema), f.get("description", "")) for n, f in row["properties"].items()),
    )  # fmt: skip


def resolved(found: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference."""
    reference = found.get("$ref", "")
    return schema["components"]["schemas"][reference.rpartition("/")[2]] if reference else found


def shape_of(found: dict[str, Any], schema: dict[str, Any]) -> str:
    """Say in words what a value is."""
    if "anyOf" in found:
        return " ou ".join(dict.fromkeys(shape_of(one, schema) for one in found["anyOf"]))
    if found.get("type") == "array":
        return f"liste : {shape_of(found['items'], schema)}"
    known = resolved(found, schema)
    if "$ref" in found:
        return "objet : " + ", ".join(known["properties"])
    return _WORDS.get(known.get("format", "")) or _WORDS.get(known.get("type", ""), "code")
