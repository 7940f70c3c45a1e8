"""What a membership in preparation lacks before its effect, each piece with why, and what would give it (MEM-07, CAT-15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communis.agreements.activation import Asked, asked_of
from communis.agreements.enums import ActKind, ActState, Party, StepKind
from communis.agreements.models import Membership, Resolution, Signature, Step, Version
from communis.agreements.operations.steps import why_it_does_not_bind
from communis.agreements.reading import offer_label
from communis.agreements.wording import of


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece that is missing; `blocks` the effect or is only told (MEM-07)."""

    label: str
    why: str
    blocks: bool
    prerequisite: int | None = None  # to be found or waived
    piece: str = ""  # of those that each membership wants: VOTE, CHOICES, SIGNATURE
    act: Resolution | None = None  # kept, and to be linked


VOTE, CHOICES, SIGNATURE = "vote", "choices", "signature"


def gaps_of(membership: Membership, version: Version | None, today: date) -> list[Gap]:
    """Return what a membership in preparation lacks, the prerequisites of its choices included (MEM-07, CAT-15)."""
    signatures = {row.party: row for row in membership.signatures.unscoped().select_related("decided_by__organization")}
    found = []
    if not standing_votes(membership, today):
        found.append(vote_wanted(membership, today))
    if not membership.forms.unscoped().exists():
        found.append(Gap("Formulaire des choix", "les offres choisies et leur date d’effet sont laissées en blanc", False,
                         piece=CHOICES))  # fmt: skip
    for party in (Party.MEMBER, Party.HOST):
        why = why_unsigned(signatures.get(party), today)
        if why:
            found.append(Gap(f"Signature du {party.label}", why, needs_signature(version) or party in signatures,
                             piece=SIGNATURE))  # fmt: skip
    for row in membership.examinations.unscoped().filter(decided_on=None):
        found.append(Gap(f"Décision de l’examen approfondi, {offer_label(version, row.offer)}", row.reason.rstrip("."), True))
    return found + lacking(asked_of(membership.organization, version, chosen_in(membership), today))


def vote_wanted(membership: Membership, today: date) -> Gap:
    """Say what the vote of the member’s council lacks: an act that binds, the step that rests on the act kept, or the whole."""
    label = f"Délibération {of(membership.organization)}"
    written = votes_of(membership)
    if written and written[-1].decided_by is not None:
        why = why_unfounded(written[-1].on, written[-1].decided_by, today)
        return Gap(label, f"{why} Retirez l’étape, et rattachez l’acte qui convient".rstrip("."), True, piece=VOTE)
    act = act_to_link(membership, today)
    if act is not None:
        return Gap(label, f"{act} enregistrée, à rattacher", True, piece=VOTE, act=act)
    return Gap(label, "sans elle, l’adhésion ne prend pas effet", True, piece=VOTE)


def act_to_link(membership: Membership, today: date) -> Resolution | None:
    """Return the adopted deliberation of a member on its convention that its adhesion in preparation does not rest on yet."""
    rows = Resolution.objects.unscoped().filter(
        organization=membership.organization_id, agreement=membership.agreement_id, kind=ActKind.RESOLUTION,
        state=ActState.ADOPTED,
    )  # fmt: skip
    near = rows.select_related("organization").order_by("-session_on", "-pk")
    return next((act for act in near if is_to_link(membership, act, today)), None)


def is_to_link(membership: Membership, act: Resolution, today: date) -> bool:
    """Tell whether an act may found a membership, and is not written in its votes."""
    is_its_own = (act.organization_id, act.agreement_id) == (membership.organization_id, membership.agreement_id)
    if not is_its_own or act.kind != ActKind.RESOLUTION or why_it_does_not_bind(act, today):
        return False
    return act.pk not in {step.decided_by_id for step in votes_of(membership)}


def why_unfounded(on: date, act: Resolution | None, today: date) -> str:
    """Say why what was written on a day does not hold by its act: it binds nobody, or its session came after; else nothing."""
    if act is None:
        return ""
    if act.session_on is not None and on < act.session_on:
        return f"datée du {on:%d/%m/%Y}, avant la séance du {act.session_on:%d/%m/%Y}."
    return why_it_does_not_bind(act, today)


def why_unsigned(signature: Signature | None, today: date) -> str:
    """Say why a party has not signed: no signature, or one whose act authorizes nothing; else nothing."""
    if signature is None:
        return "la convention se signe des deux parties"
    why = why_unfounded(signature.on, signature.decided_by, today)
    return f"{why} Retirez cette signature, et enregistrez-la de nouveau" if why else ""


def votes_of(membership: Membership) -> list[Step]:
    rows = Step.objects.unscoped().filter(membership=membership, kind=StepKind.VOTED, decided_by__isnull=False)
    return list(rows.select_related("decided_by__organization").order_by("on", "id"))


def standing_votes(membership: Membership, today: date) -> list[Step]:
    """Return the votes written for a membership whose act binds."""
    return [step for step in votes_of(membership) if not why_unfounded(step.on, step.decided_by, today)]


def chosen_in(membership: Membership) -> list[str]:
    """Return the offers of the last form of a membership."""
    form = membership.forms.unscoped().order_by("-starts_on", "-pk").first()
    return list(form.choices.unscoped().order_by("pk").values_list("offer", flat=True)) if form is not None else []


def lacking(asked: Asked) -> list[Gap]:
    """Return the prerequisites that do not hold, those found wanting first, then those that nobody has looked at."""
    return [
        Gap(f"Prérequis à constater, {one.finding.label}" if one.unchecked else f"Prérequis non rempli, {one.finding.label}",
            f"{one.wording.rstrip('.')} : {one.finding.words.rstrip('.')}", one.blocks, one.finding.prerequisite.pk)
        for one in asked.all
    ]  # fmt: skip


def needs_signature(version: Version | None) -> bool:
    """Tell whether the rule of effect of a version rests on the signatures."""
    convention = version.convention if version is not None else None
    rules = convention.model.book.memberships if convention is not None else ()
    return any(rule.effect in ("signature", "later", "fixed") for rule in rules)
