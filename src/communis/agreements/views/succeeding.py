"""What is done to a whole convention: replaced by its successor, renewed as it says; what will be written is seen before."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communis.agreements.authors import author_of
from communis.agreements.enums import StepKind
from communis.agreements.forms.versions import SuccessorForm
from communis.agreements.models import Agreement, Membership, Step
from communis.agreements.operations import renewals
from communis.agreements.operations.renewals import Moved
from communis.agreements.operations.succession import foreseen, replace
from communis.agreements.tasks import RENEW
from communis.agreements.views.adhering import DONE, MEND
from communis.agreements.views.conventions import managed, places_of
from communis.agreements.views.running import follow_run
from communis.foundation.requests import AccountRequest
from communis.kit.formats import counted, long_date
from communis.kit.refusals import Refusal
from communis.tariff.calendar import eve

SHOWN = "montre"
MOST_ROWS = 200


def succeed(request: AccountRequest, pk: int) -> HttpResponse:
    """Replace a convention by its successor in two screens: the successor and the day, then who moves and who does not."""
    agreement = managed(request, pk)
    form = SuccessorForm(request.POST or None, user=request.user, agreement=agreement)
    context: dict[str, Any] = {
        "form": form, "agreement": agreement, "places": places_of(agreement), "cancel": agreement.get_absolute_url(),
        "title": f"Faire passer les adhérents de « {agreement} »" if agreement.successor_id else f"Remplacer « {agreement} »",
    }  # fmt: skip
    if request.method != "POST" or MEND in request.POST or not form.is_valid():
        status = 422 if form.errors and MEND not in request.POST else 200
        return render(request, "agreements/succeed.html", context, status=status)
    successor, on = form.cleaned_data["successor"], form.cleaned_data["starts_on"]
    by = author_of(request)
    try:
        if DONE in request.POST:
            shown = [int(key) for key in request.POST.getlist(SHOWN) if key.isdigit() and len(key) < 19]
            moved = replace(agreement, successor, starts_on=on, by=by, shown=shown)
            told = f"{counted(len(moved.moved), 'adhésion est passée', 'adhésions sont passées')} à « {successor} »."
            messages.success(request, told)
            return redirect(agreement)
        moved = foreseen(agreement, successor, starts_on=on, by=by)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "agreements/succeed.html", context, status=422)
    return render(request, "agreements/succeed_check.html", context | checked(agreement, successor, on, moved))


def checked(agreement: Agreement, successor: Agreement, on: date, moved: Moved) -> dict[str, Any]:
    """Return what is about to be done, in words, before it is: who moves, by which act, and who does not, and why."""
    count = counted(len(moved.moved), "adhésion", "adhésions")
    pairs: list[tuple[str, Any]] = [
        ("Convention remplacée", str(agreement)), ("Remplacée par", str(successor)),
        ("Dernier jour sous l’ancienne", long_date(eve(on))), ("Premier jour sous la nouvelle", long_date(on)),
        ("Passent", count), ("Ne passent pas", str(len(moved.waiting))),
    ]  # fmt: skip
    authorized = [act for act in moved.acts.values() if act.agreement_id != successor.pk]
    remarks = [] if moved.moved else ["Aucune adhésion ne passe : la convention ne sera que fermée aux nouvelles demandes."]
    if authorized:
        remarks.append(f"{counted(len(authorized), 'adhésion passe', 'adhésions passent')} sans nouveau vote, par ce qu’une "
                       "délibération antérieure autorise : vérifiez que ses termes couvrent la nouvelle convention.")  # fmt: skip
    return {
        "pairs": pairs, "remarks": remarks, "submit": f"Remplacer, et faire passer {count}" if moved.moved else "Remplacer",
        "moving": [(one, act, act.authorizes if act is not None and act.agreement_id != successor.pk else "")
                   for one in moved.moved for act in (moved.acts.get(one.organization_id),)],
        "waiting": [(one, why_waiting(one, on)) for one in moved.waiting],
    }  # fmt: skip


def why_waiting(membership: Membership, on: date) -> str:
    """Say why a membership does not move, and until when it stays."""
    if membership.notice_on is not None and membership.notice_on < on and membership.ends_on is not None:
        return f"en préavis, sort le {long_date(membership.ends_on)}"
    until = f" ; son adhésion finit le {long_date(membership.ends_on)}" if membership.ends_on is not None else ""
    return f"n’a pas délibéré sur la nouvelle convention{until}"


# ------------------------------------------------------------ renewals


def renew(request: AccountRequest, pk: int) -> HttpResponse:
    """Show the renewals and the ends that are due today under a convention, then have them written by a run (MEM-15, MEM-16)."""
    agreement = managed(request, pk)
    steps = renewals.foreseen(agreement, timezone.localdate(), by=author_of(request))
    if request.method == "POST" and steps:
        return follow_run(request, RENEW, agreement=agreement.pk)
    by_member = groupby(sorted(steps, key=lambda step: (step.membership.organization.sort_name, step.on)),
                        key=lambda step: step.membership)  # fmt: skip
    rows = [(membership, list(found)) for membership, found in by_member]
    context = {
        "agreement": agreement, "places": places_of(agreement), "cancel": agreement.get_absolute_url(),
        "rows": [(membership, [words_of(step) for step in found]) for membership, found in rows[:MOST_ROWS]],
        "left": max(0, len(rows) - MOST_ROWS),
        "renewed": counted(sum(one.kind == StepKind.RENEWED for one in steps), "reconduction", "reconductions"),
        "ended": counted(sum(one.kind != StepKind.RENEWED for one in steps), "fin", "fins"),
    }  # fmt: skip
    return render(request, "agreements/renew.html", context)


def words_of(step: Step) -> str:
    """Say what would be written: a renewal from a day to a day, or an end."""
    if step.kind != StepKind.RENEWED:
        return f"{step.get_kind_display()} le {long_date(step.on)}"
    until = f" jusqu’au {long_date(step.until)}" if step.until is not None else ""
    return f"reconduction le {long_date(step.on)}{until}"
