"""The intake list of the Sicoval in 2024: its condition, its criterion, who was admitted, who waits with the socle (MEM-20, 21).

The condition, the criterion and the fallback are those of the deliberation of Odars; the places, the letters and the members are
those made up for the demonstration, and say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from communis.agreements.enums import IntakeOutcome, LetterKind
from communis.agreements.models import Intake, IntakeRequest, Letter, Membership, Precondition, Version
from communis.agreements.operations.memberships import request
from communis.directory.models import Organization
from communis.portal.demonstration.lives import INVENTED, Entry, adhere, author_on, entries_of, vote
from communis.portal.demonstration.rows import in_bulk

OFFER, FALLBACK = "avancé_sans_dsi", "socle"
CRITERION = "a participé à la co-construction initiale, et signé une lettre d’engagement au début de 2024"
LETTERS, ASKED, MET, DECIDED = date(2024, 2, 12), date(2024, 5, 29), date(2024, 6, 3), date(2024, 6, 14)  # invented
WAITING = ("Montlaur", "Péchabou")


def admit_in_order(version: Version, made: Mapping[str, Organization]) -> None:
    """Write the list of 2024 once the adhesions are: five admitted by priority, two that wait."""
    of = version.agreement
    Precondition(agreement=of, offer=OFFER, label="Recrutement d’un agent, référent technique des communes sans DSI, pour 3 ans",
                 met_on=MET, proof="contrat fictif de démonstration", article="passage adhésion").save()  # fmt: skip
    admitted = [made[e.member] for e in entries_of("sicoval") if OFFER in e.offers and e.starts_on.year == 2024]
    intake = Intake(agreement=of, offer=OFFER, year=2024, places=len(admitted), fallback=FALLBACK, criteria=[CRITERION])
    intake.save()
    wording = f"S’engage à rejoindre le lot avancé ({INVENTED})."
    in_bulk(Letter, [
        Letter(organization=one, agreement=of, kind=LetterKind.COMMITMENT, on=LETTERS, wording=wording) for one in admitted
    ])  # fmt: skip
    held = {m.organization_id: m for m in Membership.objects.unscoped().filter(agreement=of)}
    waiting = [wait_with_the_socle(version, made[name]) for name in WAITING]
    in_bulk(IntakeRequest, [
        *(IntakeRequest(intake=intake, membership=held[one.pk], asked_on=ASKED, meets=[0], outcome=IntakeOutcome.ADMITTED,
                        decided_on=DECIDED) for one in admitted),
        *(IntakeRequest(intake=intake, membership=m, asked_on=ASKED) for m in waiting),
    ])  # fmt: skip


def wait_with_the_socle(version: Version, organization: Organization) -> Membership:
    """Give a commune the free socle while it waits for a place."""
    entry = Entry(organization.name, date(2024, 7, 1), None, (FALLBACK,), date(2024, 5, 27), date(2024, 6, 3), date(2024, 6, 17))
    act = vote(entry, organization, version.agreement, change=False)
    asked = request(organization, version.agreement, ASKED, by=author_on(ASKED), note=INVENTED)
    adhere(entry, asked, act)
    return Membership.objects.unscoped().select_related("organization").get(pk=asked.pk)
