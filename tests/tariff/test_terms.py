"""The dates of a membership, checked by hand against the words of four founding conventions and of small blocks."""

from datetime import date, timedelta

import pytest

from communis.tariff.calendar import french_date, months_later
from communis.tariff.convention import read_text
from communis.tariff.membership.periods import last_notice_day
from communis.tariff.membership.terms import calendar_of, cost_of_leaving, effect_of, exit_of, term_of
from factories.memberships import GRAND_NANCY, HEAD, REDON, SICOVAL, SIDEC, YEARLY, agreed, block, day, days, refusal

# ---------------------------------------------------------------- effect


@pytest.mark.parametrize(
    ("clause", "signed", "chosen", "decided", "effect"),
    [
        ("effet à la signature", "15/12/2023", "01/01/2024", None, "15/12/2023"),
        ("effet à la date choisie", "15/12/2023", "01/01/2024", None, "01/01/2024"),
        ("effet à la date choisie", "15/01/2024", "01/01/2024", None, "01/01/2024"),
        ("effet à la plus tardive de la signature et de la date choisie", "15/12/2023", "01/01/2024", None, "01/01/2024"),
        ("effet à la plus tardive de la signature et de la date choisie", "15/01/2024", "01/01/2024", None, "15/01/2024"),
        ("effet à la plus tardive de la signature et de la date choisie", "15/01/2024", None, None, "15/01/2024"),
        ("effet le 1er janvier suivant la décision", None, None, "31/12/2023", "01/01/2024"),
        ("effet le 1er janvier suivant la décision", None, None, "01/01/2024", "01/01/2025"),
        ("effet le 1er janvier suivant la décision", None, None, "02/01/2024", "01/01/2025"),
        ("effet le 1er juillet suivant la décision", None, None, "30/06/2024", "01/07/2024"),
        ("effet le 29 février suivant la décision", None, None, "01/01/2025", "28/02/2025"),
        ("effet le 29 février suivant la décision", None, None, "28/02/2024", "29/02/2024"),
        ("effet le 01/01/2024", "15/12/2023", None, None, "01/01/2024"),
        ("effet le 01/01/2024", "15/02/2024", None, None, "15/02/2024"),
        ("effet le 01/01/2024", "15/12/2023", "01/03/2025", None, "01/03/2025"),
        ("sans préavis", "15/12/2023", "01/01/2024", None, "01/01/2024"),  # silent on the effect: the chosen date
    ],
)
def test_the_date_of_effect_follows_the_rule_of_the_block(clause, signed, chosen, decided, effect):
    convention = block("durée 1 an", clause)
    given = {"signed_on": signed, "chosen_on": chosen, "decided_on": decided}
    assert effect_of(convention, **{name: day(text) if text else None for name, text in given.items()}) == day(effect)


@pytest.mark.parametrize(
    ("clause", "sentence"),
    [
        ("effet à la signature", "fait manquant : la date de signature"),
        ("effet le 01/01/2024", "fait manquant : la date de signature"),
        ("effet à la date choisie", "fait manquant : la date d’effet choisie"),
        ("effet le 1er janvier suivant la décision", "fait manquant : la date de la décision"),
        (
            "sans préavis",
            "fait manquant : la date d’effet choisie, car la convention ne dit pas quand l’adhésion prend effet",
        ),
    ],
)
def test_an_effect_without_the_date_it_needs_is_refused(clause, sentence):
    assert refusal(effect_of, block("durée 1 an", clause), signed_on=None) == sentence


def test_no_membership_takes_effect_after_the_end_of_the_convention():
    sentence = "calcul impossible : l’adhésion ne peut prendre effet le 01/07/2027 : la convention a pris fin le 30/06/2027"
    assert refusal(effect_of, agreed(SICOVAL), signed_on=None, chosen_on=day("01/07/2027")) == sentence
    assert refusal(term_of, agreed(SICOVAL), day("01/07/2027")) == sentence
    assert effect_of(agreed(SICOVAL), signed_on=None, chosen_on=day("30/06/2027")) == day("30/06/2027")


# ---------------------------------------------------------------- renewals and end


