"""`communis sauvegarder` and `communis restaurer`: the whole of an installation in one file, and back, checked both ways.

The database is dumped in one snapshot while the application serves, by a role that passes the policies: under them a dump would
hold no tenant row and say nothing. Every row counted in the snapshot must be found again in the dump, and in what is restored.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import Any

import psycopg
from psycopg import sql

from communis import __version__
from communis.foundation import archive, embedded, system
from communis.foundation.archive import Manifest, Readable, Writer
from communis.foundation.database import connection_options, is_embedded
from communis.foundation.problems import Impossible

DUMP = "base.dump"
KEPT_FOLDERS = ("files", "courriels")
KEPT_FILES = ("secret", "demonstration")
_CHUNK = 1 << 20
_COPY = re.compile(rb'COPY public\.(?:"([^"]+)"|(\w+)) \(.*FROM stdin;\n')
# What our programs write and a server before 17 does not know; what Debian’s 15 keeps of a column and others do not know.
_OF_ONE_VERSION = re.compile(rb"SET transaction_timeout = 0;\n|ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=[0-9]+\);\n")
Say = Callable[[str], None]


class Progress:
    """Tell how far a long command is: on a terminal a line that changes, then one line a step."""

    def __init__(self, say: Say) -> None:
        self.say, self.is_terminal = say, sys.stderr.isatty()

    def now(self, line: str) -> None:
        if self.is_terminal:
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)

    def done(self, line: str) -> None:
        self.now("")
        self.say(line)


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")


def counted(number: int, one: str = "", many: str = "") -> str:
    """Write a number, with its word in the singular under two, as French does."""
    written = f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{written} {one if number < 2 else many}" if one else written


# ------------------------------------------------------------ saving


def back_up(target: Path, data: Path, *, now: datetime, say: Say) -> None:
    """Save the database and the files of an installation in one file; it may serve meanwhile."""
    progress = Progress(say)
    if is_embedded() and not (embedded.cluster(data).files / "PG_VERSION").is_file():
        raise Impossible(f"Il n’y a pas d’installation dans {data} : rien à sauvegarder. Donnez son dossier avec --dossier.")
    with embedded.running(data) if is_embedded() else nullcontext(), archive.writing(target) as writer:
        rows, server, dumper = dump(target, data, writer, progress)
        count = add_files(writer, data, progress)
        made = now.isoformat(timespec="seconds")
        writer.finish(Manifest(archive.FORMAT, made, __version__, server, dumper, rows, tuple(writer.pieces)))
    size = megabytes(target.stat().st_size)
    say(f"Sauvegarde faite : {target} ({size} ; {counted(sum(rows.values()))} lignes, {counted(count, 'fichier', 'fichiers')}).")
    if any(piece.name == "secret" for piece in writer.pieces):
        say("Elle contient le secret de l’installation : gardez-la comme un mot de passe.")
    else:
        say("Le secret de l’installation vient de COMMUNIS_SECRET et n’y est pas : gardez-le à part.")


def dump(target: Path, data: Path, writer: Writer, progress: Progress) -> tuple[dict[str, int], int, int]:
    """Dump the database and read the dump again; return its rows by table, the major of the server and of the dumper."""
    options = connection_options(data, "superuser")
    file = target.with_name(f"{target.name}.base.inachevée")
    with opened(options) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        (snapshot,) = one(connection, "SELECT pg_export_snapshot()")
        must_see_everything(connection)
        try:
            arguments = ["--format=custom", "--compress=gzip:4", f"--snapshot={snapshot}", f"--file={file}"]
            watched(program("pg_dump"), arguments, options, lambda: progress.now(f"Base de données : {sized(file)}…"))
            progress.now("Relecture de la base de données…")
            rows = {name: one(connection, counting(name))[0] for name in tables(connection)}
            found = rows_in_dump(file)
            different = [name for name in rows if rows[name] != found.get(name, 0)]
            if different:
                raise Impossible(
                    f"La copie de la base ne contient pas toutes les lignes de {', '.join(different)}. Rien n’est gardé ; le "
                    "rôle qui sauvegarde doit pouvoir tout lire (voir docs/fr/installer.md)."
                )
            writer.add(DUMP, file)
            progress.done(f"Base de données : {len(rows)} tables, {counted(sum(rows.values()))} lignes relues.")
        finally:
            file.unlink(missing_ok=True)
        return rows, connection.info.server_version // 10000, major_of("pg_dump")


def must_see_everything(connection: psycopg.Connection[Any]) -> None:
    (can,) = one(connection, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if not can:
        raise Impossible(
            "Le rôle de DATABASE_BACKUP_URL ne passe pas les cloisons : il ne sauvegarderait aucune ligne des services. "
            "Donnez-lui BYPASSRLS (voir docs/fr/installer.md)."
        )


def add_files(writer: Writer, data: Path, progress: Progress) -> int:
    """Add the files of the installation, after the database: a file that a row names is there."""
    paths = [data / name for name in KEPT_FILES if (data / name).is_file()]
    for name in KEPT_FOLDERS:
        found = (data / name).rglob("*")  # a name that begins with a dot is that of a file being written, which no row names yet
        paths += sorted(p for p in found if p.is_file() and not p.is_symlink() and not p.name.startswith("."))
    for number, path in enumerate(paths, 1):
        progress.now(f"Fichiers : {number} sur {len(paths)}…")
        writer.add(path.relative_to(data).as_posix(), path)
    progress.done(f"Fichiers : {len(paths)}.")
    return len(paths)


def rows_in_dump(file: Path) -> dict[str, int]:
    """Count the rows of each table in a dump, by reading all of it."""
    found: dict[str, int] = {}
    command = [str(program("pg_restore")), "--data-only", "--file=-", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        assert reader.stdout is not None
        table = ""
        for line in reader.stdout:
            if not table:
                start = _COPY.fullmatch(line)
                table = (start[1] or start[2]).decode() if start else ""
                found.setdefault(table, 0)
            elif line == b"\\.\n":
                table = ""
            else:
                found[table] += 1
    if reader.returncode:
        raise Impossible("La copie de la base ne se relit pas. Rien n’est gardé ; recommencez.")
    return found


# ------------------------------------------------------------ restoring


def restore(source: Path, data: Path, *, say: Say) -> None:
    """Bring an installation back in an empty folder; an archive that is not whole is refused before anything is made."""
    progress = Progress(say)
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Impossible(f"Le dossier {data} n’est pas vide : rien n’y est restauré. Donnez un dossier vide ou nouveau.")
    progress.now("Vérification de la sauvegarde…")
    manifest = archive.reading(source)
    check_versions(source, manifest)
    progress.done(f"Sauvegarde du {manifest.made_at[:10]}, entière : {len(manifest.pieces)} pièces vérifiées.")
    existed = data.exists()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with embedded.running(data) if is_embedded() else nullcontext():
            options = connection_options(data, "superuser" if is_embedded() else "owner")
            fill(source, data, manifest, options, progress)
            with opened(options) as connection:
                compare(connection, manifest)
                connection.execute("ANALYZE")
    except BaseException as error:
        undo(data, existed=existed)
        if isinstance(error, OSError):
            raise Impossible(f"Le dossier {data} ne s’écrit pas : {system.reason(error)}.") from None
        if isinstance(error, psycopg.OperationalError):
            raise Impossible(f"La base de données ne répond pas comme il faut : {embedded.told(str(error))}.") from None
        raise
    files = counted(len(manifest.pieces) - 1, "fichier", "fichiers")
    progress.done(f"Restauré dans {data} : {counted(sum(manifest.rows.values()))} lignes, {files}.")


def check_versions(source: Path, manifest: Manifest) -> None:
    """Refuse what the programs at hand are too old to read."""
    ours = int(embedded.MAJOR) if is_embedded() else None
    for found, known in ((manifest.dumped_with, major_of("pg_restore")), (manifest.postgresql, ours or manifest.postgresql)):
        if found > known:
            raise Impossible(
                f"La sauvegarde {source} vient d’un PostgreSQL {found}, plus récent que le {known} d’ici. "
                "Restaurez-la avec une version plus récente de communis."
            )


def fill(source: Path, data: Path, manifest: Manifest, options: dict[str, Any], progress: Progress) -> None:
    """Put every piece of a backup in its place."""
    with opened(options) as connection:
        held, server = tables(connection), connection.info.server_version // 10_000
    if held:
        raise Impossible("La base de données n’est pas vide : rien n’y est restauré. Donnez l’adresse d’une base vide.")

    if server < manifest.postgresql:
        raise Impossible(
            f"La sauvegarde {source} vient d’un PostgreSQL {manifest.postgresql}, plus récent que le {server} de "
            "DATABASE_OWNER_URL. Restaurez-la sur un serveur au moins aussi récent, ou sans DATABASE_URL."
        )

    def receive(name: str, content: Readable) -> None:
        if name == DUMP:
            progress.now("Base de données…")
            load(content, options, plain={server, manifest.postgresql} != {manifest.dumped_with})
        else:
            progress.now(f"Fichier {name}…")
            put(data, name, content)

    archive.reading(source, receive)


def load(content: Readable, options: dict[str, Any], *, plain: bool) -> None:
    """Give a dump to the database, all of it or nothing: `plain` when it comes from another version, or goes to one."""
    owner = [] if is_embedded() else ["--no-owner"]
    if plain:
        said = load_as_script(content, options, owner)
    else:
        command = [str(program("pg_restore")), f"--dbname={options['dbname']}", "--exit-on-error", "--single-transaction", *owner]
        with subprocess.Popen(
            command, bufsize=0, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(options)
        ) as loader:
            feed(loader, content)
            assert loader.stderr is not None
            complaint = loader.stderr.read()
        said = complaint if loader.returncode else b""
    if said:
        raise Impossible(f"La base de données n’a pas pu être restaurée : {embedded.told(said.decode('utf-8', 'replace'))}.")


def load_as_script(content: Readable, options: dict[str, Any], owner: list[str]) -> bytes:
    """Give a dump as SQL, less what the other version does not know; return what the server complains of."""
    reading = [str(program("pg_restore")), *owner, "--file=-"]
    loading = [str(program("psql")), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    with (
        subprocess.Popen(reading, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader,
        subprocess.Popen(loading, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                         env=environment(options)) as loader,
    ):  # fmt: skip
        assert reader.stdout is not None and loader.stdin is not None and loader.stderr is not None
        feeding = Thread(target=feed, args=(reader, content))
        feeding.start()
        with suppress(BrokenPipeError):  # the loader says why on its error stream
            loader.stdin.writelines(understood(reader.stdout))
        reader.stdout.close()
        feeding.join()
        if reader.wait():
            loader.kill()  # or it would keep what it has had
        with suppress(BrokenPipeError):
            loader.stdin.close()
        complaint = loader.stderr.read()
    return (complaint or b"interrupted") if reader.returncode or loader.returncode else b""


def understood(script: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out of a script the settings of one version; the rows are as they are."""
    in_rows = False
    for line in script:
        if in_rows:
            in_rows = line != b"\\.\n"
        elif _OF_ONE_VERSION.fullmatch(line):
            continue
        else:
            in_rows = _COPY.fullmatch(line) is not None
        yield line


