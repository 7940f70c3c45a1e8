"""What is done to a membership that begins or changes: request, choices, steps, signatures, effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from communis.agreements import access
from communis.agreements.applicable import version_for
from communis.agreements.authors import author_of
from communis.agreements.choices import offers_open
from communis.agreements.documents.costs import costs_of
from communis.agreements.documents.values import Typed, holding_of, of_membership
from communis.agreements.enums import DocumentKind, StepKind
from communis.agreements.forms.memberships import (
    ChoiceBoxes,
    DropForm,
    EffectForm,
    ExpressForm,
    RemovalForm,
    RequestForm,
    SignatureForm,
    StepForm,
    WishesForm,
)
from communis.agreements.models import Document, Membership, Step
from communis.agreements.operations import choosing, correcting, memberships, renewals
from communis.agreements.operations.choosing import Verdict, Wish
from communis.agreements.operations.documents import About, make
from communis.agreements.operations.memberships import Beginning
from communis.agreements.reading import offer_label
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.formats import long_date
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.tariff.calendar import eve

DONE, MEND = "fait", "corriger"
WITH_ACT = "acte"  # the value of « fait » that asks for the act too


def found_for(request: AccountRequest, pk: int, may: Callable[[Any, Membership], bool]) -> Membership:
    """Return a membership that the person may see and do this to; anything else does not exist."""
    rows = Membership.objects.visible_to(request.user).select_related("organization", "agreement")
    found = get_object_or_404(rows, pk=pk)
    if not may(request.user, found):
        raise Http404
    return found


def places_of(membership: Membership) -> list[Link]:
    return [Link("Adhésions", "/adhesions/"), Link(str(membership.organization), membership.get_absolute_url())]


def ask(request: AccountRequest) -> HttpResponse:
    """Open a membership by the request of a member, entered by its office or by the service."""
    form = RequestForm(request.POST or None, user=request.user, today=timezone.localdate())
    made: list[Membership] = []

    def act() -> None:
        given = form.cleaned_data
        made.append(memberships.request(given["organization"], given["agreement"], given["on"], by=author_of(request),
                                        note=given["note"]))  # fmt: skip

    return form_page(request, form, act, title="Inscrire une demande d’adhésion", submit="Inscrire la demande",
                     done="La demande est inscrite. Remplissez maintenant les choix.", places=[Link("Adhésions", "/adhesions/")],
                     back=lambda: made[0].get_absolute_url())  # fmt: skip


def choose(request: AccountRequest, pk: int) -> HttpResponse:
    """Fill the form of choices of article 8, then check what it will do: two screens (MEM-08, MEM-10)."""
    membership = found_for(request, pk, access.may_ask_for)
    today = timezone.localdate()
    version = version_for(membership, today)
    convention = version.convention if version is not None else None
    places = places_of(membership)
    if convention is None:
        return render(request, "agreements/no_offers.html", {"membership": membership, "places": places})
    held = offers_held(request.user, membership)
    offers = offers_open(convention, held, today)
    form = ChoiceBoxes(request.POST or None, user=request.user, membership=membership, offers=offers, held=held, today=today)
    context: dict[str, Any] = {"form": form, "membership": membership, "places": places, "title": "Choix des offres",
                               "cancel": membership.get_absolute_url()}  # fmt: skip
    if request.method != "POST" or MEND in request.POST or not form.is_valid():
        return render(request, "agreements/choose.html", context, status=422 if form.errors and MEND not in request.POST else 200)
    wish = wish_of(form)
    verdict = choosing.judged(membership, wish, by=author_of(request))
    if not verdict.refused and DONE in request.POST:
        try:
            choosing.choose(membership, wish, by=author_of(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Les choix sont enregistrés.")
            return redirect((request.POST[DONE] == WITH_ACT and act_on(request, membership)) or membership)
    for words in verdict.refused:
        form.add_error(None, words)
    context["asked"] = verdict.asked
    if form.errors:
        form.show_anew()
        return render(request, "agreements/choose.html", context, status=422)
    return render(request, "agreements/check.html", context | checked(membership, wish, verdict))


def act_on(request: AccountRequest, membership: Membership) -> Document | None:
    """Make ready the act that the choices just kept call for: the adhesion, or the decision that changes them (DOC-12).

    When its template fails, the choices stay, and what to mend is told.
    """
    kind = DocumentKind.ADHESION if membership.effect_on is None else DocumentKind.CHANGE
    held = offers_held(request.user, membership) if kind == DocumentKind.CHANGE else {}
    first = holding_of(membership).starts_on
    wanted = {name: max(day, first) for name, day in held.items()} if first is not None else {}
    typed = Typed(wanted=wanted, changes_on=first)
    values = of_membership(kind, membership, typed, timezone.localdate())
    try:
        return make(values, About(membership.organization, membership=membership), by=author_of(request))
    except Refusal as refusal:
        messages.error(request, f"L’acte n’est pas préparé. {refusal}")
        return None


def offers_held(user: Any, membership: Membership) -> dict[str, date]:
    form = membership.forms.visible_to(user).order_by("-starts_on", "-pk").first()
    return dict(form.choices.visible_to(user).values_list("offer", "starts_on")) if form is not None else {}


def wish_of(form: ChoiceBoxes) -> Wish:
    given = form.cleaned_data
    return Wish(form.wanted(), on=given["on"], stated_on=given["stated_on"], act=given["act"], seen=given["seen"])


def checked(membership: Membership, wish: Wish, verdict: Verdict) -> dict[str, Any]:
    """Return what is about to be done, in words, before it is."""
    pairs: list[tuple[str, Any]] = [("Membre", str(membership.organization)), ("Convention", str(membership.agreement))]
    pairs += [(offer_label(verdict.version, offer), f"à compter du {long_date(day)}") for offer, day in verdict.offers.items()]
    if membership.effect_on is not None and verdict.closes is not None:
        pairs.append(("Choix précédents", f"fermés la veille, le {long_date(eve(wish.on))}"))
    if wish.act is not None:
        pairs.append(("Décidé par", str(wish.act)))
    opened = [f"Un examen approfondi s’ouvrira : {words}" for words in verdict.to_decide.values()]
    decided_on = wish.act.session_on if wish.act is not None else None
    costs = costs_of(verdict.version, membership.organization, verdict.offers, wish.on, since=wish.on, decided_on=decided_on)
    return {"pairs": pairs, "remarks": [*verdict.remarks, *opened], "costs": costs, "submit": "Enregistrer ces choix",
            "also": "Enregistrer et préparer l’acte", "also_value": WITH_ACT}  # fmt: skip


def plain_page(
    request: AccountRequest, membership: Membership, form: forms.Form, act: Callable[[], Any], *, title: str, done: str,
    submit: str = "Enregistrer",
) -> HttpResponse:  # fmt: skip
    return form_page(request, form, act, title=title, done=done, submit=submit, back=membership.get_absolute_url(),
                     places=places_of(membership))  # fmt: skip


def step(request: AccountRequest, pk: int) -> HttpResponse:
    """Write a step: the vote of the member’s council, the audit delivered, the examination."""
    membership = found_for(request, pk, access.may_decide_on)
    asked = request.GET.get("acte", "")
    initial = {"kind": StepKind.VOTED, "act": asked} if asked.isdigit() and len(asked) < 19 else None
    form = StepForm(request.POST or None, user=request.user, membership=membership, today=timezone.localdate(), initial=initial)

    def act() -> None:
        given = form.cleaned_data
        memberships.record_step(membership, given["kind"], on=given["on"], act=given["act"], note=given["note"],
                                by=author_of(request))  # fmt: skip

    return plain_page(request, membership, form, act, title="Écrire une étape", done="L’étape est écrite.")


def remove_step(request: AccountRequest, pk: int) -> HttpResponse:
    """Remove a step, a signature or the effect written by mistake: what it does is said first, then done."""
    rows = Step.objects.visible_to(request.user).select_related("decided_by", "membership__organization")
    found = get_object_or_404(rows, pk=pk)
    membership = found_for(request, found.membership_id, access.may_decide_on)
    form = RemovalForm(request.POST or None)
    act = f", par « {found.decided_by} »" if found.decided_by is not None else ""
    note = f" ({found.note})" if found.note else ""
    told = (f"{str(found)[:1].upper()}{str(found)[1:]}{act}{note}.",
            correcting.consequence_of(membership, found, timezone.localdate()),
            "Son retrait et son motif restent dans les étapes.")  # fmt: skip
    return form_page(
        request, form, lambda: correcting.remove_step(membership, found, by=author_of(request), **form.cleaned_data),
        title="Retirer une étape", submit="Retirer l’étape", done="L’étape est retirée. Elle peut être écrite de nouveau.",
        back=membership.get_absolute_url(), places=places_of(membership),
        sentence=" ".join(filter(None, told)),
    )  # fmt: skip


def sign(request: AccountRequest, pk: int) -> HttpResponse:
    """Record who signed the convention for a party."""
    membership = found_for(request, pk, access.may_decide_on)
    form = SignatureForm(request.POST or None, user=request.user, membership=membership, today=timezone.localdate())

    def act() -> None:
        given = dict(form.cleaned_data)
        memberships.sign(membership, given.pop("party"), by=author_of(request), **given)

    return plain_page(request, membership, form, act, title="Enregistrer une signature", done="La signature est enregistrée.")


def effect(request: AccountRequest, pk: int) -> HttpResponse:
    """Let a membership take effect, on the day that the convention gives."""
    membership = found_for(request, pk, access.may_decide_on)
    form, by = EffectForm(request.POST or None), author_of(request)
    context: dict[str, Any] = {
        "form": form, "membership": membership, "places": places_of(membership), "title": "Donner effet à l’adhésion",
        "cancel": membership.get_absolute_url(),
    }  # fmt: skip
    asked = context | {"page_title": context["title"], "submit": "Donner effet"}
    if request.method != "POST" or MEND in request.POST or not form.is_valid():
        return render(request, "kit/form.html", asked, status=422 if form.errors and MEND not in request.POST else 200)
    try:
        if DONE in request.POST:
            begun = memberships.take_effect(membership, by=by, **form.cleaned_data)
            messages.success(request, f"L’adhésion prend effet le {long_date(begun.effect_on)}.")
            return redirect(membership)
        begun = memberships.beginning_of(membership, by=by, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "kit/form.html", asked, status=422)
    return render(request, "agreements/check.html", context | begun_in_words(membership, begun))


def begun_in_words(membership: Membership, begun: Beginning) -> dict[str, Any]:
    """Return what the effect will write, in words, before it is confirmed."""
    offers = ", ".join(offer_label(begun.version, offer) for offer in begun.offers)
    pairs: list[tuple[str, Any]] = [
        ("Membre", str(membership.organization)), ("Convention", str(membership.agreement)),
        ("Date d’effet", long_date(begun.effect_on)),
        ("Fin", long_date(begun.ends_on) if begun.ends_on is not None else "sans terme"),
        ("Choix", offers or "laissés en blanc"), ("Décidée par", str(begun.vote.decided_by)),
    ]  # fmt: skip
    if begun.version is not None:
        pairs.append(("Version adoptée", begun.version.label))
    return {"pairs": pairs, "remarks": list(begun.remarks), "submit": "Donner effet"}


def drop(request: AccountRequest, pk: int) -> HttpResponse:
    """Close a request that was refused or abandoned."""
    membership = found_for(request, pk, access.may_decide_on)
    form = DropForm(request.POST or None, initial={"on": timezone.localdate()})

    def act() -> None:
        given = form.cleaned_data
        memberships.drop(membership, given["cause"], given["on"], note=given["note"], by=author_of(request))

    return plain_page(request, membership, form, act, title="Classer la demande sans suite", done="La demande est sans suite.",
                      submit="Classer sans suite")  # fmt: skip


def wishes(request: AccountRequest, pk: int) -> HttpResponse:
    """Keep what the member asks about access to its data."""
    membership = found_for(request, pk, access.may_ask_for)
    form = WishesForm(request.POST or None, initial={"wishes": membership.wishes})
    return plain_page(request, membership, form, lambda: memberships.state_wishes(membership, **form.cleaned_data),
                      title="Souhaits sur l’accès aux données", done="Les souhaits sont enregistrés.")  # fmt: skip


def express(request: AccountRequest, pk: int) -> HttpResponse:
    """Renew by a new deliberation a membership that reaches its maximum."""
    membership = found_for(request, pk, access.may_decide_on)
    form = ExpressForm(request.POST or None, user=request.user, membership=membership)
    return plain_page(request, membership, form,
                      lambda: renewals.renew_expressly(membership, form.cleaned_data["act"], by=author_of(request)),
                      title="Renouveler expressément", done="Une nouvelle adhésion commence le lendemain du terme.",
                      submit="Renouveler")  # fmt: skip
