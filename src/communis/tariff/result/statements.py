"""What a computation gives: statements, what the host bears, totals, tax."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from operator import or_
from typing import Any

from communis.tariff.calendar import Period
from communis.tariff.convention import Convention
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import Entry, LineResult
from communis.tariff.interpreter.values import (
    AMOUNT,
    NOT_APPLICABLE,
    REFUSED,
    SIMULATED,
    Context,
    Reason,
    known,
)
from communis.tariff.meaning.formulas import is_money
from communis.tariff.meaning.tree import Node
from communis.tariff.result.grounds import Grounds, moves_nothing
from communis.tariff.result.written import result_json
from communis.tariff.sharing import rounded_to

CENT = Fraction(1, 100)


@dataclass(slots=True)
class Tax:
    """The tax of one amount: its regime, its rate, what it adds."""

    regime: str
    rate: Fraction | None = None
    amount: Fraction = Fraction(0)


@dataclass(slots=True)
class Statement:
    """Everything the convention says of one member for one exercise."""

    member: int
    lines: list[LineResult]
    warnings: list[Reason] = field(default_factory=list)
    held: tuple[str, ...] = ()

    def owed(self, money: Mapping[str, bool]) -> list[LineResult]:
        """Return the lines of money that give an amount."""
        return [line for line in self.lines if line.outcome == AMOUNT and money[line.name]]

    @property
    def refused(self) -> list[LineResult]:
        return [line for line in self.lines if line.outcome == REFUSED]


class Result:
    """Statements of one exercise; amounts are exact, in euros for money and in base units for the rest.

    `simulated` tells that the whole is a trial and not a bill: an offer that members do not hold, a departure.
    """

    def __init__(
        self,
        convention: Convention,
        ledger: Ledger,
        year: int,
        *,
        verified: bool,
        simulated: bool = False,
        members: Collection[int] | None = None,
    ) -> None:
        self.convention = convention
        self.model = convention.model
        self.book = convention.model.book
        self.ledger = ledger
        self.tables = ledger.tables
        self.year = year
        self.verified = verified
        self.simulated = simulated
        self.money = {name: is_money(rule.type) for name, rule in self.model.rules.items()}
        self.grounds = Grounds(ledger)
        participants = [m for m in ledger.reader.participants(year) if members is None or m in members]
        self.statements = [self.statement(m) for m in participants]
        self.host_lines = [self.grounds.weigh(line) for line in self.of_host(participants)] if members is None else []

    def statement(self, member: int) -> Statement:
        held = tuple(o for o in self.book.offers_in("") if self.ledger.reader.held(member, o, self.year))
        lines = [self.grounds.weigh(line) for line in self.ledger.statement(member, self.year)]
        for line in lines:
            if line.kind == "limit" and line.outcome != NOT_APPLICABLE and not line.due:
                line.due = self.due_of_limit(line.name, lines)
        return Statement(member, lines, self.ledger.warnings(member, self.year), held)

    def due_of_limit(self, name: str, lines: list[LineResult]) -> tuple[Period, ...]:
        """Return when what a limit moves falls due: with the line it limits, the last of them if they are several."""
        rule = self.book.limits[name]
        dues = [
            line.due
            for line in lines
            if line.kind == "line"
            and line.due
            and (line.name in rule.lines or (not rule.lines and rule.section in line.sections))
        ]
        return max(dues, key=lambda due: (due[-1].last, due[0].first), default=())

    def marks(self, flags: int) -> int:
        """Return what a figure rests on, with what the whole result is."""
        return flags | (SIMULATED if self.simulated else 0)

    def of(self, member: int) -> Statement:
        """Return the statement of a member; raises KeyError for one that does not exist in the exercise."""
        for statement in self.statements:
            if statement.member == member:
                return statement
        raise KeyError(member)

    def total(self, statement: Statement) -> Fraction | None:
        """Return what a member owes before tax, or None while one of its lines is refused."""
        if any(self.money[line.name] for line in statement.refused):
            return None
        total = sum((line.amount for line in self.payable(statement)), Fraction(0))
        rounding = self.book.header.total_rounding
        return rounded_to(total, rounding.step, rounding.mode) if rounding is not None else total

    def rests_on(self, statement: Statement) -> int:
        """Return the flags of what a member owes: made-up, provisional or supposed figures that weigh on its total."""
        checked = (line for line in statement.lines if moves_nothing(line))
        return reduce(or_, (line.flags for line in (*self.payable(statement), *checked)), 0)

    def members_total(self, chosen: Container[int] | None = None) -> Fraction:
        """Return what the members owe together before tax, or some of them; those who are blocked count for nothing."""
        totals = (self.total(s) for s in self.statements if chosen is None or s.member in chosen)
        return sum((total for total in totals if total is not None), Fraction(0))

    def payable(self, statement: Statement) -> list[LineResult]:
        """Return the lines a member pays: its own that nobody pays for it, and those it pays for others (primitive 36)."""
        own = [line for line in statement.owed(self.money) if line.payer is None]
        return own + self.paid_for_others(statement.member)

    def paid_for_others(self, member: int) -> list[LineResult]:
        """Return the lines of other members that one pays in their place (primitive 36)."""
        return self.by_payer.get(member, [])

    @cached_property
    def by_payer(self) -> dict[int, list[LineResult]]:
        """The lines paid by somebody else than the member they are of, by who pays."""
        found: dict[int, list[LineResult]] = {}
        for statement in self.statements:
            for line in statement.owed(self.money):
                if line.payer is not None:
                    found.setdefault(line.payer, []).append(line)
        return found

    @property
    def blocked(self) -> list[Statement]:
        """Return the statements that cannot be issued, for want of a fact or a decision (TAR-03)."""
        return [s for s in self.statements if s.refused]

    # ------------------------------------------------------------ what the host bears

    def of_host(self, participants: list[int]) -> Iterator[LineResult]:
        """Return the host’s own lines: its part of what is shared, what limits and balances leave it, remainders."""
        host = self.tables.host
        if host is not None:
            for line in self.ledger.statement(host, self.year):
                if line.kind == "line" and line.outcome != NOT_APPLICABLE:
                    yield line
        for name in self.book.limits:
            limit = self.ledger.limit(name, self.year)
            if limit.host:
                yield self.host_line(name, limit.host, "limit", limit.flags)
        for name, rule in self.book.lines.items():
            if rule.balance is not None:
                yield from self.balances(name, participants)  # the cents that are left are within
            elif self.book.header.remainder == "host":
                yield from self.remainders(name)

    def host_line(self, name: str, amount: Fraction, cause: str, flags: int = 0, offer: str | None = None) -> LineResult:
        line = LineResult(
            name, self.tables.host if self.tables.host is not None else -1, self.year, offer, "host", AMOUNT, amount, flags=flags
        )
        rule: Any = self.book.lines.get(name) or self.book.limits.get(name)
        section = getattr(rule, "section", "") or "fonctionnement"
        line.entries = [Entry(section, amount, amount, known(amount, None, flags=flags))]
        line.note["cause"] = cause
        line.service = self.model.calendar.period(self.year)
        return line

    def balances(self, name: str, participants: list[int]) -> Iterator[LineResult]:
        """Return what a line leaves uncovered of a cost: « le reste de … à la charge du gestionnaire »."""
        typed = self.model.rules[name]
        assert typed.balance is not None
        for offer in self.ledger.offers_of(name):
            cost = self.ledger.exact.evaluate(typed.balance, Context(self.year, None, offer))
            lines = [self.ledger.line(name, m, self.year, offer) for m in participants]
            if not any(line.outcome == AMOUNT for line in lines) and not cost.is_amount:
                continue
            result = LineResult(name, self.tables.host if self.tables.host is not None else -1, self.year, offer, "host", REFUSED)
            reasons = [reason for line in lines for reason in line.reasons] + list(cost.reasons)
            if reasons:
                result.reasons = tuple(dict.fromkeys(reasons))
                yield result
                continue
            if self.tables.host is not None:
                lines.append(self.ledger.line(name, self.tables.host, self.year, offer))
            billed = sum((line.amount for line in lines if line.outcome == AMOUNT), Fraction(0))
            flags = cost.flags
            for line in lines:
                flags |= line.flags if line.outcome == AMOUNT else 0
            yield self.host_line(name, rounded_to(cost.value, CENT, "half_up") - billed, "balance", flags, offer)

    def remainders(self, name: str) -> Iterator[LineResult]:
        """Return the cents that « restes au gestionnaire » leaves to the host, line by line."""
        formula = self.model.rules[name].formula
        shares = {id(n) for n in _roots(formula)} if formula is not None else set()
        rest, flags = Fraction(0), 0
        for (_, node, context), (_, _, note) in self.ledger.exact.distributions.items():
            if id(node) in shares and context.year == self.year:
                rest += note.get("rest", Fraction(0))
                flags |= note.get("flags", 0)
        if rest:
            yield self.host_line(name, rest, "remainder", flags)

    # ------------------------------------------------------------ tax

    def tax(self, line: LineResult) -> Tax:
        """Return the tax of a line: none, out of scope, included, or a rate on the rounded line (primitive 45)."""
        rule = self.book.lines.get(line.name)
        chosen = (rule.tax if rule is not None and rule.tax is not None else None) or self.book.header.tax
        kind = chosen.kind
        if kind == "by_reading":
            reading = self.ledger.reader.reading(chosen.reading)
            kind = {"hors_taxe": "none", "hors_champ": "out_of_scope", "toutes_taxes_comprises": "included"}.get(
                reading or "", "to_settle"
            )
        if kind in ("per_line", "on_total") and chosen.rate is not None:
            rate = chosen.rate.value / 100
            amount = rounded_to(line.amount * rate, CENT, "half_up") if kind == "per_line" else Fraction(0)
            return Tax(kind, rate, amount)
        return Tax(kind)

    def tax_of(self, lines: Iterable[LineResult]) -> Fraction:
        """Return the tax of a statement: that of each line, and that of the total for the lines taxed on the total."""
        total = Fraction(0)
        bases: dict[Fraction, Fraction] = {}
        for line in lines:
            tax = self.tax(line)
            total += tax.amount
            if tax.regime == "on_total" and tax.rate is not None:
                bases[tax.rate] = bases.get(tax.rate, Fraction(0)) + line.amount
        return total + sum((rounded_to(base * rate, CENT, "half_up") for rate, base in bases.items()), Fraction(0))

    def host_total(self) -> Fraction:
        """Return what the host bears, the lines that cannot be known set aside."""
        return sum((line.amount for line in self.host_lines if line.outcome == AMOUNT and self.money[line.name]), Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON values (schema `communis/result/1`); amounts are decimal strings."""
        return result_json(self)


def _roots(node: Node) -> Iterator[Node]:
    """Return the shares that are the whole of a formula, or of one of its cases."""
    if node.op == "share":
        yield node
    elif node.op == "case":
        for arg in node.args:
            yield from _roots(arg)
