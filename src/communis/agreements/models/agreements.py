"""Conventions, their versions as trees of articles, and what changes them: amendments, acts on prices (MEM-01 to MEM-04)."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from communis.agreements.enums import ChangeKind, DataRole, LegalBasis, PieceKind, VersionStatus
from communis.catalog.conventions import read_once
from communis.directory.models.department import OfHost
from communis.directory.models.organizations import NamedInPool, OfPool, ends_after_it_starts
from communis.directory.names import plain
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet
from communis.tariff import Convention


class Versions(ScopedQuerySet):
    """The host’s staff prepares versions; everybody in the pool reads those that left the state of draft."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.exclude(status=VersionStatus.DRAFT)


class OfVersion(ScopedQuerySet):
    """What a version holds is read by whoever reads the version."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.exclude(version__status=VersionStatus.DRAFT)


class Amendments(ScopedQuerySet):
    """An amendment is read with the version it makes."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.exclude(makes__status=VersionStatus.DRAFT)


class OfAmendment(ScopedQuerySet):
    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.exclude(amendment__makes__status=VersionStatus.DRAFT)


def act(label: str, related_name: str = "+", **options: Any) -> Any:
    """A reference to the council act that decides."""
    return models.ForeignKey("agreements.Resolution", models.PROTECT, null=True, blank=True, related_name=related_name,
                             db_constraint=False, verbose_name=label, **options)  # fmt: skip


