"""Editing a convention by program: the words concerned change, nothing else."""

from datetime import date

import pytest

from communis.tariff.convention import verify
from communis.tariff.language.editing import with_class, with_line_removed, with_price, with_reading, with_version
from communis.tariff.language.layout import formatted

# In the layout, so that the columns follow.
TEXT = """\
# Tout est inventé.

convention "Service commun"
    gestionnaire "Syndicat d’exemple"
    version "2" du 01/09/2022 au 31/12/2025  # signée
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par siren
    prorata aucun
    taxe hors taxe

article 7 "Modalités"
article 7.1 "Coût"

interprétation AMB-01 "Quelle population ?"                             article 7
    retenu totale       "population totale"
    # celle de l’INSEE
    possible municipale "population municipale"
    possible dgf

interprétation AMB-02 "Entrée en cours d’année"                         article 7
    à trancher "le texte ne le dit pas"  # à voter
    possible aucun      "année entière"
    possible en_jours   "au nombre de jours"

fait habitants : hab "habitants"                                        article 7
    population selon AMB-01, lu au 1er janvier de N

offre socle "Socle"                                                     article 7

# ---- prix

paramètre part_variable "part variable"                                 article 7.1
    1,50 €/hab depuis le 01/09/2022 par "convention"  # votée
    # la suite est à venir
paramètre coût : € "coût de l’année"                                    article 7.1
    à fournir "actualisé chaque année"
paramètre forfait "forfait"                                             article 7.1
    lu à la date de l’événement
    40 000 € jusqu’au 31/12/2024, sans avenant
    41 000 € depuis le 01/01/2025 jusqu’au 31/12/2026 par "avenant"     [AMB-01]

barème par classe part_fixe selon habitants                             article 7.1
    moins de 1 500            : 1 500 €
    de 1 500 à moins de 3 000 : 2 000 €  # la plupart
    à partir de 3 000         : à décider "un examen
        des moyens"                                                     article 7

barème par classe grille selon habitants et AMB-01                      article 7.1
    depuis le 01/01/2020
    | habitants        | totale  | municipale |
    | moins de 100     | 1 €     | 2 €        |
    | à partir de 100  | gratuit | 4 €        |
    depuis le 01/01/2024
    | habitants        | totale  | municipale |
    | moins de 100     | 10 €    | 20 €       |
    | à partir de 100  | gratuit | 40 €       |

# contribution annuelle
ligne contribution "Contribution"                                       article 7.1
    pour socle, chaque exercice, en fonctionnement
    # la formule
    = part_fixe + part_variable × habitants

exemple "commune de 2 000 habitants"                                    article 7.1
    habitants = 2 000 hab, tient socle
    donne contribution = 5 000 €
"""
TEXT = formatted(TEXT)


def changed(before, after):
    """Return the rows taken away and the rows added, in order."""
    old, new = before.split("\n"), after.split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


# ---------------------------------------------------------------- prices


def test_a_price_is_replaced_and_keeps_its_date_its_act_and_its_comment():
    assert changed(TEXT, with_price(TEXT, "part_variable", "1,60 €/hab", since=None, act="")) == (
        ['    1,50 €/hab depuis le 01/09/2022 par "convention"  # votée'],
        ['    1,60 €/hab depuis le 01/09/2022 par "convention"  # votée'],
    )


def test_a_price_replaced_takes_its_new_act():
    assert changed(TEXT, with_price(TEXT, "part_variable", "1,60", since=None, act="avenant n° 1"))[1] == [
        '    1,60 €/hab depuis le 01/09/2022 par "avenant n° 1"  # votée'
    ]


def test_an_act_is_added_to_a_price_that_had_none():
    text = 'paramètre x "x"\n  2 € depuis le 01/01/2024, sans avenant'
    assert with_price(text, "x", "3 €", since=None, act="délibération") == (
        'paramètre x "x"\n  3 € depuis le 01/01/2024 par "délibération", sans avenant'
    )


