"""SIDEC’s convention, read through the act of Crenans: what it prices, and what it leaves to be settled or supplied."""

from fractions import Fraction

import pytest

from communis.tariff import explain
from communis.tariff.convention import read_convention, read_text, shipped
from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Context
from communis.tariff.meaning.tree import Node
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import read_folder, tables_of

SIDEC = read_convention(shipped("sidec"))
MODEL = SIDEC.model
SERVICE = "geojura"
PARTIES = {"A": (250, "900"), "B": (1200, "4000"), "C": (3550, "15000")}


def amount(tables, line, year, member, offer=None, **readings):
    """Return what a line or a computed value gives a member, as text: an amount, « sans objet », or the first reason."""
    ledger = Ledger(Exact(MODEL, tables, readings={name.replace("_", "-"): reading for name, reading in readings.items()}))
    index, kind = tables.index(member), MODEL.rules[line].type
    if line in MODEL.book.lines:
        found = ledger.line(line, index, year, offer)
    else:
        found = ledger.exact.named(line, Context(year, index, offer), Node("value", type=kind))
    if found.outcome == AMOUNT:
        return decimal_text(found.amount if line in MODEL.book.lines else found.value / kind.factor)
    return "sans objet" if found.outcome == NOT_APPLICABLE else str(found.reasons[0])


def missions(*rows):
    """Make the tables of one member that holds the special missions."""
    return tables_of(
        MODEL,
        {
            "membres": [{"membre": "A"}],
            "choix": [{"membre": "A", "offre": "personnel", "du": "01/01/2024"}],
            "registre.mission": [{"membre": "A", **row} for row in rows],
        },
    )


def shared_service(foreseen="0", **costs):
    """Make the tables of the three beneficiaries of a service, with what each was billed in 2024."""
    spent = {
        "charges_de_personnel": "20000",
        "fournitures": "0",
        "renouvellement_des_biens": "0",
        "contrats_de_services": "0",
        **costs,
    }
    facts = [{"fait": fact, "offre": SERVICE, "valeur": value, "date": "2023"} for fact, value in spent.items()]
    facts.append({"fait": "modifications_prévisibles", "offre": SERVICE, "valeur": foreseen, "date": "2024"})
    facts += [
        {"membre": m, "fait": "habitants", "valeur": people, "nature": "totale", "date": "01/01/2024"}
        for m, (people, _) in PARTIES.items()
    ]
    return tables_of(
        MODEL,
        {
            "membres": [{"membre": m} for m in PARTIES],
            "choix": [{"membre": m, "offre": SERVICE, "du": "01/01/2024"} for m in PARTIES],
            "faits": facts,
            "émis": [
                {"membre": m, "exercice": "2024", "ligne": "versement", "offre": SERVICE, "montant": paid}
                for m, (_, paid) in PARTIES.items()
            ],
        },
    )


# ------------------------------------------------------------------ the file


def test_what_stands_against_publication():
    assert [(p.severity.value, p.code, p.message) for p in SIDEC.problems] == [
        ("obstacle", "TRA-01", "AMB-28 est à trancher : 241\u00a0€\u00a0: par jour, demi-journée, heure, intervention\u00a0?"),
        ("obstacle", "TRA-01", "AMB-30 est à trancher : Date du versement annuel"),
        (
            "obstacle",
            "FOU-01",
            "Le barème forfait attend des prix à fournir : idg_standard, idg_évolution, hors_pack et petite_enfance ….",
        ),
    ]


def test_the_membership_lasts_six_years_at_most():
    (membership,) = MODEL.book.memberships
    assert (membership.duration_months, membership.renewal_months, membership.maximum_months) == (12, 12, 72)


# ------------------------------------------------------------------ services at a flat rate


@pytest.mark.covers("TAR-43")
def test_a_service_awaits_its_price():
    tables = tables_of(MODEL, {"membres": [{"membre": "A"}], "choix": [{"membre": "A", "offre": "pôle_sic", "du": "01/01/2024"}]})
    assert amount(tables, "versement", 2024, "A", "sécurité") == "à fournir : document des coûts forfaitaires"
    assert amount(tables, "versement", 2024, "A", "geojura") == "sans objet"


