"""The organizations of a pool: what they are, what they are made of, where they are, how they change."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from communis.directory.enums import Connection, MilestoneKind, PartnerKind, SiteKind, SuccessionKind, Weekday
from communis.directory.identifiers import (
    CodeField,
    check_department,
    check_insee,
    check_siren,
    check_siret,
    department_of,
    is_siren,
    is_siret,
)
from communis.directory.names import Sorted, plain, sort_key
from communis.directory.register import ReferenceBody
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet
from communis.kit import formats
from communis.kit.formats import of


class OfPool(ScopedQuerySet):
    """Rows that everybody with a right in the pool may read: names, places, and what the convention makes public."""

    def rows_visible_to(self, user: Any) -> Self:
        return self


class OfOrganization(ScopedQuerySet):
    """Rows of one organization: the host’s staff sees them all, a member its own."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(organization_id__in=user.organizations)

    def on(self, day: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class OfOrganizationAndHost(ScopedQuerySet):
    """Rows of one organization that it keeps to itself, save those of the host, which are for all its members."""

    def rows_visible_to(self, user: Any) -> Self:
        if user.is_staff_of_host:
            return self
        return self.filter(Q(organization_id__in=user.organizations) | Q(organization__is_host=True))


def of_organization(related_name: str, **options: Any) -> Any:
    """A reference to the organization whose row it is."""
    return models.ForeignKey("directory.Organization", models.PROTECT, related_name=related_name, db_constraint=False,
                             verbose_name="organisation", **options)  # fmt: skip


def ends_after_it_starts(name: str, message: str = "La fin doit suivre le début.") -> models.CheckConstraint:
    return models.CheckConstraint(name=f"{name}_ends_after_it_starts", violation_error_message=message,
                                  condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")))  # fmt: skip


class NamedInPool(PoolModel):
    """A row with a name by which people look for it, whatever its accents and its case."""

    name = models.CharField("nom", max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.name)
        self.search_text = plain(" ".join(str(part) for part in self.searched()))
        super().save(*args, **kwargs)

    def searched(self) -> tuple[Any, ...]:
        """Return what a search looks at."""
        return (self.name,)


@tracked
class OrganizationType(PoolModel):
    """A kind of organization; each pool adds its own without code (ORG-01)."""

    name = models.CharField("nom", max_length=100)
    is_commune = models.BooleanField("a un code Insee", default=False)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "type d’organisation"
        verbose_name_plural = "types d’organisation"
        ordering = [Sorted("name")]
        constraints = [models.UniqueConstraint(fields=["pool", "name"], name="organization_type_once",
                                               violation_error_message="Ce type existe déjà.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked
class Partner(NamedInPool):
    """A body the pool deals with and that is no member: préfecture, comptable public, court, Région… (ORG-02, ORG-18)."""

    kind = models.CharField("genre", max_length=20, choices=PartnerKind.choices)
    address = models.TextField("adresse", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    note = models.TextField("remarques", blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta(NamedInPool.Meta):
        verbose_name = "partenaire"
        constraints = [models.UniqueConstraint(fields=["pool", "name"], name="partner_once",
                                               violation_error_message="Un partenaire porte déjà ce nom.")]  # fmt: skip


def _partner(label: str, kind: str) -> Any:
    return models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
                             limit_choices_to={"kind": kind}, verbose_name=label)  # fmt: skip


@tracked
class Organization(NamedInPool):
    """A body of the pool: the host, a member, or a neighbour; the same commune in two pools is two organizations."""

    type = models.ForeignKey(OrganizationType, models.PROTECT, related_name="+", db_constraint=False, verbose_name="type")
    reference = models.ForeignKey(
        ReferenceBody, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="entrée du registre"
    )
    legal_form = models.CharField("forme juridique", max_length=100, blank=True)
    siren = CodeField("SIREN", max_length=9, blank=True, validators=[check_siren])
    siret = CodeField("SIRET", max_length=14, blank=True, validators=[check_siret])
    insee = CodeField("code Insee", max_length=5, blank=True, validators=[check_insee])
    department = CodeField("département", max_length=3, blank=True, validators=[check_department])
    address = models.TextField("adresse", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="associated", db_constraint=False,
                               verbose_name="commune de rattachement")  # fmt: skip
    prefecture = _partner("préfecture de contrôle", PartnerKind.PREFECTURE)
    accountant = _partner("comptable public", PartnerKind.ACCOUNTANT)
    court = _partner("tribunal administratif", PartnerKind.COURT)
    chorus_service = models.CharField("code service Chorus Pro", max_length=100, blank=True)
    chorus_commitment = models.BooleanField("engagement exigé par Chorus Pro", default=False)
    is_host = models.BooleanField("gestionnaire", default=False, editable=False)
    starts_on = models.DateField("existe depuis le", null=True, blank=True)
    ends_on = models.DateField("existe jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta(NamedInPool.Meta):
        verbose_name = "organisation"
        constraints = [
            models.UniqueConstraint(fields=["pool", "name"], name="organization_name_once",
                                    violation_error_message="Une organisation porte déjà ce nom."),
            models.UniqueConstraint(fields=["pool", "insee"], name="organization_insee_once", condition=~Q(insee=""),
                                    violation_error_message="Une organisation a déjà ce code Insee."),
            models.UniqueConstraint(fields=["pool", "siret"], name="organization_siret_once", condition=~Q(siret=""),
                                    violation_error_message="Une organisation a déjà ce SIRET."),
            models.UniqueConstraint(fields=["pool", "siren"], name="organization_siren_once",
                                    condition=~Q(siren="") & Q(parent=None) & Q(ends_on=None),
                                    violation_error_message="Une organisation a déjà ce SIREN."),
            models.UniqueConstraint(fields=["pool"], name="organization_one_host", condition=Q(is_host=True),
                                    violation_error_message="Le service a déjà un gestionnaire."),
            ends_after_it_starts("organization"),
        ]  # fmt: skip

    @property
    def is_unknown_commune(self) -> bool:
        """Tell whether no commune of the register has its code; one that ended has left the register."""
        return bool(self.insee) and self.reference_id is None and self.ends_on is None

    def clean(self) -> None:
        """Check that the identifiers agree with one another, and find the organization in the register (ORG-02)."""
        if is_siren(self.siren) and is_siret(self.siret) and not self.siret.startswith(self.siren):
            raise ValidationError({"siret": f"Ce SIRET n’est pas celui d’un établissement du SIREN {self.siren}."})
        if self.insee and self.type_id and not self.type.is_commune:
            raise ValidationError({"insee": f"Une organisation du type « {self.type} » n’a pas de code Insee."})
        if self.insee and self.department and self.department != department_of(self.insee):
            raise ValidationError(
                {"department": f"Le code Insee {self.insee} est celui d’une commune du {department_of(self.insee)}."}
            )
        if self.insee:
            self.department = department_of(self.insee)
        if self.pk is not None and self.parent_id == self.pk:
            raise ValidationError({"parent": "Une organisation n’est pas rattachée à elle-même."})
        self.reference = ReferenceBody.known(insee=self.insee, siren="" if self.parent_id else self.siren)
        self.check_siren_is_its_own()

    def check_siren_is_its_own(self) -> None:
        """Refuse the SIREN of another: one that the register gives to another body, one that an organization already holds.

        Those of one legal person share it: a body and what is attached to it. An organization that ended gives its own up.
        """
        if not self.siren:
            return
        owner = ReferenceBody.objects.filter(siren=self.siren).first()
        if owner is not None and self.reference is not None and owner != self.reference:
            raise ValidationError(
                {"siren": f"Le registre national donne le SIREN {self.siren} à {owner}. Corrigez-le, ou videz cette case."}
            )
        family = self.parent_id or self.pk
        others = Organization.objects.unscoped().filter(siren=self.siren, ends_on=None).exclude(pk=self.pk)
        held = others.exclude(Q(pk=family) | Q(parent=family, parent__isnull=False)).first()
        if held is not None and self.ends_on is None:
            told = f"Le SIREN {self.siren} est déjà celui de « {held} ». Corrigez-le ; si l’une dépend de l’autre, dites-le par "
            todo = "« Commune de rattachement » ; si l’une n’existe plus, donnez-lui une fin."
            raise ValidationError({"siren": told + todo})

    def searched(self) -> tuple[Any, ...]:
        return self.name, self.siren, self.siret, self.insee, self.department

    def get_absolute_url(self) -> str:
        return f"/organisations/{self.pk}/"


@tracked
class Composition(PoolModel):
    """An organization is made of others, from a day to a day; it is not an adhesion (ORG-04)."""

    whole = models.ForeignKey(Organization, models.PROTECT, related_name="parts", db_constraint=False,
                              verbose_name="groupement")  # fmt: skip
    part = models.ForeignKey(Organization, models.PROTECT, related_name="wholes", db_constraint=False,
                             verbose_name="composé de")  # fmt: skip
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "composition"
        ordering = ["part__sort_name", "starts_on"]
        constraints = [
            models.CheckConstraint(name="composition_of_another", condition=~Q(whole=F("part")),
                                   violation_error_message="Un groupement n’est pas composé de lui-même."),
            ends_after_it_starts("composition"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.whole} : {self.part}"

    def clean(self) -> None:
        """Refuse a part twice in a whole at the same time, and a whole that is within its own part."""
        if not (self.whole_id and self.part_id and self.starts_on):
            return
        others = Composition.objects.unscoped().exclude(pk=self.pk)
        if others.filter(whole_id=self.part_id, part_id=self.whole_id).exists():
            raise ValidationError({"part": f"{self.whole} fait déjà partie {of(self.part)}."})
        same = others.filter(whole_id=self.whole_id, part_id=self.part_id).filter(
            Q(ends_on=None) | Q(ends_on__gte=self.starts_on)
        )
        held = (same.filter(starts_on__lte=self.ends_on) if self.ends_on else same).first()
        if held is not None:
            raise ValidationError({"part": f"{self.part} en fait déjà partie depuis le {held.starts_on:%d/%m/%Y}."})


@tracked
class Succession(PoolModel):
    """An organization gave way to another at a date; both keep their history (ORG-23)."""

    predecessor = models.ForeignKey(Organization, models.PROTECT, related_name="successions", db_constraint=False,
                                    verbose_name="organisation qui disparaît")  # fmt: skip
    successor = models.ForeignKey(Organization, models.PROTECT, related_name="predecessions", db_constraint=False,
                                  verbose_name="organisation qui lui succède")  # fmt: skip
    kind = models.CharField("cause", max_length=20, choices=SuccessionKind.choices)
    on = models.DateField("à compter du")
    act = models.CharField("acte", max_length=200)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "succession"
        constraints = [
            models.UniqueConstraint(fields=["pool", "predecessor"], name="succession_once",
                                    violation_error_message="Cette organisation a déjà un successeur."),
            models.CheckConstraint(name="succession_by_another", condition=~Q(predecessor=F("successor")),
                                   violation_error_message="Une organisation ne se succède pas à elle-même."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


@tracked
class Site(PoolModel):
    """A place of an organization, and how it reaches the network (ORG-12)."""

    organization = of_organization("sites")
    kind = models.CharField("genre", max_length=20, choices=SiteKind.choices)
    name = models.CharField("nom", max_length=200)
    address = models.TextField("adresse", blank=True)
    connection = models.CharField("accès au réseau", max_length=20, choices=Connection.choices, blank=True)
    carrier = models.ForeignKey("directory.Supplier", models.PROTECT, null=True, blank=True, related_name="+",
                                db_constraint=False, verbose_name="opérateur")  # fmt: skip
    speed = models.PositiveIntegerField("débit, en Mbit/s", null=True, blank=True)
    note = models.TextField("remarques", blank=True)

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "site"
        ordering = ["organization__sort_name", "kind", Sorted("name")]
        constraints = [
            models.UniqueConstraint(fields=["pool", "organization", "name"], name="site_once",
                                    violation_error_message="Un site de cette organisation porte déjà ce nom."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked
class LegalGround(PoolModel):
    """A statutory basis that documents cite: an article of the statutes, a competence (ORG-21)."""

    organization = of_organization("grounds")
    reference = models.CharField("référence", max_length=200, help_text="Par exemple : article 6.3.2 des statuts.")
    wording = models.TextField("ce qu’elle permet", help_text="En une phrase, telle qu’un document la citera.")
    starts_on = models.DateField("en vigueur depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfOrganizationAndHost)()

    class Meta:
        verbose_name = "fondement statutaire"
        verbose_name_plural = "fondements statutaires"
        ordering = ["reference", "starts_on"]
        constraints = [ends_after_it_starts("ground")]

    def __str__(self) -> str:
        return self.reference

    @property
    def citation(self) -> str:
        """The words by which an act cites it: « Vu … »."""
        wording = self.wording.strip().rstrip(".")
        return f"Vu {self.reference.strip()}, par quoi {wording[:1].lower()}{wording[1:]} ;"


@tracked
class OpeningHours(PoolModel):
    """Hours of work of an organization on a day of the week (ORG-22)."""

    organization = of_organization("hours")
    weekday = models.CharField("jour", max_length=1, choices=Weekday.choices)
    opens_at = models.TimeField("ouvre à")
    closes_at = models.TimeField("ferme à")

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "horaire"
        ordering = ["organization__sort_name", "weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(name="hours_close_after_they_open", condition=Q(closes_at__gt=F("opens_at")),
                                   violation_error_message="L’heure de fermeture doit suivre celle d’ouverture."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"

    def clean(self) -> None:
        if not (self.organization_id and self.weekday and self.opens_at and self.closes_at):
            return
        same_day = (
            OpeningHours.objects.unscoped().exclude(pk=self.pk).filter(organization=self.organization_id, weekday=self.weekday)
        )
        held = same_day.filter(opens_at__lt=self.closes_at, closes_at__gt=self.opens_at).first()
        if held is not None:
            words = f"{formats.hour(held.opens_at)} à {formats.hour(held.closes_at)}"
            raise ValidationError({"opens_at": f"Cet horaire chevauche celui de {words}."})


@tracked
class ClosingDay(PoolModel):
    """A day or days when an organization is closed, public holidays apart (ORG-22)."""

    organization = of_organization("closings")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    label = models.CharField("motif", max_length=200)

    objects = models.Manager.from_queryset(OfPool)()

    class Meta:
        verbose_name = "jour de fermeture"
        verbose_name_plural = "jours de fermeture"
        ordering = ["starts_on"]
        constraints = [ends_after_it_starts("closing")]

    def __str__(self) -> str:
        return self.label


@tracked
class BudgetMilestone(PoolModel):
    """A date of the budget year of an organization (ORG-22)."""

    organization = of_organization("milestones")
    kind = models.CharField("étape", max_length=3, choices=MilestoneKind.choices)
    year = models.PositiveIntegerField("exercice")
    on = models.DateField("date")

    objects = models.Manager.from_queryset(OfOrganization)()

    class Meta:
        verbose_name = "étape budgétaire"
        verbose_name_plural = "étapes budgétaires"
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"
