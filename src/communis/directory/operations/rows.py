"""The rows of any kind: kept, removed, put back, with what their history knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.db.utils import IntegrityError

from communis.foundation.history import Event, event_model, history_of
from communis.foundation.tenancy import rows_of
from communis.kit.formats import shown
from communis.kit.refusals import Refusal


def version_of(row: models.Model) -> int:
    """Return the number of the last event of a row: what a form was filled on."""
    if row.pk is None:
        return 0
    last = event_model(type(row)).objects.of(row).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return last or 0


class Stale(Refusal):
    """Somebody else changed the row meanwhile: what changed is told, and saving again is then done knowingly."""


def changed_since(row: models.Model, version: int) -> str:
    """Say who changed what in a row since a version of it."""
    count = event_model(type(row)).objects.of(row).filter(pgh_id__gt=version).count()
    told = []
    for entry in history_of(row)[:count]:
        moved = " ; ".join(f"{c.name} : {quoted(c.before)} devient {quoted(c.after)}" for c in entry.changes)
        told.append(
            f"{entry.by or 'Le service'} a modifié {moved}." if moved else f"{entry.by or 'Le service'} a modifié cette fiche."
        )
    return " ".join(told)


def quoted(value: object) -> str:
    return "vide" if value in (None, "") else f"« {shown(value)} »"


@transaction.atomic
def record(row: models.Model, *, version: int = 0) -> None:
    """Keep a row that was typed, new or changed. Refused when somebody else changed it meanwhile; nothing is lost then.

    `version` is `version_of` the row when the form was shown. Raises Refusal, or ValidationError for what a row may never be.
    """
    if row.pk is not None:
        rows_of(type(row)).select_for_update().get(pk=row.pk)
        if version and version_of(row) != version:
            raise Stale(
                f"Cette fiche a changé pendant que vous la remplissiez. {changed_since(row, version)} Rien n’est enregistré : "
                "vérifiez votre saisie, puis enregistrez de nouveau pour la garder."
            )
    row.full_clean()
    row.save()


@transaction.atomic
def remove(row: models.Model) -> None:
    """Remove a row that nothing refers to; its history stays, and it can be put back. Raises Refusal."""
    held, _ = holding(row)
    if held:
        raise Refusal(f"« {row} » ne peut pas être retiré : {held}. Retirez d’abord ce qui s’y rapporte, ou donnez-lui une fin.")
    try:
        row.delete()
    except (ProtectedError, IntegrityError):
        raise Refusal(f"« {row} » ne peut pas être retiré : d’autres fiches s’y rapportent.") from None


def holding(row: models.Model) -> tuple[str, int]:
    """Say what refers to a row and keeps it from being removed, and how much there is."""
    found, total = [], 0
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        model: Any = relation.related_model
        if not hasattr(model._default_manager, "unscoped") or issubclass(model, Event):
            continue
        count = rows_of(model).filter(**{relation.field.name: row.pk}).count()
        if count:
            words = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            found.append(f"{count} {words}")
            total += count
    return ", ".join(found), total


@transaction.atomic
def restore(model: type[models.Model], key: int) -> models.Model:
    """Put back a row that was removed, as its history knows it. Raises Refusal when it is there, or never was."""
    if rows_of(model).filter(pk=key).exists():
        raise Refusal("Cette fiche n’a pas été retirée.")
    row = last_known(model, key)
    if row is None:
        raise Refusal("Cette fiche n’a pas d’historique : elle ne peut pas être remise.")
    try:
        row.full_clean(exclude=["id"])
    except ValidationError as problem:
        raise Refusal(f"Cette fiche ne peut plus être remise : {' '.join(problem.messages)}") from None
    row.save(force_insert=True)
    return row


def last_known(model: type[models.Model], key: int) -> models.Model | None:
    """Return a row that was removed as its history knows it, not stored; None when it was not removed."""
    last = event_model(model).objects.unscoped().filter(pgh_obj_id=key).order_by("-pgh_id").first()
    if last is None or last.pgh_label != "delete":
        return None
    return model(**{field.attname: getattr(last, field.attname) for field in model._meta.concrete_fields})


def running(rows: models.QuerySet[Any], on: date) -> models.QuerySet[Any]:
    """Keep the rows that have not ended before a day."""
    return rows.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on))
