"""Leaving: the notice, the exit that the convention gives it, its account, its checklist, its withdrawal (MEM-19, 23 to 26)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from communis.agreements.applicable import version_for
from communis.agreements.authors import Author
from communis.agreements.choices import offers_of
from communis.agreements.enums import CostKind, EndCause, MembershipState, Party, StepKind
from communis.agreements.models import ExitCost, ExitTask, Membership, Notice, Resolution, Step, Version
from communis.agreements.operations.memberships import end_at_term
from communis.agreements.operations.steps import check_act, decided_already, kept, locked, not_after, said, write
from communis.agreements.wording import of, said_once
from communis.kit.formats import capital, euros
from communis.kit.refusals import Refusal
from communis.tariff import Convention
from communis.tariff.interpreter.values import AMOUNT, REFUSED
from communis.tariff.membership.blocks import Refused, membership_of
from communis.tariff.membership.terms import Outcome, cost_of_leaving, exit_of, term_of

TASKS = (  # what a departure always asks for (MEM-26), and who does it
    ("Rendre au membre ses données", Party.HOST),
    ("Restituer ou reprendre les matériels et les logiciels", Party.HOST),
    ("Reprendre ou rembourser les contrats en cours", Party.MEMBER),
    ("Fermer les comptes et les accès", Party.HOST),
    ("Régler la situation des agents", Party.HOST),
    ("Émettre le dernier décompte", Party.HOST),
)


@dataclass(frozen=True, slots=True)
class Departure:
    """What is typed of a notice: who wants it, why, the letter, the agreement that shortens it, the day wanted, the reading.

    `wanted_on` serves where the convention is silent on notice; `cost` is the amount that an act set for an early exit.
    """

    given_by: str
    reason: str
    received_on: date
    sent_on: date | None = None
    waiver_on: date | None = None
    waiver_member_on: date | None = None
    waiver_host_on: date | None = None
    wanted_on: date | None = None
    reading: str | None = None
    cost: Decimal | None = None
    act: Resolution | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """The exit that a departure gives, shown before it is confirmed: last day, rule, what it costs, what it rests on."""

    exit_on: date
    rule: str
    why: str
    article: str
    cost: Outcome
    due_until_exit: bool = False
    by_term: bool = False


def reading_names(convention: Convention, offer: str | None) -> tuple[tuple[str, str], ...]:
    """Return the readings that the convention leaves open for the exit, the one retained first; none when it leaves none."""
    try:
        rule = membership_of(convention, offer)
    except Refused:
        return ()
    if rule.exit_by is None:
        return ()
    found = convention.model.book.interpretations[rule.exit_by]
    names = sorted(found.readings, key=lambda name: name != found.retained)
    return tuple((name, f"{name.replace('_', ' ')}{' (lecture retenue)' if name == found.retained else ''}") for name in names)


def leave_of(membership: Membership, departure: Departure, *, by: Author) -> Leave:
    """Tell the exit that a departure would give, by the convention of the version adopted (MEM-24, T-37, T-38); writes nothing.

    Raises Refusal for a membership that does not run, a day to come, an act that does not bind, and
    what the convention does not allow or does not say.
    """
    check_running(membership, departure.received_on)
    not_after(departure.received_on, by, "La réception de la lettre")
    if departure.sent_on is not None and departure.sent_on > departure.received_on:
        raise Refusal(f"La lettre reçue le {departure.received_on:%d/%m/%Y} ne peut pas être envoyée le "
                      f"{departure.sent_on:%d/%m/%Y}.")  # fmt: skip
    if departure.act is not None and departure.given_by == Party.MEMBER:
        check_act(departure.act, membership.organization, by)
    check_waiver(departure)
    convention = convention_for(membership, departure.received_on)
    if convention is None or membership.effect_on is None:
        raise Refusal("La version que ce membre a adoptée n’a pas de tarif : sa règle de sortie n’est pas connue.")
    offers = offers_of([membership.pk], departure.received_on).get(membership.pk, [])
    found = asked(convention, membership, departure, offers[0] if offers else None)
    if membership.ends_on is not None and found.exit_on > membership.ends_on:
        raise Refusal(f"L’adhésion prend fin d’elle-même le {membership.ends_on:%d/%m/%Y}, avant le {found.exit_on:%d/%m/%Y}.")
    return found


def asked(convention: Convention, membership: Membership, departure: Departure, offer: str | None) -> Leave:
    """Ask the engine; where the convention is silent on notice, the day wanted is the exit, at the cost that it says."""
    assert membership.effect_on is not None
    try:
        exit_ = exit_of(convention, received_on=departure.received_on, effect_on=membership.effect_on,
                        waiver_on=departure.waiver_on, offer=offer, reading=departure.reading or None)  # fmt: skip
    except Refused as refused:
        if refused.reason.kind != "unsaid" or departure.wanted_on is None or departure.waiver_on is not None:
            hint = " Donnez le dernier jour souhaité." if refused.reason.kind == "unsaid" and departure.waiver_on is None else ""
            raise Refusal(f"{said(refused)}{hint}") from None
        return on_the_day_wanted(convention, membership, departure.wanted_on, departure, offer)
    due = without_agreement(convention, membership, departure, offer)
    why = exit_.why if due is None else f"sans lui, la sortie serait le {due:%d/%m/%Y}"
    cost = cost_of_leaving(convention, exit_.on, offer=offer, effect_on=membership.effect_on)
    return Leave(exit_.on, exit_.rule, why, exit_.article, cost, exit_.due_until_exit, by_term=exit_.kind == "term")


def of_the_act(membership: Membership, departure: Departure) -> list[str]:
    """Say what is to look at in the act of a notice: it decided something else, precedes the adhesion, or follows the letter."""
    act = departure.act
    if act is None:
        return []
    other = decided_already(membership, act, "la sortie, ou rattachez l’acte qui la décide")
    told = [other] if other else []
    session_on, effect_on = act.session_on, membership.effect_on
    if not other and session_on is not None and effect_on is not None and session_on < effect_on:
        told.append(
            f"L’acte « {act} » est antérieur à la prise d’effet de l’adhésion, le {effect_on:%d/%m/%Y} : vérifiez qu’il décide "
            "la sortie."
        )
    if session_on is not None and session_on > departure.received_on:
        told.append(
            f"L’acte « {act} » est postérieur à la lettre, reçue le {departure.received_on:%d/%m/%Y} : elle a été envoyée avant "
            "que le conseil décide."
        )
    return told


def without_agreement(convention: Convention, membership: Membership, departure: Departure, offer: str | None) -> date | None:
    """Return the last day that the notice alone would give, None without an agreement or when the convention does not say.

    Raises Refusal for an agreement on a day after that one: it shortens nothing (MEM-23).
    """
    if departure.waiver_on is None or membership.effect_on is None:
        return None
    try:
        due = exit_of(convention, received_on=departure.received_on, effect_on=membership.effect_on, offer=offer,
                      reading=departure.reading or None)  # fmt: skip
    except Refused:
        return None  # the agreement alone says when it ends
    if departure.waiver_on > due.on:
        raise Refusal(
            f"Sans accord, la sortie est le {due.on:%d/%m/%Y} : un accord abrège le préavis, il ne peut pas fixer le "
            f"{departure.waiver_on:%d/%m/%Y}. Choisissez un jour qui précède, ou laissez vide la sortie convenue."
        )
    return due.on


def on_the_day_wanted(
    convention: Convention, membership: Membership, wanted_on: date, departure: Departure, offer: str | None
) -> Leave:
    if membership.effect_on is None or wanted_on < max(departure.received_on, membership.effect_on):
        raise Refusal(f"Le dernier jour souhaité, le {wanted_on:%d/%m/%Y}, précède la réception de la lettre ou la date d’effet.")
    cost = cost_of_leaving(convention, wanted_on, offer=offer, effect_on=membership.effect_on)
    return Leave(wanted_on, "jour demandé", cost.why, cost.article, cost)


def check_waiver(departure: Departure) -> None:
    """Refuse a shortened notice that both parties have not signed (MEM-23)."""
    signed = (departure.waiver_member_on, departure.waiver_host_on)
    if departure.waiver_on is not None and None in signed:
        raise Refusal("L’accord qui abrège le préavis est signé des deux parties : donnez les deux dates de signature.")
    if departure.waiver_on is None and any(signed):
        raise Refusal("Un accord est signé, mais le jour de sortie convenu manque.")


def check_running(membership: Membership, day: date) -> None:
    """Refuse a notice on a membership that has one, has not begun, or has ended."""
    if membership.notice_on is not None:
        raise Refusal(f"{membership.organization} est déjà en préavis : sortie le {membership.ends_on:%d/%m/%Y}.")
    state = membership.state_on(day)
    if state == MembershipState.ENDED:
        raise Refusal(f"L’adhésion {of(membership.organization)} a pris fin le {membership.ends_on:%d/%m/%Y}.")
    if state != MembershipState.ACTIVE:
        raise Refusal(f"L’adhésion {of(membership.organization)} est {state.label} le {day:%d/%m/%Y} : il n’y a rien à résilier.")


@transaction.atomic
def give_notice(membership: Membership, departure: Departure, *, by: Author) -> Notice:
    """Record the notice of a party; the membership ends on the exit that the convention gives (MEM-23, MEM-24).

    The exit account begins with the cost that an act set, and the checklist is written (MEM-25, MEM-26). Raises Refusal as
    `leave_of` does, and when an early exit has a cost that nobody has set: it is asked, never made up (AMB-40).
    """
    membership = locked(membership)
    leave = leave_of(membership, departure, by=by)
    check_cost(leave, departure)
    notice = Notice(
        membership=membership, given_by=departure.given_by, decided_by=departure.act, reason=departure.reason,
        sent_on=departure.sent_on, received_on=departure.received_on, waiver_on=departure.waiver_on,
        waiver_member_on=departure.waiver_member_on, waiver_host_on=departure.waiver_host_on, exit_on=leave.exit_on,
        exit_rule=said_once(f"{leave.rule} : {leave.why}")[:300],
    )  # fmt: skip
    kept(notice)
    membership.notice_on, membership.ends_on = departure.received_on, leave.exit_on
    membership.end_cause = EndCause.TERM if leave.by_term else EndCause.NOTICE
    kept(membership)
    write(membership, StepKind.NOTICE, departure.received_on, by, act=departure.act, until=leave.exit_on, note=notice.exit_rule)
    if departure.waiver_on is not None:
        signed = max(filter(None, (departure.waiver_member_on, departure.waiver_host_on)))
        write(membership, StepKind.WAIVED, signed, by, until=departure.waiver_on)
    open_account(notice, leave, departure)
    list_tasks(notice, TASKS)
    return notice


def check_cost(leave: Leave, departure: Departure) -> None:
    """Refuse an exit whose cost an act must set, until the amount and the act are given (MEM-19, AMB-40, T-38)."""
    if leave.cost.outcome != REFUSED or departure.waiver_on is not None or leave.by_term:
        return
    if any(reason.kind == "unsaid" for reason in leave.cost.reasons):
        return  # the text puts no price on leaving: nothing to ask for
    if departure.cost is None or departure.act is None:
        raise Refusal(f"{capital(leave.cost.why)}. Donnez le coût fixé, et l’acte qui le fixe.")


def open_account(notice: Notice, leave: Leave, departure: Departure) -> None:
    """Begin the exit account: what an act set for an early exit, and the sums that are due until the exit (AMB-22)."""
    if departure.cost is not None:
        kept(ExitCost(notice=notice, kind=CostKind.PENALTY, label=f"Coût de la sortie au {leave.exit_on:%d/%m/%Y}",
                      amount=departure.cost))  # fmt: skip
    if leave.due_until_exit:
        kept(ExitCost(notice=notice, kind=CostKind.DUE, label="Contributions dues jusqu’à la sortie", until=leave.exit_on))


def list_tasks(notice: Notice, tasks: Sequence[tuple[str, Party]]) -> None:
    for rank, (label, owner) in enumerate(tasks, 1):
        kept(ExitTask(notice=notice, rank=rank, label=label, owner=owner, due_on=notice.exit_on))


# ------------------------------------------------------------ withdrawal


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is typed of the withdrawal of a notice: the day, why, and the act that decides it."""

    on: date
    reason: str
    act: Resolution | None = None


