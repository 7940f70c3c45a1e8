"""Workbooks and tables: typed cells, aligned text, and nothing that a spreadsheet or a terminal would obey."""

from datetime import date
from fractions import Fraction

import pytest
from python_calamine import load_workbook
from rich.console import Console

from communis.tariff.rendering.tables import csv_text, print_table, table_text
from communis.tariff.rendering.workbook import fits, write_statement_workbook, write_workbook
from factories.rendered import cells, computed, place

# ---------------------------------------------------------------- workbooks


def test_the_workbook_of_a_result_has_typed_cells(tmp_path):
    write_workbook(computed(), tmp_path / "tout.xlsx")
    book = load_workbook(str(tmp_path / "tout.xlsx"))
    assert book.sheet_names == ["Totaux", "Lignes", "Faits", "Interprétations"]
    totals = cells(tmp_path / "tout.xlsx", "Totaux")
    assert totals[1] == ["Aubépine", "213500135", "commune", "à émettre", 2600, 0, 2600, 2600, "", "", ""]
    assert totals[5][:9] == ["<script>alert(1)</script>", "", "", "à émettre", 250, 50, 300, "", 250]
    assert [row[0:1] + row[4:7] for row in totals[7:]] == [
        ["Total des décomptes", 6250, 50, 6300],
        ["À la charge du gestionnaire", 5532.5, "", 5532.5],
        ["Ensemble", 11782.5, 50, 11832.5],
    ]
    lines = cells(tmp_path / "tout.xlsx", "Lignes")
    line = dict(zip(lines[0], lines[1], strict=True))
    assert [line[key] for key in ("Ligne", "Nature", "Imputation", "Articles", "Résultat", "Montant", "Unité")] == [
        "contribution", "Contribution", "62876", "2", "montant", 2351, "€",
    ]  # fmt: skip
    assert [line[key] for key in ("Service du", "Service au", "Échéance du", "Échéance au", "Exercice budgétaire")] == [
        date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 3, 31), 2025,
    ]  # fmt: skip
    assert len(lines) == 1 + 6 * 6 + 1


def test_the_facts_used_are_listed_once_with_their_source(tmp_path):
    write_workbook(computed(), tmp_path / "tout.xlsx")
    facts = [row[:2] + row[3:9] + row[10:] for row in cells(tmp_path / "tout.xlsx", "Faits")[1:6]]
    year, label = date(2024, 1, 1), "donnée fictive de démonstration"
    training = date(2024, 3, 12)
    assert facts[0] == [
        "Aubépine",
        "habitants (nombre d’habitants)",
        1234,
        "hab",
        "totale",
        year,
        "",
        "@Insee",
        "",
        "Contribution annuelle",
    ]
    assert ["Aubépine", "Formation F1, durée", 2, "jour", "", training, "", "", "", "Formations"] in facts
    bruyere = [row for row in cells(tmp_path / "tout.xlsx", "Faits") if row[0] == "Bruyère"]
    assert [row[10] for row in bruyere] == [label]
    assert cells(tmp_path / "tout.xlsx", "Interprétations")[1] == [
        "AMB-01", "«\xa0habitant\xa0»\xa0: quelle population\xa0?", "totale", "population totale légale", "2",
    ]  # fmt: skip


def test_the_workbook_of_a_member_holds_its_lines_and_their_explanations(tmp_path):
    write_statement_workbook(computed(), place("Bruyère"), tmp_path / "un.xlsx")
    assert load_workbook(str(tmp_path / "un.xlsx")).sheet_names == ["Décompte", "Explications", "Faits", "Interprétations"]
    rows = cells(tmp_path / "un.xlsx", "Décompte")
    assert [row[:3] + row[6:8] for row in rows[1:3]] == [
        [1, "Contribution", "Contribution annuelle", 650, "€"],
        [2, "Coûts partagés", "Coût partagé", 333.33, "€"],
    ]
    assert [row[1:2] + row[6:7] for row in rows[-3:]] == [["Total avant taxe", 983.33], ["Taxe", 0], ["À régler", 983.33]]
    assert cells(tmp_path / "un.xlsx", "Explications")[3] == [
        1, "Contribution annuelle", "  = part fixe + part variable ×\xa0habitants",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        write_statement_workbook(computed(), 99, tmp_path / "nobody.xlsx")


def test_a_number_too_long_for_a_spreadsheet_is_not_rounded_in_silence():
    assert fits(Fraction("9999999999999.99"))
    assert not fits(Fraction("99999999999999.99"))


# ---------------------------------------------------------------- tables of the command line


def test_a_pipe_gets_aligned_text():
    rows = [["Sixt-sur-Aff", Fraction(11065, 2), "à émettre"], ["[red]Île[/red]\x1b[31m", -3, None]]
    assert table_text(["Membre", "Montant", "État"], rows, title="Totaux") == (
        "Totaux\n"
        "Membre               Montant  État\n"
        "Sixt-sur-Aff         5\xa0532,5  à émettre\n"
        "[red]Île[/red]\ufffd[31m       -3\n"
    )


def test_the_table_is_ruled_in_a_terminal_only(capsys):
    print_table(["Nom", "Montant"], [["a", "1,00 €"]], align="lr")
    assert capsys.readouterr().out == "Nom  Montant\na     1,00 €\n"
    console = Console(force_terminal=True, width=40, color_system=None)
    with console.capture() as seen:
        print_table(["Nom", "Montant"], [["[b]a", "1,00 €"]], align="lr", console=console)
    assert "────" in seen.get()
    assert "[b]a" in seen.get()


def test_csv_text_is_never_a_formula_and_numbers_stay_numbers():
    rows = [
        ["=1+1", Fraction(-11065, 2), 3, date(2024, 3, 12), None],
        ["@x", Fraction(1, 3), True, "a;b", "\tx"],
        ["-5", "+", "\0", "", "ok"],
    ]
    assert csv_text(["nom", "=montant", "n", "le", "note"], rows) == (
        "nom;'=montant;n;le;note\r\n'=1+1;-5532,5;3;2024-03-12;\r\n'@x;0,333333333333;oui;\"a;b\";'\tx\r\n'-5;'+;'\0;;ok\r\n"
    )
