"""Both engines agree on generated conventions, and a spoiled file or table is answered in a second, without an exception.

`script/gates fuzz [--cases 100000] [--first 0] [--processes N] [--minutes M]`. The number of a case tells all of it:
`script/gates fuzz --case 1234567` makes it again, and prints the smallest input found that still fails.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from communis.tariff import ProblemsFound, read_text, tables_of
from tariff.generated_cases import (
    TEN,
    Outcome,
    answered,
    both_engines,
    cases,
    files_of,
    read_and_computed,
    rows_of,
    rules_of,
    tariff_of,
)

CASES = 100_000
BATCH = 500
PROGRESS = 10_000
SHOWN = 20  # failures told in full
ATTEMPTS = 400  # to make a failing input smaller


@dataclass
class Tally:
    """What the cases became."""

    count: int = 0
    became: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: Outcome | None = None
    failures: list[Outcome] = field(default_factory=list)

    def add(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            self.count += 1
            self.became[outcome.kind, outcome.became] += 1
            if self.slowest is None or outcome.seconds > self.slowest.seconds:
                self.slowest = outcome
            if outcome.wrong or outcome.slow:
                self.failures.append(outcome)


def batch(first: int, count: int) -> list[Outcome]:
    return list(cases(first, count))


def run(first: int, count: int, processes: int, minutes: float) -> Tally:
    """Run cases over processes; stop giving out batches when the time is up."""
    tally, start = Tally(), time.monotonic()
    left = [(at, min(BATCH, first + count - at)) for at in range(first, first + count, BATCH)][::-1]
    with ProcessPoolExecutor(processes) as pool:
        running = {pool.submit(batch, *left.pop()) for _ in range(min(processes, len(left)))}
        while running:
            done = next(as_completed(running))
            running.remove(done)
            found = done.result()
            tally.add(found)
            for outcome in found:
                if outcome.wrong or outcome.slow:
                    print(f"FAILED case {outcome.seed} ({outcome.kind})", flush=True)
            if tally.count % PROGRESS == 0:
                print(f"{tally.count} cases, {len(tally.failures)} failed", flush=True)
            if left and time.monotonic() - start < minutes * 60:
                running.add(pool.submit(batch, *left.pop()))
    return tally


def told(tally: Tally, seconds: float) -> Iterator[str]:
    yield f"{tally.count} cases in {seconds:.0f} s: {len(tally.failures)} failed"
    for (kind, became), count in sorted(tally.became.items()):
        yield f"  {kind:<8} {became:<22} {count}"
    if tally.slowest is not None:
        yield f"  slowest: case {tally.slowest.seed} ({tally.slowest.kind}), {tally.slowest.seconds:.2f} s of processor"
    for outcome in tally.failures[:SHOWN]:
        seconds = f", {outcome.seconds:.2f} s" if outcome.slow else ""
        yield f"FAILED case {outcome.seed} ({outcome.kind}{seconds}); again: script/gates fuzz --case {outcome.seed}"
        yield from (f"    {line}" for text in outcome.wrong[:3] for line in text.splitlines()[-6:])


# One case made again, and made smaller


def smaller(listed: list, fails: Callable[[list], bool]) -> list:
    """Return a part of a list that still fails, leaving out halves, then quarters, then single pieces, the last ones first."""
    size, attempts = max(1, len(listed) // 2), 0
    while size and attempts < ATTEMPTS:
        before = len(listed)
        for at in range(len(listed) - size, -1, -size):
            tried = listed[:at] + listed[at + size :]
            attempts += 1
            if tried and fails(tried):
                listed = tried
        if size > 1 or len(listed) == before:
            size //= 2
    return listed


def case_of_engines(seed: int) -> str:
    """Return the smallest convention and tables found on which the engines still differ."""
    rules = rules_of(seed // TEN)
    rows = [(name, row) for name, listed in rows_of(seed, rules).items() for row in listed]

    def fails(tried: str, kept: list[tuple[str, dict[str, str]]]) -> bool:
        tables: dict[str, list[dict[str, str]]] = {}
        for name, row in kept:
            tables.setdefault(name, []).append(row)
        try:
            convention = read_text(tried + "\n", examples=False)
            found = tables_of(convention.model, tables)
        except ProblemsFound:
            return False
        return bool(answered(seed, "engines", lambda _: both_engines(convention, found, rules.year)).wrong)

    text = rules.text
    if fails(text, rows):
        for separator in ("\n\n", "\n"):
            text = separator.join(smaller(text.split(separator), lambda tried, s=separator: fails(s.join(tried), rows)))
        rows = smaller(rows, lambda tried: fails(text, tried))
    return text + "\n\n" + "\n".join(f"{name} { ({k: v for k, v in row.items() if v}) }" for name, row in rows)


def case_of_tariff(seed: int) -> str:
    lines = tariff_of(seed).split(b"\n")

    def fails(tried: list[bytes]) -> bool:
        return bool(answered(seed, "tariff", lambda _: read_and_computed(b"\n".join(tried))).wrong)

    lines = smaller(lines, fails) if fails(lines) else lines
    return b"\n".join(lines).decode("utf-8", "backslashreplace")


def again(seed: int) -> int:
    """Run one case, tell it, and print its input."""
    (outcome,) = cases(seed, 1)
    print(f"case {seed} ({outcome.kind}): {outcome.became}, {outcome.seconds:.2f} s", *outcome.wrong, sep="\n")
    if outcome.wrong and outcome.kind == "engines":
        print(case_of_engines(seed))
    elif outcome.wrong and outcome.kind == "tariff":
        print(case_of_tariff(seed))
    elif outcome.wrong:
        convention, year, files = files_of(seed)
        print(convention.title, year, *(f"{name}\n{data!r}" for name, data in files.items()), sep="\n")
    return 1 if outcome.wrong else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/gates fuzz")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--minutes", type=float, default=60, help="start no more cases after this time")
    parser.add_argument("--case", type=int, help="run this case again, alone")
    options = parser.parse_args(arguments)
    if options.case is not None:
        return again(options.case)
    print(f"cases {options.first} to {options.first + options.cases - 1}, over {options.processes} processes", flush=True)
    start = time.monotonic()
    tally = run(options.first, options.cases, options.processes, options.minutes)
    print(*told(tally, time.monotonic() - start), sep="\n")
    return 1 if tally.failures or tally.count < options.cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
