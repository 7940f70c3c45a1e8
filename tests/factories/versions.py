"""Conventions, acts and memberships, for the tests of their versions."""

from datetime import UTC, date, datetime

from communis.agreements.authors import Author
from communis.agreements.enums import ChangeKind
from communis.agreements.models import Adoption, Membership, Resolution
from communis.agreements.operations.amendments import Changed
from communis.agreements.operations.versions import approve, begin_agreement, submit

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
PRICES = (Changed(ChangeKind.TARIFF, "", "Le prix change."),)
BY = "Erwan Talhouarn"
CLERK = Author(BY, AT)


def act(organization, on=date(2023, 10, 5), **fields):
    """An adopted act of a council."""
    made = Resolution(organization=organization, session_on=on, subject=fields.pop("subject", "Convention"), **fields)
    made.full_clean()
    made.save()
    return made


def in_force(slug, host, starts_on, **fields):
    """A version of a shipped convention, submitted and approved by the host’s council."""
    version = begin_agreement(slug, **fields)
    submit(version)
    approve(version, act=act(host, starts_on, subject=f"Approbation {version}"), starts_on=starts_on, knowingly=True)
    version.refresh_from_db()
    return version


def joined(organization, version, effect_on, *, adopted=True, **fields):
    """A membership in force, on a version that it adopted the day of its effect."""
    made = Membership(
        organization=organization, agreement=version.agreement, requested_on=effect_on, effect_on=effect_on, **fields
    )
    made.full_clean()
    made.save()
    if adopted:
        Adoption(membership=made, version=version, on=effect_on).save()
    return made
