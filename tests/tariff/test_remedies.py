"""What a message says to the person who writes a convention or types a table: the exact fault, and a remedy that works."""

import re
from pathlib import Path

import pytest

from communis.tariff import ProblemsFound, read_text, tables_of, verify
from communis.tariff.language.parser import RESERVED
from factories.blocks import HEAD, computed, held, line, members, said, small

REFERENCE = Path(__file__).parents[2] / "docs" / "fr" / "reference.md"
READINGS = """interprétation AMB-01 "une ?"  article 1
    retenu a "la première"
    possible b "la seconde"
interprétation AMB-02 "deux ?"  article 1
    retenu a "la première"
    possible b "la seconde"
"""


def told(body):
    """Return the code, the message and the remedy of each problem."""
    return [(p.code, p.message, p.remedy) for p in verify(HEAD + body, "essai.tarif")[1] if p.code != "INT-02"]


def owed(clauses, margin=""):
    return f"ligne due  article 1{margin}\n    pour socle, chaque exercice, en fonctionnement\n{clauses}    = 10 €\n"


# ------------------------------------------------------------------ tables


STEPS = """offre audit "Audit"  article 1
    rapport_remis_le : date "remise du rapport"
offre complète "Offre complète"  article 1
    comprend audit
ligne due  article 1
    pour audit, une fois à la date de audit.rapport_remis_le, en fonctionnement
    = 10 €
"""


def test_a_step_typed_on_the_row_of_another_offer_is_told():
    rows = [*held("socle", "A", rapport_remis_le="15/03/2024"), *held("complète", "A", rapport_remis_le="15/04/2024")]
    with pytest.raises(ProblemsFound) as found:
        tables_of(small(STEPS).model, {"membres": members("A"), "choix": rows})
    assert [(p.file, p.place.line, p.place.column, p.code, p.message, p.remedy) for p in found.value.problems] == [
        (
            "choix",
            1,
            5,
            "TAB-24",
            "Colonne « rapport_remis_le » : l’offre socle n’a pas cette étape : elle est à audit.",
            "Portez cette date sur la ligne de l’offre audit, et laissez la case vide.",
        )
    ]


def test_a_step_typed_on_the_offer_that_includes_its_own_is_read():
    result = computed(small(STEPS), choix=held("complète", "A", rapport_remis_le="15/04/2024"))
    assert said(result, "due") == "10.00"


MEASURED = """fait habitants : hab  article 1
    population totale
ligne due  article 1
    pour socle, chaque exercice, en fonctionnement
    = 1 €/hab × habitants
"""
MISSING = "fait manquant : population totale 2024 (habitants)"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"nature": "", "date": "01/01/2024"}, f"{MISSING} ; une valeur sans nature existe"),
        ({"nature": "Municipale", "date": "01/01/2024"}, f"{MISSING} ; une valeur municipale existe"),
        (
            {"nature": "totale", "date": "15/03/2024"},
            f"{MISSING} ; une valeur du 15/03/2024 existe, après le 01/01/2024",
        ),
        ({"nature": "totale", "date": "01/01/2022"}, MISSING),
    ],
)
def test_a_missing_fact_tells_the_value_that_is_not_read(row, reason):
    facts = [{"membre": "A", "fait": "habitants", "valeur": "5", **row}]
    assert said(computed(small(MEASURED), choix=held("socle", "A"), faits=facts), "due") == reason


def test_a_missing_fact_never_tells_the_value_of_another_member():
    facts = [{"membre": "B", "fait": "habitants", "valeur": "5", "nature": "dgf", "date": "01/01/2024"}]
    assert said(computed(small(MEASURED), choix=held("socle", "A", "B"), faits=facts), "due") == MISSING


# ------------------------------------------------------------------ interpretations between brackets


@pytest.mark.parametrize("between", [", ", " ; ", " et "])
def test_interpretations_are_listed_between_brackets_as_articles_are(between):
    assert told(READINGS + owed("", f" [AMB-01{between}AMB-02]")) == []


def test_interpretations_that_nothing_separates_are_told_once():
    assert told(READINGS + owed("", " [AMB-01 AMB-02]")) == [
        ("NOM-04", "Entre crochets, une virgule sépare les noms des interprétations.", "Écrivez [AMB-01, AMB-02].")
    ]


def test_two_pairs_of_brackets_are_told_to_be_one():
    assert told(READINGS + owed("", " [AMB-01] [AMB-02]")) == [
        ("LEC-10", "Deux paires de crochets se suivent.", "Une seule suffit : [AMB-01, AMB-02].")
    ]


def test_an_interpretation_that_nothing_declares_is_told_once():
    assert told(owed("", " [AMB-09]")) == [
        ("NOM-03", "L’interprétation AMB-09 n’est pas déclarée.", 'Déclarez-la : interprétation AMB-09 "…"')
    ]


# ------------------------------------------------------------------ scales


def scale(*rows, unit="hab", kind="population totale"):
    declared = f"fait quantité : {unit}  article 1\n" + (f"    {kind}\n" if kind else "")
    return declared + "barème par classe prix selon quantité  article 1\n" + "".join(f"    {row}\n" for row in rows)