def feed(process: subprocess.Popen[bytes], content: Readable) -> None:
    """Give a program what it reads."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it says why on its error stream
        while chunk := content.read(_CHUNK):
            process.stdin.write(chunk)
        process.stdin.close()


def put(data: Path, name: str, content: Readable) -> None:
    """Write a file of a backup in its place, and nowhere else."""
    parts = PurePosixPath(name).parts
    is_kept = name in KEPT_FILES or (len(parts) > 1 and parts[0] in KEPT_FOLDERS and ".." not in parts)
    if not is_kept:
        raise Impossible(f"La sauvegarde contient « {name} », qui n’est pas un fichier d’une installation : rien n’est restauré.")
    path = data.joinpath(*parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while chunk := content.read(_CHUNK):
            file.write(chunk)


def compare(connection: psycopg.Connection[Any], manifest: Manifest) -> None:
    found = {name: one(connection, counting(name))[0] for name in tables(connection)}
    if found != manifest.rows:
        different = sorted(name for name in found.keys() | manifest.rows.keys() if found.get(name) != manifest.rows.get(name))
        raise Impossible(f"Des lignes manquent après la restauration : {', '.join(different)}. Rien n’est gardé.")


def undo(data: Path, *, existed: bool) -> None:
    """Leave the folder as it was found: empty, or absent."""
    if is_embedded():
        home = embedded.cluster(data).home
        if home != data:
            shutil.rmtree(home, ignore_errors=True)
    for path in data.iterdir() if data.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not existed and data.is_dir():
        data.rmdir()


# ------------------------------------------------------------ the programs of PostgreSQL


def program(name: str) -> Path:
    return embedded.wheel() / "bin" / name


def major_of(name: str) -> int:
    said = subprocess.run([program(name), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.", said)
    assert found is not None
    return int(found[1])


def environment(options: dict[str, Any]) -> dict[str, str]:
    """Return what tells PostgreSQL’s programs where to go; a password is never an argument, which anybody can read."""
    named = {f"PG{name.upper()}": str(value) for name, value in options.items() if name != "dbname"}
    return {**os.environ, **named, "PGDATABASE": str(options["dbname"])}


def watched(path: Path, arguments: list[str], options: dict[str, Any], tell: Callable[[], None]) -> None:
    """Run a program to its end, telling how far it is."""
    with subprocess.Popen([str(path), *arguments], stderr=subprocess.PIPE, env=environment(options)) as running:
        while True:
            try:
                _, said = running.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                tell()
    if running.returncode:
        raise Impossible(f"La base de données n’a pas pu être copiée : {embedded.told(said.decode('utf-8', 'replace'))}.")


def sized(file: Path) -> str:
    return megabytes(file.stat().st_size) if file.exists() else "…"


@contextmanager
def opened(options: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """Open a connection; say in one sentence that it does not open."""
    try:
        connection = psycopg.connect(**options)
    except psycopg.OperationalError as error:
        raise Impossible(f"La base de données ne répond pas : {embedded.told(str(error))}.") from None
    with closing(connection):
        yield connection


def tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in found]


def counting(table: str) -> sql.Composed:
    return sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))


def one(connection: psycopg.Connection[Any], query: str | sql.Composed) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return tuple(found)
