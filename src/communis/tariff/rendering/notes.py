"""The explanation of an amount as a note: article and words, formula, values, facts, limits, interpretations, in that order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.values import NOT_APPLICABLE
from communis.tariff.meaning.units import NBSP
from communis.tariff.rendering.content import Row
from communis.tariff.rendering.french import sentence
from communis.tariff.rendering.markup import NOTHING, Markup, element, french, joined, quoting

_FACTS = {"fact", "field", "date", "history", "rank", "decision"}
_BLOCKS = {"row", "line", "credit", "limit"}
_PLACES = ("Service du ", "Échéance", "En fonctionnement", "En investissement")


def note(row: Row) -> Markup:
    """Return the explanation of a row, which its amount points to."""
    why = f"Pourquoi {row.shown}" if row.refused is None else "Pourquoi aucun montant"
    back = element("a", "Retour", element("span", " au montant", class_="unseen"), href=f"#m{row.number}")
    head = element(
        "header",
        element("h3", element("span", f"{row.number}. ", class_="ref"), french(why)),
        element("p", back, class_="back"),
        element("p", french(row.label), class_="which"),
        *[element("p", element("em", french(mark)), class_="mark") for mark in row.marks],
    )
    step, label = row.step, f"Explication {row.number}"
    said = (_refused(row), _articles(step), _formula(step), _sum(row), _block(step), _interpretations(step))
    return element("article", head, element("div", *said), id=f"e{row.number}", class_="note", aria_label=label)


def _titled(title: str, *content: str) -> Markup:
    return joined((element("h4", french(title)), *content)) if any(content) else NOTHING


def _refused(row: Row) -> Markup:
    if row.refused is None:
        return NOTHING
    reasons = (element("li", french(sentence(reason))) for reason in row.refused.reasons)
    remedies = (element("p", french(words), class_="remedy") for words in row.refused.remedies)
    return joined((element("ul", *reasons, class_="reasons"), *remedies))


# ---------------------------------------------------------------- the text


def _articles(step: Step) -> Markup:
    return joined(_article(article) for article in step.articles)


def _article(article: dict[str, Any]) -> Markup:
    """Return a place of the text and its operative words, or « texte non fourni »."""
    reference = str(article["reference"])
    title = f", {article['title']}" if article["title"] else ""
    place = element("p", element("strong", french(reference[0].upper() + reference[1:])), french(title), class_="article")
    if not article["words"]:
        return joined((place, element("p", "Texte non fourni.", class_="aside")))
    words = (element("blockquote", element("p", french(f"«{NBSP}{said}{NBSP}»"))) for said in article["words"])
    return joined((place, *words))


def _interpretations(step: Step) -> Markup:
    """Return every interpretation that the whole explanation rests on, each once."""
    found = {i["name"]: i for s in _walk(step) for i in s.interpretations}
    settled = [i for i in found.values() if i["settled"] == "oui"]
    pending = [i for i in found.values() if i["settled"] != "oui"]
    return joined((
        _titled("Interprétation retenue" if len(settled) == 1 else "Interprétations retenues", *map(_interpretation, settled)),
        _titled("À trancher", *map(_interpretation, pending)),
    ))  # fmt: skip


def _interpretation(found: dict[str, str]) -> Markup:
    words = found["question"]
    words += ("" if words.endswith(("?", ".", "!")) else ".") if words else ""
    return element(
        "p",
        element("strong", found["name"]),
        " ",
        quoting(words),
        " ",
        quoting(sentence(found["reading"])),
        class_="interpretation",
    )


def _walk(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from _walk(child)


# ---------------------------------------------------------------- the calculation


def _formula(step: Step) -> Markup:
    """Return a formula with names, then with values."""
    if not step.formula:
        return NOTHING
    values = step.values if step.values not in (step.formula, step.result) else ""
    written = [element("p", french(words), class_="formula") for words in (step.formula, values) if words]
    return _titled("Formule", *written)


def _sum(row: Row) -> Markup:
    """Return the terms of an amount and their total, ruled as accountants do."""
    if not row.addends:
        return NOTHING
    terms = [element("div", element("dt", french(words)), element("dd", french(value))) for words, value in row.addends]
    total = element("div", element("dt", french(row.label)), element("dd", french(row.shown)), class_="total")
    return element("dl", *terms, total, class_="sum")


def _block(step: Step) -> Markup:
    """Return what a step rests on: values, facts, limits; then each row or line it was made from, whole."""
    leaves, blocks = _leaves(step.children), [child for child in _within(step.children) if child.kind in _BLOCKS]
    values = [_value(leaf) for leaf in leaves if leaf.kind not in _FACTS]
    facts = [_value(leaf) for leaf in leaves if leaf.kind in _FACTS]
    notes = [element("p", french(words)) for words in step.notes if not words.startswith(_PLACES)]
    return joined((
        _titled("Valeurs", element("dl", *values, class_="values") if values else NOTHING),
        _titled("Faits", element("dl", *facts, class_="values") if facts else NOTHING),
        _titled("Arrondis, limites et décisions", *notes),
        *map(_part, blocks),
    ))  # fmt: skip


def _part(step: Step) -> Markup:
    """Return a row of a register, or another line, that an amount was made from."""
    head = element("p", element("strong", french(step.title)), _shown(step), class_="head")
    articles = _articles(step) if step.kind != "row" else NOTHING
    return element("section", head, articles, _formula(step), _block(step), class_="part")


def _within(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield steps and what they rest on, without entering the blocks that stand by themselves."""
    for step in steps:
        yield step
        if step.kind not in _BLOCKS:
            yield from _within(step.children)


def _leaves(steps: Iterable[Step]) -> list[Step]:
    found: dict[tuple[str, str, str], Step] = {}
    for step in _within(steps):
        if step.kind not in _BLOCKS and step.kind != "interpretation":
            found.setdefault((step.kind, step.title, step.result), step)
    return list(found.values())


def _value(step: Step) -> Markup:
    """Return a named value or a fact: what it is, how much, by which article, from where."""
    said = []
    if step.articles and step.kind not in _FACTS:
        said.append(", ".join(str(article["reference"]) for article in step.articles))
    if step.formula and step.formula != step.title:
        said.append(f"= {step.formula}")
        said.extend([f"= {step.values}"] if step.values not in ("", step.formula, step.result) else [])
    said.extend(sentence(words) for words in step.notes)
    if step.fact is not None and step.fact["author"]:
        said.append(f"Saisi par : {step.fact['author']}.")
    lines = [element("p", french(words)) for words in said]
    lines.extend(element("p", element("em", french(mark))) for mark in step.flags)
    return element("div", element("dt", french(step.title)), _shown(step, "dd"), *_said(lines))


def _said(lines: list[Markup]) -> Iterator[Markup]:
    if lines:
        yield element("dd", *lines, class_="said")


def _shown(step: Step, tag: str = "span") -> Markup:
    shown = step.result or ("sans objet" if step.outcome == NOT_APPLICABLE else "manque")
    return element(tag, french(shown), class_="result")
