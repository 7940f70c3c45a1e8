"""The documents made ready: made from a membership, an amendment or an agent’s file, read, issued; and the pool’s templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.text import slugify

from communis.agreements import access
from communis.agreements.applicable import version_for
from communis.agreements.authors import author_of
from communis.agreements.choices import offers_open
from communis.agreements.documents import values as finished
from communis.agreements.documents.ending import of_departure
from communis.agreements.documents.values import LABELS, Typed, Values
from communis.agreements.documents.word import default_template
from communis.agreements.enums import DocumentKind, DocumentStatus
from communis.agreements.forms.documents import (
    FOR_AMENDMENT,
    FOR_MEMBERSHIP,
    MADE,
    OF_DEPARTURE,
    IssueForm,
    MakeForm,
    Offered,
    TemplateForm,
)
from communis.agreements.forms.files import RemoveForm
from communis.agreements.models import (
    Amendment,
    Document,
    DocumentRecipient,
    DocumentTemplate,
    DocumentVisa,
    Membership,
    StaffFile,
)
from communis.agreements.operations.documents import About, add_template, issue, make, withdraw_template
from communis.agreements.reading import offer_label
from communis.agreements.tables.documents import DocumentFilters, DocumentTable
from communis.agreements.views.adhering import offers_held
from communis.directory.territory import host_of
from communis.directory.views.records import history_address, may_read_history
from communis.foundation import files
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import capital
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal

LISTED = Link("Documents", "/documents/")
TEMPLATES = Link("Modèles", "/documents/modeles/")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RESTORE = "Demandez à l’administrateur de le reprendre d’une sauvegarde, ou refaites le document."
FORMS = {"docx": DOCX, "pdf": "application/pdf"}


def documents(request: AccountRequest) -> HttpResponseBase:
    """List the documents that the person may read."""
    rows = Document.objects.visible_to(request.user).with_later().select_related("organization")
    context = {"may_manage": access.may_manage_agreements(request.user)}
    return listing(
        request, rows, DocumentTable, DocumentFilters, template="agreements/documents.html", name="documents", context=context
    )


def made_page(
    request: AccountRequest, *, kinds: tuple[DocumentKind, ...], about: About, of: Callable[[str, Typed], Values], place: Link,
    offered: Offered | None = None,
) -> HttpResponse:  # fmt: skip
    """Ask what only the person knows, then make the document."""
    initial = {"written_on": timezone.localdate()} | typed_before(request, about)
    form = MakeForm(request.POST or None, kinds=kinds, offered=offered, initial=initial)
    made: list[Document] = []

    def act() -> None:
        given = dict(form.cleaned_data)
        made.append(make(of(given.pop("kind"), Typed(**given)), about, by=author_of(request)))

    return form_page(
        request, form, act, title="Préparer un document", submit="Préparer ce document", done="Le document est prêt à relire.",
        back=(lambda: made[0].get_absolute_url()) if request.method == "POST" else place.url, places=[place],
        sentence="Les choix, les coûts avec leurs formules et le texte sont repris ; ce qui manque est dit avant l’émission.",
    )  # fmt: skip


def typed_before(request: AccountRequest, about: About) -> dict[str, Any]:
    """Return what was typed for the draft that is completed (`?complete=`), when it is about the same thing."""
    asked = request.GET.get("complete", "")
    rows = Document.objects.visible_to(request.user).filter(
        membership=about.membership, amendment=about.amendment, staff_file=about.staff_file
    )
    draft = rows.filter(pk=int(asked)).first() if asked.isdigit() and len(asked) < 19 else None
    if draft is None:
        return {"kind": request.GET.get("document", "")}
    signing = {row["partie"]: row["nom"] for row in draft.values.get("signataires", [])}
    return {
        "kind": draft.kind, "session_on": draft.values.get("seance", ""), "reporter": draft.values.get("rapporteur", ""),
        "court": draft.values.get("tribunal", ""), "signatory": signing.pop(draft.organization.name, ""),
        "host_signatory": next(iter(signing.values()), ""),
    } | wanted_before(draft)  # fmt: skip


def wanted_before(draft: Document) -> dict[str, Any]:
    """Return the change of choices that a draft was made for."""
    if draft.kind != DocumentKind.CHANGE:
        return {}
    wanted, first = draft.values.get("voulus", []), draft.values.get("effet", "")
    days = {f"du-{name}": on for name, on in zip(wanted, draft.values.get("jours", []), strict=False) if on != first}
    return {"changes_on": first} | days | ({"offers": wanted} if wanted else {})


def offered_to(user: Any, membership: Membership, today: date) -> Offered:
    """Return what a member may choose when it changes its choices: what is proposed, and what it holds."""
    version, held = version_for(membership, today), offers_held(user, membership)
    convention = version.convention if version is not None else None
    if convention is None or membership.effect_on is None:
        return Offered({}, held)
    return Offered({name: offer_label(version, name) for name in offers_open(convention, held, today)}, held)


def source_of(user: Any, document: Document) -> Link | None:
    """Return the file that a document was made from, when somebody sees it."""
    for one in (document.membership, document.amendment, document.staff_file):
        if one is not None:
            seen = type(one).objects.visible_to(user).filter(pk=one.pk).exists()
            return Link(str(one), one.get_absolute_url()) if seen else None
    return None


def complete_address(user: Any, document: Document) -> str:
    """Return the page that makes a draft again with what it lacks, for who may make it; nothing for one made for many."""
    page = ""
    if document.amendment_id is not None:
        if document.organization.is_host and access.may_manage_agreements(user):
            page = reverse("amendment-document", args=[document.amendment_id])
    elif document.membership is not None and access.may_ask_for(user, document.membership):
        page = reverse("membership-document", args=[document.membership_id])
    elif document.staff_file_id is not None and access.may_keep_staff_files(user):
        page = reverse("staff-file-document", args=[document.staff_file_id])
    return f"{page}?complete={document.pk}" if page and document.status == DocumentStatus.DRAFT else ""


def for_membership(request: AccountRequest, pk: int) -> HttpResponse:
    """Make ready what a member’s council needs."""
    rows = Membership.objects.visible_to(request.user).select_related("organization__reference", "agreement")
    found = get_object_or_404(rows, pk=pk)
    if not access.may_ask_for(request.user, found):
        raise Http404
    today = timezone.localdate()
    return made_page(
        request, kinds=FOR_MEMBERSHIP, about=About(found.organization, membership=found),
        of=lambda kind, typed: (of_departure if kind in OF_DEPARTURE else finished.of_membership)(kind, found, typed, today),
        place=Link(str(found), found.get_absolute_url()), offered=offered_to(request.user, found, today),
    )  # fmt: skip


def for_amendment(request: AccountRequest, pk: int) -> HttpResponse:
    """Make ready an avenant with its consolidated text, its note, the act on it."""
    rows = Amendment.objects.visible_to(request.user).select_related("agreement", "makes__agreement", "makes__follows__agreement")
    found = get_object_or_404(rows, pk=pk)
    host = host_of()
    if not access.may_manage_agreements(request.user) or host is None:
        raise Http404
    return made_page(
        request, kinds=FOR_AMENDMENT, about=About(host, amendment=found),
        of=lambda kind, typed: finished.of_amendment(kind, found, typed), place=Link(str(found), found.get_absolute_url()),
    )  # fmt: skip


def for_staff_file(request: AccountRequest, pk: int) -> HttpResponse:
    """Make ready the impact statement of an agent."""
    found = get_object_or_404(StaffFile.objects.visible_to(request.user).select_related("organization", "agreement"), pk=pk)
    if not access.may_keep_staff_files(request.user):
        raise Http404
    return made_page(
        request, kinds=(DocumentKind.IMPACT,), about=About(found.organization, staff_file=found),
        of=lambda kind, typed: finished.of_staff_file(found, typed), place=Link(str(found), found.get_absolute_url()),
    )  # fmt: skip


def visible(request: AccountRequest, pk: int) -> Document:
    rows = (
        Document.objects.visible_to(request.user)
        .with_later()
        .select_related(
            "organization", "membership__agreement", "membership__organization", "amendment", "staff_file", "template"
        )
    )
    return get_object_or_404(rows, pk=pk)


def document(request: AccountRequest, pk: int) -> HttpResponse:
    """Show a document: its blanks, its two files, to whom it goes, who has seen it; and issue it."""
    user = request.user
    found = visible(request, pk)
    may = access.may_keep_document(user, found)
    form = IssueForm(request.POST if may and request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            issued = issue(found, by=author_of(request), **form.cleaned_data)
        except Refusal as refusal:
            found = visible(request, pk)
            if found.status != DocumentStatus.DRAFT:  # somebody else has just issued it
                messages.error(request, str(refusal))
                return redirect(found)
            form.add_error(None, str(refusal))
            status = 422
        else:
            messages.success(request, f"« {issued} » est émis : ses fichiers ne changeront plus.")
            return redirect(issued)
    context = {
        "document": found, "form": form if may and found.status == "draft" else None, "may": may, "places": [LISTED],
        "source": source_of(user, found), "complete_url": complete_address(user, found),
        "recipients": DocumentRecipient.objects.visible_to(user).filter(document=found),
        "visas": DocumentVisa.objects.visible_to(user).filter(document=found),
        "history_url": history_address(found) if may_read_history(user, found) else "",
    }  # fmt: skip
    return render(request, "agreements/document.html", context, status=status)


def docx(request: AccountRequest, pk: int) -> HttpResponse:
    """Give the word processor’s file of a document."""
    return file_of(request, pk, "docx")


def pdf(request: AccountRequest, pk: int) -> HttpResponse:
    """Give the reading copy of a document."""
    return file_of(request, pk, "pdf")


def file_of(request: AccountRequest, pk: int, form: str) -> HttpResponse:
    found = visible(request, pk)
    try:
        data = files.read(found.pool_id, getattr(found, form))
    except files.Damaged:
        messages.error(request, f"Le fichier n’est plus lisible. {RESTORE}")
        return redirect(found)
    return download(data, FORMS[form], f"{slugify(found.title)}-v{found.number}.{form}")


def download(data: bytes, media: str, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def templates(request: AccountRequest) -> HttpResponse:
    """Tell, for each kind of document, the template that is used, and take the pool’s own."""
    form = TemplateForm(request.POST or None, request.FILES or None)
    rows = DocumentTemplate.objects.visible_to(request.user).in_use()
    own = {row.kind: row for row in rows}
    listed = [(kind, own.get(kind.value)) for kind in MADE]

    def act() -> None:
        file = form.cleaned_data["file"]
        add_template(form.cleaned_data["kind"], file.name, file.read(), by=author_of(request))

    return form_page(
        request, form, act, title="Modèles de documents", submit="Déposer ce modèle", done="Le modèle est déposé.",
        back=TEMPLATES.url, template="agreements/templates.html", places=[LISTED], listed=listed,
        variables=sorted(LABELS.items()),
    )  # fmt: skip


def template_file(request: AccountRequest) -> HttpResponse:
    """Give the template of a kind (`?document=`): the pool’s own, or the default one to begin with."""
    kind = request.GET.get("document", "")
    if kind not in {one.value for one in MADE}:
        raise Http404
    own = DocumentTemplate.objects.visible_to(request.user).in_use().filter(kind=kind).last()
    try:
        data = files.read(own.pool_id, own.digest) if own is not None else default_template(kind)
    except files.Damaged:
        messages.error(request, f"Le modèle n’est plus lisible. {RESTORE}")
        return redirect(TEMPLATES.url)
    return download(data, DOCX, f"modele-{kind.replace('_', '-')}.docx")


def template_withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    """Go back to the shipped template of a kind, once confirmed."""
    found = get_object_or_404(DocumentTemplate.objects.visible_to(request.user).in_use(), pk=pk)
    return form_page(
        request, RemoveForm(request.POST if request.method == "POST" else None),
        lambda: withdraw_template(found, by=author_of(request)),
        title="Revenir au modèle livré", submit="Revenir au modèle livré", back=TEMPLATES.url, places=[LISTED, TEMPLATES],
        done="Le modèle livré est à nouveau en usage.",
        sentence=f"{capital(found.get_kind_display())} : « {found.name} » ne servira plus. Les documents déjà faits ne changent "
                 "pas, et l’historique du modèle reste ; vous pourrez le déposer à nouveau.",
    )  # fmt: skip


routes: list[URLPattern] = [
    route("documents/", documents, "documents"),
    route("documents/modeles/", templates, "document-templates", may=access.may_manage_agreements),
    route("documents/modeles/telecharger/", template_file, "document-template", may=access.may_manage_agreements),
    route(
        "documents/modeles/<int:pk>/revenir/", template_withdraw, "document-template-withdraw", may=access.may_manage_agreements
    ),
    route("documents/<int:pk>/", document, "document"),
    route("documents/<int:pk>/docx/", docx, "document-docx"),
    route("documents/<int:pk>/pdf/", pdf, "document-pdf"),
    route("adhesions/<int:pk>/documents/", for_membership, "membership-document"),
    route("conventions/avenants/<int:pk>/documents/", for_amendment, "amendment-document"),
    route("agents/<int:pk>/documents/", for_staff_file, "staff-file-document"),
]
