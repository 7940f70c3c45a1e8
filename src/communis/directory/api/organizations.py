"""Organizations and what belongs to each: types, composition, sites, calendars; suppliers and partners."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, TypeVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Schema
from pydantic import BeforeValidator

from communis.directory import access
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
    or_null,
    or_unknown,
)
from communis.directory.enums import (
    Connection,
    MilestoneKind,
    PartnerKind,
    SiteKind,
    SuccessionKind,
    SupplierKind,
    TokenScope,
    Weekday,
)
from communis.directory.models import (
    BudgetMilestone,
    ClosingDay,
    Composition,
    LegalGround,
    OpeningHours,
    Organization,
    OrganizationType,
    Partner,
    Site,
    Succession,
    Supplier,
    SupplierLabel,
)
from communis.directory.names import plain
from communis.foundation.api.pages import Page, Paging, page_of
from communis.foundation.api.root import Readings
from communis.foundation.requests import AccountRequest

SCOPE = TokenScope.DIRECTORY
Rows = TypeVar("Rows", bound=QuerySet)
room = Readings(tags=["Organisations"])
AskedPartnerKind = Annotated[Annotated[str, CodeOf(PartnerKind)] | None, asked(PartnerKind, "Le genre")]
AskedSiteKind = Annotated[Annotated[str, CodeOf(SiteKind)] | None, asked(SiteKind, "Le genre")]
AskedSupplierKind = Annotated[Annotated[str, CodeOf(SupplierKind)] | None, asked(SupplierKind, "Le genre")]
CodedMilestoneKind = Annotated[str, CodeOf(MilestoneKind), coded(MilestoneKind, "L’étape")]
CodedOrNullConnection = Annotated[
    Annotated[str, CodeOf(Connection)] | None, BeforeValidator(or_null), coded_or_null(Connection, "L’accès au réseau")
]
CodedPartnerKind = Annotated[str, CodeOf(PartnerKind), coded(PartnerKind, "Le genre")]
CodedSiteKind = Annotated[str, CodeOf(SiteKind), coded(SiteKind, "Le genre")]
CodedSuccessionKind = Annotated[str, CodeOf(SuccessionKind), coded(SuccessionKind, "La cause")]
CodedSupplierKind = Annotated[str, CodeOf(SupplierKind), coded(SupplierKind, "Le genre")]
CodedWeekday = Annotated[str, CodeOf(Weekday), coded(Weekday, "Le jour")]
Asked = Annotated[str | None, Query(max_length=200, description="Des mots du nom, ou un SIREN ; sans égard aux accents.")]


class OrganizationRow(
    Schema, json_schema_extra={"description": "Une organisation du service : gestionnaire, membre ou voisine."}
):
    id: Number
    name: str = Field(description="Le nom.")
    type: Named = Field(description="Le type d’organisation.")
    is_host: bool = Field(description="Vrai pour le gestionnaire du service.")
    siren: Words = or_unknown("Le SIREN")
    siret: Words = or_unknown("Le SIRET")
    insee: Words = or_unknown("Le code Insee d’une commune")
    department: Words = or_unknown("Le département")
    starts_on: date | None = Field(description="Existe depuis le ; null si inconnu.")
    ends_on: date | None = Field(description="A pris fin le ; null si elle existe.")


REACH = ("address", "phone", "email")
OWN = ("prefecture", "accountant", "court", "chorus_service", "chorus_commitment")


class OrganizationFile(OrganizationRow, json_schema_extra={"description": "Une organisation, avec ses coordonnées."}):
    legal_form: Words = or_unknown("La forme juridique")
    address: Words = or_unknown("L’adresse")
    phone: Words = or_unknown("Le téléphone")
    email: Words = or_unknown("L’adresse e-mail")
    parent: Named | None = Field(description="La commune de rattachement.")
    prefecture: Named | None = Field(description="La préfecture de contrôle.")
    accountant: Named | None = Field(description="Le comptable public.")
    court: Named | None = Field(description="Le tribunal administratif.")
    chorus_service: Words = or_unknown("Le code service Chorus Pro")
    chorus_commitment: bool | None = Field(description="Vrai si Chorus Pro exige un engagement ; null pour une autre que soi.")


class TypeRow(Schema, json_schema_extra={"description": "Un type d’organisation."}):
    id: Number
    name: str = Field(description="Le nom.")
    is_commune: bool = Field(description="Vrai si ces organisations ont un code Insee.")


class CompositionRow(Schema, json_schema_extra={"description": "Une organisation en compose une autre."}):
    id: Number
    whole: Named = Field(description="Le groupement.")
    part: Named = Field(description="Ce qui le compose.")
    starts_on: date = Field(description="Depuis le.")
    ends_on: date | None = Field(description="Jusqu’au.")


class SuccessionRow(Schema, json_schema_extra={"description": "Une organisation a succédé à une autre."}):
    id: Number
    predecessor: Named = Field(description="Celle qui a disparu.")
    successor: Named = Field(description="Celle qui lui succède.")
    kind: CodedSuccessionKind
    on: date = Field(description="À compter du.")
    act: str = Field(description="L’acte.")


class GroundRow(Schema, json_schema_extra={"description": "Un fondement statutaire."}):
    id: Number
    organization: Named = Field(description="L’organisation.")
    reference: str = Field(description="La référence.")
    wording: str = Field(description="Ce qu’elle permet.")
    starts_on: date = Field(description="En vigueur depuis le.")
    ends_on: date | None = Field(description="Jusqu’au.")


class SiteRow(Schema, json_schema_extra={"description": "Un site d’une organisation, et son accès au réseau."}):
    id: Number
    organization: Named = Field(description="L’organisation.")
    kind: CodedSiteKind
    name: str = Field(description="Le nom.")
    address: Words = or_unknown("L’adresse")
    connection: CodedOrNullConnection
    carrier: Named | None = Field(description="L’opérateur.")
    speed: int | None = Field(description="Le débit, en Mbit/s.")
    note: Words = or_unknown("Les remarques")


class HoursRow(Schema, json_schema_extra={"description": "Un horaire d’ouverture."}):
    id: Number
    organization: Named = Field(description="L’organisation.")
    weekday: CodedWeekday
    opens_at: time = Field(description="Ouvre à.")
    closes_at: time = Field(description="Ferme à.")


class ClosingRow(Schema, json_schema_extra={"description": "Une fermeture, hors jours fériés."}):
    id: Number
    organization: Named = Field(description="L’organisation.")
    starts_on: date = Field(description="Du.")
    ends_on: date = Field(description="Au, inclus.")
    label: str = Field(description="Le motif.")


class MilestoneRow(Schema, json_schema_extra={"description": "Une étape de l’année budgétaire."}):
    id: Number
    organization: Named = Field(description="L’organisation.")
    kind: CodedMilestoneKind
    year: int = Field(description="L’exercice.")
    on: date = Field(description="La date.")


class LabelRow(Schema, json_schema_extra={"description": "Un label d’un fournisseur."}):
    name: str = Field(description="Le label.")
    starts_on: date = Field(description="Depuis le.")
    ends_on: date | None = Field(description="Jusqu’au.")


class SupplierRow(Schema, json_schema_extra={"description": "Un fournisseur, lu par le service seul."}):
    id: Number
    name: str = Field(description="Le nom.")
    kind: CodedSupplierKind
    siren: Words = or_unknown("Le SIREN")
    address: Words = or_unknown("L’adresse")
    phone: Words = or_unknown("Le téléphone")
    email: Words = or_unknown("L’adresse e-mail")
    note: Words = or_unknown("Les remarques")
    labels: list[LabelRow] = Field(description="Ses labels, passés et présents.", alias="held")


class PartnerRow(Schema, json_schema_extra={"description": "Un partenaire : préfecture, comptable public, Région…"}):
    id: Number
    name: str = Field(description="Le nom.")
    kind: CodedPartnerKind
    address: Words = or_unknown("L’adresse")
    email: Words = or_unknown("L’adresse e-mail")


def with_words(rows: Rows, text: str | None) -> Rows:
    """Keep the rows whose words are all those asked for."""
    for word in plain(text or "").split()[:8]:
        rows = rows.filter(search_text__contains=word)
    return rows


def of(rows: Rows, organization: int | None) -> Rows:
    """Keep the rows of an organization, with the name of each."""
    rows = rows.select_related("organization")
    return rows if organization is None else rows.filter(organization_id=organization)


@room.reads("/organizations", Page[OrganizationRow], scope=SCOPE, summary="Les organisations du service")
def organizations(
    request: AccountRequest,
    paging: Query[Paging],
    q: Asked = None,
    type: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Le numéro d’un type d’organisation.")] = None,
    ended: Annotated[bool | None, Query(description="Vrai pour celles qui ont pris fin, faux pour les autres.")] = None,
) -> Any:
    rows = with_words(Organization.objects.visible_to(request.user).select_related("type"), q)
    if type is not None:
        rows = rows.filter(type_id=type)
    if ended is not None:
        rows = rows.filter(ends_on__isnull=not ended)
    return page_of(rows, paging)


@room.reads("/organizations/{int:id}", OrganizationFile, scope=SCOPE, summary="Une organisation",
            told="D’un autre membre, ce que disent les registres publics ; du gestionnaire, ses coordonnées aussi.")  # fmt: skip
def organization(request: AccountRequest, id: RowNumber) -> Any:
    rows = Organization.objects.visible_to(request.user)
    found = get_object_or_404(rows.select_related("type", "parent", "prefecture", "accountant", "court"), pk=id)
    told = dict(OrganizationFile.from_orm(found))
    hidden: tuple[str, ...] = () if access.may_reach(request.user, found) else REACH
    hidden += () if access.may_read_file(request.user, found) else OWN
    return told | dict.fromkeys(hidden)


@room.reads("/organization-types", Page[TypeRow], scope=SCOPE, summary="Les types d’organisation")
def organization_types(request: AccountRequest, paging: Query[Paging]) -> Any:
    return page_of(OrganizationType.objects.visible_to(request.user), paging)


@room.reads("/compositions", Page[CompositionRow], scope=SCOPE, summary="De quoi les groupements sont composés")
def compositions(request: AccountRequest, paging: Query[Paging]) -> Any:
    return page_of(Composition.objects.visible_to(request.user).select_related("whole", "part"), paging)


@room.reads("/successions", Page[SuccessionRow], scope=SCOPE, summary="Les fusions et les communes nouvelles")
def successions(request: AccountRequest, paging: Query[Paging]) -> Any:
    return page_of(Succession.objects.visible_to(request.user).select_related("predecessor", "successor"), paging)


@room.reads("/legal-grounds", Page[GroundRow], scope=SCOPE, summary="Les fondements statutaires")
def legal_grounds(request: AccountRequest, paging: Query[Paging], organization: AskedNumber = None) -> Any:
    return page_of(of(LegalGround.objects.visible_to(request.user), organization), paging)


@room.reads("/sites", Page[SiteRow], scope=SCOPE, summary="Les sites et leur accès au réseau",
            told="Le service lit tous les sites, un membre les siens.")  # fmt: skip
def sites(request: AccountRequest, paging: Query[Paging], organization: AskedNumber = None, kind: AskedSiteKind = None) -> Any:
    rows = of(Site.objects.visible_to(request.user), organization).select_related("organization", "carrier")
    return page_of(rows if kind is None else rows.filter(kind=kind), paging)


@room.reads("/opening-hours", Page[HoursRow], scope=SCOPE, summary="Les horaires d’ouverture")
def opening_hours(request: AccountRequest, paging: Query[Paging], organization: AskedNumber = None) -> Any:
    return page_of(of(OpeningHours.objects.visible_to(request.user), organization), paging)


@room.reads("/closing-days", Page[ClosingRow], scope=SCOPE, summary="Les fermetures")
def closing_days(request: AccountRequest, paging: Query[Paging], organization: AskedNumber = None) -> Any:
    return page_of(of(ClosingDay.objects.visible_to(request.user), organization), paging)


@room.reads("/budget-milestones", Page[MilestoneRow], scope=SCOPE, summary="Les étapes budgétaires",
            told="Le service lit toutes les étapes, un membre les siennes.")  # fmt: skip
def budget_milestones(request: AccountRequest, paging: Query[Paging], organization: AskedNumber = None) -> Any:
    return page_of(of(BudgetMilestone.objects.visible_to(request.user), organization), paging)


@room.reads("/suppliers", Page[SupplierRow], scope=SCOPE, may=access.is_of_host, summary="Les fournisseurs",
            told="Lus par le service seul, comme la page « Fournisseurs ».")  # fmt: skip
def suppliers(request: AccountRequest, paging: Query[Paging], q: Asked = None, kind: AskedSupplierKind = None) -> Any:
    held = Prefetch(
        "labels", queryset=SupplierLabel.objects.visible_to(request.user).order_by("name", "starts_on"), to_attr="held"
    )
    rows = with_words(Supplier.objects.visible_to(request.user).prefetch_related(held), q)
    return page_of(rows if kind is None else rows.filter(kind=kind), paging)


@room.reads("/partners", Page[PartnerRow], scope=SCOPE, summary="Les partenaires")
def partners(request: AccountRequest, paging: Query[Paging], q: Asked = None, kind: AskedPartnerKind = None) -> Any:
    rows = with_words(Partner.objects.visible_to(request.user), q)
    return page_of(rows if kind is None else rows.filter(kind=kind), paging)
