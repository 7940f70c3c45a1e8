"""The offers of a convention, simulated for one commune over several exercises: amounts, what is missing, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from communis.catalog.inputs import Inputs
from communis.catalog.notes import HYPOTHESIS, note_of, within
from communis.kit.parts import Note
from communis.tariff import Convention, Tables
from communis.tariff.interpreter.values import PREFIXES, SIMULATED, Reason
from communis.tariff.rendering.content import Content, Row, content_of
from communis.tariff.rendering.french import NOT_A_BILL
from communis.tariff.studies.changes import Changes, Impossible
from communis.tariff.studies.simulation import offers_for_all
from communis.tariff.wording import readable

INHABITANT = "hab"
_WITH_DECIMALS = re.compile(r"[0-9 \u00a0\u202f]+[,.][0-9]*[1-9][0-9]*(?:\s*hab)?")


@dataclass(frozen=True, slots=True)
class Supposed:
    """A fact supposed for the commune in an exercise, as it was typed."""

    fact: str
    year: int
    text: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that an exercise wants and that nobody has entered."""

    fact: str
    year: int
    words: str
    unit: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a line gives in an exercise: an amount, or the words that stand in its place; `key` names its note."""

    exercise: str
    key: str = ""
    amount: Fraction | None = None
    words: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    label: str
    articles: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer over the exercises: its lines, and its total in each (without amount where a line is refused)."""

    name: str
    label: str
    lines: tuple[OfferLine, ...]
    totals: tuple[Cell, ...]


@dataclass(slots=True)
class Offers:
    """All the offers for a commune; `notes` are made when they are asked for."""

    convention: Convention
    years: tuple[int, ...]
    labels: tuple[str, ...]
    offers: list[Offer]
    missing: list[Missing]
    rows: dict[str, Row] = field(default_factory=dict)

    def note(self, key: str, *, remark: str = "") -> Note | None:
        row = self.rows.get(key)
        return note_of(row, key, self.convention, remark=remark) if row is not None else None


def exercises_until(convention: Convention, today: date) -> tuple[int, ...]:
    """Return the exercises that are simulated: the one under way, as the convention dates it, and the two before it."""
    year = convention.model.calendar.year_of(today)
    return tuple(range(year - 2, year + 1))


def supposed_tables(convention: Convention, inputs: Inputs, member: int, supposed: Sequence[Supposed]) -> Tables:
    """Return the tables with the facts supposed in the place of those they contradict. Raises Impossible for a bad value."""
    changes = Changes()
    for one in supposed:
        rule = convention.model.book.facts.get(one.fact)
        if rule is not None and rule.type is not None and rule.type.unit == INHABITANT and _WITH_DECIMALS.fullmatch(one.text):
            raise Impossible(f"« {one.text} » : un nombre d’habitants est entier. Écrivez-le sans virgule.")
        changes.suppose(convention, one.fact, member, one.text, year=one.year)
    return changes.tables(inputs.tables)


def simulate_offers(
    convention: Convention, inputs: Inputs, member: int, years: Sequence[int], supposed: Sequence[Supposed] = ()
) -> Offers:
    """Compute what each offer would cost a commune in each exercise (TAR-25): a simulation, not a bill."""
    tables = supposed_tables(convention, inputs, member, supposed) if supposed else inputs.tables
    contents: dict[int, dict[str, Content]] = {}
    for year in years:
        found = offers_for_all(convention, tables, year, members={member})
        contents[year] = {
            offer: content_of(result, member)
            for offer, result in found.items()
            if any(s.member == member for s in result.statements)
        }
    labels = tuple(convention.model.calendar.label(year) for year in years)
    offers = Offers(convention, tuple(years), labels, [], missing_in(convention, member, contents, inputs.tables))
    book = convention.model.book
    for name in dict.fromkeys(offer for by_offer in contents.values() for offer in by_offer):
        by_year = {year: contents[year].get(name) for year in years}
        offers.offers.append(offer_of(offers, name, book.offers[name].label or name.replace("_", " "), by_year))
    return offers


def one_offer(convention: Convention, tables: Tables, member: int, offer: str, year: int) -> Content | None:
    """Return what one offer would cost a member in an exercise; None when the offer is not for it then."""
    result = offers_for_all(convention, tables, year, members={member}).get(offer)
    if result is None or not any(s.member == member for s in result.statements):
        return None
    return content_of(result, member)


