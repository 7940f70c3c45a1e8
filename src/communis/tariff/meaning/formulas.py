"""Gives a formula its meaning: finds its names, checks its units, follows what it depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from communis.tariff.language import syntax as s
from communis.tariff.language.problems import Place, nearest
from communis.tariff.language.rules import Fact, ReadingRule, Rule, TypeText
from communis.tariff.meaning import ranges
from communis.tariff.meaning.tree import (
    DATE,
    KINDS,
    MEMBER,
    OFFER,
    SECTION,
    TEXT,
    YES_NO,
    Meaningless,
    Node,
    Type,
    row_axis,
)
from communis.tariff.meaning.units import EURO, EURO_DIMENSIONS, PURE, Unit, dimensions_text

if TYPE_CHECKING:
    from communis.tariff.meaning.model import Meaning

STEPS = {
    "décidée_le": "date de la décision", "exécutoire_le": "date où l’acte est exécutoire", "signée_le": "date de signature",
    "effet_le": "date d’effet", "fin_le": "dernier jour", "demandée_le": "date de la demande",
}  # fmt: skip
EXIT_STEPS = {"demandée_le": "date demandée de la sortie", "reçue_le": "réception de la lettre"}
_COMPARISONS = {"=", "≠", "<", "≤", ">", "≥", "au plus tard", "au plus tôt"}


def type_of(text: TypeText, units: Any) -> Type | None:
    """Return the type of a declaration, or None when its unit is unknown."""
    if text.kind == "unit":
        unit = units.unit(text.unit)
        if unit is None:
            return None
        return Type("number", unit.dimensions, unit=units.canonical(text.unit), factor=unit.factor)
    if text.kind == "section":
        return SECTION
    return Type(text.kind, names=text.names)


class FormulaReader:
    """Reads the formulas of one rule; `meaning` answers for the names of the others."""

    def __init__(self, meaning: Meaning, rule: Rule, axes: frozenset[str], offer: str | None = None) -> None:
        self.meaning = meaning
        self.book = meaning.book
        self.units = meaning.units
        self.rule = rule
        self.offer = offer
        self.axes = axes

    def problem(self, code: str, message: str, remedy: str, place: Place) -> Meaningless:
        return self.meaning.problem(code, message, remedy, place)

    def inside(self, axes: set[str]) -> FormulaReader:
        """Return a reader of what stands inside a sum or a set, where more axes are known."""
        return FormulaReader(self.meaning, self.rule, self.axes | axes, self.offer)

    def read(self, formula: s.Formula) -> Node:
        """Return the typed node of a formula; raises Meaningless once its problem is told."""
        with self.meaning.depth.below():
            self.meaning.check_depth(formula.place)
            node = self._readers[type(formula)](self, formula)
        self.meaning.in_scope(self, node, formula)
        return node

    def read_as(self, formula: s.Formula, kind: str, what: str) -> Node:
        node = self.read(formula)
        if node.type.kind != kind:
            raise self.problem("TYP-01", f"{what} : on attend {KINDS[kind]}, on lit {KINDS[node.type.kind]}.",
                               "Comparez, ou nommez la bonne valeur.", formula.place)  # fmt: skip
        return node

    # ------------------------------------------------------------ values

    def number(self, formula: s.Number) -> Node:
        unit = PURE if formula.unit is None else self.units.unit(formula.unit)
        if unit is None:
            raise self.meaning.unknown_unit(formula.unit or "", formula.place)
        shown = self.units.canonical(formula.unit) if formula.unit else None
        kind = Type("number", unit.dimensions, unit=shown, factor=unit.factor)
        return Node("const", data=formula.value * unit.factor, type=kind, place=formula.place)

    def literal(self, formula: s.Literal) -> Node:
        kind = {"date": DATE, "yes_no": YES_NO, "section": SECTION, "text": TEXT}[formula.kind]
        return Node("const", data=formula.value, type=kind, place=formula.place)

    def current_offer(self, formula: s.CurrentOffer) -> Node:
        if OFFER not in self.axes:
            raise self.problem(
                "PEU-02",
                "Rien ici ne dit de quelle offre on parle.",
                "« pour chaque offre dans … », ou nommez l’offre.",
                formula.place,
            )
        return Node("offer", type=Type("choice", names=tuple(self.book.offers)), axes=frozenset({OFFER}), place=formula.place)

    def name(self, formula: s.Name) -> Node:
        """Return what a name stands for: interpretation, attribute, field, step, or a rule."""
        name = formula.name
        if name in self.book.interpretations:
            self.meaning.used.add(name)
            return Node(
                "reading",
                data=name,
                type=Type("choice", names=tuple(self.book.interpretations[name].readings)),
                place=formula.place,
            )
        if name in ("membre.type", "membre.nom"):
            return Node("attribute", data=name.partition(".")[2], type=TEXT, axes=frozenset({MEMBER}), place=formula.place)
        if "." in name:
            return self.dotted(formula)
        rule = self.meaning.named.get(name)
        if rule is None:
            raise self.unknown_name(name, formula.place)
        if formula.offer is not None and formula.offer not in self.book.offers:
            raise self.unknown_name(formula.offer, formula.place)
        return self.meaning.reference(self, formula, rule)

    def unknown_name(self, name: str, place: Place) -> Meaningless:
        if name == "gratuit":
            return self.problem("NOM-01", "« gratuit » est un prix de barème, pas une formule.", "Écrivez « 0 € ».", place)
        known = [*self.meaning.named, *self.book.interpretations]
        close = nearest(name.partition(".")[0], known)
        where = self.meaning.named[close].place.line if close in self.meaning.named else 0
        remedy = (
            f"Le plus proche : {close}" + (f" (l. {where})." if where else ".") if close else "Déclarez-le, ou corrigez le nom."
        )
        return self.problem("NOM-01", f"« {name} » n’est défini nulle part.", remedy, place)

    def dotted(self, formula: s.Name) -> Node:
        owner, _, attribute = formula.name.partition(".")
        if owner in self.book.registers:
            return self.field(formula, owner, attribute)
        if owner in self.book.offers:
            return self.step(formula, owner, attribute)
        if owner in self.book.lines and attribute == "nette":
            return self.meaning.reference(self, replace(formula, name=owner), self.book.lines[owner], net=True)
        if owner == "sortie" and attribute in EXIT_STEPS:
            return Node("step", data=("sortie", attribute), type=DATE, axes=frozenset({MEMBER}), place=formula.place)
        if owner in self.meaning.named:
            raise self.problem(
                "NOM-07",
                f"« {owner} » n’a pas de « {attribute} ».",
                "Une ligne a « .nette » ; une offre, ses dates ; un registre, ses champs.",
                formula.place,
            )
        raise self.unknown_name(owner, formula.place)

    def field(self, formula: s.Name, register: str, field_name: str) -> Node:
        rule = self.book.registers[register]
        field = rule.fields.get(field_name)
        if field is None:
            close = nearest(field_name, rule.fields)
            raise self.problem(
                "NOM-07",
                f"Le registre {register} n’a pas de champ « {field_name} ».",
                f"Le plus proche : {close}." if close else "Ses champs : " + ", ".join(rule.fields) + ".",
                formula.place,
            )
        axes = {row_axis(register)}
        if rule.of_member or field.by_member:
            axes.add(MEMBER)
        kind = type_of(field.type, self.units)
        if kind is None:
            raise Meaningless
        node = Node("field", data=(register, field_name), type=kind, axes=frozenset(axes), place=formula.place)
        return node

    def step(self, formula: s.Name, offer: str, step: str) -> Node:
        known = {*STEPS, *self.meaning.steps_of(offer)}
        if step not in known:
            close = nearest(step, known)
            raise self.problem(
                "NOM-07",
                f"L’offre {offer} n’a pas de date « {step} ».",
                f"La plus proche : {close}." if close else "Ses dates : " + ", ".join(sorted(known)) + ".",
                formula.place,
            )
        return Node("step", data=(offer, step), type=DATE, axes=frozenset({MEMBER}), place=formula.place)

    # ------------------------------------------------------------ operations

    def operation(self, formula: s.Operation) -> Node:
        operator = formula.operator
        if operator in ("et", "ou", "non"):
            args = tuple(self.read_as(o, "yes_no", f"« {operator} »") for o in formula.operands)
            return self.node({"et": "and", "ou": "or", "non": "not"}[operator], args, YES_NO, formula)
        if operator in _COMPARISONS:
            return self.comparison(formula)
        args = tuple(self.read_as(o, "number", f"« {operator} »") for o in formula.operands)
        if operator == "minus":
            return self.node("minus", args, args[0].type, formula)
        left, right = args
        if operator in "+-":
            self.same_dimensions(left, right, formula.place, "additionne" if operator == "+" else "soustrait")
            return self.node(operator, args, _shown_as(left.type, right.type), formula)
        unit = (
            Unit(left.type.dimensions) * Unit(right.type.dimensions)
            if operator == "×"
            else Unit(left.type.dimensions) / Unit(right.type.dimensions)
        )
        if operator == "/" and right.op == "const" and right.data == 0:
            raise self.problem("UNI-04", "On ne divise pas par zéro.", "Corrigez le diviseur.", formula.place)
        return self.node(operator, args, Type("number", unit.dimensions), formula)

    def node(self, op: str, args: tuple[Node, ...], kind: Type, formula: Any, data: Any = None) -> Node:
        axes = frozenset().union(*(a.axes for a in args)) if args else frozenset()
        return Node(op, args, data, kind, axes, formula.place)

    def same_dimensions(self, left: Node, right: Node, place: Place, verb: str) -> None:
        if left.type.dimensions == right.type.dimensions:
            return
        bare = next((n for n in (left, right) if n.op == "const" and not n.type.dimensions and n.type.unit is None), None)
        if bare is not None:
            other = right if bare is left else left
            unit = other.type.unit or dimensions_text(other.type.dimensions)
            raise self.problem(
                "UNI-02",
                f"Ce nombre n’a pas d’unité ; on le {verb} avec des {unit}.".replace("on le additionne", "on l’additionne"),
                f"Écrivez l’unité : … {unit}",
                bare.place,
            )
        a, b = dimensions_text(left.type.dimensions), dimensions_text(right.type.dimensions)
        raise self.problem("UNI-01", f"On {verb} {_of_units(a)} et {_of_units(b)} : ce n’est pas la même chose que l’on compte.",
                           "Multipliez par un prix ou une quantité, ou corrigez l’un des deux.", place)  # fmt: skip

    def comparison(self, formula: s.Operation) -> Node:
        left_formula, right_formula = formula.operands
        left = self.read(left_formula)
        if left.type.kind in ("choice", "section") and isinstance(right_formula, s.Name):
            right = self.name_of_choice(left.type, right_formula)
        else:
            right = self.read(right_formula)
        operator = {"au plus tard": "≤", "au plus tôt": "≥"}.get(formula.operator, formula.operator)
        if left.type.kind != right.type.kind:
            raise self.problem(
                "TYP-02",
                f"On compare {KINDS[left.type.kind]} et {KINDS[right.type.kind]}.",
                "Comparez deux valeurs de même nature.",
                formula.place,
            )
        if left.type.kind == "number":
            self.same_dimensions(left, right, formula.place, "compare")
        elif operator not in "=≠" and left.type.kind != "date":
            raise self.problem(
                "TYP-02", f"« {operator} » ne compare que des nombres et des dates.", "Écrivez « = » ou « ≠ ».", formula.place
            )
        if left.op == "reading" and right.op == "const":
            self.meaning.told_apart.setdefault(str(left.data), set()).add(str(right.data))
        return self.node("compare", (left, right), YES_NO, formula, operator)

    def name_of_choice(self, kind: Type, formula: s.Name) -> Node:
        """Return one of the names of a choice: a reading, an offer, a value of a fact."""
        if formula.name in kind.names:
            return Node("const", data=formula.name, type=kind, place=formula.place)
        if kind.kind == "choice" and formula.name in self.meaning.named:
            node = self.name(formula)
            if node.type.kind == "choice":
                return node
        close = nearest(formula.name, kind.names)
        raise self.problem(
            "NOM-08",
            f"« {formula.name} » n’est pas l’une des possibilités.",
            f"La plus proche : {close}." if close else "On peut écrire : " + ", ".join(kind.names) + ".",
            formula.place,
        )

    def choice(self, formula: s.Choice) -> Node:
        args: list[Node] = []
        values: list[Node] = []
        for condition, value in formula.cases:
            args.append(self.read_as(condition, "yes_no", "« si »"))
            values.append(self.read(value))
            args.append(values[-1])
        if formula.otherwise is not None:
            values.append(self.read(formula.otherwise))
            args.append(values[-1])
        kind = values[0].type
        for other in values[1:]:
            if other.type.kind != kind.kind:
                raise self.problem(
                    "TYP-02",
                    f"Un cas donne {KINDS[kind.kind]}, un autre {KINDS[other.type.kind]}.",
                    "Donnez partout la même nature de valeur.",
                    other.place,
                )
            if kind.kind == "number" and other.type.dimensions != kind.dimensions:
                self.same_dimensions(values[0], other, other.place, "réunit")
        return self.node("case", tuple(args), kind, formula, formula.otherwise is not None)

    def extreme(self, formula: s.Extreme) -> Node:
        args = tuple(self.read(o) for o in formula.operands)
        kind = args[0].type
        if kind.kind not in ("number", "date") or any(a.type.kind != kind.kind for a in args):
            raise self.problem(
                "TYP-02",
                "On ne compare ainsi que des nombres entre eux, ou des dates.",
                "Corrigez l’un des termes.",
                formula.place,
            )
        if kind.kind == "number":
            for other in args[1:]:
                self.same_dimensions(args[0], other, formula.place, "compare")
        return self.node(formula.kind, args, kind, formula)

    def rounded(self, formula: s.Rounded) -> Node:
        value = self.read_as(formula.value, "number", "« arrondi »")
        step = self.rounding_step(formula.rounding, value.type, formula.place)
        return self.node("round", (value,), value.type, formula, (step, formula.rounding.mode))

    def rounding_step(self, rounding: s.Rounding, kind: Type, place: Place) -> Fraction:
        """Return a rounding step in base units of the value."""
        if rounding.unit is None:
            return rounding.step * (kind.factor if kind.unit else 1)
        unit = EURO if rounding.unit == "€" else self.units.unit(rounding.unit)
        if unit is None:
            raise self.meaning.unknown_unit(rounding.unit, place)
        if rounding.unit == "€" and ("€", 1) in kind.dimensions:
            return rounding.step
        if unit.dimensions != kind.dimensions:
            raise self.problem(
                "UNI-01",
                f"On arrondit {_of_units(dimensions_text(kind.dimensions))} à {rounding.unit}.",
                "Donnez le pas dans la même unité.",
                place,
            )
        return rounding.step * unit.factor

    # ------------------------------------------------------------ dates, allowances

    def shifted(self, formula: s.Shifted) -> Node:
        unit = self.delay_unit(formula.unit, formula.place)
        start = self.read_as(formula.start, "date", "« après »")
        return self.node("shift", (start,), DATE, formula, (formula.count, unit))

    def delay_unit(self, text: str, place: Place) -> str:
        unit = self.units.base(text)
        if unit not in ("jour", "mois", "an"):
            raise self.problem("TYP-04", f"On ne compte pas un délai en « {text} ».", "En jours, mois ou années.", place)
        return unit

    def next_day(self, formula: s.NextDay) -> Node:
        start = self.read_as(formula.start, "date", "« suivant »")
        return self.node("next_day", (start,), DATE, formula, (formula.day.day, formula.day.month) if formula.day else None)

    def year_day(self, formula: s.YearDay) -> Node:
        self.meaning.check_year(formula.year, formula.place)
        return Node("year_day", data=(formula.which, formula.year), type=DATE, place=formula.place)

    def drawn(self, formula: s.Drawn) -> Node:
        rule = self.meaning.allowance(formula.allowance, formula.place)
        axes = frozenset({MEMBER, row_axis(rule.register)}) if formula.which != "remaining" else frozenset[str]()
        return Node("drawn", data=(formula.which, formula.allowance), type=rule.type, axes=axes, place=formula.place)

    _readers: dict[type, Callable[[FormulaReader, Any], Node]] = {
        s.Number: number,
        s.Literal: literal,
        s.Name: name,
        s.CurrentOffer: current_offer,
        s.Operation: operation,
        s.Choice: choice,
        s.Share: ranges.share,
        s.Total: ranges.total,
        s.Count: ranges.count,
        s.Holds: ranges.holds,
        s.Rank: ranges.rank,
        s.Extreme: extreme,
        s.Rounded: rounded,
        s.Shifted: shifted,
        s.NextDay: next_day,
        s.YearDay: year_day,
        s.Drawn: drawn,
    }


def _shown_as(left: Type, right: Type) -> Type:
    return left if left.unit is not None else right


def _of_units(text: str) -> str:
    return f"des {text}" if text != "nombre sans unité" else "un nombre sans unité"


def fact_axes(fact: Fact) -> frozenset[str]:
    """Return what a fact depends on: the member unless it is the service’s, the offer when there is one a piece."""
    axes = frozenset[str]() if fact.of_service else frozenset({MEMBER})
    axes |= reading_axes(fact.reading)
    return axes | ({OFFER} if fact.offers is not None else frozenset())


def reading_axes(reading: ReadingRule | None) -> frozenset[str]:
    """Return what the date of a reading depends on: the effect and the decision are those of a member’s choice."""
    return frozenset({MEMBER}) if reading is not None and reading.kind in ("effect", "decision") else frozenset()


def is_money(kind: Type) -> bool:
    """Tell whether a value is an amount of money."""
    return kind.kind == "number" and kind.dimensions == EURO_DIMENSIONS
