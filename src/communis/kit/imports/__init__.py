"""The import of a list, in four steps that need no script: a file, its columns, what it would do, and the act itself.

A room declares what it imports (`Importable`); the steps, the checks and the pages are the same for all.
"""

from communis.kit.imports.columns import Column, Wrong, count, day, hour, number, one_of, words, yes_no
from communis.kit.imports.declared import Change, Importable, Planned, Step, Work
from communis.kit.imports.examining import Examination
from communis.kit.imports.pages import ImportPages
from communis.kit.imports.staging import Shelf, Staged

__all__ = [
    "Change", "Column", "Examination", "ImportPages", "Importable", "Planned", "Shelf", "Staged", "Step", "Work", "Wrong",
    "count", "day", "hour", "number", "one_of", "words", "yes_no",
]  # fmt: skip
