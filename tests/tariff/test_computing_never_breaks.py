"""Shapes on which the two ways to compute once disagreed, or broke: each must give an amount, nothing or a refusal."""

import pytest

from communis.tariff import Plan, ProblemsFound, compare_years, compute, simulate, tables_of
from communis.tariff.calendar import NotAnExercise
from communis.tariff.studies.changes import Changes
from communis.tariff.studies.simulation import offers_for_all
from factories.blocks import block, computed, each, facts, held, members, small

DUE = """ligne due "Due"  article 1
    pour socle, chaque exercice, en fonctionnement
"""


@pytest.mark.parametrize("payer", ["payée par le membre de rattachement", "payée par le membre de rattachement si cédée"])
def test_a_payer_who_is_not_there_refuses_the_line(payer):
    convention = small(f"fait cédée : oui ou non  article 1\n{DUE}    {payer}\n    = 10 €\n")
    result = computed(convention, choix=held("socle", "A"), faits=facts("cédée", A="oui"))
    assert each(result, "due") == {"A": "rattachement manquant : membre de rattachement"}


def test_an_offer_always_held_is_held_before_another_comprises_it():
    convention = small("""offre base "Base"  article 1
    toujours tenue
offre avancée "Avancée"  article 1
    comprend base
ligne due "Due"  article 1
    pour base, chaque exercice, en fonctionnement
    = 10 €
""")
    result = computed(convention, 2024, membres=members("A", "B"), choix=held("avancée", "A", since="01/01/2025"))
    assert each(result, "due") == {"A": "10.00", "B": "10.00"}


def test_two_decisions_on_one_amount_are_refused():
    row = {"membre": "A", "exercice": 2024, "ligne": "raccordement_des_sites", "motif": "m", "autorité": "a", "acte": "d"}
    decisions = [{**row, "montant": 100}, {**row, "montant": 200}]
    with pytest.raises(ProblemsFound):
        computed(block("decision_par_acte"), choix=held("raccordement", "A"), faits=facts("sites", A=24), décisions=decisions)


@pytest.mark.parametrize("year", [9999, 10_000, 2151, 1949, 0, -1, True, 10**40])
def test_a_year_in_which_nothing_is_computed_is_refused_in_french(year):
    convention = small(f"{DUE}    = 10 €\n")
    tables = tables_of(convention.model, {"membres": members("A"), "choix": held("socle", "A")})
    said = f"« {str(year)[:20]} » n’est pas un exercice : on calcule de 1950 à 2150."
    for asked in (
        lambda: compute(convention, tables, year),
        lambda: simulate(convention, tables, [year], Changes()),
        lambda: compare_years(convention, tables, 2024, year),
        lambda: offers_for_all(convention, tables, year),
        lambda: Plan(convention.model).prepare(tables, year),
    ):
        with pytest.raises(NotAnExercise) as refused:
            asked()
        assert str(refused.value) == said


def test_the_first_and_the_last_exercise_are_computed():
    convention = small(f"{DUE}    = 10 €\n")
    tables = tables_of(convention.model, {"membres": members("A"), "choix": held("socle", "A")})
    outcomes = [compute(convention, tables, year).statements[0].lines[0].outcome for year in (1950, 2150)]
    assert outcomes == ["not_applicable", "amount"]
