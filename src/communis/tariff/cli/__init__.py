"""The command line `communis tarif …`: it parses, calls the engine and reports.

Exit statuses: 0 done; 1 an error, told on the error stream; 2 done but incomplete (a version that cannot be published, a
line refused, an amount that differs); 64 a command that is misused.
"""

from __future__ import annotations

import sys

from communis.tariff.cli import checking, computing, studying
from communis.tariff.cli.desk import USAGE, Failed, Parser
from communis.tariff.cli.showing import demo
from communis.tariff.language.problems import ProblemsFound
from communis.tariff.membership.blocks import Refused
from communis.tariff.studies.simulation import Impossible

__all__ = ["demo", "main"]


def parser() -> Parser:
    """Return the parser of all the verbs."""
    made = Parser(prog="communis tarif", description="Lire, vérifier, calculer et expliquer le tarif d’une convention.",
                  epilog="Codes de sortie : 0 fait ; 1 erreur ; 2 fait, mais incomplet ; 64 commande mal écrite.")  # fmt: skip
    verbs = made.add_subparsers(title="verbes", dest="verb", metavar="VERBE", required=True)
    for room in (checking, computing, studying):
        room.declare(verbs)
    return made


def main(arguments: list[str]) -> int:
    """Run one verb and return its exit status."""
    try:
        options = parser().parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    try:
        status: int = options.run(options)
        return status
    except ProblemsFound as found:
        for problem in found.problems:
            print(problem, file=sys.stderr)
        count = len(found.problems)
        print(f"{count} problème{'s' if count > 1 else ''} : rien n’a été calculé.", file=sys.stderr)
        return 1
    except (Failed, Impossible, Refused) as failed:
        print(f"communis tarif : {failed}", file=sys.stderr)
        return 1
