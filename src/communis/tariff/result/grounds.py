"""What an amount rests on beside the figures of its formula: the readings that are supposed, the facts of its conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, SIMULATED, Context, Value
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Node, Type


def moves_nothing(line: LineResult) -> bool:
    """Tell whether a limit was reckoned and leaves an amount as it is: the total rests on it all the same."""
    return line.kind == "limit" and line.outcome == NOT_APPLICABLE and "base" in line.note


class Grounds:
    """Completes what the lines of a ledger rest on."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.model, self.book = ledger.model, ledger.book
        given, rules = ledger.reader.readings, self.book.interpretations
        self.supposed = {name for name, reading in given.items() if name in rules and reading != rules[name].retained}
        self._read: dict[str, frozenset[str]] = {}

    def weigh(self, line: LineResult) -> LineResult:
        """Add to an amount what its conditions rest on, and the hypothesis of a supposed reading that it reads."""
        if line.outcome == AMOUNT or moves_nothing(line):
            for value in self.conditions(line):
                line.flags |= value.flags
            if self.supposed and self.supposed & self.reads(line.name):
                line.flags |= SIMULATED
        return line

    def conditions(self, line: LineResult) -> Iterator[Value]:
        """Yield what decided that a line is due, or bounded it; a line of rows has its conditions row by row."""
        for word in ("condition", "most_value", "least_value"):
            found = line.note.get(word)
            if isinstance(found, Value):
                yield found
        typed = self.model.rules[line.name]
        if line.kind != "line" or line.decision is not None:
            return
        context = Context(line.year, line.member, line.offer, holders=(line.offer,) if line.offer else typed.holders)
        if typed.condition is not None and not typed.register:
            yield self.ledger.exact.evaluate(typed.condition, context)
        for node, _ in typed.exempt:
            yield self.ledger.exact.evaluate(node, context)

    def reads(self, name: str) -> frozenset[str]:
        """Return the interpretations that a rule reads, itself or through what it names."""
        if name not in self._read:
            self._read[name] = frozenset(self._in_rule(name, set()))
        return self._read[name]

    def _in_rule(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        rule = self.book.named().get(name)
        yield from filter(None, (getattr(rule, word, "") for word in ("population_by", "ways_by", "counted_by")))
        if isinstance(rule, r.Line):
            prorata = rule.prorata or self.book.header.prorata
            yield from [prorata.reading] if prorata.kind == "by_reading" else []
        named: Iterable[str] = ()
        if isinstance(rule, r.Limit):
            named = rule.lines or self.book.lines
        elif isinstance(rule, r.Credit):
            named = (rule.source, rule.target)
        for other in named:
            yield from self._in_rule(other, seen)
        for part in (self.model.rules.get(name), self.model.scales.get(name), self.model.keys.get(name)):
            yield from self._in(part, seen)

    def _in(self, part: Any, seen: set[str]) -> Iterator[str]:
        """Yield the interpretations read in a part of a typed rule, down to the names it holds."""
        if isinstance(part, Node):
            if part.op == "reading":
                yield str(part.data)
            yield from self._in(part.data, seen)
            for arg in part.args:
                yield from self._in(arg, seen)
        elif isinstance(part, str):
            if part in self.book.named() or part in self.model.keys:
                yield from self._in_rule(part, seen)
        elif isinstance(part, tuple):
            for one in part:
                yield from self._in(one, seen)
        elif is_dataclass(part) and not isinstance(part, Type):
            for field in fields(part):
                if field.name not in ("name", "place"):
                    yield from self._in(getattr(part, field.name), seen)
