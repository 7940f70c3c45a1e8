"""The result of a computation: statements, what the host bears, totals; one versioned JSON that every surface uses."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from operator import or_
from typing import Any

from communis.tariff.calendar import Period
from communis.tariff.columnar.frames import NotPlanned
from communis.tariff.columnar.plan import Plan
from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import Entry, LineResult
from communis.tariff.interpreter.values import (
    AMOUNT,
    FICTITIOUS,
    NOT_APPLICABLE,
    PROVISIONAL,
    REFUSED,
    SIMULATED,
    Context,
    Reason,
    known,
)
from communis.tariff.language import rules as r
from communis.tariff.meaning.formulas import is_money
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.meaning.units import EURO_DIMENSIONS
from communis.tariff.sharing import rounded_to
from communis.tariff.tables.records import Tables

SCHEMA = "communis/result/1"
CENT = Fraction(1, 100)


class EnginesDisagree(AssertionError):
    """The plan and the interpreter gave two amounts for one line: a bug of the engine, never shown as a result."""


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
    """Statements of one exercise; amounts are exact, in euros for money and in base units for the rest."""

    def __init__(self, convention: Convention, ledger: Ledger, year: int, *, verified: bool) -> None:
        self.convention = convention
        self.model = convention.model
        self.book = convention.model.book
        self.ledger = ledger
        self.tables = ledger.tables
        self.year = year
        self.verified = verified
        self.money = {name: is_money(rule.type) for name, rule in self.model.rules.items()}
        participants = ledger.reader.participants(year)
        self.statements = [self.statement(m) for m in participants]
        self.host_lines = list(self.of_host(participants))

    def statement(self, member: int) -> Statement:
        held = tuple(o for o in self.book.offers_in("") if self.ledger.reader.held(member, o, self.year))
        return Statement(member, self.ledger.statement(member, self.year), self.ledger.warnings(member, self.year), held)

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
        return reduce(or_, (line.flags for line in self.payable(statement)), 0)

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
        rest = Fraction(0)
        for (_, node, context), (_, _, note) in self.ledger.exact.distributions.items():
            if id(node) in shares and context.year == self.year:
                rest += note.get("rest", Fraction(0))
        if rest:
            yield self.host_line(name, rest, "remainder")

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

    # ------------------------------------------------------------ by article (TAR-27)

    def by_article(self, reference: str) -> list[LineResult]:
        """Return every line, of every member, that rests on an article."""
        names = {n for n, rule in self.book.named().items() if reference in rule.margin.articles}
        return [line for s in self.statements for line in s.lines if line.name in names and line.outcome == AMOUNT]

    # ------------------------------------------------------------ JSON

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON values (schema `communis/result/1`); amounts are decimal strings."""
        header = self.book.header
        period = self.model.calendar.period(self.year)
        return {
            "schema": SCHEMA,
            "convention": {
                "title": header.title, "host": header.host, "version": header.version,
                "first": header.first.isoformat() if header.first else None, "last": header.last.isoformat() if header.last else None,
                "sha256": self.convention.fingerprint,
            },
            "exercise": {"label": self.model.calendar.label(self.year), "first": period.first.isoformat(), "last": period.last.isoformat()},
            "interpretations": [self.interpretation_json(i) for i in self.book.interpretations.values()],
            "verified": self.verified,
            "members": [self.member_json(s) for s in self.statements],
            "host": {"lines": [self.line_json(line) for line in self.host_lines], "total": decimal_text(self.host_total())},
            "totals": self.totals_json(),
        }  # fmt: skip

    def interpretation_json(self, rule: r.Interpretation) -> dict[str, Any]:
        reading = self.ledger.reader.reading(rule.name)
        return {
            "name": rule.name,
            "question": rule.label,
            "reading": reading,
            "words": rule.readings.get(reading or "", "") or rule.open_reason,
        }

    def host_total(self) -> Fraction:
        return sum((line.amount for line in self.host_lines if line.outcome == AMOUNT and self.money[line.name]), Fraction(0))

    def member_json(self, statement: Statement) -> dict[str, Any]:
        member = self.tables.members[statement.member]
        total = self.total(statement)
        payable = self.payable(statement)
        tax = self.tax_of(payable)
        flags = 0
        for line in (*payable, *statement.owed(self.money)):
            flags |= line.flags
        return {
            "name": member.name, "siren": member.siren, "type": member.kind, "held": list(statement.held),
            "lines": [self.line_json(line) for line in statement.lines],
            "total": None if total is None else {"before_tax": decimal_text(total), "tax": decimal_text(tax), "due": decimal_text(total + tax)},
            "blocked": bool(statement.refused), "flags": flags_json(flags),
            "warnings": [str(w.text) for w in statement.warnings],
        }  # fmt: skip

    def line_json(self, line: LineResult) -> dict[str, Any]:
        rule: Any = self.book.named()[line.name]
        kind = self.model.rules[line.name].type
        tax = self.tax(line)
        return {
            "line": line.name, "label": rule.label or line.name, "kind": line.kind, "offer": line.offer,
            "nature": getattr(rule, "nature", ""), "account": getattr(rule, "account", ""),
            "articles": list(rule.margin.articles), "outcome": line.outcome,
            "amount": decimal_text(line.amount / kind.factor) if line.outcome == AMOUNT else None, "unit": unit_text(kind),
            "sections": {section: decimal_text(amount / kind.factor) for section, amount in line.sections.items()} if line.outcome == AMOUNT else {},
            "entries": [self.entry_json(e, kind) for e in line.entries if e.row and e.value.is_amount],
            "reasons": [{"kind": x.kind, "text": str(x), "member": x.member, "articles": list(x.articles)} for x in line.reasons],
            "why": line.why, "service": period_json(line.service), "due": [period_json(p) for p in line.due], "due_reason": line.due_reason,
            "budget_year": budget_year(line), "payer": self.tables.members[line.payer].name if line.payer is not None else None,
            "tax": {"regime": tax.regime, "rate": decimal_text(tax.rate) if tax.rate is not None else None, "amount": decimal_text(tax.amount)},
            "flags": flags_json(line.flags), "cause": line.note.get("cause"),
            "decision": {"act": line.decision.act, "authority": line.decision.authority, "reason": line.decision.reason} if line.decision else None,
        }  # fmt: skip

    @staticmethod
    def entry_json(entry: Entry, kind: Type) -> dict[str, Any]:
        return {"row": entry.row, "event": entry.event.isoformat() if entry.event else None, "section": entry.section,
                "amount": decimal_text(entry.amount / kind.factor)}  # fmt: skip

    def totals_json(self) -> dict[str, Any]:
        """Return what each line gives in all, and what the members who are not blocked owe, with how many are."""
        by_line: dict[str, Fraction] = {}
        flags = 0
        for statement in self.statements:
            for line in statement.owed(self.money):
                by_line[line.name] = by_line.get(line.name, Fraction(0)) + line.amount
                flags |= line.flags
        members = self.members_total()
        return {
            "by_line": {name: decimal_text(amount) for name, amount in by_line.items()}, "members": decimal_text(members),
            "host": decimal_text(self.host_total()), "cost": decimal_text(members + self.host_total()),
            "blocked": len(self.blocked), "flags": flags_json(flags),
        }  # fmt: skip


