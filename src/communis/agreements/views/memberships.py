"""The pages of memberships: the list, the file of each, and the addresses of all that is done to one."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern
from django.utils import timezone

from communis.agreements import access
from communis.agreements.enums import MembershipState, StepKind
from communis.agreements.models import ChoiceForm, Examination, Membership, Signature, Step
from communis.agreements.operations.steps import binding
from communis.agreements.tables.memberships import HOLDINGS, Holdings, MembershipFilters, MembershipTable, state_words
from communis.agreements.views import adhering, calendar, departing, intake, membership_file, territory
from communis.directory.access import may_keep_some_organization
from communis.directory.enums import TokenScope
from communis.foundation.api.doors import subscription
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.lists import listing
from communis.kit.parts import Tab

TABS = (
    (MembershipState.PREPARING, "En préparation"), (MembershipState.ACTIVE, "Actives"), (MembershipState.NOTICE, "En préavis"),
    (MembershipState.ENDED, "Terminées"), (MembershipState.DROPPED, "Sans suite"),
)  # fmt: skip


def with_pieces(user: Any, rows: Any, today: date) -> QuerySet:
    """Add to memberships which pieces they have: the vote, the choices, both signatures, an examination to decide.

    A vote whose act does not bind is none, and so is a signature that rests on one.
    """
    of_row = {"membership": OuterRef("pk")}
    votes = Step.objects.visible_to(user).filter(binding(today), kind=StepKind.VOTED, **of_row)
    signed = Signature.objects.visible_to(user).filter(Q(decided_by=None) | binding(today), **of_row)
    found: QuerySet = rows.annotate(
        has_vote=Exists(votes), has_form=Exists(ChoiceForm.objects.visible_to(user).filter(**of_row)),
        is_signed=Exists(signed.filter(party="host")) & Exists(signed.filter(party="member")),
        is_examined=Exists(Examination.objects.visible_to(user).filter(decided_on=None, **of_row)),
    )  # fmt: skip
    return found


def tabs_of(request: AccountRequest, rows: list[Membership], today: date) -> list[Tab]:
    """Return the tabs of the list, one a state."""
    asked = request.GET.get("state", "")
    counted = Counter(row.state_on(today) for row in rows)
    known = {state.value for state, _ in TABS}
    tabs = [Tab("Toutes", "?", len(rows), asked not in known)]
    return tabs + [Tab(words, f"?state={state}", counted[state], asked == state) for state, words in TABS]


def memberships(request: AccountRequest) -> HttpResponseBase:
    """List the memberships that the person may see: the host’s staff all of them, a member its own (MEM-06, MEM-15)."""
    today = timezone.localdate()
    rows = Membership.objects.visible_to(request.user).select_related("organization", "agreement")
    everything = list(rows)
    holdings = Holdings.of(everything, today)
    setattr(request, HOLDINGS, holdings)
    context = {
        "tabs": tabs_of(request, everything, today), "today": today, "may_ask": may_keep_some_organization(request.user),
        "may_import": access.may_manage_agreements(request.user),

    }  # fmt: skip
    return listing(
        request, with_pieces(request.user, rows, today), MembershipTable, MembershipFilters, name="adhésions", context=context,
        template="agreements/memberships.html", holdings=holdings,
    )  # fmt: skip


def membership(request: AccountRequest, pk: int) -> HttpResponse:
    """The file of a membership on one page (MEM-37)."""
    rows = Membership.objects.visible_to(request.user).select_related("organization", "agreement", "follows", "followed_by")
    found = get_object_or_404(rows, pk=pk)
    today = timezone.localdate()
    context = membership_file.file_of(request.user, found, today) | {"state": state_words(found, today)}
    return render(request, "agreements/membership.html", context)


routes: list[URLPattern] = [
    route("adhesions/", memberships, "memberships"),
    route("adhesions/demander/", adhering.ask, "membership-request", may=may_keep_some_organization),
    route("adhesions/calendrier.ics", calendar.feed, "memberships-calendar"),
    subscription("agenda/<str:secret>.ics", calendar.subscribed, "calendar-subscription", scope=TokenScope.CALENDAR),
    route("adhesions/<int:pk>/", membership, "membership"),
    route("adhesions/<int:pk>/choix/", adhering.choose, "membership-choose", may=may_keep_some_organization),
    route("adhesions/<int:pk>/etapes/ajouter/", adhering.step, "membership-step", may=access.may_manage_agreements),
    route("adhesions/etapes/<int:pk>/retirer/", adhering.remove_step, "step-remove", may=access.may_manage_agreements),
    route("adhesions/<int:pk>/signer/", adhering.sign, "membership-sign", may=access.may_manage_agreements),
    route("adhesions/<int:pk>/effet/", adhering.effect, "membership-effect", may=access.may_manage_agreements),
    route("adhesions/<int:pk>/sans-suite/", adhering.drop, "membership-drop", may=access.may_manage_agreements),
    route("adhesions/<int:pk>/souhaits/", adhering.wishes, "membership-wishes", may=may_keep_some_organization),
    route("adhesions/<int:pk>/renouveler/", adhering.express, "membership-express", may=access.may_manage_agreements),
    route("adhesions/<int:pk>/preavis/", departing.notice, "membership-notice", may=access.may_manage_agreements),
    route("adhesions/<int:pk>/preavis/retirer/", departing.withdraw, "notice-withdraw", may=access.may_manage_agreements),
    route("admissions/", intake.intakes, "intakes"),
    route("admissions/<int:pk>/", intake.intake, "intake"),
    route("admissions/<int:pk>/demander/", intake.ask, "intake-ask", may=access.may_manage_agreements),
    route("admissions/<int:pk>/admettre/", intake.admit, "intake-admit", may=access.may_manage_agreements),
    route("territoire/", territory.territory, "territory"),
]
