"""The crawler: one request at a time, sent as somebody, and judged by what came out, what changed, and how it was refused."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from communis.directory.models import FactType, Grant, Organization, OrganizationType, Partner, Person, Post, Supplier, Unit
from communis.foundation.scope import pool_scope
from factories.shown import Element, Page
from isolation.audiences import may_change, may_know
from isolation.canaries import Mark
from isolation.routes import Aim, expected
from isolation.world import FIRST, HOLDERS, HOST, SECOND, Place, Reader, World, of_pools

SAFE = ("GET", "HEAD", "OPTIONS")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_OWN_TO_A_REQUEST = re.compile(r'value="[A-Za-z0-9]{64}"|nonce-[\w+/=-]+|"request_id": *"[^"]*"|<code>[0-9a-f]{16}</code>')
_CHANGES_AT_EACH_USE = "'{last_used_at,last_login}'::text[]"


@dataclass(frozen=True)
class Case:
    """One request."""

    reader: str
    method: str
    aim: Aim
    data: Any = None
    query: str = ""

    @property
    def path(self) -> str:
        return self.aim.path + (("&" if "?" in self.aim.path else "?") + self.query if self.query else "")

    @property
    def by_program(self) -> bool:
        return self.aim.path.startswith(("/api/v1/", "/agenda/"))

    def __str__(self) -> str:
        return f"{self.reader} {self.method} {self.path}" + (f" {self.data}" if self.data else "")


class Overheard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@dataclass
class Crawler:
    """Sends cases to the product in a world, and keeps what it saw."""

    world: World
    refusals: dict[tuple[str, bool], str] = field(default_factory=dict)
    seen_routes: set[str] = field(default_factory=set)
    requests: int = 0
    leaks: int = 0
    writes: int = 0
    before: dict[tuple[str, int], str] = field(default_factory=lambda: snapshot())  # all that is there: each case is undone
    last: Any = None
    program: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    # ------------------------------------------------------------ one case

    def problems(self, case: Case) -> list[str]:
        """Send a case, undo what it did, and return what is wrong with its answer."""
        reader = self.world.readers[case.reader]
        client = self.world.clients[case.reader]
        cookies = client.cookies.output()
        with overheard() as heard, files_put_back(case), transaction.atomic():
            before = counted()
            response = self.send(case, reader, client)
            found = [*self.told(case, reader, response), *self.entered(case, reader, response)]
            if counted() != before:
                found += [*self.changed(case, reader, snapshot()), *self.jobs()]
            if case.method in UNSAFE or case.reader == "ended":
                transaction.set_rollback(True)
        self.last = response
        if client.cookies.output() != cookies:
            client.cookies = SimpleCookie()
            client.cookies.load(cookies.replace("Set-Cookie: ", "").replace("\r\n", "; "))
        asked = self.world.aviary.found_in(f"{case.path} {case.data}")
        found += [f"the log tells {mark}" for line in heard.lines for mark in self.world.aviary.found_in(line) - asked]
        self.requests += 1
        self.seen_routes.add(case.aim.route)
        return [f"{case}: {said}" for said in dict.fromkeys(found)]

    def send(self, case: Case, reader: Reader, client: Client) -> Any:
        if case.by_program:
            headers = {"Authorization": f"Bearer {reader.secret}"} if reader.secret else {}
            path = case.path.replace("JETON", reader.secret or "communis_rien")
            return self.program.generic(case.method, path, headers=headers)
        call = getattr(client, case.method.lower())
        if case.method in ("GET", "HEAD"):
            return call(case.path)
        if case.method == "POST":
            return call(case.path, case.data or ({case.aim.field: case.aim.place.pk} if case.aim.field else {}))
        return call(case.path, data="a=1", content_type="application/x-www-form-urlencoded")

    # ------------------------------------------------------------ what came out (T1)

    def told(self, case: Case, reader: Reader, response: Any) -> Iterator[str]:
        if response.status_code >= 500:
            yield f"answers {response.status_code}"
        body = b"".join(response.streaming_content) if response.streaming else response.content
        heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        cookies = "\n".join(morsel.value for morsel in response.cookies.values())
        marks = self.world.aviary.found_in(body) | self.world.aviary.found_in(f"{heads}\n{cookies}")
        asked = self.world.aviary.found_in(f"{case.path} {case.data}")
        for mark in sorted(marks - asked, key=str):
            if not may_know(reader, mark):
                self.leaks += 1
                yield f"tells {mark}"
        if reader.pool == FIRST and SECOND not in reader.pools and b"Second service" in body:
            yield "tells that the other pool exists"

    # ------------------------------------------------------------ who entered, and how the others were refused (T3)

    def entered(self, case: Case, reader: Reader, response: Any) -> Iterator[str]:
        wanted = expected(case.aim, reader, self.world)
        status = response.status_code
        if wanted is None:
            told_how = case.by_program and case.method == "OPTIONS"  # how one asks, whoever one is
            if case.aim.enters is not None and reader.pool is None and status not in (301, 302, 401, 404, 405) and not told_how:
                yield f"answers {status} to whoever has no right"
            return
        if case.by_program and case.method not in ("GET", "HEAD"):  # answered before any row is looked for
            if status != (204 if case.method == "OPTIONS" else 405):
                yield f"answers {status}: the API is read only"
            return
        if case.aim.posts and case.method != "POST":
            if status not in (404, 405) and not case.aim.field:  # the page that posts it answers
                yield f"answers {status}, where only a POST is"
            return
        if case.by_program and case.query and status == 422:  # a parameter is refused before any row is looked for
            return
        if wanted and status in (401, 403, 404):
            yield f"is refused ({status})"
        if not wanted and status != 404:
            yield f"enters ({status})"
        if not wanted and status == 404 and case.method != "HEAD":
            yield from self.refused_alike(case, reader, response)

    def refused_alike(self, case: Case, reader: Reader, response: Any) -> Iterator[str]:
        """Compare a refusal with the first one of the same account: nothing may tell one absence from another."""
        body = _OWN_TO_A_REQUEST.sub("", response.content.decode("utf-8", "replace")).replace(case.aim.path.partition("?")[0], "")
        heads = sorted(name for name in response.headers if name != "X-Request-ID")
        told = hashlib.sha256(f"{heads} {body}".encode()).hexdigest()
        if self.refusals.setdefault((reader.key, case.by_program), told) != told:
            yield "is not refused like what does not exist"

    # ------------------------------------------------------------ what changed (T2, T4, T6)

    def changed(self, case: Case, reader: Reader, after: dict[tuple[str, int], str]) -> Iterator[str]:
        before = self.before
        moved = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        if moved and case.method in SAFE:
            yield f"changes something by a {case.method}"
        for table, pk in sorted(moved):
            place = self.world.rows.get((table, pk))
            row = json.loads(after[table, pk]) if (table, pk) in after else None
            if place is None and row is None:
                continue  # made and removed by the same world
            owners = {place.owner} if place else set()
            pools = (place.pool,) if place else (row["pool_id"],) if row and row.get("pool_id") else reader.pools
            if row is not None:
                owners.add(self.owner_of(table, row))
            model = MODELS[table].__name__
            for owner in sorted(owners):
                if not any(
                    may_change(reader, model, pools, one) for one in ((HOST, *reader.owners) if owner == NEW else (owner,))
                ):
                    self.writes += 1
                    yield f"changes {model} {pk} of {owner} in pool {'/'.join(map(str, pools))}"
            if row is not None:
                yield from self.referred(reader, table, pk, row)

    def owner_of(self, table: str, row: dict[str, Any]) -> str:
        """Return whose a row is, by what it refers to."""
        if table == "directory_account":
            return next((r.key for r in self.world.readers.values() if r.account and r.account.pk == row["id"]), "invited")
        for name in sorted(HOLDERS - {"organization"}):
            if row.get(f"{name}_id"):
                holder = MODELS[table]._meta.get_field(name).related_model
                known = self.world.rows.get((holder._meta.db_table, row[f"{name}_id"]))
                if known is not None:
                    return known.owner
        for column in ("organization_id", "person_id", "supplier_id", "part_id"):
            if row.get(column):
                target = {"organization_id": "directory_organization", "person_id": "directory_person",
                          "supplier_id": "directory_supplier", "part_id": "directory_organization"}[column]  # fmt: skip
                known = self.world.rows.get((target, row[column]))
                if column == "supplier_id":
                    return "outside" if table == "directory_person" else HOST
                if known is not None:
                    return known.owner
        if row.get("membership_id"):
            holder = self.world.rows.get(("agreements_membership", row["membership_id"]))
            if holder is not None:
                return holder.owner
        if row.get("account_id"):
            return next((r.key for r in self.world.readers.values() if r.account and r.account.pk == row["account_id"]), HOST)
        known = self.world.rows.get((table, row["id"]))
        return known.owner if known else OWN_FOR.get(table, HOST)

    def referred(self, reader: Reader, table: str, pk: int, row: dict[str, Any]) -> Iterator[str]:
        """Refuse a reference to a row that whoever wrote it may not see."""
        former = json.loads(self.before[table, pk]) if (table, pk) in self.before else {}
        for column in MODELS[table]._meta.concrete_fields:
            target = column.related_model
            if target not in TENANTS or not row.get(column.column) or former.get(column.column) == row[column.column]:
                continue
            known = self.world.rows.get((target._meta.db_table, row[column.column]))
            if known is not None and not sees(reader, known):
                self.writes += 1
                yield f"makes {MODELS[table].__name__} {pk} refer to {target.__name__} of {known.owner} in pool {known.pool}"

    def jobs(self) -> Iterator[str]:
        """Refuse a job whose arguments are anything but numbers of rows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT args::text FROM procrastinate_jobs")
            for (args,) in cursor.fetchall():
                if not all(isinstance(value, int) for value in json.loads(args).values()):
                    yield f"starts a job with {args}"


