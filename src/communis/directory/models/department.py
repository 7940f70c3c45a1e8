"""The pooled department: its units, its posts, who is on them, and how their time is split among bricks."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from communis.directory.enums import STAFF_READERS, PostOrigin, PostStatus, SupplierKind
from communis.directory.identifiers import CodeField, check_siren
from communis.directory.models.organizations import NamedInPool, OfPool, ends_after_it_starts
from communis.directory.models.people import Person
from communis.directory.names import Sorted
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class Suppliers(ScopedQuerySet):
    """The host’s staff sees all suppliers; members, the carriers only, to say which one serves a site of theirs."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(kind=SupplierKind.CARRIER)


class OfHost(ScopedQuerySet):
    """The labels and the contracts of suppliers are for the host’s staff."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.none()


@tracked
class Unit(PoolModel):
    """A part of the department: the direction, a pôle (ORG-13)."""

    name = models.CharField("nom", max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="units", db_constraint=False,
                               verbose_name="rattaché à")  # fmt: skip
    missions = models.TextField("missions", blank=True)
    rank = models.PositiveSmallIntegerField("ordre", default=0)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "pôle"
        ordering = ["rank", Sorted("name")]
        constraints = [models.UniqueConstraint(fields=["pool", "name"], name="unit_once",
                                               violation_error_message="Un pôle porte déjà ce nom.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked
class Post(PoolModel):
    """A post of the department, filled or vacant (ORG-13, ORG-14)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", db_constraint=False, verbose_name="pôle")
    title = models.CharField("intitulé", max_length=200)
    missions = models.TextField("missions", blank=True)
    quotity = models.DecimalField("quotité, en ETP", max_digits=4, decimal_places=2, default=1)
    starts_on = models.DateField("ouvert le")
    ends_on = models.DateField("fermé le", null=True, blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "poste"
        ordering = ["unit__rank", "unit__name", "title", "id"]
        constraints = [
            models.CheckConstraint(name="post_quotity", condition=Q(quotity__gt=0, quotity__lte=1),
                                   violation_error_message="La quotité va de 0,01 à 1 ETP."),
            ends_after_it_starts("post"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/service/postes/{self.pk}/"


class OfLeads(ScopedQuerySet):
    """The files of the staff: those who lead the department and the auditor read them, the other agents do not (SEC-04)."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(*STAFF_READERS) else self.none()


@tracked
class Occupation(PoolModel):
    """Who is on a post: status, grade, origin, training; a file of the staff (ORG-14)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="occupations", db_constraint=False, verbose_name="poste")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="occupations", db_constraint=False,
                               verbose_name="personne")  # fmt: skip
    grade = models.CharField("grade ou cadre d’emplois", max_length=100, blank=True)
    status = models.CharField("statut", max_length=20, choices=PostStatus.choices)
    origin = models.CharField("origine", max_length=20, choices=PostOrigin.choices, default=PostOrigin.OWN)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    training = models.TextField("formations suivies", blank=True)

    objects = models.Manager.from_queryset(OfLeads)()

    class Meta:
        verbose_name = "affectation"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(name="occupation_fixed_term_ends",
                                   condition=~Q(status=PostStatus.FIXED_TERM) | Q(ends_on__isnull=False),
                                   violation_error_message="Un CDD a une date de fin."),
            ends_after_it_starts("occupation"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person or 'agent non nommé'}, {self.post}"


@tracked
class WorkTable(PoolModel):
    """The split of a year’s ETP that a convention version adopted: its shares no longer change (ORG-15).

    Shares without a table are the one in preparation, which the next version that annexes it will adopt.
    """

    year = models.PositiveIntegerField("exercice")
    adopted_on = models.DateField("en vigueur le")
    source = models.CharField("établie par", max_length=300, help_text="L’avenant ou la version, tel qu’il se cite.")

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "table des ETP"
        verbose_name_plural = "tables des ETP"
        ordering = ["-year", "-adopted_on", "-id"]

    def __str__(self) -> str:
        return f"table des ETP de {self.year}, {self.source}"


class SharesOfPool(OfPool):
    """The shares in preparation, and those of a table that was adopted."""

    def prepared(self, year: int) -> Self:
        return self.filter(year=year, table=None)

    def of_last_table(self, year: int) -> Self:
        """Keep the shares in preparation for a year, else those of the table adopted last."""
        prepared = self.prepared(year)
        last = WorkTable.objects.unscoped().filter(year=year).values("pk")[:1]
        return prepared if prepared.exists() else self.filter(year=year, table__in=last)


@tracked
class WorkShare(PoolModel):
    """The part of a post given to a brick or a service for a year; the parts of a post sum to its quotity (ORG-15)."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="shares", db_constraint=False, verbose_name="poste")
    year = models.PositiveIntegerField("exercice")
    table = models.ForeignKey(WorkTable, models.PROTECT, null=True, blank=True, related_name="shares", db_constraint=False,
                              editable=False, verbose_name="table adoptée")  # fmt: skip
    brick = models.CharField("brique ou service", max_length=200)
    fte = models.DecimalField("ETP", max_digits=4, decimal_places=2)

    objects = models.Manager.from_queryset(SharesOfPool)()

    class Meta:
        verbose_name = "part de temps"
        verbose_name_plural = "parts de temps"
        ordering = ["year", "brick"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "post", "year", "table", "brick"], name="work_share_once",
                                    nulls_distinct=False,
                                    violation_error_message="Cette brique figure déjà pour ce poste et cet exercice."),
            models.CheckConstraint(name="work_share_positive", condition=Q(fte__gt=0),
                                   violation_error_message="Une part est supérieure à zéro."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.brick} {self.year}"


@tracked
class Supplier(NamedInPool):
    """A supplier of the pool (ORG-17)."""

    kind = models.CharField("genre", max_length=20, choices=SupplierKind.choices)
    siren = CodeField("SIREN", max_length=9, blank=True, validators=[check_siren])
    address = models.TextField("adresse", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    note = models.TextField("remarques", blank=True)

    objects = models.Manager.from_queryset(Suppliers)()

    class Meta(NamedInPool.Meta):
        verbose_name = "fournisseur"
        constraints = [models.UniqueConstraint(fields=["pool", "name"], name="supplier_once",
                                               violation_error_message="Un fournisseur porte déjà ce nom.")]  # fmt: skip

    def searched(self) -> tuple[Any, ...]:
        return self.name, self.siren

    def get_absolute_url(self) -> str:
        return f"/fournisseurs/{self.pk}/"


@tracked
class SupplierLabel(PoolModel):
    """A label that a supplier holds, from a day to a day: ExpertCyber… (ORG-17)."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="labels", db_constraint=False, verbose_name="fournisseur")
    name = models.CharField("label", max_length=100)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfHost)()

    class Meta:
        verbose_name = "label"
        ordering = ["name", "-starts_on"]
        constraints = [ends_after_it_starts("label")]

    def __str__(self) -> str:
        return self.name


@tracked
class SupplierContract(PoolModel):
    """A contract with a supplier: what for, under which number, from a day to a day (ORG-17)."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="contracts", db_constraint=False,
                                 verbose_name="fournisseur")  # fmt: skip
    reference = models.CharField("numéro ou référence", max_length=100)
    subject = models.CharField("objet", max_length=300)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfHost)()

    class Meta:
        verbose_name = "contrat"
        ordering = ["-starts_on", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "supplier", "reference"], name="supplier_contract_once",
                                    violation_error_message="Un contrat de ce fournisseur porte déjà cette référence."),
            ends_after_it_starts("contract"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference
