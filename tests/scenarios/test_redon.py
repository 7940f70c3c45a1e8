"""REDON Agglomération’s convention: the amounts its articles give, and those of the documented members."""

from fractions import Fraction

import pytest

from communis.tariff.convention import read_convention, shipped
from communis.tariff.explanation.explain import explain
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Context
from communis.tariff.meaning.tree import Node
from communis.tariff.result import compute, decimal_text
from communis.tariff.tables.reader import read_folder, tables_of

REDON = read_convention(shipped("redon"))
MODEL = REDON.model
TOWN = "Ville"
AUDIT = {"membre": TOWN, "offre": "audit", "du": "01/02/2024", "rapport_remis_le": "15/03/2024"}


def ledger_of(tables, **readings):
    return Ledger(Exact(MODEL, tables, readings={name.replace("_", "-"): reading for name, reading in readings.items()}))


def said(found, kind):
    """Say an outcome: an amount in its unit, « sans objet », or the first reason of a refusal."""
    if found.outcome == AMOUNT:
        value = getattr(found, "amount", None)
        return decimal_text((found.value if value is None else value) / kind.factor)
    return "sans objet" if found.outcome == NOT_APPLICABLE else str(found.reasons[0])


def amount(ledger, line, year, member=TOWN):
    """Return what a line, a credit or a computed value gives a member, as text."""
    index, kind = ledger.tables.index(member), MODEL.rules[line].type
    if line in MODEL.book.lines:
        return said(ledger.line(line, index, year), kind)
    if line in MODEL.book.credits:
        return said(ledger.credit(line, index, year), kind)
    return said(ledger.exact.named(line, Context(year, index), Node("value", type=kind)), kind)


def net(ledger, year, member=TOWN):
    found = ledger.net("contribution", ledger.tables.index(member), year, None, Node("net"))
    return said(found, MODEL.rules["contribution"].type)


def population(member, value, *years):
    return [
        {"membre": member, "fait": "habitants", "valeur": value, "nature": "totale", "date": f"01/01/{year}"} for year in years
    ]


def town(habitants, *choices, facts=(), **others):
    """Make the tables of one town of so many inhabitants; a choice is an offer held since 2024, or a row."""
    rows = [c if isinstance(c, dict) else {"membre": TOWN, "offre": c, "du": "01/01/2024"} for c in choices]
    known = [*population(TOWN, habitants, 2023, 2024, 2025), *facts]
    return tables_of(MODEL, {"membres": [{"membre": TOWN}], "faits": known, "choix": rows, **others})


def members_at_the_full_base(count, *, habitants=1000):
    names = [f"Commune {i}" for i in range(count)]
    return tables_of(
        MODEL,
        {
            "membres": [{"membre": n} for n in names],
            "faits": [row for n in names for row in population(n, habitants, 2024)],
            "choix": [{"membre": n, "offre": "socle_complet", "du": "01/01/2024"} for n in names],
        },
    )


def joined_after_the_audit(decided_on, habitants=2355):
    choice = {"membre": TOWN, "offre": "socle_complet", "du": "01/10/2024", "décidée_le": decided_on}
    return ledger_of(town(habitants, AUDIT, choice))


@pytest.fixture(scope="module")
def documented():
    return ledger_of(read_folder(shipped("redon"), MODEL))


# ------------------------------------------------------------------ the file


def test_nothing_stands_against_publication():
    assert REDON.problems == ()


def test_the_membership_lasts_a_year_and_is_left_after_twelve_months():
    (membership,) = MODEL.book.memberships
    assert (membership.duration_months, membership.renewal_months, membership.maximum_months) == (12, 12, None)
    assert (membership.notice_months, membership.exit_by, membership.waiver) == (12, "AMB-11", True)
    assert MODEL.reading("AMB-11") == "de_date_à_date"


# ------------------------------------------------------------------ full base


@pytest.mark.covers("T-01", "TAR-28")
def test_the_full_base_of_the_worked_example():
    assert amount(ledger_of(town(2355, "socle_complet")), "contribution", 2024) == "5532.50"


@pytest.mark.covers("T-02", "TAR-28")
@pytest.mark.parametrize(
    ("habitants", "expected"),
    [(1, "1501.50"), (1499, "3748.50"), (1500, "4250.00"), (2999, "6498.50"), (3000, "7000.00"), (8000, "14500.00")],
)
def test_both_sides_of_each_bound_of_the_full_base(habitants, expected):
    assert amount(ledger_of(town(habitants, "socle_complet")), "contribution", 2024) == expected


