"""The e-mails of the directory, in French: their subjects, their texts, and the kinds they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from communis.foundation.mail import Kind, declare, one_line, post, post_to_account
from communis.foundation.outbox import Pace
from communis.kit.formats import french, long_date, moment

INVITATION = Kind("invitation", "invitations", "Une invitation à rejoindre un service, et le lien pour choisir un mot de passe.")
PASSWORD = Kind("password", "mot de passe oublié", "Le lien que vous demandez pour choisir un autre mot de passe.")
ADDRESS = Kind("address", "changement d’adresse", "Le lien qui confirme l’adresse que vous demandez.")
SECURITY = Kind("security", "sécurité du compte", "Un changement d’adresse, de mot de passe ou de second facteur.")
RIGHTS = Kind("rights", "vos droits", "Un droit qui vous est donné ou qui prend fin.")
ACCESS_REVIEW = Kind(
    "access_review", "revue des accès", "Pour la direction : les droits terminés d’office et les comptes dormants.",
    optional=True, pace=Pace.DAILY,
)  # fmt: skip
declare(INVITATION, PASSWORD, ADDRESS, SECURITY, RIGHTS, ACCESS_REVIEW)

FOR_DIRECTORS = (ACCESS_REVIEW,)  # nobody else receives them

FORGOTTEN = "directory.forgotten"  # the job that sends the link of a forgotten password
TAKEN_AWAY = "second_factor_taken_away"
SECURITY_EVENTS = {
    TAKEN_AWAY: ("Second facteur retiré", "le second facteur de votre compte a été retiré sur la machine qui sert communis"),
    "account/email/password_changed": ("Votre mot de passe a changé", "le mot de passe de votre compte a été changé"),
    "account/email/password_set": ("Votre compte a un mot de passe", "un mot de passe a été choisi pour votre compte"),
    "account/email/password_reset": ("Votre mot de passe a changé", "le mot de passe de votre compte a été changé"),
    "mfa/email/totp_activated": ("Application de codes ajoutée", "une application de codes a été ajoutée à votre compte"),
    "mfa/email/totp_deactivated": ("Application de codes retirée", "l’application de codes a été retirée de votre compte"),
    "mfa/email/webauthn_added": ("Clé d’accès ajoutée", "une clé d’accès a été ajoutée à votre compte"),
    "mfa/email/webauthn_removed": ("Clé d’accès retirée", "une clé d’accès a été retirée de votre compte"),
    "mfa/email/recovery_codes_generated": (
        "Nouveaux codes de secours", "de nouveaux codes de secours ont été créés pour votre compte ; les anciens ne servent plus",
    ),
}  # fmt: skip

_PERSONAL_LINK = re.compile(r"https?://\S+/compte/(?:invitation|mot-de-passe/choisir|adresse/confirmer)/\S+")


@dataclass(frozen=True, slots=True)
class Given:
    """A right, as an e-mail tells it."""

    service: str
    role: str
    organization: str = ""

    def __str__(self) -> str:
        return f"{self.role}, {self.organization}" if self.organization else self.role


def address_of(path: str) -> str:
    """Return an address that people type: never made from what a request claims."""
    return settings.ORIGIN + path


def without_links(text: str) -> str:
    """Hide the links that let people in, from whoever did not receive them; not where e-mails are kept only to be read here."""
    return text if settings.COMMUNIS_MAIL_KEPT else _PERSONAL_LINK.sub("[lien personnel, caché]", text)


def hello(account: Any, name: str = "") -> str:
    return f"Bonjour {one_line(name or account.name)},"


def body(*paragraphs: str) -> str:
    return "\n\n".join(french(paragraph) if "://" not in paragraph else paragraph for paragraph in paragraphs)


def invite(account: Any, given: Given, *, name: str, by: str, path: str, until: date) -> None:
    """Invite somebody who has no password yet."""
    post(
        INVITATION.code, account, subject=french(f"Invitation : {given.service}"),
        text=body(
            hello(account, name),
            f"{one_line(by)} vous ouvre l'accès au service « {given.service} », avec ce droit : {given}.",
            "Pour choisir votre mot de passe et entrer, suivez ce lien :",
            address_of(path),
            f"Il sert une seule fois, jusqu'au {long_date(until)}. Ensuite, demandez une nouvelle invitation à {one_line(by)}.",
            "Si vous n'attendiez pas ce message, n'en faites rien : sans ce lien, personne n'entre à votre place.",
        ),
    )  # fmt: skip


def welcome(account: Any, given: Given, *, by: str) -> None:
    """Tell somebody who signs in already that a right was given."""
    post(
        RIGHTS.code, account, subject=french(f"Vous avez accès à « {given.service} »"),
        text=body(
            hello(account),
            f"{one_line(by)} vous ouvre l'accès au service « {given.service} », avec ce droit : {given}.",
            "Connectez-vous comme d'habitude, puis choisissez ce service :",
            address_of("/services/"),
        ),
    )  # fmt: skip


def farewell(account: Any, given: Given, *, last_day: date) -> None:
    """Tell somebody that a right ends."""
    post(
        RIGHTS.code, account, subject=french(f"Fin de votre accès à « {given.service} »"),
        text=body(
            hello(account),
            f"Votre droit « {given} » au service « {given.service} » prend fin le {long_date(last_day)}.",
            "Si c'est une erreur, dites-le à la direction du service.",
        ),
    )  # fmt: skip


def forgotten(account: Any, *, path: str) -> None:
    """Send the link that lets one choose another password."""
    post_to_account(
        PASSWORD.code, account, subject="Choisir un autre mot de passe",
        text=body(
            hello(account),
            "Vous avez demandé à choisir un autre mot de passe pour votre compte. Suivez ce lien :",
            address_of(path),
            "Il sert une seule fois, pendant 24 heures.",
            "Si vous n'avez rien demandé, n'en faites rien : votre mot de passe ne change pas.",
        ),
    )  # fmt: skip


def confirm_address(account: Any, *, address: str, path: str) -> None:
    """Send, to the address that somebody wants, the link that proves it is theirs."""
    post_to_account(
        ADDRESS.code, account, address=address, subject="Confirmer votre nouvelle adresse",
        text=body(
            hello(account),
            "Vous avez demandé que votre compte utilise cette adresse pour vous connecter et vous écrire. Suivez ce lien :",
            address_of(path),
            "Il sert une seule fois, pendant 24 heures. Jusque-là, votre ancienne adresse reste la bonne.",
            "Si vous n'avez rien demandé, n'en faites rien : aucun compte ne prend votre adresse.",
        ),
    )  # fmt: skip


def address_taken(owner: Any) -> None:
    """Tell whoever signs in with an address that somebody else asked for it: the one who asked is told nothing."""
    post_to_account(
        ADDRESS.code, owner, subject="Votre adresse a été demandée pour un autre compte",
        text=body(
            hello(owner),
            "Quelqu'un a demandé que son compte utilise votre adresse. Rien ne change : une adresse ne sert qu'à un compte.",
            "Si c'est vous, connectez-vous avec cette adresse, ou choisissez un autre mot de passe :",
            address_of("/compte/mot-de-passe/oublie/"),
        ),
    )  # fmt: skip


def address_changed(account: Any, *, former: str, at: datetime) -> None:
    """Tell the former address that it no longer opens the account, and what to do if it was somebody else."""
    post_to_account(
        SECURITY.code, account, address=former, subject="L’adresse de votre compte a changé",
        text=body(
            hello(account),
            f"Le {moment(at)}, l'adresse de votre compte a été changée : celle-ci ne sert plus à vous connecter.",
            "Si ce n'est pas vous, prévenez tout de suite la direction de votre service : elle peut fermer l'accès.",
        ),
    )  # fmt: skip


def changed(account: Any, event: str, *, at: datetime) -> None:
    """Tell somebody that the account’s security changed, with what to do if it was someone else."""
    subject, what = SECURITY_EVENTS[event]
    post_to_account(
        SECURITY.code, account, subject=french(subject),
        text=body(
            hello(account),
            f"Le {moment(at)}, {what}.",
            "Si ce n'est pas vous, choisissez tout de suite un autre mot de passe, puis prévenez la direction de votre service :",
            address_of("/compte/mot-de-passe/oublie/"),
        ),
    )  # fmt: skip


def review(account: Any, *, ended: list[str], dormant: list[str]) -> None:
    """Tell whoever keeps the directory which rights ended by themselves and which accounts sleep."""
    parts = []
    if ended:
        parts.append("Droits terminés parce que le rôle a pris fin :\n" + "\n".join(f"- {line}" for line in ended))
    if dormant:
        parts.append("Comptes sans connexion depuis plus de six mois :\n" + "\n".join(f"- {line}" for line in dormant))
    post(
        ACCESS_REVIEW.code, account, subject="Revue des accès",
        text=body(*parts, "Voir tous les accès :", address_of("/acces/")),
    )  # fmt: skip
