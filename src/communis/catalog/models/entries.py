"""The catalogue of a convention version: the tree of its offers, levels, bricks, services and missions.

An edition has neither dates nor state: those are of the version that points to it (`design.md`, one version). What an offer
contains, requires and excludes is in the convention file and is asked of the engine; the tree hangs under its name there.
"""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from communis.catalog.enums import Charging, CheckOutcome, Deliverable, Effect, EntryKind, Family, Measure, Performer
from communis.directory.enums import SiteKind, Weekday
from communis.directory.models.organizations import OfOrganization, ends_after_it_starts, of_organization
from communis.directory.names import plain
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class Editions(ScopedQuerySet):
    """The host’s staff prepares editions; everybody in the pool reads those of the versions that were voted."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(is_shown=True)


class OfEdition(ScopedQuerySet):
    """What an edition holds is read by whoever reads the edition."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(edition__is_shown=True)


class OfEntry(ScopedQuerySet):
    """What an entry holds is read by whoever reads its edition."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(entry__edition__is_shown=True)


@tracked
class Edition(PoolModel):
    """A whole catalogue, as one version of a convention has it; `is_shown` is said by that version when it was voted."""

    name = models.CharField("nom", max_length=200)
    perimeter = models.TextField(
        "périmètre", blank=True, help_text="Ce que le catalogue couvre : administration, écoles publiques…"
    )
    is_shown = models.BooleanField("montrée aux membres", default=False, editable=False)

    objects = models.Manager.from_queryset(Editions)()

    class Meta:
        verbose_name = "catalogue"
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/catalogues/{self.pk}/"


@tracked
class EditionHours(PoolModel):
    """When the service answers, as the catalogue says (CAT-10)."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="hours", db_constraint=False, verbose_name="catalogue")
    weekday = models.CharField("jour", max_length=1, choices=Weekday.choices)
    opens_at = models.TimeField("de")
    closes_at = models.TimeField("à")

    objects = models.Manager.from_queryset(OfEdition)()

    class Meta:
        verbose_name = "horaire du catalogue"
        verbose_name_plural = "horaires du catalogue"
        ordering = ["weekday", "opens_at"]
        constraints = [models.CheckConstraint(name="edition_hours_in_order", condition=Q(closes_at__gt=F("opens_at")),
                                              violation_error_message="La fermeture suit l’ouverture.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


def listed(choices: type[models.TextChoices], label: str) -> Any:
    return ArrayField(models.CharField(max_length=20, choices=choices.choices), blank=True, default=list, verbose_name=label)


@tracked
class Entry(PoolModel):
    """A node of the catalogue: an offer of the convention, or what stands under it, down to the numbered mission (CAT-01)."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="entries", db_constraint=False, verbose_name="catalogue")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", db_constraint=False,
                               verbose_name="sous")  # fmt: skip
    rank = models.PositiveIntegerField("ordre", default=0)
    kind = models.CharField("genre", max_length=20, choices=EntryKind.choices)
    code = models.CharField("numéro ou code", max_length=40, blank=True, help_text="Tel qu’il est écrit : 3BIS, N2 MCO-4…")
    label = models.CharField("intitulé", max_length=300)
    offer = models.CharField("offre de la convention", max_length=200, blank=True,
                             help_text="Le nom que le fichier de la convention lui donne.")  # fmt: skip
    article = models.CharField("article", max_length=100, blank=True)
    description = models.TextField("description", blank=True)
    perimeter = models.TextField("périmètre", blank=True)
    family = models.CharField("famille", max_length=20, choices=Family.choices, blank=True)
    deliverables = listed(Deliverable, "livrables")
    performers = listed(Performer, "qui l’assure")
    performed_note = models.TextField("précisions sur qui l’assure", blank=True)
    charging = models.CharField("facturation", max_length=20, choices=Charging.choices, blank=True)
    site_kinds = listed(SiteKind, "genres de sites couverts")
    left_to_member = models.TextField("reste à la charge du membre", blank=True)
    benefits = models.TextField("ce que le membre y gagne", blank=True)
    conditions = models.TextField("conditions d’accès", blank=True)
    degraded = models.TextField("service dégradé", blank=True,
                                help_text="Ce qui est rendu quand le réseau n’est pas disponible.")  # fmt: skip
    counted_in = models.CharField("se compte en", max_length=100, blank=True, help_text="Sessions, plans tracés, couches…")
    is_announced = models.BooleanField("annoncée, pas encore proposée", default=False)
    starts_on = models.DateField("proposée depuis le", null=True, blank=True)
    ends_on = models.DateField("proposée jusqu’au", null=True, blank=True)
    closed_into = models.CharField("ses coûts vont à", max_length=200, blank=True)
    search_text = models.TextField(editable=False)

    objects = models.Manager.from_queryset(OfEdition)()

    class Meta:
        verbose_name = "fiche du catalogue"
        verbose_name_plural = "fiches du catalogue"
        ordering = ["rank", "id"]
        constraints = [
            ends_after_it_starts("entry"),
            models.UniqueConstraint(fields=["pool", "edition", "parent", "label"], name="entry_once", nulls_distinct=False,
                                    violation_error_message="Une fiche de même intitulé est déjà à cette place."),
            models.UniqueConstraint(fields=["pool", "edition", "offer"], name="entry_of_an_offer_once", condition=~Q(offer=""),
                                    violation_error_message="Cette offre a déjà sa fiche."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.label}".strip()

    def clean(self) -> None:
        """Stand under an entry of the same catalogue, and not under oneself."""
        above, seen = self.parent, {self.pk}
        if above is not None and above.edition_id != self.edition_id:
            raise ValidationError({"parent": "Cette fiche est d’un autre catalogue."})
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": "Une fiche ne se range pas sous elle-même, ni sous ce qu’elle contient."})
            seen.add(above.pk)
            above = above.parent

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = plain(" ".join((self.code, self.label, self.description, self.article)))
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/catalogues/fiches/{self.pk}/"


@tracked
class Tool(PoolModel):
    """A tool by which a service is rendered, and the one that took its place (CAT-20)."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="tools", db_constraint=False, verbose_name="prestation")
    name = models.CharField("outil", max_length=200)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces", db_constraint=False,
                                    verbose_name="remplacé par")  # fmt: skip

    objects = models.Manager.from_queryset(OfEntry)()

    class Meta:
        verbose_name = "outil"
        ordering = ["starts_on", "id"]
        constraints = [
            ends_after_it_starts("tool"),
            models.CheckConstraint(name="tool_replaced_by_another", condition=~Q(replaced_by=F("id")),
                                   violation_error_message="Un outil ne se remplace pas lui-même."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Give place to a tool of the same service."""
        if self.replaced_by is not None and self.replaced_by.entry_id != self.entry_id:
            raise ValidationError({"replaced_by": "Cet outil est celui d’une autre prestation."})


@tracked
class Prerequisite(PoolModel):
    """What a member must have for an offer to be activated (CAT-15, CAT-16); `key` is kept from one edition to the next."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="prerequisites", db_constraint=False, verbose_name="offre")
    key = models.SlugField("clé", max_length=60)
    wording = models.TextField("ce qu’il faut")
    article = models.CharField("article", max_length=100, blank=True)
    effect = models.CharField("non rempli", max_length=20, choices=Effect.choices, default=Effect.BLOCKS)
    measure = models.CharField("mesure", max_length=20, choices=Measure.choices, blank=True)
    minimum = models.PositiveIntegerField("minimum", null=True, blank=True)

    objects = models.Manager.from_queryset(OfEntry)()

    class Meta:
        verbose_name = "prérequis"
        verbose_name_plural = "prérequis"
        ordering = ["entry__rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "entry", "key"], name="prerequisite_once",
                                    violation_error_message="Cette offre a déjà un prérequis de ce nom."),
            models.CheckConstraint(name="prerequisite_speed_has_a_minimum",
                                   condition=~Q(measure=Measure.SPEED) | Q(minimum__isnull=False),
                                   violation_error_message="Un débit exigé a un minimum, en Mbit/s."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.wording


@tracked
class PrerequisiteCheck(PoolModel):
    """What was found of a prerequisite at a member, on a day, and on what evidence (CAT-15)."""

    organization = of_organization("prerequisite_checks")
    offer = models.CharField("offre", max_length=200)
    key = models.SlugField("prérequis", max_length=60)
    outcome = models.CharField("constat", max_length=20, choices=CheckOutcome.choices)
    on = models.DateField("constaté le")
    evidence = models.CharField("preuve", max_length=300, help_text="Mesure, photo, attestation, et d’où elle vient.")
    entered_by = models.CharField("saisi par", max_length=200, editable=False)

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "constat de prérequis"
        verbose_name_plural = "constats de prérequis"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.key} : {self.get_outcome_display()}"
