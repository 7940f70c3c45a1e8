"""The table of choices: which member holds which offer, from when, with its act and dated steps."""

from __future__ import annotations

from datetime import date

from communis.tariff.meaning.formulas import STEPS
from communis.tariff.tables.cells import HEADERS, TableReader
from communis.tariff.tables.records import Chosen
from communis.tariff.wording import listed


def step_columns(reader: TableReader) -> list[str]:
    return [*(s for o in reader.book.offers.values() for s in o.steps), *STEPS]


def steps_of(reader: TableReader, offer: str | None) -> dict[str, date]:
    """Return the dated steps of a row; one that belongs to another offer is told, for nothing would ever read it."""
    own = {s for o in reader.book.included(offer) for s in reader.book.offers[o].steps} if offer else set(reader.columns)
    steps: dict[str, date] = {}
    for column in reader.columns:
        if column in HEADERS["choix"] and column not in STEPS:
            continue
        day = reader.day(column)
        if day is not None and column not in own and column not in STEPS:
            owners = [name for name, rule in reader.book.offers.items() if column in rule.steps]
            reader.wrong(
                column,
                "TAB-24",
                f"l’offre {offer} n’a pas cette étape : elle est à {listed(owners, 'ou')}.",
                f"Portez cette date sur la ligne de l’offre {listed(owners, 'ou')}, et laissez la case vide.",
            )
        elif day is not None:
            steps[column] = day
    return steps


def choice(reader: TableReader, made_up: bool) -> None:
    member = reader.member("membre")
    offer = reader.one_of("offre", reader.offers, "une offre de la convention")
    first, last = reader.span("du", "au")
    if first is None and not reader.text("du"):
        reader.wrong("du", "TAB-10", "la date d’effet manque.", "Écrivez jj/mm/aaaa.")
    steps = steps_of(reader, offer)
    if member is None or offer is None or first is None:
        return
    for other in reader.by_choice.get((member, offer), []):
        if (other.last is None or first <= other.last) and (last is None or other.first <= last):
            reader.wrong(
                "du",
                "TAB-20",
                f"{reader.tables.members[member].name} a déjà ce choix sur une partie de la période.",
                "Fermez l’ancien choix la veille du nouveau.",
            )
    chosen = Chosen(member, offer, first, last, reader.text("acte"), steps, reader.text("source"), reader.made_up(made_up))
    reader.by_choice.setdefault((member, offer), []).append(chosen)
    reader.tables.choices.append(chosen)
