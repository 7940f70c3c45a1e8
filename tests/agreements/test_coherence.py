"""What is odd in an act is told beside it; the five founding acts give the remarks written down for them, and no other."""

from datetime import date

import pytest

from communis.agreements.coherence import clear_days, remarks_on, too_early, voters_of
from communis.agreements.enums import Presence
from communis.agreements.founding import founding_acts, load_act
from communis.agreements.models import Attendance, PriorOpinion, Resolution
from communis.agreements.operations.acts import Named
from communis.directory.models import Organization
from communis.foundation.scope import pool_scope
from factories.pools import FIRST, organization

TOWN = Organization(name="Aubépine", siren="213502362", department="35")
WARNING, INFORMATION = "avertissement", "information"


def act(**given):
    known = {"kind": "resolution", "state": "adopted", "number": "2026-01", "nature": "DE", "votes_for": 10,
             "session_on": date(2026, 3, 10)}  # fmt: skip
    return Resolution(organization=TOWN, **(known | given))


def told(made, names=(), **known):
    return [(one.kind.value, one.words.replace("\xa0", " "), one.source) for one in remarks_on(made, names, **known)]


def words(made, names=(), **known):
    return [said for _, said, _ in told(made, names, **known)]


@pytest.mark.covers("T-40", "DOC-04", "DOC-05")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "people", "remarks", "days"),
    [
        ("sidec", 231, [(WARNING, "Le numéro au registre manque.", ""),
                        (WARNING, "Laissé en blanc dans l’acte : besoins précis ; services choisis.", "")], 4),
        ("nimes_metropole", 4265, [(WARNING, "Projet seulement : l’acte n’est pas voté.", "")], None),
        ("sicoval", 920, [(WARNING, "9 noms pour 10 présents.", "")], 4),
        ("grand_nancy", 5899, [(WARNING, "Les chiffres du vote ne sont pas donnés ; 27 votants déduits de 23 présents nommés et "
                                "4 procurations.", "")], 5),
        ("redon", 9312, [(INFORMATION, "Le rapporteur est absent de la séance.", "")], 9),
    ],
)  # fmt: skip
def test_a_founding_act_is_kept_and_gives_its_remarks_alone(slug, people, remarks, days):
    about = founding_acts()[slug]["about"]
    with pool_scope(FIRST):
        made = load_act(slug, organization(about["name"], siren=about.get("siren", "")))
        kept = Resolution.objects.unscoped().get(pk=made.pk)
        names = list(Attendance.objects.unscoped().filter(resolution=kept))
        assert told(kept, names, population=people) == remarks
    assert (clear_days(kept.convened_on, kept.session_on) if days else kept.convened_on) == days


@pytest.mark.covers("T-40", "DOC-03", "DOC-09")
@pytest.mark.django_db
def test_the_founding_acts_keep_the_counts_dates_and_numbers_of_their_documents():
    with pool_scope(FIRST):
        acts = {slug: load_act(slug, organization(slug)) for slug in founding_acts()}
        rows = {slug: Resolution.objects.unscoped().get(pk=made.pk) for slug, made in acts.items()}
        named = {slug: [Attendance.objects.unscoped().filter(resolution=row, presence=p).count() for p in Presence]
                 for slug, row in rows.items()}  # fmt: skip
        said = [str(one) for one in PriorOpinion.objects.unscoped().order_by("on")]
    counts = {slug: (row.in_office, row.present, row.proxies, row.excused, row.absent, row.voters, row.votes_for)
              for slug, row in rows.items()}  # fmt: skip
    assert counts == {
        "sidec": (9, 9, None, None, None, 9, 9), "nimes_metropole": (None,) * 7, "sicoval": (14, 10, 3, None, 1, None, 13),
        "grand_nancy": (None,) * 7, "redon": (29, 26, 2, 1, None, 28, 28),
    }  # fmt: skip
    assert named == {"sidec": [9, 0, 0, 0], "nimes_metropole": [0] * 4, "sicoval": [9, 3, 0, 1], "grand_nancy": [23, 4, 0, 2],
                     "redon": [0, 2, 1, 0]}  # fmt: skip
    assert said == ["Pré-conseil, 06/12/2022", "Commission urbanisme, travaux, patrimoine et sécurité, 14/09/2023"]
    redon = rows["redon"]
    assert (redon.number, redon.sent_number, redon.executory_on) == ("2023-076", "SG2023_362", date(2023, 10, 9))
    assert [row.is_unanimous for row in rows.values()] == [True, False, True, True, True]


