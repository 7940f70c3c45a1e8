"""What conventions ask of each role where it lands: adoptions, prerequisites, receipts, reviews, legal files."""

from datetime import date

import pytest

from communis.agreements.models import Membership, Resolution, ReviewDate, Version
from communis.agreements.operations import choosing
from communis.agreements.operations.acts import withdraw
from communis.agreements.operations.amendments import amend
from communis.agreements.operations.versions import approve, submit
from communis.agreements.tables.memberships import Holdings
from communis.agreements.views.membership_file import no_longer_standing
from communis.agreements.watching import watched
from communis.catalog.operations import state_check
from communis.directory.access import grants_of
from factories.agreements import CLERK, active, agreement, asked, wish
from factories.catalogue import loaded
from factories.versions import PRICES, act, in_force, joined
from factories.world import first_pool

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


def told(world, who):
    account = world.accounts[who]
    account.grants = grants_of(account, 1)[1]
    rows = list(Membership.objects.visible_to(account).select_related("organization", "agreement"))
    found = [(t.label, t.fact, t.state) for t in watched(account, rows, Holdings.of(rows, TODAY))]
    return [tuple(words.replace("\N{NO-BREAK SPACE}", " ") for words in one) for one in found]


def about(rows, *labels):
    return [row for row in rows if row[0].startswith(labels)]


@pytest.mark.covers("MEM-12")
def test_an_amendment_that_members_have_not_adopted_is_told_to_the_service_and_to_each_of_them(pool):
    first = in_force("redon", pool["host"], date(2022, 9, 1), short_name="commun")
    for name in ("sixt", "allaire"):
        joined(pool[name], first, date(2023, 1, 1))
    made = amend(first, number="1", subject="Prix", changes=PRICES).makes
    submit(made)
    approve(made, act=act(pool["host"], date(2026, 3, 2), number="7"), starts_on=date(2026, 4, 1), knowingly=True)
    assert about(told(pool, "director"), "Faire adopter", "Adopter") == [
        ("Faire adopter commun, version avenant n° 1", "2 membres ne l’ont pas adoptée", "à adopter")
    ]
    assert told(pool, "office") == [("Adopter commun, version avenant n° 1", "en vigueur depuis le 01/04/2026", "à adopter")]


@pytest.mark.covers("MEM-07")
def test_an_adhesion_whose_founding_act_was_withdrawn_is_told_to_the_service(pool):
    vote = act(pool["sixt"], date(2023, 12, 12), number="41")
    made = active(pool["sixt"], agreement(), "groupements", vote=vote)
    assert about(told(pool, "director"), "Fonder") == []
    withdraw(vote)
    assert about(told(pool, "director"), "Fonder") == [
        ("Fonder de nouveau l’adhésion de Sixt-sur-Aff", "délibération n° 41 du 12/12/2023 n’engage plus", "sans acte")
    ]
    assert no_longer_standing(pool.accounts["director"], made, TODAY) == [
        "« délibération n° 41 du 12/12/2023 » est à l’état « retiré » : seul un acte adopté engage Sixt-sur-Aff."
    ]


@pytest.mark.covers("CAT-15")
def test_prerequisites_of_adhesions_in_preparation_are_told_with_those_nobody_looked_at_apart(pool):
    edition = loaded("nimes_metropole", "Avenant n° 6")
    of = agreement("nimes_metropole", starts_on=date(2022, 4, 4))
    Version.objects.unscoped().filter(agreement=of).update(edition=edition)
    made = asked(pool["sixt"], of)
    choosing.choose(made, wish("vidéoprotection", "vidéo_intelligente", on=date(2027, 1, 1)), by=CLERK)
    state_check(pool["sixt"], offer="vidéoprotection", key="prerequis-de-la-brique", outcome="unmet", on=CLERK.today,
                evidence="visite", by=CLERK.name, today=CLERK.today)  # fmt: skip
    line = ("Constater les prérequis : Sixt-sur-Aff", "1 prérequis non rempli, 1 prérequis à constater", "bloquant")
    assert about(told(pool, "director"), "Constater") == [line]
    assert told(pool, "office") == [line]
    assert told(pool, "elected") == []  # of another member


def test_acts_without_receipt_overdue_reviews_and_legal_files_are_told_to_those_who_can_act(pool):
    of = in_force("redon", pool["host"], date(2022, 9, 1), short_name="commun", grounds=["L5211-4-2"]).agreement
    Resolution.objects.unscoped().update(received_on=date(2022, 9, 2), published_on=date(2022, 9, 2))
    act(pool["sixt"], date(2026, 10, 1), number="9", sent_on=date(2026, 11, 14))
    act(pool["sixt"], date(2026, 10, 1), number="10", sent_on=date(2026, 11, 15))
    ReviewDate(agreement=of, due_on=date(2026, 6, 30)).save()
    ReviewDate(agreement=of, due_on=date(2026, 12, 31)).save()
    receipt = (
        "Réclamer l’accusé de réception de la préfecture",
        "1 acte transmis depuis plus de 15 jours, le premier le 14/11/2026", "sans accusé",
    )  # fmt: skip
    assert told(pool, "director") == [
        receipt, ("Tenir les bilans d’étape", "1 bilan en retard, le premier dû le 30/06/2026", "en retard"),
        ("Compléter le dossier juridique", "2 points à voir : commun", "incomplet"),
    ]  # fmt: skip
    assert told(pool, "office") == [receipt]
    assert [told(pool, who) for who in ("technician", "elected")] == [[], []]


def test_the_home_page_shows_what_conventions_ask(world):
    with first_pool():
        in_force("redon", world["host"], date(2022, 9, 1), short_name="commun")
    page = world.get("/")
    assert "Compléter le dossier juridique" in page.links
