"""The jobs of the directory: each night, rights that should have ended; each morning, what people receive once a day."""

from __future__ import annotations

from datetime import date, datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from communis.directory import access, invitations, letters, sessions
from communis.directory.enums import GrantRole
from communis.directory.models import Account, Grant
from communis.foundation.mail import QUEUE, compose_digest
from communis.foundation.scope import pool_scope
from communis.kit.formats import long_date


@app.periodic(cron="15 3 * * *")
@app.task(name="directory.review_access", queueing_lock="directory.review_access", pass_context=False)
def review_access(timestamp: int) -> None:
    """End the rights of those who left, in every pool, and forget the sessions that are over."""
    now = timezone.now()
    for pool in open_pools():
        with pool_scope(pool):
            review_pool(now)
    sessions.forget_ended_sessions(now)


@app.periodic(cron="30 5 * * *")
@app.task(name="directory.send_digests", queueing_lock="directory.send_digests", pass_context=False)
def send_digests(timestamp: int) -> None:
    """Send each person, in each of its pools, one e-mail with all that was held since yesterday."""
    today = long_date(timezone.localdate())
    for account in Account.objects.filter(is_active=True).order_by("pk"):
        for pool in sorted({pool for pool, _ in access.rights_of(account)}):
            with pool_scope(pool):
                compose_digest(account, today)


@app.task(name=letters.FORGOTTEN, queue=QUEUE)
def forgotten(*, account: int) -> None:
    """Write to somebody who forgot a password; nobody when the address is that of no account."""
    found = Account.objects.filter(pk=account, is_active=True).first()
    if found is not None:
        letters.forgotten(found, path=reset_path(found))


def reset_path(account: Account) -> str:
    """Return the link that lets somebody choose another password, once."""
    key = {"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)}
    return reverse("account_reset_password_from_key", kwargs=key)


def open_pools() -> list[int]:
    """Return the pools where somebody has a right today: each account shows the database its own, no list shows them all."""
    accounts = Account.objects.filter(is_active=True)
    return sorted({pool for account in accounts for pool, _ in access.rights_of(account)})


def review_pool(now: datetime) -> None:
    """End what must end in the pool in scope; tell the direction, with the dormant accounts on the first of the month."""
    today = timezone.localdate(now)
    ended, kept = invitations.end_rights_of_ended_roles(now)
    lines = [f"{told(grant)}, le {long_date(last_day_of(grant))}" for grant in ended]
    lines += [f"{told(grant)} : gardé, car personne d’autre ne dirige le service" for grant in kept]
    asleep = [told(grant) for grant in invitations.dormant_grants(today)] if today.day == 1 else []
    if not lines and not asleep:
        return
    directors = Grant.objects.unscoped().in_force(today).filter(role=GrantRole.DIRECTOR, account__is_active=True)
    for grant in directors.select_related("account").order_by("pk"):
        letters.review(grant.account, ended=lines, dormant=asleep)


def last_day_of(grant: Grant) -> date:
    """Return the last day of the role that a right came with, and ended with."""
    assert grant.held_as is not None and grant.held_as.ends_on is not None
    return grant.held_as.ends_on


def told(grant: Grant) -> str:
    name = grant.get_role_display()
    return f"{grant.account}, {name}, {grant.organization}" if grant.organization_id else f"{grant.account}, {name}"
