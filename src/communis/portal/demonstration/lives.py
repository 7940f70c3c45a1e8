"""The conventions of the demonstration, their acts, and the adhesions of their members.

What the documents say is kept as they say it: the acts that adopted the conventions, the five founding acts of members. The other
adhesions are those that ship with each convention, invented, and say « adhésion fictive de démonstration ».
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from communis.agreements.activation import asked_of
from communis.agreements.applicable import version_for
from communis.agreements.authors import Author
from communis.agreements.enums import ActState, DropCause, Party, StepKind
from communis.agreements.founding import load_act
from communis.agreements.models import Agreement, Membership, Resolution, Version
from communis.agreements.operations.acts import record_act
from communis.agreements.operations.choosing import Wish, choose
from communis.agreements.operations.leaving import Departure, give_notice
from communis.agreements.operations.memberships import drop, record_step, request, sign, take_effect
from communis.agreements.operations.renewals import renew_all
from communis.agreements.operations.versions import approve, begin_agreement
from communis.catalog.enums import CheckOutcome
from communis.catalog.loading import load_edition
from communis.catalog.operations import state_check
from communis.directory.models import Organization
from communis.portal.demonstration.shipped import day_of
from communis.tariff.calendar import eve
from communis.tariff.convention import shipped

INVENTED = "adhésion fictive de démonstration"
PARIS = ZoneInfo("Europe/Paris")


def author_on(day: date) -> Author:
    """Return who entered it, at nine in the morning."""
    return Author("démonstration", datetime.combine(day, time(9), PARIS))


@dataclass(frozen=True, slots=True)
class Told:
    """What the documents say of a convention: how it is called, on what law it rests, by which act its host adopted it."""

    short_name: str
    grounds: tuple[str, ...]
    number: str
    session_on: date
    subject: str
    starts_on: date
    body: str
    programme: str = ""
    invented: tuple[str, ...] = field(default=())  # what of this the documents do not give


TOLD: Mapping[str, Told] = {
    "redon": Told(
        "service commun", ("L5211-4-2",), "32_CC_2022_56", date(2022, 3, 28), "Service commun : convention, version 2",
        date(2022, 9, 1), "conseil communautaire",
    ),
    "sidec": Told(
        "DITIC", ("L5721-9",), "2289", date(2023, 11, 25), "Modèle de convention de mise à disposition de la DITIC",
        date(2024, 1, 1), "comité syndical", invented=("date d’effet",),
    ),
    "nimes_metropole": Told(
        "DN", ("L5211-4-2", "L5211-4-3"), "", date(2022, 4, 4), "Convention cadre de la Direction numérique, avec l’avenant n° 6",
        date(2022, 4, 4), "conseil communautaire", invented=("date d’effet",),
    ),
    "sicoval": Told(
        "mutualisation numérique", ("L5111-1",), "", date(2024, 4, 2), "Mutualisation numérique : deux conventions",
        date(2024, 4, 2), "conseil de communauté", invented=("date de l’acte", "fondement"),
    ),
    "grand_nancy": Told(
        "DSIT", ("L5211-4-2",), "", date(2023, 9, 21), "Convention de mutualisation des systèmes d’information, renouvelée",
        date(2024, 1, 1), "conseil métropolitain", invented=("date de l’acte", "fondement"),
    ),
}  # fmt: skip


def begin(slug: str, host: Organization) -> Version:
    """Begin the convention of a pool, and approve it by the act of its host."""
    told = TOLD[slug]
    version = begin_agreement(
        slug, short_name=told.short_name, grounds=list(told.grounds), programme=told.programme,
        edition=load_edition(slug, f"Catalogue, {told.short_name}"), author=host.name,
    )  # fmt: skip
    act = Resolution(
        organization=host, agreement=version.agreement, number=told.number, subject=told.subject, session_on=told.session_on,
        state=ActState.ADOPTED, body=told.body, missing=f"inventé : {', '.join(told.invented)}" if told.invented else "",
    )  # fmt: skip
    record_act(act)
    approve(version, act=act, starts_on=told.starts_on, knowingly=True)
    version.refresh_from_db()
    return version


@dataclass(frozen=True, slots=True)
class Entry:
    """An adhesion that ships with a convention: the choices of a member from a day, and the dates of its steps."""

    member: str
    starts_on: date
    ends_on: date | None
    offers: tuple[str, ...]
    decided_on: date
    executory_on: date
    signed_on: date


def entries_of(slug: str) -> Iterator[Entry]:
    """Yield the invented adhesions that ship with a convention, in the order of their days."""
    path = Path(shipped(slug)) / "fictif" / "choix.csv"
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    for (member, starts), group in groupby(rows, key=lambda row: (row["membre"], row["du"])):
        held = list(group)
        first, starts_on = held[0], day_of(starts)
        decided = day_of(first["décidée_le"]) if first["décidée_le"] else starts_on - timedelta(days=40)
        yield Entry(
            member, starts_on, day_of(first["au"]) if first["au"] else None, tuple(row["offre"] for row in held), decided,
            day_of(first["exécutoire_le"]) if first["exécutoire_le"] else decided + timedelta(days=6),
            day_of(first["signée_le"]) if first["signée_le"] else decided + timedelta(days=20),
        )  # fmt: skip


def host_act(host: Organization, body: str, on: date, subject: str) -> Resolution:
    """Record an act of the host’s assembly, of which the documents give the day and the object."""
    return record_act(
        Resolution(organization=host, subject=subject, session_on=on, state=ActState.ADOPTED, matter="5.7", body=body)
    )


def vote(entry: Entry, organization: Organization, agreement: Agreement, *, change: bool) -> Resolution:
    """Record the invented act by which a council adheres, or changes its choices."""
    return record_act(
        Resolution(
            organization=organization, agreement=agreement, kind="decision" if change else "resolution",
            number=f"{entry.decided_on:%Y}-D{entry.decided_on:%m%d}",
            subject=f"{'Changement de choix' if change else 'Adhésion'}, {agreement.short_name} ({INVENTED})",
            session_on=entry.decided_on, convened_on=entry.decided_on - timedelta(days=7), state=ActState.ADOPTED,
            body="conseil municipal", in_office=15, present=12, proxies=2, absent=1, voters=14, votes_for=14, votes_against=0,
            abstained=0, sent_on=eve(entry.executory_on), received_on=entry.executory_on,
            published_on=entry.executory_on, matter="5.7",
        )
    )  # fmt: skip


def adhere(entry: Entry, membership: Membership, act: Resolution) -> None:
    """Take a membership from its vote to its effect."""
    by = author_on(max(entry.signed_on, entry.starts_on))
    record_step(membership, StepKind.VOTED, by=by, act=act, note=INVENTED)
    meet(membership, entry)
    offers = dict.fromkeys(entry.offers, entry.starts_on)
    choose(membership, Wish(offers, on=entry.starts_on, stated_on=entry.decided_on, act=act), by=by)
    sign_both(membership, entry.signed_on, act, by)
    take_effect(membership, by=by, chosen_on=entry.starts_on)


def meet(membership: Membership, entry: Entry) -> None:
    """Record as met, on the day of the vote, what the offers of an invented adhesion ask for: else it would not take effect."""
    by = author_on(max(entry.signed_on, entry.starts_on))
    asked = asked_of(membership.organization, version_for(membership, entry.starts_on), entry.offers, by.today)
    for one in asked.all:
        state_check(
            membership.organization, offer=one.finding.offer, key=one.key, outcome=CheckOutcome.MET, on=entry.decided_on,
            evidence=f"visite préalable ({INVENTED})", by=by.name, today=by.today,
        )  # fmt: skip


def live(slug: str, version: Version, made: Mapping[str, Organization]) -> None:
    """Make the adhesions that ship with a convention, for those of its members that are in the service."""
    known: dict[str, Membership] = {}
    for entry in entries_of(slug):
        organization = made.get(entry.member)
        before = known.get(entry.member)
        if organization is None or (before is None and Membership.objects.unscoped().filter(organization=organization).exists()):
            continue  # its document says where it stands
        act = vote(entry, organization, version.agreement, change=before is not None)
        if before is None:
            asked = entry.decided_on - timedelta(days=60)
            known[entry.member] = request(organization, version.agreement, asked, by=author_on(asked), note=INVENTED)
            adhere(entry, known[entry.member], act)
        else:
            offers = dict.fromkeys(entry.offers, entry.starts_on)
            wish = Wish(offers, on=entry.starts_on, stated_on=entry.decided_on, act=act)
            meet(before, entry)
            choose(before, wish, by=author_on(max(entry.signed_on, entry.starts_on)))


def founding(slug: str, version: Version, member: Organization) -> None:
    """Load the founding act of a member, and the adhesion that its document tells, as far as it tells it.

    Redon’s and Odars’s councils chose; Crenans’s left its choices blank, Poulx’s only prepared its vote, Ludres’s renewed.
    """
    act = load_act(slug, member, version.agreement)
    asked = (act.session_on or date(2022, 12, 6)) - timedelta(days=30)
    membership = request(member, version.agreement, asked, by=author_on(asked))
    if slug not in CHOSEN:
        return
    offer, starts_on = CHOSEN[slug]
    by = author_on(max(starts_on, date(2024, 7, 1)))
    record_step(membership, StepKind.VOTED, by=by, act=act)
    choose(membership, Wish({offer: starts_on}, on=starts_on, stated_on=act.session_on or starts_on, act=act), by=by)
    sign_both(membership, starts_on - timedelta(days=10), act, by)
    take_effect(membership, by=by, chosen_on=starts_on)


CHOSEN = {  # what the documents say was chosen, and from which day; the signatures are invented
    "redon": ("groupements", date(2024, 1, 1)),
    "sicoval": ("socle", date(2024, 6, 10)),
    "grand_nancy": ("dsit", date(2024, 1, 1)),
}


AUTHORITIES = {  # what a convention says of the deliberation by which its host signs, when the act itself is not in the documents
    "service commun": "délibération CC_2020_77 du 15/07/2020, préambule de la convention",
}


def sign_both(membership: Membership, on: date, act: Resolution, by: Author) -> None:
    """Have both parties sign, each by the act of its own council: the host by what adopted the convention."""
    sign(membership, Party.MEMBER, signatory="le maire, fictif", quality="le maire", on=on, by=by, act=act)
    version = version_for(membership, on)
    adopted = version.adopted_by if version is not None else None
    said = AUTHORITIES.get(membership.agreement.short_name, "" if adopted else f"délibération du gestionnaire ({INVENTED})")
    sign(membership, Party.HOST, signatory="le président, fictif", quality="le président", on=on, by=by,
         act=None if said else adopted, authority=said)  # fmt: skip


def go_on(slug: str, version: Version, made: Mapping[str, Organization], today: date) -> None:
    """Write what happened since: the tacit renewals, and for REDON a request, one given up, and a notice."""
    renew_all(today, by=author_on(today))
    if slug != "redon":
        return
    asked = date(2026, 9, 15)
    request(made["Sixt-sur-Aff"], version.agreement, asked, by=author_on(asked), note=INVENTED)
    dropped = request(made["Renac"], version.agreement, date(2025, 3, 3), by=author_on(date(2025, 3, 3)), note=INVENTED)
    drop(
        dropped, DropCause.ABANDONED, date(2025, 6, 20), by=author_on(date(2025, 6, 20)), note="la commune garde son prestataire"
    )
    leaving = Membership.objects.unscoped().get(organization=made["Rieux"])
    received = date(2026, 3, 10)
    reason = f"bonne organisation des services ({INVENTED})"
    give_notice(leaving, Departure(Party.MEMBER, reason, received, sent_on=received - timedelta(days=3)), by=author_on(received))
