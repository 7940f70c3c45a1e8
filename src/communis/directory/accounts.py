"""How people prove who they are: what we ask of allauth, in French, with our own e-mails and secrets kept sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from communis.directory import letters
from communis.directory.access import second_factors_of, step_up_roles_of
from communis.directory.passwords import check_password
from communis.foundation.sealing import sealed, unsealed

TOO_MANY = "Trop d’essais manqués. Attendez cinq minutes, puis recommencez."
WRONG_CODE = "Ce code ne convient pas. Tapez celui que l’application affiche maintenant, ou un code de secours encore inutilisé."


class UnwrittenLetter(LookupError):
    """An e-mail that the library of accounts would send and that has no French text of ours: a bug, never a message."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in and passwords. Accounts are made by an invitation of a service, never by oneself."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est fermé.",
        "email_password_mismatch": "L’adresse ou le mot de passe ne convient pas.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_password_reset": "Ce lien ne sert plus.",
        "rate_limited": "Trop d’essais en peu de temps. Attendez une minute, puis recommencez.",
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_password(self, password: str, user: Any = None) -> str:
        check_password(password, user)
        return password

    def is_safe_url(self, url: str | None) -> bool:
        """Follow only paths of this site: whatever names a host, even ours, is not followed."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> Any:
        """Count a sign-in as a proof of who one is: it is not asked again within the minutes that follow."""
        records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
        if records:
            last = {**records[-1], "reauthenticated": True}
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [*records[:-1], last]
        return super().post_login(request, user, **options)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("my-account")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        letters.changed(user, template_prefix, at=timezone.now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse any e-mail of allauth that has no text of ours: none leaves in English."""
        raise UnwrittenLetter(template_prefix)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": "Avec mon mot de passe", "mfa_reauthenticate": "Avec un code de l’application ou de secours",
            "mfa_reauthenticate:webauthn": "Avec une clé d’accès",
        }  # fmt: skip
        return [{**method, "description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]


class MFAAdapter(DefaultMFAAdapter):
    """The second factor: an application of codes, passkeys, and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Votre droit exige un second facteur : ajoutez-en un autre avant de retirer celui-ci.",
        "cannot_generate_recovery_codes": "Les codes de secours viennent avec un second facteur : ajoutez-en un d’abord.",
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text)

    def get_totp_issuer(self) -> str:
        return f"communis ({self._host()})"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": self._host(), "name": "communis"}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return "Ma clé d’accès" if not count else f"Ma clé d’accès n° {count + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor of whoever must have one."""
        others = [factor for factor in second_factors_of(authenticator.user) if factor.pk != authenticator.pk]
        return bool(others) or not step_up_roles_of(authenticator.user)

    def must_keep(self, authenticator: Authenticator) -> None:
        """Raise what a form shows when a second factor may not be removed."""
        if not self.can_delete_authenticator(authenticator):
            raise ValidationError(self.error_messages["cannot_delete_authenticator"], code="cannot_delete_authenticator")

    def _host(self) -> str:
        return settings.ORIGIN.partition("://")[2].partition(":")[0]
