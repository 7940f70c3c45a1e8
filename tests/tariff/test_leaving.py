"""Leaving an agreement: the day of the exit, and what it costs, checked by hand."""

from fractions import Fraction

import pytest

from communis.tariff.interpreter.values import Reason
from communis.tariff.membership.terms import cost_of_leaving, exit_of
from factories.memberships import REDON, SICOVAL, SIDEC, YEARLY, agreed, block, day, refusal

# ---------------------------------------------------------------- exit


@pytest.mark.covers("T-37")
def test_redon_leaves_twelve_months_after_the_letter_or_at_the_end_of_the_period():
    letter = {"received_on": day("10/03/2025"), "effect_on": day("01/01/2024")}
    left = exit_of(agreed(REDON), **letter)
    assert (left.on, left.kind, left.article) == (day("10/03/2026"), "to_date", "articles 2.2 et 2.4")
    assert left.why == "préavis de 1\u00a0an, à compter de la réception le 10/03/2025, de date à date"
    assert left.basis.interpretations == ("AMB-11",)
    assert left.due_until_exit
    other = exit_of(agreed(REDON), **letter, reading="fin_de_période")
    assert (other.on, other.rule, other.notice_ends_on) == (day("31/12/2026"), "à la fin de la période", day("10/03/2026"))


@pytest.mark.covers("T-37")
def test_a_waiver_signed_by_both_sets_the_exit_where_the_convention_allows_it():
    letter = {"received_on": day("10/03/2025"), "effect_on": day("01/01/2024"), "waiver_on": day("30/06/2025")}
    left = exit_of(agreed(REDON), **letter)
    assert (left.on, left.kind, left.rule) == (day("30/06/2025"), "waiver", "accord écrit des deux parties")
    sentence = "interdit : la convention ne prévoit pas d’accord écrit des deux parties pour abréger le préavis"
    assert refusal(exit_of, block(YEARLY, "sans maximum", "sans préavis"), **letter) == sentence
    letter["waiver_on"] = day("09/03/2025")
    sentence = "calcul impossible : l’accord fixe la sortie au 09/03/2025, avant la réception de la lettre le 10/03/2025"
    assert refusal(exit_of, agreed(REDON), **letter) == sentence


TO_DATE, PERIOD_END = "sortie de date à date", "sortie à la fin de la période"


@pytest.mark.parametrize(
    ("notice", "rule", "effect", "received", "left"),
    [
        (12, TO_DATE, "01/01/2023", "29/02/2024", "28/02/2025"),
        (12, TO_DATE, "01/01/2023", "28/02/2024", "28/02/2025"),
        (12, TO_DATE, "01/01/2022", "28/02/2023", "28/02/2024"),
        (12, TO_DATE, "01/01/2023", "31/12/2024", "31/12/2025"),
        (12, TO_DATE, "01/01/2023", "01/01/2025", "01/01/2026"),
        (48, TO_DATE, "01/01/2023", "29/02/2024", "29/02/2028"),
        (6, TO_DATE, "01/01/2023", "31/08/2023", "29/02/2024"),
        (6, TO_DATE, "01/01/2023", "31/08/2024", "28/02/2025"),
        (18, TO_DATE, "01/01/2023", "31/08/2024", "28/02/2026"),
        (3, TO_DATE, "01/01/2023", "30/11/2024", "28/02/2025"),
        (1, TO_DATE, "01/01/2023", "31/01/2024", "29/02/2024"),
        (1, TO_DATE, "01/01/2023", "30/01/2025", "28/02/2025"),
        (1, TO_DATE, "01/01/2023", "31/12/2024", "31/01/2025"),
        (12, PERIOD_END, "01/01/2024", "31/12/2024", "31/12/2025"),
        (12, PERIOD_END, "01/01/2024", "01/01/2025", "31/12/2026"),
        (12, PERIOD_END, "01/01/2024", "31/12/2023", "31/12/2024"),
        (12, PERIOD_END, "15/07/2024", "14/07/2025", "14/07/2026"),
        (12, PERIOD_END, "15/07/2024", "15/07/2025", "14/07/2027"),
        (12, PERIOD_END, "29/02/2024", "27/02/2025", "27/02/2026"),
        (12, PERIOD_END, "29/02/2024", "28/02/2025", "27/02/2027"),
        (12, PERIOD_END, "01/03/2023", "29/02/2024", "28/02/2025"),
        (3, PERIOD_END, "01/01/2024", "30/09/2024", "31/12/2024"),
        (3, PERIOD_END, "01/01/2024", "01/10/2024", "31/12/2025"),
        (6, PERIOD_END, "01/09/2024", "28/02/2025", "31/08/2025"),
        (6, PERIOD_END, "01/09/2024", "01/03/2025", "31/08/2026"),
    ],
)
def test_the_exit_follows_the_notice_and_the_rule(notice, rule, effect, received, left):
    convention = block(YEARLY, "sans maximum", f"préavis de {notice} mois à compter de la réception", rule)
    assert exit_of(convention, received_on=day(received), effect_on=day(effect)).on == day(left)


