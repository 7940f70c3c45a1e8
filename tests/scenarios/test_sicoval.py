"""Sicoval’s convention, read through the act of Odars: free base, euros by inhabitant, days in kind."""

import pytest

from communis.tariff.convention import read_convention, shipped
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Context
from communis.tariff.meaning.tree import Node
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import read_folder, tables_of

SICOVAL = read_convention(shipped("sicoval"))
MODEL = SICOVAL.model
WITHOUT, WITH = "avancé_sans_dsi", "avancé_avec_dsi"


def ledger_of(tables, **readings):
    return Ledger(Exact(MODEL, tables, readings={name.replace("_", "-"): reading for name, reading in readings.items()}))


def amount(ledger, line, year, member="Commune"):
    """Return what a line or a computed value gives a member, as text: an amount, « sans objet », or the first reason."""
    index, kind = ledger.tables.index(member), MODEL.rules[line].type
    if line in MODEL.book.lines:
        found = ledger.line(line, index, year)
    else:
        found = ledger.exact.named(line, Context(year, index), Node("value", type=kind))
    if found.outcome == AMOUNT:
        return decimal_text(found.amount if line in MODEL.book.lines else found.value / kind.factor)
    return "sans objet" if found.outcome == NOT_APPLICABLE else str(found.reasons[0])


def communes(offer, since="01/07/2024", *, names=("Commune",), habitants=1000, own="non", **others):
    """Make the tables of communes that hold a lot, with or without an IT department of their own."""
    facts = [{"membre": n, "fait": "avec_dsi", "valeur": own, "date": "01/01/2024"} for n in names]
    facts += [
        {"membre": n, "fait": "habitants", "valeur": habitants, "nature": "totale", "date": f"01/01/{year}"}
        for n in names
        for year in (2024, 2025, 2026, 2027)
    ]
    return tables_of(
        MODEL,
        {
            "membres": [{"membre": n} for n in names],
            "choix": [{"membre": n, "offre": offer, "du": since} for n in names],
            "faits": facts,
            **others,
        },
    )


# ------------------------------------------------------------------ the file


def test_nothing_stands_against_publication():
    assert SICOVAL.problems == ()


def test_the_exercise_runs_from_july_to_june():
    period = MODEL.calendar.period(2024)
    assert (MODEL.calendar.label(2024), period.first.isoformat(), period.last.isoformat()) == (
        "2024-2025", "2024-07-01", "2025-06-30",
    )  # fmt: skip


def test_the_commitment_runs_to_june_2027_with_one_free_exit():
    (membership,) = MODEL.book.memberships
    assert membership.term.isoformat() == "2027-06-30"
    assert [day.isoformat() for day in membership.free_exits] == ["2025-12-31"]
    assert (membership.free_offers, membership.early_exit) == (("socle",), "coût à fixer par un acte")


# ------------------------------------------------------------------ lots


@pytest.mark.covers("T-29", "TAR-15", "TAR-53")
def test_a_commune_without_it_department_pays_more_each_year_of_the_programme():
    ledger = ledger_of(communes(WITHOUT))
    found = [amount(ledger, "contribution", year) for year in (2024, 2025, 2026, 2027)]
    assert found == ["500.00", "1000.00", "1200.00", "à décider : la phase expérimentale dure trois ans"]


@pytest.mark.covers("TAR-53")
def test_the_contribution_is_exact_at_933_inhabitants():
    ledger = ledger_of(communes(WITHOUT, habitants=933))
    assert [amount(ledger, "contribution", year) for year in (2024, 2025, 2026)] == ["466.50", "933.00", "1119.60"]


@pytest.mark.covers("TAR-15", "TAR-64")
@pytest.mark.parametrize(("reading", "expected"), [("programme", "1000.00"), ("membre", "500.00")])
def test_the_first_year_of_a_late_joiner_is_a_reading_of_the_text(reading, expected):
    ledger = ledger_of(communes(WITHOUT, since="01/07/2025"), AMB_38=reading)
    assert amount(ledger, "contribution", 2025) == expected


@pytest.mark.covers("T-29", "TAR-53")
def test_odars_holds_the_free_base_alone():
    ledger = ledger_of(read_folder(shipped("sicoval"), MODEL))
    found = [amount(ledger, line, 2024, "Odars") for line in ("socle_de_base", "contribution", "jours_dus")]
    assert found == ["0.00", "sans objet", "sans objet"]


