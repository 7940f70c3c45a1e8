"""The worker: runs the jobs of the database. What a job enqueues is enqueued only if its transaction succeeds."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import django

BEAT_SECONDS = 5
SILENT_BEATS = 4  # a worker that has missed so many is lost, and its jobs are taken up again
_GRACE_SECONDS = 1  # then long runs are told to stop; the other jobs may end


def work(beat: int = BEAT_SECONDS) -> int:
    """Run jobs until asked to stop, and take up those of lost workers; `beat` is the time between two signs of life."""
    django.setup()
    from procrastinate.contrib.django import app  # slow: comes with Django
    from procrastinate.contrib.django.django_connector import DjangoConnector  # slow: comes with Django

    from communis.foundation.tasks import rescue_forever  # slow: comes with Django

    async def run() -> None:
        # The shared app keeps Django's connection: a job enqueued within a job belongs to its transaction.
        connector = app.connector
        assert isinstance(connector, DjangoConnector), connector
        worker = app.with_connector(connector.get_worker_connector())
        async with worker.open_async():
            rescuing = asyncio.create_task(rescue_forever(worker, every=beat, silent=SILENT_BEATS * beat))
            try:
                await worker.run_worker_async(
                    concurrency=2, shutdown_graceful_timeout=_GRACE_SECONDS, install_signal_handlers=True,
                    update_heartbeat_interval=beat, stalled_worker_timeout=SILENT_BEATS * beat,
                )  # fmt: skip
            finally:
                rescuing.cancel()
                with suppress(asyncio.CancelledError):
                    await rescuing

    asyncio.run(run())
    return 0