def standing_notice(membership: Membership) -> Notice:
    """Return the notice that runs. Raises Refusal when there is none."""
    rows = Notice.objects.unscoped().standing().filter(membership=membership).select_related("decided_by")
    found: Notice | None = rows.first()
    if found is None or membership.notice_on is None:
        raise Refusal(f"{membership.organization} n’est pas en préavis : il n’y a rien à retirer.")
    return found


@transaction.atomic
def withdraw_notice(membership: Membership, withdrawal: Withdrawal, *, by: Author) -> Membership:
    """Withdraw a notice before the exit: the membership goes on as if none had been given, and both stay written (MEM-23).

    Its end is again the one that the convention gives, or the last prolongation; a notice decided by the member’s council is
    withdrawn by another act of it. Raises Refusal: no notice, a day outside it, the exit passed.
    """
    membership = locked(membership)
    notice = standing_notice(membership)
    check_withdrawal(membership, notice, withdrawal, by)
    notice.withdrawn_on, notice.withdrawn_by, notice.withdrawal = withdrawal.on, withdrawal.act, withdrawal.reason[:300]
    kept(notice)
    membership.notice_on, membership.ends_on, membership.end_cause = None, None, ""
    restore_end(membership, withdrawal.on)
    kept(membership)
    write(membership, StepKind.WITHDRAWN, withdrawal.on, by, act=withdrawal.act, note=withdrawal.reason)
    restore_renewals(membership, notice)
    return membership


