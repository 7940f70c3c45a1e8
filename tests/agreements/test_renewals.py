"""Renewals written once each, expiry at the maximum, express renewal, successor; five hundred memberships at once."""

from datetime import UTC, date, datetime

import pytest

from communis.agreements import tasks
from communis.agreements.applicable import dates_of, version_for
from communis.agreements.choices import spans_of
from communis.agreements.models import Membership, Step
from communis.agreements.operations.leaving import Departure, give_notice
from communis.agreements.operations.renewals import (
    express_due,
    renew_all,
    renew_batch,
    renew_expressly,
    replace_by_successor,
)
from communis.agreements.operations.succession import foreseen, replace
from communis.kit.refusals import Refusal
from factories.agreements import CLERK, act, active, agreement, author
from factories.world import first_pool

pytestmark = pytest.mark.django_db
EFFECT = date(2024, 7, 15)


def renewed(membership):
    rows = Step.objects.unscoped().filter(membership=membership, kind="renewed")
    return list(rows.values_list("on", "until"))


def kinds(membership):
    return list(Step.objects.unscoped().filter(membership=membership).order_by("on", "id").values_list("kind", flat=True))


def fresh(membership):
    return Membership.objects.unscoped().select_related("organization", "agreement").get(pk=membership.pk)


@pytest.mark.covers("T-24", "MEM-15", "MEM-16")
def test_sidec_of_15_july_2024_renews_each_year_warns_before_its_maximum_then_expires(pool):
    made = active(pool["sixt"], agreement("sidec", starts_on=date(2023, 11, 25)), "système", effect_on=EFFECT)
    assert (made.ends_on, made.end_cause) == (date(2030, 7, 14), "term")
    version = version_for(made, EFFECT)
    first = dates_of(made, version, "système", date(2024, 9, 1))
    assert (first.renews_on, first.ends_on, first.express_by) == (date(2025, 7, 15), date(2030, 7, 14), None)
    renew_all(date(2026, 8, 1), by=author(date(2026, 8, 1)))
    assert renewed(made) == [
        (date(2025, 7, 15), date(2026, 7, 14)), (date(2026, 7, 15), date(2027, 7, 14)),
    ]  # fmt: skip
    renew_all(date(2030, 7, 14), by=author(date(2030, 7, 14)))
    assert [on for on, _ in renewed(made)] == [date(year, 7, 15) for year in range(2025, 2030)]
    assert renewed(made)[-1] == (date(2029, 7, 15), date(2030, 7, 14))
    last = dates_of(made, version, "système", date(2029, 9, 1))
    assert (last.renews_on, last.express_by) == (None, date(2030, 7, 14))
    assert express_due([made], date(2029, 7, 14)) == []
    assert express_due([made], date(2029, 9, 1)) == [(made, date(2030, 7, 14))]
    assert "expired" not in kinds(made)
    renew_all(date(2030, 7, 15), by=author(date(2030, 7, 15)))
    told = Step.objects.unscoped().get(membership=made, kind="expired")
    assert (told.on, made.state_on(date(2030, 7, 14)), made.state_on(date(2030, 7, 15))) == (
        date(2030, 7, 15), "active", "ended",
    )  # fmt: skip
    assert express_due([made], date(2030, 7, 15)) == []
    assert [s.last for s in spans_of()] == [date(2030, 7, 14)]  # nothing is held any more, so nothing is charged


@pytest.mark.parametrize(
    ("effect_on", "periods"),
    [
        (date(2024, 2, 29), [
            (date(2025, 2, 28), date(2026, 2, 27)), (date(2026, 2, 28), date(2027, 2, 27)),
            (date(2027, 2, 28), date(2028, 2, 28)), (date(2028, 2, 29), date(2029, 2, 27)),
            (date(2029, 2, 28), date(2030, 2, 27)),
        ]),
        (date(2024, 8, 31), [
            (date(year, 8, 31), date(year + 1, 8, 30)) for year in range(2025, 2030)
        ]),
    ],
)  # fmt: skip
def test_renewals_from_29_february_or_the_end_of_a_month_follow_each_other_without_a_day_lost(pool, effect_on, periods):
    made = active(pool["sixt"], agreement("sidec", starts_on=date(2023, 11, 25)), "système", effect_on=effect_on)
    by = author(date(2031, 1, 1))
    renew_all(date(2031, 1, 1), by=by)
    renew_all(date(2031, 1, 1), by=by)
    assert renewed(made) == periods
    assert made.ends_on == periods[-1][1]


