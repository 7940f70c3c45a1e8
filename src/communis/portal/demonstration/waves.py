"""The Grand Nancy before 2024: its convention of 2017, three waves of members, two prolongations, then the successor (MEM-33).

The days, the waves and the prolongations are those of the deliberation of Ludres; the acts of the other members are invented, and
say so. Rows are written in bulk: the first start of the demonstration does not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from communis.agreements.enums import EndCause, StepKind
from communis.agreements.models import Adoption, Agreement, Membership, Resolution, Step, Version
from communis.agreements.operations.amendments import amend
from communis.agreements.operations.choosing import oblige
from communis.agreements.operations.versions import approve, begin_blank
from communis.directory.models import Organization
from communis.portal.demonstration.lives import INVENTED, host_act
from communis.portal.demonstration.rows import acts, begun, choices, in_bulk, step

NAME, OFFER = "Convention de mutualisation informatique de 2017", "dsit"
FIRST_WAVE, SECOND_WAVE, PROLONGED = date(2017, 7, 13), date(2018, 10, 19), date(2022, 9, 20)
LATER = {  # those who joined after the initial list
    "Dommartemont": SECOND_WAVE, "Fléville-devant-Nancy": SECOND_WAVE, "Heillecourt": SECOND_WAVE,
    "Syndicat Intercommunal pour la gestion de la crèche Frimousse": date(2019, 9, 20),
}  # fmt: skip
LAST_DAY, FIRST_DAY, TERM = date(2023, 12, 31), date(2024, 1, 1), date(2028, 12, 31)
VOTED, PROROGUED, RENEWED = date(2022, 11, 14), date(2023, 9, 25), date(2023, 11, 20)  # of the members: invented
WHY = "Clore le processus annuel de refacturation, et laisser aux adhérents le temps de délibérer."


@dataclass(frozen=True, slots=True)
class Former:
    """The convention of 2017 and the versions that its avenants made."""

    agreement: Agreement
    versions: tuple[Version, ...]


def join_in_waves(version: Version, made: Mapping[str, Organization]) -> None:
    """Write the lives of all the members from their wave to the successor; Ludres has its own act of 2023."""
    former = former_convention(next(one for one in made.values() if one.is_host), version)
    members = [one for one in made.values() if not one.is_host]
    days = {one.pk: LATER.get(one.name, FIRST_WAVE) for one in members}
    joining = acts(members, days, former.agreement, "Adhésion à la mutualisation informatique")
    longer = acts(members, dict.fromkeys(days, VOTED), former.agreement, "Prolongation de la mutualisation informatique")
    before = memberships_of_2017(members, days, former.agreement)
    adoptions(before, former, joining, longer)
    choices(before, joining, dict.fromkeys(days, (OFFER,)))
    in_bulk(Step, [step for m in before for step in steps_before(m, joining[m.organization_id], longer[m.organization_id])])
    succeed(version, before)


def former_convention(host: Organization, successor: Version) -> Former:
    """Make the convention of 2017: its text is not in the document, so it has neither articles nor tariff."""
    first = begin_blank(name=NAME, short_name="DSIT 2017", label="2017", author=host.name, grounds=["L5211-4-2"])
    approve(
        first,
        act=host_act(host, "conseil métropolitain", FIRST_WAVE, "Convention de mutualisation informatique"),
        starts_on=FIRST_WAVE,
    )
    host_act(
        host,
        "conseil métropolitain",
        SECOND_WAVE,
        "Mutualisation informatique : Dommartemont, Fléville-devant-Nancy et Heillecourt",
    )
    longer = amend(first, number="1", subject="Prolongation d’un an", dated_on=PROLONGED, prolongs_to=date(2023, 9, 30),
                   reason="La convention est prolongée d’un an.").makes  # fmt: skip
    approve(
        longer,
        act=host_act(host, "conseil métropolitain", PROLONGED, "Mutualisation informatique : prolongation d’un an"),
        starts_on=PROLONGED,
    )
    last = amend(longer, number="2", subject="Prorogation jusqu’au 1er janvier 2024", prolongs_to=LAST_DAY, reason=WHY).makes
    act = successor.adopted_by
    if act is not None and act.session_on is not None:
        approve(last, act=act, starts_on=act.session_on)
    agreement = Agreement.objects.unscoped().get(pk=first.agreement_id)
    agreement.successor, agreement.closed_on = successor.agreement, LAST_DAY
    agreement.save()
    return Former(agreement, (first, longer, last))


def memberships_of_2017(members: Iterable[Organization], days: Mapping[int, date], agreement: Agreement) -> list[Membership]:
    return in_bulk(Membership, [
        Membership(organization=one, agreement=agreement, requested_on=days[one.pk], effect_on=days[one.pk], ends_on=LAST_DAY,
                   end_cause=EndCause.REPLACED)
        for one in members
    ])  # fmt: skip


def adoptions(
    memberships: Iterable[Membership], former: Former, joining: Mapping[int, Resolution], longer: Mapping[int, Resolution]
) -> None:
    """Write who adopted the convention of 2017, then its two avenants by one act, the second authorized by the first."""
    first, second, third = former.versions
    rows = []
    for m in memberships:
        joined, voted = joining[m.organization_id], longer[m.organization_id]
        rows += [
            Adoption(membership=m, version=first, on=begun(m), decided_by=joined),
            Adoption(membership=m, version=second, on=VOTED, decided_by=voted),
            Adoption(membership=m, version=third, on=PROROGUED, authorized_by=voted),
        ]
    in_bulk(Adoption, rows)


def steps_before(m: Membership, joined: Resolution, longer: Resolution) -> Iterator[Step]:
    """Yield what happened under the convention of 2017."""
    yield step(m, StepKind.REQUESTED, m.requested_on, note=INVENTED)
    yield step(m, StepKind.VOTED, begun(m), joined)
    yield step(m, StepKind.EFFECT, begun(m), joined)
    yield step(m, StepKind.PROLONGED, VOTED, longer, until=date(2023, 9, 30), note="avenant n° 1 : prolongation d’un an")
    yield step(m, StepKind.PROLONGED, PROROGUED, longer, until=LAST_DAY, note=f"avenant n° 2 : {WHY}")
    yield step(m, StepKind.REPLACED, LAST_DAY, note="remplacée par la convention de 2024")


def succeed(version: Version, before: Sequence[Membership]) -> None:
    """Begin the memberships of 2024, each after the one of 2017; that of Ludres is there, by its own act."""
    known = {m.organization_id: m for m in Membership.objects.unscoped().filter(agreement=version.agreement)}
    for m in before:
        if m.organization_id in known:
            known[m.organization_id].follows = m
            known[m.organization_id].save()
    others = [m for m in before if m.organization_id not in known]
    renewing = acts([m.organization for m in others], {m.organization_id: RENEWED for m in others}, version.agreement,
                    "Convention de mutualisation des systèmes d’information : renouvellement")  # fmt: skip
    after = in_bulk(Membership, [
        Membership(organization=m.organization, agreement=version.agreement, requested_on=RENEWED, effect_on=FIRST_DAY,
                   ends_on=TERM, end_cause=EndCause.TERM, follows=m)
        for m in others
    ])  # fmt: skip
    in_bulk(
        Adoption, [Adoption(membership=m, version=version, on=RENEWED, decided_by=renewing[m.organization_id]) for m in after]
    )
    choices(after, renewing, dict.fromkeys(renewing, (OFFER,)))
    in_bulk(Step, [
        step(m, kind, on, renewing[m.organization_id])
        for m in after for kind, on in ((StepKind.VOTED, RENEWED), (StepKind.EFFECT, FIRST_DAY))
    ])  # fmt: skip
    for m in after:
        oblige(m, version, [OFFER])
