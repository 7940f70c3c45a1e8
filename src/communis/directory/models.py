"""The organizations of a pool, their people, what they may do, and the facts known of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from communis.directory.enums import ELECTIVE, HOST_ROLES, GrantRole, PopulationKind, RoleKind
from communis.directory.identifiers import check_insee, check_siren, check_siret
from communis.directory.invited import Invitation
from communis.directory.names import plain, sort_key
from communis.directory.register import ReferenceBody, ReferencePopulation
from communis.foundation.tenancy import PoolModel, ScopedQuerySet

__all__ = [
    "Account",
    "Fact",
    "Grant",
    "Invitation",
    "Organization",
    "OrganizationType",
    "Person",
    "ReferenceBody",
    "ReferencePopulation",
    "Role",
]


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
    def organizations(self) -> frozenset[int]:
        """The members whose rows the account may read in the pool in scope."""
        return frozenset(grant.organization_id for grant in self.grants if grant.organization_id is not None)


class OrganizationType(PoolModel):
    """A kind of organization; each pool adds its own without code (ORG-01)."""

    name = models.CharField("nom", max_length=100)
    is_commune = models.BooleanField("a un code Insee", default=False)

    class OfPool(ScopedQuerySet):
        def rows_visible_to(self, user: Any) -> Self:
            return self if user.grants else self.none()

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "type d’organisation"
        verbose_name_plural = "types d’organisation"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["pool", "name"], name="organization_type_once",
                                               violation_error_message="Ce type existe déjà.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class OrganizationQuerySet(ScopedQuerySet):
    """Who sees an organization: everybody in the pool sees its name and its place; its own rows are another matter."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.grants else self.none()


class Organization(PoolModel):
    """A body of the pool: the host, a member, or a neighbour; the same commune in two pools is two organizations."""

    type = models.ForeignKey(OrganizationType, models.PROTECT, related_name="+", verbose_name="type")
    reference = models.ForeignKey(
        ReferenceBody, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entrée du registre"
    )
    name = models.CharField("nom", max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False)
    legal_form = models.CharField("forme juridique", max_length=100, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[check_siren])
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[check_siret])
    insee = models.CharField("code Insee", max_length=5, blank=True, validators=[check_insee])
    department = models.CharField("département", max_length=3, blank=True)
    address = models.TextField("adresse", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="associated", db_constraint=False,
                               verbose_name="commune de rattachement")  # fmt: skip
    prefecture = models.CharField("préfecture de contrôle", max_length=100, blank=True)
    accountant = models.CharField("comptable public", max_length=100, blank=True)
    court = models.CharField("tribunal administratif", max_length=100, blank=True)
    chorus_service = models.CharField("code service Chorus Pro", max_length=100, blank=True)
    chorus_commitment = models.BooleanField("engagement exigé par Chorus Pro", default=False)
    is_host = models.BooleanField("gestionnaire", default=False)
    starts_on = models.DateField("existe depuis le", null=True, blank=True)
    ends_on = models.DateField("existe jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OrganizationQuerySet)()

    class Meta:
        verbose_name = "organisation"
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "name"], name="organization_name_once",
                                    violation_error_message="Une organisation porte déjà ce nom."),
            models.UniqueConstraint(fields=["pool", "insee"], name="organization_insee_once", condition=~Q(insee=""),
                                    violation_error_message="Une organisation a déjà ce code Insee."),
            models.UniqueConstraint(fields=["pool"], name="organization_one_host", condition=Q(is_host=True),
                                    violation_error_message="Le service a déjà un gestionnaire."),
            models.CheckConstraint(name="organization_ends_after_it_starts",
                                   condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                                   violation_error_message="La fin doit suivre le début."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        self.search_text = plain(f"{self.name} {self.siren} {self.insee} {self.department}")
        super().save(*args, **kwargs)


class Person(PoolModel):
    """Somebody of an organization, with an account or without."""

    PERSONAL = ("first_name", "last_name", "email", "phone")

    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte")

    class OfPool(ScopedQuerySet):
        def rows_visible_to(self, user: Any) -> Self:
            if user.is_staff_of_host:
                return self
            own = Q(roles__organization_id__in=user.organizations) | Q(roles__organization__is_host=True)
            return self.filter(own).distinct()

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name", "id"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class OfOrganization(ScopedQuerySet):
    """Rows of one organization: the host’s staff sees them all, a member its own."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(organization_id__in=user.organizations)


class Role(PoolModel):
    """A function that a person holds in an organization, from a day to a day (ORG-09 to ORG-11)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles", db_constraint=False, verbose_name="personne")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="roles", db_constraint=False, verbose_name="organisation"
    )
    kind = models.CharField("rôle", max_length=20, choices=RoleKind.choices)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "rôle"
        ordering = ["organization__sort_name", "kind", "starts_on"]
        constraints = [
            models.CheckConstraint(name="role_ends_after_it_starts", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                                   violation_error_message="La fin du rôle doit suivre son début."),
        ]  # fmt: skip

    @property
    def is_elective(self) -> bool:
        return self.kind in ELECTIVE


