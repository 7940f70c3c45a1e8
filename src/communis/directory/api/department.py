"""The pooled department: units, posts and their time; who is on them, for those who read the files of the staff."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Query, Schema

from communis.directory import access
from communis.directory.api.people import OnDay, Whom
from communis.directory.api.values import CodeOf, Exact, Number, Words, coded, or_unknown
from communis.directory.enums import PostOrigin, PostStatus, TokenScope
from communis.directory.models import Occupation, Post, Unit, WorkShare
from communis.foundation.api.pages import BIGGEST, Page, Paging, page_of
from communis.foundation.api.root import Readings
from communis.foundation.requests import AccountRequest

SCOPE = TokenScope.DEPARTMENT
room = Readings(tags=["Le service"])
CodedPostOrigin = Annotated[str, CodeOf(PostOrigin), coded(PostOrigin, "L’origine")]
CodedPostStatus = Annotated[str, CodeOf(PostStatus), coded(PostStatus, "Le statut")]


class UnitRow(Schema, json_schema_extra={"description": "Un pôle du service."}):
    id: Number
    name: str = Field(description="Le nom.")
    parent: int | None = Field(description="Le numéro du pôle dont il dépend.", alias="parent_id")
    missions: Words = or_unknown("Les missions")
    rank: int = Field(description="L’ordre dans l’organigramme.")


class PostRow(Schema, json_schema_extra={"description": "Un poste du service, occupé ou vacant."}):
    id: Number
    unit: int = Field(description="Le numéro de son pôle.", alias="unit_id")
    title: str = Field(description="L’intitulé.")
    missions: Words = or_unknown("Les missions")
    quotity: Exact = Field(description="La quotité, en ETP, en décimal exact, comme texte.")
    starts_on: date = Field(description="Ouvert le.")
    ends_on: date | None = Field(description="Fermé le.")


class TableRow(Schema, json_schema_extra={"description": "La table des ETP qu’un avenant ou une version a établie."}):
    id: Number
    source: str = Field(description="L’avenant ou la version qui l’a établie.")
    adopted_on: date = Field(description="En vigueur le.")


class ShareRow(Schema, json_schema_extra={"description": "La part d’un poste donnée à une brique pour un exercice."}):
    id: Number
    post: int = Field(description="Le numéro du poste.", alias="post_id")
    year: int = Field(description="L’exercice.")
    brick: str = Field(description="La brique ou le service.")
    fte: Exact = Field(description="La part, en ETP, en décimal exact, comme texte.")
    table: TableRow | None = Field(description="La table adoptée dont elle est ; null si elle est en préparation.")


class OccupationRow(Schema, json_schema_extra={"description": "Une affectation : qui est sur un poste. Dossier du personnel."}):
    id: Number
    post: int = Field(description="Le numéro du poste.", alias="post_id")
    person: Whom | None = Field(description="L’agent ; null s’il n’est pas nommé.")
    grade: Words = or_unknown("Le grade ou cadre d’emplois")
    status: CodedPostStatus
    origin: CodedPostOrigin
    starts_on: date = Field(description="Depuis le.")
    ends_on: date | None = Field(description="Jusqu’au.")
    training: Words = or_unknown("Les formations suivies")


AskedPost = Annotated[int | None, Query(ge=1, le=BIGGEST, description="Le numéro d’un poste.")]


@room.reads("/department/units", Page[UnitRow], scope=SCOPE, summary="Les pôles")
def units(request: AccountRequest, paging: Query[Paging]) -> Any:
    return page_of(Unit.objects.visible_to(request.user), paging)


@room.reads("/department/posts", Page[PostRow], scope=SCOPE, summary="Les postes")
def posts(
    request: AccountRequest,
    paging: Query[Paging],
    unit: Annotated[int | None, Query(ge=1, le=BIGGEST, description="Le numéro d’un pôle.")] = None,
) -> Any:
    rows = Post.objects.visible_to(request.user)
    return page_of(rows if unit is None else rows.filter(unit_id=unit), paging)


@room.reads("/department/work-shares", Page[ShareRow], scope=SCOPE, summary="La répartition du temps par brique")
def work_shares(
    request: AccountRequest,
    paging: Query[Paging],
    post: AskedPost = None,
    year: Annotated[int | None, Query(ge=1900, le=2199, description="L’exercice.")] = None,
) -> Any:
    rows = WorkShare.objects.visible_to(request.user).select_related("table")
    rows = rows if post is None else rows.filter(post_id=post)
    return page_of(rows if year is None else rows.filter(year=year), paging)


@room.reads("/department/occupations", Page[OccupationRow], scope=SCOPE, may=access.may_read_staff, summary="Les affectations",
            told="Lues par ceux qui lisent les dossiers du personnel : direction, finances, pôles, contrôle.")  # fmt: skip
def occupations(request: AccountRequest, paging: Query[Paging], post: AskedPost = None, on: OnDay = None) -> Any:
    rows = Occupation.objects.visible_to(request.user).select_related("person")
    rows = rows if post is None else rows.filter(post_id=post)
    return page_of(rows if on is None else rows.filter(starts_on__lte=on).exclude(ends_on__lt=on), paging)
