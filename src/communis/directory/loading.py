"""The public register, loaded from the files that ship: communes, groupings and legal populations of the whole of France."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from datetime import date
from importlib import resources

from django.db import connection, transaction

from communis.directory.names import sort_key
from communis.directory.register import ReferenceBody

SOURCE_OF_BODIES = "Insee, code officiel géographique au 01/01/2026 ; DGCL, liste des groupements"


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a shipped file."""
    packed = (resources.files("communis.directory") / "data" / name).read_bytes()
    yield from csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8")), delimiter=";")


def ensure_register(say: Callable[[str], None]) -> None:
    """Load the register before the first start, saying so: it takes some seconds."""
    if not ReferenceBody.objects.exists():
        say("Registre des communes et des groupements…")
        load_register()


@transaction.atomic
def load_register() -> int:
    """Load the register if it is empty; return how many bodies it holds. Run as the owner of the tables."""
    if not ReferenceBody.objects.exists():
        copy("directory_referencebody", "kind, name, sort_name, siren, department, source", groupings())
        copy("directory_referencebody", "kind, name, sort_name, insee, siren, department, grouping_id, source", communes())
        copy("directory_referencepopulation", "body_id, kind, in_force_on, value, source", populations())
    return ReferenceBody.objects.count()


def copy(table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    made = list(rows)  # before the copy: they may ask the database, which answers nothing else meanwhile
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
        for row in made:
            into.write_row(row)


def groupings() -> Iterator[tuple[object, ...]]:
    for row in rows_of("groupements.csv.gz"):
        yield "grouping", row["nom"], sort_key(row["nom"]), row["siren"], "", SOURCE_OF_BODIES


def communes() -> Iterator[tuple[object, ...]]:
    known = dict(ReferenceBody.objects.filter(kind="grouping").values_list("siren", "pk"))
    for row in rows_of("communes.csv.gz"):
        name = row["nom"].replace("'", "’")
        yield (
            "commune", name, sort_key(name), row["insee"], row["siren"] or None, row["departement"], known.get(row["groupement"]),
            SOURCE_OF_BODIES,
        )  # fmt: skip


def populations() -> Iterator[tuple[object, ...]]:
    known = dict(ReferenceBody.objects.filter(kind="commune").values_list("insee", "pk"))
    for row in rows_of("populations.csv.gz"):
        source = f"Insee, populations légales {row['reference']}, en vigueur au 01/01/{row['annee']}"
        yield known[row["insee"]], row["population"], date(int(row["annee"]), 1, 1), int(row["valeur"]), source
