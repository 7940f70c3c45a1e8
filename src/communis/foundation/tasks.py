"""The jobs of the foundation: long runs, e-mails, what lost workers left, old jobs."""

from __future__ import annotations

import asyncio
import logging

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate import App, JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job, Status

from communis.foundation import jobs, mail

KEPT_HOURS = 7 * 24
TRIES = 6  # of an e-mail that the server refuses
CEILING = 3  # how many times a job is taken up, unless its own retries allow more
log = logging.getLogger(__name__)


@app.task(name=jobs.PERFORM, pass_context=True, retry=RetryStrategy(retry_exceptions=[JobAborted]))
def perform(context: JobContext, *, pool: int, account: int, run: int) -> None:
    """Carry out a run; when the worker stops, leave it to be taken up again at once."""
    try:
        jobs.perform(pool=pool, account=account, run=run, must_stop=context.should_abort, clock=timezone.now)
    except jobs.Interrupted:
        raise JobAborted from None


@app.periodic(cron="40 2 * * *")
@app.task(name="foundation.remove_old_jobs", queueing_lock="foundation.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget, each night, the jobs that ended more than a week ago."""
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEPT_HOURS, remove_failed=True, remove_cancelled=True, remove_aborted=True
    )


async def rescue_forever(worker: App, *, every: int, silent: int) -> None:
    """Look for lost jobs now and again; a look that fails is told and does not prevent the next one."""
    while True:
        try:
            await rescue(worker, silent=silent)
        except Exception:
            log.exception("The search for lost jobs failed")
        await asyncio.sleep(every)


async def rescue(worker: App, *, silent: int) -> None:
    """Take up the jobs whose worker has been silent for so many seconds; give up those that were taken up too many times."""
    for job in await worker.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent):
        if job.attempts < most_attempts(worker, job):
            await worker.job_manager.retry_job(job)
            continue
        await worker.job_manager.finish_job(job, Status.FAILED, delete_job=False)
        if job.task_name == jobs.PERFORM:
            pool, run = number_in(job, "pool"), number_in(job, "run")
            await sync_to_async(jobs.give_up)(pool=pool, run=run, now=timezone.now())


def number_in(job: Job, name: str) -> int:
    """Return one of the numbers that a job carries."""
    number = job.task_kwargs[name]
    assert isinstance(number, int), f"job {job.id}: {name}"
    return number


def most_attempts(worker: App, job: Job) -> int:
    task = worker.tasks.get(job.task_name)
    return max(CEILING, getattr(task and task.retry_strategy, "max_attempts", None) or 0)


@app.task(name=mail.SEND, queue=mail.QUEUE, retry=RetryStrategy(max_attempts=TRIES, exponential_wait=5), pass_context=True)
def send_mail(context: JobContext, *, mail: int, account: int) -> None:
    """Send one e-mail; when the server refuses it, try again later, ever more slowly, six times in all."""
    send(mail, account, last=context.job.attempts >= TRIES)


def send(number: int, account: int, *, last: bool) -> None:
    """Send an e-mail if nobody did."""
    taken = mail.take(number, account)
    if taken is None:
        return
    try:
        mail.deliver(taken, timezone.now())
    except OSError as error:  # SMTP errors are OSErrors: the network, or what the server answered
        mail.give_up(taken, str(error), for_good=last)
        raise
