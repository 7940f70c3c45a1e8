"""Primitives 37 to 48: limits, corrections, tax, rounding, decisions, and the trace of it all."""

from fractions import Fraction

import pytest

from communis.tariff import ProblemsFound, compute, explain, tables_of, verify
from communis.tariff.tables.records import Decision
from factories.blocks import (
    HEAD,
    block,
    borne,
    codes,
    computed,
    each,
    facts,
    held,
    line,
    members,
    of_service,
    said,
    small,
    totals,
)


def euros(name, on="2024", **values):
    return facts(name, on, **values)


def issued(line_name, year, **values):
    return [{"membre": who, "exercice": year, "ligne": line_name, "montant": value} for who, value in values.items()]


# ---------------------------------------------------------------- 37, 38, 39, 40


def test_a_minimum_and_a_maximum_hold_on_the_amount():
    people = {"A": 0, "B": 199, "C": 200, "D": 201, "E": 5000, "F": 5001}
    rows = facts("habitants", nature="totale", **people)
    result = computed(block("minimum_et_maximum"), choix=held("socle", *people), faits=rows)
    amounts = {"A": "200.00", "B": "200.00", "C": "200.00", "D": "201.00", "E": "5000.00", "F": "5000.00"}
    assert each(result, "montant_borné") == amounts


@pytest.mark.covers("TAR-12")
def test_a_floor_makes_its_own_line_and_members_and_host_still_make_the_price():
    rows = facts("habitants", nature="totale", A=0, B=199, C=200)
    result = computed(block("minimum_et_maximum"), choix=held("socle", *"ABC"), faits=rows)
    assert each(result, "minimum_par_membre") == {"A": "200.00", "B": "1.00", "C": "sans objet"}
    assert borne(result) == {"minimum_par_membre": "-201.00"}


@pytest.mark.parametrize(
    ("given", "amount"), [("0,79", "800.00"), ("0,8", "800.00"), ("1", "1000.00"), ("1,2", "1200.00"), ("1,21", "1200.00")]
)
def test_a_minimum_and_a_maximum_hold_on_a_coefficient(given, amount):
    rows = facts("coefficient_de_richesse", A=given)
    assert said(computed(block("minimum_et_maximum"), choix=held("socle", "A"), faits=rows), "montant_au_coefficient") == amount


def capped(cost):
    history = (("2021", 10_000), ("2022", 11_000), ("2023", 12_000))
    rows = [
        *(row for year, value in history for row in euros("facturé_autrefois", year, A=value)),
        *euros("coût_de_fonctionnement", A=cost),
        *euros("coût_d_investissement", A=50_000),
    ]
    return computed(block("plafond_sur_moyenne"), choix=held("régie", "A"), faits=rows)


@pytest.mark.covers("TAR-12")
@pytest.mark.parametrize(
    ("cost", "cut", "host"),
    [
        ("13400", "-2400.00", {"plafond_fixe": "2400.00"}),
        ("11000,01", "-0.01", {"plafond_fixe": "0.01"}),
        ("11000", "sans objet", {}),
        ("9000", "sans objet", {}),
    ],
)
def test_a_cap_on_the_mean_of_fixed_years_bears_on_operating_lines_only(cost, cut, host):
    result = capped(cost)
    assert (said(result, "plafond_fixe"), borne(result)) == (cut, host)
    assert said(result, "régie_investissement") == "50000.00"


@pytest.mark.covers("TAR-12")
def test_a_rolling_cap_reads_what_was_issued():
    history = [
        row
        for year, value in ((2021, 500), (2022, 600), (2023, 700), (2024, 800))
        for row in issued("assistance_due", year, A=value)
    ]
    convention = block("plafond_sur_moyenne")
    for year, cut in ((2024, "-400.00"), (2025, "-300.00")):
        rows = euros("coût_d_assistance", str(year), A=1000)
        assert (
            said(
                computed(convention, year, choix=held("assistance_plafonnée", "A"), faits=rows, émis=history), "plafond_glissant"
            )
            == cut
        )
    short = computed(
        convention, choix=held("assistance_plafonnée", "A"), faits=euros("coût_d_assistance", A=1000), émis=history[1:]
    )
    assert said(short, "plafond_glissant") == "fait manquant : montant émis de « assistance_due », exercice 2021"


