"""The split of the posts’ time among bricks, year by year: the table in preparation, and those that were adopted (ORG-15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from communis.directory.models import Post, WorkShare, WorkTable
from communis.foundation.history import event_model
from communis.kit.formats import number, short_date
from communis.kit.refusals import Refusal


def settled(year: int) -> WorkTable | None:
    """Return the last table adopted for a year, or None while none was."""
    found: WorkTable | None = WorkTable.objects.unscoped().filter(year=year).first()
    return found


def refuse_settled(year: int) -> None:
    """Refuse to write in a table that was adopted: the next one is prepared, and another avenant adopts it (ORG-15)."""
    table = settled(year)
    if table is not None and not WorkShare.objects.unscoped().prepared(year).exists():
        raise Refusal(
            f"La table des ETP de {year} est celle que « {table.source} » a établie, en vigueur le "
            f"{short_date(table.adopted_on)} : elle ne change plus. Préparez la table suivante depuis la page de la répartition "
            "des ETP, puis annexez-la à un avenant."
        )


@transaction.atomic
def prepare_next(year: int) -> None:
    """Begin the next table of a year as a copy of the one adopted last. Raises Refusal when there is none, or one is begun."""
    table = settled(year)
    if table is None:
        raise Refusal(
            f"Aucune table des ETP de {year} n’est adoptée : répartissez le temps des postes pour préparer la première."
        )
    table = WorkTable.objects.unscoped().select_for_update().get(pk=table.pk)
    if WorkShare.objects.unscoped().prepared(year).exists():
        raise Refusal(f"Une table des ETP de {year} est déjà en préparation : modifiez celle-là.")
    for share in WorkShare.objects.unscoped().filter(table=table).order_by("id"):
        WorkShare(post_id=share.post_id, year=year, brick=share.brick, fte=share.fte).save()


@transaction.atomic
def adopt_table(year: int, *, on: date, source: str) -> WorkTable:
    """Make of the table in preparation that of an avenant or of a version: it no longer changes, and the former stays (ORG-15).

    Raises Refusal when nothing is prepared, or when the parts of a post do not sum to its quotity any more.
    """
    rows = list(WorkShare.objects.unscoped().prepared(year).select_for_update(of=("self",)).select_related("post"))
    if not rows:
        raise Refusal(f"La table des ETP de {year} n’est pas en préparation : répartissez d’abord le temps des postes.")
    if wrong := unbalanced(rows):
        raise Refusal(f"La table des ETP de {year} ne tombe pas juste : {' ; '.join(wrong)}. Reprenez ces postes.")
    table = WorkTable(year=year, adopted_on=on, source=source)
    table.full_clean()
    table.save()
    WorkShare.objects.unscoped().filter(pk__in=[row.pk for row in rows]).update(table=table)
    return table


@transaction.atomic
def drop_prepared(year: int) -> None:
    """Drop the table in preparation of a year, all its shares at once; its history stays. Raises Refusal when there is none."""
    rows = list(WorkShare.objects.unscoped().prepared(year).select_for_update(of=("self",)))
    if not rows:
        raise Refusal(f"Aucune table des ETP de {year} n’est en préparation : il n’y a rien à retirer.")
    WorkShare.objects.unscoped().filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def put_back_dropped(year: int) -> None:
    """Put back the shares of a year that were last removed together, as their history knows them.

    Raises Refusal when another table was begun meanwhile, when nothing was removed, or when a post no longer exists.
    """
    if WorkShare.objects.unscoped().prepared(year).exists():
        raise Refusal(f"Une table des ETP de {year} est déjà en préparation : retirez-la d’abord.")
    removed = event_model(WorkShare).objects.unscoped().filter(year=year, table=None, pgh_label="delete")
    at = removed.aggregate(last=Max("pgh_created_at"))["last"]
    if at is None:
        raise Refusal(f"Aucune table des ETP de {year} n’a été retirée.")
    for known in removed.filter(pgh_created_at=at).order_by("pgh_obj_id"):
        row = WorkShare(pk=known.pgh_obj_id, pool_id=known.pool_id, post_id=known.post_id, year=year, brick=known.brick,
                        fte=known.fte)  # fmt: skip
        try:
            row.full_clean(exclude=["id"])
        except ValidationError as problem:
            raise Refusal(f"Cette table ne peut plus être remise : {' '.join(problem.messages)}") from None
        row.save(force_insert=True)


def unbalanced(shares: Iterable[WorkShare]) -> list[str]:
    """Say which posts have parts that do not sum to their quotity: « Directeur : 0,80 ETP répartis sur 1,00 »."""
    totals: dict[Post, Decimal] = {}
    for share in shares:
        totals[share.post] = totals.get(share.post, Decimal(0)) + share.fte
    return [
        f"{post} : {number(total, 2)} ETP répartis sur {number(post.quotity, 2)}"
        for post, total in totals.items() if total != post.quotity
    ]  # fmt: skip
