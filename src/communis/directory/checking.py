"""What the shipped files of the register must be, checked without a database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from communis.directory.identifiers import is_luhn
from communis.directory.loading import rows_of

COMMUNES = 34_969  # on the first of January 2026
KINDS = {"municipale", "totale"}
_INSEE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])\d{3}|97[1-8]\d{2}|98[4-9]\d{2}")
_SIREN = re.compile(r"[0-9]{9}")


def is_siren(text: str) -> bool:
    return bool(_SIREN.fullmatch(text)) and is_luhn(text)


def problems() -> tuple[dict[str, int], list[str]]:
    """Return how many rows each file has, and all that is wrong with them."""
    groupings, communes, populations = (list(rows_of(f"{name}.csv.gz")) for name in ("groupements", "communes", "populations"))
    known = {row["siren"] for row in groupings}
    codes = {row["insee"] for row in communes}
    found = [
        *of_groupings(groupings),
        *of_communes(communes, known),
        *of_populations(populations, codes),
    ]
    return {"communes": len(communes), "groupements": len(groupings), "populations légales": len(populations)}, found


def twice(values: Iterable[str], what: str) -> Iterator[str]:
    yield from (f"{what} {value} paraît {count} fois" for value, count in Counter(values).items() if value and count > 1)


def of_groupings(rows: list[dict[str, str]]) -> Iterator[str]:
    yield from twice((row["siren"] for row in rows), "groupements : le SIREN")
    yield from (f"groupements : « {row['siren']} » n’est pas un SIREN" for row in rows if not is_siren(row["siren"]))
    yield from (f"groupements : {row['siren']} n’a pas de nom" for row in rows if not row["nom"])


def of_communes(rows: list[dict[str, str]], groupings: set[str]) -> Iterator[str]:
    if len(rows) != COMMUNES:
        yield f"communes : {len(rows)} lignes au lieu de {COMMUNES}"
    yield from twice((row["insee"] for row in rows), "communes : le code")
    yield from twice((row["siren"] for row in rows), "communes : le SIREN")
    for row in rows:
        code = row["insee"]
        if not _INSEE.fullmatch(code):
            yield f"communes : « {code} » n’est pas un code Insee"
        if not row["nom"]:
            yield f"communes : {code} n’a pas de nom"
        if not code.startswith(row["departement"]) or not row["departement"]:
            yield f"communes : {code} n’est pas dans le département « {row['departement']} »"
        if row["siren"] and not is_siren(row["siren"]):
            yield f"communes : {code} a un SIREN faux, « {row['siren']} »"
        if row["groupement"] and row["groupement"] not in groupings:
            yield f"communes : {code} est d’un groupement inconnu, {row['groupement']}"


def of_populations(rows: list[dict[str, str]], communes: set[str]) -> Iterator[str]:
    values = {}
    for row in rows:
        key = row["insee"], row["annee"], row["population"]
        where = f"populations : {' '.join(key)}"
        if key in values:
            yield f"{where} paraît deux fois"
        values[key] = row["valeur"]
        if row["insee"] not in communes:
            yield f"{where} est d’une commune inconnue"
        if row["population"] not in KINDS:
            yield f"{where} est d’une nature inconnue"
        if not (row["annee"].isdigit() and row["reference"].isdigit() and int(row["reference"]) < int(row["annee"])):
            yield f"{where} a un recensement impossible, {row['reference']}"
        if not row["valeur"].isdigit():
            yield f"{where} n’est pas un nombre, « {row['valeur']} »"
    for (insee, year, kind), value in values.items():
        municipal = values.get((insee, year, "municipale"), "")
        if kind == "totale" and municipal.isdigit() and value.isdigit() and int(value) < int(municipal):
            yield f"populations : {insee} {year} a une totale ({value}) sous la municipale ({municipal})"
