"""An explanation as indented French text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.values import NOT_APPLICABLE
from communis.tariff.wording import listed


def text_of(step: Step) -> str:
    """Write an explanation as indented French text; the words of an article and a step told once are not told again."""
    return "\n".join(_Teller().lines(step, 0))


class _Teller:
    """Writes steps as text, and remembers what it has said."""

    def __init__(self) -> None:
        self.told: dict[tuple[str, str, str], list[Step]] = {}
        self.quoted: list[tuple[str, list[str]]] = []

    def lines(self, step: Step, depth: int) -> Iterator[str]:
        pad = "    " * depth
        head = f"{pad}{step.title}" + (f" : {step.result}" if step.result else "")
        if step.outcome == NOT_APPLICABLE:
            head += " : sans objet"
        head += f"   [{listed(step.flags)}]" if step.flags else ""
        alike = self.told.setdefault((step.kind, step.title, step.result), [])
        if step in alike:
            yield f"{head}, voir plus haut"
            return
        alike.append(step)
        yield head
        yield from (f"{pad}  {line}" for line in self.body(step))
        for child in step.children:
            yield from self.lines(child, depth + 1)

    def body(self, step: Step) -> Iterator[str]:
        yield from (f"✗ {reason}" for reason in step.reasons)
        for article in step.articles:
            yield self.article(article)
        if step.formula:
            yield f"= {step.formula}"
        if step.values and step.values != step.formula:
            yield f"= {step.values}"
        if step.quantity:
            yield f"Quantité : {step.quantity}."
        yield from step.notes
        for found in step.interpretations:
            if found["settled"] == "oui":
                yield f"Interprétation retenue {found['name']} : {found['reading']}"
            else:
                yield f"À trancher {found['name']} : {found['question']}"

    def article(self, article: dict[str, Any]) -> str:
        key = (article["reference"], article["words"])
        if key in self.quoted:
            return str(article["reference"])
        self.quoted.append(key)
        title = f", {article['title']}" if article["title"] else ""
        words = " ".join(f"« {w} »" for w in article["words"]) or "texte non fourni"
        return f"{article['reference']}{title} : {words}"
