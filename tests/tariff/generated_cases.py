"""One fuzz case a seed: a generated convention on its tables by both engines, or a shipped file or table, spoiled.

Cases come by tens: seven tables of one generated convention, two spoiled tariffs, one folder of spoiled tables. The seed of
a case tells all of it, so that a failure is made again from its number alone.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import communis
from communis.tariff import Convention, Plan, Problem, ProblemsFound, compute, read_folder, read_text, tables_of, verify
from communis.tariff.columnar.frames import NotPlanned
from communis.tariff.tables.records import Tables
from tariff.comparing import differences, ledger_of, lost, untold
from tariff.generated_lines import Convention as Generated
from tariff.generated_rules import Rules
from tariff.generated_spoils import spoiled_table, spoiled_tariff
from tariff.generated_tables import Tables as Rows
from tariff.generated_tables import make_tables

TEN = 10
COMPARED, SPOILED = 7, 2
LONGEST = 1.0  # seconds of processor for one answer (language.md 2.7)
CODE = re.compile(r"[A-Z]{2,4}-[0-9]{2}")
CONVENTIONS = Path(communis.__file__).parent / "conventions"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case gave: its number, its kind, what came of it, the seconds it took, and what is wrong with it."""

    seed: int
    kind: str
    became: str
    seconds: float
    wrong: tuple[str, ...] = ()

    @property
    def slow(self) -> bool:
        return self.seconds > LONGEST


def cases(first: int, count: int) -> Iterator[Outcome]:
    """Run cases in order; those of a same ten share their convention."""
    for ten in range(first // TEN, (first + count - 1) // TEN + 1):
        convention: Generation | None = None
        for seed in range(max(first, ten * TEN), min(first + count, (ten + 1) * TEN)):
            if seed % TEN < COMPARED:
                convention = convention or Generation(ten)
                yield convention.on_tables(seed)
            elif seed % TEN < COMPARED + SPOILED:
                yield answered(seed, "tariff", of_tariff)
            else:
                yield answered(seed, "tables", of_tables)


def answered(seed, kind, run):
    """Run one case; an exception is wrong."""
    start = time.process_time()
    try:
        became, wrong = run(seed)
    except Exception:
        became, wrong = "exception", [traceback.format_exc(limit=-4)]
    return Outcome(seed, kind, became, time.process_time() - start, tuple(wrong))


# Two engines


def rules_of(ten: int) -> Rules:
    rng = random.Random(f"convention {ten}")
    return Generated(rng, plain=rng.random() < 0.5).make()


def rows_of(seed: int, rules: Rules) -> Rows:
    rng = random.Random(f"tables {seed}")
    return make_tables(rng, rules, full=rng.random() < 0.3, sirens=rng.random() < 0.5)


class Generation:
    """A generated convention, read once, with its plan."""

    def __init__(self, ten: int) -> None:
        self.rules = rules_of(ten)
        self.refused = ""
        self.convention: Convention | None = None
        try:
            self.convention = read_text(self.rules.text)
            self.plan = Plan(self.convention.model)
        except ProblemsFound as found:
            self.refused = found.problems[0].code

    def on_tables(self, seed: int) -> Outcome:
        if self.convention is None:
            return Outcome(seed, "engines", f"not read ({self.refused})", 0.0)
        return answered(seed, "engines", lambda _: self.compared(rows_of(seed, self.rules)))

    def compared(self, rows: Rows) -> tuple[str, list[str]]:
        assert self.convention is not None
        try:
            tables = tables_of(self.convention.model, rows)
        except ProblemsFound as found:
            return "tables refused", ill_told(found.problems)
        tables.decisions[::2] = [replace(one, by_year=True) for one in tables.decisions[::2]]
        return both_engines(self.convention, tables, self.rules.year, self.plan)


def both_engines(convention: Convention, tables: Tables, year: int, plan: Plan | None = None) -> tuple[str, list[str]]:
    """Compare the engines; where the plan leaves a shape out, the interpreter answers alone."""
    ledger = ledger_of(convention.model, tables)
    wrong = untold(ledger, year) + lost(ledger)
    try:
        return "compared", wrong + differences(convention.model, tables, year, plan)
    except NotPlanned:
        return "one engine", wrong


# Spoiled files


@cache
def tariffs() -> tuple[str, ...]:
    """Return the shipped tariffs, the founding ones once and the short ones of the library six times."""
    paths = sorted(CONVENTIONS.rglob("*.tarif"))
    return tuple(path.read_text("utf-8") for path in paths for _ in range(6 if path.stat().st_size < 6000 else 1))


@cache
def folders() -> tuple[tuple[Convention, dict[str, bytes]], ...]:
    """Return the shipped conventions that have tables, with those of each and of thirty of its members at most."""
    found = []
    for path in sorted(CONVENTIONS.rglob("convention.tarif")):
        files = {p.relative_to(path.parent).as_posix(): p.read_text("utf-8-sig") for p in sorted(path.parent.rglob("*.csv"))}
        listed = next(text for name, text in files.items() if name.endswith("membres.csv"))
        left_out = {line.split(";")[0] for line in listed.splitlines()[31:]}
        kept = {
            name: "\n".join(line for line in text.splitlines() if left_out.isdisjoint(line.split(";")))
            for name, text in files.items()
        }
        found.append((read_text(path.read_text("utf-8"), examples=False), {name: text.encode() for name, text in kept.items()}))
    return tuple(found)


def tariff_of(seed: int) -> bytes:
    return spoiled_tariff(random.Random(f"tariff {seed}"), tariffs())


def of_tariff(seed: int) -> tuple[str, list[str]]:
    return read_and_computed(tariff_of(seed))


def read_and_computed(data: bytes) -> tuple[str, list[str]]:
    """Read a tariff; when it has no error, compute it for a member of whom nothing is known."""
    convention, problems = verify(data, "convention.tarif")
    wrong = ill_told(problems)
    if convention is None:
        return "problems", wrong if problems else ["neither a convention nor a problem"]
    year = convention.model.book.header.first
    try:
        tables = tables_of(convention.model, {"membres": [{"membre": "A"}, {"membre": "B"}]})
    except ProblemsFound as found:
        return "read", wrong + ill_told(found.problems)
    return "read", wrong + both_engines(convention, tables, year.year if year else 2024)[1]


def files_of(seed: int) -> tuple[Convention, int, dict[str, bytes]]:
    rng = random.Random(f"tables {seed}")
    convention, files = rng.choice(folders())
    made = dict(files)
    for name in rng.sample(sorted(made), rng.choice((1, 1, 2))):
        made[name] = spoiled_table(rng, made[name])
    return convention, rng.randint(2022, 2026), made


def of_tables(seed: int) -> tuple[str, list[str]]:
    convention, year, files = files_of(seed)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        try:
            tables = read_folder(Path(folder), convention.model, fictitious=True)
        except ProblemsFound as found:
            return "problems", ill_told(found.problems)
    compute(convention, tables, year).to_json()
    return "computed", []


def ill_told(problems: tuple[Problem, ...]) -> list[str]:
    """Return the problems that lack a code, a place, words or a remedy."""
    return [
        f"ill told: {p}"
        for p in problems
        if not (CODE.fullmatch(p.code) and p.message.strip() and p.remedy.strip() and p.file and p.place.line > 0 and p.place.column > 0)
    ]  # fmt: skip
