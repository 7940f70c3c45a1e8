"""What is known of a version before any member: which formulas move with prices, and which with the date of an event."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from communis.tariff.interpreter.entries import has_share, step_of
from communis.tariff.language import rules as r
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import MEMBER, GroupNode, Model, Node, TypedRule

_DATED_READINGS = ("event", "effect", "decision")


@dataclass(frozen=True, slots=True)
class LineShape:
    """What a plan knows of a line before any member: its rounding, and what it depends on."""

    rule: r.Line
    typed: TypedRule
    step: Fraction | None
    mode: str
    shares: bool
    dated: bool
    moving: bool


class Shapes:
    """The shape of a model: what each formula and each line depends on, told once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.codes: dict[str, int] = {}
        self._variable: dict[int, bool] = {}
        self._dated: dict[int, bool] = {}
        self._rules: dict[tuple[str, str], bool] = {}
        self._lines: dict[str, LineShape] = {}
        self._keys: dict[str, Node] = {}

    def variable(self, node: Node) -> bool:
        """Tell whether a formula reads a price or the price of a class, itself or through a name."""
        return self._depends(node, self._variable, "variable")

    def dated(self, node: Node) -> bool:
        """Tell whether a formula reads something at the date of an event, of an effect or of a decision."""
        return self._depends(node, self._dated, "dated")

    def _depends(self, node: Node, memo: dict[int, bool], what: str) -> bool:
        found = memo.get(id(node))
        if found is None:
            found = self._leaf(node, what) or any(self._depends(arg, memo, what) for arg in (*node.args, *self._inside(node)))
            memo[id(node)] = found
        return found

    def _inside(self, node: Node) -> tuple[Node, ...]:
        """Return the formulas that a node holds beside its operands: the condition of a set, the components of a key."""
        group = node.data if isinstance(node.data, GroupNode) else node.data[0] if node.op == "share" else None
        nodes: list[Node] = [group.such] if group is not None and group.such is not None else []
        if node.op == "share" and node.data[1]:
            for weight in self.model.keys[node.data[1]].weights:
                nodes.extend(n for n in (weight.driver, weight.fallback) if n is not None)
        return tuple(nodes)

    def _leaf(self, node: Node, what: str) -> bool:
        book = self.model.book
        if node.op == "parameter":
            return what == "variable" or reading_kind(book.parameters[str(node.data)].reading) in _DATED_READINGS
        if node.type.kind == "key" and what == "dated":
            return any(
                reading_kind(book.facts[name].reading) in _DATED_READINGS for name in node.type.names if name in book.facts
            )
        if node.op == "fact" and what == "dated":
            return reading_kind(book.facts[node.data[0]].reading) in _DATED_READINGS
        if node.op in ("value", "net", "drawn"):
            return self._rule(node.data[1] if node.op == "drawn" else node.data[0], what)
        return False

    def _rule(self, name: str, what: str) -> bool:
        """Tell the same of a rule; lines, credits and limits are taken as moving with prices."""
        key = (name, what)
        if key not in self._rules:
            self._rules[key] = what == "variable"
            memo = self._variable if what == "variable" else self._dated
            book = self.model.book
            if name in book.scales:
                scale = self.model.scales[name]
                priced = (row.cell.parameter for period in scale.periods for row in period.rows if row.cell.parameter)
                readings = (book.scales[name].reading, *(book.parameters[p].reading for p in priced))
                dated = any(reading_kind(reading) in _DATED_READINGS for reading in readings)
                self._rules[key] = what == "variable" or dated or any(self._depends(d, memo, what) for d in scale.drivers)
            elif name in book.quantities:
                formula = self.model.rules[name].formula
                self._rules[key] = formula is not None and self._depends(formula, memo, what)
        return self._rules[key]

    def line(self, name: str) -> LineShape:
        """Return what is known of a line whoever the members are; made once."""
        found = self._lines.get(name)
        if found is None:
            rule, typed = self.model.book.lines[name], self.model.rules[name]
            rounding = self.model.rounding(name)
            stopping = [self.model.rules[x].condition for x in self.refusals(typed.holders or typed.offers)]
            read = (
                typed.formula,
                typed.condition,
                typed.section_of,
                *(n for n, _ in typed.exempt),
                *(n for _, n in typed.payers),
            )
            nodes = [n for n in (*read, *stopping) if n is not None]
            stopping.append(typed.condition if not typed.register else None)
            found = LineShape(
                rule,
                typed,
                step=step_of(self.model, rule, typed, rounding),
                mode=rounding.mode,
                shares=typed.formula is not None and has_share(typed.formula),
                dated=any(self.dated(n) for n in nodes),
                moving=any(n is not None and self.variable(n) for n in stopping),
            )
            self._lines[name] = found
        return found

    def key_node(self, fact: str) -> Node:
        """Return the formula of a fact that a row names as its key; made once."""
        found = self._keys.get(fact)
        if found is None:
            kind = type_of(self.model.book.facts[fact].type, self.model.units)
            assert kind is not None
            found = Node("fact", data=(fact, None, None, None), type=kind, axes=frozenset({MEMBER}))
            self._keys[fact] = found
        return found

    def refusals(self, holders: tuple[str, ...]) -> list[str]:
        """Return the refusals that bear on a line held by these offers."""
        always = {n: x for n, x in self.model.book.refusals.items() if x.when == "always" and x.outcome != "warn"}
        return [name for name, refusal in always.items() if not refusal.holders or set(refusal.holders) & set(holders)]


def reading_kind(rule: r.ReadingRule | None) -> str:
    return rule.kind if rule is not None else ""
