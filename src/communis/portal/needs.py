"""What needs the host’s staff today, shown where one lands: each line says what it is, how many, and where to go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from communis.agreements.agenda import tasks_of
from communis.agreements.enums import MembershipState
from communis.agreements.models import Membership
from communis.agreements.tables.memberships import Holdings, seen_by
from communis.agreements.views.calendar import Due, days_due
from communis.agreements.watching import MOST_NAMED
from communis.directory import access
from communis.directory.enums import PostStatus
from communis.directory.members import contacts_missing
from communis.directory.models import BudgetMilestone, Delegation, Occupation, Organization, SupplierLabel
from communis.directory.operations import mandates as operations
from communis.directory.territory import communes_of, without_people
from communis.kit.formats import capital, counted, medium_date

SOON = timedelta(days=90)
MOST_DATES = 6


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
    memberships: list[Membership]


def agenda_of(user: Any, host: Organization | None, today: date) -> Agenda:
    """Return what needs the host's staff, by duty: what one may settle oneself is apart from what one only has to know."""
    rows, holdings = seen_by(user, today)
    due = [one for one in days_due(rows, holdings) if one.day >= today]
    directory = [
        *asked_of_memberships(user, today, (rows, holdings)), *renewals(due, today), *designations(user, today),
        *vacancies(user, today), *populations(user, host, today), *delegations(user, today),
    ]  # fmt: skip
    outside, posts = list(labels(user, today)), list(contracts(user, today)) if access.may_read_staff(user) else []
    keeps, keeps_outside, leads = access.may_manage_directory(user), access.may_keep_outside(user), access.may_manage_staff(user)
    shared = ((directory, keeps), (posts, leads), (outside, keeps_outside))
    to_decide = tuple(need for needs, may in shared if may for need in needs)
    to_know = tuple(need for needs, may in shared if not may for need in needs)
    return Agenda(to_decide, to_know, tuple(coming(user, due, today)), rows)


def asked_of_memberships(user: Any, today: date, known: tuple[list[Membership], Holdings]) -> Iterator[Need]:
    """What the memberships that somebody sees ask for: a renewal to vote, a choice to review, an exit to prepare."""
    for task in tasks_of(user, today, known):
        yield Need(task.label, task.url, task.fact, task.state, task.tone)


def renewals(due: Sequence[Due], today: date) -> Iterator[Need]:
    """The tacit renewals that nobody will be able to prevent soon: the last day of notice, and whose it is (MEM-15)."""
    by_day: dict[tuple[date, str], list[str]] = {}
    for one in due:
        if one.kind == "preavis" and one.day <= today + SOON:
            by_day.setdefault((one.day, one.words), []).append(str(one.membership.organization))
    address = f"{reverse('memberships')}?state={MembershipState.ACTIVE}"
    for (day, told), names in sorted(by_day.items()):
        words = f"{capital(told)} : {medium_date(day)}, {named(names)}"
        yield Need("Laisser reconduire, ou donner un préavis", address, words, "reconduction")


def named(names: Sequence[str]) -> str:
    """Name who is concerned, or count them when they are many."""
    return ", ".join(names) if len(names) <= MOST_NAMED else counted(len(names), "adhésion")


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
    """What the members of today have not named: a decider, a technical contact (ORG-09)."""
    count = sum(map(len, contacts_missing(user, today).values()))
    if count:
        words = f"{count} rôle{'s' if count > 1 else ''} à pourvoir chez les membres"
        yield Need("Désigner les interlocuteurs", reverse("missing"), words, "à désigner")


def populations(user: Any, host: Organization | None, today: date) -> Iterator[Need]:
    """The legal populations of the year, which a tariff reads on the first of January."""
    missing = without_people(communes_of(host), today.year)
    if missing:
        words = f"{missing} commune{'s' if missing > 1 else ''} sans population totale {today.year}"
        address = reverse("import-populations" if access.may_manage_directory(user) else "territory")
        yield Need(f"Importer les populations légales {today.year}", address, words, "fait manquant", "danger")


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


def coming(user: Any, due: Sequence[Due], today: date) -> list[tuple[date, str]]:
    """The next days of memberships, those of the same day and kind together, and of the budget year, each with whose it is."""
    steps = BudgetMilestone.objects.visible_to(user).filter(on__gte=today).select_related("organization").order_by("on", "pk")
    found = [(row.on, f"{capital(row.get_kind_display())} {row.year}, {row.organization}") for row in steps[:MOST_DATES]]
    by_day: dict[tuple[date, str], list[str]] = {}
    for one in due:
        by_day.setdefault((one.day, one.words), []).append(str(one.membership.organization))
    found += [(day, f"{capital(words)} : {named(names)}") for (day, words), names in by_day.items()]
    return sorted(found)[:MOST_DATES]


def contracts(user: Any, today: date) -> Iterator[Need]:
    rows = Occupation.objects.visible_to(user).filter(status=PostStatus.FIXED_TERM, ends_on__gte=today, ends_on__lte=today + SOON)
    for row in rows.select_related("post", "person"):
        yield Need(
            f"Décider de la suite du CDD : {row.post}",
            row.post.get_absolute_url(),
            f"fin le {medium_date(row.ends_on)}",
            "bientôt échu",
        )
