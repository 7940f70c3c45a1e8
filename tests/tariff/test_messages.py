"""The messages of the guide: each code is told by a smallest text or table, at its place and with its remedy."""

import ast
import errno
import os
import re
from pathlib import Path

import pytest

import communis.tariff
from communis.tariff import ProblemsFound, read_folder, read_text, verify
from communis.tariff.wording import reason_of
from factories.blocks import HEAD
from factories.command import tarif
from factories.faults import BY_SITES, CAP, DUE, FAULTS, REGISTER
from factories.faults_of_tables import FAULTS as TABLE_FAULTS
from factories.faults_of_tables import TEXT

GUIDE = Path(__file__).parents[2] / "docs" / "fr" / "messages.md"
CODE = re.compile(r"[A-Z]{3}-[0-9]{2}")
SPAN = re.compile(r"([A-Z]{3})-([0-9]{2}) à \1-([0-9]{2})")
APART = {"CYC-03", "LEC-26", "MEP-01", "TAB-01", "TAB-02", "TAB-09", "TAB-26"}  # shown below, each in its own way
REMARKS = {"ADH-08", "ADH-09", "ADH-10", "APP-02", "BAR-04", "INT-02", "INT-03"}
OBSTACLES = {"FOU-01", "TRA-01"}

CONVENTION = read_text(TEXT)
each_fault = pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.code}-{i}" for i, fault in enumerate(FAULTS)])
each_table = pytest.mark.parametrize("fault", TABLE_FAULTS, ids=[f"{fault.code}-{i}" for i, fault in enumerate(TABLE_FAULTS)])


def documented():
    """Return every code of the guide, spans written out."""
    text = GUIDE.read_text("utf-8")
    spans = {f"{word}-{n:02d}" for word, a, b in SPAN.findall(text) for n in range(int(a), int(b) + 1)}
    rows = [row for row in text.split("\n") if row.startswith("| ")]
    return spans | {code for row in rows for code in CODE.findall(row.split("|")[1])}


def told_by_the_engine():
    """Return every code written in the engine, that each problem is given as a word of its own."""
    folder = Path(communis.tariff.__file__).parent
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted(folder.rglob("*.py"))]
    words = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {word for word in words if isinstance(word, str) and CODE.fullmatch(word) and not word.startswith("AMB-")}


def of_folder(folder, tables):
    """Return the problems of tables written in a folder."""
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(rows) + "\n", "utf-8")
    try:
        read_folder(folder, CONVENTION.model)
    except ProblemsFound as found:
        return found.problems
    return ()


# ---------------------------------------------------------------- the guide


def test_every_code_that_the_engine_tells_is_in_the_guide_and_no_other():
    assert documented() == told_by_the_engine()


def test_every_code_of_the_guide_is_told_by_a_text_or_a_table_here():
    assert {fault.code for fault in (*FAULTS, *TABLE_FAULTS)} | APART == documented()


def test_the_guide_says_which_messages_are_remarks_and_which_are_obstacles():
    rows = [row.split("|")[1:3] for row in GUIDE.read_text("utf-8").split("\n") if row.startswith("| ")]
    for word, codes in (("remarque", REMARKS), ("obstacle", OBSTACLES)):
        said = {code for cells in rows if word in cells[1] for code in CODE.findall(" ".join(cells))}
        assert codes - said == set()


# ---------------------------------------------------------------- texts


@each_fault
def test_a_fault_of_a_text_is_told_at_its_line_with_its_remedy(fault):
    found = [(p.place.line, p.remedy) for p in verify(fault.whole(), "essai.tarif")[1] if p.code == fault.code]
    assert found == [(fault.row(), fault.remedy)]


@each_fault
def test_a_fault_of_a_text_stops_it_or_stops_its_publication_or_is_only_remarked(fault):
    convention, problems = verify(fault.whole(), "essai.tarif")
    found = {p.severity.value for p in problems if p.code == fault.code}
    assert found == {"remarque" if fault.code in REMARKS else "obstacle" if fault.code in OBSTACLES else "erreur"}
    if fault.code in REMARKS:
        assert convention.publishable
    elif fault.code in OBSTACLES or fault.code.startswith("EXE"):
        assert not convention.publishable
    else:
        assert convention is None


