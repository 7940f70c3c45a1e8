"""The legal file of a convention: what its grounds ask for, what is missing, what came too late; and the files of its staff."""

from datetime import date

import pytest

from communis.agreements.legal import LegalFile, PersonalData, Piece, Vote, checklist
from communis.agreements.models import CommitteeOpinion, StaffFile
from communis.agreements.returning import return_of

VOTED, BOUND = date(2023, 10, 5), date(2023, 10, 12)
UNBOUND = "L’acte du 05/10/2023 n’est pas exécutoire : il manque sa réception en préfecture ou sa publication."
EARLY = "Signée le 11/10/2023, avant que l’acte soit exécutoire, le 12/10/2023."
COMMON = ("L5211-4-2",)


def told(file):
    return [(c.what, c.state) for c in checklist(file)]


def file(grounds=COMMON, **known):
    return LegalFile(grounds, **known)


@pytest.mark.covers("MEM-04", "MEM-46")
def test_a_common_service_wants_its_impact_or_the_mention_that_no_agent_is_concerned():
    what = "fiche d’impact, ou mention « sans agent concerné »"
    assert told(file()) == [(what, "manque")]
    assert told(file(pieces=(Piece("no_staff", date(2023, 9, 1)),))) == [(what, "là")]
    assert checklist(file())[0].article == "L. 5211-4-2 du CGCT"
    concerned = file(pieces=(Piece("no_staff", date(2023, 9, 1)),), employers=("Redon",))
    assert told(concerned) == [
        (what, "manque"), ("avis du comité social territorial, Redon", "manque"), ("annexe relative aux agents", "manque"),
    ]  # fmt: skip
    assert told(file(())) == [("fondement légal", "manque")]
    assert told(file(("L5111-1",))) == []


@pytest.mark.covers("MEM-46")
def test_the_committee_of_each_employer_speaks_before_the_votes():
    pieces = (
        Piece("impact", date(2023, 9, 1)), Piece("staff_annex", date(2023, 9, 1)), Piece("committee", VOTED, "Redon"),
        Piece("committee", date(2023, 10, 6), "Allaire"),
    )  # fmt: skip
    vote = Vote("Redon", VOTED, BOUND)
    checks = checklist(file(pieces=pieces, employers=("Redon", "Allaire", "Sixt-sur-Aff"), votes=(vote,)))
    assert [(c.what, c.state) for c in checks[1:4]] == [
        ("avis du comité social territorial, Redon", "là"), ("avis du comité social territorial, Allaire", "tardif"),
        ("avis du comité social territorial, Sixt-sur-Aff", "manque"),
    ]  # fmt: skip
    assert checks[2].why == "Datée du 06/10/2023, après le premier vote, du 05/10/2023."
    assert checks[2].article == "L. 5211-4-2 du CGCT et L. 253-5 du CGFP"


@pytest.mark.covers("MEM-46")
@pytest.mark.parametrize(
    ("vote", "state", "why"),
    [
        (Vote("Redon"), "manque", "Aucun acte n’est enregistré : saisissez la délibération."),
        (Vote("Redon", VOTED), "manque", UNBOUND),
        (Vote("Redon", VOTED, BOUND), "là", "exécutoire le 12/10/2023"),
        (Vote("Redon", VOTED, BOUND, BOUND), "là", "exécutoire le 12/10/2023"),
        (Vote("Redon", VOTED, BOUND, date(2023, 10, 11)), "tardif", EARLY),
    ],
)  # fmt: skip
def test_each_party_signs_once_its_act_binds(vote, state, why):
    (check,) = checklist(file(("L5111-1",), votes=(vote,)))
    assert (check.what, check.state, check.why) == ("acte exécutoire avant signature, Redon", state, why)