NEW = "new"  # somebody who is nobody’s yet: a role says whose
OWN_FOR = {"directory_person": NEW}
TENANTS = frozenset(of_pools())
MODELS = {model._meta.db_table: model for model in (*of_pools(), apps.get_model("directory", "Account"))}


def sees(reader: Reader, place: Place) -> bool:
    """Tell whether a reader may know that a row is there."""
    names = [c.name for c in place.model._meta.concrete_fields]
    return any(may_know(reader, Mark((place.pool,), place.owner, place.model.__name__, name)) for name in names)


@contextmanager
def files_put_back(case: Case) -> Iterator[None]:
    """Put back the files that wait to be imported in the list of an address, which no transaction undoes."""
    if case.method in SAFE or not case.aim.route.startswith("import-"):
        yield
        return
    shelves = list(Path(settings.COMMUNIS_STAGED).glob(f"*/*/{case.aim.path.split('/')[2]}"))
    with tempfile.TemporaryDirectory() as folder:
        for number, shelf in enumerate(shelves):
            shutil.copytree(shelf, Path(folder) / str(number))
        yield
        for number, shelf in enumerate(shelves):
            shutil.rmtree(shelf, ignore_errors=True)
            shutil.copytree(Path(folder) / str(number), shelf)


@contextmanager
def overheard() -> Iterator[Overheard]:
    handler, root = Overheard(), logging.getLogger()
    root.addHandler(handler)
    try:
        yield handler
    finally:
        root.removeHandler(handler)