@pytest.mark.covers("TAR-28")
def test_above_eight_thousand_the_full_base_asks_for_a_decision():
    ledger = ledger_of(town(8001, "socle_complet"))
    assert amount(ledger, "contribution", 2024) == "à décider : hors barème : examen approfondi"


@pytest.mark.covers("TAR-17")
def test_an_act_sets_the_amount_where_the_tariff_asks_for_one():
    decision = {
        "membre": TOWN, "exercice": "2024", "ligne": "contribution", "montant": "16200", "motif": "examen des moyens",
        "autorité": "conseil communautaire", "acte": "délibération 2024-12",
    }  # fmt: skip
    assert amount(ledger_of(town(8001, "socle_complet", décisions=[decision])), "contribution", 2024) == "16200.00"


def test_an_it_department_of_its_own_asks_for_a_decision():
    own = {"membre": TOWN, "fait": "dispose_d_un_service_informatique", "valeur": "oui", "date": "01/01/2024"}
    ledger = ledger_of(town(2355, "socle_complet", facts=[own]))
    assert amount(ledger, "contribution", 2024) == "à décider : un examen plus approfondi de leurs moyens"


def test_the_first_exercise_of_version_2_is_2023():
    ledger = ledger_of(town(2355, {"membre": TOWN, "offre": "socle_complet", "du": "01/01/2022"}))
    assert amount(ledger, "contribution", 2023) == "5532.50"
    assert amount(ledger, "contribution", 2022) == (
        "aucun tarif : la version 2 prend effet le 01/09/2022, après le premier jour de l’exercice 2022"
    )


def test_the_full_base_is_billed_once_at_the_start_of_the_next_year():
    line = ledger_of(town(2355, "socle_complet")).line("contribution", 0, 2024)
    assert [(p.first.isoformat(), p.last.isoformat()) for p in line.due] == [("2025-01-01", "2025-03-31")]


def test_billed_in_advance_when_that_reading_is_retained():
    line = ledger_of(town(2355, "socle_complet"), AMB_15="à_échoir").line("contribution", 0, 2024)
    assert [(p.first.isoformat(), p.last.isoformat()) for p in line.due] == [("2024-01-01", "2024-03-31")]


# ------------------------------------------------------------------ group purchasing


@pytest.mark.covers("T-04", "TAR-29")
@pytest.mark.parametrize(
    ("habitants", "expected"),
    [
        (1000, "1000.00"), (1499, "1124.75"), (1500, "1625.00"), (2355, "1838.75"), (3000, "2750.00"), (8000, "4000.00"),
        (8001, "5500.25"),
    ],
)  # fmt: skip
def test_both_sides_of_each_bound_of_group_purchasing(habitants, expected):
    assert amount(ledger_of(town(habitants, "groupements")), "contribution_groupements", 2024) == expected


@pytest.mark.covers("T-05", "TAR-03", "TAR-29")
def test_the_town_of_redon_without_its_population_then_with_ten_thousand_inhabitants():
    tables = tables_of(
        MODEL, {"membres": [{"membre": TOWN}], "choix": [{"membre": TOWN, "offre": "groupements", "du": "01/01/2024"}]}
    )
    assert amount(ledger_of(tables), "contribution_groupements", 2024) == "fait manquant : population totale 2024 (habitants)"
    assert amount(ledger_of(town(10000, "groupements")), "contribution_groupements", 2024) == "6000.00"


@pytest.mark.covers("T-07", "TAR-03")
def test_a_missing_population_names_the_town_the_fact_and_its_year(documented):
    line = documented.line("contribution_groupements", documented.tables.index("Redon"), 2026)
    assert [(r.kind, r.member, str(r)) for r in line.reasons] == [
        ("missing", "Redon", "fait manquant : population totale 2026 (habitants)")
    ]


@pytest.mark.covers("T-13", "TAR-34")
def test_the_full_base_opens_group_purchasing_at_no_cost():
    ledger = ledger_of(town(2355, "socle_complet", "groupements"))
    assert amount(ledger, "contribution", 2024) == "5532.50"
    assert amount(ledger, "contribution_groupements", 2024) == "0.00"


