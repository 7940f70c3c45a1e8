"""A convention replaced by its successor: designated, then joined by each member as its council decides (MEM-18, AMB-45)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from communis.agreements.authors import Author
from communis.agreements.models import Agreement
from communis.agreements.operations.renewals import Moved, replace_by_successor
from communis.agreements.operations.versions import kept
from communis.agreements.reading import version_in_force
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal
from communis.tariff.calendar import eve


@transaction.atomic
def replace(
    agreement: Agreement, successor: Agreement, *, starts_on: date, by: Author, shown: Collection[int] | None = None
) -> Moved:  # fmt: skip
    """Designate the successor of a convention, which nobody joins any more, and move the members that decided to (MEM-18).

    Asked again with the same successor, it moves those that have deliberated since. `shown` are the organizations whom the
    person was shown as moving: when others would move now, nothing is written. Raises Refusal.
    """
    old = Agreement.objects.unscoped().select_for_update().get(pk=agreement.pk)
    refuse_impossible(old, successor, starts_on)
    old.successor, old.closed_on = successor, old.closed_on or eve(starts_on)
    kept(old)
    found = replace_by_successor(old, starts_on, by=by)
    if shown is not None:
        refuse_unshown(found, shown)
    return found


def foreseen(agreement: Agreement, successor: Agreement, *, starts_on: date, by: Author) -> Moved:
    """Tell what a replacement would do, by doing it and undoing it at once: what is shown is what will be done.

    Nothing is kept. Raises Refusal as `replace` does.
    """
    with transaction.atomic():
        found = replace(agreement, successor, starts_on=starts_on, by=by)
        transaction.set_rollback(True)
    return found


def refuse_unshown(found: Moved, shown: Collection[int]) -> None:
    """Refuse when those who move are no longer those whom the person was shown."""
    moving = {one.organization_id: str(one.organization) for one in found.moved}
    if set(moving) == set(shown):
        return
    added = sorted(name for key, name in moving.items() if key not in shown)
    told = f" {', '.join(added)} : la liste de ceux qui passent s’est allongée." if added else ""
    raise Refusal(f"Les adhésions ont changé depuis que cette page vous a été montrée.{told} Relisez-la, puis confirmez.")


def refuse_impossible(old: Agreement, successor: Agreement, starts_on: date) -> None:
    """Refuse a successor that is not one."""
    if old.successor_id not in (None, successor.pk):
        raise Refusal(f"« {old} » est déjà remplacée par « {old.successor} ».")
    if successor.pk == old.pk:
        raise Refusal("Une convention ne se remplace pas elle-même.")
    if successor.successor_id is not None:
        raise Refusal(f"« {successor} » est elle-même remplacée par « {successor.successor} ».")
    if version_in_force(successor, starts_on) is None:
        raise Refusal(
            f"« {successor} » n’a pas de version approuvée en vigueur le {short_date(starts_on)} : faites-la approuver d’abord."
        )
