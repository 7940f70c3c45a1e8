"""Formulas evaluated for all members at once, over integers, exactly: the plan’s half of what `exact` does one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from communis.tariff.calendar import Period, full_months_between, full_years_between, month_end, next_day_like, presence, shifted
from communis.tariff.columnar import columns as c
from communis.tariff.columnar.columns import NONE, ORIGIN, REFUSED, STOPPED, Array, Column
from communis.tariff.interpreter.exact import Exact, too_long
from communis.tariff.interpreter.facts import Reader, literal_value, tie_order
from communis.tariff.interpreter.values import FICTITIOUS, Context, Value
from communis.tariff.language import rules as r
from communis.tariff.meaning.formulas import is_money
from communis.tariff.meaning.tree import MEMBER, OFFER, GroupNode, Interval, NamesClass, Node, Type, TypedPeriod, row_axis
from communis.tariff.tables.records import RegisterRow, Tables

if TYPE_CHECKING:
    from communis.tariff.columnar.plan import Plan

Cells = Mapping[tuple[str, int, int], Fraction]
_DATED_READINGS = ("event", "effect", "decision")
CHUNK = 1 << 17


class NotPlanned(Exception):
    """A shape the plan does not evaluate by columns; the interpreter does it instead."""


@dataclass(eq=False, slots=True)
class Roster:
    """The members of tables in the order that breaks ties, as columns; made once for a set of tables."""

    order: list[int]
    index: Array
    rank: Array
    in_order: bool
    hosts: Array
    firsts: Array
    lasts: Array

    @classmethod
    def of(cls, tables: Tables, tie: str) -> Roster:
        found = tables.kept.get(("roster", tie))
        if not isinstance(found, cls):
            order = tie_order(tables, tie)
            index = np.array(order, np.int64)
            rank = np.empty(len(order), np.int64)
            rank[index] = np.arange(len(order))
            members = [tables.members[m] for m in order]
            firsts = np.array([m.first.toordinal() if m.first else 0 for m in members], np.int64)
            lasts = np.array([m.last.toordinal() if m.last else date.max.toordinal() for m in members], np.int64)
            hosts = np.array([m.host for m in members], bool)
            found = cls(order, index, rank, bool((index == np.arange(len(order))).all()), hosts, firsts, lasts)
            tables.kept["roster", tie] = found
        return found


@dataclass(eq=False, slots=True)
class Frame:
    """Where columns are evaluated: an exercise and an offer; perhaps the rows of a register, or dates of an event."""

    year: int
    offer: str | None = None
    register: str = ""
    rows: Array | None = None
    owners: Array | None = None
    events: list[date | None] | None = None
    holders: tuple[str, ...] = ()
    prorata: str = ""
    base: Frame | None = None
    together: bool = False  # whether the date of the event is the same for all members
    memo: dict[int, Column] = field(default_factory=dict)
    run_memo: dict[int, Column] = field(default_factory=dict)
    kept: dict[Any, Frame] = field(default_factory=dict)


def _reading(rule: r.ReadingRule | None) -> str:
    return rule.kind if rule is not None else ""


class Vector:
    """A plan on given members: columns are in the order that breaks ties, and come back in the order of the table."""

    def __init__(
        self, plan: Plan, tables: Tables, year: int, columns: dict[str | tuple[str, int], Array], readings: dict[str, str] | None
    ) -> None:
        self.plan = plan
        self.model = plan.model
        self.book = plan.model.book
        self.tables = tables
        self.year = year
        self.reader = Reader(plan.model, tables, readings)
        self.exact = Exact(plan.model, tables, readings=readings)
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

    # ------------------------------------------------------------ frames

    def frame(self, year: int, offer: str | None = None) -> Frame:
        key = (year, offer)
        if key not in self.frames:
            self.frames[key] = Frame(year, offer)
        return self.frames[key]

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
            bool(frame.prorata) and _holds_share(node)
        )

    def lift(self, column: Column, frame: Frame) -> Column:
        """Bring a column of members to the rows of a member’s register."""
        if frame.owners is None or (column.scalar and isinstance(column.flags, int)):
            return column
        num = column.num if column.scalar else column.num[frame.owners]
        flags = column.flags[frame.owners] if isinstance(column.flags, np.ndarray) else column.flags
        return Column(num, column.den, column.low, column.high, flags, column.wide)

    # ------------------------------------------------------------ evaluation

    def evaluate(self, node: Node, frame: Frame) -> Column:
        if frame.base is not None and not self.local(node, frame):
            return self.lift(self.evaluate(node, frame.base), frame)
        if frame.base is None and frame.offer is not None and OFFER not in node.axes:
            frame = self.frame(frame.year)
        moving = self.plan.variable(node)
        if moving and node.op in _PASSING:
            return self._operations[node.op](self, node, frame)
        memo = frame.run_memo if moving else frame.memo
        found = memo.get(id(node))
        if found is None:
            found = self._operations[node.op](self, node, frame)
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

    def each_member(self, frame: Frame, read: Callable[[int, Context], Value], kind: Type) -> Column:
        """Read a value for each member, at the dates of the frame when it has some."""
        values = []
        for position, member in enumerate(self.order):
            event = frame.events[position] if frame.events is not None and not frame.register else None
            values.append(read(member, Context(frame.year, member, frame.offer, (), event, frame.holders)))
        return self.encoded(values, kind)

    # ------------------------------------------------------------ leaves

    def const(self, node: Node, frame: Frame) -> Column:
        if node.type.kind == "number":
            return c.number(node.data, money=_has_money(node.type))
        if node.type.kind == "yes_no":
            return Column(bool(node.data))
        if node.type.kind == "date":
            return Column(node.data.toordinal())
        return Column(self.code(node.data))

    def reading(self, node: Node, frame: Frame) -> Column:
        retained = self.reader.reading(str(node.data))
        return c.stopped(REFUSED) if retained is None else Column(self.code(retained))

    def offer(self, node: Node, frame: Frame) -> Column:
        return Column(self.code(frame.offer))

    def attribute(self, node: Node, frame: Frame) -> Column:
        members = self.tables.members
        return Column(
            np.array([self.code(members[m].kind if node.data == "type" else members[m].name) for m in self.order], np.int64)
        )

    def fact(self, node: Node, frame: Frame) -> Column:
        name, offer, year, of = node.data
        given = self.columns.get(name)
        if given is not None and of is None and year is None:
            return c.from_ints(given)
        rule = self.book.facts[name]
        wanted = (offer or frame.offer) if rule.offers is not None else None
        at_events = _reading(rule.reading) == "event" and self.dated_here(rule.reading, frame)
        if MEMBER not in node.axes and not at_events:
            host = self.tables.host if of == "host" else None
            if of == "host" and host is None:
                return c.stopped(REFUSED)
            return self.single(self.reader.fact(name, host, wanted, self.context(frame, host), year, node), node.type)
        if frame.register and frame.base is not None:
            dated = self.dated_here(rule.reading, frame)
            return self.fact_at_rows(node, frame, wanted) if dated else self.lift(self.evaluate(node, frame.base), frame)

        def read(member: int, context: Context) -> Value:
            who = self.whose(of, member)
            if who is None:
                return Value("refused")
            return self.reader.fact(
                name, who, wanted, Context(context.year, who, context.offer, (), context.event, context.holders), year, node
            )

        return self.each_member(frame, read, node.type)

    def whose(self, of: str | None, member: int) -> int | None:
        """Return the member a name speaks of: the one at hand, the host, or the one it is attached to."""
        return member if of is None else self.tables.host if of == "host" else self.tables.members[member].parent

    def fact_at_rows(self, node: Node, frame: Frame, offer: str | None) -> Column:
        """Read a fact at the date of each row: of its own member, or of every member for a row of the service."""
        name, _, year, of = node.data
        assert frame.rows is not None and frame.events is not None

        def read(member: int, event: date | None) -> Value:
            who = self.whose(of, member)
            if who is None:
                return Value("refused")
            return self.reader.fact(name, who, offer, Context(frame.year, who, frame.offer, (), event, frame.holders), year, node)

        if MEMBER not in node.axes and frame.owners is None:
            return _upright(self.encoded([read(self.order[0], e) for e in frame.events], node.type))
        if frame.owners is not None:
            return self.encoded([read(self.order[o], e) for o, e in zip(frame.owners, frame.events, strict=True)], node.type)
        found: dict[Any, Column] = {}
        for event in frame.events:
            if event not in found:
                found[event] = self.encoded([read(m, event) for m in self.order], node.type)
        return _stacked([found[e] for e in frame.events])

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

    def parameter(self, node: Node, frame: Frame) -> Column:
        rule = self.book.parameters[str(node.data)]
        reading = rule.reading or r.ReadingRule("first_day")
        if self.dated_here(reading, frame):
            return self.dated_prices(rule, reading, frame)
        return self.price_at(rule, self.reader.reading_day(reading, self.context(frame)))

    def price_at(self, rule: r.Parameter, day: date) -> Column:
        price = self.reader.price(rule, day)
        if price is None:
            return c.stopped(REFUSED)
        override = self.cells.get((rule.name, 0, rule.values.index(price)))
        money = _has_money(self.model.rules[rule.name].type)
        if override is not None:
            return c.number(override, money=money)
        factor = Fraction(1) if price.value.unit else self.model.rules[rule.name].type.factor
        return c.number(Fraction(literal_value(self.model, price.value)) * factor, money=money)

    def dated_here(self, reading: r.ReadingRule | None, frame: Frame) -> bool:
        """Tell whether what is read so has several dates in a frame: those of its rows, or those of each member."""
        kind = _reading(reading)
        return (kind == "event" and frame.events is not None and not frame.together) or (
            kind in ("effect", "decision") and bool(frame.holders)
        )

    @staticmethod
    def context(frame: Frame, member: int | None = None) -> Context:
        """Return where the interpreter reads what is the same for all the members of a frame."""
        event = frame.events[0] if frame.together and frame.events else None
        return Context(frame.year, member, frame.offer, (), event, frame.holders)

    def days_read(self, reading: r.ReadingRule, frame: Frame) -> tuple[list[date], bool]:
        """Return the days at which a price is read, for each row or for each member, and whether they are those of rows."""
        if frame.register and reading.kind == "event":
            first = self.model.calendar.period(frame.year).first
            return [e or first for e in frame.events or []], True
        days: list[date] = []
        owners = frame.owners if frame.owners is not None else range(self.n)
        for position, owner in enumerate(owners):
            event = frame.events[position] if frame.events is not None and not frame.register else None
            context = Context(frame.year, self.order[int(owner)], frame.offer, (), event, frame.holders)
            days.append(self.reader.reading_day(reading, context))
        return days, frame.owners is not None

    def dated_prices(self, rule: r.Parameter, reading: r.ReadingRule, frame: Frame) -> Column:
        """Read a price at the date of each event."""
        days, of_rows = self.days_read(reading, frame)
        prices = {day: self.price_at(rule, day) for day in dict.fromkeys(days)}
        values = [Value("amount", prices[d].value()) if not prices[d].flags else Value("refused") for d in days]
        column = self.encoded(values, self.model.rules[rule.name].type)
        return _upright(column) if of_rows and frame.owners is None else column

    def field(self, node: Node, frame: Frame) -> Column:
        register, name = node.data
        rule = self.book.registers[register].fields[name]
        listed = self.tables.registers[register]
        assert frame.rows is not None
        if rule.by_member:
            return self.matrix(register, name, frame)
        whole = self.field_column(node, register, listed)
        flags = whole.flags[frame.rows] if isinstance(whole.flags, np.ndarray) else whole.flags
        column = Column(whole.num[frame.rows], whole.den, whole.low, whole.high, flags, whole.wide)
        return column if frame.owners is not None else _upright(column)

    def field_column(self, node: Node, register: str, listed: list[RegisterRow]) -> Column:
        """Return a field of all the rows of a register; made once for a set of tables."""
        key = ("field", *node.data)
        kept = self.tables.kept.get(key)
        if not isinstance(kept, tuple) or kept[0] is not self.plan:
            values = [self.exact.field(node, Context(0, row.member, rows=((register, i),))) for i, row in enumerate(listed)]
            kept = (self.plan, self.encoded(values, node.type))
            self.tables.kept[key] = kept
        found: Column = kept[1]
        return found

    def matrix(self, register: str, name: str, frame: Frame) -> Column:
        """Return a field that each row gives member by member; a member not named has none of it."""
        listed = self.tables.registers[register]
        assert frame.rows is not None
        given = self.columns.get(f"{register}.{name}")
        if given is not None:
            return c.from_ints(given.reshape(len(frame.rows), self.n))
        rows: list[Fraction | None] = []
        for i in frame.rows:
            by_member = listed[int(i)].by_member.get(name, {})
            rows.extend(by_member.get(m, Fraction(0)) for m in self.order)
        flat = c.from_fractions(rows)
        made_up = np.array([[ORIGIN * FICTITIOUS if listed[int(i)].fictitious else 0] for i in frame.rows], np.uint8)
        flags: Any = np.broadcast_to(made_up, (len(frame.rows), self.n)) if made_up.any() else 0
        return Column(flat.num.reshape(len(frame.rows), self.n), flat.den, flat.low, flat.high, flags, flat.wide)

    def step(self, node: Node, frame: Frame) -> Column:
        return self.each_member(frame, lambda m, context: self.exact.step(node, context), node.type)

    # ------------------------------------------------------------ operations

    def arithmetic(self, node: Node, frame: Frame) -> Column:
        if node.op == "minus":
            return c.negate(self.evaluate(node.args[0], frame))
        first, second = node.args
        a, b = self.evaluate(first, frame), self.evaluate(second, frame)
        if node.op == "+":
            return c.add(a, b, a_free=self.passing(first), b_free=self.passing(second))
        if node.op == "-":
            return c.subtract(a, b)
        return c.multiply(a, b) if node.op == "×" else c.divide(a, b)

    def passing(self, node: Node) -> bool:
        """Tell whether a value is made for one use only, so that its memory may serve again."""
        return node.op in ("+", "-", "×") and self.plan.variable(node)

    def comparison(self, node: Node, frame: Frame) -> Column:
        left, right = self.args(node, frame)
        return c.compare(left, right, node.data)

    def logic(self, node: Node, frame: Frame) -> Column:
        parts = self.args(node, frame)
        if node.op == "not":
            part = parts[0]
            return Column(~part.num.astype(bool) if isinstance(part.num, np.ndarray) else not part.num, flags=part.flags)
        decisive = node.op == "or"
        if all(p.scalar and isinstance(p.flags, int) for p in parts):
            return self.plain_logic(parts, decisive)
        marks = [np.asarray(p.flags, np.uint8) for p in parts]
        known = [(m & STOPPED) == 0 for m in marks]
        settled = np.logical_or.reduce(
            np.broadcast_arrays(*[k & (np.asarray(p.num, bool) == decisive) for k, p in zip(known, parts, strict=True)])
        )
        refusing = np.logical_or.reduce(np.broadcast_arrays(*[(m & REFUSED) != 0 for m in marks]))
        absent = np.logical_or.reduce(np.broadcast_arrays(*[(m & NONE) != 0 for m in marks]))
        some = np.logical_or.reduce(np.broadcast_arrays(*known)) if decisive else np.zeros_like(settled)
        origins = np.bitwise_or.reduce(np.broadcast_arrays(*[_origins(m) for m in marks]))
        outcome = np.where(settled, 0, np.where(refusing, REFUSED, np.where(absent & ~some, NONE, 0))).astype(np.uint8)
        return Column(np.where(settled, decisive, not decisive), flags=origins | outcome)

    @staticmethod
    def plain_logic(parts: list[Column], decisive: bool) -> Column:
        """Combine a yes and a no that are the same for all."""
        flags = [p.flags for p in parts if isinstance(p.flags, int)]
        values = [bool(p.num) for p, flag in zip(parts, flags, strict=True) if not flag & STOPPED]
        origins = 0
        for flag in flags:
            origins |= _origins(flag)
        if decisive in values:
            return Column(decisive, flags=origins)
        refused, absent = any(flag & REFUSED for flag in flags), any(flag & NONE for flag in flags)
        outcome = REFUSED if refused else NONE if absent and not (decisive and values) else 0
        return Column(not decisive, flags=origins | outcome)

    def case(self, node: Node, frame: Frame) -> Column:
        """Choose the one case that holds; refuse where two hold, or none without « sinon »."""
        count = len(node.args) // 2
        conditions = [self.evaluate(node.args[2 * i], frame) for i in range(count)]
        if all(x.scalar and isinstance(x.flags, int) for x in conditions):
            return self.plain_case(node, frame, conditions)
        true = [np.asarray(x.num, bool) & ((np.asarray(x.flags, np.uint8) & STOPPED) == 0) for x in conditions]
        shape = np.broadcast_shapes(*(t.shape for t in true))
        hits = np.zeros(shape, np.int64)
        for t in true:
            hits = hits + t
        origins = np.zeros(shape, np.uint8)
        for x in conditions:
            marks = np.asarray(x.flags, np.uint8)
            origins = origins | _origins(marks) | (marks & np.uint8(REFUSED))
        result = self.evaluate(node.args[-1], frame) if node.data else c.stopped(REFUSED)
        for i in reversed(range(count)):
            if true[i].any():
                result = c.choose(np.broadcast_to(true[i], shape), self.evaluate(node.args[2 * i + 1], frame), result)
        flags = c.either(origins, np.where(hits > 1, np.uint8(REFUSED), np.uint8(0)), result.flags)
        return result.with_flags(flags)

    def plain_case(self, node: Node, frame: Frame, conditions: list[Column]) -> Column:
        flags = 0
        for x in conditions:
            flags |= _origins(int(x.flags)) | (int(x.flags) & REFUSED)
        true = [i for i, x in enumerate(conditions) if not int(x.flags) & STOPPED and x.num]
        if flags & REFUSED or len(true) > 1 or (not true and not node.data):
            return c.stopped(REFUSED | flags)
        chosen = self.evaluate(node.args[2 * true[0] + 1] if true else node.args[-1], frame)
        return chosen.with_flags(c.either(chosen.flags, flags))

    def extreme(self, node: Node, frame: Frame) -> Column:
        parts = self.args(node, frame)
        result = parts[0]
        for part in parts[1:]:
            result = c.least(result, part, greatest=node.op in ("max", "floor"))
        return result

    def round(self, node: Node, frame: Frame) -> Column:
        return c.rounded(self.evaluate(node.args[0], frame), *node.data)

    # ------------------------------------------------------------ dates, ranks, holdings

    def dates(self, node: Node, frame: Frame) -> Column:
        start = self.evaluate(node.args[0], frame)

        def moved(day: date) -> date:
            if node.op == "shift":
                return shifted(day, *node.data)
            return month_end(day) if node.data is None else next_day_like(day, *node.data)

        if start.scalar:
            return Column(moved(date.fromordinal(int(start.num))).toordinal() if start.num else 0, flags=start.flags)
        days, inverse = np.unique(start.num, return_inverse=True)
        table = np.array([moved(date.fromordinal(int(d))).toordinal() if d else 0 for d in days], np.int64)
        return Column(table[inverse].reshape(start.num.shape), flags=start.flags)

    def year_day(self, node: Node, frame: Frame) -> Column:
        which, year = node.data
        period = self.model.calendar.period(self.reader.year(year, Context(frame.year)))
        return Column((period.first if which == "first" else period.last).toordinal())

    def held(self, offer: str, year: int) -> Array:
        """Return who holds an offer in an exercise."""
        key = ("held", offer, year)
        if key not in self.masks:
            if (
                self.book.offers[offer].always
                and not any(ch.offer == offer for ch in self.tables.choices)
                and self.reader.offer_end(offer) is None
            ):
                self.masks[key] = self.existing(year)
            else:
                self.masks[key] = np.array([bool(self.reader.held(m, offer, year)) for m in self.order])
        return self.masks[key]

    def existing(self, year: int) -> Array:
        """Return who exists on at least a day of an exercise."""
        key = ("existing", year)
        if key not in self.masks:
            period = self.model.calendar.period(year)
            self.masks[key] = (self.roster.firsts <= period.last.toordinal()) & (self.roster.lasts >= period.first.toordinal())
        return self.masks[key]

    def participants(self, year: int) -> Array:
        key = ("participants", year)
        if key not in self.masks:
            self.masks[key] = self.existing(year) & ~self.roster.hosts
        return self.masks[key]

    def holds(self, node: Node, frame: Frame) -> Column:
        asked, on = node.data
        offer = str(asked or frame.offer)
        if on is not None:
            day = self.reader.day(on, Context(frame.year))
            return Column(np.array([self.reader.holds_on(m, offer, day) for m in self.order]))
        held = np.array([bool(self.reader.held(m, offer, frame.year)) for m in self.order])
        return Column(held, flags=self.made_up(offer, frame.year))

    def made_up(self, offer: str, year: int) -> Any:
        """Return the flag of those who hold an offer by made-up choices only."""
        if not self.reader.made_up:
            return 0
        key = ("made up", offer, year)
        if key not in self.masks:
            self.masks[key] = np.array([self.reader.holding_flags(m, (offer,), year) * ORIGIN for m in self.order], np.uint8)
        return self.masks[key]

    def group_flag(self, group: GroupNode, mask: Array, frame: Frame) -> c.Flags:
        """Return what a set rests on: made-up choices of those who hold its offer."""
        base = frame.base or frame
        if group.kind != "holders" or not self.reader.made_up:
            return 0
        flags = self.made_up(group.offer or base.offer or "", base.year)
        if mask.ndim > 1:
            marks: Array = np.bitwise_or.reduce(np.where(mask, flags, np.uint8(0)), axis=1)
            return marks.reshape(-1, 1)
        return int(np.bitwise_or.reduce(flags[mask])) if mask.any() else 0

    def rank_of(self, node: Node, frame: Frame) -> Column:
        asked, counted_in = node.data
        offer = str(asked or frame.offer)
        first = self.model.calendar.period(frame.year).first
        ranks: list[Fraction | None] = []
        for member in self.order:
            start = self.reader.start(member, offer, frame.year)
            if start is None:
                ranks.append(None)
            elif counted_in == "exercises":
                ranks.append(Fraction(frame.year - self.model.calendar.year_of(start) + 1))
            else:
                count = full_years_between if counted_in == "anniversaries" else full_months_between
                ranks.append(Fraction(count(start, max(first, start)) + 1))
        flags = np.array([NONE if v is None else 0 for v in ranks], np.uint8) | self.made_up(
            offer or frame.offer or "", frame.year
        )
        return c.from_fractions(ranks, flags if flags.any() else 0)

    def rank_since(self, node: Node, frame: Frame) -> Column:
        return c.number(Fraction(frame.year - self.model.calendar.year_of(node.data) + 1))

    # ------------------------------------------------------------ members, rows, exercises

    def group(self, group: GroupNode, frame: Frame) -> tuple[Array, c.Flags]:
        """Return who is in a set, perhaps row by row, and a flag when one cannot tell."""
        base = frame.base or frame
        mask = self.participants(base.year)
        if group.kind == "holders":
            mask = mask & self.held(group.offer or base.offer or "", base.year)
        if group.host and self.tables.host is not None:
            mask = mask.copy()
            mask[self.rank[self.tables.host]] = True
        if group.such is None:
            return mask, 0
        if any(axis.startswith("row:") for axis in group.such.axes):
            raise NotPlanned("a set that depends on a row")
        such = self.evaluate(group.such, frame)
        shape = c.shape_of(such, Column(mask))
        flags = c.marks_of(such, shape)
        refusing = (((flags & REFUSED) != 0) & mask).any(axis=-1)
        flag: c.Flags = REFUSED if shape == mask.shape and refusing else 0
        if len(shape) > 1 and refusing.any():
            flag = np.where(refusing, np.uint8(REFUSED), np.uint8(0)).reshape(-1, 1)
        return mask & np.broadcast_to(np.asarray(such.num, bool), shape) & ((flags & NONE) == 0), flag

    def as_members(self, column: Column) -> Column:
        """Give a plain number to every member."""
        if not column.scalar:
            return column
        dtype: Any = object if column.wide else bool if isinstance(column.num, bool) else np.int64
        array = np.empty(self.n, dtype)
        array[:] = column.num
        return Column(array, column.den, column.low, column.high, column.flags, column.wide)

    def one_event_a_member(self, node: Node, frame: Frame) -> bool:
        """Tell whether a formula over all members stands where each member has a date or rows of its own."""
        dated = frame.events is not None and not (frame.register or frame.together) and self.plan.dated(node)
        return frame.owners is not None or dated

    def sum_members(self, node: Node, frame: Frame) -> Column:
        if self.one_event_a_member(node, frame):
            return self.across(node, frame)
        mask, flag = self.group(node.data, frame)
        value = self.evaluate(node.args[0], frame)
        where = self.evaluate(node.args[1], frame) if len(node.args) > 1 else Column(True)
        shape = c.shape_of(value, where, Column(mask))
        if node.data.kind == "attached":
            return self.sum_attached(value, where, mask, flag)
        conditions = c.marks_of(where, shape)
        made_up = self.group_flag(node.data, mask, frame)
        refusing = (mask & ((conditions & REFUSED) != 0)).any(axis=-1)
        mask = mask & np.asarray(where.num, bool) & ((conditions & STOPPED) == 0)
        if isinstance(value.flags, int) and value.flags & STOPPED:
            value = value.with_flags(c.marks_of(value, shape))
        result = c.total(c.spread(value, shape), np.broadcast_to(mask, shape), 1 if len(shape) > 1 else None)
        refusals: c.Flags = REFUSED if len(shape) == 1 and refusing else 0
        if len(shape) > 1:
            result = _upright(result)
            refusals = np.where(refusing, np.uint8(REFUSED), np.uint8(0)).reshape(-1, 1) if refusing.any() else 0
        return result.with_flags(c.either(result.flags, refusals, flag, made_up))

    def sum_attached(self, value: Column, where: Column, mask: Array, flag: c.Flags) -> Column:
        """Add up, for each member, what those attached to it have."""
        if mask.ndim > 1 or len(c.shape_of(value, where)) > 1 or flag:
            raise NotPlanned("the members attached to a member, at the date of an event or unknown")
        parents = [self.tables.members[m].parent for m in self.order]
        at = np.array([p for p in range(self.n) if mask[p] and parents[p] is not None], np.int64)
        owners = np.array([self.rank[parents[p]] for p in at], np.int64)
        value, where = c.spread(value, (self.n,)), c.spread(where, (self.n,))
        conditions, marks = c.marks_of(where, (self.n,))[at], c.marks_of(value, (self.n,))[at]
        there = np.asarray(where.num, bool)[at] & ((conditions & STOPPED) == 0)
        marks = np.where(there, marks, np.uint8(0))
        there = there & ((marks & STOPPED) != NONE)
        kept = Column(value.num[at], value.den, value.low, value.high, 0, value.wide)
        frame = Frame(self.year, rows=at, owners=owners)
        return self.added_rows(kept, there, np.where(there, marks, np.uint8(0)) | (conditions & np.uint8(REFUSED)), frame, True)

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
            return c.number(Fraction(0))
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
            return c.number(Fraction(0))
        where = self.evaluate(node.args[0], rows) if node.args else Column(True)
        return self.added_where(Column(1, 1, 1, 1), where, rows, node.data[1])

    def count_members(self, node: Node, frame: Frame) -> Column:
        if self.one_event_a_member(node, frame):
            return self.across(node, frame)
        mask, flag = self.group(node.data, frame)
        if node.data.kind == "attached":
            return self.sum_attached(Column(1, 1, 1, 1), Column(True), mask, flag)
        made_up = self.group_flag(node.data, mask, frame)
        if mask.ndim == 1:
            return c.stopped(flag) if isinstance(flag, int) and flag else c.number(Fraction(int(mask.sum()))).with_flags(made_up)
        return c.from_ints(mask.sum(axis=1).reshape(-1, 1)).with_flags(c.either(flag, made_up))

    def past(self, node: Node, frame: Frame) -> Column:
        kind, name, offer, year, of = node.data
        return self.past_year(node, (kind, name, offer, of), self.reader.year(year, Context(frame.year)), frame)

    def past_year(self, node: Node, what: tuple[str, str, str | None, str | None], year: int, frame: Frame) -> Column:
        kind, name, offer, of = what
        given = self.columns.get((name, year))
        if given is not None and of is None:
            return c.from_ints(given, 100 if is_money(node.type) else 1)

        def read(member: int | None) -> Value:
            return self.exact.past_value(kind, name, offer or frame.offer, year, member, node)

        if MEMBER not in node.axes:
            return self.single(read(self.tables.host if of == "host" else None), node.type)
        members = [self.tables.members[m].parent if of == "parent" else m for m in self.order]
        return self.encoded([read(m) if m is not None else Value("refused") for m in members], node.type)

    def years(self, node: Node, frame: Frame) -> Column:
        """Add or average the values of several exercises; those that miss are set aside where the tariff says so."""
        (kind, name, offer, _, of), window, how, skip = node.data
        listed = self.exact.window(window, Context(frame.year))
        if not listed:
            return c.stopped(REFUSED)
        found = [self.past_year(node, (kind, name, offer, of), year, frame) for year in listed]
        if skip and all(x.scalar for x in found):
            found = [x for x in found if not _all_flags(x.flags) & STOPPED]
            if not found:
                return c.stopped(NONE)
        if not skip or all(isinstance(x.flags, int) and not x.flags & STOPPED for x in found):
            result = found[0]
            for column in found[1:]:
                result = c.add(result, column)
            return c.multiply(result, c.number(Fraction(1, len(found)))) if how == "mean" else result
        there = [(np.broadcast_to(np.asarray(x.flags, np.uint8), (self.n,)) & STOPPED) == 0 for x in found]
        counted = sum(t.astype(np.int64) for t in there)
        zero = c.number(Fraction(0))
        result = zero
        for column, present in zip(found, there, strict=True):
            result = c.add(result, c.choose(present, self.as_members(column), zero))
        flags = c.either(result.flags, np.where(counted == 0, np.uint8(NONE), np.uint8(0)))
        if how == "mean":
            every = 1
            for k in range(2, len(found) + 1):
                every = every * k // np.gcd(every, k)
            factors = np.array([0, *(every // k for k in range(1, len(found) + 1))], np.int64)
            result = c.multiply(result, Column(factors[counted], int(every), 0, int(every)))
        return result.with_flags(flags)

    # ------------------------------------------------------------ shares

    def share(self, node: Node, frame: Frame) -> Column:
        """Cut a sum, or one sum a row, among a set; the parts of each add up to it (TAR-08)."""
        if self.one_event_a_member(node, frame):
            return self.across(node, frame)
        group, key_name = node.data
        if group.kind == "attached":
            raise NotPlanned("a share among the members attached to a member")
        mask, flag = self.group(group, frame)
        amount = self.evaluate(node.args[0], frame)
        if c.shape_of(amount)[-1:] not in ((), (1,)) or len(c.shape_of(amount)) == 1:
            raise NotPlanned("a sum that is not the same for all members")
        if isinstance(flag, int) and flag:
            return c.stopped(flag | _all_flags(amount.flags))
        everyone = bool(mask.all())
        members = None if everyone or mask.ndim > 1 else np.flatnonzero(mask)
        weights = self.weights(node, key_name, mask, members, frame)
        cut = self.cut(node, amount, weights, members)
        cut = cut.with_flags(c.either(cut.flags, self.group_flag(group, mask, frame)))
        if mask.ndim > 1 and not everyone:
            cut = cut.with_flags(c.either(cut.flags, np.where(mask, np.uint8(0), np.uint8(NONE))))
        return cut if isinstance(flag, int) else cut.with_flags(c.either(cut.flags, flag))

    def cut(self, node: Node, amount: Column, weights: c.Weights, members: Array | None) -> Column:
        """Cut one sum, or one sum a row, by its weights; a row whose weights are missing or nil is refused alone."""
        step = Fraction(1, 100) * (1 if is_money(node.type) else node.type.factor)
        whole = c.rounded(amount, step, "half_up")
        rows = len(weights.index) if weights.index is not None else 0
        if (whole.scalar and rows) or (whole.scalar and not isinstance(whole.flags, int)):
            whole = c.spread(whole, (rows, 1) if rows else c.shape_of(whole))
        nums = self.sub_units(whole, step)
        count = len(nums)
        marks = c.marks_of(whole, np.shape(whole.num)).reshape(-1)
        parts, rests, good = c.share_rows(nums, weights, self.book.header.sharing)
        self.kept[id(node)] = (rests, step)
        if all(good) and not marks.any() and not any(weights.flags):
            flags: Any = 0
        else:
            own = [weights.flags[weights.of_row(i)] for i in range(count)]
            flags = np.array(
                [
                    int(m) | (0 if m & STOPPED else o | (0 if g or o & STOPPED else REFUSED))
                    for m, o, g in zip(marks, own, good, strict=True)
                ],
                np.uint8,
            ).reshape(-1, 1)
        full = parts
        if members is not None:
            full = np.zeros((count, self.n), parts.dtype)
            full[:, members] = parts
            outside = np.full(self.n, NONE, np.uint8)
            outside[members] = 0
            flags = c.either(flags, outside)
        if whole.scalar:
            full = full[0]
            flags = flags[0] if isinstance(flags, np.ndarray) and flags.ndim == 2 else flags
            flags = int(flags[0]) if isinstance(flags, np.ndarray) and flags.shape == (1,) else flags
        if full.dtype == object:
            exact = np.empty(full.size, object)
            exact[:] = [Fraction(int(v)) * step for v in full.ravel()]
            return Column(exact.reshape(full.shape), 1, flags=flags, wide=True)
        most = max(map(abs, nums), default=0) * step.numerator
        return Column(full * step.numerator if step.numerator != 1 else full, step.denominator, -most, most, flags)

    @staticmethod
    def sub_units(whole: Column, step: Fraction) -> list[int]:
        """Return amounts, already rounded, as whole numbers of their smallest part; zero where they are not there."""
        flat = np.atleast_1d(np.asarray(whole.num)).ravel()
        marks = c.marks_of(whole, np.shape(whole.num)).reshape(-1)
        if not whole.wide and whole.den == step.denominator and step.numerator == 1:
            nums = [int(v) for v in flat]
        else:
            nums = [int(Fraction(v) / step) if whole.wide else int(Fraction(int(v), whole.den) / step) for v in flat]
        return nums if not marks.any() else [0 if m & STOPPED else v for v, m in zip(nums, marks, strict=True)]

    def weights(self, node: Node, key_name: str, mask: Array, members: Array | None, frame: Frame) -> c.Weights:
        """Return the weights of the members of a set: a key, equal parts, the fact that a row names, or a formula."""
        key = node.args[1] if len(node.args) > 1 else None
        if key is not None and key.type.kind == "key":
            return self.chosen_keys(key, mask, members, frame)
        if key_name:
            return self.blend(key_name, mask, members, frame)
        column = c.number(Fraction(1)) if key is None else self.evaluate(key, frame)
        if mask.ndim > 1 or (isinstance(column.flags, np.ndarray) and column.flags.ndim == 2):
            rows = range(max(mask.shape[0] if mask.ndim > 1 else 1, c.shape_of(column)[0] if len(c.shape_of(column)) > 1 else 1))
            checked = [self.within(_row(column, i), mask if mask.ndim == 1 else mask[i]) for i in rows]
            return self.made_weights([x for x, _ in checked], [f for _, f in checked], members, frame, list(rows))
        if not column.scalar and column.num.shape[-1] == 1:
            column = c.spread(column, (*column.num.shape[:-1], self.n))
        column, flag = self.checked(column, mask)
        return self.made_weights([column], [flag], members, frame)

    def within(self, column: Column, mask: Array) -> tuple[Column, int]:
        """Return the weights of one row, zero outside its set, and what they rest on."""
        column, flag = self.checked(column, mask)
        return c.choose(mask, self.as_members(column), c.number(Fraction(0))), flag

    def made_weights(
        self, columns: list[Column], flags: list[int], members: Array | None, frame: Frame, index: list[int] | None = None
    ) -> c.Weights:
        count = self.n if members is None else len(members)
        keys: list[Array] = []
        for column in columns:
            if frame.prorata:
                column = c.multiply(column, self.presence(frame, frame.prorata))
            keys.extend(c.integer_weights(column, members, count))
        if index is None and len(keys) > 1:
            index = list(range(len(keys)))
            flags = flags * len(keys)
        return c.Weights(keys, flags, index if index is not None and len(index) > 1 else None)

    def checked(self, column: Column, mask: Array) -> tuple[Column, int]:
        """Return weights with zero where a member is not concerned, and what they rest on together."""
        if isinstance(column.flags, int):
            return (c.number(Fraction(0)), 0) if column.flags & STOPPED == NONE else (column.with_flags(0), column.flags & ~NONE)
        marks = np.where(mask, column.flags, np.uint8(0))
        flag = int(np.bitwise_or.reduce((_origins(marks) | (marks & np.uint8(REFUSED))).ravel()))
        if ((marks & NONE) != 0).any():
            column = c.choose((column.flags & NONE) == 0, self.as_members(column), c.number(Fraction(0)))
        return column.with_flags(0), flag

    def chosen_keys(self, key: Node, mask: Array, members: Array | None, frame: Frame) -> c.Weights:
        """Return, row by row, the fact that each row names as its key."""
        chosen = self.evaluate(key, frame)
        names = {code: name for name, code in self.codes.items()}
        codes = [int(v) for v in np.atleast_1d(np.asarray(chosen.num)).ravel()]
        marks = [int(v) for v in np.broadcast_to(np.asarray(chosen.flags, np.uint8).reshape(-1), (len(codes),))]
        facts = {
            pair: self.key_fact(names[pair[0]], frame) if not pair[1] & STOPPED else c.number(Fraction(0))
            for pair in dict.fromkeys(zip(codes, marks, strict=True))
        }
        heights = [
            len(codes),
            *(c.shape_of(x)[0] for x in facts.values() if len(c.shape_of(x)) > 1),
            *mask.shape[: mask.ndim - 1],
        ]
        pairs = list(zip(codes, marks, strict=True)) * (max(heights) if len(codes) == 1 else 1)
        columns: list[Column] = []
        flags: list[int] = []
        index: list[int] = []
        place: dict[tuple[int, int], int] = {}
        for row, pair in enumerate(pairs):
            if pair not in place:
                by_row = len(c.shape_of(facts[pair])) > 1 or mask.ndim > 1
                one, flag = self.within(_row(facts[pair], row), mask if mask.ndim == 1 else mask[row])
                if not by_row:
                    place[pair] = len(columns)
                columns.append(one)
                flags.append(flag | pair[1])
                index.append(len(columns) - 1)
            else:
                index.append(place[pair])
        return self.made_weights(columns, flags, members, frame, index)

    def key_fact(self, name: str, frame: Frame) -> Column:
        """Return the fact that a row names as its key."""
        return self.evaluate(self.plan.key_node(name), frame)

    def blend(self, name: str, mask: Array, members: Array | None, frame: Frame) -> c.Weights:
        """Return the weights of a key of several components; row by row where they are read at the date of each."""
        drivers = [d for w in self.model.keys[name].weights for d in (w.driver, w.fallback) if d is not None]
        shapes = [mask.shape, *(c.shape_of(self.evaluate(d, frame)) for d in drivers)]
        heights = [shape[0] for shape in shapes if len(shape) > 1]
        if not heights:
            column, flag = self.blended(name, mask, frame)
            return self.made_weights([column], [flag], members, frame)
        rows = range(max(heights))
        found = [self.blended(name, mask if mask.ndim == 1 else mask[i], frame, i) for i in rows]
        return self.made_weights([self.as_members(x) for x, _ in found], [f for _, f in found], members, frame, list(rows))

    def blended(self, name: str, mask: Array, frame: Frame, row: int = 0) -> tuple[Column, int]:
        """Return the weights of a key of several components, each brought to one before they are added."""
        flag = 0
        total: Column | None = None
        for component in self.model.keys[name].weights:
            part: Column = c.number(Fraction(1))
            drivers = [d for d in (component.driver, component.fallback) if d is not None]
            for driver in drivers:
                part, one_flag = self.checked(_row(self.evaluate(driver, frame), row), mask)
                flag |= one_flag
                if flag & REFUSED:
                    return part, flag
                if _any(part, mask):
                    break
            whole = c.total(self.as_members(part), mask)
            if not whole.value():
                return part, REFUSED | flag
            weighted = c.multiply(
                c.choose(mask, self.as_members(part), c.number(Fraction(0))), c.number(component.percent / whole.value())
            )
            total = weighted if total is None else c.add(total, weighted)
        assert total is not None
        return total, flag

    def presence(self, frame: Frame, rule: str) -> Column:
        """Return the part of the exercise each member holds what a line is for."""
        year = self.model.calendar.period(frame.year)
        parts: list[Fraction | None] = []
        for member in self.order:
            if self.tables.members[member].host:
                parts.append(Fraction(1))
                continue
            if not frame.holders:
                who = self.tables.members[member]
                parts.append(presence(Period(who.first or year.first, who.last or year.last), year, rule))
                continue
            held = {id(ch): ch for o in frame.holders for ch in self.reader.held(member, o, frame.year)}
            parts.append(
                min(
                    sum((presence(Period(ch.first, ch.last or year.last), year, rule) for ch in held.values()), Fraction(0)),
                    Fraction(1),
                )
            )
        return c.from_fractions(parts)

    # ------------------------------------------------------------ scales, names

    def scale(self, name: str, node: Node, frame: Frame) -> Column:
        scale, rule = self.model.scales[name], self.book.scales[name]
        reading = rule.reading or r.ReadingRule("first_day")
        if len(scale.periods) > 1 and self.dated_here(reading, frame):
            return self.scale_at_dates(name, node, frame, reading)
        day = self.reader.reading_day(reading, self.context(frame))
        return self.scale_of(name, node, frame, Exact.scale_period(scale.periods, day))

    def scale_at_dates(self, name: str, node: Node, frame: Frame, reading: r.ReadingRule) -> Column:
        """Read a scale at the date of each event: each of its periods where it is in force."""
        days, of_rows = self.days_read(reading, frame)
        chosen = [Exact.scale_period(self.model.scales[name].periods, day) for day in days]
        ranks = np.array([-1 if found is None else found[0] for found in chosen], np.int64)
        ranks = ranks.reshape(-1, 1) if of_rows and frame.owners is None else ranks
        result = self.scale_of(name, node, frame, None)
        for rank, found in {found[0]: found for found in chosen if found is not None}.items():
            result = c.choose(ranks == rank, self.scale_of(name, node, frame, found), result)
        return result

    def scale_of(self, name: str, node: Node, frame: Frame, chosen: tuple[int, TypedPeriod] | None) -> Column:
        """Return what a period of a scale gives; none is in force when there is none."""
        scale = self.model.scales[name]
        drivers = [self.evaluate(d, frame) for d in scale.drivers]
        if chosen is None:
            return c.stopped(REFUSED).with_flags(c.either(*(d.flags for d in drivers), c.stopping(REFUSED, *drivers)))
        index, period = chosen
        values, marks, dated = self.cell_values(name, index, period, frame)
        if scale.progressive:
            return self.slices(
                period.rows, drivers[0], [dated.get(i) or c.number(v or Fraction(0)) for i, v in enumerate(values)], marks
            )
        key = (id(node), name, index, id(frame)) if not any(self.plan.variable(d) for d in scale.drivers) else None
        found = self.kept.get(key) if key is not None else None
        if found is None:
            found = self.classes(period.rows, drivers, scale.drivers, marks)
            if key is not None:
                self.kept[key] = found
        where, flags = found
        table = c.from_fractions([*values, Fraction(0)], money=_has_money(scale.type))
        if not isinstance(where, np.ndarray):
            one = c.number(table.value(where)).with_flags(flags)
            return dated[where].with_flags(c.either(flags, c.stopping(dated[where].flags, *drivers))) if where in dated else one
        num = table.num.take(where, mode="clip")
        result = Column(num, table.den, table.low, table.high, flags, table.wide)
        for position, price in dated.items():
            stop = c.stopping(np.where(where == position, c.marks_of(price, c.shape_of(price, result)), np.uint8(0)), *drivers)
            result = c.choose(where == position, price, result).with_flags(c.either(flags, stop))
            flags = result.flags
        return result

    def cell_values(
        self, name: str, index: int, period: Any, frame: Frame
    ) -> tuple[list[Fraction | None], list[int], dict[int, Column]]:
        """Return what each class gives, the flag of those that give nothing, and the prices that have several dates."""
        values: list[Fraction | None] = []
        marks = []
        dated: dict[int, Column] = {}
        for position, row in enumerate(period.rows):
            cell = row.cell
            value, mark = self.cells.get((name, index, position), cell.value), 0
            if cell.kind == "free":
                value = Fraction(0)
            elif cell.kind == "name":
                price = self.parameter(Node("parameter", data=cell.parameter), frame)
                if price.scalar:
                    value, mark = price.value(), _all_flags(price.flags)
                else:
                    dated[position], value = price, Fraction(0)
            elif cell.kind != "amount":
                value, mark = Fraction(0), NONE if cell.kind == "none" else REFUSED
            values.append(value)
            marks.append(mark)
        return values, marks, dated

    def classes(self, rows: Any, drivers: list[Column], nodes: tuple[Node, ...], marks: list[int]) -> tuple[Any, Any]:
        """Return the rank of the class of each value (the last rank for none) and the flags that follow."""
        base = c.either(*(d.flags for d in drivers))
        outside = len(rows)
        if all(d.scalar for d in drivers):
            rank = next(
                (
                    i
                    for i, row in enumerate(rows)
                    if all(_in_class_one(d, k, self) for d, k in zip(drivers, row.classes, strict=True))
                ),
                outside,
            )
            return rank, c.either(base, c.stopping(REFUSED if rank == outside else marks[rank], *drivers))
        if len(drivers) == 1 and not drivers[0].wide and nodes[0].type.kind == "number" and _contiguous(rows):
            where = _ranks(rows, drivers[0])
        else:
            shape = np.broadcast_shapes(*(np.shape(d.num) for d in drivers))
            where = np.full(shape, outside, np.intp)
            for i in reversed(range(outside)):
                inside = np.ones(shape, bool)
                for driver, klass in zip(drivers, rows[i].classes, strict=True):
                    inside = inside & self.inside(driver, klass)
                where[inside] = i
        table = np.array([*marks, REFUSED], np.uint8)
        if table[:-1].any() or (where == outside).any():
            base = c.either(base, c.stopping(table.take(where), *drivers))
        return where, base

    def inside(self, driver: Column, klass: Interval | NamesClass) -> Any:
        """Tell which values are in a class."""
        if isinstance(klass, NamesClass):
            if not klass.names:
                return np.ones(np.shape(driver.num), bool)
            if isinstance(driver.num, np.ndarray) and driver.num.dtype == bool:
                return np.isin(driver.num, [n == "oui" for n in klass.names])
            return np.isin(driver.num, [self.code(n) for n in klass.names])
        num = c.widened(driver)
        result = np.ones(np.shape(num), bool)
        if klass.low is not None:
            result = result & np.asarray(num >= klass.low if klass.low_closed else num > klass.low, bool)
        if klass.high is not None:
            result = result & np.asarray(num <= klass.high if klass.high_closed else num < klass.high, bool)
        return result

    def slices(self, rows: Any, quantity: Column, values: list[Column], marks: list[int]) -> Column:
        """Return the price of each slice at its own price, added."""
        zero = c.number(Fraction(0))
        result = zero
        flags: c.Flags = 0
        covered: Fraction | None = Fraction(0)
        for row, value, mark in zip(rows, values, marks, strict=True):
            interval = row.classes[0]
            low = interval.low or Fraction(0)
            high = quantity if interval.high is None else c.least(quantity, c.number(interval.high))
            part = c.least(c.subtract(high, c.number(low)), zero, greatest=True)
            stop = c.either(mark, value.flags)
            if not isinstance(stop, int) or stop:
                flags = c.either(flags, _flag_where(c.compare(part.with_flags(0), zero, ">").num, stop))
            result = c.add(result, c.multiply(part.with_flags(0), value.with_flags(0)))
            covered = None if interval.high is None or covered is None else max(covered, interval.high)
        if covered is not None:
            flags = c.either(flags, _flag_where(c.compare(quantity.with_flags(0), c.number(covered), ">").num, REFUSED))
        return result.with_flags(c.either(quantity.flags, c.stopping(flags, quantity)))

    def value(self, node: Node, frame: Frame) -> Column:
        name, offer, year, of = node.data
        if of is not None:
            raise NotPlanned(f"{name} of {of}")
        if year is not None or offer is not None:
            if frame.base is not None:
                raise NotPlanned(f"{name} of another exercise or offer at the date of an event")
            wanted = self.reader.year(year, Context(frame.year)) if year is not None else frame.year
            frame = self.frame(wanted, offer or frame.offer)
        return self.named(name, node, frame)

    def named(self, name: str, node: Node, frame: Frame) -> Column:
        if name in self.book.scales:
            return self.scale(name, node, frame)
        if name in self.book.quantities:
            typed = self.model.rules[name]
            assert typed.formula is not None
            if frame.prorata:  # that of a line, not of the values it reads
                if "whole" not in frame.kept:
                    frame.kept["whole"] = replace(frame, prorata="", memo={}, run_memo={}, kept={})
                    self.special.append(frame.kept["whole"])
                frame = frame.kept["whole"]
            memo = frame.run_memo
            kept = memo.get(id(typed))
            column = kept if kept is not None else self.evaluate(typed.formula, frame)
            memo[id(typed)] = column
            if not typed.holders:
                return column
            holding = np.logical_or.reduce([self.held(o, frame.year) for o in typed.holders])
            if frame.owners is not None:
                holding = holding[frame.owners]
            shape = c.shape_of(column, Column(holding))
            return c.spread(column, shape).with_flags(np.where(holding, c.marks_of(column, shape), np.uint8(NONE)))
        return self.billed(name, frame)

    def billed(self, name: str, frame: Frame) -> Column:
        """Return a line, a credit, a limit or the opening of an allowance, as a formula reads it."""
        raise NotImplementedError

    def net(self, node: Node, frame: Frame) -> Column:
        """Return a line less its credits and the limits that bear on it alone."""
        raise NotImplementedError

    def drawn(self, node: Node, frame: Frame) -> Column:
        """Return what each row takes inside or beyond an allowance, or what is left of it."""
        raise NotImplementedError

    _operations: dict[str, Callable[[Any, Node, Frame], Column]] = {}


_PASSING = ("+", "-", "×", "/", "minus")


def _has_money(kind: Type) -> bool:
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


def _origins(flags: Any) -> Any:
    """Return what values rest on; « sans objet » rests on nothing."""
    if isinstance(flags, int):
        return flags & ~STOPPED if flags & STOPPED != NONE else 0
    return np.where((flags & STOPPED) == NONE, np.uint8(0), flags & ~np.uint8(STOPPED))


def _flag_where(condition: Any, flags: c.Flags) -> c.Flags:
    """Return flags where a condition holds."""
    if not isinstance(condition, np.ndarray):
        return flags if condition else 0
    return np.where(condition, flags, np.uint8(0)).astype(np.uint8)


def _all_flags(flags: Any) -> int:
    return flags if isinstance(flags, int) else int(np.bitwise_or.reduce(flags.ravel())) if flags.size else 0


def _upright(column: Column) -> Column:
    """Stand a column of rows up, so that members lie across."""
    num = column.num if column.scalar else column.num.reshape(-1, 1)
    flags = column.flags.reshape(-1, 1) if isinstance(column.flags, np.ndarray) else column.flags
    return Column(num, column.den, column.low, column.high, flags, column.wide)


def _row(column: Column, index: int) -> Column:
    """Return what a row gives, one value for each member or the same for all."""

    def at(part: Any) -> Any:
        return part[index] if isinstance(part, np.ndarray) and part.ndim == 2 else part

    num, flags = at(column.num), at(column.flags)
    num = num[0] if isinstance(num, np.ndarray) and num.shape == (1,) else num
    flags = int(flags[0]) if isinstance(flags, np.ndarray) and flags.shape == (1,) else flags
    return Column(num, column.den, column.low, column.high, flags, column.wide)


def _any(weights: Column, mask: Array) -> bool:
    """Tell whether a member of a set has a weight."""
    return bool(np.any((np.asarray(weights.num) != 0) & mask))


def _stacked(rows: list[Column]) -> Column:
    """Put columns of members one under the other."""
    if any(x.wide or x.den != rows[0].den for x in rows):
        array = np.array([list(np.atleast_1d(c.widened(x))) for x in rows], object)
        return Column(array, 1, flags=_stacked_flags(rows), wide=True)
    low, high = min(x.low for x in rows), max(x.high for x in rows)
    return Column(np.stack([x.num for x in rows]), rows[0].den, low, high, _stacked_flags(rows))


def _stacked_flags(rows: list[Column]) -> Any:
    if all(isinstance(x.flags, int) and not x.flags for x in rows):
        return 0
    return np.stack([np.broadcast_to(np.asarray(x.flags, np.uint8), np.shape(x.num)) for x in rows])


def _contiguous(rows: Any) -> bool:
    """Tell whether classes follow one another without a hole, in order, whatever the value."""
    for before, after in pairwise(rows):
        a, b = before.classes[0], after.classes[0]
        if a.high is None or b.low is None or a.high != b.low or a.high_closed == b.low_closed:
            return False
    return rows[0].classes[0].low is None and rows[-1].classes[0].high is None


def _ranks(rows: Any, driver: Column) -> Array:
    """Return the rank of each value among contiguous classes, by counting the bounds it has passed."""
    where: Array | None = None
    kind = np.int8 if len(rows) < 128 else np.int32
    for row in rows[1:]:
        interval = row.classes[0]
        edge = interval.low * driver.den
        if interval.low_closed:
            bound = -((-edge.numerator) // edge.denominator)
            passed = driver.num >= min(max(bound, -c.LIMIT), c.LIMIT)
        else:
            bound = edge.numerator // edge.denominator
            passed = driver.num > min(max(bound, -c.LIMIT), c.LIMIT)
        step = passed.view(np.int8) if kind is np.int8 else passed.astype(kind)
        where = step if where is None else where + step
    return where.astype(np.intp) if where is not None else np.zeros(driver.num.shape, np.intp)


def _in_class_one(driver: Column, klass: Any, prepared: Vector) -> bool:
    if isinstance(klass, Interval):
        return driver.value() in klass
    if not klass.names:
        return True
    if isinstance(driver.num, (bool, np.bool_)):
        return ("oui" if driver.num else "non") in klass.names
    return int(driver.num) in [prepared.code(n) for n in klass.names]


def _holds_share(node: Node) -> bool:
    return node.op == "share" or any(_holds_share(arg) for arg in node.args)


Vector._operations = {
    "const": Vector.const, "reading": Vector.reading, "offer": Vector.offer, "attribute": Vector.attribute, "fact": Vector.fact,
    "parameter": Vector.parameter, "field": Vector.field, "step": Vector.step, "+": Vector.arithmetic, "-": Vector.arithmetic,
    "×": Vector.arithmetic, "/": Vector.arithmetic, "minus": Vector.arithmetic, "compare": Vector.comparison, "and": Vector.logic,
    "or": Vector.logic, "not": Vector.logic, "case": Vector.case, "min": Vector.extreme, "max": Vector.extreme,
    "cap": Vector.extreme, "floor": Vector.extreme, "round": Vector.round, "shift": Vector.dates, "next_day": Vector.dates,
    "year_day": Vector.year_day, "holds": Vector.holds, "rank": Vector.rank_of, "rank_since": Vector.rank_since,
    "sum_members": Vector.sum_members, "sum_rows": Vector.sum_rows, "count_rows": Vector.count_rows,
    "count_members": Vector.count_members, "past": Vector.past, "years": Vector.years, "share": Vector.share,
    "value": Vector.value, "net": lambda self, node, frame: self.net(node, frame), "drawn": lambda self, node, frame: self.drawn(node, frame),
}  # fmt: skip
