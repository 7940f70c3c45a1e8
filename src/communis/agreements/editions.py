"""Which catalogue a member reads, and which members hold an offer: what the room of the catalogue cannot know by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q

from communis.agreements.enums import VersionStatus
from communis.agreements.models import Adoption, Choice, Version
from communis.agreements.reading import tariff_of
from communis.catalog.models import Edition
from communis.directory.models import Organization
from communis.tariff import Convention


def version_adopted(organization: Organization, today: date) -> Version | None:
    """Return the last version that a member has adopted, of a membership that is not over; None when it adopted none (MEM-12)."""
    found = (
        Adoption.objects.unscoped()
        .filter(Q(membership__ends_on=None) | Q(membership__ends_on__gte=today), membership__organization=organization,
                membership__dropped_on=None, on__lte=today)
        .select_related("version__agreement", "version__edition").order_by("-on", "-pk").first()
    )  # fmt: skip
    return found.version if found is not None else None


def version_in_force(today: date) -> Version | None:
    """Return the version that the host’s council approved last: what is proposed to those who have adopted none."""
    return (
        Version.objects.unscoped()
        .filter(Q(ends_on=None) | Q(ends_on__gte=today), status=VersionStatus.APPROVED, starts_on__lte=today)
        .select_related("agreement", "edition").order_by("-starts_on", "-pk").first()
    )  # fmt: skip


def version_read_by(organization: Organization, today: date) -> Version | None:
    """Return the version whose catalogue a member reads: the one it adopted, else the one proposed (CAT-34)."""
    return version_adopted(organization, today) or version_in_force(today)


def edition_of(organization: Organization, today: date) -> Edition | None:
    """Return the catalogue of the version that a member has adopted, else of the one proposed."""
    version = version_read_by(organization, today)
    return version.edition if version is not None else None


def convention_text_read(edition: int, organizations: Collection[int], day: date) -> str | None:
    """Return the tariff of the version whose catalogue is read: the one that the reader adopted, else the last voted (CAT-34).

    A catalogue in preparation, which the host alone reads, is told by the rules of its draft; that of no version, by those that
    the reader adopted. None when there are none.
    """
    adopted = [v for o in Organization.objects.unscoped().filter(pk__in=organizations).order_by("pk")
               if (v := version_adopted(o, day)) is not None]  # fmt: skip
    holding_it = Version.objects.unscoped().filter(edition=edition).exclude(tariff="").select_related("agreement")
    voted = holding_it.filter(status__in=(VersionStatus.APPROVED, VersionStatus.REPEALED)).order_by("-starts_on", "-pk")
    own = next((version for version in adopted if version.edition_id == edition), None)
    drafted = holding_it.filter(edition__is_shown=False).order_by("-pk")
    found = own or voted.first() or drafted.first() or next(iter(adopted), None)
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
