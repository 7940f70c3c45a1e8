"""Accounts and their rights, for the tests that drive pages."""

from datetime import date

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from communis.directory.enums import GrantRole
from communis.directory.models import Account, Grant
from communis.foundation.scope import pool_scope
from factories.pools import FIRST, organization

PASSWORD = "trois-chevaux-verts-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EARLY = date(2020, 1, 1)


def account(email="jeanne@exemple.fr", name="Jeanne Martin", password=PASSWORD):
    return Account.objects.create_user(email, password, name=name)


def grant(to, role=GrantRole.DIRECTOR, pool=FIRST, organization=None, starts_on=EARLY, ends_on=None, **fields):
    """Give a right in a pool."""
    with pool_scope(pool):
        made = Grant(account=to, role=role, organization=organization, starts_on=starts_on, ends_on=ends_on, **fields)
        made.save()
    return made


def director(email="jeanne@exemple.fr", name="Jeanne Martin", pool=FIRST, password=PASSWORD):
    made = account(email, name, password)
    grant(made, GrantRole.DIRECTOR, pool)
    return made


def mayor(email="maire@exemple.fr", name="Paul Roux", pool=FIRST, town="Aubépine"):
    made = account(email, name)
    with pool_scope(pool):
        member = organization(town)
    grant(made, GrantRole.ELECTED, pool, organization=member)
    return made


def with_application(to):
    """Give an account an application of codes, with its recovery codes."""
    totp.TOTP.activate(to, TOTP_SECRET)
    RecoveryCodes.activate(to)
    return to


def code_at(seconds):
    """The code that the application shows at a moment."""
    return totp.format_hotp_value(totp.hotp_value(TOTP_SECRET, int(seconds) // 30))


def has_application(to):
    return Authenticator.objects.filter(user=to, type=Authenticator.Type.TOTP).exists()


def sign_in(client, to, password=PASSWORD, **more):
    return client.post("/compte/connexion/", {"login": to.email, "password": password, **more})
