"""Leaving: the notice, its withdrawal, the exit account and checklist, disputes and their stages (MEM-23 to MEM-26, MEM-34)."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from communis.agreements.enums import CostKind, DisputeStage, Party
from communis.agreements.models.agreements import act
from communis.agreements.models.memberships import OfMembership, of_membership
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class OfNotice(ScopedQuerySet):
    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(notice__membership__organization_id__in=user.organizations)


class OfDispute(ScopedQuerySet):
    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(dispute__membership__organization_id__in=user.organizations)


class Notices(OfMembership):
    def standing(self) -> Self:
        """Return the notices that nobody has withdrawn."""
        return self.filter(withdrawn_on=None)


@tracked
class Notice(PoolModel):
    """A termination: who wants it, why, the registered letter, the agreement that shortens it, the exit (MEM-23, MEM-24).

    One that was withdrawn stays, with its account and its checklist; it binds nobody any more.
    """

    membership = of_membership("notices")
    given_by = models.CharField("à l’initiative du", max_length=20, choices=Party.choices)
    decided_by = act("acte", "notices")
    reason = models.TextField("motif")
    sent_on = models.DateField("lettre recommandée envoyée le", null=True, blank=True)
    received_on = models.DateField("reçue le")
    waiver_on = models.DateField("sortie convenue le", null=True, blank=True)
    waiver_member_on = models.DateField("accord signé du membre le", null=True, blank=True)
    waiver_host_on = models.DateField("accord signé du gestionnaire le", null=True, blank=True)
    exit_on = models.DateField("dernier jour")
    exit_rule = models.CharField("règle", max_length=300)
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)
    withdrawn_by = act("retiré par l’acte", "withdrawn_notices")
    withdrawal = models.CharField("motif du retrait", max_length=300, blank=True)

    objects = models.Manager.from_queryset(Notices)()

    class Meta:
        verbose_name = "préavis"
        verbose_name_plural = "préavis"
        ordering = ["-received_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "membership"], name="notice_once", condition=Q(withdrawn_on=None),
                                    violation_error_message="Un préavis est déjà donné pour cette adhésion."),
            models.CheckConstraint(name="notice_received_after_sent",
                                   condition=Q(sent_on=None) | Q(received_on__gte=F("sent_on")),
                                   violation_error_message="Une lettre est reçue après avoir été envoyée."),
            models.CheckConstraint(name="notice_waiver_signed_by_both",
                                   condition=Q(waiver_on=None)
                                   | Q(waiver_member_on__isnull=False, waiver_host_on__isnull=False),
                                   violation_error_message="L’accord qui abrège le préavis est signé des deux parties."),
            models.CheckConstraint(name="notice_withdrawn_while_it_runs",
                                   condition=Q(withdrawn_on=None)
                                   | Q(withdrawn_on__gte=F("received_on"), withdrawn_on__lte=F("exit_on")),
                                   violation_error_message="Un préavis se retire entre sa réception et le dernier jour."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"préavis reçu le {self.received_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return f"/adhesions/{self.membership_id}/"


def of_notice(related_name: str) -> Any:
    return models.ForeignKey(Notice, models.PROTECT, related_name=related_name, db_constraint=False, verbose_name="préavis")


@tracked
class ExitCost(PoolModel):
    """A line of the exit account, with the day after which it costs nothing more (MEM-25, AMB-22)."""

    notice = of_notice("costs")
    kind = models.CharField("genre", max_length=20, choices=CostKind.choices)
    label = models.CharField("libellé", max_length=300)
    amount = models.DecimalField("montant, en euros", max_digits=14, decimal_places=2, null=True, blank=True)
    until = models.DateField("jusqu’au", null=True, blank=True)
    agreed_member_on = models.DateField("accepté du membre le", null=True, blank=True)
    agreed_host_on = models.DateField("accepté du gestionnaire le", null=True, blank=True)

    objects = models.Manager.from_queryset(OfNotice)()

    class Meta:
        verbose_name = "ligne du compte de sortie"
        verbose_name_plural = "lignes du compte de sortie"
        ordering = ["kind", "id"]

    def __str__(self) -> str:
        return self.label


@tracked
class ExitTask(PoolModel):
    """A line of the exit checklist, with who does it and when (MEM-26)."""

    notice = of_notice("tasks")
    rank = models.PositiveSmallIntegerField("ordre", default=0)
    label = models.CharField("à faire", max_length=300)
    owner = models.CharField("qui s’en charge", max_length=20, choices=Party.choices)
    due_on = models.DateField("pour le", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)

    objects = models.Manager.from_queryset(OfNotice)()

    class Meta:
        verbose_name = "tâche de sortie"
        verbose_name_plural = "tâches de sortie"
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.label


@tracked
class Dispute(PoolModel):
    """A dispute on a membership, and the court it could go to (MEM-34)."""

    membership = of_membership("disputes")
    subject = models.CharField("objet", max_length=300)
    opened_on = models.DateField("ouvert le")
    court = models.CharField("tribunal", max_length=200, blank=True)
    closed_on = models.DateField("clos le", null=True, blank=True)
    outcome = models.TextField("issue", blank=True)

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "différend"
        ordering = ["-opened_on", "id"]
        constraints = [
            models.CheckConstraint(name="dispute_closed_once_opened",
                                   condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                                   violation_error_message="Un différend est clos après avoir été ouvert."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return f"/adhesions/{self.membership_id}/"


@tracked
class DisputeStep(PoolModel):
    """A stage of a dispute: conciliation, mediation, court, with its outcome (MEM-34)."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="steps", db_constraint=False, verbose_name="différend")
    stage = models.CharField("étape", max_length=20, choices=DisputeStage.choices)
    on = models.DateField("le")
    outcome = models.TextField("issue", blank=True)

    objects = models.Manager.from_queryset(OfDispute)()

    class Meta:
        verbose_name = "étape d’un différend"
        verbose_name_plural = "étapes d’un différend"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} du {self.on:%d/%m/%Y}"
