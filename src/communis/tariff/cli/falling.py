"""What falls due in a civil year, whatever exercise it belongs to, and whose lines cannot be known."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from communis.tariff.cli.desk import INCOMPLETE, Case, civil_year, euros, marked, show, write_json
from communis.tariff.cli.telling import NO_TOTAL, blocked_text, but_blocked, dates_text, flags_of, label_of, line_text
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, REFUSED
from communis.tariff.result import Result, compute, line_json

HEADERS = ["Membre", "Ligne", "Exercice", "Montant", "Échéance"]


@dataclass(frozen=True, slots=True)
class Due:
    """A line that falls due, or may: its result, and who is asked to pay it."""

    result: Result
    line: LineResult

    @property
    def member(self) -> str:
        return self.result.tables.members[self.line.member].name

    @property
    def payer(self) -> str:
        who = self.line.member if self.line.payer is None else self.line.payer
        return self.result.tables.members[who].name

    @property
    def is_money(self) -> bool:
        return self.line.outcome == AMOUNT and self.result.money[self.line.name]

    def row(self) -> list[str]:
        result, line = self.result, self.line
        label = result.model.calendar.label(result.year)
        return [self.member, label_of(result, line), label, line_text(result, line), dates_text(line)]


def run_due(options: argparse.Namespace, case: Case, chosen: list[int]) -> int:
    """Show the lines falling due in a civil year, and name the members whose lines cannot be known."""
    wanted = civil_year(options.echeance)
    found = sorted(dues(case, wanted, chosen), key=lambda due: (due.payer, due.member))
    blocked = [(due.member, due.line) for due in found if due.line.outcome == REFUSED]
    known = [due for due in found if due.line.outcome == AMOUNT]
    if options.json:
        write_json([{"member": due.member, **line_json(due.result, due.line)} for due in found])
    elif options.csv:
        show(options, HEADERS, [due.row() for due in known])
    else:
        show_dues(options, case, wanted, known, {name for name, _ in blocked})
        if blocked:
            print(blocked_text(blocked))
    return INCOMPLETE if blocked or case.doubtful else 0


def dues(case: Case, wanted: int, chosen: list[int]) -> Iterator[Due]:
    """Yield what falls due in a year and what may, from the exercises that can give it."""
    for year in (wanted - 2, wanted - 1, wanted, wanted + 1):
        result = compute(case.convention, case.tables, year, readings=case.readings)
        for statement in result.statements:
            for line in statement.lines if not chosen or statement.member in chosen else ():
                may = line.outcome == REFUSED and may_fall_due(case, line, wanted)
                if may or (line.outcome == AMOUNT and falls_due(line, wanted)):
                    yield Due(result, line)


def show_dues(options: argparse.Namespace, case: Case, wanted: int, found: list[Due], blocked: set[str]) -> None:
    """Show what falls due, the total of whoever pays several lines, and the total of all."""
    if not found:
        print(f"Rien ne tombe en échéance en {wanted}.")
        return
    rows: list[list[str]] = []
    for payer in dict.fromkeys(due.payer for due in found):
        own = [due for due in found if due.payer == payer]
        rows.extend(due.row() for due in own)
        if sum(due.is_money and due.line.amount != 0 for due in own) > 1:
            rows.append([payer, "Total", "", NO_TOTAL if payer in blocked else total_text(own), ""])
    title = f"{case.convention.title}, échéances de {wanted}"
    show(options, HEADERS, rows, align="lllrl", title=title)
    payers = {due.payer for due in found if due.is_money and due.payer not in blocked}
    if len(payers) > 1 or blocked:
        counted = [due for due in found if due.payer not in blocked]
        print(f"Total des échéances de {wanted}{but_blocked(len(blocked))} : {total_text(counted)}")


def total_text(found: list[Due]) -> str:
    """Write what lines of money add up to, with what it rests on."""
    money = [due.line for due in found if due.is_money]
    return marked(euros(sum((line.amount for line in money), Fraction(0))), flags_of(money))


def falls_due(line: LineResult, wanted: int) -> bool:
    """Tell whether a line falls due in a civil year: by its date, else by the end of its service."""
    if line.due:
        return any(period.first.year == wanted for period in line.due)
    return line.service is not None and line.service.last.year == wanted


def may_fall_due(case: Case, line: LineResult, wanted: int) -> bool:
    """Tell whether a refused line would fall due in a civil year: by its date if it has one, else by its exercise."""
    if line.due:
        return falls_due(line, wanted)
    return case.convention.model.calendar.period(line.year).last.year == wanted