class Grant(PoolModel):
    """A right that an account has in a pool, for the host or for one member, from a day to a day."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="compte")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
                                     verbose_name="organisation")  # fmt: skip
    role = models.CharField("droit", max_length=20, choices=GrantRole.choices)
    held_as = models.ForeignKey("directory.Role", models.SET_NULL, null=True, blank=True, related_name="grants",
                                db_constraint=False, verbose_name="au titre du rôle")  # fmt: skip
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    class OfPool(ScopedQuerySet):
        def rows_visible_to(self, user: Any) -> Self:
            return self if user.is_staff_of_host else self.filter(account_id=user.pk)

        def in_force(self, today: date) -> Self:
            return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "droit d’accès"
        verbose_name_plural = "droits d’accès"
        constraints = [
            models.CheckConstraint(name="grant_of_a_member_names_it",
                                   condition=Q(role__in=sorted(HOST_ROLES)) ^ Q(organization__isnull=False),
                                   violation_error_message="Un droit de membre nomme une organisation, un droit du service non."),
            models.UniqueConstraint(fields=["pool", "account", "organization", "role", "starts_on"], name="grant_once",
                                    nulls_distinct=False,
                                    violation_error_message="Ce droit existe déjà."),
        ]  # fmt: skip


class Fact(PoolModel):
    """Something known of an organization at a date: its unit, its kind, its source and its author (ORG-06 to ORG-08).

    A fact is never changed: a correction is another row, entered later, with its reason.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="facts",
                                     db_constraint=False, verbose_name="organisation")  # fmt: skip
    name = models.CharField("fait", max_length=100)
    kind = models.CharField("nature", max_length=20, blank=True, choices=PopulationKind.choices)
    number = models.DecimalField("valeur", max_digits=20, decimal_places=6, null=True, blank=True)
    text = models.CharField("valeur en mots", max_length=200, blank=True)
    unit = models.CharField("unité", max_length=30, blank=True)
    valid_on = models.DateField("à la date du")
    until = models.DateField("jusqu’au", null=True, blank=True)
    published_on = models.DateField("publié le", null=True, blank=True)
    source = models.CharField("source", max_length=300)
    entered_by = models.CharField("saisi par", max_length=200)
    entered_at = models.DateTimeField("saisi le")
    is_made_up = models.BooleanField("donnée fictive de démonstration", default=False)

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "fait"
        ordering = ["name", "-valid_on", "-entered_at"]
        constraints = [
            models.CheckConstraint(name="fact_has_one_value", condition=Q(number__isnull=False) ^ ~Q(text=""),
                                   violation_error_message="Un fait a une valeur : un nombre, ou des mots."),
        ]  # fmt: skip
