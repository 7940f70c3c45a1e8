"""How values are told to programs: codes with their meaning, exact numbers as text, what is not known as null."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import TextChoices
from ninja import Field, Path, Query, Schema
from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from communis.foundation.api.pages import BIGGEST


def or_null(value: Any) -> Any:
    return None if value == "" else value


def decimal_text(value: Any) -> str | None:
    """Write a number exactly, in full: « 2400 », « 0.6 »."""
    if value is None:
        return None
    number = Decimal(value)
    whole = number.to_integral_value()
    return format(whole if whole == number else number.normalize(), "f")


def meanings(choices: type[TextChoices]) -> str:
    """Write each code of a closed list with its meaning."""
    return " ; ".join(f"`{code}` {label}" for code, label in choices.choices)


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Beside `str` in an `Annotated`, makes of a text one of the codes of a closed list."""

    choices: type[TextChoices]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler.generate_schema(Literal[tuple(self.choices.values)])


def coded(choices: type[TextChoices], told: str) -> Any:
    """Describe a field that holds a code of a closed list."""
    return Field(description=f"{told} : {meanings(choices)}.")


def coded_or_null(choices: type[TextChoices], told: str) -> Any:
    """Describe a field that holds a code of a closed list, or nothing."""
    return Field(description=f"{told}, ou null : {meanings(choices)}.")


def asked(choices: type[TextChoices], told: str) -> Any:
    """Describe a filter by a code of a closed list."""
    return Query(description=f"{told} : {meanings(choices)}.")


Words = Annotated[str | None, BeforeValidator(or_null)]
Exact = Annotated[str, BeforeValidator(decimal_text)]
Number = Annotated[int, Field(description="Le numéro de la fiche, le même que dans l’adresse de sa page.")]
RowNumber = Annotated[int, Path(description="Le numéro de la fiche, le même que dans l’adresse de sa page.")]
InseeCode = Annotated[str, Path(description="Le code Insee de la commune.")]
AskedNumber = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Le numéro d’une organisation.")]


def or_unknown(told: str, **options: Any) -> Any:
    """Describe words that may be unknown."""
    return Field(description=f"{told} ; null si inconnu.", **options)


class Named(Schema, json_schema_extra={"description": "Une fiche, par son numéro et son nom."}):
    id: int = Field(description="Le numéro de la fiche.")
    name: str = Field(description="Son nom.")
