"""The territory of a pool: the communes that its host brings together, whether they are in the service or not."""

from __future__ import annotations

from django.db.models import QuerySet

from communis.directory.models import Organization
from communis.directory.register import ReferenceBody


def host_of() -> Organization | None:
    """Return the gestionnaire of the pool in scope."""
    return Organization.objects.unscoped().select_related("reference").filter(is_host=True).first()


def communes_of(host: Organization | None) -> QuerySet[ReferenceBody]:
    """Return the communes of a host’s territory: those of its grouping, else those of its département (a syndicate)."""
    rows = ReferenceBody.objects.filter(kind=ReferenceBody.Kind.COMMUNE)
    if host is None:
        return rows.none()
    if host.reference_id is not None and host.reference.kind == ReferenceBody.Kind.GROUPING:
        return rows.filter(grouping_id=host.reference_id)
    return rows.filter(department=host.department) if host.department else rows.none()
