"""Imports too long for a page, carried out by the worker of a served demonstration: followed, stopped, killed, taken up again."""

import os
import re
import signal
import time
from datetime import date, timedelta

import psycopg
import pytest

from communis.foundation import embedded
from factories.served import Browser

WAITING_SECONDS = 180
LINES = 6_000
FACT = "postes_de_travail"
BEGINS = {"essai suivi": 1905, "essai tué": 1925, "essai arrêté": 1945, "essai sans droit": 1965}  # the years of each file


@pytest.fixture(scope="module")
def importing(demonstration):
    """Serve the demonstration with a worker missed after four seconds."""
    demonstration.stop()
    demonstration.start(COMMUNIS_BATTEMENT="1")
    yield demonstration
    demonstration.stop()


@pytest.fixture
def director(importing):
    browser = Browser(importing.address)
    browser.sign_in(*importing.accounts()[0])
    return browser


def in_database(served, query, *parameters):
    with psycopg.connect(**embedded.cluster(served.folder).parameters(embedded.SUPERUSER)) as opened:
        return opened.execute(query, parameters).fetchall()


def file_of(served, source):
    """A file of facts of one organization of the first pool, one a day."""
    email = served.accounts()[0][0]
    query = """SELECT o.name FROM directory_organization o JOIN directory_grant g USING (pool_id)
               JOIN directory_account a ON a.id = g.account_id WHERE a.email = %s ORDER BY o.id LIMIT 1"""
    name = in_database(served, query, email)[0][0]
    days = (date(BEGINS[source], 1, 1) + timedelta(days=rank) for rank in range(LINES))
    lines = [f"{name}\t{FACT}\t{rank}\t{day:%d/%m/%Y}\t{source}" for rank, day in enumerate(days)]
    return "\n".join(["Organisation\tFait\tValeur\tÀ la date du\tSource", *lines])


def run_of(address):
    return int(re.fullmatch(r"/travaux/(\d+)/", address)[1])


def sent(browser, content):
    """Paste a table and accept its columns; return the run of its preview, and the address of the import."""
    browser.get("/importer/faits/")
    _, address, page = browser.post("/importer/faits/", pasted=content)
    chosen = dict(re.findall(r'<select name="(colonne_\w+)".*?<option value="(\d*)" selected>', page, re.DOTALL))
    return run_of(browser.post(address, **chosen)[1]), address.removesuffix("colonnes/")


def plan_of(browser, address):
    return re.search(r'name="plan" value="(\w+)"', browser.get(f"{address}verifier/")[2])[1]


def state(served, run, source):
    """Return what one sees at one moment: how far a run is, whether it has ended, how many of its facts are there."""
    query = """SELECT done, total, outcome, message, attempts, (SELECT count(*) FROM directory_fact WHERE source = %s)
               FROM foundation_run WHERE id = %s"""
    return in_database(served, query, source, run)[0]


def wait_for(served, run, source, condition):
    """Look at a run until it fulfils a condition; whenever it is looked at, all of its facts are there or none."""
    limit = time.monotonic() + WAITING_SECONDS
    while time.monotonic() < limit:
        done, _, outcome, message, attempts, facts = state(served, run, source)
        assert facts == (LINES if outcome == "done" else 0)
        if condition(done, outcome):
            return outcome, message, attempts
        time.sleep(0.02)
    raise TimeoutError(state(served, run, source))


def ended(_done, outcome):
    return outcome != ""


def begun(done, _outcome):
    return done > 0


def ready_to_apply(served, browser, source):
    """Send a file, wait for its preview, and press the last button; return the run of the act and the address of the import."""
    run, address = sent(browser, file_of(served, source))
    limit = time.monotonic() + WAITING_SECONDS
    while state(served, run, source)[2] == "" and time.monotonic() < limit:
        time.sleep(0.1)
    assert state(served, run, source)[2:4] == (
        "done",
        f"{LINES // 1000}\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}lignes, aucune faute.",
    )
    assert f'href="{address}apercu/"' in browser.get(f"/travaux/{run}/")[2]
    return run_of(browser.post(f"{address}verifier/", plan=plan_of(browser, address))[1]), address


@pytest.mark.covers("INT-03")
def test_a_long_import_is_previewed_and_done_by_runs_that_are_followed(importing, director):
    run, address = ready_to_apply(importing, director, "essai suivi")
    told = f"{LINES // 1000}\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}lignes enregistrées."
    assert wait_for(importing, run, "essai suivi", ended) == ("done", told, 1)
    assert told in director.get(f"/travaux/{run}/")[2]
    assert director.get(f"{address}resultat/")[0] == 200
    again, address = sent(director, file_of(importing, "essai suivi"))  # the same file
    limit = time.monotonic() + WAITING_SECONDS
    while state(importing, again, "")[2] == "" and time.monotonic() < limit:
        time.sleep(0.1)
    assert "Rien à enregistrer" in director.get(f"{address}apercu/")[2]


def test_a_worker_killed_in_the_midst_of_an_import_leaves_nothing_half_done_and_it_is_taken_up_again(importing, director):
    run, _ = ready_to_apply(importing, director, "essai tué")
    wait_for(importing, run, "essai tué", begun)
    os.kill(importing.process_of("communis travaux"), signal.SIGKILL)
    assert wait_for(importing, run, "essai tué", ended)[::2] == ("done", 2)


def test_a_long_import_that_is_stopped_keeps_nothing(importing, director):
    run, address = ready_to_apply(importing, director, "essai arrêté")
    wait_for(importing, run, "essai arrêté", begun)
    director.get(f"/travaux/{run}/arreter/")
    director.post(f"/travaux/{run}/arreter/")
    assert wait_for(importing, run, "essai arrêté", ended) == ("cancelled", "", 1)
    assert f'href="{address}apercu/"' in director.get(f"/travaux/{run}/")[2]  # it can be done again


def give(served, role):
    """Give the director another right, or its own back."""
    who = "(SELECT id FROM directory_account WHERE email = %s)"
    query = f"UPDATE directory_grant SET role = %s WHERE account_id = {who} RETURNING id"
    in_database(served, query, role, served.accounts()[0][0])


def test_whoever_lost_the_right_between_asking_and_running_imports_nothing_and_the_run_says_so(importing, director):
    worker = importing.process_of("communis travaux")
    os.kill(worker, signal.SIGSTOP)
    try:
        run, _ = sent(director, file_of(importing, "essai sans droit"))
        give(importing, "technician")
    finally:
        os.kill(worker, signal.SIGCONT)
    said = "Vos droits ne le permettent plus : il n’a rien fait."
    try:
        assert wait_for(importing, run, "essai sans droit", ended) == ("failed", said, 0)
        assert said in director.get(f"/travaux/{run}/")[2].replace("\N{NO-BREAK SPACE}", " ")
    finally:
        give(importing, "director")
