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

__all__ = [
    "Convention", "Member", "Plan", "Problem", "ProblemsFound", "RegisterRow", "Result", "Tables", "compare_versions",
    "compare_years", "compute", "explain", "read_convention", "read_folder", "read_text", "shared", "simulate", "tables_of",
    "verify",
]  # fmt: skip
