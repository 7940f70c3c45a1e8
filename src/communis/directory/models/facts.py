"""What is known of an organization at a date, and the kinds of facts of a pool."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from communis.directory.enums import FactShape, PopulationKind
from communis.directory.identifiers import check_insee
from communis.directory.models.organizations import OfPool
from communis.directory.names import Sorted
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet
from communis.kit import formats

POPULATION = "habitants"


@tracked
class FactType(PoolModel):
    """A kind of fact: its name in conventions, its words, its unit, the shape of its value (ORG-07, ORG-08)."""

    code = models.CharField(
        "nom dans les conventions", max_length=100, help_text="Le nom que le tarif lui donne : postes_de_travail.",
        validators=[RegexValidator(r"^[a-zà-öø-ÿœ][a-zà-öø-ÿœ0-9_]*$", "Des minuscules, chiffres et traits bas, sans espace.")],
    )  # fmt: skip
    label = models.CharField("libellé", max_length=200)
    shape = models.CharField("valeur", max_length=10, choices=FactShape.choices, default=FactShape.NUMBER)
    unit = models.CharField("unité", max_length=30, blank=True)
    has_kinds = models.BooleanField("a une nature (population totale, municipale…)", default=False)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "type de fait"
        verbose_name_plural = "types de faits"
        ordering = [Sorted("label")]
        constraints = [models.UniqueConstraint(fields=["pool", "code"], name="fact_type_once",
                                               violation_error_message="Un type de fait porte déjà ce nom.")]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse to change what the facts already entered mean."""
        known = FactType.objects.unscoped().filter(pk=self.pk).first() if self.pk else None
        if known is None or not Fact.objects.unscoped().filter(type=known).exists():
            return
        words = "Des faits de ce type sont saisis : ajoutez plutôt un autre type."
        moved = [name for name in ("code", "shape", "unit", "has_kinds") if getattr(known, name) != getattr(self, name)]
        if moved:
            raise ValidationError(dict.fromkeys(moved, words))


class FactQuerySet(ScopedQuerySet):
    """Facts: the host’s staff sees them all, a member its own."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(organization_id__in=user.organizations)

    def current(self) -> Self:
        """Keep what holds: neither corrected nor withdrawn by a later row.

        Asked as « no row replaces it »: of an outer join that finds nothing, the server guesses one row, and joins a hundred
        thousand one by one.
        """
        later = Fact.objects.unscoped().filter(replaces=OuterRef("pk"))
        return self.filter(~Exists(later), is_withdrawal=False)

    def total_population(self, day: date) -> Self:
        """Keep the total legal population in force on a first of January."""
        return self.current().filter(type__code=POPULATION, kind=PopulationKind.TOTAL, valid_on=day)

    def known_on(self, day: date) -> Self:
        return self.current().filter(Q(until=None) | Q(until__gte=day), valid_on__lte=day)


class Fact(PoolModel):
    """Something known of an organization at a date: its unit, its kind, its source and its author (ORG-06 to ORG-08).

    A fact is never changed: a correction is another row, entered later, with its reason. One of a commune of the territory that
    is no organization of the pool yet has its code Insee (`insee`): it follows the commune when it is enrolled (ADR 0009).
    """

    type = models.ForeignKey(FactType, models.PROTECT, related_name="facts", db_constraint=False, verbose_name="fait")
    organization = models.ForeignKey("directory.Organization", models.PROTECT, null=True, blank=True, related_name="facts",
                                     db_constraint=False, verbose_name="organisation")  # fmt: skip
    insee = models.CharField("commune du territoire hors du service", max_length=5, blank=True, validators=[check_insee])
    kind = models.CharField("nature", max_length=20, blank=True, choices=PopulationKind.choices)
    number = models.DecimalField("valeur", max_digits=20, decimal_places=6, null=True, blank=True)
    text = models.CharField("valeur en mots", max_length=200, blank=True)
    valid_on = models.DateField("à la date du")
    until = models.DateField("jusqu’au", null=True, blank=True)
    published_on = models.DateField("publié le", null=True, blank=True)
    source = models.CharField("source", max_length=300)
    entered_by = models.CharField("saisi par", max_length=200)
    entered_at = models.DateTimeField("saisi le")
    is_made_up = models.BooleanField("donnée fictive de démonstration", default=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by",
                                    db_constraint=False, verbose_name="corrige")  # fmt: skip
    is_withdrawal = models.BooleanField("retire le fait", default=False)
    reason = models.CharField("motif", max_length=300, blank=True)

    objects = models.Manager.from_queryset(FactQuerySet)()

    class Meta:
        verbose_name = "fait"
        ordering = ["type__label", "-valid_on", "-entered_at"]
        indexes = [
            models.Index(
                fields=["pool", "organization", "type", "valid_on"], include=["id", "is_withdrawal"], name="fact_of_organization"
            ),
            models.Index(fields=["pool", "type", "valid_on"], include=["kind", "organization"], name="fact_of_type"),
            models.Index(fields=["pool", "id"], name="fact_last_of_a_pool"),
            models.Index(fields=["pool", "valid_on"], include=["id", "is_withdrawal"], name="fact_at_a_date"),
            models.Index(fields=["pool", "insee", "valid_on"], condition=~Q(insee=""), name="fact_of_commune"),
        ]
        constraints = [
            models.CheckConstraint(name="fact_of_one_body", condition=Q(organization=None) | Q(insee=""),
                                   violation_error_message="Un fait est celui d’une organisation, ou d’une commune."),
            models.CheckConstraint(name="fact_has_one_value",
                                   condition=Q(is_withdrawal=True) | (Q(number__isnull=False) ^ ~Q(text="")),
                                   violation_error_message="Un fait a une valeur : un nombre, ou des mots."),
            models.CheckConstraint(name="fact_corrected_with_a_reason", condition=Q(replaces=None) | ~Q(reason=""),
                                   violation_error_message="Dites le motif de la correction."),
            models.CheckConstraint(name="fact_withdrawn_replaces_one",
                                   condition=Q(is_withdrawal=False) | Q(replaces__isnull=False),
                                   violation_error_message="Un retrait dit le fait qu’il retire."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.type} au {self.valid_on:%d/%m/%Y}"

    @property
    def words(self) -> str:
        """The value as people read it, with its unit."""
        if self.number is None:
            return self.text
        value = self.value
        figure = formats.number(value) if isinstance(value, int) else formats.number(self.number, -value.as_tuple().exponent)
        return f"{figure}{formats.NBSP}{formats.units(self.type.unit, self.number)}" if self.type.unit else figure

    @property
    def value(self) -> Any:
        """The value as it is shown: a number without useless zeros, or words."""
        if self.number is None:
            return self.text or None
        whole = self.number.to_integral_value()
        return int(whole) if whole == self.number else self.number.normalize()
