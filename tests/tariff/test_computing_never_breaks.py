"""Shapes on which the two ways to compute once disagreed, or broke: each must give an amount, nothing or a refusal."""

import pytest

from communis.tariff import ProblemsFound
from communis.tariff.result import EnginesDisagree
from factories.blocks import block, computed, each, facts, held, members, small

DUE = """ligne due "Due"  article 1
    pour socle, chaque exercice, en fonctionnement
"""


@pytest.mark.parametrize("payer", ["payée par le membre de rattachement", "payée par le membre de rattachement si cédée"])
def test_a_payer_who_is_not_there_refuses_the_line(payer):
    convention = small(f"fait cédée : oui ou non  article 1\n{DUE}    {payer}\n    = 10 €\n")
    result = computed(convention, choix=held("socle", "A"), faits=facts("cédée", A="oui"))
    assert each(result, "due") == {"A": "rattachement manquant : membre de rattachement"}


@pytest.mark.xfail(
    reason="a later choice of an offer that comprises it takes away one that is always held", raises=EnginesDisagree
)
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


@pytest.mark.xfail(reason="a field of each member in a register of members breaks the columns", raises=ValueError)
def test_a_field_of_each_member_in_a_register_of_members_is_refused_or_computed():
    convention = small(f"""registre agent  article 1
    du membre
    le : date, fait foi
    coût : €
    temps : %, par membre
{DUE}    = somme de agent.coût × agent.temps pour chaque agent
""")
    rows = [{"id": str(i), "membre": "A", "le": "01/02/2024", "coût": "100"} for i in range(3)]
    times = [{"id": "0", "membre": "A", "temps": "25"}]
    tables = {"registre.agent": rows, "registre.agent.membres": times}
    result = computed(convention, membres=members("A", "B"), choix=held("socle", "A", "B"), **tables)
    assert each(result, "due")["A"] == "25.00"


def test_two_decisions_on_one_amount_are_refused():
    row = {"membre": "A", "exercice": 2024, "ligne": "raccordement_des_sites", "motif": "m", "autorité": "a", "acte": "d"}
    decisions = [{**row, "montant": 100}, {**row, "montant": 200}]
    with pytest.raises(ProblemsFound):
        computed(block("decision_par_acte"), choix=held("raccordement", "A"), faits=facts("sites", A=24), décisions=decisions)
