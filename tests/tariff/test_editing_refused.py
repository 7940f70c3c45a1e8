"""Edits of a convention that are refused, and why."""

from datetime import date

import pytest

from communis.tariff.language.editing import with_class, with_line_removed, with_price, with_reading, with_version

TEXT = """\
interprétation AMB-01 "Quelle population ?"                             article 7
    retenu totale       "population totale"
    possible municipale "population municipale"
    possible dgf

paramètre part_variable "part variable"                                 article 7.1
    1,50 €/hab depuis le 01/09/2022 par "convention"
paramètre forfait "forfait"                                             article 7.1
    41 000 € depuis le 01/01/2025 jusqu’au 31/12/2026 par "avenant"

barème par classe part_fixe selon habitants                             article 7.1
    moins de 1 500            : 1 500 €
    de 1 500 à moins de 3 000 : 2 000 €
    à partir de 3 000         : gratuit

barème par classe grille selon habitants et AMB-01                      article 7.1
    | habitants       | totale  | municipale |
    | moins de 100    | 10 €    | 20 €       |
    | à partir de 100 | gratuit | 40 €       |

ligne contribution "Contribution"                                       article 7.1
    chaque exercice, en fonctionnement
    = part_fixe + part_variable × habitants
"""


def refusal(edit, *arguments, **named):
    """Return why an edit is refused."""
    try:
        edit(*arguments, **named)
    except ValueError as error:
        return str(error)
    pytest.fail("the edit was made")


def test_a_price_cannot_start_while_the_one_before_runs():
    assert refusal(with_price, TEXT, "forfait", "42 000 €", since=date(2026, 6, 1), act="") == (
        "La valeur de forfait court jusqu’au 31/12/2026 : une autre ne peut commencer le 01/06/2026. "
        "Changez d’abord « jusqu’au »."
    )


@pytest.mark.parametrize(
    "price", ["", "environ 2 €", "-2 €", "2 € 3", "2 € # dit", "2 €\n3 €", "2.50 €", "2 € depuis", "2 €, sans avenant"]
)
def test_only_a_number_and_a_unit_are_a_price(price):
    assert refusal(with_price, TEXT, "part_variable", price, since=None, act="") == (
        f"« {price} » n’est pas un prix : écrivez un nombre et son unité, par exemple « 1,50 €/hab »."
    )


def test_an_act_holds_no_straight_quotes():
    assert (
        refusal(with_price, TEXT, "part_variable", "2 €/hab", since=None, act='avenant "1"')
        == '« avenant "1" » : un libellé tient sur une ligne, sans guillemets droits.'
    )


def test_the_classes_of_a_grid_are_not_changed_one_by_one():
    assert refusal(with_class, TEXT, "grille", 1, bound="moins de 50") == (
        "Les classes de la grille grille se changent dans le texte : une colonne vaut pour toutes les lignes."
    )


def test_a_class_that_does_not_read_is_told():
    assert refusal(with_class, TEXT, "part_fixe", 1, value="1500 € environ") == (
        "« moins de 1 500            : 1 500 € environ » ne se lit pas : « environ » n’est pas attendu ici. "
        "On attend [AMB-01], la fin de la ligne ou un article."
    )


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (1, {"value": "1 € article 7"}),
        (1, {"value": "1 € # dit"}),
        (1, {"value": "1 €\n    autres : 2 €"}),
        (1, {"value": ""}),
        (1, {"bound": "moins de 3 : 4 €"}),
        (1, {"bound": "moins de"}),
        (1, {"value": '"'}),
    ],
)
def test_the_words_of_a_class_say_nothing_else(rank, words):
    message = refusal(with_class, TEXT, "part_fixe", rank, **words)
    assert ("ne se lit pas" in message) + ("autre chose que ce qui est demandé" in message) == 1


def test_a_cell_stays_one_cell():
    assert refusal(with_class, TEXT, "grille", 1, value="1 € | 2 €") == (
        "« | moins de 100    | 1 € | 2 €    | 20 €       | » : ces mots changeraient autre chose que ce qui est demandé."
    )


def test_two_examples_of_the_same_name_are_not_told_apart():
    assert (
        refusal(with_line_removed, 'exemple "un"\n    tient a\nexemple "un"\n    tient b\n', "exemple", "un")
        == "2 règles « exemple » s’appellent « un » : donnez-leur d’abord des noms différents."
    )


@pytest.mark.parametrize(
    ("edit", "arguments", "message"),
    [
        (with_class, ("part_fixé", 1), "Barème introuvable : « part_fixé ». Le plus proche : « part_fixe »."),
        (with_class, ("part_fixe", 4), "Le barème part_fixe n’a pas de classe n° 4 : il en compte 3."),
        (with_class, ("part_fixe", 0), "Le barème part_fixe n’a pas de classe n° 0 : il en compte 3."),
        (
            with_reading,
            ("AMB-01", "municipal"),
            "Lecture de AMB-01 introuvable : « municipal ». Le plus proche : « municipale ».",
        ),
        (with_reading, ("AMB-01", "autre"), "Lecture de AMB-01 introuvable : « autre ». Possibles : dgf, municipale, totale."),
        (with_reading, ("AMB-03", "dgf"), "Interprétation introuvable : « AMB-03 ». Le plus proche : « AMB-01 »."),
        (with_line_removed, ("barême", "part_fixe"), "Sorte de règle introuvable : « barême ». Le plus proche : « barème »."),
        (
            with_line_removed,
            ("ligne", "contributions"),
            "Ligne introuvable : « contributions ». Le plus proche : « contribution ».",
        ),
        (with_line_removed, ("clé", "postes"), "Clé introuvable : « postes ». Le fichier n’en a pas."),
    ],
)
def test_a_name_that_is_not_there_is_told_with_the_nearest(edit, arguments, message):
    assert refusal(edit, TEXT, *arguments) == message


def test_a_parameter_that_is_not_there_is_told_with_the_nearest():
    message = "Paramètre introuvable : « part_variabl ». Le plus proche : « part_variable »."
    assert refusal(with_price, TEXT, "part_variabl", "2 €/hab", since=None, act="") == message


def test_a_file_without_a_convention_has_no_version():
    assert refusal(with_version, "offre a", "1", date(2026, 1, 1)) == "Le fichier n’a pas de bloc « convention »."


def test_a_file_that_does_not_read_is_not_edited():
    message = "Le fichier ne se lit pas, ligne 2 : La ligne s’arrête trop tôt. On attend un nom."
    assert refusal(with_line_removed, "offre a\n    comprend", "offre", "a") == message
