"""The worker: runs the jobs of the database. What a job enqueues is enqueued only if its transaction succeeds."""

from __future__ import annotations

import asyncio


def work() -> int:
    """Run jobs until asked to stop."""
    import django  # slow: half a second

    django.setup()
    from procrastinate.contrib.django import app  # slow: comes with Django

    async def run() -> None:
        worker = app.with_connector(app.connector.get_worker_connector())
        async with worker.open_async():
            await worker.run_worker_async(concurrency=2, shutdown_graceful_timeout=8, install_signal_handlers=True)

    asyncio.run(run())
    return 0
