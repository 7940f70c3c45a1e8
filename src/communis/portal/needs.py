"""What needs somebody today, shown where one lands: each line says what it is, how many, and where to go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from communis.agreements.agenda import memberships_seen, tasks_of
from communis.agreements.models import Membership
from communis.agreements.views.calendar import events_of
from communis.catalog.access import may_simulate
from communis.catalog.conventions import tariffs_read_by
from communis.catalog.headlines import Headline, headline_of
from communis.catalog.inputs import inputs_of
from communis.catalog.offers import Offers, exercises_until, simulate_offers
from communis.directory import access, operations
from communis.directory.enums import EXPECTED, PopulationKind, PostStatus, RoleKind
from communis.directory.models import (
    POPULATION,
    BudgetMilestone,
    Delegation,
    Fact,
    Occupation,
    Organization,
    Person,
    Role,
    SupplierLabel,
)
from communis.directory.register import ReferencePopulation
from communis.directory.territory import communes_of
from communis.kit.formats import counted, long_date, medium_date, number

SOON = timedelta(days=90)
MOST_DATES = 6
ANSWERING = (RoleKind.IT_AGENT, RoleKind.IT_REFERENT, RoleKind.TECHNICAL, RoleKind.VICE_PRESIDENT, RoleKind.PRESIDENT)


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the home page: a task, what it holds, its state."""

    label: str
    url: str
    fact: str
    state: str
    tone: str = "warning"


@dataclass(frozen=True, slots=True)
class Agenda:
    """The home page of the host's staff: what the person may decide, what it should know, what comes next."""

    to_decide: tuple[Need, ...]
    to_know: tuple[Need, ...]
    dates: tuple[tuple[date, str], ...]


def agenda_of(user: Any, host: Organization | None, today: date) -> Agenda:
    """Return what needs the host's staff, by duty: what one may settle oneself is apart from what one only has to know."""
    directory = [
        *asked_of_memberships(user, memberships_seen(user), today), *designations(user, today), *vacancies(user, today),
        *populations(user, host, today), *delegations(user, today),
    ]  # fmt: skip
    outside, posts = list(labels(user, today)), list(contracts(user, today)) if access.may_read_staff(user) else []
    keeps, keeps_outside, leads = access.may_manage_directory(user), access.may_keep_outside(user), access.may_manage_staff(user)
    shared = ((directory, keeps), (posts, leads), (outside, keeps_outside))
    to_decide = tuple(need for needs, may in shared if may for need in needs)
    to_know = tuple(need for needs, may in shared if not may for need in needs)
    return Agenda(to_decide, to_know, tuple(coming(user, today)))


def asked_of_memberships(user: Any, seen: list[Membership], today: date) -> Iterator[Need]:
    """What the memberships that somebody sees ask for: a renewal to vote, a choice to review, an exit to prepare."""
    for task in tasks_of(user, seen, today):
        yield Need(task.label, task.url, task.fact, task.state, task.tone)


def designations(user: Any, today: date) -> Iterator[Need]:
    """What the last renewal of councils left to designate, during the year that follows it."""
    if not access.may_manage_directory(user):
        return
    on = operations.last_renewal(today)
    count = operations.count_designations(on) if on is not None and on + timedelta(days=365) >= today else 0
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


def populations(user: Any, host: Organization | None, today: date) -> Iterator[Need]:
    """The legal populations of the year, which a tariff reads on the first of January."""
    of_the_year = ReferencePopulation.objects.filter(body=OuterRef("pk"), kind=PopulationKind.TOTAL, in_force_on__year=today.year)
    register = communes_of(host).aggregate(total=Count("pk"), known=Count("pk", filter=Exists(of_the_year)))
    total, known = register["total"], register["known"]
    entered = Fact.objects.visible_to(user).current().filter(type__code=POPULATION, valid_on__year=today.year)
    missing = total - max(known, entered.filter(kind=PopulationKind.TOTAL).values("organization").distinct().count())
    if total and missing > 0:
        words = f"{missing} commune{'s' if missing > 1 else ''} sans population totale {today.year}"
        yield Need(f"Importer les populations légales {today.year}", reverse("facts"), words, "fait manquant", "danger")


def delegations(user: Any, today: date) -> Iterator[Need]:
    """Delegations of signature that end soon."""
    rows = Delegation.objects.visible_to(user).filter(ends_on__gte=today, ends_on__lte=today + SOON)
    for row in rows.select_related("delegate", "organization")[:5]:
        words = f"{row.delegate}, jusqu’au {medium_date(row.ends_on)}"
        yield Need(f"Renouveler la délégation : {row.scope}", row.organization.get_absolute_url(), words, "bientôt échue")


