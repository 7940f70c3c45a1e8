"""People, what they hold, what they may sign."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Schema

from communis.directory.api.organizations import Asked, of, with_words
from communis.directory.api.values import AskedNumber, CodeOf, Named, Number, RowNumber, Words, asked, coded, or_unknown
from communis.directory.enums import RoleKind, TokenScope
from communis.directory.models import Delegation, Person, Role
from communis.foundation.api.pages import BIGGEST, Page, Paging, page_of
from communis.foundation.api.root import Readings
from communis.foundation.requests import AccountRequest

SCOPE = TokenScope.PEOPLE
room = Readings(tags=["Personnes"])
AskedRoleKind = Annotated[Annotated[str, CodeOf(RoleKind)] | None, asked(RoleKind, "Le rôle")]
CodedRoleKind = Annotated[str, CodeOf(RoleKind), coded(RoleKind, "Le rôle")]


class PersonRow(Schema, json_schema_extra={"description": "Une personne d’une organisation ou d’un fournisseur."}):
    id: Number
    first_name: Words = or_unknown("Le prénom")
    last_name: Words = or_unknown("Le nom ; null pour une personne effacée")
    email: Words = or_unknown("L’adresse e-mail")
    phone: Words = or_unknown("Le téléphone")
    function: Words = or_unknown("La fonction")
    supplier: int | None = Field(description="Le numéro du fournisseur dont elle est le contact.", alias="supplier_id")


class Whom(Schema, json_schema_extra={"description": "Une personne, par son numéro et son nom."}):
    id: int = Field(description="Le numéro de la personne.")
    name: str = Field(description="Son nom.")

    @staticmethod
    def resolve_name(person: Any) -> str:
        return str(person)


class RoleRow(Schema, json_schema_extra={"description": "Un rôle tenu par une personne dans une organisation."}):
    id: Number
    person: Whom = Field(description="La personne.")
    organization: Named = Field(description="L’organisation.")
    kind: CodedRoleKind
    starts_on: date = Field(description="Depuis le.")
    ends_on: date | None = Field(description="Jusqu’au.")


class PersonFile(
    PersonRow, json_schema_extra={"description": "Une personne, avec ses rôles passés et présents que le compte peut lire."}
):
    roles: list[RoleRow] = Field(description="Ses rôles.")


class DelegationRow(Schema, json_schema_extra={"description": "Une délégation de signature."}):
    id: Number
    organization: Named = Field(description="L’organisation.")
    delegate: Whom = Field(description="Le délégataire.")
    granted_by: str = Field(description="La fonction de qui délègue.")
    scope: str = Field(description="L’objet.")
    act: str = Field(description="L’acte.")
    starts_on: date = Field(description="Depuis le.")
    ends_on: date | None = Field(description="Jusqu’au.")


OnDay = Annotated[date | None, Query(description="Seulement ce qui est en cours ce jour-là.")]


@room.reads("/people", Page[PersonRow], scope=SCOPE, summary="Les personnes",
            told="Le service lit tout le monde ; un membre les siens, et ceux du gestionnaire en fonction.")  # fmt: skip
def people(request: AccountRequest, paging: Query[Paging], q: Asked = None) -> Any:
    return page_of(with_words(Person.objects.visible_to(request.user), q), paging)


@room.reads("/people/{int:id}", PersonFile, scope=SCOPE, summary="Une personne et ses rôles")
def person(request: AccountRequest, id: RowNumber) -> Any:
    found = get_object_or_404(Person.objects.visible_to(request.user), pk=id)
    roles = Role.objects.visible_to(request.user).filter(person=found).select_related("person", "organization").order_by("pk")
    return {**PersonRow.from_orm(found).model_dump(by_alias=True), "roles": list(roles)}


@room.reads("/roles", Page[RoleRow], scope=SCOPE, summary="Les rôles",
            told="Le service lit tous les rôles ; un membre les siens, et ceux du gestionnaire qui sont en cours.")  # fmt: skip
def roles(
    request: AccountRequest,
    paging: Query[Paging],
    organization: AskedNumber = None,
    person: Annotated[int | None, Query(ge=1, le=BIGGEST, description="Le numéro d’une personne.")] = None,
    kind: AskedRoleKind = None,
    on: OnDay = None,
) -> Any:
    rows = of(Role.objects.visible_to(request.user), organization).select_related("person", "organization")
    rows = rows if person is None else rows.filter(person_id=person)
    rows = rows if kind is None else rows.filter(kind=kind)
    return page_of(rows if on is None else rows.on(on), paging)


@room.reads("/delegations", Page[DelegationRow], scope=SCOPE, summary="Les délégations de signature",
            told="Le service lit toutes les délégations, un membre les siennes.")  # fmt: skip
def delegations(request: AccountRequest, paging: Query[Paging], organization: AskedNumber = None, on: OnDay = None) -> Any:
    rows = of(Delegation.objects.visible_to(request.user), organization).select_related("delegate", "organization")
    return page_of(rows if on is None else rows.on(on), paging)
