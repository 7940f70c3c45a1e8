"""People, the functions they hold, and what they may sign."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from communis.directory.enums import RoleKind
from communis.directory.models.accounts import Account
from communis.directory.models.organizations import OfOrganization, ends_after_it_starts, of_organization
from communis.directory.names import Sorted, plain
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class PersonQuerySet(ScopedQuerySet):
    """The host’s staff sees everybody; a member its own people, present and past, and those of the host it may call today."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(Exists(Role.objects.visible_to(user).filter(person=OuterRef("pk"))))


class RoleQuerySet(OfOrganization):
    """The host’s staff sees all roles; a member those of its own, present and past, and those that the host has today."""

    def rows_visible_to(self, user: Any) -> Self:
        if user.is_staff_of_host:
            return self
        today = timezone.localdate()  # as the rights of the account are read: those of today
        called = Q(organization__is_host=True, starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
        return self.filter(Q(organization_id__in=user.organizations) | called)


@tracked
class Person(PoolModel):
    """Somebody of an organization or of a supplier, with an account or without."""

    PERSONAL = ("first_name", "last_name", "email", "phone", "search_text")

    first_name = models.CharField("prénom", max_length=100, blank=True)
    last_name = models.CharField("nom", max_length=100)
    email = models.EmailField("adresse e-mail", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    supplier = models.ForeignKey("directory.Supplier", models.PROTECT, null=True, blank=True, related_name="contacts",
                                 db_constraint=False, verbose_name="chez le fournisseur")  # fmt: skip
    function = models.CharField("fonction", max_length=100, blank=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="compte")
    search_text = models.TextField(editable=False)

    objects = models.Manager.from_queryset(PersonQuerySet)()

    class Meta:
        verbose_name = "personne"
        ordering = [Sorted("last_name"), Sorted("first_name"), "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or "personne effacée"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = plain(f"{self.first_name} {self.last_name} {self.email}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/personnes/{self.pk}/"


@tracked
class Role(PoolModel):
    """A function that a person holds in an organization, from a day to a day (ORG-09 to ORG-11)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles", db_constraint=False, verbose_name="personne")
    organization = of_organization("roles")
    kind = models.CharField("rôle", max_length=20, choices=RoleKind.choices)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(RoleQuerySet)()

    class Meta:
        verbose_name = "rôle"
        ordering = ["organization__sort_name", "kind", "starts_on"]
        constraints = [ends_after_it_starts("role", "La fin du rôle doit suivre son début.")]

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked
class Delegation(PoolModel):
    """A delegation of signature: by whom, to whom, for what, by which act, from a day to a day (ORG-20)."""

    organization = of_organization("delegations")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="delegations", db_constraint=False,
                                 verbose_name="délégataire")  # fmt: skip
    granted_by = models.CharField("donnée par", max_length=200, help_text="La fonction de qui délègue : le président, le maire.")
    scope = models.CharField("objet", max_length=300)
    act = models.CharField("acte", max_length=200, help_text="Par exemple : arrêté n° 2023-12 du 2 mai 2023.")
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "délégation de signature"
        verbose_name_plural = "délégations de signature"
        ordering = ["organization__sort_name", "-starts_on"]
        constraints = [ends_after_it_starts("delegation")]

    def __str__(self) -> str:
        return f"{self.scope} ({self.act})"
