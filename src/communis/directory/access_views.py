"""The pages of access: who has which right, invitations, the end of rights; and the page where an invitation leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from communis.directory import access, invitations
from communis.directory.access_forms import EndForm, InviteForm
from communis.directory.access_tables import AccessTable, grants_listed
from communis.directory.account_forms import NewPasswordForm
from communis.directory.models import Account, Invitation
from communis.foundation.requests import AccountRequest
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool
from communis.kit.downloads import FORMS, table_file
from communis.kit.formats import counted, of
from communis.kit.lists import EXPORT, exported
from communis.kit.parts import Tab
from communis.kit.refusals import Refusal

ROWS = 50
MOST = 2**63 - 1  # the largest number that the database keeps
VIEWS: dict[str, tuple[str, Callable[[date], Q]]] = {
    "": ("En cours", lambda today: Q(ends_on=None) | Q(ends_on__gte=today)),
    "dormants": ("Dormants", invitations.is_dormant),
    "roles": ("Rôle terminé", invitations.outlives_its_role),
    "termines": ("Terminés", lambda today: Q(ends_on__lt=today)),
}


def access_list(request: AccountRequest) -> HttpResponseBase:
    """List the rights in the pool, in four views; the direction invites and ends from here."""
    today, may_act = timezone.localdate(), access.may_manage_access(request.user)
    chosen = request.GET.get("vue", "")
    if chosen not in VIEWS:
        raise Http404
    grants = grants_listed(request.user)
    counts = grants.order_by().aggregate(**{f"in_{key}": Count("pk", filter=keep(today)) for key, (_, keep) in VIEWS.items()})
    tabs = [Tab(label, f"?vue={key}" if key else "?", counts[f"in_{key}"], key == chosen) for key, (label, _) in VIEWS.items()]
    table = AccessTable(_searched(grants.filter(VIEWS[chosen][1](today)), request), today=today, may_act=may_act)
    table.order_by = request.GET.get("sort", "")
    if (asked := request.GET.get(EXPORT, "")) in FORMS:
        return table_file(asked, "acces", "Accès", *exported(table))
    table.paginate(per_page=ROWS)
    table.page = table.paginator.get_page(request.GET.get("page"))  # a page that does not exist is the nearest one
    context = {
        "table": table, "views": tabs, "view": chosen, "may_act": may_act, "bulk": may_act, "q": request.GET.get("q", ""),
        "invitations": Invitation.objects.visible_to(request.user).pending().select_related("account", "grant__organization"),
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "directory/access.html", context)


def _searched(grants: Any, request: AccountRequest) -> Any:
    words = request.GET.get("q", "").strip()[:100]
    told = Q(account__name__icontains=words) | Q(account__email__icontains=words) | Q(organization__name__icontains=words)
    return grants.filter(told) if words else grants


def invite(request: AccountRequest) -> HttpResponse:
    """Invite somebody."""
    form = InviteForm(request.POST or None, user=request.user, today=timezone.localdate())
    if form.is_valid():
        try:
            grant = invitations.invite(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Le message pour {form.cleaned_data['name']} part à {grant.account.email}.")
            return redirect("access")
    return render(request, "directory/invite.html", {"form": form}, status=422 if form.errors else 200)


def end_rights(request: AccountRequest) -> HttpResponse:
    """Choose the last day of rights, then end them: the rows ticked in the list, or one."""
    keys = [int(key) for key in request.POST.getlist("chosen") or request.GET.getlist("chosen") if key.isdecimal()][:500]
    grants = list(grants_listed(request.user).filter(pk__in=keys))
    if not grants:
        messages.error(request, "Cochez d’abord les droits auxquels mettre fin.")
        return redirect("access")
    form = EndForm(request.POST if "last_day" in request.POST else None, today=timezone.localdate())
    if form.is_valid():
        try:
            ended = invitations.end_grants(grants, last_day=form.cleaned_data["last_day"], now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{counted(len(ended), 'droit')} : la fin est enregistrée, chaque personne est prévenue.")
            return redirect("access")
    return render(request, "directory/end_rights.html", {"form": form, "grants": grants}, status=422 if form.errors else 200)


def _on_invitation(request: AccountRequest, pk: int, act: Callable[..., None], said: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        act(invitation, timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(invitation))
    return redirect("access")


@require_POST
def resend(request: AccountRequest, pk: int) -> HttpResponse:
    """Send the link of an invitation again."""
    return _on_invitation(request, pk, invitations.resend, "Un nouveau lien part pour {} ; l’ancien ne sert plus.")


@require_POST
def withdraw(request: AccountRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    return _on_invitation(request, pk, invitations.withdraw, "L’invitation adressée à {} est retirée, avec son droit.")


@never_cache
def accept_invitation(request: HttpRequest, pool: int, number: int, secret: str) -> HttpResponse:
    """Choose one’s first password, by the link of an invitation, and enter; a link that no longer serves says what to do."""
    with pool_scope(pool if pool <= MOST else 0):  # no pool bears 0
        invitation, now = invitations.found(number, secret), timezone.now()
        context: dict[str, Any] = {"invitation": invitation, "now": now}
        if invitation is None or not invitation.is_open(now) or invitation.account.has_usable_password():
            return render(request, "directory/invitation_over.html", context)
        form = NewPasswordForm(request.POST or None, user=invitation.account)
        if not form.is_valid():
            context |= {"form": form, "service": Pool.objects.get(pk=pool).name}
            return render(request, "directory/accept_invitation.html", context, status=422 if form.errors else 200)
        try:
            account = invitations.accept(invitation, form.cleaned_data["password1"], now)
        except Refusal:
            return render(request, "directory/invitation_over.html", context)
    return _entered(request, account)


def _entered(request: HttpRequest, account: Account) -> HttpResponse:
    """Sign in whoever has just chosen a first password; a second factor is still asked, and nobody takes another’s session."""
    if request.user.is_authenticated:
        messages.success(request, f"Le mot de passe {of(account)} est enregistré. Déconnectez-vous pour entrer avec ce compte.")
        return redirect("/")
    messages.success(request, "Votre mot de passe est enregistré : la prochaine fois, connectez-vous avec lui.")
    signed_in: HttpResponse = perform_password_login(request, {"email": account.email}, Login(user=account, email=account.email))
    return signed_in
