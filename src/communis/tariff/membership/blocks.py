"""The `adhésion` block that speaks for an offer, what it rests on, and how it refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from communis.tariff.convention import Convention
from communis.tariff.interpreter.values import Reason
from communis.tariff.language.problems import nearest
from communis.tariff.language.rules import Membership, Rule
from communis.tariff.wording import articles_text, listed


class Refused(Exception):
    """What the block does not allow or does not say; `str()` is the French sentence, `reason` has the articles."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer rests on: articles, interpretations named in the margin, and the words quoted from the articles."""

    articles: tuple[str, ...] = ()
    interpretations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        """The articles as people cite them: « articles 2.2 et 2.4 »."""
        return articles_text(self.articles)


NO_BASIS = Basis()


def membership_of(convention: Convention, offer: str | None = None) -> Membership:
    """Return the block that rules an offer: the one that names it, or its group, else the one for all offers.

    Raises Refused when no block does, when each block is for some offers and none is asked, and for an unknown offer.
    """
    book = convention.model.book
    if offer is not None:
        known_offer(convention, offer)
    if not book.memberships:
        raise Refused(Reason("unsaid", "la convention ne dit rien de sa durée"))
    names = [offer, book.offers[offer].group] if offer is not None else []
    for name in filter(None, names):
        for rule in book.memberships:
            if name in rule.offers:
                return rule
    general = next((rule for rule in book.memberships if not rule.offers), None)
    if general is not None:
        return general
    if offer is not None:
        raise Refused(Reason("unsaid", f"la convention ne dit rien de la durée de l’offre {offer}", subject=offer))
    named = list(dict.fromkeys(name for rule in book.memberships for name in rule.offers))
    raise Refused(Reason("missing", f"l’offre, dont dépend la durée ({listed(named, 'ou')})"))


def known_offer(convention: Convention, offer: str) -> None:
    """Refuse an offer that the convention does not have, with the nearest."""
    offers = convention.model.book.offers
    if offer not in offers:
        raise Refused(Reason("impossible", f"« {offer} » n’est pas une offre de la convention{_or_rather(offer, offers)}"))


def _or_rather(word: str, candidates: Iterable[str]) -> str:
    close = nearest(word, candidates)
    return f" (la plus proche : {close})" if close else ""


def basis_of(convention: Convention, rule: Rule, *more: str | None) -> Basis:
    articles = rule.margin.articles
    found = [convention.model.book.article(reference) for reference in articles]
    words = tuple(words for article in found if article is not None for words in article.words)
    return Basis(articles, tuple(dict.fromkeys((*rule.margin.interpretations, *filter(None, more)))), words)


def refusal(rule: Membership, kind: str, text: str, subject: str = "") -> Refused:
    return Refused(Reason(kind, text, articles=rule.margin.articles, subject=subject))


def reading_of(convention: Convention, rule: Membership, name: str | None, reading: str | None) -> str | None:
    """Return the reading asked of an interpretation, else the one retained, None while it is left to settle."""
    if reading is None:
        return convention.model.book.interpretations[name].retained if name is not None else None
    if name is None:
        raise refusal(rule, "impossible", f"la convention ne laisse rien à une lecture, « {reading} » n’en est pas une")
    readings = convention.model.book.interpretations[name].readings
    if reading not in readings:
        raise refusal(rule, "impossible", f"« {reading} » n’est pas une lecture de {name}{_or_rather(reading, readings)}", name)
    return reading
