"""The terms of a membership: what the `adhésion` block of a convention says, as dates asked of the engine.

Every date is a day of the calendar, and every last day is a day on which the membership still holds, as in the choices of
offers: renewed on 15/07/2025, its first year ended on 14/07/2025. Terms run from the date of effect: the nth renewal is
reckoned from that day, never from the renewal before, so that a membership of 31 August or 29 February does not drift.
Nothing is guessed: where the block is silent, `Refused` says so, with its articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import takewhile

from communis.tariff.calendar import FIRST_DATED, LAST_DATED, Period, french_date, months_later, next_day_like
from communis.tariff.convention import Convention
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Reason
from communis.tariff.language.rules import Membership
from communis.tariff.meaning.membership_checks import EXIT_RULES
from communis.tariff.membership.blocks import NO_BASIS, Basis, Refused, basis_of, membership_of, reading_of, refusal
from communis.tariff.membership.periods import Renewal, end_of, period_end, periods_of, renewals_of
from communis.tariff.wording import duration_text, listed

COMING, ACTIVE, EXPIRED = "coming", "active", "expired"
EXITS = {"to_date": "de date à date", "period_end": "à la fin de la période", "waiver": "accord écrit des deux parties",
         "term": "fin de l’adhésion"}  # fmt: skip
STATES = {COMING: "à venir", ACTIVE: "active", EXPIRED: "expirée"}
HORIZON_MONTHS = 120  # how far renewals without maximum are listed when nobody says


@dataclass(frozen=True, slots=True)
class Term:
    """How long a membership lasts (MEM-14, MEM-15, MEM-16).

    `renewals` are all those of a bounded membership, else those up to the horizon asked. `ends_on` is the last day, None
    without maximum; `ends_by` says what sets it: duration, term or maximum. `express_due_on` is the last day to renew
    expressly, when the maximum is reached or the block asks for it: the membership is « expirée » from the next day.
    """

    effect_on: date
    renewals: tuple[Renewal, ...]
    ends_on: date | None
    ends_by: str
    express_due_on: date | None
    basis: Basis
    rule: Membership = field(repr=False, compare=False)

    def state_on(self, day: date) -> str:
        """Return `coming`, `active` or `expired`."""
        if day < self.effect_on:
            return COMING
        return EXPIRED if self.ends_on is not None and day > self.ends_on else ACTIVE

    def period_on(self, day: date) -> Period | None:
        """Return the period that runs on a day, or None when the membership does not."""
        if self.state_on(day) != ACTIVE:
            return None
        return next(period for period in periods_of(self.rule, self.effect_on) if day in period)

    def next_renewal(self, day: date) -> Renewal | None:
        """Return the first tacit renewal after a day, however far, or None when none is left."""
        return next((found for found in renewals_of(self.rule, self.effect_on) if found.renews_on > day), None)

    def express_is_due(self, day: date) -> bool:
        """Tell whether to warn that an express renewal is due: the last period runs, no tacit renewal is left (MEM-15)."""
        return self.express_due_on is not None and self.state_on(day) == ACTIVE and self.next_renewal(day) is None


@dataclass(frozen=True, slots=True)
class Exit:
    """When a membership that gave notice ends: `on` is its last day.

    `kind` is to_date, period_end, waiver, or term when the membership ends by itself before; `why` says it in French;
    `notice_ends_on` is the day on which the notice has run; `due_until_exit` repeats « sommes dues jusqu’à la sortie ».
    """

    on: date
    kind: str
    why: str
    notice_ends_on: date | None
    due_until_exit: bool
    basis: Basis

    @property
    def rule(self) -> str:
        """The rule retained, in French."""
        return EXITS[self.kind]

    @property
    def article(self) -> str:
        return self.basis.article


@dataclass(frozen=True, slots=True)
class Outcome:
    """What leaving costs: an amount in euros, `not_applicable` (nothing is left early) or refused, with the reasons.

    `committed_until` is the first day, from the one asked, on which one may leave at no cost, as far as it is known.
    """

    outcome: str
    why: str
    amount: Fraction | None = None
    reasons: tuple[Reason, ...] = ()
    committed_until: date | None = None
    basis: Basis = NO_BASIS

    @property
    def is_amount(self) -> bool:
        return self.outcome == AMOUNT

    @property
    def article(self) -> str:
        return self.basis.article


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event: notice, renewal, free_exit, maximum, term or express, with its French sentence and its articles."""

    on: date
    kind: str
    label: str
    basis: Basis

    @property
    def article(self) -> str:
        return self.basis.article


# ---------------------------------------------------------------- effect


