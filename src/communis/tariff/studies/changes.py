"""What a simulation changes: prices and classes, readings, memberships, hypothetical facts, each named by a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, NoReturn

from communis.tariff.calendar import eve, french_date
from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.values import Context
from communis.tariff.language import rules as r
from communis.tariff.language.problems import nearest
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import Model, TypedScale
from communis.tariff.tables.cells import TableReader
from communis.tariff.tables.facts import fact_value
from communis.tariff.tables.records import Chosen, FactRow, Tables

Cell = tuple[str, int, int]
SIGNED = ("décidée_le", "exécutoire_le", "signée_le")


class Impossible(ValueError):
    """A change that the convention does not have, with what is nearest."""


@dataclass(slots=True)
class Changes:
    """What a simulation moves: prices and classes, readings, memberships, hypothetical facts."""

    cells: dict[Cell, Fraction] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    joining: list[tuple[int, str, date]] = field(default_factory=list)
    leaving: list[tuple[int, str, date]] = field(default_factory=list)
    facts: list[FactRow] = field(default_factory=list)
    steps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The steps of each offer that is joined, such as a report handed in: they are dated on the day of joining."""
    states: set[str] = field(default_factory=set)
    """The facts supposed that are states, such as having a service of one’s own: so before too, unless a value says otherwise."""

    def suppose(self, convention: Convention, fact: str, member: int | None, text: str, *, year: int) -> None:
        """Suppose a fact in an exercise, its value typed as in the table of facts; it is shown as supposed wherever it counts.

        A yes or no, a choice or a date read on a day is a state. Raises Impossible for an unknown fact or a bad value.
        """
        rule = convention.model.book.facts.get(fact)
        if rule is None:
            close = nearest(fact, convention.model.book.facts)
            raise Impossible(f"« {fact} » n’est pas un fait." + (f" Le plus proche : {close}." if close else ""))
        _check_whose(rule, member)
        kind = type_of(rule.type, convention.model.units)
        assert kind is not None
        value = fact_value(_Typed(convention.model, text), kind)
        self.facts.append(self.row(convention, rule, member, value, year=year))
        if kind.kind != "number" and not rule.yearly and (rule.reading is None or rule.reading.kind != "in"):
            self.states.add(fact)

    def carry_on(self, convention: Convention, tables: Tables, fact: str, member: int, *, year: int) -> FactRow | None:
        """Suppose that the last number known of a fact before an exercise still holds in it: a forecast at what is known.

        Returns the row that is carried on; None, and nothing is supposed, when there is none.
        """
        rule = convention.model.book.facts[fact]
        kind = type_of(rule.type, convention.model.units)
        if rule.of_service or rule.offers is not None or kind is None or kind.kind != "number":
            return None
        first = convention.model.calendar.period(year).first
        made = self.row(convention, rule, member, None, year=year)
        known = (r for r in tables.fact_rows(fact, member, None) if r.first < first and r.kind == made.kind)
        last = next(known, None)
        if last is not None:
            self.facts.append(replace(made, value=last.value, fictitious=last.fictitious))
        return last

    def row(self, convention: Convention, rule: r.Fact, member: int | None, value: Any, *, year: int) -> FactRow:
        """Return a fact supposed in an exercise, marked as such wherever it counts."""
        reader = Exact(convention.model, Tables(), readings=dict(self.readings)).reader
        population, _ = reader.population(rule)
        return FactRow(
            rule.name,
            member,
            None,
            value,
            population or "",
            convention.model.calendar.period(year).first,
            None,
            year if rule.yearly else None,
            reader.day(rule.published_by, Context(year)) if rule.published_by is not None else None,
            "hypothèse de simulation",
            "simulation",
        )

    def tables(self, tables: Tables) -> Tables:
        """Return tables with the memberships and facts moved; the given ones are left as they are."""
        known = tables.knowing(self.facts)
        if not (self.joining or self.leaving or self.states):
            return known
        choices = [kept for chosen in tables.choices if (kept := self.left(chosen)) is not None]
        choices.extend(
            Chosen(member, offer, day, None, "simulation", dict.fromkeys((*SIGNED, *self.steps.get(offer, ())), day))
            for member, offer, day in self.joining
        )
        facts = dict(known.facts)
        for name in self.states:
            facts[name] = [self.held_before(row, facts[name]) for row in facts[name]]
        return Tables(
            tables.members, choices, facts, tables.registers, tables.issued, tables.decisions, of_members=tables.of_members
        )

    def held_before(self, row: FactRow, rows: list[FactRow]) -> FactRow:
        """Return a state that is supposed, held since ever where nothing tells what it was before."""
        if row not in self.facts or any((o.member, o.offer) == (row.member, row.offer) and o.first < row.first for o in rows):
            return row
        return replace(row, first=date.min, timeless=True)

    def left(self, chosen: Chosen) -> Chosen | None:
        """Return a choice cut short by a departure, None when the member leaves on the very day it came."""
        ends = [
            day for member, offer, day in self.leaving if (member, offer) == (chosen.member, chosen.offer) and _on(chosen, day)
        ]
        if not ends:
            return chosen
        return replace(chosen, last=eve(min(ends))) if min(ends) > chosen.first else None


