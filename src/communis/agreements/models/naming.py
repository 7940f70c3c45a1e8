"""How the offers of a convention are called where no version is at hand."""

from __future__ import annotations

from django.db.models import F

from communis.agreements.enums import VersionStatus
from communis.agreements.models.agreements import Version
from communis.catalog.composition import label_of
from communis.catalog.conventions import read_once
from communis.foundation.keeping import kept_until_changed
from communis.tariff import Convention


def named_by(agreement: int) -> Convention | None:
    """Return the latest tariff of a convention, for the names that it gives: a text written before it has none of its own."""
    text = latest_tariffs().get(agreement)
    return read_once(text) if text is not None else None


@kept_until_changed(Version)
def latest_tariffs() -> dict[int, str]:
    """Return the tariff of the latest version of each convention that has one, the drafts apart."""
    rows = Version.objects.unscoped().exclude(tariff="").exclude(status=VersionStatus.DRAFT)
    return dict(rows.order_by(F("starts_on").asc(nulls_first=True), "id").values_list("agreement_id", "tariff"))


def named(agreement: int, offer: str) -> str:
    """Return the name of an offer as the latest tariff of its convention gives it."""
    return label_of(named_by(agreement), offer)
