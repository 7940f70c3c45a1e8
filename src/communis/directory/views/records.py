"""Adding, changing, removing and putting back the rows of any kind, and the history of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from communis.directory import access
from communis.directory.models import Organization, Person
from communis.directory.operations import rows as operations
from communis.directory.records import KINDS, SLUGS, WITH_HISTORY, Kind, related_to
from communis.foundation.history import history_of
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import capital
from communis.kit.parts import Link
from communis.kit.refusals import Refusal


def kind_or_404(slug: str) -> Kind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def row_of(kind: Kind, user: Any, pk: int, may: Callable[[Any, Any], bool]) -> models.Model:
    """Return a row that the person may see and do this to; anything else does not exist."""
    row = get_object_or_404(kind.model.objects.visible_to(user), pk=pk)
    if not is_of_kind(kind, row) or not may(user, kind.holder(row)):
        raise Http404
    return row


def is_of_kind(kind: Kind, row: models.Model) -> bool:
    """Tell whether a row has the holder that its kind wants: a person of no supplier is no contact."""
    return not kind.parent or kind.holder(row) is not None


def stopped(request: AccountRequest, kind: Kind, holder: Any) -> HttpResponse | None:
    """Lead back, with the reason, from what no longer changes; None when it does."""
    try:
        kind.check(holder)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(holder.get_absolute_url())
    return None


def add(request: AccountRequest, kind: str, holder: int | None = None) -> HttpResponse:
    """Add a row, to what holds it when the kind has a holder."""
    found = kind_or_404(kind)
    row = found.model()
    held: Any = None
    if bool(found.parent) != (holder is not None):
        raise Http404
    if found.parent:
        held = get_object_or_404(related_to(found.model, found.parent).objects.visible_to(request.user), pk=holder)
        setattr(row, found.parent, held)
    if not found.may(request.user, held if held is not None else row):
        raise Http404
    if (back_at_once := stopped(request, found, held if held is not None else row)) is not None:
        return back_at_once
    form = found.filled(row, request.POST or None, user=request.user, today=timezone.localdate())
    back = (
        held.get_absolute_url() if held is not None and hasattr(held, "get_absolute_url") else found.home or found.listed or "/"
    )
    done = f"{capital(found.one)} est {found.agreed('ajouté')}."
    return form_page(
        request, form, lambda: (found.keep or operations.record)(form.instance), title=f"Ajouter {found.one}", done=done,
        back=(lambda: found.address(form.instance)) if request.method == "POST" else back, submit=f"Ajouter {found.one}",
        places=[Link(str(held), back)] if held is not None else [], cancel_to=back,
    )  # fmt: skip


def change(request: AccountRequest, kind: str, pk: int) -> HttpResponse:
    """Change a row; what was changed meanwhile by somebody else is not overwritten."""
    found = kind_or_404(kind)
    row = row_of(found, request.user, pk, found.may_change)
    if (back_at_once := stopped(request, found, found.holder(row))) is not None:
        return back_at_once
    known = Known(request, row)
    form = found.filled(row, request.POST or None, user=request.user, today=timezone.localdate())
    back = found.address(row)
    return form_page(
        request, form, lambda: known.record(form.instance, found.keep or operations.record), title=f"Modifier {found.of_the}",
        done="C’est enregistré.", back=back, submit="Enregistrer", version=known.version, places=[Link(str(row), back)],
        history_url=history_address(row) if type(row) in SLUGS else "", remove_url=removal_address(found, request.user, row),
    )  # fmt: skip


def removal_address(kind: Kind, user: Any, row: models.Model) -> str:
    """Return where a row is removed, when the person may remove it."""
    return reverse("record-remove", args=[kind.slug, row.pk]) if kind.may(user, kind.holder(row)) else ""


class Known:
    """The version of a row that a form was filled on: it stays with what was typed, until one is told what changed meanwhile."""

    def __init__(self, request: HttpRequest, row: models.Model) -> None:
        given = request.POST.get("version", "")
        self.number = int(given) if given.isdigit() and len(given) < 19 else operations.version_of(row)

    def version(self) -> int:
        return self.number

    def record(self, row: models.Model, keep: Callable[..., None] = operations.record) -> None:
        try:
            keep(row, version=self.number)
        except operations.Stale:
            self.number = operations.version_of(row)
            raise


def remove(request: AccountRequest, kind: str, pk: int) -> HttpResponse:
    """Ask, then remove a row; it can be put back at once, and from its history later."""
    found = kind_or_404(kind)
    row = row_of(found, request.user, pk, found.may)
    if (back_at_once := stopped(request, found, found.holder(row))) is not None:
        return back_at_once
    back = found.address(row) if found.parent or found.home else found.listed or "/"
    refusal = ""
    if request.method == "POST":
        name = str(row)
        try:
            (found.drop or operations.remove)(row)
        except Refusal as refused:
            refusal = str(refused)
        else:
            undo = format_html('<form class="inline" method="post" action="{}">{}<button class="link">Annuler</button></form>',
                               reverse("record-restore", args=[kind, pk]), csrf_input(request))  # fmt: skip
            messages.success(request, format_html("« {} » est {}. {}", name, found.agreed("retiré"), undo))
            return redirect(back)
    held, count = operations.holding(row)
    context = {"row": row, "kind": found, "refusal": refusal, "cancel": found.address(row), "held": held, "count": count,
               "places": [Link(str(found.holder(row)), found.address(row))]}  # fmt: skip
    return render(request, "directory/remove.html", context, status=422 if refusal else 200)


def csrf_input(request: HttpRequest) -> str:
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@require_POST
def restore(request: AccountRequest, kind: str, pk: int) -> HttpResponse:
    """Put back a row that was removed."""
    found = kind_or_404(kind)
    last = operations.last_known(found.model, pk)
    if last is None or not is_of_kind(found, last) or not found.may(request.user, found.holder(last)):
        raise Http404
    if (back_at_once := stopped(request, found, found.holder(last))) is not None:
        return back_at_once
    try:
        row = operations.restore(found.model, pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("home")
    messages.success(request, f"« {row} » est {found.agreed('remis')}.")
    return redirect(found.address(row))


def history(request: AccountRequest, kind: str, pk: int) -> HttpResponse:
    """Show what happened to a row, who did it and when, the latest first: to the service, and to whoever keeps the row."""
    if kind not in WITH_HISTORY:
        raise Http404
    model = WITH_HISTORY[kind]
    row = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
    if not may_read_history(request.user, row):
        raise Http404
    place = Link(str(row), row.get_absolute_url() if hasattr(row, "get_absolute_url") else "")
    context = {"row": row, "entries": history_of(row, request.user), "what": model._meta.verbose_name, "places": [place]}
    return render(request, "directory/history.html", context)


def may_read_history(user: Any, row: models.Model) -> bool:
    """The host’s staff reads the history of what it sees; a member, that of its own rows."""
    if access.is_of_host(user):
        return True
    if isinstance(row, Person):
        return access.may_keep_person(user, row)
    own = row.pk if isinstance(row, Organization) else getattr(row, "organization_id", None)
    return own in user.organizations


def history_address(row: models.Model) -> str:
    return reverse("record-history", args=[SLUGS[type(row)], row.pk])
