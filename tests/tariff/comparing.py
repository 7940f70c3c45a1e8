"""Both engines on the same inputs, and every difference between them said in one line."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.columnar.plan import Plan
from communis.tariff.columnar.sheet import Computed
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED
from communis.tariff.meaning.tree import Model
from communis.tariff.tables.records import Tables


def ledger_of(model: Model, tables: Tables) -> Ledger:
    return Ledger(Exact(model, tables))


def one_by_one(ledger: Ledger, name: str, member: int, year: int, offer: str | None) -> LineResult | None:
    """Return what the interpreter gives, or None where a limit does not concern a member."""
    if name in ledger.book.lines:
        return ledger.line(name, member, year, offer)
    if name in ledger.book.credits:
        return ledger.credit(name, member, year)
    return ledger.limit(name, year).by_member.get(member)


def differences(model: Model, tables: Tables, year: int, plan: Plan | None = None) -> list[str]:
    """Compute by columns and one by one; return what differs. Raises NotPlanned for a shape that columns leave out."""
    computed = (plan or Plan(model)).prepare(tables, year).run()
    ledger = ledger_of(model, tables)
    found: list[str] = []
    for name, offer in computed.found:
        found += of_line(ledger, computed, name, offer, year)
    for name in model.book.limits:
        by_columns, exact = computed.sheet.limit(name, year).host, ledger.limit(name, year).host
        if by_columns != exact:
            found.append(f"{name}: host bears {by_columns} by columns, {exact} one by one")
    return found


def of_line(ledger: Ledger, computed: Computed, name: str, offer: str | None, year: int) -> list[str]:
    found: list[str] = []
    outcomes, amounts, flags = computed.outcomes(name, offer), computed.amounts(name, offer), computed.flags(name, offer)
    sections = {s: computed.amounts(name, offer, s) for s in ("fonctionnement", "investissement", "en nature")}
    for member in range(len(ledger.tables.members)):
        exact = one_by_one(ledger, name, member, year, offer)
        if exact is None:
            continue
        where = f"{name} {offer or ''} {ledger.tables.members[member].name}:"
        amount = exact.amount if exact.outcome == AMOUNT else Fraction(0)
        if (outcomes[member], amounts[member]) != (exact.outcome, amount):
            reasons = "; ".join(map(str, exact.reasons)) or exact.why
            found.append(
                f"{where} {outcomes[member]} {amounts[member]} by columns, {exact.outcome} {amount} one by one ({reasons})"
            )
        elif exact.outcome == AMOUNT:
            by_section = {s: a[member] for s, a in sections.items() if a[member]}
            if by_section != {s: a for s, a in exact.sections.items() if a}:
                found.append(f"{where} {by_section} by columns, {exact.sections} one by one")
            if flags[member] != exact.flags:
                found.append(f"{where} flags {flags[member]} by columns, {exact.flags} one by one")
    return found


def untold(ledger: Ledger, year: int) -> list[str]:
    """Return what the interpreter leaves unsaid: a refusal without a reason, « sans objet » without a cause."""
    found: list[str] = []
    for member in range(len(ledger.tables.members)):
        for line in ledger.statement(member, year):
            where = f"{line.name} {ledger.tables.members[member].name}:"
            if line.outcome == REFUSED and not (line.reasons and all(str(reason) and reason.text for reason in line.reasons)):
                found.append(f"{where} refused without a reason")
            elif line.outcome == NOT_APPLICABLE and not line.why:
                found.append(f"{where} without object, without a cause")
            elif line.outcome == AMOUNT and line.reasons:
                found.append(f"{where} an amount with reasons")
    return found


def lost(ledger: Ledger) -> list[str]:
    """Return the sums that their parts, and what the host keeps of them, do not make (TAR-08)."""
    found: list[str] = []
    for (_, node, _), (spoiled, parts, note) in ledger.exact.distributions.items():
        if spoiled is None and sum((part for part, _ in parts.values()), note["rest"]) != note["cut"]:
            found.append(f"line {node.place.line}: the parts do not make {note['cut']}")
    return found
