"""The jobs of conventions: each night, the renewals and the ends that are due, in every pool; the same, asked by somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from communis.agreements import access
from communis.agreements.authors import Author
from communis.agreements.models import Amendment
from communis.agreements.operations.documents import awaiting, draft_votes
from communis.agreements.operations.renewals import BY_ITSELF, begun, renew_batch
from communis.directory.tasks import open_pools
from communis.foundation.jobs import Work, run_kind
from communis.foundation.scope import pool_scope
from communis.kit.formats import counted
from communis.kit.refusals import Refusal

RENEW, VOTES = "agreements.renew", "agreements.draft_votes"
DRAFTED_AT_ONCE = 5  # documents made in one transaction


def back_to_agreement(parameters: dict[str, Any]) -> tuple[str, str]:
    """Say where one goes after the renewals of a convention: to its memberships."""
    agreement = parameters.get("agreement")
    return ("Voir les adhésions", f"{reverse('memberships')}?agreement={agreement}") if agreement else ("", "")


@run_kind(RENEW, title="Reconductions tacites", may=access.may_manage_agreements, following=back_to_agreement)
def renew(work: Work) -> str:
    """Write the renewals due, batch by batch: each is kept at once, so that a run taken up again goes on where it was."""
    by, agreement = Author(str(work.account), timezone.now()), work.parameters.get("agreement")
    with work.scope():
        total = begun(by.today, agreement)
    done, after, renewals, ends = 0, 0, 0, 0
    while True:
        with work.scope():
            found = renew_batch(after, by.today, by=by, agreement=agreement)
        if not found.looked_at:
            break
        after, done = found.last, done + found.looked_at
        renewals, ends = renewals + found.renewals, ends + found.ends
        work.report(done, total)
    return f"{counted(renewals, 'reconduction écrite', 'reconductions écrites')}, {counted(ends, 'fin', 'fins')}."


def back_to_votes(parameters: dict[str, Any]) -> tuple[str, str]:
    """Say where one goes after the drafts on an amendment: to their list."""
    return "Voir les projets de délibération", reverse("amendment-votes", args=[parameters["amendment"]])


@run_kind(VOTES, title="Projets de délibération sur un avenant", may=access.may_manage_agreements, told=(Refusal,),
          following=back_to_votes)  # fmt: skip
def draft_acts(work: Work) -> str:
    """Make ready the draft act of each member that has not adopted an amendment, a few at a time, each kept at once."""
    by = Author(work.account.name, timezone.now())
    with work.scope():
        rows = Amendment.objects.visible_to(work.account).select_related("agreement", "makes__agreement", "makes__adopted_by")
        amendment = rows.get(pk=work.parameters["amendment"])
        total = awaiting(amendment, by.today).count()
    done, after = 0, 0
    while True:
        with work.scope():
            found = draft_votes(amendment, after, by=by, size=DRAFTED_AT_ONCE)
        if not found.made:
            return f"{counted(done, 'projet de délibération prêt', 'projets de délibération prêts')}."
        after, done = found.last, done + found.made
        work.report(done, max(done, total))


@app.periodic(cron="10 2 * * *")
@app.task(name="agreements.renew_every_night", queueing_lock="agreements.renew_every_night", pass_context=False)
def renew_every_night(timestamp: int) -> None:
    """Write, each night, what renews or ends that day, in every pool."""
    by = Author(BY_ITSELF, timezone.now())
    for pool in open_pools():
        renew_pool(pool, by)


def renew_pool(pool: int, by: Author) -> None:
    """Write what is due in a pool, each batch in a transaction of its own."""
    after = 0
    while True:
        with pool_scope(pool):
            found = renew_batch(after, by.today, by=by)
        if not found.looked_at:
            return
        after = found.last