@pytest.mark.covers("T-24")
def test_sidec_renews_each_15_july_then_expires_after_six_years_in_all():
    term = term_of(agreed(SIDEC), day("15/07/2024"))
    assert [r.renews_on for r in term.renewals] == days("15/07/2025 15/07/2026 15/07/2027 15/07/2028 15/07/2029")
    assert [r.ends_on for r in term.renewals] == days("14/07/2026 14/07/2027 14/07/2028 14/07/2029 14/07/2030")
    assert (term.ends_on, term.ends_by, term.express_due_on) == (day("14/07/2030"), "maximum", day("14/07/2030"))
    asked = days("14/07/2024 15/07/2024 14/07/2030 15/07/2030")
    assert [term.state_on(d) for d in asked] == ["coming", "active", "active", "expired"]
    asked = days("14/07/2029 15/07/2029 14/07/2030 15/07/2030")
    assert [term.express_is_due(d) for d in asked] == [False, True, True, False]
    assert term.basis.article == "passage exposé.5"
    assert term.basis.words == ("renouvelable par tacite reconduction pour une durée maximum de six ans",)


@pytest.mark.covers("T-36", "MEM-14")
def test_grand_nancy_renews_each_1_january_and_ends_after_five_years():
    convention = agreed(GRAND_NANCY)
    term = term_of(convention, effect_of(convention, signed_on=day("15/12/2023")))
    assert [r.renews_on for r in term.renewals] == days("01/01/2025 01/01/2026 01/01/2027 01/01/2028")
    assert term.ends_on == day("31/12/2028")


@pytest.mark.covers("MEM-14")
@pytest.mark.parametrize(
    ("clauses", "effect", "renewals", "end"),
    [
        (f"{YEARLY}, au plus 6 ans en tout", "29/02/2024",
         "28/02/2025 28/02/2026 28/02/2027 29/02/2028 28/02/2029", "27/02/2030"),
        (f"{YEARLY}, au plus 3 ans en tout", "28/02/2023", "28/02/2024 28/02/2025", "27/02/2026"),
        (f"{YEARLY}, au plus 2 ans en tout", "01/03/2023", "01/03/2024", "28/02/2025"),
        (f"{YEARLY}, au plus 1 an en tout", "01/03/2023", "", "29/02/2024"),
        (f"{YEARLY}, au plus 3 ans en tout", "31/12/2024", "31/12/2025 31/12/2026", "30/12/2027"),
        ("durée 6 mois, reconduction tacite de 6 mois, au plus 2 ans en tout", "31/08/2024", "28/02/2025 31/08/2025 28/02/2026",
         "30/08/2026"),
        ("durée 6 mois, reconduction tacite de 6 mois, au plus 1 an en tout", "31/08/2023", "29/02/2024", "30/08/2024"),
        ("durée 1 mois, reconduction tacite de 1 mois, au plus 6 mois en tout", "31/01/2024",
         "29/02/2024 31/03/2024 30/04/2024 31/05/2024 30/06/2024", "30/07/2024"),
        ("durée 3 mois, reconduction tacite de 3 mois, au plus 1 an en tout", "30/11/2023", "29/02/2024 30/05/2024 30/08/2024",
         "29/11/2024"),
        ("durée 18 mois, reconduction tacite de 1 an, au plus 42 mois en tout", "31/08/2024", "28/02/2026 28/02/2027",
         "28/02/2028"),
        ("durée 1 an, reconduction tacite de 2 ans, au plus 4 ans en tout", "01/01/2024", "01/01/2025 01/01/2027", "31/12/2027"),
        ("terme le 31/12/2024, reconduction tacite de 1 an, au plus 3 ans en tout", "15/03/2024",
         "01/01/2025 01/01/2026 01/01/2027", "14/03/2027"),
        (f"{YEARLY}, sans maximum, terme le 31/12/2026", "01/07/2024", "01/07/2025 01/07/2026", "31/12/2026"),
        ("durée 1 an", "29/02/2024", "", "27/02/2025"),
        ("durée 1 an", "01/01/2024", "", "31/12/2024"),
        ("durée 5 ans, terme le 31/12/2026", "01/07/2024", "", "31/12/2026"),
        ("terme le 31/12/2023", "01/01/2019", "", "31/12/2023"),
    ],
)  # fmt: skip
def test_renewals_are_anchored_on_the_effect(clauses, effect, renewals, end):
    term = term_of(block(clauses), day(effect))
    assert ([r.renews_on for r in term.renewals], term.ends_on) == (days(renewals), day(end))