_SNAPSHOT = " UNION ALL ".join(
    f"SELECT '{table}', id, (to_jsonb(t) - {_CHANGES_AT_EACH_USE})::text FROM {table} t" for table in MODELS
)


def counted() -> list[tuple[str, int]]:
    """Return how many rows of each table were written since the transaction began: what did not move need not be compared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE relname = ANY(%s) ORDER BY 1",
            [list(MODELS)],
        )
        return cursor.fetchall()


def snapshot() -> dict[tuple[str, int], str]:
    """Return every row of both pools, and every account."""
    found: dict[tuple[str, int], str] = {}
    for number in (FIRST, SECOND):
        with pool_scope(number), connection.cursor() as cursor:
            cursor.execute(_SNAPSHOT)
            found |= {(table, pk): row for table, pk, row in cursor.fetchall()}
    return found


def run(crawler: Crawler, cases: Iterable[Case]) -> list[str]:
    return [said for case in cases for said in crawler.problems(case)]


# ------------------------------------------------------------ forms (T4)

FOREIGN = {  # what a field of a form refers to, by its name
    "person": Person, "delegate": Person, "organization": Organization, "successor": Organization, "predecessors": Organization,
    "parent": Organization, "carrier": Supplier, "supplier": Supplier, "type": FactType, "types": OrganizationType,
    "prefecture": Partner, "accountant": Partner, "court": Partner, "unit": Unit, "chosen": Grant, "part": Organization,
    "whole": Organization, "post": Post,
}  # fmt: skip
CLOSED = {"role", "kind", "weekday", "status", "origin", "connection", "shape", "year", "pool", "sheet"}  # closed lists, not rows


def submissions(crawler: Crawler, case: Case) -> Iterator[Case]:
    """Yield what the forms of the page just read may send: as they stand, then with rows of others in each choice."""
    response = crawler.last
    if response.status_code != 200 or "text/html" not in response.headers.get("Content-Type", ""):
        return
    for form in Page(response).root.all("form"):
        if form.attrs.get("method", "get").casefold() != "post":
            continue
        action = form.attrs.get("action") or case.path
        data, lists = typed(form)
        aim = dataclasses.replace(case.aim, path=action, enters=None, posts=False)
        yield Case(case.reader, "POST", aim, data)
        for name in lists:
            if name in CLOSED:
                continue
            for place in strangers(crawler, FOREIGN[name]):
                yield Case(case.reader, "POST", aim, data | {name: str(place.pk)})


def strangers(crawler: Crawler, model: Any) -> list[Place]:
    """Return a row of the neighbour and one of the other pool."""
    places = crawler.world.places(model)
    return [*[p for p in places if (p.pool, p.owner) == (FIRST, "b")][:1], *[p for p in places if p.pool == SECOND][:1]]


def typed(form: Element) -> tuple[dict[str, Any], list[str]]:
    """Return what a form sends once its empty fields are filled, and the names of its lists of choices."""
    data: dict[str, Any] = {}
    lists: list[str] = []
    for one in form.walk():
        name, kind = one.attrs.get("name", ""), one.attrs.get("type", "")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if one.tag == "select" or kind in ("checkbox", "radio"):
            lists.append(name)
            options = [o.attrs.get("value", "") for o in one.all("option")] or [one.attrs.get("value", "on")]
            chosen = [o.attrs.get("value", "") for o in one.all("option") if "selected" in o.attrs]
            data.setdefault(name, next(iter(filter(None, chosen)), next(iter(filter(None, options)), "")))
        elif one.tag == "textarea":
            data[name] = "".join(c for c in one.children if isinstance(c, str)) or "Essai : 1,00"
        elif one.tag in ("input", "button"):
            data[name] = one.attrs.get("value", "") or invented(name, kind)
    return data, [name for name in dict.fromkeys(lists) if name in FOREIGN or name in CLOSED]


def invented(name: str, kind: str) -> str:
    if kind == "email" or name == "email":
        return "essai@exemple.fr"
    if name.endswith("_on") or name in ("on", "last_day", "until"):
        return "01/02/2026"
    return {"siren": "", "siret": "", "insee": "", "department": "", "opens_at": "14:00", "closes_at": "15:00"}.get(name, "12")
