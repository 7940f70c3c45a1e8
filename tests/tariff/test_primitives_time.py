"""Primitives 18 to 25: what time does to a tariff; bounds are included, and both of their sides are tried."""

from datetime import date

import pytest

from communis.tariff.membership.terms import effect_of, exit_of, term_of
from factories.blocks import block, codes, computed, each, facts, held, line, members, said, small

TOWN = held("socle", "A")


def days(found):
    return [(p.first, p.last) if p.first != p.last else p.first for p in found.due]


# ---------------------------------------------------------------- 18, 19, 20


@pytest.mark.covers("TAR-18")
def test_an_event_keeps_the_price_of_its_day():
    rows = [
        {"membre": "A", "accompli_le": on, "quantité_d_actes": count}
        for on, count in (("15/06/2025", 2), ("30/06/2025", 1), ("01/07/2025", 1))
    ]
    result = computed(block("prix_dates"), 2025, choix=TOWN, **{"registre.acte_daté": rows})
    assert said(result, "actes_au_prix_du_jour") == "163.00"
    assert [(e.event.isoformat(), e.amount) for e in line(result, "actes_au_prix_du_jour").entries] == [
        ("2025-06-15", 80),
        ("2025-06-30", 40),
        ("2025-07-01", 43),
    ]


def test_a_price_may_be_that_of_the_first_day_or_of_the_decision():
    choices = [
        *held("socle", "A", since="01/09/2025", décidée_le="30/06/2025"),
        *held("socle", "B", since="01/09/2025", décidée_le="01/07/2025"),
    ]
    result = computed(block("prix_dates"), 2025, choix=choices)
    assert each(result, "entrée") == {"A": "300.00", "B": "330.00"}
    assert each(result, "abonnement_daté") == {"A": "500.00", "B": "500.00"}
    assert said(computed(block("prix_dates"), 2026, choix=choices), "abonnement_daté") == "540.00"


def test_two_scales_follow_one_another():
    found = {
        year: said(
            computed(block("prix_dates"), year, choix=TOWN, faits=facts("volume_d_actes", f"01/01/{year}", A=100)),
            "forfait_d_actes",
        )
        for year in (2024, 2025, 2026)
    }
    assert found == {2024: "350.00", 2025: "350.00", 2026: "210.00"}


@pytest.mark.covers("TAR-18")
def test_two_scales_of_one_civil_year_each_price_their_own_events():
    convention = small("""registre visite "Visite"  article 1
    du membre
    faite_le : date, fait foi
    heures : heure
barème par classe forfait selon visite.heures  article 1
    lu à la date de l’événement
    depuis le 01/01/2024 par "délibération 1"
    jusqu’à 2 : 100 €
    plus de 2 : 180 €
    depuis le 01/07/2024 par "délibération 2"
    jusqu’à 3 : 110 €
    plus de 3 : 190 €
ligne visites "Visites"  article 1
    pour socle, pour chaque visite, en fonctionnement
    = forfait
""")
    rows = [{"membre": "A", "faite_le": on, "heures": 3} for on in ("01/01/2024", "30/06/2024", "01/07/2024", "31/12/2024")]
    result = computed(convention, choix=TOWN, **{"registre.visite": rows})
    assert [entry.amount for entry in line(result, "visites").entries] == [180, 180, 110, 110]


@pytest.mark.covers("TAR-15")
@pytest.mark.parametrize(
    ("since", "by_exercise", "by_anniversary"),
    [
        ("01/01/2024", ["500.00", "1000.00", "1000.00"], ["500.00", "1000.00", "1000.00"]),
        ("02/01/2024", ["500.00", "1000.00", "1000.00"], ["500.00", "500.00", "1000.00"]),
        ("31/12/2024", ["500.00", "1000.00", "1000.00"], ["500.00", "500.00", "1000.00"]),
    ],
)
def test_a_ramp_counts_exercises_or_anniversaries_as_written(since, by_exercise, by_anniversary):
    rows = [row for year in (2024, 2025, 2026) for row in facts("habitants", f"01/01/{year}", nature="totale", A=1000)]
    results = [
        computed(block("rang_de_l_annee"), year, choix=held("socle", "A", since=since), faits=rows) for year in (2024, 2025, 2026)
    ]
    assert [said(r, "contribution_par_exercice") for r in results] == by_exercise
    assert [said(r, "contribution_par_anniversaire") for r in results] == by_anniversary


