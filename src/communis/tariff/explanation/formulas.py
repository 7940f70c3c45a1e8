"""Formulas written as people read them, with names or with values."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.calendar import french_date
from communis.tariff.interpreter.values import Value
from communis.tariff.meaning.tree import Node
from communis.tariff.meaning.units import money_text, number_text
from communis.tariff.wording import of, readable, value_text

LEAVES = {"fact", "parameter", "field", "step", "past", "rank", "rank_since", "reading"}
NAMED = LEAVES | {
    "value",
    "net",
    "share",
    "sum_members",
    "sum_rows",
    "count_members",
    "count_rows",
    "years",
    "holds",
    "drawn",
    "attribute",
    "offer",
}


_DRAWN = {"beyond": "au-delà", "remaining": "reste"}
FACTOR = 5  # the level of a factor: a sum takes parentheses there


class Writer:
    """Writes the formula of a value, with names or with values."""

    LEVELS = {"or": 0, "and": 1, "not": 2, "compare": 3, "+": 4, "-": 4, "×": 5, "/": 5, "minus": 6}

    def __init__(self, *, with_values: bool) -> None:
        self.with_values = with_values

    def write(self, value: Value, level: int = 0) -> str:
        node = value.node
        if node is None:
            return ""
        if node.op == "case" and value.parts:
            return self.write(value.parts[0], level)
        if self.with_values and node.op in NAMED and node.op != "share" and node.op != "years":
            return value_text(value.value, node.type) if value.is_amount else "?"
        own = self.LEVELS.get(node.op)
        if own is not None and value.parts:
            text = self.operation(node, value, own)
            return f"({text})" if own < level else text
        return self.call(node, value)

    def operation(self, node: Node, value: Value, level: int) -> str:
        if node.op == "minus":
            return f"− {self.write(value.parts[0], level)}"
        if node.op == "not":
            return f"non {self.write(value.parts[0], level)}"
        sign = {"or": "ou", "and": "et", "compare": str(node.data), "-": "−"}.get(node.op, node.op)
        last = level + 1 if node.op in ("-", "/") else level
        parts = [self.write(value.parts[0], level), *(self.write(p, last) for p in value.parts[1:])]
        return f" {sign} ".join(parts)

    def call(self, node: Node, value: Value) -> str:
        if node.op == "const":
            return value_text(node.data, node.type)
        if node.op in ("min", "max") and value.parts:
            return f"{node.op}({' ; '.join(self.write(p) for p in value.parts)})"
        if node.op in ("cap", "floor") and value.parts:
            words = "plafonné à" if node.op == "cap" else "avec un minimum de"
            return f"{self.write(value.parts[0], 5)} {words} {self.write(value.parts[1], 5)}"
        if node.op == "round" and value.parts:
            return f"arrondi({self.write(value.parts[0])} ; à {number_text(node.data[0])})"
        if node.op == "share":
            return self.share(node, value)
        if node.op == "years" and self.with_values and value.parts:
            return self.years(node, value)
        if node.op in ("shift", "next_day") and value.parts:
            return self.date(node, value)
        return node_text(node)

    def share(self, node: Node, value: Value) -> str:
        if not self.with_values:
            return node_text(node)
        note = value.note
        if "total_weight" not in note:
            return node_text(node)
        return f"{money_text(note['cut'])} × {number_text(note['weight'])} / {number_text(note['total_weight'])}"

    def years(self, node: Node, value: Value) -> str:
        terms = " + ".join(value_text(part.value, node.type) for part in value.parts)
        if node.data[2] != "mean" or len(value.parts) == 1:
            return terms
        return f"({terms}) / {len(value.parts)}"

    def date(self, node: Node, value: Value) -> str:
        start = self.write(value.parts[0])
        if node.op == "shift":
            count, unit = node.data
            return f"{abs(count)} {unit} {'après' if count >= 0 else 'avant'} {start}"
        return f"fin du mois de {start}" if node.data is None else f"{node.data[0]}/{node.data[1]} suivant {start}"


def ratio_text(ratio: Fraction) -> str:
    """Write a part of a whole exactly: « 0,5 », or « 5/12 » when it has no finite writing."""
    text = number_text(ratio)
    return text if not text.endswith("…") else f"{ratio.numerator}/{ratio.denominator}"


def part_text(node: Node) -> str:
    """Write the field of a row or the step of an offer: « montant d’indemnité », « rapport remis le (audit) »."""
    whole, part = readable(node.data[0]), readable(node.data[1])
    return f"{part} ({whole})" if node.op == "step" or node.type.kind == "date" else f"{part} {of(whole)}"


def node_text(node: Node) -> str:
    """Write a node by names, without its values."""
    data = node.data
    if node.op in ("parameter", "reading"):
        return readable(str(data))
    if node.op in ("fact", "value", "net"):
        suffix = f" {of(readable(data[1]))}" if data[1] else ""
        return readable(data[0]) + (" nette" if node.op == "net" else "") + suffix
    if node.op in ("field", "step"):
        return part_text(node)
    if node.op == "past":
        return f"{readable(data[1])} d’un autre exercice"
    if node.op == "years":
        return f"{'moyenne' if data[2] == 'mean' else 'somme'} {of(readable(data[0][1]))}" + (
            ", sans les exercices manquants" if data[3] else ""
        )
    if node.op == "share":
        key = readable(data[1]) if data[1] else node_text(node.args[1]) if len(node.args) > 1 else ""
        among = {
            "members": "les membres",
            "holders": f"les titulaires {of(readable(data[0].offer))}" if data[0].offer else "les titulaires de l’offre",
            "attached": "les membres rattachés",
        }
        amount = node_text(node.args[0])
        host = " avec le gestionnaire" if data[0].host else ""
        return f"part {of(amount)} " + (f"selon {key}" if key else "à parts égales") + f" entre {among[data[0].kind]}{host}"
    if node.op == "sum_members":
        over = f"les titulaires {of(readable(data.offer))}" if data.offer else "les membres"
        return f"somme {of(node_text(node.args[0]))} sur {over}"
    if node.op == "sum_rows":
        return f"somme {of(node_text(node.args[0]))} pour chaque {readable(data[0])}"
    if node.op == "count_members":
        return f"nombre de titulaires {of(readable(data.offer))}" if data.kind == "holders" else "nombre de membres"
    if node.op == "count_rows":
        return f"nombre {of(readable(data[0]))}"
    if node.op == "rank":
        return f"rang {of(readable(data[0]))}" if data[0] else "rang de l’offre"
    if node.op == "rank_since":
        return f"rang depuis le {french_date(data)}"
    if node.op == "holds":
        return f"tient {readable(data[0])}" if data[0] else "tient l’offre"
    if node.op == "drawn":
        allowance = readable(data[1])
        return f"pris sur {allowance}" if data[0] == "within" else f"{_DRAWN[data[0]]} {of(allowance)}"
    if node.op == "const":
        return value_text(data, node.type)
    if node.op == "case":
        return "selon le cas"
    if node.op in Writer.LEVELS and len(node.args) == 2:
        sign = {"or": "ou", "and": "et", "compare": str(data), "-": "−"}.get(node.op, node.op)
        return f"{node_text(node.args[0])} {sign} {node_text(node.args[1])}"
    return {"offer": "l’offre", "attribute": "le membre", "year_day": "jour de l’exercice"}.get(node.op, node.op)
