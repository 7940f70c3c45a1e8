"""Grand Nancy’s convention, read through the act of Ludres: payroll by workstation, direct and indirect costs, the cap."""

import pytest

from communis.tariff.convention import read_convention, shipped
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Context
from communis.tariff.meaning.tree import Node
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import read_folder, tables_of

NANCY = read_convention(shipped("grand_nancy"))
MODEL = NANCY.model
CAP = "plafond_de_fonctionnement"
FIXED = "de_2021_à_2023"


def ledger_of(tables, **readings):
    return Ledger(Exact(MODEL, tables, readings={name.replace("_", "-"): reading for name, reading in readings.items()}))


def amount(ledger, line, year, member="A"):
    """Return what a line, the cap or a computed value gives a member, as text: an amount, « sans objet », or a reason."""
    index, kind = ledger.tables.index(member), MODEL.rules[line].type
    if line in MODEL.book.lines:
        found = ledger.line(line, index, year)
    elif line in MODEL.book.limits:
        found = ledger.limit(line, year).by_member[index]
    else:
        found = ledger.exact.named(line, Context(year, index), Node("value", type=kind))
    if found.outcome == AMOUNT:
        value = getattr(found, "amount", None)
        return decimal_text(found.value / kind.factor if value is None else value)
    return "sans objet" if found.outcome == NOT_APPLICABLE else str(found.reasons[0])


def fact(member, name, value, when):
    return {"membre": member, "fait": name, "valeur": value, "date": when}


def workstations(lump_sum, counts, *facts, **others):
    """Make the tables of members by their workstations, with the payroll lump sum of 2024."""
    names = list(counts)
    known = [{"fait": "forfait_masse_salariale", "valeur": lump_sum, "date": "2024"}]
    known += [fact(m, "postes_de_travail", count, "01/01/2024") for m, count in counts.items()]
    return tables_of(MODEL, {"membres": [{"membre": m} for m in names], "faits": [*known, *facts], **others})


def history(member, **amounts):
    return [fact(member, "facturé_en_fonctionnement", value, year[1:]) for year, value in amounts.items()]


def bought(value, section, member="A"):
    """Give a purchase that concerns one member alone, known in direct costs."""
    return {
        "registre.achat": [{"id": "1", "constaté_le": "12/03/2024", "montant": value, "imputation": section}],
        "registre.achat.membres": [{"id": "1", "membre": member, "abaque": "1"}],
    }


THREE_YEARS = history("A", y2021="10000", y2022="11000", y2023="12000")


# ------------------------------------------------------------------ the file


def test_what_stands_against_publication():
    assert [(p.severity.value, p.code, p.message) for p in NANCY.problems] == [
        ("obstacle", "TRA-01", "AMB-41 est à trancher : «\u00a0moyenne des 3 derniers exercices\u00a0»\u00a0: lesquels\u00a0?")
    ]


def test_the_membership_lasts_five_years_at_most():
    (membership,) = MODEL.book.memberships
    assert (membership.duration_months, membership.renewal_months, membership.maximum_months) == (12, 12, 60)


# ------------------------------------------------------------------ payroll, direct and indirect costs


@pytest.mark.covers("T-43", "TAR-55")
def test_payroll_follows_workstations():
    ledger = ledger_of(workstations("600000", {"A": "120", "B": "380", "C": "1500"}))
    assert [amount(ledger, "masse_salariale", 2024, m) for m in "ABC"] == ["36000.00", "114000.00", "450000.00"]


@pytest.mark.covers("TAR-55", "TAR-64")
def test_payroll_may_be_read_as_a_price_by_workstation():
    price = {"fait": "prix_du_poste", "valeur": "310", "date": "2024"}
    ledger = ledger_of(workstations("600000", {"A": "120", "B": "380"}, price), AMB_44="prix_par_poste")
    assert amount(ledger, "masse_salariale", 2024) == "37200.00"


