"""Explains what a member owes: a line and its rows, a credit, a limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from communis.tariff.calendar import french_date
from communis.tariff.explanation.formulas import FACTOR, ratio_text
from communis.tariff.explanation.quantities import quantity_counted
from communis.tariff.explanation.shares import tell_share
from communis.tariff.explanation.steps import Step, flags_text
from communis.tariff.interpreter.readings import deciding, readings_in
from communis.tariff.interpreter.results import Entry, LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Context, Value
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Type, TypedRule
from communis.tariff.meaning.units import money_text, number_text
from communis.tariff.wording import readable, value_text

if TYPE_CHECKING:
    from communis.tariff.explanation.explain import Explainer


_MODES = {
    "half_up": "au plus proche",
    "half_even": "au plus proche (pair)",
    "up": "supérieur",
    "down": "inférieur",
    "truncated": "tronqué",
}
_BEARERS = {"host": "le gestionnaire", "others": "les autres membres", "member": "le membre"}
_PRORATA = {
    "started_months": "mois commencés",
    "whole_months": "mois entiers",
    "days": "jours",
    "days_360": "jours de mois de 30 jours",
}


def line_step(explainer: Explainer, line: LineResult) -> Step:
    """Explain a line, a credit or a limit of a member."""
    rule = explainer.book.named()[line.name]
    kind = explainer.model.rules[line.name].type
    title = (rule.label or readable(line.name)) + (f", {explainer.offer_label(line.offer)}" if line.offer else "")
    step = Step("line" if line.kind == "line" else line.kind, title, line.outcome, articles=explainer.articles(rule))
    step.interpretations = explainer.rests_on(rule)
    if isinstance(rule, r.Line):
        add_readings(explainer, step, convention_clauses(explainer.book.header, rule))
        add_readings(explainer, step, beside_exemptions(rule, explainer.model.rules[line.name]))
    add_readings(explainer, step, deciding(line.answers))
    step.flags = flags_text(line.flags)
    step.result = value_text(line.amount, kind) if line.outcome == AMOUNT else ""
    if line.outcome == NOT_APPLICABLE:
        step.notes.append(line.why or "sans objet")
    step.reasons = explainer.reasons(line.reasons)
    tell_dates(explainer, line, step)
    if line.decision is not None:
        step.notes.append(f"Montant décidé : {line.decision.reason}, par {line.decision.authority}, {line.decision.act}.")
        step.notes.extend(f"Le tarif ne donne pas de prix : {reason}" for reason in line.note.get("refused", ()))
        step.notes.extend(prorated(entry.value) for entry in line.entries if "presence" in entry.value.note)
    elif line.kind == "credit":
        tell_credit(explainer, line, step)
    elif line.kind == "limit":
        tell_limit(explainer, line, step)
    else:
        tell_rows(explainer, line, step)
    return step


def add_readings(explainer: Explainer, step: Step, names: Iterable[str]) -> None:
    """Print more interpretations with a step, each once."""
    step.interpretations.extend(i for i in explainer.interpretations(tuple(names)) if i not in step.interpretations)


def convention_clauses(header: r.Header, line: r.Line) -> tuple[str, ...]:
    """Return the interpretations of the clauses of the convention that a line follows for want of its own."""
    follows = {
        "prorata": line.prorata is None and line.rows is None and not line.once,
        "tax": line.tax is None and line.section != "en nature",
        "rounding": line.rounding is None,
    }
    return tuple(name for word, follow in follows.items() if follow for name in header.rests_on.get(word, ()))


def beside_exemptions(rule: r.Line, typed: TypedRule) -> Iterator[str]:
    """Yield the interpretations written beside « exonérée si » that its words do not ask.

    Those that they ask are told when they decide: a commune’s note is silent on what exempts other bodies (TAR-64).
    """
    for (_, margin), (node, _) in zip(rule.exempt, typed.exempt, strict=True):
        asked = set(readings_in(node))
        yield from (name for name in margin.interpretations if name not in asked)


def tell_dates(explainer: Explainer, line: LineResult, step: Step) -> None:
    if line.service is not None and line.outcome == AMOUNT:
        step.notes.append(f"Service du {french_date(line.service.first)} au {french_date(line.service.last)}.")
    for due in line.due[:4]:
        step.notes.append(
            f"Échéance le {french_date(due.first)}."
            if due.first == due.last
            else f"Échéance du {french_date(due.first)} au {french_date(due.last)}."
        )
    if line.due_reason:
        step.notes.append(f"Échéance : {line.due_reason}.")
    if line.payer is not None:
        step.notes.append(f"Payé par {explainer.tables.members[line.payer].name}.")


def tell_rows(explainer: Explainer, line: LineResult, step: Step) -> None:
    value = line.note.get("value")
    if line.outcome == NOT_APPLICABLE or (line.entries and not line.entries[0].row):
        shown = line.entries[0].value if line.entries else value
        if isinstance(shown, Value) and line.outcome == AMOUNT:
            tell_amount(explainer, line, line.entries[0], step)
        elif isinstance(shown, Value):
            step.children.extend(explainer.children(shown))
        return
    if not line.entries and isinstance(value, Value):
        step.children.extend(explainer.children(value))
    for entry in line.entries:
        if entry.value.outcome == NOT_APPLICABLE:
            continue
        kind = explainer.model.rules[line.name].type
        title = f"{register_label(explainer, line.name)} {entry.row}" + (f", {french_date(entry.event)}" if entry.event else "")
        row = Step("row", title, entry.value.outcome, value_text(entry.amount, kind) if entry.value.is_amount else "")
        row.reasons = explainer.reasons(entry.value.reasons)
        add_readings(explainer, row, deciding([entry.answer] if entry.answer is not None else []))
        if entry.section:
            row.notes.append(f"En {entry.section}.")
        tell_amount(explainer, line, entry, row)
        step.children.append(row)
    step.quantity = quantity_counted([e.value for e in line.entries if e.value.is_amount])
    if len([e for e in line.entries if e.value.is_amount]) > 1:
        step.formula = " + ".join(f"{e.row}" for e in line.entries if e.value.is_amount)
        step.values = " + ".join(
            value_text(e.amount, explainer.model.rules[line.name].type) for e in line.entries if e.value.is_amount
        )


def register_label(explainer: Explainer, line: str) -> str:
    register = explainer.book.lines[line].rows or ""
    return explainer.book.registers[register].label or register if register else ""


def tell_amount(explainer: Explainer, line: LineResult, entry: Entry, step: Step) -> None:
    """Explain one amount: formula, prorata, rounding, regularisation."""
    value, kind = entry.value, explainer.model.rules[line.name].type
    if value.note.get("given"):
        step.notes.append("Montant donné.")
        return
    if value.note.get("exempt"):
        step.notes.append("Exonérée : " + ", ".join(value.note.get("articles", ())))
        step.children.extend(explainer.children(value))
        return
    step.quantity = quantity_counted([value])
    with explainer.within(*evaluated_in(explainer, line, entry)):
        step.children.extend(explainer.children(value))
        if value.node is not None and value.node.op == "share" and "total_weight" in value.note:
            tell_share(explainer, value, step)
    tell_formula(explainer, value, step)
    if value.is_amount and entry.amount != entry.before_rounding:
        rounding = explainer.model.rounding(line.name)
        step.notes.append(
            f"Arrondi {_step_text(rounding, kind)} {_MODES[rounding.mode]} : "
            f"{number_text(entry.before_rounding)} devient {number_text(entry.amount)}."
        )
    adjusts = line.note.get("adjusts")
    if adjusts:
        step.notes.append(
            f"Montant définitif {money_text(adjusts['final'])}, moins {money_text(adjusts['paid'])} déjà "
            f"émis « {readable(adjusts['line'])} »."
        )
        if adjusts["final"] - adjusts["paid"] != adjusts["kept"]:
            step.notes.append(f"Différence de {money_text(adjusts['final'] - adjusts['paid'])}, non retenue dans ce sens.")


def tell_formula(explainer: Explainer, value: Value, step: Step) -> None:
    """Write the formula with names and with values, times the part of the exercise that is due."""
    if value.node is None:
        return
    if "presence" not in value.note:
        step.formula, step.values = explainer.formula(value), explainer.substituted(value)
        return
    part = ratio_text(value.note["presence"])
    step.formula = f"{explainer.formula(value, FACTOR)} × part de l’exercice"
    step.values = f"{explainer.substituted(value, FACTOR)} × {part}"
    step.notes.append(prorated(value))


def prorated(value: Value) -> str:
    """Say the part of the exercise that a prorata leaves due."""
    part = ratio_text(value.note["presence"])
    return f"Au prorata ({_PRORATA.get(value.note['prorata'], '')}) : × {part} de l’exercice."


def evaluated_in(explainer: Explainer, line: LineResult, entry: Entry) -> tuple[Context, str]:
    """Return where the formula of a line was evaluated, and what its prorata does to the weights of a share."""
    rule, ledger = explainer.book.lines[line.name], explainer.ledger
    context = Context(line.year, line.member, line.offer)
    if rule.rows is not None:
        index = explainer.row_index(rule.rows).get(entry.row)
        return (context if index is None else ledger.exact.in_row(rule.rows, index, context)), ""
    prorata = _PRORATA.get(ledger.prorata(rule) or "", "")
    return context, f", au prorata ({prorata})" if prorata else ""


def tell_credit(explainer: Explainer, line: LineResult, step: Step) -> None:
    rule = explainer.book.credits[line.name]
    condition = line.note.get("condition")
    if isinstance(condition, Value):
        step.children.extend(explainer.children(condition))
    if line.outcome != AMOUNT:
        return
    note = line.note
    step.formula = f"moins le plus petit des deux montants, {readable(rule.source)} et {readable(rule.target)}"
    step.values = f"− min({money_text(note['available'])} ; {money_text(note['before'])})"
    if note["left"]:
        step.notes.append(f"Reste de {money_text(note['left'])}, {'reporté' if note['carried'] else 'perdu'}.")
    else:
        step.notes.append("Crédit entièrement utilisé.")
    step.children.append(explainer.line(explainer.ledger.line(rule.source, line.member, line.year)))


def tell_limit(explainer: Explainer, line: LineResult, step: Step) -> None:
    note = line.note
    if "base" not in note:
        return
    step.notes.append(f"Total des lignes limitées : {money_text(note['base'])}.")
    for side, words in (("most", "Au plus"), ("least", "Au moins")):
        if note.get(side) is not None:
            step.notes.append(f"{words} {money_text(note[side])}.")
        value = note.get(f"{side}_value")
        if isinstance(value, Value):
            step.children.extend(explainer.named_in(value))
    if note.get("cut"):
        step.notes.append(f"Excédent de {money_text(note['cut'])}, supporté par {_BEARERS[note.get('bearer', 'host')]}.")
    if note.get("redistributed"):
        step.notes.append(f"Reçoit {money_text(note['redistributed'])} de l’excédent des autres membres.")
    if note.get("warning"):
        step.notes.append(str(note["warning"]))


def _step_text(rounding: Any, kind: Type) -> str:
    if rounding.unit == "€" and rounding.step == Fraction(1, 100):
        return "au centime"
    return f"à {number_text(rounding.step)} {rounding.unit or kind.unit or ''}".strip()
