"""Computing an exercise: each line one by one, and by columns to check it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from communis.tariff.columnar.frames import NotPlanned
from communis.tariff.columnar.plan import Plan
from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT
from communis.tariff.result.statements import Result
from communis.tariff.tables.records import Tables


class EnginesDisagree(AssertionError):
    """The plan and the interpreter gave two amounts for one line: a bug of the engine, never shown as a result."""


def compute(
    convention: Convention,
    tables: Tables,
    year: int,
    *,
    readings: dict[str, str] | None = None,
    cells: Mapping[tuple[str, int, int], Fraction] | None = None,
    earlier: dict[tuple[int, int, str, str | None], tuple[Fraction, int]] | None = None,
    verify: bool = True,
    simulated: bool = False,
    members: Collection[int] | None = None,
) -> Result:
    """Compute what each member owes for an exercise, exactly (TAR-22: no side effect, same inputs, same result).

    `year` names the exercise by the year it begins in. `readings` replaces readings retained and `cells` prices, for a
    simulation; `earlier` gives amounts of earlier exercises that were computed and not issued. With `verify`, the plan
    computes the same amounts by columns, and a difference raises EnginesDisagree. `simulated` says that the tables are
    themselves a trial. With `members`, only their statements are made, and nothing is said of the host. Raises
    NotAnExercise, a ValueError in French, for a year before 1950 or after 2150.
    """
    convention.model.calendar.exercise(year)
    ledger = Ledger(Exact(convention.model, tables, readings=readings, cells=dict(cells or {})), earlier)
    verified = verify and not earlier and agrees(convention, tables, year, ledger, readings, cells)
    return Result(convention, ledger, year, verified=verified, simulated=simulated, members=members)


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
            one = one_line(ledger, name, member, year, offer)
            assert one is not None
            if (outcomes[member], amounts[member]) != (one.outcome, one.amount if one.outcome == AMOUNT else 0):
                who = tables.members[member].name
                raise EnginesDisagree(
                    f"{name} {offer or ''} {who} {year}: {outcomes[member]} {amounts[member]} by columns, "
                    f"{one.outcome} {one.amount} one by one"
                )
    return True


def one_line(ledger: Ledger, name: str, member: int, year: int, offer: str | None) -> LineResult | None:
    """Return a line, a credit or a limit of a member; None for a limit over members among whom it is not."""
    if name in ledger.book.lines:
        return ledger.line(name, member, year, offer)
    if name in ledger.book.credits:
        return ledger.credit(name, member, year)
    return ledger.limit(name, year).by_member.get(member)
