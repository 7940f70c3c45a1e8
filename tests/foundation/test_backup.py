"""A backup made while the application serves, restored elsewhere, and refused as soon as one byte of it is not what it was."""

import hashlib
import re
import subprocess
import threading
from dataclasses import replace

import psycopg
import pytest
from django.test import override_settings

from communis.foundation import archive, backup, embedded, files, system
from factories.served import Browser, Served, forget, run

SIGNED = bytes(range(256)) * 40  # a file attached to an act
DIGEST = hashlib.sha256(SIGNED).hexdigest()


@pytest.fixture(scope="module")
def saved(demonstration, tmp_path_factory):
    """Save the demonstration while a thread writes without a pause; return the file and what the thread had committed before."""
    if demonstration.process is None:
        demonstration.start()
    with override_settings(COMMUNIS_FILES=demonstration.folder / "files"):
        assert files.keep(1, SIGNED).digest == DIGEST
        files.path_of(1, DIGEST).with_name(".being-written").write_bytes(b"half")
    file = tmp_path_factory.mktemp("saved") / "communis.sauvegarde"
    owner = embedded.cluster(demonstration.folder).parameters(embedded.OWNER)
    written, stop = [], threading.Event()

    def write():
        with psycopg.connect(**owner, autocommit=True) as connection:
            while not stop.is_set():
                insert = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, 'é', now())"
                connection.execute(insert, [f"written-{len(written)}"])
                written.append(len(written))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 20:
            assert writer.is_alive()
            stop.wait(0.01)
        before = len(written)
        done = run("sauvegarder", file, "--dossier", demonstration.folder)
        after = len(written)
    finally:
        stop.set()
        writer.join()
    return file, done, before, after


@pytest.fixture(scope="module")
def restored(saved, tmp_path_factory):
    """Restore the backup in a new folder."""
    folder = tmp_path_factory.mktemp("restored") / "d"
    done = run("restaurer", saved[0], "--dossier", folder)
    yield folder, done
    forget(folder)


