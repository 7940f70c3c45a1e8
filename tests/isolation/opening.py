"""The world opened outside pytest, for the gates: a transaction that is never kept, and requests made up at random."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from communis.kit.imports.examining import CHANGED, CREATED, REFUSED, SAME
from communis.kit.imports.staging import Shelf
from communis.portal.importables import IMPORTABLES
from isolation.crawling import Case, Crawler, submissions
from isolation.routes import SENT_BY, Aim, all_aims, expected
from isolation.sampling import EVERYBODY
from isolation.world import FIRST, A, World, canary_world

QUERIES = (
    "export=csv", "export=xlsx", "q=zq", "sort=-name", "page=2", "par=100", "suite=%2Facces%2F", "chosen={key}", "type={key}",
    "organization={key}", "person={key}", "cursor={key}", "note={key}", "organization__name__contains=q", "vue=termines",
    "le=01%2F02%2F1903", "fait=postes_de_travail", "all=true", "limit=200", "exercise=2024", "feuille=x",
)  # fmt: skip
CELLS = 12  # of a line of the files sent: as many as any list requires
METHODS = ("GET", "GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")


def staged_files(world: World) -> dict[str, str]:
    """Leave files sent to be imported, examined or imported already: by two people who may, by two who may no more.

    Name also the line of an offer.
    """
    found = {"no one": "0" * 32}
    counts = {CREATED: 1, CHANGED: 0, SAME: 0, REFUSED: 0}
    for key, finished in SENT_BY.items():
        for importable in IMPORTABLES:
            shelf = Shelf(Path(settings.COMMUNIS_STAGED), FIRST, world.readers[key].account.pk, importable.name)
            text = ";".join(map(str, range(CELLS))) + f"\n{key}" + ";1" * (CELLS - 1) + "\n"
            staged = shelf.put(text.encode(), f"{key}.csv", timezone.now())
            staged.keep_plan([])
            placed = [c for c in importable.columns if c.required] or importable.columns[:1]  # a page places one at least
            places = {column.name: rank for rank, column in enumerate(placed)}
            staged.tell(sheet="", places=places, options={}, digest="x", counts=counts, remarked=0, remarks=[], moved=[])
            if finished:
                staged.finish(**counts, at=timezone.now().isoformat(), by=key)
            found[key] = staged.key
    secret = world.readers["director"].secret
    address = f"/api/v1/organizations/{world.organizations[FIRST, A].pk}/offers?exercise=2025"
    offers = Client().get(address, headers={"Authorization": f"Bearer {secret}"}).json()["offers"]
    return found | {"line": quote(offers[0]["lines"][0]["key"])}


@contextmanager
def opened_world() -> Iterator[tuple[Crawler, dict[str, list[Aim]]]]:
    """Fill the database of this process, and undo it all on the way out."""
    logging.getLogger().handlers = []
    with transaction.atomic():
        world = canary_world()
        yield Crawler(world), all_aims(world, staged_files(world))
        transaction.set_rollback(True)


def entered_pages(crawler: Crawler, aims: dict[str, list[Aim]], reader: str) -> Iterator[Case]:
    """Yield the pages that a reader enters, one for each route, table and owner."""
    who, seen = crawler.world.readers[reader], set()
    for aim in (a for found in aims.values() for a in found):
        kind = aim.route, aim.place and (aim.place.model, aim.place.owner)
        if not aim.posts and not aim.path.startswith("/api/v1/") and expected(aim, who, crawler.world) and kind not in seen:
            seen.add(kind)
            yield Case(reader, "GET", aim)


def forms_of(crawler: Crawler, aims: dict[str, list[Aim]], reader: str) -> Iterator[Case]:
    """Yield what the forms of the pages that a reader enters may send."""
    for case in list(entered_pages(crawler, aims, reader)):
        crawler.problems(case)
        yield from list(submissions(crawler, case))


def any_case(crawler: Crawler, aims: dict[str, list[Aim]], chance: random.Random) -> Case:
    """Make up a request: anybody, any method, any address, a query with the key of anything."""
    route = chance.choice(list(aims))
    keys = list(crawler.world.rows)
    query = chance.choice(("", *QUERIES)).replace("{key}", str(chance.choice(keys)[1]))
    return Case(chance.choice(EVERYBODY), chance.choice(METHODS), chance.choice(aims[route]), query=query)
