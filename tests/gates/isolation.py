"""Go through every route as everybody, with all methods and sorts of keys, then at random: nothing of another comes out.

`script/gates isolation [--random 10000] [--seed N] [--processes N] [--share 100]`: `--share` tries that part of the exhaustive
matrix, in hundredths.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from factories.apart import server_apart, use_copy

FORMS_OF = (
    "director", "finance", "unit_manager", "technician", "auditor", "executive", "office", "contact", "shared", "stranger",
    "both",
)  # fmt: skip


@dataclass
class Figures:
    """What a process saw."""

    requests: int = 0
    forms: int = 0
    leaks: int = 0
    writes: int = 0
    routes: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def meet(self, problems: list[str]) -> None:
        """Keep what is wrong, told as soon as it is met: the whole takes an hour."""
        for said in problems:
            print(said, flush=True)
        self.problems += problems


def crawled(place: Any, rank: int, processes: int, seed: int, share: int, at_random: int) -> Figures:
    """Go through one part of everything, in a copy of the database."""
    from isolation.opening import opened_world  # slow: the models, which want Django to be set up in this process

    use_copy(place, f"part_{rank}")
    with opened_world() as (crawler, aims):
        return part(crawler, aims, rank, processes, seed, share, at_random)


def part(crawler: Any, aims: Any, rank: int, processes: int, seed: int, share: int, at_random: int) -> Figures:
    from isolation.opening import any_case, forms_of  # slow: the models, which want Django to be set up in this process
    from isolation.sampling import matrix  # slow: the models, which want Django to be set up in this process

    figures, chance = Figures(), random.Random(f"{seed} {rank}")
    cases = [case for i, case in enumerate(matrix(aims)) if i % processes == rank and chance.randrange(100) < share]
    for case in cases:
        figures.meet(crawler.problems(case))
        figures.readers.add(case.reader)
    for reader in FORMS_OF[rank::processes]:
        for submission in forms_of(crawler, aims, reader):
            figures.meet(crawler.problems(submission))
            figures.forms += 1
    for _ in range(at_random // processes):
        figures.meet(crawler.problems(any_case(crawler, aims, chance)))
    figures.requests, figures.leaks, figures.writes = crawler.requests, crawler.leaks, crawler.writes
    figures.routes = crawler.seen_routes
    return figures


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gates isolation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--random", type=int, default=10_000, help="requests at random besides (default 10000)")
    parser.add_argument("--seed", type=int, default=None, help="to make the same requests again")
    parser.add_argument("--share", type=int, default=100, help="the part of the matrix, in hundredths (default: all)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    start, total = time.monotonic(), Figures()
    with server_apart() as place, ProcessPoolExecutor(options.processes, mp_context=get_context("fork")) as pool:
        count = options.processes
        parts = [pool.submit(crawled, place, rank, count, seed, options.share, options.random) for rank in range(count)]
        for done in parts:
            figures = done.result()
            for name in ("requests", "forms", "leaks", "writes"):
                setattr(total, name, getattr(total, name) + getattr(figures, name))
            total.routes |= figures.routes
            total.readers |= figures.readers
            total.problems += figures.problems
        from isolation.routes import all_routes  # slow: the models, which want Django to be set up in this process

        known = len(all_routes())
    for said, times in Counter(total.problems).most_common(50):
        print(f"{times} × {said}")
    print(
        f"{total.requests} requests ({total.forms} of forms, {options.random} at random), {len(total.routes)} routes of {known}, "
        f"{len(total.readers)} readers, {total.leaks} leaks, {total.writes} foreign writes, {len(total.problems)} problems, "
        f"seed {seed}, {time.monotonic() - start:.0f} s"
    )
    return 0 if not total.problems and len(total.routes) == known else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
