"""Another e-mail address for an account: asked by its owner, proved from the new address, told to the former one."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.db import transaction
from django.urls import reverse

from communis.directory import letters
from communis.directory.models import Account
from communis.kit.refusals import Refusal

_SALT = "communis.directory.addresses"
LASTS = 24 * 3600  # seconds
OVER = "Ce lien ne sert plus : il a déjà servi, il date de plus de 24 heures, ou il a été coupé par votre messagerie."


@transaction.atomic
def ask(account: Account, address: str) -> None:
    """Send a link to the address wanted; when it is that of another account, tell its owner instead, and the asker nothing."""
    owner = Account.objects.filter(email=address).first()
    if owner is not None:
        letters.address_taken(owner)
        return
    token = signing.dumps([account.pk, account.email, address], salt=_SALT)
    letters.confirm_address(account, address=address, path=reverse("confirm-address", args=[token]))


def asked_by(token: str) -> tuple[Account, str]:
    """Return the account and the address that a link confirms. Raises Refusal when it serves no more."""
    try:
        key, former, address = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        raise Refusal(OVER) from None
    account = Account.objects.filter(pk=key, email=former, is_active=True).first()
    if account is None or Account.objects.filter(email=address).exists():
        raise Refusal(OVER)
    return account, address


@transaction.atomic
def confirm(token: str, *, at: datetime) -> Account:
    """Give an account the address that its link names, and tell the former one. Raises Refusal when the link serves no more."""
    account, address = asked_by(token)
    former = account.email
    if not Account.objects.filter(pk=account.pk, email=former).update(email=address):
        raise Refusal(OVER)
    account.email = address
    letters.address_changed(account, former=former, at=at)
    return account
