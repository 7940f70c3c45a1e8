"""Refusals and alerts that look at a fact given offer by offer: each speaks of the offer it is about, in both engines."""

import pytest

from communis.tariff.interpreter.values import Context
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import tables_of
from factories.blocks import small

OFFERS = """offre briques "Briques"  article 1
offre cloud "Cloud" dans briques  article 1
offre écoles "Écoles" dans briques  article 1
fait prêt : oui ou non "prérequis satisfaits"  article 1
    du membre, pour chaque offre dans briques
"""
REFUSED = """refus prérequis "Prérequis"  article 1
    pour cloud ou écoles
    si non prêt
    à décider "prérequis non satisfaits"
"""
TOGETHER = """ligne ensemble "Briques"  article 1
    pour cloud ou écoles, chaque exercice, en fonctionnement
    = 100 €
"""
APART = """ligne chacune "Brique"  article 1
    pour chaque offre dans briques, chaque exercice, en fonctionnement
    = 100 €
"""


def result_of(body, held, ready):
    """Compute 2024 for one member that holds offers, of which some are said to be ready or not."""
    convention = small(OFFERS + body)
    facts = [{"membre": "A", "offre": o, "fait": "prêt", "valeur": said, "date": "01/01/2024"} for o, said in ready.items()]
    choices = [{"membre": "A", "offre": o, "du": "01/01/2024"} for o in held]
    result = compute(
        convention, tables_of(convention.model, {"membres": [{"membre": "A"}], "choix": choices, "faits": facts}), 2024
    )
    assert result.verified
    return result


def told(result):
    """Return what each line gives: an amount, or every reason of its refusal."""
    return {
        line.offer or line.name: decimal_text(line.amount) if line.outcome == "amount" else [str(r) for r in line.reasons]
        for line in result.statements[0].lines
        if line.outcome != "not_applicable"
    }


@pytest.mark.parametrize(
    ("ready", "found"),
    [
        ({"cloud": "oui", "écoles": "oui"}, "100.00"),
        ({"cloud": "oui", "écoles": "non"}, ["à décider : prérequis non satisfaits (Écoles)"]),
        (
            {"cloud": "non", "écoles": "non"},
            ["à décider : prérequis non satisfaits (Cloud)", "à décider : prérequis non satisfaits (Écoles)"],
        ),
        ({"cloud": "oui"}, ["fait manquant : prêt de écoles, prérequis satisfaits, au 01/01/2024"]),
    ],
)
def test_a_line_for_several_offers_is_refused_for_the_offer_that_is_at_fault(ready, found):
    assert told(result_of(REFUSED + TOGETHER, ["cloud", "écoles"], ready)) == {"ensemble": found}


def test_an_offer_that_is_not_held_refuses_nothing():
    assert told(result_of(REFUSED + TOGETHER, ["cloud"], {"cloud": "oui", "écoles": "non"})) == {"ensemble": "100.00"}


def test_a_line_for_each_offer_is_refused_for_its_own_offer_only():
    found = told(result_of(REFUSED + APART, ["cloud", "écoles"], {"cloud": "oui", "écoles": "non"}))
    assert found == {"cloud": "100.00", "écoles": ["à décider : prérequis non satisfaits"]}


def test_an_alert_speaks_of_each_offer_held():
    warned = REFUSED.replace("refus prérequis", "alerte prérequis").replace("à décider", "avertir")
    result = result_of(warned + TOGETHER, ["cloud", "écoles"], {"cloud": "non", "écoles": "non"})
    assert told(result) == {"ensemble": "100.00"}
    assert [warning.said for warning in result.statements[0].warnings] == [
        "prérequis non satisfaits (Cloud)", "prérequis non satisfaits (Écoles)",
    ]  # fmt: skip
    assert result.to_json()["members"][0]["warnings"] == [
        "prérequis non satisfaits (Cloud)", "prérequis non satisfaits (Écoles)",
    ]  # fmt: skip


def test_an_alert_that_cannot_be_checked_says_of_which_offer():
    warned = REFUSED.replace("refus prérequis", "alerte prérequis").replace("à décider", "avertir")
    (warning,) = result_of(warned + TOGETHER, ["cloud"], {}).statements[0].warnings
    assert warning.said == (
        "« Prérequis » ne se vérifie pas : fait manquant : prêt de cloud, prérequis satisfaits, au 01/01/2024"
    )


def test_a_fact_read_at_the_date_of_effect_is_read_at_that_of_the_offer_asked():
    dated = OFFERS.replace(
        "du membre, pour chaque offre dans briques", "du membre, pour chaque offre dans briques, lu à la date d’effet"
    )
    convention = small(dated + REFUSED + TOGETHER)
    facts = [
        {"membre": "A", "offre": "écoles", "fait": "prêt", "valeur": "non", "date": "01/01/2024"},
        {"membre": "A", "offre": "écoles", "fait": "prêt", "valeur": "oui", "date": "01/05/2024"},
        {"membre": "A", "offre": "cloud", "fait": "prêt", "valeur": "oui", "date": "01/01/2024"},
    ]
    choices = [{"membre": "A", "offre": o, "du": d} for o, d in (("cloud", "01/01/2024"), ("écoles", "01/06/2024"))]
    tables = tables_of(convention.model, {"membres": [{"membre": "A"}], "choix": choices, "faits": facts})
    result = compute(convention, tables, 2024)
    assert (result.verified, told(result)) == (True, {"ensemble": "100.00"})
    assert result.ledger.refusal("prérequis", Context(2024, 0, "écoles", holders=("écoles",))) is None
