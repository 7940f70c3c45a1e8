"""The duties of a member that its choices bring (MEM-35), with the article of its version that says so when one does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from communis.agreements.models import Article, Version
from communis.directory.names import plain


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty: `clue` is what the article says, `offer` what the name of an offer must hold for the duty to come with it."""

    key: str
    label: str
    clue: str
    offer: str = ""


DUTIES = (
    Duty("contacts", "Désigner un interlocuteur décideur et un interlocuteur technique", "interlocuteur décideur"),
    Duty("contracts", "Dénoncer les contrats que le service reprend", "dénoncer"),
    Duty("resolutions", "Transmettre la délibération d’adhésion au gestionnaire", "transmettre"),
    Duty("budget", "Inscrire les sommes au budget", "inscri"),
    Duty("needs", "Donner ses besoins pour les groupements d’achats", "besoins", offer="groupement"),
    Duty("disputes", "Signaler au gestionnaire tout différend", "différend"),
)


def duties_of(version: Version | None, offers: Iterable[str]) -> list[tuple[Duty, str]]:
    """Return the duties that choices bring, each with its article, blank when the articles of the version say nothing of it."""
    convention = version.convention if version is not None else None
    book = convention.model.book.offers if convention is not None else {}
    held = [name for offer in offers for name in (convention.model.book.included(offer) if convention else (offer,))]
    labels = " ".join(plain(f"{name} {book[name].label if name in book else ''}") for name in held)
    articles = list(Article.objects.unscoped().filter(version=version).exclude(number="")) if version is not None else []
    return [(duty, _article(articles, duty)) for duty in DUTIES if not duty.offer or plain(duty.offer) in labels]


def _article(articles: list[Article], duty: Duty) -> str:
    return next((a.number for a in articles if plain(duty.clue) in a.search_text), "")
