"""What needs somebody today, shown where one lands: each line says what it is, how many, and where to go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from communis.directory import access, operations
from communis.directory.enums import EXPECTED, PopulationKind, PostStatus, RoleKind
from communis.directory.models import (
    POPULATION,
    BudgetMilestone,
    Delegation,
    Fact,
    Occupation,
    Organization,
    Role,
    SupplierLabel,
)
from communis.directory.register import ReferencePopulation
from communis.directory.territory import communes_of, host_of

SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the home page: a task, what it holds, its state."""

    label: str
    url: str
    fact: str
    state: str
    tone: str = "warning"


def needs_of_host(user: Any, today: date) -> list[Need]:
    """Return what needs the host’s staff, the most pressing first."""
    found = [*designations(user, today), *vacancies(user, today), *populations(user, today), *endings(user, today)]
    if access.may_read_staff(user):
        found.extend(contracts(user, today))
    return found


def designations(user: Any, today: date) -> Iterator[Need]:
    """What the last renewal of councils left to designate, during the year that follows it."""
    if not access.may_manage_directory(user):
        return
    on = operations.last_renewal(today)
    count = len(operations.designations_of(on)) if on is not None and on + timedelta(days=365) >= today else 0
    if count:
        words = f"{count} mandat{'s' if count > 1 else ''} que personne ne tient depuis le {on:%d/%m/%Y}"
        yield Need("Désigner de nouveau les élus", reverse("designations"), words, "à désigner")


def vacancies(user: Any, today: date) -> Iterator[Need]:
    held = set(Role.objects.visible_to(user).on(today).filter(kind__in=EXPECTED).values_list("organization_id", "kind"))
    members = Organization.objects.visible_to(user).filter(is_host=False).exclude(ends_on__lt=today).values_list("pk", flat=True)
    count = sum(1 for pk in members for kind in EXPECTED if (pk, kind) not in held)
    if count:
        words = f"{count} rôle{'s' if count > 1 else ''} à pourvoir chez les membres"
        yield Need("Désigner les interlocuteurs", reverse("missing"), words, "à désigner")


def populations(user: Any, today: date) -> Iterator[Need]:
    """The legal populations of the year, which a tariff reads on the first of January."""
    rows = communes_of(host_of())
    total = rows.count()
    known = ReferencePopulation.objects.filter(body__in=rows, kind=PopulationKind.TOTAL, in_force_on__year=today.year).count()
    entered = Fact.objects.visible_to(user).current().filter(type__code=POPULATION, valid_on__year=today.year)
    missing = total - max(known, entered.filter(kind=PopulationKind.TOTAL).values("organization").distinct().count())
    if total and missing > 0:
        words = f"{missing} commune{'s' if missing > 1 else ''} sans population totale {today.year}"
        yield Need(f"Importer les populations légales {today.year}", reverse("facts"), words, "fait manquant", "danger")


def endings(user: Any, today: date) -> Iterator[Need]:
    """Delegations and labels that end soon, and the next steps of the budget year."""
    limit = today + SOON
    for row in (
        Delegation.objects.visible_to(user)
        .filter(ends_on__gte=today, ends_on__lte=limit)
        .select_related("delegate", "organization")[:5]
    ):
        words = f"{row.delegate}, jusqu’au {row.ends_on:%d/%m/%Y}"
        yield Need(f"Renouveler la délégation : {row.scope}", row.organization.get_absolute_url(), words, "bientôt échue")
    for row in (
        SupplierLabel.objects.visible_to(user).filter(ends_on__gte=today, ends_on__lte=limit).select_related("supplier")[:5]
    ):
        words = f"{row.name}, jusqu’au {row.ends_on:%d/%m/%Y}"
        yield Need(f"Vérifier le label : {row.supplier}", row.supplier.get_absolute_url(), words, "bientôt échu")
    for row in BudgetMilestone.objects.visible_to(user).filter(on__gte=today, on__lte=limit).select_related("organization")[:5]:
        words = f"{row.organization}, le {row.on:%d/%m/%Y}"
        yield Need(
            f"{row.get_kind_display().capitalize()} {row.year}", row.organization.get_absolute_url(), words, "à venir", "info"
        )


def contracts(user: Any, today: date) -> Iterator[Need]:
    rows = Occupation.objects.visible_to(user).filter(status=PostStatus.FIXED_TERM, ends_on__gte=today, ends_on__lte=today + SOON)
    for row in rows.select_related("post", "person"):
        yield Need(
            f"Décider de la suite du CDD : {row.post}",
            row.post.get_absolute_url(),
            f"fin le {row.ends_on:%d/%m/%Y}",
            "bientôt échu",
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member sees of its organization where it lands."""

    organization: Organization
    people: Fact | None
    missing: tuple[str, ...]
    milestones: tuple[BudgetMilestone, ...]


def needs_of_member(user: Any, today: date) -> list[Standing]:
    """Return, for each organization of the person, who is missing and what comes next."""
    found = []
    for organization in Organization.objects.visible_to(user).filter(pk__in=user.organizations).order_by("sort_name"):
        held = set(Role.objects.visible_to(user).on(today).filter(organization=organization).values_list("kind", flat=True))
        facts = Fact.objects.visible_to(user).current().filter(organization=organization, type__code=POPULATION)
        coming = BudgetMilestone.objects.visible_to(user).filter(organization=organization, on__gte=today).order_by("on")[:5]
        missing = tuple(str(RoleKind(k).label) for k in EXPECTED if k not in held)
        found.append(Standing(organization, facts.order_by("-valid_on").first(), missing, tuple(coming)))
    return found
