"""The parser of the command line, in French, and the arguments that several verbs share."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from communis.tariff.calendar import FIRST_DATED, LAST_DATED
from communis.tariff.convention import shipped_names

USAGE = 64
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_FRENCH = (
    (r"the following arguments are required:", "il manque :"),
    (r"unrecognized arguments:", "argument inconnu :"),
    (r"expected one argument", "attend une valeur"),
    (r"expected at least one argument", "attend au moins une valeur"),
    (r"expected (\d+) arguments?", r"attend \1 valeurs"),
    (r"ignored explicit argument .*", "n’attend pas de valeur"),
    (r"invalid choice:", "valeur inconnue :"),
    (r"choose from", "on peut écrire"),
    (r"not allowed with argument", "ne va pas avec"),
    (r"one of the arguments", "l’un des arguments"),
    (r"is required", "est demandé"),
    (r"^argument (\S+): ", r"\1 : "),
)
"""What argparse says in English, and what is said instead."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks French, wants whole words and exits 64 when it is misused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **{**kwargs, "allow_abbrev": False})
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        for action in self._actions:
            if action.dest == "help":
                action.help = "afficher cette aide"

    def error(self, message: str) -> NoReturn:
        for english, french in _FRENCH:
            message = re.sub(english, french, message)
        print(f"{self.prog} : {message} (voir « {self.prog} --help »).", file=sys.stderr)
        raise SystemExit(USAGE)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "usage :")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "usage :", 1)


def add_case(parser: argparse.ArgumentParser, *, tables: bool = True) -> None:
    """Declare the convention, and where its tables are."""
    known = ", ".join(shipped_names())
    parser.add_argument(
        "convention", metavar="CONVENTION", help=f"un fichier .tarif, un dossier, ou le nom d’une convention livrée : {known}"
    )
    if not tables:
        return
    parser.add_argument(
        "--tables", metavar="DOSSIER", type=Path, help="dossier des tables CSV (par défaut, celui de la convention)"
    )
    parser.add_argument(
        "--avec-donnees-fictives",
        dest="fictitious",
        action="store_true",
        help="compter aussi les données fictives de démonstration, signalées partout où elles pèsent",
    )


def add_readings(parser: argparse.ArgumentParser) -> None:
    """Declare the readings that are supposed."""
    parser.add_argument(
        "--lecture",
        action="append",
        default=[],
        metavar="AMB=LECTURE",
        help="supposer une lecture d’une interprétation, signalée partout où elle pèse (répétable)",
    )


def add_formats(parser: argparse.ArgumentParser, *, workbook: bool = False) -> None:
    """Declare the forms in which a result is written."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="écrire le résultat en JSON")
    forms.add_argument("--csv", action="store_true", help="écrire le tableau en CSV (point-virgule, UTF-8)")
    if workbook:
        parser.add_argument("--xlsx", metavar="FICHIER", type=Path, help="écrire aussi un classeur")


def french_day(text: str) -> date:
    """Read a date typed `jj/mm/aaaa`, for argparse."""
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day, month, year = (int(part) for part in found.groups())
        typed = date(year, month, day)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas une date : écrivez jj/mm/aaaa") from None
    if not FIRST_DATED <= typed.year <= LAST_DATED:
        raise argparse.ArgumentTypeError(f"« {text} » : les dates vont de {FIRST_DATED} à {LAST_DATED}")
    return typed
