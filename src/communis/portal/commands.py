"""The commands that need the rooms: the demonstration, the first account of a service, a second factor that is lost."""

from __future__ import annotations

import getpass
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from communis.foundation import serving
from communis.foundation.asking import Parser
from communis.foundation.commands import answered, say, with_database
from communis.foundation.problems import Impossible
from communis.foundation.system import reason

MARK = "demonstration"  # the file that tells a demonstration from an installation
_HOSTS_OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "COMMUNIS_SECRET", "COMMUNIS_ORIGIN")
_WIDTH = 52


def demo(arguments: list[str]) -> int:
    parser = Parser("communis demo", "Sert une démonstration complète, avec ses données et un compte par personnage.")
    parser.add_argument(
        "--dossier", type=Path, default=Path("demonstration"), help="où garder ses données (par défaut, demonstration)"
    )
    parser.add_place()
    options = parser.read(arguments)
    if isinstance(options, int):
        return options

    def run() -> int:
        data = options.dossier.absolute()
        set_stage(data)
        return serving.serve(
            data, host=options.host, port=options.port, workers=options.workers, say=say, prepared=lambda: play(data)
        )

    return answered(run)


def set_stage(data: Path) -> None:
    """Turn the settings to the demonstration: its own folder and database, never those of an installation."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (data / "secret").exists() and not (data / MARK).exists():
            raise Impossible(
                f"Le dossier {data} est celui d’une installation, pas d’une démonstration : rien n’y est écrit. "
                "Choisissez-en un autre avec --dossier."
            )
        (data / MARK).touch()
    except OSError as error:
        raise Impossible(
            f"Le dossier {data} ne s’écrit pas : {reason(error)}. Donnez-vous le droit d’y écrire, ou choisissez-en un autre "
            "avec --dossier."
        ) from None
    for name in _HOSTS_OWN:
        os.environ.pop(name, None)
    os.environ.update({"COMMUNIS_DATA": str(data), "COMMUNIS_SECOND_FACTOR": "non"})


def play(data: Path) -> list[str]:
    """Load the data of the demonstration, and return the lines that say who may sign in."""
    from django.utils import timezone  # slow: it is Django

    from communis.foundation.preparing import acting_as  # slow: it imports Django
    from communis.portal import demonstration  # slow: it imports Django

    with acting_as("owner"):
        people = demonstration.load(timezone.localdate())
    rows = [(p.who, p.email, p.password, p.what) for p in people]
    return [
        "", "Comptes de la démonstration (personnes inventées ; le second facteur n’y est pas demandé) :", "",
        *columns(("Qui", "Adresse e-mail", "Mot de passe", "Ce que ce compte montre"), rows),
        "", f"Ctrl+C arrête tout. Les données restent dans {data}.",
    ]  # fmt: skip


def columns(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lay rows out in columns; the last one is wrapped, the others never are, so that they can be copied."""
    table = [head, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(head) - 1)]
    lines = []
    for row in table:
        first, *others = textwrap.wrap(row[-1], _WIDTH) or [""]
        start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        lines += [f"{start}  {first}", *(" " * (len(start) + 2) + more for more in others)]
    lines.insert(1, "─" * max(map(len, lines)))
    return [line.rstrip() for line in lines]


def create_administrator(arguments: list[str]) -> int:
    parser = Parser(
        "communis creer-administrateur",
        "Crée un service et le compte de sa direction. Ce qui n’est pas donné est demandé ; le mot de passe se tape deux fois, "
        "ou se lit sur l’entrée standard.",
    )
    for name, metavar, words in ASKED:
        parser.add_argument(f"--{name}", metavar=metavar, default="", help=words)
    parser.add_argument(
        "--gestionnaire", metavar="SIREN|NOM", default="", help="l’organisme qui porte le service, dans le registre"
    )
    options = parser.read(arguments)
    if isinstance(options, int):
        return options

    def run() -> int:
        given = {name: getattr(options, name.replace("-", "_")).strip() or asked(name, words) for name, _, words in ASKED}
        return with_database(lambda: found(given, options.gestionnaire.strip()))

    return answered(run)


ASKED = (
    ("courriel", "ADRESSE", "adresse e-mail de la direction, qui sert à se connecter"),
    ("nom", "NOM", "prénom et nom de la direction"),
    ("service", "NOM", "nom du service mutualisé"),
    ("nom-court", "MOT", "nom court du service : des lettres, des chiffres et des traits d’union"),
)


def asked(name: str, words: str) -> str:
    """Ask for what the command line did not give."""
    if not sys.stdin.isatty():
        raise Impossible(f"Il manque --{name} : {words}.")
    while not (typed := input(f"{words[0].upper()}{words[1:]} : ").strip()):
        pass
    return typed


def found(given: dict[str, str], host: str) -> int:
    """Check what was given and found the service, as the owner of the tables."""
    from django.utils import timezone  # slow: it imports Django

    from communis.directory import founding  # slow: it imports Django
    from communis.foundation.preparing import acting_as  # slow: it imports Django

    with acting_as("owner"):
        founding.check_new(name=given["service"], slug=given["nom-court"], email=given["courriel"])
        body = founding.body_of(host) if host else None
        is_known = founding.has_account(given["courriel"])
        password = None if is_known else new_password()
        founder = founding.Founder(given["courriel"], given["nom"], password)
        founding.found_pool(
            name=given["service"], slug=given["nom-court"], host=body, founder=founder, today=timezone.localdate()
        )
    say(f"Le service « {given['service']} » est créé{f', porté par {body.name}' if body else ''}.")
    if is_known:
        say(f"{given['courriel']} avait déjà un compte : il en reçoit la direction, et son mot de passe ne change pas.")
    else:
        say(f"{given['courriel']} se connecte avec ce mot de passe ; un second facteur sera demandé à la première connexion.")
    return 0


def new_password() -> str:
    """Read a password: typed twice on a terminal, else the first line of the standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while True:
        typed = getpass.getpass("Mot de passe : ")
        if typed == getpass.getpass("Le même, encore une fois : "):
            return typed
        print("Les deux ne sont pas les mêmes.", file=sys.stderr)


def take_away_second_factor(arguments: list[str]) -> int:
    parser = Parser(
        "communis retirer-second-facteur",
        "Retire le second facteur d’un compte et ses codes de secours, ferme ses connexions et le prévient par courriel : "
        "il entre avec son mot de passe, et en pose un autre. Assurez-vous d’abord que la demande vient bien de cette personne.",
    )
    parser.add_argument("email", metavar="ADRESSE", help="l’adresse e-mail du compte")
    options = parser.read(arguments)
    if isinstance(options, int):
        return options
    return answered(lambda: with_database(lambda: taken_away(options.email.strip())))


def taken_away(email: str) -> int:
    """Take away the second factor of an account, as the owner of the tables."""
    from django.utils import timezone  # slow: it imports Django

    from communis.directory import second_factor  # slow: it imports Django
    from communis.foundation.preparing import acting_as  # slow: it imports Django

    with acting_as("owner"):
        account = second_factor.take_away(email, at=timezone.now())
    say(f"{account.email} n’a plus de second facteur : ses connexions sont fermées, et un courriel le dit.")
    return 0
