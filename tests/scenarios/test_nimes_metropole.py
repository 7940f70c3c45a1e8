"""Nîmes Métropole’s convention, read through the note of Poulx: the single key, the bricks, the cases outside the key."""

import pytest

from communis.tariff.convention import read_convention, read_text, shipped
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Context
from communis.tariff.meaning.tree import Node
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import read_folder, tables_of

NIMES = read_convention(shipped("nimes_metropole"))
MODEL = NIMES.model
HOST = "Nîmes Métropole"


def ledger_of(tables, **readings):
    return Ledger(Exact(MODEL, tables, readings={name.replace("_", "-"): reading for name, reading in readings.items()}))


def amount(ledger, line, year, member, offer=None):
    """Return what a line or a computed value gives a member, as text: an amount, « sans objet », or the first reason."""
    index, kind = ledger.tables.index(member), MODEL.rules[line].type
    if line in MODEL.book.lines:
        found = ledger.line(line, index, year, offer)
    else:
        found = ledger.exact.named(line, Context(year, index, offer), Node("value", type=kind))
    if found.outcome == AMOUNT:
        return decimal_text(found.amount if line in MODEL.book.lines else found.value / kind.factor)
    return "sans objet" if found.outcome == NOT_APPLICABLE else str(found.reasons[0])


def accounts(member, operating, capital, year=2023):
    return [
        {"membre": member, "fait": fact, "valeur": value, "date": str(year)}
        for fact, value in (("compte_fonctionnement", operating), ("compte_investissement", capital))
    ]


def brick(offer, operating, *, capital="0", posts="0", year=2024):
    """Give what a brick costs in an exercise: its posts, and its own spending of the year before."""
    return [
        {"offre": offer, "fait": "etp_affectés", "valeur": posts, "date": str(year)},
        {"offre": offer, "fait": "dépenses_de_fonctionnement", "valeur": operating, "date": str(year - 1)},
        {"offre": offer, "fait": "dépenses_d_investissement", "valeur": capital, "date": str(year - 1)},
    ]


def territory(choices, facts, *, post="0", year=2024, **others):
    """Make the tables of the host and of the members that chose bricks."""
    names = list(choices)
    held = [{"membre": m, "offre": o, "du": "01/01/2020"} for m in names for o in choices[m]]
    return tables_of(
        MODEL,
        {
            "membres": [{"membre": HOST, "rôle": "gestionnaire"}, *({"membre": m} for m in names)],
            "choix": held,
            "faits": [{"fait": "coût_d_un_etp", "valeur": post, "date": str(year)}, *facts],
            **others,
        },
    )


OFFICE = [*accounts(HOST, "6000000", "2000000"), *accounts("Poulx", "1500000", "500000"), *brick("bureautique", "50000")]


# ------------------------------------------------------------------ the file


def test_nothing_stands_against_publication():
    assert NIMES.problems == ()


def test_the_text_gives_no_duration_and_none_is_invented():
    assert MODEL.book.memberships == []


# ------------------------------------------------------------------ the single key


@pytest.mark.covers("T-25", "TAR-49")
def test_the_key_is_the_share_of_the_accounts_of_the_year_before():
    ledger = ledger_of(territory({"Poulx": ["bureautique"]}, OFFICE))
    assert amount(ledger, "contribution", 2024, HOST, "bureautique") == "40000.00"
    assert amount(ledger, "contribution", 2024, "Poulx", "bureautique") == "10000.00"


@pytest.mark.covers("TAR-49")
def test_the_accounts_of_the_same_year_are_not_those_of_the_year_before():
    facts = [row for row in OFFICE if row.get("membre") != "Poulx"] + accounts("Poulx", "1500000", "500000", year=2024)
    found = amount(ledger_of(territory({"Poulx": ["bureautique"]}, facts)), "contribution", 2024, "Poulx", "bureautique")
    assert found == (
        "fait manquant : compte_fonctionnement, compte de l’exercice précédent, dépenses de fonctionnement, exercice 2023"
    )


