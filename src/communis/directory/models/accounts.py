"""Who signs in, and what an account may do in a pool."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from communis.directory.enums import ACCESS_READERS, HOST_ROLES, MEMBER_WRITERS, GrantRole
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class AccountManager(BaseUserManager["Account"]):
    """Accounts are named by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(email=self.normalize_email(email).casefold(), **fields)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").casefold())


class Account(AbstractBaseUser):
    """Somebody who signs in. One account a person, whatever the pools: what it may do there is in its grants."""

    email = models.EmailField("adresse e-mail", unique=True)
    name = models.CharField("nom", max_length=200)
    is_active = models.BooleanField("actif", default=True)

    objects = AccountManager()
    grants: tuple[Grant, ...] = ()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "compte"

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff_of_host(self) -> bool:
        """Tell whether the account works for the host in the pool in scope."""
        return any(grant.role in HOST_ROLES for grant in self.grants)

    @property
    def acts_for_host(self) -> bool:
        """Tell whether the account works for the host other than to read (SEC-01)."""
        return any(grant.role in HOST_ROLES and grant.role != GrantRole.AUDITOR for grant in self.grants)

    @property
    def organizations(self) -> frozenset[int]:
        """The members whose rows the account may read in the pool in scope."""
        return frozenset(grant.organization_id for grant in self.grants if grant.organization_id is not None)

    @property
    def writes_for(self) -> frozenset[int]:
        """The members whose file the account keeps in the pool in scope: those whose executive or office it is."""
        held = (grant for grant in self.grants if grant.role in MEMBER_WRITERS)
        return frozenset(grant.organization_id for grant in held if grant.organization_id is not None)

    def holds(self, *roles: str, organization: int | None = None) -> bool:
        """Tell whether the account has one of some rights in the pool in scope, for one member when one is named."""
        return any(
            grant.role in roles and (organization is None or grant.organization_id == organization) for grant in self.grants
        )


class GrantQuerySet(ScopedQuerySet):
    """The direction and the finances of the service see all rights; anybody sees one’s own."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(*ACCESS_READERS) else self.filter(account_id=user.pk)

    def in_force(self, today: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


@tracked
class Grant(PoolModel):
    """A right that an account has in a pool, for the host or for one member, from a day to a day."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="compte")
    organization = models.ForeignKey("directory.Organization", models.PROTECT, null=True, blank=True, related_name="+",
                                     db_constraint=False, verbose_name="organisation")  # fmt: skip
    role = models.CharField("droit", max_length=20, choices=GrantRole.choices)
    held_as = models.ForeignKey("directory.Role", models.SET_NULL, null=True, blank=True, related_name="grants",
                                db_constraint=False, verbose_name="au titre du rôle")  # fmt: skip
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(GrantQuerySet)()

    class Meta:
        verbose_name = "droit d’accès"
        verbose_name_plural = "droits d’accès"
        constraints = [
            models.CheckConstraint(name="grant_of_a_member_names_it",
                                   condition=Q(role__in=sorted(HOST_ROLES)) ^ Q(organization__isnull=False),
                                   violation_error_message="Un droit de membre nomme une organisation, un droit du service non."),
            models.CheckConstraint(name="grant_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                                   violation_error_message="La fin du droit doit suivre son début."),
            models.UniqueConstraint(fields=["pool", "account", "organization", "role", "starts_on"], name="grant_once",
                                    nulls_distinct=False,
                                    violation_error_message="Ce droit existe déjà."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.get_role_display()
