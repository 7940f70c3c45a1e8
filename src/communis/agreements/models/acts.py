"""Council acts with all their imperfections: a number may be missing, a count may be blank, nothing prevents keeping them."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from communis.agreements.enums import ActKind, ActState, Nature, Opinion, Presence
from communis.directory.models.organizations import of_organization
from communis.directory.names import plain
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet

UNPUBLISHED = (ActState.DRAFT, ActState.LISTED, ActState.WITHDRAWN)


class Acts(ScopedQuerySet):
    """The host’s staff reads all acts; a member its own, and those that the host’s council voted."""

    def rows_visible_to(self, user: Any) -> Self:
        if user.is_staff_of_host:
            return self
        voted = Q(organization__is_host=True) & ~Q(state__in=UNPUBLISHED)
        return self.filter(Q(organization_id__in=user.organizations) | voted)


class OfAct(ScopedQuerySet):
    """What an act holds is read by whoever reads the act."""

    def rows_visible_to(self, user: Any) -> Self:
        if user.is_staff_of_host:
            return self
        voted = Q(resolution__organization__is_host=True) & ~Q(resolution__state__in=UNPUBLISHED)
        return self.filter(Q(resolution__organization_id__in=user.organizations) | voted)


def count(label: str) -> Any:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


def day(label: str, **options: Any) -> Any:
    return models.DateField(label, null=True, blank=True, **options)


@tracked
class Resolution(PoolModel):
    """An act of a council: délibération, décision, note de synthèse, arrêté (DOC-01 to DOC-11)."""

    PERSONAL = ("president", "reporter", "secretary", "signatories")

    organization = of_organization("acts")
    agreement = models.ForeignKey("agreements.Agreement", models.PROTECT, null=True, blank=True, related_name="acts",
                                  db_constraint=False, verbose_name="convention concernée")  # fmt: skip
    kind = models.CharField("genre", max_length=20, choices=ActKind.choices, default=ActKind.RESOLUTION)
    state = models.CharField("état", max_length=20, choices=ActState.choices, default=ActState.ADOPTED)
    number = models.CharField("numéro au registre", max_length=60, blank=True)
    sent_number = models.CharField("numéro à la transmission", max_length=60, blank=True)
    subject = models.CharField("objet", max_length=500)
    matter = models.CharField(
        "matière", max_length=10, blank=True, help_text="Du classement de la préfecture : 5.7, intercommunalité."
    )
    nature = models.CharField("nature", max_length=2, choices=Nature.choices, default=Nature.RESOLUTION)

    session_on = day("séance du")
    session_at = models.TimeField("à", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    body = models.CharField("assemblée", max_length=200, blank=True, help_text="Conseil municipal, conseil communautaire…")
    service = models.CharField("service", max_length=200, blank=True)
    president = models.CharField("président de séance", max_length=200, blank=True)
    reporter = models.CharField("rapporteur", max_length=200, blank=True)
    secretary = models.CharField("secrétaire de séance", max_length=200, blank=True)

    convened_on = day("convocation du")
    posted_on = day("affichage du")
    published_on = day("publication du")
    online_on = day("mise en ligne du")
    sent_on = day("transmission du")
    received_on = day("reçue en préfecture le")
    transmission = models.CharField("identifiant de transmission", max_length=80, blank=True,
                                    help_text="Tel que le tampon le porte : 035-213502362-20231005-SG2023_362-DE.")  # fmt: skip

    in_office = count("en exercice")
    present = count("présents")
    proxies = count("procurations")
    excused = count("excusés sans pouvoir")
    absent = count("absents")
    voters = count("votants")
    votes_for = count("pour")
    votes_against = count("contre")
    abstained = count("abstentions")
    not_voting = count("ne prennent pas part au vote")
    is_unanimous = models.BooleanField("à l’unanimité", default=False)

    visas = models.TextField("visas", blank=True)
    recitals = models.TextField("considérants", blank=True)
    statement = models.TextField("exposé", blank=True)
    decisions = models.TextField("décisions", blank=True, help_text="APPROUVE, AUTORISE, DÉCIDE, DIT : une par ligne.")
    budget_sentence = models.CharField("inscription budgétaire", max_length=500, blank=True)
    remedies = models.TextField("voies de recours", blank=True)
    signatories = models.CharField("signataires", max_length=300, blank=True)
    annexes = models.TextField("annexes", blank=True)
    missing = models.CharField("laissé en blanc", max_length=300, blank=True,
                               help_text="Ce que l’acte devait dire et ne dit pas : « services choisis ».")  # fmt: skip
    authorizes = models.CharField("autorise d’avance", max_length=300, blank=True,
                                  help_text="Par exemple : les avenants de renouvellement.")  # fmt: skip
    search_text = models.TextField(editable=False)

    objects = models.Manager.from_queryset(Acts)()

    class Meta:
        verbose_name = "acte"
        ordering = ["-session_on", "-id"]
        indexes = [
            models.Index(fields=["pool", "-session_on", "-id"], name="act_by_session"),
            models.Index(fields=["pool", "organization", "-session_on"], name="act_of_an_organization"),
            models.Index(fields=["pool", "agreement", "-session_on"], name="act_of_an_agreement"),
            models.Index(fields=["pool", "sent_on"], name="act_without_receipt", condition=Q(received_on=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pool", "organization", "kind", "number", "session_on"], name="act_once",
                                    condition=~Q(number=""),
                                    violation_error_message="Cet acte est déjà enregistré, avec ce numéro et cette séance."),
            models.UniqueConstraint(fields=["pool", "transmission"], name="act_transmission_once", condition=~Q(transmission=""),
                                    violation_error_message="Un autre acte porte déjà cet identifiant de transmission."),
        ]  # fmt: skip

    def __str__(self) -> str:
        numbered = f" n° {self.number}" if self.number else ""
        on = f" du {self.session_on:%d/%m/%Y}" if self.session_on else ""
        return f"{self.get_kind_display()}{numbered}{on}"

    def keep_words(self) -> None:
        """Keep each word once, for the search of acts (DOC-25); rows made in bulk ask for it themselves."""
        said = (self.number, self.sent_number, self.transmission, self.subject, self.statement, self.decisions, self.recitals,
                self.visas, self.annexes, self.budget_sentence)  # fmt: skip
        self.search_text = " ".join(dict.fromkeys(plain(" ".join(said)).split()))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.keep_words()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/actes/{self.pk}/"

    @property
    def is_outvoted(self) -> bool:
        """Tell whether more voices were against than for; a tie is left to the voice of the president (L. 2121-20 CGCT)."""
        return self.votes_for is not None and self.votes_against is not None and self.votes_against > self.votes_for

    @property
    def executory_on(self) -> date | None:
        """The day the act binds: the later of its receipt by the préfecture and its publication (DOC-08, L. 2131-1 CGCT).

        Whatever is typed of them, never before its session: nothing was decided yet.
        """
        if self.state != ActState.ADOPTED or self.received_on is None or self.published_on is None:
            return None
        return max(self.received_on, self.published_on, self.session_on or date.min)

    def standing_on(self, today: date) -> str:
        """Return the state of the act on a day, the furthest it has come (DOC-10)."""
        if self.state != ActState.ADOPTED:
            return str(self.get_state_display())
        if self.executory_on is not None and self.executory_on <= today:
            return "exécutoire"
        if self.published_on is not None and self.published_on <= today:
            return "publié"
        return "transmis" if self.sent_on is not None and self.sent_on <= today else "adopté"


@tracked
class Attendance(PoolModel):
    """Somebody at a session, and who holds whose proxy; names are optional (DOC-03, SEC-14)."""

    PERSONAL = ("name", "proxy_holder")

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="attendances", db_constraint=False,
                                   verbose_name="acte")  # fmt: skip
    rank = models.PositiveSmallIntegerField("ordre", default=0)
    name = models.CharField("nom", max_length=200)
    presence = models.CharField("présence", max_length=20, choices=Presence.choices, default=Presence.PRESENT)
    proxy_holder = models.CharField("pouvoir donné à", max_length=200, blank=True)

    objects = models.Manager.from_queryset(OfAct)()

    class Meta:
        verbose_name = "présence à une séance"
        verbose_name_plural = "présences à une séance"
        ordering = ["rank", "id"]
        constraints = [models.CheckConstraint(name="attendance_holder_of_a_proxy",
                                              condition=Q(presence=Presence.PROXY) | Q(proxy_holder=""),
                                              violation_error_message="Seul un excusé donne pouvoir.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked
class PriorOpinion(PoolModel):
    """What a commission or a committee said before the vote (DOC-09)."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="opinions", db_constraint=False,
                                   verbose_name="acte")  # fmt: skip
    body = models.CharField("instance", max_length=200)
    on = models.DateField("rendu le")
    opinion = models.CharField("avis", max_length=20, choices=Opinion.choices, default=Opinion.FAVOURABLE)

    objects = models.Manager.from_queryset(OfAct)()

    class Meta:
        verbose_name = "avis préalable"
        verbose_name_plural = "avis préalables"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.body}, {self.on:%d/%m/%Y}"