@each_fault
def test_a_fault_of_a_text_is_told_alone(fault):
    assert [p.code for p in verify(fault.whole(), "essai.tarif")[1]] == [fault.code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("!" + HEAD.replace("arrondi au centime le", "arrondi au centimes le"), "LEC-10"),
        (DUE.replace("en fonctionnement", "en fonctionement") + "    = 1 €\n", "LEC-10"),
        (BY_SITES + "    moins de 10 : 1 €\n    de 10 à 20 ; 2 €\n    plus de 20 : 3 €\n", "LEC-10"),
        (DUE + "    = 1 €\n" + CAP + "    au plus 3 €\n    excédent suporté par le gestionnaire\n", "LEC-08"),
        ("clé mêlée  article 1\n    entre les membres\n    50 % à parts égale\n    50 % à parts égales\n", "LEC-10"),
    ],
)
def test_what_stands_in_a_line_that_cannot_be_read_is_not_told_missing(text, code):
    whole = text[1:] if text.startswith("!") else HEAD + text
    assert [p.code for p in verify(whole, "essai.tarif")[1]] == [code]


def test_faults_of_several_kinds_are_told_together_in_the_order_of_the_text():
    text = HEAD + "offre audit\noffre site  article 9\n" + DUE + "    = 3 jours\nparamètre prix  article 1\n    2 €/poste\n"
    found = [(p.place.line, p.code) for p in verify(text, "essai.tarif")[1]]
    assert found == [(11, "ART-01"), (12, "NOM-03"), (13, "UNI-05"), (17, "UNI-03")]


# ---------------------------------------------------------------- tables


@each_table
def test_a_fault_of_a_table_is_told_alone_at_its_cell_with_its_remedy(tmp_path, fault):
    found = [(p.code, p.file, (p.place.line, p.place.column), p.remedy) for p in of_folder(tmp_path, fault.tables)]
    assert found == [(fault.code, f"{fault.file}.csv", fault.place, fault.remedy)]


def test_a_table_too_large_is_told_in_a_word(tmp_path):
    path = tmp_path / "faits.csv"
    path.touch()
    os.truncate(path, 200 * 1024 * 1024 + 1)  # a hole: it takes no room
    assert [(p.code, p.file, p.remedy) for p in of_folder(tmp_path, {})] == [
        ("TAB-01", "faits.csv", "Découpez-le par exercice."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "line"), [(b"membre\nAub\xe9pine\n", 2), (b"\xff\xfem\x00e\x00", 1), ("membre\nAubépine\x00\n".encode(), 1)]
)
def test_a_table_that_is_not_utf_8_is_told(tmp_path, data, line):
    (tmp_path / "membres.csv").write_bytes(data)
    assert [(p.code, p.place.line, p.remedy) for p in of_folder(tmp_path, {})] == [
        ("TAB-02", line, "Enregistrez-le en « CSV UTF-8 »."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('membre\n"Aubépine\nBruyère\n', 3, "un guillemet ouvert n’est jamais fermé"),
        ('membre\n"Aubépine" (commune)\n', 2, "une case se poursuit après son guillemet fermant"),
        (f"membre\n{'x' * 140_000}\n", 2, "une case de plus de 131 072 caractères"),
    ],
)
def test_a_line_that_is_no_line_of_a_table_is_told_in_french(tmp_path, text, line, said):
    (tmp_path / "membres.csv").write_text(text, "utf-8")
    assert [(p.code, p.place.line, p.message.replace("\N{NO-BREAK SPACE}", " ")) for p in of_folder(tmp_path, {})] == [
        ("TAB-03", line, f"Ligne illisible : {said}."),
    ]  # fmt: skip


def test_a_character_that_nobody_sees_is_told_on_each_line_of_a_table(tmp_path):
    (tmp_path / "membres.csv").write_text("membre\nAubépine\u202e\nBru\u00adyère\n\x1b[31mCharme\nDa\u00a0Silva\n", "utf-8")
    assert [(p.code, p.place.line, p.message, p.remedy) for p in of_folder(tmp_path, {})] == [
        ("TAB-26", line, f"Caractère invisible (U+{code}).", "Effacez-le, ou recopiez le mot.")
        for line, code in ((2, "202E"), (3, "00AD"), (4, "001B"))
    ]


def test_quotes_inside_a_cell_are_of_its_text(tmp_path):
    rows = {"membres": ("membre", 'Lieu "dit"', '"Le ""Bourg"""')}
    for name, lines in rows.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert [m.name for m in read_folder(tmp_path, CONVENTION.model).members] == ['Lieu "dit"', 'Le "Bourg"']


