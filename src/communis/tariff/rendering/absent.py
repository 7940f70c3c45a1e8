"""What is without object for a member, each cause said once."""

from __future__ import annotations

from dataclasses import dataclass

from communis.tariff.interpreter.values import NOT_APPLICABLE
from communis.tariff.rendering.articles import article_names
from communis.tariff.result import Result, Statement
from communis.tariff.wording import readable

NOT_HELD = "offre non tenue"


@dataclass(frozen=True, slots=True)
class Absent:
    """A line without object, and its cause."""

    label: str
    articles: str
    cause: str


def absent_lines(result: Result, statement: Statement) -> list[Absent]:
    """Return the lines without object; of a line reckoned offer by offer, the offers of one cause are named together."""
    causes: dict[tuple[str, str], list[str]] = {}
    for line in statement.lines:
        if line.outcome != NOT_APPLICABLE:
            continue
        cause, offers = line.why or "sans objet", []
        if line.offer is not None:
            offers = [result.book.offers[line.offer].label or line.offer]
            cause = cause.removeprefix(f"« {offers[0]} » : ")
        causes.setdefault((line.name, cause), []).extend(offers)
    return [_absent(result, name, cause, offers) for (name, cause), offers in causes.items()]


def _absent(result: Result, name: str, cause: str, offers: list[str]) -> Absent:
    rule = result.book.named()[name]
    if cause == NOT_HELD and len(offers) > 1:
        cause = "offres non tenues"
    if offers:
        cause = f"{', '.join(offers)} : {cause}"
    return Absent(rule.label or readable(name), article_names(rule.margin.articles), readable(cause))
