"""Tacit renewals written as events, once each; the expiry at the end; the express renewal and the successor (MEM-15, 16, 18)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from communis.agreements.applicable import dates_of, versions_for
from communis.agreements.authors import Author
from communis.agreements.choices import offers_of
from communis.agreements.enums import ActKind, ActState, EndCause, MembershipState, StepKind
from communis.agreements.models import Agreement, Membership, Resolution, Step, Version
from communis.agreements.operations.choosing import copy_choices, oblige
from communis.agreements.operations.memberships import adopt_first, check_alone, end_at_term
from communis.agreements.operations.steps import check_act, kept, locked, why_it_does_not_bind, write
from communis.agreements.wording import of
from communis.kit.refusals import Refusal
from communis.tariff.calendar import ONE_DAY, french_date
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.terms import term_of

BATCH = 100
BY_ITSELF = "communis"  # who writes what the convention does by itself
_ENDS = {EndCause.TERM: StepKind.EXPIRED, EndCause.NOTICE: StepKind.EXIT}

Held = tuple[Mapping[int, Version | None], Mapping[int, list[str]]]  # by membership: the version that applies, the offers


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch wrote, and where the next one begins."""

    last: int
    renewals: int
    ends: int
    looked_at: int


def looked_at(today: date, agreement: int | None = None) -> QuerySet[Membership]:
    """Return the memberships that a day of renewals looks at: those of a convention, or of the whole pool."""
    rows = Membership.objects.unscoped().filter(effect_on__lte=today, dropped_on=None)
    return rows if agreement is None else rows.filter(agreement=agreement)


def begun(today: date, agreement: int | None = None) -> int:
    """Count the memberships that a day of renewals looks at."""
    return looked_at(today, agreement).count()


@transaction.atomic
def renew_batch(after: int, today: date, *, by: Author, size: int = BATCH, agreement: int | None = None) -> Written:
    """Write the renewals and the ends due by a day for the next memberships; what is written already is left (MEM-15, MEM-16).

    Each renewal is one row, unique by membership and day: a batch taken up again after a kill writes nothing twice.
    """
    rows = looked_at(today, agreement).filter(pk__gt=after)
    found = list(rows.select_related("agreement").order_by("pk")[:size].select_for_update(of=("self",)))
    if not found:
        return Written(after, 0, 0, 0)
    renewals = renewals_due(found, today, by)
    made = Step.objects.bulk_create(renewals, ignore_conflicts=True)
    ends = Step.objects.bulk_create(list(ended(found, today, by)), ignore_conflicts=True)
    return Written(found[-1].pk, len(made), len(ends), len(found))


def renewals_due(memberships: list[Membership], today: date, by: Author) -> list[Step]:
    """Return the renewals of memberships up to a day that are not written yet; writes nothing."""
    versions, offers = versions_for(memberships, today), offers_of([m.pk for m in memberships], today)
    since = written_since([m.pk for m in memberships])
    return [step for m in memberships for step in due(m, versions[m.pk], first_of(offers, m), since.get(m.pk), today, by)]


def foreseen(agreement: Agreement, today: date, *, by: Author) -> list[Step]:
    """Tell what a run of renewals would write for a convention by a day, member by member; writes nothing (MEM-15, MEM-16)."""
    rows = list(looked_at(today, agreement.pk).select_related("agreement", "organization").order_by("organization__sort_name"))
    return [*renewals_due(rows, today, by), *ended(rows, today, by)]


def first_of(offers: Mapping[int, list[str]], membership: Membership) -> str | None:
    return next(iter(offers.get(membership.pk, [])), None)


def written_since(keys: list[int]) -> dict[int, date]:
    """Return the last renewal that is written of each membership: what precedes it is done."""
    steps = Step.objects.unscoped().filter(membership__in=keys, kind=StepKind.RENEWED).order_by()
    return dict(steps.values_list("membership_id").annotate(last=Max("on")))