def test_a_cap_that_names_nobody_for_what_it_cuts_is_an_error():
    body = """ligne une "Une"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 10 €
plafond coupe  article 1
    porte sur une, par membre
    au plus 5 €
"""
    assert codes(body) == [("POR-01", "erreur")]


@pytest.mark.parametrize(
    ("people", "cuts", "host"),
    [
        ({"A": 30_000, "B": 20_000}, {"A": "sans objet", "B": "sans objet"}, {}),
        ({"A": 30_001, "B": 20_000}, {"A": "-1.20", "B": "-0.80"}, {"réduction_proportionnelle": "2.00"}),
        (
            {"A": 30_000, "B": 20_000, "C": 10_000},
            {"A": "-10000.00", "B": "-6666.67", "C": "-3333.33"},
            {"réduction_proportionnelle": "20000.00"},
        ),
    ],
)
def test_a_cap_on_the_total_reduces_each_in_proportion(people, cuts, host):
    rows = facts("habitants", nature="totale", **people)
    result = computed(block("plafond_du_total"), choix=held("abonnés", *people), faits=rows)
    assert (each(result, "réduction_proportionnelle"), borne(result)) == (cuts, host)


def smoothed(now, before):
    rows = [
        *euros("charge_calculée", **now),
        *euros("abonnement_calculé", **dict.fromkeys(now, 0)),
        *facts("habitants", nature="totale", **dict.fromkeys(now, 1000)),
    ]
    return computed(block("encadrement"), choix=held("lissage", *now), faits=rows, émis=issued("charge_lissée", 2023, **before))


def test_a_collar_gives_what_it_cuts_to_the_others_and_what_it_adds_to_the_host():
    result = smoothed({"A": 1150, "B": 2000, "C": 2800}, {"A": 1000, "B": 2000, "C": 3000})
    assert each(result, "variation_de_la_charge") == {"A": "-100.00", "B": "50.00", "C": "100.00"}
    assert borne(result) == {"variation_de_la_charge": "-50.00"}


def test_a_collar_leaves_what_is_just_at_its_bounds():
    result = smoothed({"A": 1050, "B": 1900}, {"A": 1000, "B": 2000})
    assert each(result, "variation_de_la_charge") == {"A": "sans objet", "B": "sans objet"}


def test_a_collar_of_one_side_in_euros_cuts_rises_only():
    rows = [*euros("abonnement_calculé", A=351, B=350, C=10), *euros("charge_calculée", A=0, B=0, C=0)]
    history = issued("abonnement_lissé", 2023, A=300, B=300, C=300)
    result = computed(block("encadrement"), choix=held("lissage", *"ABC"), faits=rows, émis=history)
    assert each(result, "hausse_de_l_abonnement") == {"A": "-1.00", "B": "sans objet", "C": "sans objet"}
    assert borne(result) == {"hausse_de_l_abonnement": "1.00"}


# ---------------------------------------------------------------- 41


def indexed(*readings):
    rows = [
        *facts("postes", A=10),
        *(row for value, on, published in readings for row in of_service("indice_publié", value, on, published)),
    ]
    return computed(block("indexation"), choix=held("socle", "A"), faits=rows)


@pytest.mark.parametrize(
    ("index", "amount"),
    [(119, "3100.00"), (120, "3100.00"), (123, "3162.00"), ("123,1", "3165.10"), ("127,5", "3255.00"), (130, "3255.00")],
)
def test_an_index_has_a_fixed_part_a_floor_a_cap_and_two_roundings(index, amount):
    assert said(indexed((index, "01/10/2023", "30/11/2023")), "postes_au_prix_révisé") == amount


def test_the_index_is_the_last_published_by_the_day_said():
    late = ("123", "01/10/2023", "02/12/2023")
    known = ("120", "01/07/2023", "15/09/2023")
    assert said(indexed(late), "postes_au_prix_révisé") == (
        "fait manquant : indice_publié, indice des salaires, au 01/12/2023"
        " ; une valeur du 01/10/2023 existe, publiée le 02/12/2023"
    )
    assert said(indexed(late, known), "postes_au_prix_révisé") == "3100.00"
    assert said(indexed(("123", "01/10/2023", "01/12/2023"), known), "postes_au_prix_révisé") == "3162.00"