@pytest.mark.covers("TAR-15")
def test_a_ramp_of_the_programme_is_the_same_for_all():
    rows = [row for year in (2026, 2027) for row in facts("habitants", f"01/01/{year}", nature="totale", A=1000, B=1000)]
    choices = [*held("socle", "A"), *held("socle", "B", since="31/12/2026")]
    results = [computed(block("rang_de_l_annee"), year, choix=choices, faits=rows) for year in (2026, 2027)]
    assert each(results[0], "contribution_du_programme") == {"A": "1000.00", "B": "1000.00"}
    assert each(results[1], "contribution_du_programme") == {
        "A": "à décider : le programme dure trois ans",
        "B": "à décider : le programme dure trois ans",
    }


def test_a_merged_commune_keeps_the_rank_its_choice_is_dated_from():
    """A and B merge into C on 1 January 2025; C takes up the membership of 2024, so its second year is not its first."""
    rows = [
        *facts("habitants", "01/01/2024", nature="totale", A=600, B=400),
        *facts("habitants", "01/01/2025", nature="totale", C=1000),
    ]
    towns = [*members("A", "B", au="31/12/2024"), *members("C", du="01/01/2025")]
    choices = [*held("socle", "A", "B", until="31/12/2024"), *held("socle", "C")]
    before = computed(block("rang_de_l_annee"), 2024, membres=towns, choix=choices, faits=rows)
    after = computed(block("rang_de_l_annee"), 2025, membres=towns, choix=choices, faits=rows)
    assert each(before, "contribution_par_exercice") == {"A": "300.00", "B": "200.00"}
    assert each(after, "contribution_par_exercice") == {"C": "1000.00"}


@pytest.mark.parametrize(
    ("decided", "paid"),
    [
        ("31/12/2024", ["sans objet", "420.00"]),
        ("01/01/2025", ["sans objet", "sans objet"]),
        ("01/01/2024", ["sans objet", "420.00"]),
    ],
)
def test_a_decision_takes_effect_on_the_first_of_january_that_follows(decided, paid):
    choices = held("plateforme", "A", since=decided, décidée_le=decided)
    found = [
        said(computed(block("effet_au_premier_janvier"), year, choix=choices), "accès_à_la_plateforme") for year in (2024, 2025)
    ]
    assert found == paid


def test_the_date_of_effect_of_a_decision_is_answered_too():
    convention = block("effet_au_premier_janvier")
    assert effect_of(convention, signed_on=None, offer="plateforme", decided_on=date(2024, 12, 31)) == date(2025, 1, 1)
    assert effect_of(convention, signed_on=None, offer="plateforme", decided_on=date(2025, 1, 1)) == date(2026, 1, 1)


# ---------------------------------------------------------------- 21, 22


@pytest.mark.covers("TAR-19")
@pytest.mark.parametrize(
    ("since", "until", "year", "amounts"),
    [
        ("01/01/2024", "", 2024, ["3660.00", "3660.00", "3660.00", "3660.00", "3660.00"]),
        ("15/10/2024", "", 2024, ["3660.00", "915.00", "610.00", "780.00", "772.67"]),
        ("31/12/2024", "", 2024, ["3660.00", "305.00", "0.00", "10.00", "10.17"]),
        ("01/01/2024", "28/02/2025", 2025, ["3660.00", "610.00", "610.00", "591.62", "610.00"]),
        ("01/01/2024", "29/02/2024", 2024, ["3660.00", "610.00", "610.00", "600.00", "610.00"]),
        ("01/01/2024", "01/01/2025", 2025, ["3660.00", "305.00", "0.00", "10.03", "10.17"]),
    ],
)
def test_an_incomplete_year_is_due_by_the_rule_written(since, until, year, amounts):
    result = computed(block("prorata"), year, choix=held("socle", "A", since=since, until=until))
    names = ("sans_prorata", "au_mois_commencé", "au_mois_entier", "au_jour", "au_jour_sur_360")
    assert [said(result, name) for name in names] == amounts


