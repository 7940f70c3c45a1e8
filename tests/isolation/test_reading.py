"""Nothing that belongs to another comes out: every route, read by everybody, with the keys of one’s own, of others, of nobody.

The ordinary run tries a sample, whose seed is printed; `script/gates isolation` tries all of it.
"""

import logging
import os
import random
from dataclasses import replace

import pytest

from isolation.crawling import Case, run
from isolation.routes import all_routes, expected
from isolation.sampling import everything, sample
from isolation.world import FIRST, READERS, SECOND, A, B, of_pools

SEED = int(os.environ.get("COMMUNIS_ISOLATION_SEED", "0")) or random.SystemRandom().randrange(10**6)
EXPORTED = ("organizations", "people", "facts", "suppliers", "partners", "missing", "designations", "tokens", "tokens-of-all",
            "territory")  # fmt: skip


@pytest.mark.covers("SEC-01", "SEC-02")
def test_everybody_reads_what_is_for_it_and_nothing_else(crawler, aims):
    print(f"COMMUNIS_ISOLATION_SEED={SEED}")
    assert run(crawler, sample(aims, ("GET",), 900, SEED)) == []
    assert crawler.seen_routes == set(all_routes())


def test_head_and_options_tell_no_more(crawler, aims):
    print(f"COMMUNIS_ISOLATION_SEED={SEED}")
    assert run(crawler, random.Random(SEED).sample(list(everything(aims, ("HEAD", "OPTIONS"))), 250)) == []


@pytest.mark.parametrize("reader", ["office", "elected", "stranger", "auditor"])
def test_an_export_holds_what_the_page_shows_and_no_more(crawler, aims, reader):
    cases = [Case(reader, "GET", aims[name][0], query=f"export={form}") for name in EXPORTED for form in ("csv", "xlsx")]
    assert run(crawler, cases) == []


@pytest.mark.parametrize("reader", ["office", "technician", "director"])
def test_a_list_to_import_is_taken_away_with_what_one_sees_and_no_more(crawler, aims, reader):
    lists = [aim for name in aims if name.startswith("import-") and name.endswith("-list") for aim in aims[name]]
    assert len(lists) > 60
    assert run(crawler, [Case(reader, "GET", aim) for aim in lists]) == []


def bare(aim):
    return replace(aim, path=aim.path.partition("?")[0])


@pytest.mark.parametrize("reader", ["contact", "strange_member"])
def test_a_search_finds_nothing_of_others(crawler, aims, world, reader):
    words = [
        f"q=zq{serial}qz" for serial, mark in world.aviary.words.items() if mark.owner in (B, "outside") or SECOND in mark.pools
    ]
    lists = ("search", "organizations", "people", "facts", "partners", "api-v1:people", "api-v1:partners", "api-v1:organizations")
    chosen = random.Random(SEED).sample([(name, word) for name in lists for word in words], 80)
    found = []
    for name, word in chosen:
        found += crawler.problems(Case(reader, "GET", bare(aims[name][0]), query=word))
    assert found == []


def test_no_filter_walks_from_one_table_to_another(crawler, aims):
    """A name of a lookup in an address is no filter: only those that a list declares are (T4)."""
    paths = ("organization__name__startswith=%C5%BD", "roles__organization__address__contains=q", "sort=account__password",
             "sort=organization__chorus_service", "type__pool__name=x", "_connector=OR", "pk__gt=0", "colonnes=note")  # fmt: skip
    lists = ("organizations", "people", "facts", "partners", "territory", "tokens")
    cases = [
        Case(reader, "GET", aims[name][0], query=path) for reader in ("contact", "stranger") for name in lists for path in paths
    ]
    assert run(crawler, cases) == []


def test_a_filter_by_the_key_of_another_keeps_nothing_of_it(crawler, aims, world):
    keys = [
        place.pk
        for model in of_pools()
        for place in world.places(model)
        if (place.pool, place.owner) in ((FIRST, B), (SECOND, A))
    ]
    names = {
        "api-v1:sites": "organization", "api-v1:roles": "person", "api-v1:facts": "organization",
        "api-v1:delegations": "organization",
        "api-v1:budget_milestones": "organization", "api-v1:posts": "unit", "api-v1:work_shares": "post", "organizations": "type",
        "facts": "type", "api-v1:organizations": "type",
    }  # fmt: skip
    cases = [
        Case(r, "GET", aims[name][0], query=f"{p}={key}")
        for r in ("contact", "stranger")
        for name, p in names.items()
        for key in keys[::6]
    ]
    assert run(crawler, cases) == []


@pytest.mark.parametrize("amount", ["contribution", "audit_préalable"])
def test_the_reason_of_an_amount_tells_no_fact_of_another_member(crawler, aims, amount):
    found = [aim for aim in aims["offers"] if expected(aim, crawler.world.readers["contact"], crawler.world)]
    notes = [f"note=socle_complet-{amount}-{year}" for year in (2024, 2025, 2026)]
    assert run(crawler, [Case("contact", "GET", aim, query=note) for aim in found for note in notes]) == []


@pytest.mark.covers("SEC-02", "T-44")
def test_the_contact_of_a_member_opens_nothing_of_another_by_its_number_and_each_try_is_logged(crawler, aims, world, caplog):
    """Doc. art. 3.4.1: each list, file and address of programs that bears the number of what is the other member’s."""
    caplog.set_level(logging.WARNING, "communis.access")
    contact, opened, logged = world.readers["contact"], [], []
    others = [a for found in aims.values() for a in found if a.place and (a.place.pool, a.place.owner) == (FIRST, B)]
    refused = [aim for aim in others if expected(aim, contact, world) is False]
    for aim in refused:
        caplog.clear()
        assert crawler.problems(Case("contact", "POST" if aim.posts else "GET", aim)) == []
        status = crawler.last.status_code
        if status != 404:
            opened.append((aim.path, status))
        if not aim.path.startswith("/api/v1/"):
            method, address = "POST" if aim.posts else "GET", aim.path.partition("?")[0]
            told = f"No access: {method} {address}, account {contact.account.pk}"
            logged.append(any(said in (f"{told}, in pool 1", f"{told}, on a page of one’s own") for said in caplog.messages))
    assert (opened, len(refused) > 100, all(logged)) == ([], True, True)


def test_every_reader_is_crawled(aims):
    assert {case.reader for case in sample(aims, ("GET",), 50, SEED)} == {*READERS, "nobody"}
