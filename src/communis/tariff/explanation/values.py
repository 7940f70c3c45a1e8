"""Explains the named values of a formula: facts, prices, classes, shares, totals, dates, allowances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from communis.tariff.calendar import french_date
from communis.tariff.explanation.formulas import LEAVES, NAMED
from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.values import Value
from communis.tariff.meaning.tree import Interval, Node, Type, TypedRow
from communis.tariff.meaning.units import EURO_DIMENSIONS, number_text, quantity_text
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
    name = value.node.data[1] if value.node.op == "past" else value.node.data[0]
    if (value.node.op == "past" and value.node.data[0] == "line") or value.note.get("issued"):
        step = Step("history", f"{readable(name)}, exercice {explainer.model.calendar.label(value.note.get('read_on', 0))}")
        step.notes.append("Montant émis.")
        return step
    rule = explainer.book.facts[name]
    step = Step("fact", readable(name), articles=explainer.articles(rule))
    step.interpretations = explainer.interpretations(
        (*rule.margin.interpretations, *((rule.population_by,) if rule.population_by else ()))
    )
    if value.note.get("by_default"):
        step.notes.append("Valeur par défaut de la convention, faute de fait saisi.")
    row = value.note.get("row")
    if row is not None:
        step.fact = fact_json(explainer, row, value.note.get("read_on"))
        said = [
            f"{row.kind}" if row.kind else "",
            f"valeur du {french_date(row.first)}" if not row.timeless else "",
            row.source,
        ]
        step.notes.append(", ".join(filter(None, said)) + "." if any(said) else "")
    if rule.label:
        step.title = f"{readable(name)} ({rule.label})"
    step.notes = [n for n in step.notes if n]
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
        interpretations=explainer.interpretations(rule.margin.interpretations),
    )
    price = value.note.get("price")
    if price is not None:
        said = [f"depuis le {french_date(price.first)}" if price.first else "", f"par {price.act}" if price.act else ""]
        step.notes = [", ".join(filter(None, said)).capitalize() + "."] if any(said) else []
    return step


def field_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    register, name = value.node.data
    rule = explainer.book.registers[register].fields[name]
    step = Step("field", rule.label or readable(name), articles=explainer.articles(explainer.book.registers[register]))
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
    step = Step(
        kind, title, articles=explainer.articles(rule), interpretations=explainer.interpretations(rule.margin.interpretations)
    )
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


def tell_class(explainer: Explainer, value: Value, step: Step) -> None:
    """Say which class was chosen and why, or the slices one by one."""
    row = value.note.get("row")
    if isinstance(row, TypedRow):
        step.notes.append(f"Classe retenue : « {row.text} ».")
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


def share_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    key_name = value.node.data[1]
    step = Step("share", "part de ce membre", formula=explainer.formula(value), values=explainer.substituted(value))
    note = value.note
    if "total_weight" in note:
        key = value.node.args[1].type if len(value.node.args) > 1 and not key_name else Type("number")
        weight, total = note["weight"], note["total_weight"]
        if key.kind == "number" and not key_name and len(value.node.args) > 1:
            step.notes.append(f"Poids : {value_text(weight, key)} sur {value_text(total, key)}, {note['members']} participants.")
        elif key_name:
            step.notes.append(f"Clé {readable(key_name)} : {number_text(weight * 100)} %, {note['members']} participants.")
            rule = explainer.book.keys[key_name]
            step.articles, step.interpretations = explainer.articles(rule), explainer.interpretations(rule.margin.interpretations)
        else:
            step.notes.append(f"Poids : {number_text(weight)} sur {number_text(total)}, {note['members']} participants.")
        exact = note["cut"] * weight / total
        if exact != value.value:
            step.notes.append(
                f"Part exacte {number_text(exact, 6)}… : au centime, les parts font le tout "
                f"({_method(note['method'], explainer.book.header.tie)})."
            )
        amount = note["amount"]
        step.children.extend(
            explainer.children(amount)
            or ([explainer.step(amount)] if amount.node is not None and amount.node.op in NAMED else [])
        )
        step.children.extend(child for weight in explainer.weights(value) for child in explainer.children(weight))
    return step


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
    """Explain a sum or a mean over exercises, or one of its terms, which bears the same formula and is what it reads."""
    assert value.node is not None
    if not value.parts:
        return fact_step(explainer, replace(value, node=Node("past", data=value.node.data[0], type=value.node.type)))
    step = Step("history", explainer.formula(value), formula=explainer.formula(value), values=explainer.substituted(value))
    step.children = [explainer.step(part) for part in value.parts]
    return step


def rank_step(explainer: Explainer, value: Value) -> Step:
    step = Step("rank", explainer.formula(value))
    since = value.note.get("since")
    if since is not None:
        step.notes.append(f"Compté depuis le {french_date(since)}.")
    return step


def drawn_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    name = value.node.data[1]
    rule = explainer.book.allowances[name]
    kind = explainer.model.rules[name].type
    step = Step(
        "quantity",
        explainer.formula(value),
        articles=explainer.articles(rule),
        interpretations=explainer.interpretations(
            (*rule.margin.interpretations, *((rule.counted_by,) if rule.counted_by else ()))
        ),
    )
    if "before" in value.note:
        step.notes.append(
            f"{rule.label or readable(name)} : il restait {value_text(value.note['before'], kind)} ; "
            f"{value_text(value.note['inside'], kind)} dedans, {value_text(value.note['beyond'], kind)} au-delà."
        )
    return step


def _method(method: str, tie: str) -> str:
    by = {"siren": "puis par SIREN", "name": "puis par nom", "weight": "puis par poids"}.get(tie, "")
    largest = f"au plus fort reste, {by}"
    return {
        "largest": largest,
        "largest_by_weight": largest,
        "host": "restes au gestionnaire",
        "biggest": "restes au plus gros poids",
    }[method]


MAKERS: dict[str, Callable[[Explainer, Value], Step]] = {
    "fact": fact_step, "past": fact_step, "parameter": parameter_step, "field": field_step,
    "step": date_step, "reading": interpretation_step, "value": named_step, "net": plain_step,
    "share": share_step, "sum_members": sum_step, "sum_rows": sum_step, "count_members": sum_step,
    "count_rows": sum_step, "years": years_step, "rank": rank_step, "rank_since": rank_step, "drawn": drawn_step,
}  # fmt: skip
