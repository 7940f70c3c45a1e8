"""The jobs of conventions: each night, the renewals and the ends that are due, in every pool; the same, asked by somebody."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from communis.agreements import access
from communis.agreements.authors import Author
from communis.agreements.operations.renewals import BY_ITSELF, begun, renew_batch
from communis.directory.tasks import open_pools
from communis.foundation.jobs import Work, run_kind
from communis.foundation.scope import pool_scope
from communis.kit.formats import counted

RENEW = "agreements.renew"


@run_kind(RENEW, title="Reconductions tacites", may=access.may_manage_agreements)
def renew(work: Work) -> str:
    """Write the renewals due, batch by batch: each is kept at once, so that a run taken up again goes on where it was."""
    by = Author(str(work.account), timezone.now())
    with work.scope():
        total = begun(by.today)
    done, after, renewals, ends = 0, 0, 0, 0
    while True:
        with work.scope():
            found = renew_batch(after, by.today, by=by)
        if not found.looked_at:
            break
        after, done = found.last, done + found.looked_at
        renewals, ends = renewals + found.renewals, ends + found.ends
        work.report(done, total)
    return f"{counted(renewals, 'reconduction écrite', 'reconductions écrites')}, {counted(ends, 'fin', 'fins')}."


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
