"""What differs, and why: between two exercises by cause, between two versions article by article and member by member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.members import RANK
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Context, Reason
from communis.tariff.language.layout import formatted
from communis.tariff.language.source import Block, read_source
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.result import compute, one_line
from communis.tariff.studies.amendments import Amendment, amendment_of
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
    reasons: tuple[Reason, ...] = ()
    why: str = ""

    @property
    def effect(self) -> Fraction | None:
        """Return what the member would pay more, None where one of the amounts cannot be known: that is no decrease."""
        if REFUSED in self.outcomes:
            return None
        return (self.after or Fraction(0)) - (self.before or Fraction(0))


def compare_years(
    convention: Convention, tables: Tables, before: int, after: int, *, members: list[int] | None = None
) -> list[Difference]:
    """Compare what is owed in two exercises, line by line, with the causes of each difference (TAR-24).

    The effects of the causes of a line sum to its difference: starting from the first exercise, each thing the line
    reads is moved to the second in a fixed order (choices, then facts, rank, registers, history, prices and scales).
    """
    first, second = compute(convention, tables, before), compute(convention, tables, after)
    old = {(x.member, x.name, x.offer): x for s in first.statements for x in s.lines}
    pairs = [(old.pop((x.member, x.name, x.offer), None), x) for s in second.statements for x in s.lines]
    differences = [*(_difference(*pair) for pair in pairs), *(_difference(line, None) for line in old.values())]
    found = [one for one in differences if one is not None and (members is None or one.member in members)]
    causes = _Causes(convention, tables, before, after)
    return [replace(one, causes=causes.of(one)) if one.effect is not None and all(one.outcomes) else one for one in found]


def _difference(old: LineResult | None, new: LineResult | None) -> Difference | None:
    """Return what a line does not give alike before and after, or cannot give; None when it gives the same."""
    pair = tuple(line.amount if line is not None and line.outcome == AMOUNT else None for line in (old, new))
    outcomes = (old.outcome if old is not None else "", new.outcome if new is not None else "")
    line = new if new is not None else old
    if line is None or (pair[0] == pair[1] and REFUSED not in outcomes):
        return None
    flags = (old.flags if old is not None else 0, new.flags if new is not None else 0)
    reasons = tuple(dict.fromkeys(reason for x in (old, new) if x is not None for reason in x.reasons))
    why = next((x.why for x in (new, old) if x is not None and x.outcome == NOT_APPLICABLE), "")
    return Difference(line.member, line.name, line.offer, pair[0], pair[1], (), outcomes, flags, reasons, why)


class _Causes:
    """Moves one thing at a time from an exercise to another and measures what it changes."""

    def __init__(self, convention: Convention, tables: Tables, before: int, after: int) -> None:
        self.convention, self.tables, self.before, self.after = convention, tables, before, after
        self.book = convention.model.book

    def names(self) -> list[str]:
        """Return all that may change, in the order in which it is moved."""
        return [CHOICES, *self.book.facts, RANK, *self.book.registers, *self.book.lines, *self.book.parameters, *self.book.scales]

    def amount(self, line: Difference, old: set[str]) -> Fraction | None:
        """Return the line with some things as they were in the first exercise."""
        exact = Exact(self.convention.model, self.tables)
        exact.as_of = dict.fromkeys(old, self.before)
        if CHOICES in old:
            exact.reader.held_in = {self.after: self.before}
        found = one_line(Ledger(exact), line.line, line.member, self.after, line.offer)
        return found.amount if found is not None and found.outcome == AMOUNT else None

    def of(self, line: Difference) -> tuple[Cause, ...]:
        old = set(self.names())
        amount = self.amount(line, old)
        causes = []
        for name in self.relevant(line, amount):
            old.discard(name)
            moved = self.amount(line, old)
            if moved != amount:
                causes.append(self.cause(name, line, (moved or Fraction(0)) - (amount or Fraction(0))))
            amount = moved
        rest = (line.effect or Fraction(0)) - sum((cause.effect for cause in causes), Fraction(0))
        if rest:
            causes.append(Cause("other", "", line.why or "autre cause", "", "", rest))
        return tuple(causes)

    def relevant(self, line: Difference, start: Fraction | None) -> list[str]:
        """Return the names that change the line at all when they alone, or with others, are moved."""
        names = self.names()
        if self.amount(line, set()) == start:
            return []
        return names

    def cause(self, name: str, line: Difference, effect: Fraction) -> Cause:
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

    def fact_text(self, name: str, line: Difference, year: int) -> str:
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
    """A rule that two versions do not say alike: its articles, and its text in each (empty when it is not there).

    `amendment` tells whether the change needs an avenant; None where nothing that was agreed changes.
    """

    kind: str  # added, removed, changed
    name: str
    articles: tuple[str, ...]
    before: str
    after: str
    amendment: Amendment | None = None


def compare_versions(first: Convention, second: Convention) -> list[Change]:
    """Return what changes from a version to another, rule by rule, in the order of the second; layout and comments aside."""
    texts = _tidy(first), _tidy(second)
    old, new = map(_blocks, texts)
    changes = []
    for name, block in new.items():
        was = old.get(name)
        if was is None:
            changes.append(Change("added", name, _articles(block), "", _text(block, texts[1])))
        elif _tokens(was) != _tokens(block):
            articles = _articles(block) or _articles(was)
            changes.append(Change("changed", name, articles, _text(was, texts[0]), _text(block, texts[1])))
    gone = [(name, block) for name, block in old.items() if name not in new]
    changes.extend(Change("removed", name, _articles(block), _text(block, texts[0]), "") for name, block in gone)
    books = first.model.book, second.model.book
    return [replace(change, amendment=amendment_of(change.name, *books)) for change in changes]


def compare_amounts(first: Convention, second: Convention, tables: tuple[Tables, Tables], year: int) -> list[Difference]:
    """Return, for one exercise, what each member owes under the lines that two versions do not give alike."""
    before, after = compute(first, tables[0], year), compute(second, tables[1], year)
    found: list[Difference] = []
    for statement in after.statements:
        name = tables[1].members[statement.member].name
        other = tables[0].index(name)
        lines = {(x.name, x.offer): x for s in before.statements if s.member == other for x in s.lines}
        pairs = [(lines.pop((line.name, line.offer), None), line) for line in statement.lines]
        gone = [_difference(line, None) for line in lines.values()]
        found.extend(
            replace(one, member=statement.member) for one in (*(_difference(*p) for p in pairs), *gone) if one is not None
        )
    return found


def _tidy(convention: Convention) -> str:
    """Return the text of a version in the one layout, so that what the layout alone would rewrite is no change."""
    return formatted(convention.text.encode(), convention.model.file)


def _blocks(text: str) -> dict[str, Block]:
    """Return the blocks of a version by their first words: « barème part_fixe », « article 7.1 »."""
    found: dict[str, Block] = {}
    for block in read_source(text, "").blocks:
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


def _text(block: Block, text: str) -> str:
    rows = text.split("\n")
    last = (block.lines[-1] if block.lines else block.head).place.end_line
    return "\n".join(row.rstrip() for row in rows[block.head.place.line - 1 : last])
