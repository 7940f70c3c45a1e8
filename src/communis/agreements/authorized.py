"""What a council act authorised: the rows of every kind that refer to it, each as far as a person may see it (DOC-25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.agreements.coherence import Remark, too_early
from communis.agreements.enums import StepKind
from communis.agreements.models import (
    Adoption,
    ChoiceForm,
    Examination,
    Letter,
    Notice,
    PriceAct,
    PurchaseMandate,
    Resolution,
    Signature,
    StaffFile,
    Step,
    Version,
)
from communis.kit.parts import Link


@dataclass(frozen=True, slots=True)
class Authorized:
    """Something that rests on an act; `remark` when it came before the act bound anybody."""

    what: str
    link: Link
    on: date | None
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A table that refers to acts: by which fields, what is shown of its rows, the day they take effect.

    `follows` tells which rows come after the vote, and so once the act binds: others are what the council voted, on that day.
    """

    model: Any
    fields: tuple[str, ...]
    near: tuple[str, ...]
    what: Callable[[Any], str]
    holder: Callable[[Any], Any]
    on: Callable[[Any], date | None]
    follows: Callable[[Any], bool] = lambda row: True


def _of_membership(model: Any, what: str, on: str, *fields: str, follows: Callable[[Any], bool] = lambda row: True) -> Relation:
    return Relation(
        model, fields or ("decided_by",), ("membership__organization", "membership__agreement"), lambda row: what,
        lambda row: row.membership, lambda row: getattr(row, on), follows,
    )  # fmt: skip


def _agreement(row: Any) -> Any:
    return row.agreement


SIGNED = (StepKind.SIGNED_MEMBER, StepKind.SIGNED_HOST)  # told by the signatures themselves
RELATIONS = (
    Relation(Version, ("adopted_by",), ("agreement",), lambda row: "Version de convention", lambda row: row,
             lambda row: row.starts_on),
    Relation(PriceAct, ("decided_by",), ("agreement",), lambda row: "Prix", _agreement, lambda row: row.starts_on),
    Relation(Step, ("decided_by",), ("membership__organization", "membership__agreement"),
             lambda row: f"Adhésion : {row.get_kind_display()}", lambda row: row.membership,
             lambda row: row.on if row.kind == StepKind.EFFECT else None),  # what the law lets come once the act binds
    _of_membership(Adoption, "Adoption d’une version", "on", "decided_by", "authorized_by",
                   follows=lambda row: row.decided_by_id is None),
    _of_membership(ChoiceForm, "Choix", "starts_on"),
    _of_membership(Signature, "Signature de la convention", "on"),
    _of_membership(Examination, "Examen approfondi", "decided_on", follows=lambda row: False),
    _of_membership(PurchaseMandate, "Mandat d’achat", "starts_on"),
    _of_membership(Notice, "Préavis", "received_on"),
    Relation(Letter, ("decided_by",), ("organization", "agreement"), lambda row: row.get_kind_display().capitalize(), _agreement,
             lambda row: row.on),
    Relation(StaffFile, ("decided_by",), ("organization",), lambda row: "Dossier d’agent", lambda row: row,
             lambda row: row.starts_on),
)  # fmt: skip


def authorized_by(act: Resolution, user: Any) -> list[Authorized]:
    """Return what an act authorised, of what a person may see, kind by kind, the earliest first."""
    found = []
    for relation in RELATIONS:
        rows: dict[int, Any] = {}
        for field in relation.fields:
            near = relation.model.objects.visible_to(user).filter(**{field: act}).select_related(*relation.near)
            rows |= {row.pk: row for row in near if not (relation.model is Step and row.kind in SIGNED)}
        names = adopted(rows, user) if relation.model is Adoption else {key: str(row) for key, row in rows.items()}
        for row in sorted(rows.values(), key=lambda row: (relation.on(row) or date.max, row.pk)):
            holder, on, what = relation.holder(row), relation.on(row), relation.what(row)
            label = names[row.pk] if holder is row else ", ".join(filter(None, (names[row.pk], str(holder))))
            remark = too_early(act, f"{what},", on) if relation.follows(row) else None
            found.append(Authorized(what, Link(label, holder.get_absolute_url()), on, remark))
    return found


def adopted(rows: dict[int, Any], user: Any) -> dict[int, str]:
    """Return the names of the versions adopted: that of a draft is for the host’s staff."""
    known = Version.objects.visible_to(user).filter(pk__in={row.version_id for row in rows.values()}) if rows else ()
    names = {version.pk: f"version {version.label}" for version in known}
    return {key: names.get(row.version_id, "") for key, row in rows.items()}