def effect_of(
    convention: Convention, *, signed_on: date | None, chosen_on: date | None = None, decided_on: date | None = None,
    offer: str | None = None,
) -> date:  # fmt: skip
    """Return the date of effect by the rule of the block (MEM-09, AMB-10).

    `signed_on` is the day of the last signature, `chosen_on` the date of the form, `decided_on` that of the council.
    « la plus tardive » without a chosen date is the signature. « effet le 01/01/2024 » is that day, or the latest of the
    signature and the chosen date when one comes after: an effect before the signature is never presumed. « 1er janvier suivant
    la décision », decided on 1 January, is the next year’s. A silent block leaves the date to the parties: the chosen one.
    Raises Refused when a date the rule needs is not given, and when the convention has ended by then.
    """
    rule = membership_of(convention, offer)
    _check_days(rule, signed_on, chosen_on, decided_on)

    def given(day: date | None, what: str) -> date:
        if day is None:
            raise refusal(rule, "missing", what)
        return day

    if rule.effect == "next" and rule.effect_day is not None:
        decided = given(decided_on, "la date de la décision")
        effect_on = next_day_like(decided, rule.effect_day.day, rule.effect_day.month)
    elif rule.effect == "chosen":
        effect_on = given(chosen_on, "la date d’effet choisie")
    elif rule.effect == "":
        effect_on = given(chosen_on, "la date d’effet choisie, car la convention ne dit pas quand l’adhésion prend effet")
    else:
        signed = given(signed_on, "la date de signature")
        others = () if rule.effect == "signature" else (chosen_on, rule.effect_on)
        effect_on = max([signed, *filter(None, others)])
    _check_effect(rule, effect_on)
    return effect_on


def _check_effect(rule: Membership, effect_on: date) -> None:
    _check_days(rule, effect_on)
    last = end_of(rule, effect_on)[0]
    if last is not None and last < effect_on:
        text = f"l’adhésion ne peut prendre effet le {french_date(effect_on)} : la convention a pris fin le {french_date(last)}"
        raise refusal(rule, "impossible", text)


def _check_days(rule: Membership, *days: date | None) -> None:
    """Refuse a day that is not one of a calendar people use: a slip of the hand, such as the year 0204."""
    for day in days:
        if day is not None and not FIRST_DATED <= day.year <= LAST_DATED:
            text = f"le {french_date(day)} n’est pas possible : les dates vont de {FIRST_DATED} à {LAST_DATED}"
            raise refusal(rule, "impossible", text)


# ---------------------------------------------------------------- term


def term_of(convention: Convention, effect_on: date, *, offer: str | None = None, until: date | None = None) -> Term:
    """Return the renewals, the end and the notice days of a membership from its date of effect (T-24, T-36, AMB-25, AMB-45).

    The first period lasts the duration, or to the term when the block has no duration; a maximum counts the first period
    in; a term beside a duration bounds everything, whichever comes first. Renewals are listed up to `until`, that day
    included; without it, all of them, or ten years of them when the membership has no maximum.
    Raises Refused when the convention is silent or has ended before the effect.
    """
    rule = membership_of(convention, offer)
    _check_effect(rule, effect_on)
    ends_on, ends_by = end_of(rule, effect_on)
    last = until or ends_on or months_later(effect_on, HORIZON_MONTHS)
    renewals = takewhile(lambda found: found.renews_on <= last, renewals_of(rule, effect_on))
    express = ends_on if rule.express or ends_by == "maximum" else None
    return Term(effect_on, tuple(renewals), ends_on, ends_by, express, basis_of(convention, rule), rule)


# ---------------------------------------------------------------- exit


