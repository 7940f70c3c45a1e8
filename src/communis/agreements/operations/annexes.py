"""The table of the ETP annexed to a version: announced by its amendment, adopted with it (ORG-15)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from communis.agreements.enums import ChangeKind
from communis.agreements.models import Amendment, AmendmentChange, AnnexedTable, Version
from communis.agreements.operations.versions import draft_of, kept
from communis.directory.models import WorkShare
from communis.directory.work_tables import drop_prepared
from communis.kit.refusals import Refusal


@transaction.atomic
def annex_table(version: Version, *, year: int) -> AnnexedTable:
    """Annex the table in preparation of a year to a draft; its amendment says « répartition des ETP mise à jour » (ORG-15).

    Raises Refusal when nothing is prepared for the year or the version is no draft, ValidationError when it is annexed already.
    """
    known = draft_of(version)
    if not list(WorkShare.objects.unscoped().prepared(year).select_for_update(of=("self",))):  # nobody drops it meanwhile
        raise Refusal(
            f"Aucune table des ETP de {year} n’est en préparation. Préparez-la depuis la page de la répartition des ETP, ou "
            "répartissez le temps des postes."
        )
    other = annexed_in_preparation(year)
    if other is not None and other.version_id != known.pk:
        raise Refusal(f"La table des ETP de {year} est déjà annexée à « {other.version} » : retirez-la d’abord de ce projet.")
    annexed = AnnexedTable(version=known, year=year)
    kept(annexed)
    amendment = Amendment.objects.unscoped().filter(makes=known).first()
    if amendment is not None:
        tell_change(amendment, year)
    return annexed


def tell_change(amendment: Amendment, year: int) -> None:
    """Add the typed change to an amendment that does not have it for the year yet."""
    rows = AmendmentChange.objects.unscoped().filter(amendment=amendment)
    if rows.filter(kind=ChangeKind.FTE, wording__contains=str(year)).exists():
        return
    rank = (rows.aggregate(last=Max("rank"))["last"] or 0) + 1
    kept(AmendmentChange(amendment=amendment, rank=rank, kind=ChangeKind.FTE, wording=wording_of(year)))


def wording_of(year: int) -> str:
    return f"La répartition de la charge par brique, en ETP, est mise à jour pour l’exercice {year} (table annexée)."


@transaction.atomic
def release_table(annexed: AnnexedTable) -> None:
    """Take a table away from a draft, and what its amendment said of it; the table stays in preparation.

    A change that somebody worded otherwise is theirs, and stays. Raises Refusal once the version is submitted.
    """
    known = draft_of(annexed.version)
    told = AmendmentChange.objects.unscoped().filter(amendment__makes=known, kind=ChangeKind.FTE)
    told.filter(wording=wording_of(annexed.year)).delete()
    annexed.delete()


def annexed_in_preparation(year: int) -> AnnexedTable | None:
    """Return the annex by which a version that is not approved yet announces the table in preparation of a year."""
    rows = AnnexedTable.objects.unscoped().filter(year=year, table=None).select_related("version__agreement")
    found: AnnexedTable | None = rows.first()
    return found


@transaction.atomic
def drop_table(year: int) -> None:
    """Drop the table in preparation of a year (ORG-15). Raises Refusal while a version announces it, or when there is none."""
    list(WorkShare.objects.unscoped().prepared(year).select_for_update(of=("self",)))  # nobody annexes it meanwhile
    annexed = annexed_in_preparation(year)
    if annexed is not None:
        raise Refusal(f"La table des ETP de {year} est annexée à « {annexed.version} » : retirez-la d’abord de cette version.")
    drop_prepared(year)
