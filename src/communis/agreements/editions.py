"""Which version a member reads, its catalogue and its tariff, and which members hold an offer: what the catalogue asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from communis.agreements.applicable import versions_for
from communis.agreements.enums import MembershipState, VersionStatus
from communis.agreements.models import Adoption, Choice, Membership, Version
from communis.agreements.reading import BOUND, tariff_of, version_proposed
from communis.catalog.conventions import TariffRead
from communis.catalog.models import Edition
from communis.directory.models import Organization
from communis.tariff import Convention


def versions_read_by(organizations: Collection[int], day: date) -> dict[int, Version]:
    """Return the version that each organization reads on a day: that of its membership, else the one proposed.

    That of a membership is the last it adopted (MEM-12, CAT-34). Of several, the membership under way wins over one in
    preparation, then the one whose version has a tariff, then the last. Nobody is left out but while nothing is in force.
    """
    living = Membership.objects.unscoped().in_state(day, MembershipState.PREPARING, *BOUND)
    rows = list(living.filter(organization__in=organizations))
    versions = versions_for(rows, day) if rows else {}

    def weight(membership: Membership) -> tuple[bool, bool, date, int]:
        begins, version = membership.effect_on or date.max, versions[membership.pk]
        return begins <= day, bool(version is not None and version.tariff), begins, membership.pk

    found = {m.organization_id: v for m in sorted(rows, key=weight) if (v := versions[m.pk]) is not None}
    left = [key for key in organizations if key not in found]
    proposed = version_proposed(day) if left else None
    return found | (dict.fromkeys(left, proposed) if proposed is not None else {})


def version_read_by(organization: Organization, day: date) -> Version | None:
    """Return the version that a member reads: the one it adopted, else the one proposed (CAT-34)."""
    return versions_read_by([organization.pk], day).get(organization.pk)


def has_adopted(organization: Organization, version: Version) -> bool:
    """Tell whether a member adopted a version, or only reads it because it is proposed."""
    return Adoption.objects.unscoped().filter(version=version, membership__organization=organization).exists()


def edition_of(organization: Organization, today: date) -> Edition | None:
    """Return the catalogue of the version that a member has adopted, else of the one proposed."""
    version = version_read_by(organization, today)
    return version.edition if version is not None else None


def tariffs_read_by(organizations: Collection[int], day: date) -> dict[int, TariffRead]:
    """Return the tariff of the version that each organization reads, with the prices that acts have fixed since (MEM-13)."""
    versions = versions_read_by(organizations, day)
    texts = {version.pk: tariff_of(version) for version in set(versions.values()) if version.tariff}
    return {
        key: TariffRead(texts.get(version.pk), version.label, version.get_absolute_url()) for key, version in versions.items()
    }


def convention_text_read(edition: int, organizations: Collection[int], day: date) -> str | None:
    """Return the tariff of the version whose catalogue is read: the one that the reader adopted, else the last voted (CAT-34).

    A catalogue in preparation, which the host alone reads, is told by the rules of its draft; that of no version, by those that
    the reader adopted. None when there are none.
    """
    read = list(versions_read_by(sorted(organizations), day).values()) if organizations else []
    holding_it = Version.objects.unscoped().filter(edition=edition).exclude(tariff="").select_related("agreement")
    voted = holding_it.filter(status__in=(VersionStatus.APPROVED, VersionStatus.REPEALED)).order_by("-starts_on", "-pk")
    own = next((version for version in read if version.edition_id == edition), None)
    drafted = holding_it.filter(edition__is_shown=False).order_by("-pk")
    found = own or voted.first() or drafted.first() or next(iter(read), None)
    return tariff_of(found) if found is not None and found.tariff else None


def holders_of(offer: str, convention: Convention | None, day: date) -> list[Organization]:
    """Return the members that hold an offer on a day or will after it, chosen or included in what they chose (CAT-19)."""
    names = {offer}
    if convention is not None:
        names |= {name for name in convention.model.book.offers if offer in convention.model.book.included(name)}
    return holding(
        Choice.objects.unscoped().filter(
            Q(form__ends_on=None) | Q(form__ends_on__gte=day),
            Q(form__membership__ends_on=None) | Q(form__membership__ends_on__gte=day),
            form__membership__dropped_on=None, offer__in=sorted(names),
        ).select_related("form__membership__organization")
    )  # fmt: skip


def holding(choices: Iterable[Choice]) -> list[Organization]:
    """Return the members of some choices, each once, by name."""
    found = {one.form.membership.organization_id: one.form.membership.organization for one in choices}
    return sorted(found.values(), key=lambda one: (one.sort_name, one.pk))