def exit_of(
    convention: Convention, *, received_on: date, effect_on: date, waiver_on: date | None = None, offer: str | None = None,
    reading: str | None = None,
) -> Exit:  # fmt: skip
    """Return the last day of a membership after a notice, and why (MEM-23, MEM-24, AMB-11, T-37).

    `received_on` is the day the registered letter was received; the notice runs from it date to date, to the last day of the
    month when the month is shorter (29/02/2024 and 12 months: 28/02/2025). `waiver_on` is the exit that both parties signed.
    `reading` replaces the reading retained where the block says « sortie selon AMB-… »: de_date_à_date, fin_de_période.
    A block that names no exit rule is read date to date. A membership that ends by itself sooner ends on that day.
    Raises Refused when the block is silent on notice, has no waiver, leaves its reading to settle or does not have the one
    asked, and when the dates cannot be.
    """
    rule = membership_of(convention, offer)
    exit_rule = _exit_rule(convention, rule, reading)
    _check_days(rule, received_on, waiver_on)
    term = term_of(convention, effect_on, offer=offer)
    if term.ends_on is not None and received_on > term.ends_on:
        raise refusal(rule, "impossible", f"l’adhésion a déjà pris fin le {french_date(term.ends_on)}")
    if waiver_on is not None:
        found = _waived(term, received_on, waiver_on)
    elif exit_rule is None:
        raise refusal(rule, "settle", f"{rule.exit_by}, sortie de date à date ou à la fin de la période", rule.exit_by or "")
    else:
        found = _after_notice(replace(term, basis=basis_of(convention, rule, rule.exit_by)), received_on, exit_rule)
    if found.on < effect_on:
        text = f"la sortie du {french_date(found.on)} précède la date d’effet de l’adhésion, le {french_date(effect_on)}"
        raise refusal(rule, "impossible", text)
    if term.ends_on is not None and found.on > term.ends_on:
        why = f"l’adhésion prend fin d’elle-même le {french_date(term.ends_on)}, avant le {french_date(found.on)}"
        return replace(found, on=term.ends_on, kind="term", why=why)
    return found


def _exit_rule(convention: Convention, rule: Membership, reading: str | None) -> str | None:
    """Return to_date or period_end, or None while the reading is left to settle."""
    found = reading_of(convention, rule, rule.exit_by, reading)
    if rule.exit_by is None:
        return rule.exit_rule or "to_date"
    return EXIT_RULES[found] if found is not None else None


def _waived(term: Term, received_on: date, waiver_on: date) -> Exit:
    rule = term.rule
    if not rule.waiver:
        text = "la convention ne prévoit pas d’accord écrit des deux parties pour abréger le préavis"
        raise refusal(rule, "forbidden", text)
    if waiver_on < received_on:
        early = f"la sortie au {french_date(waiver_on)}, avant la réception de la lettre le {french_date(received_on)}"
        raise refusal(rule, "impossible", f"l’accord fixe {early}")
    return Exit(waiver_on, "waiver", "accord écrit et signé des deux parties", None, rule.due_until_exit, term.basis)


def _after_notice(term: Term, received_on: date, exit_rule: str) -> Exit:
    rule = term.rule
    if rule.notice_months is None:
        free = f" ; elle permet de sortir sans frais le {listed([french_date(day) for day in rule.free_exits])}"
        raise refusal(rule, "unsaid", "la convention ne dit rien du préavis" + (free if rule.free_exits else ""))
    run_on = months_later(received_on, rule.notice_months)
    notice = f"préavis de {duration_text(rule.notice_months)}" if rule.notice_months else "sans préavis"
    why = f"{notice}, à compter de la réception le {french_date(received_on)}"
    if exit_rule == "to_date":
        return Exit(run_on, exit_rule, f"{why}, de date à date", run_on, rule.due_until_exit, term.basis)
    last = period_end(rule, term.effect_on, run_on)
    why += f" : écoulé le {french_date(run_on)}, sortie à la fin de la période"
    return Exit(last, exit_rule, why, run_on, rule.due_until_exit, term.basis)


# ---------------------------------------------------------------- what leaving costs


def cost_of_leaving(
    convention: Convention, on: date, *, offer: str | None = None, effect_on: date | None = None, reading: str | None = None
) -> Outcome:
    """Return what it costs that a day be the last of a membership (MEM-19, AMB-40, T-38). Never raises Refused.

    Nothing on a day or for an offer « sans frais »; not applicable where nothing is left early: on the last day of the
    membership, of a period when `effect_on` is given, or later. Otherwise the block says it is to be decided by an act, or says
    nothing, and both are refused: a cost is never made up. `reading` replaces the one retained by « sortie anticipée selon … ».
    """
    try:
        rule = membership_of(convention, offer)
        cost_reading = reading_of(convention, rule, rule.early_exit_by, reading)
        _check_days(rule, on)
        if effect_on is not None:
            _check_effect(rule, effect_on)
            if on < effect_on:
                raise refusal(rule, "impossible", f"l’adhésion ne prend effet que le {french_date(effect_on)}")
    except Refused as found:
        return Outcome(REFUSED, str(found), reasons=(found.reason,))
    basis = basis_of(convention, rule, rule.early_exit_by)
    ended = end_of(rule, effect_on)[0] if effect_on is not None else _known_end(rule)
    if ended is not None and on > ended:
        return Outcome(NOT_APPLICABLE, f"l’adhésion a pris fin le {french_date(ended)}", basis=basis)
    until = _way_out(rule, on, effect_on)
    free = ""
    if offer is not None and {offer, convention.model.book.offers[offer].group} & {*rule.free_offers}:
        free = f"sortie sans frais pour l’offre {offer}"
    elif on in rule.free_exits:
        free = f"sortie sans frais le {french_date(on)}"
    elif until == on:
        return Outcome(NOT_APPLICABLE, f"l’engagement finit le {french_date(on)}", committed_until=on, basis=basis)
    elif cost_reading == "sans_frais":
        free = f"sortie sans frais ({rule.early_exit_by})"
    if free:
        return Outcome(AMOUNT, free, Fraction(0), committed_until=on, basis=basis)
    reason = _why_no_cost(rule, cost_reading, f"sortie le {french_date(on)}" + _committed(until))
    return Outcome(REFUSED, str(reason), reasons=(reason,), committed_until=until, basis=basis)


