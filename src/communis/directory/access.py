"""Who may do what in the directory, and how an account enters a pool."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from communis.directory.enums import ACCESS_READERS, HOST_ROLES, STAFF_READERS, STEP_UP_ROLES, GrantRole
from communis.directory.models import Account, Grant, Organization, Person, Role
from communis.foundation.scope import account_scope, pool_scope
from communis.foundation.tenancy import Pool

_MINE = """
    SELECT pool_id FROM directory_grant
    WHERE account_id = %s AND starts_on <= %s AND (ends_on IS NULL OR ends_on >= %s) GROUP BY pool_id ORDER BY pool_id
"""

_MY_ROLES = """
    SELECT pool_id, role FROM directory_grant
    WHERE account_id = %s AND starts_on <= %s AND (ends_on IS NULL OR ends_on >= %s) ORDER BY pool_id, role
"""
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def pools_of(account: Account) -> list[int]:
    """Return the pools an account has rights in today; the database shows an account its own grants, whatever the pool."""
    if not account.is_active:
        return []
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_MINE, [account.pk, today, today])
        return [pool for (pool,) in cursor.fetchall()]


def grants_of(account: Account, asked: int | None) -> tuple[int, tuple[Grant, ...]] | None:
    """Return the pool to work in and the rights there: the one asked for, else the only one; None when one must choose."""
    pools = pools_of(account)
    pool = asked if asked in pools else pools[0] if len(pools) == 1 else None
    if pool is None:
        return None
    with pool_scope(pool):
        grants = Grant.objects.unscoped().in_force(timezone.localdate()).filter(account=account).order_by("pk")
        return pool, tuple(grants)


def names_of(pools: list[int]) -> list[Pool]:
    """Return the pools by name, each read within its own scope."""
    found = []
    for pool in pools:
        with pool_scope(pool):
            found.append(Pool.objects.get(pk=pool))
    return sorted(found, key=lambda p: p.name)


def rights_of(account: Account) -> list[tuple[int, str]]:
    """Return the pools an account has rights in today, with each right; also outside any request."""
    today = timezone.localdate()
    with account_scope(account.pk), connection.cursor() as cursor:
        cursor.execute(_MY_ROLES, [account.pk, today, today])
        return cursor.fetchall() if account.is_active else []


# ------------------------------------------------------------ the second factor


def second_factors_of(account: Account) -> list[Authenticator]:
    """Return the second factors that an account has set up: recovery codes alone are not one."""
    return list(Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_FACTORS).order_by("type", "created_at", "pk"))


def grants_in(account: Account, pool: int, today: date) -> list[Grant]:
    """Return the rights of an account in one of its pools, in force or to come."""
    with pool_scope(pool):
        own = Grant.objects.unscoped().filter(Q(ends_on=None) | Q(ends_on__gte=today), account=account)
        return list(own.select_related("organization").order_by("role", "organization__sort_name", "pk"))


def must_step_up(account: Account) -> bool:
    """Tell whether a right in the pool in scope requires a second factor that the account has not set up (SEC-06)."""
    if not settings.COMMUNIS_SECOND_FACTOR:
        return False
    return any(grant.role in STEP_UP_ROLES for grant in account.grants) and not second_factors_of(account)


def step_up_roles_of(account: Account) -> list[GrantRole]:
    """Return the rights of an account, in any pool, that require a second factor."""
    if not settings.COMMUNIS_SECOND_FACTOR:
        return []
    return sorted({GrantRole(role) for _, role in rights_of(account) if role in STEP_UP_ROLES})


# ------------------------------------------------------------ what one may do


def may_manage_directory(user: Any) -> bool:
    """The direction and the finances of the service keep the directory."""
    return bool(user.holds(GrantRole.DIRECTOR, GrantRole.FINANCE))


def may_manage_access(user: Any) -> bool:
    """The direction of the service gives rights and takes them back."""
    return bool(user.holds(GrantRole.DIRECTOR))


def may_keep_outside(user: Any) -> bool:
    """Suppliers and partners are kept by the host’s staff, those who only read apart."""
    return bool(user.holds(*(HOST_ROLES - {GrantRole.AUDITOR})))


def may_read_staff(user: Any) -> bool:
    """The files of the staff are read by those who lead the department, and by the auditor (SEC-04)."""
    return bool(user.holds(*STAFF_READERS))


def may_manage_staff(user: Any) -> bool:
    return bool(user.holds(GrantRole.DIRECTOR))


def is_of_host(user: Any) -> bool:
    """Tell whether somebody works for the host: the pages about all members are theirs."""
    return bool(user.is_staff_of_host)


def may_read_file(user: Any, organization: Organization) -> bool:
    """The host’s staff reads the whole file of every organization; a member, its own."""
    return bool(user.is_staff_of_host) or organization.pk in user.organizations


def may_reach(user: Any, organization: Organization) -> bool:
    """Members know of each other what the public registers say; how to reach one is told to itself, and to all of the host."""
    return organization.is_host or may_read_file(user, organization)


def may_keep_organization(user: Any, organization: Organization) -> bool:
    """The service keeps every file; the executive and the office of a member keep its own contacts, people and calendar."""
    if may_manage_directory(user):
        return True
    return organization.pk in user.writes_for


def may_keep_some_organization(user: Any) -> bool:
    """Tell whether there is an organization whose acts, contacts, people and calendar somebody keeps."""
    return may_manage_directory(user) or bool(user.writes_for)


def may_keep_person(user: Any, person: Person) -> bool:
    """The service keeps everybody; a member’s office, the people of its own organization and of no other."""
    if may_manage_directory(user):
        return True
    held = list(Role.objects.unscoped().filter(person=person).select_related("organization"))
    return bool(held) and all(may_keep_organization(user, r.organization) for r in held)


def may_see_access(user: Any) -> bool:
    """The direction and the finances of the service see who enters it, and since when."""
    return bool(user.holds(*ACCESS_READERS))


def may_read_mail_of_pool(user: Any) -> bool:
    """The direction reads what the service sends; links that let people in are hidden from it."""
    return may_manage_access(user)
