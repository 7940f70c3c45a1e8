"""The demonstration from an empty folder to its end, and each thing that stops it from starting, said in one sentence."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

from communis.foundation import commands, embedded, system
from communis.foundation.serving import Doors
from factories.served import Browser, forget, run, without_rights_of_root


def test_each_account_of_the_demonstration_signs_in_at_the_address_said(served):
    told = served.accounts()
    assert len(told) >= 2
    assert [Browser(served.address).sign_in(email, password) for email, password in told] == ["/"] * len(told)


def test_a_second_start_says_where_the_first_one_is(served):
    status, lines, said = run("demo", "--dossier", served.folder)
    assert (status, lines) == (1, [])
    assert said == (
        f"communis : communis sert déjà ce dossier de données ({served.folder}), à l’adresse {served.address} "
        f"(processus {served.process.pid}). Arrêtez-le d’abord, ou choisissez un autre dossier.\n"
    )


def test_ctrl_c_stops_everything_and_the_next_start_finds_its_data(served):
    before = served.accounts()
    assert len(served.processes()) >= 5
    assert served.left_after(signal.SIGINT) == (0, {})
    served.start()
    assert served.lines[0] == "Base de données…"
    assert served.lines[1] == f"Prêt : {served.address}"  # nothing was done again
    assert served.accounts() == before
    assert Browser(served.address).sign_in(*before[0]) == "/"


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_is_clean(served):
    assert served.left_after(signal.SIGKILL) == (-signal.SIGKILL, {})
    served.start()
    assert Browser(served.address).get("/compte/connexion/")[0] == 200


def test_the_web_server_loads_while_all_is_checked_and_answers_once_the_doors_are_open(tmp_path):
    load = "import communis.portal.wsgi as web; print(web.application.__class__.__name__)"
    (tmp_path / "static").mkdir()
    with Doors() as doors:
        waiting = subprocess.Popen([sys.executable, "-c", load], env={**os.environ, "COMMUNIS_DATA": str(tmp_path)},
                                   pass_fds=[doors.waited], stdout=subprocess.PIPE, text=True)  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(8)
        doors.open()
        assert waiting.communicate(timeout=60)[0] == "WSGIHandler\n"


def test_a_taken_port_is_said_with_a_free_one(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, lines, said = run("demo", "--dossier", tmp_path / "d", "--port", port)
    assert (status, lines) == (1, [])
    refused = f"communis : Le port {port} ne peut pas être ouvert sur 127.0.0.1 : l’adresse est déjà prise."
    assert re.fullmatch(rf"{re.escape(refused)} (\d+) est libre : --port \1\.\n", said)


@pytest.mark.parametrize("host", ["192.0.2.1", "pas une adresse"])
def test_an_address_that_is_not_of_this_machine_is_said(tmp_path, host):
    status, lines, said = run("demo", "--dossier", tmp_path / "d", "--adresse", host, "--port", "8000")
    assert (status, lines) == (1, [])
    assert said == f"communis : « {host} » n’est pas une adresse de cette machine. Choisissez-en une autre avec --adresse.\n"


def test_what_the_programs_of_the_database_complain_of_is_said_by_its_cause():
    half = (
        'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 10\nHINT:  Check free disk space.\n'
    )
    assert (
        embedded.told(f"{half}initdb: removing data directory") == "le disque est plein (libérez de la place, puis recommencez)"
    )
    assert embedded.told("FATAL:  locale is wrong\nAborted\ninitdb: removing data directory") == "FATAL:  locale is wrong"


def test_what_another_user_keeps_from_a_command_is_said(capsys):
    def command():
        raise PermissionError(13, "Permission denied", "/srv/communis/postgresql/PG_VERSION")

    assert commands.answered(command) == 1
    assert capsys.readouterr().err == (
        "communis : /srv/communis/postgresql/PG_VERSION ne s’ouvre pas : l’accès est refusé. "
        "Lancez la commande sous l’utilisateur qui sert communis, ou donnez-vous ce droit.\n"
    )


def test_a_folder_where_one_may_not_write_is_said(tmp_path):
    closed = tmp_path / "fermé"
    closed.mkdir(mode=0o500)
    if system.is_root():
        os.chown(closed, 65534, 65534)
    status, lines, said = run("demo", "--dossier", closed / "d", preexec_fn=without_rights_of_root)
    assert (status, lines) == (1, [])
    assert said == (
        f"communis : Le dossier {closed / 'd'} ne s’écrit pas : l’accès est refusé. Donnez-vous le droit d’y écrire, ou "
        "choisissez-en un autre avec --dossier.\n"
    )


def test_what_the_system_refuses_is_said_in_french_with_the_way_out():
    assert run("demo", "--dossier", "/proc/nope") == (
        1,
        [],
        "communis : Le dossier /proc/nope ne s’écrit pas : ce chemin n’existe pas. Donnez-vous le droit d’y écrire, ou "
        "choisissez-en un autre avec --dossier.\n",
    )
    assert system.reason(OSError(errno.ENODEV, "No such device")) == f"le système le refuse (erreur {errno.ENODEV})"


def test_the_data_of_another_postgresql_is_refused_with_the_way_out(tmp_path):
    folder = tmp_path / "d"
    place = embedded.cluster(folder)
    folder.mkdir()
    place.files.mkdir(parents=True)
    (place.files / "PG_VERSION").write_text("16\n", "ascii")
    (folder / embedded.MARK).write_text(f"{place.home}\n", "utf-8")
    try:
        status, lines, said = run("demo", "--dossier", folder, "--port", "0")
    finally:
        forget(folder)
    assert (status, lines) == (1, ["Base de données…"])
    assert said == (
        f"communis : Le dossier {place.files} est celui d’un PostgreSQL 16 ; communis fournit la 18. Sauvegardez-le avec la "
        "version de communis qui l’a fait (communis sauvegarder), puis restaurez ici, dans un dossier vide "
        "(communis restaurer).\n"
    )


def small_disk(place, megabytes):
    """Return what begins a command so that a folder is, for it alone, a disk of a few megabytes."""
    mount = f"mount -t tmpfs -o size={megabytes}m,mode=0755 none '{place}' && exec \"$@\""
    if system.is_root():
        return ["unshare", "--mount", "sh", "-c", mount, "sh"]
    again = ["unshare", "--user", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}"]
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh", *again]


def can_mount(place):
    return shutil.which("unshare") and subprocess.run([*small_disk(place, 1), "true"], capture_output=True).returncode == 0


@pytest.mark.parametrize("megabytes", [70, 20, 4])
def test_a_full_disk_is_said_and_leaves_nothing_half_made(tmp_path, megabytes):
    folder = tmp_path / "d"
    place = embedded.cluster(folder).home
    place.mkdir(parents=True, exist_ok=True)
    if not can_mount(place):
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        status, lines, said = run("demo", "--dossier", folder, "--port", "0", prefix=small_disk(place, megabytes))
    finally:
        forget(folder)
    assert status == 1
    assert lines[0] == "Base de données…"
    assert "le disque est plein (libérez de la place, puis recommencez)" in said
    assert said.startswith("communis : ")
    assert said.count("\n") == 1


def test_the_data_of_an_installation_are_never_made_a_demonstration(tmp_path):
    (tmp_path / "secret").write_text("x", "ascii")
    status, lines, said = run("demo", "--dossier", tmp_path)
    assert (status, lines) == (1, [])
    assert said == (
        f"communis : Le dossier {tmp_path} est celui d’une installation, pas d’une démonstration : rien n’y est écrit. "
        "Choisissez-en un autre avec --dossier.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo", "--port", "huit"], "demo : --port : « huit » n’est pas un nombre entier"),
        (["servir", "ici"], "servir : argument inconnu : ici"),
        (["migrer", "--tout"], "migrer : argument inconnu : --tout"),
    ],
)
def test_a_misused_command_is_answered_by_one_sentence(arguments, sentence):
    name = arguments[0]
    assert run(*arguments) == (64, [], f"communis {sentence} (voir « communis {name} --help »).\n")
