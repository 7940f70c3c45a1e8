"""What the reading of a convention tells about its `adhésion` blocks."""

import pytest

from communis.tariff.convention import verify
from factories.memberships import HEAD, YEARLY

NOTICE = "préavis de 12 mois à compter de la réception"


def told(text):
    """Return the codes of the problems of a convention whose blocks are given."""
    return [(problem.code, problem.severity.value) for problem in verify(HEAD + text, "essai.tarif", examples=False)[1]]


def told_of(*clauses):
    return told("\n".join(["", "adhésion passage durée", *(f"    {clause}" for clause in clauses)]) + "\n")


@pytest.mark.parametrize(
    "clauses",
    [
        ("durée 1 an",),
        ("terme le 30/06/2027", "sortie sans frais le 30/06/2027", "sortie sans frais pour socle et forfaits"),
        ("effet le 01/01/2024", YEARLY, "au plus 6 ans en tout", NOTICE, "sortie de date à date"),
        (YEARLY, "sans maximum", "préavis de 11 mois à compter de la réception", "sortie à la fin de la période"),
        ("terme le 31/12/2024", "reconduction tacite de 1 an, au plus 3 ans en tout", "sortie sans frais le 31/12/2025"),
        ("durée 1 an, reconduction expresse, au plus 6 ans en tout",),
    ],
)
def test_a_sound_block_raises_no_problem(clauses):
    assert told_of(*clauses) == []


@pytest.mark.parametrize(
    ("clauses", "problems"),
    [
        (("sans préavis, sortie de date à date",), [("ADH-01", "erreur")]),
        ((YEARLY,), [("ADH-02", "erreur")]),
        (("durée 10 jours",), [("ADH-03", "erreur")]),
        (("durée 0 an",), [("ADH-03", "erreur")]),
        (("durée 1,5 mois",), [("ADH-03", "erreur")]),
        (("durée 1 an", "effet à la signature", "effet le 01/01/2024"), [("ADH-04", "erreur")]),
        (("durée 1 an", "sans préavis", NOTICE, "sortie de date à date"), [("ADH-04", "erreur")]),
        ((YEARLY, "au plus 6 ans en tout", "sans maximum"), [("ADH-04", "erreur")]),
        (("durée 1 an", "sans préavis", "sortie de date à date", "sortie à la fin de la période"), [("ADH-04", "erreur")]),
        (("terme le 30/06/2027", "sortie sans frais le 31/12/2027"), [("ADH-06", "erreur")]),
        (("terme le 30/06/2027", "effet le 01/07/2027"), [("ADH-06", "erreur")]),
        (("durée 7 ans, reconduction tacite de 1 an, au plus 6 ans en tout",), [("ADH-07", "erreur")]),
        (("durée 1 an, au plus 6 ans en tout",), [("ADH-08", "remarque")]),
        (("durée 1 an, reconduction tacite de 2 ans, au plus 4 ans en tout",), [("ADH-08", "remarque")]),
        ((YEARLY, "sans maximum", NOTICE), [("ADH-09", "remarque")]),
        ((YEARLY, "sans maximum", "sortie de date à date"), [("ADH-09", "remarque")]),
        ((YEARLY, "sans maximum", NOTICE, "sortie à la fin de la période"), [("ADH-10", "remarque")]),
        (("durée 1 an", "pour socl"), [("NOM-01", "erreur")]),
        (("durée 1 an", "sortie sans frais pour socl"), [("NOM-01", "erreur")]),
        (("terme le 31/02/2027",), [("LEC-11", "erreur")]),
        (("durée 1 an", "sortie sans frais le 30/02/2027"), [("LEC-11", "erreur")]),
        (("durée 1 an", "effet le 31/04/2027"), [("LEC-11", "erreur")]),
        (("durée 1 an", "sortie anticipée selon AMB-40"), [("NOM-03", "erreur")]),
    ],
)
def test_a_block_that_cannot_hold_is_told(clauses, problems):
    assert told_of(*clauses) == problems


def test_two_blocks_for_one_offer_are_told():
    general = "\nadhésion passage durée\n    durée 1 an\n"
    named = "\nadhésion passage durée\n    durée 1 an, pour socle\n"
    assert told(general + named) == []
    assert told(general + general) == [("ADH-05", "erreur")]
    assert told(named + named) == [("ADH-05", "erreur")]


def test_the_remark_on_a_long_notice_follows_the_reading_retained():
    text = """
interprétation AMB-11 "Préavis" passage durée
    retenu {}
    possible {}
adhésion passage durée
    durée 1 an, reconduction tacite de 1 an, sans maximum
    préavis de 12 mois à compter de la réception, sortie selon AMB-11
"""
    assert told(text.format("de_date_à_date", "fin_de_période")) == []
    assert told(text.format("fin_de_période", "de_date_à_date")) == [("ADH-10", "remarque")]
    assert told(text.format("fin_de_période", "jamais")) == [("INT-04", "erreur"), ("ADH-10", "remarque")]
