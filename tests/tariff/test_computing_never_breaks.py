"""Shapes on which the two ways to compute once disagreed, or broke: each must give an amount, nothing or a refusal."""

import pytest

from communis.tariff import ProblemsFound
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
