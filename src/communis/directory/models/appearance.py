"""How the pages of a pool look: the logo of its host, and one hue in the place of the pine."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from communis.directory.models.organizations import OfPool
from communis.foundation.history import tracked_but
from communis.foundation.tenancy import PoolModel


@tracked_but("logo")
class Appearance(PoolModel):
    """One row a pool at most. The logo is named by a digest of its bytes: another logo has another address."""

    hue = models.CharField(
        "teinte", max_length=7, blank=True,
        validators=[RegexValidator("^#[0-9A-F]{6}$", "Écrivez un dièse et six chiffres hexadécimaux : #0B5D5E.")],
    )  # fmt: skip
    logo = models.BinaryField("logo", blank=True, default=b"")
    logo_name = models.CharField("nom du logo", max_length=40, blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "apparence"
        constraints = [
            models.UniqueConstraint(fields=["pool"], name="appearance_once_a_pool"),
            models.CheckConstraint(
                name="appearance_hue_is_a_colour",
                condition=Q(hue="") | Q(hue__regex="^#[0-9A-F]{6}$"),
                violation_error_message="La teinte s’écrit #0B5D5E.",
            ),
            models.CheckConstraint(
                name="appearance_logo_has_its_name",
                condition=Q(logo=b"", logo_name="") | (~Q(logo=b"") & Q(logo_name__regex="^[0-9a-f]{32}[.](png|jpg|webp)$")),
            ),
        ]

    def __str__(self) -> str:
        return "apparence des pages"
