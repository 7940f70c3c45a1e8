"""Explains the named values of a formula: facts, prices, classes, shares, totals, dates, allowances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from communis.tariff.calendar import french_date
from communis.tariff.explanation.allowances import drawn_step
from communis.tariff.explanation.formulas import LEAVES
from communis.tariff.explanation.shares import share_step
from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.values import Value
from communis.tariff.language.rules import Rulebook
from communis.tariff.meaning.tree import Interval, Type, TypedRow
from communis.tariff.meaning.units import EURO_DIMENSIONS, number_text, quantity_text
from communis.tariff.tables.facts import POPULATIONS
from communis.tariff.wording import readable, value_text

if TYPE_CHECKING:
    from communis.tariff.explanation.explain import Explainer


EURO_TYPE = Type("number", EURO_DIMENSIONS, unit="€")


def plain_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    return Step(
        "quantity",
        explainer.formula(value),
        formula=explainer.formula(value),
        values=explainer.substituted(value),
        children=explainer.children(value) if value.parts else [],
    )


def fact_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    return told_fact(explainer, value.node.data[0], value)


def past_step(explainer: Explainer, value: Value) -> Step:
    """Explain what another exercise gave: a fact, or an amount issued under a line."""
    assert value.node is not None
    kind, name = (value.node.data[0] if value.node.op == "years" else value.node.data)[:2]
    year = value.note.get("read_on")
    exercise = f", exercice {explainer.model.calendar.label(year)}" if isinstance(year, int) else ""
    if kind == "line" or value.note.get("issued"):
        rule = explainer.book.lines.get(name)
        title = (rule.label if rule is not None else "") or readable(name)
        return Step("history", title + exercise, notes=["Montant émis."])
    step = told_fact(explainer, name, value)
    step.title += exercise
    return step


def told_fact(explainer: Explainer, name: str, value: Value) -> Step:
    """Say a fact with its kind, its date, its source, and the interpretations it rests on."""
    rule = explainer.book.facts[name]
    title = f"{readable(name)} ({rule.label})" if rule.label else readable(name)
    step = Step("fact", title, articles=explainer.articles(rule), interpretations=explainer.rests_on(rule))
    if value.note.get("by_default"):
        step.notes.append("Valeur par défaut de la convention, faute de fait saisi.")
    row = value.note.get("row")
    if row is not None:
        step.fact = fact_json(explainer, row, value.note.get("read_on"))
        of_what = f"population {row.kind}" if row.kind in POPULATIONS else row.kind
        said = [of_what, f"valeur du {french_date(row.first)}" if not row.timeless else "", row.source]
        if any(said):
            step.notes.append(", ".join(filter(None, said)) + ".")
    return step


def fact_json(explainer: Explainer, row: Any, read_on: Any) -> dict[str, Any]:
    return {
        "name": row.fact,
        "kind": row.kind,
        "date": row.first.isoformat(),
        "read_on": read_on.isoformat() if isinstance(read_on, date) else read_on,
        "source": row.source,
        "author": row.author,
        "fictitious": row.fictitious,
    }


def parameter_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    rule = explainer.book.parameters[str(value.node.data)]
    step = Step(
        "parameter",
        rule.label or readable(rule.name),
        articles=explainer.articles(rule),
        interpretations=explainer.rests_on(rule),
    )
    price = value.note.get("price")
    if price is not None:
        said = [f"depuis le {french_date(price.first)}" if price.first else "", f"par {price.act}" if price.act else ""]
        words = ", ".join(filter(None, said))
        step.notes = [f"{words[0].upper()}{words[1:]}."] if words else []
    return step


def field_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    register, name = value.node.data
    rule = explainer.book.registers[register].fields[name]
    whole = explainer.book.registers[register]
    articles = explainer.articles(rule if rule.margin.articles else whole)
    step = Step("field", rule.label or readable(name), articles=articles, interpretations=explainer.rests_on(rule))
    row = value.note.get("row")
    if row is not None and row.source:
        step.notes.append(f"{row.identifier}, {row.source}.")
    if "before_rounding" in value.note and value.note["before_rounding"] != value.value:
        step.notes.append(
            f"Arrondi : {value_text(value.note['before_rounding'], value.node.type)} devient "
            f"{value_text(value.value, value.node.type)}."
        )
    return step


def date_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    offer, step_name = value.node.data
    chosen = value.note.get("chosen")
    step = Step("date", f"{readable(step_name)} ({explainer.offer_label(offer)})")
    if chosen is not None and chosen.act:
        step.notes.append(f"{chosen.act}.")
    return step


def interpretation_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    rule = explainer.book.interpretations[str(value.node.data)]
    return Step(
        "interpretation",
        rule.name,
        interpretations=explainer.interpretations((rule.name,)),
        result=readable(str(value.value or "")),
    )


def named_step(explainer: Explainer, value: Value) -> Step:
    """Explain a value by the rule that bears its name."""
    assert value.node is not None
    name = value.node.data[0]
    inner = value.parts[0] if value.parts else value
    rule = explainer.book.named()[name]
    kind = "scale" if name in explainer.book.scales else "line" if name in explainer.book.lines else "quantity"
    title = rule.label or readable(name)
    if value.node.data[1]:
        title += f", {explainer.offer_label(value.node.data[1])}"
    step = Step(kind, title, articles=explainer.articles(rule), interpretations=explainer.rests_on(rule))
    if "scale" in inner.note:
        tell_class(explainer, inner, step)
    elif inner.note.get("result") is not None:
        return explainer.line(inner.note["result"])
    elif inner.node is not None and inner.node.op != "value":
        step.formula, step.values = explainer.formula(inner), explainer.substituted(inner)
    step.children.extend(
        explainer.children(inner)
        if inner.parts or inner.note.get("conditions")
        else ([explainer.step(inner)] if inner.node is not None and inner.node.op in LEAVES else [])
    )
    return step


def class_words(book: Rulebook, text: str) -> str:
    """Return a class of a scale as people read it: an offer bears its label there, not the name that the file gives it."""
    offers = book.offers
    return " · ".join((offers[one].label or readable(one)) if one in offers else one for one in text.split(" · "))


def tell_class(explainer: Explainer, value: Value, step: Step) -> None:
    """Say which class was chosen and why, or the slices one by one."""
    row = value.note.get("row")
    if isinstance(row, TypedRow):
        step.notes.append(f"Classe retenue : « {class_words(explainer.book, row.text)} ».")
        if row.cell.articles:
            step.articles.extend(a for a in explainer.references(row.cell.articles) if a not in step.articles)
    for slice_row, quantity, price in value.note.get("slices", ()):
        driver = value.parts[0].node.type if value.parts and value.parts[0].node else EURO_TYPE
        interval = slice_row.classes[0]
        assert isinstance(interval, Interval)
        step.notes.append(
            f"« {slice_row.text} » : "
            f"{quantity_text(quantity, driver.dimensions, driver.unit, driver.factor)} × "
            f"{number_text(price)} = {number_text(quantity * price)}."
        )


def sum_step(explainer: Explainer, value: Value) -> Step:
    """Explain a total: what is added and over how many, never the parts of the other members."""
    assert value.node is not None
    step = Step("sum", explainer.formula(value))
    if "rows" in value.note:
        step.notes.append(f"{value.note['rows']} lignes de {readable(value.note['register'])}.")
    elif "members" in value.note:
        step.notes.append(f"Sur {value.note['members']} membres.")
    return step


def years_step(explainer: Explainer, value: Value) -> Step:
    if "read_on" in value.note:  # one of the exercises that are added up
        return past_step(explainer, value)
    step = Step("history", explainer.formula(value), formula=explainer.formula(value), values=explainer.substituted(value))
    step.children = [explainer.step(part) for part in value.parts]
    return step


def rank_step(explainer: Explainer, value: Value) -> Step:
    step = Step("rank", explainer.formula(value))
    since = value.note.get("since")
    if since is not None:
        step.notes.append(f"Compté depuis le {french_date(since)}.")
    return step


MAKERS: dict[str, Callable[[Explainer, Value], Step]] = {
    "fact": fact_step, "past": past_step, "parameter": parameter_step, "field": field_step,
    "step": date_step, "reading": interpretation_step, "value": named_step, "net": plain_step,
    "share": share_step, "sum_members": sum_step, "sum_rows": sum_step, "count_members": sum_step,
    "count_rows": sum_step, "years": years_step, "rank": rank_step, "rank_since": rank_step, "drawn": drawn_step,
}  # fmt: skip
