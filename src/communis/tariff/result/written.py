"""A result as plain JSON values: one versioned form that every surface uses (schema `communis/result/1`)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from communis.tariff.calendar import Period
from communis.tariff.interpreter.results import Entry, LineResult
from communis.tariff.interpreter.values import AMOUNT, FICTITIOUS, PROVISIONAL, SIMULATED
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Type
from communis.tariff.meaning.units import EURO_DIMENSIONS

if TYPE_CHECKING:
    from communis.tariff.result.statements import Result, Statement

SCHEMA = "communis/result/1"


def result_json(result: Result) -> dict[str, Any]:
    """Return the result as plain JSON values (schema `communis/result/1`); amounts are decimal strings."""
    header = result.book.header
    period = result.model.calendar.period(result.year)
    return {
        "schema": SCHEMA,
        "convention": {
            "title": header.title,
            "host": header.host,
            "version": header.version,
            "first": header.first.isoformat() if header.first else None,
            "last": header.last.isoformat() if header.last else None,
            "sha256": result.convention.fingerprint,
        },
        "exercise": {
            "label": result.model.calendar.label(result.year),
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
        },
        "interpretations": [interpretation_json(result, i) for i in result.book.interpretations.values()],
        "verified": result.verified,
        "members": [member_json(result, s) for s in result.statements],
        "host": {"lines": [line_json(result, line) for line in result.host_lines], "total": decimal_text(result.host_total())},
        "totals": totals_json(result),
    }


def interpretation_json(result: Result, rule: r.Interpretation) -> dict[str, Any]:
    reading = result.ledger.reader.reading(rule.name)
    return {
        "name": rule.name,
        "question": rule.label,
        "reading": reading,
        "words": rule.readings.get(reading or "", "") or rule.open_reason,
    }


def member_json(result: Result, statement: Statement) -> dict[str, Any]:
    member = result.tables.members[statement.member]
    total = result.total(statement)
    tax = result.tax_of(result.payable(statement))
    flags = result.rests_on(statement)
    for line in statement.owed(result.money):
        flags |= line.flags
    return {
        "name": member.name,
        "siren": member.siren,
        "type": member.kind,
        "held": list(statement.held),
        "lines": [line_json(result, line) for line in statement.lines],
        "total": None
        if total is None
        else {"before_tax": decimal_text(total), "tax": decimal_text(tax), "due": decimal_text(total + tax)},
        "blocked": bool(statement.refused),
        "flags": flags_json(result.marks(flags)),
        "warnings": [w.said for w in statement.warnings],
    }


def line_json(result: Result, line: LineResult) -> dict[str, Any]:
    rule: Any = result.book.named()[line.name]
    kind = result.model.rules[line.name].type
    tax = result.tax(line)
    return {
        "line": line.name,
        "label": rule.label or line.name,
        "kind": line.kind,
        "offer": line.offer,
        "nature": getattr(rule, "nature", ""),
        "account": getattr(rule, "account", ""),
        "articles": list(rule.margin.articles),
        "outcome": line.outcome,
        "amount": decimal_text(line.amount / kind.factor) if line.outcome == AMOUNT else None,
        "unit": unit_text(kind),
        "sections": {section: decimal_text(amount / kind.factor) for section, amount in line.sections.items()}
        if line.outcome == AMOUNT
        else {},
        "entries": [entry_json(e, kind) for e in line.entries if e.row and e.value.is_amount],
        "reasons": [{"kind": x.kind, "text": str(x), "member": x.member, "articles": list(x.articles)} for x in line.reasons],
        "why": line.why,
        "service": period_json(line.service),
        "due": [period_json(p) for p in line.due],
        "due_reason": line.due_reason,
        "budget_year": budget_year(line),
        "payer": result.tables.members[line.payer].name if line.payer is not None else None,
        "tax": {
            "regime": tax.regime,
            "rate": decimal_text(tax.rate) if tax.rate is not None else None,
            "amount": decimal_text(tax.amount),
        },
        "flags": flags_json(result.marks(line.flags)),
        "cause": line.note.get("cause"),
        "decision": {"act": line.decision.act, "authority": line.decision.authority, "reason": line.decision.reason}
        if line.decision
        else None,
    }


def entry_json(entry: Entry, kind: Type) -> dict[str, Any]:
    return {
        "row": entry.row,
        "event": entry.event.isoformat() if entry.event else None,
        "section": entry.section,
        "amount": decimal_text(entry.amount / kind.factor),
    }


def totals_json(result: Result) -> dict[str, Any]:
    """Return what each line gives in all, and what the members who are not blocked owe, with how many are."""
    by_line: dict[str, Fraction] = {}
    flags = 0
    for statement in result.statements:
        for line in statement.owed(result.money):
            by_line[line.name] = by_line.get(line.name, Fraction(0)) + line.amount
            flags |= line.flags
    for line in result.host_lines:
        flags |= line.flags if line.outcome == AMOUNT and result.money[line.name] else 0
    members = result.members_total()
    return {
        "by_line": {name: decimal_text(amount) for name, amount in by_line.items()},
        "members": decimal_text(members),
        "host": decimal_text(result.host_total()),
        "cost": decimal_text(members + result.host_total()),
        "blocked": len(result.blocked),
        "flags": flags_json(result.marks(flags)),
    }


def budget_year(line: LineResult) -> int | None:
    """Return the year of accounts that receives a line: that of its due date, else that of the end of its service."""
    if line.due:
        return line.due[0].first.year
    return line.service.last.year if line.service else None


def period_json(period: Period | None) -> dict[str, str] | None:
    return None if period is None else {"first": period.first.isoformat(), "last": period.last.isoformat()}


def flags_json(flags: int) -> dict[str, bool]:
    return {
        "fictitious": bool(flags & FICTITIOUS),
        "provisional": bool(flags & PROVISIONAL),
        "simulated": bool(flags & SIMULATED),
    }


def unit_text(kind: Type) -> str:
    return "€" if kind.dimensions == EURO_DIMENSIONS else kind.unit or ""


def decimal_text(value: Fraction) -> str:
    """Write an exact value as a decimal string, with two decimals at least; `a/b` when its decimals never end."""
    scaled = value * 100
    if scaled.denominator == 1:
        sign = "-" if scaled < 0 else ""
        whole, cents = divmod(abs(scaled.numerator), 100)
        return f"{sign}{whole}.{cents:02d}"
    for digits in range(3, 19):
        scaled = value * 10**digits
        if scaled.denominator == 1:
            sign = "-" if scaled < 0 else ""
            whole, rest = divmod(abs(scaled.numerator), 10**digits)
            return f"{sign}{whole}.{rest:0{digits}d}"
    return f"{value.numerator}/{value.denominator}"
