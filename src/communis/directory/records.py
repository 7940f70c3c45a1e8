"""The kinds of rows that are kept by a plain form: where they belong, what is typed, who may. One mechanism for them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import models
from django.forms import modelform_factory
from django.shortcuts import resolve_url

from communis.directory import access
from communis.directory.models import (
    AccessibilityAudit,
    ApiToken,
    BudgetMilestone,
    ClosingDay,
    Composition,
    Delegation,
    FactType,
    Grant,
    LegalGround,
    Occupation,
    OpeningHours,
    Organization,
    OrganizationType,
    Partner,
    Person,
    Post,
    Role,
    Site,
    Succession,
    Supplier,
    SupplierContract,
    SupplierLabel,
    Unit,
    WorkShare,
)
from communis.foundation.tenancy import PoolModel
from communis.kit.editing import RowForm

KEPT_BY_ITS_OWN = "its own pages"


def _open(_: Any) -> None:
    """Let what holds the rows change."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows: `parent` names the reference to what holds it, `home` the address of the list of those that stand alone."""

    slug: str
    model: type[PoolModel]
    one: str
    fields: tuple[str, ...]
    may: Callable[[Any, Any], bool]  # the person, and what holds the row (or the row itself when it stands alone)
    parent: str = ""
    home: str = ""
    feminine: bool = False
    own: tuple[str, ...] = ()  # what a member may change of its own row, when it is not all of it
    listed: str = ""  # the list of those that have a page of their own
    form: type[RowForm] = RowForm
    keep: Callable[..., None] | None = None  # the verb that keeps a row, when checking it alone does not do
    drop: Callable[[Any], None] | None = None  # and the one that removes it
    past: tuple[str, ...] = ()  # the days that say that something was done: none of them is to come
    check: Callable[[Any], None] = _open  # raises Refusal when what holds the row no longer changes, whoever asks

    def may_change(self, user: Any, holder: Any) -> bool:
        """Tell who may change a row: those who may add and remove, and a member what is its own to keep."""
        return self.may(user, holder) or (bool(self.own) and access.may_keep_organization(user, holder))

    def form_for(self, user: Any) -> type[RowForm]:
        fields = self.own if self.own and not access.may_manage_directory(user) else self.fields
        made = modelform_factory(self.model, form=self.form, fields=fields)
        assert issubclass(made, RowForm)
        return made

    def filled(self, row: models.Model, data: Any, *, user: Any, today: date) -> RowForm:
        """Return the form of a row, with what was typed in it."""
        return self.form_for(user)(data, instance=row, user=user, past=self.past, today=today)

    @property
    def of_the(self) -> str:
        """Its name after a verb: « l’organisation », « le site »."""
        name = self.one.partition(" ")[2]
        return f"l’{name}" if name[0] in "aeiouhéô" else f"{'la' if self.feminine else 'le'} {name}"

    def agreed(self, word: str) -> str:
        return f"{word}e" if self.feminine else word

    def holder(self, row: models.Model) -> Any:
        return getattr(row, self.parent) if self.parent else row

    def address(self, row: models.Model) -> str:
        """Return the page to go back to."""
        holder = self.holder(row)
        if self.parent:
            return str(holder.get_absolute_url()) if hasattr(holder, "get_absolute_url") else self.home
        return self.home or resolve_url(row)


def related_to(model: type[PoolModel], name: str) -> type[PoolModel]:
    """Return the model that a reference leads to, from a row of a pool to another."""
    target = model._meta.get_field(name).related_model
    assert isinstance(target, type) and issubclass(target, PoolModel), name
    return target


def _directory(user: Any, _: Any) -> bool:
    return access.may_manage_directory(user)


def _outside(user: Any, _: Any) -> bool:
    return access.may_keep_outside(user)


def _staff(user: Any, _: Any) -> bool:
    return access.may_manage_staff(user)


