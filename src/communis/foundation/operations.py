"""What may be done to long runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from communis.foundation.enums import Outcome
from communis.foundation.jobs import KINDS, PERFORM, end
from communis.foundation.models import Run
from communis.foundation.scope import current_pool


@transaction.atomic
def start_run(kind: str, *, account: int, now: datetime, parameters: dict[str, Any] | None = None) -> Run:
    """Ask for a long run in the pool in scope: it begins once the caller’s transaction is kept, and not at all if it is not."""
    run = Run(kind=kind, title=KINDS[kind].title, account_id=account, asked_at=now, parameters=parameters or {})
    run.save()
    app.configure_task(PERFORM).defer(pool=run.pool_id, account=account, run=run.pk)
    return run


@transaction.atomic
def start_or_join_run(kind: str, *, account: int, now: datetime, parameters: dict[str, Any]) -> tuple[Run, bool]:
    """Ask for a long run unless the same one is under way, whoever asked for it: it is joined. Tell whether it was started."""
    with connection.cursor() as cursor:  # two who ask at the same second: the second finds the run of the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{current_pool()} {kind}"])
    asked = Run.objects.unscoped().filter(kind=kind, parameters=parameters, ended_at=None, cancel_asked_at=None)
    found: Run | None = asked.select_related("account").first()
    if found is not None:
        return found, False
    return start_run(kind, account=account, now=now, parameters=parameters), True


@transaction.atomic
def cancel_run(run: Run, *, now: datetime) -> None:
    """Ask a run to stop: at once if it has not begun, else where it next reports; nothing changes for one that has ended."""
    run = Run.objects.unscoped().select_for_update().get(pk=run.pk)
    if run.ended_at:
        return
    Run.objects.unscoped().filter(pk=run.pk, cancel_asked_at=None).update(cancel_asked_at=now)
    if run.started_at is None:
        end(run, Outcome.CANCELLED, "", now)