def scale_messages(*rows, **more):
    found = ((code, message.replace("\N{NO-BREAK SPACE}", " ")) for code, message, _ in told(scale(*rows, **more)))
    return [(code, message.partition(". Un de plus")[0].rstrip(".")) for code, message in found]


HOLE = "Aucune classe du barème prix ne dit la valeur"
OVERLAP = "Deux classes du barème prix donnent chacune une valeur"


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (("moins de 1 500 : 1 €", "à partir de 3 000 : 2 €"), "de 1 500 hab à moins de 3 000 hab"),
        (("moins de 1 500 : 1 €", "plus de 3 000 : 2 €"), "de 1 500 hab à 3 000 hab"),
        (("jusqu’à 1 500 : 1 €", "à partir de 3 000 : 2 €"), "de 1 501 hab à moins de 3 000 hab"),
        (("moins de 1 500 : 1 €", "plus de 1 500 : 2 €"), "à 1 500 hab"),
        (("moins de 1 500 : 1 €", "à partir de 1 501 : 2 €"), "à 1 500 hab"),
        (("de 2 à 10 : 1 €", "plus de 10 : 2 €"), "au-dessous de 2 hab"),
        (("moins de 10 : 1 €", "de 10 à moins de 20 : 2 €"), "à partir de 20 hab"),
        (("moins de 10 : 1 €", "de 10 à 20 : 2 €"), "au-dessus de 20 hab"),
    ],
)
def test_a_hole_of_a_scale_is_said_with_its_ends(rows, where):
    assert scale_messages(*rows) == [("BAR-02", f"{HOLE} {where}")]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (("moins de 10 : 1 €", "plus de 20 : 2 €"), "de 10 jours à 20 jours"),
        (("jusqu’à 10 : 1 €", "à partir de 20 : 2 €"), "de plus de 10 jours à moins de 20 jours"),
        (("moins de 10 : 1 €", "plus de 10 : 2 €"), "à 10 jours"),
    ],
)
def test_a_hole_of_a_measured_quantity_is_not_counted_by_units(rows, where):
    assert scale_messages(*rows, unit="jour", kind="") == [("BAR-02", f"{HOLE} {where}")]


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (("moins de 1 500 : 1 €", "à partir de 1 400 : 2 €"), "de 1 400 hab à moins de 1 500 hab"),
        (("jusqu’à 1 500 : 1 €", "à partir de 1 500 : 2 €"), "à 1 500 hab"),
        (("moins de 1 500 : 1 €", "jusqu’à 1 000 : 2 €", "à partir de 1 500 : 3 €"), "jusqu’à 1 000 hab"),
        (("à partir de 0 : 1 €", "à partir de 1 000 : 2 €"), "à partir de 1 000 hab"),
    ],
)
def test_an_overlap_of_a_scale_is_said_from_end_to_end(rows, where):
    assert scale_messages(*rows) == [("BAR-01", f"{OVERLAP} {where} (l. 14 et 15)")]


def test_classes_inside_another_are_no_hole():
    rows = ("moins de 100 : 1 €", "de 10 à 20 : 2 €", "de 50 à 60 : 3 €", "à partir de 100 : 4 €")
    assert [code for code, _ in scale_messages(*rows)] == ["BAR-01", "BAR-01"]


# ------------------------------------------------------------------ words


def test_a_refused_word_is_never_its_own_remedy():
    assert told(owed("    facturée en cours d’exercice\n"))[0] == (
        "LEC-10",
        "« en cours » n’est pas attendu ici.",
        "On attend « en début de », « en début d’exercice » ou « en fin d’exercice ».",
    )


def test_a_line_whose_first_word_alone_is_known_is_told_what_it_may_say():
    assert told(owed("    dans la partie courante\n"))[0] == (
        "LEC-08",
        "Aucune ligne d’un bloc « ligne » ne s’écrit ainsi.",
        "On peut écrire « dans la section de ».",
    )


def test_the_reference_lists_the_reserved_words():
    paragraph = re.search(r"## Les mots réservés\n\n.*?\n\n(.*?)\n\n", REFERENCE.read_text("utf-8"), re.S)
    assert set(re.findall(r"`([^`]+)`", paragraph[1])) == RESERVED


def test_a_reserved_word_sends_to_the_list_of_them():
    body = "fait donne : date  article 1\n"
    assert told(body) == [
        (
            "NOM-02",
            "« donne » est un mot réservé de la langue.",
            "Choisissez un autre nom, par exemple donne_du_membre ; la référence en a la liste, « Les mots réservés ».",
        )
    ]


# ------------------------------------------------------------------ dates of payment


@pytest.mark.parametrize(
    ("words", "due"),
    [("en début d’exercice", "01/01/2024"), ("en début de N", "01/01/2024"), ("en début de N+1", "01/01/2025")],
)
def test_a_line_falls_due_at_the_start_of_an_exercise(words, due):
    result = computed(small(owed(f"    facturée {words}\n")), choix=held("socle", "A"))
    assert [(f"{d.first:%d/%m/%Y}", f"{d.last:%d/%m/%Y}") for d in line(result, "due").due] == [(due, due)]


