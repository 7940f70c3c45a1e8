"""The command `communis`: finds the command asked for and hands over. A command's room is imported only when it runs."""

import difflib
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import NamedTuple

from communis import __version__

USAGE_ERROR = 64
INTERRUPTED = 130
PIPE_CLOSED = 141


class Command(NamedTuple):
    """One word after `communis`: what runs it, and its line of the help."""

    run: Callable[[list[str]], int]
    summary: str


def run_tariff(arguments: list[str]) -> int:
    from communis.tariff import cli

    status: int = cli.main(arguments)
    return status


def run_demo(arguments: list[str]) -> int:
    from communis.portal import commands

    return commands.demo(arguments)


def run_serve(arguments: list[str]) -> int:
    from communis.foundation import commands

    return commands.serve(arguments)


def run_jobs(arguments: list[str]) -> int:
    from communis.foundation import commands

    return commands.jobs(arguments)


def run_migrate(arguments: list[str]) -> int:
    from communis.foundation import commands

    return commands.migrate(arguments)


def run_back_up(arguments: list[str]) -> int:
    from communis.foundation import commands

    return commands.back_up(arguments)


def run_restore(arguments: list[str]) -> int:
    from communis.foundation import commands

    return commands.restore(arguments)


def run_create_administrator(arguments: list[str]) -> int:
    from communis.portal import commands

    return commands.create_administrator(arguments)


def run_take_away_second_factor(arguments: list[str]) -> int:
    from communis.portal import commands

    return commands.take_away_second_factor(arguments)


def run_register(arguments: list[str]) -> int:
    from communis.directory import commands

    return commands.register(arguments)


COMMANDS = {
    "tarif": Command(run_tariff, "lire, vérifier, calculer et expliquer le tarif d’une convention"),
    "demo": Command(run_demo, "servir une démonstration complète, sans rien préparer"),
    "servir": Command(run_serve, "servir l’application : base de données, pages et travaux"),
    "creer-administrateur": Command(run_create_administrator, "créer un service et le compte de sa direction"),
    "retirer-second-facteur": Command(run_take_away_second_factor, "laisser entrer qui a perdu téléphone et codes de secours"),
    "migrer": Command(run_migrate, "mettre la base de données à la version du programme"),
    "sauvegarder": Command(run_back_up, "tout sauvegarder dans un seul fichier, même en service"),
    "restaurer": Command(run_restore, "restaurer une sauvegarde dans un dossier vide"),
    "registre": Command(run_register, "vérifier et mettre à jour le registre public : communes et populations"),
    "travaux": Command(run_jobs, "exécuter les travaux de fond (« servir » le lance)"),
}


def help_text() -> str:
    commands = "\n".join(f"  {name:<24}{command.summary}" for name, command in COMMANDS.items())
    return f"""\
communis : la vie d’un service informatique commun, réglée sur sa convention.

Usage : communis COMMANDE [ARGUMENTS]

Commandes :
{commands}

Options :
  --help     afficher cette aide (« communis COMMANDE --help » détaille une commande)
  --version  afficher la version"""


def usage_error(message: str) -> int:
    print(f"communis : {message} (voir « communis --help »).", file=sys.stderr)
    return USAGE_ERROR


def unknown(word: str) -> int:
    kind = "option" if word.startswith("-") else "commande"
    nearest = difflib.get_close_matches(word, [*COMMANDS, "--help", "--version"], n=1)
    hint = f" ; la plus proche est « {nearest[0]} »" if nearest else ""
    return usage_error(f"{kind} inconnue « {word} »{hint}")


def dispatch(arguments: list[str]) -> int:
    if not arguments:
        return usage_error("il manque une commande")
    word, *rest = arguments
    if word in COMMANDS:
        return COMMANDS[word].run(rest)
    if word in ("--help", "-h"):
        print(help_text())
    elif word == "--version":
        print(f"communis {__version__}")
    else:
        return unknown(word)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status: the command's own, or 64 when `communis` itself is misused."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A pipe or a file gets the same bytes everywhere; a terminal without ’ or « is no reason to stop.
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="backslashreplace")
    try:
        status = dispatch(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again when it exits
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status
