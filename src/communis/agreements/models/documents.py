"""Files attached to records, the templates that the pool edits, and the documents made from them (DOC-12 to DOC-24).

The bytes are in the store of the pool, named by their digest (`foundation.files`); the rows say what they are and who reads them.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from communis.agreements.enums import DocumentKind, DocumentStatus, FileAudience, FileKind
from communis.directory.enums import STAFF_READERS
from communis.directory.models.organizations import OfPool, of_organization
from communis.foundation.history import tracked
from communis.foundation.tenancy import PoolModel, ScopedQuerySet


class Attachments(ScopedQuerySet):
    """A file is read by its audience: the pool, the member and the host, the host alone, or those who read the staff’s files."""

    def rows_visible_to(self, user: Any) -> Self:
        own = Q(organization_id__in=user.organizations)
        staff = Q(audience=FileAudience.STAFF)
        if user.is_staff_of_host:
            return self if user.holds(*STAFF_READERS) else self.exclude(staff)
        shared = Q(audience=FileAudience.POOL)
        kept = Q(audience=FileAudience.BOTH) & own
        return self.filter(shared | kept | (staff & Q(organization_id__in=user.writes_for)))


def document_read_by(user: Any, at: str = "") -> Q:
    """The host’s staff reads all that is made; a member what is made for it, and what is issued to all.

    What is made from the file of an agent is read by those who read that file (SEC-04).
    """
    staff = Q(**{f"{at}staff_file__isnull": False})
    if user.is_staff_of_host:
        return Q() if user.holds(*STAFF_READERS) else ~staff
    issued = Q(**{f"{at}organization__is_host": True}) & ~Q(**{f"{at}status": DocumentStatus.DRAFT})
    own = Q(**{f"{at}organization_id__in": user.organizations})
    return ((own | issued) & ~staff) | (staff & Q(**{f"{at}organization_id__in": user.writes_for}))


class Documents(ScopedQuerySet):
    def with_later(self) -> Self:
        """Tell, in `has_later`, of which documents a later version of the same kind, about the same thing, is made."""
        of = ("organization", "membership", "amendment", "staff_file")
        same = {f"{name}_is": Coalesce(f"{name}_id", 0) for name in of}
        outer = {f"{name}_is": Coalesce(OuterRef(f"{name}_id"), 0) for name in of}
        later = self.model._default_manager.unscoped().alias(**same)
        later = later.filter(kind=OuterRef("kind"), number__gt=OuterRef("number"), **outer)
        return self.annotate(has_later=Exists(later))

    def rows_visible_to(self, user: Any) -> Self:
        return self.filter(document_read_by(user))


class OfDocument(ScopedQuerySet):
    """What a document holds is read by whoever reads the document."""

    def rows_visible_to(self, user: Any) -> Self:
        return self.filter(document_read_by(user, "document__"))


def holder(model: str, label: str) -> Any:
    return models.ForeignKey(f"agreements.{model}", models.PROTECT, null=True, blank=True, related_name="attachments",
                             db_constraint=False, verbose_name=label)  # fmt: skip


HOLDERS = (
    "resolution", "membership", "version", "piece", "staff_file", "letter", "notice", "agreement", "amendment", "dispute",
)  # fmt: skip


def exactly_one(names: tuple[str, ...]) -> Q:
    """Exactly one of some references is set."""
    return reduce(or_, (Q(**{f"{other}__isnull": other != name for other in names}) for name in names))


@tracked
class Attachment(PoolModel):
    """A file attached to one record: its bytes by their digest, its kind, who reads it (DOC-24)."""

    organization = of_organization("attachments")
    resolution = holder("Resolution", "acte")
    membership = holder("Membership", "adhésion")
    version = holder("Version", "version")
    piece = holder("LegalPiece", "pièce du dossier")
    staff_file = holder("StaffFile", "dossier d’agent")
    letter = holder("Letter", "lettre")
    notice = holder("Notice", "préavis")
    agreement = holder("Agreement", "convention")
    amendment = holder("Amendment", "avenant")
    dispute = holder("Dispute", "différend")
    name = models.CharField("nom du fichier", max_length=200)
    kind = models.CharField("genre", max_length=20, choices=FileKind.choices)
    audience = models.CharField("lu par", max_length=20, choices=FileAudience.choices, default=FileAudience.BOTH)
    digest = models.CharField("empreinte SHA-256", max_length=64, editable=False)
    size = models.PositiveIntegerField("taille, en octets", editable=False)
    media = models.CharField("type", max_length=100, editable=False)
    added_by = models.CharField("joint par", max_length=200, editable=False)
    added_at = models.DateTimeField("joint le", editable=False)

    objects = models.Manager.from_queryset(Attachments)()

    class Meta:
        verbose_name = "fichier joint"
        verbose_name_plural = "fichiers joints"
        ordering = ["-added_at", "-id"]
        constraints = [models.CheckConstraint(name="attachment_of_one_record", condition=exactly_one(HOLDERS),
                                              violation_error_message="Un fichier est joint à une seule fiche.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """Say what a file is attached to, when it is shown on the page of something larger."""
        return next((str(one) for one in (self.piece, self.letter, self.notice, self.dispute) if one is not None), "")


class FileReadings(ScopedQuerySet):
    """Who read a file of the staff is told to those who lead the department, and to the auditor (SEC-05)."""

    def rows_visible_to(self, user: Any) -> Self:
        return self if user.holds(*STAFF_READERS) else self.none()


class FileReading(PoolModel):
    """Somebody read a file kept for the staff’s readers; nobody changes what is written here (SEC-05)."""

    organization = of_organization("file_readings")
    attachment = models.PositiveBigIntegerField("fichier n°", db_index=True)
    name = models.CharField("nom du fichier", max_length=200)
    digest = models.CharField("empreinte SHA-256", max_length=64)
    read_by = models.CharField("lu par", max_length=200)
    read_at = models.DateTimeField("lu le")

    objects = models.Manager.from_queryset(FileReadings)()

    class Meta:
        verbose_name = "lecture d’un fichier"
        verbose_name_plural = "lectures de fichiers"
        ordering = ["-read_at", "-id"]

    def __str__(self) -> str:
        return f"{self.name}, lu par {self.read_by}"


class Templates(OfPool):
    def in_use(self) -> Self:
        """Return the templates of the pool, the last deposited of a kind last; without one, the shipped template is used."""
        return self.filter(withdrawn_at=None).order_by("added_at", "id")


@tracked
class DocumentTemplate(PoolModel):
    """A word-processor template that the pool edits, for a kind of document (DOC-22).

    The one in use is the last deposited; once withdrawn, it stays with the documents made from it.
    """

    kind = models.CharField("document", max_length=20, choices=DocumentKind.choices)
    name = models.CharField("nom du fichier", max_length=200)
    digest = models.CharField("empreinte SHA-256", max_length=64, editable=False)
    size = models.PositiveIntegerField("taille, en octets", editable=False)
    added_by = models.CharField("déposé par", max_length=200, editable=False)
    added_at = models.DateTimeField("déposé le", editable=False)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(Templates)()

    class Meta:
        verbose_name = "modèle de document"
        verbose_name_plural = "modèles de document"
        ordering = ["kind", "-added_at"]
        constraints = [models.UniqueConstraint(fields=["pool", "kind", "digest"], condition=Q(withdrawn_at=None),
                                               name="template_once",
                                               violation_error_message="Ce modèle est déjà déposé.")]  # fmt: skip

    def __str__(self) -> str:
        return self.name


@tracked
class Document(PoolModel):
    """A document made ready: its version, its author, its blanks, and the two files made from the same values (DOC-23)."""

    organization = of_organization("documents")
    membership = models.ForeignKey("agreements.Membership", models.PROTECT, null=True, blank=True, related_name="documents",
                                   db_constraint=False, verbose_name="adhésion")  # fmt: skip
    amendment = models.ForeignKey("agreements.Amendment", models.PROTECT, null=True, blank=True, related_name="documents",
                                  db_constraint=False, verbose_name="avenant")  # fmt: skip
    staff_file = models.ForeignKey("agreements.StaffFile", models.PROTECT, null=True, blank=True, related_name="documents",
                                   db_constraint=False, verbose_name="dossier d’agent")  # fmt: skip
    kind = models.CharField("document", max_length=20, choices=DocumentKind.choices)
    title = models.CharField("titre", max_length=300)
    number = models.PositiveSmallIntegerField("version", default=1)
    status = models.CharField("état", max_length=20, choices=DocumentStatus.choices, default=DocumentStatus.DRAFT)
    author = models.CharField("auteur", max_length=200)
    made_at = models.DateTimeField("fait le")
    issued_on = models.DateField("émis le", null=True, blank=True)
    values = models.JSONField("valeurs", default=dict)
    blanks = ArrayField(models.CharField(max_length=200), blank=True, default=list, verbose_name="à compléter")
    template = models.ForeignKey(DocumentTemplate, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
                                 verbose_name="modèle")  # fmt: skip
    docx = models.CharField("fichier DOCX", max_length=64)
    pdf = models.CharField("fichier PDF", max_length=64)

    objects = models.Manager.from_queryset(Documents)()

    class Meta:
        verbose_name = "document"
        ordering = ["-made_at", "-id"]
        constraints = [models.CheckConstraint(name="document_issued_on_a_day",
                                              condition=Q(status=DocumentStatus.DRAFT) | Q(issued_on__isnull=False),
                                              violation_error_message="Un document émis a sa date.")]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def state(self) -> str:
        """Return its state in words; a draft of which a later version is made is replaced, where `with_later` told so."""
        status = DocumentStatus(self.status)
        outdone = status == DocumentStatus.DRAFT and getattr(self, "has_later", False)
        return str((DocumentStatus.REPLACED if outdone else status).label)

    def get_absolute_url(self) -> str:
        return f"/documents/{self.pk}/"


@tracked
class DocumentRecipient(PoolModel):
    """Somebody to whom a document goes, for action or for information (DOC-23)."""

    PERSONAL = ("name",)

    document = models.ForeignKey(Document, models.CASCADE, related_name="recipients", db_constraint=False,
                                 verbose_name="document")  # fmt: skip
    name = models.CharField("destinataire", max_length=200)
    for_action = models.BooleanField("pour action", default=False)

    objects = models.Manager.from_queryset(OfDocument)()

    class Meta:
        verbose_name = "destinataire d’un document"
        verbose_name_plural = "destinataires d’un document"
        ordering = ["-for_action", "name"]

    def __str__(self) -> str:
        return self.name


@tracked
class DocumentVisa(PoolModel):
    """A visa on a document: who wrote it, who validated it, when (DOC-23)."""

    PERSONAL = ("name",)

    document = models.ForeignKey(Document, models.CASCADE, related_name="visas", db_constraint=False, verbose_name="document")
    quality = models.CharField("visa", max_length=20, choices=[("writer", "rédacteur"), ("validator", "validation")])
    name = models.CharField("nom", max_length=200)
    on = models.DateField("le")

    objects = models.Manager.from_queryset(OfDocument)()

    class Meta:
        verbose_name = "visa d’un document"
        verbose_name_plural = "visas d’un document"
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.get_quality_display()}, {self.name}"
