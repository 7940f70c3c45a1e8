"""What is stored for all to see: two clerks at the same second have one outcome; a run that is killed goes on where it was."""

from datetime import UTC, date, datetime

import pytest

from communis.agreements import tasks
from communis.agreements.models import ExitTask, Membership, Notice, Step
from communis.agreements.operations.leaving import Departure, give_notice
from communis.directory.models import Organization
from communis.foundation import jobs
from communis.foundation.models import Run
from communis.foundation.operations import start_run
from communis.foundation.scope import pool_scope
from factories.agreements import CLERK, active, agreement
from factories.at_once import both
from factories.at_once import committed as committed
from factories.pools import FIRST

EFFECT = date(2024, 7, 15)


def test_two_clerks_who_give_the_same_notice_at_the_same_second_have_one_outcome(committed):
    with pool_scope(FIRST):
        made = active(committed["sixt"], agreement(), "groupements")
    departure = Departure("member", "bonne organisation des services", date(2025, 3, 10))
    said = both(*[lambda: give_notice(made, departure, by=CLERK)] * 2)
    assert said == ["Sixt-sur-Aff est déjà en préavis : sortie le 10/03/2026.", "fait"]
    with pool_scope(FIRST):
        assert Notice.objects.unscoped().count() == 1
        assert Step.objects.unscoped().filter(kind="notice").count() == 1
        assert ExitTask.objects.unscoped().count() == 6


def five_hundred():
    """Make five hundred members of one convention, at once."""
    sidec = agreement("sidec", starts_on=date(2023, 11, 25))
    type_ = Organization.objects.unscoped().first().type
    names = [Organization(pool_id=FIRST, type=type_, name=f"Commune {i:03}", sort_name=f"commune {i:03}", search_text="")
             for i in range(500)]  # fmt: skip
    made = Organization.objects.bulk_create(names)
    Membership.objects.bulk_create(
        Membership(pool_id=FIRST, organization=one, agreement=sidec, requested_on=EFFECT, effect_on=EFFECT,
                   ends_on=date(2030, 7, 14), end_cause="term") for one in made
    )  # fmt: skip


def test_five_hundred_memberships_renew_in_one_run_resumed_after_a_kill(committed, monkeypatch):
    with pool_scope(FIRST):
        five_hundred()
        run = start_run(tasks.RENEW, account=committed.accounts["director"].pk, now=datetime(2026, 8, 1, 4, tzinfo=UTC))
    monkeypatch.setattr(tasks.timezone, "now", lambda: datetime(2026, 8, 1, 4, tzinfo=UTC))
    stops = iter([False, True, *[False] * 20])
    given = {"pool": FIRST, "account": run.account_id, "run": run.pk, "clock": lambda: datetime(2026, 8, 1, 4, tzinfo=UTC)}
    with pytest.raises(jobs.Interrupted):
        jobs.perform(**given, must_stop=lambda: next(stops))
    with pool_scope(FIRST):
        assert Step.objects.unscoped().filter(kind="renewed").count() == 400  # two batches of a hundred, two renewals each
    jobs.perform(**given, must_stop=lambda: False)
    with pool_scope(FIRST):
        assert Step.objects.unscoped().filter(kind="renewed").count() == 1000
        told = Run.objects.unscoped().get(pk=run.pk)
    assert (told.outcome, told.message.replace("\u00a0", " ")) == ("done", "600 reconductions écrites, 0 fin.")
