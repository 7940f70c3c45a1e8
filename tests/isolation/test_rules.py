"""Each wall by itself: what each table shows to each reader, what each policy shows to each pool, and how pages may read."""

from collections import Counter

import pytest
from django.apps import apps

from communis.foundation.history import Event
from isolation.mutants import all_mutants
from isolation.predicates import PREDICATES, too_wide
from isolation.rules import (
    BY_ADDRESS,
    SCOPE_OF,
    UNSCOPED,
    answering,
    answers_out_of_scope,
    doors,
    open_doors,
    reached_elsewhere,
    reached_nowhere,
    reads_without_asking,
    shown_by_default,
    shown_without_a_right,
    tables,
    wrongly_shown,
)
from isolation.world import FIRST, OF_A_MEMBER, OF_THE_HOST, SECOND


@pytest.mark.parametrize("key", [*OF_THE_HOST, *OF_A_MEMBER, "shared", "neighbour", "both"])
def test_each_table_shows_each_reader_its_rows_and_no_other(world, key):
    assert wrongly_shown(world, key) == []


def test_each_door_is_shut_to_those_who_enter_nothing_behind_it(world, aims):
    assert (open_doors(world, aims, doors()), len(doors()) > 100) == ([], True)


def test_each_predicate_holds_for_those_for_whom_it_is_written_and_for_nobody_else(world):
    written = {m.name.split()[1] for m in all_mutants() if m.kind == "allow"}
    assert sorted({*PREDICATES, "may_change"}) == sorted(written)  # a method, which the crawler reaches
    assert [said for name in PREDICATES for said in too_wide(world, name)] == []


def test_a_table_that_says_nothing_shows_nothing(world):
    assert shown_by_default(world) == 0


def test_a_table_shows_nothing_to_whoever_has_no_right(world):
    assert shown_without_a_right(world) == []


@pytest.mark.parametrize("pool", [FIRST, SECOND])
def test_a_statement_in_one_pool_reaches_no_row_of_the_other(world, pool):
    assert (reached_elsewhere(pool), len(tables()) > 40) == ([], True)


def test_a_statement_out_of_any_pool_reaches_no_row(world):
    assert reached_nowhere() == []


def test_what_answers_a_request_says_for_whom_it_reads():
    found = Counter(read for path, place in answering() for read in reads_without_asking(path.read_text("utf-8"), place))
    assert found == UNSCOPED


def test_a_token_reads_only_what_its_scopes_say(world, aims):
    assert sorted(f"api-v1:{name}" for name in SCOPE_OF) == sorted(name for name in aims if name.startswith("api-v1:"))
    assert list(answers_out_of_scope(world, aims, [*SCOPE_OF, *BY_ADDRESS])) == []


def test_histories_are_tables_of_pools_too():
    assert len([m for m in apps.get_models() if issubclass(m, Event)]) > 20