@pytest.mark.covers("T-36")
def test_grand_nancy_of_1_january_2024_renews_to_2028_and_ends_with_it(pool):
    made = active(pool["sixt"], agreement("grand_nancy"), "dsit")
    renew_all(date(2029, 3, 1), by=author(date(2029, 3, 1)))
    assert [on for on, _ in renewed(made)] == [date(year, 1, 1) for year in (2025, 2026, 2027, 2028)]
    assert made.ends_on == date(2028, 12, 31)


@pytest.mark.covers("MEM-15")
def test_a_renewal_is_written_once_whatever_the_number_of_runs_and_after_a_kill(pool):
    redon = agreement()
    rows = [active(pool[name], redon, "audit") for name in ("sixt", "allaire")]
    by = author(date(2026, 1, 2))
    first = renew_batch(0, date(2026, 1, 2), by=by, size=1)  # then the run is killed
    assert (first.renewals, first.looked_at) == (2, 1)
    assert renew_all(date(2026, 1, 2), by=by) == (2, 0)
    assert renew_all(date(2026, 1, 2), by=by) == (0, 0)
    assert [[on for on, _ in renewed(one)] for one in rows] == [[date(2025, 1, 1), date(2026, 1, 1)]] * 2
    assert {s.entered_by for s in Step.objects.unscoped().filter(kind="renewed")} == {"Erwan Talhouarn"}


def test_a_membership_in_notice_renews_until_its_exit_then_is_gone(pool):
    made = active(pool["sixt"], agreement(), "groupements")
    give_notice(made, Departure("member", "départ", date(2025, 3, 10)), by=CLERK)
    renew_all(date(2027, 2, 1), by=author(date(2027, 2, 1)))
    assert renewed(made) == [(date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 3, 10))]
    assert kinds(made)[-1] == "exit"


def test_a_convention_silent_on_its_duration_renews_nothing(pool):
    made = active(pool["sixt"], agreement("nimes_metropole", starts_on=date(2022, 4, 4)), "internet")
    assert renew_all(date(2030, 1, 1), by=CLERK) == (0, 0)
    assert dates_of(made, version_for(made, date(2025, 1, 1)), "internet", date(2025, 1, 1)).silence == (
        "Non prévu : la convention ne dit rien de sa durée."
    )


@pytest.mark.covers("MEM-15")
def test_an_express_renewal_needs_a_new_deliberation_and_goes_on_from_the_morrow(pool):
    made = active(pool["sixt"], agreement("sidec", starts_on=date(2010, 1, 1)), "système", effect_on=date(2019, 7, 15))
    assert made.ends_on == date(2025, 7, 14)
    with pytest.raises(Refusal, match="il faut une délibération de Sixt-sur-Aff"):
        renew_expressly(made, act(pool["sixt"], kind="decision"), by=CLERK)
    after = renew_expressly(made, act(pool["sixt"], on=date(2025, 5, 6)), by=CLERK)
    assert (after.effect_on, after.ends_on, after.follows) == (date(2025, 7, 15), date(2031, 7, 14), made)
    assert [(s.offer, s.first, s.last) for s in spans_of()] == [("système", date(2019, 7, 15), date(2031, 7, 14))]
    assert Step.objects.unscoped().get(membership=made, kind="express").note == "renouvelée à compter du 15/07/2025"
    with pytest.raises(Refusal, match="a déjà une suite"):
        renew_expressly(made, act(pool["sixt"], on=date(2025, 5, 6)), by=CLERK)


@pytest.mark.covers("MEM-16")
def test_a_deliberation_after_the_term_does_not_bring_an_expired_adhesion_back(pool):
    made = active(pool["sixt"], agreement("sidec", starts_on=date(2010, 1, 1)), "système", effect_on=date(2019, 7, 15))
    with pytest.raises(
        Refusal, match="L’acte est du 15/07/2025, après le terme du 14/07/2025 : l’adhésion de Sixt-sur-Aff avait"
    ):
        renew_expressly(made, act(pool["sixt"], on=date(2025, 7, 15)), by=CLERK)
    after = renew_expressly(made, act(pool["sixt"], on=date(2025, 7, 14)), by=CLERK)  # entered late, voted in time
    assert after.effect_on == date(2025, 7, 15)


