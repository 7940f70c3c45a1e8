"""The jobs of the foundation."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from communis.foundation import mail

TRIES = 6


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
