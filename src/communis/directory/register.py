"""The public register, shared by all pools and read-only: communes, groupings, legal populations."""

from __future__ import annotations

from typing import Any

from django.db import models

from communis.directory.enums import PopulationKind
from communis.directory.names import sort_key


class ReferenceBody(models.Model):
    """A commune or a grouping of the official lists."""

    class Kind(models.TextChoices):
        COMMUNE = "commune", "commune"
        GROUPING = "grouping", "groupement à fiscalité propre"

    kind = models.CharField("genre", max_length=20, choices=Kind.choices)
    name = models.CharField("nom", max_length=200)
    sort_name = models.CharField(max_length=200, editable=False, db_index=True)
    insee = models.CharField("code Insee", max_length=5, null=True, unique=True)
    siren = models.CharField("SIREN", max_length=9, null=True, unique=True)
    department = models.CharField("département", max_length=3, blank=True)
    grouping = models.ForeignKey("self", models.PROTECT, null=True, related_name="communes", verbose_name="groupement")
    source = models.CharField("source", max_length=200)

    class Meta:
        verbose_name = "entrée du registre"
        verbose_name_plural = "registre"
        ordering = ["sort_name", "insee"]
        indexes = [models.Index(fields=["department", "sort_name"], name="body_of_a_department")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def known(cls, *, insee: str, siren: str) -> ReferenceBody | None:
        """Return the entry of the register that has a code Insee or a SIREN."""
        if insee:
            return cls.objects.filter(insee=insee).first()
        return cls.objects.filter(siren=siren).first() if siren else None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)


class ReferencePopulation(models.Model):
    """A legal population: its kind, the day it came into force, and the census it comes from."""

    body = models.ForeignKey(ReferenceBody, models.CASCADE, related_name="populations", verbose_name="entrée du registre")
    kind = models.CharField("population", max_length=20, choices=PopulationKind.choices)
    in_force_on = models.DateField("en vigueur le")
    value = models.PositiveIntegerField("habitants")
    source = models.CharField("source", max_length=200)

    class Meta:
        verbose_name = "population légale"
        verbose_name_plural = "populations légales"
        constraints = [
            models.UniqueConstraint(fields=["body", "kind", "in_force_on"], name="population_once_a_year"),
        ]
        indexes = [models.Index(fields=["kind", "in_force_on"], name="population_of_a_year")]
