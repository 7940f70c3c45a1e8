"""The ground of the interpreter: a formula is evaluated by its operation, once for what it depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Protocol

from communis.tariff.interpreter.facts import Reader, tie_order
from communis.tariff.interpreter.results import AllowanceResult
from communis.tariff.interpreter.values import AMOUNT, Context, Reason, Value, refused
from communis.tariff.meaning.tree import Model, Node
from communis.tariff.tables.records import Tables

MAX_DIGITS = 60
MAX_BITS = 200
"""The bits of a number of `MAX_DIGITS` digits."""


class Accounts(Protocol):
    """What formulas ask of the ledger, which itself evaluates them."""

    def issued(self, member: int | None, year: int, line: str, offer: str | None) -> tuple[Fraction, int] | None: ...

    def allowance(self, name: str, year: int) -> AllowanceResult: ...

    def as_value(self, name: str, context: Context, node: Node) -> Value: ...

    def net(self, name: str, member: int, year: int, offer: str | None, node: Node) -> Value: ...


class Evaluator:
    """What every operation needs: the model, the tables, and what was reckoned before."""

    operations: ClassVar[dict[str, Callable[[Any, Node, Context], Value]]] = {}

    def __init__(
        self,
        model: Model,
        tables: Tables,
        *,
        readings: dict[str, str] | None = None,
        cells: dict[tuple[str, int, int], Fraction] | None = None,
    ) -> None:
        self.model = model
        self.tables = tables
        self.reader = Reader(model, tables, readings)
        self.order = tie_order(tables, model.book.header.tie)
        self.memo: dict[Any, Value] = {}
        self.distributions: dict[Any, Any] = {}
        self.given: dict[Any, Fraction] = {}
        self.cells = cells or {}
        self.as_of: dict[str, int] = {}
        self.exit: dict[str, date] = {}  # the dates of an exit that is asked for
        self.ledger: Accounts | None = None

    def evaluate(self, node: Node, context: Context) -> Value:
        """Return the value of a formula in a context."""
        value = self.operations[node.op](self, node, context)
        if value.outcome == AMOUNT and isinstance(value.value, Fraction) and too_long(value.value):
            return refused(Reason("impossible", f"un nombre de plus de {MAX_DIGITS} chiffres"), node, value.parts)
        return value

    def dated(self, name: str, context: Context) -> Context:
        """Return a context set in another exercise for what is compared as it was then (`compare`); else the same."""
        year = self.as_of.get(name)
        return context if year is None or year == context.year else replace(context, year=year)

    def parts(self, node: Node, context: Context) -> tuple[Value, ...]:
        return tuple(self.evaluate(arg, context) for arg in node.args)

    def whose(self, of: str | None, context: Context, node: Node) -> tuple[int | None, Value | None]:
        """Return the member a name speaks of: the current one, the host, or the one it is attached to."""
        if of is None:
            return context.member, None
        if of == "host":
            host = self.tables.host
            if host is None:
                return None, refused(Reason("parent", "aucun membre n’est gestionnaire"), node)
            return host, None
        assert context.member is not None
        parent = self.tables.members[context.member].parent
        if parent is None:
            return None, refused(Reason("parent", "membre de rattachement", self.tables.members[context.member].name), node)
        return parent, None


def too_long(value: Fraction) -> bool:
    """Tell whether a value has more digits than any amount needs; hostile formulas make them (language.md 2.7)."""
    return value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS
