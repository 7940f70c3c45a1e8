"""The input tables read from CSV files or Python rows, validated with row and column, all problems at once (language.md 3)."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from communis.tariff.language.problems import Problem, ProblemsFound
from communis.tariff.meaning.tree import Model
from communis.tariff.tables.amounts import decision, issue
from communis.tariff.tables.cells import HEADERS, NEEDED, TableReader
from communis.tariff.tables.choices import choice, step_columns
from communis.tariff.tables.facts import fact
from communis.tariff.tables.members import read_members
from communis.tariff.tables.raw import RawTable, read_csv
from communis.tariff.tables.records import Tables, plain
from communis.tariff.tables.registers import read_registers


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put off the search for cycles: rows hold none, and looking for some among a million takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_uncollected()
def read_folder(folder: Path, model: Model, *, fictitious: bool = False) -> Tables:
    """Read the CSV files that stand beside a convention; with `fictitious`, the made-up ones of its folder `fictif` too.

    Raises ProblemsFound with every problem of every file.
    """
    problems: list[Problem] = []
    reader = TableReader(model, problems)
    raws: list[tuple[RawTable, bool]] = []
    for place, made_up in ((folder, False), (folder / "fictif", True)):
        if made_up and not fictitious:
            continue
        for path in sorted(place.glob("*.csv")):
            raw = read_csv(path, problems)
            if raw is not None:
                raws.append((raw, made_up))
            else:
                reader.unread.add(table_name(reader, path.stem) or path.stem)
    return read(reader, raws)


def tables_of(
    model: Model,
    tables: Mapping[str, Iterable[Mapping[str, Any]]],
    made_up: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
) -> Tables:
    """Make tables from Python rows, one mapping a row, with the names and checks of the CSV files.

    The keys are those of the files: `membres`, `choix`, `faits`, `émis`, `décisions`, `registre.<nom>`,
    `registre.<nom>.membres`; the rows of `made_up` are marked as fictitious wherever they count. Raises ProblemsFound with
    every problem, each with its table, row and column.
    """
    raws = [(raw_table(name, rows), False) for name, rows in tables.items()]
    raws += [(raw_table(name, rows), True) for name, rows in (made_up or {}).items()]
    return read(TableReader(model, []), raws)


def raw_table(name: str, mappings: Iterable[Mapping[str, Any]]) -> RawTable:
    """Return rows as a table not yet read."""
    listed = [dict(m) for m in mappings]
    header = list(dict.fromkeys(str(key) for m in listed for key in m))
    return RawTable(name, name, header, [(i, [m.get(key, "") for key in header]) for i, m in enumerate(listed, 1)])


@_uncollected()
def read(reader: TableReader, raws: list[tuple[RawTable, bool]]) -> Tables:
    """Validate raw tables against a convention; raises ProblemsFound with every problem."""
    by_name: dict[str, list[tuple[RawTable, bool]]] = {}
    for raw, made_up in raws:
        name = table_name(reader, raw.table)
        if name is None:
            possible = [*HEADERS, *(f"registre.{r}" for r in reader.book.registers)]
            close = reader.nearest(raw.table, possible)
            reader.tell(raw.file, 1, 1, "TAB-04", f"« {raw.table} » n’est pas une table de cette convention.",
                        f"La plus proche : {close}." if close else "Tables possibles : " + ", ".join(possible) + ".")  # fmt: skip
            continue
        raw.table = name
        by_name.setdefault(name, []).append((raw, made_up))
    read_members(reader, by_name.pop("membres", []))
    for name, read_row in (("choix", choice), ("faits", fact), ("émis", issue), ("décisions", decision)):
        steps = step_columns(reader) if name == "choix" else ()
        for raw, made_up in by_name.pop(name, []):
            if reader.open(raw, (*HEADERS[name], *steps), NEEDED[name]):
                reader.each(raw, made_up, read_row)
    read_registers(reader, by_name)
    if reader.problems:
        raise ProblemsFound(reader.problems)
    return reader.tables


def table_name(reader: TableReader, stem: str) -> str | None:
    """Return the table a file or a key names, whatever the case and accents."""
    if plain(stem).startswith("registre."):
        register, _, rest = plain(stem)[9:].partition(".")
        name = {plain(name): name for name in reader.book.registers}.get(register)
        return f"registre.{name}{'.membres' if rest else ''}" if name is not None and rest in ("", "membres") else None
    return {plain(name): name for name in HEADERS}.get(plain(stem))
