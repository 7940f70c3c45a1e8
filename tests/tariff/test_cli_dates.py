"""`communis tarif dates`: the life of a membership, its exit and what leaving costs, as the convention says."""

import pytest

from factories.command import tarif
from factories.service import TEXT, edited, written

EFFECT = ["--effet", "15/07/2024"]
EVENTS = [
    "14/04/2025;Dernier jour pour recevoir un préavis avant la reconduction du 15/07/2025;article 6",
    "15/07/2025;Reconduction tacite jusqu’au 14/07/2026;article 6",
    "14/04/2026;Dernier jour pour recevoir un préavis avant la reconduction du 15/07/2026;article 6",
    "15/07/2026;Reconduction tacite jusqu’au 14/07/2027;article 6",
    "14/07/2027;Maximum de 3 ans atteint : dernier jour pour décider le renouvellement exprès;article 6",
    "14/07/2027;Dernier jour de l’adhésion;article 6",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    return written(tmp_path_factory.mktemp("service"))


def last_row(run):
    return run.lines[-1]


def test_the_dates_of_a_membership_are_a_table(service):
    run = tarif("dates", service, *EFFECT)
    assert (run.status, run.err) == (0, "")
    assert run.lines == [
        "Service commun d’exemple",
        "Date        Événement                                                                      Article",
        "14/04/2025  Dernier jour pour recevoir un préavis avant la reconduction du 15/07/2025      article 6",
        "15/07/2025  Reconduction tacite jusqu’au 14/07/2026                                        article 6",
        "14/04/2026  Dernier jour pour recevoir un préavis avant la reconduction du 15/07/2026      article 6",
        "15/07/2026  Reconduction tacite jusqu’au 14/07/2027                                        article 6",
        "14/07/2027  Maximum de 3 ans atteint : dernier jour pour décider le renouvellement exprès  article 6",
        "14/07/2027  Dernier jour de l’adhésion                                                     article 6",
    ]


def test_the_dates_are_written_for_spreadsheets(service):
    run = tarif("dates", service, *EFFECT, "--csv")
    assert (run.status, run.lines, run.err) == (0, ["Date;Événement;Article", *EVENTS], "")


def test_the_dates_are_written_for_programs(service):
    run = tarif("dates", service, *EFFECT, "--courrier-recu", "10/03/2025", "--quitter", "14/07/2027", "--json")
    assert (run.status, run.err) == (0, "")
    assert run.json["ends_on"] == "2027-07-14"
    assert [event["on"] for event in run.json["events"]] == [
        "2025-04-14", "2025-07-15", "2026-04-14", "2026-07-15", "2027-07-14", "2027-07-14",
    ]  # fmt: skip
    assert run.json["events"][1] == {
        "on": "2025-07-15", "label": "Reconduction tacite jusqu’au 14/07/2026", "article": "article 6",
    }  # fmt: skip
    assert run.json["exit"] == {"on": "2025-06-10", "rule": "de date à date", "article": "article 6"}
    assert run.json["cost"] == {"outcome": "not_applicable", "reasons": [], "why": "l’engagement finit le 14/07/2027"}


def test_a_letter_gives_the_day_of_exit_unless_both_agree_on_another(service):
    letter = [*EFFECT, "--courrier-recu", "10/03/2025", "--csv"]
    assert last_row(tarif("dates", service, *letter)) == "10/06/2025;sortie : de date à date;article 6"
    agreed = tarif("dates", service, *letter, "--accord", "01/04/2025")
    assert last_row(agreed) == "01/04/2025;sortie : accord écrit des deux parties;article 6"


@pytest.mark.parametrize(
    ("day", "row", "status"),
    [
        ("14/07/2027", "14/07/2027;départ : l’engagement finit le 14/07/2027;", 0),
        (
            "01/02/2025",
            "01/02/2025;départ : non prévu : sortie le 01/02/2025, engagement jusqu’au 14/07/2025 : "
            "la convention ne dit pas son coût;",
            2,
        ),
        ("14/07/2024", "14/07/2024;départ : calcul impossible : l’adhésion ne prend effet que le 15/07/2024;", 2),
    ],
)
def test_what_leaving_costs_is_told_and_an_unknown_cost_has_its_status(service, day, row, status):
    run = tarif("dates", service, *EFFECT, "--quitter", day, "--csv")
    assert (run.status, last_row(run), run.err) == (status, row, "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--offre", "socl"],
            "calcul impossible : « socl » n’est pas une offre de la convention (la plus proche : socle)",
        ),
        (
            ["--courrier-recu", "01/01/2020"],
            "calcul impossible : la sortie du 01/04/2020 précède la date d’effet de l’adhésion, le 15/07/2024",
        ),
    ],
)  # fmt: skip
def test_dates_that_cannot_be_are_refused(service, arguments, sentence):
    assert tarif("dates", service, *EFFECT, *arguments) == (1, "", f"communis tarif : {sentence}\n")


