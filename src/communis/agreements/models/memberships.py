"""Memberships: from the first request to the exit, their dated steps and their choices (MEM-06 to MEM-10)."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from communis.agreements.enums import (
    ONCE,
    DropCause,
    EndCause,
    MembershipState,
    Party,
    Recipient,
    StepKind,
    VersionStatus,
)
from communis.agreements.models.agreements import Version, act
from communis.catalog.composition import label_of
from communis.directory.models.organizations import OfOrganization, ends_after_it_starts, of_organization
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class Memberships(OfOrganization):
    """Memberships, by their state on a day; the rule of `state_on`, for the database."""

    def in_state(self, day: date, *states: str) -> Self:
        found = Q(pk__in=[])
        begun = Q(effect_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
        dropped = Q(dropped_on__lte=day)
        ruled = {
            MembershipState.DROPPED: dropped,
            MembershipState.PREPARING: ~dropped & (Q(effect_on=None) | Q(effect_on__gt=day)),
            MembershipState.ENDED: ~dropped & Q(effect_on__lte=day, ends_on__lt=day),
            MembershipState.NOTICE: ~dropped & begun & Q(notice_on__lte=day),
            MembershipState.ACTIVE: ~dropped & begun & (Q(notice_on=None) | Q(notice_on__gt=day)),
        }
        for state in states:
            found |= ruled[MembershipState(state)]
        return self.filter(found)

    def with_names(self) -> Self:
        """Read beside each membership the name of its organization, and nothing else of it."""
        own = [field.attname for field in self.model._meta.concrete_fields]
        return self.select_related("organization").only(*own, "organization__name", "organization__sort_name")


class OfMembership(ScopedQuerySet):
    """What a membership holds is read by the host’s staff and by the member."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(membership__organization_id__in=user.organizations)


def of_membership(related_name: str) -> Any:
    return models.ForeignKey("agreements.Membership", models.PROTECT, related_name=related_name, db_constraint=False,
                             verbose_name="adhésion")  # fmt: skip


