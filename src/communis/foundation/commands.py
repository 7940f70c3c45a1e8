"""The commands of the foundation: they parse, call, and answer what is impossible in one sentence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from communis.foundation import embedded, serving
from communis.foundation.database import ROLE, is_embedded
from communis.foundation.problems import Impossible

USAGE = 64


def data_folder() -> Path:
    return Path(os.environ.get("COMMUNIS_DATA", "data")).absolute()


def say(line: str) -> None:
    print(line, flush=True)


def answered(command: Callable[[], int]) -> int:
    """Run a command; say in one sentence what it cannot do."""
    try:
        return command()
    except Impossible as problem:
        print(f"communis : {problem}", file=sys.stderr)
        return 1


def serve(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="communis servir", description="Sert l’application : base de données, pages et travaux."
    )
    parser.add_argument(
        "--hote", default="127.0.0.1", metavar="ADRESSE", help="l’adresse écoutée (par défaut, cette machine seulement)"
    )
    parser.add_argument("--port", type=int, default=8000, help="le port écouté (par défaut, 8000)")
    parser.add_argument("--processus", type=int, default=2, metavar="N", help="processus qui répondent aux pages (par défaut, 2)")
    options = parser.parse_args(arguments)
    return answered(
        lambda: serving.serve(data_folder(), host=options.hote, port=options.port, workers=options.processus, say=say)
    )


def migrate(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="communis migrer", description="Met la base de données à la version du programme.").parse_args(
        arguments
    )

    def run() -> int:
        if not is_embedded():
            serving.ready(say)
        else:
            with embedded.running(data_folder()):
                serving.ready(say)
        say("La base de données est à jour.")
        return 0

    return answered(run)


def jobs(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="communis travaux", description="Exécute les travaux de fond.").parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
    os.environ.setdefault(ROLE, "app")
    from communis.foundation.worker import work  # slow: it imports Django

    return work()
