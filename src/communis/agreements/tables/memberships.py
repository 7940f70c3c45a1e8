"""The list of memberships: state, choices, what comes next, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from communis.agreements.applicable import Dates, dates_of, versions_for
from communis.agreements.choices import offers_of
from communis.agreements.enums import EndCause, MembershipState
from communis.agreements.models import Adoption, Agreement, Choice, ChoiceForm, Membership, Version
from communis.agreements.reading import offer_label
from communis.directory.models import Organization
from communis.directory.names import plain
from communis.foundation.keeping import kept_until_changed
from communis.kit import formats
from communis.kit.filters import superior
from communis.kit.formats import capital
from communis.kit.lists import Filters
from communis.kit.tables import ASIDE, DayColumn, Table, absent
from communis.kit.templatetags.kit import badge

TONES = {
    MembershipState.PREPARING: ("info", True), MembershipState.ACTIVE: ("success", False),
    MembershipState.NOTICE: ("warning", False), MembershipState.ENDED: ("neutral", False),
    MembershipState.DROPPED: ("neutral", True),
}  # fmt: skip
_SOON = 90  # days before the last day of notice during which it is told

HOLDINGS = "communis_holdings"  # where a request keeps what the members hold, read once for the table and its filters


@dataclass
class Holdings:
    """What the rows of a list show beside themselves, read at once for all: three queries."""

    today: date
    versions: Mapping[int, Version | None] = field(default_factory=dict)
    offers: Mapping[int, list[str]] = field(default_factory=dict)
    agreements: Mapping[int, str] = field(default_factory=dict)
    dated: dict[int, Dates] = field(default_factory=dict)

    @classmethod
    def of(cls, memberships: list[Membership], today: date) -> Holdings:
        named = {m.agreement_id: m.agreement.short_name for m in memberships}
        return cls(today, versions_for(memberships, today), offers_of([m.pk for m in memberships], today), named)

    def dates(self, membership: Membership) -> Dates:
        """Return the dates of a membership, asked of the engine once for all the cells of its row."""
        if membership.pk not in self.dated:
            offers = self.offers.get(membership.pk, [])
            version = self.versions.get(membership.pk)
            self.dated[membership.pk] = dates_of(membership, version, offers[0] if offers else None, self.today)
        return self.dated[membership.pk]

    def label(self, membership: Membership, offer: str) -> str:
        return offer_label(self.versions.get(membership.pk), offer)


def seen_by(user: Any, today: date) -> tuple[list[Membership], Holdings]:
    """Return the memberships that somebody sees, and what they hold; those of all, for the host’s staff, are kept."""
    if user.is_staff_of_host:
        return all_with_holdings(today)
    rows = list(Membership.objects.visible_to(user).with_names().prefetch_related("agreement"))
    return rows, Holdings.of(rows, today)


@kept_until_changed(Organization, Agreement, Version, Adoption, Membership, ChoiceForm, Choice)
def all_with_holdings(today: date) -> tuple[list[Membership], Holdings]:
    """Return the memberships of the pool and what they hold: for the host’s staff, who reads them all (SEC-02)."""
    rows = list(Membership.objects.unscoped().with_names().prefetch_related("agreement"))
    holdings = Holdings.of(rows, today)
    for row in rows:
        holdings.dates(row)  # known once for all: what is kept is only read
    return rows, holdings


def state_words(membership: Membership, today: date) -> str:
    """Return the state in a word; an end at the term is « expirée », and one by notice « résiliée » (MEM-06, MEM-16)."""
    state = membership.state_on(today)
    if state == MembershipState.ENDED:
        ended = {EndCause.TERM: "expirée", EndCause.NOTICE: "résiliée", EndCause.REPLACED: "remplacée"}
        return ended.get(EndCause(membership.end_cause), str(state.label))
    if state == MembershipState.DROPPED:
        return str(membership.get_drop_cause_display())
    return str(state.label)


def missing_words(record: Any, today: date) -> str:
    """Say what a membership in preparation lacks, or one in force, from what the list asked the database."""
    state = record.state_on(today)
    if state in (MembershipState.ACTIVE, MembershipState.NOTICE):  # one that follows another rests on its signatures
        lacking = [] if record.has_vote else ["délibération"]
        return ", ".join(lacking if record.is_signed or record.follows_id else [*lacking, "signatures"])
    if state != MembershipState.PREPARING:
        return ""
    pairs = (("has_vote", "délibération"), ("has_form", "choix"), ("is_signed", "signatures"))
    lacking = [words for name, words in pairs if not getattr(record, name)]
    return ", ".join(lacking + (["examen approfondi"] if record.is_examined else []))


class MembershipFilters(Filters):
    searched_in = "organization__search_text"
    state = django_filters.ChoiceFilter(choices=MembershipState.choices, method="by_state", widget=HiddenInput)  # the tabs set it
    agreement = django_filters.ChoiceFilter(label="Convention", empty_label="Toutes", choices=[])
    offer = django_filters.ChoiceFilter(label="Choix", method="by_offer", empty_label="Tous", choices=[])

    def __init__(self, *args: Any, request: Any, **options: Any) -> None:
        super().__init__(*args, request=request, **options)
        self.holdings: Holdings = getattr(request, HOLDINGS)
        labels = {offer: offer_label(self.holdings.versions.get(key), offer)
                  for key, offers in self.holdings.offers.items() for offer in offers}  # fmt: skip
        self.filters["agreement"].extra["choices"] = sorted(self.holdings.agreements.items(), key=lambda pair: pair[1])
        self.filters["offer"].extra["choices"] = sorted(labels.items(), key=lambda pair: plain(pair[1]))

    @staticmethod
    def words_of(text: str) -> list[str]:
        return plain(text).split()

    def by_state(self, rows: Any, name: str, value: str) -> QuerySet:
        return rows.in_state(timezone.localdate(), value)

    def by_offer(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(pk__in=[key for key, offers in self.holdings.offers.items() if value in offers])


class MembershipTable(Table):
    caption = "Adhésions et demandes"
    empty_text = "Aucune adhésion : la première naît d’une demande, puis de la délibération du membre."
    looks = "table-list table-named table-fold"

    member = tables.Column("Membre", accessor="organization__name", order_by=("organization__sort_name",))
    agreement = tables.Column("Convention", accessor="agreement__short_name", order_by=("agreement__sort_name",), attrs=ASIDE)
    offers = tables.Column("Choix", accessor="pk", orderable=False)
    state = tables.Column("État", accessor="pk", orderable=False)
    effect_on = DayColumn(verbose_name="Depuis", attrs=ASIDE)
    version = tables.Column("Version", accessor="pk", orderable=False, attrs=ASIDE)
    renewal = tables.Column("Reconduction", accessor="pk", orderable=False)
    notice = tables.Column("Dernier jour de préavis", accessor="pk", orderable=False)
    missing = tables.Column("Pièces manquantes", accessor="pk", orderable=False)

    def __init__(self, *args: Any, holdings: Holdings, **options: Any) -> None:
        self.holdings = holdings
        super().__init__(*args, **options)

    def render_member(self, value: str, record: Any) -> str:
        associated = format_html(' <span class="second">établissement associé</span>') if record.organization.parent_id else ""
        return format_html('<a href="{}">{}</a>{}', record.get_absolute_url(), value, associated)

    def value_member(self, value: str) -> str:
        return value

    def value_offers(self, record: Any) -> str:
        return ", ".join(self.holdings.label(record, offer) for offer in self.holdings.offers.get(record.pk, []))

    def render_offers(self, record: Any) -> str:
        return formats.french(self.value_offers(record)) or absent("laissé en blanc")

    def value_state(self, record: Any) -> str:
        return state_words(record, self.holdings.today)

    def render_state(self, record: Any) -> str:
        tone, unreal = TONES[record.state_on(self.holdings.today)]
        words = self.value_state(record)
        return badge(capital(words), tone, unreal)

    def value_version(self, record: Any) -> str:
        version = self.holdings.versions.get(record.pk)
        return version.label if version is not None else ""

    def render_version(self, record: Any) -> str:
        return self.value_version(record) or absent("aucune")

    def value_renewal(self, record: Any) -> Any:
        return self.holdings.dates(record).renews_on if record.state_on(self.holdings.today) == MembershipState.ACTIVE else None

    def render_renewal(self, record: Any) -> str:
        state, dates = record.state_on(self.holdings.today), self.holdings.dates(record)
        if state == MembershipState.PREPARING:
            return absent("après la prise d’effet")
        if state == MembershipState.ACTIVE and dates.renews_on:
            return superior(formats.medium_date(dates.renews_on))
        if record.ends_on is not None:
            return format_html("{} {}", "fin" if state == MembershipState.ACTIVE else "sortie",
                               superior(formats.medium_date(record.ends_on)))  # fmt: skip
        return absent("sans reconduction")

    def value_notice(self, record: Any) -> Any:
        return self.holdings.dates(record).notice_by if record.state_on(self.holdings.today) == MembershipState.ACTIVE else None

    def render_notice(self, record: Any) -> str:
        if record.state_on(self.holdings.today) == MembershipState.NOTICE:
            return absent("préavis en cours")
        day = self.value_notice(record)
        if day is None:
            return absent()
        left, prevents = (day - self.holdings.today).days, self.holdings.dates(record).prevents
        soon = format_html(' <span class="second second-urgent">dans {}</span>', formats.counted(left, "jour"))
        shown = superior(formats.medium_date(day))
        if prevents is not None:
            shown += format_html(' <span class="second">pour celle du {}</span>', superior(formats.medium_date(prevents)))
        return shown + soon if left <= _SOON else shown

    def value_missing(self, record: Any) -> str:
        return missing_words(record, self.holdings.today)

    def render_missing(self, record: Any) -> str:
        words = self.value_missing(record)
        if not words:
            return absent("aucune")
        return format_html('<a href="{}#manque">{}</a>', reverse("membership", args=[record.pk]), capital(words))
