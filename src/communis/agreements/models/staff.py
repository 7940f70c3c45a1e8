"""The files of the agents whom a convention concerns: transfers, lending, impact, opinions of committees (MEM-27 to MEM-30).

Read by those who lead the department, the auditor, and the executive and the office of the agent’s own employer (SEC-04).
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from communis.agreements.enums import CommitteeKind, Opinion, StaffMove
from communis.agreements.models.agreements import act
from communis.agreements.models.intake import of_agreement
from communis.directory.enums import STAFF_READERS, PostStatus
from communis.directory.models.organizations import ends_after_it_starts, of_organization
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class StaffFiles(ScopedQuerySet):
    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(*STAFF_READERS) else self.filter(organization_id__in=user.writes_for)


class OfStaffFile(ScopedQuerySet):
    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(*STAFF_READERS) else self.filter(staff_file__organization_id__in=user.writes_for)


@tracked
class StaffFile(PoolModel):
    """An agent of a member who is transferred or lent to the pooled department (MEM-27), and what it changes for him (MEM-28)."""

    PERSONAL = ("agent",)

    organization = of_organization("staff_files")
    agreement = of_agreement("staff_files")
    agent = models.CharField("agent", max_length=200)
    status = models.CharField("statut", max_length=20, choices=PostStatus.choices)
    move = models.CharField("régime", max_length=20, choices=StaffMove.choices)
    share = models.DecimalField("part des fonctions, en %", max_digits=5, decimal_places=2, default=100)
    functions = models.CharField("fonctions", max_length=300)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    destination = models.CharField("affectation au retour", max_length=300, blank=True)
    effect_organization = models.TextField("effets sur l’organisation", blank=True)
    effect_conditions = models.TextField("effets sur les conditions de travail", blank=True)
    effect_pay = models.TextField("effets sur la rémunération", blank=True)
    effect_rights = models.TextField("droits acquis", blank=True)
    decided_by = act("acte", "staff_files")

    objects = models.Manager.from_queryset(StaffFiles)()

    class Meta:
        verbose_name = "dossier d’agent"
        verbose_name_plural = "dossiers d’agents"
        ordering = ["organization__sort_name", "agent"]
        constraints = [
            ends_after_it_starts("staff_file"),
            models.CheckConstraint(name="staff_file_share", condition=Q(share__gt=0, share__lte=100),
                                   violation_error_message="La part des fonctions va de 0,01 à 100 %%."),
            models.CheckConstraint(name="staff_file_transferred_whole", condition=~Q(move="transfer") | Q(share=100),
                                   violation_error_message="Seul un agent dont toutes les fonctions y sont est transféré."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.agent

    def get_absolute_url(self) -> str:
        return f"/agents/{self.pk}/"


@tracked
class CommitteeOpinion(PoolModel):
    """The opinion of a committee on the file of an agent (MEM-28, MEM-29)."""

    staff_file = models.ForeignKey(StaffFile, models.PROTECT, related_name="opinions", db_constraint=False,
                                   verbose_name="dossier")  # fmt: skip
    committee = models.CharField("instance", max_length=20, choices=CommitteeKind.choices)
    of_host = models.BooleanField("du gestionnaire", default=False)
    on = models.DateField("rendu le")
    opinion = models.CharField("avis", max_length=20, choices=Opinion.choices)
    at_exit = models.BooleanField("sur le retour de l’agent", default=False)

    objects = models.Manager.from_queryset(OfStaffFile)()

    class Meta:
        verbose_name = "avis d’instance"
        verbose_name_plural = "avis d’instances"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.get_committee_display()}, {self.on:%d/%m/%Y}"
