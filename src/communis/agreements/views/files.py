"""Files attached to records: attaching, reading through the door, removing, and who read those logged (DOC-24, SEC-05)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.http import content_disposition_header

from communis.agreements import access
from communis.agreements.enums import FileAudience
from communis.agreements.forms.files import AttachForm, RemoveForm
from communis.agreements.models import (
    Agreement,
    Amendment,
    Attachment,
    Dispute,
    FileReading,
    LegalPiece,
    Letter,
    Membership,
    Notice,
    Resolution,
    StaffFile,
    Version,
)
from communis.agreements.operations import files as operations
from communis.directory.access import may_keep_organization, may_keep_some_organization, may_read_staff
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import Table, TextColumn

EVERYBODY = (FileAudience.BOTH, FileAudience.POOL, FileAudience.HOST)
HOSTS = (FileAudience.POOL, FileAudience.HOST)


@dataclass(frozen=True, slots=True)
class Holder:
    """A kind of record that files are attached to: who attaches to one, where one goes back to, who may be let read."""

    model: Any
    may: Callable[[Any, Any], bool]
    page: Callable[[Any], Any]  # the record that has the page
    audiences: tuple[FileAudience, ...] = EVERYBODY
    near: tuple[str, ...] = ()


def _itself(row: Any) -> Any:
    return row


HOLDERS = {
    "resolution": Holder(Resolution, access.may_keep_act, _itself, near=("organization",)),
    "membership": Holder(Membership, access.may_ask_for, _itself, near=("organization", "agreement")),
    "version": Holder(Version, lambda user, row: access.may_manage_agreements(user), _itself, HOSTS, ("agreement",)),
    "piece": Holder(LegalPiece, lambda user, row: access.may_manage_agreements(user), lambda row: row.agreement, HOSTS,
                    ("agreement", "employer")),
    "staff_file": Holder(StaffFile, lambda user, row: access.may_keep_staff_files(user), _itself, (FileAudience.STAFF,),
                         ("organization",)),
    "letter": Holder(Letter, lambda user, row: may_keep_organization(user, row.organization), lambda row: row.agreement,
                     near=("organization", "agreement")),
    "notice": Holder(Notice, lambda user, row: access.may_ask_for(user, row.membership), lambda row: row.membership,
                     near=("membership__organization", "membership__agreement")),
    "agreement": Holder(Agreement, lambda user, row: access.may_manage_agreements(user), _itself, HOSTS),
    "amendment": Holder(Amendment, lambda user, row: access.may_manage_agreements(user), _itself, HOSTS, ("agreement", "makes")),
    "dispute": Holder(Dispute, lambda user, row: access.may_decide_on(user, row.membership), lambda row: row.membership,
                      near=("membership__organization", "membership__agreement")),
}  # fmt: skip


def attach_to(name: str) -> Callable[[AccountRequest, int], HttpResponse]:
    """Return the page that attaches a file to a kind of record."""
    holder = HOLDERS[name]

    def attach(request: AccountRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(holder.model.objects.visible_to(request.user).select_related(*holder.near), pk=pk)
        if not holder.may(request.user, row):
            raise Http404
        form = AttachForm(request.POST or None, request.FILES or None, audiences=audiences_for(request.user, holder))
        page = holder.page(row)
        return form_page(
            request, form,
            lambda: operations.attach(
                row, data=form.data_sent(), name=form.cleaned_data["file"].name, kind=form.cleaned_data["kind"],
                audience=form.cleaned_data["audience"], by=str(request.user), at=timezone.now(),
            ),
            title="Joindre un fichier", done="Le fichier est joint.", back=page.get_absolute_url(), submit="Joindre le fichier",
            places=[Link(str(page), page.get_absolute_url())],
        )  # fmt: skip

    return attach


def audiences_for(user: Any, holder: Holder) -> tuple[FileAudience, ...]:
    """Return the audiences that a person may choose: a member does not attach what it would not read."""
    if user.is_staff_of_host:
        return holder.audiences
    return tuple(one for one in holder.audiences if one != FileAudience.HOST)


def holder_of(user: Any, attachment: Attachment) -> tuple[Holder, Any]:
    """Return the kind of record that a file is attached to, and the record; None when the person may not see it."""
    name, key = next(
        (name, getattr(attachment, f"{name}_id")) for name in HOLDERS if getattr(attachment, f"{name}_id") is not None
    )
    holder = HOLDERS[name]
    return holder, holder.model.objects.visible_to(user).select_related(*holder.near).filter(pk=key).first()


def download(request: AccountRequest, pk: int) -> HttpResponse:
    """Give a file as it was sent, never shown by the browser itself."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    try:
        data = operations.opened(found, by=str(request.user), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back_of(request.user, found))
    response = HttpResponse(data, content_type=found.media)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def back_of(user: Any, attachment: Attachment) -> str:
    """Return the page of the record that holds a file, when the person may see it."""
    holder, row = holder_of(user, attachment)
    return str(holder.page(row).get_absolute_url()) if row is not None else "/"


