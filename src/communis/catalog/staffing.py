"""The ETP that a convention finances, asked of it, beside those of the posts that are filled (ORG-16)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from communis.catalog.notes import note_of_step
from communis.kit.formats import number
from communis.kit.parts import Note
from communis.tariff import Convention, Tables, compute
from communis.tariff.explanation.explain import Explainer
from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.values import Context
from communis.tariff.meaning.tree import Node
from communis.tariff.tables.records import Chosen

UNIT = "ETP"


@dataclass(frozen=True, slots=True)
class Financed:
    """A quantity of ETP that a convention computes for the service as a whole; without an amount, `words` say why."""

    key: str
    label: str
    step: Step
    amount: Decimal | None

    @property
    def words(self) -> str:
        return f"{number(self.amount, 2)} {UNIT}" if self.amount is not None else " ".join(self.step.reasons) or "sans objet"

    def note(self, remark: str) -> Note:
        return note_of_step(self.step, self.key, title=f"Pourquoi {self.step.result or 'aucun chiffre'}", remark=remark)


def fte_quantities(convention: Convention) -> list[str]:
    """Return the quantities of a convention counted in ETP for the whole service, not for one member or one offer."""
    rules = convention.model.rules
    return [
        name
        for name, rule in convention.model.book.quantities.items()
        if not rules[name].axes and rules[name].type is not None and rules[name].type.unit == UNIT
    ]


def supposed_tables(convention: Convention, tables: Tables, year: int, *, offer: str, members: Collection[int]) -> Tables:
    """Return the tables with some members supposed to hold an offer all along an exercise, and nobody anything else."""
    first = convention.model.calendar.period(convention.model.calendar.exercise(year)).first
    steps = {step: first for held in convention.model.book.included(offer) for step in convention.model.book.offers[held].steps}
    steps |= {"décidée_le": first, "exécutoire_le": first, "signée_le": first}
    needed = [*convention.model.book.offers[offer].requires, offer] if offer else []
    choices = [Chosen(m, o, first, None, "simulation", steps) for m in sorted(members) for o in needed]
    return Tables(tables.members, choices, tables.facts, tables.registers, tables.issued, tables.decisions)


def holders_in(convention: Convention, tables: Tables, year: int) -> set[int]:
    """Return the members that hold an offer during an exercise."""
    period = convention.model.calendar.period(convention.model.calendar.exercise(year))
    return {one.member for one in tables.choices if period.meets(one.first, one.last)}


def financed_fte(convention: Convention, tables: Tables, year: int, *, simulated: bool) -> list[Financed]:
    """Ask a convention how many ETP it finances in an exercise, by the offers that members hold in some tables."""
    ledger = compute(convention, tables, year, verify=False, simulated=simulated, members=()).ledger
    explainer = Explainer(ledger)
    found = []
    for name in fte_quantities(convention):
        node = Node("value", data=(name, None, None, None), type=convention.model.rules[name].type)
        value = ledger.exact.evaluate(node, Context(year))
        amount = two_places(value.value) if value.is_amount else None
        step = explainer.step(value)  # once: what was told is not told again
        found.append(Financed(f"etp-{name}", step.title, step, amount))
    return found


def two_places(value: Fraction) -> Decimal:
    """Return a number of ETP to the hundredth, as posts are counted."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"))