def due(
    membership: Membership, version: Version | None, offer: str | None, since: date | None, today: date, by: Author
) -> Iterator[Step]:
    """Yield the renewals of a membership up to a day that are not written yet; a convention silent on duration has none."""
    convention = version.convention if version is not None else None
    if convention is None or membership.effect_on is None:
        return
    last = min(today, membership.ends_on) if membership.ends_on is not None else today
    try:
        term = term_of(convention, membership.effect_on, offer=offer, until=last)
    except Refused:
        return
    for renewal in term.renewals:
        if renewal.renews_on <= last and (since is None or renewal.renews_on > since):
            until = min(renewal.ends_on, membership.ends_on) if membership.ends_on is not None else renewal.ends_on
            yield Step(pool_id=membership.pool_id, membership=membership, kind=StepKind.RENEWED, on=renewal.renews_on,
                       until=until, note=term.basis.article[:500], entered_by=by.name, entered_at=by.at)  # fmt: skip


def ended(memberships: list[Membership], today: date, by: Author) -> Iterator[Step]:
    """Yield the end of those that ended by a day: expired at the term, gone after a notice; written once (MEM-16)."""
    gone = {m.pk: m for m in memberships if m.ends_on is not None and m.ends_on < today and m.end_cause in _ENDS}
    told = set(Step.objects.unscoped().filter(membership__in=list(gone), kind__in=list(_ENDS.values()))
               .values_list("membership_id", flat=True))  # fmt: skip
    for key, membership in gone.items():
        if key not in told and membership.ends_on is not None:
            kind = _ENDS[EndCause(membership.end_cause)]
            on = membership.ends_on + ONE_DAY if kind == StepKind.EXPIRED else membership.ends_on
            yield Step(pool_id=membership.pool_id, membership=membership, kind=kind, on=on, entered_by=by.name,
                       entered_at=by.at)  # fmt: skip