def remove(request: AccountRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    holder, row = holder_of(request.user, found)
    if row is None or not holder.may(request.user, row):
        raise Http404
    page = holder.page(row)
    return form_page(
        request, RemoveForm(request.POST if request.method == "POST" else None), lambda: operations.remove(found),
        title="Retirer ce fichier", done=f"« {found.name} » est retiré.", back=page.get_absolute_url(),
        submit="Retirer le fichier",
        places=[Link(str(page), page.get_absolute_url())],
        sentence=f"« {found.name} » ne sera plus joint à cette fiche ; son historique reste.",
    )  # fmt: skip


class ReadingTable(Table):
    looks = "table-list"
    caption = "Les lectures"
    empty_text = "Personne n’a encore lu ces fichiers."

    name = TextColumn("Fichier")
    organization = TextColumn("Collectivité", accessor="organization__name", order_by=("organization__sort_name",))
    read_by = TextColumn("Lu par")
    read_at = TextColumn("Le")

    def render_read_at(self, value: Any) -> str:
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"


def readings(request: AccountRequest) -> HttpResponseBase:
    """Tell who read the files kept for the staff’s readers, and when."""
    rows = FileReading.objects.visible_to(request.user).select_related("organization")
    return listing(request, rows, ReadingTable, template="agreements/readings.html", name="lectures")


routes: list[URLPattern] = [
    route("actes/<int:pk>/joindre/", attach_to("resolution"), "act-attach", may=may_keep_some_organization),
    route("adhesions/<int:pk>/joindre/", attach_to("membership"), "membership-attach", may=may_keep_some_organization),
    route("conventions/versions/<int:pk>/joindre/", attach_to("version"), "version-attach", may=access.may_manage_agreements),
    route("conventions/pieces/<int:pk>/joindre/", attach_to("piece"), "piece-attach", may=access.may_manage_agreements),
    route("agents/<int:pk>/joindre/", attach_to("staff_file"), "staff-file-attach", may=access.may_keep_staff_files),
    route("lettres/<int:pk>/joindre/", attach_to("letter"), "letter-attach", may=may_keep_some_organization),
    route("preavis/<int:pk>/joindre/", attach_to("notice"), "notice-attach", may=may_keep_some_organization),
    route("conventions/<int:pk>/joindre/", attach_to("agreement"), "agreement-attach", may=access.may_manage_agreements),
    route("conventions/avenants/<int:pk>/joindre/", attach_to("amendment"), "amendment-attach", may=access.may_manage_agreements),
    route("differends/<int:pk>/joindre/", attach_to("dispute"), "dispute-attach", may=access.may_manage_agreements),
    route("fichiers/<int:pk>/", download, "file"),
    route("fichiers/<int:pk>/retirer/", remove, "file-remove", may=may_keep_some_organization),
    route("fichiers/lectures/", readings, "file-readings", may=may_read_staff),
]