@tracked
class Agreement(NamedInPool):
    """A convention of the pool; one programme may have several, the one proposed depending on a fact of the member (MEM-45)."""

    short_name = models.CharField("nom court", max_length=60, help_text="Celui des listes : « DN », « service commun »…")
    programme = models.CharField("programme", max_length=200, blank=True, help_text="Commun à plusieurs modèles de convention.")
    grounds = ArrayField(models.CharField(max_length=20, choices=LegalBasis.choices), blank=True, default=list,
                         verbose_name="fondements légaux")  # fmt: skip
    audience_fact = models.CharField("proposée selon le fait", max_length=100, blank=True)
    audience_value = models.CharField("quand il vaut", max_length=100, blank=True)
    trial_starts_on = models.DateField("phase expérimentale du", null=True, blank=True)
    trial_ends_on = models.DateField("au", null=True, blank=True)
    review_months = models.PositiveSmallIntegerField("bilan tous les, en mois", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors",
                                  db_constraint=False, verbose_name="remplacée par")  # fmt: skip
    closed_on = models.DateField("plus d’adhésion après le", null=True, blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta(NamedInPool.Meta):
        verbose_name = "convention"
        constraints = [
            models.UniqueConstraint(fields=["pool", "name"], name="agreement_once",
                                    violation_error_message="Une convention porte déjà ce nom."),
            models.CheckConstraint(name="agreement_trial_in_order",
                                   condition=Q(trial_ends_on=None) | Q(trial_ends_on__gt=F("trial_starts_on")),
                                   violation_error_message="La phase expérimentale finit après avoir commencé."),
            models.CheckConstraint(name="agreement_succeeded_by_another", condition=~Q(successor=F("id")),
                                   violation_error_message="Une convention ne se remplace pas elle-même."),
        ]  # fmt: skip

    def searched(self) -> tuple[Any, ...]:
        return self.name, self.short_name, self.programme

    def get_absolute_url(self) -> str:
        return f"/conventions/{self.pk}/"


@tracked
class Version(PoolModel):
    """A version of a convention: the only versioned text. Its articles, its catalogue and its tariff are parts of it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="versions", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    label = models.CharField("version", max_length=60, help_text="Telle qu’elle se nomme : « 2 », « avenant n° 6 ».")
    author = models.CharField("auteur", max_length=200, blank=True)
    dated_as = models.CharField("date, telle qu’écrite", max_length=60, blank=True)
    dated_on = models.DateField("datée du", null=True, blank=True)
    status = models.CharField("état", max_length=20, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="followed_by",
                                   db_constraint=False, verbose_name="suit la version")  # fmt: skip
    adopted_by = act("adoptée par l’acte", "adopted_versions")
    starts_on = models.DateField("en vigueur le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    edition = models.ForeignKey("catalog.Edition", models.PROTECT, null=True, blank=True, related_name="versions",
                                db_constraint=False, verbose_name="catalogue")  # fmt: skip
    preamble = models.TextField("préambule", blank=True)
    tariff = models.TextField("tarif", blank=True, editable=False)
    data_role = models.CharField("données personnelles", max_length=20, choices=DataRole.choices, blank=True)
    data_clause = models.TextField("clause de traitement des données", blank=True)
    data_measures = models.TextField("annexe des mesures de sécurité", blank=True)

    objects = models.Manager.from_queryset(Versions)()

    class Meta:
        verbose_name = "version de convention"
        verbose_name_plural = "versions de convention"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "agreement", "label"], name="version_once",
                                    violation_error_message="Cette convention a déjà une version de ce nom."),
            models.CheckConstraint(name="version_approved_is_dated",
                                   condition=~Q(status=VersionStatus.APPROVED) | Q(starts_on__isnull=False),
                                   violation_error_message="Une version approuvée dit depuis quand elle est en vigueur."),
            ends_after_it_starts("version"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agreement.short_name}, version {self.label}"

    @property
    def cited(self) -> str:
        """Its name inside the sentence of an act: « version 2 », « version « avenant n° 6 » »."""
        return f"version {self.label}" if self.label[:1].isdigit() else f"version « {self.label} »"

    def get_absolute_url(self) -> str:
        return f"/conventions/versions/{self.pk}/"

    @property
    def convention(self) -> Convention | None:
        """The tariff of the version, read and checked; None when it has none."""
        return read_once(self.tariff) if self.tariff else None


@tracked
class Article(PoolModel):
    """An article of a version: its number is free text, and may repeat or skip (MEM-03)."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="articles", db_constraint=False, verbose_name="version")
    rank = models.PositiveIntegerField("ordre")
    depth = models.PositiveSmallIntegerField("profondeur", default=1)
    number = models.CharField("numéro", max_length=40, blank=True)
    title = models.CharField("titre", max_length=300, blank=True)
    text = models.TextField("texte", blank=True)
    search_text = models.TextField(editable=False)

    objects = models.Manager.from_queryset(OfVersion)()

    class Meta:
        verbose_name = "article"
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "version", "rank"], name="article_rank_once",
                                    deferrable=models.Deferrable.DEFERRED,
                                    violation_error_message="Un article de cette version a déjà ce rang."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"article {self.number}" if self.number else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = plain(f"{self.number} {self.title} {self.text}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"{self.version.get_absolute_url()}#article-{self.pk}"


@tracked
class Amendment(PoolModel):
    """An avenant: what it changes is typed, and it makes the next version (MEM-11, MEM-17)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="amendments", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    number = models.CharField("numéro", max_length=20)
    subject = models.CharField("objet", max_length=300)
    dated_on = models.DateField("daté du", null=True, blank=True)
    reason = models.TextField("motif", blank=True)
    makes = models.OneToOneField(Version, models.PROTECT, related_name="amendment", db_constraint=False,
                                 verbose_name="fait la version")  # fmt: skip
    prolongs_to = models.DateField("prolonge jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(Amendments)()

    class Meta:
        verbose_name = "avenant"
        ordering = ["-dated_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["pool", "agreement", "number"], name="amendment_once",
                                               violation_error_message="Un avenant porte déjà ce numéro.")]  # fmt: skip

    def __str__(self) -> str:
        return f"avenant n° {self.number}"

    def get_absolute_url(self) -> str:
        return f"/conventions/avenants/{self.pk}/"


@tracked
class AmendmentChange(PoolModel):
    """One change of an amendment (MEM-11)."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="changes", db_constraint=False, verbose_name="avenant")
    rank = models.PositiveIntegerField("ordre", default=0)
    kind = models.CharField("changement", max_length=20, choices=ChangeKind.choices)
    article = models.CharField("article ou brique", max_length=100, blank=True)
    wording = models.TextField("ce qui change")

    objects = models.Manager.from_queryset(OfAmendment)()

    class Meta:
        verbose_name = "changement d’un avenant"
        verbose_name_plural = "changements d’un avenant"
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.article}".rstrip(" :")


