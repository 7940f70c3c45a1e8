"""What the ledger gives: lines, credits and limits with their entries, and allowances consumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import Period
from communis.tariff.interpreter.values import AMOUNT, Reason, Value
from communis.tariff.tables.records import Decision


@dataclass(slots=True)
class Entry:
    """One amount of a line: the whole line, or what one row of a register gives, with the answer to the condition of the row."""

    section: str
    amount: Fraction
    before_rounding: Fraction
    value: Value
    row: str = ""
    event: date | None = None
    answer: Value | None = None


@dataclass(slots=True)
class LineResult:
    """What a line, a credit or a limit gives for one member, one exercise and one offer.

    `answers` holds the answers to the conditions of its clauses, in the order in which they were looked at: whether it is
    due, when, who pays, who bears what is cut.
    """

    name: str
    member: int
    year: int
    offer: str | None
    kind: str  # line, credit, limit, host
    outcome: str
    amount: Fraction = Fraction(0)
    entries: list[Entry] = field(default_factory=list)
    reasons: tuple[Reason, ...] = ()
    flags: int = 0
    why: str = ""
    service: Period | None = None
    due: tuple[Period, ...] = ()
    due_reason: str = ""
    payer: int | None = None
    decision: Decision | None = None
    note: dict[str, Any] = field(default_factory=dict)
    answers: list[Value] = field(default_factory=list)

    @property
    def sections(self) -> dict[str, Fraction]:
        """Return the amount by section."""
        found: dict[str, Fraction] = {}
        for entry in self.entries:
            found[entry.section] = found.get(entry.section, Fraction(0)) + entry.amount
        return found


@dataclass(slots=True)
class AllowanceResult:
    """An allowance over an exercise: its opening, what each row took inside and beyond, and what is left.

    `answers` holds, for each row, the answer to the condition of the allowance.
    """

    opening: Value
    taken: dict[int, tuple[Fraction, Fraction, Fraction]] = field(default_factory=dict)
    answers: dict[int, Value] = field(default_factory=dict)
    left: Fraction = Fraction(0)
    flags: int = 0
    problem: Value | None = None


@dataclass(slots=True)
class LimitResult:
    """A limit over all members: each one’s own line, and what the host bears."""

    by_member: dict[int, LineResult]
    host: Fraction = Fraction(0)
    flags: int = 0


def settled(result: LineResult, entries: list[Entry]) -> LineResult:
    """Make a result the amount of its entries."""
    result.outcome = AMOUNT
    result.entries = entries
    result.amount = sum((e.amount for e in entries), Fraction(0))
    for entry in entries:
        result.flags |= entry.value.flags
    return result


def stopped(result: LineResult, value: Value) -> LineResult:
    """Make a result what stops it: a refusal with its reasons, or « sans objet » with its cause."""
    result.outcome = value.outcome
    result.reasons = value.reasons
    result.flags = value.flags
    result.why = str(value.note.get("why", ""))
    result.note["value"] = value
    return result


def replace_note(value: Value, **note: Any) -> Value:
    """Return a value with more to say of itself."""
    return Value(value.outcome, value.value, value.reasons, value.flags, value.node, value.parts, {**value.note, **note})
