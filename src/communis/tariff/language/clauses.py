"""The clauses of a block, taken by kind, and the plain values they hold: numbers, dates, names, durations, types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.builder import Unreadable, date_of, number_of
from communis.tariff.language.problems import NOWHERE, Place, Problem
from communis.tariff.language.source import Source

_TOLD_APART = ("s_row", "s_grid_row", "l_exempt")  # with the class that is reached, or the exemption that is looked at


class Block:
    """A block of the file: its head, its clauses by kind, and the list where its problems are told."""

    def __init__(self, section: s.Section, source: Source, problems: list[Problem]) -> None:
        self.head = section.head
        self.clauses = section.clauses
        self.whole = section.whole
        self.source = source
        self.problems = problems
        self.by_kind: dict[str, list[s.Clause]] = {}
        for clause in section.clauses:
            self.by_kind.setdefault(clause.kind, []).append(clause)

    def all(self, kind: str) -> list[s.Clause]:
        return self.by_kind.get(kind, [])

    def first(self, kind: str) -> s.Clause | None:
        return next(iter(self.all(kind)), None)

    def value(self, kind: str, default: Any = None, index: int = 0) -> Any:
        clause = self.first(kind)
        return clause.values[index] if clause and len(clause.values) > index else default

    def has(self, kind: str) -> bool:
        return kind in self.by_kind

    def names(self, kind: str) -> tuple[str, ...]:
        return tuple(str(name) for clause in self.all(kind) for name in clause.values[0])

    def holders(self) -> tuple[str, ...]:
        """Return the offers of « pour A ou B »; « pour A et B » could mean either of two things, and is refused."""
        names = self.names("q_for")
        clause = self.first("q_for")
        if clause is not None and len(names) > 1 and "et" in self.source.words_at(clause.place).split():
            a, b = names[:2]
            self.problem("FOR-10", f"« pour {a} et {b} » : l’une des deux suffit-elle, ou faut-il les deux ?",
                         f"« pour {a} ou {b} » si l’une suffit ; « pour {a} » et « si tient {b} » s’il faut les deux.",
                         clause.place)  # fmt: skip
        return names

    def problem(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.problems.append(Problem(code, message, remedy, place, self.source.name, self.source.words_at(place)))

    def lacks(self, code: str, message: str, remedy: str, place: Place) -> None:
        """Tell what a block does not say, unless a line that could not be read may say it."""
        if self.whole:
            self.problem(code, message, remedy, place)

    def common(self) -> dict[str, Any]:
        """Return the name, label, margin and place that every rule has; labels are the values between quotes."""
        values = self.head.values
        label = next((str(v) for v in values[1:] if getattr(v, "type", "") == "STRING"), "")
        rests_on = self.rests_on(*(kind for kind in self.by_kind if kind not in _TOLD_APART))
        return {
            "name": str(values[0]), "label": label, "margin": self.head.margin, "place": self.head.place, "rests_on": rests_on,
            "whole": self.whole,
        }  # fmt: skip

    def rests_on(self, *kinds: str) -> tuple[str, ...]:
        """Return the interpretations that clauses of some kinds follow, or bear at their right."""
        clauses = [clause for kind in kinds for clause in self.all(kind)]
        found = (name for clause in clauses for name in (*_followed(clause), *clause.margin.interpretations))
        return tuple(dict.fromkeys(found))

    def day(self, token: Any) -> date | None:
        """Return the date of a token; one that no calendar has is told, and left out."""
        try:
            return day_of(token)
        except Unreadable as error:
            self.problem(error.code, error.message, error.remedy, error.place or NOWHERE)
            return None

    def months(self, clause: s.Clause | None) -> int | None:
        """Return a duration in whole months."""
        if clause is None:
            return None
        count, unit = fraction_of(clause.values[0]), str(clause.values[1])
        per = {"mois": 1, "an": 12, "ans": 12, "année": 12, "années": 12}.get(unit)
        if per is None or (count * per).denominator != 1 or not 0 < count * per <= 1200:
            self.problem(
                "ADH-03",
                "Une durée se compte en mois ou en années entières.",
                "Par exemple « 12 mois » ou « 1 an ».",
                clause.place,
            )
            return 12
        return int(count * per)


def _followed(clause: s.Clause) -> Iterator[str]:
    """Yield the interpretations named by the words of a clause (« selon AMB-02 »)."""
    for value in clause.values:
        if isinstance(value, s.Clause):
            yield from _followed(value)
        elif getattr(value, "type", "") == "INTERP":
            yield str(value)


def fraction_of(token: Any) -> Any:
    return number_of(str(token))


def day_of(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    place = Place(value.line or 1, value.column or 1, value.end_line or 1, value.end_column or 1)
    return date_of(str(value), place)


def text_of(value: Any) -> str:
    return str(value.values[0]) if isinstance(value, s.Clause) else str(value or "")


def type_of(value: Any) -> r.TypeText:
    kind = value.kind.removesuffix("_type")
    if kind == "unit":
        return r.TypeText("unit", str(value.values[0]))
    return r.TypeText(kind, names=tuple(str(v) for v in value.values))


def reading_of(block: Block) -> r.ReadingRule | None:
    clause: s.Clause | None = block.value("f_read")
    if clause is None:
        return None
    kind = {
        "read_on": "on",
        "read_in": "in",
        "read_on_event": "event",
        "read_on_effect": "effect",
        "read_on_decision": "decision",
        "read_average": "average",
        "read_highest": "highest",
        "read_at_end": "end",
    }[clause.kind]
    if kind == "on":
        return r.ReadingRule(kind, day=clause.values[0])
    return r.ReadingRule(kind, year=clause.values[0] if clause.values else None)


def prorata_of(mark: s.Clause) -> r.Prorata:
    if mark.kind == "by_reading":
        return r.Prorata("by_reading", str(mark.values[0]))
    return r.Prorata(mark.kind.removeprefix("prorata_"))


def tax_of(mark: s.Clause) -> r.Tax:
    if mark.kind == "by_reading":
        return r.Tax("by_reading", reading=str(mark.values[0]))
    rate: Any = mark.values[0] if mark.values else None
    return r.Tax(mark.kind.removeprefix("tax_"), rate)


def condition_of(clause: s.Clause) -> tuple[Any, bool]:
    for value in clause.values:
        if isinstance(value, s.Clause) and value.kind == "condition":
            return value.values[0], False
        if isinstance(value, s.Clause) and value.kind == "condition_else":
            return None, True
    return None, False
