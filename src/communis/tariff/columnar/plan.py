"""The columnar plan: what is known of a version before any member, so that a hundred variants cost little.

A plan is made once per version; it knows which formulas depend on figures that a simulation moves (`variable`) and which
depend on the date of an event (`dated`). `prepare` reads the members once; `Sheet.run` does what depends on the figures.
What is refused here is explained by the interpreter.
"""

from __future__ import annotations

from collections.abc import Mapping

from communis.tariff.columnar.columns import Array
from communis.tariff.columnar.sheet import LineShape, Sheet
from communis.tariff.interpreter.ledger import has_share, step_of
from communis.tariff.language import rules as r
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import MEMBER, GroupNode, Model, Node
from communis.tariff.tables.records import Tables

_DATED_READINGS = ("event", "effect", "decision")


class Plan:
    """What is known of a model before any member: which nodes move with prices, which with the date of an event."""

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
            return what == "variable" or _reading(book.parameters[str(node.data)].reading) in _DATED_READINGS
        if node.type.kind == "key" and what == "dated":
            return any(_reading(book.facts[name].reading) in _DATED_READINGS for name in node.type.names if name in book.facts)
        if node.op == "fact" and what == "dated":
            return _reading(book.facts[node.data[0]].reading) in _DATED_READINGS
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
                dated = any(_reading(reading) in _DATED_READINGS for reading in readings)
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
                rule, typed, step_of(self.model, rule, typed, rounding), rounding.mode, typed.formula is not None and has_share(typed.formula),
                any(self.dated(n) for n in nodes), any(n is not None and self.variable(n) for n in stopping),
            )  # fmt: skip
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
        return [
            name for name, refusal in self.model.book.refusals.items()
            if refusal.when == "always" and refusal.outcome != "warn" and not (refusal.holders and not set(refusal.holders) & set(holders))
        ]  # fmt: skip

    def prepare(
        self,
        tables: Tables,
        year: int,
        *,
        columns: Mapping[str | tuple[str, int], Array] | None = None,
        readings: dict[str, str] | None = None,
    ) -> Sheet:
        """Read what depends on the members only, for one exercise.

        `columns` gives facts as int64 arrays in the order of the members (a name, or a name and an exercise), in base
        units, instead of the rows of the tables.
        """
        return Sheet(self, tables, year, dict(columns or {}), readings)


def _reading(rule: r.ReadingRule | None) -> str:
    return rule.kind if rule is not None else ""
