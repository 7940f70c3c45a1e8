"""Rows of registers in an exercise, by columns: what is summed or counted over them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.columnar.frames import Frame, NotPlanned
from communis.tariff.columnar.operations import Operations
from communis.tariff.interpreter.values import FICTITIOUS
from communis.tariff.meaning.tree import Node, row_axis


class Rows(Operations):
    """Adds up the rows of a register, for each member its own or all together."""

    def rows_below(self, node: Node, frame: Frame) -> Frame | None:
        """Return the rows of a register to add up, all in one frame; None when there are none."""
        register = node.data[0]
        if not self.exact.rows_in(register, frame.year, None):
            return None
        (rows,) = self.with_rows(register, frame, chunks=False)
        return rows

    def outside_rows(self, node: Node, frame: Frame) -> bool:
        """Tell whether rows are added up within the rows of another register, of which they know nothing."""
        if frame.register and row_axis(frame.register) in node.axes:
            raise NotPlanned("rows within the rows of another register")
        return bool(frame.register)

    def sum_rows(self, node: Node, frame: Frame) -> Column:
        if self.outside_rows(node, frame):
            assert frame.base is not None
            return self.lift(self.sum_rows(node, frame.base), frame)
        rows = self.rows_below(node, frame)
        if rows is None:
            return c.ZERO
        value = self.evaluate(node.args[0], rows)
        where = self.evaluate(node.args[1], rows) if len(node.args) > 1 else Column(True)
        return self.added_where(value, where, rows, node.data[1])

    def made_up_rows(self, rows: Frame) -> Any:
        """Return the flag of the rows that are demonstration figures."""
        listed = self.tables.registers[rows.register]
        assert rows.rows is not None
        if not any(row.fictitious for row in listed):
            return np.uint8(0)
        flags = np.array([ORIGIN * FICTITIOUS if listed[int(i)].fictitious else 0 for i in rows.rows], np.uint8)
        return flags if rows.owners is not None else flags.reshape(-1, 1)

    def added_where(self, value: Column, where: Column, rows: Frame, own: bool) -> Column:
        """Add up the rows where a condition holds; what it refuses, and what those rows refuse, refuses the sum."""
        assert rows.rows is not None
        each = np.empty((len(rows.rows),) if rows.owners is not None else (len(rows.rows), 1), bool)
        shape = c.shape_of(value, where, Column(each))
        marks, conditions = c.marks_of(value, shape), c.marks_of(where, shape)
        there = np.asarray(where.num, bool) & ((conditions & STOPPED) == 0)
        refusing = conditions & np.uint8(REFUSED)
        marks = np.where(there, marks | self.made_up_rows(rows), np.uint8(0))
        there = there & ((marks & STOPPED) != NONE)
        return self.added_rows(value, there, np.where(there, marks, np.uint8(0)) | refusing, rows, own)

    def added_rows(self, value: Column, there: Array, marks: Array, rows: Frame, own: bool) -> Column:
        """Add rows up: for each member its own, or all together."""
        num = np.broadcast_to(np.asarray(value.num, object if value.wide else None), marks.shape)
        zero: Any = Fraction(0) if value.wide else 0
        kept = np.where(there, num, zero)
        if not own or rows.owners is None:
            shape = Column(kept, value.den, value.low, value.high, marks if marks.any() else 0, value.wide)
            if kept.ndim == 2 and kept.shape[1] > 1:
                return c.total(shape.with_flags(0), axis=0).with_flags(np.bitwise_or.reduce(marks, axis=0) if marks.any() else 0)
            return c.total(shape.with_flags(0)).with_flags(int(np.bitwise_or.reduce(marks.ravel())) if marks.any() else 0)
        bound = max(abs(value.low), abs(value.high)) * max(len(kept), 1)
        wide = value.wide or bound >= c.LIMIT
        totals = np.full(self.n, Fraction(0), object) if wide else np.zeros(self.n, np.int64)
        flags = np.zeros(self.n, np.uint8)
        np.add.at(totals, rows.owners, c.widened(Column(kept, value.den, wide=value.wide)) if wide else kept)
        np.bitwise_or.at(flags, rows.owners, marks)
        return Column(totals, 1 if wide else value.den, -bound, bound, flags if flags.any() else 0, wide)

    def count_rows(self, node: Node, frame: Frame) -> Column:
        if self.outside_rows(node, frame):
            assert frame.base is not None
            return self.lift(self.count_rows(node, frame.base), frame)
        rows = self.rows_below(node, frame)
        if rows is None:
            return c.ZERO
        where = self.evaluate(node.args[0], rows) if node.args else Column(True)
        return self.added_where(Column(1, 1, 1, 1), where, rows, node.data[1])

    operations = {**Operations.operations, "sum_rows": sum_rows, "count_rows": count_rows}