def apart(name: str, owner: str, message: str, first: str = "starts_on", last: str = "ends_on") -> ExclusionConstraint:
    """Refuse two periods of the same owner, a reference by its name (Django’s check knows no column), that overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (Func(F(owner), F(owner), Value("[]"), function="int8range"), "&&"),
            (Func(F(first), F(last), Value("[]"), function="daterange"), "&&"),
        ],
        violation_error_message=message,
    )


@tracked
class Membership(PoolModel):
    """A member’s accession to a convention; its state is read from its dates (MEM-06)."""

    organization = of_organization("memberships")
    agreement = models.ForeignKey("agreements.Agreement", models.PROTECT, related_name="memberships", db_constraint=False,
                                  verbose_name="convention")  # fmt: skip
    requested_on = models.DateField("demandée le")
    effect_on = models.DateField("date d’effet", null=True, blank=True)
    notice_on = models.DateField("préavis reçu le", null=True, blank=True)
    ends_on = models.DateField("dernier jour", null=True, blank=True)
    end_cause = models.CharField("cause de la fin", max_length=20, choices=EndCause.choices, blank=True)
    dropped_on = models.DateField("sans suite depuis le", null=True, blank=True)
    drop_cause = models.CharField("cause", max_length=20, choices=DropCause.choices, blank=True)
    drop_note = models.CharField("motif", max_length=300, blank=True)
    follows = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="followed_by",
                                   db_constraint=False, verbose_name="remplace l’adhésion")  # fmt: skip
    wishes = models.TextField("souhaits sur l’accès aux données", blank=True,
                              help_text="Ce que le membre demande sur l’accès du service à ses données.")  # fmt: skip

    objects = models.Manager.from_queryset(Memberships)()

    class Meta:
        verbose_name = "adhésion"
        ordering = ["organization__sort_name", "-requested_on", "id"]
        constraints = [
            models.CheckConstraint(name="membership_ends_after_its_effect",
                                   condition=Q(ends_on=None) | Q(effect_on__isnull=False, ends_on__gte=F("effect_on")),
                                   violation_error_message="Une adhésion finit après avoir pris effet."),
            models.CheckConstraint(name="membership_end_has_a_cause", condition=Q(ends_on=None) | ~Q(end_cause=""),
                                   violation_error_message="La fin d’une adhésion a une cause."),
            models.CheckConstraint(name="membership_dropped_never_began",
                                   condition=Q(dropped_on=None) | Q(effect_on=None) & ~Q(drop_cause=""),
                                   violation_error_message="Une adhésion sans suite n’a pas pris effet, et dit pourquoi."),
            models.UniqueConstraint(fields=["pool", "organization", "agreement"], name="membership_prepared_once",
                                    condition=Q(effect_on=None, dropped_on=None),
                                    violation_error_message="Une adhésion à cette convention est déjà en préparation."),
            ExclusionConstraint(
                name="membership_one_at_a_time",
                expressions=[
                    (Func(F("organization"), F("organization"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("agreement"), F("agreement"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("effect_on"), F("ends_on"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(effect_on__isnull=False),
                violation_error_message="Ce membre adhère déjà à cette convention à ces dates.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organization}, {self.agreement.short_name}"

    def get_absolute_url(self) -> str:
        return f"/adhesions/{self.pk}/"

    def state_on(self, day: date) -> MembershipState:
        """Return the state of the membership on a day (MEM-06)."""
        return state_of(self, day)


def state_of(row: Any, day: date) -> MembershipState:
    """Return the state on a day of a membership, or of its four dates read alone (MEM-06)."""
    if row.dropped_on is not None and row.dropped_on <= day:
        return MembershipState.DROPPED
    if row.effect_on is None or row.effect_on > day:
        return MembershipState.PREPARING
    if row.ends_on is not None and row.ends_on < day:
        return MembershipState.ENDED
    if row.notice_on is not None and row.notice_on <= day:
        return MembershipState.NOTICE
    return MembershipState.ACTIVE


@tracked
class Step(PoolModel):
    """A dated step of a membership, with its author and its act; a tacit renewal is one, written once (MEM-06, MEM-15)."""

    membership = of_membership("steps")
    kind = models.CharField("étape", max_length=20, choices=StepKind.choices)
    on = models.DateField("le")
    until = models.DateField("jusqu’au", null=True, blank=True)
    decided_by = act("acte", "steps")
    note = models.CharField("précision", max_length=500, blank=True)
    entered_by = models.CharField("saisie par", max_length=200)
    entered_at = models.DateTimeField("saisie le")

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "étape d’une adhésion"
        verbose_name_plural = "étapes d’une adhésion"
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "membership", "kind"], name="step_once", condition=Q(kind__in=sorted(ONCE)),
                                    violation_error_message="Cette étape est déjà faite."),
            models.UniqueConstraint(fields=["pool", "membership", "kind", "on"], name="step_renewed_once",
                                    condition=Q(kind=StepKind.RENEWED),
                                    violation_error_message="Cette reconduction est déjà écrite."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.on:%d/%m/%Y}"


@tracked
class ChoiceForm(PoolModel):
    """The form of choices that a member filled, in force from a day to a day: one at a time (MEM-08, MEM-10, MEM-43)."""

    membership = of_membership("forms")
    stated_on = models.DateField("rempli le")
    starts_on = models.DateField("en vigueur du")
    ends_on = models.DateField("au", null=True, blank=True)
    decided_by = act("décidé par l’acte", "choice_forms")

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "formulaire de choix"
        verbose_name_plural = "formulaires de choix"
        ordering = ["-starts_on", "id"]
        constraints = [
            ends_after_it_starts("choice_form"),
            apart("choice_form_one_at_a_time", "membership", "Des choix sont déjà en vigueur à ces dates."),
        ]

    def __str__(self) -> str:
        return f"choix du {self.starts_on:%d/%m/%Y}"


class OfChoiceForm(ScopedQuerySet):
    def rows_visible_to(self, user: Any) -> Self:
        return self if user.is_staff_of_host else self.filter(form__membership__organization_id__in=user.organizations)


@tracked
class Choice(PoolModel):
    """An offer chosen in a form, with its own date of effect (MEM-08); the offer is named as in the convention file."""

    form = models.ForeignKey(ChoiceForm, models.PROTECT, related_name="choices", db_constraint=False, verbose_name="formulaire")
    offer = models.CharField("offre", max_length=200)
    starts_on = models.DateField("date d’effet")
    options = ArrayField(models.CharField(max_length=200), blank=True, default=list, verbose_name="prestations choisies")

    objects = models.Manager.from_queryset(OfChoiceForm)()

    class Meta:
        verbose_name = "choix"
        verbose_name_plural = "choix"
        ordering = ["starts_on", "id"]
        constraints = [models.UniqueConstraint(fields=["pool", "form", "offer"], name="choice_once",
                                               violation_error_message="Cette offre est déjà choisie.")]  # fmt: skip

    def __str__(self) -> str:
        """Name the offer as the version that the member adopted last does, else the last one that was approved."""
        membership = self.form.membership
        adoption = membership.adoptions.unscoped().select_related("version").order_by("on", "id").last()
        approved = Version.objects.unscoped().filter(agreement=membership.agreement_id, status=VersionStatus.APPROVED)
        version = adoption.version if adoption is not None else approved.order_by("starts_on", "id").last()
        return label_of(version.convention if version is not None else None, self.offer)


class Adoptions(OfMembership):
    def applying(self, day: date) -> Self:
        """Return the adoptions that apply on a day: made by then, of a version that is in force by then, or has no day yet."""
        return self.filter(Q(version__starts_on=None) | Q(version__starts_on__lte=day), on__lte=day)


@tracked
class Adoption(PoolModel):
    """A member adopts a version of the convention by its own act, or by what an earlier act authorised (MEM-12, MEM-36)."""

    membership = of_membership("adoptions")
    version = models.ForeignKey("agreements.Version", models.PROTECT, related_name="adoptions", db_constraint=False,
                                verbose_name="version")  # fmt: skip
    on = models.DateField("adoptée le")
    decided_by = act("par l’acte", "adoptions")
    authorized_by = act("en vertu de l’acte", "authorized_adoptions")

    objects = models.Manager.from_queryset(Adoptions)()

    class Meta:
        verbose_name = "adoption d’une version"
        verbose_name_plural = "adoptions de versions"
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["pool", "membership", "version"], name="adoption_once",
                                               violation_error_message="Ce membre a déjà adopté cette version.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.version} adoptée le {self.on:%d/%m/%Y}"


@tracked
class Signature(PoolModel):
    """Who signed the convention for a party, in what quality, by which act (MEM-05)."""

    PERSONAL = ("signatory",)

    membership = of_membership("signatures")
    party = models.CharField("partie", max_length=20, choices=Party.choices)
    signatory = models.CharField("signataire", max_length=200)
    quality = models.CharField("qualité", max_length=200)
    on = models.DateField("signée le")
    decided_by = act("autorisé par l’acte", "signatures")
    authority = models.CharField("autorisation, telle qu’écrite", max_length=200, blank=True)

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "signature"
        ordering = ["on", "id"]
        constraints = [models.UniqueConstraint(fields=["pool", "membership", "party"], name="signature_once",
                                               violation_error_message="Cette partie a déjà signé.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_party_display()}, {self.on:%d/%m/%Y}"

    @property
    def signed_by(self) -> str:
        """Who signed and in what quality; an erased name leaves the quality alone."""
        return ", ".join(filter(None, (self.signatory or "personne effacée", self.quality)))


@tracked
class Dispatch(PoolModel):
    """A sending of the signed convention, with its proof (MEM-32)."""

    membership = of_membership("dispatches")
    recipient = models.CharField("destinataire", max_length=20, choices=Recipient.choices)
    sent_on = models.DateField("envoyée le")
    proof = models.CharField("preuve", max_length=300, blank=True)

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "transmission de la convention"
        verbose_name_plural = "transmissions de la convention"
        ordering = ["sent_on", "id"]
        constraints = [models.UniqueConstraint(fields=["pool", "membership", "recipient"], name="dispatch_once",
                                               violation_error_message="La convention lui est déjà transmise.")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_recipient_display()}, {self.sent_on:%d/%m/%Y}"


@tracked
class Obligation(PoolModel):
    """A duty of the member that its choices bring, and when it was done (MEM-35)."""

    membership = of_membership("obligations")
    key = models.SlugField("clé", max_length=60)
    label = models.CharField("obligation", max_length=300)
    article = models.CharField("article", max_length=100, blank=True)
    due_on = models.DateField("à faire pour le", null=True, blank=True)
    done_on = models.DateField("faite le", null=True, blank=True)
    note = models.CharField("remarque", max_length=300, blank=True)

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "obligation"
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["pool", "membership", "key"], name="obligation_once",
                                               violation_error_message="Cette obligation figure déjà.")]  # fmt: skip

    def __str__(self) -> str:
        return self.label


@tracked
class Examination(PoolModel):
    """The « examen approfondi » of a request outside the scale: findings, decision, price set by a named act (MEM-22, AMB-09)."""

    membership = of_membership("examinations")
    opened_on = models.DateField("ouvert le")
    reason = models.CharField("motif", max_length=300)
    findings = models.TextField("constats", blank=True)
    decision = models.TextField("décision", blank=True)
    conditions = models.TextField("conditions", blank=True)
    offer = models.CharField("offre", max_length=200)
    amount = models.DecimalField("montant décidé, en euros par an", max_digits=14, decimal_places=2, null=True, blank=True)
    line = models.CharField("ligne du tarif que ce montant remplace", max_length=200, blank=True)
    decided_on = models.DateField("décidé le", null=True, blank=True)
    decided_by = act("par l’acte", "examinations")

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "examen approfondi"
        verbose_name_plural = "examens approfondis"
        ordering = ["-opened_on", "id"]
        constraints = [models.CheckConstraint(name="examination_amount_has_an_act",
                                              condition=Q(amount=None) | Q(decided_by__isnull=False, decided_on__isnull=False),
                                              violation_error_message="Un montant décidé a sa date et son acte."),
                       models.CheckConstraint(name="examination_amount_not_negative",
                                              condition=Q(amount=None) | Q(amount__gte=0),
                                              violation_error_message="Un montant décidé est de zéro euro ou plus.")]  # fmt: skip

    def __str__(self) -> str:
        return f"examen ouvert le {self.opened_on:%d/%m/%Y}"


@tracked
class PurchaseMandate(PoolModel):
    """The mandate to buy in the member’s name: what it covers, one billing account a supplier, no fee (MEM-31)."""

    membership = of_membership("mandates")
    supplier = models.ForeignKey("directory.Supplier", models.PROTECT, related_name="+", db_constraint=False,
                                 verbose_name="fournisseur")  # fmt: skip
    account = models.CharField("compte de facturation", max_length=100)
    assets = models.TextField("actifs concernés")
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    decided_by = act("acte", "mandates")

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "mandat d’achat"
        verbose_name_plural = "mandats d’achat"
        ordering = ["starts_on", "id"]
        constraints = [
            ends_after_it_starts("mandate"),
            models.UniqueConstraint(fields=["pool", "membership", "supplier", "account"], name="mandate_once",
                                    violation_error_message="Ce compte de facturation figure déjà."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"mandat d’achat, compte {self.account}"


@tracked
class InKindAgent(PoolModel):
    """An agent of the member who gives days to the pooled department, for the duty that an offer sets (MEM-41)."""

    membership = of_membership("in_kind_agents")
    person = models.ForeignKey("directory.Person", models.PROTECT, related_name="+", db_constraint=False, verbose_name="agent")
    days = models.DecimalField("jours par an", max_digits=5, decimal_places=1)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = models.Manager.from_queryset(OfMembership)()

    class Meta:
        verbose_name = "agent contributeur"
        verbose_name_plural = "agents contributeurs"
        ordering = ["starts_on", "id"]
        constraints = [
            ends_after_it_starts("in_kind_agent"),
            models.CheckConstraint(name="in_kind_days_positive", condition=Q(days__gt=0),
                                   violation_error_message="Le nombre de jours est supérieur à zéro."),
            models.CheckConstraint(name="in_kind_days_of_a_year", condition=Q(days__lte=366),
                                   violation_error_message="Une année compte 366 jours au plus."),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person}, {self.days} jours"