def test_the_price_replaced_without_a_date_is_the_latest():
    assert changed(TEXT, with_price(TEXT, "forfait", "42000", since=None, act="")) == (
        ['    41 000 € depuis le 01/01/2025 jusqu’au 31/12/2026 par "avenant"     [AMB-01]'],
        ['    42 000 € depuis le 01/01/2025 jusqu’au 31/12/2026 par "avenant"     [AMB-01]'],
    )


def test_a_price_from_a_date_is_added_below_the_one_before():
    assert changed(TEXT, with_price(TEXT, "part_variable", "1,60", since=date(2026, 1, 1), act="avenant n° 1")) == (
        [],
        ['    1,60 €/hab depuis le 01/01/2026 par "avenant n° 1"'],
    )


def test_a_price_from_a_date_before_all_is_added_below_them():
    assert changed(TEXT, with_price(TEXT, "part_variable", "1,40", since=date(2020, 1, 1), act="")) == (
        [],
        ["    1,40 €/hab depuis le 01/01/2020"],
    )


def test_a_price_of_the_same_day_is_replaced():
    assert changed(TEXT, with_price(TEXT, "part_variable", "1,60", since=date(2022, 9, 1), act=""))[1] == [
        '    1,60 €/hab depuis le 01/09/2022 par "convention"  # votée'
    ]


def test_a_parameter_to_supply_takes_its_price():
    assert changed(TEXT, with_price(TEXT, "coût", "600000", since=date(2026, 1, 1), act="budget")) == (
        ['    à fournir "actualisé chaque année"'],
        ['    600 000 € depuis le 01/01/2026 par "budget"'],
    )


# ---------------------------------------------------------------- classes


def test_a_class_changes_its_value():
    assert changed(TEXT, with_class(TEXT, "part_fixe", 2, value="2100 €")) == (
        ["    de 1 500 à moins de 3 000 : 2 000 €  # la plupart"],
        ["    de 1 500 à moins de 3 000 : 2 100 €  # la plupart"],
    )


def test_a_class_changes_its_bound_and_the_columns_follow():
    assert changed(TEXT, with_class(TEXT, "part_fixe", 2, bound="de 1500 à moins de 10000")) == (
        [
            "    moins de 1 500            : 1 500 €",
            "    de 1 500 à moins de 3 000 : 2 000 €  # la plupart",
            '    à partir de 3 000         : à décider "un examen des moyens"        article 7',
        ],
        [
            "    moins de 1 500             : 1 500 €",
            "    de 1 500 à moins de 10 000 : 2 000 €  # la plupart",
            '    à partir de 3 000          : à décider "un examen des moyens"       article 7',
        ],
    )


def test_a_class_changes_both_and_keeps_its_margin():
    assert changed(TEXT, with_class(TEXT, "part_fixe", 3, value="gratuit", bound="à partir de 3 500"))[1] == [
        "    à partir de 3 500         : gratuit                                 article 7"
    ]


def test_the_words_of_a_class_over_several_rows_are_replaced_whole():
    text = 'barème par classe b selon c\n  moins de 3 : à décider "un\n     motif"  article 7\n  à partir de 3 : 1 €\n'
    assert with_class(text, "b", 1, value="2 €") == (
        "barème par classe b selon c\n  moins de 3 : 2 €  article 7\n  à partir de 3 : 1 €\n"
    )


def test_the_cells_of_a_grid_are_those_of_its_latest_period():
    assert changed(TEXT, with_class(TEXT, "grille", 3, value='à décider "motif"'))[1] == [
        "    | habitants       | totale            | municipale |",
        "    | moins de 100    | 10 €              | 20 €       |",
        '    | à partir de 100 | à décider "motif" | 40 €       |',
    ]


# ---------------------------------------------------------------- versions


def test_a_version_takes_the_place_of_the_one_before_and_of_its_end():
    assert changed(TEXT, with_version(TEXT, "3", date(2026, 1, 1))) == (
        ['    version "2" du 01/09/2022 au 31/12/2025  # signée'],
        ['    version "3" du 01/01/2026  # signée'],
    )


def test_a_version_is_added_below_the_host():
    text = 'convention "a"\n  gestionnaire "b" # chez nous\n  taxe hors taxe\n'
    assert with_version(text, "1", date(2026, 1, 1)) == (
        'convention "a"\n  gestionnaire "b" # chez nous\n  version "1" du 01/01/2026\n  taxe hors taxe\n'
    )


