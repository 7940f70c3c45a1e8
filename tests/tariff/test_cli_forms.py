"""The forms of what the command writes: a ruled table on a terminal, plain text in a pipe, CSV, a workbook."""

import csv
import io
import os
import re
import subprocess
import sys
from datetime import date

import pytest
from python_calamine import load_workbook

from factories.command import plain_spaces, tarif
from factories.rendered import cells
from factories.service import edited, with_rows, written

COMPUTE = ("--exercice", "2024")
BOLD = re.compile(r"\x1b\[[01]m")


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"))


# ---------------------------------------------------------------- pipe and terminal


def in_a_pipe(*arguments):
    run = subprocess.run([sys.executable, "-m", "communis", "tarif", *map(str, arguments)], capture_output=True, check=True)
    return run.stdout


def on_a_terminal(*arguments, columns=100):
    """Return what a terminal of some columns receives, what sets bold characters left out."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(columns), "NO_COLOR": "1"}  # bold stays
    command = [sys.executable, "-m", "communis", "tarif", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=environment)
    os.close(theirs)
    received = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        received += part
    os.close(ours)
    assert (process.wait(), process.communicate()[1]) == (0, b"")
    return plain_spaces(BOLD.sub("", received.decode())).replace("\r\n", "\n")


def test_a_pipe_gets_the_plain_text_of_the_command(service):
    said = in_a_pipe("calculer", service, *COMPUTE)
    assert said.decode() == tarif("calculer", service, *COMPUTE).out
    assert b"\x1b" not in said


def test_a_terminal_gets_a_ruled_table_of_the_same_cells(service):
    seen = on_a_terminal("calculer", service, *COMPUTE).split("\n")
    assert [line.rstrip() for line in seen[:6]] == [
        "Service commun d’exemple, exercice 2024",
        " Membre     Ligne                   Article      Montant   Échéance",
        "────────────────────────────────────────────────────────────────────────────────────",
        " Aubépine   Contribution annuelle   5         2 000,00 €   01/01/2025 au 31/03/2025",
        " Bruyère    Contribution annuelle   5         3 700,00 €   01/01/2025 au 31/03/2025",
        " Bruyère    Écrêtement              5          -700,00 €   01/01/2025 au 31/03/2025",
    ]


def test_a_narrow_terminal_keeps_amounts_whole(service):
    seen = on_a_terminal("calculer", service, *COMPUTE, columns=50)
    assert [amount for amount in ("2 000,00 €", "3 700,00 €", "-700,00 €") if amount not in seen] == []


def test_a_name_is_never_obeyed_by_a_terminal(tmp_path):
    hostile = "[red]Ile[/red]"
    rows = {**with_rows("membres", f"{hostile};;;"), **with_rows("choix", f"{hostile};audit;01/01/2024;")}
    seen = on_a_terminal("calculer", written(tmp_path, **rows), *COMPUTE)
    assert hostile in seen


# ---------------------------------------------------------------- CSV


def test_csv_is_read_back_whole_by_another_program(tmp_path):
    text = edited('prix_audit "Audit préalable"', 'prix_audit "Audit ; « préalable »"')
    folder = written(tmp_path, text, **with_rows("choix", "Capucine;audit;01/01/2024;"))
    run = tarif("calculer", folder, *COMPUTE, "--csv")
    assert (run.status, run.err) == (0, "")
    rows = list(csv.reader(io.StringIO(run.out, newline=""), delimiter=";"))
    assert [len(row) for row in rows] == [5] * 5
    assert plain_spaces(" | ".join(rows[4])) == "Capucine | Audit ; « préalable » | 5 | 250,00 € | "
    assert run.out.endswith("\r\n")


# ---------------------------------------------------------------- workbook


def test_a_workbook_is_written_beside_what_is_shown(tmp_path, service):
    path = tmp_path / "états.xlsx"
    run = tarif("calculer", service, *COMPUTE, "--xlsx", path)
    assert (run.status, run.out, run.err) == (0, tarif("calculer", service, *COMPUTE).out, "")
    assert load_workbook(str(path)).sheet_names == ["Totaux", "Lignes", "Faits", "Interprétations"]
    assert [row[:1] + row[3:8] for row in cells(path, "Totaux")] == [
        ["Membre", "État", "Total avant taxe", "Taxe", "À régler", "En fonctionnement"],
        ["Aubépine", "à émettre", 2000, 0, 2000, 2000],
        ["Bruyère", "à émettre", 3000, 0, 3000, 3000],
        ["Capucine", "sans objet", "", "", "", ""],
        ["Total des décomptes", "", 5000, 0, 5000, ""],
        ["À la charge du gestionnaire", "", 700, "", 700, ""],
        ["Ensemble", "", 5700, 0, 5700, ""],
    ]
    header, *lines = cells(path, "Lignes")
    due = [dict(zip(header, row, strict=True)) for row in lines]
    assert [
        [row[column] for column in ("Membre", "Ligne", "Articles", "Résultat", "Montant", "Échéance du", "Échéance au")]
        for row in due
        if row["Résultat"] == "montant"
    ] == [
        ["Aubépine", "contribution", "5", "montant", 2000, date(2025, 1, 1), date(2025, 3, 31)],
        ["Bruyère", "contribution", "5", "montant", 3700, date(2025, 1, 1), date(2025, 3, 31)],
        ["Bruyère", "écrêtement", "5", "montant", -700, date(2025, 1, 1), date(2025, 3, 31)],
        ["Communauté d’exemple", "écrêtement", "5", "montant", 700, "", ""],
    ]


def test_a_workbook_is_written_when_a_member_is_blocked_and_says_why(tmp_path, service):
    path = tmp_path / "états.xlsx"
    assert tarif("calculer", service, "--exercice", "2025", "--json", "--xlsx", path).status == 2
    bruyere = next(row for row in cells(path, "Totaux") if row[0] == "Bruyère")
    assert (bruyere[3], bruyere[4:8], bruyere[10]) == (
        "ne peut pas être émis",
        ["", "", "", ""],
        "fait manquant : population totale 2025 (habitants)",
    )


def test_nothing_is_written_when_nothing_is_computed(tmp_path):
    text = edited("= part_fixe + part", "= part_fix + part")
    folder = written(tmp_path / "service", text)
    run = tarif("calculer", folder, *COMPUTE, "--xlsx", tmp_path / "états.xlsx")
    assert (run.status, run.out) == (1, "")
    assert [path.name for path in tmp_path.iterdir()] == ["service"]


@pytest.mark.parametrize(("name", "why"), [("absent/états.xlsx", "le dossier « {} » n’existe pas"), ("", "c’est un dossier")])
def test_a_workbook_that_cannot_be_written_is_told(tmp_path, service, name, why):
    path = tmp_path / name
    assert tarif("calculer", service, *COMPUTE, "--xlsx", path) == (
        1, "", f"communis tarif : « {path} » ne s’écrit pas : {why.format(path.parent)}.\n",
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [["--echeance", "2025"], ["--exercice", "2024", "--offres"]])
def test_a_workbook_asked_for_is_written_or_refused(tmp_path, service, arguments):
    path = tmp_path / "états.xlsx"
    run = tarif("calculer", service, *arguments, "--xlsx", path)
    assert run.status == 64 or path.is_file()
