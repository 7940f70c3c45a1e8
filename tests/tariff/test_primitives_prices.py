"""Primitives 7 to 17: the shapes a price takes, both sides of every bound."""

import pytest

from communis.tariff import ProblemsFound, tables_of
from factories.blocks import block, codes, computed, each, facts, held, members, said, small

TOWN = held("socle", "A")


def amounts(name, line, fact, values, **read):
    """Return what a line of a block gives one member for each value of a fact."""
    convention = block(name)
    return [said(computed(convention, choix=TOWN, faits=facts(fact, A=value, **read)), line) for value in values]


def test_a_fixed_part_is_due_by_whoever_holds_the_offer():
    result = computed(block("part_fixe"), choix=TOWN, membres=members("A", "B"))
    assert each(result, "part_fixe") == {"A": "600.00", "B": "sans objet"}


def test_a_unit_price_multiplies_a_driver():
    found = amounts("tarif_par_habitant", "part_proportionnelle", "habitants", (0, 1, 2355, 48_000), nature="totale")
    assert found == ["0.00", "1.35", "3179.25", "64800.00"]


@pytest.mark.covers("TAR-04")
def test_a_class_gives_one_amount_up_to_its_bound():
    values = (0, 499, 500, 1999, 2000, 10_000, 10_001)
    found = amounts("part_fixe_par_classe", "contribution_selon_la_taille", "habitants", values, nature="totale")
    assert found == [
        "300.00",
        "300.00",
        "700.00",
        "700.00",
        "1200.00",
        "1200.00",
        "à décider : le comité fixe la contribution",
    ]


@pytest.mark.covers("TAR-04", "T-08")
@pytest.mark.parametrize(
    ("classes", "told"),
    [
        ("moins de 10 : 1 €\n    de 10 à 20 : 2 €\n    plus de 20 : 3 €", []),
        ("moins de 10 : 1 €\n    de 9 à 20 : 2 €\n    plus de 20 : 3 €", ["BAR-01"]),
        ("jusqu’à 10 : 1 €\n    de 10 à 20 : 2 €\n    plus de 20 : 3 €", ["BAR-01"]),
        ("moins de 10 : 1 €\n    plus de 10 à 20 : 2 €\n    plus de 20 : 3 €", ["BAR-02"]),
        ("moins de 10 : 1 €\n    de 10 à 20 : 2 €", ["BAR-02"]),
        ('moins de 10 : 1 €\n    de 10 à 20 : 2 €\n    plus de 20 : à décider "trop grand"', []),
    ],
)
def test_an_overlap_or_a_hole_of_bands_is_an_error(classes, told):
    body = f"fait sites : nombre  article 1\nbarème par classe prix selon sites  article 1\n    {classes}\n"
    assert [code for code, _ in codes(body)] == told


def test_the_class_of_the_total_prices_every_unit():
    values = (0, 10, 11, 50, 51)
    assert amounts("classe_au_taux", "parc_au_prix_de_classe", "postes", values) == [
        "0.00",
        "2400.00",
        "2310.00",
        "10500.00",
        "9180.00",
    ]
    assert amounts("classe_au_taux", "parc_au_coefficient", "postes", (19, 20)) == ["285.00", "270.00"]


def test_an_inversion_of_the_total_is_remarked_never_mended():
    convention = block("classe_au_taux")
    assert [(p.code, p.severity.value) for p in convention.problems] == [("BAR-04", "remarque"), ("BAR-04", "remarque")]
    assert convention.publishable


@pytest.mark.covers("TAR-05")
def test_each_unit_is_priced_in_its_own_slice():
    values = (0, 1, 499, 500, 1999, 2000, 2001)
    convention = block("tranches_marginales")
    found = [
        said(computed(convention, choix=TOWN, faits=facts("courriers_affranchis", "2023", A=v)), "courriers") for v in values
    ]
    assert found == ["0.00", "1.10", "548.90", "549.80", "1898.90", "1899.60", "1900.30"]


@pytest.mark.covers("TAR-05")
def test_a_slice_may_be_free_and_the_last_one_undecided():
    values = (100, "100,5", 500, "500,1")
    assert amounts("tranches_marginales", "sauvegarde", "sauvegardes", values) == [
        "0.00",
        "0.10",
        "80.00",
        "à décider : volume à étudier",
    ]


@pytest.mark.covers("TAR-05")
def test_whole_amount_or_slices_must_be_written():
    body = "fait sites : nombre  article 1\nbarème prix selon sites  article 1\n    jusqu’à 10 : 1 €\n    plus de 10 : 2 €\n"
    assert codes(body) == [("LEC-07", "erreur")]


@pytest.mark.parametrize(
    ("inhabitants", "volume", "amount"),
    [
        (999, 50, "0.00"),
        (999, 51, "120.00"),
        (999, 200, "120.00"),
        (999, 201, "300.00"),
        (1000, 50, "100.00"),
        (4999, 200, "240.00"),
        (5000, 200, "480.00"),
        (5000, 201, "à décider : forfait_d_hébergement, à partir de 5 000 · plus de 200"),
    ],
)
def test_a_grid_reads_two_drivers(inhabitants, volume, amount):
    rows = [*facts("habitants", nature="totale", A=inhabitants), *facts("volume_réservé", A=volume)]
    assert said(computed(block("grille_a_deux_entrees"), choix=TOWN, faits=rows), "hébergement_réservé") == amount


@pytest.mark.covers("TAR-09")
@pytest.mark.parametrize(
    ("base", "amount"),
    [("0", "0.00"), ("117,64", "0.18"), ("117,65", "1.18"), ("123 456,78", "1234.19"), ("250 000", "2500.00")],
)
def test_each_rate_on_a_base_has_its_own_rounding(base, amount):
    rows = facts("masse_salariale_du_membre", "2023", A=base)
    assert said(computed(block("pourcentage_d_assiette"), choix=TOWN, faits=rows), "cotisation_sur_assiette") == amount


