"""The tariff engine: a convention written in the tariff language computes what each member owes, exactly, and explains it.

Nothing here reads a clock, a locale or the network; amounts are integers and fractions, never binary floats. The public
names, each documented with its meaning, units, errors and source:

- `read_convention`, `read_text`, `verify`: open a `.tarif` file, or tell all its problems; `Convention`, `Problem`.
- `read_folder`, `tables_of`: the input tables, from CSV files or Python rows; `Tables`, `Member`, `RegisterRow`.
- `compute`: what each member owes for an exercise; `Result`.
- `explain`: the tree of an amount, down to the article.
- `simulate`, `compare_years`, `compare_versions`: what a change does, and why two results differ.
- `Plan`: the columnar plan, for many variants over many members.
- `shared`: a sum cut into parts that add up to it.
- `ProblemsFound`: raised by what reads files, with every problem and its place.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from communis.tariff.columnar.plan import Plan
    from communis.tariff.convention import Convention, read_convention, read_text, verify
    from communis.tariff.explanation.explain import explain
    from communis.tariff.language.problems import Problem, ProblemsFound
    from communis.tariff.result import Result, compute
    from communis.tariff.sharing import shared
    from communis.tariff.studies.comparison import compare_versions, compare_years
    from communis.tariff.studies.simulation import simulate
    from communis.tariff.tables.reader import read_folder, tables_of
    from communis.tariff.tables.records import Member, RegisterRow, Tables

_PLACES = {
    "Convention": "convention",
    "Member": "tables.records",
    "Plan": "columnar.plan",
    "Problem": "language.problems",
    "ProblemsFound": "language.problems",
    "RegisterRow": "tables.records",
    "Result": "result",
    "Tables": "tables.records",
    "compare_versions": "studies.comparison",
    "compare_years": "studies.comparison",
    "compute": "result",
    "explain": "explanation.explain",
    "read_convention": "convention",
    "read_folder": "tables.reader",
    "read_text": "convention",
    "shared": "sharing",
    "simulate": "studies.simulation",
    "tables_of": "tables.reader",
    "verify": "convention",
}
"""Where each public name stands; a module is loaded when a name of it is first asked for: the command needs few of them."""

__all__ = [
    "Convention", "Member", "Plan", "Problem", "ProblemsFound", "RegisterRow", "Result", "Tables", "compare_versions",
    "compare_years", "compute", "explain", "read_convention", "read_folder", "read_text", "shared", "simulate", "tables_of",
    "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
