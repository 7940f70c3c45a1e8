"""What is read of the files people send, what is refused, and what is written for their spreadsheets."""

import io
import resource
import time
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from communis.kit.sheets import Limits, Unreadable, disarmed, opened, write_csv, write_xlsx
from factories.hostile import HOSTILE, packed, rows_of_xml, with_parts, workbook

ROWS = [(1, ("nom", "né")), (2, ("Saint-Ours, « la Vallée »", "3,5"))]


def read(content, sheet="", **limits):
    return [(row.line, row.cells) for row in opened(content, Limits(**limits)).rows(sheet)]


def refusal(content, **limits):
    with pytest.raises(Unreadable) as refused:
        read(content, **limits)
    return str(refused.value)


@pytest.mark.covers("INT-03")
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_read_whatever_its_separator_encoding_and_ends_of_line(separator, encoding, end):
    text = end.join([f"nom{separator}né", f'"Saint-Ours, « la Vallée »"{separator}"3,5"', ""])
    assert read(text.encode(encoding)) == ROWS


def test_lines_are_those_of_the_file_even_when_a_cell_has_several():
    assert read(b'sep=;\na;b\n\n"x\ny";1\n;\n2;""""\n') == [(2, ("a", "b")), (4, ("x\ny", "1")), (7, ("2", '"'))]


def test_what_was_read_is_told():
    assert [opened("a;é\n1;2".encode(code)).told for code in ("utf-8", "cp1252")] == [
        "texte UTF-8, colonnes séparées par des points-virgules",
        "texte Windows-1252, colonnes séparées par des points-virgules",
    ]
    assert opened(workbook()).told == "classeur XLSX"


