"""`communis servir`: lock, port, database, migrations, then the web server and the worker as children; all stop together.

Everything that can be refused is refused before anything is started, in one French sentence.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from communis.foundation import embedded, system
from communis.foundation.database import ROLE, is_embedded
from communis.foundation.problems import Impossible

_GRACE_SECONDS = 10
_RESTARTS = 5  # in a minute; beyond, the child is not merely unlucky
Say = Callable[[str], None]


@contextmanager
def alone(data: Path, address: str) -> Iterator[None]:
    """Hold the lock of a data folder; say where the other server is when there is one."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        file = (data / "serving").open("a+", encoding="utf-8")
    except OSError as error:
        raise Impossible(
            f"Le dossier de données {data} ne s’écrit pas : {system.reason(error)}. Choisissez-en un autre avec COMMUNIS_DATA."
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            found = told_by(file.read())
            raise Impossible(
                f"communis sert déjà ce dossier de données ({data}){found}. Arrêtez-le d’abord, ou choisissez un autre dossier."
            ) from None
        file.truncate(0)
        json.dump({"process": os.getpid(), "address": address}, file)
        file.flush()
        yield
        file.truncate(0)


def told_by(text: str) -> str:
    try:
        held = json.loads(text)
        return f", à l’adresse {held['address']} (processus {held['process']})"
    except (ValueError, KeyError, TypeError):
        return ""


def listening(host: str, port: int) -> socket.socket:
    """Bind the port before anything is started; the socket is handed to the web server."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)
    except (OSError, OverflowError) as error:
        bound.close()
        why = system.reason(error) if isinstance(error, OSError) else "ce n’est pas un port"
        raise Impossible(
            f"Le port {port} ne peut pas être ouvert sur {host} : {why}. Choisissez-en un autre avec --port."
        ) from None
    bound.set_inheritable(True)
    return bound


class Children:
    """The processes that serve: started in order, restarted when they die, stopped in reverse."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.commands: dict[str, tuple[list[str], dict[str, Any]]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, list[float]] = {}

    def start(self, name: str, command: list[str], **options: Any) -> None:
        self.commands[name] = (command, options)
        environment = {**os.environ, ROLE: "app"}
        self.running[name] = subprocess.Popen(
            command, env=environment, start_new_session=True, preexec_fn=system.dying_with_parent(signal.SIGTERM), **options
        )  # fmt: skip

    def watch(self) -> None:
        """Restart what has died; give up on what dies again and again."""
        for name, process in list(self.running.items()):
            if process.poll() is None:
                continue
            now = time.monotonic()
            recent = [at for at in self.deaths.get(name, []) if now - at < 60]
            self.deaths[name] = [*recent, now]
            if len(recent) >= _RESTARTS:
                raise Impossible(
                    f"Le processus « {name} » s’arrête sans cesse (code {process.returncode}). Lisez ce qu’il a écrit ci-dessus."
                )
            self.say(f"Le processus « {name} » s’est arrêté (code {process.returncode}) : il est relancé.")
            command, options = self.commands[name]
            self.start(name, command, **options)

    def stop(self) -> None:
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        limit = time.monotonic() + _GRACE_SECONDS
        for process in reversed(self.running.values()):
            try:
                process.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Stopped(Exception):
    """Somebody asked to stop."""


def _stop(_signum: int, _frame: FrameType | None) -> None:
    raise Stopped


@contextmanager
def database(data: Path, say: Say) -> Iterator[None]:
    """Hold the database: the host’s own is only asked whether it answers; the embedded one is started, and stopped after."""
    if not is_embedded():
        yield
        return
    place = embedded.cluster(data)
    if place.answers():
        raise Impossible(
            f"Un serveur de base de données tourne déjà dans {place.home} : une autre commande l’emploie. Attendez sa fin."
        )
    say("Base de données…")
    with embedded.running(data):
        yield


def ready(say: Say) -> None:
    """Migrate as the owner, gather the static files, and check the walls; leave no connection behind."""
    os.environ[ROLE] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
    import django  # slow: half a second, once the cheap refusals are behind
    from django.core.management import call_command  # slow: comes with Django

    django.setup()
    from django.conf import settings  # slow: comes with Django
    from django.db import connections  # slow: comes with Django

    from communis.foundation.checks import missing_walls  # slow: comes with Django

    say("Migrations…")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    call_command("check", fail_level="ERROR")
    missing = missing_walls()
    if missing:
        raise Impossible(
            f"Des tables n’ont pas leur cloison : {', '.join(missing)}. Rien n’est servi ; restaurez une sauvegarde."
        )
    connections.close_all()


def serve(data: Path, *, host: str, port: int, workers: int, say: Say, prepared: Callable[[], None] | None = None) -> int:
    """Serve until asked to stop; `prepared` runs once the database is migrated, before the doors open."""
    shown = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}"
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    children = Children(say)
    with ExitStack() as held:
        try:
            bound = held.enter_context(listening(host, port))
            held.enter_context(alone(data, shown))
            held.enter_context(database(data, say))
            ready(say)
            if prepared is not None:
                prepared()
            held.callback(children.stop)
            children.start("web", gunicorn(bound.fileno(), workers), pass_fds=[bound.fileno()])
            children.start("travaux", [sys.executable, "-m", "communis", "travaux"])
            say(f"Prêt : {shown}")
            while True:
                time.sleep(0.5)
                children.watch()
        except Stopped:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)  # stopping is under way
            say("Arrêt…")
    return 0


def gunicorn(descriptor: int, workers: int) -> list[str]:
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return [
        sys.executable, "-m", "gunicorn", "communis.portal.wsgi:application", "--bind", f"fd://{descriptor}", "--workers",
        str(workers), "--threads", "4", "--preload", "--no-control-socket", "--graceful-timeout", str(_GRACE_SECONDS),
        "--log-level", "warning",
        *(["--worker-tmp-dir", memory] if memory else []),
    ]  # fmt: skip
