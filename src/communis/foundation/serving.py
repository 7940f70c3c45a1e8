"""Serving: lock, port, database, migrations, checks, then the web server and the worker as children; all stop together.

Everything that can be refused is refused before anything is started, in one French sentence.
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any, Self

from communis.foundation import embedded, system
from communis.foundation.database import ROLE, is_embedded
from communis.foundation.problems import Impossible

_GRACE_SECONDS = 10
_ANSWER_SECONDS = 60
_LEAVING_SECONDS = 20  # of a former server, after its supervisor was killed
_RESTARTS = 5  # in a minute; beyond, the child is not merely unlucky
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
LOCK = "serving"
DOORS = "COMMUNIS_DOORS"  # where the web server waits, loaded, until all is checked
Say = Callable[[str], None]


@contextmanager
def alone(data: Path) -> Iterator[TextIOWrapper]:
    """Hold the lock of a data folder, a file to write the address in; say where the other server is when there is one."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (data / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise Impossible(
            f"Le dossier de données {data} ne s’écrit pas : {system.reason(error)}. Donnez-vous le droit d’y écrire, ou "
            "choisissez-en un autre."
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
        yield file
        file.truncate(0)


def tell_address(file: TextIOWrapper, address: str) -> None:
    """Write in the lock where one serves, for whoever comes second."""
    json.dump({"process": os.getpid(), "address": address}, file)
    file.flush()


def told_by(text: str) -> str:
    try:
        held = json.loads(text)
        return f", à l’adresse {held['address']} (processus {held['process']})"
    except (ValueError, KeyError, TypeError):
        return ""


def listening(host: str, port: int) -> socket.socket:
    """Bind the port before anything is started; the socket is handed to the web server."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)
    except (OSError, OverflowError) as error:
        bound.close()
        if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
            raise Impossible(
                f"« {host} » n’est pas une adresse de cette machine. Choisissez-en une autre avec --adresse."
            ) from None
        why = system.reason(error) if isinstance(error, OSError) else "ce n’est pas un port"
        free = (
            f" {found} est libre : --port {found}."
            if (found := free_port(host, port))
            else " Choisissez-en un autre avec --port."
        )
        raise Impossible(f"Le port {port} ne peut pas être ouvert sur {host} : {why}.{free}") from None
    bound.set_inheritable(True)
    return bound


def free_port(host: str, port: int) -> int | None:
    """Return a free port just above one that is not."""
    for near in range(port + 1, min(port + 20, 65536)):
        with closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, near))
            except OSError:
                continue
            return near
    return None


def address_of(bound: socket.socket) -> str:
    """Return the address to type in a browser of this machine."""
    host, port = bound.getsockname()[:2]
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Children:
    """The processes that serve: started in order, restarted when they die, stopped in reverse."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.commands: dict[str, tuple[list[str], dict[str, Any]]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.deaths: dict[str, list[float]] = {}

    def start(self, name: str, command: list[str], *, orphaned: signal.Signals = signal.SIGTERM, **options: Any) -> None:
        """Start a child; `orphaned` is the signal it gets if we die, even killed."""
        self.commands[name] = (command, {"orphaned": orphaned, **options})
        self.running[name] = subprocess.Popen(
            command, env={**os.environ, ROLE: "app"}, start_new_session=True,
            preexec_fn=system.dying_with_parent(orphaned), **options,
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


class Doors:
    """What the web server, which loads while all is checked, waits for before it answers: the end of a pipe, closed here.

    Should we die before, the server is stopped with us (`Children.start`) and never reads that end.
    """

    def __enter__(self) -> Self:
        self.waited, self.held = os.pipe()
        os.environ[DOORS] = str(self.waited)
        return self

    def open(self) -> None:
        """Let the web server answer, and those started in its place later on."""
        if self.held >= 0:
            os.close(self.held)
            self.held = -1

    def __exit__(self, *_: object) -> None:
        self.open()
        os.close(self.waited)
        del os.environ[DOORS]


def wait_for_doors() -> None:
    """Return once the doors are open; at once in a server that nobody holds back."""
    if (waited := os.environ.pop(DOORS, "")) != "":
        os.read(int(waited), 1)
        os.close(int(waited))


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
    limit = time.monotonic() + _LEAVING_SECONDS
    while place.answers():  # a server whose supervisor was killed is stopping, or another command holds one
        if time.monotonic() > limit:
            raise Impossible(
                f"Un serveur de base de données tourne déjà dans {place.home} : une autre commande l’emploie. Attendez sa fin."
            )
        time.sleep(0.1)
    say("Base de données…")
    with embedded.running(data):
        yield


def serve(data: Path, *, host: str, port: int, workers: int, say: Say, prepared: Callable[[], list[str]] | None = None) -> int:
    """Serve until asked to stop; `prepared` runs once all is checked, before the doors open, and returns lines to say then."""
    for number in _STOPS:
        signal.signal(number, _stop)
    children = Children(say)
    with ExitStack() as held:
        try:
            lock = held.enter_context(alone(data))
            bound = held.enter_context(listening(host, port))
            address = address_of(bound)
            tell_address(lock, address)
            os.environ.setdefault("COMMUNIS_ORIGIN", address)
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communis.settings")
            held.enter_context(database(data, say))
            doors = held.enter_context(Doors())
            held.callback(children.stop)
            children.start("web", gunicorn(bound.fileno(), workers), pass_fds=[bound.fileno(), doors.waited])
            from communis.foundation.preparing import ready  # slow: it imports Django, once the cheap refusals are behind

            ready(say)
            lines = prepared() if prepared is not None else []
            doors.open()
            # Orphaned, it would wait for a database that is stopping; what it leaves undone is taken up at the next start.
            children.start("travaux", [sys.executable, "-m", "communis", "travaux"], orphaned=signal.SIGKILL)
            answering(bound, children)
            for line in [f"Prêt : {address}", *lines]:
                say(line)
            while True:
                time.sleep(0.5)
                children.watch()
        except Stopped:
            for number in _STOPS:
                signal.signal(number, signal.SIG_IGN)  # stopping is under way
            say("Arrêt…")
    return 0


def answering(bound: socket.socket, children: Children) -> None:
    """Wait until the web server answers."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    limit = time.monotonic() + _ANSWER_SECONDS
    while time.monotonic() < limit:
        children.watch()
        try:
            with closing(http.client.HTTPConnection(host, port, timeout=1)) as asked:
                asked.request("HEAD", "/", headers={"Host": "localhost"})
                asked.getresponse()
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    raise Impossible(f"Le serveur des pages ne répond pas après {_ANSWER_SECONDS} s. Lisez ce qu’il a écrit ci-dessus.")


def gunicorn(descriptor: int, workers: int) -> list[str]:
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return [
        sys.executable, "-m", "gunicorn", "communis.portal.wsgi:application", "--bind", f"fd://{descriptor}", "--workers",
        str(workers), "--threads", "4", "--preload", "--no-control-socket", "--graceful-timeout", str(_GRACE_SECONDS),
        "--log-level", "warning",
        *(["--worker-tmp-dir", memory] if memory else []),
    ]  # fmt: skip
