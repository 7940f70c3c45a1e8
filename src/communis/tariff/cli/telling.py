"""How the lines of a result are told in a table: label, articles, amount with what it rests on, dates, who is blocked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from communis.tariff.calendar import french_date
from communis.tariff.cli.desk import counted, euros, marked
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.result import Result, Statement
from communis.tariff.wording import value_text

NAMED = 8
NO_TOTAL = "ne peut pas être établi"


def label_of(result: Result, line: LineResult) -> str:
    """Write what a line is called, for which offer, and who pays it when it is not the member."""
    label = result.book.named()[line.name].label or line.name
    offer = f", {result.book.offers[line.offer].label}" if line.offer else ""
    payer = f", payée par {result.tables.members[line.payer].name}" if line.payer is not None else ""
    return f"{label}{offer}{payer}"


def articles_of(result: Result, line: LineResult) -> list[str]:
    return [a.removeprefix("passage ") for a in result.book.named()[line.name].margin.articles]


def line_text(result: Result, line: LineResult) -> str:
    """Write what a line gives: its amount with what it rests on, or its outcome in words."""
    if line.outcome == AMOUNT:
        return marked(value_text(line.amount, result.model.rules[line.name].type), line.flags)
    return "sans objet" if line.outcome == NOT_APPLICABLE else f"refusé : {line.reasons[0]}" if line.reasons else "refusé"


def dates_text(line: LineResult) -> str:
    if line.due_reason:
        return line.due_reason
    return ", ".join(
        french_date(p.first) if p.first == p.last else f"{french_date(p.first)} au {french_date(p.last)}" for p in line.due[:2]
    )


def total_text(result: Result, statement: Statement) -> str:
    """Write what a member owes with what it rests on."""
    total = result.total(statement)
    return NO_TOTAL if total is None else marked(euros(total), result.rests_on(statement))


def needs_total(result: Result, statement: Statement) -> bool:
    """Tell whether the total of a member says more than its lines: several add up, one is refused, or somebody else pays."""
    amounts = [line.amount for line in statement.owed(result.money) if line.amount]
    total = result.total(statement)
    return bool(amounts) if total is None else len(amounts) > 1 or total != sum(amounts)


def flags_of(lines: Iterable[LineResult]) -> int:
    return reduce(or_, (line.flags for line in lines), 0)


def but_blocked(count: int) -> str:
    """Write whom a total leaves out."""
    return f", hors {counted(count, 'membre bloqué', 'membres bloqués')}" if count else ""


def blocked_text(blocked: list[tuple[str, LineResult]]) -> str:
    """Name the blocked members, with what is missing, each cause said once."""
    by_reason: dict[str, list[str]] = {}
    for name, line in blocked:
        for reason in line.reasons:
            names = by_reason.setdefault(str(reason), [])
            if name not in names:
                names.append(name)
    members = len({name for name, _ in blocked})
    whose = "dont l’état ne peut pas être émis" if members < 2 else "dont les états ne peuvent pas être émis"
    rows = [f"\nBloqués : {counted(members, 'membre')} {whose}."]
    rows.extend(f"  {said} — {shortened(names)}" for said, names in by_reason.items())
    return "\n".join(rows)


def alerts_text(result: Result, statements: Iterable[Statement]) -> str:
    """Say each alert once with the members it is about; nothing when there is none."""
    members: dict[str, list[str]] = {}
    for statement in statements:
        for alert in statement.warnings:
            label = result.book.refusals[alert.subject].label
            said = f"{label} : {alert.said}" if label and label not in alert.said else alert.said
            names = members.setdefault(said, [])
            if result.tables.members[statement.member].name not in names:
                names.append(result.tables.members[statement.member].name)
    if not members:
        return ""
    return "\n".join(["\nAlertes, qui n’arrêtent rien :", *(f"  {said} — {shortened(names)}" for said, names in members.items())])


def shortened(names: list[str]) -> str:
    """Name the first of some members, and say how many others there are."""
    rest = f" et {counted(len(names) - NAMED, 'autre')}" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{rest}"