def check_withdrawal(membership: Membership, notice: Notice, withdrawal: Withdrawal, by: Author) -> None:
    """Refuse a withdrawal on a day that cannot be, or without the act that it needs."""
    not_after(withdrawal.on, by, "Le retrait d’un préavis")
    if by.today > notice.exit_on:
        raise Refusal(f"{membership.organization} est sortie le {notice.exit_on:%d/%m/%Y} : un préavis ne se retire plus après "
                      "la sortie. Inscrivez une nouvelle demande d’adhésion.")  # fmt: skip
    if withdrawal.on < notice.received_on:
        raise Refusal(f"Le préavis a été reçu le {notice.received_on:%d/%m/%Y} : il ne peut pas être retiré avant.")
    if withdrawal.act is not None:
        check_act(withdrawal.act, membership.organization, by)
    elif notice.decided_by is not None:
        raise Refusal(f"Le préavis a été décidé par « {notice.decided_by} » : rattachez l’acte {of(membership.organization)} qui "
                      "le retire.")  # fmt: skip


def restore_end(membership: Membership, day: date) -> None:
    """Give back to a membership the end that it had before its notice."""
    end_again(membership, version_for(membership, day), day)


def end_again(membership: Membership, version: Version | None, day: date, *, but: Collection[int] = ()) -> None:
    """Give a membership the end that a version sets, or the last prolongation when it is later, but some of them; not kept."""
    offers = offers_of([membership.pk], day).get(membership.pk, [])
    end_at_term(membership, version, offers[0] if offers else None)
    steps = Step.objects.unscoped().filter(membership=membership, kind=StepKind.PROLONGED).exclude(pk__in=but)
    last = steps.aggregate(last=Max("until"))["last"]
    if last is not None and membership.ends_on is not None and last > membership.ends_on:
        membership.ends_on = last


def restore_renewals(membership: Membership, notice: Notice) -> None:
    """Give back their length to the renewals that the notice had cut short at the exit."""
    convention = convention_for(membership, notice.received_on)
    if convention is None or membership.effect_on is None:
        return
    offers = offers_of([membership.pk], notice.received_on).get(membership.pk, [])
    for step in Step.objects.unscoped().filter(membership=membership, kind=StepKind.RENEWED, until=notice.exit_on):
        term = term_of(convention, membership.effect_on, offer=offers[0] if offers else None, until=step.on)
        ends = next((one.ends_on for one in term.renewals if one.renews_on == step.on), step.until)
        step.until = min(filter(None, (ends, membership.ends_on)), default=None)
        kept(step)


def convention_for(membership: Membership, day: date) -> Convention | None:
    """Return the convention of the version that applies to a membership on a day."""
    version = version_for(membership, day)
    return version.convention if version is not None else None


def cost_words(leave: Leave) -> str:
    """Say what leaving costs, in a sentence."""
    if leave.cost.outcome == AMOUNT and leave.cost.amount is not None:
        return f"{euros(leave.cost.amount)} : {leave.cost.why}."
    return f"{capital(leave.cost.why)}."