@pytest.mark.covers("TAR-43")
@pytest.mark.parametrize(
    ("when", "due"), [("début_d_année", ("2024-01-01", "2024-01-31")), ("fin_d_année", ("2024-12-01", "2024-12-31"))]
)
def test_a_priced_service_is_paid_once_a_year_at_the_date_settled(when, due):
    awaited = 'geojura           : à fournir "document des coûts forfaitaires"'
    assert SIDEC.text.count(awaited) == 1
    priced = read_text(SIDEC.text.replace(awaited, "geojura           : 900 €"), examples=False)
    ledger = Ledger(Exact(priced.model, shared_service(), readings={"AMB-30": when}))
    line = ledger.line("versement", 0, 2024, SERVICE)
    assert (decimal_text(line.amount), [(p.first.isoformat(), p.last.isoformat()) for p in line.due]) == ("900.00", [due])


@pytest.mark.covers("T-23", "TAR-13", "TAR-44")
@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ("dans_les_deux_sens", ["100.00", "800.00", "-800.00"]),
        ("à_la_hausse", ["100.00", "800.00", "0.00"]),
        ("à_la_baisse", ["0.00", "0.00", "-800.00"]),
        ("jamais", ["sans objet", "sans objet", "sans objet"]),
    ],
)
def test_the_actual_cost_is_shared_by_inhabitants_then_compared_with_what_was_billed(ways, expected):
    tables = shared_service()
    found = [amount(tables, "régularisation", 2024, m, SERVICE, AMB_27="totale", AMB_29=ways) for m in "ABC"]
    assert found == expected


@pytest.mark.covers("T-23", "TAR-44")
def test_regularisation_is_off_unless_activated():
    assert [amount(shared_service(), "régularisation", 2024, m, SERVICE) for m in "ABC"] == ["sans objet"] * 3


@pytest.mark.covers("TAR-45")
def test_the_actual_cost_adds_the_last_accounts_and_the_changes_foreseen():
    tables = shared_service(
        charges_de_personnel="13000", fournitures="1000", renouvellement_des_biens="2500", contrats_de_services="3000",
        foreseen="500",
    )  # fmt: skip
    assert amount(tables, "coût_réel", 2024, "A", SERVICE) == "20000.00"
    assert amount(tables, "coût_réel", 2025, "A", SERVICE) == (
        "fait manquant : charges_de_personnel de geojura, charges de personnel du dernier compte, exercice 2024"
    )


@pytest.mark.covers("TAR-45")
@pytest.mark.parametrize("nature", ["charges_de_personnel", "fournitures", "renouvellement_des_biens", "contrats_de_services"])
def test_each_nature_of_cost_counts_in_the_actual_cost(nature):
    assert amount(shared_service(**{"charges_de_personnel": "0", nature: "300"}), "coût_réel", 2024, "A", SERVICE) == "300.00"


# ------------------------------------------------------------------ special missions


@pytest.mark.covers("T-21", "TAR-46")
def test_a_mission_of_three_units():
    tables = missions({"finie_le": "12/06/2024", "durée": "3"})
    assert amount(tables, "mission_particulière", 2024, "A", AMB_28="par_jour") == "723.00"


@pytest.mark.covers("TAR-46")
def test_two_units_and_a_half():
    tables = missions({"finie_le": "12/06/2024", "durée": "2,5"})
    assert amount(tables, "mission_particulière", 2024, "A", AMB_28="par_jour") == "602.50"


@pytest.mark.covers("TAR-46", "TAR-64")
@pytest.mark.parametrize(
    ("unit", "expected"),
    [("par_jour", "361.50"), ("par_demi_journée", "723.00"), ("par_heure", "1928.00"), ("par_intervention", "241.00")],
)
def test_what_the_unit_cost_measures_changes_the_amount(unit, expected):
    tables = missions({"finie_le": "12/06/2024", "durée": "1,5", "heures": "8"})
    assert amount(tables, "mission_particulière", 2024, "A", AMB_28=unit) == expected


@pytest.mark.covers("TAR-46")
def test_no_amount_while_the_unit_is_not_settled():
    tables = missions({"finie_le": "12/06/2024", "durée": "3"})
    assert amount(tables, "mission_particulière", 2024, "A") == "à trancher : AMB-28, le document ne donne pas l’unité"


