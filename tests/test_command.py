"""The command `communis` itself; what its commands do is tested in their rooms."""

import os
import subprocess
import sys

import pytest

import communis
from communis.cli import COMMANDS, help_text, main


def communis_command(*arguments):
    return subprocess.run([sys.executable, "-m", "communis", *arguments], capture_output=True, text=True, encoding="utf-8")


def test_the_version_is_printed():
    run = communis_command("--version")
    assert (run.returncode, run.stdout, run.stderr) == (0, f"communis {communis.__version__}\n", "")


def test_the_version_loads_no_slow_library():
    program = "import sys, communis.cli; print(sorted({'numpy', 'lark', 'rich', 'xlsxwriter'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_names_every_command(option, capsys):
    assert main([option]) == 0
    assert capsys.readouterr().out == help_text() + "\n"
    assert [line.split()[0] for line in help_text().splitlines() if line.startswith("  ")][: len(COMMANDS)] == list(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "il manque une commande"),
        (["tarfi"], "commande inconnue « tarfi » ; la plus proche est « tarif »"),
        (["facturer"], "commande inconnue « facturer »"),
        ([""], "commande inconnue «  »"),
        (["--versoin"], "option inconnue « --versoin » ; la plus proche est « --version »"),
    ],
)
def test_a_misused_command_is_answered_by_one_sentence(arguments, sentence):
    run = communis_command(*arguments)
    said = f"communis : {sentence} (voir « communis --help »).\n"
    assert (run.returncode, run.stdout, run.stderr) == (64, "", said)


def test_a_reader_that_leaves_early_is_not_an_error_of_ours():
    run = subprocess.Popen([sys.executable, "-m", "communis", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    run.stdout.close()
    said = run.stderr.read()
    run.stderr.close()
    assert (run.wait(), said) == (141, b"")


def test_a_terminal_without_french_letters_is_served():
    master, terminal = os.openpty()
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    subprocess.run([sys.executable, "-m", "communis", "--version"], stdout=terminal, env=ascii_only, check=True)
    subprocess.run([sys.executable, "-m", "communis", "--help"], stdout=terminal, env=ascii_only, check=True)
    os.close(terminal)
    assert os.read(master, 4096).splitlines()[3] == rb"Usage\xa0: communis COMMANDE [ARGUMENTS]"
    os.close(master)


def test_a_pipe_is_written_in_utf_8_whatever_the_system_says():
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    run = subprocess.run([sys.executable, "-m", "communis", "--help"], capture_output=True, env=ascii_only, check=True)
    assert run.stdout.splitlines()[2] == "Usage\N{NO-BREAK SPACE}: communis COMMANDE [ARGUMENTS]".encode()