def test_when_group_purchasing_turns_into_the_full_base_earlier_years_stay_due():
    first = {"membre": TOWN, "offre": "groupements", "du": "01/01/2023", "au": "30/06/2024"}
    then = {"membre": TOWN, "offre": "socle_complet", "du": "01/07/2024"}
    ledger = ledger_of(town(2355, first, then))
    assert [amount(ledger, "contribution_groupements", year) for year in (2023, 2024, 2025)] == ["1838.75", "0.00", "sans objet"]
    assert amount(ledger_of(town(2355, first, then), AMB_21="groupements_dus"), "contribution_groupements", 2024) == "1838.75"


def test_the_full_base_and_the_whole_annex_are_not_held_together():
    ledger = ledger_of(town(2355, "socle_complet", "annexe_complète"))
    refusal = "interdit : « Socle complet » exclut « Socle annexe complet », tenu en même temps"
    assert amount(ledger, "contribution", 2024) == refusal


# ------------------------------------------------------------------ audit


@pytest.mark.covers("T-06", "TAR-30")
@pytest.mark.parametrize(
    ("habitants", "expected"),
    [
        (1499, "990.00"), (1500, "3500.00"), (3000, "7000.00"), (8000, "7000.00"),
        (8001, "à décider : hors barème : examen approfondi"),
    ],
)  # fmt: skip
def test_both_sides_of_each_bound_of_the_audit(habitants, expected):
    assert amount(ledger_of(town(habitants, AUDIT)), "prix_audit", 2024) == expected


@pytest.mark.covers("TAR-30")
def test_the_audit_is_due_once_when_its_report_is_delivered():
    ledger = ledger_of(town(2355, AUDIT))
    line = ledger.line("prix_audit", 0, 2024)
    assert [(p.first.isoformat(), p.last.isoformat()) for p in line.due] == [("2024-03-15", "2024-03-15")]
    assert amount(ledger, "prix_audit", 2025) == "sans objet"


@pytest.mark.covers("T-09", "TAR-31")
def test_the_audit_is_deducted_from_the_first_year_only():
    ledger = joined_after_the_audit("15/09/2024")
    assert amount(ledger, "prix_audit", 2024) == "3500.00"
    assert amount(ledger, "déduction_audit", 2024) == "-3500.00"
    assert (net(ledger, 2024), net(ledger, 2025)) == ("2032.50", "5532.50")


@pytest.mark.covers("T-10", "TAR-31", "TAR-32")
def test_one_day_after_six_months_nothing_is_deducted_and_the_audit_may_be_completed():
    in_time, late = joined_after_the_audit("15/09/2024"), joined_after_the_audit("16/09/2024")
    assert (net(in_time, 2024), net(late, 2024)) == ("2032.50", "5532.50")
    assert [w.subject for w in in_time.warnings(0, 2024)] == []
    assert [w.subject for w in late.warnings(0, 2024)] == ["audit_à_compléter"]


@pytest.mark.covers("TAR-31")
@pytest.mark.parametrize(
    ("reading", "expected"), [("dès_le_vote", "2032.50"), ("date_exécutoire", "5532.50"), ("date_d_effet", "5532.50")]
)
def test_the_six_months_run_to_the_date_retained(reading, expected):
    choice = {
        "membre": TOWN, "offre": "socle_complet", "du": "01/10/2024", "décidée_le": "10/09/2024", "exécutoire_le": "17/09/2024",
    }  # fmt: skip
    assert net(ledger_of(town(2355, AUDIT, choice), AMB_03=reading), 2024) == expected


@pytest.mark.covers("TAR-31")
def test_six_months_after_31_august_end_on_the_last_day_of_february():
    audit = {"membre": TOWN, "offre": "audit", "du": "01/07/2023", "au": "31/08/2023", "rapport_remis_le": "31/08/2023"}
    last = {"membre": TOWN, "offre": "socle_complet", "du": "01/03/2024", "décidée_le": "29/02/2024"}
    after = {"membre": TOWN, "offre": "socle_complet", "du": "01/03/2024", "décidée_le": "01/03/2024"}
    assert net(ledger_of(town(2355, audit, last)), 2024) == "2032.50"
    assert net(ledger_of(town(2355, audit, after)), 2024) == "5532.50"


