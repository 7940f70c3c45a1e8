"""What memberships ask of somebody where one lands."""

from datetime import date

import pytest

from communis.agreements.agenda import tasks_of
from communis.agreements.operations.leaving import Departure, give_notice
from communis.directory.access import grants_of
from factories.agreements import CLERK, active, agreement, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(pool):
    account = pool.accounts["director"]
    account.grants = grants_of(account, 1)[1]
    return account


def told(user, day):
    return [(t.label, t.fact.replace("\u00a0", " "), t.state) for t in tasks_of(user, day)]


@pytest.mark.covers("MEM-16", "MEM-15")
def test_expired_last_period_preparing_and_leaving_memberships_are_told_to_the_service(pool, director):
    sidec = agreement("sidec", starts_on=date(2010, 1, 1))
    active(pool["sixt"], sidec, "système", effect_on=date(2019, 7, 15))
    active(pool["allaire"], sidec, "système", effect_on=date(2021, 7, 15))
    leaving = active(pool["redon"], agreement(), "groupements")
    give_notice(leaving, Departure("member", "départ", date(2026, 3, 10)), by=CLERK)
    asked(pool["sixt"], leaving.agreement)
    assert told(director, date(2026, 11, 29)) == [
        ("Adhésion expirée : Sixt-sur-Aff", "terme atteint le 14/07/2025, plus rien n’est facturé", "expirée"),
        ("Renouveler expressément l’adhésion d’Allaire", "dernier jour pour délibérer : 14/07/2027", "à délibérer"),
        ("Compléter les adhésions en préparation", "1 adhésion", "à compléter"),
        ("Préparer les sorties", "6 tâches : Redon le 10 mars 2027", "à faire"),
        ("Compléter le dossier juridique", "2 points à voir : redon, sidec", "incomplet"),
    ]


@pytest.mark.covers("MEM-16")
def test_a_member_that_adhered_anew_is_no_longer_told_that_its_former_adhesion_expired(pool, director):
    sidec = agreement("sidec", starts_on=date(2010, 1, 1))
    active(pool["sixt"], sidec, "système", effect_on=date(2019, 7, 15))
    expired = ("Adhésion expirée : Sixt-sur-Aff", "terme atteint le 14/07/2025, plus rien n’est facturé", "expirée")
    assert expired in told(director, date(2026, 11, 29))
    active(pool["sixt"], sidec, "système", effect_on=date(2026, 1, 1))
    assert expired not in told(director, date(2026, 11, 29))
