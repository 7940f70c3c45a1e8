"""What was written by mistake: a step, a signature, the effect itself; what is removed, by whom and why stays (MEM-06)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from communis.agreements.authors import Author
from communis.agreements.enums import EndCause, Party, StepKind
from communis.agreements.models import Adoption, Amendment, Choice, Membership, Signature, Step
from communis.agreements.operations.amendments import prolonged_by
from communis.agreements.operations.gaps import standing_votes
from communis.agreements.operations.leaving import end_again
from communis.agreements.operations.memberships import BY_HAND
from communis.agreements.operations.steps import check_preparing, kept, locked, write
from communis.kit.refusals import Refusal

SIGNED = {StepKind.SIGNED_MEMBER: Party.MEMBER, StepKind.SIGNED_HOST: Party.HOST}
CHANGES = (StepKind.CHOICES, StepKind.ADOPTED)
BY_ITSELF = (StepKind.RENEWED, StepKind.EXPIRED)  # what the convention writes by itself: written again when it is due
UNTIL_EFFECT = frozenset({StepKind.REQUESTED, *BY_HAND, *SIGNED, StepKind.EFFECT, StepKind.REMOVED})
"""The steps on which nothing rests: the effect is taken back as long as there is no other."""


def is_removable(membership: Membership, step: Step, written: Collection[str]) -> bool:
    """Tell whether a step may be removed, by the kinds of those written: what writes itself stays, but for the effect."""
    if membership.dropped_on is not None:
        return False
    if step.kind == StepKind.EFFECT:
        return membership.follows_id is None and UNTIL_EFFECT.issuperset(written)
    return step.kind in (*BY_HAND, *SIGNED, *CHANGES)


@transaction.atomic
def remove_step(membership: Membership, step: Step, *, reason: str, by: Author) -> None:
    """Remove a step that was written by mistake, with its signature when it is one; who removed what, and why, stays (MEM-06).

    The effect is taken back with what it wrote: the membership is in preparation again. Once it took effect, a vote is removed
    only when another one founds it; the last choices go, and those before them hold again; so does the last adoption, and the end
    that it had put off comes back. Raises Refusal for a membership that is dropped, and for a step that writes itself.
    """
    membership = locked(membership)
    if membership.dropped_on is not None:
        check_preparing(membership)
    rows = list(Step.objects.unscoped().select_related("decided_by").filter(membership=membership).order_by("on", "id"))
    found = next((row for row in rows if row.pk == step.pk), None)
    if found is None:
        raise Refusal("Cette étape est déjà retirée.")
    if not is_removable(membership, found, {row.kind for row in rows}):
        raise Refusal(why_it_stays(membership, found, rows))
    if found.kind == StepKind.EFFECT:
        take_back_effect(membership)
    elif found.kind == StepKind.VOTED and membership.effect_on is not None:
        rest_on_another_vote(membership, found, by)
    elif found.kind == StepKind.CHOICES:
        take_back_choices(membership, found)
    elif found.kind == StepKind.ADOPTED:
        take_back_adoption(membership, found, by)
    party = SIGNED.get(StepKind(found.kind))
    if party is not None:
        for row in Signature.objects.unscoped().filter(membership=membership, party=party):
            row.delete()
    told = str(found) if found.decided_by is None else f"{found} (« {found.decided_by} »)"
    found.delete()
    write(membership, StepKind.REMOVED, by.today, by, note=f"{told} : {reason}")


def why_it_stays(membership: Membership, step: Step, rows: list[Step]) -> str:
    """Say why a step is not removed."""
    if step.kind != StepKind.EFFECT:
        return f"L’étape « {step.get_kind_display()} » s’écrit d’elle-même : elle ne se retire pas."
    if membership.follows_id is not None:
        return "Cette adhésion fait suite à une autre : sa prise d’effet ne se retire pas."
    later = next(row for row in rows if row.kind not in UNTIL_EFFECT)
    return (
        f"« {later} » repose sur la prise d’effet : elle ne se retire plus. Changez les choix par une décision, le texte par un "
        "avenant, ou donnez un préavis."
    )


def take_back_effect(membership: Membership) -> None:
    """Put a membership back in preparation: its days, the version it adopted and the duties not done yet go."""
    membership.effect_on, membership.ends_on, membership.end_cause = None, None, ""
    kept(membership)
    for row in (*membership.adoptions.unscoped(), *membership.obligations.unscoped().filter(done_on=None)):
        row.delete()


def rest_on_another_vote(membership: Membership, step: Step, by: Author) -> None:
    """Found an effect on another vote than one that goes. Raises Refusal when there is none."""
    others = [vote for vote in standing_votes(membership, by.today) if vote.pk != step.pk]
    if not others:
        raise Refusal(
            f"L’adhésion a pris effet le {membership.effect_on:%d/%m/%Y} par cette délibération. Écrivez d’abord l’étape avec le "
            "bon acte, puis retirez celle-ci."
        )
    for adoption in Adoption.objects.unscoped().filter(membership=membership, decided_by=step.decided_by):
        adoption.decided_by, adoption.on = others[-1].decided_by, others[-1].on
        kept(adoption)
    for effect in Step.objects.unscoped().filter(membership=membership, kind=StepKind.EFFECT, decided_by=step.decided_by):
        effect.decided_by = others[-1].decided_by
        kept(effect)


def take_back_choices(membership: Membership, step: Step) -> None:
    """Remove the last choices: those before them hold again. Raises Refusal for earlier ones, on which the last rest."""
    last, before = [*membership.forms.unscoped().order_by("-starts_on", "-pk")[:2], None, None][:2]
    if last is None or before is None or last.starts_on != step.on:
        raise Refusal("Seuls les derniers choix se retirent : retirez d’abord ceux qui les ont suivis.")
    Choice.objects.unscoped().filter(form=last).delete()
    last.delete()
    before.ends_on = None
    kept(before)


def take_back_adoption(membership: Membership, step: Step, by: Author) -> None:
    """Remove the adoption that a step tells, and the prolongation that came with it (MEM-17).

    Raises Refusal for an adoption that another followed, and while something rests on the days that it added.
    """
    adoption = last_adoption(membership, step)
    if adoption is None:
        raise Refusal("Seule la dernière adoption se retire : retirez d’abord celle qui l’a suivie.")
    added = prolongations_of(adoption)
    if added:
        check_unprolonged(membership, adoption)
    end = end_without(membership, adoption, by.today)
    adoption.delete()
    if not added:
        return
    for row in added:
        row.delete()
    membership.ends_on, membership.end_cause = end.ends_on, end.end_cause
    kept(membership)
    if end.ends_on is not None:
        refuse_choices_after(membership, end.ends_on)
        after = Step.objects.unscoped().filter(membership=membership, kind__in=BY_ITSELF, on__gt=end.ends_on)
        for row in after:
            row.delete()


def last_adoption(membership: Membership, step: Step) -> Adoption | None:
    """Return the adoption that a step tells, when it is the last one."""
    found: Adoption | None = membership.adoptions.unscoped().order_by("-on", "-id").select_related("version__agreement").first()
    return found if found is not None and str(found.version) == step.note and found.on == step.on else None


def prolongations_of(adoption: Adoption) -> list[Step]:
    """Return the steps by which an adoption prolonged its membership."""
    amendment = Amendment.objects.unscoped().filter(makes=adoption.version, prolongs_to__isnull=False).first()
    if amendment is None:
        return []
    rows = Step.objects.unscoped().filter(membership=adoption.membership_id, kind=StepKind.PROLONGED, on=adoption.on)
    return list(rows.filter(until=amendment.prolongs_to, note=prolonged_by(amendment)))


def check_unprolonged(membership: Membership, adoption: Adoption) -> None:
    """Refuse to take back a prolongation while a notice, or the adhesion that follows, rests on it; with the way out."""
    told = f"L’adoption de « {adoption.version} » a prolongé l’adhésion"
    if membership.notice_on is not None:
        raise Refusal(f"{told}, qui est en préavis : retirez d’abord le préavis, puis cette étape.")
    following = Membership.objects.unscoped().filter(follows=membership).first()
    if following is not None or membership.end_cause == EndCause.REPLACED:
        raise Refusal(f"{told}, et une autre lui a fait suite : ce qui a été prolongé jusqu’à elle ne se retire plus. Un avenant "
                      "de la convention suivante corrige ce qui doit l’être.")  # fmt: skip


def end_without(membership: Membership, adoption: Adoption, today: date) -> Membership:
    """Return a membership as it would end without an adoption and what it prolonged; nothing is kept."""
    known: Membership = Membership.objects.unscoped().select_related("organization", "agreement").get(pk=membership.pk)
    before = known.adoptions.unscoped().exclude(pk=adoption.pk).order_by("on", "id").select_related("version__agreement").last()
    version = before.version if before is not None else adoption.version
    known.ends_on, known.end_cause = None, ""
    end_again(known, version, today, but=[row.pk for row in prolongations_of(adoption)])
    return known


def refuse_choices_after(membership: Membership, last: date) -> None:
    """Refuse to bring back an end before choices that begin after it."""
    form = membership.forms.unscoped().filter(starts_on__gt=last).order_by("-starts_on").first()
    if form is not None:
        raise Refusal(
            f"Sans cette prolongation, l’adhésion finit le {last:%d/%m/%Y} ; des choix commencent le {form.starts_on:%d/%m/%Y}, "
            "après ce jour. Retirez d’abord l’étape « choix modifiés » qui les porte."
        )


def consequence_of(membership: Membership, step: Step, today: date) -> str:
    """Say what the removal of a step does beyond it, before it is confirmed; nothing when it does nothing more."""
    if step.kind == StepKind.EFFECT:
        return "L’adhésion revient en préparation, avec ses choix et ses signatures."
    adoption = last_adoption(membership, step) if step.kind == StepKind.ADOPTED else None
    if adoption is None or not prolongations_of(adoption):
        return ""
    end = end_without(membership, adoption, today).ends_on
    if end is None:
        return "La prolongation tombe avec elle : l’adhésion n’a plus de terme écrit."
    return f"La prolongation tombe avec elle : l’adhésion {'finit' if end >= today else 'a fini'} le {end:%d/%m/%Y}."