def _committed(until: date | None) -> str:
    return f", engagement jusqu’au {french_date(until)}" if until is not None else ""


def _why_no_cost(rule: Membership, reading: str | None, leaving: str) -> Reason:
    """Say why a departure that is not free has no amount: to settle, to be decided, or not in the text."""
    articles = rule.margin.articles
    if rule.early_exit_by is not None and reading is None:
        return Reason("settle", f"{rule.early_exit_by}, {leaving}", articles=articles, subject=rule.early_exit_by)
    if rule.early_exit is not None:
        return Reason("decide", f"{leaving} : {rule.early_exit or 'la convention ne donne pas son coût'}", articles=articles)
    said = "dit seulement que les sommes sont dues jusqu’à la sortie" if rule.due_until_exit else "ne dit pas son coût"
    return Reason("unsaid", f"{leaving} : la convention {said}", articles=articles)


def _known_end(rule: Membership) -> date | None:
    """Return the day after which no membership is left, whatever its effect; None when the block has none."""
    return rule.term if rule.duration_months or not rule.renewal_months else None


def _way_out(rule: Membership, on: date, effect_on: date | None) -> date | None:
    """Return the first day from one on at which nothing is left early: a free exit, the term, the end of a period."""
    days = [day for day in (*rule.free_exits, rule.term) if day is not None and day >= on]
    if effect_on is not None:
        days.append(period_end(rule, effect_on, on))
    return min(days, default=None)


# ---------------------------------------------------------------- calendar

_ORDER = ("notice", "renewal", "free_exit", "maximum", "express", "term")


def calendar_of(
    convention: Convention, effect_on: date, *, offer: str | None = None, until: date | None = None
) -> tuple[Event, ...]:
    """Return the dated events of a membership in order: notice days, renewals, free exits, express renewal, last day.

    `until` bounds them, that day included; without it, up to the end, or ten years when there is none. A notice day that
    precedes the effect is left out: nobody could give that notice. Raises Refused as `term_of` does.
    """
    rule = membership_of(convention, offer)
    last = until or term_of(convention, effect_on, offer=offer).ends_on or months_later(effect_on, HORIZON_MONTHS)
    term = term_of(convention, effect_on, offer=offer, until=months_later(last, (rule.notice_months or 0) + 1))
    events = [event for renewal in term.renewals for event in _renewal_events(term, renewal)]
    events += [_event(term, day, "free_exit", "Sortie sans frais possible ce jour") for day in rule.free_exits]
    if term.express_due_on is not None:
        reached = f"Maximum de {duration_text(rule.maximum_months or 0)} atteint : " if term.ends_by == "maximum" else ""
        text = f"{reached}dernier jour pour décider le renouvellement exprès"
        kind = "maximum" if reached else "express"
        events.append(_event(term, term.express_due_on, kind, text[0].upper() + text[1:]))
    if term.ends_on is not None:
        events.append(_event(term, term.ends_on, "term", "Dernier jour de l’adhésion"))
    kept = [event for event in events if effect_on <= event.on <= min(last, term.ends_on or last)]
    return tuple(sorted(kept, key=lambda event: (event.on, _ORDER.index(event.kind), event.label)))


def _renewal_events(term: Term, renewal: Renewal) -> Iterator[Event]:
    if renewal.notice_by is not None:
        text = f"Dernier jour pour recevoir un préavis avant la reconduction du {french_date(renewal.renews_on)}"
        yield _event(term, renewal.notice_by, "notice", text)
    yield _event(term, renewal.renews_on, "renewal", f"Reconduction tacite jusqu’au {french_date(renewal.ends_on)}")


def _event(term: Term, on: date, kind: str, label: str) -> Event:
    return Event(on, kind, label, term.basis)
