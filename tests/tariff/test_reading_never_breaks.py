"""Whatever a file says, reading it ends, tells problems and reaches nothing: no crash, no endless work, no file, no network."""

import json
import random
import re
import subprocess
import sys

import pytest

from communis.tariff import verify
from factories.blocks import HEAD, LIBRARY
from factories.faults import BY_SITES, CAP, DUE, SITES
from factories.service import TEXT, written

EXAMPLE = """exemple fictif "un"  article 1
    tient socle
    donne due = 1 €
"""
WORDS = re.compile(r'"[^"]*"|«[^»]*»|\w[\w.’-]*|\S')
TEXTS = [path.read_text("utf-8") for path in sorted(LIBRARY.glob("*.tarif"))]

BY_OFFER = "offre groupe  article 1\noffre audit dans groupe\n" + DUE.replace("pour socle", "pour chaque offre dans groupe")
BY_KEY = f"""{SITES}registre dépense  article 1
    du service
    le : date, fait foi
    montant : €
    clef : clé parmi sites
{DUE.replace("chaque exercice", "pour chaque dépense")}    = part de dépense.montant selon dépense.clef entre les membres
"""
SPENT = "tient socle, sites = 1\n    dépense : le = 01/02/2024, montant = 1 €, clef = site"
PRICE = "paramètre due  article 1\n    1 €\n"
CHAIN = "grandeur g0 = 1 €  article 1\n" + "".join(f"grandeur g{i + 1} = g{i}  article 1\n" for i in range(300))
CLASSES = "    moins de 10 : 1 €\n    à partir de 10 : 2 €\n"

BREAKS = [  # what the verifier did not survive
    ("a scale of which one period has no class",
     BY_SITES + "    depuis le 01/01/2024\n    depuis le 01/01/2025\n" + CLASSES),
    ("a value for a bound in the head of a grid", BY_SITES + "    | sites | gratuit |\n    | = 1 | 1 € |\n"),
    ("an example that gives a parameter", PRICE + EXAMPLE),
    ("an example with a date that no calendar has",
     DUE + "    = 1 €\n" + EXAMPLE.replace("tient socle", "tient socle depuis le 31/02/2024")),
    ("an example that asks for an unknown offer",
     BY_OFFER + "    = 1 €\n" + EXAMPLE.replace("donne due", "donne due de audits")),
    ("an example that names an unknown key", BY_KEY + EXAMPLE.replace("tient socle", SPENT)),
    ("the word « date » in a formula", DUE + "    = date\n"),
    ("the word « date » for a limit", DUE + "    = 1 €\n" + CAP + "    au plus date\n"),
    ("a sum of three hundred terms", DUE + "    = 1 €\n" + "        + 1 €\n" * 300 + EXAMPLE),
    ("five hundred conditions",
     SITES + DUE + "    si sites = 1\n" + "        ou sites = 2\n" * 500 + "    = 1 €\n" + EXAMPLE),
    ("four hundred signs", DUE + "    = " + "- " * 400 + "1 €\n" + EXAMPLE),
    ("a chain of three hundred quantities", CHAIN + DUE + "    = g300\n" + EXAMPLE),
]  # fmt: skip


@pytest.mark.parametrize("text", [pytest.param(text, id=what) for what, text in BREAKS])
def test_the_verifier_tells_problems_and_never_breaks(text):
    convention, problems = verify(HEAD + text, "essai.tarif")
    assert (convention is None) == any(p.severity.value == "erreur" and not p.code.startswith("EXE") for p in problems)


def test_a_sum_is_not_due_in_a_hundred_thousand_times():
    text = DUE + "    facturée du 1er janvier au 31 décembre de N en 100 000 fois\n    = 10 €\n"
    assert [p.code for p in verify(HEAD + text, "essai.tarif")[1]] == ["ECH-01"]


def spoilt(text, chance):
    """Return a text of which a few rows or words are taken away, doubled or replaced by others."""
    rows = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        i = chance.randrange(len(rows))
        words = list(WORDS.finditer(rows[i]))
        if not words or chance.random() < 0.3:
            rows.insert(i, rows[chance.randrange(len(rows))])
            del rows[chance.randrange(len(rows))]
        else:
            word = chance.choice(words)
            other = chance.choice(WORDS.findall(text)) if chance.random() < 0.8 else ""
            rows[i] = rows[i][: word.start()] + other + rows[i][word.end() :]
    return "\n".join(rows)


@pytest.mark.parametrize("seed", range(20))
def test_a_spoilt_file_is_told_and_never_breaks(seed):
    chance = random.Random(seed)
    for _ in range(10):
        text = spoilt(chance.choice(TEXTS), chance)
        convention, problems = verify(text, "essai.tarif")
        assert (convention is None) == any(p.severity.value == "erreur" and not p.code.startswith("EXE") for p in problems)


# ---------------------------------------------------------------- nothing but its own files


REACH = """
import json, os, sys
from communis.cli import main
folder = sys.argv[1]
asked = [["verifier", folder], ["calculer", folder, "--exercice", "2024"],
         ["expliquer", folder, "Aubépine", "--exercice", "2024"],
         ["simuler", folder, "--exercices", "2024", "--prix", "part_variable=1"]]
out, sys.stdout = sys.stdout, open(os.devnull, "w")
statuses = [main(["tarif", *arguments]) for arguments in asked]  # the modules and the grammar are read, once
seen = []
WATCHED = ("open", "socket", "subprocess", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.remove", "os.rename",
           "os.mkdir", "os.rmdir", "os.putenv", "shutil", "urllib", "http", "ctypes", "exec", "compile", "import")
def watch(event, arguments):
    if any(event == word or event.startswith(word + ".") for word in WATCHED):
        seen.append([event, str(arguments[0])[:200], str(arguments[1]) if len(arguments) > 1 else ""])
sys.addaudithook(watch)
statuses += [main(["tarif", *arguments]) for arguments in asked]
found, seen = seen[:], []
print(json.dumps([statuses, found]), file=out)
"""
HOSTILE = """
article 7 "../../etc/passwd"
    « include "/etc/passwd" ; http://localhost:1/ ; $(touch fait) ; {0.__class__} ; %s »
offre système "file:///etc/passwd"                                      article 7
"""


def test_a_convention_reaches_no_other_file_no_network_and_changes_nothing(tmp_path):
    folder = written(tmp_path / "service", TEXT + HOSTILE)
    run = subprocess.run([sys.executable, "-c", REACH, str(folder)], capture_output=True, text=True, encoding="utf-8", check=True)
    statuses, found = json.loads(run.stdout)
    assert statuses == [0] * 8
    files = {str(folder / name) for name in ("convention.tarif", "membres.csv", "choix.csv", "faits.csv")}
    assert {path for event, path, _ in found if event == "open"} == files
    assert {(event, mode.removesuffix("b")) for event, _, mode in found} == {("open", "r")}
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "choix.csv", "convention.tarif", "faits.csv", "membres.csv", "service",
    ]  # fmt: skip