def renew_all(today: date, *, by: Author, each: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Write all that is due in the pool in scope, batch by batch; `each` is told how far it is. Returns renewals and ends."""
    total, done, after, renewals, ends = begun(today), 0, 0, 0, 0
    while (found := renew_batch(after, today, by=by)).looked_at:
        after, done = found.last, done + found.looked_at
        renewals, ends = renewals + found.renewals, ends + found.ends
        if each is not None:
            each(done, total)
    return renewals, ends


# ------------------------------------------------------------ what a new deliberation or a successor does


def express_due(memberships: list[Membership], today: date, known: Held | None = None) -> list[tuple[Membership, date]]:
    """Return the memberships whose last period runs, with the last day to renew them expressly (MEM-15).

    `known` are the versions and the offers of these memberships, when they were read already.
    """
    ending = [m for m in memberships if m.end_cause == EndCause.TERM and m.state_on(today) == MembershipState.ACTIVE]
    if not ending:
        return []
    versions, offers = known or (versions_for(ending, today), offers_of([m.pk for m in ending], today))
    found = []
    for membership in ending:
        last = dates_of(membership, versions[membership.pk], first_of(offers, membership), today).express_by
        if last is not None:
            found.append((membership, last))
    return sorted(found, key=lambda pair: pair[1])


@transaction.atomic
def renew_expressly(membership: Membership, act: Resolution, *, by: Author) -> Membership:
    """Renew by a new deliberation a membership that reaches its maximum: another begins on the morrow, same choices (MEM-15).

    Both histories stay. Raises Refusal for an act that does not bind, or that comes after the term, when the adhesion had expired
    (MEM-16), and for a membership that does not end at its term.
    """
    membership = locked(membership)
    if membership.ends_on is None or membership.end_cause != EndCause.TERM:
        raise Refusal(f"L’adhésion {of(membership.organization)} n’arrive pas à un terme : elle n’a pas à être renouvelée.")
    check_act(act, membership.organization, by, (ActKind.RESOLUTION,))
    if act.session_on is not None and act.session_on > membership.ends_on:
        raise Refusal(
            f"L’acte est du {french_date(act.session_on)}, après le terme du {french_date(membership.ends_on)} : l’adhésion "
            f"{of(membership.organization)} avait expiré, et ne reprend pas d’elle-même. Inscrivez une nouvelle demande."
        )
    made = follow(membership, membership.agreement_id, membership.ends_on + ONE_DAY, act=act, by=by)
    told = f"renouvelée à compter du {french_date(membership.ends_on + ONE_DAY)}"
    write(membership, StepKind.EXPRESS, act.session_on or by.today, by, act=act, note=told)
    return made


def follow(membership: Membership, agreement_id: int, on: date, *, act: Resolution, by: Author) -> Membership:
    """Begin, on the morrow of a membership, the one that follows it, with its choices; the last day and the first never meet."""
    if Membership.objects.unscoped().filter(follows=membership).exists():
        raise Refusal(f"L’adhésion {of(membership.organization)} a déjà une suite.")
    made = Membership(organization=membership.organization, agreement_id=agreement_id, requested_on=act.session_on or on,
                      effect_on=on, follows=membership, wishes=membership.wishes)  # fmt: skip
    version = versions_for([made], on)[made.pk]
    offers = offers_of([membership.pk], on - ONE_DAY).get(membership.pk, [])
    end_at_term(made, version, offers[0] if offers else None)
    check_alone(made)
    kept(made)
    vote = write(made, StepKind.VOTED, act.session_on or on, by, act=act)
    write(made, StepKind.EFFECT, on, by, act=act)
    copy_choices(membership, made, version, on=on, act=act)
    if version is not None:
        adopt_first(made, version, vote)
    oblige(made, version, offers)
    return made


@dataclass(frozen=True, slots=True)
class Moved:
    """Who moved to the successor, and by which act, by organization; who has not deliberated yet, or leaves."""

    moved: tuple[Membership, ...]
    waiting: tuple[Membership, ...]
    acts: Mapping[int, Resolution]


@transaction.atomic
def replace_by_successor(agreement: Agreement, on: date, *, by: Author) -> Moved:
    """Move the members of a convention to its successor on a day: the former ends on the eve, so no day counts twice (MEM-18).

    Each moves by its own deliberation on the successor, or by the vote that authorized later documents (MEM-36). The others are
    returned: they stay in the former convention until its term. Raises Refusal without a successor.
    """
    successor = agreement.successor
    if successor is None:
        raise Refusal(f"« {agreement} » n’a pas de convention qui la remplace : désignez-la d’abord sur sa fiche.")
    rows = Membership.objects.unscoped().filter(agreement=agreement).exclude(end_cause=EndCause.REPLACED).in_state(
        on - ONE_DAY, MembershipState.ACTIVE, MembershipState.NOTICE
    )  # fmt: skip
    found = list(rows.select_related("organization", "agreement").order_by("organization__sort_name")
                 .select_for_update(of=("self",)))  # fmt: skip
    acts = authorities(found, successor, on, by.today)
    moved, waiting, by_which = [], [], {}
    for membership in found:
        act = acts.get(membership.pk)
        if act is None or membership.state_on(on - ONE_DAY) == MembershipState.NOTICE:
            waiting.append(membership)
            continue
        membership.ends_on, membership.end_cause = on - ONE_DAY, EndCause.REPLACED
        kept(membership)
        write(membership, StepKind.REPLACED, on - ONE_DAY, by, act=act, note=f"remplacée par « {successor} »")
        moved.append(follow(membership, successor.pk, on, act=act, by=by))
        by_which[membership.organization_id] = act
    return Moved(tuple(moved), tuple(waiting), by_which)


def authorities(memberships: list[Membership], successor: Agreement, on: date, today: date) -> dict[int, Resolution]:
    """Return, for each membership, the act by which it moves: the member’s own on the successor, else one that authorized it.

    An act voted after the day of the move authorizes nothing on that day, nor one that binds nobody today.
    """
    owners = {m.organization_id: m.pk for m in memberships}
    by_owner: dict[int, Resolution] = {}
    voted = Q(session_on=None) | Q(session_on__lte=on)
    own = Q(agreement=successor, kind=ActKind.RESOLUTION, state=ActState.ADOPTED)
    rows = Resolution.objects.unscoped().filter(own, voted, organization__in=list(owners)).order_by("session_on", "pk")
    acts = [act for act in rows.select_related("organization") if not why_it_does_not_bind(act, today)]
    steps = Step.objects.unscoped().filter(membership__in=list(owners.values()), kind=StepKind.VOTED, on__lte=on)
    earlier: dict[int, Resolution] = {}
    for step in steps.exclude(decided_by=None).exclude(decided_by__authorizes="").select_related("decided_by__organization"):
        if step.decided_by is not None:
            earlier[step.membership_id] = step.decided_by
    for act in acts:
        by_owner[owners[act.organization_id]] = act
    earlier = {key: act for key, act in earlier.items() if not why_it_does_not_bind(act, today)}
    return {**earlier, **by_owner}
