"""The territory of a pool: the communes that its host brings together, whether they are in the service or not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from communis.directory.enums import PopulationKind
from communis.directory.models import POPULATION, Fact, Organization
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
    """Add to communes their legal population in force in a year, and their organization in the pool.

    What the pool has entered, of its organization or of the commune, wins over the register. A legal population is public.
    """
    first = date(year, 1, 1)
    facts = Fact.objects.unscoped().total_population(first).order_by("-entered_at", "-pk")
    entered = facts.annotate(people=Cast("number", IntegerField())).values("people")
    counted = ReferencePopulation.objects.filter(body=OuterRef("pk"), kind=PopulationKind.TOTAL, in_force_on=first)
    known = Coalesce(
        Subquery(entered.filter(organization__reference=OuterRef("pk"))[:1]),
        Subquery(entered.exclude(insee="").filter(insee=OuterRef("insee"))[:1]),
        Subquery(counted.values("value")[:1]),
        output_field=IntegerField(),
    )
    return with_organization(rows).annotate(people=known)


def without_people(rows: QuerySet[ReferenceBody], year: int) -> int:
    """Return how many communes have no total population known for a year."""
    return with_people(rows, year).filter(people=None).count()


def years_known() -> tuple[list[int], int | None]:
    """Return the years after the register’s last one for which something was entered, the latest first, and that last one."""
    shipped = ReferencePopulation.objects.filter(kind=PopulationKind.TOTAL).order_by("-in_force_on")
    facts = Fact.objects.unscoped().current().filter(type__code=POPULATION, kind=PopulationKind.TOTAL).order_by()
    entered = facts.values_list("valid_on", Value(True)).distinct()
    days = {True: set[date](), False: set[date]()}
    for day, was_entered in shipped.values_list("in_force_on", Value(False))[:1].union(entered):
        days[was_entered].add(day)
    last = max((day.year for day in days[False]), default=None)
    return sorted({day.year for day in days[True] if last is None or day.year > last}, reverse=True), last


def latest_year(host: Organization | None) -> int | None:
    """Return the last year whose populations are known: by the register, or entered for the whole territory."""
    later, last = years_known()
    return next((year for year in later if not without_people(communes_of(host), year)), last)


LEGAL = (PopulationKind.TOTAL, PopulationKind.MUNICIPAL, PopulationKind.COUNTED_APART)
ENTERED, SHIPPED = "saisie du service", "registre livré"


def populations_of(body: ReferenceBody | None) -> dict[str, Any]:
    """Return the legal populations known of a commune, a row a kind, a column a year; what was entered wins over the register."""
    if body is None:
        return {}
    facts = Fact.objects.unscoped().current().filter(type__code=POPULATION, kind__in=LEGAL, number__isnull=False)
    own = facts.filter(Q(organization__reference=body) | (~Q(insee="") & Q(insee=body.insee or "")))
    entered = own.filter(valid_on__month=1, valid_on__day=1).order_by("insee", "-entered_at", "-pk")
    values: dict[tuple[str, int], int] = {}
    told: dict[str, set[str]] = {ENTERED: set(), SHIPPED: set()}
    for fact in entered:
        if values.setdefault((fact.kind, fact.valid_on.year), int(fact.number or 0)) == fact.number:
            told[ENTERED].add(fact.source.partition(",")[0])
    for known in body.populations.order_by("in_force_on"):
        if (known.kind, known.in_force_on.year) not in values:
            values[known.kind, known.in_force_on.year] = known.value
            told[SHIPPED].add(known.source.partition(",")[0])
    years = sorted({year for _, year in values})
    rows = [
        (kind.label, [values.get((kind, year)) for year in years]) for kind in PopulationKind if any(k == kind for k, _ in values)
    ]
    source = " ; ".join(f"{', '.join(sorted(sources))}, {whence}" for whence, sources in told.items() if sources)
    return {"years": years, "rows": rows, "source": f"Source : {source}."} if rows else {}
