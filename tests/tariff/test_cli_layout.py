"""`communis tarif formater`: a file rewritten in its one layout, or only judged; a file that cannot be read is left alone."""

import pytest

from factories.command import tarif
from factories.service import TEXT, contents

UNTIDY = "offre   a\n  toujours   tenue\n"
TIDY = "offre a\n    toujours tenue\n"
UNREADABLE = 'offre a "ouvert\n'


@pytest.fixture
def files(tmp_path):
    for name, text in (("tidy", TEXT), ("untidy", UNTIDY), ("unreadable", UNREADABLE)):
        (tmp_path / f"{name}.tarif").write_text(text, "utf-8")
    return tmp_path


def test_a_file_is_rewritten_in_its_layout_and_named(files):
    path = files / "untidy.tarif"
    assert tarif("formater", path) == (0, f"{path} : formaté\n", "")
    assert path.read_bytes() == TIDY.encode()


def test_a_file_already_in_its_layout_is_neither_written_nor_named(files):
    path = files / "tidy.tarif"
    before = path.stat()
    assert tarif("formater", path) == (0, "", "")
    assert (path.read_text("utf-8"), path.stat().st_mtime_ns) == (TEXT, before.st_mtime_ns)


def test_line_ends_and_the_mark_of_a_file_are_made_plain(tmp_path):
    path = tmp_path / "windows.tarif"
    path.write_bytes(b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode())
    assert tarif("formater", path) == (0, f"{path} : formaté\n", "")
    assert path.read_bytes() == TIDY.encode()


def test_files_are_only_judged_when_so_asked(files):
    before = contents(files)
    run = tarif("formater", "--verifier", files / "tidy.tarif", files / "untidy.tarif")
    assert run == (1, f"{files / 'untidy.tarif'} : à formater\n", "")
    assert tarif("formater", "--verifier", files / "tidy.tarif") == (0, "", "")
    assert contents(files) == before


def test_the_layout_may_go_to_the_output_and_leave_the_file(files):
    before = contents(files)
    assert tarif("formater", "--sortie", files / "untidy.tarif") == (0, TIDY, "")
    assert contents(files) == before


def test_a_file_that_cannot_be_read_is_left_as_it_is(files):
    path = files / "unreadable.tarif"
    run = tarif("formater", path)
    assert (run.status, run.out) == (1, "")
    assert run.err.splitlines()[0] == (
        "unreadable.tarif:1:9: LEC-06 Ces guillemets ne se ferment pas. → Fermez-les par \" avant la ligne suivante à la marge."
    )  # fmt: skip
    assert path.read_text("utf-8") == UNREADABLE


def test_bytes_that_are_no_text_are_left_as_they_are(tmp_path):
    path = tmp_path / "bytes.tarif"
    path.write_bytes(b"offre \xe9\n")
    run = tarif("formater", path)
    assert (run.status, run.out) == (1, "")
    assert run.err.splitlines()[0] == "bytes.tarif:1:7: LEC-21 Le fichier n’est pas en UTF-8. → Enregistrez-le en UTF-8."
    assert path.read_bytes() == b"offre \xe9\n"


def test_a_file_that_is_not_there_or_is_a_folder_is_told(files):
    absent = files / "absent.tarif"
    assert tarif("formater", absent) == (1, "", f"communis tarif : « {absent} » ne se lit pas : le fichier n’existe pas.\n")
    assert tarif("formater", files) == (1, "", f"communis tarif : « {files} » ne se lit pas : c’est un dossier.\n")


def test_what_is_said_of_an_unreadable_file_is_true_of_the_others(files):
    run = tarif("formater", files / "untidy.tarif", files / "unreadable.tarif")
    assert (files / "untidy.tarif").read_text("utf-8") == TIDY
    assert run.out == f"{files / 'untidy.tarif'} : formaté\n"
    assert "rien n’a été calculé" not in run.err


@pytest.mark.parametrize("names", [("unreadable", "untidy"), ("untidy", "unreadable")])
def test_an_unreadable_file_does_not_stop_the_others(files, names):
    run = tarif("formater", "--verifier", *(files / f"{name}.tarif" for name in names))
    assert (run.status, run.out) == (1, f"{files / 'untidy.tarif'} : à formater\n")
