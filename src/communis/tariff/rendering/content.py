"""What the statement of one member says, in words, before any layout: the page and the workbook both read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from communis.tariff.explanation.explain import Explainer
from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, PREFIXES, REFUSED, SIMULATED, Reason
from communis.tariff.rendering.absent import Absent, absent_lines
from communis.tariff.rendering.amounts import addends, quantity, tax_words
from communis.tariff.rendering.articles import article_names
from communis.tariff.rendering.french import due_text, figure, from_to, marks_of, sentence
from communis.tariff.rendering.marks import Marks
from communis.tariff.rendering.reasons import Refused, refused_words, silenced
from communis.tariff.result import Result, Statement
from communis.tariff.tables.records import Chosen, Member

SECTIONS = {"fonctionnement": "Fonctionnement", "investissement": "Investissement", "en nature": "En nature"}
LIMITS = "Plafonds et planchers"
FOR_OTHERS = "Payé pour d’autres membres"


@dataclass(frozen=True, slots=True)
class Row:
    """A line that gives an amount or a refusal, with its explanation and its number among the explanations."""

    number: int
    line: LineResult
    group: str
    step: Step
    articles: str
    quantity: str
    shown: str
    details: tuple[str, ...]
    marks: tuple[str, ...]
    refused: Refused | None
    addends: tuple[tuple[str, str], ...]
    counted: Fraction | None  # what it adds to the total, None when it stands outside it

    @property
    def label(self) -> str:
        return self.step.title


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a statement says of a member for an exercise."""

    result: Result
    statement: Statement
    rows: tuple[Row, ...]
    absent: tuple[Absent, ...]
    total: Fraction | None
    tax: Fraction
    tax_words: str
    flags: int
    warnings: tuple[Reason, ...]

    @property
    def member(self) -> Member:
        return self.result.tables.members[self.statement.member]

    @property
    def due(self) -> Fraction | None:
        return None if self.total is None else self.total + self.tax

    @property
    def blocked(self) -> bool:
        return bool(self.statement.refused)

    @property
    def simulated(self) -> bool:
        return bool(self.flags & SIMULATED)

    @property
    def marks(self) -> list[str]:
        return marks_of(self.flags)

    @property
    def year(self) -> str:
        return self.result.model.calendar.label(self.result.year)

    @property
    def groups(self) -> dict[str, list[Row]]:
        """Return the rows by nature, in the order in which natures first appear."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        return found

    @property
    def refusals(self) -> list[Row]:
        return [row for row in self.rows if row.refused is not None]

    @property
    def sections(self) -> dict[str, Fraction]:
        """Return what the total is made of, by budget section."""
        found: dict[str, Fraction] = {}
        for row in self.rows:
            for section, amount in row.line.sections.items() if row.counted is not None else ():
                found[section] = found.get(section, Fraction(0)) + amount
        return found

    @property
    def owes(self) -> bool:
        """Tell whether an amount, even nil, makes the total; if not, there is nothing to pay rather than 0,00 €."""
        return any(row.counted is not None for row in self.rows)

    @property
    def counted(self) -> Fraction:
        """Return the sum of the rows that count, before the rounding of the total."""
        return sum((row.counted for row in self.rows if row.counted is not None), Fraction(0))

    @property
    def held(self) -> list[Chosen]:
        """Return the choices of offers that reach the exercise, by date; not what everybody always holds."""
        reader, result = self.result.ledger.reader, self.result
        period = result.model.calendar.period(result.year)
        chosen = [c for c in reader.tables.choices if c.member == self.statement.member and period.meets(c.first, c.last)]
        return sorted(chosen, key=lambda c: (c.first, c.offer))


def contents_of(result: Result) -> list[Content]:
    """Return the statements of a result that have something to say, in the order of the members."""
    marks = Marks(result)
    return [content_of(result, s.member, marks) for s in result.statements if speaks(result, s, marks)]


def speaks(result: Result, statement: Statement, marks: Marks) -> bool:
    """Tell whether a statement has something to say: an amount, a refusal, an alert, or an offer tried in a simulation."""
    return (
        any(line.outcome != NOT_APPLICABLE for line in statement.lines)
        or bool(statement.warnings)
        or bool(result.paid_for_others(statement.member))
        or marks.tried(statement.member)
    )


def content_of(result: Result, member: int, marks: Marks | None = None) -> Content:
    """Return what the statement of a member says; raises KeyError for a member that the exercise does not have."""
    statement = result.of(member)
    marks = marks or Marks(result)
    maker = _RowMaker(result, member, marks)
    rows = [maker.own(line) for line in statement.lines if line.outcome != NOT_APPLICABLE]
    rows.extend(maker.for_other(line) for line in result.paid_for_others(member) if line.member != member)
    natures = list(dict.fromkeys(row.group for row in rows))
    rows = [replace(row, number=i) for i, row in enumerate(sorted(rows, key=lambda row: natures.index(row.group)), 1)]
    payable = result.payable(statement)
    flags = marks.everywhere | (SIMULATED if marks.tried(member) else 0)
    for row in rows:
        flags |= marks.of(row.line)
    return Content(
        result=result,
        statement=statement,
        rows=tuple(rows),
        absent=tuple(absent_lines(result, statement)),
        total=result.total(statement),
        tax=result.tax_of(payable),
        tax_words=tax_words(result, payable),
        flags=flags,
        warnings=tuple(statement.warnings),
    )


class _RowMaker:
    """Makes the rows of a member’s statement, not yet numbered."""

    def __init__(self, result: Result, member: int, marks: Marks) -> None:
        self.result = result
        self.marks = marks
        self.member = member

    def own(self, line: LineResult) -> Row:
        """Return the row of a line of the member itself."""
        explainer = Explainer(self.result.ledger, for_member=self.member)
        step = explainer.line(line)
        details = self.details(line)
        counted = line.amount if line.outcome == AMOUNT and self.result.money[line.name] and line.payer is None else None
        parts = addends(explainer, line)
        return self.row(line, step, self.group(line), details, counted, parts)

    def for_other(self, line: LineResult) -> Row:
        """Return the row of a line paid in the place of another member, whose facts stay in its own statement."""
        step = Explainer(self.result.ledger, for_member=line.member).line(line)
        who = self.result.tables.members[line.member].name
        kept = Step(step.kind, f"{step.title}, pour {who}", step.outcome, step.result, step.formula, articles=step.articles)
        kept.interpretations = step.interpretations
        kept.notes = [f"Le détail du calcul est au décompte de {who}."]
        return self.row(line, kept, FOR_OTHERS, self.details(line), line.amount, ())

    def row(
        self,
        line: LineResult,
        step: Step,
        group: str,
        details: list[str],
        counted: Fraction | None,
        parts: Iterable[tuple[str, str]],
    ) -> Row:
        refused = refused_words(self.result, line, self.member) if line.outcome == REFUSED else None
        kind = self.result.model.rules[line.name].type
        return Row(
            number=0,
            line=line,
            group=group,
            step=silenced(step, refused.reasons if refused is not None else ()),
            articles=article_names(self.rule(line).margin.articles),
            quantity=quantity(line) if group != FOR_OTHERS else "",
            shown=figure(line.amount, kind) if refused is None else PREFIXES[line.reasons[0].kind],
            details=refused.reasons if refused is not None else tuple(details),
            marks=tuple(marks_of(self.marks.of(line))),
            refused=refused,
            addends=tuple(parts),
            counted=counted,
        )

    def rule(self, line: LineResult) -> Any:
        return self.result.book.named()[line.name]

    def group(self, line: LineResult) -> str:
        """Return the nature of a line, else its budget section; a credit goes with the line it reduces."""
        rule = self.rule(line)
        if line.kind == "limit":
            return LIMITS
        if line.kind == "credit":
            rule = self.result.book.lines[rule.target]
        if rule.nature:
            return f"{rule.nature[:1].upper()}{rule.nature[1:]}"
        sections = [section for section in (*line.sections, *(() if line.sections else (rule.section,))) if section]
        return " et ".join([SECTIONS.get(s, s) if i == 0 else s for i, s in enumerate(sections)]) or "Section à déterminer"

    def details(self, line: LineResult) -> list[str]:
        """Return the second lines of a row: when the service is, when it falls due, who decided, who pays."""
        said = [self.dates(line)]  # first, always: the workbook has columns for it
        rule = self.rule(line)
        if line.why and line.outcome == AMOUNT:
            said.append(sentence(line.why))
        if line.decision is not None:
            said.append(sentence(f"Montant décidé par {line.decision.authority}, {line.decision.act}"))
        where = [f"en {s}" for s in line.sections if s not in ("fonctionnement", "en nature", "")]
        where += [f"imputation {rule.account}"] if getattr(rule, "account", "") else []
        if where:
            said.append(sentence(", ".join(where)))
        if not self.result.money[line.name]:
            said.append("En nature, hors du total.")
        if line.payer is not None and line.payer != self.member:
            said.append(f"Payé par {self.result.tables.members[line.payer].name}, hors de ce total.")
        if line.note.get("warning"):
            said.append(sentence(str(line.note["warning"])))
        return [said[0], *filter(None, said[1:])]

    def dates(self, line: LineResult) -> str:
        words = []
        if line.service is not None:
            whole = line.service == self.result.model.calendar.period(self.result.year)
            label = self.result.model.calendar.label(self.result.year)
            words.append(f"service de l’exercice {label} entier" if whole else f"service {from_to(line.service)}")
        if line.due:
            words.append(f"échéance {due_text(line.due)}")
        elif line.due_reason:
            words.append(f"échéance non fixée ({line.due_reason})")
        return sentence(", ".join(words))
