"""The small tables that an example makes, and the ledger that computes over them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from communis.tariff.examples.given import Case, Given
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Model
from communis.tariff.tables.records import Chosen, Member, RegisterRow, Tables


class Tabled(Given):
    """Makes the tables of an example."""

    def tables(self, case: Case) -> Tables:
        names = list(case.members)
        members = []
        for i, name in enumerate(names):
            entry = case.members[name]
            parent = names.index(entry["rattachement"]) if entry.get("rattachement") in names else None
            members.append(
                Member(
                    name,
                    str(entry.get("siren", "")) or f"{i:09d}",
                    str(entry.get("type", "")),
                    "",
                    parent,
                    bool(entry.get("host")),
                )
            )
        first = self.model.calendar.period(case.year).first
        tables = Tables(tuple(members), facts={})
        for row in case.facts:
            tables.facts.setdefault(row.fact, []).append(row)
        for name, offer, since, until in case.holds:
            tables.choices.append(Chosen(names.index(name), offer, since or first, until, "exemple", {}))
        for register, rule in self.book.registers.items():
            tables.registers[register] = [
                self.row(rule, i, who, values, case, names) for i, (reg, who, values) in enumerate(case.rows) if reg == register
            ]
        self.with_steps(case, tables, names)
        return tables

    def row(self, rule: r.Register, i: int, who: str | None, values: dict[str, Any], case: Case, names: list[str]) -> RegisterRow:
        event = rule.event
        filled = dict(values)
        if event is not None:
            filled.setdefault(event.name, self.model.calendar.period(case.year).first)
        by_member: dict[str, dict[int, Fraction]] = {}
        for register, name, member, amount in case.row_members:
            if register == rule.name:
                by_member.setdefault(name, {})[names.index(member)] = amount
        return RegisterRow(str(i + 1), names.index(who) if who in names else None, filled, by_member)

    def with_steps(self, case: Case, tables: Tables, names: list[str]) -> None:
        """Put the dated steps of an offer on the choices by which it is held."""
        exact = Exact(self.model, tables)
        for i, chosen in enumerate(tables.choices):
            included = exact.reader.included(chosen.offer)
            steps = {
                step: day for member, offer, step, day in case.steps if names.index(member) == chosen.member and offer in included
            }
            tables.choices[i] = replace(chosen, steps=steps)

    def ledger(self, case: Case) -> Ledger:
        model = self.model
        if case.prices:
            model = with_prices(model, case.prices)
        exact = Exact(model, self.tables(case), readings=case.readings)
        names = list(case.members)
        for member, name, offer, year, amount in case.given:
            exact.given[(name, year, names.index(member) if member else None, offer)] = amount
        return Ledger(exact)


def with_prices(model: Model, prices: list[tuple[str, r.DatedPrice]]) -> Model:
    """Return a model whose parameters have other prices: a price with a date joins the others, one without replaces them."""
    parameters = dict(model.book.parameters)
    for name, price in prices:
        rule = parameters[name]
        values = [price] if price.first is None else [*rule.values, price]
        parameters[name] = replace(rule, values=values)
    return replace(model, book=replace(model.book, parameters=parameters))
