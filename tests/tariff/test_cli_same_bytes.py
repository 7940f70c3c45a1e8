"""Same inputs, same bytes: whatever the order of hashes, the language of the system and its hour."""

import os
import subprocess
import sys

import pytest

SETTINGS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "LANG": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "fr_FR.UTF-8", "LANG": "fr_FR.UTF-8", "TZ": "Pacific/Auckland"},
    {
        "PYTHONHASHSEED": "123",
        "LC_ALL": "C.UTF-8",
        "LANG": "fr_FR.UTF-8",
        "TZ": "America/Los_Angeles",
        "PYTHONIOENCODING": "latin-1",
    },
]
MADE_UP = ["--avec-donnees-fictives"]


def run(setting, *arguments):
    """Run the command as another system would; return its status and its bytes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONHASH", "TZ"))}
    found = subprocess.run([sys.executable, "-m", "communis", "tarif", *arguments], capture_output=True, env={**kept, **setting})
    assert b"Traceback" not in found.stderr
    return found.returncode, found.stdout, found.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["calculer", "grand_nancy", "--exercice", "2024", "--csv", *MADE_UP], 2),
        (["calculer", "sicoval", "--exercice", "2025", "--offres", "--json"], 0),
        (["expliquer", "nimes_metropole", "Poulx", "--exercice", "2024", "--json", *MADE_UP], 0),
        (["verifier", "redon", "sidec", "sicoval", "nimes_metropole", "grand_nancy", "--json"], 2),
        (["simuler", "redon", "--exercices", "2024", "2025", "--prix", "part_variable=1,60", "--json", *MADE_UP], 0),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else None,
)
def test_the_same_command_writes_the_same_bytes_anywhere(arguments, status):
    first, *others = (run(setting, *arguments) for setting in SETTINGS)
    assert (first[0], first[2], first[1] != b"") == (status, b"", True)
    assert others == [first, first]


def test_the_same_result_and_the_same_workbook_have_the_same_bytes_anywhere(tmp_path):
    shown, written = [], []
    for number, setting in enumerate(SETTINGS):
        path = tmp_path / str(number) / "états.xlsx"
        path.parent.mkdir()
        arguments = ["calculer", "redon", "--exercice", "2024", "--json", "--xlsx", str(path), *MADE_UP]
        shown.append(run(setting, *arguments))
        written.append(path.read_bytes())
    assert shown[0][0] == 0
    assert shown[1:] == [shown[0], shown[0]]
    assert written[1:] == [written[0], written[0]]
    assert written[0].startswith(b"PK")


def test_what_is_refused_is_refused_with_the_same_bytes_anywhere(tmp_path):
    (tmp_path / "faux.tarif").write_text('offre a\noffre b  article 9\n    exige "c"\nparamètre prix\n    2 €/poste\n', "utf-8")
    found = [run(setting, "verifier", str(tmp_path / "faux.tarif"), "--json") for setting in SETTINGS]
    assert found[0][0] == 1
    assert found[1:] == [found[0], found[0]]
