"""The identifiers of the public register, checked by their own rules (ORG-02)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

_INSEE = re.compile(r"(?:[0-9][0-9AB]|9[78])[0-9]{3}")
_LA_POSTE = "356000000"


def is_luhn(digits: str) -> bool:
    """Tell whether the key of a number is right."""
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def check_siren(value: str) -> None:
    if not re.fullmatch(r"[0-9]{9}", value):
        raise ValidationError("Un SIREN a neuf chiffres.", code="siren")
    if not is_luhn(value):
        raise ValidationError(f"« {value} » n’est pas un SIREN : sa clé est fausse. Relisez les neuf chiffres.", code="siren")


def check_siret(value: str) -> None:
    if not re.fullmatch(r"[0-9]{14}", value):
        raise ValidationError("Un SIRET a quatorze chiffres.", code="siret")
    right = sum(map(int, value)) % 5 == 0 if value.startswith(_LA_POSTE) else is_luhn(value)
    if not right:
        raise ValidationError(f"« {value} » n’est pas un SIRET : sa clé est fausse. Relisez les quatorze chiffres.", code="siret")


def check_insee(value: str) -> None:
    if not _INSEE.fullmatch(value):
        raise ValidationError("Un code Insee de commune a cinq caractères : 35236, 2A004, 97411.", code="insee")
