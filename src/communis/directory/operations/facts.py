"""Facts: entered, corrected and withdrawn, never changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from communis.directory.models import Fact, FactType, Organization
from communis.kit.refusals import Refusal


@transaction.atomic
def enter_fact(fact: Fact, *, by: str, at: datetime) -> Fact:
    """Enter a fact with its author and the moment; it never changes afterwards (ORG-06, ORG-07).

    Raises Refusal when it is known already at that date, of that kind: it is then corrected, not entered twice; and
    ValidationError for what a fact may never be.
    """
    lock_facts_of(fact)
    fact.entered_by, fact.entered_at = by, at
    fact.full_clean()
    whose = {"organization": fact.organization_id, "insee": fact.insee}
    same = Fact.objects.unscoped().current().filter(type=fact.type_id, kind=fact.kind, **whose)
    known = same.filter(valid_on=fact.valid_on).exclude(pk=fact.replaces_id).first()
    if known is not None and not fact.is_withdrawal:
        raise Refusal(f"Ce fait est déjà connu au {fact.valid_on:%d/%m/%Y} : {known.words}, source : {known.source}. "
                      "Corrigez-le plutôt que de le saisir deux fois.")  # fmt: skip
    fact.save()
    return fact


def lock_facts_of(fact: Fact) -> None:
    """Wait for whoever enters a fact of the same organization; facts never change, so that nobody may lock one of them."""
    if fact.organization_id is not None:
        Organization.objects.unscoped().select_for_update().get(pk=fact.organization_id)
    else:
        FactType.objects.unscoped().select_for_update().get(pk=fact.type_id)


@transaction.atomic
def correct_fact(old: Fact, new: Fact, *, by: str, at: datetime) -> Fact:
    """Correct a fact by another, entered later with its reason; the former stays. Raises Refusal when it was corrected before."""
    lock_facts_of(old)
    if Fact.objects.unscoped().filter(replaces=old).exists():
        raise Refusal("Ce fait a déjà été corrigé : corrigez le dernier.")
    new.replaces, new.type, new.organization = old, old.type, old.organization
    return enter_fact(new, by=by, at=at)


def withdraw_fact(old: Fact, *, reason: str, by: str, at: datetime) -> Fact:
    """Withdraw a fact entered by mistake, with the reason. Raises Refusal when it was corrected already."""
    gone = Fact(kind=old.kind, valid_on=old.valid_on, source=old.source, is_withdrawal=True, reason=reason)
    return correct_fact(old, gone, by=by, at=at)
