"""What the tariff and the catalogue of a version name and that it no longer has: an euro would lead to no article (TAR-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from communis.agreements.models import Article, Version
from communis.catalog.models import Entry
from communis.tariff import Convention


@dataclass(frozen=True, slots=True)
class Lost:
    """A reference that leads nowhere: what is named, and by which rules or entries."""

    named: str
    by: tuple[str, ...]


def lost_in(version: Version) -> list[Lost]:
    """Return the articles that the tariff of a version cites and its text lacks, and the offers its catalogue has alone."""
    convention = version.convention
    if convention is None:
        return []
    articles = list(Article.objects.unscoped().filter(version=version))
    entries = Entry.objects.unscoped().filter(edition=version.edition_id) if version.edition_id is not None else ()
    return [*lost_articles(convention, articles), *lost_offers(convention, entries)]


def lost_articles(convention: Convention, articles: Iterable[Article]) -> list[Lost]:
    """Return the articles that a tariff cites and that a text no longer has; none while no article is written."""
    known = {article.number for article in articles}
    found: dict[str, list[str]] = {}
    for rule in rules_of(convention) if known else ():
        for one in rule.margin.articles:
            if one.removeprefix("passage ") not in known:
                found.setdefault(one if one.startswith("passage ") else f"article {one}", []).append(words_of(rule))
    return [Lost(named, tuple(by)) for named, by in found.items()]


def lost_offers(convention: Convention, entries: Iterable[Entry]) -> list[Lost]:
    """Return the offers that the entries of a catalogue name and that the tariff no longer has."""
    offers = convention.model.book.offers
    found: dict[str, list[str]] = {}
    for entry in entries:
        for name in dict.fromkeys((entry.offer, entry.closed_into)):
            if name and name not in offers:
                found.setdefault(f"offre « {name.replace('_', ' ')} »", []).append(str(entry))
    return [Lost(named, tuple(by)) for named, by in found.items()]


def rules_of(convention: Convention) -> list[Any]:
    """Return the rules of a tariff that may cite articles, in the order of its text."""
    book = convention.model.book
    kinds = (book.offers, book.parameters, book.scales, book.keys, book.quantities, book.lines, book.credits, book.limits,
             book.allowances, book.refusals)  # fmt: skip
    rules = [rule for kind in kinds for rule in (kind.values() if isinstance(kind, dict) else kind)]
    return sorted(rules, key=lambda rule: rule.place.line)


def words_of(rule: Any) -> str:
    return rule.label or rule.name.replace("_", " ")
