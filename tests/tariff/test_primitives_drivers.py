"""Primitives 1 to 6: what a tariff reads, with its kind, its date and its source."""

import pytest

from communis.tariff import ProblemsFound, tables_of
from factories.blocks import block, codes, computed, each, facts, held, line, members, said, small

TOWN = held("socle", "A")
NO_ACCOUNTS = "fait manquant : comptes_ouverts, comptes ouverts, au 01/01/2024"


@pytest.mark.covers("ORG-06")
def test_a_population_is_read_under_its_own_kind():
    kinds = {"municipale": 1000, "comptée à part": 20, "totale": 1020, "dgf": 1620}
    names = ("habitants_permanents", "habitants_comptés_à_part", "habitants", "habitants_dgf")
    rows = [row for name, (kind, value) in zip(names, kinds.items(), strict=True) for row in facts(name, nature=kind, A=value)]
    result = computed(block("population"), choix=TOWN, faits=rows)
    assert said(result, "part_permanente") == "1200.00"
    assert said(result, "part_saisonnière") == "240.00"
    assert result.statements[0].warnings == []


@pytest.mark.covers("ORG-06")
def test_each_exercise_reads_the_population_of_its_day_whatever_came_since():
    people = {"01/01/2023": 900, "01/01/2024": 1000, "01/01/2025": 1100}
    rows = [row for on, value in people.items() for row in facts("habitants_permanents", on, nature="municipale", A=value)]
    found = [said(computed(block("population"), year, choix=TOWN, faits=rows), "part_permanente") for year in (2024, 2025)]
    assert found == ["1200.00", "1320.00"]


@pytest.mark.covers("ORG-06")
def test_another_kind_of_population_never_stands_for_the_one_asked():
    result = computed(block("population"), choix=TOWN, faits=facts("habitants_permanents", nature="totale", A=1020))
    missing = "fait manquant : population municipale 2024 (habitants_permanents) ; une valeur totale existe"
    assert said(result, "part_permanente") == missing


def test_a_population_that_names_no_kind_is_an_error():
    assert codes("fait habitants : hab  article 1\n") == [("POP-01", "erreur")]


def test_populations_that_do_not_add_up_are_warned_of():
    rows = [
        *facts("habitants_permanents", nature="municipale", A=1000),
        *facts("habitants_comptés_à_part", nature="comptée à part", A=20),
        *facts("habitants", nature="totale", A=1021),
        *facts("habitants_dgf", nature="dgf", A=1021),
    ]
    result = computed(block("population"), choix=TOWN, faits=rows)
    assert [w.text for w in result.statements[0].warnings] == [
        "la population totale n’est pas la municipale plus celle comptée à part"
    ]


@pytest.mark.covers("TAR-06")
def test_a_fact_is_the_latest_by_its_date_not_by_its_row():
    rows = [*facts("comptes_ouverts", "01/01/2024", A=14), *facts("comptes_ouverts", "01/07/2023", A=10)]
    result = computed(block("date_de_lecture"), choix=TOWN, faits=rows)
    assert said(result, "part_des_comptes") == "168.00"
    found = line(result, "part_des_comptes").entries[0].value.parts[1].note
    assert (found["row"].first.isoformat(), found["read_on"].isoformat()) == ("2024-01-01", "2024-01-01")


@pytest.mark.covers("TAR-06")
@pytest.mark.parametrize(
    ("on", "amount"),
    [
        ("02/01/2023", "120.00"),
        ("01/01/2023", NO_ACCOUNTS),
        ("01/01/2024", "120.00"),
        ("02/01/2024", f"{NO_ACCOUNTS} ; une valeur du 02/01/2024 existe, après le 01/01/2024"),
    ],
)
def test_a_figure_is_neither_older_than_a_year_nor_of_tomorrow(on, amount):
    result = computed(block("date_de_lecture"), choix=TOWN, faits=facts("comptes_ouverts", on, A=10))
    assert said(result, "part_des_comptes") == amount


@pytest.mark.covers("TAR-06")
def test_a_fact_may_be_read_on_the_day_of_effect_or_once_and_for_all():
    rows = [
        *facts("postes_à_l_entrée", "01/09/2024", A=8),
        *facts("postes_à_l_entrée", "16/10/2024", A=30),
        *facts("imprimantes_de_2020", "31/12/2019", A=5),
        *facts("imprimantes_de_2020", "02/01/2020", A=50),
    ]
    entered = held("socle", "A", since="15/10/2024")
    for year in (2024, 2027):
        result = computed(block("date_de_lecture"), year, choix=entered, faits=rows)
        assert said(result, "part_des_postes_d_origine") == "400.00"
        assert said(result, "part_figée") == "100.00"


def test_a_price_follows_the_kind_of_member():
    rows = [
        *facts("type_de_membre", A="commune", B="établissement", C="établissement"),
        *facts("habitants", nature="totale", A=2000, C=2000),
        *facts("agents", B=15),
    ]
    result = computed(block("membre_par_type"), choix=held("socle", "A", "B", "C"), faits=rows)
    assert each(result, "contribution_par_type") == {
        "A": "2200.00",
        "B": "420.00",
        "C": "fait manquant : agents, agents en poste, au 01/01/2024",
    }