@pytest.mark.covers("TAR-49")
@pytest.mark.parametrize(
    ("reading", "expected"), [("titulaires", "10000.00"), ("titulaires_seuls", "50000.00"), ("adhérents", "5000.00")]
)
def test_who_shares_by_the_key_is_a_reading_of_the_text(reading, expected):
    facts = [*OFFICE, *accounts("Dions", "8000000", "2000000")]
    ledger = ledger_of(territory({"Poulx": ["bureautique"], "Dions": ["conseil"]}, facts), AMB_33=reading)
    assert amount(ledger, "contribution", 2024, "Poulx", "bureautique") == expected


@pytest.mark.covers("TAR-49")
@pytest.mark.parametrize(
    ("reading", "expected"), [("total", "2000000.00"), ("opérations_réelles", "1800000.00"), ("hors_dette", "1700000.00")]
)
def test_what_the_key_counts_is_a_reading_of_the_text(reading, expected):
    more = [
        {"membre": "Poulx", "fait": "opérations_d_ordre", "valeur": "200000", "date": "2023"},
        {"membre": "Poulx", "fait": "remboursement_de_la_dette", "valeur": "100000", "date": "2023"},
    ]
    ledger = ledger_of(territory({"Poulx": ["bureautique"]}, [*OFFICE, *more]), AMB_32=reading)
    assert amount(ledger, "comptes", 2024, "Poulx") == expected


@pytest.mark.covers("TAR-50", "TAR-64")
def test_a_brick_costs_its_posts_and_its_own_spending():
    facts = [*OFFICE[:4], *brick("bureautique", "40000", capital="15000", posts="2,5")]
    ledger = ledger_of(territory({"Poulx": ["bureautique"]}, facts, post="52000"))
    assert amount(ledger, "coût_de_la_brique", 2024, "Poulx", "bureautique") == "185000.00"
    assert amount(ledger, "contribution", 2024, "Poulx", "bureautique") == "37000.00"


@pytest.mark.covers("TAR-50")
def test_only_the_bricks_chosen_and_the_base_brick_are_due():
    ledger = ledger_of(territory({"Poulx": ["bureautique"]}, [*OFFICE, *brick("conseil", "20000")]))
    found = {offer: amount(ledger, "contribution", 2024, "Poulx", offer) for offer in ("bureautique", "conseil", "internet")}
    assert found == {"bureautique": "10000.00", "conseil": "4000.00", "internet": "sans objet"}


def test_the_parts_and_that_of_the_host_make_the_cost_to_the_cent():
    facts = [
        *accounts(HOST, "1000000", "0"), *accounts("Poulx", "1000000", "0"), *accounts("Dions", "1000000", "0"),
        *brick("bureautique", "100"),
    ]  # fmt: skip
    ledger = ledger_of(territory({"Poulx": ["bureautique"], "Dions": ["bureautique"]}, facts))
    found = [amount(ledger, "contribution", 2024, m, "bureautique") for m in (HOST, "Poulx", "Dions")]
    assert sorted(found) == ["33.33", "33.33", "33.34"]


# ------------------------------------------------------------------ outside the key, closed brick, composition


@pytest.mark.covers("T-26", "TAR-51")
def test_a_higher_licence_level_is_paid_by_its_member_outside_the_key():
    case = {
        "membre": "Poulx",
        "constaté_le": "01/01/2024",
        "objet": "niveau supérieur",
        "quantité": "30",
        "prix": "4,20",
        "durée": "12",
    }
    ledger = ledger_of(territory({"Poulx": ["internet"], "Dions": ["internet"]}, [], **{"registre.cas_spécifique": [case]}))
    assert amount(ledger, "hors_clé", 2024, "Poulx") == "1512.00"
    assert amount(ledger, "hors_clé", 2024, "Dions") == "sans objet"