@pytest.mark.parametrize("option", ["--effet", "--courrier-recu", "--accord", "--quitter"])
@pytest.mark.parametrize("day", ["01/01/0001", "15/07/0204", "31/12/1899", "01/01/2200", "31/12/9999"])
def test_a_date_that_no_calendar_in_use_has_is_refused(service, option, day):
    run = tarif("dates", service, *EFFECT, option, day)
    sentence = (
        f"communis tarif dates : {option} : « {day} » : les dates vont de 1900 à 2199 (voir « communis tarif dates --help »).\n"
    )
    assert run == (64, "", sentence)


def test_a_convention_that_says_nothing_of_its_duration_is_not_guessed(tmp_path):
    before, _, rest = TEXT.partition("adhésion ")
    silent = before + rest[rest.index("fait habitants") :]
    service = written(tmp_path, edited('article 6 "Durée"\n    « un an, renouvelable »\n', "", silent))
    sentence = "communis tarif : non prévu : la convention ne dit rien de sa durée\n"
    assert tarif("dates", service, *EFFECT) == (1, "", sentence)


def test_an_agreement_without_a_letter_is_not_passed_over(service):
    run = tarif("dates", service, *EFFECT, "--accord", "01/04/2025", "--csv")
    assert run.status != 0 or last_row(run).startswith("01/04/2025;sortie")


NIMES = ["dates", "nimes_metropole", "--avec-donnees-fictives", "--membre", "Poulx"]


@pytest.mark.covers("CAT-14")
def test_what_stands_against_a_member_taking_an_offer_is_told_with_its_article():
    asked = [*NIMES, "--offre", "vidéo_intelligente", "--effet", "01/06/2024"]
    run = tarif(*asked, "--json")
    assert run.status == 2
    assert run.json["objections"][0] == {
        "on": "2024-06-01",
        "rule": "vidéo_intelligente",
        "label": "3BIS. Vidéo Surveillance Intelligente",
        "text": "interdit : « 3BIS. Vidéo Surveillance Intelligente » exige « 3. Vidéoprotection », qui n’est pas tenu",
        "article": "passage avenant.6",
        "warns": False,
        "certain": True,
    }
    said = run.json["objections"][0]["text"]
    assert tarif(*asked, "--csv").lines[1] == f"01/06/2024;refus à l’adhésion : {said};passage avenant.6"


def test_what_stands_against_a_member_leaving_is_asked_on_the_day_it_leaves(tmp_path):
    late = """alerte clôture "Clôture"                                                article 6
    pour socle, à la sortie
    si sortie.demandée_le > 30/11/2025
    avertir "la clôture des comptes a commencé"
refus lettre "Lettre"                                                   article 6
    pour socle, à la sortie
    si sortie.reçue_le > 3 mois avant sortie.demandée_le
    à décider "moins de trois mois après la lettre"
"""
    folder = written(tmp_path, edited("plafond écrêtement", late + "\nplafond écrêtement"))
    asked = ["dates", folder, *EFFECT, "--membre", "Bruyère", "--offre", "socle", "--courrier-recu", "01/06/2025", "--csv"]
    objections = [line for line in tarif(*asked, "--quitter", "31/12/2025").lines if " à la sortie :" in line]
    assert objections == ["31/12/2025;alerte à la sortie : la clôture des comptes a commencé;article 6"]
    run = tarif(*asked, "--quitter", "31/08/2025")
    objections = [line for line in run.lines if " à la sortie :" in line]
    assert objections == ["31/08/2025;refus à la sortie : à décider : moins de trois mois après la lettre;article 6"]
    assert run.status == 2


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--membre", "Bruyère"], 64, "communis tarif dates : --membre demande --offre (voir « communis tarif dates --help »)."),
        (
            ["--membre", "Bruyèr", "--offre", "socle"],
            1,
            "communis tarif : « Bruyèr » n’est pas un membre. Le plus proche : Bruyère.",
        ),
        (
            ["--membre", "Bruyère", "--offre", "socle"],
            1,
            "communis tarif : calcul impossible : « Socle » est déjà choisi à compter du 01/01/2024",
        ),
        (
            ["--membre", "Capucine", "--offre", "socle", "--quitter", "31/12/2024"],
            1,
            "communis tarif : calcul impossible : « Socle » n’est pas tenu le 31/12/2024",
        ),
    ],
)
def test_a_request_that_has_no_sense_is_told(service, arguments, status, sentence):
    assert tarif("dates", service, *EFFECT, *arguments) == (status, "", sentence + "\n")
