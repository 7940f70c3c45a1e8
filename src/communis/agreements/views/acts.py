"""The pages of council acts: the list, the record, one screen for an act with its vote and its transmission (DOC-01 to 11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone

from communis.agreements import access
from communis.agreements.authorized import authorized_by
from communis.agreements.coherence import Remark, remarks_on, voters_of
from communis.agreements.enums import ActKind, ActState, Presence
from communis.agreements.forms.acts import ActForm, ForgetForm, StateForm, TransmissionForm
from communis.agreements.matters import USUAL, name_of
from communis.agreements.models import Agreement, Attachment, Attendance, Membership, PriorOpinion, Resolution
from communis.agreements.operations import acts as operations
from communis.agreements.operations.gaps import is_to_link, standing_votes
from communis.agreements.searching import LONG_TEXTS
from communis.agreements.tables.acts import TONES, ActTable
from communis.agreements.transmissions import transmission_of
from communis.agreements.views import exports, files
from communis.directory.access import may_keep_some_organization
from communis.directory.enums import PopulationKind
from communis.directory.models import Organization
from communis.directory.names import plain
from communis.directory.operations.rows import Stale, version_of
from communis.directory.register import ReferenceBody
from communis.directory.views.records import history_address, may_read_history
from communis.foundation.doors import route
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page, safe_next
from communis.kit.formats import capital, long_date, short_date
from communis.kit.lists import Filters, listing
from communis.kit.parts import Link
from communis.kit.reading import Misread

ACTS = Link("Actes", "/actes/")
GROUPINGS = ("communauté", "métropole", "syndicat", "pôle")  # the types whose assemblies are convened as those of large communes
DERIVED = [("sent", "transmis"), ("published", "publié"), ("executory", "exécutoire")]


class ActFilters(Filters):
    """The filters of acts; `state` is what became of the act, or how far it has come today."""

    kind = django_filters.ChoiceFilter(label="Genre", choices=ActKind.choices, empty_label="Tous")
    state = django_filters.ChoiceFilter(
        label="État", method="by_state", choices=[*ActState.choices, *DERIVED], empty_label="Tous"
    )
    organization = django_filters.ModelChoiceFilter(
        label="Collectivité", queryset=lambda request: councils_for(request), empty_label="Toutes"
    )
    agreement = django_filters.ModelChoiceFilter(
        label="Convention", queryset=lambda request: agreements_for(request), empty_label="Toutes"
    )
    year = django_filters.NumberFilter(label="Année", method="by_year")

    @staticmethod
    def words_of(text: str) -> list[str]:
        return plain(text).split()

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value in ActState:
            return rows.filter(state=value)
        return in_standing(rows.filter(state=ActState.ADOPTED), value, timezone.localdate())

    def by_year(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        year = int(value)
        if not date.min.year <= year <= date.max.year:
            return rows.none()
        return rows.filter(session_on__range=(date(year, 1, 1), date(year, 12, 31)))


def in_standing(rows: QuerySet, standing: str, today: date) -> QuerySet:
    """Keep the adopted acts that have come so far and no further: the rule of `Resolution.standing_on`, for the database."""
    bound = Q(received_on__isnull=False, published_on__isnull=False) & Q(binds_on__lte=today)
    published = Q(published_on__lte=today)
    rows = rows.annotate(binds_on=Greatest(F("received_on"), F("published_on"), F("session_on")))
    if standing == "executory":
        return rows.filter(bound)
    if standing == "published":
        return rows.filter(published).exclude(bound)
    return rows.filter(sent_on__lte=today).exclude(bound).exclude(published)


def councils_for(request: AccountRequest | None) -> QuerySet:
    """Return the collectivities whose acts a person may read; to look which have acts would read them all."""
    if request is None:
        return Organization.objects.none()
    rows = Organization.objects.visible_to(request.user).only(
        "pool_id", "name"
    )  # there may be five hundred of them to choose from
    return rows if request.user.is_staff_of_host else rows.filter(Q(pk__in=request.user.organizations) | Q(is_host=True))


def agreements_for(request: AccountRequest | None) -> QuerySet:
    return Agreement.objects.visible_to(request.user) if request else Agreement.objects.none()


def acts(request: AccountRequest) -> HttpResponseBase:
    rows = Resolution.objects.visible_to(request.user).select_related("organization", "agreement").defer(*LONG_TEXTS)
    context = {"may_add": may_keep_some_organization(request.user)}
    return listing(
        request, rows.order_by("-session_on", "-id"), ActTable, ActFilters, template="agreements/acts.html", name="actes",
        is_long=True, context=context, today=timezone.localdate(),
    )  # fmt: skip


# ------------------------------------------------------------ one act


def act_or_404(request: AccountRequest, pk: int) -> Resolution:
    rows = Resolution.objects.visible_to(request.user).select_related(
        "organization__type", "organization__reference", "agreement"
    )
    return get_object_or_404(rows, pk=pk)


def kept_act(request: AccountRequest, pk: int) -> Resolution:
    """Return an act that the person keeps; anything else does not exist."""
    found = act_or_404(request, pk)
    if not access.may_keep_act(request.user, found):
        raise Http404
    return found


def act(request: AccountRequest, pk: int) -> HttpResponse:
    """The record of an act: what it says, what is odd in it, what it authorised."""
    user, today = request.user, timezone.localdate()
    found = act_or_404(request, pk)
    names = list(Attendance.objects.visible_to(user).filter(resolution=found))
    things = authorized_by(found, user)
    remarks = [*remarks_of(found, names), *(one.remark for one in things if one.remark is not None)]
    may_keep = access.may_keep_act(user, found)
    standing = found.standing_on(today)
    context = {
        "act": found, "standing": standing, "tone": TONES[standing].lstrip("~"), "remarks": remarks, "places": [ACTS],
        "names": named(names), "opinions": PriorOpinion.objects.visible_to(user).filter(resolution=found),
        "counts": counts_of(found, names), "texts": texts_of(found), "authorized": things,
        "dates": dates_of(found), "identity": identity_of(found), "identifier": identifier_of(found),
        "attachments": Attachment.objects.visible_to(user).filter(resolution=found),
        "attach_url": reverse("act-attach", args=[pk]) if may_keep else "",
        "awaiting": awaiting(user, found, today) if may_keep else (), "may_link": access.may_manage_agreements(user),
        "may_keep": may_keep, "may_vote": may_keep and found.state in operations.PREPARED,
        "may_send": may_keep and found.state in operations.VOTED, "may_forget": access.may_manage_agreements(user),
        "history_url": history_address(found) if may_read_history(user, found) else "",
    }  # fmt: skip
    return render(request, "agreements/act.html", context)


def awaiting(user: Any, found: Resolution, today: date) -> list[Membership]:
    """Return the adhesions in preparation that an act would found, and that nobody has linked to it."""
    rows = Membership.objects.visible_to(user).filter(
        organization=found.organization_id, agreement=found.agreement_id, effect_on=None, dropped_on=None
    )  # fmt: skip
    near = rows.select_related("organization", "agreement")
    return [one for one in near if not standing_votes(one, today) and is_to_link(one, found, today)]


def remarks_of(found: Resolution, names: list[Attendance]) -> list[Remark]:
    """Return what is odd in an act, by the size of its commune in the year of the session."""
    organization = found.organization
    body = organization.reference
    is_grouping = organization.type.name.startswith(GROUPINGS) or (body is not None and body.kind == ReferenceBody.Kind.GROUPING)
    return remarks_on(found, names, population=people_of(body, found.session_on), is_grouping=is_grouping)


def people_of(body: ReferenceBody | None, on: date | None) -> int | None:
    """Return the municipal population of a commune in force on a day: the latest that is not later, else the first known."""
    if body is None:
        return None
    known = list(
        body.populations.filter(kind=PopulationKind.MUNICIPAL).order_by("in_force_on").values_list("in_force_on", "value")
    )
    before = [value for since, value in known if on is None or since <= on]
    return before[-1] if before else known[0][1] if known else None


def named(names: list[Attendance]) -> list[tuple[str, list[Attendance]]]:
    """Return the names of a session, by how they attended."""
    labels = {
        Presence.PRESENT: "Présents", Presence.PROXY: "Excusés avec pouvoir", Presence.EXCUSED: "Excusés sans pouvoir",
        Presence.ABSENT: "Absents",
    }  # fmt: skip
    groups = [(label, [one for one in names if one.presence == presence and one.name]) for presence, label in labels.items()]
    return [(label, found) for label, found in groups if found]


def counts_of(found: Resolution, names: list[Attendance]) -> list[tuple[str, Any]]:
    """Return what an act counts; what it does not say is not shown, save the voters that can be deduced."""
    fields = ("in_office", "present", "proxies", "excused", "absent", "voters", "votes_for", "votes_against", "abstained",
              "not_voting")  # fmt: skip
    pairs = [(label_of(name), getattr(found, name)) for name in fields if getattr(found, name) is not None]
    voters, ground = voters_of(found, names)
    if ground and voters is not None:
        pairs.append(("Votants, déduits", f"{voters} ({ground})"))
    return [*pairs, *([("Résultat", "à l’unanimité")] if found.is_unanimous else [])]


def label_of(name: str) -> str:
    field: Any = Resolution._meta.get_field(name)
    return capital(field.verbose_name)


def texts_of(found: Resolution) -> list[tuple[str, str]]:
    names = ("visas", "recitals", "statement", "decisions", "authorizes", "budget_sentence", "remedies", "annexes")
    return [(label_of(name), getattr(found, name)) for name in names if getattr(found, name)]


def dates_of(found: Resolution) -> list[tuple[str, Any]]:
    names = ("convened_on", "session_on", "posted_on", "sent_on", "received_on", "published_on", "online_on")
    pairs = [(label_of(name), short_date(getattr(found, name))) for name in names if getattr(found, name)]
    return [*pairs, *([("Exécutoire le", short_date(found.executory_on))] if found.executory_on else [])]


def identity_of(found: Resolution) -> list[tuple[str, Any]]:
    at = f"{found.session_at:%H:%M}" if found.session_at else ""
    matter = f"{found.matter}, {name_of(found.matter)}" if name_of(found.matter) else found.matter
    pairs = [
        ("Collectivité", Link(str(found.organization), found.organization.get_absolute_url())),
        ("Convention", Link(str(found.agreement), found.agreement.get_absolute_url()) if found.agreement else ""),
        ("Nature", found.get_nature_display()), ("Matière", matter), ("Numéro au registre", found.number),
        ("Numéro à la transmission", found.sent_number), ("Assemblée", found.body), ("Heure", at), ("Lieu", found.place),
        ("Service", found.service), ("Président de séance", found.president), ("Rapporteur", found.reporter),
        ("Secrétaire de séance", found.secretary), ("Signataires", found.signatories),
    ]  # fmt: skip
    return [(name, value) for name, value in pairs if value]


def identifier_of(found: Resolution) -> list[tuple[str, Any]]:
    """Return what the identifier of transmission of an act says, part by part; the commune is that of the public register."""
    if not found.transmission:
        return []
    try:
        read = transmission_of(found.transmission)
    except Misread:
        return []  # the remarks say why
    body = ReferenceBody.known(insee="", siren=read.siren)
    who = (
        f"{read.siren}, {body.name} ({body.insee})"
        if body and body.insee
        else f"{read.siren}, {body.name}"
        if body
        else read.siren
    )
    return [("Identifiant", found.transmission), ("Département", read.department), ("SIREN", who), ("Date", short_date(read.on)),
            ("Numéro", read.number), ("Nature", read.nature.label)]  # fmt: skip


# ------------------------------------------------------------ entering


class KnownAct:
    """The version of an act that a form was filled on, until one is told what changed meanwhile."""

    def __init__(self, request: HttpRequest, row: Resolution) -> None:
        given = request.POST.get("version", "")
        self.number = int(given) if given.isdigit() and len(given) < 19 else version_of(row)

    def version(self) -> int:
        return self.number

    def record(self, keep: Callable[..., Any], row: Resolution, **given: Any) -> None:
        try:
            keep(row, version=self.number, **given)
        except Stale:
            self.number = version_of(row)
            raise


def enter(request: AccountRequest) -> HttpResponse:
    """Enter an act, its vote and its transmission, on one screen."""
    initial = {"matter": USUAL, **asked_in(request)}
    form: Any = ActForm(request.POST or None, instance=Resolution(), user=request.user, initial=initial)
    only = form.fields["organization"].queryset[:2]
    if len(only) == 1 and "organization" not in initial:
        form.initial["organization"] = only[0].pk
    return form_page(
        request, form,
        lambda: operations.record_act(form.instance, names=form.named(), opinions=form.cleaned_data["opinions"],
                                      today=timezone.localdate()),
        title="Saisir un acte", done=lambda: told_done(request, form.instance, "L’acte est enregistré"),
        submit="Enregistrer l’acte", places=[ACTS],
        back=(lambda: form.instance.get_absolute_url()) if request.method == "POST" else ACTS.url,
        template="agreements/act_form.html",
        sentence="Rien n’est obligatoire que la collectivité et l’objet : un acte imparfait se garde tel qu’il est.",
    )  # fmt: skip


def told_done(request: AccountRequest, act: Resolution, words: str) -> str:
    """Say that an act is kept; to whoever does not go to its record, whether it binds too, and what is odd in it."""
    if not safe_next(request):
        return f"{words}."
    for remark in remarks_of(act, list(Attendance.objects.visible_to(request.user).filter(resolution=act))):
        if remark.kind != "information":
            messages.warning(request, remark.words)
    binds = act.executory_on
    return f"{words} : il est exécutoire le {long_date(binds)}." if binds else f"{words} : il n’est pas encore exécutoire."


def asked_in(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks to fill in: `?organisation=…&convention=…`."""
    asked = {"organization": request.GET.get("organisation", ""), "agreement": request.GET.get("convention", "")}
    return {name: value for name, value in asked.items() if value.isdigit() and len(value) < 19}


