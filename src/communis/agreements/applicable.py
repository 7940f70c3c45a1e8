"""The version of its convention that applies to a membership on a day, and the dates that it gives (MEM-12, MEM-15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from communis.agreements.enums import EndCause, VersionStatus
from communis.agreements.models import Adoption, Membership, Version
from communis.catalog.conventions import read_once
from communis.kit.formats import capital
from communis.tariff.calendar import months_later
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.terms import Term, term_of

_LOOKED_AHEAD = 36  # months of renewals looked at for the next last day of notice


@dataclass(frozen=True, slots=True)
class Dated:
    """What decides which version applies, without its text: when it is in force, and whether it was approved."""

    key: int
    is_approved: bool
    starts_on: date | None
    ends_on: date | None


def versions_for(memberships: Iterable[Membership], day: date) -> dict[int, Version | None]:
    """Return the version that applies to each membership on a day: the last it adopted by then (AMB-37).

    Before its first adoption, the first that it adopted; without any, the version approved and in force on that day, else the
    last that was approved. The texts are read of those versions only: two queries, four when some adopted none by then.
    """
    rows = list(memberships)
    adopted = _adopted([m.pk for m in rows], day)
    known = _dated({m.agreement_id for m in rows if m.pk not in adopted})
    keys = {m.pk: adopted.get(m.pk) or _proposed(known[m.agreement_id], day) for m in rows}
    wanted = {key for key in keys.values() if key is not None}
    versions = Version.objects.unscoped().select_related("agreement").in_bulk(wanted)
    return {pk: versions.get(key) for pk, key in keys.items()}


def _dated(agreements: set[int]) -> dict[int, list[Dated]]:
    """Return the versions of conventions that left the state of draft, the earliest first."""
    known: dict[int, list[Dated]] = defaultdict(list)
    found = Version.objects.unscoped().filter(agreement_id__in=agreements).exclude(status=VersionStatus.DRAFT)
    for agreement, key, status, starts_on, ends_on in found.order_by("starts_on", "id").values_list(
        "agreement_id", "pk", "status", "starts_on", "ends_on"
    ):
        known[agreement].append(Dated(key, status == VersionStatus.APPROVED, starts_on, ends_on))
    return known


def _adopted(memberships: list[int], day: date) -> dict[int, int]:
    """Return the last version that each adopted by a day, else the first that it adopted; a draft applies to nobody."""
    rows = Adoption.objects.unscoped().exclude(version__status=VersionStatus.DRAFT).distinct("membership_id")
    found = dict(pairs_of(rows.applying(day), memberships).order_by("membership_id", "-on", "-id"))
    left = [key for key in memberships if key not in found]
    return found | dict(pairs_of(rows, left).order_by("membership_id", "on", "id")) if left else found


def pairs_of(rows: QuerySet[Adoption], memberships: list[int]) -> QuerySet:
    return rows.filter(membership__among=memberships).values_list("membership_id", "version_id")


def _proposed(known: list[Dated], day: date) -> int | None:
    approved = [v for v in known if v.is_approved]
    in_force = [v for v in approved if v.starts_on and v.starts_on <= day and (v.ends_on is None or v.ends_on >= day)]
    found = in_force or approved
    return found[-1].key if found else None


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
    if version is None or version.convention is None:
        return Dates(ends_on=membership.ends_on, silence="La version applicable n’a pas de tarif : ses durées manquent.")
    found = _dates(version.tariff, membership.effect_on, membership.ends_on, membership.notice_on is not None, offer, today)
    return replace(found, express_by=None) if membership.end_cause == EndCause.REPLACED else found


@lru_cache(maxsize=4096)
def _dates(text: str, effect_on: date, written_end: date | None, in_notice: bool, offer: str | None, today: date) -> Dates:
    """Ask the engine for the dates of a tariff: once for all the members who adhered on the same day."""
    try:
        until = months_later(max(today, effect_on), _LOOKED_AHEAD)
        term = term_of(read_once(text), effect_on, offer=offer, until=until)
    except Refused as refused:
        return Dates(ends_on=written_end, silence=f"{capital(refused)}.")
    return _read(term, written_end, in_notice, today)


def _read(term: Term, written_end: date | None, in_notice: bool, today: date) -> Dates:
    end = written_end or term.ends_on
    coming = term.next_renewal(max(today, term.effect_on))
    if coming is not None and end is not None and coming.renews_on > end:
        coming = None
    if in_notice:
        return Dates(renews_on=coming.renews_on if coming else None, ends_on=end, article=term.basis.article)
    left = [r for r in term.renewals if r.notice_by is not None and r.notice_by >= max(today, term.effect_on)]
    left = [r for r in left if end is None or r.renews_on <= end]
    express = term.express_due_on if end == term.ends_on else end
    return Dates(
        renews_on=coming.renews_on if coming else None, notice_by=left[0].notice_by if left else None,
        prevents=left[0].renews_on if left else None, ends_on=end,
        express_by=express if end is not None and coming is None and today <= end else None, article=term.basis.article,
    )  # fmt: skip
