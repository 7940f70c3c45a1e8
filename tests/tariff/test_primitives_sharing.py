"""Primitives 26 to 36: a cost shared, to the last cent, between those it concerns."""

from fractions import Fraction

import pytest

from factories.blocks import block, borne, codes, computed, each, facts, held, line, members, of_service, said, totals


def inhabitants(on="01/01/2024", **values):
    return facts("habitants", on, nature="totale", **values)


# ---------------------------------------------------------------- 26, 27, 28


def paid(amount, kind, section="fonctionnement", on="15/03/2024"):
    return {"mandatée_le": on, "montant": amount, "genre": kind, "compte": section}


def net_charge(spent, received=()):
    registers = {
        "registre.mandat": spent,
        "registre.subvention_reçue": [{"encaissée_le": "01/06/2024", "montant_encaissé": r} for r in received],
    }
    return computed(block("charge_nette_repartie"), choix=held("socle", "A", "B"), faits=inhabitants(A=3000, B=1000), **registers)


@pytest.mark.covers("TAR-07")
def test_a_pool_keeps_the_eligible_costs_net_of_grants():
    result = net_charge(
        [paid(50_000, "personnel"), paid(4000, "contrats"), paid(999, "réceptions"), paid(700, "contrats", on="31/12/2023")],
        [14_000],
    )
    assert each(result, "part_de_charge_nette") == {"A": "30000.00", "B": "10000.00"}
    assert each(result, "part_d_investissement") == {"A": "sans objet", "B": "sans objet"}


@pytest.mark.covers("TAR-20")
def test_operating_and_capital_are_kept_apart():
    result = net_charge([paid(40_000, "personnel"), paid(8000, "contrats", "investissement")])
    assert line(result, "part_de_charge_nette").sections == {"fonctionnement": 30_000}
    assert line(result, "part_d_investissement").sections == {"investissement": 6000}


def test_a_grant_above_the_cost_leaves_nothing_to_share():
    result = net_charge([paid(10_000, "personnel")], ["10000,01"])
    assert each(result, "part_de_charge_nette") == {"A": "0.00", "B": "0.00"}


def blended(desks, people=None):
    people = people or {"A": 3000, "B": 1000}
    rows = [*inhabitants(**people), *facts("postes", **desks)]
    return computed(block("cle_composee"), choix=held("socle", *people), faits=rows)


@pytest.mark.covers("TAR-07")
def test_a_key_blends_normalised_keys():
    result = blended({"A": 10, "B": 20})
    assert each(result, "part_composée") == {"A": "17250.00", "B": "12750.00"}
    assert each(result, "part_des_postes") == {"A": "3000.00", "B": "6000.00"}


def test_a_component_that_is_nil_for_all_gives_its_weight_to_the_fallback():
    result = blended({"A": 0, "B": 0})
    assert each(result, "part_composée") == {"A": "21000.00", "B": "9000.00"}


def test_a_key_nil_for_all_refuses_and_names_no_price():
    result = blended({"A": 0, "B": 0})
    assert each(result, "part_des_postes") == {
        "A": "clé nulle : aucun membre n’a de poids",
        "B": "clé nulle : aucun membre n’a de poids",
    }


def test_a_nil_weight_pays_nothing_and_one_member_pays_all():
    assert each(blended({"A": 0, "B": 1}), "part_des_postes") == {"A": "0.00", "B": "9000.00"}
    assert each(blended({"A": 10}, {"A": 3000}), "part_composée") == {"A": "30000.00"}


@pytest.mark.covers("TAR-03")
def test_a_driver_missing_for_one_refuses_the_part_of_all_and_names_it():
    result = computed(
        block("cle_composee"), choix=held("socle", "A", "B"), faits=[*inhabitants(A=3000), *facts("postes", A=1, B=2)]
    )
    text = "fait manquant : population totale 2024 (habitants)"
    assert each(result, "part_composée") == {"A": text, "B": text}
    assert [reason.member for reason in line(result, "part_composée").reasons] == ["B"]


@pytest.mark.parametrize(
    ("weights", "told"),
    [("60 % selon jetons\n    40 % à parts égales", []), ("60 % selon jetons\n    30 % à parts égales", ["CLE-02"])],
)
def test_the_weights_of_a_key_make_a_hundred(weights, told):
    body = f"fait jetons : nombre  article 1\nclé mêlée  article 1\n    entre les membres\n    {weights}\n"
    assert [code for code, _ in codes(body)] == told


