"""What a password may be, refused in one sentence that gives every reason at once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

REASONS = {
    "password_too_short": "il a moins de 12 caractères",
    "password_too_common": "il est trop courant",
    "password_too_similar": "il ressemble trop à votre nom ou à votre adresse",
    "password_entirely_numeric": "il n’est fait que de chiffres",
}  # in the order in which they are said


def check_password(password: str, account: Any) -> None:
    """Refuse a password that one guesses, or that is too short."""
    try:
        validate_password(password, account)
    except ValidationError as problem:
        found = {error.code for error in problem.error_list}
        *first, last = [reason for code, reason in REASONS.items() if code in found]
        reasons = f"{', '.join(first)} et {last}" if first else last
        raise ValidationError(f"Ce mot de passe ne convient pas : {reasons}.", code="weak_password") from None