def change(request: AccountRequest, pk: int) -> HttpResponse:
    found = kept_act(request, pk)
    known = KnownAct(request, found)
    form: Any = ActForm(request.POST or None, instance=found, user=request.user)
    back = found.get_absolute_url()
    return form_page(
        request, form,
        lambda: known.record(operations.record_act, form.instance, names=form.named(), opinions=form.cleaned_data["opinions"],
                             today=timezone.localdate()),
        title="Modifier l’acte", done="C’est enregistré.", back=back, version=known.version,
        places=[ACTS, Link(str(found), back)],
        template="agreements/act_form.html", history_url=history_address(found),
    )  # fmt: skip


def vote(request: AccountRequest, pk: int) -> HttpResponse:
    """Enter the vote of an act that was prepared, once."""
    found = kept_act(request, pk)
    if found.state not in operations.PREPARED and request.method != "POST":
        messages.error(request, operations.already(found))
        return redirect(found)
    known = KnownAct(request, found)
    name, back = str(found), found.get_absolute_url()
    form: Any = ActForm(request.POST or None, instance=found, user=request.user, voting=True)
    return form_page(
        request, form,
        lambda: known.record(operations.enter_vote, form.instance, names=form.named(), opinions=form.cleaned_data["opinions"],
                             today=timezone.localdate()),
        title="Saisir le vote", done=lambda: told_done(request, found, "Le vote est enregistré"), back=back,
        submit="Enregistrer le vote", version=known.version,
        places=[ACTS, Link(name, back)], template="agreements/act_form.html",
    )  # fmt: skip


