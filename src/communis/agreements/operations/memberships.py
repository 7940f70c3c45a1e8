"""From the first request to the effect: each verb is one transaction, and may refuse (MEM-05 to MEM-07, MEM-09, MEM-40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from communis.agreements.applicable import version_for
from communis.agreements.authors import Author
from communis.agreements.choices import offers_of
from communis.agreements.enums import ActKind, DropCause, EndCause, MembershipState, Party, StepKind
from communis.agreements.models import Adoption, Agreement, ChoiceForm, Membership, Resolution, Signature, Step, Version
from communis.agreements.operations.choosing import oblige
from communis.agreements.operations.gaps import SIGNATURE, chosen_in, gaps_of, standing_votes, votes_of
from communis.agreements.operations.steps import (
    check_act,
    check_preparing,
    kept,
    locked,
    not_after,
    not_before_session,
    said,
    write,
)
from communis.agreements.reading import proposed_to
from communis.agreements.wording import of
from communis.directory.models import Organization
from communis.kit.refusals import Refusal
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.terms import effect_of, term_of

BY_HAND = (StepKind.AUDITED, StepKind.EXAMINED, StepKind.VOTED)  # the steps that are only written down


# ------------------------------------------------------------ request


@transaction.atomic
def request(organization: Organization, agreement: Agreement, on: date, *, by: Author, note: str = "") -> Membership:
    """Open a membership by the request of a member (MEM-06); a past day is entered as it was (MEM-40).

    Raises Refusal for the host itself, a closed convention, a member that is there already or no longer exists, and for a model
    of the programme other than the one that a fact of the member calls for (MEM-45).
    """
    organization = Organization.objects.unscoped().select_for_update(of=("self",)).get(pk=organization.pk)
    not_after(on, by, "Une demande")
    if organization.is_host:
        raise Refusal(f"{organization} est le gestionnaire : il n’adhère pas à sa propre convention.")
    if organization.ends_on is not None and organization.ends_on < on:
        raise Refusal(f"{organization} a pris fin le {organization.ends_on:%d/%m/%Y} : elle ne peut plus rien demander.")
    if agreement.closed_on is not None and agreement.closed_on < on:
        rather = f" Demandez « {agreement.successor} », qui la remplace." if agreement.successor_id else ""
        raise Refusal(f"« {agreement} » n’accepte plus d’adhésion depuis le {agreement.closed_on:%d/%m/%Y}.{rather}")
    refuse_another_model(organization, agreement, on)
    for held in Membership.objects.unscoped().filter(organization=organization, agreement=agreement):
        state = held.state_on(on)
        if state in (MembershipState.ACTIVE, MembershipState.NOTICE):
            raise Refusal(f"{organization} adhère déjà à « {agreement} » depuis le {held.effect_on:%d/%m/%Y}.")
        if held.effect_on is None and held.dropped_on is None:
            raise Refusal(f"{organization} a déjà une adhésion à « {agreement} » en préparation, demandée le "
                          f"{held.requested_on:%d/%m/%Y}.")  # fmt: skip
    made = Membership(organization=organization, agreement=agreement, requested_on=on)
    kept(made)
    write(made, StepKind.REQUESTED, on, by, note=note)
    return made


def refuse_another_model(organization: Organization, agreement: Agreement, on: date) -> None:
    """Refuse a model of a programme when a fact of the member calls for another one; an unknown fact refuses nothing (MEM-45)."""
    if not agreement.audience_fact:
        return
    fit = proposed_to(organization, agreement.programme, on)
    if fit is not None and fit.pk != agreement.pk:
        fact = f"« {fit.audience_fact.replace('_', ' ')} » vaut « {fit.audience_value} »"
        raise Refusal(
            f"« {agreement} » n’est pas le modèle qui convient à {organization} : {fact} au {on:%d/%m/%Y}. "
            f"Demandez « {fit} », ou corrigez ce fait sur sa fiche."
        )


@transaction.atomic
def drop(membership: Membership, cause: str, on: date, *, by: Author, note: str = "") -> None:
    """Close a request that was refused or abandoned: « sans suite » (MEM-06). Raises Refusal once the membership began."""
    membership = locked(membership)
    check_preparing(membership)
    not_after(on, by, "La fin d’une demande")
    if on < membership.requested_on:
        raise Refusal(f"La demande date du {membership.requested_on:%d/%m/%Y} : elle ne peut pas être sans suite avant.")
    membership.dropped_on, membership.drop_cause, membership.drop_note = on, DropCause(cause), note
    kept(membership)
    write(membership, StepKind.DROPPED, on, by, note=note)


# ------------------------------------------------------------ audit, examination, vote, signatures


@transaction.atomic
def record_step(
    membership: Membership, kind: str, *, by: Author, on: date | None = None, act: Resolution | None = None, note: str = ""
) -> Step:
    """Write a step: the audit delivered, the examination, the vote of the member’s council with its act (MEM-06, MEM-07).

    Without a day, that of the session of the act. Raises Refusal for another step, a day to come, an act that does not bind.
    """
    membership = locked(membership)
    step = StepKind(kind)
    if step not in BY_HAND:
        raise Refusal(f"L’étape « {step.label} » s’écrit d’elle-même : elle ne se saisit pas.")
    if membership.dropped_on is not None:
        check_preparing(membership)
    if step == StepKind.VOTED:
        if act is None:
            raise Refusal(f"Rattachez la délibération {of(membership.organization)} : sans elle, le vote ne se prouve pas.")
        check_act(act, membership.organization, by, (ActKind.RESOLUTION,))
        if Step.objects.unscoped().filter(membership=membership, kind=step, decided_by=act).exists():
            raise Refusal(f"Le vote de « {act} » est déjà enregistré pour cette adhésion.")
    day = on or (act.session_on if act is not None else None)
    if day is None:
        raise Refusal("Donnez la date : l’acte ne dit pas celle de sa séance.")
    not_after(day, by, "Une étape")
    if step == StepKind.VOTED:
        not_before_session(day, act, "Une délibération", "laissez la date vide, c’est celle de la séance qui sera écrite.")
    return write(membership, step, day, by, act=act, note=note)


@transaction.atomic
def sign(
    membership: Membership, party: str, *, signatory: str, quality: str, on: date, by: Author, act: Resolution | None = None,
    authority: str = "",
) -> Signature:  # fmt: skip
    """Record who signed for a party, in what quality, by what authority (MEM-05).

    Once the membership took effect, it takes the place of a signature removed, or of one never written. Raises Refusal when it
    has signed already, when nothing authorizes it to sign, when the act is not its own, or when the effect would be another day.
    """
    membership = locked(membership)
    if membership.dropped_on is not None:
        check_preparing(membership)
    not_after(on, by, "Une signature")
    side = Party(party)
    if Signature.objects.unscoped().filter(membership=membership, party=side).exists():
        raise Refusal(f"Le {side.label} a déjà signé cette convention.")
    if act is None and not authority.strip():
        raise Refusal(
            f"Dites ce qui autorise {signatory} à signer pour le {side.label} : l’acte, s’il est enregistré, ou ses références "
            "telles que la convention les écrit."
        )
    if act is not None:
        signing = membership.organization if side == Party.MEMBER else Organization.objects.unscoped().get(is_host=True)
        check_act(act, signing, by)
        not_before_session(on, act, "Une signature", "elle ne peut pas l’autoriser avant. Relisez la date de la signature.")
    row = Signature(membership=membership, party=side, signatory=signatory, quality=quality, on=on, decided_by=act,
                    authority=authority)  # fmt: skip
    kept(row)
    check_same_effect(membership, on, by)
    kind = StepKind.SIGNED_HOST if side == Party.HOST else StepKind.SIGNED_MEMBER
    write(membership, kind, on, by, act=act, note=quality)
    return row


def check_same_effect(membership: Membership, signed_on: date, by: Author) -> None:
    """Refuse a signature written after the effect that would have given another day to it."""
    if membership.effect_on is None:
        return
    votes, offer = standing_votes(membership, by.today), next(iter(chosen_in(membership)), None)
    if not votes or membership.signatures.unscoped().count() < len(Party):
        return
    version = version_for(membership, membership.effect_on)
    day = effect_day(membership, version, offer=offer, chosen_on=membership.effect_on, vote=votes[-1])
    if day != membership.effect_on:
        raise Refusal(
            f"Signée le {signed_on:%d/%m/%Y}, l’adhésion prendrait effet le {day:%d/%m/%Y}, et non le "
            f"{membership.effect_on:%d/%m/%Y}. Relisez la date de la signature."
        )


# ------------------------------------------------------------ effect


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an effect would do: its day and its end, by which vote, on which version, and what is to be remarked before."""

    effect_on: date
    ends_on: date | None
    end_cause: str
    offers: tuple[str, ...]
    form: ChoiceForm | None
    version: Version | None
    vote: Step
    remarks: tuple[str, ...]


