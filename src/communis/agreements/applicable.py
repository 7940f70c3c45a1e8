"""The version of its convention that applies to a membership on a day, and the dates that it gives (MEM-12, MEM-15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communis.agreements.enums import VersionStatus
from communis.agreements.models import Adoption, Membership, Version
from communis.tariff.calendar import ONE_DAY, months_later
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.terms import Term, term_of

_LOOKED_AHEAD = 36  # months of renewals looked at for the next last day of notice


def versions_for(memberships: Iterable[Membership], day: date) -> dict[int, Version | None]:
    """Return the version that applies to each membership on a day, in two queries: the last it adopted by then (AMB-37).

    Before its first adoption, the first that it adopted; without any, the version approved and in force on that day, else the
    last that was approved.
    """
    rows = list(memberships)
    known: dict[int, list[Version]] = defaultdict(list)
    found = Version.objects.unscoped().filter(agreement_id__in={m.agreement_id for m in rows}).select_related("agreement")
    for version in found.order_by("starts_on", "id"):
        known[version.agreement_id].append(version)
    adopted: dict[int, list[tuple[date, int]]] = defaultdict(list)
    adoptions = Adoption.objects.unscoped().filter(membership__in=[m.pk for m in rows]).order_by("on", "id")
    for membership, on, version_id in adoptions.values_list("membership_id", "on", "version_id"):
        adopted[membership].append((on, version_id))
    return {m.pk: _applicable(adopted[m.pk], known[m.agreement_id], day) for m in rows}


def _applicable(adopted: list[tuple[date, int]], known: list[Version], day: date) -> Version | None:
    by_key = {version.pk: version for version in known if version.status != VersionStatus.DRAFT}  # a draft applies to nobody
    rightly = [(on, key) for on, key in adopted if key in by_key]
    if rightly:
        return by_key[next((key for on, key in reversed(rightly) if on <= day), rightly[0][1])]
    approved = [v for v in known if v.status == VersionStatus.APPROVED]
    in_force = [v for v in approved if v.starts_on and v.starts_on <= day and (v.ends_on is None or v.ends_on >= day)]
    found = in_force or approved
    return found[-1] if found else None


def version_for(membership: Membership, day: date) -> Version | None:
    """Return the version that applies to a membership on a day."""
    return versions_for([membership], day)[membership.pk]


@dataclass(frozen=True, slots=True)
class Dates:
    """What is to come for a membership: next renewal, last day on which a notice received prevents one, end, express renewal.

    `silence` says why nothing is known, in the words of the engine.
    """

    renews_on: date | None = None
    notice_by: date | None = None
    prevents: date | None = None
    ends_on: date | None = None
    express_by: date | None = None
    silence: str = ""
    article: str = ""


def dates_of(membership: Membership, version: Version | None, offer: str | None, today: date) -> Dates:
    """Return the dates of a membership from today on, asked of the engine; the end written prevails (prolongation, notice)."""
    if membership.effect_on is None:
        return Dates(ends_on=membership.ends_on)
    convention = version.convention if version is not None else None
    if convention is None:
        return Dates(ends_on=membership.ends_on, silence="La version applicable n’a pas de tarif : ses durées manquent.")
    try:
        until = months_later(max(today, membership.effect_on), _LOOKED_AHEAD)
        term = term_of(convention, membership.effect_on, offer=offer, until=until)
    except Refused as refused:
        return Dates(ends_on=membership.ends_on, silence=f"{str(refused)[:1].upper()}{str(refused)[1:]}.")
    return _read(term, membership, today)


def _read(term: Term, membership: Membership, today: date) -> Dates:
    end = membership.ends_on or term.ends_on
    coming = term.next_renewal(max(today, term.effect_on))
    if coming is not None and end is not None and coming.renews_on > end:
        coming = None
    if membership.notice_on is not None:
        return Dates(renews_on=coming.renews_on if coming else None, ends_on=end, article=term.basis.article)
    left = [r for r in term.renewals if r.notice_by is not None and r.notice_by >= max(today, term.effect_on)]
    left = [r for r in left if end is None or r.renews_on <= end]
    express = term.express_due_on if end == term.ends_on else end
    return Dates(
        renews_on=coming.renews_on if coming else None, notice_by=left[0].notice_by if left else None,
        prevents=left[0].renews_on if left else None, ends_on=end,
        express_by=express if end is not None and coming is None and today <= end else None, article=term.basis.article,
    )  # fmt: skip


def eve(day: date) -> date:
    """Return the day before."""
    return day - ONE_DAY
