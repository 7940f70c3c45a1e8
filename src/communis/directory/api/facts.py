"""Facts: what is known of organizations at dates, and the kinds of facts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Schema
from pydantic import BeforeValidator

from communis.directory.api.values import (
    AskedNumber,
    CodeOf,
    Named,
    Number,
    RowNumber,
    Words,
    asked,
    coded,
    coded_or_null,
    decimal_text,
    or_null,
    or_unknown,
)
from communis.directory.enums import FactShape, PopulationKind, TokenScope
from communis.directory.models import Fact, FactType
from communis.directory.models.facts import FactQuerySet
from communis.foundation.api.pages import Page, Paging, page_of
from communis.foundation.api.root import Readings
from communis.foundation.requests import AccountRequest

SCOPE = TokenScope.FACTS
room = Readings(tags=["Faits"])
AskedPopulationKind = Annotated[Annotated[str, CodeOf(PopulationKind)] | None, asked(PopulationKind, "La nature")]
CodedFactShape = Annotated[str, CodeOf(FactShape), coded(FactShape, "Ce qu’est la valeur")]
CodedOrNullPopulationKind = Annotated[
    Annotated[str, CodeOf(PopulationKind)] | None, BeforeValidator(or_null), coded_or_null(PopulationKind, "La nature")
]


class FactTypeRow(Schema, json_schema_extra={"description": "Un type de fait."}):
    id: Number
    code: str = Field(description="Son nom dans les conventions.")
    label: str = Field(description="Son libellé.")
    shape: CodedFactShape
    unit: Words = or_unknown("L’unité")
    has_kinds: bool = Field(description="Vrai si le fait a une nature : population totale, municipale…")


class FactRow(
    Schema,
    json_schema_extra={"description": "Un fait : une valeur à une date, avec sa source et son auteur. Il ne change jamais."},
):
    id: Number
    organization: Named | None = Field(
        description="L’organisation ; null pour un fait du service ou d’une commune qui n’y est pas."
    )
    commune: Words = or_unknown("Le code Insee de la commune du territoire, hors du service, dont c’est un fait", alias="insee")
    type: str = Field(description="Le nom du type dans les conventions.", alias="type.code")
    kind: CodedOrNullPopulationKind
    number: Annotated[str | None, Field(description="La valeur, en décimal exact, comme texte ; null si elle est en mots.")]
    text: Words = or_unknown("La valeur en mots")
    unit: Words = or_unknown("L’unité", alias="type.unit")
    valid_on: date = Field(description="À la date du.")
    until: date | None = Field(description="Jusqu’au.")
    published_on: date | None = Field(description="Publié le.")
    source: str = Field(description="La source.")
    entered_by: str = Field(description="Saisi par.")
    entered_at: datetime = Field(description="Saisi le.")
    is_made_up: bool = Field(description="Vrai pour une donnée fictive de démonstration.")
    replaces: int | None = Field(description="Le numéro du fait qu’il corrige.", alias="replaces_id")
    is_withdrawal: bool = Field(description="Vrai s’il retire le fait qu’il remplace.")
    reason: Words = or_unknown("Le motif de la correction")
    replaced_by: int | None = Field(description="Le numéro du fait qui l’a corrigé ; null s’il tient.")

    @staticmethod
    def resolve_number(fact: Fact) -> str | None:
        return decimal_text(fact.number)

    @staticmethod
    def resolve_replaced_by(fact: Fact) -> int | None:
        return fact.replaced_by.pk if hasattr(fact, "replaced_by") else None


def facts_of(request: AccountRequest) -> FactQuerySet:
    return Fact.objects.visible_to(request.user).select_related("organization", "type", "replaced_by")


@room.reads("/fact-types", Page[FactTypeRow], scope=SCOPE, summary="Les types de faits")
def fact_types(request: AccountRequest, paging: Query[Paging]) -> Any:
    return page_of(FactType.objects.visible_to(request.user), paging)


@room.reads("/facts", Page[FactRow], scope=SCOPE, summary="Les faits qui tiennent",
            told="Ni corrigés ni retirés, sauf « all ». Le service lit tous les faits, un membre les siens.")  # fmt: skip
def facts(
    request: AccountRequest,
    paging: Query[Paging],
    organization: AskedNumber = None,
    type: Annotated[str | None, Query(min_length=1, max_length=100, description="Le nom d’un type dans les conventions.")] = None,
    kind: AskedPopulationKind = None,
    on: Annotated[date | None, Query(description="Seulement ceux qui valent ce jour-là.")] = None,
    year: Annotated[int | None, Query(ge=1900, le=2199, description="Seulement ceux à une date de cette année.")] = None,
    all: Annotated[bool, Query(description="Vrai pour lire aussi ceux qui ont été corrigés ou retirés.")] = False,
) -> Any:
    rows = facts_of(request) if all else facts_of(request).current()
    asked_for = {"organization_id": organization, "type__code": type, "kind": kind, "valid_on__year": year}
    rows = rows.filter(**{name: value for name, value in asked_for.items() if value is not None})
    return page_of(rows if on is None else rows.known_on(on), paging)


@room.reads("/facts/{int:id}", FactRow, scope=SCOPE, summary="Un fait, même corrigé")
def fact(request: AccountRequest, id: RowNumber) -> Any:
    return get_object_or_404(facts_of(request), pk=id)
