"""Long runs: started with the transaction that asks for them, followed, stopped, taken up again, within today's rights."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection, transaction

from communis.directory.models import Account, Grant
from communis.foundation import embedded, jobs
from communis.foundation.models import Run
from communis.foundation.operations import cancel_run, start_run
from communis.foundation.scope import pool_scope
from factories.pools import FIRST, SECOND
from factories.served import Browser, clean_environment

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WAITING_SECONDS = 40
done_by = []


@pytest.fixture
def kind(monkeypatch):
    """Declare a kind that whoever directs may start, and that tells who ran it."""
    done_by.clear()

    def body(work):
        with work.scope():
            done_by.append((work.account.email, work.run.pool_id, work.parameters))
        return "fait"

    def may(user):
        return any(grant.role == "director" for grant in user.grants)

    monkeypatch.setitem(jobs.KINDS, "proof", jobs.Kind("Une preuve", body, may, (jobs.Impossible,)))
    return "proof"


@pytest.fixture
def director(db):
    """Make an account that directs the first pool, and has no right in the second."""
    account = Account.objects.create_user("d@exemple.fr", None, name="D")
    with pool_scope(FIRST):
        Grant(account=account, role="director", starts_on=date(2020, 1, 1)).save()
    return account


def jobs_in_queue():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [jobs.PERFORM])
        return [json.loads(args) for (args,) in cursor.fetchall()]


def start(kind, account, **parameters):
    with pool_scope(FIRST):
        return start_run(kind, account=account.pk, now=NOW, parameters=parameters)


def carry_out(run, *, pool=FIRST, account=None):
    """Carry out a run as the worker would; return how it ended, what it says, and who ran it."""
    asked = run.account_id if account is None else account
    jobs.perform(pool=pool, account=asked, run=run.pk, must_stop=lambda: False, clock=lambda: NOW)
    with pool_scope(FIRST):
        found = Run.objects.unscoped().get(pk=run.pk)
    return found.outcome, found.message, done_by


def test_a_run_asked_in_a_transaction_that_is_not_kept_leaves_nothing(director, kind):
    with suppress(ZeroDivisionError), transaction.atomic():
        start(kind, director)
        raise ZeroDivisionError
    with pool_scope(FIRST):
        assert (jobs_in_queue(), Run.objects.unscoped().count()) == ([], 0)


def test_a_job_carries_identifiers_and_nothing_else(director, kind):
    run = start(kind, director, file=7)
    assert jobs_in_queue() == [{"pool": FIRST, "account": director.pk, "run": run.pk}]


def test_a_run_is_carried_out_in_its_pool_as_who_asked(director, kind):
    run = start(kind, director, file=7)
    assert carry_out(run) == ("done", "fait", [("d@exemple.fr", FIRST, {"file": 7})])


def test_a_right_lost_between_asking_and_running_stops_the_run(director, kind):
    run = start(kind, director)
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=director).update(ends_on=date(2020, 1, 2))
    assert carry_out(run) == ("failed", jobs.NO_RIGHT, [])


def test_a_right_that_changed_is_asked_of_the_predicate_again(director, kind):
    run = start(kind, director)
    with pool_scope(FIRST):
        Grant.objects.unscoped().filter(account=director).update(role="technician")
    assert carry_out(run) == ("failed", jobs.NO_RIGHT, [])


def test_an_account_that_was_closed_runs_nothing(director, kind):
    run = start(kind, director)
    Account.objects.filter(pk=director.pk).update(is_active=False)
    assert carry_out(run) == ("failed", jobs.NO_RIGHT, [])


def test_a_job_forged_for_another_pool_or_another_account_does_nothing(director, kind):
    other = Account.objects.create_user("autre@exemple.fr", None, name="Autre")
    with pool_scope(SECOND):
        Grant(account=director, role="director", starts_on=date(2020, 1, 1)).save()
        Grant(account=other, role="director", starts_on=date(2020, 1, 1)).save()
    run = start(kind, director)
    assert carry_out(run, pool=SECOND) == ("", "", [])
    assert carry_out(run, account=other.pk) == ("", "", [])


def test_a_run_stopped_before_it_begins_never_runs(director, kind):
    run = start(kind, director)
    with pool_scope(FIRST):
        cancel_run(run, now=NOW)
    assert carry_out(run) == ("cancelled", "", [])


def test_an_auditor_follows_the_runs_of_others_and_stops_none(client, kind, director):
    auditor = Account.objects.create_user("a@exemple.fr", None, name="A")
    with pool_scope(FIRST):
        Grant(account=auditor, role="auditor", starts_on=date(2020, 1, 1)).save()
        run = start_run(kind, account=director.pk, parameters={}, now=NOW)
    client.force_login(auditor)
    page = client.get("/travaux/")
    assert (page.status_code, f'href="/travaux/{run.pk}/"' in page.content.decode()) == (200, True)
    assert f"/travaux/{run.pk}/arreter/" not in page.content.decode()
    assert [call(f"/travaux/{run.pk}/arreter/").status_code for call in (client.get, client.post)] == [404, 404]
    client.force_login(director)
    assert client.get(f"/travaux/{run.pk}/arreter/").status_code == 200


def test_a_run_carried_out_twice_runs_once(director, kind):
    run = start(kind, director)
    assert carry_out(run) == carry_out(run) == ("done", "fait", [("d@exemple.fr", FIRST, {})])


# ------------------------------------------------------------ with a worker


@pytest.fixture(scope="module")
def working(demonstration):
    """Serve the demonstration with an application that works slowly, and a worker missed after four seconds."""
    demonstration.stop()
    demonstration.start(DJANGO_SETTINGS_MODULE="factories.working.settings", COMMUNIS_BATTEMENT="1")
    yield demonstration
    demonstration.stop()


@pytest.fixture
def browser(working):
    browser = Browser(working.address)
    browser.sign_in(*working.accounts()[0])
    return browser


def ask(working, *, steps, milliseconds):
    """Ask for a run in the first pool of the demonstration; return its number."""
    environment = clean_environment(COMMUNIS_DATA=str(working.folder))
    email = working.accounts()[0][0]
    query = "SELECT g.pool_id FROM directory_grant g JOIN directory_account a ON a.id = g.account_id WHERE a.email = %s"
    pool = in_database(working, query, email)[0][0]
    command = [sys.executable, "-m", "factories.working", str(pool), email, str(steps), str(milliseconds)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)


def in_database(working, query, *parameters):
    superuser = embedded.cluster(working.folder).parameters(embedded.SUPERUSER)
    with psycopg.connect(**superuser) as opened:
        return opened.execute(query, parameters).fetchall()


def wait_for(working, run, condition):
    """Wait until a run fulfils a condition; return its outcome, its message and its attempts."""
    limit = time.monotonic() + WAITING_SECONDS
    while time.monotonic() < limit:
        if in_database(working, f"SELECT 1 FROM foundation_run WHERE id = %s AND {condition}", run):
            return in_database(working, "SELECT outcome, message, attempts FROM foundation_run WHERE id = %s", run)[0]
        time.sleep(0.1)
    raise TimeoutError(in_database(working, "SELECT * FROM foundation_run WHERE id = %s", run))


def kept(working, run):
    return in_database(working, "SELECT count(*) FROM directory_organizationtype WHERE name LIKE %s", f"Pas {run},%")[0][0]


def shown(page):
    """Return the advance that a page shows."""
    found = re.search(r"<progress[^>]* value=\"(\d+)\" max=\"(\d+)\"", page)
    return (int(found[1]), int(found[2])) if found else None


def test_a_run_is_followed_on_its_page_then_told_done(working, browser):
    run = ask(working, steps=15, milliseconds=200)
    wait_for(working, run, "done > 0")
    going = browser.get(f"/travaux/{run}/")[2]
    first, listed = shown(going), shown(browser.get("/travaux/")[2])
    assert "le travail continue" in going.split('id="run"')[1]  # within what is read again, so that it goes with the end
    assert first[1] == listed[1] == 15
    assert 0 < first[0] <= listed[0] < 15
    assert kept(working, run) == 0  # told at once, kept at the end
    assert wait_for(working, run, "ended_at IS NOT NULL") == ("done", "15 pas", 1)
    assert kept(working, run) == 15
    page = browser.get(f"/travaux/{run}/")[2]
    assert shown(page) is None
    assert "hx-trigger" not in page
    assert "le travail continue" not in page
    assert "15 pas" in page


def test_a_run_is_stopped_from_its_page_and_what_it_was_doing_is_undone(working, browser):
    run = ask(working, steps=2000, milliseconds=20)
    wait_for(working, run, "done > 0")
    assert f'href="/travaux/{run}/arreter/"' in browser.get("/travaux/")[2]
    assert browser.get(f"/travaux/{run}/arreter/")[0] == 200
    assert browser.post(f"/travaux/{run}/arreter/")[1] == f"/travaux/{run}/"
    assert wait_for(working, run, "ended_at IS NOT NULL") == ("cancelled", "", 1)
    assert kept(working, run) == 0
    assert "arrêté" in browser.get(f"/travaux/{run}/")[2]


def test_a_run_whose_worker_is_killed_is_taken_up_again(working):
    run = ask(working, steps=20, milliseconds=100)
    wait_for(working, run, "done > 2")
    os.kill(working.process_of("communis travaux"), signal.SIGKILL)
    assert wait_for(working, run, "ended_at IS NOT NULL") == ("done", "20 pas", 2)
    assert kept(working, run) == 20


def test_a_run_whose_worker_is_killed_too_many_times_is_given_up(working):
    run = ask(working, steps=2000, milliseconds=20)
    wait_for(working, run, "done > 0")
    in_database(working, "UPDATE procrastinate_jobs SET attempts = 3 WHERE (args->>'run')::int = %s RETURNING id", run)
    os.kill(working.process_of("communis travaux"), signal.SIGKILL)
    assert wait_for(working, run, "ended_at IS NOT NULL") == ("failed", jobs.LOST, 1)


def test_a_run_interrupted_by_a_stop_is_taken_up_at_the_next_start(working):
    run = ask(working, steps=40, milliseconds=100)
    wait_for(working, run, "done > 2")
    begun = time.monotonic()
    working.stop()
    assert time.monotonic() - begun < 8  # it does not wait for the end of the run
    working.start(DJANGO_SETTINGS_MODULE="factories.working.settings", COMMUNIS_BATTEMENT="1")
    assert wait_for(working, run, "ended_at IS NOT NULL") == ("done", "40 pas", 2)