def test_renewals_without_maximum_are_bounded_by_the_day_asked_or_ten_years():
    endless = term_of(agreed(REDON), day("29/02/2024"))
    assert endless.ends_on is None
    assert [r.renews_on for r in endless.renewals[:5]] == days("28/02/2025 28/02/2026 28/02/2027 29/02/2028 28/02/2029")
    assert [r.renews_on for r in endless.renewals[-1:]] == days("28/02/2034")
    bounded = term_of(agreed(REDON), day("01/01/2024"), until=day("01/01/2026"))
    assert [r.renews_on for r in bounded.renewals] == days("01/01/2025 01/01/2026")
    assert bounded.next_renewal(day("01/01/2031")).renews_on == day("01/01/2032")
    assert bounded.state_on(day("01/01/2090")) == "active"


def test_the_running_period_is_known_on_any_day():
    term = term_of(agreed(REDON), day("15/07/2024"))
    running = term.period_on(day("14/07/2026"))
    assert (running.first, running.last) == (day("15/07/2025"), day("14/07/2026"))
    assert term.period_on(day("15/07/2026")).first == day("15/07/2026")
    assert term.period_on(day("14/07/2024")) is None


def test_an_express_renewal_is_due_at_the_end_when_the_block_asks_for_it():
    term = term_of(block("durée 1 an, reconduction expresse"), day("01/01/2024"))
    assert (term.renewals, term.ends_on, term.express_due_on) == ((), day("31/12/2024"), day("31/12/2024"))
    assert term_of(block("durée 1 an"), day("01/01/2024")).express_due_on is None


def test_a_term_beyond_the_calendar_stops_with_it():
    assert term_of(agreed(REDON), date(2190, 1, 1), until=date.max).renewals[-1].renews_on == date(9998, 1, 1)


# ---------------------------------------------------------------- last day to give notice

NOTICE_DAYS = [
    ("01/01/2026", 12, "31/12/2024"), ("15/07/2025", 3, "14/04/2025"), ("01/03/2025", 12, "29/02/2024"),
    ("01/03/2026", 12, "28/02/2025"), ("31/03/2026", 1, "28/02/2026"), ("31/03/2024", 1, "29/02/2024"),
    ("28/02/2025", 12, "27/02/2024"), ("29/02/2028", 12, "28/02/2027"), ("31/08/2025", 6, "28/02/2025"),
    ("01/01/2026", 6, "30/06/2025"), ("01/09/2025", 6, "28/02/2025"), ("31/12/2025", 3, "30/09/2025"),
    ("01/01/2026", 1, "30/11/2025"), ("01/01/2026", 0, "31/12/2025"),
]  # fmt: skip


@pytest.mark.parametrize(("renewal", "months", "last"), NOTICE_DAYS)
def test_the_last_notice_day_lets_the_notice_run_before_the_renewal(renewal, months, last):
    assert last_notice_day(day(renewal), months) == day(last)


def test_a_day_after_the_last_notice_day_is_too_late_in_four_years_of_renewals():
    for renewal in (date(2024, 1, 1) + timedelta(n) for n in range(1461)):
        for months in (1, 3, 6, 12, 18):
            last = last_notice_day(renewal, months)
            assert months_later(last, months) < renewal <= months_later(last + timedelta(1), months)


def test_each_renewal_says_its_last_notice_day_unless_the_block_is_silent():
    term = term_of(agreed(REDON), day("01/01/2024"), until=day("01/01/2026"))
    assert [r.notice_by for r in term.renewals] == days("31/12/2023 31/12/2024")
    assert {r.notice_by for r in term_of(agreed(SIDEC), day("15/07/2024")).renewals} == {None}


# ---------------------------------------------------------------- calendar


def told(events):
    return [(french_date(event.on), event.kind) for event in events]


def test_the_calendar_of_redon_has_each_notice_day_before_its_renewal():
    events = calendar_of(agreed(REDON), day("01/01/2024"), until=day("31/12/2026"))
    assert told(events) == [
        ("31/12/2024", "notice"),
        ("01/01/2025", "renewal"),
        ("31/12/2025", "notice"),
        ("01/01/2026", "renewal"),
        ("31/12/2026", "notice"),
    ]
    assert events[0].label == "Dernier jour pour recevoir un préavis avant la reconduction du 01/01/2026"
    assert events[1].label == "Reconduction tacite jusqu’au 31/12/2025"
    assert {event.article for event in events} == {"articles 2.2 et 2.4"}
    assert told(calendar_of(agreed(REDON), day("01/01/2024")))[-2:] == [("31/12/2033", "notice"), ("01/01/2034", "renewal")]


