"""The draft acts by which members adopt an amendment: each in a member’s name, in one click, listed, downloadable (DOC-12)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Subquery
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from communis.agreements import access
from communis.agreements.authors import author_of
from communis.agreements.models import Amendment, Membership
from communis.agreements.operations.documents import awaiting, draft_vote, draft_votes, drafted_for
from communis.agreements.reading import tracked_for
from communis.agreements.tables.versions import AdoptionFilters, VoteTable
from communis.agreements.tasks import VOTES
from communis.agreements.views.conventions import places_of
from communis.agreements.views.running import follow_run
from communis.foundation.requests import AccountRequest
from communis.kit.formats import counted
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal

AT_ONCE = 5  # drafts made while one waits; more of them are a run that is followed
ONE = "adhesion"


def votes(request: AccountRequest, pk: int) -> HttpResponseBase:
    """List the members with their draft act on an amendment; prepare one, or those of all who have not adopted it."""
    user, today = request.user, timezone.localdate()
    rows = Amendment.objects.visible_to(user).select_related(
        "agreement", "makes__agreement", "makes__follows__agreement", "makes__adopted_by"
    )
    found = get_object_or_404(rows, pk=pk)
    may_all = access.may_manage_agreements(user)
    if request.method == "POST":
        return prepare_one(request, found) if ONE in request.POST else prepare_all(request, found)
    made = drafted_for(found).order_by("-number", "-pk")
    members = tracked_for(found.makes, today).filter(pk__in=Membership.objects.visible_to(user)).annotate(
        draft=Subquery(made.values("pk")[:1]), draft_number=Subquery(made.values("number")[:1]),
        draft_status=Subquery(made.values("status")[:1]),
    )  # fmt: skip
    left = awaiting(found, today).count() if may_all else 0
    context: dict[str, Any] = {
        "amendment": found, "places": [*places_of(found.makes.agreement), Link(str(found), found.get_absolute_url())],
        "left": left, "bulk": True, "all_words": f"Préparer {counted(left, 'projet', 'projets')}",
    }  # fmt: skip
    return listing(
        request, members.order_by("has_adopted", "organization__sort_name", "id"), VoteTable, AdoptionFilters,
        template="agreements/votes.html", name=f"projets avenant {found.number}", context=context,
        may_prepare=lambda row: access.may_ask_for(user, row),
    )  # fmt: skip


def prepare_one(request: AccountRequest, found: Amendment) -> HttpResponse:
    """Make ready the draft of one member, for whoever asks for it, and show it."""
    asked = request.POST.get(ONE, "")
    rows = Membership.objects.visible_to(request.user).select_related("organization__reference", "agreement")
    membership = get_object_or_404(rows, pk=int(asked) if asked.isdigit() and len(asked) < 19 else 0)
    if not access.may_ask_for(request.user, membership):
        raise Http404
    try:
        made = draft_vote(found, membership, by=author_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("amendment-votes", found.pk)
    messages.success(request, "Le projet de délibération est prêt à relire.")
    return redirect(made)


def prepare_all(request: AccountRequest, found: Amendment) -> HttpResponse:
    """Make ready the drafts of all who await one: at once when they are few, else by a run that is followed."""
    if not access.may_manage_agreements(request.user):
        messages.error(request, "Les projets de tous les membres se préparent par la direction ou les finances du service.")
        return redirect("amendment-votes", found.pk)
    by = author_of(request)
    if awaiting(found, by.today).count() > AT_ONCE:
        return follow_run(request, VOTES, amendment=found.pk)
    try:
        count = draft_votes(found, 0, by=by, size=AT_ONCE).made
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        prepared = f"{counted(count, 'projet de délibération est prêt', 'projets de délibération sont prêts')}."
        none_left = "Aucun projet n’attend : ceux de tous les membres sont déjà prêts."
        messages.success(request, prepared if count else none_left)
    return redirect("amendment-votes", found.pk)