def test_an_act_has_the_price_of_its_kind_and_the_others_none():
    def act(on, kind, count):
        return {"membre": "A", "réalisé_le": on, "genre": kind, "nombre_d_actes": count}

    listed = [act("12/02/2024", "dématérialisation", 2), act("03/04/2024", "site_internet", 1)]
    register = "registre.acte_réalisé"
    result = computed(block("prix_au_catalogue"), choix=TOWN, **{register: listed})
    assert said(result, "actes_au_catalogue") == "470.00"
    listed.append(act("31/12/2024", "expertise", 1))
    result = computed(block("prix_au_catalogue"), choix=TOWN, **{register: listed})
    assert said(result, "actes_au_catalogue") == "à décider : les autres sont décidés par le comité"


def test_a_kind_that_the_catalogue_does_not_know_is_refused_when_read():
    convention = block("prix_au_catalogue")
    row = {"membre": "A", "réalisé_le": "12/02/2024", "genre": "drone", "nombre_d_actes": 1}
    with pytest.raises(ProblemsFound) as found:
        tables_of(convention.model, {"membres": members("A"), "registre.acte_réalisé": [row]})
    assert [p.code for p in found.value.problems] == ["TAB-13"]


@pytest.mark.parametrize(("hours", "amount"), [("0,5", "120.00"), ("1,99", "120.00"), ("2", "120.00"), ("2,25", "135.00")])
def test_a_minimum_duration_is_due(hours, amount):
    row = {"membre": "A", "fait_le": "12/02/2024", "temps_passé": hours}
    result = computed(block("quantite_minimum"), choix=TOWN, **{"registre.dépannage": [row]})
    assert said(result, "dépannages") == amount


def test_a_lump_sum_covers_a_range_of_quantity():
    convention = block("quantite_minimum")
    found = [
        said(computed(convention, choix=TOWN, faits=facts("appels", "2023", A=v)), "téléassistance") for v in (0, 20, 21, 60, 61)
    ]
    assert found == ["150.00", "150.00", "400.00", "400.00", "700.00"]


@pytest.mark.covers("TAR-10")
@pytest.mark.parametrize(
    ("days", "amount"),
    [("0", "0.00"), ("0,1", "190.00"), ("0,5", "190.00"), ("0,51", "380.00"), ("1", "380.00"), ("2,5", "950.00")],
)
def test_a_half_day_begun_is_due(days, amount):
    row = {"membre": "A", "venue_le": "12/02/2024", "durée_en_jours": days}
    assert said(computed(block("demi_journees"), choix=TOWN, **{"registre.visite": [row]}), "visites") == amount


@pytest.mark.covers("TAR-10")
@pytest.mark.parametrize(("hours", "amount"), [("3,5", "126.00"), ("0,12", "0.00"), ("0,125", "9.00"), ("1", "36.00")])
def test_hours_are_converted_as_the_unit_says(hours, amount):
    row = {"membre": "A", "donnée_le": "12/02/2024", "durée_en_heures": hours}
    assert said(computed(block("demi_journees"), choix=TOWN, **{"registre.assistance": [row]}), "assistances") == amount


@pytest.mark.covers("TAR-04")
@pytest.mark.parametrize(
    ("count", "outcome"),
    [
        (0, "sans objet"),
        (1, "0.00"),
        (99, "0.00"),
        ("99,5", "hors barème : prix_du_projet, 99,5 hab"),
        (100, "900.00"),
        (5000, "900.00"),
        (5001, "à décider : étudiés un à un"),
    ],
)
def test_an_amount_nothing_or_a_refusal_and_never_a_fourth(count, outcome):
    rows = facts("bénéficiaires", nature="déclarée", A=count)
    result = computed(block("a_decider"), choix=held("projets", "A"), faits=rows)
    assert said(result, "accompagnement").replace("\u00a0", " ") == outcome


@pytest.mark.covers("TAR-03", "TAR-16")
def test_zero_nothing_and_refused_are_told_apart():
    rows = [*facts("bénéficiaires", nature="déclarée", A=50, B=50, D=50), *facts("en_litige", D="oui")]
    choices = [*held("projets", "A", "C", "D"), *held("socle", "B")]
    result = computed(block("a_decider"), choix=choices, faits=rows)
    assert each(result, "accompagnement") == {
        "A": "0.00",
        "B": "sans objet",
        "C": "fait manquant : population déclarée 2024 (bénéficiaires)",
        "D": "interdit : un membre en litige ne peut pas ouvrir de projet",
    }


def test_a_price_without_a_unit_is_an_error():
    assert codes("paramètre prix  article 1\n    241\n") == [("UNI-02", "erreur")]


def test_an_approximate_word_stops_an_executable_clause():
    assert codes('paramètre prix "de l’ordre de 200 €"  article 1\n    200 €\n') == [("APP-01", "erreur")]
    quoted = 'article 2 "Prix"\n    « environ 200 euros »\nparamètre prix  article 2\n    200 €\n'
    assert codes(quoted) == [("APP-02", "remarque")]


@pytest.mark.covers("TAR-21")
def test_an_example_or_an_annexed_table_that_the_rule_does_not_give_is_an_error():
    body = """fait sites : nombre  article 1
ligne contribution "Contribution"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 10 € × sites
exemple "annexe"  article 1
    tient socle
    | sites | contribution |
    | 1     | 10 €         |
    | 2     | 25 €         |
"""
    convention = small(body)
    assert [(p.code, p.place.line) for p in convention.problems] == [("EXE-01", 19)]
    assert not convention.publishable