def test_the_start_of_an_exercise_is_its_own_first_day():
    shifted = HEAD.replace("du 1er janvier au 31 décembre", "du 1er juillet au 30 juin")
    convention = read_text(shifted + owed("    facturée en début de N+1\n"))
    result = computed(convention, choix=held("socle", "A"))
    assert [f"{d.first:%d/%m/%Y}" for d in line(result, "due").due] == ["01/07/2025"]


# ------------------------------------------------------------------ examples


@pytest.mark.parametrize("sign", ["", "= "])
def test_an_example_may_write_that_nothing_applies_after_an_equal_sign(sign):
    example = f'exemple fictif "e"  article 1\n    tient socle\n    donne due {sign}sans objet\n'
    assert told(owed("    si non\n") + example) == []


@pytest.mark.parametrize("sign", ["", "= "])
@pytest.mark.parametrize("words", ["à décider", 'refusé "à décider"'])
def test_an_example_may_write_a_refusal_after_an_equal_sign(sign, words):
    refusal = 'refus renvoi  article 1\n    pour socle\n    si oui\n    à décider "examen"\n'
    example = f'exemple fictif "e"  article 1\n    tient socle\n    donne due {sign}{words}\n'
    assert told(owed("") + refusal + example) == []


# ------------------------------------------------------------------ prices to supply


BRANCHES = """interprétation AMB-01 "prix ?"  article 1
    {choice}
    possible b "le prix inconnu"
paramètre inconnu : € "Prix inconnu"  article 1
    à fournir "le texte"
paramètre connu "Prix connu"  article 1
    10 €
ligne due  article 1
    pour socle, chaque exercice, en fonctionnement
    = selon le cas
        si AMB-01 = a : connu
        sinon : inconnu
"""


def severities(body):
    return [(p.code, p.severity.value) for p in verify(HEAD + body, "essai.tarif")[1]]


def test_a_price_to_supply_that_only_another_reading_uses_prevents_nothing():
    body = BRANCHES.format(choice='retenu a "le prix connu"')
    assert severities(body) == [("FOU-01", "remarque")]


def test_a_price_to_supply_is_an_obstacle_while_its_reading_is_not_settled():
    body = BRANCHES.format(choice='à trancher "les élus"\n    possible a "le prix connu"')
    assert severities(body) == [("TRA-01", "obstacle"), ("FOU-01", "obstacle")]


def test_a_price_to_supply_that_the_retained_reading_uses_is_an_obstacle():
    body = BRANCHES.format(choice='possible a "le prix connu"').replace("possible b", "retenu b")
    assert severities(body) == [("FOU-01", "obstacle")]


def test_a_class_to_supply_of_another_reading_prevents_nothing():
    body = """interprétation AMB-01 "prix ?"  article 1
    retenu a "le prix connu"
    possible b "le prix inconnu"
barème par classe prix : € selon AMB-01  article 1
    a : 10 €
    b : à fournir "le texte"
ligne due  article 1
    pour socle, chaque exercice, en fonctionnement
    = prix
"""
    assert severities(body) == []


# ------------------------------------------------------------------ what people type, and what they meant


def test_a_space_that_never_breaks_is_a_space_in_what_an_example_expects():
    body = "fait habitants : hab  article 1\n    population totale\n" + owed("").replace("10 €", "1 €/hab × habitants")
    expected = "fait\u00a0manquant\u00a0: population\u202ftotale"
    example = f'exemple fictif "e"  article 1\n    tient socle\n    donne due refusé "{expected}"\n'
    assert told(body + example) == []


@pytest.mark.parametrize(
    ("body", "remedy"),
    [
        (owed("").replace("10 €", "gratuit"), "Écrivez « 0 € »."),
        ('offre réseau "R" dans briques  article 1\n', 'Déclarez-la, groupe ou offre : offre briques "…".'),
        ("barème par classe b selon rang de socle  article 1\n    = 1 : 1 €\n",
         "Nommez-la : « grandeur … = … », puis « selon » ce nom."),
    ],
)  # fmt: skip
def test_what_people_write_first_is_answered_with_what_to_write(body, remedy):
    assert [r for _, _, r in told(body)] == [remedy]


def test_a_plain_number_is_written_without_a_unit():
    body = "grandeur année : nombre  article 1\n    = rang de socle\nbarème par classe b selon année  article 1\n    = 1 : 1 €\n"
    assert [m.partition(".")[0] for _, m, _ in told(body)] == ["Aucune classe du barème b ne dit la valeur au-dessus de 1"]


def test_for_two_offers_is_said_of_a_refusal_as_of_a_line():
    body = 'offre audit  article 1\nrefus fermé  article 1\n    pour socle et audit\n    si tient audit\n    interdit "fermé"\n'
    assert [code for code, _, _ in told(body)] == ["FOR-10"]