def text_of(*command):
    """Return a dump as SQL, less what names the programs or is drawn at random.

    PostgreSQL writes the casts of a list in a CHECK in two ways, before and after it has read its own writing.
    """
    made = subprocess.run([str(part) for part in command], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    lines = [line for line in made.splitlines() if not re.match(r"--|\\(un)?restrict", line)]
    return [
        re.sub(r"::(text|character varying)(\[\])?|[()]", "", line) if "::character varying" in line else line for line in lines
    ]


def test_a_backup_made_under_load_says_what_it_holds(saved):
    file, (status, lines, said), _, _ = saved
    assert (status, said) == (0, "")
    assert re.fullmatch(r"Base de données : \d+ tables, [\d ]+ lignes relues\.", lines[0])
    assert lines[1] == "Fichiers : 3."
    assert lines[2].startswith(f"Sauvegarde faite : {file} (")
    assert lines[3] == "Elle contient le secret de l’installation : gardez-la comme un mot de passe."
    assert len(lines) == 4
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_is_restored_is_what_was_saved_to_the_byte(saved, restored, demonstration):
    file, _, before, after = saved
    folder, (status, lines, said) = restored
    assert (status, said) == (0, "")
    assert re.fullmatch(r"Sauvegarde du \d{4}-\d\d-\d\d, entière : 4 pièces vérifiées\.", lines[0])
    dump = folder.parent / "base.dump"
    with dump.open("wb") as into:
        subprocess.run(["tar", "-xOf", file, backup.DUMP], stdout=into, check=True)  # any program that reads tar opens it
    kept = text_of(backup.program("pg_restore"), "--file=-", dump)
    with embedded.running(folder) as place:
        made = text_of(
            backup.program("pg_dump"), "-h", place.sockets, "-U", embedded.SUPERUSER, "-d", embedded.DATABASE, "--format=plain"
        )
        with psycopg.connect(**place.parameters(embedded.SUPERUSER)) as connection:
            counted = connection.execute("SELECT count(*) FROM django_session WHERE session_key LIKE 'written-%'").fetchone()[0]
    assert made == kept
    assert before <= counted <= after  # all that was committed before it began, nothing of what was not
    for name in ("secret", f"files/1/{DIGEST[:2]}/{DIGEST}"):
        assert (folder / name).read_bytes() == (demonstration.folder / name).read_bytes()
        assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_the_application_starts_on_what_was_restored(restored, demonstration):
    folder, _ = restored
    served = Served(folder, "servir", "--processus", "1")
    try:
        served.start(COMMUNIS_DATA=str(folder), COMMUNIS_SECOND_FACTOR="non")
        assert Browser(served.address).sign_in(*demonstration.accounts()[0]) == "/"
    finally:
        served.stop()


def spoiled(file, place, tmp_path):
    """Return a copy of a file with one byte flipped."""
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    copy = tmp_path / "abîmée"
    copy.write_bytes(content)
    return copy


def place_of(file, name):
    """Return where the content of a piece begins, and its size."""
    told = subprocess.run(["tar", "-tRvf", file], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    found = re.search(rf"^block (\d+): \S+ \S+ +(\d+) .* {re.escape(name)}$", told, re.MULTILINE)
    block, size = found.groups()
    return (int(block) + 1) * 512, int(size)


@pytest.mark.parametrize(
    ("piece", "part", "what"),
    [
        ("base.dump", 0.5, "la pièce « base.dump » a changé"),
        ("base.dump", 0, "la pièce « base.dump » a changé"),
        ("secret", 0.3, "la pièce « secret » a changé"),
        ("manifest.json", 0.7, "la pièce « manifest.json » a changé"),
        ("secret", -400, "elle s’arrête après la pièce « base.dump », sans son manifeste"),  # in the header of the piece
        ("secret", 300, "le remplissage entre deux pièces a changé"),
    ],
)
def test_one_flipped_byte_is_refused_with_the_name_of_the_piece(saved, tmp_path, piece, part, what):
    start, size = place_of(saved[0], piece)
    copy = spoiled(saved[0], start + (int(size * part) if 0 <= part < 1 else part), tmp_path)
    status, lines, said = run("restaurer", copy, "--dossier", tmp_path / "d")
    assert (status, lines) == (1, [])
    assert said == (f"communis : La sauvegarde {copy} est abîmée : {what}. Rien n’a été restauré ; prenez-en une autre copie.\n")
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("kept", "what"),
    [
        (0, "son début ne se lit pas"),
        (400, "son début ne se lit pas"),
        (0.5, "la pièce « base.dump » est coupée ou illisible"),
        (-1, "le sceau de la fin manque"),
    ],
)
def test_a_truncated_archive_is_refused_with_the_place_of_the_cut(saved, tmp_path, kept, what):
    content = saved[0].read_bytes()
    copy = tmp_path / "coupée"
    copy.write_bytes(content[: int(len(content) * kept) if 0 < kept < 1 else kept])
    status, _, said = run("restaurer", copy, "--dossier", tmp_path / "d")
    assert status == 1
    assert said.startswith(f"communis : La sauvegarde {copy} est abîmée : {what}")
    assert not (tmp_path / "d").exists()


def test_a_backup_of_a_newer_postgresql_is_refused(saved, tmp_path):
    told = archive.reading(saved[0])
    newer = tmp_path / "plus récente"
    with archive.writing(newer) as writer:
        writer.finish(replace(told, postgresql=19, dumped_with=19, pieces=()))
    status, lines, said = run("restaurer", newer, "--dossier", tmp_path / "d")
    assert (status, lines) == (1, [])
    assert said == (
        f"communis : La sauvegarde {newer} vient d’un PostgreSQL 19, plus récent que le 18 d’ici. "
        "Restaurez-la avec une version plus récente de communis.\n"
    )
    assert not (tmp_path / "d").exists()


def test_nothing_is_restored_over_what_exists(saved, tmp_path):
    (tmp_path / "autre").write_text("à garder")
    status, lines, said = run("restaurer", saved[0], "--dossier", tmp_path)
    assert (status, lines) == (1, [])
    assert said == (
        f"communis : Le dossier {tmp_path} n’est pas vide : rien n’y est restauré. Donnez un dossier vide ou nouveau.\n"
    )


def test_nothing_is_saved_over_another_backup_nor_from_an_empty_folder(saved, tmp_path, demonstration):
    assert run("sauvegarder", saved[0], "--dossier", demonstration.folder) == (
        1, [], f"communis : Le fichier {saved[0]} existe déjà. Donnez un autre nom, ou retirez-le.\n"
    )  # fmt: skip
    assert run("sauvegarder", tmp_path / "b", "--dossier", tmp_path) == (
        1, [],
        f"communis : Il n’y a pas d’installation dans {tmp_path} : rien à sauvegarder. Donnez son dossier avec --dossier.\n",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_server_whose_data_folder_was_removed_is_not_served_to_the_next_one(tmp_path):
    folder = tmp_path / "d"
    try:
        with embedded.running(folder) as place, psycopg.connect(**place.parameters(embedded.OWNER)) as connection:
            connection.execute("CREATE TABLE former (id int)")
        kept = embedded.cluster(folder).home
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        with embedded.running(folder) as place, psycopg.connect(**place.parameters(embedded.OWNER)) as connection:
            assert connection.execute("SELECT to_regclass('former')").fetchone() == (None,)
    finally:
        for other in kept.parent.glob(f"{kept.name}-*") if kept != folder else ():
            forget(other)
        forget(folder)


def test_the_database_of_the_host_is_saved_and_restored_by_its_addresses(demonstration, tmp_path):
    """The embedded server stands for the host's own, with the three roles and the two databases of the guide."""
    place = embedded.cluster(demonstration.folder)
    with (place.files / "pg_ident.conf").open("a", encoding="utf-8") as file:
        file.write(f"communis {system.current_user()} communis_backup\n")
    with psycopg.connect(**place.parameters(embedded.SUPERUSER), autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE ROLE communis_backup LOGIN BYPASSRLS")
        connection.execute("GRANT pg_read_all_data TO communis_backup")
        connection.execute("CREATE DATABASE other OWNER communis_owner")

    def addresses(name, backup="backup"):
        roles = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_BACKUP_URL": backup}
        return {key: f"postgresql://communis_{role}@/{name}?host={place.sockets}" for key, role in roles.items()}

    file, folder = tmp_path / "sauvegarde", tmp_path / "d"
    here = ["--dossier", demonstration.folder]
    status, lines, said = run("sauvegarder", file, *here, **addresses("communis", backup="owner"))
    assert (status, lines) == (1, [])
    assert said == (
        "communis : Le rôle de DATABASE_BACKUP_URL ne passe pas les cloisons : il ne sauvegarderait aucune ligne des services. "
        "Donnez-lui BYPASSRLS (voir docs/fr/installer.md).\n"
    )
    assert run("sauvegarder", file, *here, **addresses("communis"))[0] == 0
    status, _, said = run("restaurer", file, "--dossier", folder, **addresses("communis"))
    assert status == 1
    assert said == ("communis : La base de données n’est pas vide : rien n’y est restauré. Donnez l’adresse d’une base vide.\n")
    assert not folder.exists()
    assert run("restaurer", file, "--dossier", folder, **addresses("other"))[::2] == (0, "")
    status, lines, said = run("migrer", COMMUNIS_DATA=str(folder), **addresses("other"))
    assert (status, lines[-1], said) == (0, "La base de données est à jour.", "")