def compute(
    convention: Convention,
    tables: Tables,
    year: int,
    *,
    readings: dict[str, str] | None = None,
    cells: Mapping[tuple[str, int, int], Fraction] | None = None,
    earlier: dict[tuple[int, int, str, str | None], tuple[Fraction, int]] | None = None,
    verify: bool = True,
) -> Result:
    """Compute what each member owes for an exercise, exactly (TAR-22: no side effect, same inputs, same result).

    `year` names the exercise by the year it begins in. `readings` replaces readings retained and `cells` prices, for a
    simulation; `earlier` gives amounts of earlier exercises that were computed and not issued. With `verify`, the plan
    computes the same amounts by columns, and a difference raises EnginesDisagree.
    """
    ledger = Ledger(Exact(convention.model, tables, readings=readings, cells=dict(cells or {})), earlier)
    verified = verify and not earlier and agrees(convention, tables, year, ledger, readings, cells)
    return Result(convention, ledger, year, verified=verified)


def agrees(
    convention: Convention,
    tables: Tables,
    year: int,
    ledger: Ledger,
    readings: dict[str, str] | None,
    cells: Mapping[tuple[str, int, int], Fraction] | None,
) -> bool:
    """Compute the lines by columns and compare; return False where the plan does not evaluate a shape of the convention."""
    try:
        computed = Plan(convention.model).prepare(tables, year, readings=readings).run(cells)
    except NotPlanned:
        return False
    for name, offer in computed.found:
        outcomes, amounts = computed.outcomes(name, offer), computed.amounts(name, offer)
        for member in ledger.reader.participants(year):
            one = _one(ledger, name, member, year, offer)
            if (outcomes[member], amounts[member]) != (one.outcome, one.amount if one.outcome == AMOUNT else 0):
                who = tables.members[member].name
                raise EnginesDisagree(
                    f"{name} {offer or ''} {who} {year}: {outcomes[member]} {amounts[member]} by columns, {one.outcome} {one.amount} one by one"
                )
    return True


def _one(ledger: Ledger, name: str, member: int, year: int, offer: str | None) -> LineResult:
    if name in ledger.book.lines:
        return ledger.line(name, member, year, offer)
    if name in ledger.book.credits:
        return ledger.credit(name, member, year)
    return ledger.limit(name, year).by_member[member]


def _roots(node: Node) -> Iterator[Node]:
    """Return the shares that are the whole of a formula, or of one of its cases."""
    if node.op == "share":
        yield node
    elif node.op == "case":
        for arg in node.args:
            yield from _roots(arg)


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
    """Write an exact value as a decimal string, with two decimals at least for a whole number of cents; `a/b` when it has none."""
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