@pytest.mark.covers("TAR-16")
def test_a_price_follows_a_choice_and_a_yes_or_no():
    rows = [
        *facts("adhésion_par", A="soi_même", B="soi_même", C="epci", D="epci", E="epci"),
        *facts("affilié", A="oui", B="non", C="oui", D="non", E="non"),
        *facts("a_son_service", E="oui"),
    ]
    result = computed(block("oui_non_et_choix"), choix=held("socle", *"ABCDE"), faits=rows)
    assert each(result, "cotisation_d_affiliation") == {
        "A": "800.00",
        "B": "1000.00",
        "C": "500.00",
        "D": "à décider : tarif_d_affiliation, epci · non",
        "E": "0.00",
    }


@pytest.mark.covers("TAR-16")
@pytest.mark.parametrize(
    ("condition", "due"),
    [
        ("tient option", ["10.00", "sans objet"]),
        ("affilié", ["10.00", "sans objet"]),
        ("socle.effet_le au plus tard 01/01/2024", ["10.00", "sans objet"]),
        ("sites ≥ 10", ["10.00", "sans objet"]),
        ("nombre de titulaires de option = 1", ["10.00", "10.00"]),
        ("nombre de titulaires de socle > 2", ["sans objet", "sans objet"]),
    ],
)
def test_a_line_hangs_on_a_choice_a_flag_a_date_a_threshold_or_a_count(condition, due):
    convention = small(f"""offre option "Option"  article 1
fait affilié : oui ou non  article 1
    lu au 1er janvier de N, à défaut non
fait sites : nombre  article 1
ligne adhésion_due "Due"  article 1
    pour socle, chaque exercice, en fonctionnement
    si {condition}
    = 10 €
""")
    rows = [*facts("affilié", A="oui", B="non"), *facts("sites", A=10, B=9)]
    choices = [*held("socle", "A"), *held("socle", "B", since="02/01/2024"), *held("option", "A")]
    result = computed(convention, choix=choices, faits=rows)
    assert [said(result, "adhésion_due", member) for member in "AB"] == due


def test_a_choice_outside_the_list_is_told_with_the_nearest():
    convention = block("oui_non_et_choix")
    with pytest.raises(ProblemsFound) as found:
        tables_of(convention.model, {"membres": members("A"), "faits": facts("adhésion_par", A="epcis")})
    assert [(p.code, p.remedy) for p in found.value.problems] == [("TAB-13", "Le plus proche : epci.")]


def test_a_mean_over_years_refuses_a_hole_or_leaves_it_out_as_written():
    years = {"2021": 10, "2022": 12, "2023": 15}
    rows = [row for year, value in years.items() for row in facts("dossiers_instruits", year, A=value)]
    full = computed(block("moyenne_de_fait"), choix=TOWN, faits=rows)
    assert (said(full, "instruction_exigeante"), said(full, "instruction_souple")) == ("370.00", "370.00")
    holed = computed(block("moyenne_de_fait"), choix=TOWN, faits=rows[1:])
    assert said(holed, "instruction_souple") == "405.00"
    assert said(holed, "instruction_exigeante") == "fait manquant : dossiers_instruits, dossiers de l’exercice, exercice 2021"
    none = computed(block("moyenne_de_fait"), choix=TOWN, faits=[])
    assert said(none, "instruction_souple") == "sans objet"


@pytest.mark.covers("TAR-06")
def test_a_meter_is_read_at_a_date_on_average_or_at_its_highest():
    readings = {"15/02/2024": 100, "01/07/2024": 400, "30/11/2024": 250, "02/01/2025": 900}
    rows = [
        row
        for name in ("stockage_final", "stockage_moyen", "stockage_de_pointe")
        for on, value in readings.items()
        for row in facts(name, on, A=value)
    ]
    result = computed(block("releve_de_compteur"), choix=TOWN, faits=rows)
    assert said(result, "stockage_au_relevé_final") == "75.00"
    assert said(result, "stockage_en_moyenne") == "75.00"
    assert said(result, "stockage_au_maximum") == "120.00"


@pytest.mark.covers("TAR-03")
def test_a_missing_reading_is_never_zero():
    zero = computed(block("releve_de_compteur"), choix=TOWN, faits=facts("stockage_final", "30/11/2024", A=0))
    assert said(zero, "stockage_au_relevé_final") == "0.00"
    nothing = computed(block("releve_de_compteur"), choix=TOWN, faits=[])
    assert (
        said(nothing, "stockage_au_relevé_final") == "fait manquant : stockage_final, stockage en fin d’exercice, au 31/12/2024"
    )
    assert line(nothing, "stockage_au_relevé_final").reasons[0].member == "A"
    assert [s.member for s in nothing.blocked] == [0]


@pytest.mark.covers("TAR-10")
def test_days_are_never_added_to_euros():
    body = "grandeur total = 3 jours + 4 €  article 1\n"
    assert codes(body) == [("UNI-01", "erreur")]
    assert small("grandeur total = 3 jours × 4 €/jour  article 1\n").problems == ()


@pytest.mark.covers("TAR-22")
@pytest.mark.parametrize(
    "body",
    [
        "grandeur une : nombre = une + 1  article 1\n",
        "grandeur une : nombre = autre  article 1\ngrandeur autre : nombre = une  article 1\n",
    ],
)
def test_a_rule_that_reads_itself_is_an_error(body):
    assert codes(body) == [("CYC-01", "erreur")]
