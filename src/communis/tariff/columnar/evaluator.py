"""The ground of the columns: a formula is evaluated once for all members, in the frame that it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, Array, Column
from communis.tariff.columnar.frames import Frame, Roster
from communis.tariff.columnar.shapes import Shapes
from communis.tariff.interpreter.entries import has_share
from communis.tariff.interpreter.evaluator import too_long
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.facts import Reader
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.values import Context, Value
from communis.tariff.meaning.tree import OFFER, Node, Type, row_axis
from communis.tariff.tables.records import Tables

Cells = Mapping[tuple[str, int, int], Fraction]
CHUNK = 1 << 17
_PASSING = ("+", "-", "×", "/", "minus")


class Evaluator:
    """What every operation needs: the plan, the members read once, and the columns evaluated before.

    Columns are in the order that breaks ties, and come back in the order of the table.
    """

    operations: ClassVar[dict[str, Callable[[Any, Node, Frame], Column]]] = {}

    def __init__(
        self,
        plan: Shapes,
        tables: Tables,
        year: int,
        columns: dict[str | tuple[str, int], Array],
        readings: dict[str, str] | None,
    ) -> None:
        self.plan = plan
        self.model = plan.model
        self.book = plan.model.book
        self.tables = tables
        self.year = year
        self.reader = Reader(plan.model, tables, readings)
        self.exact = Exact(plan.model, tables, readings=readings)
        self.ledger = Ledger(self.exact)
        self.roster = Roster.of(tables, self.book.header.tie)
        self.order = self.roster.order
        self.n = len(self.order)
        self.rank = self.roster.rank
        self.in_order = self.roster.in_order
        self.columns = {
            k: np.asarray(v, np.int64) if self.in_order else np.asarray(v, np.int64)[self.roster.index]
            for k, v in columns.items()
        }
        self.codes = plan.codes
        self.frames: dict[tuple[int, str | None], Frame] = {}
        self.row_frames: dict[Any, list[Frame]] = {}
        self.masks: dict[Any, Array] = {}
        self.cells: Cells = {}
        self.special: list[Frame] = []
        self.kept: dict[Any, Any] = {}

    def frame(self, year: int, offer: str | None = None) -> Frame:
        key = (year, offer)
        if key not in self.frames:
            self.frames[key] = Frame(year, offer)
        return self.frames[key]

    def held_frame(self, year: int, offer: str | None, holders: tuple[str, ...], *, dated: bool) -> Frame:
        """Return a frame; one of its own when something is read at the effect or the decision of what is held."""
        frame = self.frame(year, offer)
        if not holders or not dated:
            return frame
        key = ("held frame", year, offer, holders)
        if key not in self.kept:
            self.kept[key] = Frame(year, offer, holders=holders, base=frame)
            self.special.append(self.kept[key])
        found: Frame = self.kept[key]
        return found

    def with_rows(self, register: str, frame: Frame, chunks: bool) -> list[Frame]:
        """Return the frames of the rows of a register in an exercise, cut so that no matrix grows large."""
        key = (register, frame.year, frame.offer, frame.holders, frame.prorata, chunks)
        if key not in self.row_frames:
            own = self.book.registers[register].of_member
            rows = list(self.exact.rows_in(register, frame.year, None))
            size = len(rows) if own or not chunks else max(1, CHUNK // max(self.n, 1))
            made = [self.row_frame(register, frame, rows[i : i + size], own) for i in range(0, len(rows), size or 1)]
            self.special.extend(made)
            self.row_frames[key] = made
        return self.row_frames[key]

    def row_frame(self, register: str, frame: Frame, rows: list[int], own: bool) -> Frame:
        listed = self.tables.registers[register]
        event = self.book.registers[register].event
        events = [listed[i].values.get(event.name) if event else None for i in rows]
        owners = np.array([self.rank[listed[i].member] for i in rows], np.int64) if own else None
        return Frame(
            frame.year, frame.offer, register, np.array(rows, np.int64), owners, events, frame.holders, frame.prorata, frame
        )

    def across(self, node: Node, frame: Frame) -> Column:
        """Evaluate, in the rows of a member’s register, what looks at every member: all of them stand across each row."""
        if not frame.register:
            return self.at_each_event(node, frame)
        if "across" not in frame.kept:
            frame.kept["across"] = replace(frame, owners=None, memo={}, run_memo={}, kept={})
            self.special.append(frame.kept["across"])
        column = self.evaluate(node, frame.kept["across"])
        assert frame.rows is not None and frame.owners is not None
        shape = (len(frame.rows), self.n if c.shape_of(column)[-1:] != (1,) else 1)
        across = c.spread(column, shape)
        where = (np.arange(shape[0]), frame.owners if shape[1] != 1 else 0)
        flags = across.flags if isinstance(across.flags, int) else across.flags[where]
        return Column(across.num[where], column.den, column.low, column.high, flags, column.wide)

    def at_each_event(self, node: Node, frame: Frame) -> Column:
        """Evaluate what looks at every member, where each has a date of its own: all at the date of one, for each date."""
        assert frame.events is not None
        result = c.stopped(NONE)
        for day in dict.fromkeys(frame.events):
            made = replace(frame, events=[day] * self.n, together=True, memo={}, run_memo={}, kept={})
            self.special.append(made)
            result = c.choose(np.array([event == day for event in frame.events]), self.evaluate(node, made), result)
        return result

    def local(self, node: Node, frame: Frame) -> bool:
        """Tell whether a node must be evaluated in a special frame, or is the same in the frame it stands on."""
        if frame.register and row_axis(frame.register) in node.axes:
            return True
        if frame.prorata and node.op == "share":
            return True
        return ((frame.events is not None or bool(frame.holders)) and self.plan.dated(node)) or (
            bool(frame.prorata) and has_share(node)
        )

    def lift(self, column: Column, frame: Frame) -> Column:
        """Bring a column of members to the rows of a member’s register."""
        if frame.owners is None or (column.scalar and isinstance(column.flags, int)):
            return column
        num = column.num if column.scalar else column.num[frame.owners]
        flags = column.flags[frame.owners] if isinstance(column.flags, np.ndarray) else column.flags
        return Column(num, column.den, column.low, column.high, flags, column.wide)

    def evaluate(self, node: Node, frame: Frame) -> Column:
        if frame.base is not None and not self.local(node, frame):
            return self.lift(self.evaluate(node, frame.base), frame)
        if frame.base is None and frame.offer is not None and OFFER not in node.axes:
            frame = self.frame(frame.year)
        moving = self.plan.variable(node)
        if moving and node.op in _PASSING:
            return self.operations[node.op](self, node, frame)
        memo = frame.run_memo if moving else frame.memo
        found = memo.get(id(node))
        if found is None:
            found = self.operations[node.op](self, node, frame)
            if found.wide:
                found = _bounded(found)
            memo[id(node)] = found
        return found

    def args(self, node: Node, frame: Frame) -> list[Column]:
        return [self.evaluate(arg, frame) for arg in node.args]

    def code(self, text: Any) -> int:
        """Return a number for a name, the same throughout."""
        return self.codes.setdefault(str(text), len(self.codes))

    def encoded(self, values: list[Value], kind: Type) -> Column:
        """Make a column of values read one by one."""
        flags = np.fromiter((_flag(v) for v in values), np.uint8, len(values))
        marks: Any = flags if flags.any() else 0
        if kind.kind == "number":
            return c.from_fractions([v.value for v in values], marks)
        if kind.kind == "yes_no":
            return Column(np.array([bool(v.value) for v in values]), flags=marks)
        if kind.kind == "date":
            return Column(np.array([v.value.toordinal() if v.value is not None else 0 for v in values], np.int64), flags=marks)
        return Column(np.array([self.code(v.value) for v in values], np.int64), flags=marks)

    def single(self, value: Value, kind: Type) -> Column:
        """Make a plain number of one value."""
        flag = _flag(value)
        if not value.is_amount:
            return c.stopped(flag)
        if kind.kind == "number":
            return c.number(value.value, flag)
        if kind.kind == "yes_no":
            return Column(bool(value.value), flags=flag)
        return Column(value.value.toordinal() if isinstance(value.value, date) else self.code(value.value), flags=flag)

    def each_member(self, frame: Frame, read: Callable[[int, Context], Value], kind: Type) -> Column:
        """Read a value for each member, at the dates of the frame when it has some."""
        values = []
        for position, member in enumerate(self.order):
            event = frame.events[position] if frame.events is not None and not frame.register else None
            values.append(read(member, Context(frame.year, member, frame.offer, (), event, frame.holders)))
        return self.encoded(values, kind)

    def as_members(self, column: Column) -> Column:
        """Give a plain number to every member."""
        if not column.scalar:
            return column
        dtype: Any = object if column.wide else bool if isinstance(column.num, bool) else np.int64
        array = np.empty(self.n, dtype)
        array[:] = column.num
        return Column(array, column.den, column.low, column.high, column.flags, column.wide)

    @staticmethod
    def context(frame: Frame, member: int | None = None) -> Context:
        """Return where the interpreter reads what is the same for all the members of a frame."""
        event = frame.events[0] if frame.together and frame.events else None
        return Context(frame.year, member, frame.offer, (), event, frame.holders)


def has_money(kind: Type) -> bool:
    return ("€", 1) in kind.dimensions


def _flag(value: Value) -> int:
    """Return the flag byte of a value of the interpreter."""
    return (0 if value.is_amount else REFUSED if value.refused else NONE) | value.flags * ORIGIN


def _bounded(column: Column) -> Column:
    """Refuse the values that have too many digits, as the interpreter does."""
    long = [too_long(v) for v in np.asarray(column.num, object).ravel()]
    if not any(long):
        return column
    where = np.array(long).reshape(np.shape(column.num))
    zero: Any = Fraction(0)
    num = np.where(where, zero, column.num)
    flags = c.either(column.flags, c.stopping(np.where(where, np.uint8(REFUSED), np.uint8(0)), column))
    if not column.scalar:
        return Column(num, 1, flags=flags, wide=True)
    return c.stopped(int(flags) if np.shape(flags) == () else 0).with_flags(flags if np.shape(flags) != () else int(flags))
