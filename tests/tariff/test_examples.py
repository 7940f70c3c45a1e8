"""The examples of a file: all that is wrong in one is told at once, and an amount that is not there says why."""

import pytest

from communis.tariff import verify
from factories.blocks import HEAD

BODY = """offre audit "Audit"  article 1
    remis_le : date "remise du rapport"
fait habitants : hab  article 1
    population totale, lu au 1er janvier de N
ligne prix "Audit"  article 1
    pour audit, une fois à la date de audit.remis_le, en fonctionnement
    = 100 €
ligne due "Contribution"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 10 €
ligne par_habitant "Par habitant"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 1 €/hab × habitants
grandeur somme_des_deux : € "les deux"  article 1
    = prix + due
grandeur les_deux : € "l’une, et l’autre s’il y en a"  article 1
    = selon le cas
        si prix ≥ 0 € : prix + due
        sinon         : due
"""
GIVEN = "    exercice 2024\n    tient socle, tient audit depuis le 01/01/2024, audit.remis_le = 01/03/2024\n"
CORRECT = "Corrigez la règle, ou l’exemple si c’est lui qui se trompe."
BOTH = "Une opération dont un terme est sans objet l’est aussi : écrivez les deux cas (« selon le cas »)."


def told(clauses):
    """Return the code, the row within the example, the message and the remedy of each problem of an example."""
    text = f'{HEAD}{BODY}exemple fictif "un"  article 1\n{clauses}'
    first = text.count("\n") - clauses.count("\n")
    problems = verify(text, "essai.tarif")[1]
    return [(p.code, p.place.line - first, p.message.replace("\N{NO-BREAK SPACE}", " "), p.remedy) for p in problems]


def test_every_unknown_name_of_an_example_is_told_at_once():
    assert [
        found[:3] for found in told("    tient socl, habitant = 3 hab\n    donne total = 1 €\n    donne facturé = 2 €\n")
    ] == [
        ("EXE-02", 1, "« socl » n’est défini nulle part."),
        ("EXE-02", 1, "« habitant » n’est défini nulle part."),
        ("EXE-02", 2, "« total » n’est pas un montant que la convention calcule."),
        ("EXE-02", 3, "« facturé » n’est pas un montant que la convention calcule."),
    ]


def test_an_unknown_name_does_not_hide_an_amount_that_is_not_reproduced():
    assert [found[:2] for found in told(GIVEN + "    donne total = 1 €\n    donne due = 11 €\n    donne dues = 2 €\n")] == [
        ("EXE-02", 3),
        ("EXE-01", 4),
        ("EXE-02", 5),
    ]


def test_nothing_is_compared_with_an_amount_while_what_is_given_cannot_be_used():
    assert told("    tient socl\n    donne due = 11 hab\n    donne par_habitant = 9 €\n") == [
        ("EXE-02", 1, "« socl » n’est défini nulle part.", "Le plus proche : socle."),
        ("EXE-02", 2, "« hab » n’est pas l’unité attendue.", "Corrigez l’unité."),
    ]


def test_a_column_that_names_nothing_is_told_once_and_every_row_that_has_not_its_cells():
    grid = "    tient socle\n    | habitants | total |\n    | 1 | 1 € |\n    | 2 |\n    | 3 | 3 € |\n    | 4 |\n"
    assert [found[:3] for found in told(grid)] == [
        ("EXE-02", 2, "« total » n’est pas un montant que la convention calcule."),
        ("EXE-02", 4, "Cette ligne a 1 cases, l’en-tête 2."),
        ("EXE-02", 6, "Cette ligne a 1 cases, l’en-tête 2."),
    ]


def test_what_is_expected_beside_a_table_is_compared_for_each_of_its_rows():
    grid = "    tient socle\n    donne par_habitant = 1 €\n    | habitants | due |\n    | 1 | 10 € |\n    | 2 | 10 € |\n"
    assert [found[:3] for found in told(grid)] == [
        ("EXE-01", 2, "« un » : cet exemple attend 1,00 €, la règle donne 2,00 €."),
    ]


@pytest.mark.parametrize(
    ("expected", "found", "remedy"),
    [
        ("somme_des_deux en 2025", "sans objet, à cause de « prix » (due une fois, le 01/03/2024)", BOTH),
        ("prix en 2025", "sans objet (due une fois, le 01/03/2024)", CORRECT),
        ("par_habitant", "refusé (fait manquant : population totale 2024 (habitants))", CORRECT),
    ],
)
def test_an_amount_that_is_not_there_says_what_is_without_object_or_missing(expected, found, remedy):
    message = f"« un » : cet exemple attend 5,00 €, la règle donne {found}."
    assert told(f"{GIVEN}    donne {expected} = 5 €\n") == [("EXE-01", 3, message, remedy)]


def test_every_term_without_object_is_named():
    assert [found[2] for found in told("    exercice 2024\n    tient audit\n    donne somme_des_deux = 5 €\n")] == [
        "« un » : cet exemple attend 5,00 €, la règle donne sans objet, à cause de « prix » (remise du rapport : pas encore de "
        "date) et « due » (« Socle commun » : offre non tenue)."
    ]


def test_a_sum_of_which_one_term_may_be_without_object_is_written_in_two_cases():
    assert told(f"{GIVEN}    donne les_deux en 2024 = 110 €\n    donne les_deux en 2025 = 10 €\n") == []