def beginning_of(membership: Membership, *, by: Author, chosen_on: date | None = None) -> Beginning:
    """Tell what giving effect to a membership would do; nothing is written (MEM-07, MEM-09, MEM-14).

    Raises Refusal with what is missing, unless the member’s own council has voted, and when no offer would be held on the first
    day (MEM-43).
    """
    membership = Membership.objects.unscoped().select_related("organization", "agreement").get(pk=membership.pk)
    check_preparing(membership)
    form = membership.forms.unscoped().order_by("-starts_on").first()
    chosen_on = chosen_on or (form.starts_on if form is not None else None)
    version = version_for(membership, chosen_on or by.today)
    gaps = gaps_of(membership, version, by.today)
    blocking = [gap for gap in gaps if gap.blocks]
    if blocking:
        listed = " ; ".join(f"{gap.label[:1].lower()}{gap.label[1:]} ({gap.why})" for gap in blocking)
        raise Refusal(f"L’adhésion {of(membership.organization)} ne peut pas prendre effet. Il manque : {listed}.")
    vote = standing_votes(membership, by.today)[-1]
    offer = next(iter(offers_of([membership.pk], chosen_on or by.today).get(membership.pk, [])), None)
    effect_on = effect_day(membership, version, offer=offer, chosen_on=chosen_on, vote=vote)
    membership.effect_on = effect_on
    end_at_term(membership, version, offer)
    check_alone(membership)
    check_offers(form, effect_on)
    remarks = differences(effect_on, chosen_on, vote.decided_by) + of_signatures(membership, effect_on)
    remarks += of_the_version(version, vote, effect_on)
    if form is None:
        remarks += ("Les choix sont laissés en blanc : l’adhésion prendrait effet sans aucune offre.",)
    remarks += tuple(f"{gap.label} : {gap.why}." for gap in gaps if gap.prerequisite is not None or gap.piece == SIGNATURE)
    return Beginning(effect_on, membership.ends_on, membership.end_cause, tuple(chosen_in(membership)), form, version, vote,
                     remarks)  # fmt: skip


