"""The parser of the commands that serve, in French; it exits 64 when a command is misused."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

USAGE = 64
_FRENCH = (
    (r"the following arguments are required:", "il manque :"),
    (r"unrecognized arguments:", "argument inconnu :"),
    (r"expected one argument", "attend une valeur"),
    (r"ignored explicit argument .*", "n’attend pas de valeur"),
    (r"invalid int value: '(.*)'", r"« \1 » n’est pas un nombre entier"),
    (r"invalid choice: '(.*)' \(choose from (.*)\)", r"« \1 » est inconnu, au choix : \2"),
    (r"^argument (\S+): ", r"\1 : "),
)
"""What argparse says in English, and what is said instead."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks French and wants whole words."""

    def __init__(self, prog: str, description: str = "") -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False, add_help=False)
        self._positionals.title, self._optionals.title = "arguments", "options"
        self.add_argument("--help", "-h", action="help", help="afficher cette aide")

    def error(self, message: str) -> NoReturn:
        for english, french in _FRENCH:
            message = re.sub(english, french, message)
        print(f"{self.prog} : {message} (voir « {self.prog} --help »).", file=sys.stderr)
        raise SystemExit(USAGE)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "usage :")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "usage :", 1)

    def read(self, arguments: list[str]) -> argparse.Namespace | int:
        """Return the options, or the exit status when there is nothing to run: the help was asked for, or misuse."""
        try:
            return self.parse_args(arguments)
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else USAGE

    def add_place(self) -> None:
        """Declare where one listens, and with how many processes."""
        self.add_argument("--adresse", "--hote", dest="host", default="127.0.0.1", metavar="ADRESSE",
                          help="l’adresse écoutée (par défaut, cette machine seulement)")  # fmt: skip
        self.add_argument("--port", type=int, default=8000, help="le port écouté (par défaut, 8000 ; 0 en choisit un libre)")
        self.add_argument("--processus", dest="workers", type=int, default=2, metavar="N",
                          help="processus qui répondent aux pages (par défaut, 2)")  # fmt: skip
