"""Explains the part of a sum that a member bears: its weight, the total of weights, and the facts that weigh it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.values import Value
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.meaning.units import number_text
from communis.tariff.wording import readable, value_text

if TYPE_CHECKING:
    from communis.tariff.explanation.explain import Explainer


def share_step(explainer: Explainer, value: Value) -> Step:
    step = Step("share", "part de ce membre", formula=explainer.formula(value), values=explainer.substituted(value))
    if "total_weight" in value.note:
        step.children.extend(explainer.named_in(value.note["amount"]))
        tell_share(explainer, value, step)
    return step


def tell_share(explainer: Explainer, value: Value, step: Step) -> None:
    """Say the weights of a share, what the cent left over did, and the facts of this member that weigh it."""
    assert value.node is not None
    note, key_name = value.note, value.node.data[1]
    weight, total, drivers = note["weight"], note["total_weight"], list(_drivers(explainer, value))
    if key_name:
        said, whole = f"{number_text(weight * 100)} %", f"{number_text(total * 100)} %"
        step.notes.append(f"Clé {readable(key_name)} : {said}, {note['members']} participants{explainer.prorated}.")
        rule = explainer.book.keys[key_name]
        step.articles.extend(a for a in explainer.articles(rule) if a not in step.articles)
        step.interpretations.extend(i for i in explainer.rests_on(rule) if i not in step.interpretations)
    else:
        kind = drivers[0].type if drivers else Type("number")
        said, whole = value_text(weight, kind), value_text(total, kind)
        step.notes.append(f"Poids : {said} sur {whole}, {note['members']} participants{explainer.prorated}.")
    step.weight = {"member": said, "total": whole, "participants": note["members"]}
    exact = note["cut"] * weight / total
    if exact != value.value:
        step.notes.append(
            f"Part exacte {number_text(exact, 6)}… : au centime, les parts font le tout "
            f"({_method(note['method'], explainer.book.header.tie)})."
        )
    for driver in drivers:
        step.children.extend(_weighing(explainer, driver, None if key_name else weight))


def _drivers(explainer: Explainer, value: Value) -> Iterator[Node]:
    """Yield what weighs the members: the driver of the share, that which a row names, or those of a key."""
    assert value.node is not None
    if value.node.data[1]:
        for component in explainer.model.keys[value.node.data[1]].weights:
            yield from (driver for driver in (component.driver, component.fallback) if driver is not None)
        return
    for driver in value.node.args[1:]:
        if driver.type.kind != "key":
            yield driver
        elif explainer.context is not None:
            chosen = explainer.ledger.exact.evaluate(driver, explainer.context)
            fact = explainer.book.facts.get(str(chosen.value))
            kind = type_of(fact.type, explainer.model.units) if fact is not None else None
            if fact is not None and kind is not None:
                yield Node("fact", data=(fact.name, None, None, None), type=kind, axes=frozenset({"member"}), place=driver.place)


def _weighing(explainer: Explainer, driver: Node, weight: Fraction | None) -> list[Step]:
    """Return the facts that weigh this member, read again where the line read them; none if they are not what was used."""
    if explainer.context is None:
        return []
    found = explainer.ledger.exact.evaluate(driver, replace(explainer.context, prorata=""))
    if not found.is_amount or (weight is not None and found.value != weight and not explainer.prorated):
        return []
    return explainer.named_in(found)


def _method(method: str, tie: str) -> str:
    by = {"siren": "puis par SIREN", "name": "puis par nom", "weight": "puis par poids"}.get(tie, "")
    largest = f"au plus fort reste, {by}"
    return {
        "largest": largest,
        "largest_by_weight": largest,
        "host": "restes au gestionnaire",
        "biggest": "restes au plus gros poids",
    }[method]
