"""The table of the offers: what each would cost every member alone, with what stops an amount said once, in a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communis.tariff.cli.desk import Case, euros, marked
from communis.tariff.interpreter.values import AMOUNT, REFUSED
from communis.tariff.result import Result
from communis.tariff.wording import value_text

NOTHING = "sans objet"


@dataclass(frozen=True, slots=True)
class Cell:
    """What an offer would cost a member, or the reason why nothing is computed."""

    text: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class OffersTable:
    """A table whose stopped cells are notes, and the offers that give nothing to anybody set apart."""

    headers: list[str]
    rows: list[list[str]]
    notes: list[str]
    """The reasons, in the order of their numbers."""
    apart: list[str]
    """A line for each reason that stops some offers for every member."""

    @property
    def align(self) -> str:
        """The side of each column."""
        return "l" + "r" * (len(self.headers) - 1)

    @property
    def below(self) -> list[str]:
        """The lines written under the table."""
        return [*(f"({number}) {note}" for number, note in enumerate(self.notes, 1)), *self.apart]


def offer_cell(result: Result, member: int) -> Cell:
    """Write what a member would owe in a simulation: an amount, a quantity in kind, or why there is none."""
    statement = result.of(member)
    total = result.total(statement)
    if total is None:
        reasons = statement.refused[0].reasons
        return Cell(str(reasons[0]) if reasons else "refusé", True)
    kinds = [
        value_text(x.amount, result.model.rules[x.name].type)
        for x in statement.lines
        if x.outcome == AMOUNT and not result.money[x.name] and x.kind == "line"
    ]
    owed = statement.owed(result.money)
    if not owed and not kinds:
        refused = next((x for x in statement.lines if x.outcome == REFUSED), None)
        if refused is not None and refused.reasons:
            return Cell(str(refused.reasons[0]), True)
        return Cell(NOTHING, False)
    flags = 0
    for line in owed:
        flags |= line.flags
    words = [euros(total)] if owed else []
    return Cell(marked(" et ".join([*words, *kinds]), flags), False)


def offers_table(case: Case, found: Mapping[str, Result], members: Sequence[int] | None = None) -> OffersTable:
    """Build the table of the offers for some members, all of them by default; offers are judged on every member."""
    offers = case.convention.model.book.offers
    names = case.tables.members
    everyone = [s.member for s in next(iter(found.values())).statements] if found else []
    cells = {offer: {m: offer_cell(result, m) for m in everyone} for offer, result in found.items()}
    kept: list[str] = []
    nothing: dict[str, list[str]] = {}
    for offer, column in cells.items():
        texts = {cell.text for cell in column.values()}
        if len(texts) == 1 and texts <= {cell.text for cell in column.values() if cell.stopped} | {NOTHING}:
            nothing.setdefault(texts.pop(), []).append(offers[offer].label or offer)
        else:
            kept.append(offer)
    apart = [f"Pour tous les membres, {reason} : {', '.join(labels)}." for reason, labels in nothing.items()]
    shown = [m for m in everyone if members is None or m in members]
    notes: list[str] = []
    rows = []
    for m in shown:
        row = [names[m].name]
        for offer in kept:
            cell = cells[offer][m]
            if cell.stopped and cell.text not in notes:
                notes.append(cell.text)
            row.append(f"({notes.index(cell.text) + 1})" if cell.stopped else cell.text)
        rows.append(row)
    return OffersTable(["Membre", *(offers[o].label or o for o in kept)], rows if kept else [], notes, apart)


def offers_rows(case: Case, found: Mapping[str, Result], members: Sequence[int] | None = None) -> list[list[str]]:
    """Return every cell in full, for a CSV file: one row a member, one column an offer."""
    everyone = [s.member for s in next(iter(found.values())).statements] if found else []
    shown = [m for m in everyone if members is None or m in members]
    return [[case.name(m), *(offer_cell(result, m).text for result in found.values())] for m in shown]
