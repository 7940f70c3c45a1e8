"""Debian’s PostgreSQL 15, made ready as the guide says: served, saved, restored, and the walls and the history proved on it.

Left out, with the reason, where its programs are not installed; continuous integration installs them.
"""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from communis.foundation import archive
from factories.host import BINARIES, MISSING, running_host
from factories.served import TESTS, Browser, Served, clean_environment, forget, run

pytestmark = pytest.mark.skipif(not (BINARIES / "postgres").is_file(), reason=MISSING)
PASSWORD = "un mot de passe assez long 42"
PROOFS = ("test_probes.py", "test_history.py", "test_walls.py")


@pytest.fixture(scope="module")
def host():
    with running_host() as made:
        made.obey_the_guide()
        yield made


@pytest.fixture(scope="module")
def installed(host, tmp_path_factory):
    """An installation on it, made by the two commands of the guide."""
    folder = tmp_path_factory.mktemp("installed")
    environment = {**host.addresses(), "COMMUNIS_DATA": str(folder)}
    assert run("migrer", **environment)[::2] == (0, "")
    told = ["--courriel", "d@agglo.fr", "--nom", "C M", "--service", "Service", "--nom-court", "agglo"]
    assert run("creer-administrateur", *told, stdin=f"{PASSWORD}\n", **environment)[::2] == (0, "")
    return folder, environment


@pytest.fixture(scope="module")
def saved(installed, tmp_path_factory):
    folder, environment = installed
    file = tmp_path_factory.mktemp("saved") / "communis.tar"
    return file, run("sauvegarder", file, "--dossier", folder, **environment)


def signed_in(folder, **environment):
    """Serve a folder; return where one lands when one signs in."""
    served = Served(folder, "servir", "--processus", "1")
    try:
        served.start(**environment, COMMUNIS_SECOND_FACTOR="non")
        browser = Browser(served.address)
        return browser.sign_in("d@agglo.fr", PASSWORD), browser.get("/organisations/")[0], browser.get("/pret")[0]
    finally:
        served.stop()


def test_the_application_serves_on_it(installed):
    folder, environment = installed
    assert signed_in(folder, **environment) == ("/", 200, 200)


def test_what_is_saved_from_it_is_restored_on_it(host, saved, tmp_path):
    file, (status, _, said) = saved
    assert (status, said) == (0, "")
    with host.connect() as connection:
        connection.execute("CREATE DATABASE again OWNER communis_owner ENCODING 'UTF8' TEMPLATE template0")
    folder = tmp_path / "d"
    status, lines, said = run("restaurer", file, "--dossier", folder, **host.addresses("again"))
    assert (status, said) == (0, "")
    assert re.fullmatch(r"Restauré dans \S+ : [\d ]+ lignes, 1 fichier\.", lines[-1])
    environment = {**host.addresses("again"), "COMMUNIS_DATA": str(folder)}
    assert signed_in(folder, **environment) == ("/", 200, 200)


def test_what_is_saved_from_it_is_restored_on_the_embedded_server(saved, tmp_path):
    folder = tmp_path / "d"
    try:
        assert run("restaurer", saved[0], "--dossier", folder)[::2] == (0, "")
        assert signed_in(folder, COMMUNIS_DATA=str(folder)) == ("/", 200, 200)
    finally:
        forget(folder)


def test_what_comes_from_a_newer_server_is_refused_before_anything_is_made(host, saved, tmp_path):
    newer = tmp_path / "plus récente"
    with archive.writing(newer) as writer:
        writer.finish(replace(archive.reading(saved[0]), postgresql=18, pieces=()))
    with host.connect() as connection:
        connection.execute("CREATE DATABASE empty OWNER communis_owner ENCODING 'UTF8' TEMPLATE template0")
    status, _, said = run("restaurer", newer, "--dossier", tmp_path / "d", **host.addresses("empty"))
    assert status == 1
    assert said == (
        f"communis : La sauvegarde {newer} vient d’un PostgreSQL 18, plus récent que le 15 de DATABASE_OWNER_URL. "
        "Restaurez-la sur un serveur au moins aussi récent, ou sans DATABASE_URL.\n"
    )
    assert not (tmp_path / "d").exists()


def test_the_walls_and_the_history_hold_on_it(host):
    """Run their own tests on it, in a program apart: the server of a run of tests is one."""
    with host.connect() as connection:
        connection.execute("ALTER ROLE communis_owner CREATEDB")  # which the tests need, and an installation does not
    files = [str(Path(TESTS) / "foundation" / name) for name in PROOFS]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(
        command, capture_output=True, text=True, env=clean_environment(**host.addresses()), cwd=Path(TESTS).parent
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 30
    assert "skipped" not in done.stdout
