"""The command line `communis tarif …`: it parses, calls the engine and reports.

Exit statuses: 0 done; 1 an error, told on the error stream; 2 done but incomplete (a version that cannot be published, a
line refused, an amount that differs); 64 a command that is misused.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable

from communis.tariff.cli.asking import USAGE, Parser
from communis.tariff.cli.desk import Failed, Misused
from communis.tariff.language.problems import ProblemsFound
from communis.tariff.membership.blocks import Refused
from communis.tariff.studies.changes import Impossible

__all__ = ["demo", "main"]

VERBS = {
    "verifier": ("checking", "tous les problèmes d’un fichier, avec leur place et leur remède"),
    "formater": ("writing", "récrire un fichier dans sa mise en page unique"),
    "nouveau": ("beginning", "commencer une convention à partir de la bibliothèque d’exemples"),
    "dates": ("dating", "durée, reconductions, préavis et sortie d’une adhésion"),
    "calculer": ("computing", "ce que doit chaque membre pour un exercice"),
    "expliquer": ("explaining", "l’arbre d’un montant, jusqu’à l’article"),
    "reconcilier": ("reconciling", "un tableau publié de montants contre le calcul"),
    "comparer": ("comparing", "ce qui change d’une version à l’autre, ou d’un exercice à l’autre, et pour qui"),
    "simuler": ("simulating", "changer un prix, un fait, une adhésion : qui gagne, qui perd"),
}
"""The module of each verb, loaded when the verb is asked for, and its line of the help."""


def parser(arguments: list[str]) -> Parser:
    """Return the parser of all the verbs, with the arguments of the one that is asked for."""
    made = Parser(
        prog="communis tarif",
        description="Lire, vérifier, calculer et expliquer le tarif d’une convention.",
        epilog="Codes de sortie : 0 fait ; 1 erreur ; 2 fait, mais incomplet ; 64 commande mal écrite.",
    )
    verbs = made.add_subparsers(title="verbes", dest="verb", metavar="VERBE", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), "")
    for verb, (module, summary) in VERBS.items():
        if verb == asked:
            room = importlib.import_module(f"{__name__}.{module}")
            room.declare(verbs.add_parser(verb, help=summary, description=room.DESCRIPTION))
        else:
            verbs.add_parser(verb, help=summary)
    return made


def main(arguments: list[str]) -> int:
    """Run one verb and return its exit status."""
    try:
        options = parser(arguments).parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    return run(options)


def run(options: argparse.Namespace) -> int:
    """Run the verb that was parsed; tell what stops it."""
    return told(f"communis tarif {options.verb}", lambda: int(options.run(options)))


def told(prog: str, command: Callable[[], int]) -> int:
    """Run a command and return its exit status; tell what stops it."""
    try:
        return command()
    except ProblemsFound as found:
        for problem in found.problems:
            print(problem, file=sys.stderr)
        count = len(found.problems)
        print(f"{count} problème{'s' if count > 1 else ''} : rien n’a été calculé.", file=sys.stderr)
        return 1
    except Misused as misused:
        print(f"{prog} : {misused} (voir « {prog} --help »).", file=sys.stderr)
        return USAGE
    except (Failed, Impossible, Refused) as failed:
        print(f"{' '.join(prog.split()[:2])} : {failed}", file=sys.stderr)
        return 1


def demo(arguments: list[str]) -> int:
    """Show the conventions that are shipped."""
    return told("communis demo", lambda: int(importlib.import_module(f"{__name__}.showing").demo(arguments)))