def test_without_notice_one_leaves_on_the_day_of_the_letter():
    convention = block(YEARLY, "sans maximum", "sans préavis, sortie de date à date")
    left = exit_of(convention, received_on=day("29/02/2024"), effect_on=day("01/01/2024"))
    assert (left.on, left.why) == (day("29/02/2024"), "sans préavis, à compter de la réception le 29/02/2024, de date à date")


def test_a_membership_that_ends_sooner_ends_by_itself():
    convention = block(YEARLY, "au plus 2 ans en tout", "préavis de 12 mois à compter de la réception", TO_DATE)
    left = exit_of(convention, received_on=day("10/03/2025"), effect_on=day("01/01/2024"))
    assert (left.on, left.rule) == (day("31/12/2025"), "fin de l’adhésion")
    assert left.why == "l’adhésion prend fin d’elle-même le 31/12/2025, avant le 10/03/2026"
    sentence = "calcul impossible : l’adhésion a déjà pris fin le 31/12/2025"
    assert refusal(exit_of, convention, received_on=day("01/01/2026"), effect_on=day("01/01/2024")) == sentence


def test_an_exit_that_cannot_be_reckoned_is_refused():
    letter = {"received_on": day("10/03/2025"), "effect_on": day("01/01/2024")}
    assert refusal(exit_of, agreed(SIDEC), **letter) == "non prévu : la convention ne dit rien du préavis"
    sentence = "non prévu : la convention ne dit rien du préavis ; elle permet de sortir sans frais le 31/12/2025"
    assert refusal(exit_of, agreed(SICOVAL), **letter) == sentence
    unsettled = agreed(REDON.replace("retenu de_date_à_date", 'à trancher "?"\n    possible de_date_à_date'))
    sentence = "à trancher : AMB-11, sortie de date à date ou à la fin de la période"
    assert refusal(exit_of, unsettled, **letter) == sentence
    assert exit_of(unsettled, **letter, reading="de_date_à_date").on == day("10/03/2026")
    sentence = "calcul impossible : « fin_de_periode » n’est pas une lecture de AMB-11 (la plus proche : fin_de_période)"
    assert refusal(exit_of, agreed(REDON), **letter, reading="fin_de_periode") == sentence
    sentence = "calcul impossible : la sortie du 30/11/2024 précède la date d’effet de l’adhésion, le 01/01/2025"
    early = {"received_on": day("30/11/2023"), "effect_on": day("01/01/2025")}
    assert refusal(exit_of, agreed(REDON), **early) == sentence


# ---------------------------------------------------------------- what leaving costs


@pytest.mark.covers("T-38", "MEM-19")
def test_leaving_sicoval_is_free_on_31_december_2025_only():
    free = cost_of_leaving(agreed(SICOVAL), day("31/12/2025"), offer="avancé")
    assert (free.outcome, free.amount, free.why) == ("amount", Fraction(0), "sortie sans frais le 31/12/2025")
    last = cost_of_leaving(agreed(SICOVAL), day("30/06/2027"), offer="avancé")
    assert (last.outcome, last.why) == ("not_applicable", "l’engagement finit le 30/06/2027")
    late = cost_of_leaving(agreed(SICOVAL), day("01/01/2026"), offer="avancé")
    assert (late.outcome, late.amount, late.committed_until) == ("refused", None, day("30/06/2027"))
    text = "sortie le 01/01/2026, engagement jusqu’au 30/06/2027 : coût à fixer par un acte"
    assert late.reasons == (Reason("decide", text, articles=("passage engagement",)),)
    assert late.why == f"à décider : {text}"
    assert late.reasons[0].can_be_decided
    assert late.basis.interpretations == ("AMB-40",)
    assert late.basis.words == ("jusqu'au 30 juin 2027 avec possibilité de sortie sans frais le 31 décembre 2025",)


