"""A convention replaced by its successor: all its adherents move, and both histories are kept (MEM-18, AMB-45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from communis.agreements.authors import Author
from communis.agreements.enums import EndCause, MembershipState, StepKind
from communis.agreements.models import Adoption, Agreement, Choice, ChoiceForm, Membership, Resolution, Version
from communis.agreements.operations.steps import write
from communis.agreements.operations.versions import kept
from communis.agreements.reading import convention_of, version_in_force
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal


@dataclass(slots=True)
class Moved:
    """What a succession did: who moved, who stays until its exit, and the choices that the successor does not offer."""

    memberships: list[Membership] = field(default_factory=list)
    leaving: list[Membership] = field(default_factory=list)
    dropped: list[Choice] = field(default_factory=list)


@transaction.atomic
def replace(
    agreement: Agreement, successor: Agreement, *, starts_on: date, by: Author,
    acts: Mapping[int, Resolution] | None = None,
) -> Moved:  # fmt: skip
    """Replace a convention by another from a day: each adherent’s membership ends the day before, and goes on there.

    The two are never in force the same day, so that nothing is charged twice on the joining day. Choices follow where the
    successor has the offer. `acts` gives, by membership, the act by which a member approved the successor, when it is known. A
    member that gave notice keeps its exit and does not move. Raises Refusal.
    """
    old = Agreement.objects.unscoped().select_for_update().get(pk=agreement.pk)
    version = refuse_impossible(old, successor, starts_on)
    moved = Moved()
    eve = starts_on - timedelta(days=1)
    held = Membership.objects.unscoped().select_for_update().filter(agreement=old).select_related("organization", "agreement")
    for membership in held.in_state(eve, MembershipState.ACTIVE, MembershipState.NOTICE).order_by("pk"):
        if membership.notice_on is not None:
            moved.leaving.append(membership)
            continue
        act = (acts or {}).get(membership.pk)
        moved.memberships.append(move(membership, version, starts_on=starts_on, act=act, author=by))
        moved.dropped += carry_choices(membership, moved.memberships[-1], version, starts_on)
    old.successor, old.closed_on = successor, eve
    kept(old)
    return moved


def refuse_impossible(old: Agreement, successor: Agreement, starts_on: date) -> Version:
    """Return the version of the successor that will apply. Raises Refusal."""
    if old.successor_id is not None:
        raise Refusal(f"« {old} » est déjà remplacée par « {old.successor} ».")
    if successor.pk == old.pk:
        raise Refusal("Une convention ne se remplace pas elle-même.")
    if successor.successor_id is not None:
        raise Refusal(f"« {successor} » est elle-même remplacée par « {successor.successor} ».")
    version = version_in_force(successor, starts_on)
    if version is None:
        raise Refusal(
            f"« {successor} » n’a pas de version approuvée en vigueur le {short_date(starts_on)} : faites-la approuver d’abord."
        )
    return version


def move(membership: Membership, version: Version, *, starts_on: date, act: Resolution | None, author: Author) -> Membership:
    """End a membership the day before, and begin the one that follows it."""
    eve = starts_on - timedelta(days=1)
    if membership.ends_on is not None and membership.ends_on < eve:
        raise Refusal(f"L’adhésion de {membership.organization} finit le {short_date(membership.ends_on)}, avant le passage.")
    membership.ends_on, membership.end_cause = eve, EndCause.REPLACED
    kept(membership)
    note = f"remplacée par {version.agreement}"
    write(membership, StepKind.REPLACED, eve, author, act=act, note=note)
    made = Membership(organization=membership.organization, agreement=version.agreement, requested_on=starts_on,
                      effect_on=starts_on, follows=membership, wishes=membership.wishes)  # fmt: skip
    kept(made)
    write(made, StepKind.EFFECT, starts_on, author, act=act, note=f"à la suite de {membership.agreement}")
    kept(Adoption(membership=made, version=version, on=starts_on, decided_by=act))
    return made


def carry_choices(old: Membership, new: Membership, version: Version, starts_on: date) -> list[Choice]:
    """Close the form in force the day before, and open one with the same choices; return those that are offered no more."""
    eve = starts_on - timedelta(days=1)
    running = ChoiceForm.objects.unscoped().filter(membership=old, starts_on__lte=eve)
    form = running.filter(ends_on=None).first() or running.filter(ends_on__gte=eve).first()
    if form is None:
        return []
    form.ends_on = eve
    kept(form)
    convention = convention_of(version)
    choices = list(Choice.objects.unscoped().filter(form=form).order_by("starts_on", "id"))
    offered = [c for c in choices if convention is not None and c.offer in convention.model.book.offers]
    if offered:
        made = ChoiceForm(membership=new, stated_on=form.stated_on, starts_on=starts_on, decided_by=form.decided_by)
        kept(made)
        for one in offered:
            kept(Choice(form=made, offer=one.offer, starts_on=max(one.starts_on, starts_on), options=one.options))
    return [c for c in choices if c not in offered]