def offer_of(offers: Offers, name: str, label: str, by_year: Mapping[int, Content | None]) -> Offer:
    """Return an offer over the exercises, its lines in the order in which they first appear."""
    order: dict[tuple[str, str | None, int], Row] = {}
    for content in by_year.values():
        for row in content.rows if content else ():
            order.setdefault(identity(row), row)
    lines = tuple(line_of(offers, name, row, by_year) for row in order.values())
    totals = tuple(
        Cell(
            exercise, amount=content.total if content and content.owes else None, words="à compléter", mark=marks_within(content)
        )
        for exercise, content in zip(offers.labels, by_year.values(), strict=True)
    )
    return Offer(name, label, lines, totals)


def identity(row: Row) -> tuple[str, str | None, int]:
    """Return what tells a line from another: its rule, the offer that it is for (one rule may serve many), whose it is."""
    return row.line.name, row.line.offer, row.line.member


def line_of(offers: Offers, offer: str, first: Row, by_year: Mapping[int, Content | None]) -> OfferLine:
    """Return a line over the exercises; each amount, or what stands in its place, has its note."""
    cells = []
    for exercise, (year, content) in zip(offers.labels, by_year.items(), strict=True):
        row = next((r for r in content.rows if identity(r) == identity(first)), None) if content else None
        if row is None:
            cells.append(Cell(exercise))
            continue
        apart = [part for part in (first.line.offer,) if part not in (None, offer)]
        key = "-".join([offer, first.line.name, *apart, str(year)])
        offers.rows[key] = row
        marks = ", ".join(marks_of(row))
        cells.append(Cell(exercise, key, row.counted if row.refused is None else None, words_of(offers.convention, row), marks))
    return OfferLine(first.label, first.articles, tuple(cells))


def marks_of(row: Row) -> list[str]:
    """Return what an amount, or the words in its place, rests on and that must show beside it: a hypothesis, an invented fact."""
    return [*([HYPOTHESIS] if is_supposed(row) else []), *(m for m in row.marks if m != NOT_A_BILL)]


def is_supposed(row: Row) -> bool:
    """Tell whether a line rests on a hypothesis; what is not an amount rests on all that led to its refusal."""
    if row.line.flags & SIMULATED or row.refused is None:
        return bool(row.line.flags & SIMULATED)
    return any(HYPOTHESIS in words for step in within(row.step) for words in step.flags)


def marks_together(cells: Iterable[Cell]) -> str:
    """Return the marks of several cells, each once, for what stands on them all."""
    return ", ".join(dict.fromkeys(mark for cell in cells for mark in cell.mark.split(", ") if mark))


def marks_within(content: Content | None) -> str:
    """Return what the amounts of an offer rest on, each once, for its total."""
    return ", ".join(dict.fromkeys(m for row in content.rows for m in marks_of(row))) if content else ""


def words_of(convention: Convention, row: Row) -> str:
    """Return what stands in the place of an amount: « fait manquant : population totale 2026 »."""
    if row.refused is None:
        return row.shown
    missing = [reason for reason in row.line.reasons if reason.kind == "missing"]
    own = dict.fromkeys(fact_words(convention, one) for one in missing if readable(str(one)) in row.refused.reasons)
    elsewhere = [words for words in row.refused.reasons if missing and words.startswith(f"{PREFIXES['missing']} chez ")]
    told = [f"{row.shown} : {' ; '.join(own)}"] if own else []
    return " ; ".join([*told, *elsewhere]) or row.shown


def fact_words(convention: Convention, reason: Reason) -> str:
    """Say which fact is missing by the label that its convention gives it, with the offer it is about and its date."""
    book = convention.model.book
    rule = book.facts.get(reason.subject)
    if rule is None or not rule.label or not reason.text.startswith(rule.name):
        return readable(reason.text).partition(" (")[0]
    whose, _, dated = reason.text.removeprefix(rule.name).partition(f", {rule.label}")
    offer = book.offers.get(whose.removeprefix(" de "))
    about = f" pour « {offer.label or readable(offer.name)} »" if offer is not None else ""
    return f"{rule.label}{about}{dated.partition(' (')[0]}"


def missing_in(
    convention: Convention, member: int, contents: Mapping[int, Mapping[str, Content]], tables: Tables
) -> list[Missing]:
    """Return the facts of the commune that are missing, each once, in the order of the exercises."""
    me = tables.members[member].name
    found: dict[tuple[int, str], Missing] = {}
    for year, by_offer in contents.items():
        for reason in (r for c in by_offer.values() for row in c.refusals for r in row.line.reasons):
            rule = convention.model.book.facts.get(reason.subject)
            if rule is None or rule.of_service or rule.offers is not None:
                continue
            if reason.kind == "missing" and reason.member in ("", me):
                missing = Missing(reason.subject, year, reason.text, rule.type.unit if rule.type else "")
                found.setdefault((year, reason.subject), missing)
    return list(found.values())