def check_offers(form: ChoiceForm | None, effect_on: date) -> None:
    """Refuse an effect before the choices begin: there would be days without an offer (MEM-43)."""
    if form is not None and form.starts_on > effect_on:
        raise Refusal(
            f"Les choix ne commencent que le {form.starts_on:%d/%m/%Y} : une adhésion qui prend effet le {effect_on:%d/%m/%Y} "
            f"laisserait des jours sans offre. Donnez effet le {form.starts_on:%d/%m/%Y}, ou changez d’abord la date des choix."
        )


@transaction.atomic
def take_effect(membership: Membership, *, by: Author, chosen_on: date | None = None) -> Beginning:
    """Give a membership its day of effect and its end, as `beginning_of` tells them, with what comes with them.

    Its remarks are kept in the step; they are those that were told before. Raises Refusal for all that `beginning_of` refuses.
    """
    membership = locked(membership)
    begun = beginning_of(membership, by=by, chosen_on=chosen_on)
    membership.effect_on, membership.ends_on, membership.end_cause = begun.effect_on, begun.ends_on, begun.end_cause
    kept(membership)
    if begun.form is not None:
        begin_with(begun.form, begun.effect_on)
    write(membership, StepKind.EFFECT, begun.effect_on, by, act=begun.vote.decided_by, note=" ".join(begun.remarks))
    if begun.version is not None:
        adopt_first(membership, begun.version, begun.vote)
    oblige(membership, begun.version, offers_of([membership.pk], begun.effect_on).get(membership.pk, []))
    return begun


def effect_day(membership: Membership, version: Version | None, *, offer: str | None, chosen_on: date | None, vote: Step) -> date:
    """Ask the convention when the membership takes effect; where it is silent on durations, the day that the parties chose."""
    convention = version.convention if version is not None else None
    if convention is None:
        raise Refusal("Cette convention n’a pas de version en vigueur avec un tarif : faites-la approuver d’abord.")
    signed = [row.on for row in membership.signatures.unscoped()]
    signed_on = max(signed) if len(signed) == len(Party) else None
    try:
        return effect_of(convention, signed_on=signed_on, chosen_on=chosen_on, decided_on=vote.on, offer=offer)
    except Refused as refused:
        if refused.reason.kind == "unsaid" and chosen_on is not None:
            return chosen_on
        hint = " Donnez la date d’effet que les parties ont choisie." if chosen_on is None else ""
        raise Refusal(f"{said(refused)}{hint}") from None


