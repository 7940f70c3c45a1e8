"""The columnar plan: what is known of a version before any member, so that a hundred variants cost little.

A plan is made once per version; it knows which formulas depend on figures that a simulation moves (`variable`) and which
depend on the date of an event (`dated`). `prepare` reads the members once; `Sheet.run` does what depends on the figures.
What is refused here is explained by the interpreter.
"""

from __future__ import annotations

from collections.abc import Mapping

from communis.tariff.columnar.columns import Array
from communis.tariff.columnar.shapes import Shapes
from communis.tariff.columnar.sheet import Sheet
from communis.tariff.tables.records import Tables


class Plan(Shapes):
    """What is known of a model before any member: which nodes move with prices, which with the date of an event."""

    def prepare(
        self,
        tables: Tables,
        year: int,
        *,
        columns: Mapping[str | tuple[str, int], Array] | None = None,
        readings: dict[str, str] | None = None,
    ) -> Sheet:
        """Read what depends on the members only, for one exercise.

        `columns` gives facts as int64 arrays in the order of the members (a name, or a name and an exercise), in base
        units, instead of the rows of the tables. Raises NotAnExercise for a year that is not computed.
        """
        return Sheet(self, tables, self.model.calendar.exercise(year), dict(columns or {}), readings)