def test_a_table_that_the_system_refuses_to_read_is_told_in_french(tmp_path):
    (tmp_path / "choix.csv").mkdir()
    (tmp_path / "faits.csv").symlink_to(tmp_path / "absent.csv")
    (tmp_path / "membres.csv").symlink_to(tmp_path / "membres.csv")
    assert [(p.code, p.file, p.message, p.remedy) for p in of_folder(tmp_path, {})] == [
        ("TAB-09", f"{name}.csv", f"Le fichier ne se lit pas : {why}.", "Donnez un fichier que l’on peut lire.")
        for name, why in (
            ("choix", "c’est un dossier"), ("faits", "le fichier n’existe pas"), ("membres", "ses liens tournent en rond"),
        )
    ]  # fmt: skip


def test_what_the_system_says_is_never_told_in_english():
    for number in errno.errorcode:
        error = OSError(number, os.strerror(number))
        assert (reason_of(error) == f"le système le refuse (erreur {number})") or os.strerror(number) not in reason_of(error)
    assert reason_of(OSError(errno.ENAMETOOLONG, "File name too long")) == "son nom est trop long"
    assert reason_of(OSError(errno.ENODEV, "No such device")) == "le système le refuse (erreur 19)"


# ---------------------------------------------------------------- too much


def test_formulas_that_read_one_another_too_far_are_told():
    chain = (
        "".join(f"grandeur g{i} : € = g{i + 1} + 1 €  article 1\n" for i in range(400)) + "grandeur g400 : € = 1 €  article 1\n"
    )
    assert {(p.code, p.remedy) for p in verify(HEAD + chain, "essai.tarif")[1]} == {
        ("CYC-03", "Raccourcissez la formule, ou la chaîne des noms qu’elle lit."),
    }  # fmt: skip


def test_more_problems_than_anybody_reads_are_told_to_be_more():
    found = verify(HEAD + "offre audit  article 1\n" + "    rien\n" * 600, "essai.tarif")[1]
    assert (len(found), [p.remedy for p in found if p.code == "LEC-26"]) == (502, ["Corrigez d’abord ceux-ci."])


# ---------------------------------------------------------------- the layout


def test_a_row_that_the_layout_would_change_is_told(tmp_path):
    path = tmp_path / "service.tarif"
    text = f"offre a\n    | {'x' * 72} N+1possible moins |\n"
    path.write_text(text, "utf-8")
    run = tarif("formater", path)
    said = "service.tarif:2:5: MEP-01 La mise en page changerait les mots de cette ligne. → Écrivez-la plus simplement."
    assert (run.status, run.out, run.err.split("\n")[0]) == (1, "", said)
    assert path.read_text("utf-8") == text


# ---------------------------------------------------------------- scope


OUT_OF_SCOPE = {
    "a field without its register": REGISTER + DUE + "    = visite.prix\n",
    "the fields of two registers": REGISTER + REGISTER.replace("visite", "audit")
    + DUE.replace("chaque exercice", "pour chaque visite") + "    = visite.prix + audit.prix\n",
    "a condition on a field without its register": REGISTER.replace("prix : €", "grave : oui ou non")
    + 'refus fermé  article 1\n    pour socle\n    si visite.grave\n    interdit "grave"\n',
    "a day without its register": REGISTER + DUE.replace("chaque exercice", "une fois à la date de visite.le") + "    = 1 €\n",
    "the rank of a member in a limit on the total": DUE + "    = 10 €\nplafond coupe  article 1\n"
    "    porte sur due, sur le total, réduit à proportion\n    au plus 1 € × rang de socle\n"
    "    excédent supporté par le gestionnaire\n",
    "the choice of a member in a limit on the total": DUE + "    = 10 €\nplafond coupe  article 1\n"
    "    porte sur due, sur le total, réduit à proportion\n    au plus 1 €\n    si tient socle\n"
    "    excédent supporté par le gestionnaire\n",
    "the rank of a member in what the host keeps": DUE
    + "    le reste de 1 € × rang de socle à la charge du gestionnaire\n    = 10 €\n",
}  # fmt: skip


@pytest.mark.parametrize("what", OUT_OF_SCOPE)
def test_a_value_of_a_member_or_of_a_row_is_refused_where_nothing_says_which(what):
    found = {p.code for p in verify(HEAD + OUT_OF_SCOPE[what], "essai.tarif")[1]}
    assert found & {"PEU-01", "PEU-04"} != set()
