"""A catalogue loaded from the tables that ship beside a convention: read whole, every problem told at once, then written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from django.db import transaction
from django.db.models import TextChoices

from communis.catalog.conventions import opened
from communis.catalog.enums import Charging, Deliverable, Effect, EntryKind, Family, Measure, Performer
from communis.catalog.models import Edition, EditionHours, Entry, Prerequisite, Tool
from communis.directory.enums import SiteKind, Weekday
from communis.directory.names import plain
from communis.tariff.language.problems import nearest

ENTRIES, PREREQUISITES, TOOLS, HOURS = "fiches.csv", "prerequis.csv", "outils.csv", "horaires.csv"
ROOT = "catalogue"  # the kind of the row that speaks of the catalogue as a whole


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, and where."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.line} : {self.what}"


class FilesWrong(Exception):
    """A catalogue that cannot be loaded; `str()` tells all its problems."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a table: the field it fills, and how its text is read."""

    field: str
    read: Callable[[str], Any]


def as_text(text: str) -> str:
    return text


def as_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        raise ValueError(f"« {text} » n’est pas une date : jour/mois/année, 04/04/2022 par exemple") from None


def as_hour(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise ValueError(f"« {text} » n’est pas une heure : 8:30 par exemple") from None


def as_count(text: str) -> int | None:
    if not text:
        return None
    if not text.isdigit():
        raise ValueError(f"« {text} » n’est pas un nombre entier")
    return int(text)


def as_flag(text: str) -> bool:
    if text not in ("", "oui", "non"):
        raise ValueError(f"« {text} » : on attend oui, non, ou rien")
    return text == "oui"


def one_of(choices: type[TextChoices], *, empty: bool = True) -> Callable[[str], str]:
    """Return what reads a word of a closed list, as people see it."""
    known = {plain(label): value for value, label in choices.choices}

    def read(text: str) -> str:
        if not text and empty:
            return ""
        if plain(text) not in known:
            raise ValueError(f"« {text} » n’est pas connu : {', '.join(label for value, label in choices.choices if value)}")
        return known[plain(text)]

    return read


def several_of(choices: type[TextChoices]) -> Callable[[str], list[str]]:
    """Return what reads words of a closed list, a bar between them."""
    one = one_of(choices, empty=False)
    return lambda text: [one(part.strip()) for part in text.split("|")] if text else []


ENTRY_COLUMNS = {
    "repère": Cell("ref", as_text), "sous": Cell("under", as_text), "code": Cell("code", as_text),
    "genre": Cell("kind", lambda text: ROOT if text == ROOT else one_of(EntryKind, empty=False)(text)),
    "intitulé": Cell("label", as_text), "offre": Cell("offer", as_text), "article": Cell("article", as_text),
    "description": Cell("description", as_text), "périmètre": Cell("perimeter", as_text),
    "famille": Cell("family", one_of(Family)), "livrables": Cell("deliverables", several_of(Deliverable)),
    "assurée_par": Cell("performers", several_of(Performer)), "précisions": Cell("performed_note", as_text),
    "facturation": Cell("charging", one_of(Charging)), "sites": Cell("site_kinds", several_of(SiteKind)),
    "reste_au_membre": Cell("left_to_member", as_text), "bénéfices": Cell("benefits", as_text),
    "conditions": Cell("conditions", as_text), "dégradé": Cell("degraded", as_text), "se_compte_en": Cell("counted_in", as_text),
    "annoncée": Cell("is_announced", as_flag), "du": Cell("starts_on", as_day), "au": Cell("ends_on", as_day),
    "coûts_vers": Cell("closed_into", as_text),
}  # fmt: skip
PREREQUISITE_COLUMNS = {
    "sous": Cell("under", as_text), "clé": Cell("key", as_text), "ce_qu_il_faut": Cell("wording", as_text),
    "article": Cell("article", as_text), "effet": Cell("effect", one_of(Effect, empty=False)),
    "mesure": Cell("measure", one_of(Measure)), "minimum": Cell("minimum", as_count),
}  # fmt: skip
TOOL_COLUMNS = {
    "sous": Cell("under", as_text), "outil": Cell("name", as_text), "du": Cell("starts_on", as_day),
    "au": Cell("ends_on", as_day), "remplacé_par": Cell("successor", as_text),
}  # fmt: skip
HOURS_COLUMNS = {
    "jour": Cell("weekday", one_of(Weekday, empty=False)), "de": Cell("opens_at", as_hour), "à": Cell("closes_at", as_hour),
}  # fmt: skip

Row = dict[str, Any]


@dataclass(slots=True)
class CatalogueFiles:
    """What the tables of a catalogue say, read and checked; each row keeps its line."""

    perimeter: str = ""
    entries: list[Row] = field(default_factory=list)
    prerequisites: list[Row] = field(default_factory=list)
    tools: list[Row] = field(default_factory=list)
    hours: list[Row] = field(default_factory=list)


def rows_in(folder: Traversable, name: str, columns: dict[str, Cell], faults: list[Fault]) -> list[Row]:
    """Return the rows of a table that is there, its cells read; what cannot be is told with its line."""
    path = folder / name
    if not path.is_file():
        return []
    reader = csv.DictReader(io.StringIO(path.read_text("utf-8")), delimiter=";")
    unknown = [title for title in reader.fieldnames or () if title not in columns]
    lacking = [title for title in columns if title not in (reader.fieldnames or ())]
    if unknown or lacking:
        told = [f"colonne inconnue « {t} »" for t in unknown] + [f"colonne manquante « {t} »" for t in lacking]
        faults.append(Fault(name, 1, " ; ".join(told)))
        return []
    found = []
    for raw in reader:
        row: Row = {"line": reader.line_num}
        for title, cell in columns.items():
            try:
                row[cell.field] = cell.read((raw[title] or "").strip())
            except ValueError as wrong:
                faults.append(Fault(name, reader.line_num, f"{title} : {wrong}"))
        found.append(row)
    return found


def read_files(folder: Traversable, offers: Sequence[str]) -> CatalogueFiles:
    """Read the tables of a catalogue; `offers` are those of the convention. Raises FilesWrong with every problem."""
    faults: list[Fault] = []
    if not (folder / ENTRIES).is_file():
        raise FilesWrong([Fault(ENTRIES, 1, "ce fichier n’est pas là : un catalogue en a toujours un")])
    rows = rows_in(folder, ENTRIES, ENTRY_COLUMNS, faults)
    files = CatalogueFiles(
        next((row["perimeter"] for row in rows if row.get("kind") == ROOT), ""),
        [row for row in rows if row.get("kind") != ROOT],
        rows_in(folder, PREREQUISITES, PREREQUISITE_COLUMNS, faults),
        rows_in(folder, TOOLS, TOOL_COLUMNS, faults),
        rows_in(folder, HOURS, HOURS_COLUMNS, faults),
    )
    faults += entry_faults(files.entries, offers)
    refs = {row["ref"] for row in files.entries if "ref" in row}
    for name, held in ((PREREQUISITES, files.prerequisites), (TOOLS, files.tools)):
        faults += [Fault(name, row["line"], unknown_ref(row["under"], refs)) for row in held if row["under"] not in refs]
    faults += [*prerequisite_faults(files.prerequisites), *tool_faults(files.tools)]
    faults += [
        Fault(HOURS, row["line"], "la fermeture suit l’ouverture")
        for row in files.hours
        if "opens_at" in row and "closes_at" in row and row["closes_at"] <= row["opens_at"]
    ]
    if faults:
        raise FilesWrong(sorted(faults, key=lambda fault: (fault.file, fault.line)))
    return files


def unknown_ref(ref: str, refs: set[str]) -> str:
    near = nearest(ref, refs)
    return f"« {ref} » n’est le repère d’aucune fiche" + (f" ; le plus proche : « {near} »" if near else "")


def entry_faults(rows: Sequence[Row], offers: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong between the rows: a parent that does not come before, a name said twice, an offer nobody knows."""
    seen: dict[str, int] = {}
    places: dict[tuple[str, str], int] = {}
    offered: dict[str, int] = {}
    for row in rows:
        line, label = row["line"], row.get("label", "")
        if not row.get("ref") or not label:
            yield Fault(ENTRIES, line, "une fiche a un repère et un intitulé")
            continue
        if row["ref"] in seen:
            yield Fault(ENTRIES, line, f"le repère « {row['ref']} » est déjà à la ligne {seen[row['ref']]}")
        if row["under"] and row["under"] not in seen:
            yield Fault(ENTRIES, line, f"sous : {unknown_ref(row['under'], set(seen))}, parmi celles qui précèdent")
        if (row["under"], label) in places:
            yield Fault(ENTRIES, line, f"l’intitulé « {label} » est déjà à la ligne {places[row['under'], label]}")
        if row["offer"] in offered:
            yield Fault(ENTRIES, line, f"l’offre « {row['offer']} » a déjà sa fiche à la ligne {offered[row['offer']]}")
        for title, name in (("offre", row["offer"]), ("coûts_vers", row["closed_into"])):
            if name and name not in offers:
                yield Fault(ENTRIES, line, f"{title} : « {name} » n’est pas une offre de la convention ({', '.join(offers)})")
        if row.get("starts_on") and row.get("ends_on") and row["ends_on"] < row["starts_on"]:
            yield Fault(ENTRIES, line, "la fiche finit avant de commencer")
        seen.setdefault(row["ref"], line)
        places.setdefault((row["under"], label), line)
        if row["offer"]:
            offered.setdefault(row["offer"], line)


def prerequisite_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if not row["key"] or not row["wording"]:
            yield Fault(PREREQUISITES, row["line"], "un prérequis a une clé, et dit ce qu’il faut")
        if (row["under"], row["key"]) in seen:
            yield Fault(PREREQUISITES, row["line"], f"ce prérequis est déjà à la ligne {seen[row['under'], row['key']]}")
        if row.get("measure") == Measure.SPEED and row.get("minimum") is None:
            yield Fault(PREREQUISITES, row["line"], "un débit exigé a un minimum, en Mbit/s")
        seen.setdefault((row["under"], row["key"]), row["line"])


def tool_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    known = {(row["under"], row["name"]) for row in rows}
    for row in rows:
        if not row["name"]:
            yield Fault(TOOLS, row["line"], "un outil a un nom")
        elif row["successor"] and (row["successor"] == row["name"] or (row["under"], row["successor"]) not in known):
            yield Fault(TOOLS, row["line"], f"remplacé_par : « {row['successor']} » n’est pas un autre outil de la même fiche")


def folder_of(slug: str) -> Traversable:
    """Return the tables shipped for a catalogue: `nimes_metropole`, or `nimes_metropole/avenant_5` for a former one."""
    name, _, former = slug.partition("/")
    return resources.files("communis") / "conventions" / name / (f"{ROOT}_{former}" if former else ROOT)


@transaction.atomic
def load_edition(slug: str, name: str) -> Edition:
    """Return the edition of that name in the pool in scope, made from the tables that ship with a convention if it is not there.

    What people changed in it since is left as it is. Raises FilesWrong with every problem of the files, and writes nothing then.
    """
    known = Edition.objects.unscoped().filter(name=name).first()
    if known is not None:
        return known
    offers = tuple(opened(slug.partition("/")[0]).model.book.offers)
    return write_edition(read_files(folder_of(slug), offers), name)


@transaction.atomic
def write_edition(files: CatalogueFiles, name: str) -> Edition:
    """Write a catalogue that was read."""
    edition = Edition(name=name, perimeter=files.perimeter)
    edition.save()
    made: dict[str, Entry] = {}
    for rank, row in enumerate(files.entries, 1):
        given = {key: value for key, value in row.items() if key not in ("ref", "under", "line")}
        made[row["ref"]] = Entry(edition=edition, parent=made.get(row["under"]), rank=rank, **given)
        made[row["ref"]].save()
    for row in files.prerequisites:
        given = {key: value for key, value in row.items() if key not in ("under", "line")}
        Prerequisite(entry=made[row["under"]], **given).save()
    for row in files.hours:
        EditionHours(edition=edition, **{key: value for key, value in row.items() if key != "line"}).save()
    write_tools(files.tools, made)
    return edition


def write_tools(rows: Sequence[Row], entries: dict[str, Entry]) -> None:
    """Write the tools, then which takes the place of which."""
    made: dict[tuple[str, str], Tool] = {}
    for row in rows:
        tool = Tool(entry=entries[row["under"]], name=row["name"], starts_on=row["starts_on"], ends_on=row["ends_on"])
        tool.save()
        made[row["under"], row["name"]] = tool
    for row in rows:
        if row["successor"]:
            tool = made[row["under"], row["name"]]
            tool.replaced_by = made[row["under"], row["successor"]]
            tool.save()