@pytest.mark.covers("T-11", "TAR-11", "TAR-31")
def test_at_three_thousand_inhabitants_the_audit_leaves_nothing_due_and_never_less():
    ledger = joined_after_the_audit("15/09/2024", habitants=3000)
    assert amount(ledger, "déduction_audit", 2024) == "-7000.00"
    assert (net(ledger, 2024), net(ledger, 2025)) == ("0.00", "7000.00")


@pytest.mark.covers("T-11", "TAR-11", "TAR-31")
def test_an_audit_dearer_than_a_first_year_begun_late_leaves_nothing_due_and_never_less():
    choice = {"membre": TOWN, "offre": "socle_complet", "du": "01/10/2024", "décidée_le": "15/09/2024"}
    ledger = ledger_of(town(3000, AUDIT, choice), AMB_02="en_mois_commencés")
    assert amount(ledger, "contribution", 2024) == "1750.00"
    assert amount(ledger, "déduction_audit", 2024) == "-1750.00"
    assert net(ledger, 2024) == "0.00"


def test_without_an_audit_the_date_of_the_vote_is_not_asked_for():
    assert net(ledger_of(town(2355, "socle_complet")), 2024) == "5532.50"


@pytest.mark.covers("T-12", "TAR-33")
def test_both_levels_of_the_annex_the_first_year_then_group_purchasing_alone():
    whole = {"membre": TOWN, "offre": "annexe_complète", "du": "01/01/2024", "rapport_remis_le": "15/03/2024"}
    ledger = ledger_of(town(2355, whole))
    assert [amount(ledger, "prix_audit", year) for year in (2024, 2025)] == ["3500.00", "sans objet"]
    assert [amount(ledger, "contribution_groupements", year) for year in (2024, 2025)] == ["1838.75", "1838.75"]
    assert [amount(ledger, "coût_du_socle_annexe_complet", year) for year in (2024, 2025)] == ["5338.75", "1838.75"]


def test_both_levels_chosen_together_are_billed_together():
    whole = {"membre": TOWN, "offre": "annexe_complète", "du": "01/01/2024", "rapport_remis_le": "15/03/2024"}
    line = ledger_of(town(2355, whole)).line("prix_audit", 0, 2024)
    assert [(p.first.isoformat(), p.last.isoformat()) for p in line.due] == [("2025-01-01", "2025-03-31")]


@pytest.mark.covers("TAR-32")
def test_a_complement_of_diagnosis_is_charged_by_the_half_day():
    mission = {"membre": TOWN, "faite_le": "02/12/2024", "durée": "1,5", "complément_d_audit": "oui"}
    ledger = ledger_of(town(2355, AUDIT, **{"registre.mission": [mission]}))
    assert amount(ledger, "diagnostic_complémentaire", 2024) == "600.00"


# ------------------------------------------------------------------ shared days


@pytest.mark.covers("T-14", "TAR-35")
def test_the_shared_days_of_thirty_communes_make_117():
    sizes = [(6, 5000), (9, 2000), (15, 1000)]
    days = [[amount(ledger_of(town(size, "socle_complet")), "quota_de_jours", 2024), count] for count, size in sizes]
    assert days == [["6.50", 6], ["4.50", 9], ["2.50", 15]]
    assert [Fraction(day) * count for day, count in days] == [39, Fraction(81, 2), Fraction(75, 2)]
    assert sum(Fraction(day) * count for day, count in days) == 117


@pytest.mark.covers("TAR-35")
def test_the_shared_days_are_117_whatever_the_communes_unless_they_follow_the_quotas():
    tables = members_at_the_full_base(12)
    assert amount(ledger_of(tables), "jours_niveau_1", 2024, "Commune 0") == "117.00"
    assert amount(ledger_of(tables, AMB_06="au_quota"), "jours_niveau_1", 2024, "Commune 0") == "30.00"


@pytest.mark.covers("T-15", "TAR-14", "TAR-36")
def test_a_mission_of_two_days_and_a_half_with_one_day_left_costs_three_half_days():
    missions = [
        {"id": "1", "membre": TOWN, "faite_le": "02/09/2024", "durée": "2,5"},
        {"id": "2", "membre": TOWN, "faite_le": "01/03/2024", "durée": "116"},
    ]
    ledger = ledger_of(town(2000, "socle_complet", **{"registre.mission": missions}))
    assert amount(ledger, "niveau_1_au_delà", 2024) == "600.00"
    assert amount(ledger, "solde_niveau_1", 2024) == "0.00"
    assert [w.subject for w in ledger.warnings(0, 2024)] == ["quota_dépassé"]


