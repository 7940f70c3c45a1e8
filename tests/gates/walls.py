"""Take out each wall in turn, of tables, readings, predicates, doors and the database: each is missed by a test.

`script/gates walls [--only TEXT] [--processes N] [--seed N] [--thorough]`: `--only` tries those whose name holds a text, and
`--thorough` sends requests even where the rule that reads the source has missed the wall already.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

import communis
from communis.foundation import embedded
from factories.apart import server_apart, use_copy

NOT_TAKEN_OUT = "(no function that runs was changed)"
MOST_REQUESTS = 700  # sent without a wall before it is told that nobody misses it
NEAREST, NEAR = 3, 12  # routes, from the nearest, that everybody tries before others are; the first ones each in turn
# Walls that nobody can miss, and why they stay.
EQUIVALENT: dict[str, str] = {}
READERS = ("contact", "technician", "office", "auditor", "elected", "unit_manager", "finance", "shared", "stranger", "both")
_SHOWN = "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'by_pool' AND polrelid = %s::regclass"
POLICIES = {
    "opened": "DROP POLICY by_pool ON {0}; CREATE POLICY by_pool ON {0} TO communis_app USING (true) WITH CHECK (true)",
    "dropped": "DROP POLICY by_pool ON {0}",
    "not enforced": "ALTER TABLE {0} DISABLE ROW LEVEL SECURITY",
}


def tried(place: Any, rank: int, processes: int, only: list[str], seed: int, thorough: bool) -> list[tuple[str, str, str]]:
    """Try a part of the walls in a copy of the database; return the name of each, its kind, and what missed it."""
    use_copy(place, f"walls_{rank}")
    for module in pkgutil.walk_packages(communis.__path__, "communis."):
        if ".tariff" not in module.name and ".conventions" not in module.name and not module.name.endswith(("wsgi", "__main__")):
            importlib.import_module(module.name)
    found = []
    for ways in (in_the_program(rank, processes, only, seed, thorough), in_the_database(place, rank, processes, only)):
        for name, kind, said in ways:
            print(f"{'missed' if is_missed(said) else 'NOT MISSED'}: {name}" + (f" — {said}" if said else ""), flush=True)
            found.append((name, kind, said))
    return found


def chosen(name: str, only: list[str]) -> bool:
    return not only or any(text in name for text in only)


def is_missed(said: str) -> bool:
    return bool(said) and said != NOT_TAKEN_OUT


def in_the_program(rank: int, processes: int, only: list[str], seed: int, thorough: bool) -> Iterator[tuple[str, str, str]]:
    from isolation.mutants import all_mutants, steps, taken_out  # slow: the models, which want Django to be set up first
    from isolation.opening import opened_world  # slow: the models, which want Django to be set up first

    mutants = [m for m in all_mutants() if chosen(m.name, only)]
    random.Random(seed).shuffle(mutants)
    known = steps()
    with opened_world() as (crawler, aims):
        for mutant in mutants[rank::processes]:
            if mutant.name in EQUIVALENT:
                continue
            with taken_out(mutant) as count:
                missed = missed_by(mutant, crawler, aims, known, thorough) if count else NOT_TAKEN_OUT
            yield mutant.name, mutant.kind, missed


def missed_by(mutant: Any, crawler: Any, aims: Any, known: Any, thorough: bool) -> str:
    """Return what fails without a wall, or nothing."""
    from isolation import rules  # slow: the models, which want Django to be set up first
    from isolation.mutants import text_of  # slow: the models, which want Django to be set up first
    from isolation.predicates import PREDICATES, too_wide  # slow: the models, which want Django to be set up first

    ruled = ""
    if mutant.kind == "call":
        place = Path(mutant.path).relative_to(rules.SOURCE).as_posix()
        found = Counter(rules.reads_without_asking(text_of(mutant), place))
        unheard = any(rules.UNSCOPED.get(read, 0) < count for read, count in found.items())
        if set(Path(place).parts) & set(rules.ANSWERING) and unheard:
            ruled = "the rule that reads the source"
    if ruled and not thorough:
        return ruled
    if mutant.kind == "scope":
        told = list(rules.answers_out_of_scope(crawler.world, aims, [mutant.route.rpartition(":")[2]]))
        return told[0] if told else ""
    if mutant.kind == "see":
        told = [said for key in READERS for said in rules.wrongly_shown(crawler.world, key)]
        if told or rules.shown_by_default(crawler.world):
            return told[0] if told else "a table that says nothing shows rows"
    name = next(iter(mutant.names), "")
    if mutant.kind == "allow" and name in PREDICATES and (told := too_wide(crawler.world, name)):
        return told[0]
    if mutant.kind == "door" and (told := rules.open_doors(crawler.world, aims, [mutant.route])):
        return told[0]
    crawler.refusals.clear()
    for case in cases_for(mutant, crawler, aims, known):
        told = crawler.problems(case)
        if told:
            return told[0]
    return ruled


def cases_for(mutant: Any, crawler: Any, aims: Any, known: Any) -> Iterator[Any]:
    """Yield the requests that would miss a wall, the nearest first."""
    from isolation.crawling import Case  # slow: the models, which want Django to be set up first
    from isolation.mutants import nearest_routes  # slow: the models, which want Django to be set up first
    from isolation.routes import expected  # slow: the models, which want Django to be set up first
    from isolation.sampling import one_of_each  # slow: the models, which want Django to be set up first

    few, sent = one_of_each(aims), 0
    routes = nearest_routes(mutant, known)
    for near in (*([name] for name in routes[:NEAREST]), routes[NEAREST:NEAR], routes[NEAR:]):
        for reader in READERS:
            for aim in (aim for name in near for aim in few[name]):
                if expected(aim, crawler.world.readers[reader], crawler.world) is not None and reader_may_aim(aim):
                    yield Case(reader, "POST" if aim.posts else "GET", aim)
                    sent += 1
                    if sent >= MOST_REQUESTS:
                        return


def reader_may_aim(aim: Any) -> bool:
    """Leave aside the keys that nothing bears: without a wall they lead nowhere either."""
    return aim.place is None or aim.place.owner != "no one"


def in_the_database(place: Any, rank: int, processes: int, only: list[str]) -> Iterator[tuple[str, str, str]]:
    """Keep the world for good, then change the policies of one table after another, as its owner."""
    from isolation import rules  # slow: the models, which want Django to be set up first
    from isolation.world import canary_world  # slow: the models, which want Django to be set up first

    names = [(f"policy of {table} {how}", table, how) for table in rules.tables() for how in POLICIES]
    some = [one for one in names if chosen(one[0], only)][rank::processes]
    if not some:
        return
    canary_world()
    for name, table, how in some:
        with without_policy(place, table, how):
            told = [*rules.reached_elsewhere(1), *rules.reached_elsewhere(2), *rules.reached_nowhere()]
        yield name, "policy", str(told[0]) if told else ""


@contextmanager
def without_policy(place: Any, table: str, how: str) -> Iterator[None]:
    """Change the policy of a table as its owner, then put it back as it was."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(**place.parameters(embedded.OWNER, name), autocommit=True) as owner:
        (shown,) = owner.execute(_SHOWN, [table]).fetchone()
        owner.execute(POLICIES[how].format(table))
        try:
            yield
        finally:
            owner.execute(f"DROP POLICY IF EXISTS by_pool ON {table}")
            owner.execute(f"CREATE POLICY by_pool ON {table} TO {embedded.APPLICATION} USING ({shown}) WITH CHECK ({shown})")
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gates walls", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", help="the walls whose name holds this text; may be given again")
    parser.add_argument("--seed", type=int, default=0, help="the order in which they are tried")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--thorough", action="store_true", help="send requests also where the source is read")
    options = parser.parse_args(arguments)
    start, count = time.monotonic(), options.processes
    with server_apart() as place, ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        asked = options.only or [], options.seed, options.thorough
        parts = [pool.submit(tried, place, rank, count, *asked) for rank in range(count)]
        found = [one for part in parts for one in part.result()]
    missed = [one for one in found if is_missed(one[2])]
    for name, _, said in sorted(one for one in found if one not in missed):
        print(f"NOT MISSED: {name} {said}")
    kinds = Counter(kind for _, kind, _ in found)
    by_rule = sum(said == "the rule that reads the source" for *_, said in missed)
    print(
        f"{len(missed)} of {len(found)} walls are missed when they are taken out "
        f"({', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}; {by_rule} by the source alone), "
        f"{len(EQUIVALENT)} set aside, {time.monotonic() - start:.0f} s"
    )
    return 0 if len(missed) == len(found) and found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
