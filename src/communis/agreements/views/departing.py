"""The notice of a member: what is typed, then the exit that it gives, seen before it is confirmed; its withdrawal (MEM-24)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from communis.agreements import access
from communis.agreements.applicable import version_for
from communis.agreements.authors import author_of
from communis.agreements.choices import offers_of
from communis.agreements.forms.memberships import NoticeForm, WithdrawalForm
from communis.agreements.models import Membership, Notice
from communis.agreements.operations.leaving import (
    Departure,
    Leave,
    Withdrawal,
    check_cost,
    cost_words,
    give_notice,
    leave_of,
    of_the_act,
    reading_names,
    withdraw_notice,
)
from communis.agreements.views.adhering import DONE, MEND, found_for, places_of
from communis.agreements.wording import said_once
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import euros, long_date
from communis.kit.refusals import Refusal


def notice(request: AccountRequest, pk: int) -> HttpResponse:
    """Give notice in two screens: the letter, then the exit date by the rule of the convention."""
    membership = found_for(request, pk, access.may_decide_on)
    today = timezone.localdate()
    version = version_for(membership, today)
    convention = version.convention if version is not None else None
    offer = next(iter(offers_of([membership.pk], today).get(membership.pk, [])), None)
    readings = reading_names(convention, offer) if convention is not None else ()
    form = NoticeForm(request.POST or None, user=request.user, membership=membership, readings=readings, today=today)
    context: dict[str, Any] = {
        "form": form, "membership": membership, "places": places_of(membership), "title": "Donner un préavis",
        "cancel": membership.get_absolute_url(),
    }  # fmt: skip
    if request.method != "POST" or MEND in request.POST or not form.is_valid():
        return render(request, "agreements/notice.html", context, status=422 if form.errors and MEND not in request.POST else 200)
    departure = Departure(**form.cleaned_data)
    try:
        if DONE in request.POST:
            row = give_notice(membership, departure, by=author_of(request))
            messages.success(request, f"Le préavis est enregistré. L’adhésion prend fin le {long_date(row.exit_on)}.")
            return redirect(membership)
        leave = leave_of(membership, departure, by=author_of(request))
        check_cost(leave, departure)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "agreements/notice.html", context, status=422)
    return render(request, "agreements/check.html", context | checked(membership, departure, leave))


def checked(membership: Membership, departure: Departure, leave: Leave) -> dict[str, Any]:
    """Return the exit in words, before it is confirmed."""
    pairs: list[tuple[str, Any]] = [
        ("Membre", str(membership.organization)), ("Lettre reçue le", long_date(departure.received_on)),
        ("Dernier jour de l’adhésion", long_date(leave.exit_on)), ("Règle", said_once(f"{leave.rule} : {leave.why}")),
        ("Coût de la sortie", cost_words(leave)),
    ]  # fmt: skip
    if leave.article:
        pairs.append(("Selon", leave.article))
    if departure.cost is not None:
        pairs.append(("Coût fixé", euros(departure.cost)))
    remarks = of_the_act(membership, departure)
    remarks += ["Les sommes restent dues jusqu’à la sortie."] if leave.due_until_exit else []
    return {"pairs": pairs, "remarks": remarks, "submit": "Enregistrer le préavis"}


def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    """Withdraw the notice of a member, before its exit."""
    membership = found_for(request, pk, access.may_decide_on)
    rows = Notice.objects.visible_to(request.user).standing().filter(membership=membership)
    notice = rows.select_related("decided_by").first()
    if notice is None:
        messages.error(request, f"{membership.organization} n’est pas en préavis : il n’y a rien à retirer.")
        return redirect(membership)
    form = WithdrawalForm(request.POST or None, user=request.user, membership=membership, decided=notice.decided_by is not None,
                          today=timezone.localdate())  # fmt: skip
    sentence = (
        f"Reçu le {long_date(notice.received_on)}, pour une sortie le {long_date(notice.exit_on)}. L’adhésion reprend son "
        "cours ; le préavis reste dans son historique."
    )
    return form_page(
        request, form, lambda: withdraw_notice(membership, Withdrawal(**form.cleaned_data), by=author_of(request)),
        title="Retirer le préavis", submit="Retirer le préavis", done="Le préavis est retiré : l’adhésion continue.",
        back=membership.get_absolute_url(), places=places_of(membership), sentence=sentence,
    )  # fmt: skip