def test_an_index_may_be_read_some_months_before():
    rows = [
        *facts("postes", A=10),
        *of_service("indice_décalé", 126, "01/09/2023"),
        *of_service("indice_décalé", 132, "02/09/2023"),
    ]
    assert said(computed(block("indexation"), choix=held("socle", "A"), faits=rows), "postes_au_rapport") == "3255.00"


def test_several_indices_and_a_splice_whose_units_say_its_direction():
    rows = [*of_service("salaires_de_l_année", 130, "2023"), *of_service("énergie_de_l_année", 90, "2023")]
    assert said(computed(block("indexation_composite"), choix=held("socle", "A"), faits=rows), "forfait_composite") == "1984.00"
    wrong = """unité ancien "point, ancienne base"
unité nouveau "point, nouvelle base"
paramètre raccord  article 1
    1,4 ancien/nouveau
paramètre base  article 1
    140 ancien
paramètre lu_ici  article 1
    90 nouveau
grandeur rapport : nombre = lu_ici / raccord / base  article 1
"""
    assert codes(wrong) == [("UNI-01", "erreur")]
    assert codes(wrong.replace("lu_ici / raccord", "lu_ici × raccord")) == []


def test_a_chained_index_starts_from_what_was_issued():
    rows = [
        row
        for year, value in (("2023", 100), ("2024", 102), ("2025", 103))
        for row in of_service("indice_de_l_année", value, year)
    ]
    convention = block("indexation_en_chaine")
    tables = {"choix": held("liaison", "A"), "faits": rows}
    assert said(computed(convention, 2024, **tables), "redevance_en_chaîne") == "1200.00"
    assert (
        said(computed(convention, 2025, émis=issued("redevance_en_chaîne", 2024, A=1200), **tables), "redevance_en_chaîne")
        == "1224.00"
    )
    assert (
        said(computed(convention, 2026, émis=issued("redevance_en_chaîne", 2025, A=1224), **tables), "redevance_en_chaîne")
        == "1236.00"
    )
    text = "fait manquant : montant émis de « redevance_en_chaîne », exercice 2024"
    assert said(computed(convention, 2025, **tables), "redevance_en_chaîne") == text


# ---------------------------------------------------------------- 42, 43, 44


def settled(real, final, paid, **choices):
    rows = [*facts("habitants_définitifs", "31/12/2024", nature="totale", **final), *of_service("dépense_réelle", real, "2024")]
    choices = choices.get("choix", held("socle", *final))
    return computed(block("previsionnel_et_regularisation"), choix=choices, faits=rows, émis=issued("provision", 2024, **paid))


@pytest.mark.covers("TAR-13")
def test_a_regularisation_is_the_final_part_less_what_was_issued():
    result = settled(42_000, {"A": 3000, "B": 1200}, {"A": 30_000, "B": 10_000})
    assert each(result, "régularisation") == {"A": "0.00", "B": "2000.00"}
    note = line(result, "régularisation", "B").note["adjusts"]
    assert (note["final"], note["paid"], note["kept"], note["line"]) == (12_000, 10_000, 2000, "provision")
    assert explain(result.ledger, line(result, "régularisation", "B")).notes == [
        "Service du 01/01/2024 au 31/12/2024.",
        "Poids : 1\u00a0200\u00a0hab sur 4\u00a0200\u00a0hab, 2 participants, au prorata (mois commencés).",
        "Montant définitif 12\u00a0000,00\u00a0€, moins 10\u00a0000,00\u00a0€ déjà émis « provision ».",
    ]


@pytest.mark.covers("TAR-13")
def test_a_regularisation_may_be_a_credit_and_weighs_the_months_of_presence():
    choices = [*held("socle", "A"), *held("socle", "B", since="01/07/2024")]
    result = settled(36_000, {"A": 1000, "B": 1000}, {"A": 20_000, "B": 20_000}, choix=choices)
    assert each(result, "régularisation") == {"A": "4000.00", "B": "-8000.00"}


