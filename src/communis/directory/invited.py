"""Invitations: the links that were sent so that people choose their first password."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import F, Q

from communis.directory.enums import ACCESS_READERS
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class InvitationQuerySet(ScopedQuerySet):
    """The direction and the finances of the service see whom it invited; the invited person holds the link."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(*ACCESS_READERS) else self.none()

    def pending(self) -> Self:
        """Keep those of people who have no password yet, here or elsewhere."""
        no_password = {"account__password__startswith": UNUSABLE_PASSWORD_PREFIX}
        return self.filter(accepted_at=None, withdrawn_at=None, **no_password)


class Invitation(PoolModel):
    """A link sent to somebody who has no password yet. Its secret is kept as a digest: who reads the table cannot use it."""

    PERSONAL = ("name",)

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="compte")
    grant = models.ForeignKey("directory.Grant", models.SET_NULL, null=True, related_name="invitations", db_constraint=False,
                              verbose_name="droit")  # fmt: skip
    name = models.CharField("nom", max_length=200)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="invité par")
    digest = models.CharField(max_length=64, editable=False)
    sent_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = models.Manager.from_queryset(InvitationQuerySet)()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(name="invitation_expires_after_it_is_sent", condition=Q(expires_at__gt=F("sent_at")),
                                   violation_error_message="Une invitation expire après son envoi."),
            models.CheckConstraint(name="invitation_has_one_end", condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                                   violation_error_message="Une invitation acceptée ne se retire plus."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Tell whether the link still serves."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at