def test_agent_time_weighs_by_what_each_agent_costs():
    agents = [{"id": "1", "recensé_le": "01/01/2024", "coût": 60_000}, {"id": "2", "recensé_le": "01/01/2024", "coût": 30_000}]
    times = [
        {"id": "1", "membre": "A", "temps": 25},
        {"id": "1", "membre": "B", "temps": 75},
        {"id": "2", "membre": "A", "temps": 100},
    ]
    registers = {"registre.agent_du_service": agents, "registre.agent_du_service.membres": times}
    result = computed(block("cle_par_temps_d_agents"), choix=held("socle", "A", "B"), **registers)
    assert each(result, "part_des_frais_généraux") == {"A": "6000.00", "B": "6000.00"}


# ---------------------------------------------------------------- 29, 30, 31


def test_each_cost_names_its_key_and_the_parts_are_summed_by_member():
    costs = [
        {"engagée_le": "01/02/2024", "montant_engagé": 8000, "unité_d_œuvre": "habitants"},
        {"engagée_le": "01/03/2024", "montant_engagé": 4000, "unité_d_œuvre": "postes"},
    ]
    rows = [*inhabitants(A=3000, B=1000), *facts("postes", A=10, B=30)]
    result = computed(
        block("cle_par_categorie"), choix=held("socle", "A", "B"), faits=rows, **{"registre.dépense_avec_clé": costs}
    )
    assert each(result, "dépenses_par_clé") == {"A": "7000.00", "B": "5000.00"}
    assert [entry.amount for entry in line(result, "dépenses_par_clé").entries] == [6000, 1000]


def test_a_common_pot_is_keyed_and_an_own_pot_is_not():
    rows = [*facts("volume_stocké", "31/12/2024", A=300, B=500, C=1200), *of_service("coûts_communs", 9000, "2024")]
    own = [
        {"membre": "A", "livré_le": "02/02/2024", "prix_payé": "420,50"},
        {"membre": "A", "livré_le": "03/03/2024", "prix_payé": "79,50"},
    ]
    result = computed(block("deux_pots"), choix=held("socle", *"ABC"), faits=rows, **{"registre.achat_propre": own})
    assert each(result, "pot_commun") == {"A": "1350.00", "B": "2250.00", "C": "5400.00"}
    assert each(result, "pot_propre") == {"A": "500.00", "B": "sans objet", "C": "sans objet"}


def rent(total, tokens, name="loyer_aux_jetons"):
    rows = [*facts("jetons", **tokens), *of_service("loyer_à_partager", total, "2024")]
    return each(computed(block("part_au_centime"), choix=held("socle", *tokens), faits=rows), name)


@pytest.mark.covers("TAR-08", "T-20")
@pytest.mark.parametrize(
    ("total", "parts"),
    [
        (100, ["33.34", "33.33", "33.33"]),
        (10_000, ["3333.34", "3333.33", "3333.33"]),
        ("0,02", ["0.01", "0.01", "0.00"]),
        (0, ["0.00", "0.00", "0.00"]),
        (-100, ["-33.34", "-33.33", "-33.33"]),
    ],
)
def test_three_equal_parts_lose_no_cent(total, parts):
    found = rent(total, {"C": 1, "A": 1, "B": 1}, "loyer_à_parts_égales")
    assert [found[who] for who in "ABC"] == parts


@pytest.mark.covers("TAR-08")
def test_the_largest_remainder_goes_before_the_order_of_members():
    assert rent(1, {"A": 1, "B": 2}) == {"A": "0.33", "B": "0.67"}
    assert rent("0,01", {"A": 1, "B": 1, "C": 0}) == {"A": "0.01", "B": "0.00", "C": "0.00"}


@pytest.mark.covers("TAR-08")
def test_ties_go_by_siren_whatever_the_order_of_the_table():
    rows = [*facts("jetons", A=1, B=1), *of_service("loyer_à_partager", "0,01", "2024")]
    towns = [*members("A", siren="200000107"), *members("B", siren="200000008")]
    result = computed(block("part_au_centime"), membres=towns, choix=held("socle", "A", "B"), faits=rows)
    assert each(result, "loyer_aux_jetons") == {"A": "0.00", "B": "0.01"}


def test_the_cents_left_are_a_line_of_the_host_where_it_bears_them():
    result = computed(block("restes_au_gestionnaire"), choix=held("socle", *"ABC"))
    assert each(result, "part_tronquée") == {"A": "33.33", "B": "33.33", "C": "33.33"}
    assert borne(result) == {"part_tronquée": "0.01"}


# ---------------------------------------------------------------- 32, 33, 34