@tracked
class AnnexedTable(PoolModel):
    """The table of the ETP of a year, annexed to a version: adopted with it, it no longer changes (ORG-15)."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="annexed_tables", db_constraint=False,
                                verbose_name="version")  # fmt: skip
    year = models.PositiveIntegerField("exercice")
    table = models.OneToOneField("directory.WorkTable", models.PROTECT, null=True, blank=True, related_name="annexed",
                                 db_constraint=False, editable=False, verbose_name="table adoptée")  # fmt: skip

    objects = models.Manager.from_queryset(OfVersion)()

    class Meta:
        verbose_name = "table annexée"
        verbose_name_plural = "tables annexées"
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["pool", "version", "year"], name="annexed_table_once",
                                               violation_error_message="La table de cet exercice est déjà annexée.")]  # fmt: skip

    def __str__(self) -> str:
        return f"table des ETP de {self.year}"


@tracked
class PriceAct(PoolModel):
    """A price or a fact of the service changed by an act, without an amendment, where the convention allows it (MEM-13)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="price_acts", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    parameter = models.CharField("prix", max_length=100)
    value = models.DecimalField("valeur, en euros", max_digits=14, decimal_places=4)
    starts_on = models.DateField("à compter du")
    decided_by = act("décidé par l’acte", "prices")
    reference = models.CharField("acte, tel qu’il se cite", max_length=200)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "prix fixé par acte"
        verbose_name_plural = "prix fixés par acte"
        ordering = ["parameter", "-starts_on"]
        constraints = [models.UniqueConstraint(fields=["pool", "agreement", "parameter", "starts_on"], name="price_act_once",
                                               violation_error_message="Ce prix a déjà une valeur à cette date.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.parameter} au {self.starts_on:%d/%m/%Y}"

    @property
    def words(self) -> str:
        """The name of the price, as people read it."""
        return self.parameter.replace("_", " ")


@tracked
class ReviewDate(PoolModel):
    """A review of a trial phase: when it is due, when it was held (MEM-39)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reviews", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    due_on = models.DateField("dû le")
    held_on = models.DateField("tenu le", null=True, blank=True)
    note = models.TextField("conclusions", blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "bilan d’étape"
        verbose_name_plural = "bilans d’étape"
        ordering = ["due_on"]
        constraints = [models.UniqueConstraint(fields=["pool", "agreement", "due_on"], name="review_once",
                                               violation_error_message="Un bilan est déjà prévu ce jour-là.")]  # fmt: skip

    def __str__(self) -> str:
        return f"bilan du {self.due_on:%d/%m/%Y}"


@tracked
class LegalPiece(PoolModel):
    """A piece of the legal file of a convention, or the mention that stands for it (MEM-46)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="pieces", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    kind = models.CharField("pièce", max_length=20, choices=PieceKind.choices)
    employer = models.ForeignKey("directory.Organization", models.PROTECT, null=True, blank=True, related_name="+",
                                 db_constraint=False, verbose_name="employeur concerné")  # fmt: skip
    on = models.DateField("datée du")
    reference = models.CharField("référence", max_length=200, blank=True)

    objects = models.Manager.from_queryset(OfHost)()

    class Meta:
        verbose_name = "pièce du dossier juridique"
        verbose_name_plural = "pièces du dossier juridique"
        ordering = ["kind", "on"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"


@tracked
class SharedGood(PoolModel):
    """A good shared under the convention: who uses it, on what conditions, how its cost is shared (MEM-44)."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="shared_goods", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    name = models.CharField("bien", max_length=200)
    users = models.TextField("qui l’utilise", blank=True)
    conditions = models.TextField("conditions d’usage", blank=True)
    cost_rule = models.TextField("règle de partage du coût", blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "bien partagé"
        verbose_name_plural = "biens partagés"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["pool", "agreement", "name"], name="shared_good_once",
                                               violation_error_message="Ce bien figure déjà.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name
