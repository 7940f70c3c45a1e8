"""What the choices of an act cost in an exercise: a line an offer at least, its amount, an estimate, or what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from communis.agreements.choices import Known, tables_kept
from communis.agreements.models import Version
from communis.agreements.paying import owed
from communis.catalog.forecasts import Forecast, forecast_of
from communis.catalog.headlines import Explained
from communis.catalog.notes import HYPOTHESIS, class_of
from communis.directory.models import Organization
from communis.kit.formats import euros
from communis.tariff import Convention, Tables
from communis.tariff.calendar import ONE_DAY
from communis.tariff.tables.records import Chosen
from communis.tariff.wording import readable

ESTIMATED = " (estimation)"
NO_LINE = "aucune ligne du tarif pour cet exercice"
PASSAGE = "passage "  # a place of the tariff’s source that is no article
TO_COMPLETE = "à compléter"
_FOR = re.compile(r"^(?P<fact>.*?) pour « (?P<offer>[^»]*) »(?P<when>.*)$")
UNKNOWN = ("fait manquant", "à fournir")


@dataclass(frozen=True, slots=True)
class Costs:
    """The lines as a document has them, their total (blank while one of them is not known), and what an estimate rests on."""

    rows: tuple[dict[str, str], ...] = ()
    total: str = ""
    hypotheses: tuple[str, ...] = ()


def costs_of(
    version: Version | None, organization: Organization, held: Mapping[str, date], day: date, *, since: date | None = None,
    decided_on: date | None = None,
) -> Costs:  # fmt: skip
    """Return what a member would owe in the exercise of a day, by these choices, beside what all others hold.

    What it held before is closed on the eve of `since`, and counts: an audit already due is there, and what is deducted for it.
    The act of a new choice is dated `decided_on`, once that is known.
    A number that the exercise wants and that is not known yet keeps its last value: the amount is an estimate, told as such.
    """
    if version is None or not version.tariff or not held:
        return Costs()
    known = tables_kept(version)
    member = known.ranks.get(organization.pk)
    if member is None:
        return Costs()
    book, calendar = known.convention.model.book, known.convention.model.calendar
    tables, year = holding(known, member, held, since=since, decided_on=decided_on), calendar.year_of(day)
    forecast = forecast_of(
        known.convention, tables, member, year, label=("acte", "acte"),
        computed=lambda supposed, exercise: owed(known, member, supposed, exercise),
    )  # fmt: skip
    rows = [row_of(forecast, line) for line in forecast.lines] if forecast is not None else []
    billed = [forecast.offers.rows[line.cell.key].line for line in forecast.lines] if forecast is not None else []
    covered = {name for line in billed for name in served(known.convention, line.name, line.offer, held)}
    rows += [
        {"ligne": book.offers[name].label or readable(name), "article": "", "exercice": calendar.label(year),
         "montant": NO_LINE, "formule": ""}
        for name in held if name in book.offers and name not in covered
    ]  # fmt: skip
    if forecast is None:
        return Costs(tuple(rows))
    mark = ESTIMATED if forecast.carried else ""
    total = f"{euros(forecast.amount)}{mark}" if forecast.amount is not None else ""
    return Costs(tuple(rows), total, (*awaited(forecast), *estimates(forecast)))


def holding(
    known: Known, member: int, held: Mapping[str, date], *, since: date | None = None, decided_on: date | None = None
) -> Tables:
    """Return the tables in which a member holds these choices, after what it held until the eve of `since`.

    The steps that are not dated yet are, on the first day of their offer.
    """
    book = known.convention.model.book
    own = [one for one in known.tables.choices if one.member == member]
    dated = {one.offer: one.steps for one in own}
    mine = left_of(own, held, since) if since is not None else []
    for name, first in held.items():
        if name in book.offers:
            steps = {step: first for offer in book.included(name) for step in book.offers[offer].steps}
            steps |= {"décidée_le": decided_on or first, "exécutoire_le": first, "signée_le": first} | dict(dated.get(name, {}))
            mine.append(Chosen(member, name, first, None, "acte en préparation", steps))
    others = [one for one in known.tables.choices if one.member != member]
    return known.tables.holding([*others, *mine], member=member)


def left_of(own: Iterable[Chosen], held: Mapping[str, date], since: date) -> list[Chosen]:
    """Return what is left of former choices when others take their place on a day; no day of an offer counts twice."""
    found = []
    for one in own:
        closed = [since - ONE_DAY, *([one.last] if one.last is not None else [])]
        if one.offer in held:
            closed.append(held[one.offer] - ONE_DAY)
        if one.first <= min(closed):
            found.append(replace(one, last=min(closed)))
    return found


def row_of(forecast: Forecast, line: Explained) -> dict[str, str]:
    """Return a line: its amount or the words that stand in its place, and the formula with its values."""
    cell, note = line.cell, forecast.note(line.cell.key)
    if cell.amount is not None:
        amount = f"{euros(cell.amount)}{ESTIMATED if HYPOTHESIS in cell.mark else ''}"
    else:
        amount = TO_COMPLETE if cell.words.startswith(UNKNOWN) else cell.words
    why = forecast.offers.rows[cell.key].line.why if cell.amount is not None else ""
    formula = " = ".join(part for part in (note.formula, note.values) if part) if note is not None else ""
    if why or (cell.amount is not None and formula == euros(cell.amount)):
        formula = why
    retained = class_of(forecast.offers.rows[cell.key].step) if formula and not why else ""
    formula = f"{formula} ; {retained}" if retained else formula
    article = ", ".join(one for one in line.articles.split(", ") if not one.startswith(PASSAGE))
    return {"ligne": line.label, "article": article, "exercice": cell.exercise, "montant": amount, "formule": formula}


def served(convention: Convention, line: str, offer: str | None, held: Iterable[str]) -> list[str]:
    """Return the choices that a line is for: that of the offer it names, or of one of its holders, or of a group they are in.

    An offer that no line names is paid by the lines of what it includes.
    """
    book = convention.model.book
    rule = book.named()[line]
    holders = {offer} if offer is not None else set(getattr(rule, "holders", ()))
    priced = {one for known in book.lines.values() for one in known.holders}

    def is_for(name: str) -> bool:
        own = {name, book.offers[name].group}
        return bool(holders & own) or ((offer is None or not priced & own) and bool(holders & {*book.included(name)}))

    return [name for name in held if is_for(name)]


def awaited(forecast: Forecast) -> tuple[str, ...]:
    """Name, once each, the facts that the amounts to complete wait for, with the offers that want each."""
    told = [line.cell.words for line in forecast.lines if line.cell.amount is None and line.cell.words.startswith(UNKNOWN)]
    wanted: dict[str, list[str]] = {}
    for fact in (one.strip() for words in told for one in words.partition(" : ")[2].split(" ; ")):
        found = _FOR.match(fact)
        offers = wanted.setdefault(f"{found['fact']}{found['when']}" if found else fact, [])
        if found and f"« {found['offer']} »" not in offers:
            offers.append(f"« {found['offer']} »")
    facts = [f"– {fact} : {', '.join(offers)}" if offers else f"– {fact}" for fact, offers in wanted.items() if fact]
    return ("Pour calculer les montants à compléter, il manque :", *facts) if facts else ()


def estimates(forecast: Forecast) -> tuple[str, ...]:
    """Say that the amounts are an estimate, and which numbers were carried on to the exercise."""
    if not forecast.carried:
        return ()
    return (
        f"Estimation pour l’exercice {forecast.exercise}, qui n’est pas une facture. Faute d’être encore connue, chaque donnée "
        f"garde sa dernière valeur : {' ; '.join(forecast.carried)}.",
    )
