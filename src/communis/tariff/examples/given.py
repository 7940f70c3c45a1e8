"""What an example gives: its members, what they hold, their facts, the rows of registers, the readings and prices it tries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.builder import number_of
from communis.tariff.language.problems import Place, nearest
from communis.tariff.meaning.formulas import STEPS, type_of
from communis.tariff.meaning.tree import KINDS, OFFER, Model, Type
from communis.tariff.tables.records import FactRow

_ALWAYS = date(1900, 1, 1)
SINGLE = "le membre"


class Unusable(Exception):
    """A clause of an example that names nothing, with what to write instead."""

    def __init__(self, place: Place, message: str, remedy: str) -> None:
        super().__init__(message)
        self.place, self.message, self.remedy = place, message, remedy


@contextmanager
def gathering(problems: list[Unusable]) -> Iterator[None]:
    """Keep what cannot be used and go on, so that an example tells all its problems at once."""
    try:
        yield
    except Unusable as problem:
        problems.append(problem)


@dataclass
class Case:
    """What an example sets up."""

    year: int
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: list[FactRow] = field(default_factory=list)
    holds: list[tuple[str, str, date | None, date | None]] = field(default_factory=list)
    steps: list[tuple[str, str, str, date]] = field(default_factory=list)
    rows: list[tuple[str, str | None, dict[str, Any]]] = field(default_factory=list)
    row_members: list[tuple[str, str, str, Fraction]] = field(default_factory=list)
    given: list[tuple[str, str, str | None, int, Fraction]] = field(default_factory=list)
    readings: dict[str, str] = field(default_factory=dict)
    prices: list[tuple[str, r.DatedPrice]] = field(default_factory=list)


class Given:
    """Reads the clauses of an example that give something."""

    def __init__(self, model: Model, example: r.Example) -> None:
        self.model = model
        self.book = model.book
        self.example = example

    def setting(self, clauses: list[s.Clause]) -> tuple[Case, list[Unusable]]:
        """Return what clauses set up, and what in them cannot be used."""
        settings = [(c.values[0], v) for c in clauses if c.kind == "x_given" for v in c.values[1:] if isinstance(v, s.Clause)]
        case, problems = Case(self.default_year()), list[Unusable]()
        rows: dict[int, dict[str, Any]] = {}
        for _, setting in settings:
            with gathering(problems):
                self.set_year(case, setting)
        for holder, _ in settings:
            with gathering(problems):
                self.declare(case, holder)
        for holder, setting in settings:
            with gathering(problems):
                self.apply(case, holder, setting, rows)
        return case, problems

    def set_year(self, case: Case, setting: s.Clause) -> None:
        if setting.kind != "x_year":
            return
        year = setting.values[0]
        assert isinstance(year, s.Year)
        self.check_year(year, setting.place)
        case.year = year.year if year.year is not None else case.year

    def check_year(self, year: s.Year, place: Place) -> None:
        if year.year is None or year.straddles != self.model.calendar.straddles:
            raise Unusable(
                place,
                "L’exercice d’un exemple est une année de cette convention.",
                f"Par exemple {self.model.calendar.label(2024)}.",
            )

    def default_year(self) -> int:
        """Return the first exercise that the version covers from its first day."""
        first = self.book.header.first
        if first is None:
            return 2024
        year = self.model.calendar.year_of(first)
        return year if self.model.calendar.period(year).first >= first else year + 1

    def declare(self, case: Case, holder: Any) -> None:
        """Make the members a clause speaks of."""
        if isinstance(holder, s.Clause) and holder.kind == "one_member":
            case.members.setdefault(str(holder.values[0]), {})
        elif isinstance(holder, s.Clause) and holder.kind == "the_host":
            case.members.setdefault("gestionnaire", {"host": True})
        elif isinstance(holder, s.Clause) and holder.kind == "many_members":
            for name in self.many(case, holder):
                case.members.setdefault(name, {})

    def many(self, case: Case, holder: s.Clause) -> list[str]:
        count = number_of(str(holder.values[0]))
        if count.denominator != 1 or not 1 <= count <= 500:
            raise Unusable(holder.place, "De 1 à 500 membres dans un exemple.", "Corrigez leur nombre.")
        return [f"{holder.place.line}.{i + 1}" for i in range(int(count))]

    def names(self, case: Case, holder: Any) -> list[str]:
        """Return the members a clause speaks of: those named, else everybody but the host, else one made for the example."""
        if isinstance(holder, s.Clause) and holder.kind == "many_members":
            return self.many(case, holder)
        if isinstance(holder, s.Clause) and holder.kind == "one_member":
            return [str(holder.values[0])]
        if isinstance(holder, s.Clause) and holder.kind == "the_host":
            return ["gestionnaire"]
        everybody = [n for n in case.members if n != "gestionnaire"]
        if not everybody:
            case.members[SINGLE] = {}
            return [SINGLE]
        return everybody

    def apply(self, case: Case, holder: Any, setting: s.Clause, rows: dict[int, dict[str, Any]]) -> None:
        if setting.kind == "x_year":
            return
        if isinstance(holder, s.Clause) and holder.kind == "a_row":
            self.row_setting(case, holder, setting, rows)
        elif setting.kind == "x_holds":
            offer = str(setting.values[0])
            if offer not in self.book.offers:
                raise self.unknown(offer, self.book.offers, setting.place)
            dates = [_date(v, setting.place) for v in setting.values[1:]]
            if dates[0] and dates[1] and dates[1] < dates[0]:
                raise Unusable(setting.place, "La fin précède le début.", "Corrigez l’une des deux dates.")
            case.holds.extend((name, offer, dates[0], dates[1]) for name in self.names(case, holder))
        elif setting.kind == "x_with":
            self.with_value(case, setting)
        else:
            self.value_setting(case, holder, setting)

    def unknown(self, name: str, known: Any, place: Place, what: str = "") -> Unusable:
        close = nearest(name, known)
        message = f"« {name} » n’est pas {what}." if what else f"« {name} » n’est défini nulle part."
        return Unusable(place, message, f"Le plus proche : {close}." if close else "Corrigez le nom.")

    def typed(self, literal: Any, kind: Type, place: Place) -> Any:
        """Return a literal in the type that is expected: a number in base units, one of the names of a choice, a date…"""
        if kind.kind == "number":
            return self.converted(literal, kind.dimensions, place)
        if kind.kind in ("choice", "key", "section", "text") and isinstance(literal, s.Name):
            if literal.name not in kind.names and kind.kind != "text":
                raise self.unknown(literal.name, kind.names, place, "l’une des possibilités")
            return literal.name
        if not isinstance(literal, s.Literal) or literal.kind != kind.kind:
            raise Unusable(place, f"On attend {KINDS[kind.kind]}.", "Corrigez la valeur.")
        return literal.value

    def with_value(self, case: Case, setting: s.Clause) -> None:
        name, literal = str(setting.values[0]), setting.values[1]
        if name in self.book.interpretations:
            reading = literal.name if isinstance(literal, s.Name) else ""
            if reading not in self.book.interpretations[name].readings:
                raise self.unknown(reading, self.book.interpretations[name].readings, setting.place)
            case.readings[name] = reading
            return
        if name not in self.book.parameters:
            raise self.unknown(name, [*self.book.parameters, *self.book.interpretations], setting.place)
        if not isinstance(literal, s.Number):
            raise Unusable(setting.place, f"Le paramètre {name} est un nombre.", "Par exemple 250 €.")
        since = next((v.values[0] for v in setting.values[2:] if isinstance(v, s.Clause) and v.kind == "since"), None)
        self.converted(literal, self.model.rules[name].type.dimensions, setting.place)
        case.prices.append((name, r.DatedPrice(literal, since, None, "exemple", setting.place)))

    def converted(self, literal: Any, dimensions: Any, place: Place) -> Fraction:
        """Return a number in base units; refuse another dimension."""
        if not isinstance(literal, s.Number):
            raise Unusable(place, "On attend un nombre.", "Écrivez un nombre et son unité.")
        if literal.unit is None:
            if dimensions:
                raise Unusable(place, "Ce nombre n’a pas d’unité.", "Écrivez-la.")
            return literal.value
        unit = self.model.units.unit(literal.unit)
        if unit is None or unit.dimensions != dimensions:
            raise Unusable(place, f"« {literal.unit} » n’est pas l’unité attendue.", "Corrigez l’unité.")
        return literal.value * unit.factor

    def value_setting(self, case: Case, holder: Any, setting: s.Clause) -> None:
        target, literal = setting.values
        assert isinstance(target, s.Clause)
        name, offer, year = (*target.values, None, None)[:3]
        name = str(name)
        if name == "rattachement" and isinstance(literal, s.Name) and literal.name not in case.members:
            raise self.unknown(literal.name, case.members, setting.place, "un membre de cet exemple")
        if name in ("siren", "type", "rattachement"):
            for member in self.names(case, holder):
                case.members[member][name] = (
                    str(literal.value.numerator)
                    if isinstance(literal, s.Number)
                    else literal.name
                    if isinstance(literal, s.Name)
                    else literal.value
                )
            return
        owner, _, attribute = name.partition(".")
        if isinstance(year, s.Year):
            self.check_year(year, setting.place)
        exercise = year.year if isinstance(year, s.Year) else case.year
        if owner in self.book.offers and attribute:
            if not isinstance(literal, s.Literal) or literal.kind != "date":
                raise Unusable(setting.place, f"« {name} » est une date.", "Écrivez jj/mm/aaaa.")
            steps = {*STEPS, *(step for o in self.book.included(owner) for step in self.book.offers[o].steps)}
            if attribute not in steps:
                raise self.unknown(attribute, steps, setting.place, f"une date de l’offre {owner}")
            day: Any = literal.value
            case.steps.extend((m, owner, attribute, day) for m in self.names(case, holder))
        elif owner in self.book.registers and attribute:
            self.by_member(case, holder, owner, attribute, literal, setting.place)
        elif name in self.book.facts:
            self.fact_setting(case, holder, (name, str(offer) if offer else None, year), literal, setting.place)
        elif name in self.book.lines or name in self.book.quantities:
            typed = self.model.rules[name]
            amount = self.converted(literal, typed.type.dimensions, setting.place)
            self.own_offer(name, typed.offers if OFFER in typed.axes else None, str(offer) if offer else None, setting.place)
            who = self.names(case, holder) if "member" in self.model.rules[name].axes else [""]
            case.given.extend((m, name, str(offer) if offer else None, int(exercise or case.year), amount) for m in who)
        else:
            raise self.unknown(name, [*self.book.facts, *self.book.lines, *self.book.offers], setting.place)

    def by_member(self, case: Case, holder: Any, register: str, name: str, literal: Any, place: Place) -> None:
        field = self.book.registers[register].fields.get(name)
        kind = type_of(field.type, self.model.units) if field is not None and field.by_member else None
        if kind is None:
            raise Unusable(place, f"« {register}.{name} » n’est pas un champ par membre.", "Donnez-le sur la ligne du registre.")
        for member in self.names(case, holder):
            case.row_members.append((register, name, member, self.converted(literal, kind.dimensions, place)))

    def fact_setting(self, case: Case, holder: Any, key: tuple[str, str | None, Any], literal: Any, place: Place) -> None:
        name, offer, year = key
        rule = self.book.facts[name]
        kind = type_of(rule.type, self.model.units)
        if kind is None:
            return
        value = self.typed(literal, kind, place)
        offer = self.own_offer(name, self.book.offers_in(rule.offers) if rule.offers is not None else None, offer, place)
        exercise = year.year if isinstance(year, s.Year) else None
        first = self.model.calendar.period(exercise).first if exercise is not None else _ALWAYS
        members: list[str | None] = [None] if rule.of_service else list(self.names(case, holder))
        for member in members:
            index = None if member is None else list(case.members).index(member)
            row = FactRow(
                name,
                index,
                offer,
                value,
                rule.population or "",
                first,
                None,
                exercise,
                None,
                "exemple",
                timeless=exercise is None,
            )
            case.facts.append(row)

    def row_setting(self, case: Case, holder: s.Clause, setting: s.Clause, rows: dict[int, dict[str, Any]]) -> None:
        """Give a field of a row; the settings of one line of the example are one row."""
        member, _, register = str(holder.values[0]).rpartition(".")
        if register not in self.book.registers:
            close = nearest(register, self.book.registers)
            remedy = f"Le registre le plus proche : {close}." if close else f"Pour un membre, écrivez « membre {register} : … »."
            raise Unusable(holder.place, f"« {register} » n’est pas un registre.", remedy)
        rule = self.book.registers[register]
        if id(holder) not in rows:
            rows[id(holder)] = {}
            if member and member not in case.members:
                raise self.unknown(member, case.members, holder.place, "un membre de cet exemple")
            who = member or (self.names(case, None)[0] if rule.of_member else None)
            case.rows.append((register, who, rows[id(holder)]))
        target, literal = setting.values
        name = str(target.values[0]) if isinstance(target, s.Clause) else ""
        field = rule.fields.get(name)
        kind = type_of(field.type, self.model.units) if field is not None else None
        if setting.kind != "x_value" or field is None or kind is None:
            raise self.unknown(name, rule.fields, setting.place)
        rows[id(holder)][name] = self.typed(literal, kind, setting.place)

    def own_offer(self, name: str, offers: tuple[str, ...] | None, offer: str | None, place: Place) -> str | None:
        """Return the offer that a clause names; refuse one that the name does not have."""
        if offer is not None and offers is None:
            raise Unusable(place, f"« {name} » n’a pas un montant par offre.", f"Écrivez « {name} » seul.")
        if offer is not None and offer not in (offers or ()):
            raise self.unknown(offer, offers, place, f"une offre de « {name} »")
        return offer


def _date(token: Any, place: Place) -> date | None:
    if token is None or isinstance(token, date):
        return token
    day, month, year = (int(part) for part in str(token).split("/"))
    try:
        return date(year, month, day)
    except ValueError:
        raise Unusable(place, f"« {token} » n’est pas un jour du calendrier.", "Corrigez la date.") from None