@pytest.mark.covers("TAR-56")
def test_a_direct_cost_keeps_the_scale_of_its_purchase_and_its_section():
    tables = workstations(
        "0",
        dict.fromkeys("ABC", "10"),
        **{
            "registre.achat": [{"id": "1", "constaté_le": "12/03/2024", "montant": "1000", "imputation": "investissement"}],
            "registre.achat.membres": [{"id": "1", "membre": m, "abaque": p} for m, p in (("A", "3"), ("B", "1"))],
        },
    )
    ledger = ledger_of(tables)
    assert [amount(ledger, "coûts_directs", 2024, m) for m in "ABC"] == ["750.00", "250.00", "sans objet"]
    assert ledger.line("coûts_directs", 0, 2024).sections == {"investissement": 750}


def indirect(driver, total, values, measured_on="01/12/2024"):
    row = {"constatée_le": "15/12/2024", "montant": total, "unité_d_œuvre": driver, "imputation": "fonctionnement"}
    tables = {
        "membres": [{"membre": m} for m in values],
        "faits": [fact(m, driver, value, measured_on) for m, value in values.items()],
        "registre.charge": [row],
    }
    return ledger_of(tables_of(MODEL, tables))


@pytest.mark.covers("T-42", "TAR-57")
def test_an_indirect_cost_follows_its_driver():
    ledger = indirect("go_stockés", "9000", {"A": "300", "B": "500", "C": "1200"})
    assert [amount(ledger, "coûts_indirects", 2024, m) for m in "ABC"] == ["1350.00", "2250.00", "5400.00"]


@pytest.mark.covers("TAR-57")
def test_a_driver_is_measured_when_billing():
    ledger = indirect("comptes", "4000", {"A": "100", "B": "300"})
    assert [amount(ledger, "coûts_indirects", 2024, m) for m in "AB"] == ["1000.00", "3000.00"]
    late = indirect("comptes", "4000", {"A": "100", "B": "300"}, measured_on="20/12/2024")
    assert amount(late, "coûts_indirects", 2024) == (
        "fait manquant : comptes, comptes utilisateurs, mesurés à la refacturation, au 15/12/2024"
        " ; une valeur du 20/12/2024 existe, après le 15/12/2024"
    )


# ------------------------------------------------------------------ the cap


@pytest.mark.covers("T-32", "TAR-12", "TAR-58")
@pytest.mark.parametrize(
    ("operating", "cut", "left_to_the_host"),
    [
        ("13400", "-2400.00", "2400.00"),
        ("9000", "sans objet", "0.00"),
        ("11000", "sans objet", "0.00"),
        ("11000.01", "-0.01", "0.01"),
    ],
)
def test_the_operating_part_stops_at_the_mean_of_three_exercises(operating, cut, left_to_the_host):
    ledger = ledger_of(workstations(operating, {"A": "1"}, *THREE_YEARS), AMB_41=FIXED)
    assert amount(ledger, CAP, 2024) == cut
    assert decimal_text(ledger.limit(CAP, 2024).host) == left_to_the_host


@pytest.mark.covers("T-32", "TAR-58")
def test_investment_is_not_capped():
    ledger = ledger_of(workstations("13400", {"A": "1"}, *THREE_YEARS, **bought("5000", "investissement")), AMB_41=FIXED)
    found = [amount(ledger, line, 2024) for line in ("masse_salariale", "coûts_directs", CAP)]
    assert found == ["13400.00", "5000.00", "-2400.00"]


@pytest.mark.covers("TAR-58")
def test_operating_purchases_count_under_the_cap():
    ledger = ledger_of(workstations("13400", {"A": "1"}, *THREE_YEARS, **bought("5000", "fonctionnement")), AMB_41=FIXED)
    assert amount(ledger, CAP, 2024) == "-7400.00"


@pytest.mark.covers("TAR-58")
def test_the_worked_figures_of_a_large_member():
    years = history("A", y2021="118000", y2022="121000", y2023="124000")
    found = [
        amount(ledger_of(workstations(total, {"A": "1"}, *years), AMB_41=FIXED), CAP, 2024) for total in ("130000", "100000")
    ]
    assert found == ["-9000.00", "sans objet"]


