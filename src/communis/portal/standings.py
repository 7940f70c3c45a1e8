"""What a member sees of its organizations where it lands: what it pays and why, what is asked of it, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.agreements.enums import MembershipState
from communis.agreements.models import Membership, Obligation
from communis.agreements.obligations import known_to_be_met
from communis.agreements.paying import Paid, paid_by, would_pay
from communis.agreements.reading import BOUND
from communis.agreements.tables.memberships import Holdings, seen_by
from communis.agreements.views.calendar import events_of
from communis.catalog.access import may_simulate
from communis.catalog.conventions import TariffRead, tariffs_read_by
from communis.catalog.inputs import inputs_of
from communis.directory.enums import EXPECTED, GrantRole, PopulationKind, RoleKind
from communis.directory.models import BudgetMilestone, Organization, Person, Role
from communis.kit.formats import capital, counted, long_date, number
from communis.kit.parts import Note
from communis.portal.needs import MOST_DATES, Need, asked_of_memberships

ANSWERING = (RoleKind.IT_AGENT, RoleKind.IT_REFERENT, RoleKind.TECHNICAL, RoleKind.VICE_PRESIDENT, RoleKind.PRESIDENT)


@dataclass(frozen=True, slots=True)
class Standing:
    """An organization of somebody: what it pays by what it holds, else what it would pay; who is missing, what comes next.

    `silence` says why nothing can be computed, for want of a tariff.
    """

    organization: Organization
    paid: tuple[Paid, ...]
    silence: str
    people: str
    missing: tuple[str, ...]
    dates: tuple[tuple[date, str], ...]
    duties: tuple[Need, ...]
    tasks: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Standings:
    """All that the home page of a member shows of its organizations, and the memberships that it rests on."""

    each: tuple[Standing, ...]
    memberships: list[Membership]
    holdings: Holdings

    def note(self, key: str) -> Note | None:
        """Return why an amount shown is what it is."""
        return next((note for one in self.each for paid in one.paid if (note := paid.note(key)) is not None), None)


def standings_of(user: Any, today: date) -> Standings:
    """Return, for each organization of the person, what it pays, what is asked of it and what comes next."""
    organizations = list(
        Organization.objects.visible_to(user).filter(pk__in=user.organizations).select_related("reference").order_by("sort_name")
    )
    rows, holdings = seen_by(user, today)
    asked = tuple(asked_of_memberships(user, today, (rows, holdings)))  # of all of them together: told once, as their dates
    own = [(one.day, one.words) for one in events_of(user, today, (rows, holdings)) if one.day >= today]
    tariffs = tariffs_read_by([one.pk for one in organizations], today)
    found: list[Standing] = []
    for organization in organizations:
        tariff = tariffs[organization.pk]
        paid = paid_for(organization, rows, holdings, tariff) if may_simulate(user, organization) else ()
        found.append(
            Standing(
                organization, paid, tariff.silence if tariff.convention is None else "", people_of(organization),
                missing_of(user, organization, today), coming(user, organization, today, own if not found else []),
                tuple(duties_of(user, organization, today)), asked if not found else (),
            )
        )  # fmt: skip
    return Standings(tuple(found), rows, holdings)


def paid_for(organization: Organization, rows: list[Membership], holdings: Holdings, tariff: TariffRead) -> tuple[Paid, ...]:
    """Return what each adhesion in force of an organization comes to; what an offer would cost it when it has none (CAT-34)."""
    today = holdings.today
    running = [m for m in rows if m.organization_id == organization.pk and m.effect_on is not None and m.state_on(today) in BOUND]
    found = [paid_by(m, holdings.versions.get(m.pk), holdings.offers.get(m.pk, ()), today) for m in running]
    shown = tuple(one for one in found if one is not None and (one.headline is not None or one.forecast is not None))
    leaving = any(m.state_on(today) == MembershipState.NOTICE for m in running)  # who leaves is not told what it would pay
    convention = tariff.convention if not shown and not leaving else None
    if convention is None:
        return shown
    inputs = inputs_of(convention)
    member = inputs.organizations.get(organization.pk)
    return (would_pay(convention, inputs, member, today),) if member is not None else ()


def missing_of(user: Any, organization: Organization, today: date) -> tuple[str, ...]:
    """Return the functions that the organization must name somebody to, and has not."""
    held = set(Role.objects.visible_to(user).on(today).filter(organization=organization).values_list("kind", flat=True))
    return tuple(str(RoleKind(kind).label) for kind in EXPECTED if kind not in held)


def duties_of(user: Any, organization: Organization, today: date) -> Iterator[Need]:
    """Yield the obligations that the choices of an organization brought and that it has not met yet, for its office (MEM-35)."""
    if not user.holds(GrantRole.OFFICE, organization=organization.pk):
        return
    rows = Obligation.objects.visible_to(user).filter(membership__organization=organization, done_on=None)
    left = list(rows.filter(membership__dropped_on=None).select_related("membership"))
    met = known_to_be_met(left, today)
    for row in (one for one in left if one.pk not in met):
        article = f"article {row.article}" if row.article else ""
        due = f"pour le {long_date(row.due_on)}" if row.due_on else "sans échéance"
        told = ", ".join(filter(None, (article, due, row.note)))
        yield Need(row.label, f"{row.membership.get_absolute_url()}#obligations", told, "à faire", "info")


def coming(user: Any, organization: Organization, today: date, own: list[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
    """Return the next steps of the budget year of an organization, and the days of its memberships."""
    milestones = BudgetMilestone.objects.visible_to(user).filter(organization=organization, on__gte=today).order_by("on")
    steps = [(m.on, f"{capital(m.get_kind_display())} {m.year}") for m in milestones[:MOST_DATES]]
    return tuple(sorted([*steps, *own])[:MOST_DATES])


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
