"""What a program signs in with: a token of an account in one pool, which never gives more than the account has that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communis.directory.enums import GrantRole, TokenScope
from communis.directory.models.accounts import Account
from communis.foundation.history import tracked_but
from communis.foundation.tenancy import PoolModel, ScopedQuerySet

LONGEST_LIFE = timedelta(days=366)  # what the database refuses beyond; a form says the day, a year later


class TokenQuerySet(ScopedQuerySet):
    """The direction of the service sees all tokens of the pool; anybody sees one’s own."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(GrantRole.DIRECTOR) else self.filter(account_id=user.pk)


@tracked_but("digest", "password_mark", "last_used_at")
class ApiToken(PoolModel):
    """A token of an account in a pool. The token itself is kept nowhere, only its digest; it was shown once (reliability S8)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="compte")
    name = models.CharField("nom", max_length=100, help_text="À quoi il sert : « tableau de bord des finances ».")
    prefix = models.CharField("début du jeton", max_length=20, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    password_mark = models.CharField(max_length=64, editable=False)  # of the account’s password when the token was made
    scopes = ArrayField(models.CharField(max_length=20, choices=TokenScope.choices), verbose_name="portées")
    created_on = models.DateField("créé le")
    expires_on = models.DateField("valable jusqu’au")
    last_used_at = models.DateTimeField("dernière utilisation", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)
    revoked_by = models.CharField("révoqué par", max_length=200, blank=True, editable=False)

    objects = models.Manager.from_queryset(TokenQuerySet)()
    state: str = ""  # said by the pages that list tokens, which know the day
    past: str | None = None  # where they say that its history is read

    class Meta:
        verbose_name = "jeton d’API"
        verbose_name_plural = "jetons d’API"
        ordering = ["-created_on", "-id"]
        constraints = [
            models.CheckConstraint(name="token_has_known_scopes",
                                   condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=sorted(TokenScope.values)),
                                   violation_error_message="Choisissez au moins une portée."),
            models.CheckConstraint(name="token_lives_a_year_at_most",
                                   condition=Q(expires_on__gte=F("created_on"), expires_on__lte=F("created_on") + LONGEST_LIFE),
                                   violation_error_message="Un jeton vaut un an au plus, et pas avant le jour de sa création."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def scope_words(self) -> list[str]:
        return [str(TokenScope(scope).label) for scope in self.scopes]

    def is_live(self, today: date) -> bool:
        """Tell whether it still opens: neither revoked nor expired."""
        return self.revoked_at is None and self.expires_on >= today
