"""The pages of one’s own account: who one is here, what protects it, what one receives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from communis.directory import access, addresses, letters, sessions
from communis.directory.account_forms import AddressForm
from communis.directory.mail_forms import PreferencesForm
from communis.directory.models import Account, Grant
from communis.foundation.doors import View
from communis.foundation.outbox import Mail
from communis.foundation.requests import AccountRequest
from communis.kit.downloads import FORMS, table_file
from communis.kit.formats import counted, period
from communis.kit.lists import EXPORT
from communis.kit.parts import Line
from communis.kit.refusals import Refusal

MAILS_A_PAGE = 50

# What is only for whoever has just proved who it is; the library says no types.
confirmed: Callable[[View], View] = reauthentication_required
confirmed_if_possible: Callable[[View], View] = reauthentication_required(
    enabled=lambda request: bool(get_account_adapter().get_reauthentication_methods(request.user))
)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """What protects an account beside its password."""

    application: Authenticator | None
    keys: Sequence[Authenticator]
    codes: int

    def __bool__(self) -> bool:
        return bool(self.application or self.keys)

    def __str__(self) -> str:
        parts = ["application de codes"] if self.application else []
        if self.keys:
            parts.append(counted(len(self.keys), "clé d’accès", "clés d’accès"))
        return " et ".join(parts) if parts else "aucun"


def second_factor_of(account: Account) -> SecondFactor:
    """Return the second factor of an account, with the number of recovery codes left."""
    found = list(Authenticator.objects.filter(user=account).order_by("created_at", "pk"))
    by_type = {kind: [a for a in found if a.type == kind] for kind in Authenticator.Type}
    codes = by_type[Authenticator.Type.RECOVERY_CODES]
    return SecondFactor(
        application=next(iter(by_type[Authenticator.Type.TOTP]), None), keys=by_type[Authenticator.Type.WEBAUTHN],
        codes=len(codes[0].wrap().get_unused_codes()) if codes else 0,
    )  # fmt: skip


def told(grant: Grant) -> Line:
    """Write a right and its period."""
    name = grant.get_role_display()
    return Line(f"{name}, {grant.organization}" if grant.organization_id else name, period(grant.starts_on, grant.ends_on))


def my_account(request: AccountRequest) -> HttpResponse:
    """Show who one is, one’s rights in each pool, and what protects the account."""
    account, today = request.user, timezone.localdate()
    pools = access.names_of(access.pools_of(account))
    key = request.session.session_key
    context = {
        "identity": [("Nom", account.name), ("Adresse e-mail", account.email)],
        "rights": [(pool.name, [told(grant) for grant in access.grants_in(account, pool.pk, today)]) for pool in pools],
        "factor": second_factor_of(account),
        "sessions": [
            (s.created_at, sessions.told_browser(s.user_agent), s.ip, s.session_key == key)
            for s in sessions.open_sessions(account, timezone.now())
        ],
    }
    return render(request, "directory/my_account.html", context)


@require_POST
def end_other_sessions(request: AccountRequest) -> HttpResponse:
    """End the sessions opened elsewhere, this one excepted."""
    count = sessions.end_sessions(request.user, but=request.session.session_key)
    messages.success(
        request, f"{counted(count, 'autre connexion fermée')}." if count else "Aucune autre connexion n’était ouverte."
    )
    return redirect("my-account")


@confirmed_if_possible
def first_password(request: AccountRequest) -> HttpResponse:
    """Choose a password when the account has none: it enters with a passkey alone."""
    return password_set(request)


@confirmed
def change_address(request: AccountRequest) -> HttpResponse:
    """Ask for another e-mail address; the answer is the same whether somebody else has it."""
    form = AddressForm(request.POST or None, account=request.user)
    if form.is_valid():
        too_many = ratelimit.consume_or_429(request, action="manage_email", user=request.user)
        if too_many:
            return too_many
        addresses.ask(request.user, form.cleaned_data["email"])
        context = {"address": form.cleaned_data["email"]}
        return render(request, "directory/address_sent.html", context)
    return render(request, "directory/address.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then give the account the address that the link was sent to: a mailbox that opens links confirms nothing."""
    context: dict[str, Any] = {}
    try:
        if request.method == "POST":
            context |= {"done": True, "address": addresses.confirm(token, at=timezone.now()).email}
        else:
            context["address"] = addresses.asked_by(token)[1]
    except Refusal as refusal:
        context["refusal"] = str(refusal)
    return render(request, "directory/confirm_address.html", context, status=422 if "refusal" in context else 200)


def second_factor(request: AccountRequest) -> HttpResponse:
    """Show the second factor; when a right requires one that is missing, say which and offer how."""
    roles = [role.label for role in access.step_up_roles_of(request.user)]
    context = {"factor": second_factor_of(request.user), "roles": roles}
    return render(request, "directory/second_factor.html", context)


class RemoveKeyView(RemoveWebAuthnView):
    """Remove a passkey, unless it is the last second factor of somebody who must have one."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            get_adapter().must_keep(self.object)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.form_invalid(form)
        return super().form_valid(form)


def no_access(request: HttpRequest) -> HttpResponse:
    """Say that the account opens no service today, and what to do."""
    return render(request, "directory/no_access.html")


# ------------------------------------------------------------ e-mails


def notifications(request: AccountRequest) -> HttpResponse:
    """Choose how often to receive each kind of e-mail."""
    form = PreferencesForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("notifications")
    return render(
        request, "directory/notifications.html", {"form": form, "always": form.always}, status=422 if form.errors else 200
    )


def my_mails(request: AccountRequest) -> HttpResponse:
    """List the e-mails one was sent, whatever the pool; not what went to an address that is not yet proved to be one’s own."""
    mails = Mail.objects.of_account(request.user)
    shown = mails if settings.COMMUNIS_MAIL_KEPT else mails.exclude(kind=letters.ADDRESS.code)
    return _mails(request, shown, "directory/my_mails.html")


def my_mail(request: AccountRequest, pk: int) -> HttpResponse:
    """Read an e-mail one was sent."""
    mail = Mail.objects.of_account(request.user).filter(pk=pk).first()
    if mail is None or (mail.kind == letters.ADDRESS.code and not settings.COMMUNIS_MAIL_KEPT):
        raise Http404
    return render(request, "directory/mail.html", {"mail": mail, "text": mail.text, "list_url": "my-mails"})


def _mails(request: AccountRequest, mails: Any, template: str) -> HttpResponse:
    page = Paginator(mails, MAILS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, template, {"page": page})


def mails_of_pool(request: AccountRequest) -> HttpResponseBase:
    """List what the service sent, or give the list in a file: to whom, when, what became of it, and not the text."""
    rows = Mail.objects.unscoped().select_related("account")
    if (asked := request.GET.get(EXPORT, "")) in FORMS:
        lines = ([local(m.created_at), str(m.account), m.subject, m.get_state_display(), local(m.sent_at)] for m in rows)
        return table_file(asked, "courriels", "Courriels", ["Préparé le", "Pour", "Objet", "État", "Envoyé le"], lines)
    return _mails(request, rows, "directory/mails_of_pool.html")


def local(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def mail_of_pool(request: AccountRequest, pk: int) -> HttpResponse:
    """Read what the service sent; a link that lets somebody else in is hidden, unless e-mails are only kept on this machine."""
    mail = get_object_or_404(Mail.objects.unscoped().select_related("account"), pk=pk)
    text = mail.text if mail.account_id == request.user.pk else letters.without_links(mail.text)
    return render(request, "directory/mail.html", {"mail": mail, "text": text, "list_url": "mails"})
