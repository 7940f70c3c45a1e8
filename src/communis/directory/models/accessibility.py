"""The audits of accessibility of the application, as a pool had them made (SEC-16)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from communis.directory.models.organizations import OfPool
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel
from communis.kit import formats

YEARS_VALID = 3  # an audit of the RGAA is worth three years


def conformity(met: int, applicable: int) -> str:
    """Say how far pages conform, in the words of the law: wholly, in part from half of the criteria that apply, or not."""
    if met == applicable:
        return "Totalement conforme"
    return "Partiellement conforme" if 2 * met >= applicable else "Non conforme"


class AuditQuerySet(OfPool):
    """Whoever has a right in the pool reads its audits."""

    def valid_on(self, day: date) -> Self:
        """Keep the audits that are still worth something, the latest first."""
        first = day.replace(year=day.year - YEARS_VALID, day=min(day.day, 28) if day.month == 2 else day.day)
        return self.filter(on__gte=first, on__lte=day).order_by("-on", "-pk")


@tracked
class AccessibilityAudit(PoolModel):
    """An audit of the pages against the RGAA: when, by whom, how many of the criteria that apply are met."""

    on = models.DateField("date de l’audit")
    auditor = models.CharField("auditeur", max_length=200)
    criteria_met = models.PositiveSmallIntegerField("critères respectés")
    criteria_applicable = models.PositiveSmallIntegerField("critères applicables", validators=[MinValueValidator(1)])

    objects = models.Manager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name = "audit d’accessibilité"
        verbose_name_plural = "audits d’accessibilité"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(name="audit_meets_what_applies", condition=Q(criteria_met__lte=F("criteria_applicable")),
                                   violation_error_message="Les critères respectés sont au plus les critères applicables."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"audit du {formats.long_date(self.on)}"

    @property
    def state(self) -> str:
        return conformity(self.criteria_met, self.criteria_applicable)
