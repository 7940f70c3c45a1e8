"""What memberships ask of somebody today: to complete, to decide, to renew, to close; for the page where one lands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from communis.agreements.alerts import alerts_on
from communis.agreements.enums import EndCause, MembershipState
from communis.agreements.models import Examination, ExitTask, Membership
from communis.agreements.operations.renewals import express_due
from communis.agreements.tables.memberships import Holdings, seen_by
from communis.agreements.watching import MOST_NAMED, Task, watched
from communis.agreements.wording import of
from communis.kit.formats import counted, medium_date


def tasks_of(user: Any, today: date, known: tuple[list[Membership], Holdings] | None = None) -> list[Task]:
    """Return what the memberships that somebody sees ask for; a member reads its own (MEM-15, MEM-16, MEM-22, MEM-26, MEM-42).

    `known` are those memberships and what they hold, when they were read already.
    """
    rows, holdings = known or seen_by(user, today)
    return [*blocking(rows, today), *renewing(rows, holdings), *changing(rows, today), *pending(user, rows, today),
            *watched(user, rows, holdings)]  # fmt: skip


def blocking(rows: list[Membership], today: date) -> list[Task]:
    """Say which memberships expired and were not renewed: nothing is charged any more, for both parties to see (MEM-16).

    A member that adhered anew since, to the same convention or to the one that replaces it, is no longer told.
    """
    gone = [m for m in rows if m.state_on(today) == MembershipState.ENDED and m.end_cause == EndCause.TERM]
    if not gone:
        return []
    since: dict[tuple[int, int | None], date] = {}
    anew = Membership.objects.unscoped().filter(organization__in=[m.organization_id for m in gone], effect_on__isnull=False)
    for organization, agreement, day in anew.order_by("effect_on").values_list("organization", "agreement", "effect_on"):
        since[organization, agreement] = day

    def goes_on(one: Membership) -> bool:
        days = (since.get((one.organization_id, key)) for key in (one.agreement_id, one.agreement.successor_id))
        return any(day > one.ends_on for day in days if day is not None and one.ends_on is not None)

    return [
        Task(f"Adhésion expirée : {m.organization}", m.get_absolute_url(),
             f"terme atteint le {m.ends_on:%d/%m/%Y}, plus rien n’est facturé", "expirée", "danger")
        for m in gone if not goes_on(m)
    ]  # fmt: skip


def renewing(rows: list[Membership], holdings: Holdings) -> list[Task]:
    return [
        Task(f"Renouveler expressément l’adhésion {of(m.organization)}", m.get_absolute_url(),
             f"dernier jour pour délibérer : {last:%d/%m/%Y}", "à délibérer")
        for m, last in express_due(rows, holdings.today, (holdings.versions, holdings.offers))
    ]  # fmt: skip


def changing(rows: list[Membership], today: date) -> list[Task]:
    return [
        Task(f"Revoir le choix {of(a.membership.organization)}", a.membership.get_absolute_url(), " ".join(a.why), "à revoir")
        for a in alerts_on(rows, today)
    ]  # fmt: skip


def pending(user: Any, rows: list[Membership], today: date) -> list[Task]:
    """Count what is being prepared, examined, or closed."""
    address = reverse("memberships")
    begun = [m for m in rows if m.state_on(today) == MembershipState.PREPARING]
    preparing = len(begun)
    open_ = Examination.objects.visible_to(user).filter(decided_on=None, membership__dropped_on=None).count()
    leaving = ExitTask.objects.visible_to(user).filter(done_on=None, notice__withdrawn_on=None).count()
    found = (
        (preparing, "Compléter les adhésions en préparation", counted(preparing, "adhésion"),
         begun[0].get_absolute_url() if preparing == 1 else f"{address}?state=preparing", "à compléter"),
        (open_, "Décider les examens approfondis", counted(open_, "examen"), f"{address}?state=preparing", "à décider"),
        (leaving, "Préparer les sorties", f"{counted(leaving, 'tâche')}{who_leaves(rows, today)}", f"{address}?state=notice",
         "à faire"),
    )  # fmt: skip
    return [Task(label, url, fact, words) for count, label, fact, url, words in found if count]


def who_leaves(rows: list[Membership], today: date) -> str:
    """Say who leaves and when, the first of them when they are many."""
    leaving = sorted((m.ends_on, str(m.organization)) for m in rows
                     if m.ends_on is not None and m.state_on(today) == MembershipState.NOTICE)  # fmt: skip
    told = ", ".join(f"{name} le {medium_date(day)}" for day, name in leaving[:MOST_NAMED])
    more = f", et {counted(len(leaving) - MOST_NAMED, 'autre')}" if len(leaving) > MOST_NAMED else ""
    return f" : {told}{more}" if told else ""