@pytest.mark.covers("DOC-08", "T-39")
def test_an_act_is_executory_once_received_and_published():
    sent = act(
        session_on=date(2023, 10, 5), sent_on=date(2023, 10, 6), received_on=date(2023, 10, 6), published_on=date(2023, 10, 9)
    )
    assert sent.executory_on == date(2023, 10, 9)
    days = [date(2023, 10, 5), date(2023, 10, 6), date(2023, 10, 9)]
    assert [sent.standing_on(day) for day in days] == ["adopté", "transmis", "exécutoire"]
    early = act(session_on=date(2023, 10, 5), received_on=date(2023, 10, 2), published_on=date(2023, 10, 3))
    assert (early.executory_on, early.standing_on(date(2023, 10, 4))) == (date(2023, 10, 5), "publié")
    sent.published_on = date(2023, 10, 5)
    assert (sent.executory_on, sent.standing_on(days[0])) == (date(2023, 10, 6), "publié")
    assert too_early(sent, "Signée", date(2023, 10, 6)) is None
    assert too_early(sent, "Signée", date(2023, 10, 5)).words == (
        "Signée le 05/10/2023, avant que l’acte soit exécutoire, le 06/10/2023."
    )


def told_days(days, due):
    return f"{days} entre la convocation et la séance : il en faut {due}, hors urgence."


@pytest.mark.covers("DOC-04")
@pytest.mark.parametrize(
    ("convened", "people", "is_grouping", "remarks"),
    [
        (date(2026, 3, 6), 3499, False, []),
        (date(2026, 3, 7), 3499, False, [(WARNING, told_days("2 jours francs", 3),
                                          "L. 2121-11 du CGCT")]),
        (date(2026, 3, 4), 3500, False, []),
        (date(2026, 3, 5), 3500, False, [(WARNING, told_days("4 jours francs", 5),
                                          "L. 2121-12 du CGCT")]),
        (date(2026, 3, 5), None, True, [(WARNING, told_days("4 jours francs", 5),
                                         "L. 2121-12 du CGCT")]),
        (date(2026, 3, 10), None, False, [(WARNING, told_days("0 jour franc", 3),
                                           "L. 2121-11 du CGCT")]),
    ],
)  # fmt: skip
def test_clear_days_are_counted_by_the_size_of_the_commune(convened, people, is_grouping, remarks):
    made = act(convened_on=convened, session_on=date(2026, 3, 10))
    assert told(made, population=people, is_grouping=is_grouping) == remarks


def test_clear_days_cross_the_29_of_february():
    assert [clear_days(date(year, 2, 27), date(year, 3, 3)) for year in (2027, 2028)] == [3, 4]


