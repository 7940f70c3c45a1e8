"""What memberships ask of somebody today: to complete, to decide, to renew, to close; for the page where one lands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from communis.agreements.alerts import alerts_on
from communis.agreements.enums import EndCause, MembershipState
from communis.agreements.models import Examination, ExitTask, Membership
from communis.agreements.operations.renewals import express_due
from communis.agreements.watching import Task, watched
from communis.agreements.wording import of
from communis.kit.formats import counted


def memberships_seen(user: Any) -> list[Membership]:
    """Return the memberships that somebody sees, for what they ask of it and for their dates."""
    return list(Membership.objects.visible_to(user).select_related("organization").prefetch_related("agreement"))


def tasks_of(user: Any, rows: list[Membership], today: date) -> list[Task]:
    """Return what the memberships that somebody sees ask for; a member reads its own (MEM-15, MEM-16, MEM-22, MEM-26, MEM-42)."""
    return [*blocking(rows, today), *renewing(rows, today), *changing(rows, today), *pending(user, rows, today),
            *watched(user, rows, today)]  # fmt: skip


def blocking(rows: list[Membership], today: date) -> list[Task]:
    """Say which memberships expired and were not renewed: nothing is charged any more, for both parties to see (MEM-16)."""
    gone = [m for m in rows if m.state_on(today) == MembershipState.ENDED and m.end_cause == EndCause.TERM]
    if not gone:
        return []
    followed = set(Membership.objects.unscoped().filter(follows__in=gone).values_list("follows_id", flat=True))
    return [
        Task(f"Adhésion expirée : {m.organization}", m.get_absolute_url(),
             f"terme atteint le {m.ends_on:%d/%m/%Y}, plus rien n’est facturé", "expirée", "danger")
        for m in gone if m.pk not in followed
    ]  # fmt: skip


def renewing(rows: list[Membership], today: date) -> list[Task]:
    return [
        Task(f"Renouveler expressément l’adhésion {of(m.organization)}", m.get_absolute_url(),
             f"dernier jour pour délibérer : {last:%d/%m/%Y}", "à délibérer")
        for m, last in express_due(rows, today)
    ]  # fmt: skip


def changing(rows: list[Membership], today: date) -> list[Task]:
    return [
        Task(f"Revoir le choix {of(a.membership.organization)}", a.membership.get_absolute_url(), " ".join(a.why), "à revoir")
        for a in alerts_on(rows, today)
    ]  # fmt: skip


def pending(user: Any, rows: list[Membership], today: date) -> list[Task]:
    """Count what is being prepared, examined, or closed."""
    address = reverse("memberships")
    preparing = sum(m.state_on(today) == MembershipState.PREPARING for m in rows)
    open_ = Examination.objects.visible_to(user).filter(decided_on=None, membership__dropped_on=None).count()
    leaving = ExitTask.objects.visible_to(user).filter(done_on=None, notice__withdrawn_on=None).count()
    found = (
        (preparing, "Compléter les adhésions en préparation", "adhésion", "preparing", "à compléter"),
        (open_, "Décider les examens approfondis", "examen", "preparing", "à décider"),
        (leaving, "Préparer les sorties", "tâche", "notice", "à faire"),
    )
    return [Task(label, f"{address}?state={state}", counted(count, noun), words) for count, label, noun, state, words in found
            if count]  # fmt: skip
