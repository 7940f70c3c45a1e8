"""What differs, and why: between two exercises by cause, between two versions article by article and member by member."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.members import RANK
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, Context
from communis.tariff.language.source import Block, read_source
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.result import Result, compute
from communis.tariff.tables.records import Tables
from communis.tariff.wording import value_text

CHOICES = "choix"


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of a difference: what it is, its value before and after, and the euros it moves."""

    kind: str  # population, fact, price, scale, choice, rank, register, history, other
    name: str
    label: str
    before: str
    after: str
    effect: Fraction


@dataclass(frozen=True, slots=True)
class Difference:
    """What a member owes under one line before and after; an amount is None where the line gives none."""

    member: int
    line: str
    offer: str | None
    before: Fraction | None
    after: Fraction | None
    causes: tuple[Cause, ...] = ()
    outcomes: tuple[str, str] = ("", "")
    flags: tuple[int, int] = (0, 0)

    @property
    def effect(self) -> Fraction:
        return (self.after or Fraction(0)) - (self.before or Fraction(0))


def compare_years(
    convention: Convention, tables: Tables, before: int, after: int, *, members: list[int] | None = None
) -> list[Difference]:
    """Compare what is owed in two exercises, line by line, with the causes of each difference (TAR-24).

    The effects of the causes of a line sum to its difference: starting from the first exercise, each thing the line
    reads is moved to the second in a fixed order (choices, then facts, rank, registers, history, prices and scales).
    """
    first, second = compute(convention, tables, before), compute(convention, tables, after)
    found = []
    for statement in second.statements:
        if members is not None and statement.member not in members:
            continue
        for line in statement.lines:
            old = _same_line(first, line)
            if old is None or (old.outcome != AMOUNT and line.outcome != AMOUNT):
                continue
            amounts = tuple(x.amount if x.outcome == AMOUNT else None for x in (old, line))
            if amounts[0] == amounts[1]:
                continue
            causes = _Causes(convention, tables, before, after).of(line) if line.kind == "line" else ()
            found.append(
                Difference(
                    statement.member,
                    line.name,
                    line.offer,
                    amounts[0],
                    amounts[1],
                    causes,
                    (old.outcome, line.outcome),
                    (old.flags, line.flags),
                )
            )
    return found


def _same_line(result: Result, line: LineResult) -> LineResult | None:
    for statement in result.statements:
        if statement.member == line.member:
            return next((x for x in statement.lines if (x.name, x.offer) == (line.name, line.offer)), None)
    return None


class _Causes:
    """Moves one thing at a time from an exercise to another and measures what it changes."""

    def __init__(self, convention: Convention, tables: Tables, before: int, after: int) -> None:
        self.convention, self.tables, self.before, self.after = convention, tables, before, after
        self.book = convention.model.book

    def names(self) -> list[str]:
        """Return all that may change, in the order in which it is moved."""
        return [CHOICES, *self.book.facts, RANK, *self.book.registers, *self.book.lines, *self.book.parameters, *self.book.scales]

    def amount(self, line: LineResult, old: set[str]) -> Fraction | None:
        """Return the line with some things as they were in the first exercise."""
        exact = Exact(self.convention.model, self.tables)
        exact.as_of = dict.fromkeys(old, self.before)
        if CHOICES in old:
            exact.reader.held_in = {self.after: self.before}
        found = Ledger(exact).line(line.name, line.member, self.after, line.offer)
        return found.amount if found.outcome == AMOUNT else None

    def of(self, line: LineResult) -> tuple[Cause, ...]:
        old = set(self.names())
        amount = self.amount(line, old)
        causes = []
        for name in self.relevant(line, amount):
            old.discard(name)
            moved = self.amount(line, old)
            if moved != amount:
                causes.append(self.cause(name, line, (moved or Fraction(0)) - (amount or Fraction(0))))
            amount = moved
        return tuple(causes)

    def relevant(self, line: LineResult, start: Fraction | None) -> list[str]:
        """Return the names that change the line at all when they alone, or with others, are moved."""
        names = self.names()
        if self.amount(line, set()) == start:
            return []
        return names

    def cause(self, name: str, line: LineResult, effect: Fraction) -> Cause:
        if name == CHOICES:
            return Cause("choice", name, "choix et adhésions", "", "", effect)
        if name == RANK:
            return Cause("rank", name, "rang de l’année", "", "", effect)
        if name in self.book.facts:
            rule = self.book.facts[name]
            kind = "population" if rule.population or rule.population_by else "fact"
            before, after = (self.fact_text(name, line, year) for year in (self.before, self.after))
            return Cause(kind, name, rule.label or name.replace("_", " "), before, after, effect)
        if name in self.book.registers:
            return Cause("register", name, self.book.registers[name].label or name, "", "", effect)
        if name in self.book.lines:
            return Cause("history", name, self.book.lines[name].label or name, "", "", effect)
        if name in self.book.scales:
            return Cause("scale", name, f"barème {name.replace('_', ' ')}", "", "", effect)
        return Cause("price", name, self.book.parameters[name].label or name.replace("_", " "), "", "", effect)

    def fact_text(self, name: str, line: LineResult, year: int) -> str:
        """Return a fact of the member in an exercise, in words."""
        rule = self.book.facts[name]
        kind = type_of(rule.type, self.convention.model.units)
        reader = Exact(self.convention.model, self.tables).reader
        if rule.yearly or kind is None:
            return ""
        node = _fact_node(name, kind)
        value = reader.fact(name, line.member, line.offer, Context(year, line.member, line.offer), None, node)
        return value_text(value.value, kind) if value.is_amount else "fait manquant"


