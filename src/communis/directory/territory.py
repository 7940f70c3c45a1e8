"""The territory of a pool: the communes that its host brings together, whether they are in the service or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery

from communis.directory.enums import PopulationKind
from communis.directory.models import Organization
from communis.directory.register import ReferenceBody, ReferencePopulation

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Enrolled(TypedDict):
    """What `with_organization` adds to a commune."""

    organization: int | None


class People(Enrolled):
    """What `with_people` adds to a commune."""

    people: int | None


def host_of() -> Organization | None:
    """Return the gestionnaire of the pool in scope."""
    return Organization.objects.unscoped().select_related("reference").filter(is_host=True).first()


def communes_of(host: Organization | None) -> QuerySet[ReferenceBody]:
    """Return the communes of a host’s territory: those of its grouping, else those of its département (a syndicate)."""
    rows = ReferenceBody.objects.filter(kind=ReferenceBody.Kind.COMMUNE)
    if host is None:
        return rows.none()
    if host.reference is not None and host.reference.kind == ReferenceBody.Kind.GROUPING:
        return rows.filter(grouping_id=host.reference_id)
    return rows.filter(department=host.department) if host.department else rows.none()


def with_organization(rows: QuerySet[ReferenceBody]) -> QuerySet[WithAnnotations[ReferenceBody, Enrolled]]:
    """Add to communes their organization in the pool."""
    known = Organization.objects.unscoped().filter(reference=OuterRef("pk")).values("pk")
    return rows.annotate(organization=Subquery(known[:1]))


def with_people(rows: QuerySet[ReferenceBody], year: int) -> QuerySet[WithAnnotations[ReferenceBody, People]]:
    """Add to communes their legal population in force in a year, and their organization in the pool."""
    counted = ReferencePopulation.objects.filter(body=OuterRef("pk"), kind=PopulationKind.TOTAL, in_force_on__year=year)
    return with_organization(rows).annotate(people=Subquery(counted.values("value")[:1]))


def latest_year() -> int | None:
    """Return the last year whose populations the register knows."""
    known = ReferencePopulation.objects.filter(kind=PopulationKind.TOTAL).order_by("-in_force_on")
    last = known.values_list("in_force_on", flat=True).first()
    return last.year if last else None


def populations_of(body: ReferenceBody | None) -> dict[str, Any]:
    """Return the legal populations that the register knows of a commune, a row a kind, a column a year."""
    if body is None:
        return {}
    known = list(body.populations.order_by("in_force_on"))
    years = sorted({p.in_force_on.year for p in known})
    values = {(p.kind, p.in_force_on.year): p.value for p in known}
    kinds = [kind for kind in PopulationKind if any(k == kind for k, _ in values)]
    rows = [(kind.label, [values.get((kind, year)) for year in years]) for kind in kinds]
    sources = sorted({p.source.partition(",")[0] for p in known})
    return {"years": years, "rows": rows, "source": f"Source : {', '.join(sources)}, registre livré."} if rows else {}
