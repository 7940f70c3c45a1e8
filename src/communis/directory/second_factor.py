"""A second factor lost with its recovery codes: whoever keeps the machine takes it away, and it is set up again (SEC-06)."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from communis.directory import letters
from communis.directory.access import second_factors_of
from communis.directory.models import Account
from communis.directory.sessions import end_sessions
from communis.foundation.problems import Impossible


@transaction.atomic
def take_away(email: str, *, at: datetime) -> Account:
    """Remove the second factor of an account and its recovery codes, end its sessions, and tell its owner by e-mail.

    Nobody does it for another in the pages: a direction that could would enter any account whose password it resets.
    Raises Impossible for an address without account, and where there is nothing to take away.
    """
    account = Account.objects.filter(email=email.casefold()).first()
    if account is None:
        raise Impossible(f"Aucun compte n’a l’adresse « {email} ».")
    if not second_factors_of(account):
        raise Impossible(f"{account.email} n’a pas de second facteur : rien n’est à retirer.")
    Authenticator.objects.filter(user_id=account.pk).delete()
    end_sessions(account)
    letters.changed(account, letters.TAKEN_AWAY, at=at)
    return account
