"""A published table of amounts against the computed one: equal, different and by how much, missing (TAR-26, INT-17)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import or_
from pathlib import Path

from communis.tariff.interpreter.values import AMOUNT
from communis.tariff.language.problems import Place, Problem, ProblemsFound
from communis.tariff.result import Result
from communis.tariff.tables.raw import read_csv
from communis.tariff.tables.records import plain

EQUAL, DIFFERENT, NOT_COMPUTED, NOT_PUBLISHED = "égal", "différent", "non calculé", "non publié"


@dataclass(frozen=True, slots=True)
class Match:
    """One amount of a published table beside the computed one."""

    member: int
    line: str
    published: Fraction | None
    computed: Fraction | None
    reason: str = ""
    flags: int = 0

    @property
    def status(self) -> str:
        if self.published is None:
            return NOT_PUBLISHED
        if self.computed is None:
            return NOT_COMPUTED
        return EQUAL if self.published == self.computed else DIFFERENT

    @property
    def gap(self) -> Fraction | None:
        """Return the computed amount less the published one."""
        return None if self.published is None or self.computed is None else self.computed - self.published


def reconcile(result: Result, path: Path) -> list[Match]:
    """Compare a CSV of published amounts (`membre;montant`, perhaps `ligne`) with a result.

    Without a `ligne` column, amounts are totals of members. Raises ProblemsFound, each problem with its row and column.
    """
    published = _published(result, path)
    by_line = any(line for _, line in published)
    found = []
    for (member, line), amount in published.items():
        computed, reason, flags = _computed(result, member, line)
        found.append(Match(member, line, amount, computed, reason, flags))
    for statement in result.statements:
        for line in [x.name for x in statement.owed(result.money)] if by_line else [""]:
            if (statement.member, line) not in published:
                computed, reason, flags = _computed(result, statement.member, line)
                if computed is not None and (computed or by_line):
                    found.append(Match(statement.member, line, None, computed, reason, flags))
    return found


def _computed(result: Result, member: int, line: str) -> tuple[Fraction | None, str, int]:
    """Return what the result gives for a line, or for the total of a member, why it gives nothing, and what it rests on."""
    try:
        statement = result.of(member)
    except KeyError:
        return None, "le membre n’existe pas sur cet exercice", 0
    if not line:
        total = result.total(statement)
        if total is None:
            return None, "; ".join(dict.fromkeys(str(reason) for x in statement.refused for reason in x.reasons[:1])), 0
        return total, "", result.rests_on(statement)
    lines = [x for x in statement.lines if x.name == line]
    amounts = [x for x in lines if x.outcome == AMOUNT]
    if amounts:
        return sum((x.amount for x in amounts), Fraction(0)), "", reduce(or_, (x.flags for x in amounts), 0)
    why = next((str(x.reasons[0]) if x.reasons else x.why for x in lines), "")
    return None, why or "sans objet", 0


def _published(result: Result, path: Path) -> dict[tuple[int, str], Fraction]:
    """Read the published table; every problem at once."""
    problems: list[Problem] = []
    raw = read_csv(path, problems)
    if raw is None:
        raise ProblemsFound(problems)
    columns = {plain(str(name)): i for i, name in enumerate(raw.header)}
    for needed in ("membre", "montant"):
        if needed not in columns:
            problems.append(
                Problem("TAB-06", f"Il manque la colonne « {needed} ».", "Ajoutez-la à l’en-tête.", Place(1, 1, 1, 2), path.name)
            )
    if problems:
        raise ProblemsFound(problems)
    found: dict[tuple[int, str], Fraction] = {}
    names = {*result.book.lines, *result.book.credits, *result.book.limits}
    for row, cells in raw.rows:

        def cell(name: str, cells: list[str] = cells) -> str:
            position = columns.get(name)
            return str(cells[position]) if position is not None and position < len(cells) else ""

        def wrong(name: str, message: str, remedy: str, row: int = row) -> None:
            problems.append(Problem("TAB-13", message, remedy, Place(row, columns[name] + 1, row, columns[name] + 2), path.name))

        member, line, amount = result.tables.index(cell("membre")), cell("ligne"), _amount(cell("montant"))
        if member is None:
            wrong("membre", f"« {cell('membre')[:60]} » n’est pas un membre.", "Écrivez son nom, son SIREN ou son code Insee.")
        if line and line not in names:
            wrong(
                "ligne",
                f"« {line[:60]} » n’est pas une ligne de la convention.",
                "On peut écrire : " + ", ".join(sorted(names)) + ".",
            )
        if amount is None:
            wrong("montant", f"« {cell('montant')[:40]} » n’est pas un montant.", "Par exemple 1 234,50.")
        elif member is not None:
            if (member, line) in found:
                wrong("membre", "Ce montant est publié deux fois.", "Gardez une ligne.")
            found[member, line] = amount
    if problems:
        raise ProblemsFound(problems)
    return found


def _amount(text: str) -> Fraction | None:
    """Read an amount typed by people: `1 234,50 €`, `1234.5`."""
    cleaned = text.replace("€", "").replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", ".")
    sign = -1 if cleaned.startswith("-") else 1
    whole, _, cents = cleaned.lstrip("-").partition(".")
    if (
        not whole.isascii()
        or not whole.isdigit()
        or len(whole) > 15
        or (cents and (not cents.isascii() or not cents.isdigit() or len(cents) > 4))
    ):
        return None
    return sign * Fraction(int(whole + cents), 10 ** len(cents))