@pytest.mark.covers("TAR-13")
def test_a_regularisation_without_what_was_issued_is_refused():
    result = settled(36_000, {"A": 1000}, {})
    assert said(result, "régularisation") == "fait manquant : montant émis de « provision », exercice 2024"


@pytest.mark.covers("TAR-13")
def test_a_regularisation_upwards_never_gives_back():
    rows = euros("entretien_réel", A=501, B=500, C=499)
    history = issued("provision_d_entretien", 2024, A=500, B=500, C=500)
    result = computed(block("previsionnel_et_regularisation"), choix=held("entretien", *"ABC"), faits=rows, émis=history)
    assert each(result, "complément_d_entretien") == {"A": "1.00", "B": "0.00", "C": "0.00"}


@pytest.mark.parametrize(
    ("paid_by_the_epci", "kept", "billed"),
    [
        (50_000, "10000.00", "0.00"),
        (10_000, "10000.00", "0.00"),
        ("9999,99", "9999.99", "0.01"),
        (0, "0.00", "10000.00"),
        (-3000, "0.00", "10000.00"),
    ],
)
def test_a_charge_is_taken_on_the_compensation_then_billed(paid_by_the_epci, kept, billed):
    rows = [*euros("attribution_de_compensation", A=paid_by_the_epci), *euros("charge_récurrente", A=10_000)]
    result = computed(block("imputation_sur_attribution"), choix=held("socle", "A"), faits=rows)
    assert (said(result, "retenue_sur_attribution"), said(result, "solde_par_titre")) == (kept, billed)
    assert result.model.book.lines["retenue_sur_attribution"].account == "attribution de compensation"


def test_the_host_keeps_what_is_not_covered():
    rows = [*facts("habitants", nature="totale", A=3000, B=1000), *of_service("coût_complet", "50000,01", "2024")]
    result = computed(block("couverture_partielle"), choix=held("solidaire", "A", "B"), faits=rows)
    assert each(result, "part_couverte") == {"A": "22500.01", "B": "7500.00"}
    assert borne(result) == {"part_couverte": "20000.00"}
    assert result.to_json()["totals"]["cost"] == "50000.01"


# ---------------------------------------------------------------- 45, 46, 47, 48


@pytest.mark.covers("TAR-20")
def test_each_line_has_its_tax_rounded_on_the_line_or_on_the_total():
    result = computed(block("hors_taxe_et_tva"), choix=held("boutique", "A"), faits=euros("câbles", A=1))
    found = {x["line"]: (x["tax"]["regime"], x["amount"], x["tax"]["amount"]) for x in result.to_json()["members"][0]["lines"]}
    assert found == {
        "abonnement_taxé": ("per_line", "10.02", "2.00"),
        "câbles_taxés": ("on_total", "0.33", "0.00"),
        "pose_taxée": ("on_total", "0.33", "0.00"),
        "contribution_hors_champ": ("out_of_scope", "100.00", "0.00"),
        "remboursement_ttc": ("included", "24.00", "0.00"),
    }
    assert result.to_json()["members"][0]["total"] == {"before_tax": "134.68", "tax": "2.13", "due": "136.81"}


def test_a_convention_that_says_nothing_of_tax_is_an_error():
    assert [p.code for p in verify(HEAD.replace("    taxe hors taxe\n", ""), "essai.tarif")[1]] == ["TAX-01"]


@pytest.mark.covers("TAR-09")
@pytest.mark.parametrize(
    ("sheets", "amounts"),
    [
        (0, ["0.00", "0.00", "0.00", "0.00", "0.00", "0.00"]),
        (1, ["0.01", "0.00", "0.01", "0.00", "-0.01", "0.00"]),
        (2, ["0.01", "0.01", "0.01", "0.01", "-0.01", "-0.01"]),
        (3, ["0.02", "0.02", "0.02", "0.01", "-0.02", "-0.01"]),
    ],
)
def test_half_a_cent_goes_where_the_mode_says(sheets, amounts):
    result = computed(block("arrondis"), choix=held("imprimerie", "A"), faits=euros("feuilles", A=sheets))
    modes = ("au_plus_proche", "au_pair", "au_dessus", "au_dessous", "en_avoir", "en_avoir_tronqué")
    assert [said(result, mode) for mode in modes] == amounts


