"""The facts that a line rests on, as typed values: what the workbook lists, and what a reader checks against a source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import FICTITIOUS, NOT_APPLICABLE, Value
from communis.tariff.meaning.formulas import STEPS, type_of
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.rendering.marks import choice_flags
from communis.tariff.result import Result
from communis.tariff.tables.records import Chosen, FactRow, RegisterRow
from communis.tariff.wording import readable, value_text


@dataclass(frozen=True, slots=True)
class Used:
    """A fact, or a field of a row of a register, with its value in its own unit, its date and its source."""

    member: int | None
    label: str
    offer: str | None
    value: Fraction | str | date
    unit: str
    kind: str
    first: date | None
    last: date | None
    source: str
    author: str
    flags: int


def facts_of(result: Result, line: LineResult) -> Iterator[Used]:
    """Yield the facts behind a line, those of its conditions included, in the order of its formula."""
    seen: set[int] = set()
    for value in _values(line):
        yield from _walk(result, value, line.member, seen)
    register = result.book.lines[line.name].rows if line.name in result.book.lines else None
    if register is not None:
        billed = {entry.row for entry in line.entries if entry.value.outcome != NOT_APPLICABLE}
        for row in result.tables.registers.get(register, ()):
            if row.identifier in billed:
                yield from _row(result, register, row, line.member)


def _values(line: LineResult) -> Iterator[Value]:
    for entry in line.entries:
        yield entry.value
    for found in line.note.values():
        if isinstance(found, Value):
            yield found


def _walk(result: Result, value: Value, member: int, seen: set[int]) -> Iterator[Used]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if value.node is not None:
        yield from _here(result, value, value.node, member)
    shared = value.note.get("amount")
    for part in (*value.parts, *value.note.get("conditions", ()), *((shared,) if isinstance(shared, Value) else ())):
        yield from _walk(result, part, member, seen)


def _here(result: Result, value: Value, node: Node, member: int) -> Iterator[Used]:
    """Yield the rows that a value is read from: one, or those of a mean over an exercise."""
    row, rows = value.note.get("row"), value.note.get("rows")
    if isinstance(row, FactRow):
        yield _fact(result, row, node.type)
    elif isinstance(row, RegisterRow):
        yield _field(result, node.data, row, member, value.note.get("before_rounding", value.value))
    elif isinstance(value.note.get("chosen"), Chosen) and value.is_amount:
        yield _step(result, value.note["chosen"], node.data[1], value.value)
    elif isinstance(rows, tuple):
        yield from (_fact(result, found, node.type) for found in rows)


def _fact(result: Result, row: FactRow, kind: Type) -> Used:
    rule = result.book.facts[row.fact]
    label = f"{readable(row.fact)} ({rule.label})" if rule.label else readable(row.fact)
    shown, unit = _typed(row.value, kind)
    flags = result.ledger.reader.row_flags(row)
    return Used(row.member, label, row.offer, shown, unit, row.kind, row.first, row.last, row.source, row.author, flags)


def _row(result: Result, register: str, row: RegisterRow, member: int) -> Iterator[Used]:
    """Yield the figures of a row that a line bills, those of the member alone where each has its own."""
    for name, field in result.book.registers[register].fields.items():
        value = row.by_member.get(name, {}).get(member) if field.by_member else row.values.get(name)
        if value is not None and not field.is_event:
            yield _field(result, (register, name), row, member, value)


def _field(result: Result, named: tuple[str, str], row: RegisterRow, member: int, value: Any) -> Used:
    rule = result.book.registers[named[0]]
    field = rule.fields[named[1]]
    kind = type_of(field.type, result.model.units)
    label = f"{rule.label or readable(named[0])} {row.identifier}, {field.label or readable(named[1])}"
    shown, unit = _typed(value, kind) if kind is not None else (str(value), "")
    event: Any = row.values.get(rule.event.name) if rule.event else None
    whose = member if field.by_member else row.member
    return Used(whose, label, None, shown, unit, "", event, None, row.source, "", FICTITIOUS if row.fictitious else 0)


def _step(result: Result, chosen: Chosen, step: str, day: date) -> Used:
    """Return a dated step of a choice: a vote, a report handed in."""
    steps = result.book.offers[chosen.offer].steps
    source = ", ".join(filter(None, (chosen.act, chosen.source)))
    label = steps.get(step) or STEPS.get(step) or readable(step)
    return Used(chosen.member, label, chosen.offer, day, "", "", chosen.first, chosen.last, source, "", choice_flags(chosen))


def _typed(value: Any, kind: Type) -> tuple[Fraction | str | date, str]:
    """Return a value in the unit people use for it: a number stays a number."""
    if isinstance(value, Fraction):
        return value / kind.factor, kind.unit or ""
    if isinstance(value, date):
        return value, ""
    return value_text(value, kind), ""