@pytest.mark.covers("TAR-58", "TAR-64")
@pytest.mark.parametrize(
    ("reading", "expected"), [(FIXED, "-8000.00"), ("de_2020_à_2022", "-10000.00"), ("glissante", "-6000.00")]
)
def test_which_three_exercises_is_a_reading_of_the_text(reading, expected):
    years = history("A", y2020="8000", y2021="10000", y2022="12000", y2023="14000", y2024="16000")
    lump_sum = {"fait": "forfait_masse_salariale", "valeur": "20000", "date": "2025"}
    tables = workstations("0", {"A": "1"}, *years, lump_sum, fact("A", "postes_de_travail", "1", "01/01/2025"))
    assert amount(ledger_of(tables, AMB_41=reading), CAP, 2025) == expected


@pytest.mark.covers("TAR-58")
def test_the_cap_waits_for_its_exercises_to_be_settled():
    ledger = ledger_of(workstations("13400", {"A": "1"}, *THREE_YEARS))
    assert amount(ledger, "masse_salariale", 2024) == "13400.00"
    assert amount(ledger, CAP, 2024) == (
        "à trancher : AMB-41, le texte ne dit pas lesquels\u00a0; total de fonctionnement de chaque membre, sans indice"
    )


@pytest.mark.covers("TAR-12", "TAR-64")
@pytest.mark.parametrize(
    ("reading", "expected", "left_to_the_host"),
    [("gestionnaire", ["-500.00", "sans objet", "sans objet"], "500.00"), ("membres", ["-500.00", "375.00", "125.00"], "0.00")],
)
def test_who_bears_the_excess_is_a_reading_of_the_text(reading, expected, left_to_the_host):
    rows = [*history("A", y2021="1500", y2022="1500", y2023="1500")]
    for member in "BC":
        rows += history(member, y2021="50000", y2022="50000", y2023="50000")
    tables = workstations("10000", {"A": "10", "B": "30", "C": "10"}, *rows)
    ledger = ledger_of(tables, AMB_41=FIXED, AMB_43=reading)
    assert [amount(ledger, CAP, 2024, m) for m in "ABC"] == expected
    assert decimal_text(ledger.limit(CAP, 2024).host) == left_to_the_host


@pytest.mark.covers("TAR-58")
def test_a_member_without_history_is_not_capped_and_a_warning_says_so():
    ledger = ledger_of(workstations("13400", {"A": "1"}), AMB_41=FIXED)
    assert amount(ledger, CAP, 2024) == "sans objet"
    assert ledger.limit(CAP, 2024).by_member[0].note["warning"] == "aucune limite connue : sans plafond"


# ------------------------------------------------------------------ calendars, comparison


@pytest.mark.covers("TAR-60")
def test_payroll_is_compared_with_recruiting():
    ledger = ledger_of(workstations("36000", {"A": "1"}, fact("A", "recrutement_en_propre", "48000", "2024")))
    assert amount(ledger, "écart_au_recrutement", 2024) == "-12000.00"


def test_titles_follow_the_budget_of_the_member():
    days = (("prévision_envoyée", "20/03/2024"), ("budget_primitif_voté", "15/03/2024"), ("titre_prévu", "01/03/2024"))
    ledger = ledger_of(workstations("36000", {"A": "1"}, *(fact("A", name, day, "2024") for name, day in days)))
    line = ledger.line("masse_salariale", 0, 2024)
    assert [p.first.isoformat() for p in line.due] == ["2024-03-01"]
    assert [w.subject for w in ledger.warnings(0, 2024)] == ["prévision_tardive", "titre_prématuré"]


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_shares_every_cost_to_the_cent():
    tables = read_folder(shipped("grand_nancy"), MODEL, fictitious=True)
    totals = [compute(NANCY, tables, year, readings={"AMB-41": FIXED}).to_json()["totals"] for year in (2024, 2025)]
    assert [(t["cost"], t["blocked"]) for t in totals] == [("3521500.00", 0), ("3583740.00", 0)]
    assert [t["by_line"]["masse_salariale"] for t in totals] == ["2650000.00", "2705000.00"]
