"""Who enters a service: invitations sent, accepted, withdrawn; rights given and ended. The predicate was asked before."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from communis.directory import letters
from communis.directory.enums import HOST_ROLES, GrantRole
from communis.directory.letters import Given
from communis.directory.models import Account, Grant, Invitation, Organization, Role
from communis.foundation.mail import one_line
from communis.foundation.scope import current_pool
from communis.foundation.tenancy import Pool
from communis.kit.formats import long_date, of
from communis.kit.refusals import Refusal
from communis.tariff.calendar import ONE_DAY

VALID_FOR = timedelta(days=7)
DORMANT_AFTER = 6  # months without signing in


@transaction.atomic
def invite(
    *,
    by: Account,
    email: str,
    name: str,
    role: str,
    starts_on: date,
    now: datetime,
    ends_on: date | None = None,
    organization: Organization | None = None,
    held_as: Role | None = None,
) -> Grant:
    """Give a right to somebody, known or not; whoever has no password yet receives a link that serves once, for seven days."""
    _check_period(starts_on, ends_on, timezone.localdate(now))
    if (role in HOST_ROLES) == (organization is not None):
        raise Refusal("Un droit du service ne nomme pas d’organisation ; un droit de membre en nomme une.")
    account = _account(email, one_line(name))
    if not account.is_active:
        raise Refusal("Ce compte est fermé. Demandez à qui administre l’installation de le rouvrir avant de l’inviter.")
    same = Grant.objects.unscoped().filter(account=account, role=role, organization=organization)
    if same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on)).exists():
        raise Refusal(f"{account} a déjà ce droit. Pour en changer les dates, mettez-y fin d’abord.")
    grant = Grant(
        account=account, role=role, organization=organization, starts_on=starts_on, ends_on=ends_on,
        held_as=held_as or role_of(account, organization, starts_on),
    )  # fmt: skip
    grant.save()
    if account.has_usable_password():
        letters.welcome(account, given(grant), by=str(by))
    else:
        invitation = Invitation(account=account, grant=grant, name=one_line(name), invited_by=by)
        _send(invitation, grant, now)
    return grant


def _check_period(starts_on: date, ends_on: date | None, today: date) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Refusal(f"La fin du droit doit suivre son début, le {long_date(starts_on)}.")
    if ends_on is not None and ends_on < today:
        raise Refusal("La fin du droit est déjà passée : écrivez une date à venir, ou aucune.")


def _account(email: str, name: str) -> Account:
    """Return the account of an address, locked; made without a password if there is none."""
    address = Account.objects.normalize_email(email).casefold()
    if not Account.objects.filter(email=address).exists():
        try:
            with transaction.atomic():
                Account.objects.create_user(address, None, name=name)
        except IntegrityError:  # somebody else invited the same person at the same moment
            pass
    return Account.objects.select_for_update().get(email=address)


def _send(invitation: Invitation, grant: Grant, now: datetime) -> None:
    """Send the link; a former one no longer serves."""
    secret = secrets.token_urlsafe(32)
    invitation.digest = digest(secret)
    invitation.sent_at, invitation.expires_at = now, now + VALID_FOR
    invitation.save()
    path = reverse("accept-invitation", kwargs={"pool": current_pool(), "number": invitation.pk, "secret": secret})
    letters.invite(
        invitation.account, given(grant), name=invitation.name, by=str(invitation.invited_by), path=path,
        until=timezone.localdate(invitation.expires_at),
    )  # fmt: skip


def role_of(account: Account, organization: Organization | None, on: date) -> Role | None:
    """Return the role that somebody of this address holds there on a day, the longest: a right given then ends with it."""
    where = Q(organization=organization) if organization else Q(organization__is_host=True)
    held = Role.objects.unscoped().on(on).filter(where, person__email__iexact=account.email)
    return held.order_by(F("ends_on").desc(nulls_first=True), "pk").first()


def touched_by(role: Role, today: date) -> str:
    """Say what the end of a role does to the access of who holds it (SEC-07)."""
    still = Grant.objects.unscoped().in_force(today).select_related("organization").order_by("pk")
    own = [str(grant) for grant in still.filter(held_as=role)]
    known = Q(account__email__iexact=role.person.email) if role.person.email else Q(account=role.person.account_id)
    others = [str(grant) for grant in still.filter(known, organization=role.organization).exclude(held_as=role)]
    words = [f"Son droit d’accès « {' », « '.join(own)} » prendra fin avec ce rôle."] if own else []
    if others:
        words.append(f"Son droit « {' », « '.join(others)} » ne tient pas à ce rôle : mettez-y fin dans « Accès » s’il le faut.")
    return " ".join(words)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def given(grant: Grant) -> Given:
    """Return a right as an e-mail tells it."""
    service = Pool.objects.get(pk=current_pool()).name
    return Given(service, grant.get_role_display(), str(grant.organization) if grant.organization_id else "")


@transaction.atomic
def resend(invitation: Invitation, now: datetime) -> None:
    """Send another link; the former one no longer serves."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.grant is None:
        raise Refusal(f"L’invitation {of(invitation)} n’est plus en attente : elle a été acceptée ou retirée.")
    _send(invitation, invitation.grant, now)