@pytest.mark.covers("MEM-04", "MEM-46")
def test_each_ground_asks_for_what_its_own_article_says():
    concerned = {"employers": ("Redon",)}
    lent, syndicate = (checklist(file((ground,), **concerned)) for ground in ("L5211-4-1", "L5721-9"))
    told_of = [("avis du comité social territorial, Redon", "manque"), ("annexe relative aux agents", "manque")]
    assert [[(c.what, c.state) for c in one] for one in (lent, syndicate)] == [told_of, told_of]  # no impact statement is asked
    assert [c.article for c in lent] == ["L. 5211-4-1 du CGCT et L. 253-5 du CGFP", "L. 5211-4-1 du CGCT"]
    assert [c.article for c in syndicate] == ["L. 253-5 du CGFP", "L. 5721-9 du CGCT"]
    votes = (Vote("Syndicat", VOTED, BOUND, of_host=True), Vote("Redon", VOTED, BOUND))
    assert [[c.article for c in checklist(file((ground,), votes=votes))][-2:] for ground in ("L5721-9", "L5111-1")] == [
        ["L. 3131-1 et L. 5721-4 du CGCT", "L. 2131-1 du CGCT"], ["L. 2131-1 et L. 5211-3 du CGCT", "L. 2131-1 du CGCT"],
    ]  # fmt: skip


@pytest.mark.covers("MEM-46")
def test_shared_goods_want_their_annex():
    assert told(file(("L5211-4-3",))) == [("annexe relative aux biens", "manque")]
    assert told(file(("L5111-1",), shares_goods=True, pieces=(Piece("goods_annex", VOTED),))) == [
        ("annexe relative aux biens", "là")
    ]


# ------------------------------------------------------------ the return of an agent


def agent(move="lent", status="tenured", ends_on=date(2025, 6, 30), destination=""):
    return StaffFile(
        agent="Ada Riou", move=move, status=status, starts_on=date(2024, 1, 1), ends_on=ends_on, destination=destination
    )


def opinion(committee, at_exit=True):
    return CommitteeOpinion(committee=committee, at_exit=at_exit, on=date(2025, 6, 1), opinion="favourable")


@pytest.mark.covers("MEM-29")
def test_a_lent_agent_returns_to_its_commune_after_the_opinion_of_its_committee():
    today = date(2025, 7, 1)
    assert return_of(agent(ends_on=None), [], today) is None
    assert return_of(agent(), [], today).missing == ("affectation au retour", "avis : commission administrative paritaire")
    assert return_of(agent(status="fixed_term", destination="mairie"), [], today).missing == (
        "avis : commission consultative paritaire",
    )
    back = return_of(agent(destination="mairie"), [opinion("cap")], today)
    assert (back.state, back.missing, back.prefect_decides) == ("Retour dans sa collectivité le 30/06/2025 : mairie.", (), False)
    assert return_of(agent(destination="mairie"), [opinion("cap", at_exit=False)], today).missing != ()


@pytest.mark.covers("MEM-30")
def test_after_three_months_without_agreement_the_prefect_decides_for_a_transferred_agent():
    one = agent("transfer")
    last_day = return_of(one, [], date(2025, 9, 30))
    assert (last_day.agreed_by, last_day.prefect_decides) == (date(2025, 9, 30), False)
    after = return_of(one, [], date(2025, 10, 1))
    assert after.prefect_decides is True
    assert after.state == "Les trois mois sont écoulés depuis le 30/09/2025 sans accord : arrêté préfectoral."
    agreed = return_of(agent("transfer", destination="Redon"), [opinion("cst"), opinion("cap")], date(2026, 1, 1))
    assert (agreed.state, agreed.prefect_decides) == ("Réparti par convention : Redon.", False)
    halfway = return_of(agent("transfer", destination="Redon"), [opinion("cap")], date(2025, 7, 1))
    assert halfway.missing == ("avis : comité social territorial",)


@pytest.mark.covers("SEC-10")
@pytest.mark.parametrize(("data", "told"), [
    (PersonalData("2"), [("clause de traitement des données personnelles", "manque", "article 28 du RGPD")]),
    (PersonalData("2", is_joint=True), [("clause de traitement des données personnelles", "manque", "article 26 du RGPD")]),
    (PersonalData("2", has_clause=True), [
        ("clause de traitement des données personnelles", "là", "article 28 du RGPD"),
        ("annexe des mesures de sécurité", "manque", "article 28 du RGPD"),
    ]),
    (PersonalData("2", has_clause=True, has_measures=True),
     [("clause de traitement des données personnelles", "là", "article 28 du RGPD")]),
])  # fmt: skip
def test_the_clause_on_personal_data_and_its_measures_are_asked_of_the_version_in_force(data, told):
    found = checklist(LegalFile(("L5111-1",), personal_data=data))
    assert [(one.what, one.state, one.article) for one in found] == told
