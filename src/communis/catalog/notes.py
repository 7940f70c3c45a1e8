"""An amount explained, from the engine’s tree to the margin: article and words, formula, values, facts, what was retained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from communis.kit.formats import capital, euros, plain_number
from communis.kit.parts import Fact, Line, Link, Note, WordsTable
from communis.tariff import Convention
from communis.tariff.explanation.steps import Step
from communis.tariff.explanation.values import class_words
from communis.tariff.meaning.formulas import is_money
from communis.tariff.rendering.content import Row

FACTS = {"fact", "field", "date", "history", "rank", "decision"}
COUNTED = {"quantity", "scale", "sum"}
MADE_UP, HYPOTHESIS = "donnée fictive de démonstration", "hypothèse"
_CLASS = re.compile(r"^Classe retenue : « (.*) »\.$")
_KINDS = {"totale", "municipale", "dgf", "DGF", "déclarée", "comptée à part"}


def note_of(row: Row, key: str, convention: Convention, *, remark: str = "") -> Note:
    """Return why an amount is what it is, or why there is none."""
    step = row.step
    article = step.articles[0] if step.articles else None
    title = f"Pourquoi {row.shown}" if row.refused is None else "Pourquoi aucun montant"
    values = step.values if step.values not in (step.formula, step.result) else ""
    reasons = [*row.refused.reasons, *row.refused.remedies] if row.refused else []
    lines = [Line(words, value) for words, value in row.addends]
    said = " ".join(words for words in step.notes if not words.startswith(("Service du", "Échéance", "En ")))
    return Note(
        key=key, title=title, article=Link(capital(article["reference"])) if article else None,
        article_title=article["title"] if article else "", words=article["words"][0] if article and article["words"] else "",
        table=table_of(step, convention), formula=step.formula, values=values, heading="" if step.formula else "Calcul",
        lines=lines, result=Line(row.label, row.shown) if lines else None, facts=tuple(facts_of(step)), roundings=said,
        interpretations=interpretations_of(step), remark=" ".join(sentence(r) for r in reasons) or remark,
    )  # fmt: skip


def note_of_step(step: Step, key: str, *, title: str, remark: str = "") -> Note:
    """Return how a quantity of a convention was computed, as `note_of` does for an amount."""
    article = step.articles[0] if step.articles else None
    values = step.values if step.values not in (step.formula, step.result) else ""
    behind = [one for one in within(step) if one is not step and one.kind in COUNTED and one.result]
    counts = [Fact(capital(one.title), one.result, " ".join(map(sentence, one.notes))) for one in behind]
    return Note(
        key=key, title=title, article=Link(capital(article["reference"])) if article else None,
        article_title=article["title"] if article else "", words=" » « ".join(article["words"]) if article else "",
        formula=step.formula, values=values, facts=(*counts, *facts_of(step)),
        interpretations=interpretations_of(step), remark=" ".join([*map(sentence, step.reasons), remark]).strip(),
    )  # fmt: skip


def within(step: Step) -> Iterator[Step]:
    """Yield a step and all it rests on."""
    yield step
    for child in step.children:
        yield from within(child)


def facts_of(step: Step) -> Iterator[Fact]:
    """Yield the facts and the prices that an amount rests on, each once: value, then date, source and author."""
    seen = set()
    for one in within(step):
        if (one.kind not in FACTS and one.kind != "parameter") or (one.title, one.result) in seen:
            continue
        seen.add((one.title, one.result))
        words = [_population(one, text) for text in one.notes]
        if one.fact and one.fact["author"]:
            words.append(f"Saisi par : {one.fact['author']}.")
        hypothesis = [HYPOTHESIS.capitalize() + "."] if HYPOTHESIS in " ".join(one.flags) else []
        detail = " ".join(sentence(w) for w in [*words, *hypothesis])
        yield Fact(capital(one.title), one.result or "manque", detail, MADE_UP in one.flags)


def table_of(step: Step, convention: Convention) -> WordsTable | None:
    """Return the scale that an amount was read in, with the class that applies."""
    for one in within(step):
        found = next((m for m in map(_CLASS.match, one.notes) if m), None) if one.kind == "scale" else None
        if found is None:
            continue
        scale = next((s for n, s in convention.model.scales.items() if title_of(convention, n) == one.title), None)
        if scale is None:
            return None
        named = partial(class_words, convention.model.book)
        rows, applies = next(
            ((p.rows, i) for p in reversed(scale.periods) for i, r in enumerate(p.rows) if named(r.text) == found[1]), ((), None)
        )
        cells = [(named(r.text), r.cell.text or _cell(r.cell, scale.type)) for r in rows]
        return WordsTable(("Classe", capital(one.title)), cells, applies)
    return None


def class_of(step: Step) -> str:
    """Say which class of a scale an amount was read in, and the facts that chose it; not those of another line it rests on."""
    others = {id(one) for child in step.children if child.kind == "line" for one in within(child)}
    for one in (one for one in within(step) if id(one) not in others):
        found = next((m for m in map(_CLASS.match, one.notes) if m), None) if one.kind == "scale" else None
        if found is not None:
            facts = [f"{fact.name.partition(' (')[0].lower()} : {fact.value}" for fact in facts_of(one)]
            chosen = f" ({', '.join(facts)})" if facts else ""
            return f"classe « {found[1]} »{chosen}"
    return ""


def title_of(convention: Convention, name: str) -> str:
    rule = convention.model.book.scales[name]
    return rule.label or name.replace("_", " ")


def _cell(cell: Any, kind: Any) -> str:
    """Write what a class gives: an amount, another figure, or the words that stand in its place."""
    words = {"free": "gratuit", "decide": "à décider", "supply": "à fournir", "none": "sans objet"}.get(cell.kind)
    return words or (euros(cell.value) if is_money(kind) else plain_number(cell.value))


def interpretations_of(step: Step) -> tuple[str, ...]:
    """Return the readings that an amount rests on, each once, those of its facts first."""
    found = {i["name"]: i for one in reversed(list(within(step))) for i in one.interpretations}
    return tuple(f"{i['name']}, {i['question'].rstrip('.')} : {sentence(i['reading'])}" for i in found.values())


def sentence(words: str) -> str:
    words = capital(words.strip())
    return words if words.endswith((".", "!", "?")) or not words else f"{words}."


def _population(one: Step, text: str) -> str:
    kind = one.fact["kind"] if one.fact else ""
    return f"population {text}" if kind in _KINDS and text.startswith(kind) else text
