"""A step of an explanation: what is said, by which article, how it is reckoned, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from communis.tariff.interpreter.values import AMOUNT, FLAGS


@dataclass(slots=True)
class Step:
    """One step of an explanation: what is said, by which article, how it is reckoned, and what it rests on."""

    kind: str  # line, quantity, scale, parameter, fact, field, date, share, sum, limit, credit, history, rank, decision, row
    title: str
    outcome: str = AMOUNT
    result: str = ""
    formula: str = ""
    values: str = ""
    articles: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    interpretations: list[dict[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    fact: dict[str, Any] | None = None
    quantity: str = ""  # what a line or a row counts
    weight: dict[str, Any] | None = None  # of a share: that of the member, the total, how many take part
    children: list[Step] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the step and its children as plain JSON values (schema `communis/explanation/2`)."""
        return {
            "kind": self.kind, "title": self.title, "outcome": self.outcome, "result": self.result, "formula": self.formula,
            "values": self.values, "articles": self.articles, "notes": self.notes, "interpretations": self.interpretations,
            "reasons": self.reasons, "flags": self.flags, "fact": self.fact, "quantity": self.quantity, "weight": self.weight,
            "children": [c.to_json() for c in self.children],
        }  # fmt: skip


def flags_text(flags: int) -> list[str]:
    return [words for flag, words in FLAGS.items() if flags & flag]