@pytest.mark.covers("TAR-07")
@pytest.mark.parametrize(
    ("count", "part"),
    [(1, "42000.00"), (9, "4666.66"), (10, "8400.00"), (20, "4200.00"), (21, "6000.00")],
)
def test_staff_grows_by_steps_with_the_number_of_members(count, part):
    names = [f"M{i:02d}" for i in range(count)]
    result = computed(block("etp_par_paliers"), choix=held("socle", *names))
    assert said(result, "part_de_l_effectif", names[-1]) == part
    assert sum(line(result, "part_de_l_effectif", name).amount for name in names) == {1: 42_000, 9: 42_000}.get(
        count, 84_000 if count < 21 else 126_000
    )


def test_no_member_pays_no_staff():
    result = computed(block("etp_par_paliers"), membres=members("A"))
    assert each(result, "part_de_l_effectif") == {"A": "sans objet"}


def bricks(**changed):
    given = {("agents_de_la_brique", "réseau"): "1,5", ("achats_de_la_brique", "réseau"): 25_000,
             ("agents_de_la_brique", "paie"): "0,5", ("achats_de_la_brique", "paie"): 2000}  # fmt: skip
    rows = [{"fait": fact, "offre": offer, "valeur": value, "date": "2024"} for (fact, offer), value in given.items()]
    rows += [*inhabitants(A=3000, B=1000), *inhabitants(Syndicat=6000)]
    towns = [*members("Syndicat", rôle="gestionnaire"), *members("A", "B")]
    choices = [*held("réseau", "A", "B"), *held("paie", "A"), *changed.get("more", [])]
    return computed(block("etp_par_brique"), membres=towns, choix=choices, faits=rows)


@pytest.mark.covers("TAR-07")
def test_the_staff_of_a_brick_is_paid_by_those_who_hold_it():
    result = bricks()
    assert each(result, "part_de_la_brique", "réseau") == {"A": "30000.00", "B": "10000.00"}
    assert each(result, "part_de_la_brique", "paie") == {"A": "9000.00", "B": "sans objet"}
    assert [(found.offer, found.amount) for found in result.host_lines] == [("réseau", 60_000), ("paie", 18_000)]


def test_members_and_host_make_the_cost():
    assert result_cost(bricks()) == 127_000


def result_cost(result):
    return Fraction(result.to_json()["totals"]["cost"])


def stepped(rows, people):
    choices = held("socle", *people)
    return computed(block("enveloppe_de_jours"), choix=choices, faits=inhabitants(**people), **{"registre.intervention": rows})


def visit(who, on, days):
    return {"membre": who, "menée_le": on, "durée_menée": days}


@pytest.mark.covers("TAR-14")
def test_shared_days_are_consumed_by_class_then_paid_by_the_half_day():
    rows = [
        visit("A", "10/03/2024", "3"),
        visit("B", "11/03/2024", "1"),
        visit("B", "12/03/2024", "0,5"),
        visit("C", "12/03/2024", "3,5"),
    ]
    result = stepped(rows, {"A": 800, "B": 900, "C": 1000})
    assert each(result, "jours_au_delà") == {"A": "0.00", "B": "210.00", "C": "0.00"}


@pytest.mark.covers("TAR-14")
def test_days_are_consumed_in_the_order_of_dates():
    rows = [visit("A", "11/03/2024", "2,5"), visit("B", "10/03/2024", "4")]
    assert each(stepped(rows, {"A": 800, "B": 900}), "jours_au_delà") == {"A": "1050.00", "B": "0.00"}


@pytest.mark.covers("TAR-14")
def test_a_visit_astride_the_end_of_the_days_is_paid_for_what_is_beyond():
    rows = [visit("A", "10/03/2024", "1"), visit("A", "11/03/2024", "2,5")]
    result = stepped(rows, {"A": 800})
    assert [entry.amount for entry in line(result, "jours_au_delà").entries] == [0, 630]


@pytest.mark.covers("TAR-14")
def test_what_is_left_is_carried_up_to_its_limit():
    rows = [
        {"membre": "A", "tenu_le": on, "durée_de_l_atelier": days}
        for on, days in (("15/05/2024", 12), ("15/05/2025", 26), ("15/05/2026", 21))
    ]
    found = {
        year: said(
            computed(block("enveloppe_reportee"), year, choix=held("socle", "A"), **{"registre.atelier": rows}),
            "ateliers_en_plus",
        )
        for year in (2024, 2025, 2026)
    }
    assert found == {2024: "0.00", 2025: "400.00", 2026: "400.00"}


