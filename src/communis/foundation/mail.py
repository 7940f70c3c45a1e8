"""E-mails: written in the transaction of what they tell, sent by a job, each once.

A room declares the kinds it sends. Those that are not optional leave at once; the others at the pace each person chose, or once a
day in one message. What people typed goes into headers only after `one_line`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from procrastinate.contrib.django import app

from communis.foundation.outbox import Mail, MailPreference, MailState, Pace
from communis.foundation.scope import account_scope, current_pool
from communis.foundation.tenancy import Pool

SEND = "mail.send"
QUEUE = "mail"
INTERRUPTED = "L’envoi a été interrompu\u00a0: le message est peut-être parti, il n’est pas renvoyé."
LONGEST_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of e-mail: its words for the page of preferences, and the pace it has until one chooses another."""

    code: str
    label: str
    help: str = ""
    optional: bool = False
    pace: Pace = Pace.NOW


KINDS: dict[str, Kind] = {}


def declare(*kinds: Kind) -> None:
    """Make kinds of e-mail known, once each."""
    for kind in kinds:
        if KINDS.setdefault(kind.code, kind) != kind:
            raise ValueError(f"The kind of e-mail {kind.code!r} is declared twice.")


DIGEST = Kind("digest", "récapitulatif du jour", "Ce que vous recevez une fois par jour, en un seul message.")
declare(DIGEST)


def one_line(text: str) -> str:
    """Return a text without line breaks nor control or direction characters: nothing typed makes a second header."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(" {2,}", " ", kept).strip(" ")


def pace_of(account: Any, kind: Kind) -> Pace:
    """Return how often a person hears of something: always at once when it is not optional."""
    if not kind.optional:
        return Pace.NOW
    chosen = MailPreference.objects.filter(account=account, kind=kind.code).values_list("pace", flat=True).first()
    return Pace(chosen) if chosen else kind.pace


@transaction.atomic
def choose_pace(account: Any, kind: str, pace: str) -> None:
    """Record how often a person wants a kind of e-mail; the default leaves no row."""
    if not KINDS[kind].optional:
        raise ValueError(f"{kind} is not optional")
    MailPreference.objects.filter(account=account, kind=kind).delete()
    if pace != KINDS[kind].pace:
        MailPreference.objects.create(account=account, kind=kind, pace=Pace(pace))


def post(kind: str, to: Any, *, subject: str, text: str, address: str = "") -> Mail | None:
    """Write an e-mail of the pool in scope to an account; nothing when the person never wants it."""
    chosen = KINDS[kind]
    pace = pace_of(to, chosen)
    if pace == Pace.NEVER:
        return None
    held = pace == Pace.DAILY
    return _written(to, pool=current_pool(), kind=kind, subject=subject, text=text, address=address, held=held)


def post_to_account(kind: str, to: Any, *, subject: str, text: str, address: str = "") -> Mail:
    """Write an e-mail about the account itself, which belongs to no pool and is always sent."""
    if KINDS[kind].optional:
        raise ValueError(f"{kind} is optional: it belongs to a pool")
    return _written(to, pool=None, kind=kind, subject=subject, text=text, address=address, held=False)


def _written(to: Any, *, pool: int | None, kind: str, subject: str, text: str, address: str, held: bool) -> Mail:
    name = "communis" if pool is None else Pool.objects.get(pk=pool).name
    with account_scope(to.pk):
        mail = Mail(
            pool_id=pool, account=to, address=address or to.email, kind=kind, subject=one_line(subject)[:LONGEST_SUBJECT],
            text=text if held else signed(text, name, KINDS[kind]), state=MailState.HELD if held else MailState.WAITING,
        )  # fmt: skip
        mail.save(force_insert=True)
        if not held:
            app.configure_task(SEND, queue=QUEUE).defer(mail=mail.pk, account=to.pk)
    return mail


def signed(text: str, service: str, kind: Kind) -> str:
    """Add the signature: the service, where it is, and how to hear less of it when one may."""
    lines = [text.strip(), "", "-- ", service, settings.ORIGIN]
    if kind.optional or kind is DIGEST:
        lines += ["", f"Pour choisir ce que vous recevez\u00a0: {settings.ORIGIN}/compte/notifications/"]
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------ once a day


@transaction.atomic
def compose_digest(account: Any, today: str) -> Mail | None:
    """Put what is held for a person in the pool in scope into one e-mail; none when nothing is."""
    held = list(
        Mail.objects.unscoped().select_for_update().filter(account=account, state=MailState.HELD).order_by("created_at", "id")
    )
    if not held:
        return None
    count = "1\u00a0information" if len(held) == 1 else f"{len(held)}\u00a0informations"
    name = Pool.objects.get(pk=current_pool()).name
    mail = post(DIGEST.code, account, subject=f"{name}\u00a0: {count} du {today}", text=_joined(account, count, held))
    Mail.objects.unscoped().filter(pk__in=[m.pk for m in held]).update(state=MailState.GROUPED, grouped_in=mail)
    return mail


def _joined(account: Any, count: str, held: Iterable[Mail]) -> str:
    parts = [f"Bonjour {one_line(account.name)},\n\nDepuis le dernier récapitulatif, {count}\u00a0:"]
    for rank, mail in enumerate(held, start=1):
        parts.append(f"{rank}. {mail.subject}\n\n{mail.text.strip()}")
    return "\n\n".join(parts)


# ------------------------------------------------------------ sending


def take(mail: int, account: int) -> Mail | None:
    """Take an e-mail to send it, in a transaction of its own; None when it left, or may have."""
    with account_scope(account):
        found = Mail.objects.of_account(AccountKey(account)).select_for_update().filter(pk=mail).first()
        if found is None or found.state not in (MailState.WAITING, MailState.SENDING):
            return None
        if found.state == MailState.SENDING:
            _mark(found, MailState.FAILED, error=INTERRUPTED)
            return None
        _mark(found, MailState.SENDING)
        return found


def deliver(mail: Mail, now: datetime) -> None:
    """Send an e-mail that was taken, and record it."""
    message(mail).send()
    with account_scope(mail.account_id):
        mail.sent_at = now
        _mark(mail, MailState.SENT)


def give_up(mail: Mail, error: str, *, for_good: bool) -> None:
    """Record that an e-mail did not leave: it waits for another try, unless it was the last."""
    with account_scope(mail.account_id):
        _mark(mail, MailState.FAILED if for_good else MailState.WAITING, error=one_line(error)[:300])


@dataclass(frozen=True, slots=True)
class AccountKey:
    """An account known by its key only."""

    pk: int


def _mark(mail: Mail, state: MailState, error: str = "") -> None:
    mail.state, mail.error = state, error
    Mail.objects.of_account(AccountKey(mail.account_id)).filter(pk=mail.pk).update(state=state, error=error, sent_at=mail.sent_at)


def message(mail: Mail) -> EmailMessage:
    """Return the message to send; its identifier is that of the row, so that a mailbox knows a second copy."""
    name, domain = one_line(mail.account.name), settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    user, _, host = mail.address.rpartition("@")
    to = str(Address(display_name=name, username=user, domain=host)) if name else mail.address
    headers = {
        "Message-ID": f"<courriel-{mail.pk}@{domain}>", "Auto-Submitted": "auto-generated", "X-Communis-Mail": str(mail.pk),
    }  # fmt: skip
    return EmailMessage(one_line(mail.subject), mail.text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