def _fact_node(name: str, kind: Type) -> Node:
    return Node("fact", data=(name, None, None, None), type=kind)


# ---------------------------------------------------------------- versions


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that two versions do not say alike: its articles, and its text in each (empty when it is not there)."""

    kind: str  # added, removed, changed
    name: str
    articles: tuple[str, ...]
    before: str
    after: str


def compare_versions(first: Convention, second: Convention) -> list[Change]:
    """Return what changes from a version to another, rule by rule, in the order of the second; layout and comments aside."""
    old, new = _blocks(first), _blocks(second)
    changes = []
    for name, block in new.items():
        if name not in old:
            changes.append(Change("added", name, _articles(block), "", _text(block, second)))
        elif _tokens(old[name]) != _tokens(block):
            changes.append(
                Change("changed", name, _articles(block) or _articles(old[name]), _text(old[name], first), _text(block, second))
            )
    changes.extend(
        Change("removed", name, _articles(block), _text(block, first), "") for name, block in old.items() if name not in new
    )
    return changes


def compare_amounts(first: Convention, second: Convention, tables: tuple[Tables, Tables], year: int) -> list[Difference]:
    """Return, for one exercise, what each member owes under the lines that two versions do not give alike."""
    before, after = compute(first, tables[0], year), compute(second, tables[1], year)
    found = []
    for statement in after.statements:
        name = tables[1].members[statement.member].name
        other = tables[0].index(name)
        lines = {(x.name, x.offer): x for s in before.statements if s.member == other for x in s.lines}
        for line in statement.lines:
            old = lines.pop((line.name, line.offer), None)
            pair = (
                old.amount if old is not None and old.outcome == AMOUNT else None,
                line.amount if line.outcome == AMOUNT else None,
            )
            if pair[0] != pair[1]:
                outcomes = (old.outcome if old is not None else "", line.outcome)
                flags = (old.flags if old is not None else 0, line.flags)
                found.append(Difference(statement.member, line.name, line.offer, pair[0], pair[1], (), outcomes, flags))
        found.extend(
            Difference(statement.member, x.name, x.offer, x.amount, None, (), (x.outcome, ""), (x.flags, 0))
            for x in lines.values()
            if x.outcome == AMOUNT
        )
    return found


def _blocks(convention: Convention) -> dict[str, Block]:
    """Return the blocks of a version by their first words: « barème part_fixe », « article 7.1 »."""
    found: dict[str, Block] = {}
    for block in read_source(convention.text, convention.model.file).blocks:
        words = [str(t) for t in block.head.tokens[:4]]
        if block.head.tokens[0].type == "ARTICLE":
            name = f"article {words[0]}" if not words[0].startswith("passage") else words[0]
        elif words[:2] == ["barème", "par"]:
            name = f"barème {words[3]}"
        elif words[0] in ("convention", "adhésion"):
            name = words[0]
        elif words[0] == "exemple":
            name = "exemple " + next((str(t) for t in block.head.tokens if t.type == "STRING"), "")
        elif words[:1] == ["barème"]:
            name = f"barème {words[2]}"
        else:
            name = " ".join(words[:2])
        found[name] = block
    return found


def _tokens(block: Block) -> list[str]:
    return [f"{t.type}:{t}" for line in (block.head, *block.lines) for t in line.tokens]


def _articles(block: Block) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(t) for line in (block.head, *block.lines) for t in line.tokens if t.type == "ARTICLE"))


def _text(block: Block, owner: Convention) -> str:
    rows = owner.text.split("\n")
    last = (block.lines[-1] if block.lines else block.head).place.end_line
    return "\n".join(row.rstrip() for row in rows[block.head.place.line - 1 : last])