@pytest.mark.covers("TAR-09")
def test_the_step_and_the_stage_of_a_rounding_change_the_amount():
    result = computed(block("arrondis"), choix=held("imprimerie", "A"), faits=euros("feuilles", A=81))
    assert [said(result, name) for name in ("à_l_euro", "à_la_dizaine", "prix_arrondi_avant")] == ["10.00", "20.00", "10.53"]


@pytest.mark.covers("TAR-09")
def test_a_total_may_be_rounded_too():
    result = computed(block("arrondis"), choix=held("imprimerie", "A"), faits=euros("feuilles", A=81))
    assert sum(found.amount for found in result.statements[0].owed(result.money)) * 100 == 4134
    assert totals(result) == {"A": "41.00"}


@pytest.mark.covers("TAR-17")
def test_an_act_sets_the_amount_that_the_tariff_refuses():
    row = {"membre": "A", "exercice": 2024, "ligne": "raccordement_des_sites", "montant": 2600, "motif": "24 sites",
           "autorité": "comité syndical", "acte": "délibération 2024-18"}  # fmt: skip
    convention, tables = (
        block("decision_par_acte"),
        {"choix": held("raccordement", "A", "B"), "faits": facts("sites", A=24, B=20)},
    )
    refused = computed(convention, **tables)
    assert each(refused, "raccordement_des_sites") == {
        "A": "à décider : le montant est fixé par une délibération",
        "B": "1800.00",
    }
    decided = computed(convention, décisions=[row], **tables)
    assert each(decided, "raccordement_des_sites") == {"A": "2600.00", "B": "1800.00"}
    assert line(decided, "raccordement_des_sites").decision.act == "délibération 2024-18"
    assert [r.kind for r in line(decided, "raccordement_des_sites").note["refused"]] == ["decide"]


@pytest.mark.covers("TAR-17")
def test_an_act_never_replaces_an_amount_that_the_tariff_gives_nor_a_missing_fact():
    row = {
        "membre": "A",
        "exercice": 2024,
        "ligne": "raccordement_des_sites",
        "montant": 1,
        "motif": "m",
        "autorité": "a",
        "acte": "d",
    }
    convention = block("decision_par_acte")
    given = computed(convention, choix=held("raccordement", "A"), faits=facts("sites", A=20), décisions=[row])
    assert said(given, "raccordement_des_sites") == "1800.00"
    missing = computed(convention, choix=held("raccordement", "A"), faits=[], décisions=[row])
    assert said(missing, "raccordement_des_sites") == "fait manquant : sites, sites raccordés, au 01/01/2024"


YEARLY = """fait sites : nombre "sites raccordés"  article 1
    lu au 1er janvier de N
barème par classe prix selon sites  article 1
    jusqu’à 20 : 1 800 €
    plus de 20 : à décider "un acte fixe le prix"
ligne annuelle "Annuelle"  article 1
    pour socle, chaque exercice, en fonctionnement
    prorata en mois commencés
    = prix
ligne entrée "Droit d’entrée"  article 1
    pour socle, une fois à la date de socle.effet_le, en fonctionnement
    = prix
refus étude "Étude"  article 1
    pour socle
    si sites > 20
    à décider "un acte fixe le prix"
"""


def priced_by_year(convention, lines, year, member=0):
    """Compute what A owes, entered on 15 May 2024, when an act set a price by year for some lines."""
    tables = tables_of(convention.model, {
        "membres": members("A"), "choix": held("socle", "A", since="15/05/2024"),
        "faits": [*facts("sites", "01/01/2024", A=24), *facts("sites", "01/01/2025", A=24)],
    })  # fmt: skip
    for name, amount in lines.items():
        tables.decisions.extend(
            Decision(member, at, name, None, Fraction(amount), "24 sites", "comité", "délibération 7", by_year=True)
            for at in (2024, 2025)
        )
    return compute(convention, tables, year)


