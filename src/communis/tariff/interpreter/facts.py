"""What a convention reads: facts at their date, holdings of offers, prices in force. No arithmetic here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import ONE_DAY, Period, french_date, months_later, on_day
from communis.tariff.interpreter.values import FICTITIOUS, SIMULATED, Context, Reason, Value, known, refused
from communis.tariff.language import rules as r
from communis.tariff.language.syntax import Day, DayOf, Literal, Name, Number, Year
from communis.tariff.meaning.tree import Model, Node
from communis.tariff.tables.records import Chosen, FactRow, Tables

_POPULATIONS = {"total": "totale", "municipal": "municipale", "dgf": "dgf", "apart": "comptée à part", "declared": "déclarée"}


HELD = "held"
Held = dict[tuple[int, str], list[Chosen]]  # the choices by which a member holds an offer, by date


class Reader:
    """Answers, for one model and its tables, what is read at a date; `prices` replaces parameters in a simulation."""

    def __init__(self, model: Model, tables: Tables, readings: dict[str, str] | None = None) -> None:
        self.model = model
        self.book = model.book
        self.tables = tables
        self.readings = readings or {}
        self.groups = {o.group for o in self.book.offers.values() if o.group}
        self.held_in: dict[int, int] = {}
        self.made_up = any(c.fictitious for c in tables.choices)
        self._held = self._index_choices()

    # ------------------------------------------------------------ exercises and days

    def year(self, year: Year | None, context: Context) -> int:
        """Return the exercise a word such as N-1 or 2024 names."""
        if year is None:
            return context.year
        return context.year + year.offset if year.offset is not None else int(year.year or 0)

    def day(self, day_of: DayOf, context: Context) -> date:
        """Return a day such as « 1er janvier de N »: the one that lies within that exercise."""
        if day_of.fixed is not None:
            return day_of.fixed
        assert day_of.day is not None
        return self.day_in(self.year(day_of.year, context), day_of.day)

    def day_in(self, year: int, day: Day) -> date:
        period = self.model.calendar.period(year)
        first = on_day(period.first.year, day.month, day.day)
        return first if first in period else on_day(period.first.year + 1, day.month, day.day)

    def reading(self, interpretation: str) -> str | None:
        """Return the reading that holds: the one a simulation or an example sets, else the one retained."""
        return self.readings.get(interpretation) or self.book.interpretations[interpretation].retained

    # ------------------------------------------------------------ facts

    def fact(self, name: str, member: int | None, offer: str | None, context: Context, year: Year | None, node: Node) -> Value:
        """Return a fact at the date its declaration says, or « fait manquant » with the fact, whose it is and its date."""
        rule = self.book.facts[name]
        kind, open_reading = self.population(rule)
        if open_reading is not None:
            return refused(open_reading, node)
        who = None if rule.of_service else member
        rows = self.tables.fact_rows(name, who, offer)
        if kind is not None:
            rows = [row for row in rows if row.timeless or row.kind == kind]
        reading = rule.reading or r.ReadingRule("first_day")
        if reading.kind in ("average", "highest"):
            return self.over_a_year(rule, rows, self.year(reading.year, context), reading.kind, who, node)
        found, when = self.find(rule, rows, reading, context, year)
        if found is not None:
            return known(found.value, node, flags=self.row_flags(found), row=found, read_on=when)
        return self.absent(rule, kind, who, offer, when, node)

    @staticmethod
    def row_flags(row: FactRow) -> int:
        return (FICTITIOUS if row.fictitious else 0) | (SIMULATED if row.author == "simulation" else 0)

    def population(self, rule: r.Fact) -> tuple[str | None, Reason | None]:
        """Return the kind of population a fact reads, or why it is not settled."""
        if rule.population is not None:
            return _POPULATIONS[rule.population], None
        if rule.population_by is None:
            return None, None
        reading = self.reading(rule.population_by)
        if reading is None:
            return None, Reason("settle", f"{rule.population_by}, quelle population", subject=rule.population_by)
        return reading.replace("_", " "), None

    def find(
        self, rule: r.Fact, rows: list[FactRow], reading: r.ReadingRule, context: Context, year: Year | None
    ) -> tuple[FactRow | None, Any]:
        """Return the row that is read, and the day or exercise at which it is."""
        if rule.published_by is not None:
            limit = self.day(rule.published_by, context)
            rows = [row for row in rows if row.timeless or (row.published is not None and row.published <= limit)]
            return (rows[0] if rows else None), limit
        if year is not None:
            context = replace(context, year=self.year(year, context))
        if reading.kind == "in":
            wanted = self.year(reading.year, context)
            period = self.model.calendar.period(wanted)
            return next((row for row in rows if self.in_year(row, wanted, period)), None), wanted
        when = self.reading_day(reading, context)
        fixed = reading.day is not None and reading.day.fixed is not None
        numeric = rule.type.kind == "unit" and not (rule.lasting or rule.frozen or fixed)
        for row in rows:
            fresh = not numeric or row.timeless or row.first > months_later(when, -12)
            if row.first <= when and (row.last is None or when <= row.last) and fresh:
                return row, when
        return None, when

    @staticmethod
    def in_year(row: FactRow, year: int, period: Period) -> bool:
        return row.timeless or row.year == year or (row.year is None and row.first in period)

    def reading_day(self, reading: r.ReadingRule, context: Context) -> date:
        """Return the day at which a fact or price is read."""
        period = self.model.calendar.period(context.year)
        if reading.kind == "on" and reading.day is not None:
            return self.day(reading.day, context)
        if reading.kind == "event":
            return context.event or period.first
        if reading.kind == "end":
            return period.last
        if reading.kind in ("effect", "decision") and context.member is not None:
            chosen = next((c for o in context.holders for c in self.held(context.member, o, context.year)), None)
            if chosen is not None:
                return chosen.first if reading.kind == "effect" else chosen.steps.get("décidée_le", chosen.first)
        return period.first

    def over_a_year(self, rule: r.Fact, rows: list[FactRow], year: int, kind: str, member: int | None, node: Node) -> Value:
        """Return the mean or the highest of the readings of an exercise (primitive 6)."""
        period = self.model.calendar.period(year)
        found = [row for row in rows if self.in_year(row, year, period)]
        if not found:
            return self.absent(rule, None, member, None, year, node)
        values = [row.value for row in found]
        value = max(values) if kind == "highest" else sum(values, Fraction(0)) / len(values)
        flags = 0
        for row in found:
            flags |= self.row_flags(row)
        return known(value, node, flags=flags, rows=tuple(found), read_on=year)

    def absent(self, rule: r.Fact, kind: str | None, member: int | None, offer: str | None, when: Any, node: Node) -> Value:
        """Return the declared default, or the refusal that names the fact, whose it is and its date (TAR-03)."""
        if rule.default is not None:
            return known(literal_value(self.model, rule.default), node, by_default=True, fact=rule.name)
        whose = self.tables.members[member].name if member is not None else ""
        dated = self.model.calendar.label(when) if isinstance(when, int) else french_date(when)
        if kind is not None:
            year = when.year if isinstance(when, date) else when
            text = f"population {kind} {year} ({rule.name})"
        else:
            text = f"{rule.name}" + (f" de {offer}" if offer else "") + (f", {rule.label}" if rule.label else "")
            text += f", {'exercice ' if isinstance(when, int) else 'au '}{dated}"
        text += self.near_miss(rule, kind, member, offer, when)
        return refused(Reason("missing", text, whose, rule.margin.articles, rule.name), node, fact=rule.name)

    def near_miss(self, rule: r.Fact, kind: str | None, member: int | None, offer: str | None, when: Any) -> str:
        """Tell the value that is there and is not read, being of another nature, later, or not published in time.

        That the value of the year before is there goes without saying.
        """
        rows = self.tables.fact_rows(rule.name, member, offer)
        own = [row for row in rows if kind is None or row.kind == kind]
        if rows and not own:
            return f" ; une valeur {rows[0].kind or 'sans nature'} existe"
        if not own or not isinstance(when, date):
            return ""
        row = min(own, key=lambda row: abs(row.first - when))
        there = f" ; une valeur du {french_date(row.first)} existe"
        if rule.published_by is not None:
            return f"{there}, {f'publiée le {french_date(row.published)}' if row.published else 'sans date de publication'}"
        return f"{there}, après le {french_date(when)}" if row.first > when else ""

    def yearly(self, name: str, member: int | None, offer: str | None, year: int) -> FactRow | None:
        """Return the value of a fact « de chaque exercice » for one exercise."""
        rule = self.book.facts[name]
        period = self.model.calendar.period(year)
        rows = self.tables.fact_rows(name, None if rule.of_service else member, offer)
        return next((row for row in rows if self.in_year(row, year, period)), None)

    # ------------------------------------------------------------ holdings

    def _index_choices(self) -> Held:
        """Return the choices by member and offer; of tables that follow others, only the member that differs is read."""
        settled = self.tables.kept.get(HELD)
        if isinstance(settled, dict):
            return settled
        if self.tables.near is None:
            return self._indexed(self.tables.choices)
        followed, member = self.tables.near
        key = (HELD, id(self.model))
        before = followed.kept.get(key)
        if not isinstance(before, dict):
            before = followed.kept[key] = Reader(self.model, followed)._held
        if member is None:
            return before
        held = before.copy()
        for offer in self.book.offers:
            held.pop((member, offer), None)
        return held | self._indexed([c for c in self.tables.choices if c.member == member])

    def _indexed(self, choices: list[Chosen]) -> Held:
        held: Held = {}
        covered = {offer: self.included(offer) for offer in {c.offer for c in choices}}
        for chosen in choices:
            for offer in covered[chosen.offer]:
                held.setdefault((chosen.member, offer), []).append(chosen)
        for listed in held.values():
            listed.sort(key=lambda c: c.first)
        return held

    def holdings(self) -> Held:
        """Return the choices by member and offer. Kept as HELD with tables of the same choices, they are not indexed again."""
        return self._held

    def included(self, offer: str) -> list[str]:
        """Return an offer and all it includes, each once."""
        found: list[str] = []
        pending = [offer]
        while pending:
            name = pending.pop(0)
            if name not in found and name in self.book.offers:
                found.append(name)
                pending.extend(self.book.offers[name].includes)
        return found

    def all_held(self, member: int, offer: str) -> list[Chosen]:
        """Return every choice by which a member holds an offer, its own or one that includes it, by date.

        One always held is held as long as the member is there, unless its own choice dates it; another that includes it
        takes nothing away.
        """
        listed = self._held.get((member, offer), [])
        if self.book.offers[offer].always and not any(c.offer == offer for c in listed):
            who = self.tables.members[member]
            return [Chosen(member, offer, who.first or date(1900, 1, 1), who.last), *listed]
        return listed

    def held(self, member: int, offer: str, year: int) -> list[Chosen]:
        """Return the choices by which a member holds an offer on at least a day of an exercise."""
        if offer not in self.book.offers:
            return []
        period = self.model.calendar.period(self.held_in.get(year, year))
        last = self.offer_end(offer)
        return [c for c in self.all_held(member, offer) if period.meets(c.first, min(filter(None, (c.last, last)), default=None))]

    def holding_flags(self, member: int, offers: tuple[str, ...], year: int) -> int:
        """Return FICTITIOUS when offers are held in an exercise by made-up choices only."""
        if not self.made_up:
            return 0
        held = [c for o in offers for c in self.held(member, o, year)]
        return FICTITIOUS if held and all(c.fictitious for c in held) else 0

    def offer_end(self, offer: str) -> date | None:
        closed = self.book.offers[offer].closed
        return closed - ONE_DAY if closed else None

    def holds_on(self, member: int, offer: str, day: date) -> bool:
        return any(c.first <= day and (c.last is None or day <= c.last) for c in self.all_held(member, offer))

    def held_period(self, member: int, offers: tuple[str, ...], year: int) -> Period | None:
        """Return the days of an exercise, from the first to the last, on which one of these offers is held."""
        period = self.model.calendar.period(year)
        found = [
            (max(c.first, period.first), min(c.last or period.last, period.last))
            for o in offers
            for c in self.held(member, o, year)
        ]
        return Period(min(f for f, _ in found), max(last for _, last in found)) if found else None

    def start(self, member: int, offer: str, year: int) -> date | None:
        """Return the first day of the unbroken holding of an offer that reaches an exercise."""
        held = self.held(member, offer, year)
        if not held:
            return None
        first = held[0].first
        for chosen in reversed([c for c in self.all_held(member, offer) if c.first < first]):
            if chosen.last is not None and chosen.last >= first - ONE_DAY:
                first = chosen.first
        return first

    def step(self, member: int, offer: str, step: str, year: int) -> tuple[date | None, Chosen | None]:
        """Return a dated step of a member’s choice of an offer, the latest choice begun by the end of the exercise."""
        last = self.model.calendar.period(year).last
        choices = [c for c in self.all_held(member, offer) if c.first <= last]
        for chosen in reversed(choices):
            if step == "effet_le":
                return chosen.first, chosen
            if step == "fin_le":
                return chosen.last, chosen
            if step in chosen.steps:
                return chosen.steps[step], chosen
        return None, (choices[-1] if choices else None)

    # ------------------------------------------------------------ prices

    def price(self, rule: r.Parameter, day: date) -> r.DatedPrice | None:
        """Return the price in force on a day: the latest begun, unless it has ended."""
        best: r.DatedPrice | None = None
        for price in rule.values:
            started = price.first is None or price.first <= day
            later = best is None or (best.first or date.min) <= (price.first or date.min)
            if started and later:
                best = price
        return best if best is not None and (best.last is None or day <= best.last) else None

    def participants(self, year: int) -> list[int]:
        """Return the members that exist in an exercise, the host apart."""
        period = self.model.calendar.period(self.held_in.get(year, year))
        return [i for i, m in enumerate(self.tables.members) if not m.host and m.exists(period.first, period.last)]


def literal_value(model: Model, literal: Literal | Name | Number) -> Any:
    """Return the value of a literal in base units."""
    if isinstance(literal, Number):
        unit = model.units.unit(literal.unit) if literal.unit else None
        return literal.value * (unit.factor if unit else 1)
    return literal.name if isinstance(literal, Name) else literal.value


def tie_order(tables: Tables, tie: str) -> list[int]:
    """Return every member in the order that breaks ties: by SIREN (those without one last, by name), or by name."""
    kept = tables.of_members.get(("order", tie))
    if isinstance(kept, list):
        return kept
    members = tables.members
    if tie == "name":
        order = sorted(range(len(members)), key=lambda i: (members[i].name, members[i].siren))
    else:
        order = sorted(range(len(members)), key=lambda i: (not members[i].siren, members[i].siren, members[i].name))
    tables.of_members["order", tie] = order
    return order
