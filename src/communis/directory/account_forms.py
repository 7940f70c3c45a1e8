"""The forms of allauth in our words: a label above each field, help where it is needed, nothing written inside the fields."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from procrastinate.contrib.django import app

from communis.directory.letters import FORGOTTEN
from communis.foundation.mail import QUEUE

PASSWORD_HELP = (
    "Au moins 12 caractères, que personne ne devine : ni votre nom, ni votre adresse, ni un mot de passe courant. "
    "Une phrase de quelques mots convient."
)
AGAIN = "Le même, une seconde fois"
CODE_HELP = "Les six chiffres que l’application affiche, ou l’un de vos codes de secours."
SHORT_FIELDS = frozenset({"code"})


class InFrench(forms.BaseForm):
    """Say labels and help in our words, and leave fields empty until one types."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
            if name in SHORT_FIELDS:
                field.widget.attrs |= {"class": "input-short", "inputmode": "numeric"}


class SamePassword(forms.BaseForm):
    """Say where the two passwords differ."""

    def clean(self) -> dict[str, Any]:
        first, again = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and again and first != again:
            self.add_error("password2", "Les deux mots de passe diffèrent : tapez deux fois le même.")
        return self.cleaned_data


class SignInForm(InFrench, account.LoginForm):
    words = {"login": ("Adresse e-mail", ""), "password": ("Mot de passe", "")}


class ConfirmPasswordForm(InFrench, account.ReauthenticateForm):
    words = {"password": ("Mot de passe", "")}


class ChangePasswordForm(InFrench, SamePassword, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Mot de passe actuel", ""),
        "password1": ("Nouveau mot de passe", PASSWORD_HELP),
        "password2": (AGAIN, ""),
    }


class FirstPasswordForm(InFrench, SamePassword, account.SetPasswordForm):
    words = {"password1": ("Mot de passe", PASSWORD_HELP), "password2": (AGAIN, "")}


class AddressForm(forms.Form):
    """Another address to sign in with. Whether somebody else has it is never told."""

    email = forms.EmailField(
        label="Nouvelle adresse e-mail", max_length=254, widget=forms.EmailInput({"autocomplete": "email"}),
        help_text="Un lien y est envoyé : votre adresse ne change qu’une fois ce lien suivi.",
    )  # fmt: skip

    def __init__(self, *args: Any, account: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].casefold()
        if email == self.account.email:
            raise ValidationError("C’est déjà votre adresse : écrivez-en une autre.")
        return email


class ForgottenPasswordForm(InFrench, account.ResetPasswordForm):
    words = {"email": ("Adresse e-mail", "Celle à laquelle vous avez reçu votre invitation.")}

    def save(self, request: HttpRequest, **_: Any) -> str:
        """Leave the work to a job, in all cases: the time of the answer does not tell whether the account exists."""
        app.configure_task(FORGOTTEN, queue=QUEUE).defer(account=self.users[0].pk if self.users else 0)
        return self.cleaned_data["email"]


class NewPasswordForm(InFrench, SamePassword, account.ResetPasswordKeyForm):
    """Also the form of an invitation: it sets the first password of `user`."""

    words = {"password1": ("Nouveau mot de passe", PASSWORD_HELP), "password2": (AGAIN, "")}


class CodeForm(InFrench, second_factor.AuthenticateForm):
    words = {"code": ("Code", CODE_HELP)}


class ConfirmCodeForm(InFrench, second_factor.ReauthenticateForm):
    words = {"code": ("Code", CODE_HELP)}


class AddApplicationForm(InFrench, totp.ActivateTOTPForm):
    words = {"code": ("Code affiché par l’application", "Six chiffres, qui changent toutes les trente secondes.")}

    @property
    def key(self) -> str:
        """The secret as one copies it, in groups of four."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


class AddKeyForm(InFrench, webauthn.AddWebAuthnForm):
    words = {
        "name": ("Nom de la clé", "Pour la reconnaître : « téléphone », « clé bleue du bureau »."),
        "passwordless": (
            "Entrer avec cette clé seule, sans mot de passe",
            "La clé vous demandera alors votre empreinte, votre visage ou un code.",
        ),
    }  # fmt: skip


class NameKeyForm(InFrench, webauthn.EditWebAuthnForm):
    words = {"name": ("Nom de la clé", "Pour la reconnaître : « téléphone », « clé bleue du bureau ».")}
