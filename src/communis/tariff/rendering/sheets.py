"""The rows of the workbooks, as plain values: text, exact numbers and dates, one column each."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.rendering.content import Content, Row
from communis.tariff.rendering.french import due_text, from_to, marks_of, prose, sentence
from communis.tariff.rendering.marks import Marks
from communis.tariff.rendering.used import Used, facts_of
from communis.tariff.result import Result, Statement, budget_year, interpretation_json, unit_text
from communis.tariff.wording import readable

Cell = Any  # str, int, Fraction, date or None


REGIMES = {
    "none": "aucune",
    "out_of_scope": "hors champ",
    "included": "comprise",
    "per_line": "par ligne",
    "on_total": "sur le total",
    "to_settle": "à trancher",
}
KINDS = {"line": "ligne", "credit": "crédit", "limit": "plafond", "host": "gestionnaire"}


# ---------------------------------------------------------------- the whole result


def total_rows(result: Result, contents: list[Content]) -> tuple[list[list[Cell]], int]:
    """Return one row a member, then the totals of the members, of the host, and their sum; and how many totals there are."""
    by_member = {content.statement.member: content for content in contents}
    rows = [_total_row(result, s, by_member.get(s.member)) for s in result.statements]
    known = [content for content in contents if content.total is not None]
    before = sum((content.total or Fraction(0) for content in known), Fraction(0))
    tax = sum((content.tax for content in known), Fraction(0))
    blocked = len(contents) - len(known)
    flags = 0
    for content in known:
        flags |= content.flags
    for line in result.host_lines:
        flags |= line.flags
    without = f"sans ceux qui ne peuvent pas être émis ({blocked})" if blocked else ""
    mention = " ; ".join(marks_of(flags))
    host = result.host_total()
    sums: list[list[Cell]] = [
        ["Total des décomptes", "", "", without, before, tax, before + tax, None, None, mention, ""],
        ["À la charge du gestionnaire", "", "", "", host, None, host, None, None, mention, ""],
        ["Ensemble", "", "", without, before + host, tax, before + tax + host, None, None, mention, ""],
    ]
    return [*rows, *sums], len(sums)


def _total_row(result: Result, statement: Statement, content: Content | None) -> list[Cell]:
    member = result.tables.members[statement.member]
    row: list[Cell] = [member.name, member.siren, member.kind]
    if content is None:
        return [*row, "sans objet", *[None] * 5, "", ""]
    mention = " ; ".join(content.marks)
    if content.total is None:
        reasons = [reason for row_ in content.refusals if row_.refused for reason in row_.refused.reasons]
        return [*row, "ne peut pas être émis", *[None] * 5, mention, " ; ".join(dict.fromkeys(reasons))]
    sections = content.sections
    if not content.owes:
        return [*row, state_words(content), *[None] * 5, mention, ""]
    figures = [content.total, content.tax, content.due, sections.get("fonctionnement"), sections.get("investissement")]
    return [*row, state_words(content), *figures, mention, ""]


def state_words(content: Content) -> str:
    if content.blocked:
        return "ne peut pas être émis"
    if content.simulated:
        return "simulation"
    return "à émettre" if content.due else "rien à régler"


def line_rows(result: Result) -> list[list[Cell]]:
    """Return every line of every member, then those of the host."""
    lines = [line for statement in result.statements for line in statement.lines]
    marks = Marks(result)
    return [_line_row(result, line, marks) for line in (*lines, *result.host_lines)]


def _line_row(result: Result, line: LineResult, marks: Marks) -> list[Cell]:
    rule: Any = result.book.named()[line.name]
    kind = result.model.rules[line.name].type
    paid = line.outcome == AMOUNT and result.money[line.name]
    sections = line.sections if paid else {}
    decision = line.decision
    return [
        *_whose(result, line),
        line.name,
        rule.label,
        KINDS.get(line.kind, line.kind),
        result.book.offers[line.offer].label or line.offer if line.offer else "",
        getattr(rule, "nature", ""),
        getattr(rule, "account", ""),
        ", ".join(rule.margin.articles),
        outcome_words(line),
        line.amount / kind.factor if line.outcome == AMOUNT else None,
        unit_text(kind),
        sections.get("fonctionnement"),
        sections.get("investissement"),
        motive(line),
        *_days(line.service),
        *_days(line.due[0] if line.due else None),
        due_text(line.due[1:]) if len(line.due) > 1 else line.due_reason,
        budget_year(line),
        result.tables.members[line.payer].name if line.payer is not None else "",
        *(_tax(result, line) if paid else ("", None, None)),
        f"{decision.reason}, {decision.authority}, {decision.act}" if decision else "",
        " ; ".join(marks_of(marks.of(line))),
    ]


def _whose(result: Result, line: LineResult) -> tuple[str, str]:
    if line.member < 0:
        return "gestionnaire", ""
    member = result.tables.members[line.member]
    return member.name, member.siren


def _tax(result: Result, line: LineResult) -> tuple[str, Fraction | None, Fraction | None]:
    tax = result.tax(line)
    return REGIMES[tax.regime], tax.rate * 100 if tax.rate is not None else None, tax.amount if tax.rate is not None else None


def _days(period: Any) -> tuple[Cell, Cell]:
    return (period.first, period.last) if period is not None else (None, None)


def outcome_words(line: LineResult) -> str:
    return {AMOUNT: "montant", NOT_APPLICABLE: "sans objet"}.get(line.outcome, "refusé")


def motive(line: LineResult) -> str:
    """Return why there is no amount, with the members whose facts lack: the host reads this."""
    if line.reasons:
        return " ; ".join(readable(str(reason)) + (f" ({reason.member})" if reason.member else "") for reason in line.reasons)
    return readable(line.why)


def interpretation_rows(result: Result) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for rule in result.book.interpretations.values():
        found = interpretation_json(result, rule)
        reading = readable(found["reading"]) if found["reading"] else "à trancher"
        rows.append([rule.name, prose(rule.label), reading, prose(found["words"]), ", ".join(rule.margin.articles)])
    return rows


def fact_rows(result: Result, statements: Iterable[Statement], *, only: int | None = None) -> list[list[Cell]]:
    """Return the facts that lines rest on, each once with the lines it serves; with `only`, none of another member."""
    uses: dict[Used, dict[str, None]] = {}
    for statement in statements:
        for line in statement.lines:
            for used in facts_of(result, line):
                if only is None or used.member in (None, only):
                    uses.setdefault(used, {})[result.book.named()[line.name].label or readable(line.name)] = None
    return [[*_fact_row(result, used), ", ".join(labels)] for used, labels in uses.items()]


def _fact_row(result: Result, used: Used) -> list[Cell]:
    member = result.tables.members[used.member].name if used.member is not None else "service"
    offer = result.book.offers[used.offer].label or used.offer if used.offer else ""
    mention = " ; ".join(marks_of(used.flags))
    return [member, used.label, offer, used.value, used.unit, used.kind, used.first, used.last, used.source, used.author, mention]


# ---------------------------------------------------------------- one statement


def statement_rows(content: Content) -> tuple[list[list[Cell]], int]:
    """Return the lines of a statement, what is without object, then the totals; and how many totals there are."""
    rows = [_row(content, row) for row in content.rows]
    rows.extend(
        [None, "Sans objet", line.label, line.articles, "", "sans objet", None, "", "", "", line.cause, ""]
        for line in content.absent
    )
    totals = list(_statement_totals(content))
    return [*rows, *totals], len(totals)


def _row(content: Content, row: Row) -> list[Cell]:
    line, kind = row.line, content.result.model.rules[row.line.name].type
    said: list[Cell] = [row.number, row.group, row.label, row.articles, row.quantity]
    if row.refused is not None:
        return [*said, row.shown, None, unit_text(kind), "", "", " ; ".join(row.refused.reasons), " ; ".join(row.marks)]
    service = from_to(line.service) if line.service is not None else ""
    said += ["montant", line.amount / kind.factor, unit_text(kind), service, due_text(line.due) or line.due_reason]
    return [*said, " ".join(row.details[1:]), " ; ".join(row.marks)]


def _statement_totals(content: Content) -> Iterable[list[Cell]]:
    mention = " ; ".join(content.marks)
    if content.total is None:
        why = "Une ligne au moins n’a pas de montant."
        yield [None, "Total", "", "", "", "ne peut pas être établi", None, "", "", "", why, mention]
        return
    if not content.owes:
        yield [None, "Rien à régler", "", "", "", "", None, "", "", "", "", mention]
        return
    yield [None, "Total avant taxe", "", "", "", "", content.total, "€", "", "", "", mention]
    yield [None, "Taxe", "", "", "", "", content.tax, "€", "", "", sentence(content.tax_words), ""]
    yield [None, "À régler", "", "", "", "", content.due, "€", "", "", "", mention]


def explanation_rows(content: Content) -> list[list[Cell]]:
    """Return the explanations as text, a row a line, indented as the tree is."""
    return [[row.number, row.label, prose(words)] for row in content.rows for words in text_of(row.step).splitlines()]
