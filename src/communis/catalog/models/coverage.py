"""What a pool states of the offers of its convention, under the names that the convention gives them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from communis.directory.enums import SiteKind
from communis.directory.models.organizations import OfPool
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel


@tracked
class Coverage(PoolModel):
    """The kinds of sites that an offer covers, and which words say so (ORG-12); an offer without a row has not been stated."""

    offer = models.CharField("offre", max_length=200, editable=False)
    site_kinds = ArrayField(
        models.CharField(max_length=20, choices=SiteKind.choices),
        blank=True,
        default=list,
        verbose_name="genres de sites couverts",
    )
    source = models.CharField("d’après", max_length=200, help_text="L’article ou l’annexe qui le dit : annexe 2, article 3.3.2…")

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "sites couverts par une offre"
        verbose_name_plural = "sites couverts par les offres"
        ordering = ["offer"]
        constraints = [models.UniqueConstraint(fields=["pool", "offer"], name="coverage_once",
                                               violation_error_message="Cette offre dit déjà ce qu’elle couvre.")]  # fmt: skip

    def __str__(self) -> str:
        return self.offer.replace("_", " ")
