"""Nîmes Métropole before 2024: its avenants n° 5 and n° 6, what the second changes, who has adopted which (MEM-11, MEM-12).

The votes of the agglomeration and the changes of avenant n° 6 are those of the note of Poulx, which does not give avenant n° 5:
that version has no tariff here. The members that were there before 2022, and their acts, are invented, and say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from communis.agreements.enums import ChangeKind, StepKind, VersionStatus
from communis.agreements.models import Adoption, Amendment, AmendmentChange, Membership, Step, Version
from communis.agreements.operations.choosing import oblige
from communis.catalog.loading import load_edition
from communis.catalog.operations import show_edition
from communis.directory.models import Organization
from communis.portal.demonstration.lives import INVENTED, entries_of, host_act
from communis.portal.demonstration.rows import acts, choices, in_bulk, step

FIFTH, SIXTH, EVE = date(2020, 12, 14), date(2022, 4, 4), date(2022, 4, 3)
JOINED, ADOPTED = date(2021, 1, 1), date(2022, 12, 12)  # invented
EARLIER = ("Manduel", "Bouillargues", "Milhaud", "Caveirac", "Saint-Gilles", "Dions")
HAVE_ADOPTED = EARLIER[:3]
BODY = "conseil communautaire"
CHANGES = (
    (ChangeKind.CLAUSE, "article 4.2.2", "Cas spécifiques dans la répartition des charges, suite au passage à un niveau de "
     "licence supérieur pour la brique « Outils collaboratifs »."),
    (ChangeKind.PREREQUISITE, "fibre optique", "Niveau de qualité requis pour la délivrance des services mutualisés."),
    (ChangeKind.PREREQUISITE, "chaque brique", "Prérequis de chaque brique de mutualisation, hors « Conseil et Assistance »."),
    (ChangeKind.RENAMED, "Conseil et Assistance", "Point 4, système d’information géographique : MyCarto remplace GeoAgglo."),
    (ChangeKind.RENAMED, "1. Accès internet THD et outils collaboratifs", "Point 2 : prestations en cas d’indisponibilité du "
     "réseau Gecko. Point 3 : Office 365 remplace Alfresco."),
    (ChangeKind.ADDED, "3BIS. Vidéo Surveillance Intelligente", "S’appuie sur la brique 3 « Vidéoprotection »."),
    (ChangeKind.RENAMED, "5. Bureautique", "Précisions sur la nature des missions."),
    (ChangeKind.RENAMED, "7. Télécoms", "Précisions sur l’accès, en particulier sur la partie mobile."),
    (ChangeKind.REMOVED, "9. SI Urbanisme", "Ses coûts sont redistribués sur la brique « ADS »."),
    (ChangeKind.FTE, "annexe", "Répartition de la charge de travail des effectifs par brique technique, en ETP."),
)  # fmt: skip


def amend_twice(version: Version, made: Mapping[str, Organization]) -> None:
    """Write avenants n° 5 and n° 6 before the adhesions of 2024, and the members that were there before."""
    host = next(one for one in made.values() if one.is_host)
    former = fifth(version, host)
    sixth = Amendment(agreement=version.agreement, number="6", subject="Nouvelle convention cadre intégrant l’avenant n° 6",
                      dated_on=SIXTH, makes=version)  # fmt: skip
    sixth.save()
    in_bulk(AmendmentChange, [
        AmendmentChange(amendment=sixth, rank=rank, kind=kind, article=article, wording=wording)
        for rank, (kind, article, wording) in enumerate(CHANGES, 1)
    ])  # fmt: skip
    join_before(former, version, [made[name] for name in EARLIER])


def fifth(version: Version, host: Organization) -> Version:
    """Make the version of avenant n° 5, which the convention of 2022 follows."""
    host_act(host, BODY, date(2014, 9, 22), "Convention cadre de mise en commun de la direction des systèmes d’information")
    edition = load_edition("nimes_metropole/avenant_5", "Catalogue, avenant n° 5")
    show_edition(edition)
    made = Version(
        agreement=version.agreement, label="avenant n° 5", author=host.name, dated_on=FIFTH, status=VersionStatus.APPROVED,
        adopted_by=host_act(host, BODY, FIFTH, "Avenant n° 5 à la convention cadre"), starts_on=FIFTH, ends_on=EVE,
        edition=edition,
        preamble="Le texte de l’avenant n° 5 n’est pas dans les documents : ses articles et son tarif manquent.",
    )  # fmt: skip
    made.save()
    Amendment(agreement=version.agreement, number="5", subject="Convention cadre de fonctionnement de la DN", dated_on=FIFTH,
              makes=made).save()  # fmt: skip
    version.follows = made
    version.save()
    return made


def join_before(former: Version, version: Version, members: list[Organization]) -> None:
    """Write the members that adopted avenant n° 5; half of them have adopted the next one by their own act."""
    held = {entry.member: entry.offers for entry in entries_of("nimes_metropole")}
    joining = acts(
        members, dict.fromkeys((one.pk for one in members), date(2020, 12, 21)), version.agreement, "Adhésion, avenant n° 5"
    )
    memberships = in_bulk(Membership, [
        Membership(organization=one, agreement=version.agreement, requested_on=date(2020, 12, 21), effect_on=JOINED)
        for one in members
    ])  # fmt: skip
    choices(memberships, joining, {one.pk: held[one.name] for one in members})
    ready = [m for m in memberships if m.organization.name in HAVE_ADOPTED]
    voting = acts([m.organization for m in ready], {m.organization_id: ADOPTED for m in ready}, version.agreement,
                  "Convention cadre intégrant l’avenant n° 6")  # fmt: skip
    in_bulk(Adoption, [
        *(Adoption(membership=m, version=former, on=JOINED, decided_by=joining[m.organization_id]) for m in memberships),
        *(Adoption(membership=m, version=version, on=ADOPTED, decided_by=voting[m.organization_id]) for m in ready),
    ])  # fmt: skip
    in_bulk(Step, [
        *(step(m, StepKind.REQUESTED, m.requested_on, note=INVENTED) for m in memberships),
        *(step(m, StepKind.VOTED, m.requested_on, joining[m.organization_id]) for m in memberships),
        *(step(m, StepKind.EFFECT, JOINED, joining[m.organization_id]) for m in memberships),
        *(step(m, StepKind.ADOPTED, ADOPTED, voting[m.organization_id], note=str(version)) for m in ready),
    ])  # fmt: skip
    for m in memberships:
        oblige(m, version, list(held[m.organization.name]))
