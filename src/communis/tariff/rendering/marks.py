"""What a figure rests on: an invented fact, an invented choice, a hypothesis. The word must show beside it, and on the total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import FICTITIOUS, NOT_APPLICABLE, SIMULATED
from communis.tariff.meaning.tree import GroupNode, Node
from communis.tariff.result import Result
from communis.tariff.tables.records import Chosen

SIMULATION = "simulation"  # the source of a choice, or the author of a fact, that somebody only tries


def choice_flags(chosen: Chosen) -> int:
    return (FICTITIOUS if chosen.fictitious else 0) | (SIMULATED if chosen.source == SIMULATION else 0)


class Marks:
    """Tells what the lines of a result rest on, beyond the facts they read: choices of offers, changed prices or readings."""

    def __init__(self, result: Result) -> None:
        self.result = result
        ledger = result.ledger
        # Prices or readings that are not those of the convention make a simulation of the whole.
        self.everywhere = SIMULATED if ledger.reader.readings or ledger.exact.cells else 0
        self._among: dict[tuple[str, str | None], int] = {}

    def of(self, line: LineResult) -> int:
        """Return what a line rests on: its facts, the choices that make it due, those of all who share with its member."""
        if line.outcome == NOT_APPLICABLE:
            return 0
        flags = line.flags | self.everywhere
        for name in self._read(line.name):
            offers = (line.offer,) if line.offer else self.result.model.rules[name].holders
            for offer in offers:
                for chosen in self.result.ledger.reader.held(line.member, offer, line.year):
                    flags |= choice_flags(chosen)
            flags |= self.among(name, line.offer)
        return flags

    def tried(self, member: int) -> bool:
        """Tell whether a member has a choice that somebody only tries, for the exercise."""
        period = self.result.model.calendar.period(self.result.year)
        choices = (c for c in self.result.tables.choices if c.member == member and c.source == SIMULATION)
        return any(period.meets(c.first, c.last) for c in choices)

    def among(self, name: str, offer: str | None) -> int:
        """Return what the choices of the sets of members that a line shares or counts rest on."""
        key = (name, offer)
        if key not in self._among:
            flags = 0
            for held in {found or offer or "" for found in self._sets(name, set())}:
                for statement in self.result.statements:
                    for chosen in self.result.ledger.reader.held(statement.member, held, self.result.year):
                        flags |= choice_flags(chosen)
            self._among[key] = flags
        return self._among[key]

    def _read(self, name: str) -> Iterable[str]:
        """Return the lines that a credit or a limit reads, or the line itself."""
        book = self.result.book
        if name in book.credits:
            return (book.credits[name].source, book.credits[name].target)
        if name in book.limits:
            return book.limits[name].lines or tuple(book.lines)
        return (name,)

    def _sets(self, name: str, seen: set[str]) -> Iterator[str]:
        """Yield the offers whose holders a rule shares or counts, itself or through what it names; "" is the current offer."""
        if name in seen:
            return
        seen.add(name)
        model = self.result.model
        nodes = [model.rules[name].formula] if name in model.rules else []
        nodes += list(model.scales[name].drivers) if name in model.scales else []
        for node in nodes:
            if node is not None:
                yield from self._in(node, seen)

    def _in(self, node: Node, seen: set[str]) -> Iterator[str]:
        group = node.data[0] if node.op == "share" else node.data
        if isinstance(group, GroupNode) and group.kind == "holders":
            yield group.offer
        if node.op in ("value", "net"):
            yield from self._sets(str(node.data[0]), seen)
        for arg in node.args:
            yield from self._in(arg, seen)
