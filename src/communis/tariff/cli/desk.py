"""What every verb shares: opening a convention and its tables, naming an exercise, showing a table."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from communis.tariff.convention import Convention, read_convention, shipped, shipped_names
from communis.tariff.interpreter.values import FLAGS
from communis.tariff.language.problems import nearest
from communis.tariff.meaning.units import money_text
from communis.tariff.rendering.tables import csv_text, print_table
from communis.tariff.tables.reader import read_folder
from communis.tariff.tables.records import Tables

USAGE = 64
_YEAR = re.compile(r"[0-9]{4}(?:-[0-9]{4})?")


class Failed(Exception):
    """A verb that cannot be carried out, with the reason in French."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks French and exits 64 when it is misused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **kwargs)
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        for action in self._actions:
            if action.dest == "help":
                action.help = "afficher cette aide"

    def error(self, message: str) -> NoReturn:
        known = (
            ("the following arguments are required:", "il manque :"), ("unrecognized arguments:", "argument inconnu :"),
            ("expected one argument", "attend une valeur"), ("invalid choice:", "valeur inconnue :"), ("choose from", "on peut écrire"),
            ("argument", "argument"), ("not allowed with", "ne va pas avec"), ("one of the arguments", "l’un des arguments"), ("is required", "est demandé"),
        )  # fmt: skip
        for english, french in known:
            message = message.replace(english, french)
        print(f"{self.prog} : {message} (voir « {self.prog} --help »).", file=sys.stderr)
        raise SystemExit(USAGE)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "usage :")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "usage :", 1)


@dataclass(slots=True)
class Case:
    """An open convention with its tables."""

    convention: Convention
    tables: Tables
    folder: Path

    def year(self, text: str) -> int:
        """Return the exercise that ends in a civil year (`2025`), or that bears two years (`2024-2025`)."""
        calendar = self.convention.model.calendar
        if not _YEAR.fullmatch(text) or not 1950 <= int(text[:4]) <= 2150:
            raise Failed(f"« {text} » n’est pas un exercice. Par exemple {calendar.label(2024)}.")
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


def add_case(parser: argparse.ArgumentParser, *, tables: bool = True) -> None:
    """Declare the convention, and where its tables are."""
    parser.add_argument(
        "convention",
        metavar="CONVENTION",
        help="un fichier .tarif, un dossier, ou le nom d’une convention livrée : " + ", ".join(shipped_names()),
    )
    if tables:
        parser.add_argument(
            "--tables", metavar="DOSSIER", type=Path, help="dossier des tables CSV (par défaut, celui de la convention)"
        )
        parser.add_argument("--avec-donnees-fictives", dest="fictitious", action="store_true",
                            help="compter aussi les données fictives de démonstration, signalées partout où elles pèsent")  # fmt: skip


def add_formats(parser: argparse.ArgumentParser, *, workbook: bool = False) -> None:
    """Declare the forms in which a result is written."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="écrire le résultat en JSON")
    forms.add_argument("--csv", action="store_true", help="écrire le tableau en CSV (point-virgule, UTF-8)")
    if workbook:
        parser.add_argument("--xlsx", metavar="FICHIER", type=Path, help="écrire aussi un classeur")


def open_convention(name: str) -> tuple[Convention, Path]:
    """Open a file, a folder or a shipped convention; raises Failed or ProblemsFound."""
    path = Path(name)
    if not path.exists() and path.with_name(path.name + ".tarif").is_file():
        path = path.with_name(path.name + ".tarif")
    try:
        if not path.exists() and name in shipped_names():
            path = shipped(name)
        if path.is_dir() and not (path / "convention.tarif").is_file():
            raise Failed(f"Le dossier « {name} » n’a pas de fichier convention.tarif.")
        convention = read_convention(path)
    except OSError as error:
        close = nearest(name, shipped_names())
        hint = f" La convention livrée la plus proche : {close}." if close else ""
        raise Failed(f"« {name} » ne se lit pas : {reason_of(error)}.{hint}") from None
    return convention, convention.folder or path.parent


def reason_of(error: OSError) -> str:
    """Say in French why the system refuses a file."""
    return {
        2: "le fichier n’existe pas",
        13: "l’accès est refusé",
        20: "ce n’est pas un dossier",
        21: "c’est un dossier",
        28: "le disque est plein",
    }.get(error.errno or 0, str(error.strerror))


def open_case(options: argparse.Namespace) -> Case:
    convention, folder = open_convention(options.convention)
    where = options.tables or folder
    if not where.is_dir():
        raise Failed(f"« {where} » n’est pas un dossier de tables.")
    return Case(convention, read_folder(where, convention.model, fictitious=options.fictitious), where)


def euros(amount: Fraction | None, missing: str = "—") -> str:
    """Write an amount, or what stands for one that is not there."""
    return money_text(amount) if amount is not None else missing


def marked(text: str, flags: int) -> str:
    """Add to a figure what it rests on."""
    words = [w for f, w in FLAGS.items() if flags & f]
    return f"{text} ({', '.join(words)})" if words else text


def show(
    options: argparse.Namespace, headers: Sequence[str], rows: Sequence[Sequence[str]], *, align: str = "", title: str = ""
) -> None:
    """Show a table: CSV when asked, else rich on a terminal and plain text in a pipe."""
    if getattr(options, "csv", False):
        print(csv_text(headers, rows), end="")
    else:
        print_table(headers, rows, align=align, title=title)


def write_json(value: Any) -> None:
    """Write JSON on the standard output, keys in their order, accents as they are."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def french_day(text: str) -> date:
    """Read a date typed `jj/mm/aaaa`, for argparse."""
    try:
        day, month, year = (int(part) for part in text.split("/"))
        return date(year, month, day)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas une date : écrivez jj/mm/aaaa") from None