def transmit(request: AccountRequest, pk: int) -> HttpResponse:
    """Enter the sending of an act to the préfecture, its receipt, its publication."""
    found = kept_act(request, pk)
    known = KnownAct(request, found)
    dates = ("sent_on", "received_on", "published_on", "online_on")
    initial = {name: getattr(found, name) for name in dates} | {"identifier": found.transmission}
    form = TransmissionForm(request.POST or None, initial=initial)
    back = found.get_absolute_url()

    def record() -> None:
        known.record(operations.record_transmission, found, today=timezone.localdate(), **form.cleaned_data)

    return form_page(
        request, form, record, title="Transmission et publication", done="La transmission est enregistrée.", back=back,
        version=known.version, places=[ACTS, Link(str(found), back)],
        sentence="Un acte est exécutoire quand la préfecture l’a reçu et qu’il est publié.",
    )  # fmt: skip


CHANGES = {
    "listed": ("inscrit à l’ordre du jour", operations.list_on_agenda, operations.PREPARED),
    "adjourned": ("ajourné : il pourra encore être voté", operations.adjourn, operations.PREPARED),
    "withdrawn": ("retiré", operations.withdraw, tuple(one for one in ActState if one != ActState.WITHDRAWN)),
}


def change_state(request: AccountRequest, pk: int) -> HttpResponse:
    """Put an act on an agenda, adjourn it, withdraw it."""
    found = kept_act(request, pk)
    choices = [(key, words) for key, (words, _, states) in CHANGES.items() if found.state in states and found.state != key]
    form = StateForm(request.POST or None, choices=choices)
    back = found.get_absolute_url()
    return form_page(
        request, form, lambda: CHANGES[form.cleaned_data["state"]][1](found), title="Changer l’état de l’acte",
        done="L’état de l’acte est changé.", back=back, places=[ACTS, Link(str(found), back)],
    )  # fmt: skip


