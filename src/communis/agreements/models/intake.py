"""Offers whose places are few: conditions precedent, the intake list of a year, its criteria and its waiting list (MEM-20)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from communis.agreements.enums import IntakeOutcome, LetterKind
from communis.agreements.models.agreements import act
from communis.agreements.models.memberships import OfMembership, of_membership
from communis.agreements.models.naming import named
from communis.directory.models.organizations import OfOrganization, OfPool, of_organization
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel


def of_agreement(related_name: str) -> Any:
    return models.ForeignKey("agreements.Agreement", models.PROTECT, related_name=related_name, db_constraint=False,
                             verbose_name="convention")  # fmt: skip


@tracked
class Precondition(PoolModel):
    """What must be met before an offer is open: a post filled, a link up; until then the offer is announced (MEM-20)."""

    agreement = of_agreement("preconditions")
    offer = models.CharField("offre", max_length=200)
    label = models.CharField("condition", max_length=300)
    article = models.CharField("article", max_length=100, blank=True)
    met_on = models.DateField("remplie le", null=True, blank=True)
    proof = models.CharField("preuve", max_length=300, blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "condition préalable"
        verbose_name_plural = "conditions préalables"
        ordering = ["offer", "id"]

    def __str__(self) -> str:
        return self.label


@tracked
class Intake(PoolModel):
    """The admissions of a year to an offer: how many places, in which order, and what one has meanwhile (MEM-20)."""

    agreement = of_agreement("intakes")
    offer = models.CharField("offre", max_length=200)
    year = models.PositiveIntegerField("année")
    places = models.PositiveIntegerField("places", null=True, blank=True)
    fallback = models.CharField("offre en attendant", max_length=200, blank=True)
    criteria = ArrayField(models.CharField(max_length=300), blank=True, default=list, verbose_name="critères, par priorité")

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "liste d’admission"
        verbose_name_plural = "listes d’admission"
        ordering = ["-year", "offer"]
        constraints = [models.UniqueConstraint(fields=["pool", "agreement", "offer", "year"], name="intake_once",
                                               violation_error_message="Cette liste existe déjà.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{named(self.agreement_id, self.offer)} {self.year}"

    def get_absolute_url(self) -> str:
        return f"/admissions/{self.pk}/"


@tracked
class IntakeRequest(PoolModel):
    """A member on an intake list: what it asked and when, the criteria it meets, what was decided (MEM-20)."""

    intake = models.ForeignKey(Intake, models.PROTECT, related_name="requests", db_constraint=False, verbose_name="liste")
    membership = of_membership("intake_requests")
    asked_on = models.DateField("demandée le")
    meets = ArrayField(models.PositiveSmallIntegerField(), blank=True, default=list, verbose_name="critères remplis")
    outcome = models.CharField("suite", max_length=20, choices=IntakeOutcome.choices, default=IntakeOutcome.WAITING)
    decided_on = models.DateField("décidée le", null=True, blank=True)

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "demande d’admission"
        verbose_name_plural = "demandes d’admission"
        ordering = ["asked_on", "id"]
        constraints = [models.UniqueConstraint(fields=["pool", "intake", "membership"], name="intake_request_once",
                                               violation_error_message="Ce membre figure déjà sur cette liste.")]  # fmt: skip

    def __str__(self) -> str:
        return f"demande du {self.asked_on:%d/%m/%Y}"


@tracked
class Letter(PoolModel):
    """A letter by which a member commits itself, or says what it means to do (MEM-21)."""

    organization = of_organization("letters")
    agreement = of_agreement("letters")
    kind = models.CharField("genre", max_length=20, choices=LetterKind.choices)
    on = models.DateField("datée du")
    wording = models.TextField("ce qu’elle dit", blank=True)
    decided_by = act("acte", "letters")

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "lettre"
        ordering = ["-on", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"