def test_a_spoilt_byte_of_a_utf_8_text_is_shown_in_its_cell():
    assert read("nom;ville\nÉté;Bé\n".encode() + b"Ao\xfbt;x\n") == [
        (1, ("nom", "ville")), (2, ("Été", "Bé")), (3, ("Ao\N{REPLACEMENT CHARACTER}t", "x")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ce fichier est vide. Envoyez un fichier qui a une ligne de titres et des lignes de données."),
        (b"a;b\n\0;1\n" * 3, "Ce fichier n’est pas du texte. Envoyez un tableau au format CSV ou XLSX."),
        (b'a;b\n1;"x\n2;3\n', "Ligne 2, colonne B : un guillemet ouvert n’est jamais refermé. Fermez-le, ou retirez-le."),
        (
            b'a;b\n1;2\n3;"x"y\n',
            "Ligne 3, colonne B : du texte suit un guillemet fermé. Doublez les guillemets qui sont dans le texte.",
        ),
        (
            b"a;b\n1;" + b"x" * 10_000_000,
            "Ligne 2, colonne B : cette cellule est trop longue. Vérifiez qu’un guillemet n’y est pas resté ouvert.",
        ),
        (
            b"a;b\n1;" + b"x" * 10_001,
            "Ligne 2, colonne B : cette cellule a 10001 caractères, c’est trop (au plus 10000). "
            "Vérifiez qu’un guillemet n’y est pas resté ouvert.",
        ),
        (b"%PDF-1.7", "Ce fichier est un PDF : ses tableaux ne se lisent pas. Enregistrez-le au format XLSX ou CSV, "
                      "puis envoyez-le à nouveau."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...",
            "Ce classeur est d’un format ancien, ou protégé par un mot de passe. Enregistrez-le au format XLSX ou CSV, "
            "puis envoyez-le à nouveau.",
        ),
        (
            packed({"content.xml": "<a/>"}),
            "Ce fichier est un classeur ODS. Enregistrez-le au format XLSX ou CSV, puis envoyez-le à nouveau.",
        ),
        (
            packed({"word/document.xml": "<a/>"}),
            "Ce fichier n’est pas un classeur. Copiez son tableau dans un tableur, enregistrez-le en XLSX ou en CSV.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_what_to_do(content, said):
    assert refusal(content) == said


@pytest.mark.covers("SEC-17")
def test_a_file_larger_than_allowed_is_refused():
    assert refusal(b"a;b\n" * 300_000, size=1024 * 1024).startswith("Ce fichier est trop lourd : au plus 1 Mo.")
    assert refusal(b"a;b\n" * 12, rows=10).startswith("Ce fichier a trop de lignes : au plus 10.")
    assert len(read(b"a;b\n" * 11, rows=10)) == 11
    assert refusal(b";".join([b"a"] * 201)).startswith("Ligne 1 : 201 colonnes, au plus 200 sont lues.")


@pytest.mark.covers("SEC-17")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_workbook_made_to_harm_is_refused_at_once(name):
    content = HOSTILE[name]()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert refusal(content).startswith(("Ce classeur est", "Ce fichier est une archive", "La feuille est trop grande"))
    assert time.process_time() - start < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_a_workbook_of_too_many_lines_is_refused_with_their_true_number():
    content = workbook([["Nom", "Type"], *([f"Commune {n}", "Commune"] for n in range(1_500))])
    assert refusal(content, rows=100) == (
        "La feuille est trop grande : 1501 lignes et 2 colonnes, au plus 100 lignes et 200 colonnes. Une cellule égarée loin du "
        "tableau suffit : supprimez les lignes et les colonnes vides, puis renvoyez le fichier."
    )


def test_cells_of_a_workbook_become_what_a_person_would_have_typed():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(2, 1, [1001, 1234.56, True, 35600000000048, 1e-7])
        sheet.write_datetime(2, 6, datetime(2026, 1, 31), day)
        sheet.write_formula(2, 7, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 8, "=1+1", None, 2)
        sheet.write_number(2, 9, 46053)
    assert read(made.getvalue()) == [
        (3, ("", "1001", "1234.56", "oui", "35600000000048", "0.0000001", "2026-01-31", "#DIV/0!", "2", "46053"))
    ]


def test_a_formula_whose_result_is_not_in_the_file_is_refused_by_its_cell():
    sheet = rows_of_xml(b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f></c></row>')
    assert refusal(with_parts(sheet=sheet)) == (
        "La cellule B1 a une formule dont le résultat n’est pas dans le fichier. "
        "Ouvrez-le dans un tableur, enregistrez-le, puis renvoyez-le."
    )


def test_the_sheets_of_a_workbook_can_be_chosen():
    content = workbook(Autre=[["x"], ["y"]])
    assert opened(content).sheets == ("Feuille", "Autre")
    assert read(content, "Autre") == [(1, ("x",)), (2, ("y",))]
    with pytest.raises(Unreadable, match="pas de feuille « Rien »"):
        read(content, "Rien")


FORMULAS = ["=1+1", "+33 6", "-2", "@x", "\t=1", "\r=1", "\0=1", "＝1", "＋1", "－1", "＠1", " =1", "\N{NO-BREAK SPACE}=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_disarmed(text):
    assert disarmed(text) == "'" + text.replace("\0", "")


VALUES = ["Aubépine", Decimal("-9.00"), 12, date(2026, 1, 1), True, None, datetime(2026, 1, 1, 9, 5, tzinfo=UTC), "=1+1"]


@pytest.mark.covers("INT-03")
def test_a_csv_export_is_read_in_french_and_its_numbers_stay_numbers():
    written = b"".join(write_csv(["nom", "montant"], [VALUES[:2], ['; "a"\nb', Decimal("1234.5")]])).decode()
    assert written == '\ufeffnom;montant\r\nAubépine;-9,00\r\n"; ""a""\nb";1234,5\r\n'
    rest = b"".join(write_csv(list("abcdef"), [VALUES[2:]])).decode()
    assert rest == "\ufeffa;b;c;d;e;f\r\n12;01/01/2026;oui;;01/01/2026 10:05;'=1+1\r\n"


@pytest.mark.covers("INT-03")
def test_an_xlsx_export_holds_types_and_no_formula():
    made = io.BytesIO()
    write_xlsx(made, "Une liste : [2026]", ["=titre", *"bcdefgh"], [VALUES, FORMULAS[:8]], made_at=datetime(2026, 1, 1))
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.getvalue()))
    sheet = book.get_sheet_by_index(0)
    assert book.sheet_names == ["Une liste    2026"]
    assert sheet.to_python() == [
        ["=titre", *"bcdefgh"],
        ["Aubépine", -9.0, 12.0, date(2026, 1, 1), "oui", "", datetime(2026, 1, 1, 10, 5), "=1+1"],
        [text.replace("\0", "") for text in FORMULAS[:8]],
    ]
    assert b"<f>" not in _part(made.getvalue(), "xl/worksheets/sheet1.xml")


def _part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


def test_figures_that_a_workbook_would_lose_are_kept_as_text():
    made = io.BytesIO()
    write_xlsx(made, "x", ["a"], [[12345678901234567], [Decimal("1234567890123.4567")]], made_at=datetime(2026, 1, 1))
    assert CalamineWorkbook.from_filelike(io.BytesIO(made.getvalue())).get_sheet_by_index(0).to_python() == [
        ["a"], ["12345678901234567"], ["1234567890123,4567"],
    ]  # fmt: skip


def test_a_text_too_long_for_a_cell_is_cut_aloud():
    made = io.BytesIO()
    write_xlsx(made, "x", ["a"], [["x" * 40_000]], made_at=datetime(2026, 1, 1))
    cell = CalamineWorkbook.from_filelike(io.BytesIO(made.getvalue())).get_sheet_by_index(0).to_python()[1][0]
    assert (len(cell), cell[-45:]) == (32_767, " [… texte coupé : trop long pour une cellule]")


def test_a_float_is_not_exported():
    with pytest.raises(TypeError, match=r"Nothing says how to export 0\.1"):
        b"".join(write_csv(["a"], [[0.1]]))


def test_what_is_exported_is_read_back():
    rows = [("nom", "téléphone"), ("Aubépine", "+33 2 99 00 00 00"), ("=", "-")]
    assert [cells for _, cells in read(b"".join(write_csv(rows[0], rows[1:])))] == rows


def test_a_hundred_thousand_rows_are_written_in_little_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = ((f"Commune {rank}", Decimal(rank), date(2026, 1, 1)) for rank in range(100_000))
    with open("/dev/null", "wb") as nowhere:
        write_xlsx(nowhere, "x", ["a", "b", "c"], rows, made_at=datetime(2026, 1, 1))
    for _ in write_csv(["a"], ([rank] for rank in range(100_000))):
        pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def said_of(content):
    """What a file says, or why it is refused."""
    try:
        return read(content)
    except Unreadable as why:
        return str(why)


@given(st.one_of(st.binary(max_size=400), st.text("ab\"';,\t|\r\n\0é =", max_size=80).map(str.encode)))
def test_any_bytes_are_read_or_refused_in_words(content):
    said = said_of(content)
    assert said[0].isupper() if isinstance(said, str) else said == sorted(said, key=lambda row: row[0])


ANY_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12)


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT)))
@example([("=", "'=", "''="), (" =1", "' =1", " '-")])
def test_what_is_exported_is_what_is_imported(rows):
    kept = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows if any(map(str.strip, row))]
    assert [cells for _, cells in read(b"".join(write_csv(["a", "b", "c"], kept)))][1:] == kept
