"""The pages of long runs: those of the pool, one of them, and the way to stop it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from communis.foundation import access, operations
from communis.foundation.doors import route
from communis.foundation.enums import Outcome
from communis.foundation.models import Run
from communis.foundation.requests import AccountRequest
from communis.kit.formats import counted, hour, moment
from communis.kit.tables import BadgeColumn, Table, TextColumn
from communis.portal import tasks

SHOWN = 50
TONES = {
    "en attente": "~neutral", "en cours": "info", "arrêt demandé": "warning", Outcome.DONE.label: "success",
    Outcome.FAILED.label: "danger", Outcome.CANCELLED.label: "neutral",
}  # fmt: skip


class RunTable(Table):
    """The runs that have ended, the latest first."""

    caption = "Travaux terminés"
    empty_text = "Aucun travail terminé : un import ou un calcul long s'affichera ici, avec son issue."
    looks = "table-list table-fold"

    title = TextColumn(verbose_name="Travail", second="message", orderable=False)
    account = TextColumn(verbose_name="Demandé par", orderable=False)
    ended_at = TextColumn(verbose_name="Terminé le", orderable=False)
    state = BadgeColumn(verbose_name="Issue", tones=TONES, last=True, orderable=False)

    def render_title(self, value: str, record: Run) -> str:
        second = format_html(' <span class="second">{}</span>', record.message) if record.message else ""
        return format_html('<a href="{}">{}</a>{}', reverse("run", args=[record.pk]), value, second)

    def render_ended_at(self, value: Any) -> str:
        return moment(value)


def runs(request: AccountRequest) -> HttpResponse:
    """List what runs, with how far it is, then what has ended."""
    seen = Run.objects.visible_to(request.user).select_related("account")
    going = list(seen.filter(ended_at=None).order_by("asked_at", "id")[:SHOWN])
    page = Paginator(seen.exclude(ended_at=None), SHOWN).get_page(request.GET.get("page"))
    table = RunTable(page.object_list, request=request)
    told = [shown(run, request.user) for run in going]
    return render(request, "portal/runs.html", {"going": told, "table": table, "page": page})


def run(request: AccountRequest, pk: int) -> HttpResponse:
    """Show one run: how far it is, or how it ended."""
    found = get_object_or_404(Run.objects.visible_to(request.user).select_related("account"), pk=pk)
    known = [("Demandé par", str(found.account)), ("Demandé le", moment(found.asked_at))]
    known += [(name, moment(at)) for name, at in (("Commencé le", found.started_at), ("Terminé le", found.ended_at)) if at]
    if found.attempts > 1:
        known.append(("Repris", counted(found.attempts - 1, "fois", "fois")))
    tone = TONES[found.state]
    words, following = tasks.address_of(found.kind, found.parameters, done=found.outcome == Outcome.DONE)
    mine = found.account_id == request.user.pk
    return render(
        request, "portal/run.html",
        {"run": found, "going": shown(found, request.user), "known": known, "tone": tone.lstrip("~"),
         "unreal": tone.startswith("~"), "may_cancel": not found.ended_at and access.may_cancel(request.user, found),
         "following": (words, following) if mine and found.ended_at and following else None},
    )  # fmt: skip


def cancel(request: AccountRequest, pk: int) -> HttpResponse:
    """Ask before stopping a run, then ask it to stop."""
    found = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    if not access.may_cancel(request.user, found):
        raise Http404
    if found.ended_at:
        messages.info(request, f"« {found.title} » est déjà fini : il n’y a rien à arrêter.")
        return redirect("run", pk)
    if request.method == "POST":
        operations.cancel_run(found, now=timezone.now())
        return redirect("run", pk)
    return render(request, "portal/cancel_run.html", {"run": found})


def shown(found: Run, user: Any) -> dict[str, Any]:
    """Return what the component of progress shows of a run."""
    at = timezone.localtime(found.started_at or found.asked_at)
    since = f"depuis {hour(at.time())}" if at.date() == timezone.localdate() else f"depuis le {moment(at)}"
    words = since if found.state == "en cours" else f"{found.state}, {since}"
    stops = reverse("cancel-run", args=[found.pk]) if found.cancel_asked_at is None and access.may_cancel(user, found) else ""
    return {"run": found, "since": f"{words}, {found.account}", "cancel": stops, "url": reverse("run", args=[found.pk])}


routes = [
    route("travaux/", runs, "runs"),
    route("travaux/<int:pk>/", run, "run"),
    route("travaux/<int:pk>/arreter/", cancel, "cancel-run"),
]