def test_a_version_is_added_to_a_bare_convention():
    assert with_version('convention "a"', "1", date(2026, 1, 1)) == 'convention "a"\n    version "1" du 01/01/2026'


# ---------------------------------------------------------------- readings


def test_another_reading_is_retained():
    assert changed(TEXT, with_reading(TEXT, "AMB-01", "dgf")) == (
        [
            '    retenu totale       "population totale"',
            "    # celle de l’INSEE",
            '    possible municipale "population municipale"',
            "    possible dgf",
        ],
        [
            '    possible totale     "population totale"',
            "    # celle de l’INSEE",
            '    possible municipale "population municipale"',
            "    retenu dgf",
        ],
    )


def test_an_open_interpretation_is_settled_and_its_comment_stays():
    assert changed(TEXT, with_reading(TEXT, "AMB-02", "en_jours")) == (
        [
            '    à trancher "le texte ne le dit pas"  # à voter',
            '    possible aucun    "année entière"',
            '    possible en_jours "au nombre de jours"',
        ],
        [
            "    # à voter",
            '    possible aucun  "année entière"',
            '    retenu en_jours "au nombre de jours"',
        ],
    )


def test_settling_an_interpretation_lifts_the_obstacle():
    settled = with_reading(TEXT, "AMB-02", "aucun")
    codes = [[p.code for p in verify(t, "", examples=False)[1] if p.code == "TRA-01"] for t in (TEXT, settled)]
    assert codes == [["TRA-01"], []]


def test_the_reading_already_retained_changes_nothing():
    assert with_reading(TEXT, "AMB-01", "totale") == TEXT


# ---------------------------------------------------------------- rules removed


def test_a_rule_is_removed_and_the_comment_above_stays():
    assert changed(TEXT, with_line_removed(TEXT, "ligne", "contribution")) == (
        [
            'ligne contribution "Contribution"                                       article 7.1',
            "    pour socle, chaque exercice, en fonctionnement",
            "    # la formule",
            "    = part_fixe + part_variable × habitants",
        ],
        [],
    )


@pytest.mark.parametrize(
    ("kind", "name", "rows"),
    [
        ("article", "7", ['article 7 "Modalités"']),
        ("passage", "vote", ['passage vote "Vote"']),
        ("barème", "b", ["barème progressif b selon c", "    autres : 1 €", ""]),
        ("exemple", "un", ['exemple "un"', "    tient a", ""]),
        ("adhésion", "Durée", ['adhésion "Durée"', "    durée 1 an"]),
    ],
)
def test_every_kind_of_rule_is_removed_by_its_name(kind, name, rows):
    text = (
        'article 7 "Modalités"\npassage vote "Vote"\n\nbarème progressif b selon c\n    autres : 1 €\n\n'
        'exemple "un"\n    tient a\n\nadhésion "Durée"\n    durée 1 an\n'
    )
    removed = "\n".join(rows) + "\n"
    assert with_line_removed(text, kind, name) == formatted(text.replace(removed, ""))


def test_no_two_blank_rows_are_left():
    assert with_line_removed("offre  a\n\nunité b\n\n\nunité c\n", "unité", "b") == "offre  a\n\nunité c\n"


# ---------------------------------------------------------------- files


def test_a_file_out_of_the_layout_keeps_its_spaces():
    text = 'paramètre  x   "x"     article 7\n  1,50   €/hab    # votée\n\n\n\noffre   a'
    assert with_price(text, "x", "1,60", since=None, act="") == text.replace("1,50   €/hab", "1,60 €/hab")


def test_a_file_in_the_layout_stays_in_it():
    edits = [
        with_price(TEXT, "forfait", "1 €", since=date(2027, 1, 1), act="avenant"),
        with_class(TEXT, "grille", 1, value='à décider "motif"'),
        with_version(TEXT, "version signée", date(2026, 1, 1)),
        with_reading(TEXT, "AMB-02", "aucun"),
        with_line_removed(TEXT, "offre", "socle"),
    ]
    assert [formatted(text) == text for text in edits] == [True] * 5
