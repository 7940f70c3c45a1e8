"""What every verb shares: opening a convention and its tables, naming an exercise, showing a table."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from communis.tariff.calendar import FIRST_YEAR, LAST_YEAR
from communis.tariff.convention import Convention, read_convention, shipped, shipped_names
from communis.tariff.interpreter.values import FLAGS
from communis.tariff.language.problems import Severity, nearest
from communis.tariff.meaning.units import money_text
from communis.tariff.rendering.tables import csv_text, print_table
from communis.tariff.tables.reader import read_folder
from communis.tariff.tables.records import Tables
from communis.tariff.wording import reason_of

INCOMPLETE = 2
_YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{4})?")


class Failed(Exception):
    """A verb that cannot be carried out, with the reason in French."""


class Misused(Exception):
    """Options that do not go together, told as the parser tells what it refuses."""


@dataclass(slots=True)
class Case:
    """An open convention with its tables, and the readings that are supposed."""

    convention: Convention
    tables: Tables
    folder: Path
    readings: dict[str, str] = field(default_factory=dict)

    @property
    def doubtful(self) -> bool:
        """Tell whether the rules contradict an example of their own text: what they compute cannot be published."""
        return bool(broken_examples(self.convention))

    def label(self, year: int) -> str:
        return self.convention.model.calendar.label(year)

    def name(self, member: int) -> str:
        return self.tables.members[member].name

    def year(self, text: str) -> int:
        """Return the exercise that ends in a civil year (`2025`), or that bears two years (`2024-2025`)."""
        calendar = self.convention.model.calendar
        if not _YEAR.fullmatch(text):
            raise Failed(f"« {text} » n’est pas un exercice. Par exemple {calendar.label(2024)}.")
        if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            raise Failed(f"« {text} » n’est pas un exercice : on calcule de {FIRST_YEAR} à {LAST_YEAR}.")
        if "-" in text:
            if not calendar.straddles or int(text[5:]) != int(text[:4]) + 1:
                raise Failed(f"« {text} » : les exercices de cette convention s’écrivent {calendar.label(2024)}.")
            return int(text[:4])
        return calendar.ending_in(int(text))

    def member(self, text: str) -> int:
        """Return a member by name, SIREN or INSEE code."""
        found = self.tables.index(text)
        if found is None:
            close = nearest(text, (m.name for m in self.tables.members))
            raise Failed(f"« {text} » n’est pas un membre." + (f" Le plus proche : {close}." if close else ""))
        return found


def civil_year(text: str) -> int:
    """Read a civil year; raises Failed for what is not one, or is out of the calendar."""
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Failed(f"« {text} » n’est pas une année civile.")
    return int(text)


# ---------------------------------------------------------------- opening


def open_convention(name: str) -> tuple[Convention, Path]:
    """Open a file, a folder or a shipped convention; raises Failed or ProblemsFound."""
    try:
        path = path_of(name)
        convention = read_convention(path)
    except OSError as error:
        close = nearest(name, shipped_names())
        hint = f" La convention livrée la plus proche : {close}." if close else ""
        raise Failed(f"« {name} » ne se lit pas : {reason_of(error)}.{hint}") from None
    return convention, convention.folder or path.parent


def path_of(name: str) -> Path:
    """Return the file that a name means: a file with or without its suffix, a folder, or a shipped convention."""
    path = Path(name)
    if not path.exists() and path.name and path.with_name(path.name + ".tarif").is_file():
        return path.with_name(path.name + ".tarif")
    if not path.exists() and name in shipped_names():
        path = shipped(name)
    if not path.is_dir():
        return path
    if not (path / "convention.tarif").is_file():
        raise Failed(f"Le dossier « {name} » n’a pas de fichier convention.tarif.")
    return path / "convention.tarif"


def open_case(options: argparse.Namespace) -> Case:
    """Open the convention and its tables, with the readings supposed; tell of examples that the rules contradict."""
    convention, folder = open_convention(options.convention)
    where = options.tables or folder
    if not where.is_dir():
        raise Failed(f"« {where} » n’est pas un dossier de tables.")
    case = Case(convention, read_folder(where, convention.model, fictitious=options.fictitious), where)
    tell_broken(convention)
    return case


def broken_examples(convention: Convention) -> list[str]:
    """Return what is wrong with the examples that the rules do not reproduce."""
    return [problem.message for problem in convention.problems if problem.severity is Severity.ERROR]


def tell_broken(convention: Convention) -> None:
    """Warn, on the error stream, that the rules contradict the examples of their text."""
    for message in broken_examples(convention):
        print(f"Exemple non reproduit, montants à ne pas publier : {message}", file=sys.stderr)


def supposed(convention: Convention, texts: Iterable[str]) -> dict[str, str]:
    """Read suppositions such as `AMB-41=de_2021_à_2023`; raises Failed with what may be written, the nearest first."""
    found: dict[str, str] = {}
    rules = convention.model.book.interpretations
    for text in texts:
        name, reading = cut(text, "=", "--lecture AMB-06=au_quota")
        if name not in rules:
            raise Failed(f"« {name} » n’est pas une interprétation de la convention.{or_rather(name, rules, every=True)}")
        known = rules[name].readings
        if reading not in known:
            raise Failed(f"« {reading} » n’est pas une lecture de {name}.{or_rather(reading, known, every=True)}")
        found[name] = reading
    return found


def cut(text: str, sign: str, example: str) -> tuple[str, str]:
    """Cut what is typed around its last sign; raises Failed, with an example, when a side is empty."""
    left, found, right = text.rpartition(sign)
    if not found or not left.strip() or not right.strip():
        raise Failed(f"« {text} » ne se lit pas. Par exemple : {example}")
    return left.strip(), right.strip()


def or_rather(word: str, known: Iterable[str], *, every: bool = False) -> str:
    """Say what is nearest to a misspelt word, or else all that may be written."""
    names = list(known)
    close = nearest(word, names)
    if close:
        return f" La plus proche : {close}."
    return f" On peut écrire : {', '.join(names)}." if every and names else ""


def known_offer(offer: str, offers: Mapping[str, Any] | Iterable[str]) -> str:
    """Return an offer by its name; raises Failed with the nearest."""
    if offer not in offers:
        raise Failed(f"« {offer} » n’est pas une offre.{or_rather(offer, offers, every=True)}")
    return offer


# ---------------------------------------------------------------- showing


def euros(amount: Fraction | None, missing: str = "—") -> str:
    """Write an amount, or what stands for one that is not there."""
    return money_text(amount) if amount is not None else missing


def signed(amount: Fraction) -> str:
    """Write a difference with its sign."""
    return ("+" if amount > 0 else "") + money_text(amount)


def marked(text: str, flags: int) -> str:
    """Add to a figure what it rests on."""
    words = [w for f, w in FLAGS.items() if flags & f]
    return f"{text} ({', '.join(words)})" if words else text


def counted(count: int, word: str, plural: str = "") -> str:
    """Write a number with its word, as French counts: zero and one are singular."""
    return f"{count} {word if count < 2 else plural or word + 's'}"


def show(
    options: argparse.Namespace, headers: Sequence[str], rows: Sequence[Sequence[str]], *, align: str = "", title: str = ""
) -> None:
    """Show a table: CSV when asked, else ruled on a terminal and plain text in a pipe."""
    if getattr(options, "csv", False):
        print(csv_text(headers, rows), end="")
    else:
        print_table(headers, rows, align=align, title=title)


def write_json(value: Any) -> None:
    """Write JSON on the standard output, keys in their order, accents as they are."""
    print(json.dumps(value, ensure_ascii=False, indent=1))