@pytest.mark.covers("MEM-18")
def test_a_successor_takes_who_has_deliberated_and_no_day_counts_twice(pool):
    after = agreement("grand_nancy", name="Convention 2024")
    before = agreement("grand_nancy", name="Convention 2017", starts_on=date(2017, 1, 1), successor=after)
    on = date(2024, 1, 1)
    ready, late = (active(pool[name], before, "dsit", effect_on=date(2021, 1, 1)) for name in ("sixt", "allaire"))
    allowing = active(pool["redon"], before, "dsit", effect_on=date(2021, 1, 1),
                      vote=act(pool["redon"], on=date(2020, 12, 12), authorizes="tout document afférent"))  # fmt: skip
    act(pool["sixt"], on=date(2023, 11, 14), agreement=after)
    act(pool["allaire"], on=date(2024, 1, 16), agreement=after)  # after the day of the move: it authorizes nothing yet
    found = replace_by_successor(before, on, by=CLERK)
    assert ([str(m.organization) for m in found.moved], [str(m.organization) for m in found.waiting]) == (
        ["Redon", "Sixt-sur-Aff"], ["Allaire"],
    )  # fmt: skip
    ready, new = fresh(ready), Membership.objects.unscoped().get(follows=ready)
    assert (ready.ends_on, ready.end_cause, new.effect_on, new.ends_on) == (
        date(2023, 12, 31), "replaced", on, date(2028, 12, 31),
    )  # fmt: skip
    assert kinds(ready)[-1] == "replaced"
    assert dates_of(ready, version_for(ready, date(2023, 6, 1)), "dsit", date(2023, 6, 1)).express_by is None  # it goes on
    assert kinds(new) == ["voted", "effect"]
    assert fresh(late).end_cause == "term"
    assert fresh(allowing).end_cause == "replaced"
    held = [s for s in spans_of() if s.organization == pool["sixt"].pk]
    assert [(s.first, s.last) for s in held] == [(date(2021, 1, 1), date(2028, 12, 31))]  # one holding: no day is held twice


@pytest.mark.covers("MEM-18", "MEM-36")
def test_before_a_succession_is_confirmed_who_moves_without_a_new_vote_is_told_with_what_was_authorized(world):
    with first_pool():
        after = agreement("grand_nancy", name="Convention 2024", starts_on=date(2024, 1, 1))
        before = agreement("grand_nancy", name="Convention 2017", starts_on=date(2017, 1, 1))
        vote = act(world["sixt"], on=date(2020, 12, 12), number="20", authorizes="tout document afférent")
        active(world["sixt"], before, "dsit", effect_on=date(2021, 1, 1), vote=vote)
    page = world.post(f"/conventions/{before.pk}/remplacer/", successor=after.pk, starts_on="01/01/2024")
    told = "1 adhésion passe sans nouveau vote, par ce qu’une délibération antérieure autorise : vérifiez que ses termes couvrent"
    assert f"{told} la nouvelle convention." in page.text
    assert page.table("Adhésions qui passent à la nouvelle convention") == [[
        "Sixt-sur-Aff", "du 1er janvier 2024 au 31 décembre 2028",
        "délibération n° 20 du 12/12/2020 qui autorise : tout document afférent",
    ]]  # fmt: skip


def test_a_successor_asked_again_moves_those_that_have_voted_since_and_nobody_twice(pool):
    after = agreement("grand_nancy", name="Convention 2024")
    before, on = agreement("grand_nancy", name="Convention 2017", starts_on=date(2017, 1, 1)), date(2024, 1, 1)
    for name in ("sixt", "allaire"):
        active(pool[name], before, "dsit", effect_on=date(2021, 1, 1))
    act(pool["sixt"], on=date(2023, 11, 14), agreement=after)
    assert [str(m.organization) for m in foreseen(before, after, starts_on=on, by=CLERK).moved] == ["Sixt-sur-Aff"]
    assert not Membership.objects.unscoped().filter(agreement=after).exists()  # what is shown is not kept
    first = replace(before, after, starts_on=on, by=CLERK)
    assert ([str(m.organization) for m in first.moved], [str(m.organization) for m in first.waiting]) == (
        ["Sixt-sur-Aff"], ["Allaire"],
    )  # fmt: skip
    lost = act(pool["allaire"], on=date(2023, 12, 11), agreement=after, votes_for=3, votes_against=8)
    assert replace(before, after, starts_on=on, by=CLERK).moved == ()  # what its own count rejects moves nobody
    lost.votes_for, lost.votes_against = 8, 3
    lost.save()
    again = replace(before, after, starts_on=on, by=CLERK)
    assert ([str(m.organization) for m in again.moved], again.waiting) == (["Allaire"], ())
    assert Membership.objects.unscoped().filter(agreement=after).count() == 2


def test_every_night_each_pool_renews_what_is_due(pool, monkeypatch):
    made = active(pool["sixt"], agreement(), "audit")
    monkeypatch.setattr(tasks.timezone, "now", lambda: datetime(2025, 1, 1, 2, tzinfo=UTC))
    tasks.renew_every_night(0)
    assert [(s.on, s.entered_by) for s in Step.objects.unscoped().filter(membership=made, kind="renewed")] == [
        (date(2025, 1, 1), "communis")
    ]
