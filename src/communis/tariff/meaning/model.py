"""Gives the rules of a file their meaning: a `Model` whose every formula is typed, or the problems that prevent it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from communis.tariff.calendar import FiscalCalendar
from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.problems import Place, Problem, nearest
from communis.tariff.language.source import Source
from communis.tariff.meaning import allowances, keys, limits, lines, prices
from communis.tariff.meaning.depth import DEEPEST, Depth
from communis.tariff.meaning.formulas import FormulaReader, fact_axes, type_of
from communis.tariff.meaning.tree import (
    BY_MEMBER,
    MEMBER,
    NO_AXES,
    OFFER,
    PURE_NUMBER,
    Meaningless,
    Model,
    Node,
    Type,
    TypedRule,
    row_axis,
)
from communis.tariff.meaning.units import EURO, Unit, UnitTable


def model_of(book: r.Rulebook, source: Source, problems: list[Problem]) -> Model:
    """Return the model of a rulebook; the problems met are added to the list, and rules without meaning left out."""
    meaning = Meaning(book, source, problems)
    meaning.read_all()
    return meaning.model


class Meaning:
    """Types the rules of a file on demand, so that the order of the file does not matter and a cycle is seen."""

    def __init__(self, book: r.Rulebook, source: Source, problems: list[Problem]) -> None:
        self.book = book
        self.source = source
        self.problems = problems
        self.named = book.named()
        self.units = self.declared_units()
        calendar = FiscalCalendar(book.header.year_first.day, book.header.year_first.month)
        self.model = Model(book, self.units, calendar, source.name)
        self.keys = self.model.keys
        self.used: set[str] = set()
        self.told_apart: dict[str, set[str]] = {}
        self.stack: list[str] = []
        self.depth = Depth()
        self.failed: set[str] = set()

    def problem(self, code: str, message: str, remedy: str, place: Place) -> Meaningless:
        """Tell a problem; return what to raise where nothing can follow."""
        self.problems.append(Problem(code, message, remedy, place, self.source.name, self.source.words_at(place)))
        return Meaningless()

    def declared_units(self) -> UnitTable:
        units = UnitTable()
        units.units["nombre"] = Unit()
        for rule in self.book.units.values():
            if rule.worth is None:
                if rule.name not in units.units:
                    units.declare(rule.name)
                continue
            base = units.unit(rule.worth.unit or "")
            if base is None or not rule.worth.value:
                self.problem("UNI-03", f"« {rule.worth.unit} » n’est pas une unité connue.", "Déclarez-la plus haut.", rule.place)
                units.declare(rule.name)
            else:
                units.declare(rule.name, Unit(base.dimensions, base.factor * rule.worth.value))
        return units

    def read_all(self) -> None:
        for name, rule in self.named.items():
            if not isinstance(rule, (r.Fact, r.Register, r.Offer)):
                self.try_rule(name)
        for register in self.book.registers.values():
            for field in register.fields.values():
                self.field_type(register, field)
        for fact in self.book.facts.values():
            if type_of(fact.type, self.units) is None:
                self.unknown_unit(fact.type.unit, fact.place)
        for offer in self.book.offers.values():
            if offer.reserved is not None:
                self.reserved(offer)

    def field_type(self, register: r.Register, field: r.Field) -> None:
        if type_of(field.type, self.units) is None:
            self.unknown_unit(field.type.unit, field.place)
        for name in field.type.names if field.type.kind == "key" else ():
            fact = self.book.facts.get(name)
            if fact is None or fact.of_service or type_of(fact.type, self.units) is None:
                close = nearest(name, self.book.facts)
                self.problem("CLE-04", f"« {name} » n’est pas un fait chiffré de chaque membre.",
                             f"Le plus proche : {close}." if close else "Déclarez le fait.", field.place)  # fmt: skip

    def unknown_unit(self, text: str, place: Place) -> Meaningless:
        """Tell a unit that nothing declares, with the nearest one; return what to raise where nothing can follow."""
        part = self.units.unknown_part(text)
        close = nearest(part, self.units.units)
        remedy = f"La plus proche : {close}." if close else f'Déclarez-la : unité {part} "…"'
        return self.problem("UNI-03", f"« {part} » n’est pas une unité connue.", remedy, place)

    def unknown(self, name: str, what: str, known: Iterable[str], place: Place, *, otherwise: str) -> Meaningless:
        """Tell a name that is not what is asked (« une offre »), with the nearest one; return what to raise."""
        close = nearest(name, known)
        nearest_one = f"{'La' if what.startswith('une ') else 'Le'} plus proche : {close}."
        return self.problem("NOM-01", f"« {name} » n’est pas {what}.", nearest_one if close else otherwise, place)

    def reserved(self, offer: r.Offer) -> None:
        assert offer.reserved is not None
        try:
            node = FormulaReader(self, offer, BY_MEMBER).read_as(offer.reserved, "yes_no", "« réservée si »")
        except Meaningless:
            return
        self.model.reserved[offer.name] = node

    # ------------------------------------------------------------ rules on demand

    def try_rule(self, name: str) -> None:
        try:
            self.rule(name, self.named[name].place)
        except Meaningless:
            self.failed.add(name)

    def rule(self, name: str, place: Place) -> TypedRule:
        """Return the typed rule of a name, typing it now if need be; a rule that reads itself is told with its chain."""
        if name in self.model.rules:
            self.depth.again(name)
            self.check_depth(place)
            return self.model.rules[name]
        if name in self.failed:
            raise Meaningless
        if name in self.stack:
            chain = [*self.stack[self.stack.index(name) :], name]
            lines = ", ".join(str(self.named[n].place.line) for n in chain[:-1])
            self.problem(
                "CYC-01",
                " lit ".join([chain[0], ", qui lit ".join(chain[1:])]) + f" (l. {lines}). Un montant ne peut dépendre de "
                "lui-même.",
                "« de l’exercice précédent », ou séparez les deux.",
                place,
            )
            self.failed.update(chain)
            raise Meaningless
        with self.reading(name), self.depth.of_rule(name):
            try:
                typed = self.typed(self.named[name])
            except Meaningless:
                self.failed.add(name)
                raise
        self.model.rules[name] = typed
        return typed

    def check_depth(self, place: Place) -> None:
        """Refuse formulas that read one another, or hold one another, too far."""
        if self.depth.passed:
            self.depth.deepest = 0
            raise self.problem(
                "CYC-03",
                f"Plus de {DEEPEST} opérations et noms sont pris l’un dans l’autre.",
                "Raccourcissez la formule, ou la chaîne des noms qu’elle lit.",
                place,
            )

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        self.stack.append(name)
        try:
            yield
        finally:
            self.stack.pop()

    def typed(self, rule: r.Rule) -> TypedRule:
        maker = _MAKERS.get(type(rule))
        if maker is None:
            raise Meaningless
        return maker(self, rule)

    # ------------------------------------------------------------ names in formulas

    def reference(self, reader: FormulaReader, formula: s.Name, rule: r.Rule, net: bool = False) -> Node:
        """Return the node of a name that a formula uses, within the scope of the formula."""
        if isinstance(rule, r.Fact):
            node = self.fact_reference(formula, rule)
        elif isinstance(rule, r.Parameter):
            typed = self.rule(rule.name, formula.place)
            node = Node("parameter", data=rule.name, type=typed.type, axes=typed.axes, place=formula.place)
        elif isinstance(rule, (r.Scale, r.Quantity, r.Allowance, r.Line, r.Credit, r.Limit)):
            node = self.value_reference(formula, rule, net)
        else:
            what = {"Key": "une clé : elle ne sert qu’à répartir", "Register": "un registre : nommez un de ses champs",
                    "Offer": "une offre : « tient … »", "Refusal": "un refus"}[type(rule).__name__]  # fmt: skip
            raise reader.problem("TYP-05", f"« {rule.name} » est {what}.", "Nommez une valeur.", formula.place)
        self.in_scope(reader, node, formula)
        return node

    def in_scope(self, reader: FormulaReader, node: Node, formula: s.Formula) -> None:
        """Refuse a value that depends on a member, an offer or a row that the formula does not have."""
        lacking = node.axes - reader.axes
        if not lacking:
            return
        name = formula.name if isinstance(formula, s.Name) else self.source.words_at(formula.place)
        if MEMBER in lacking:
            raise reader.problem(
                "PEU-01",
                f"« {name} » est propre à chaque membre, et rien ici ne dit lequel.",
                f"« somme de {name} sur les membres », ou « {name} du gestionnaire ».",
                formula.place,
            )
        if OFFER in lacking:
            raise reader.problem("PEU-02", f"« {name} » dépend de l’offre, et rien ici ne dit laquelle.",
                                 f"« {name} de … », ou « pour chaque offre dans … ».", formula.place)  # fmt: skip
        for axis in lacking:
            register = axis.partition(":")[2]
            own = isinstance(reader.rule, (r.Quantity, r.Line)) and reader.rule.rows is None
            raise reader.problem(
                "PEU-04",
                f"« {name} » appartient à une ligne du registre {register}, et rien ici ne dit laquelle.",
                f"« somme de … pour chaque {register} »"
                + (f", ou une clause « pour chaque {register} » à {reader.rule.name}." if own else "."),
                formula.place,
            )

    def fact_reference(self, formula: s.Name, fact: r.Fact) -> Node:
        kind = type_of(fact.type, self.units)
        if kind is None:
            raise Meaningless
        axes = fact_axes(fact)
        if formula.offer is not None:
            axes -= {OFFER}
        if formula.of == "host":
            axes -= {MEMBER}
        if formula.year is not None:
            self.check_year(formula.year, formula.place)
        if fact.yearly:
            year = formula.year or s.Year(offset=0)
            return Node(
                "past", data=("fact", fact.name, formula.offer, year, formula.of), type=kind, axes=axes, place=formula.place
            )
        return Node("fact", data=(fact.name, formula.offer, formula.year, formula.of), type=kind, axes=axes, place=formula.place)

    def check_year(self, year: s.Year, place: Place) -> None:
        straddles = self.model.calendar.straddles
        if year.year is not None and year.straddles != straddles:
            good = f"{year.year}-{year.year + 1}" if straddles else str(year.year)
            self.problem(
                "LEC-12",
                "L’exercice de cette convention " + ("va d’une année sur l’autre." if straddles else "est l’année civile."),
                f"Écrivez {good}.",
                place,
            )

    def value_reference(self, formula: s.Name, rule: r.Rule, net: bool) -> Node:
        year = formula.year
        if year is not None:
            self.check_year(year, formula.place)
            if isinstance(rule, r.Line):
                return self.past_line(formula, rule)
        typed = self.rule(rule.name, formula.place)
        if net:
            self.read_net(rule.name, formula.place)
        axes = typed.axes - ({OFFER} if formula.offer is not None else NO_AXES)
        return Node(
            "net" if net else "value",
            data=(rule.name, formula.offer, year, formula.of),
            type=typed.type,
            axes=axes,
            place=formula.place,
        )

    def past_line(self, formula: s.Name, rule: r.Line) -> Node:
        """Return what was issued under a line in another exercise; its type is declared, or euros, so no cycle can come."""
        kind = type_of(rule.type, self.units) if rule.type else Type("number", EURO.dimensions, unit="€")
        axes = BY_MEMBER | ({OFFER} if rule.offers is not None and formula.offer is None else NO_AXES)
        return Node(
            "past",
            data=("line", rule.name, formula.offer, formula.year, formula.of),
            type=kind or PURE_NUMBER,
            axes=axes,
            place=formula.place,
        )

    def read_net(self, line: str, place: Place) -> None:
        """Type what a net amount depends on: the credits and limits that bear on the line."""
        for credit in self.book.credits.values():
            if credit.target == line:
                self.rule(credit.name, place)
        for limit in self.book.limits.values():
            if line in limit.lines:
                self.rule(limit.name, place)

    def steps_of(self, offer: str) -> dict[str, str]:
        """Return the dated steps an offer declares, those of the offers it includes too."""
        steps = dict(self.book.offers[offer].steps)
        for included in self.book.offers[offer].includes:
            if included in self.book.offers:
                steps.update(self.book.offers[included].steps)
        return steps

    def key_rule(self, name: str) -> None:
        self.rule(name, self.named[name].place)

    def allowance(self, name: str, place: Place) -> TypedRule:
        if name not in self.book.allowances:
            raise self.unknown(name, "une enveloppe", self.book.allowances, place, otherwise="Déclarez l’enveloppe.")
        return self.rule(name, place)

    # ------------------------------------------------------------ names in clauses

    def group_offers(self, group: str | None, place: Place) -> tuple[str, ...]:
        if group is None:
            return ()
        if group:
            self.holders((group,), place)
        return self.book.offers_in(group)

    def holders(self, names: tuple[str, ...], place: Place) -> tuple[str, ...]:
        for name in names:
            if name not in self.book.offers:
                raise self.unknown(name, "une offre", self.book.offers, place, otherwise="Déclarez-la.")
        return names

    def rows_of(self, name: str | None, place: Place) -> frozenset[str]:
        if name is None:
            return NO_AXES
        if name not in self.book.registers:
            raise self.unknown(name, "un registre", self.book.registers, place, otherwise="Déclarez-le.")
        return frozenset({row_axis(name)})


_MAKERS: dict[type[r.Rule], Callable[[Meaning, Any], TypedRule]] = {
    r.Parameter: prices.parameter, r.Scale: prices.scale, r.Key: keys.key, r.Quantity: lines.quantity, r.Line: lines.line,
    r.Credit: limits.credit, r.Limit: limits.limit, r.Allowance: allowances.allowance, r.Refusal: allowances.refusal,
}  # fmt: skip
