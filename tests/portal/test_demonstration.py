"""What the demonstration tells of the conventions’ lives: waves and successor, avenants and who has adopted them."""

from datetime import date

import pytest

from communis.agreements.models import Agreement, Membership, Resolution, Step, Version
from communis.agreements.operations.renewals import renew_all
from communis.agreements.reading import tracked_for, waves_of
from communis.portal.demonstration.avenants import EARLIER, amend_twice
from communis.portal.demonstration.waves import join_in_waves
from factories.agreements import author
from factories.pools import organization
from factories.versions import in_force
from factories.world import first_pool

pytestmark = pytest.mark.django_db
CRECHE = "Syndicat Intercommunal pour la gestion de la crèche Frimousse"


@pytest.fixture
def pool(world):
    with first_pool():
        yield world


def named(world, *names):
    return {"hôte": world["host"], **{name: organization(name) for name in names}}


@pytest.mark.covers("MEM-33")
def test_grand_nancy_joins_in_three_waves_is_prolonged_then_passes_to_its_successor(pool):
    version = in_force("grand_nancy", pool["host"], date(2023, 9, 21), short_name="DSIT")
    join_in_waves(version, named(pool, "Nancy", "Laxou", "Dommartemont", "Heillecourt", CRECHE))
    now = Membership.objects.unscoped().filter(agreement=version.agreement).select_related("organization")
    told = [(on, sorted(str(m.organization) for m in rows)) for on, rows in waves_of(now)]
    assert told == [
        (date(2017, 7, 13), ["Laxou", "Nancy"]), (date(2018, 10, 19), ["Dommartemont", "Heillecourt"]),
        (date(2019, 9, 20), [CRECHE]),
    ]  # fmt: skip
    former = Agreement.objects.unscoped().exclude(pk=version.agreement_id).get()
    assert (former.successor, former.closed_on) == (version.agreement, date(2023, 12, 31))
    assert {(m.effect_on, m.ends_on) for m in now} == {(date(2024, 1, 1), date(2028, 12, 31))}
    nancy = now.get(organization__name="Nancy")
    steps = Step.objects.unscoped().filter(membership__organization=nancy.organization, kind="prolonged").order_by("on")
    assert [(s.on, s.until) for s in steps] == [
        (date(2022, 11, 14), date(2023, 9, 30)), (date(2023, 9, 25), date(2023, 12, 31)),
    ]  # fmt: skip
    renew_all(date(2026, 6, 1), by=author(date(2026, 6, 1)))
    assert Step.objects.unscoped().filter(membership=nancy, kind="renewed").count() == 2
    invented = Resolution.objects.unscoped().exclude(organization=pool["host"])
    assert all("fictive" in act.subject and "mutualisation" in act.search_text for act in invented)


def test_nimes_has_two_avenants_whose_changes_are_typed_and_half_of_the_earlier_members_have_adopted_the_last(pool):
    version = in_force("nimes_metropole", pool["host"], date(2022, 4, 4), short_name="DN")
    amend_twice(version, named(pool, *EARLIER))
    version = Version.objects.unscoped().select_related("follows", "amendment").get(pk=version.pk)
    assert (version.follows.label, version.amendment.number, version.amendment.changes.unscoped().count()) == (
        "avenant n° 5", "6", 10,
    )  # fmt: skip
    told = {str(m.organization): m.applied for m in tracked_for(version, date(2024, 1, 1))}
    assert told == dict.fromkeys(("Manduel", "Bouillargues", "Milhaud"), version.label) | dict.fromkeys(
        ("Caveirac", "Saint-Gilles", "Dions"), "avenant n° 5"
    )