@pytest.mark.covers("T-24")
def test_the_calendar_of_sidec_ends_with_its_maximum():
    events = calendar_of(agreed(SIDEC), day("15/07/2024"))
    assert told(events) == [
        ("15/07/2025", "renewal"),
        ("15/07/2026", "renewal"),
        ("15/07/2027", "renewal"),
        ("15/07/2028", "renewal"),
        ("15/07/2029", "renewal"),
        ("14/07/2030", "maximum"),
        ("14/07/2030", "term"),
    ]
    assert events[5].label == "Maximum de 6\u00a0ans atteint : dernier jour pour décider le renouvellement exprès"
    assert events[6].label == "Dernier jour de l’adhésion"


@pytest.mark.covers("MEM-19")
def test_the_calendar_of_sicoval_has_its_free_exit_and_its_term():
    events = calendar_of(agreed(SICOVAL), day("01/07/2024"))
    assert told(events) == [("31/12/2025", "free_exit"), ("30/06/2027", "term")]
    assert told(calendar_of(agreed(SICOVAL), day("01/01/2026"))) == [("30/06/2027", "term")]
    assert told(calendar_of(agreed(SICOVAL), day("01/07/2024"), until=day("30/12/2025"))) == []


def test_the_calendar_tells_an_express_renewal():
    events = calendar_of(block("durée 1 an, reconduction expresse"), day("01/01/2024"))
    assert told(events) == [("31/12/2024", "express"), ("31/12/2024", "term")]


# ---------------------------------------------------------------- which block speaks


def test_a_convention_without_a_block_refuses_to_guess():
    silent = read_text(HEAD, examples=False)
    sentence = "non prévu : la convention ne dit rien de sa durée"
    assert refusal(effect_of, silent, signed_on=day("01/01/2024")) == sentence
    assert refusal(term_of, silent, day("01/01/2024")) == sentence
    assert refusal(exit_of, silent, received_on=day("10/03/2025"), effect_on=day("01/01/2024")) == sentence
    assert refusal(calendar_of, silent, day("01/01/2024")) == sentence
    assert cost_of_leaving(silent, day("01/01/2026")).why == sentence


def test_the_block_that_names_an_offer_or_its_group_comes_before_the_general_one():
    convention = agreed("""
adhésion "Forfaits" passage durée
    pour forfaits, durée 2 ans
adhésion "Les autres offres" passage durée
    durée 1 an
""")
    ends = [term_of(convention, day("01/01/2024"), offer=offer).ends_on for offer in ("idg", "forfaits", "socle", None)]
    assert ends == days("31/12/2025 31/12/2025 31/12/2024 31/12/2024")


def test_an_offer_that_no_block_speaks_for_is_refused():
    convention = agreed("\nadhésion passage durée\n    pour idg et socle, durée 2 ans\n")
    sentence = "non prévu : la convention ne dit rien de la durée de l’offre avancé"
    assert refusal(term_of, convention, day("01/01/2024"), offer="avancé") == sentence
    sentence = "fait manquant : l’offre, dont dépend la durée (idg ou socle)"
    assert refusal(term_of, convention, day("01/01/2024")) == sentence
    sentence = "calcul impossible : « socl » n’est pas une offre de la convention (la plus proche : socle)"
    assert refusal(term_of, convention, day("01/01/2024"), offer="socl") == sentence


def test_a_convention_ends_the_day_before_its_successor_begins():
    former = term_of(block("terme le 31/12/2023"), day("01/10/2017"))
    following = term_of(agreed(GRAND_NANCY), day("01/01/2024"))
    assert (former.ends_on + timedelta(1), following.period_on(day("31/12/2023"))) == (following.effect_on, None)


@pytest.mark.parametrize("year", [1, 204, 1899, 2200, 9999])
def test_a_date_that_no_calendar_in_use_has_is_refused(year):
    odd, good, convention = (
        date(year, 12, 31),
        day("01/01/2024"),
        block("durée 1 an", "préavis de 3 mois à compter de la réception"),
    )
    said = f"calcul impossible : le 31/12/{year:04d} n’est pas possible : les dates vont de 1900 à 2199"
    for asked in (
        lambda: effect_of(convention, signed_on=odd, chosen_on=good),
        lambda: effect_of(convention, signed_on=good, chosen_on=odd),
        lambda: term_of(convention, odd),
        lambda: exit_of(convention, received_on=odd, effect_on=good),
        lambda: exit_of(convention, received_on=good, effect_on=odd),
        lambda: calendar_of(convention, odd),
    ):
        assert str(refusal(asked)) == said
    assert str(cost_of_leaving(convention, odd).why) == said