@pytest.mark.covers("T-22", "TAR-18")
def test_each_mission_keeps_the_price_of_its_date():
    price = '241 €/UO depuis le 04/03/2023 par "délibération n°\u00a02238 du Comité syndical"'
    assert SIDEC.text.count(price) == 1
    updated = read_text(
        SIDEC.text.replace(price, f'{price}\n    250 €/UO depuis le 01/07/2025 par "délibération suivante"'), examples=False
    )
    tables = missions({"finie_le": "15/06/2025", "durée": "2"}, {"finie_le": "02/07/2025", "durée": "1"})
    ledger = Ledger(Exact(updated.model, tables, readings={"AMB-28": "par_jour"}))
    line = ledger.line("mission_particulière", 0, 2025)
    assert decimal_text(line.amount) == "732.00"
    assert acts_of(ledger, line) == [
        "Depuis le 04/03/2023, par délibération n° 2238 du Comité syndical.", "Depuis le 01/07/2025, par délibération suivante.",
    ]  # fmt: skip


def acts_of(ledger, line):
    """Return what an explanation says of the acts that set the prices."""
    rows = [row.strip() for row in text_of(explain(ledger, line)).replace("\N{NO-BREAK SPACE}", " ").split("\n")]
    return [row for row in rows if row.startswith("Depuis le")]


@pytest.mark.covers("TAR-18")
def test_an_act_is_told_as_it_is_written():
    ledger = Ledger(Exact(MODEL, missions({"finie_le": "12/06/2024", "durée": "3"}), readings={"AMB-28": "par_jour"}))
    line = ledger.line("mission_particulière", 0, 2024)
    assert acts_of(ledger, line) == ["Depuis le 04/03/2023, par délibération n° 2238 du Comité syndical."]


@pytest.mark.covers("TAR-46")
def test_a_mission_is_due_the_day_it_ends():
    tables = missions({"finie_le": "12/06/2024", "durée": "3"})
    line = Ledger(Exact(MODEL, tables, readings={"AMB-28": "par_jour"})).line("mission_particulière", 0, 2024)
    assert [p.first.isoformat() for p in line.due] == ["2024-06-12"]


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_gives_what_the_document_allows():
    tables = read_folder(shipped("sidec"), MODEL, fictitious=True)
    settled = {"AMB-27": "totale", "AMB-28": "par_jour", "AMB-29": "dans_les_deux_sens", "AMB-30": "fin_d_année"}
    totals = compute(SIDEC, tables, 2024, readings=settled).to_json()["totals"]
    assert totals["by_line"] == {"régularisation": "17876.00", "mission_particulière": "1687.00"}
    assert totals["flags"]["fictitious"] is True


@pytest.mark.covers("TAR-48")
def test_the_coverage_of_a_service_is_what_is_billed_over_what_it_costs():
    awaited = 'geojura           : à fournir "document des coûts forfaitaires"'
    priced = read_text(SIDEC.text.replace(awaited, "geojura           : 900 €"), examples=False)
    found = Ledger(Exact(priced.model, shared_service())).exact.named("couverture", Context(2024, 0, SERVICE), Node("value"))
    assert found.value == Fraction("0.135")  # three times 900 € over 20 000 €


@pytest.mark.covers("TAR-48")
def test_the_special_missions_and_the_host_make_the_cost_of_the_service():
    tables = read_folder(shipped("sidec"), MODEL, fictitious=True)
    result = compute(SIDEC, tables, 2024, readings={"AMB-28": "par_jour"})
    host = [line for line in result.host_lines if line.name == "mission_particulière"]
    assert [decimal_text(line.amount) for line in host] == ["61733.00"]  # 63 420 less 1 687


@pytest.mark.parametrize("ways", ["jamais", "dans_les_deux_sens", "à_la_hausse", "à_la_baisse"])
def test_members_and_host_make_the_cost_whatever_the_regularisation(ways):
    priced = read_text(SIDEC.text.replace('à fournir "document des coûts forfaitaires"', "1 900 €"), examples=False)
    tables = read_folder(shipped("sidec"), priced.model, fictitious=True)
    readings = {"AMB-27": "totale", "AMB-28": "par_jour", "AMB-29": ways, "AMB-30": "fin_d_année"}
    assert compute(priced, tables, 2024, readings=readings).to_json()["totals"]["cost"] == "306406.00"