def test_the_quota_of_a_merged_commune_is_that_of_its_own_class():
    """Two communes below 1 000 make one above: their 4 days become its 3,5."""
    towns = [*members("A", "B", au="31/12/2024"), *members("C", du="01/01/2025")]
    choices = [*held("socle", "A", "B", until="31/12/2024"), *held("socle", "C", since="01/01/2025")]
    rows = [*inhabitants(A=800, B=900), *inhabitants("01/01/2025", C=1700)]
    visits = [visit("A", "10/03/2024", "4"), visit("C", "10/03/2025", "4")]
    tables = {"membres": towns, "choix": choices, "faits": rows, "registre.intervention": visits}
    assert said(computed(block("enveloppe_de_jours"), 2024, **tables), "jours_au_delà") == "0.00"
    assert said(computed(block("enveloppe_de_jours"), 2025, **tables), "jours_au_delà", "C") == "210.00"


# ---------------------------------------------------------------- 35, 36


@pytest.mark.covers("TAR-10")
def test_days_in_kind_are_due_in_days_and_never_in_euros():
    given = [
        {"membre": "A", "offert_le": "01/02/2024", "durée_offerte": "7,5", "validés": "oui"},
        {"membre": "A", "offert_le": "01/03/2024", "durée_offerte": 3, "validés": "non"},
    ]
    choices = [*held("coopérative", "A"), *held("coopérative", "B", since="01/10/2024")]
    result = computed(block("contribution_en_nature"), choix=choices, **{"registre.jour_offert": given})
    assert each(result, "jours_d_agent_dus") == {"A": "12.00", "B": "3.00"}
    assert totals(result) == {"A": "0.00", "B": "0.00"}


def test_days_turned_into_euros_need_a_declared_value():
    assert codes("ligne dus  article 1\n    pour socle, chaque exercice, en fonctionnement\n    = 12 jours\n") == [
        ("UNI-05", "erreur")
    ]
    valued = "ligne dus  article 1\n    pour socle, chaque exercice, en fonctionnement\n    = 12 jours × 300 €/jour\n"
    assert codes(valued) == []


def substituted(towns, entrusted, pilots=(), **people):
    rows = [
        *inhabitants(**people),
        *facts("confiée_à_l_epci", **dict.fromkeys(entrusted, "oui")),
        *facts("commune_pilote", **dict.fromkeys(pilots, "oui")),
    ]
    return computed(block("paye_par_le_rattachement"), membres=towns, choix=held("socle", *people), faits=rows)


def test_an_epci_or_the_host_pays_in_the_place_of_a_member():
    towns = [*members("Syndicat", rôle="gestionnaire"), *members("EPCI"), *members("A", "B", "C", rattachement="EPCI")]
    result = substituted(towns, entrusted="AC", pilots="C", A=500, B=700, C=900)
    assert each(result, "cotisation_substituée") == {"EPCI": "sans objet", "A": "1000.00", "B": "1400.00", "C": "1800.00"}
    payers = [line(result, "cotisation_substituée", who).payer for who in "ABC"]
    assert [None if payer is None else result.tables.members[payer].name for payer in payers] == ["EPCI", None, "Syndicat"]
    assert totals(result) == {"EPCI": "1000.00", "A": "0.00", "B": "1400.00", "C": "0.00"}


def test_a_payer_who_is_not_there_refuses_the_line():
    result = substituted(members("A"), entrusted="A", A=100)
    assert each(result, "cotisation_substituée") == {"A": "rattachement manquant : membre de rattachement"}
    assert totals(result) == {"A": None}


@pytest.mark.covers("TAR-40")
def test_a_purchase_under_mandate_is_repaid_at_the_price_paid_with_its_invoice():
    invoice = {"id": "1", "payée_le": "05/05/2024", "montant_payé": 1200, "copie_jointe": "oui"}
    weights = [{"id": "1", "membre": who, "licences_de": count} for who, count in (("A", 5), ("B", 3), ("C", 2))]
    tables = {"membres": members(*"ABCD"), "registre.facture.membres": weights}
    result = computed(block("achat_sur_mandat"), choix=[], **tables, **{"registre.facture": [invoice]})
    assert each(result, "remboursement_d_achat") == {"A": "600.00", "B": "360.00", "C": "240.00", "D": "0.00"}
    without = computed(block("achat_sur_mandat"), choix=[], **tables, **{"registre.facture": [invoice | {"copie_jointe": "non"}]})
    assert said(without, "remboursement_d_achat") == "à décider : copie de la facture acquittée à joindre"


def test_what_is_owed_to_another_payee_is_shown_and_not_billed():
    convention = block("achat_sur_mandat")
    result = computed(convention, membres=members("A"), choix=[], faits=facts("maintenance_du_titulaire", "2024", A=90))
    assert totals(result) == {"A": "0.00"}
    assert convention.model.book.quantities["dû_au_titulaire_du_marché"].indicator
