"""The commands of the foundation: they parse, call, and answer what is impossible in one sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from communis.foundation import backup, embedded, serving
from communis.foundation.asking import Parser
from communis.foundation.database import ROLE, is_embedded
from communis.foundation.problems import Impossible


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
    except PermissionError as problem:
        way = "Lancez la commande sous l’utilisateur qui sert communis, ou donnez-vous ce droit."
        print(f"communis : {problem.filename} ne s’ouvre pas : l’accès est refusé. {way}", file=sys.stderr)
        return 1


def with_database(command: Callable[[], int]) -> int:
    """Run a command on a database that is up to date: the one that serves, else one of its own for the time it takes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
    from communis.foundation.preparing import ready  # slow: it imports Django

    def run() -> int:
        ready(say)
        return command()

    if not is_embedded():
        return run()
    with embedded.running(data_folder()):
        return run()


def serve(arguments: list[str]) -> int:
    parser = Parser("communis servir", "Sert l’application : base de données, pages et travaux.")
    parser.add_place()
    options = parser.read(arguments)
    if isinstance(options, int):
        return options
    return answered(lambda: serving.serve(data_folder(), host=options.host, port=options.port, workers=options.workers, say=say))


def migrate(arguments: list[str]) -> int:
    options = Parser("communis migrer", "Met la base de données à la version du programme.").read(arguments)
    if isinstance(options, int):
        return options

    def told() -> int:
        say("La base de données est à jour.")
        return 0

    return answered(lambda: with_database(told))


def back_up(arguments: list[str]) -> int:
    parser = Parser(
        "communis sauvegarder", "Sauvegarde la base de données et les fichiers dans un seul fichier, même en service."
    )
    parser.add_argument("file", metavar="FICHIER", type=Path, help="la sauvegarde à écrire")
    parser.add_argument(
        "--dossier", type=Path, default=data_folder(), help="les données à sauvegarder (par défaut, celles qui servent)"
    )
    options = parser.read(arguments)
    if isinstance(options, int):
        return options

    def run() -> int:
        backup.back_up(options.file.absolute(), options.dossier.absolute(), now=datetime.now(UTC), say=say)
        return 0

    return answered(run)


def restore(arguments: list[str]) -> int:
    parser = Parser("communis restaurer", "Restaure une sauvegarde dans un dossier vide, après en avoir vérifié chaque pièce.")
    parser.add_argument("file", metavar="FICHIER", type=Path, help="la sauvegarde à lire")
    parser.add_argument("--dossier", type=Path, required=True, help="le dossier vide ou nouveau où restaurer")
    options = parser.read(arguments)
    if isinstance(options, int):
        return options

    def run() -> int:
        backup.restore(options.file.absolute(), options.dossier.absolute(), say=say)
        return 0

    return answered(run)


def jobs(arguments: list[str]) -> int:
    parser = Parser("communis travaux", "Exécute les travaux de fond.")
    parser.add_argument("--battement", type=int, default=int(os.environ.get("COMMUNIS_BATTEMENT", "5")), metavar="S",
                        help="secondes entre deux signes de vie ; muet pendant quatre, un autre reprend son travail")  # fmt: skip
    options = parser.read(arguments)
    if isinstance(options, int):
        return options
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
    os.environ.setdefault(ROLE, "app")
    from communis.foundation.worker import work  # slow: it imports Django

    return work(options.battement)
