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
