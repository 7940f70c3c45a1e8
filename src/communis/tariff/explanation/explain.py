"""The tree that explains an amount, down to the article: formula with names, formula with values, facts, roundings (TAR-02)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from communis.tariff.explanation.formulas import NAMED, Writer
from communis.tariff.explanation.lines import line_step
from communis.tariff.explanation.steps import Step, flags_text
from communis.tariff.explanation.values import MAKERS, plain_step
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import FLAGS, NOT_APPLICABLE, SIMULATED, Context, Reason, Value, reasons_told_to
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import OFFER, Node
from communis.tariff.wording import readable, value_text


def explain(ledger: Ledger, line: LineResult, *, for_member: int | None = None) -> Step:
    """Return the whole tree of a line (TAR-02): article and words, formulas, facts, class, roundings, limits, interpretations.

    `for_member` hides from a member whose facts are missing elsewhere; without it, the host sees everything.
    """
    return Explainer(ledger, for_member=for_member).line(line)


def explain_quantity(ledger: Ledger, name: str, member: int, year: int, *, for_member: int | None = None) -> list[Step]:
    """Return the tree of an indicator or a quantity for a member, one an offer held when it has a value an offer.

    It must not depend on the row of a register: only a line tells which.
    """
    typed, held = ledger.model.rules[name], ledger.reader.held
    offers: list[str | None] = [None]
    if OFFER in typed.axes:
        offers = [offer for offer in typed.offers or ledger.book.offers if held(member, offer, year)]
    steps = []
    for offer in offers:
        explainer, context = Explainer(ledger, for_member=for_member), Context(year, member, offer)
        node = Node("value", data=(name, offer, None, None), type=typed.type)
        with explainer.within(context, ""):
            steps.append(explainer.step(ledger.exact.evaluate(node, context)))
    return steps


class Explainer:
    """Explains the lines of a ledger, for the host or for a member (who is never told another member’s facts)."""

    def __init__(self, ledger: Ledger, *, for_member: int | None = None) -> None:
        self.ledger = ledger
        self.model = ledger.model
        self.book = ledger.book
        self.tables = ledger.tables
        self.for_member = for_member
        self.seen: set[int] = set()
        self.context: Context | None = None  # where the formula that is explained was evaluated
        self.indexes: dict[str, dict[str, int]] = {}
        self.prorated = ""  # what is said of weights that count for a part of the exercise

    @contextmanager
    def within(self, context: Context, prorated: str) -> Iterator[None]:
        """Explain a formula where it was evaluated."""
        before = self.context, self.prorated
        self.context, self.prorated = context, prorated
        try:
            yield
        finally:
            self.context, self.prorated = before

    def line(self, line: LineResult) -> Step:
        """Explain a line, a credit or a limit of a member."""
        return line_step(self, line)

    def children(self, value: Value) -> list[Step]:
        """Return the named things a value was made from, each once."""
        if value.node is not None and value.node.op == "value" and "name" in value.note:  # a formula that is one name
            return [self.step(value)]
        found: list[Step] = []
        for part in value.parts:
            if part.node is not None and part.node.op in NAMED:
                if id(part) not in self.seen:
                    self.seen.add(id(part))
                    found.append(self.step(part))
            else:
                found.extend(self.children(part))
        if value.node is not None and value.node.op in NAMED and not value.parts and not found:
            found.append(self.step(value))
        for condition in value.note.get("conditions", ()):
            found.extend(s for s in self.children(condition) if s.kind in ("interpretation",))
        return _unique(found)

    def step(self, value: Value) -> Step:
        """Explain one named value."""
        assert value.node is not None
        maker: Callable[[Explainer, Value], Step] = MAKERS.get(value.node.op, plain_step)
        step = maker(self, value)
        step.outcome = value.outcome
        step.flags = flags_text(value.flags)
        step.reasons = self.reasons(value.reasons)
        if value.is_amount and not step.result:
            step.result = value_text(value.value, value.node.type)
        if value.outcome == NOT_APPLICABLE and value.note.get("why"):
            step.notes.append(str(value.note["why"]))
        return step

    def named_in(self, value: Value) -> list[Step]:
        """Explain a value by what it names, itself if it is a name."""
        if value.node is not None and value.node.op in NAMED:
            return [self.step(value)]
        return self.children(value)

    def row_index(self, register: str) -> dict[str, int]:
        """Return where each row of a register stands, by its identifier."""
        if register not in self.indexes:
            rows = self.tables.registers.get(register, [])
            self.indexes[register] = {row.identifier: index for index, row in enumerate(rows)}
        return self.indexes[register]

    def articles(self, rule: r.Rule) -> list[dict[str, Any]]:
        return self.references(rule.margin.articles)

    def references(self, references: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the places of the text with their title and operative words; « texte non fourni » when none is quoted."""
        found = []
        for reference in references:
            article = self.book.article(reference)
            name = reference if reference.startswith("passage") else f"article {reference}"
            found.append(
                {"reference": name, "title": article.label if article else "", "words": list(article.words) if article else []}
            )
        return found

    def interpretations(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        found = []
        for name in dict.fromkeys(names):
            rule = self.book.interpretations.get(name)
            if rule is not None:
                reading = self.ledger.reader.reading(name)
                words = rule.readings.get(reading or "", "") or readable(reading or "")
                if words and reading != rule.retained:
                    words += f" ({FLAGS[SIMULATED]})"
                found.append(
                    {
                        "name": name,
                        "question": rule.label,
                        "reading": words or rule.open_reason,
                        "settled": "oui" if reading else "non",
                    }
                )
        return found

    def rests_on(self, rule: r.Rule) -> list[dict[str, str]]:
        """Return the interpretations a rule bears, and those its clauses follow."""
        return self.interpretations((*rule.margin.interpretations, *rule.rests_on))

    def reasons(self, reasons: tuple[Reason, ...]) -> list[str]:
        """Say why a line is refused; a member is told how many others lack a fact, never who (open question 6)."""
        if self.for_member is not None:
            return reasons_told_to(self.tables.members[self.for_member].name, reasons)
        return [f"{reason}" + (f" — {reason.member}" if reason.member else "") for reason in reasons]

    def offer_label(self, offer: str | None) -> str:
        return self.book.offers[offer].label or offer if offer in self.book.offers else str(offer)

    def formula(self, value: Value, level: int = 0) -> str:
        """Write a formula with names; of « selon le cas », the case that holds."""
        return Writer(with_values=False).write(value, level)

    def substituted(self, value: Value, level: int = 0) -> str:
        """Write a formula with values."""
        return Writer(with_values=True).write(value, level)


def _unique(steps: list[Step]) -> list[Step]:
    found: list[Step] = []
    for step in steps:
        if not any(s.title == step.title and s.result == step.result and s.kind == step.kind for s in found):
            found.append(step)
    return found