@pytest.mark.covers("DOC-04")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"present": 8, "proxies": 2, "voters": 11, "votes_for": 11}, ["11 votants pour 8 présents et 2 procurations."]),
        ({"present": 8, "proxies": 2, "votes_for": 8, "votes_against": 1}, ["Pour, contre, abstentions et non-participations "
                                                                           "font 9, pour 10 votants."]),
        ({"present": 8, "proxies": 2, "votes_for": 7, "votes_against": 1, "abstained": 1, "not_voting": 1}, []),
        ({"in_office": 15, "present": 7, "proxies": 8, "votes_for": 15},
         ["Le quorum n’est pas atteint : 7 présents pour 15 en exercice, pouvoirs non compris."]),
        ({"in_office": 14, "present": 7, "proxies": 7, "votes_for": 14},
         ["Le quorum n’est pas atteint : 7 présents pour 14 en exercice, pouvoirs non compris."]),
        ({"in_office": 15, "present": 8, "votes_for": 8}, []),
        ({"in_office": 15, "present": 9, "proxies": 1, "absent": 4, "votes_for": 10},
         ["Présents, pouvoirs et absents font 14 ; l’acte dit 15 en exercice."]),
        ({"in_office": 9, "present": 9, "proxies": 1, "votes_for": 10},
         ["Présents, pouvoirs et absents font 10 ; l’acte dit 9 en exercice."]),
        ({"votes_for": None}, ["Les chiffres du vote ne sont pas donnés."]),
        ({"votes_for": 9, "votes_against": 1, "is_unanimous": True}, ["L’acte dit « à l’unanimité » et compte 1 voix contre."]),
        ({"votes_for": 2, "votes_against": 12}, ["L’acte est dit « adopté » et compte 2 pour, 12 contre."]),
        ({"votes_for": 12, "votes_against": 2, "state": "rejected"}, ["L’acte est dit « rejeté » et compte 12 pour, 2 contre."]),
        ({"votes_for": 7, "votes_against": 7}, []),
        ({"votes_for": 7, "votes_against": 7, "state": "rejected"}, []),
        ({"votes_for": 0, "votes_against": 14, "state": "rejected", "is_unanimous": True}, []),
        ({"votes_for": 3, "votes_against": 11, "state": "rejected", "is_unanimous": True},
         ["L’acte dit « à l’unanimité » et compte 3 voix pour."]),
        ({"votes_for": None, "state": "rejected", "is_unanimous": True},
         ["Les chiffres du vote ne sont pas donnés.", "L’acte est dit « rejeté » et « à l’unanimité », sans une voix contre."]),
        ({"session_on": None}, ["La date de la séance manque : rien ne dit quand l’acte a été voté."]),
        ({"session_on": None, "state": "draft"}, ["Projet seulement : l’acte n’est pas voté."]),
        ({"kind": "memo"}, ["Une note de synthèse ne se vote pas, et celle-ci est dite « adopté » : elle n’engage pas."]),
        ({"votes_for": None, "state": "listed"}, ["Projet seulement : l’acte n’est pas voté."]),
        ({"votes_for": None, "kind": "decision"}, []),
        ({"session_on": date(2026, 3, 10), "sent_on": date(2026, 3, 9), "received_on": date(2026, 3, 8)},
         ["Transmise le 09/03/2026, avant la séance du 10/03/2026.",
          "Reçue en préfecture le 08/03/2026, avant la séance du 10/03/2026.",
          "Reçue le 08/03/2026, avant sa transmission du 09/03/2026."]),
        ({"transmission": "illisible"}, [
            "« illisible » n’est pas un identifiant de transmission : il a cinq parties séparées par des tirets (département, "
            "SIREN, date, numéro, nature), celui-ci en a 1. Recopiez le tampon : 035-213502362-20231005-SG2023_362-DE."]),
    ],
)  # fmt: skip
def test_counts_and_dates_that_do_not_agree_are_told(given, said):
    assert words(act(**given)) == said


@pytest.mark.covers("DOC-04")
def test_names_are_compared_with_the_counts_and_a_holder_has_one_proxy():
    names = [Named("Mme Adèle Abgrall"), Named("M. Loïc Bonneval"),
             Named("M. Noël Kerbrat", Presence.PROXY, "Mme Adèle Abgrall"),
             Named("Mme Inès Ybert", Presence.PROXY, "mme adele abgrall")]  # fmt: skip
    made = act(present=3, proxies=2, votes_for=5, reporter="Mme Adèle Abgrall")
    assert told(made, names) == [
        (WARNING, "2 noms pour 3 présents.", ""),
        (WARNING, "Mme Adèle Abgrall porte 2 pouvoirs : un seul est permis.", "L. 2121-20 du CGCT"),
    ]
    made.reporter = "m. noel kerbrat"
    assert told(made, names)[2:] == [(INFORMATION, "Le rapporteur est absent de la séance.", "")]
    assert voters_of(made, names) == (5, "3\xa0présents et 2\xa0procurations")
