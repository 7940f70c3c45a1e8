"""The routes of identity: signing in, one’s own account, who has access. A route of allauth not named here does not exist."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern

from communis.directory import access, access_views, account_views
from communis.foundation.doors import ACCOUNT, EVERYONE, route


def signed_out(pattern: str, view: Any, name: str) -> URLPattern:
    return route(f"compte/{pattern}", view, name, open_to=EVERYONE)


def signed_in(pattern: str, view: Any, name: str) -> URLPattern:
    return route(f"compte/{pattern}", view, name, open_to=ACCOUNT)


SIGNED_OUT = [
    signed_out("connexion/", account.login, "account_login"),
    signed_out("connexion/second-facteur/", second_factor.authenticate, "mfa_authenticate"),
    signed_out("connexion/cle/", keys.login_webauthn, "mfa_login_webauthn"),
    signed_out("deconnexion/", account.logout, "account_logout"),
    signed_out("ferme/", account.account_inactive, "account_inactive"),
    signed_out("sans-acces/", account_views.no_access, "no-access"),
    signed_out("mot-de-passe/oublie/", account.password_reset, "account_reset_password"),
    signed_out("mot-de-passe/envoye/", account.password_reset_done, "account_reset_password_done"),
    signed_out(
        "mot-de-passe/choisir/<str:uidb36>/<str:key>/",
        account.PasswordResetFromKeyView.as_view(reset_url_key="nouveau"),
        "account_reset_password_from_key",
    ),
    signed_out("mot-de-passe/choisi/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    signed_out("adresse/confirmer/<str:token>/", account_views.confirm_address, "confirm-address"),
    signed_out("invitation/<int:pool>/<int:number>/<str:secret>/", access_views.accept_invitation, "accept-invitation"),
]
SIGNED_IN = [
    signed_in("", account_views.my_account, "my-account"),
    signed_in("connexions/fermer/", account_views.end_other_sessions, "end-other-sessions"),
    signed_in("notifications/", account_views.notifications, "notifications"),
    signed_in("courriels/", account_views.my_mails, "my-mails"),
    signed_in("courriels/<int:pk>/", account_views.my_mail, "my-mail"),
    signed_in("mot-de-passe/", account.password_change, "account_change_password"),
    signed_in("mot-de-passe/premier/", account_views.first_password, "account_set_password"),
    signed_in("adresse/", account_views.change_address, "change-address"),
    signed_in("confirmer/", account.reauthenticate, "account_reauthenticate"),
    signed_in("confirmer/code/", second_factor.reauthenticate, "mfa_reauthenticate"),
    signed_in("confirmer/cle/", keys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    signed_in("second-facteur/", account_views.second_factor, "mfa_index"),
    signed_in("second-facteur/requis/", account_views.second_factor, "second-factor"),
    signed_in("second-facteur/application/", totp.activate_totp, "mfa_activate_totp"),
    signed_in("second-facteur/application/retirer/", totp.deactivate_totp, "mfa_deactivate_totp"),
    signed_in("second-facteur/codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    signed_in("second-facteur/codes/autres/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    signed_in("second-facteur/codes/fichier/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    signed_in("second-facteur/cles/", keys.list_webauthn, "mfa_list_webauthn"),
    signed_in("second-facteur/cles/ajouter/", keys.add_webauthn, "mfa_add_webauthn"),
    signed_in("second-facteur/cles/<int:pk>/nom/", keys.edit_webauthn, "mfa_edit_webauthn"),
    signed_in("second-facteur/cles/<int:pk>/retirer/", account_views.RemoveKeyView.as_view(), "mfa_remove_webauthn"),
]
OF_THE_POOL = [
    route("acces/", access_views.access_list, "access", may=access.may_see_access),
    route("acces/inviter/", access_views.invite, "invite", may=access.may_manage_access),
    route("acces/fin/", access_views.end_rights, "end-rights", may=access.may_manage_access),
    route("acces/invitations/<int:pk>/renvoyer/", access_views.resend, "resend-invitation", may=access.may_manage_access),
    route("acces/invitations/<int:pk>/retirer/", access_views.withdraw, "withdraw-invitation", may=access.may_manage_access),
    route("courriels/", account_views.mails_of_pool, "mails", may=access.may_read_mail_of_pool),
    route("courriels/<int:pk>/", account_views.mail_of_pool, "mail", may=access.may_read_mail_of_pool),
]
urlpatterns = [*SIGNED_OUT, *SIGNED_IN, *OF_THE_POOL]
