"""The tokens of programs: one’s own, made and shown once, revoked; and those of everybody, for the direction."""

from __future__ import annotations

from datetime import date, datetime
from functools import wraps
from typing import Any

import django_tables2 as tables
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from communis.directory import access, tokens
from communis.directory.enums import TokenScope
from communis.directory.forms import RevokeForm, TokenForm
from communis.directory.models import ApiToken
from communis.directory.views.records import history_address
from communis.foundation.doors import View
from communis.foundation.requests import AccountRequest
from communis.kit import formats
from communis.kit.editing import add_problem, form_page
from communis.kit.filters import superior
from communis.kit.formats import of
from communis.kit.lists import listing
from communis.kit.parts import Link
from communis.kit.refusals import Refusal
from communis.kit.tables import BadgeColumn, DayColumn, Table, TextColumn

LIVE, EXPIRED, REVOKED = "valable", "expiré", "révoqué"
TONES = {LIVE: "success", EXPIRED: "neutral", REVOKED: "warning"}
OWN = Link("Jetons d’API", "/jetons/")


class TokenTable(Table):
    """One row a token."""

    caption = "Les jetons"
    looks = "table-list table-fold"
    empty_text = "Aucun jeton. Un jeton laisse un programme lire le service à votre place, avec vos droits."

    name = TextColumn("Jeton", linkify=lambda record: record.past)
    prefix = TextColumn("Début", orderable=False)
    account = TextColumn("Compte", order_by=("account__name", "pk"))
    scopes = tables.Column("Peut lire", accessor="scope_words", orderable=False)
    expires_on = DayColumn("Valable jusqu’au")
    last_used_at = TextColumn("Dernière utilisation", default="jamais")
    state = BadgeColumn(verbose_name="État", tones=TONES, empty_values=(), orderable=False)
    action = tables.Column("Action", empty_values=(), orderable=False, exclude_from_export=True)

    def render_scopes(self, value: list[str]) -> str:
        return " ; ".join(value)

    value_scopes = render_scopes

    def render_prefix(self, value: str) -> str:
        return f"{value}…"

    def render_last_used_at(self, value: Any) -> str:
        return superior(formats.moment(timezone.localtime(value)))

    def value_last_used_at(self, value: datetime) -> date:
        return timezone.localdate(value)

    def render_action(self, record: ApiToken) -> str:
        if record.state != LIVE:
            return ""
        return format_html('<a href="{}">Révoquer<span class="unseen"> {}</span></a>',
                           reverse("token-revoke", args=[record.pk]), record)  # fmt: skip


def with_state(rows: list[ApiToken], user: Any) -> list[ApiToken]:
    """Add to tokens the words of their table, and their history for the host’s staff."""
    today = timezone.localdate()
    for row in rows:
        row.past = history_address(row) if user.is_staff_of_host else None
        row.state = REVOKED if row.revoked_at else LIVE if row.is_live(today) else EXPIRED
    return rows


def mine(request: AccountRequest) -> HttpResponseBase:
    """Show one’s own tokens for the service."""
    rows = ApiToken.objects.visible_to(request.user).filter(account_id=request.user.pk).select_related("account")
    context = {"sees_all": access.may_manage_access(request.user)}
    found = with_state(list(rows), request.user)
    return listing(
        request, found, TokenTable, template="directory/tokens.html", name="jetons", context=context, exclude=("account",)
    )


def everybody(request: AccountRequest) -> HttpResponseBase:
    """Show the tokens of all accounts of the service."""
    rows = ApiToken.objects.visible_to(request.user).select_related("account")
    found, context = with_state(list(rows), request.user), {"places": [OWN]}
    return listing(request, found, TokenTable, template="directory/tokens_of_all.html", name="jetons du service", context=context)


def recently_signed_in(view: View) -> View:
    """Ask for the password again, or the second factor, when one signed in some minutes ago: a token outlives the session."""

    @wraps(view)
    def confirmed(request: AccountRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return confirmed


@recently_signed_in
def make(request: AccountRequest) -> HttpResponse:
    """Make a token, and show it this one time."""
    today = timezone.localdate()
    asked = [one for one in request.GET.getlist("portee") if one in TokenScope.values]
    form = TokenForm(request.POST or None, today=today, initial={"scopes": asked})
    if request.method == "POST" and form.is_valid():
        token = form.token()
        try:
            with transaction.atomic():
                secret = tokens.make_token(token, account=request.user, today=today)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as wrong:
            add_problem(form, wrong)
        else:
            response = render(request, "directory/token_made.html", made_context(token, secret))
            response["Cache-Control"] = "no-store"
            return response
    context = {"form": form, "submit": "Créer ce jeton", "cancel": OWN.url, "places": [OWN]}
    return render(request, "directory/token_new.html", context, status=422 if form.errors else 200)


def made_context(token: ApiToken, secret: str) -> dict[str, Any]:
    """Return what is shown once: the token, or the address that a diary subscribes to."""
    diary = reverse("calendar-subscription", args=[secret]) if TokenScope.CALENDAR in token.scopes else ""
    return {"token": token, "secret": secret, "places": [OWN], "diary": f"{settings.ORIGIN}{diary}" if diary else ""}


def revoke(request: AccountRequest, pk: int) -> HttpResponse:
    """Ask, then revoke a token; it cannot be undone."""
    found = get_object_or_404(ApiToken.objects.visible_to(request.user).select_related("account"), pk=pk)
    own = found.account_id == request.user.pk
    form = RevokeForm(request.POST if request.method == "POST" else None)
    return form_page(
        request, form, lambda: tokens.revoke_token(found, by=str(request.user), at=timezone.now()),
        title=f"Révoquer « {found} »", done=f"Le jeton « {found} » est révoqué.",
        back=OWN.url if own else reverse("tokens-of-all"), submit="Révoquer ce jeton", places=[OWN],
        sentence=f"Le programme qui s’en sert au nom {of(found.account)} ne lira plus rien dès sa prochaine requête. "
        "Un jeton révoqué ne se remet pas : il faudra en créer un autre.",
    )  # fmt: skip
