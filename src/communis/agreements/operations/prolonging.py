"""What stands against an avenant that prolongs, when it is prepared (MEM-17)."""

from __future__ import annotations

from datetime import date

from communis.agreements.enums import EndCause
from communis.agreements.models import Agreement, Membership
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal


def check_prolongation(agreement: Agreement, until: date, *, dated_on: date | None, today: date | None) -> None:
    """Refuse a prolongation to a day already past when the avenant was made, or that prolongs the adhesion of nobody.

    An avenant of former years, dated, prolongs to a day that is past today: a service is taken over with its history (MEM-40).
    `today` is not given for what is loaded from documents. Raises Refusal.
    """
    made_on = dated_on or today
    if made_on is not None and until <= made_on:
        when = "la date de l’avenant" if dated_on is not None else "aujourd’hui"
        raise Refusal(
            f"L’avenant ne peut pas prolonger jusqu’au {short_date(until)} : ce jour ne suit pas {when}, le "
            f"{short_date(made_on)}. "
            "Choisissez un dernier jour qui suit, ou donnez la date d’un avenant plus ancien."
        )
    ends = ends_of(agreement, today) if today is not None and until > today else []
    if ends and until <= ends[0]:
        raise Refusal(
            f"Les adhésions vont déjà jusqu’au {short_date(ends[0])} ou au-delà : prolonger jusqu’au {short_date(until)} ne "
            "prolonge personne. Choisissez un jour qui suit."
        )


def ends_of(agreement: Agreement, today: date) -> list[date]:
    """Return the terms of the adhesions in force, the nearest first; who leaves is not prolonged."""
    rows = Membership.objects.unscoped().filter(agreement=agreement, dropped_on=None, effect_on__isnull=False)
    kept = rows.filter(ends_on__gte=today, end_cause__in=("", EndCause.TERM))
    return list(kept.order_by("ends_on").values_list("ends_on", flat=True))