_of_organization = partial(Kind, parent="organization", may=access.may_keep_organization)
KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "organisations",
            Organization,
            "une organisation",
            (
                "type",
                "name",
                "legal_form",
                "siren",
                "siret",
                "insee",
                "department",
                "address",
                "phone",
                "email",
                "parent",
                "prefecture",
                "accountant",
                "court",
                "chorus_service",
                "chorus_commitment",
                "starts_on",
                "ends_on",
            ),
            _directory,
            feminine=True,
            own=("address", "phone", "email", "chorus_service", "chorus_commitment"),
            listed="/organisations/",
        ),
        _of_organization("sites", Site, "un site", ("kind", "name", "address", "connection", "carrier", "speed", "note")),
        _of_organization("horaires", OpeningHours, "un horaire", ("weekday", "opens_at", "closes_at")),
        _of_organization("fermetures", ClosingDay, "un jour de fermeture", ("starts_on", "ends_on", "label")),
        _of_organization("budget", BudgetMilestone, "une étape budgétaire", ("kind", "year", "on"), feminine=True),
        _of_organization("fondements", LegalGround, "un fondement statutaire", ("reference", "wording", "starts_on", "ends_on")),
        _of_organization(
            "delegations",
            Delegation,
            "une délégation de signature",
            ("delegate", "granted_by", "scope", "act", "starts_on", "ends_on"),
            feminine=True,
        ),
        Kind(
            "composition",
            Composition,
            "une composante",
            ("part", "starts_on", "ends_on"),
            _directory,
            parent="whole",
            feminine=True,
        ),
        Kind(
            "fournisseurs",
            Supplier,
            "un fournisseur",
            ("name", "kind", "siren", "address", "phone", "email", "note"),
            _outside,
            listed="/fournisseurs/",
        ),
        Kind(
            "contrats",
            SupplierContract,
            "un contrat",
            ("reference", "subject", "starts_on", "ends_on"),
            _outside,
            parent="supplier",
        ),
        Kind("labels", SupplierLabel, "un label", ("name", "starts_on", "ends_on"), _outside, parent="supplier"),
        Kind(
            "contacts",
            Person,
            "un contact",
            ("first_name", "last_name", "email", "phone", "function"),
            _outside,
            parent="supplier",
        ),
        Kind(
            "partenaires",
            Partner,
            "un partenaire",
            ("name", "kind", "address", "phone", "email", "note"),
            _outside,
            home="/partenaires/",
        ),
        Kind(
            "types-d-organisation",
            OrganizationType,
            "un type d’organisation",
            ("name", "is_commune"),
            _directory,
            home="/reglages/",
        ),
        Kind(
            "types-de-faits",
            FactType,
            "un type de fait",
            ("code", "label", "shape", "unit", "has_kinds"),
            _directory,
            home="/reglages/",
        ),
        Kind(
            "audits-d-accessibilite",
            AccessibilityAudit,
            "un audit d’accessibilité",
            ("on", "auditor", "criteria_met", "criteria_applicable"),
            _directory,
            home="/accessibilite/service/",
        ),
        Kind("poles", Unit, "un pôle", ("name", "parent", "missions", "rank"), _staff, home="/service/"),
        Kind(
            "postes",
            Post,
            "un poste",
            ("unit", "title", "missions", "quotity", "starts_on", "ends_on"),
            _staff,
            listed="/service/",
        ),
        Kind(
            "affectations",
            Occupation,
            "une affectation",
            ("person", "grade", "status", "origin", "starts_on", "ends_on", "training"),
            _staff,
            parent="post",
            feminine=True,
        ),
    )
}

WITH_HISTORY: dict[str, type[PoolModel]] = {kind.slug: kind.model for kind in KINDS.values() if kind.slug != "contacts"} | {
    "personnes": Person,
    "roles": Role,
    "acces": Grant,
    "jetons": ApiToken,
    "successions": Succession,
    "parts-de-temps": WorkShare,
}
SLUGS: dict[type[models.Model], str] = {model: slug for slug, model in WITH_HISTORY.items()}


def keep(*kinds: Kind, with_history: dict[str, type[PoolModel]] | None = None) -> None:
    """Add the kinds of rows of a higher room, and those of its tables that have a history and pages of their own."""
    KINDS.update({kind.slug: kind for kind in kinds})
    added = {kind.slug: kind.model for kind in kinds} | (with_history or {})
    WITH_HISTORY.update(added)
    SLUGS.update({model: slug for slug, model in added.items()})