def end_at_term(membership: Membership, version: Version | None, offer: str | None) -> None:
    """Write the last day that the convention gives, when it gives one."""
    convention = version.convention if version is not None else None
    if convention is None or membership.effect_on is None:
        return
    try:
        ends_on = term_of(convention, membership.effect_on, offer=offer).ends_on
    except Refused:  # silent on durations: nothing ends by itself
        return
    membership.ends_on, membership.end_cause = ends_on, EndCause.TERM if ends_on is not None else ""


def check_alone(membership: Membership) -> None:
    """Refuse a membership that runs beside another one of the same member, convention and days."""
    rows = Membership.objects.unscoped().filter(organization=membership.organization_id, agreement=membership.agreement_id)
    for other in rows.exclude(pk=membership.pk).exclude(effect_on=None):
        if (other.ends_on is None or membership.effect_on <= other.ends_on) and (
            membership.ends_on is None or other.effect_on <= membership.ends_on
        ):
            raise Refusal(f"{membership.organization} adhère déjà à cette convention depuis le {other.effect_on:%d/%m/%Y}.")


def differences(effect_on: date, chosen_on: date | None, act: Resolution | None) -> tuple[str, ...]:
    """Say how the day of effect differs from the day chosen and from the days of the act (MEM-09)."""
    told = []
    if chosen_on is not None and chosen_on != effect_on:
        told.append(f"Date d’effet choisie : {chosen_on:%d/%m/%Y} ; retenue : {effect_on:%d/%m/%Y}.")
    if act is not None and act.session_on is not None and act.session_on > effect_on:
        told.append(f"La délibération est du {act.session_on:%d/%m/%Y}, après la date d’effet.")
    if act is not None and act.executory_on is None:
        told.append("La délibération n’est pas encore exécutoire : sa réception en préfecture ou sa publication manque.")
    elif act is not None and act.executory_on is not None and act.executory_on > effect_on:
        told.append(f"La délibération n’est exécutoire que le {act.executory_on:%d/%m/%Y}, après la date d’effet.")
    return tuple(told)


def of_signatures(membership: Membership, effect_on: date) -> tuple[str, ...]:
    """Say which signatures rest on an act that did not bind yet; that of the vote is told already."""
    votes = [step.decided_by_id for step in votes_of(membership)]
    told = []
    for row in membership.signatures.unscoped().exclude(decided_by=None).select_related("decided_by").order_by("party"):
        act = row.decided_by
        if act is None or act.pk in votes:
            continue
        if act.executory_on is None:
            told.append(f"« {act} », qui autorise la signature du {row.get_party_display()}, n’est pas exécutoire : sa réception "
                        "en préfecture ou sa publication manque.")  # fmt: skip
        elif act.executory_on > effect_on:
            told.append(f"« {act} », qui autorise la signature du {row.get_party_display()}, n’est exécutoire que le "
                        f"{act.executory_on:%d/%m/%Y}, après la date d’effet.")  # fmt: skip
    return tuple(told)


def of_the_version(version: Version | None, vote: Step, effect_on: date) -> tuple[str, ...]:
    """Say that the version adopted was not in force on the day of the effect, or on that of the vote that adopts it (MEM-12)."""
    if version is None or version.starts_on is None:
        return ()
    if effect_on < version.starts_on:
        return (f"La version {version.label} n’est en vigueur que le {version.starts_on:%d/%m/%Y}, après la date d’effet.",)
    if vote.on < version.starts_on:
        return (f"La version {version.label} est adoptée par le vote du {vote.on:%d/%m/%Y}, avant son entrée en vigueur le "
                f"{version.starts_on:%d/%m/%Y}.",)  # fmt: skip
    return ()


def begin_with(form: ChoiceForm, effect_on: date) -> None:
    """Begin the choices with the membership, where they were dated before it."""
    if form.starts_on < effect_on:
        form.starts_on = effect_on
        kept(form)
    for row in form.choices.unscoped().filter(starts_on__lt=effect_on):
        row.starts_on = effect_on
        kept(row)


def adopt_first(membership: Membership, version: Version, vote: Step) -> None:
    """Write that the member adopts the version it signed, by the vote that decided it (MEM-12)."""
    if not membership.adoptions.unscoped().filter(version=version).exists():
        kept(Adoption(membership=membership, version=version, on=vote.on, decided_by=vote.decided_by))


@transaction.atomic
def state_wishes(membership: Membership, wishes: str) -> None:
    """Keep what the member asks about access to its data, whatever the state of the membership (SEC-10)."""
    membership = locked(membership)
    membership.wishes = wishes
    kept(membership)
