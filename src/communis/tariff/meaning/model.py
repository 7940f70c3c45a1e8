"""Gives the rules of a file their meaning: a `Model` whose every formula is typed, or the problems that prevent it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import FiscalCalendar
from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.problems import Place, Problem, nearest
from communis.tariff.language.source import Source
from communis.tariff.meaning.formulas import FormulaReader, Meaningless, fact_axes, is_money, reading_axes, type_of
from communis.tariff.meaning.tree import (
    DATE,
    MEMBER,
    OFFER,
    PURE_NUMBER,
    Interval,
    Model,
    NamesClass,
    Node,
    Type,
    TypedBearer,
    TypedBilling,
    TypedCell,
    TypedKey,
    TypedPeriod,
    TypedRow,
    TypedRule,
    TypedScale,
    TypedWeight,
    row_axis,
)  # fmt: skip
from communis.tariff.meaning.units import EURO, Unit, UnitTable, dimensions_text, number_text

_NONE: frozenset[str] = frozenset()
_MEMBER = frozenset({MEMBER})


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
        self.failed: set[str] = set()

    def problem(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.problems.append(Problem(code, message, remedy, place, self.source.name, self.source.words_at(place)))

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

    def unknown_unit(self, text: str, place: Place) -> None:
        part = self.units.unknown_part(text)
        close = nearest(part, self.units.units)
        self.problem(
            "UNI-03",
            f"« {part} » n’est pas une unité connue.",
            f"La plus proche : {close}." if close else f'Déclarez-la : unité {part} "…"',
            place,
        )

    def reserved(self, offer: r.Offer) -> None:
        assert offer.reserved is not None
        try:
            node = FormulaReader(self, offer, _MEMBER).read_as(offer.reserved, "yes_no", "« réservée si »")
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
            return self.model.rules[name]
        if name in self.failed:
            raise Meaningless
        if name in self.stack:
            chain = [*self.stack[self.stack.index(name) :], name]
            lines = ", ".join(str(self.named[n].place.line) for n in chain[:-1])
            self.problem("CYC-01", " lit ".join([chain[0], ", qui lit ".join(chain[1:])]) + f" (l. {lines}). Un montant ne peut dépendre de lui-même.",
                         "« de l’exercice précédent », ou séparez les deux.", place)  # fmt: skip
            self.failed.update(chain)
            raise Meaningless
        with self.reading(name):
            try:
                typed = self.typed(self.named[name])
            except Meaningless:
                self.failed.add(name)
                raise
        self.model.rules[name] = typed
        return typed

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        self.stack.append(name)
        try:
            yield
        finally:
            self.stack.pop()

    def typed(self, rule: r.Rule) -> TypedRule:
        if isinstance(rule, r.Parameter):
            return self.parameter(rule)
        if isinstance(rule, r.Scale):
            return self.scale(rule)
        if isinstance(rule, r.Key):
            return self.key(rule)
        if isinstance(rule, r.Quantity):
            return self.quantity(rule)
        if isinstance(rule, r.Line):
            return self.line(rule)
        if isinstance(rule, r.Credit):
            return self.credit(rule)
        if isinstance(rule, r.Limit):
            return self.limit(rule)
        if isinstance(rule, r.Allowance):
            return self.allowance_rule(rule)
        if isinstance(rule, r.Refusal):
            return self.refusal(rule)
        raise Meaningless

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
            raise reader.problem("PEU-01", f"« {name} » est propre à chaque membre, et rien ici ne dit lequel.",
                                 f"« somme de {name} sur les membres », ou « {name} du gestionnaire ».", formula.place)  # fmt: skip
        if OFFER in lacking:
            raise reader.problem("PEU-02", f"« {name} » dépend de l’offre, et rien ici ne dit laquelle.",
                                 f"« {name} de … », ou « pour chaque offre dans … ».", formula.place)  # fmt: skip
        for axis in lacking:
            register = axis.partition(":")[2]
            raise reader.problem("PEU-04", f"« {name} » appartient à une ligne du registre {register}, et rien ici ne dit laquelle.",
                                 f"« somme de … pour chaque {register} ».", formula.place)  # fmt: skip

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
            self.problem("LEC-12", "L’exercice de cette convention " + ("va d’une année sur l’autre." if straddles else "est l’année civile."),
                         f"Écrivez {good}.", place)  # fmt: skip

    def value_reference(self, formula: s.Name, rule: r.Rule, net: bool) -> Node:
        year = formula.year
        if year is not None:
            self.check_year(year, formula.place)
            if isinstance(rule, r.Line):
                return self.past_line(formula, rule)
        typed = self.rule(rule.name, formula.place)
        if net:
            self.read_net(rule.name, formula.place)
        axes = typed.axes - ({OFFER} if formula.offer is not None else _NONE)
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
        axes = _MEMBER | ({OFFER} if rule.offers is not None and formula.offer is None else _NONE)
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
            close = nearest(name, self.book.allowances)
            self.problem(
                "NOM-01",
                f"« {name} » n’est pas une enveloppe.",
                f"La plus proche : {close}." if close else "Déclarez l’enveloppe.",
                place,
            )
            raise Meaningless
        return self.rule(name, place)

    # ------------------------------------------------------------ each kind of rule

    def parameter(self, rule: r.Parameter) -> TypedRule:
        kind = type_of(rule.type, self.units) if rule.type else None
        if rule.type and kind is None:
            self.unknown_unit(rule.type.unit, rule.place)
            raise Meaningless
        for price in rule.values:
            kind = self.price_type(price, kind)
        if kind is None:
            self.problem(
                "UNI-02",
                f"Le paramètre {rule.name} est à fournir : dans quelle unité ?",
                f'paramètre {rule.name} : € "…"',
                rule.place,
            )
            raise Meaningless
        return TypedRule(rule.name, kind, reading_axes(rule.reading))

    def price_type(self, price: r.DatedPrice, kind: Type | None) -> Type:
        """Return the type of a price, that of the parameter when it is declared."""
        if price.value.unit is None:
            if kind is None or (kind.dimensions or kind.unit not in (None, "nombre")):
                self.problem("UNI-02", f"« {self.source.words_at(price.value.place)} » n’a pas d’unité : combien de quoi ?",
                             "Écrivez-la, par exemple €/hab ; « : nombre » après le nom si c’est un nombre pur.", price.value.place)  # fmt: skip
                raise Meaningless
            return kind
        unit = self.units.unit(price.value.unit)
        if unit is None:
            self.unknown_unit(price.value.unit, price.value.place)
            raise Meaningless
        if kind is not None and kind.dimensions != unit.dimensions:
            self.problem("UNI-01", f"Le paramètre est en {kind.unit or dimensions_text(kind.dimensions)}, cette valeur en {price.value.unit}.",
                         "Donnez toutes les valeurs dans la même unité.", price.value.place)  # fmt: skip
            raise Meaningless
        return kind or Type("number", unit.dimensions, unit=self.units.canonical(price.value.unit), factor=unit.factor)

    def scale(self, rule: r.Scale) -> TypedRule:
        axes = _MEMBER.union(map(row_axis, self.book.registers), {OFFER} if rule.offers is not None else _NONE)
        reader = FormulaReader(self, rule, axes)
        drivers = tuple(
            Node("offer", type=Type("choice", names=self.book.offers_in(rule.offers)), axes=frozenset({OFFER}), place=d.place)
            if d.name == "offre" else reader.read(d) for d in rule.drivers
        )  # fmt: skip
        for driver in drivers:
            if driver.op == "reading":
                self.told_apart.setdefault(str(driver.data), set()).update(driver.type.names)
        kind = type_of(rule.type, self.units) if rule.type else None
        if rule.type and kind is None:
            self.unknown_unit(rule.type.unit, rule.place)
            raise Meaningless
        periods = []
        for period in rule.periods:
            rows = []
            for row in period.rows:
                cell, kind = self.cell(row.cell, kind)
                classes = tuple(self.klass(b, d, rule.progressive) for b, d in zip(row.bounds, drivers, strict=False))
                if len(row.bounds) != len(drivers):
                    self.problem(
                        "GRI-01",
                        f"Le barème a {len(drivers)} entrées, cette ligne {len(row.bounds)}.",
                        "Une borne par entrée.",
                        row.place,
                    )
                    raise Meaningless
                rows.append(
                    TypedRow(classes, cell, " · ".join(self.source.words_at(b.place).strip() for b in row.bounds), row.place)
                )
            periods.append(TypedPeriod(period.first, period.act, tuple(rows)))
        if kind is None:
            self.problem(
                "UNI-02", f"Le barème {rule.name} ne dit pas son unité.", f"barème par classe {rule.name} : € selon …", rule.place
            )
            raise Meaningless
        result = kind
        if rule.progressive:
            result = self.slice_type(rule, kind, drivers)
        named = (row.cell.parameter for period in periods for row in period.rows if row.cell.parameter)
        scale_axes = reading_axes(rule.reading).union(*(d.axes for d in drivers), *(self.rule(n, rule.place).axes for n in named))
        self.model.scales[rule.name] = TypedScale(rule.name, drivers, tuple(periods), rule.progressive, kind, scale_axes)
        return TypedRule(rule.name, result, scale_axes)

    def slice_type(self, rule: r.Scale, price: Type, drivers: tuple[Node, ...]) -> Type:
        if len(drivers) != 1 or drivers[0].type.kind != "number":
            self.problem("BAR-06", "Un barème progressif suit une seule quantité.", "Nommez un seul fait chiffré.", rule.place)
            raise Meaningless
        unit = Unit(price.dimensions) * Unit(drivers[0].type.dimensions)
        return Type("number", unit.dimensions, unit="€" if unit.dimensions == EURO.dimensions else None)

    def cell(self, cell: r.Cell, kind: Type | None) -> tuple[TypedCell, Type | None]:
        """Return what a class gives, and the type of the scale once it is known."""
        articles = cell.margin.articles
        if cell.kind == "name":
            parameter = self.book.parameters.get(cell.text)
            if parameter is None:
                close = nearest(cell.text, self.book.parameters)
                self.problem(
                    "NOM-01",
                    f"« {cell.text} » n’est pas un paramètre.",
                    f"Le plus proche : {close}." if close else "Écrivez le prix.",
                    cell.place,
                )
                raise Meaningless
            return TypedCell("name", parameter=cell.text, articles=articles, place=cell.place), kind or self.rule(
                cell.text, cell.place
            ).type
        if cell.kind != "amount" or cell.value is None:
            return TypedCell(cell.kind, text=cell.text, articles=articles, place=cell.place), kind
        number = cell.value
        if number.unit is None:
            if kind is not None and not kind.dimensions:
                return TypedCell("amount", number.value * kind.factor, articles=articles, place=cell.place), kind
            self.problem(
                "UNI-02",
                f"« {self.source.words_at(number.place)} » n’a pas d’unité : combien de quoi ?",
                "Par exemple 1 500 € ou 2 ETP.",
                number.place,
            )
            raise Meaningless
        unit = self.units.unit(number.unit)
        if unit is None:
            self.unknown_unit(number.unit, number.place)
            raise Meaningless
        if kind is not None and kind.dimensions != unit.dimensions:
            self.problem(
                "UNI-01",
                f"Une classe donne des {kind.unit}, celle-ci des {number.unit}.",
                "Donnez partout la même unité.",
                number.place,
            )
            raise Meaningless
        kind = kind or Type("number", unit.dimensions, unit=self.units.canonical(number.unit), factor=unit.factor)
        return TypedCell("amount", number.value * unit.factor, articles=articles, place=cell.place), kind

    def klass(self, bound: r.Bound, driver: Node, progressive: bool) -> Interval | NamesClass:
        """Return the class a bound makes on a driver."""
        if driver.type.kind in ("choice", "yes_no", "section"):
            return self.names_class(bound, driver)
        if bound.kind in ("names", "others") or driver.type.kind != "number":
            self.problem(
                "BAR-07",
                "Cette classe ne va pas avec ce que suit le barème.",
                "Des bornes pour un nombre, des noms pour un choix.",
                bound.place,
            )
            raise Meaningless
        low = self.bound_value(bound.low, driver)
        high = self.bound_value(bound.high, driver)
        if bound.kind in ("ordinals", "from_ordinal"):
            one = driver.type.factor
            return Interval(None if low is None else low - one, low == one, high, True)
        shapes = {"below": (False, False), "to": (False, True), "from_below": (True, False), "from_to": (True, True),
                  "above": (False, False), "above_to": (False, True), "from": (True, False), "equal": (True, True)}  # fmt: skip
        low_closed, high_closed = shapes[bound.kind]
        if low is not None and high is not None and (low > high or (low == high and not (low_closed and high_closed))):
            self.problem(
                "BAR-08",
                "Cette classe est vide : sa borne haute n’est pas au-dessus de sa borne basse.",
                "Inversez ou corrigez les bornes.",
                bound.place,
            )
            raise Meaningless
        return Interval(low, low_closed, high, high_closed)

    def bound_value(self, number: s.Number | None, driver: Node) -> Fraction | None:
        if number is None:
            return None
        if number.unit is None:
            return number.value * driver.type.factor
        unit = self.units.unit(number.unit)
        if unit is None:
            self.unknown_unit(number.unit, number.place)
            raise Meaningless
        if unit.dimensions != driver.type.dimensions:
            self.problem(
                "UNI-01",
                f"Le barème suit des {driver.type.unit}, cette borne est en {number.unit}.",
                "Donnez la borne dans la même unité.",
                number.place,
            )
            raise Meaningless
        return number.value * unit.factor

    def names_class(self, bound: r.Bound, driver: Node) -> NamesClass:
        if bound.kind == "others":
            return NamesClass(frozenset())
        known = ("oui", "non") if driver.type.kind == "yes_no" else driver.type.names
        for name in bound.names:
            if name not in known:
                close = nearest(name, known)
                self.problem(
                    "NOM-08",
                    f"« {name} » n’est pas l’une des possibilités.",
                    f"La plus proche : {close}." if close else "On peut écrire : " + ", ".join(known) + ".",
                    bound.place,
                )
                raise Meaningless
        return NamesClass(frozenset(bound.names))

    def key(self, rule: r.Key) -> TypedRule:
        reader = FormulaReader(self, rule, _MEMBER)
        weights = []
        for weight in rule.weights:
            unit = self.units.unit(weight.percent.unit or "")
            if unit is None or unit.dimensions:
                self.problem(
                    "CLE-02", "Le poids d’une clé est un pourcentage.", "Par exemple : 60 % selon habitants", weight.place
                )
                raise Meaningless
            driver = self.key_driver(reader, weight.driver)
            fallback = self.key_driver(reader, weight.fallback)
            weights.append(TypedWeight(weight.percent.value * unit.factor, driver, fallback))
        total = sum((w.percent for w in weights), Fraction(0))
        if total != 1:
            self.problem(
                "CLE-02",
                f"Les poids de la clé {rule.name} font {float_free_percent(total)}, pas 100 %.",
                "Corrigez les poids.",
                rule.place,
            )
        among = reader.group(rule.among) if rule.among is not None else None
        self.keys[rule.name] = TypedKey(rule.name, tuple(weights), among)
        return TypedRule(rule.name, Type("key"), _MEMBER)

    def key_driver(self, reader: FormulaReader, formula: s.Formula | None) -> Node | None:
        if formula is None:
            return None
        node = reader.read_as(formula, "number", "« selon »")
        if MEMBER not in node.axes:
            raise reader.problem(
                "CLE-01",
                "Cette composante est la même pour tous : elle ne répartit rien.",
                "Nommez un fait par membre, ou « à parts égales ».",
                formula.place,
            )
        return node

    def group_offers(self, group: str | None, place: Place) -> tuple[str, ...]:
        if group is None:
            return ()
        if group and group not in self.book.offers:
            close = nearest(group, self.book.offers)
            self.problem(
                "NOM-01", f"« {group} » n’est pas une offre.", f"La plus proche : {close}." if close else "Déclarez-la.", place
            )
            raise Meaningless
        return self.book.offers_in(group)

    def holders(self, names: tuple[str, ...], place: Place) -> tuple[str, ...]:
        for name in names:
            if name not in self.book.offers:
                close = nearest(name, self.book.offers)
                self.problem(
                    "NOM-01", f"« {name} » n’est pas une offre.", f"La plus proche : {close}." if close else "Déclarez-la.", place
                )
                raise Meaningless
        return names

    def rows_of(self, name: str | None, place: Place) -> frozenset[str]:
        if name is None:
            return _NONE
        if name not in self.book.registers:
            close = nearest(name, self.book.registers)
            self.problem(
                "NOM-01", f"« {name} » n’est pas un registre.", f"Le plus proche : {close}." if close else "Déclarez-le.", place
            )
            raise Meaningless
        return frozenset({row_axis(name)})

    def quantity(self, rule: r.Quantity) -> TypedRule:
        offers = self.group_offers(rule.offers, rule.place)
        axes = _MEMBER | ({OFFER} if rule.offers is not None else _NONE) | self.rows_of(rule.rows, rule.place)
        if rule.formula is None:
            raise Meaningless
        node = FormulaReader(self, rule, axes).read(rule.formula)
        kind = self.declared_type(rule, node)
        axes = node.axes | ({OFFER} if rule.offers is not None else _NONE) | (_MEMBER if rule.holders else _NONE)
        return TypedRule(
            rule.name, kind, axes, node, holders=self.holders(rule.holders, rule.place), offers=offers, register=rule.rows or ""
        )

    def declared_type(self, rule: r.Quantity | r.Line, node: Node) -> Type:
        """Return the declared type of a rule, checked against its formula, or the type of the formula."""
        if rule.type is None:
            if node.type.kind == "number" and node.type.unit is None:
                unit = dimensions_text(node.type.dimensions) if node.type.dimensions else None
                return Type("number", node.type.dimensions, unit=unit)
            return node.type
        kind = type_of(rule.type, self.units)
        if kind is None:
            self.unknown_unit(rule.type.unit, rule.place)
            raise Meaningless
        if kind.kind != node.type.kind or kind.dimensions != node.type.dimensions:
            self.problem("UNI-01", f"« {rule.name} » est annoncé en {kind.unit or kind.kind}, sa formule donne {dimensions_text(node.type.dimensions)}.",
                         "Corrigez le type ou la formule.", rule.place)  # fmt: skip
            raise Meaningless
        return kind

    def line(self, rule: r.Line) -> TypedRule:
        offers = self.group_offers(rule.offers, rule.place)
        rows = self.rows_of(rule.rows, rule.place)
        axes = _MEMBER | ({OFFER} if rule.offers is not None else _NONE) | rows
        reader = FormulaReader(self, rule, axes)
        if rule.formula is None:
            raise Meaningless
        node = reader.read_as(rule.formula, "number", "Une ligne")
        kind = self.declared_type(rule, node)
        if rule.section != "en nature" and not is_money(kind):
            self.problem("UNI-05", f"La ligne {rule.name} donne {dimensions_text(kind.dimensions)} : une ligne se paie en euros.",
                         "Corrigez la formule, ou « en nature » si l’on doit autre chose que de l’argent.", rule.place)  # fmt: skip
            raise Meaningless
        typed = TypedRule(rule.name, kind, _MEMBER | ({OFFER} if rule.offers is not None else _NONE), node)
        typed.holders, typed.offers, typed.register = self.holders(rule.holders, rule.place), offers, rule.rows or ""
        self.line_clauses(rule, typed, reader)
        return typed

    def line_clauses(self, rule: r.Line, typed: TypedRule, reader: FormulaReader) -> None:
        if rule.condition is not None:
            typed.condition = reader.read_as(rule.condition, "yes_no", "« si »")
        whole = FormulaReader(self, rule, frozenset(a for a in reader.axes if not a.startswith("row:")))
        typed.exempt = tuple((whole.read_as(f, "yes_no", "« exonérée si »"), m.articles) for f, m in rule.exempt)
        if rule.once:
            typed.once = self.date_named(reader, rule.once, rule.place)
        if rule.section_of:
            typed.section_of = reader.read(s.Name(rule.section_of, place=rule.place))
            if typed.section_of.type.kind != "section":
                raise reader.problem(
                    "TYP-01", f"« {rule.section_of} » n’est pas une section.", "Nommez un champ « : section ».", rule.place
                )
        typed.billed = tuple(self.billing(reader, b) for b in rule.billed)
        typed.payers = tuple(
            (p.who, whole.read_as(p.condition, "yes_no", "« si »") if p.condition else None) for p in rule.payers
        )
        if rule.balance is not None:
            balance = FormulaReader(self, rule, whole.axes - {MEMBER})
            typed.balance = balance.read_as(rule.balance, "number", "« le reste de »")
        if rule.adjusts and rule.section_of:
            raise reader.problem("FOR-09", f"La ligne {rule.name} régularise : une différence n’a qu’une section, pas celle de chaque ligne du registre.",
                                 "Écrivez « en fonctionnement » ou « en investissement ».", rule.place)  # fmt: skip
        if rule.adjusts and rule.adjusts not in self.book.lines:
            close = nearest(rule.adjusts, self.book.lines)
            raise reader.problem(
                "NOM-01",
                f"« {rule.adjusts} » n’est pas une ligne.",
                f"La plus proche : {close}." if close else "Nommez la ligne régularisée.",
                rule.place,
            )

    def date_named(self, reader: FormulaReader, name: str, place: Place) -> Node:
        node = reader.read(s.Name(name, place=place))
        if node.type != DATE:
            raise reader.problem(
                "TYP-01", f"« {name} » n’est pas une date.", "Nommez une date : un champ, une étape d’une offre.", place
            )
        return node

    def billing(self, reader: FormulaReader, billing: r.Billing) -> TypedBilling:
        when = self.date_named(reader, billing.date_name, billing.place) if billing.date_name else None
        whole = FormulaReader(self, reader.rule, frozenset(a for a in reader.axes if not a.startswith("row:")))
        condition = whole.read_as(billing.condition, "yes_no", "« si »") if billing.condition is not None else None
        return TypedBilling(billing, when, condition)

    def credit(self, rule: r.Credit) -> TypedRule:
        reader = FormulaReader(self, rule, _MEMBER)
        for name in (rule.source, rule.target):
            if name not in self.book.lines:
                close = nearest(name, self.book.lines)
                raise reader.problem(
                    "NOM-01",
                    f"« {name} » n’est pas une ligne.",
                    f"La plus proche : {close}." if close else "Nommez une ligne.",
                    rule.place,
                )
            self.whole_line(reader, name, rule, sections=name == rule.target)
            self.rule(name, rule.place)
        if self.model.rules[rule.source].type.dimensions != self.model.rules[rule.target].type.dimensions:
            raise reader.problem("UNI-01", f"Le crédit {rule.name} déduit une ligne d’une autre qui ne compte pas la même chose.",
                                 "Nommez deux lignes de même unité.", rule.place)  # fmt: skip
        condition = reader.read_as(rule.condition, "yes_no", "« si »") if rule.condition is not None else None
        return TypedRule(rule.name, self.model.rules[rule.target].type, _MEMBER, condition=condition)

    def whole_line(self, reader: FormulaReader, name: str, rule: r.Rule, *, sections: bool) -> None:
        """Refuse a line that has several amounts, or several sections, where one is asked for."""
        line = self.book.lines[name]
        if line.offers is not None:
            raise reader.problem("CRE-02", f"« {name} » a un montant par offre : « {rule.name} » n’en lit qu’un par membre.",
                                 "Écrivez une ligne par offre, ou une ligne qui les additionne.", rule.place)  # fmt: skip
        if sections and line.section_of:
            raise reader.problem("POR-03", f"« {name} » a la section de chaque ligne du registre : « {rule.name} » n’en a qu’une.",
                                 "Écrivez une ligne par section.", rule.place)  # fmt: skip

    def limit(self, rule: r.Limit) -> TypedRule:
        axes = _NONE if rule.on_total else _MEMBER
        reader = FormulaReader(self, rule, axes)
        for name in self.limited_lines(rule):
            if name not in self.book.lines:
                close = nearest(name, self.book.lines)
                raise reader.problem(
                    "NOM-01",
                    f"« {name} » n’est pas une ligne.",
                    f"La plus proche : {close}." if close else "Nommez une ligne.",
                    rule.place,
                )
            self.rule(name, rule.place)
            self.limited_line(reader, name, rule)
        typed = TypedRule(rule.name, Type("number", EURO.dimensions, unit="€"), _MEMBER)
        for slot in ("at_most", "at_least"):
            formula = getattr(rule, slot)
            if formula is not None:
                node = reader.read_as(formula, "number", "Une limite")
                if not is_money(node.type):
                    raise reader.problem(
                        "UNI-05", f"La limite {rule.name} n’est pas en euros.", "Corrigez la formule.", rule.place
                    )
                setattr(typed, slot, node)
        if rule.condition is not None:
            typed.condition = reader.read_as(rule.condition, "yes_no", "« si »")
        typed.excess = tuple(self.bearer(rule, b) for b in rule.excess)
        typed.shortfall = tuple(self.bearer(rule, b) for b in rule.shortfall)
        return typed

    def limited_line(self, reader: FormulaReader, name: str, rule: r.Limit) -> None:
        """Refuse a line named in a limit that is not money, or whose section changes from row to row."""
        if rule.lines and not is_money(self.model.rules[name].type):
            raise reader.problem(
                "UNI-05",
                f"« {name} » n’est pas en euros : {rule.name} ne la limite pas.",
                "Nommez des lignes en euros.",
                rule.place,
            )
        if rule.lines and self.book.lines[name].section_of:
            raise reader.problem("POR-03", f"« {name} » a la section de chaque ligne du registre : « {rule.name} » n’en a qu’une.",
                                 "Écrivez « porte sur les lignes en fonctionnement » ou « en investissement ».", rule.place)  # fmt: skip

    def limited_lines(self, rule: r.Limit) -> tuple[str, ...]:
        """Return the lines a limit bears on: those it names, or those that may be in its section."""
        if rule.lines:
            return rule.lines
        return tuple(n for n, line in self.book.lines.items() if line.section == rule.section or line.section_of)

    def bearer(self, rule: r.Limit, bearer: r.Bearer) -> TypedBearer:
        reader = FormulaReader(self, rule, _MEMBER)
        key: Any = None
        if bearer.key is not None:
            if isinstance(bearer.key, s.Name) and bearer.key.name in self.book.keys:
                self.key_rule(bearer.key.name)
                key = Node("key", data=bearer.key.name, type=Type("key"), axes=_MEMBER)
            else:
                key = self.key_driver(reader, bearer.key)
        condition = (
            FormulaReader(self, rule, _NONE).read_as(bearer.condition, "yes_no", "« si »")
            if bearer.condition is not None
            else None
        )
        return TypedBearer(bearer, key, condition)

    def allowance_rule(self, rule: r.Allowance) -> TypedRule:
        self.holders((rule.holders,), rule.place)
        register = rule.consumed.partition(".")[0]
        axes = frozenset({MEMBER}) | self.rows_of(register, rule.place)
        reader = FormulaReader(self, rule, axes)
        consumed = reader.read_as(s.Name(rule.consumed, place=rule.place), "number", "« consommée par »")
        order = self.date_named(reader, rule.order, rule.place)
        if rule.formula is None:
            raise Meaningless
        formula = FormulaReader(self, rule, _NONE).read_as(rule.formula, "number", "Une enveloppe")
        reader.same_dimensions(formula, consumed, rule.place, "compare")
        typed = TypedRule(
            rule.name, formula.type, _NONE, formula, register=register, holders=(rule.holders,), consumed=consumed, order=order
        )
        if rule.condition is not None:
            typed.condition = reader.read_as(rule.condition, "yes_no", "« si »")
        if rule.quota is not None:
            typed.quota = FormulaReader(self, rule, _MEMBER).read_as(rule.quota, "number", "« quota indicatif »")
        if rule.counted_by:
            self.used.add(rule.counted_by)
        return typed

    def refusal(self, rule: r.Refusal) -> TypedRule:
        if rule.condition is None:
            raise Meaningless
        reader = FormulaReader(self, rule, _MEMBER)
        offers = self.holders(rule.holders, rule.place)
        facts = [f for f in self.book.facts.values() if f.offers is not None]
        if facts and offers:
            reader = FormulaReader(self, rule, _MEMBER | {OFFER})
        condition = reader.read_as(rule.condition, "yes_no", "« si »")
        return TypedRule(rule.name, condition.type, condition.axes | _MEMBER, condition=condition, holders=offers)


def float_free_percent(value: Fraction) -> str:
    """Write a ratio as a percentage."""
    return f"{number_text(value * 100)} %"
