"""The territory: every commune the register knows there, in the service or not, and its legal populations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema

from communis.directory.api.values import CodeOf, InseeCode, Words, coded, or_unknown
from communis.directory.enums import PopulationKind, TokenScope
from communis.directory.names import plain
from communis.directory.territory import communes_of, host_of, latest_year, with_people
from communis.foundation.api.pages import Page, Paging, page_of
from communis.foundation.api.root import Readings

SCOPE = TokenScope.DIRECTORY
room = Readings(tags=["Territoire"])
CodedPopulationKind = Annotated[str, CodeOf(PopulationKind), coded(PopulationKind, "La nature")]


class CommuneRow(Schema, json_schema_extra={"description": "Une commune du territoire."}):
    insee: str = Field(description="Le code Insee.")
    name: str = Field(description="Le nom.")
    siren: Words = or_unknown("Le SIREN")
    department: Words = or_unknown("Le département")
    population: int | None = Field(description="La population totale de l’année demandée ; null si inconnue.", alias="people")
    organization: int | None = Field(description="Le numéro de son organisation dans le service ; null si elle n’y est pas.")


class PopulationRow(Schema, json_schema_extra={"description": "Une population légale."}):
    kind: CodedPopulationKind
    in_force_on: date = Field(description="En vigueur le.")
    value: int = Field(description="Les habitants.")
    source: str = Field(description="La source.")


class CommuneFile(CommuneRow, json_schema_extra={"description": "Une commune du territoire et toutes ses populations légales."}):
    populations: list[PopulationRow] = Field(description="Ses populations légales connues du registre.")


AskedYear = Annotated[
    int | None, Query(ge=1900, le=2199, description="L’année de la population ; par défaut la dernière connue.")
]


def year_of(asked: int | None) -> int:
    return asked or latest_year(host_of()) or timezone.localdate().year


@room.reads("/territory", Page[CommuneRow], scope=SCOPE, summary="Les communes du territoire")
def communes(
    request: HttpRequest,
    paging: Query[Paging],
    q: Annotated[str | None, Query(max_length=200, description="Des mots du nom, sans égard aux accents.")] = None,
    enrolled: Annotated[bool | None, Query(description="Vrai pour celles du service, faux pour les autres.")] = None,
    year: AskedYear = None,
) -> Any:
    rows = with_people(communes_of(host_of()), year_of(year))
    for word in plain(q or "").split()[:8]:
        rows = rows.filter(sort_name__contains=word)
    if enrolled is not None:
        rows = rows.filter(organization__isnull=not enrolled)
    return page_of(rows, paging, key="insee")


@room.reads("/territory/{str:insee}", CommuneFile, scope=SCOPE, summary="Une commune et ses populations légales")
def commune(request: HttpRequest, insee: InseeCode, year: AskedYear = None) -> Any:
    rows = with_people(communes_of(host_of()), year_of(year)).prefetch_related("populations")
    return get_object_or_404(rows, insee=insee)