@pytest.mark.covers("T-27", "TAR-52")
def test_the_cost_of_the_closed_brick_moves_to_ads_from_its_date():
    facts = [
        row
        for year in (2022, 2023)
        for row in (*brick("urbanisme", "12000", year=year), *brick("ads", "30000", year=year))
    ]  # fmt: skip
    facts.append({"fait": "coût_d_un_etp", "valeur": "0", "date": "2022"})
    ledger = ledger_of(territory({"Poulx": ["ads"]}, facts, year=2023))
    found = {y: [amount(ledger, "coût_de_la_brique", y, "Poulx", o) for o in ("urbanisme", "ads")] for y in (2022, 2023)}
    assert found == {2022: ["12000.00", "30000.00"], 2023: ["0.00", "42000.00"]}


@pytest.mark.covers("T-27")
def test_the_closed_brick_is_no_longer_held():
    ledger = ledger_of(territory({"Poulx": ["urbanisme"]}, [*OFFICE, *brick("urbanisme", "12000")]))
    assert amount(ledger, "contribution", 2024, "Poulx", "urbanisme") == "sans objet"


@pytest.mark.covers("T-28", "CAT-14")
def test_smart_video_without_video_is_refused():
    ledger = ledger_of(territory({"Poulx": ["vidéo_intelligente"]}, OFFICE))
    assert amount(ledger, "contribution", 2024, "Poulx", "vidéo_intelligente") == (
        "interdit : « 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection », qui n’est pas tenu"
    )


@pytest.mark.covers("T-28")
def test_a_brick_whose_prerequisites_are_not_met_asks_for_a_decision_on_joining():
    facts = [
        {"membre": m, "offre": "bureautique", "fait": "prérequis_satisfaits", "valeur": met, "date": "01/01/2024"}
        for m, met in (("Poulx", "non"), ("Dions", "oui"))
    ]
    ledger = ledger_of(territory({"Poulx": [], "Dions": []}, facts))
    asked = [ledger.refusal("prérequis", Context(2024, ledger.tables.index(m), "bureautique")) for m in ("Poulx", "Dions")]
    assert [a and [str(r) for r in a.reasons] for a in asked] == [
        ["à décider : prérequis non satisfaits\u00a0: les lever, ou y déroger par un acte"],
        None,
    ]
    assert "conseil" not in MODEL.rules["prérequis"].holders


def test_an_unmet_prerequisite_only_warns_when_the_convention_is_set_so():
    words = """    à l’adhésion
    si non prérequis_satisfaits
    à décider "prérequis non satisfaits\N{NO-BREAK SPACE}: les lever, ou y déroger par un acte"
"""
    head = 'refus prérequis "Prérequis de la brique" '
    assert [NIMES.text.count(text) for text in (words, head)] == [1, 1]
    warned = '    si non prérequis_satisfaits\n    avertir "prérequis non satisfaits"\n'
    set_so = read_text(NIMES.text.replace(words, warned).replace(head, head.replace("refus", "alerte")), examples=False)
    unmet = {"membre": "Poulx", "offre": "bureautique", "fait": "prérequis_satisfaits", "valeur": "non", "date": "01/01/2024"}
    ledger = Ledger(Exact(set_so.model, territory({"Poulx": ["bureautique"]}, [*OFFICE, unmet])))
    member = ledger.tables.index("Poulx")
    assert decimal_text(ledger.line("contribution", member, 2024, "bureautique").amount) == "10000.00"
    assert [warning.text for warning in ledger.warnings(member, 2024)] == ["prérequis non satisfaits"]


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_shares_every_cost_to_the_cent():
    tables = read_folder(shipped("nimes_metropole"), MODEL, fictitious=True)
    totals = [compute(NIMES, tables, year).to_json()["totals"] for year in (2024, 2025)]
    assert [(t["by_line"]["contribution"], t["host"], t["cost"], t["blocked"]) for t in totals] == [
        ("2030523.08", "1535276.92", "3569391.00", 0),
        ("2076489.41", "1565490.59", "3643650.40", 0),
    ]