@pytest.mark.covers("TAR-08", "TAR-19")
def test_months_of_presence_weigh_in_the_key_so_that_the_parts_still_add_up():
    choices = [*held("socle", "A"), *held("socle", "B", since="01/07/2024"), *held("socle", "C", until="31/03/2024")]
    rows = facts("habitants", nature="totale", A=1000, B=1000, C=1000)
    result = computed(block("prorata_dans_la_cle"), choix=choices, faits=rows)
    assert each(result, "part_selon_la_présence") == {"A": "5714.29", "B": "2857.14", "C": "1428.57"}


def test_a_launch_is_free_by_a_written_zero_or_not_yet_due():
    choices = [
        *held("socle", "A", since="15/03/2024"),
        *held("socle", "B", since="30/06/2025"),
        *held("socle", "C", since="01/07/2025"),
    ]
    results = {year: computed(block("periode_gratuite"), year, choix=choices) for year in (2024, 2025, 2026)}
    assert [said(results[year], "année_offerte") for year in (2024, 2025)] == ["0.00", "240.00"]
    assert each(results[2026], "six_mois_offerts") == {"A": "90.00", "B": "90.00", "C": "0.00"}
    assert [said(results[year], "nouveau_service") for year in (2025, 2026)] == ["sans objet", "60.00"]
    assert line(results[2026], "six_mois_offerts", "C").why == "exonérée"


# ---------------------------------------------------------------- 23


@pytest.mark.covers("TAR-11")
@pytest.mark.parametrize(
    ("report", "decided", "year", "amount"),
    [
        ("15/03/2024", "15/03/2024", 2024, "-1500.00"),
        ("15/03/2024", "15/09/2024", 2024, "-1500.00"),
        ("15/03/2024", "16/09/2024", 2024, "sans objet"),
        ("15/03/2024", "14/03/2024", 2024, "sans objet"),
        ("31/08/2024", "28/02/2025", 2025, "-1500.00"),
        ("31/08/2024", "01/03/2025", 2025, "sans objet"),
        ("31/08/2027", "29/02/2028", 2028, "-1500.00"),
        ("31/08/2027", "01/03/2028", 2028, "sans objet"),
        ("29/02/2028", "29/08/2028", 2028, "-1500.00"),
        ("29/02/2028", "30/08/2028", 2028, "sans objet"),
    ],
)
def test_a_credit_lasts_six_months_to_the_day_or_to_the_end_of_a_shorter_month(report, decided, year, amount):
    choices = [
        *held("diagnostic", "A", since=report, rapport_remis_le=report),
        *held("socle", "A", since=f"01/10/{year}", décidée_le=decided),
    ]
    assert said(computed(block("credit_a_delai"), year, choix=choices), "déduction_du_diagnostic") == amount


@pytest.mark.covers("TAR-11")
@pytest.mark.parametrize(
    ("use", "amount", "why"),
    [("une seule fois, reste perdu", "sans objet", "crédit déjà utilisé"), ("reste reporté", "-200.00", "")],
)
def test_a_credit_used_once_is_spent_where_a_carried_one_goes_on(use, amount, why):
    convention = small(f"""ligne avance "Avance"  article 1
    pour socle, une fois à la date de socle.effet_le, en fonctionnement
    = 300 €
ligne cotisation "Cotisation"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 1 000 €
crédit avoir "Avoir"  article 1
    de avance, sur cotisation
    {use}
""")
    issued = [
        {"membre": "A", "exercice": 2024, "ligne": "avance", "montant": 300},
        {"membre": "A", "exercice": 2024, "ligne": "avoir", "montant": -100},
    ]
    result = computed(convention, 2025, choix=TOWN, émis=issued)
    assert (said(result, "avoir"), line(result, "avoir").why) == (amount, why)


