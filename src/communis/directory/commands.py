"""The command of the shared register: what ships is checked, a new file of Insee is compared and written."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from communis.foundation import embedded, system
from communis.foundation.asking import Parser
from communis.foundation.commands import answered, data_folder, say
from communis.foundation.database import ROLE, is_embedded
from communis.foundation.problems import Impossible

_TOLD_EVERY = 5_000


def register(arguments: list[str]) -> int:
    """Run `communis registre`; return 64 when it is misused."""
    parser = Parser("communis registre", "Le registre public : communes, groupements, populations.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERBE", required=True)
    verbs.add_parser("verifier", help="vérifier les fichiers livrés")
    bring = verbs.add_parser("importer", help="mettre à jour les populations légales depuis un fichier de l’Insee")
    bring.add_argument("file", metavar="FICHIER", type=Path, help="CSV ou XLSX, avec les colonnes COM, PMUN, PCAP et PTOT")
    bring.add_argument("--annee", type=int, required=True, metavar="AAAA", help="l’année d’entrée en vigueur (au 1er janvier)")
    bring.add_argument("--reference", type=int, metavar="AAAA", help="l’année du recensement (trois ans plus tôt, en général)")
    bring.add_argument("--essai", action="store_true", help="dire ce qui changerait, sans rien écrire")
    options = parser.read(arguments)
    if isinstance(options, int):
        return options
    if options.verb == "verifier":
        return verify()
    return answered(lambda: on_the_database(options))


def verify() -> int:
    """Check the shipped files; no database is needed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
    import django  # slow: half a second

    django.setup()
    from communis.directory.checking import problems  # slow: comes with Django
    from communis.kit.formats import number  # slow: comes with Django

    counts, found = problems()
    for problem in found:
        print(problem, file=sys.stderr)
    told = ", ".join(f"{number(count)} {what}" for what, count in counts.items())
    say(f"{told} : {'rien à redire' if not found else f'{len(found)} fautes'}.")
    return 1 if found else 0


def on_the_database(options: argparse.Namespace) -> int:
    """Import as the owner of the register, on the server that runs or on one of its own for the time it takes."""
    try:
        content = options.file.read_bytes()
    except OSError as error:
        why = "il n’existe pas" if isinstance(error, FileNotFoundError) else system.reason(error)
        raise Impossible(f"Le fichier {options.file} ne se lit pas : {why}.") from None
    os.environ[ROLE] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
    if not is_embedded():
        return bring_in(content, options)
    with embedded.running(data_folder()):
        return bring_in(content, options)


def bring_in(content: bytes, options: argparse.Namespace) -> int:
    import django  # slow: half a second, once the cheap refusals are behind

    django.setup()
    from django.db import ProgrammingError, connections  # slow: comes with Django

    from communis.directory.registering import faults, report, update_register  # slow: comes with Django
    from communis.kit.sheets import Unreadable  # slow: comes with Django

    try:
        found = update_register(
            content,
            year=options.annee,
            reference=options.reference,
            now=datetime.now(UTC),
            trial=options.essai,
            progress=progress,
        )
    except Unreadable as why:
        raise Impossible(str(why)) from None
    except ProgrammingError:
        raise Impossible("La base de données n’est pas à la version du programme : lancez « communis migrer » d’abord.") from None
    finally:
        connections.close_all()
    wrong = list(faults(found))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        raise Impossible("Rien n’est écrit. Corrigez ces lignes dans le fichier, puis recommencez.")
    for line in report(found, options.annee, options.essai):
        say(line)
    return 0


def progress(done: int, total: int) -> None:
    if done % _TOLD_EVERY == 0 or done == total:
        print(f"{done} / {total}", file=sys.stderr, flush=True)
