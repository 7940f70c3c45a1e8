"""The identifiers of the public register, checked by their own rules (ORG-02)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

_INSEE = re.compile(r"(?:[0-9][0-9AB]|9[78])[0-9]{3}")
_LA_POSTE = "356000000"


_DEPARTMENT = re.compile(r"0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-8]|98[46-9]")


class TypedCode(forms.CharField):
    """A code as people copy it: its spaces are set aside."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s.]", "", super().to_python(value) or "").upper()


class CodeField(models.CharField):
    """A code of the public register, typed with or without spaces."""

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **options: Any,
    ) -> forms.Field | None:
        return super().formfield(
            form_class=form_class or TypedCode, choices_form_class=choices_form_class, **{"max_length": 40, **options}
        )

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


def is_luhn(digits: str) -> bool:
    """Tell whether the key of a number is right."""
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_siren(value: str) -> bool:
    return re.fullmatch(r"[0-9]{9}", value) is not None and is_luhn(value)


def is_siret(value: str) -> bool:
    """Tell whether a SIRET is right; those of La Poste have a rule of their own."""
    if not re.fullmatch(r"[0-9]{14}", value):
        return False
    return sum(map(int, value)) % 5 == 0 if value.startswith(_LA_POSTE) else is_luhn(value)


def check_siren(value: str) -> None:
    if not re.fullmatch(r"[0-9]{9}", value):
        raise ValidationError("Un SIREN a neuf chiffres.", code="siren")
    if not is_siren(value):
        raise ValidationError(f"« {value} » n’est pas un SIREN : sa clé est fausse. Relisez les neuf chiffres.", code="siren")


def check_siret(value: str) -> None:
    if not re.fullmatch(r"[0-9]{14}", value):
        raise ValidationError("Un SIRET a quatorze chiffres.", code="siret")
    if not is_siret(value):
        raise ValidationError(f"« {value} » n’est pas un SIRET : sa clé est fausse. Relisez les quatorze chiffres.", code="siret")


def check_insee(value: str) -> None:
    if not _INSEE.fullmatch(value):
        raise ValidationError("Un code Insee de commune a cinq caractères : 35236, 2A004, 97411.", code="insee")
    if not _DEPARTMENT.fullmatch(department_of(value)):
        raise ValidationError(
            f"« {value} » n’est pas un code Insee de commune : il commence par le numéro du département, et il n’y a pas de "
            f"{department_of(value)}. Relisez-le.", code="insee",
        )  # fmt: skip


def check_department(value: str) -> None:
    if not _DEPARTMENT.fullmatch(value):
        raise ValidationError("Un département se dit par son numéro : 35, 2A, 971.", code="department")


def department_of(insee: str) -> str:
    """Return the département that a code Insee says: its first two characters, three overseas."""
    return insee[:3] if insee.startswith(("97", "98")) else insee[:2]
