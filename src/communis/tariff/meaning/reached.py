"""What the amounts of a convention really read: the branches of readings that were not retained are left aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import GroupNode, Model, NamesClass, Node, TypedRow, TypedRule, TypedScale

_AMOUNTS = (r.Line, r.Credit, r.Limit, r.Refusal)


def reached(model: Model) -> set[str]:
    """Return the names of the rules that lines, credits, limits and refusals read under the readings retained."""
    named = model.book.named()
    return read_by(
        model,
        [name for name in model.rules if isinstance(named[name], _AMOUNTS) and _holds(model, model.rules[name]) is not False],
    )


def read_by(model: Model, names: Iterable[str]) -> set[str]:
    """Return some rules and all that they read, itself or through a name, under the readings retained."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(_names_read(model, name))
    return found


def live_rows(model: Model, scale: TypedScale, rows: tuple[TypedRow, ...]) -> Iterator[TypedRow]:
    """Yield the classes of a scale that may hold, once each interpretation it follows is settled."""
    retained = {i: model.reading(str(d.data)) for i, d in enumerate(scale.drivers) if d.op == "reading"}
    for row in rows:
        classes = ((row.classes[i], reading) for i, reading in retained.items() if reading is not None)
        if all(not isinstance(c, NamesClass) or not c.names or reading in c.names for c, reading in classes):
            yield row


def settled(model: Model, node: Node) -> bool | None:
    """Return what a condition is worth from the retained readings alone, or None when it depends on anything else."""
    if node.op == "const" and node.type.kind == "yes_no":
        return bool(node.data)
    if node.op == "not":
        inside = settled(model, node.args[0])
        return None if inside is None else not inside
    if node.op in ("and", "or"):
        worth = [settled(model, arg) for arg in node.args]
        decisive = node.op == "or"
        return decisive if decisive in worth else None if None in worth else not decisive
    if node.op == "compare" and node.data in ("=", "≠") and node.args[0].op == "reading" and node.args[1].op == "const":
        reading = model.reading(str(node.args[0].data))
        return None if reading is None else (reading == node.args[1].data) == (node.data == "=")
    return None


def _holds(model: Model, rule: TypedRule) -> bool | None:
    return None if rule.condition is None else settled(model, rule.condition)


def _names_read(model: Model, name: str) -> Iterator[str]:
    if name in model.scales:
        scale = model.scales[name]
        for driver in scale.drivers:
            yield from _names(model, driver)
        yield from (row.cell.parameter for p in scale.periods for row in live_rows(model, scale, p.rows) if row.cell.parameter)
    if name in model.keys:
        key = model.keys[name]
        for node in (n for weight in key.weights for n in (weight.driver, weight.fallback) if n is not None):
            yield from _names(model, node)
        yield from _group_names(model, key.among)
    if name in model.rules:
        for node in _formulas(model.rules[name]):
            yield from _names(model, node)


def _formulas(rule: TypedRule) -> Iterator[Node]:
    parts = (rule.formula, rule.condition, rule.balance, rule.once, rule.section_of, rule.at_most, rule.at_least, rule.quota)
    yield from (node for node in (*parts, rule.consumed, rule.order) if node is not None)
    yield from (node for node, _ in rule.exempt)
    yield from (node for billed in rule.billed for node in (billed.when, billed.condition) if node is not None)
    yield from (node for _, node in rule.payers if node is not None)
    bearers = (*rule.excess, *rule.shortfall)
    yield from (node for bearer in bearers for node in (bearer.key, bearer.condition) if node is not None)


def _names(model: Model, node: Node) -> Iterator[str]:
    """Yield the rules a formula names, the cases that no retained reading reaches left aside."""
    if node.op == "parameter" or node.op == "key":
        yield str(node.data)
    elif node.op in ("value", "net", "fact"):
        yield str(node.data[0])
    elif node.op in ("past", "years"):
        yield str((node.data if node.op == "past" else node.data[0])[1])
    elif node.op == "drawn":
        yield str(node.data[1])
    elif node.op == "share":
        yield from filter(None, [node.data[1]])
        yield from _group_names(model, node.data[0])
    elif isinstance(node.data, GroupNode):
        yield from _group_names(model, node.data)
    for arg in _live_cases(model, node) if node.op == "case" else node.args:
        yield from _names(model, arg)


def _live_cases(model: Model, node: Node) -> Iterator[Node]:
    """Yield the conditions and values of « selon le cas » that may hold, up to the first that always does."""
    pairs = list(node.args[:-1] if node.data else node.args)
    for condition, value in zip(pairs[::2], pairs[1::2], strict=True):
        worth = settled(model, condition)
        if worth is None:
            yield condition
        if worth is not False:
            yield value
        if worth:
            return
    if node.data:
        yield node.args[-1]


def _group_names(model: Model, group: GroupNode | None) -> Iterator[str]:
    if group is not None and group.such is not None:
        yield from _names(model, group.such)