@pytest.mark.covers("T-38")
def test_leaving_the_free_socle_of_sicoval_costs_nothing():
    socle = cost_of_leaving(agreed(SICOVAL), day("01/01/2026"), offer="socle")
    assert (socle.outcome, socle.amount, socle.why) == ("amount", Fraction(0), "sortie sans frais pour l’offre socle")


@pytest.mark.covers("MEM-19")
@pytest.mark.parametrize(
    ("left", "outcome", "until"),
    [
        ("30/12/2025", "refused", "31/12/2025"),
        ("31/12/2025", "amount", "31/12/2025"),
        ("01/01/2026", "refused", "30/06/2027"),
        ("29/06/2027", "refused", "30/06/2027"),
        ("30/06/2027", "not_applicable", "30/06/2027"),
        ("01/07/2027", "not_applicable", None),
    ],
)
def test_a_commitment_runs_to_the_next_day_one_may_leave(left, outcome, until):
    cost = cost_of_leaving(agreed(SICOVAL), day(left), effect_on=day("01/07/2024"))
    assert (cost.outcome, cost.committed_until) == (outcome, day(until) if until else None)


def test_nothing_is_left_early_at_the_end_of_a_period():
    convention, effect = agreed(SIDEC), day("15/07/2024")
    assert cost_of_leaving(convention, day("14/07/2026"), effect_on=effect).why == "l’engagement finit le 14/07/2026"
    assert cost_of_leaving(convention, day("15/07/2030"), effect_on=effect).why == "l’adhésion a pris fin le 14/07/2030"
    sentence = "non prévu : sortie le 15/07/2026, engagement jusqu’au 14/07/2027 : la convention ne dit pas son coût"
    assert cost_of_leaving(convention, day("15/07/2026"), effect_on=effect).why == sentence
    sentence = "calcul impossible : l’adhésion ne prend effet que le 15/07/2024"
    assert cost_of_leaving(convention, day("14/07/2024"), effect_on=effect).why == sentence


def test_a_cost_that_the_convention_does_not_give_is_never_made_up():
    sentence = "non prévu : sortie le 10/03/2026 : la convention dit seulement que les sommes sont dues jusqu’à la sortie"
    assert cost_of_leaving(agreed(REDON), day("10/03/2026")).why == sentence
    sentence = "à décider : sortie le 10/03/2026, engagement jusqu’au 31/12/2026 : la convention ne donne pas son coût"
    assert cost_of_leaving(block("terme le 31/12/2026, sortie anticipée à décider"), day("10/03/2026")).why == sentence


@pytest.mark.covers("MEM-19")
def test_the_cost_of_leaving_can_hang_on_an_interpretation():
    text = SICOVAL.replace("sortie anticipée à décider", "sortie anticipée selon AMB-40")
    asked = {"on": day("01/01/2026"), "offer": "avancé"}
    assert cost_of_leaving(agreed(text), **asked).outcome == "refused"
    assert cost_of_leaving(agreed(text), **asked, reading="sans_frais").why == "sortie sans frais (AMB-40)"
    unsettled = agreed(text.replace("retenu décision", 'à trancher "?"\n    possible décision'))
    sentence = "à trancher : AMB-40, sortie le 01/01/2026, engagement jusqu’au 30/06/2027"
    assert cost_of_leaving(unsettled, **asked).why == sentence
    sentence = "calcul impossible : la convention ne laisse rien à une lecture, « sans_frais » n’en est pas une"
    assert cost_of_leaving(agreed(SICOVAL), **asked, reading="sans_frais").why == sentence
