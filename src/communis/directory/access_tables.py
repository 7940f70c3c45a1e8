"""The list of who has access: each right, since when, until when, and whether its account is used and protected."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django_tables2 import Column

from communis.directory.access import SECOND_FACTORS
from communis.directory.enums import STEP_UP_ROLES
from communis.directory.invitations import dormant_since
from communis.directory.models import Grant, Invitation
from communis.kit.filters import breakable, superior
from communis.kit.formats import medium_date, of
from communis.kit.tables import CAPITAL, END, ChoiceColumn, DayColumn, Table, TextColumn
from communis.kit.templatetags.kit import badge


class Told(TypedDict):
    """What the list tells of a right beside what the right says."""

    has_second_factor: bool
    is_invited: bool


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Listed = WithAnnotations[Grant, Told]


def day(value: date) -> str:
    return superior(medium_date(value))


def grants_listed(user: Any) -> Any:
    """Return the rights that a person may see, with what the list tells of each, in one query."""
    factor = Authenticator.objects.filter(user_id=OuterRef("account_id"), type__in=SECOND_FACTORS)
    invited = Invitation.objects.unscoped().pending().filter(grant_id=OuterRef("pk"))
    return (
        Grant.objects.visible_to(user)
        .select_related("account", "organization", "held_as")
        .annotate(has_second_factor=Exists(factor), is_invited=Exists(invited))
        .order_by("account__name", "account__email", "pk")
    )


class AccessTable(Table):
    """One row a right."""

    caption = "Droits d’accès"
    looks = "table-list table-named table-fold"
    row_header = "person"

    chosen = ChoiceColumn(about=lambda grant: f"le droit {of(grant.account)}")
    person = TextColumn(verbose_name="Personne", accessor="account", order_by=("account__name", "pk"))
    right = TextColumn(verbose_name="Droit", accessor="role", order_by=("role", "pk"), attrs=CAPITAL)
    starts_on = DayColumn(verbose_name="Depuis le")
    ends_on = TextColumn(verbose_name="Jusqu’au", empty_values=())
    last_login = TextColumn(verbose_name="Dernière connexion", accessor="account__last_login", empty_values=())
    factor = TextColumn(verbose_name="Second facteur", accessor="has_second_factor", orderable=False)
    act = Column(verbose_name="Agir", empty_values=(), orderable=False, exclude_from_export=True, attrs=END)

    class Meta:
        empty_text = "Personne ici. Un droit naît d’une invitation."
        sequence = ("chosen", "person", "right", "starts_on", "ends_on", "last_login", "factor", "act")

    def __init__(self, *args: Any, today: date, may_act: bool, **options: Any) -> None:
        self.today, self.dormant = today, dormant_since(today)
        super().__init__(*args, exclude=() if may_act else ("chosen", "act"), **options)

    def render_person(self, record: Listed) -> str:
        return format_html('{} <span class="second">{}</span>', record.account.name, breakable(record.account.email))

    def value_person(self, record: Listed) -> str:
        return f"{record.account.name} <{record.account.email}>"

    def value_right(self, record: Listed) -> str:
        return f"{record.get_role_display()}, {record.organization}" if record.organization_id else record.get_role_display()

    def value_ends_on(self, value: date | None) -> date | None:
        return value

    def value_last_login(self, record: Listed) -> date | None:
        at = record.account.last_login
        seen = timezone.localdate(at) if at else None
        return seen if seen is not None and seen >= record.starts_on else None

    def value_factor(self, record: Listed) -> str:
        return "oui" if record.has_second_factor else "non"

    def render_right(self, record: Listed) -> str:
        if not record.organization_id:
            return record.get_role_display()
        return format_html('{} <span class="second">{}</span>', record.get_role_display(), record.organization)

    def render_ends_on(self, value: date | None, record: Listed) -> str:
        words = day(value) if value else "sans terme"
        if value and value < self.today:
            return format_html("{} {}", words, badge("Terminé"))
        if record.held_as_id:
            return format_html('{} <span class="second">ou la fin du rôle : {}</span>', words, record.held_as)
        return words

    def render_last_login(self, record: Listed) -> str:
        """Tell the last sign-in since the right was given: what the account did before, elsewhere, is not the service’s."""
        if record.is_invited:
            return badge("Invitation envoyée", "info", unreal=True)
        at = record.account.last_login
        seen = timezone.localdate(at) if at else None
        if seen is None or seen < record.starts_on:
            words, since = "jamais", record.starts_on
        else:
            words, since = day(seen), seen
        return (
            format_html('{} <span class="second">{}</span>', words, badge("Dormant", "warning"))
            if since < self.dormant
            else words
        )

    def render_factor(self, record: Listed) -> str:
        if record.has_second_factor:
            return "oui"
        return badge("Manque", "danger") if settings.COMMUNIS_SECOND_FACTOR and record.role in STEP_UP_ROLES else "non"

    def render_act(self, record: Listed) -> str:
        if record.ends_on is not None and record.ends_on < self.today:
            return ""
        url = f"{reverse('end-rights')}?chosen={record.pk}"
        return format_html('<a href="{}">Mettre fin<span class="unseen"> au droit {}</span></a>', url, of(record.account))
