"""What a member pays by what it holds, exercise by exercise and line by line, and what the next exercise should come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from communis.agreements.choices import Known, tables_kept
from communis.agreements.models import Membership, Version
from communis.agreements.reading import offer_label
from communis.catalog.forecasts import Forecast, forecast_of
from communis.catalog.headlines import Headline, headline_of
from communis.catalog.inputs import Inputs
from communis.catalog.offers import Cell, Offers, exercises_until, missing_in, offer_of, one_offer, simulate_offers
from communis.kit.formats import counted
from communis.kit.parts import Note
from communis.tariff import Convention, Tables, compute
from communis.tariff.rendering.content import Content, content_of

_MOST_NAMED = 3  # offers named one by one before they are only counted


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is shown: what it came to in the last exercise computed, what it should come to in the next one."""

    label: str
    articles: str
    now: Cell | None = None
    then: Cell | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """What a member owes by its choices: the last exercise that can be computed, each line explained, and the next one.

    Without a membership, what it would owe for an offer that it does not hold.
    """

    membership: Membership | None
    label: str
    offers: Offers
    headline: Headline | None
    forecast: Forecast | None

    def note(self, key: str) -> Note | None:
        """Return why an amount is what it is, of an exercise computed or of the one to come."""
        remark = "Calculé sur ce que le service sait aujourd’hui : ce n’est pas une facture."
        found = self.offers.note(key, remark=remark if self.membership is not None else "Simulation, pas une facture.")
        return found or (self.forecast.note(key) if self.forecast is not None else None)

    @property
    def waiting(self) -> list[str]:
        """The facts that keep a later exercise from being computed, each once."""
        after = self.headline.exercise if self.headline is not None else ""
        calendar = self.offers.convention.model.calendar
        return list(dict.fromkeys(m.words.partition(" (")[0] for m in self.offers.missing if calendar.label(m.year) > after))

    @property
    def rows(self) -> list[Row]:
        """The lines of both exercises, each once, in the order in which they first appear."""
        found: dict[tuple[str, str], Row] = {}
        for one in self.headline.lines if self.headline is not None else ():
            found[one.label, one.articles] = Row(one.label, one.articles, now=one.cell)
        for one in self.forecast.lines if self.forecast is not None else ():
            known = found.get((one.label, one.articles), Row(one.label, one.articles))
            found[one.label, one.articles] = replace(known, then=one.cell)
        return list(found.values())


def paid_by(membership: Membership, version: Version | None, held: Iterable[str], today: date) -> Paid | None:
    """Return what a membership comes to by the choices that it holds, as its own version computes it; None without a tariff."""
    if version is None or version.convention is None:
        return None
    known = tables_kept(version)
    member = known.ranks.get(membership.organization_id)
    if member is None:
        return None
    names = [offer_label(version, offer) for offer in held]
    label = ", ".join(names) if len(names) <= _MOST_NAMED else counted(len(names), "offre tenue", "offres tenues")
    key, years = f"tenu-{membership.pk}", exercises_until(known.convention, today)
    by_year = {year: owed(known, member, known.tables, year) for year in years}
    found = {year: {"": content} for year, content in by_year.items() if content is not None}
    calendar = known.convention.model.calendar
    labels = tuple(calendar.label(year) for year in years)
    offers = Offers(known.convention, years, labels, [], missing_in(known.convention, member, found, known.tables))
    offers.offers.append(offer_of(offers, key, label, by_year))
    forecast = forecast_of(
        known.convention, known.tables, member, years[-1] + 1, label=(key, label),
        computed=lambda tables, year: owed(known, member, tables, year),
    )  # fmt: skip
    return Paid(membership, label, offers, headline_of(offers), forecast)


def owed(known: Known, member: int, tables: Tables, year: int) -> Content | None:
    """Return what a member owes in an exercise on some tables; None when no line concerns it."""
    result = compute(known.convention, tables, year, verify=False, members={member})
    if not any(statement.member == member for statement in result.statements):
        return None
    content = content_of(result, member)
    return content if content.rows else None


def would_pay(convention: Convention, inputs: Inputs, member: int, today: date) -> Paid:
    """Return what a member that holds nothing would pay for the first offer whose total is known: a simulation."""
    offers = simulate_offers(convention, inputs, member, exercises_until(convention, today))
    headline = headline_of(offers)
    if headline is None:
        return Paid(None, "", offers, None, None)
    forecast = forecast_of(
        convention, inputs.tables, member, offers.years[-1] + 1, label=(headline.name, headline.offer),
        computed=lambda tables, year: one_offer(convention, tables, member, headline.name, year),
    )  # fmt: skip
    return Paid(None, headline.offer, offers, headline, forecast)
