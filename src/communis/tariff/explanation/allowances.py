"""Explains what is drawn on an allowance: the rows that drew on it before, in their order, and what each left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from communis.tariff.calendar import french_date
from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.readings import deciding
from communis.tariff.interpreter.values import Context, Value
from communis.tariff.language import rules as r
from communis.tariff.wording import readable, value_text

if TYPE_CHECKING:
    from communis.tariff.explanation.explain import Explainer

Drawn = tuple[int, int, Fraction, Fraction, Fraction]  # row, member, inside, beyond, before


def drawn_step(explainer: Explainer, value: Value) -> Step:
    assert value.node is not None
    which, name = value.node.data
    rule, kind = explainer.book.allowances[name], explainer.model.rules[name].type
    step = Step("quantity", explainer.formula(value), articles=explainer.articles(rule), interpretations=explainer.rests_on(rule))
    if "before" in value.note:
        note = value.note
        step.notes.append(
            f"{rule.label or readable(name)} : il restait {value_text(note['before'], kind)} ; "
            f"{value_text(note['inside'], kind)} dedans, {value_text(note['beyond'], kind)} au-delà."
        )
    context = explainer.context
    if context is None or not value.is_amount:
        return step
    drawn = explainer.ledger.allowance(name, context.year)
    step.interpretations.extend(
        found for found in explainer.interpretations(deciding(drawn.answers.values())) if found not in step.interpretations
    )
    register = explainer.model.rules[name].register
    last = next((i for n, i in reversed(context.rows) if n == register), None) if which != "remaining" else None
    rows = list(_rows_until(explainer, rule, context, last))
    told = [_row_step(explainer, rule, context.year, row, whole=row[0] == last) for row in _told(explainer, rows)]
    step.children = [*_opening(explainer, rule, context, drawn.opening), *told]
    others = len(rows) - len(told)
    if others:
        taken = sum((row[2] for row in rows if row[1] != explainer.for_member), Fraction(0))
        who = "1 ligne d’un autre membre y a" if others == 1 else f"{others} lignes d’autres membres y ont"
        step.notes.append(f"{who} pris {value_text(taken, kind)}.")
    return step


def _opening(explainer: Explainer, rule: r.Allowance, context: Context, opening: Value) -> list[Step]:
    """Say what the pot of a member holds when an exercise opens, and why: the whole allowance, or the quota it has."""
    quota = explainer.model.rules[rule.name].quota
    if quota is not None and explainer.ledger.counting(rule) != "for_all":
        return explainer.named_in(explainer.ledger.exact.evaluate(quota, Context(context.year, context.member)))
    with explainer.within(Context(context.year), ""):
        return [_whole(explainer, rule, opening)]


def _whole(explainer: Explainer, rule: r.Allowance, opening: Value) -> Step:
    kind = explainer.model.rules[rule.name].type
    step = Step("quantity", rule.label or readable(rule.name), result=value_text(opening.value, kind))
    if explainer.formula(opening) != step.result:
        step.formula, step.values = explainer.formula(opening), explainer.substituted(opening)
    if "carried" in opening.note:
        step.notes.append(f"Dont {value_text(opening.note['carried'], kind)} reportés de l’exercice précédent.")
    step.children = explainer.children(opening)
    return step


def _rows_until(explainer: Explainer, rule: r.Allowance, context: Context, last: int | None) -> Iterator[Drawn]:
    """Yield the rows that drew on the same pot of an allowance, in their order, up to one of them."""
    register = explainer.model.rules[rule.name].register
    mine = _pot(explainer, rule, context.member, context.year)
    for index, (inside, beyond, before) in explainer.ledger.allowance(rule.name, context.year).taken.items():
        member = explainer.tables.registers[register][index].member
        if member is not None and _pot(explainer, rule, member, context.year) == mine:
            yield index, member, inside, beyond, before
        if index == last:
            return


def _pot(explainer: Explainer, rule: r.Allowance, member: int | None, year: int) -> object:
    """Return what tells the pots of an allowance apart: nothing, the quota of a class, or the member (AMB-07)."""
    counting, quota = explainer.ledger.counting(rule), explainer.model.rules[rule.name].quota
    if counting == "for_all" or quota is None or member is None:
        return None
    return explainer.ledger.exact.evaluate(quota, Context(year, member)).value if counting == "by_class" else member


def _told(explainer: Explainer, rows: list[Drawn]) -> list[Drawn]:
    """Return the rows a reader may see: all of them for the host, its own for a member."""
    return [row for row in rows if explainer.for_member in (None, row[1])]


def _row_step(explainer: Explainer, rule: r.Allowance, year: int, row: Drawn, *, whole: bool) -> Step:
    """Say what a row took and left; of the one that is explained, what it counts too."""
    index, member, inside, beyond, before = row
    typed = explainer.model.rules[rule.name]
    assert typed.order is not None and typed.consumed is not None
    context = explainer.ledger.exact.in_row(typed.register, index, replace(Context(year), member=member))
    day = explainer.ledger.exact.evaluate(typed.order, context).value
    found = explainer.tables.registers[typed.register][index]
    label = explainer.book.registers[typed.register].label or readable(typed.register)
    title = f"{label} {found.identifier}, {french_date(day)}"
    if explainer.for_member is None:
        title += f", {explainer.tables.members[member].name}"
    left = f"Il reste {value_text(before - inside, typed.type)}"
    note = f"{left} ; {value_text(beyond, typed.type)} au-delà." if beyond else f"{left}."
    counted = explainer.named_in(explainer.ledger.exact.evaluate(typed.consumed, context)) if whole else []
    return Step("row", title, result=value_text(inside, typed.type), notes=[note], children=counted)