# ------------------------------------------------------------------ posts financed


@pytest.mark.covers("T-16", "TAR-38")
@pytest.mark.parametrize(
    ("count", "posts", "cost"),
    [
        (0, "0.00", "0.00"), (1, "1.00", "40000.00"), (9, "1.00", "40000.00"), (10, "2.00", "80000.00"),
        (20, "2.00", "80000.00"), (21, "3.00", "120000.00"),
    ],
)  # fmt: skip
def test_the_posts_financed_by_the_number_of_adherents(count, posts, cost):
    ledger = ledger_of(members_at_the_full_base(count))
    found = [ledger.exact.named(n, Context(2024), Node("value")) for n in ("etp_financés", "coût_des_etp_financés")]
    assert [decimal_text(f.value) for f in found] == [posts, cost]


@pytest.mark.covers("T-16", "TAR-38")
@pytest.mark.parametrize(("full_base", "posts"), [(0, "1.00"), (9, "1.00"), (10, "2.00")])
def test_the_first_post_is_financed_by_any_adherent_and_the_next_by_the_full_base_alone(full_base, posts):
    offers = ["socle_complet"] * full_base + ["groupements"] * 12
    choices = [{"membre": f"Commune {i}", "offre": offer, "du": "01/01/2024"} for i, offer in enumerate(offers)]
    tables = tables_of(MODEL, {"membres": [{"membre": c["membre"]} for c in choices], "choix": choices})
    found = ledger_of(tables).exact.named("etp_financés", Context(2024), Node("value"))
    assert decimal_text(found.value) == posts


@pytest.mark.covers("T-17", "TAR-07", "TAR-39")
def test_thirty_communes_balance_three_posts_at_43_000_inhabitants():
    sizes = [700] * 15 + [1500] * 9 + [3200] * 5 + [3000]
    names = [f"Commune {i}" for i in range(30)]
    tables = tables_of(
        MODEL,
        {
            "membres": [{"membre": n} for n in names],
            "faits": [row for n, size in zip(names, sizes, strict=True) for row in population(n, size, 2024)],
            "choix": [{"membre": n, "offre": "socle_complet", "du": "01/01/2024"} for n in names],
        },
    )
    ledger = ledger_of(tables)
    assert sum(sizes) == 43_000
    assert [amount(ledger, n, 2024, "Commune 0") for n in ("parts_fixes", "coût_des_etp_financés", "équilibre")] == [
        "55500.00", "120000.00", "0.00",
    ]  # fmt: skip


# ------------------------------------------------------------------ mandate, indemnities, exit


def shared_among(register, row, weights, **readings):
    """Return the ledger of one row of a register of the service, shared among members by their weights."""
    names = list(weights)
    tables = {
        "membres": [{"membre": n} for n in names],
        f"registre.{register}": [{"id": "1", **row}],
        f"registre.{register}.membres": [{"id": "1", "membre": n, **w} for n, w in weights.items() if w],
    }
    return ledger_of(tables_of(MODEL, tables), **readings)


@pytest.mark.covers("TAR-40")
def test_a_purchase_under_mandate_is_rebilled_at_the_price_paid():
    row = {"acquittée_le": "28/06/2024", "montant": "1200", "imputation": "investissement"}
    weights = {"A": {"quantité": "5"}, "B": {"quantité": "3"}, "C": {"quantité": "2"}, "D": {}}
    ledger = shared_among("achat", row, weights)
    assert [amount(ledger, "remboursement_achat", 2024, m) for m in "ABCD"] == ["600.00", "360.00", "240.00", "sans objet"]


@pytest.mark.covers("T-20", "TAR-08")
def test_a_hundred_euros_in_three_parts_lose_no_cent():
    row = {"acquittée_le": "28/06/2024", "montant": "100", "imputation": "fonctionnement"}
    ledger = shared_among("achat", row, {m: {"quantité": "1"} for m in "ABC"})
    assert [amount(ledger, "remboursement_achat", 2024, m) for m in "ABC"] == ["33.34", "33.33", "33.33"]


