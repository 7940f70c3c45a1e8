"""What may happen in the catalogue: each verb is one transaction, and may refuse."""

from __future__ import annotations

from django.db import transaction

from communis.catalog.models import Coverage
from communis.directory.operations import record
from communis.kit.refusals import Refusal
from communis.tariff import Convention


@transaction.atomic
def state_coverage(
    convention: Convention, offer: str, *, site_kinds: list[str], source: str, row: Coverage, version: int
) -> None:
    """State which kinds of sites an offer covers, and by which words. Raises Refusal, or ValidationError."""
    if offer not in convention.model.book.offers_in(""):
        raise Refusal(f"« {offer} » n’est pas une offre de cette convention.")
    row.offer, row.site_kinds, row.source = offer, site_kinds, source
    record(row, version=version)