@pytest.mark.covers("TAR-17")
def test_a_price_by_year_that_an_act_set_follows_the_prorata_of_its_line_and_is_due_once_where_the_line_is():
    convention = small(YEARLY)
    first = priced_by_year(convention, {"annuelle": 1000, "entrée": 300}, 2024)
    assert (said(first, "annuelle"), said(first, "entrée")) == ("666.67", "300.00")
    told = explain(first.ledger, line(first, "annuelle")).notes
    assert told[-1] == "Au prorata (mois commencés) : × 2/3 de l’exercice."
    second = priced_by_year(convention, {"annuelle": 1000, "entrée": 300}, 2025)
    assert (said(second, "annuelle"), said(second, "entrée")) == ("1000.00", "sans objet")
    assert second.verified


@pytest.mark.covers("TAR-17")
@pytest.mark.parametrize("column", ["motif", "autorité", "acte"])
def test_a_decision_without_its_reason_its_author_or_its_act_is_an_error(column):
    row = {"membre": "A", "exercice": 2024, "ligne": "raccordement_des_sites", "montant": 2600, "motif": "24 sites",
           "autorité": "comité syndical", "acte": "délibération 2024-18"}  # fmt: skip
    convention = block("decision_par_acte")
    with pytest.raises(ProblemsFound) as found:
        tables_of(convention.model, {"membres": members("A"), "décisions": [row | {column: ""}]})
    assert [p.code for p in found.value.problems] == ["TAB-23"]


@pytest.mark.covers("TAR-02")
def test_an_amount_is_explained_down_to_the_article_the_class_and_the_source():
    convention = small("""fait sites : nombre "sites raccordés"  article 1
barème par classe prix selon sites  article 1
    moins de 10    : 100 €
    à partir de 10 : 150,455 €
ligne contribution "Contribution"  article 1
    pour socle, chaque exercice, en fonctionnement
    = prix × 2
""")
    rows = [row | {"source": "recensement"} for row in facts("sites", "01/01/2024", A=10)]
    result = computed(convention, choix=held("socle", "A"), faits=rows)
    step = explain(result.ledger, line(result, "contribution"))
    assert (step.title, step.result, step.formula, step.values) == (
        "Contribution",
        "300,91\u00a0€",
        "prix × 2",
        "150,455\u00a0€ × 2",
    )
    assert [a["reference"] for a in step.articles] == ["article 1"]
    (scale,) = step.children
    assert scale.notes == ["Classe retenue : « à partir de 10 »."]
    (fact,) = scale.children
    assert fact.fact == {
        "name": "sites",
        "kind": "",
        "date": "2024-01-01",
        "read_on": "2024-01-01",
        "source": "recensement",
        "author": "",
        "fictitious": False,
    }


@pytest.mark.covers("TAR-02")
def test_a_line_that_is_a_class_and_nothing_more_says_the_class():
    rows = facts("habitants", nature="totale", A=1999)
    result = computed(block("part_fixe_par_classe"), choix=held("socle", "A"), faits=rows)
    (scale,) = explain(result.ledger, line(result, "contribution_selon_la_taille")).children
    assert scale.notes == ["Classe retenue : « de 500 à moins de 2 000 »."]


@pytest.mark.covers("TAR-02")
def test_a_limit_that_bit_is_in_the_trace():
    result = indexed((130, "01/10/2023", "30/11/2023"))
    price = explain(result.ledger, line(result, "postes_au_prix_révisé")).children[0]
    factor = price.children[1]
    assert (price.formula, price.result) == (
        "arrondi(prix de base du poste × coefficient de révision ; à 0,01)",
        "325,50\u00a0€/poste",
    )
    assert (factor.title, factor.result) == ("coefficient de révision", "1,05")
    assert factor.values == "1,067 plafonné à 1,05 avec un minimum de 1"


@pytest.mark.covers("TAR-02", "TAR-12")
def test_a_cap_says_what_it_limits_what_it_allows_and_who_bears_the_rest():
    result = capped("13400")
    assert explain(result.ledger, line(result, "plafond_fixe")).notes == [
        "Service du 01/01/2024 au 31/12/2024.",
        "Total des lignes limitées : 13\u00a0400,00\u00a0€.",
        "Au plus 11\u00a0000,00\u00a0€.",
        "Excédent de 2\u00a0400,00\u00a0€, supporté par le gestionnaire.",
    ]
