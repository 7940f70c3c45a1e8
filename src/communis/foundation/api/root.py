"""How readings are declared: each with its scope and its predicate, and the routes and OpenAPI made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import ninja.errors
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from communis.foundation.api.doors import TOKEN, Reading, guarded_by_token
from communis.foundation.api.pages import BadCursor
from communis.foundation.api.problems import MEDIA, PROBLEMS, Problem, problem, said_of
from communis.foundation.doors import Door
from communis.foundation.requests import is_plain

REFUSALS = (401, 403, 404, 422, 429)
LONGEST_VALUE = 300
_TOLD = {
    200: "La réponse.", 401: "Le jeton manque, ou n’ouvre plus rien.", 403: "Le jeton ou le compte ne suffit pas.",
    404: "Rien à cette adresse, ou rien que ce compte puisse lire.", 422: "Un paramètre ne peut pas être lu.",
    429: "Trop de requêtes dans la minute.",
}  # fmt: skip


class Readings(Router):
    """The readings of a room."""

    def __init__(self, *, tags: list[str]) -> None:
        super().__init__(tags=tags)
        self.doors: dict[str, Door] = {}

    def reads(
        self,
        path: str,
        answer: Any,
        *,
        summary: str,
        scope: str = "",
        may: Callable[[Any], bool] | None = None,
        told: str = "",
        by_alias: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a reading at an address: what it answers, the scope it asks of the token, the predicate it asks of the account.

        Without a scope, any token reads it. A reading is named after its function, once in the whole API.
        """

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            name = view.__name__
            if name in self.doors:
                raise ValueError(f"two readings are called {name}")
            self.doors[name] = Door(TOKEN, may, scope=scope)
            return self.get(
                path, response={200: answer, frozenset(REFUSALS): Problem}, summary=summary, operation_id=name, url_name=name,
                description=told or None, by_alias=by_alias,
                openapi_extra={"security": [{"jeton": [scope] if scope else []}]},
            )(view)  # fmt: skip

        return declare


class ReadingApi(NinjaAPI):
    """An API that reads only; its problems are told in French, and its OpenAPI says them."""

    def __init__(self, *rooms: tuple[str, Readings], **options: Any) -> None:
        super().__init__(docs_url=None, **options)
        self.doors: dict[str, Door] = {}
        for prefix, room in rooms:
            if self.doors.keys() & room.doors.keys():
                raise ValueError(f"readings of the same name: {sorted(self.doors.keys() & room.doors.keys())}")
            self.doors |= room.doors
            self.add_router(prefix, room)
        self.add_exception_handler(Http404, lambda request, error: problem("absent"))
        self.add_exception_handler(BadCursor, lambda request, error: cursor_problem())
        self.add_exception_handler(ninja.errors.ValidationError, lambda request, error: parameters_problem(error))

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """Return the OpenAPI, with what the library does not say: the token, and problems as such."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        schema["components"]["securitySchemes"] = {
            "jeton": {"type": "http", "scheme": "bearer", "description": "Un jeton créé dans « Mon compte »."}
        }
        untitle(schema["paths"])
        untitle(schema["components"]["schemas"])
        for operation in (methods["get"] for methods in schema["paths"].values()):
            for status, response in operation["responses"].items():
                response["description"] = _TOLD[int(status)]
                if int(status) != 200:
                    response["content"] = {MEDIA: response["content"].pop("application/json")}
        return schema


def untitle(found: Any) -> None:
    """Remove the titles that the library makes up from the names of fields."""
    if isinstance(found, dict) and isinstance(found.get("title"), str):
        del found["title"]
    for one in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        untitle(one)


def routes_of(api: ReadingApi) -> list[URLPattern]:
    """Return the routes of an API, each behind its door; any other address below it answers like a row that is absent."""
    known = parameters_of(api)
    patterns, *_ = api.urls
    found = []
    for pattern in patterns:
        assert isinstance(pattern, URLPattern) and pattern.callback is not None
        name = pattern.name or ""
        door = api.doors.get(name, Door(TOKEN))
        view = strict(pattern.callback, known.get(name, frozenset()))
        found.append(URLPattern(pattern.pattern, guarded_by_token(view, door), pattern.default_args, pattern.name))
    return [*found, re_path(r"^.*\Z", guarded_by_token(nowhere, Door(TOKEN)), name="nowhere")]


def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer an address that leads nowhere."""
    raise Http404


def parameters_of(api: ReadingApi) -> Mapping[str, frozenset[str]]:
    """Return the parameters that each reading knows."""
    operations = (methods["get"] for methods in api.get_openapi_schema(path_prefix="")["paths"].values())
    return {one["operationId"]: frozenset(p["name"] for p in one["parameters"] if p["in"] == "query") for one in operations}


def strict(view: Reading, known: frozenset[str]) -> Reading:
    """Refuse a parameter that is unknown, given twice or not plain text: left aside, it would answer something else."""

    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any(isinstance(part, str) and not is_plain(part) for part in kwargs.values()):
            raise Http404
        errors = [
            {"parameter": name[:LONGEST_VALUE], "message": words}
            for name, values in request.GET.lists()
            if (words := refused_words(name, values, known))
        ]
        return problem("parameters", errors=errors) if errors else view(request, *args, **kwargs)

    return wraps(view)(checked) if hasattr(view, "__name__") else checked


def refused_words(name: str, values: list[str], known: frozenset[str]) -> str:
    """Say why a parameter is refused before it is read, or nothing."""
    if name not in known:
        return f"Paramètre inconnu. Connus ici : {', '.join(sorted(known))}." if known else "Aucun paramètre n’est attendu ici."
    if len(values) > 1:
        return "Ce paramètre est donné deux fois."
    if len(values[0]) > LONGEST_VALUE:
        return f"Au plus {LONGEST_VALUE} caractères."
    if not is_plain(values[0]):
        return "Ce paramètre contient un caractère de contrôle."
    return ""


def parameters_problem(error: Any) -> HttpResponse:
    """Tell what is wrong with parameters; the types of the library give its class where it gives the error."""
    return problem("parameters", errors=[said_of(one) for one in error.errors])


def cursor_problem() -> HttpResponse:
    error = {"parameter": "cursor", "message": "Ce curseur ne vient pas d’une page : reprenez le « next_cursor » reçu."}
    return problem("parameters", errors=[error])


def problem_kinds() -> list[tuple[str, Any]]:
    """Return the problems for the documentation."""
    return list(PROBLEMS.items())
