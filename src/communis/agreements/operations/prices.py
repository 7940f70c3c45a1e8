"""What acts change without an avenant, and the reviews of a trial phase (MEM-13, MEM-39)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from communis.agreements.models import Agreement, PriceAct, Resolution, ReviewDate
from communis.agreements.operations.versions import kept, voted_by_host
from communis.agreements.reading import tariff_of, version_in_force, with_acts
from communis.directory.operations.rows import record, remove
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal
from communis.tariff import ProblemsFound, read_text
from communis.tariff.calendar import months_later
from communis.tariff.studies.amendments import amendment_of

MOST_REVIEWS = 60


@transaction.atomic
def set_price(
    agreement: Agreement, *, parameter: str, value: Decimal, starts_on: date, reference: str, decided_by: Resolution | None = None
) -> PriceAct:  # fmt: skip
    """Record that an act sets a price from a day, without a version of the convention (MEM-13).

    The engine says whether the convention allows it (« sans avenant »), and whether the price follows those there are. Raises
    Refusal, and ValidationError when the price has a value on that day.
    """
    act = PriceAct(
        agreement=agreement, parameter=parameter, value=value, starts_on=starts_on, decided_by=decided_by, reference=reference
    )
    keep_price(act)
    return act


@transaction.atomic
def keep_price(act: PriceAct, *, version: int = 0) -> None:
    """Keep a price that an act sets, new or corrected; only the last one of its kind is corrected (MEM-13).

    `version` is that of the row when the form was shown. Raises Refusal, and ValidationError for what a price may never be.
    """
    Agreement.objects.unscoped().select_for_update().get(pk=act.agreement_id)
    if act.pk is not None:
        refuse_followed(PriceAct.objects.unscoped().get(pk=act.pk), "se corriger")
    if act.decided_by is not None:
        voted_by_host(act.decided_by)
    found = version_in_force(act.agreement, act.starts_on)
    if found is None or not found.tariff:
        raise Refusal(f"« {act.agreement} » n’a pas de tarif en vigueur à cette date : aucun prix n’y change.")
    act.full_clean()
    refuse_unless_allowed(tariff_of(found, but=act.pk), act)
    record(act, version=version)


@transaction.atomic
def drop_price(act: PriceAct) -> None:
    """Remove the last price that an act set, entered by mistake; its history stays. Raises Refusal."""
    Agreement.objects.unscoped().select_for_update().get(pk=act.agreement_id)
    refuse_followed(act, "se retirer")
    remove(act)


def refuse_followed(act: PriceAct, verb: str) -> None:
    """Refuse to touch a price that another one follows: what came after was set knowing it."""
    rows = PriceAct.objects.unscoped().filter(agreement=act.agreement_id, parameter=act.parameter)
    after = rows.filter(starts_on__gt=act.starts_on).order_by("starts_on").first()
    if after is not None:
        raise Refusal(
            f"Le prix fixé au {short_date(act.starts_on)} ne peut pas {verb} : un autre le suit, au "
            f"{short_date(after.starts_on)}. Corrigez ou retirez d’abord celui-là."
        )


def last_prices(acts: Iterable[PriceAct]) -> set[int]:
    """Return the last price of each kind: those that may still be corrected or removed."""
    return set({act.parameter: act.pk for act in sorted(acts, key=lambda act: act.starts_on)}.values())


def refuse_unless_allowed(text: str, act: PriceAct) -> None:
    """Ask the engine what the new price makes of the tariff. Raises Refusal."""
    before = read_text(text, examples=False)
    try:
        changed = with_acts(text, ((act.parameter, act.value, act.starts_on, act.reference),))
        after = read_text(changed, examples=False)
    except (ValueError, ProblemsFound) as wrong:
        raise Refusal(f"Ce prix ne peut pas être enregistré : {wrong}") from wrong
    found = amendment_of(f"paramètre {act.parameter}", before.model.book, after.model.book)
    if found is not None and found.needed:
        why = found.why or "la convention ne permet pas de le changer par un acte"
        raise Refusal(f"Il faut un avenant pour changer « {act.parameter.replace('_', ' ')} » : {why}.")


def revisable_prices(agreement: Agreement, day: date) -> list[tuple[str, str]]:
    """Return the prices that an act may change: their names in the tariff and their words."""
    version = version_in_force(agreement, day)
    if version is None or version.convention is None:
        return []
    parameters = version.convention.model.book.parameters
    return [(p.name, p.label or p.name.replace("_", " ")) for p in parameters.values() if p.without_amendment]


@transaction.atomic
def plan_reviews(agreement: Agreement) -> list[ReviewDate]:
    """Write the reviews of a trial phase: one every so many months from its first day, up to its last (MEM-39).

    Reviews already held stay; those that were due on days which are no longer of the plan go. Raises Refusal for a convention
    whose trial phase lacks a day, or its rhythm.
    """
    known = Agreement.objects.unscoped().select_for_update().get(pk=agreement.pk)
    if known.trial_starts_on is None or known.trial_ends_on is None or not known.review_months:
        raise Refusal(
            f"« {known} » n’a pas de phase expérimentale complète : donnez son premier jour, son dernier jour, et tous les "
            "combien de mois un bilan est dû."
        )
    days = [
        day for n in range(1, MOST_REVIEWS + 1)
        if (day := months_later(known.trial_starts_on, n * known.review_months)) <= known.trial_ends_on
    ]  # fmt: skip
    rows = ReviewDate.objects.unscoped().filter(agreement=known)
    for row in rows.filter(held_on=None, note="").exclude(due_on__in=days):
        row.delete()
    there = set(rows.values_list("due_on", flat=True))
    for day in days:
        if day not in there:
            kept(ReviewDate(agreement=known, due_on=day))
    return list(rows.order_by("due_on"))
