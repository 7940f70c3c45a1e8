"""What the next exercise should come to: computed on what is known today, the last numbers of a member carried on to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from communis.catalog.headlines import Explained
from communis.catalog.offers import Offers, marks_together, missing_in, offer_of
from communis.kit.formats import long_date
from communis.kit.parts import Note
from communis.tariff import Convention, Tables
from communis.tariff.rendering.content import Content
from communis.tariff.studies.changes import Changes

Computed = Callable[[Tables, int], Content | None]  # what a member owes on some tables in an exercise; None when nothing


@dataclass(frozen=True, slots=True)
class Forecast:
    """An exercise to come: its amount, None when something is not known that nothing stands for; what was carried on to it."""

    exercise: str
    amount: Fraction | None
    lines: tuple[Explained, ...]
    carried: tuple[str, ...]
    missing: tuple[str, ...]
    offers: Offers

    @property
    def mark(self) -> str:
        """What its lines rest on, each once: a hypothesis shows beside the total as beside each line."""
        return marks_together(one.cell for one in self.lines)

    def note(self, key: str) -> Note | None:
        return self.offers.note(key, remark="Prévision, pas une facture.")


def forecast_of(
    convention: Convention, tables: Tables, member: int, year: int, *, label: tuple[str, str], computed: Computed
) -> Forecast | None:
    """Return what a member should owe in an exercise to come, None when nothing is computed for it then.

    A number that the exercise wants and that nobody knows yet, such as a population, keeps its last value: it is a hypothesis,
    told and marked. What has no former value stays missing. `label` is the name of what is held, then its words.
    """
    content = computed(tables, year)
    if content is None:
        return None
    changes, carried = Changes(), []
    for one in missing_in(convention, member, {year: {"": content}}, tables):
        last = changes.carry_on(convention, tables, one.fact, member, year=year)
        if last is not None:
            carried.append(f"{one.words.partition(' (')[0]}, celle du {long_date(last.first)}")
    if carried:
        content = computed(changes.tables(tables), year) or content
    exercise = convention.model.calendar.label(year)
    offers = Offers(convention, (year,), (exercise,), [], missing_in(convention, member, {year: {"": content}}, tables))
    made = offer_of(offers, *label, {year: content})
    lines = tuple(Explained(one.label, one.articles, one.cells[0]) for one in made.lines if one.cells[0].key)
    missing = tuple(dict.fromkeys(one.words for one in offers.missing))
    return Forecast(exercise, made.totals[0].amount, lines, tuple(carried), missing, offers)