@pytest.mark.covers("T-19", "TAR-42")
def test_an_indemnity_follows_what_each_was_invoiced():
    row = {"définitive_le": "25/09/2024", "montant": "10000"}
    weights = {n: {"montants_facturés": w} for n, w in (("A", "50000"), ("B", "30000"), ("C", "20000"))}
    ledger = shared_among("indemnité", row, weights)
    assert [amount(ledger, "part_d_indemnité", 2024, m) for m in "ABC"] == ["5000.00", "3000.00", "2000.00"]


@pytest.mark.covers("TAR-42")
def test_an_indemnity_follows_the_orders_when_nothing_was_invoiced_or_when_so_read():
    row = {"définitive_le": "25/09/2024", "montant": "10000"}
    orders = {"A": {"montants_commandés": "60000"}, "B": {"montants_commandés": "20000"}}
    assert amount(shared_among("indemnité", row, orders), "part_d_indemnité", 2024, "A") == "7500.00"
    both = {"A": {"montants_facturés": "1", "montants_commandés": "60000"}, "B": {"montants_commandés": "20000"}}
    assert amount(shared_among("indemnité", row, both), "part_d_indemnité", 2024, "A") == "10000.00"
    assert amount(shared_among("indemnité", row, both, AMB_18="commandé"), "part_d_indemnité", 2024, "A") == "7500.00"


@pytest.mark.covers("TAR-41")
def test_the_solution_of_a_market_is_apart_from_the_contribution():
    order = {"membre": TOWN, "reçue_le": "19/04/2024", "montant": "3240", "imputation": "investissement"}
    ledger = ledger_of(town(2355, "groupements", **{"registre.commande": [order]}))
    assert amount(ledger, "contribution_groupements", 2024) == "1838.75"
    assert ledger.line("solution_du_marché", 0, 2024).sections == {"investissement": 3240}


@pytest.mark.covers("TAR-61")
def test_an_exit_costs_what_both_parties_accept():
    costs = [
        {
            "membre": TOWN, "échu_le": f"30/06/{year}", "objet": what, "montant": cost, "imputation": "fonctionnement",
            "accepté": yes,
        }
        for year, what, cost, yes in (
            (2025, "contrat", "1800", "oui"), (2025, "pénalité", "250", "oui"), (2025, "prestation", "900", "non"),
            (2026, "contrat", "600", "oui"),
        )
    ]  # fmt: skip
    ledger = ledger_of(town(2355, **{"registre.coût_de_sortie": costs}))
    assert [amount(ledger, "sortie_du_service", year) for year in (2024, 2025, 2026)] == ["sans objet", "2050.00", "600.00"]
    told = explain(ledger, ledger.line("sortie_du_service", 0, 2025))
    assert [(article["reference"], len(article["words"])) for article in told.articles] == [("article 2.4", 4)]


# ------------------------------------------------------------------ the documented members


@pytest.mark.covers("TAR-29", "ORG-06")
def test_the_town_of_redon_by_its_legal_populations(documented):
    found = [amount(documented, "contribution_groupements", year, "Redon") for year in (2022, 2024, 2025, 2026)]
    assert found == [
        "sans objet",
        "6013.50",
        "6021.50",
        "fait manquant : population totale 2026 (habitants)",
    ]


@pytest.mark.covers("TAR-06")
def test_saint_jean_la_poterie_changes_class_with_its_population(documented):
    assert amount(documented, "part_fixe", 2024, "Saint-Jean-la-Poterie") == "2000.00"  # 1 501 inhabitants
    assert amount(documented, "part_fixe", 2025, "Saint-Jean-la-Poterie") == "1500.00"  # 1 487


@pytest.mark.covers("TAR-38", "TAR-39")
def test_one_documented_adherent_finances_one_post(documented):
    assert amount(documented, "coût_des_etp_financés", 2024, "Redon") == "40000.00"
    assert amount(documented, "équilibre", 2024, "Redon") == "-33986.50"


# ------------------------------------------------------------------ the demonstration


def test_the_demonstration_computes_whole_years():
    tables = read_folder(shipped("redon"), MODEL, fictitious=True)
    totals = [compute(REDON, tables, year).to_json()["totals"] for year in (2024, 2025)]
    assert [(t["members"], t["blocked"]) for t in totals] == [("75683.50", 0), ("89072.50", 0)]
    assert [t["flags"]["fictitious"] for t in totals] == [True, True]
