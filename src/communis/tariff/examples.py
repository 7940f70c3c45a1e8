"""The examples of a file are its tests: each makes small tables of its own, computes, and compares (TAR-21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Context
from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.builder import number_of
from communis.tariff.language.problems import Place, nearest
from communis.tariff.meaning.formulas import STEPS, type_of
from communis.tariff.meaning.tree import KINDS, OFFER, Model, Node, Type
from communis.tariff.tables.records import Chosen, FactRow, Member, RegisterRow, Tables
from communis.tariff.wording import value_text

_ALWAYS = date(1900, 1, 1)
_SINGLE = "le membre"


@dataclass(frozen=True, slots=True)
class Failure:
    """What an example does not get: the place of its clause, what it expects and what the rules give."""

    example: r.Example
    place: Place
    code: str
    message: str
    remedy: str


class Unusable(Exception):
    """A clause of an example that names nothing, with what to write instead."""

    def __init__(self, place: Place, message: str, remedy: str) -> None:
        super().__init__(message)
        self.place, self.message, self.remedy = place, message, remedy


@dataclass
class _Case:
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


def run_examples(model: Model) -> list[Failure]:
    """Run every example of a convention; return what is not reproduced."""
    return [failure for example in model.book.examples for failure in ExampleRunner(model, example).run()]


class ExampleRunner:
    """Runs one example."""

    def __init__(self, model: Model, example: r.Example) -> None:
        self.model = model
        self.book = model.book
        self.example = example

    def run(self) -> Iterator[Failure]:
        clauses = [c for c in self.example.clauses if isinstance(c, s.Clause)]
        grids = [c for c in clauses if c.kind == "s_grid_row"]
        try:
            if grids:
                yield from self.run_grid(clauses, grids)
            else:
                yield from self.check(self.setting(clauses), [(c.values, c.place) for c in clauses if c.kind == "x_expects"])
        except Unusable as problem:
            yield Failure(self.example, problem.place, "EXE-02", problem.message, problem.remedy)

    # ------------------------------------------------------------ grids

    def run_grid(self, clauses: list[s.Clause], grids: list[s.Clause]) -> Iterator[Failure]:
        """Run a table of cases: the columns that name facts are given, the others are expected."""
        names = [_cell_name(c) for c in grids[0].values]
        for row in grids[1:]:
            if len(row.values) != len(names):
                raise Unusable(
                    row.place, f"Cette ligne a {len(row.values)} cases, l’en-tête {len(names)}.", "Une case par colonne."
                )
            given: list[s.Clause] = []
            expected = []
            for name, cell in zip(names, row.values, strict=True):
                inner = _inner(cell)
                inner = self.with_unit(name, inner)
                if name.partition(".")[0] in {
                    *self.book.facts,
                    *self.book.parameters,
                    *self.book.offers,
                    *self.book.interpretations,
                }:
                    kind = "x_with" if name in self.book.parameters or name in self.book.interpretations else "x_value"
                    target: Any = name if kind == "x_with" else s.Clause("target", (name, None, None), s.NO_MARGIN, inner.place)
                    given.append(
                        s.Clause(
                            "x_given",
                            (None, s.Clause(kind, (target, _cell_literal(inner)), s.NO_MARGIN, inner.place)),
                            s.NO_MARGIN,
                            inner.place,
                        )
                    )
                else:
                    target = s.Clause("target", (name, None, None), s.NO_MARGIN, inner.place)
                    expected.append(((target, _cell_result(inner)), inner.place))
            yield from self.check(self.setting([*clauses, *given]), expected)

    def with_unit(self, name: str, cell: s.Clause) -> s.Clause:
        """Give a bare number of a table the unit of its column."""
        number = cell.values[-1] if cell.kind in ("v_amount", "v_negative") else None
        if not isinstance(number, s.Number) or number.unit is not None:
            return cell
        fact = self.book.facts.get(name)
        kind = type_of(fact.type, self.model.units) if fact else self.model.rules[name].type if name in self.model.rules else None
        if kind is None or kind.unit is None:
            return cell
        return replace(cell, values=(*cell.values[:-1], s.Number(number.value, kind.unit, number.place)))

    # ------------------------------------------------------------ what is given

    def setting(self, clauses: list[s.Clause]) -> _Case:
        settings = [(c.values[0], v) for c in clauses if c.kind == "x_given" for v in c.values[1:] if isinstance(v, s.Clause)]
        case = _Case(self.default_year())
        for _, setting in settings:
            if setting.kind == "x_year":
                year = setting.values[0]
                assert isinstance(year, s.Year)
                self.check_year(year, setting.place)
                case.year = year.year if year.year is not None else case.year
        for holder, _ in settings:
            self.declare(case, holder)
        rows: dict[int, dict[str, Any]] = {}
        for holder, setting in settings:
            self.apply(case, holder, setting, rows)
        return case

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

    def declare(self, case: _Case, holder: Any) -> None:
        """Make the members a clause speaks of."""
        if isinstance(holder, s.Clause) and holder.kind == "one_member":
            case.members.setdefault(str(holder.values[0]), {})
        elif isinstance(holder, s.Clause) and holder.kind == "the_host":
            case.members.setdefault("gestionnaire", {"host": True})
        elif isinstance(holder, s.Clause) and holder.kind == "many_members":
            for name in self.many(case, holder):
                case.members.setdefault(name, {})

    def many(self, case: _Case, holder: s.Clause) -> list[str]:
        count = number_of(str(holder.values[0]))
        if count.denominator != 1 or not 1 <= count <= 500:
            raise Unusable(holder.place, "De 1 à 500 membres dans un exemple.", "Corrigez leur nombre.")
        return [f"{holder.place.line}.{i + 1}" for i in range(int(count))]

    def names(self, case: _Case, holder: Any) -> list[str]:
        """Return the members a clause speaks of: those named, else everybody but the host, else one made for the example."""
        if isinstance(holder, s.Clause) and holder.kind == "many_members":
            return self.many(case, holder)
        if isinstance(holder, s.Clause) and holder.kind == "one_member":
            return [str(holder.values[0])]
        if isinstance(holder, s.Clause) and holder.kind == "the_host":
            return ["gestionnaire"]
        everybody = [n for n in case.members if n != "gestionnaire"]
        if not everybody:
            case.members[_SINGLE] = {}
            return [_SINGLE]
        return everybody

    def apply(self, case: _Case, holder: Any, setting: s.Clause, rows: dict[int, dict[str, Any]]) -> None:
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

    def with_value(self, case: _Case, setting: s.Clause) -> None:
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

    def value_setting(self, case: _Case, holder: Any, setting: s.Clause) -> None:
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

    def by_member(self, case: _Case, holder: Any, register: str, name: str, literal: Any, place: Place) -> None:
        field = self.book.registers[register].fields.get(name)
        kind = type_of(field.type, self.model.units) if field is not None and field.by_member else None
        if kind is None:
            raise Unusable(place, f"« {register}.{name} » n’est pas un champ par membre.", "Donnez-le sur la ligne du registre.")
        for member in self.names(case, holder):
            case.row_members.append((register, name, member, self.converted(literal, kind.dimensions, place)))

    def fact_setting(self, case: _Case, holder: Any, key: tuple[str, str | None, Any], literal: Any, place: Place) -> None:
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

    def row_setting(self, case: _Case, holder: s.Clause, setting: s.Clause, rows: dict[int, dict[str, Any]]) -> None:
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

    # ------------------------------------------------------------ computing and comparing

    def tables(self, case: _Case) -> Tables:
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

    def row(
        self, rule: r.Register, i: int, who: str | None, values: dict[str, Any], case: _Case, names: list[str]
    ) -> RegisterRow:
        event = rule.event
        filled = dict(values)
        if event is not None:
            filled.setdefault(event.name, self.model.calendar.period(case.year).first)
        by_member: dict[str, dict[int, Fraction]] = {}
        for register, name, member, amount in case.row_members:
            if register == rule.name:
                by_member.setdefault(name, {})[names.index(member)] = amount
        return RegisterRow(str(i + 1), names.index(who) if who in names else None, filled, by_member)

    def with_steps(self, case: _Case, tables: Tables, names: list[str]) -> None:
        """Put the dated steps of an offer on the choices by which it is held."""
        exact = Exact(self.model, tables)
        for i, chosen in enumerate(tables.choices):
            included = exact.reader.included(chosen.offer)
            steps = {
                step: day for member, offer, step, day in case.steps if names.index(member) == chosen.member and offer in included
            }
            tables.choices[i] = replace(chosen, steps=steps)

    def ledger(self, case: _Case) -> Ledger:
        model = self.model
        if case.prices:
            model = with_prices(model, case.prices)
        exact = Exact(model, self.tables(case), readings=case.readings)
        names = list(case.members)
        for member, name, offer, year, amount in case.given:
            exact.given[(name, year, names.index(member) if member else None, offer)] = amount
        return Ledger(exact)

    def check(self, case: _Case, expected: list[tuple[Any, Place]]) -> Iterator[Failure]:
        if not case.members:
            case.members[_SINGLE] = {}
        ledger = self.ledger(case)
        for (target, result), place in expected:
            message = self.compare(ledger, case, target, result, place)
            if message is not None:
                words = (
                    f"l’article {self.example.margin.articles[0]}"
                    if self.example.margin.articles and not self.example.fictitious
                    else "cet exemple"
                )
                yield Failure(self.example, place, "EXE-01", f"« {self.example.label} » : {words} attend {message}.",
                              "Corrigez la règle, ou l’exemple si c’est lui qui se trompe.")  # fmt: skip

    def compare(self, ledger: Ledger, case: _Case, target: Any, result: Any, place: Place) -> str | None:
        """Return what is expected and what is found when they differ."""
        name, offer, year = (*target.values, None, None)[:3]
        name = str(name)
        names = list(case.members)
        owner, _, rest = name.partition(".")
        member = (
            names.index(owner) if owner in names and rest else next((i for i, n in enumerate(names) if n != "gestionnaire"), 0)
        )
        if owner in names and rest:
            name = rest
        if isinstance(year, s.Year):
            self.check_year(year, place)
        exercise = int(year.year) if isinstance(year, s.Year) and year.year is not None else case.year
        outcome, value, reasons, kind = self.found(ledger, name, member, exercise, str(offer) if offer else None, place)
        shown = {
            AMOUNT: value_text(value, kind),
            NOT_APPLICABLE: "sans objet",
            REFUSED: "refusé (" + " ; ".join(map(str, reasons)) + ")",
        }[outcome]
        if result.kind == "x_none":
            return None if outcome == NOT_APPLICABLE else f"« sans objet », la règle donne {shown}"
        if result.kind == "x_decide":
            return (
                None
                if outcome == REFUSED and reasons[0].kind in ("decide", "out_of_scale")
                else f"« à décider », la règle donne {shown}"
            )
        if result.kind == "x_refused":
            wanted = str(result.values[0]) if result.values and result.values[0] else ""
            parts = [" ".join(part.split()) for part in wanted.split(":")]  # spaces that never break are spaces
            said = [" ".join(str(reason).split()) for reason in reasons]
            good = outcome == REFUSED and any(all(part in one for part in parts) for one in said)
            return None if good else f"« refusé{' : ' + wanted if wanted else ''} », la règle donne {shown}"
        literal = result.values[0]
        wanted_value = self.typed(literal, kind, place)
        if outcome == AMOUNT and value == wanted_value:
            return None
        return f"{value_text(wanted_value, kind)}, la règle donne {shown}"

    def asked(self) -> list[str]:
        """Return what an example may ask: what is computed, and is not of one row of a register."""
        computed = (self.book.scales, self.book.quantities, self.book.lines, self.book.credits, self.book.limits)
        names = [name for rules in (*computed, self.book.allowances, self.book.refusals) for name in rules]
        return [n for n in names if n in self.model.rules and not any(a.startswith("row:") for a in self.model.rules[n].axes)]

    def only_offer(self, ledger: Ledger, name: str, member: int, year: int, offer: str | None, place: Place) -> str | None:
        """Return the offer of what has a value an offer: the one said, else the only one the member holds."""
        typed = self.model.rules[name]
        if OFFER not in typed.axes:
            return self.own_offer(name, None, offer, place)
        offers = typed.offers or tuple(self.book.offers)
        if offer is not None:
            return self.own_offer(name, offers, offer, place)
        held = [o for o in offers if ledger.reader.held(member, o, year)]
        if len(held) != 1:
            raise Unusable(place, f"« {name} » a un montant par offre, et l’exemple en tient {len(held)}.", f"« {name} de … »")
        return held[0]

    def own_offer(self, name: str, offers: tuple[str, ...] | None, offer: str | None, place: Place) -> str | None:
        """Return the offer that a clause names; refuse one that the name does not have."""
        if offer is not None and offers is None:
            raise Unusable(place, f"« {name} » n’a pas un montant par offre.", f"Écrivez « {name} » seul.")
        if offer is not None and offer not in (offers or ()):
            raise self.unknown(offer, offers, place, f"une offre de « {name} »")
        return offer

    def found(
        self, ledger: Ledger, name: str, member: int, year: int, offer: str | None, place: Place
    ) -> tuple[str, Any, Any, Any]:
        """Return the outcome, value, reasons and type of what an example asks for."""
        base, _, attribute = name.partition(".")
        asked = self.asked()
        if base not in asked or (attribute and attribute != "nette"):
            raise self.unknown(name, asked, place, "un montant que la convention calcule")
        kind = self.model.rules[base].type
        offer = self.only_offer(ledger, base, member, year, offer, place)
        if attribute == "nette":
            value = ledger.net(base, member, year, offer, Node("net"))
            return value.outcome, value.value, value.reasons, kind
        result: LineResult | None = None
        if base in self.book.refusals:
            refusal = ledger.refusal(base, Context(year, member, offer))
            return (refusal.outcome, None, refusal.reasons, kind) if refusal is not None else (NOT_APPLICABLE, None, (), kind)
        if base in self.book.lines:
            result = ledger.line(base, member, year, offer)
        elif base in self.book.credits:
            result = ledger.credit(base, member, year)
        elif base in self.book.limits:
            limit = ledger.limit(base, year)
            if ledger.tables.members[member].host:
                return AMOUNT, limit.host, (), kind
            result = limit.by_member.get(member)
        if result is not None:
            return result.outcome, result.amount, result.reasons, kind
        value = ledger.exact.named(base, Context(year, member, offer), Node("value", type=kind))
        return value.outcome, value.value, value.reasons, kind


def with_prices(model: Model, prices: list[tuple[str, r.DatedPrice]]) -> Model:
    """Return a model whose parameters have other prices: a price with a date joins the others, one without replaces them."""
    parameters = dict(model.book.parameters)
    for name, price in prices:
        rule = parameters[name]
        values = [price] if price.first is None else [*rule.values, price]
        parameters[name] = replace(rule, values=values)
    return replace(model, book=replace(model.book, parameters=parameters))


def _inner(cell: Any) -> s.Clause:
    while cell.kind in ("cell", "bound_cell", "value_cell"):
        cell = cell.values[0]
    found: s.Clause = cell
    return found


def _cell_name(cell: Any) -> str:
    inner = _inner(cell)
    if inner.kind != "v_name":
        raise Unusable(
            inner.place, "La première ligne du tableau nomme ce qui est donné et ce qui est attendu.", "Écrivez des noms."
        )
    return str(inner.values[0])


def _cell_literal(cell: s.Clause) -> Any:
    if cell.kind in ("v_amount", "v_literal"):
        return cell.values[0]
    if cell.kind in ("v_yes", "v_no"):
        return s.Literal(cell.kind == "v_yes", "yes_no", cell.place)
    if cell.kind == "v_name":
        return s.Name(str(cell.values[0]), place=cell.place)
    if cell.kind == "v_free":
        return s.Name("gratuit", place=cell.place)
    raise Unusable(cell.place, "On ne peut pas donner cette valeur.", "Un nombre, une date, un nom, oui ou non.")


def _cell_result(cell: s.Clause) -> s.Clause:
    if cell.kind == "v_none":
        return s.Clause("x_none", (), s.NO_MARGIN, cell.place)
    if cell.kind == "v_decide":
        return s.Clause("x_decide", (), s.NO_MARGIN, cell.place)
    if cell.kind == "v_refused":
        return s.Clause("x_refused", cell.values, s.NO_MARGIN, cell.place)
    if cell.kind == "v_negative":
        number = cell.values[-1]
        assert isinstance(number, s.Number)
        return s.Clause("x_equals", (s.Number(-number.value, number.unit, number.place),), s.NO_MARGIN, cell.place)
    return s.Clause("x_equals", (_cell_literal(cell),), s.NO_MARGIN, cell.place)


def _date(token: Any, place: Place) -> date | None:
    if token is None or isinstance(token, date):
        return token
    day, month, year = (int(part) for part in str(token).split("/"))
    try:
        return date(year, month, day)
    except ValueError:
        raise Unusable(place, f"« {token} » n’est pas un jour du calendrier.", "Corrigez la date.") from None