def labels(user: Any, today: date) -> Iterator[Need]:
    """Labels of suppliers that end soon."""
    rows = SupplierLabel.objects.visible_to(user).filter(ends_on__gte=today, ends_on__lte=today + SOON)
    for row in rows.select_related("supplier")[:5]:
        words = f"{row.name}, jusqu’au {medium_date(row.ends_on)}"
        yield Need(f"Vérifier un label : {row.supplier}", row.supplier.get_absolute_url(), words, "bientôt échu")


def coming(user: Any, today: date) -> Iterator[tuple[date, str]]:
    """The next steps of the budget year, each with whose it is."""
    rows = BudgetMilestone.objects.visible_to(user).filter(on__gte=today).select_related("organization").order_by("on", "pk")
    for row in rows[:MOST_DATES]:
        kind = row.get_kind_display()
        yield row.on, f"{kind[:1].upper()}{kind[1:]} {row.year}, {row.organization}"


def contracts(user: Any, today: date) -> Iterator[Need]:
    rows = Occupation.objects.visible_to(user).filter(status=PostStatus.FIXED_TERM, ends_on__gte=today, ends_on__lte=today + SOON)
    for row in rows.select_related("post", "person"):
        yield Need(
            f"Décider de la suite du CDD : {row.post}",
            row.post.get_absolute_url(),
            f"fin le {medium_date(row.ends_on)}",
            "bientôt échu",
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member sees of its organization where it lands: what it would pay and why, who is missing, what comes next.

    `silence` says why nothing can be computed, for want of a tariff.
    """

    organization: Organization
    headline: Headline | None
    offers: Offers | None
    silence: str
    people: str
    missing: tuple[str, ...]
    dates: tuple[tuple[date, str], ...]
    tasks: tuple[Need, ...] = ()


def standings_of(user: Any, today: date) -> list[Standing]:
    """Return, for each organization of the person, what it would pay, who is missing and what comes next."""
    organizations = list(
        Organization.objects.visible_to(user).filter(pk__in=user.organizations).select_related("reference").order_by("sort_name")
    )
    tariffs = tariffs_read_by([one.pk for one in organizations], today)
    found: list[Standing] = []
    seen = memberships_seen(user)
    asked = tuple(asked_of_memberships(user, seen, today))  # of all of them together: told once, as their dates
    own = [(day, words) for _, day, words in events_of(user, seen, today) if day >= today]
    for organization in organizations:
        held = set(Role.objects.visible_to(user).on(today).filter(organization=organization).values_list("kind", flat=True))
        milestones = BudgetMilestone.objects.visible_to(user).filter(organization=organization, on__gte=today).order_by("on")
        missing = tuple(str(RoleKind(k).label) for k in EXPECTED if k not in held)
        steps = [(m.on, f"{m.get_kind_display()} {m.year}".capitalize()) for m in milestones[:MOST_DATES]]
        dates = tuple(sorted([*steps, *(own if not found else ())])[:MOST_DATES])
        offers = None
        convention = tariffs[organization.pk].convention
        if convention is not None and may_simulate(user, organization):
            inputs = inputs_of(convention)
            rank = inputs.organizations.get(organization.pk)  # None: its file does not fit, which the page of its offers tells
            offers = simulate_offers(convention, inputs, rank, exercises_until(today)) if rank is not None else None
        headline = headline_of(offers) if offers is not None else None
        silence = tariffs[organization.pk].silence if convention is None else ""
        found.append(Standing(organization, headline, offers, silence, people_of(organization), missing, dates,
                              asked if not found else ()))  # fmt: skip
    return found


def people_of(organization: Organization) -> str:
    """Say the last total population that the register knows of a commune, and how it moved."""
    if organization.reference is None:
        return ""
    known = organization.reference.populations.filter(kind=PopulationKind.TOTAL).order_by("-in_force_on")[:2]
    if not known:
        return ""
    last, *earlier = known
    words = f"{counted(last.value, 'habitant')} au {long_date(last.in_force_on)}"
    gap = last.value - earlier[0].value if earlier else 0
    return (
        f"{words}, {number(abs(gap))} de {'plus' if gap > 0 else 'moins'} qu’en {earlier[0].in_force_on.year}" if gap else words
    )


def answering(user: Any, today: date) -> Role | None:
    """Return who answers at the host: the first of those a member would call, among the people that the member may see."""
    known = Person.objects.visible_to(user).values("pk")
    roles = Role.objects.unscoped().on(today).filter(organization__is_host=True, kind__in=ANSWERING, person__in=known)
    return min(
        roles.select_related("person").order_by("starts_on", "pk"),
        key=lambda role: ANSWERING.index(RoleKind(role.kind)),
        default=None,
    )
