"""E-mails as rows: written with what they tell, sent afterwards; and how often each person wants those that are optional."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from communis.foundation.tenancy import Pool, ScopedQuerySet


class MailState(models.TextChoices):
    """How far an e-mail is. One that is being sent when the machine stops is never sent again: it may have left."""

    WAITING = "waiting", "à envoyer"
    HELD = "held", "dans le prochain récapitulatif"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "envoyé"
    GROUPED = "grouped", "envoyé dans un récapitulatif"
    FAILED = "failed", "non envoyé"


class Pace(models.TextChoices):
    """How often a person wants to hear of something."""

    NOW = "now", "aussitôt"
    DAILY = "daily", "une fois par jour, en un seul message"
    NEVER = "never", "jamais"


class MailQuerySet(ScopedQuerySet):
    """An e-mail is read by the person it was sent to; whoever keeps the directory of a pool reads those of the pool."""

    def rows_visible_to(self, user: Any) -> Self:
        return self.filter(account_id=user.pk)

    def of_account(self, user: Any) -> Self:
        """Keep what was sent to a person, whatever the pool: the door has told the database who asks."""
        clone = self.all()
        clone._open = True
        return clone.filter(account_id=user.pk)


class Mail(models.Model):
    """An e-mail to one person: of a pool, or of none when it is about the account itself."""

    pool = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
                             verbose_name="service mutualisé")  # fmt: skip
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="destinataire")
    address = models.EmailField("adresse")
    kind = models.CharField("nature", max_length=40)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte")
    state = models.CharField("état", max_length=10, choices=MailState.choices, default=MailState.WAITING)
    created_at = models.DateTimeField("écrit le", db_default=Now(), editable=False)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    error = models.CharField("erreur", max_length=300, blank=True)
    grouped_in = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="grouped", db_constraint=False,
                                   verbose_name="récapitulatif")  # fmt: skip

    objects = models.Manager.from_queryset(MailQuerySet)()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["account", "-created_at"], name="mail_of_account")]
        constraints = [
            models.CheckConstraint(name="mail_sent_has_its_moment", condition=~Q(state=MailState.SENT) | Q(sent_at__isnull=False),
                                   violation_error_message="Un courriel envoyé a une date d’envoi."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject


class MailPreference(models.Model):
    """How often a person wants a kind of e-mail that is optional."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="compte")
    kind = models.CharField("nature", max_length=40)
    pace = models.CharField("rythme", max_length=10, choices=Pace.choices)

    class Meta:
        verbose_name = "préférence de courriel"
        verbose_name_plural = "préférences de courriel"
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="mail_preference_once",
                                               violation_error_message="Cette préférence existe déjà.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} : {self.get_pace_display()}"