@pytest.mark.covers("T-29", "TAR-10", "TAR-53")
def test_four_communes_with_it_department_owe_96_days_and_no_euro():
    names = ("A", "B", "C", "D")
    ledger = ledger_of(communes(WITH, names=names, own="oui"))
    assert [amount(ledger, "jours_dus", 2024, n) for n in names] == ["24.00"] * 4
    assert [amount(ledger, "socle_de_base", 2024, n) for n in names] == ["0.00"] * 4
    assert amount(ledger, "jours_attendus", 2024, "A") == "96.00"


@pytest.mark.covers("TAR-19")
def test_days_of_a_year_begun_in_december_are_counted_by_the_month():
    tables = communes(WITH, since="01/12/2024", own="oui")
    assert amount(ledger_of(tables), "jours_dus", 2024) == "14.00"
    assert amount(ledger_of(tables, AMB_39="aucun"), "jours_dus", 2024) == "24.00"


@pytest.mark.covers("TAR-54")
def test_validated_days_of_the_year_count_against_those_due():
    given = [
        {"membre": "Commune", "donné_le": day, "durée": days, "validé": valid}
        for day, days, valid in (
            ("10/09/2024", "10", "oui"), ("12/03/2025", "6,5", "oui"), ("20/06/2025", "2", "non"), ("01/07/2025", "3", "oui"),
        )
    ]  # fmt: skip
    ledger = ledger_of(communes(WITH, own="oui", **{"registre.jour_donné": given}))
    assert [amount(ledger, "jours_restant_dus", year) for year in (2024, 2025)] == ["7.50", "21.00"]
    assert [w.subject for w in ledger.warnings(0, 2024)] == ["jours_manquants"]


@pytest.mark.covers("TAR-54")
def test_days_given_beyond_those_due_are_not_carried_over():
    given = [{"membre": "Commune", "donné_le": "10/09/2024", "durée": "30", "validé": "oui"}]
    ledger = ledger_of(communes(WITH, own="oui", **{"registre.jour_donné": given}))
    assert [amount(ledger, "jours_restant_dus", year) for year in (2024, 2025)] == ["0.00", "24.00"]


# ------------------------------------------------------------------ eligibility, places


@pytest.mark.covers("CAT-22")
def test_each_lot_is_kept_for_its_communes():
    with_own = ledger_of(communes(WITHOUT, own="oui"))
    without = ledger_of(communes(WITH, own="non"))
    assert amount(with_own, "contribution", 2024) == (
        "interdit : « Lot de services avancés, communes sans DSI » est réservé à d’autres membres"
    )
    assert amount(without, "jours_dus", 2024) == (
        "interdit : « Lot de services avancés, communes avec DSI » est réservé à d’autres membres"
    )


def asked_on_joining(refusal, tables):
    found = ledger_of(tables).refusal(refusal, Context(2024, 0))
    return None if found is None else str(found.reasons[0])


def test_in_2024_signatories_come_first():
    def signed(letter):
        facts = [
            {"membre": "Commune", "fait": fact, "valeur": value, "date": "01/01/2024"}
            for fact, value in (("co_construction", "oui"), ("lettre_d_engagement", letter))
        ]
        choice = [{"membre": "Commune", "offre": WITHOUT, "du": "01/07/2024"}]
        return tables_of(MODEL, {"membres": [{"membre": "Commune"}], "choix": choice, "faits": facts})

    assert asked_on_joining("priorité_2024", signed("oui")) is None
    assert asked_on_joining("priorité_2024", signed("non")) == (
        "à décider : ne pourra pas être accordée à toutes les communes dès la première année"
    )


def test_a_commune_beyond_the_places_open_asks_for_a_decision():
    def places(count):
        names = [f"Commune {i}" for i in range(3)]
        choices = [{"membre": n, "offre": WITHOUT, "du": "01/07/2024"} for n in names]
        facts = [{"fait": "places", "valeur": count, "date": "2024-2025"}]
        return tables_of(MODEL, {"membres": [{"membre": n} for n in names], "choix": choices, "faits": facts})

    assert asked_on_joining("plus_de_places", places(3)) is None
    assert asked_on_joining("plus_de_places", places(2)) == "à décider : en fonction des ressources restant disponibles"


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_computes_whole_years():
    tables = read_folder(shipped("sicoval"), MODEL, fictitious=True)
    totals = [compute(SICOVAL, tables, year).to_json()["totals"] for year in (2024, 2025)]
    assert [(t["members"], t["blocked"]) for t in totals] == [("7818.00", 0), ("19973.00", 0)]
    assert amount(ledger_of(tables), "jours_attendus", 2024, "Labège") == "86.00"  # 3 × 24 and 14 from December
