"""The duties of a member that its choices bring (MEM-35), with the article of its version that says so when one does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communis.agreements.enums import StepKind
from communis.agreements.models import Article, Obligation, Resolution, Step, Version
from communis.directory.enums import EXPECTED
from communis.directory.models import Role
from communis.directory.names import plain


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty: `clue` is what the article says, `offer` what the name of an offer must hold for the duty to come with it."""

    key: str
    label: str
    clue: str
    offer: str = ""


CONTACTS, RESOLUTIONS = "contacts", "resolutions"  # those of which the service can tell by itself that they are met
DUTIES = (
    Duty(CONTACTS, "Désigner un interlocuteur décideur et un interlocuteur technique", "interlocuteur décideur"),
    Duty("contracts", "Dénoncer les contrats que le service reprend", "dénoncer"),
    Duty(RESOLUTIONS, "Transmettre la délibération d’adhésion au gestionnaire", "transmettre"),
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


def known_to_be_met(rows: Iterable[Obligation], today: date) -> dict[int, str]:
    """Return the duties that are met without anybody having said so, and how: contacts named, deliberation received (MEM-35)."""
    left = [row for row in rows if row.done_on is None]
    named, acts = _named([row.membership.organization_id for row in left if row.key == CONTACTS], today), _acts(
        [row.membership_id for row in left if row.key == RESOLUTIONS])  # fmt: skip
    found = {}
    for row in left:
        if row.key == CONTACTS and named[row.membership.organization_id] == set(EXPECTED):
            found[row.pk] = "faite : les deux sont désignés"
        elif row.key == RESOLUTIONS and row.membership_id in acts:
            found[row.pk] = f"faite : {acts[row.membership_id]}"
    return found


def _named(organizations: list[int], today: date) -> dict[int, set[str]]:
    """Return the functions that organizations have somebody in on a day."""
    found: dict[int, set[str]] = defaultdict(set)
    roles = Role.objects.unscoped().on(today).filter(organization__in=organizations, kind__in=EXPECTED) if organizations else ()
    for role in roles:
        found[role.organization_id].add(role.kind)
    return found


def _acts(memberships: list[int]) -> dict[int, Resolution]:
    """Return the deliberation of each membership that the service has."""
    voted = Step.objects.unscoped().filter(membership__in=memberships, kind=StepKind.VOTED, decided_by__isnull=False)
    rows = voted.select_related("decided_by").order_by("on", "id") if memberships else ()
    return {step.membership_id: step.decided_by for step in rows if step.decided_by is not None}


def _article(articles: list[Article], duty: Duty) -> str:
    return next((a.number for a in articles if plain(duty.clue) in a.search_text), "")