def _on(chosen: Chosen, day: date) -> bool:
    """Tell whether a choice holds on a day."""
    return chosen.first <= day and (chosen.last is None or day <= chosen.last)


# ---------------------------------------------------------------- naming what changes


def steps_of(convention: Convention, offer: str) -> tuple[str, ...]:
    """Return the dated steps of an offer and of those it includes."""
    offers = convention.model.book.offers
    included = Exact(convention.model, Tables()).reader.included(offer)
    return tuple(step for name in included for step in offers[name].steps)


def departures(tables: Tables, members: Iterable[int], offer: str, day: date) -> list[tuple[int, str, date]]:
    """Return the departures from an offer on a day; raises Impossible when nobody among the members holds it by a choice."""
    members = list(members)
    found = [m for m in members if any((c.member, c.offer) == (m, offer) and _on(c, day) for c in tables.choices)]
    if not found:
        who = tables.members[members[0]].name if len(members) == 1 else "Aucun membre"
        raise Impossible(f"{who} n’a pas choisi « {offer} » au {french_date(day)} : rien à quitter.")
    return [(member, offer, day) for member in found]


def cell_of(convention: Convention, name: str, *, on: date, bound: str | None = None) -> Cell:
    """Return the figure that a name means: a parameter’s value in force on a day, or a class of a scale by its words.

    Raises Impossible when there is none, with the nearest name.
    """
    book = convention.model.book
    if name in book.parameters:
        rule = book.parameters[name]
        reader = Exact(convention.model, Tables()).reader
        price = reader.price(rule, on) if rule.values else None
        if price is None:
            raise Impossible(f"« {name} » n’a pas de valeur à cette date : donnez-la d’abord dans le fichier.")
        return (name, 0, rule.values.index(price))
    if name in book.scales:
        return _class_of(convention.model.scales[name], name, on=on, bound=bound)
    close = nearest(name, [*book.parameters, *book.scales])
    raise Impossible(f"« {name} » n’est ni un paramètre ni un barème." + (f" Le plus proche : {close}." if close else ""))


def _class_of(scale: TypedScale, name: str, *, on: date, bound: str | None) -> Cell:
    """Return a class of a scale by its words, in the period in force on a day, the first before any is."""
    period, _ = Exact.scale_period(scale.periods, on) or (0, None)
    rows = scale.periods[period].rows
    for rank, row in enumerate(rows):
        if bound is not None and _plain(row.text) == _plain(bound):
            return (name, period, rank)
    classes = " ; ".join(row.text for row in rows)
    if bound is None:
        raise Impossible(f"« {name} » est un barème : dites la classe, {name}:CLASSE. Ses classes : {classes}.")
    raise Impossible(f"Le barème {name} n’a pas de classe « {bound} ». Ses classes : {classes}.")


def _plain(text: str) -> str:
    return "".join(text.replace("\u00a0", " ").split())


def value_of(convention: Convention, name: str, text: str) -> Fraction:
    """Return a figure in base units from what a person typed: `1,60`, `1,60 €/hab`, `1 200 €`. Raises Impossible."""
    words = text.replace("\u00a0", " ").strip()
    digits = len(words) - len(words.lstrip("-+0123456789 ,."))
    number, unit_text = words[:digits].strip(), words[digits:].strip()
    kind = convention.model.scales[name].type if name in convention.model.scales else convention.model.rules[name].type
    try:
        value = Fraction(number.replace(" ", "").replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise Impossible(f"« {text} » n’est pas un nombre.") from None
    if not unit_text:
        return value * kind.factor
    unit = convention.model.units.unit(unit_text)
    if unit is None or unit.dimensions != kind.dimensions:
        raise Impossible(f"« {name} » se compte en {kind.unit}, pas en « {unit_text} ».")
    return value * unit.factor


def _check_whose(rule: r.Fact, member: int | None) -> None:
    """Refuse what no formula would read: a fact of the service given to a member, or of a member given to nobody."""
    if rule.offers is not None:
        raise Impossible(f"« {rule.name} » est donné offre par offre : écrivez-le dans la table des faits.")
    if rule.of_service and member is not None:
        raise Impossible(f"« {rule.name} » est un fait du service : n’écrivez pas de membre, :{rule.name}:EXERCICE=VALEUR.")
    if not rule.of_service and member is None:
        raise Impossible(f"« {rule.name} » est un fait de chaque membre : écrivez lequel, MEMBRE:{rule.name}:EXERCICE=VALEUR.")


class _Typed(TableReader):
    """Reads what a person typed as a cell of the table of facts; the first thing wrong with it raises Impossible."""

    def __init__(self, model: Model, text: str) -> None:
        super().__init__(model, [])
        self.columns, self.cells = {"valeur": 0}, [text]

    def wrong(self, column: str, code: str, message: str, remedy: str) -> NoReturn:
        raise Impossible(f"{message[0].upper()}{message[1:]} {remedy}")
