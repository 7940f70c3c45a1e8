"""The catalogues: the list of them, the tree of one, the file of an entry, what a choice of offers allows, the copy of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Case, Count, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from communis.catalog import access, operations
from communis.catalog.comparing import OLDEST_FIRST, contents_of
from communis.catalog.composition import composition_of, label_of, objections_to, offers_chosen, why_not_alone
from communis.catalog.conventions import convention_read
from communis.catalog.documents import catalogue_pdf
from communis.catalog.enums import EntryKind, Family
from communis.catalog.forms import CopyForm, TrialForm
from communis.catalog.inputs import inputs_of
from communis.catalog.models import Edition, EditionHours, Entry, Prerequisite, Tool
from communis.catalog.tree import Tree
from communis.catalog.wording import listed, title_of
from communis.directory.access import is_of_host
from communis.directory.models import Organization
from communis.directory.views.records import history_address
from communis.foundation.requests import AccountRequest
from communis.kit.editing import form_page
from communis.kit.lists import Filters, listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import CAPITAL, BadgeColumn, CountColumn, Table, TextColumn, absent
from communis.tariff import Convention

CATALOGUES = "Catalogues"
SMALL = frozenset({EntryKind.SERVICE, EntryKind.MISSION})  # not proposed to be tried, unless the convention offers them
SHOWN_WORDS, DRAFT_WORDS = "montré aux membres", "en préparation"


class EditionTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les catalogues"
    empty_text = "Aucun catalogue : il vient avec une version de la convention, ou se copie de celui d’une autre."

    name = TextColumn("Catalogue", linkify=True)
    count = CountColumn("Fiches")
    state = BadgeColumn(tones={SHOWN_WORDS: "success", DRAFT_WORDS: "~neutral"}, verbose_name="État", order_by=("is_shown",))


class EditionFilters(Filters):
    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(name__icontains=value[:200])


def editions(request: AccountRequest) -> HttpResponseBase:
    """List the catalogues that somebody may read, one a version of a convention."""
    rows = Edition.objects.visible_to(request.user).annotate(
        count=Count("entries"),
        state=Case(When(is_shown=True, then=Value(SHOWN_WORDS)), default=Value(DRAFT_WORDS)),
    )
    return listing(request, rows, EditionTable, EditionFilters, template="catalog/editions.html", name="catalogues",
                   context={"may_keep": access.may_keep_catalog(request.user)})  # fmt: skip


# ------------------------------------------------------------ the tree


class EntryTable(Table):
    looks = "table-list table-named table-fold"
    caption = "Les fiches du catalogue"
    group_by = "group"
    empty_text = "Ce catalogue n’a pas encore de fiche."

    label = TextColumn("Intitulé", linkify=True, second="within")
    code = TextColumn("Numéro")
    kind = tables.Column("Genre", accessor="get_kind_display", attrs=CAPITAL, order_by=("kind",))
    family = tables.Column("Famille", accessor="get_family_display", attrs=CAPITAL, order_by=("family",), default=absent())
    article = TextColumn("Article")
    offered = TextColumn("Se choisit", accessor="offer", default=absent("non"))

    def render_offered(self, value: str, record: Entry) -> str:
        return "annoncée" if record.is_announced else "oui" if not record.ends_on else f"jusqu’au {record.ends_on:%d/%m/%Y}"


class EntryFilters(Filters):
    kind = django_filters.MultipleChoiceFilter(label="Genre", choices=EntryKind.choices)
    family = django_filters.MultipleChoiceFilter(label="Famille", choices=Family.choices)
    state = django_filters.ChoiceFilter(
        label="Disponibilité", method="by_state", empty_label="Toutes",
        choices=[("open", "Proposée"), ("announced", "Annoncée"), ("closed", "Fermée")],
    )  # fmt: skip

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        closed = Q(ends_on__lt=timezone.localdate())
        if value == "open":
            return rows.filter(~closed | Q(ends_on=None), is_announced=False)
        return rows.filter(closed) if value == "closed" else rows.filter(is_announced=True)


def in_order(rows: QuerySet, keys: Sequence[int]) -> QuerySet:
    """Return entries in the order in which the tree is read, under the one they stand below."""
    place = Func(Value(list(keys)), F("pk"), function="array_position", output_field=IntegerField())
    top = Coalesce("parent__parent__parent__label", "parent__parent__label", "parent__label", "label")
    return rows.annotate(place=place, group=top, within=F("parent__label")).order_by("place")


def edition(request: AccountRequest, pk: int) -> HttpResponseBase:
    """Show the tree of a catalogue."""
    return edition_page(request, get_object_or_404(Edition.objects.visible_to(request.user), pk=pk))


def edition_page(request: AccountRequest, found: Edition, **context: Any) -> HttpResponseBase:
    """Answer the tree of a catalogue: searched, filtered, exported; the one that a member reads is shown by the same page."""
    rows = Entry.objects.visible_to(request.user).filter(edition=found)
    tree = Tree(rows)
    entries = [node.entry for node in tree.walk()]
    context = {
        "edition": found,
        "hours": EditionHours.objects.visible_to(request.user).filter(edition=found),
        "may_keep": access.may_keep_catalog(request.user),
        "history_url": history_address(found) if is_of_host(request.user) else "",
        "places": [Link(CATALOGUES, reverse("editions"))],
        **context,
    }
    return listing(
        request, in_order(rows, [one.pk for one in entries]), EntryTable, EntryFilters, template="catalog/edition.html",
        name=f"catalogue-{found.pk}", context=context, per_page=100,
        exclude=() if any(one.family for one in entries) else ("family",),
    )  # fmt: skip


def edition_pdf(request: AccountRequest, pk: int) -> HttpResponse:
    """Give a catalogue as a PDF."""
    found = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(catalogue_pdf(contents_of(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="catalogue-{found.pk}.pdf"'
    return response


def copy(request: AccountRequest, pk: int) -> HttpResponse:
    """Copy a catalogue, to prepare that of the next version."""
    found = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    form = CopyForm(request.POST or None)
    made: list[Edition] = []
    return form_page(
        request, form, lambda: made.append(operations.copy_edition(found, **form.cleaned_data)),
        title=f"Préparer une nouvelle édition de « {found} »",
        done="La nouvelle édition est prête : modifiez-la, les membres ne la voient pas encore.",
        back=(lambda: made[0].get_absolute_url()) if request.method == "POST" else found.get_absolute_url(),
        submit="Préparer cette édition", cancel_to=found.get_absolute_url(), places=[Link(str(found), found.get_absolute_url())],
        sentence="Elle reprend les fiches, les outils, les prérequis et les horaires.",
    )  # fmt: skip


# ------------------------------------------------------------ an entry


def entry(request: AccountRequest, pk: int) -> HttpResponse:
    """The file of an entry: all that a member must know of it, what remains to pay included (CAT-26)."""
    found = get_object_or_404(Entry.objects.visible_to(request.user).select_related("edition"), pk=pk)
    tree = Tree(Entry.objects.visible_to(request.user).filter(edition=found.edition))
    node = tree.node(found)
    convention = convention_read(found.edition_id, request.user.organizations, timezone.localdate())
    receiver = tree.of_offer(found.closed_into) if found.closed_into else None
    may_write = access.may_keep_catalog(request.user) and not found.edition.is_shown
    context = {
        "entry": found,
        "facts": facts_of(found),
        "margin": margin_of(found, node.site_kinds),
        "state": state_of(found),
        "children": tree.children[found.pk],
        "why_not_alone": why_not_alone(convention, node) if convention is not None and not found.is_announced else "",
        "rules": next((one for one in composition_of(convention) if one.offer == found.offer), None) if convention else None,
        "receiver": receiver,
        "tools": Tool.objects.visible_to(request.user).filter(entry=found).select_related("replaced_by").order_by(*OLDEST_FIRST),
        "prerequisites": Prerequisite.objects.visible_to(request.user).filter(entry=found),
        "hours": EditionHours.objects.visible_to(request.user).filter(edition=found.edition),
        "prices": prices_for(request.user),
        "may_keep": may_write,
        "may_carry": access.may_keep_catalog(request.user) and found.edition.is_shown and bool(found.offer),
        "may_close": may_write and bool(found.offer) and found.ends_on is None,
        "history_url": history_address(found) if is_of_host(request.user) else "",
        "places": [
            Link(CATALOGUES, reverse("editions")), Link(str(found.edition), found.edition.get_absolute_url()),
            *(Link(str(one), one.get_absolute_url()) for one in node.above),
        ],
    }  # fmt: skip
    return render(request, "catalog/entry.html", context)


FACTS = ("perimeter", "conditions", "left_to_member", "benefits", "degraded", "counted_in")


def facts_of(found: Entry) -> list[tuple[str, str]]:
    """Return what an entry says, in the order in which a member wants it."""
    named = [(title_of(name), getattr(found, name)) for name in FACTS]
    performed = listed("performers", found.performers)
    if found.performed_note:
        performed = f"{performed} : {found.performed_note}" if performed else found.performed_note
    rows = [
        *named[:1],
        (title_of("performers"), performed),
        (title_of("deliverables"), listed("deliverables", found.deliverables)),
        *named[1:],
    ]
    return [(name, value) for name, value in rows if value]


def margin_of(found: Entry, site_kinds: Sequence[str]) -> list[tuple[str, Any]]:
    rows = [
        ("Numéro", found.code), ("Genre", found.get_kind_display()), ("Famille", found.get_family_display()),
        ("Article", found.article), ("Facturation", found.get_charging_display()),
        ("Sites couverts", listed("site_kinds", list(site_kinds))),
        ("Proposée depuis", found.starts_on), ("Proposée jusqu’au", found.ends_on),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]


def state_of(found: Entry) -> tuple[str, str] | None:
    """Return the state of an entry in a word, with its tone; nothing when it is simply offered."""
    if found.is_announced:
        return "annoncée, pas encore proposée", "info"
    if found.ends_on is not None:
        return ("fermée", "neutral") if found.ends_on < timezone.localdate() else ("ferme bientôt", "warning")
    return None


def prices_for(user: Any) -> list[Link]:
    """Return where one sees what the offers cost: those of one’s organizations, or any member’s for the host."""
    if is_of_host(user):
        return [Link("Choisir un membre pour voir ce que les offres lui coûteraient", reverse("organizations"))]
    own = Organization.objects.visible_to(user).filter(pk__in=user.organizations)
    return [Link(f"Ce que les offres coûtent à {one}", reverse("offers", args=[one.pk])) for one in own]


# ------------------------------------------------------------ composition


def composition(request: AccountRequest, pk: int) -> HttpResponse:
    """Show what offers include, exclude and require, and let one try a choice: the engine answers, with the articles."""
    found = get_object_or_404(Edition.objects.visible_to(request.user), pk=pk)
    whose = organization_asked(request)
    readers = frozenset({whose.pk}) if whose is not None else request.user.organizations
    convention = convention_read(found.pk, readers, timezone.localdate())
    tree = Tree(Entry.objects.visible_to(request.user).filter(edition=found))
    chosen = [entry for entry in tree.entries.values() if str(entry.pk) in request.GET.getlist("choix")]
    candidates = [node for node in tree.walk() if node.entry.kind not in SMALL or node.entry.offer or node.entry.is_announced]
    context: dict[str, Any] = {
        "edition": found,
        "convention": convention,
        "whose": whose,
        "rules": composition_of(convention) if convention is not None else [],
        "form": TrialForm(request.GET if chosen else None, nodes=candidates),
        "candidates": candidates,
        "chosen": chosen,
        "places": [Link(CATALOGUES, reverse("editions")), Link(str(found), found.get_absolute_url())],
    }
    if convention is not None and chosen:
        context |= tried(convention, tree, chosen, whose)
    return render(request, "catalog/composition.html", context)


def organization_asked(request: AccountRequest) -> Organization | None:
    """Return the member for whom a choice is tried: the one that the address names, else one’s own."""
    user = request.user
    asked = request.GET.get("organisation", "")
    rows = Organization.objects.visible_to(user).order_by("sort_name")
    found = rows.filter(pk=asked) if asked.isdigit() and len(asked) < 19 else rows.filter(pk__in=user.organizations)
    return next((one for one in found[:1] if access.may_simulate(user, one)), None)


def tried(convention: Convention, tree: Tree, chosen: Sequence[Entry], whose: Organization | None) -> dict[str, Any]:
    """Return what a choice of entries allows: a refusal in the words of an article, or what the engine objects.

    For a member, the engine reads its facts (CAT-22); for nobody, any commune of which no fact is known.
    """
    try:
        offers = offers_chosen(convention, tree, chosen)
    except Refusal as refusal:
        return {"refusals": [str(refusal)], "doubts": [], "held": []}
    inputs = inputs_of(convention) if whose is not None else None
    rank = inputs.organizations.get(whose.pk) if inputs is not None and whose is not None else None
    if inputs is not None and rank is not None:
        told = objections_to(convention, offers, timezone.localdate(), tables=inputs.tables, member=rank)
    else:
        told = objections_to(convention, offers, timezone.localdate())
    return {
        "refusals": [f"{one.sentence} ({one.article})." if one.article else f"{one.sentence}." for one in told if one.certain],
        "doubts": [f"{one.sentence}." for one in told if not one.certain],
        "held": [label_of(convention, name) for name in dict.fromkeys(
            held for offer in offers for held in convention.model.book.included(offer)
        )],
    }  # fmt: skip