def forget(request: AccountRequest, pk: int) -> HttpResponse:
    """Erase the names of persons of an act, in its record and in its history."""
    found = act_or_404(request, pk)
    back = found.get_absolute_url()
    return form_page(
        request, ForgetForm(request.POST if request.method == "POST" else None), lambda: operations.forget_names(found),
        title="Effacer les noms de cet acte", done="Les noms sont effacés, dans la fiche et dans son historique.", back=back,
        submit="Effacer les noms", places=[ACTS, Link(str(found), back)],
        sentence="Les noms du président, du rapporteur, du secrétaire, des signataires, des présents et des absents sont vidés, "
        "aussi dans l’historique. Les chiffres restent. Cela ne se défait pas ; les textes et les fichiers joints ne sont pas "
        "touchés.",
    )  # fmt: skip


routes: list[URLPattern] = [
    route("actes/", acts, "acts"),
    route("actes/saisir/", enter, "act-add", may=may_keep_some_organization),
    route("actes/<int:pk>/", act, "act"),
    route("actes/<int:pk>/modifier/", change, "act-change", may=may_keep_some_organization),
    route("actes/<int:pk>/vote/", vote, "act-vote", may=may_keep_some_organization),
    route("actes/<int:pk>/transmission/", transmit, "act-transmit", may=may_keep_some_organization),
    route("actes/<int:pk>/etat/", change_state, "act-state", may=may_keep_some_organization),
    route("actes/<int:pk>/noms/", forget, "act-forget", may=access.may_manage_agreements),
    *exports.routes,
    *files.routes,
]
