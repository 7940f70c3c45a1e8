"""Nobody changes what is another’s: unsafe methods on every route, and the forms of every page sent with the keys of others."""

import os
import random

import pytest
from django.db import connection

from isolation.crawling import UNSAFE, Case, counted, run, snapshot, submissions
from isolation.opening import entered_pages
from isolation.routes import expected
from isolation.sampling import everything, sample
from isolation.world import FIRST, SECOND

SEED = int(os.environ.get("COMMUNIS_ISOLATION_SEED", "0")) or random.SystemRandom().randrange(10**6)


def test_nobody_changes_what_is_not_for_it_to_change(crawler, aims):
    print(f"COMMUNIS_ISOLATION_SEED={SEED}")
    others = random.Random(SEED).sample(list(everything(aims, UNSAFE[1:])), 120)
    assert run(crawler, [*sample(aims, ("POST",), 250, SEED), *others]) == []


@pytest.mark.parametrize("reader", ["office", "technician", "contact"])
def test_a_form_takes_nothing_of_others(crawler, aims, reader):
    """Each form of each page, as it stands, then with the rows of the neighbour and of the other pool in each choice."""
    found, sent, taken = [], 0, 0
    for case in list(entered_pages(crawler, aims, reader)):
        found += crawler.problems(case)
        for submission in list(submissions(crawler, case)):
            found += crawler.problems(submission)
            sent += 1
            taken += crawler.last.status_code == 302
    assert (found, sent > 5, taken > 1) == ([], True, True)


def test_a_list_of_rights_to_end_leaves_those_of_the_other_pool(crawler, aims, world):
    foreign = [place.pk for (table, _), place in world.rows.items() if table == "directory_grant" and place.pool == SECOND]
    own = [place.pk for (table, _), place in world.rows.items() if table == "directory_grant" and place.pool == FIRST]
    aim = aims["end-rights"][0]
    data = {"chosen": foreign, "last_day": "01/02/2026"}
    for case in (Case("director", "POST", aim, data), Case("director", "POST", aim, data | {"chosen": [*own[1:], *foreign]})):
        assert crawler.problems(case) == []


@pytest.mark.parametrize(
    "way", ["https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example", "javascript:alert(1)"]
)
def test_no_form_leads_out_of_the_site(crawler, aims, world, way):
    (aim, *_) = [a for a in aims["role-add"] if expected(a, world.readers["office"], world)]
    data = {"last_name": "Essai", "kind": "dpo", "starts_on": "01/02/2026", "suite": way}
    assert crawler.problems(Case("office", "POST", aim, data)) == []
    assert (crawler.last.status_code, crawler.last.headers["Location"]) == (302, aim.path.partition("roles/")[0])


def test_a_file_that_somebody_sent_is_read_by_nobody_else(crawler, aims, keys, world):
    staged = [
        a for name, found in aims.items() if name.startswith("import-") for a in found if a.place and a.place.owner == "director"
    ]
    assert len(staged) > 10
    others = [r for r in world.readers if r != "director"]
    assert run(crawler, [Case(reader, "GET", aim) for reader in others[:4] for aim in staged]) == []
    assert expected(staged[0], world.readers["director"], world) is True


def test_a_change_would_be_seen(world):
    """The proof itself: a row changed by hand shows in what is counted and in what is compared."""
    before, numbers = snapshot(), counted()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('communis.pool', '2', true)")
        cursor.execute("UPDATE directory_site SET note = 'changé'")
        cursor.execute("SELECT set_config('communis.pool', '', true)")
    after = snapshot()
    assert (counted() != numbers, len({k for k in before if before[k] != after.get(k)})) == (True, 3)
