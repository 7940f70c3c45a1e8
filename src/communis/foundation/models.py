"""The tables of the foundation: the pools themselves, their long runs, and the e-mails."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from communis.foundation.enums import Outcome
from communis.foundation.outbox import Mail, MailPreference
from communis.foundation.tenancy import Pool, PoolModel, ScopedQuerySet

__all__ = ["Mail", "MailPreference", "Pool", "Run"]


class RunQuerySet(ScopedQuerySet):
    """Whoever started a run follows it; the host’s staff follows all those of the pool."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(account_id=user.pk)


class Run(PoolModel):
    """A long run: what was asked, by whom, how far it is, how it ended. A job carries it out (`communis.foundation.jobs`)."""

    kind = models.CharField("genre", max_length=100, editable=False)
    title = models.CharField("travail", max_length=200)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandé par")
    parameters = models.JSONField("paramètres", default=dict, blank=True, help_text="Des identifiants, jamais des données.")
    asked_at = models.DateTimeField("demandé le")
    started_at = models.DateTimeField("commencé le", null=True, blank=True)
    cancel_asked_at = models.DateTimeField("arrêt demandé le", null=True, blank=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)
    outcome = models.CharField("issue", max_length=20, blank=True, choices=Outcome.choices)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    done = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("sur", null=True, blank=True)
    message = models.CharField("message", max_length=1000, blank=True)

    objects = models.Manager.from_queryset(RunQuerySet)()

    class Meta:
        verbose_name = "travail en cours"
        verbose_name_plural = "travaux en cours"
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["pool", "-asked_at"], name="run_latest_first")]
        constraints = [
            models.CheckConstraint(name="run_ends_with_an_outcome", condition=Q(ended_at=None) ^ ~Q(outcome=""),
                                   violation_error_message="Un travail terminé a une issue."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """Say where the run is, in words."""
        if self.outcome:
            return str(self.get_outcome_display())
        if self.cancel_asked_at:
            return "arrêt demandé"
        return "en cours" if self.started_at else "en attente"