@pytest.mark.covers("TAR-11")
def test_the_rest_of_a_credit_is_carried_until_none_is_left():
    rows = [
        row for year, value in (("2024", 300), ("2025", 300), ("2026", 300)) for row in facts("formations_suivies", year, A=value)
    ]
    issued = [{"membre": "A", "exercice": 2024, "ligne": "droit_d_entrée_aux_formations", "montant": 800}]
    found = []
    for year in (2024, 2025, 2026):
        result = computed(
            block("credit_reporte"), year, choix=held("formations", "A"), faits=rows, émis=issued if year > 2024 else []
        )
        found.append(said(result, "avoir_sur_formations"))
        issued.append({"membre": "A", "exercice": year, "ligne": "avoir_sur_formations", "montant": found[-1]})
    assert found == ["-300.00", "-300.00", "-200.00"]


@pytest.mark.covers("TAR-11")
def test_a_credit_that_says_nothing_of_its_rest_is_an_error():
    body = """ligne une "Une"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 10 €
ligne autre "Autre"  article 1
    pour socle, chaque exercice, en fonctionnement
    = 10 €
crédit avoir  article 1
    de une, sur autre
"""
    assert codes(body) == [("CRE-01", "erreur")]


# ---------------------------------------------------------------- 24, 25


def test_a_term_has_renewals_a_maximum_and_a_notice():
    convention = block("duree_et_preavis")
    term = term_of(convention, date(2024, 1, 1), offer="hotline")
    assert term.ends_on == date(2029, 12, 31)
    left = exit_of(convention, received_on=date(2025, 1, 15), effect_on=date(2024, 1, 1), offer="hotline")
    assert (left.on, left.due_until_exit) == (date(2025, 7, 15), True)


def test_what_is_due_during_the_notice_stops_at_the_exit():
    convention = block("duree_et_preavis")
    results = [computed(convention, year, choix=held("hotline", "A", until="15/07/2025")) for year in (2024, 2025, 2026)]
    assert [said(r, "abonnement_hotline") for r in results] == ["1200.00", "700.00", "sans objet"]


def test_each_line_falls_due_when_its_rule_says():
    row = {"membre": "A", "rendue_le": "20/05/2024"}
    choices = held("socle", "A", signée_le="15/11/2023")
    result = computed(block("calendrier_de_facturation"), choix=choices, **{"registre.visite_facturée": [row]})
    assert days(line(result, "titre_de_début_d_année")) == [date(2024, 2, 15)]
    assert days(line(result, "titre_par_trimestre")) == [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 2), date(2024, 10, 1)]
    assert days(line(result, "titre_par_mois"))[:2] == [date(2024, 1, 31), date(2024, 2, 29)]
    assert len(line(result, "titre_par_mois").due) == 12
    assert days(line(result, "titre_échu")) == [date(2024, 12, 31)]
    assert days(line(result, "titre_de_visite")) == [date(2024, 5, 20)]
    later = computed(block("calendrier_de_facturation"), 2025, choix=choices)
    assert days(line(later, "titre_de_début_d_année")) == [(date(2026, 1, 1), date(2026, 3, 31))]


def test_a_price_says_until_when_it_may_be_revised():
    rule = block("calendrier_de_facturation").model.book.parameters["prix_de_la_visite"]
    day, year = rule.revisable
    assert (day.day, day.month, year.offset, rule.without_amendment) == (15, 12, -1, True)
