"""What an article of the convention produces: its rules, the lines that rest on them, and what these give in all (TAR-27)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.language import rules as r
from communis.tariff.meaning.reached import read_by
from communis.tariff.result.statements import Result


@dataclass(frozen=True, slots=True)
class OfArticle:
    """The rules that cite an article or a part of it, the lines of the members and of the host that they make, and the totals.

    `lines` holds what is due and what is refused; `totals`, in euros, the lines of money, by name.
    """

    reference: str
    rules: tuple[r.Rule, ...]
    lines: tuple[LineResult, ...]
    totals: dict[str, Fraction]

    @property
    def total(self) -> Fraction:
        return sum(self.totals.values(), Fraction(0))


def produced_by(result: Result, reference: str) -> OfArticle:
    """Return what an article produces in an exercise: a line counts when it cites the article, or reads a rule that does.

    « 7.1 » has its notes, « 7.1 (*) », but not article 7.1.1, which is another one.
    """
    named = result.book.named()
    rules = tuple(rule for rule in _rules(result.book) if any(_of(reference, one) for one in rule.margin.articles))
    cited = {rule.name for rule in rules}
    making = {name for name in named if isinstance(named[name], (r.Line, r.Credit, r.Limit))}
    found = {name for name in making if name in result.model.rules and cited & read_by(result.model, [name])}
    everyone = (*(line for s in result.statements for line in s.lines), *result.host_lines)
    lines = tuple(line for line in everyone if line.name in found and line.outcome != NOT_APPLICABLE)
    totals: dict[str, Fraction] = {}
    for line in lines:
        if line.outcome == AMOUNT and result.money[line.name]:
            totals[line.name] = totals.get(line.name, Fraction(0)) + line.amount
    return OfArticle(reference, rules, lines, totals)


def _of(reference: str, cited: str) -> bool:
    return cited == reference or cited.startswith(f"{reference} (")


def _rules(book: r.Rulebook) -> Iterator[r.Rule]:
    """Yield every rule that may cite an article, those that formulas name first."""
    yield from book.named().values()
    yield from book.memberships
    yield from book.interpretations.values()
