"""What was written by mistake: a step, a signature, the effect itself; what is removed, by whom and why stays (MEM-06)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from communis.agreements.authors import Author
from communis.agreements.enums import Party, StepKind
from communis.agreements.models import Adoption, Amendment, Choice, Membership, Signature, Step
from communis.agreements.operations.gaps import standing_votes
from communis.agreements.operations.memberships import BY_HAND
from communis.agreements.operations.steps import check_preparing, kept, locked, write
from communis.kit.refusals import Refusal

SIGNED = {StepKind.SIGNED_MEMBER: Party.MEMBER, StepKind.SIGNED_HOST: Party.HOST}
CHANGES = (StepKind.CHOICES, StepKind.ADOPTED)
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
    only when another one founds it; the last choices go, and those before them hold again; so does an adoption that prolonged
    nothing. Raises Refusal for a membership that is dropped, and for a step that writes itself.
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
        take_back_adoption(membership, found)
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


def take_back_adoption(membership: Membership, step: Step) -> None:
    """Remove the adoption that a step tells. Raises Refusal for one that prolonged the membership, or that another followed."""
    adoption = membership.adoptions.unscoped().order_by("-on", "-id").select_related("version__agreement").first()
    if adoption is None or str(adoption.version) != step.note or adoption.on != step.on:
        raise Refusal("Seule la dernière adoption se retire : retirez d’abord celle qui l’a suivie.")
    if Amendment.objects.unscoped().filter(makes=adoption.version, prolongs_to__isnull=False).exists():
        raise Refusal(f"L’adoption de « {adoption.version} » a prolongé l’adhésion : elle ne se retire pas.")
    adoption.delete()
