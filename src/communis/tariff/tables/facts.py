"""The table of facts: dated values, each with its unit, the nature of a population and its source."""

from __future__ import annotations

from datetime import date
from typing import Any

from communis.tariff.language.rules import Fact
from communis.tariff.meaning.tree import Type
from communis.tariff.meaning.units import EURO_DIMENSIONS
from communis.tariff.tables.cells import YEAR, TableReader
from communis.tariff.tables.records import FactRow, plain

POPULATIONS = ("totale", "municipale", "dgf", "comptée à part", "déclarée")
_WRITTEN = {plain(name): name for name in POPULATIONS}


def fact(reader: TableReader, made_up: bool) -> None:
    name = reader.one_of("fait", reader.book.facts, "un fait de la convention")
    if name is None:
        return
    rule = reader.book.facts[name]
    kind = reader.kind(rule.type)
    if kind is None:
        return
    member = None
    if rule.of_service:
        if reader.text("membre"):
            reader.wrong("membre", "TAB-21", f"« {name} » est un fait du service.", "Laissez la case vide.")
    else:
        member = reader.member("membre")
        if member is None:
            return
    offer = fact_offer(reader, rule.offers)
    value = fact_value(reader, kind)
    first, year = fact_date(reader)
    last = reader.day("jusqu_au")
    reader.check_span("jusqu_au", first, last)
    population = population_of(reader, rule)
    if value is None or first is None:
        return
    row = FactRow(
        name,
        member,
        offer,
        value,
        population,
        first,
        last,
        year,
        reader.day("publié_le"),
        reader.text("source"),
        reader.text("auteur"),
        reader.made_up(made_up),
    )
    reader.tables.facts.setdefault(name, []).append(row)
    check_twice(reader, row, rule)


def fact_value(reader: TableReader, kind: Type) -> Any:
    """Return the value of a fact in its type, in base units: below zero for euros only."""
    value = reader.typed("valeur", kind, reader.text("unité"))
    if kind.kind == "number" and value is not None and value.numerator < 0 and kind.dimensions != EURO_DIMENSIONS:
        reader.wrong("valeur", "TAB-15", "une quantité n’est pas négative.", "Corrigez la valeur.")
    return value


def check_twice(reader: TableReader, row: FactRow, rule: Fact) -> None:
    """Refuse two values of one fact for one member and one date; a population has one value a kind."""
    key = (row.fact, row.member, row.offer, row.kind if counts_a_population(rule) else "", row.first)
    if key in reader.seen:
        reader.wrong("date", "TAB-22", f"« {row.fact} » a déjà une valeur à cette date.", "Gardez-en une.")
    reader.seen.add(key)


def fact_offer(reader: TableReader, group: str | None) -> str | None:
    if group is None:
        if reader.text("offre"):
            reader.wrong("offre", "TAB-21", "ce fait n’est pas donné offre par offre.", "Laissez la case vide.")
        return None
    return reader.one_of("offre", reader.book.offers_in(group), "une offre de ce fait")


def fact_date(reader: TableReader) -> tuple[date | None, int | None]:
    """Return the first day a fact holds, and its exercise when only that was given."""
    text = reader.text("date")
    if YEAR.fullmatch(text):
        year = reader.year("date")
        return (reader.model.calendar.period(year).first, year) if year is not None else (None, None)
    day = reader.day("date")
    if day is None and not text:
        reader.wrong("date", "TAB-10", "la date de valeur manque.", "Écrivez jj/mm/aaaa, ou l’exercice.")
    return day, None


def counts_a_population(rule: Fact) -> bool:
    return rule.population is not None or rule.population_by is not None


def population_of(reader: TableReader, rule: Fact) -> str:
    """Return the population a row counts, as the language writes it, whatever the case and accents; tell an unknown one."""
    text = reader.text("nature")
    if not text or not counts_a_population(rule):
        return text
    found = _WRITTEN.get(text) or _WRITTEN.get(plain(text.replace("_", " ")))
    if found is None:
        reader.wrong(
            "nature",
            "TAB-13",
            f"« {text[:60]} » n’est pas une population.",
            "On peut écrire : " + ", ".join(POPULATIONS) + ".",
        )
    return found or ""
