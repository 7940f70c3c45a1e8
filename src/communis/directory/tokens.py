"""Tokens of programs: made and shown once, revoked, and recognized in a request."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from communis.directory.models import Account, ApiToken
from communis.foundation.api.bearers import Bearer, Unwelcome
from communis.kit.refusals import Refusal

BEGINNING = "communis_"  # by which a token left in a file is recognized
_SHOWN = len(BEGINNING) + 6
_MOST_LIVE = 20  # tokens of an account in a pool
_USE_TOLD_EVERY = timedelta(minutes=10)
_FOUND = """
    SELECT t.id, t.pool_id, t.account_id, t.scopes, t.expires_on, t.revoked_at, t.password_mark
    FROM directory_apitoken t WHERE t.digest = %s
"""


def digest_of(secret: str) -> str:
    """Return what is kept of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(token: ApiToken, *, account: Account, today: date) -> str:
    """Keep a token for an account in the pool in scope, and return it: it is never known again (reliability S8).

    Raises Refusal when the account has too many, and ValidationError for what a token may never be.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    live = ApiToken.objects.unscoped().filter(account=account, revoked_at=None, expires_on__gte=today)
    if live.count() >= _MOST_LIVE:
        raise Refusal(f"Vous avez déjà {_MOST_LIVE} jetons valables dans ce service. Révoquez d’abord ceux qui ne servent plus.")
    secret = BEGINNING + secrets.token_urlsafe(32)
    token.account, token.created_on = account, today
    token.prefix, token.digest = secret[:_SHOWN], digest_of(secret)
    token.password_mark = account.get_session_auth_hash()
    token.full_clean()
    token.save()
    return secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: str, at: datetime) -> None:
    """Revoke a token: its next request is refused. Raises Refusal when it was revoked before."""
    locked = ApiToken.objects.unscoped().select_for_update().get(pk=token.pk)
    if locked.revoked_at is not None:
        raise Refusal(f"Le jeton « {locked} » a déjà été révoqué par {locked.revoked_by}.")
    locked.revoked_at, locked.revoked_by = at, by
    locked.save(update_fields=["revoked_at", "revoked_by"])


def bearer_of(secret: str, now: datetime, today: date) -> Bearer:
    """Return who bears a token and what it may read. Raises Unwelcome, which says why it opens nothing any more."""
    digest = digest_of(secret)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('communis.token', %s, true)", [digest])  # the database shows this row, and no other
        cursor.execute(_FOUND, [digest])
        found = cursor.fetchone()
        cursor.execute("SELECT set_config('communis.token', '', true)")
    if found is None:
        raise Unwelcome("token_unknown")
    key, pool, account_key, scopes, expires_on, revoked_at, password_mark = found
    if revoked_at is not None:
        raise Unwelcome("token_revoked", key)
    if expires_on < today:
        raise Unwelcome("token_expired", key)
    account = Account.objects.get(pk=account_key)
    if not account.is_active:
        raise Unwelcome("account_closed", key)
    if not constant_time_compare(password_mark, account.get_session_auth_hash()):
        raise Unwelcome("password_changed", key)
    return Bearer(account=account, pool=pool, token=key, scopes=frozenset(scopes))


def tell_use(bearer: Bearer, now: datetime) -> None:
    """Note that a token served, to within ten minutes: reading does not write at each request."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_TOLD_EVERY)
    ApiToken.objects.unscoped().filter(stale, pk=bearer.token).update(last_used_at=now)