@transaction.atomic
def withdraw(invitation: Invitation, now: datetime) -> None:
    """Withdraw an invitation and the right that came with it."""
    invitation = _locked(invitation)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Refusal(f"L’invitation {of(invitation)} n’est plus en attente. Pour fermer son accès, mettez fin à son droit.")
    grant, invitation.withdrawn_at, invitation.grant = invitation.grant, now, None
    invitation.save(update_fields=["withdrawn_at", "grant"])
    if grant is not None:
        grant.delete()


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.unscoped().select_for_update().get(pk=invitation.pk)


def found(number: int, secret: str) -> Invitation | None:
    """Return the invitation of a link, in the pool in scope; none when its secret is not the right one."""
    invitation = Invitation.objects.unscoped().select_related("account", "invited_by").filter(pk=number).first()
    known = invitation.digest if invitation else digest("")
    return invitation if constant_time_compare(known, digest(secret)) and invitation else None


@transaction.atomic
def accept(invitation: Invitation, password: str, now: datetime) -> Account:
    """Choose a first password by the link of an invitation, which serves once; those who have one already keep it."""
    invitation = _locked(invitation)
    if not invitation.is_open(now):
        raise Refusal("Ce lien ne sert plus.")
    account = Account.objects.select_for_update().get(pk=invitation.account_id)
    if account.has_usable_password():
        raise Refusal("Vous avez déjà un mot de passe : connectez-vous avec lui.")
    account.set_password(password)
    account.save(update_fields=["password"])
    Invitation.objects.unscoped().pending().filter(account=account).update(accepted_at=now)
    return account


# ------------------------------------------------------------ the end of rights


@transaction.atomic
def end_grants(grants: Iterable[Grant], *, last_day: date, now: datetime) -> list[Grant]:
    """End rights after a day, all or none; one that has not begun by then is taken back. The service keeps a director."""
    keys = [grant.pk for grant in grants]
    locked = list(Grant.objects.unscoped().select_for_update().filter(pk__in=keys).order_by("pk"))
    if any(grant.role == GrantRole.DIRECTOR for grant in locked) and not _other_director(keys, last_day):
        raise Refusal("Le service n’aurait plus de direction : donnez d’abord ce droit à une autre personne.")
    for grant in locked:
        _end(grant, last_day, now)
    return locked


def _other_director(but: list[int], last_day: date) -> bool:
    """Tell whether somebody directs the service the day after, as far as one knows; those rights are locked until the end."""
    after = last_day + ONE_DAY
    directors = Grant.objects.unscoped().in_force(after).filter(role=GrantRole.DIRECTOR, account__is_active=True)
    return directors.select_for_update(of=("self",)).exclude(pk__in=but).first() is not None


def _end(grant: Grant, last_day: date, now: datetime) -> None:
    if grant.ends_on is not None and grant.ends_on <= last_day:
        return
    letters.farewell(grant.account, given(grant), last_day=last_day)
    Invitation.objects.unscoped().pending().filter(grant=grant).update(withdrawn_at=now)
    if last_day < grant.starts_on:
        grant.delete()
    else:
        grant.ends_on = last_day
        grant.save(update_fields=["ends_on"])


def outlives_its_role(today: date) -> Q:
    """Tell which rights came with a role that has ended, and last longer than it (SEC-07)."""
    return Q(held_as__ends_on__lt=today) & (Q(ends_on=None) | Q(ends_on__gt=F("held_as__ends_on")))


@transaction.atomic
def end_rights_of_ended_roles(now: datetime) -> tuple[list[Grant], list[Grant]]:
    """End the rights of those whose role has ended, from its last day; return them, and those left so that somebody directs."""
    ended, kept = [], []
    late = Grant.objects.unscoped().filter(outlives_its_role(timezone.localdate(now)))
    for grant in late.select_related("account", "organization", "held_as").order_by("pk"):
        try:
            end_grants([grant], last_day=grant.held_as.ends_on, now=now)
        except Refusal:
            kept.append(grant)
        else:
            ended.append(grant)
    return ended, kept


def dormant_since(today: date) -> date:
    """Return the day before which the last sign-in makes an account dormant."""
    year, month = divmod(today.year * 12 + today.month - 1 - DORMANT_AFTER, 12)
    return min(date(year, month + 1, 28), date(year, month + 1, 1) + timedelta(days=today.day - 1))


def is_dormant(today: date) -> Q:
    """Tell which rights in force are those of accounts which have not signed in for more than six months (SEC-07)."""
    since = dormant_since(today)
    asleep = Q(account__last_login__date__lt=since) | Q(account__last_login=None)
    return asleep & Q(starts_on__lt=since) & (Q(ends_on=None) | Q(ends_on__gte=today))


def dormant_grants(today: date) -> list[Grant]:
    """Return the rights of the accounts which sleep."""
    grants = Grant.objects.unscoped().filter(is_dormant(today)).select_related("account", "organization")
    return list(grants.order_by("account__name", "pk"))
