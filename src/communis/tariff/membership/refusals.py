"""What stands against an offer being taken or left on a day: rules of composition, refusals « à l’adhésion », « à la sortie ».

Asked for one member, before anything is written: the offer is supposed to be held, or left, and every rule is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from communis.tariff.calendar import FIRST_DATED, LAST_DATED, ONE_DAY, french_date
from communis.tariff.convention import Convention
from communis.tariff.interpreter.exact import Exact
from communis.tariff.interpreter.facts import Reader
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.readings import deciding
from communis.tariff.interpreter.values import Context, Reason, Value
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import OFFER
from communis.tariff.membership.blocks import Basis, Refused, basis_of, known_offer
from communis.tariff.tables.records import Chosen, Tables

Steps = Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Objection:
    """What stands against a request, and what it rests on; `str()` is the French sentence.

    `rule` names the refusal of the convention, or the offer whose rules of composition speak. `warns` tells an alert, which
    stops nothing; `certain` is False when the rule could not be checked, and the reasons say what is missing.
    """

    rule: str
    label: str
    reasons: tuple[Reason, ...]
    warns: bool
    certain: bool
    basis: Basis

    def __str__(self) -> str:
        if self.warns and self.certain:
            return self.reasons[0].said
        said = " ; ".join(map(str, self.reasons))
        return said if self.certain else f"« {self.label or self.rule} » ne se vérifie pas : {said}"

    @property
    def article(self) -> str:
        return self.basis.article


def refusals_at_entry(
    convention: Convention, tables: Tables, member: int, offer: str, on: date, *,
    steps: Steps | None = None, readings: Mapping[str, str] | None = None,
) -> tuple[Objection, ...]:  # fmt: skip
    """Return all that stands against a member taking an offer with effect on a day (CAT-02, CAT-14, CAT-22, T-28).

    The rules of composition of the offer and of those it includes come first, then the refusals and alerts « à l’adhésion »,
    then the refusals that would stop what is billed, all in the order of the file; none at all means that it may be taken.
    Facts « à la date de l’événement » are read on that day; `steps` gives the other dates of the request, such as `décidée_le`.
    Raises Refused for an unknown offer, and when the question has no sense: the member is not there, or holds it already.
    """
    known_offer(convention, offer)
    _check_present(tables, member, on)
    rule = convention.model.book.offers[offer]
    if rule.closed is not None and on >= rule.closed:
        return (_own(convention, rule, f"« {rule.label or offer} » est fermé depuis le {french_date(rule.closed)}"),)
    held = Reader(convention.model, tables).all_held(member, offer)
    before = next((c for c in held if c.last is None or c.last >= on), None)
    if before is not None:
        raise _impossible(f"« {rule.label or offer} » est déjà choisi à compter du {french_date(before.first)}", rule)
    asked = Chosen(member, offer, on, None, "demande", dict(steps or {}))
    desk = _Desk(convention, tables.holding([*tables.choices, asked], member=member), member, on, readings)
    return (*desk.composed(offer), *desk.refused(offer, ("joining", "always")))


def refusals_at_exit(
    convention: Convention, tables: Tables, member: int, offer: str, on: date, *,
    received_on: date | None = None, readings: Mapping[str, str] | None = None,
) -> tuple[Objection, ...]:  # fmt: skip
    """Return all that stands against a day being the last on which a member holds an offer (MEM-19, AMB-40, T-38).

    The offers still held that need this one come first, then the refusals and alerts « à la sortie ». `on` is read as
    `sortie.demandée_le`, `received_on` (when the letter was received) as `sortie.reçue_le`. What leaving costs is asked of
    `cost_of_leaving`, and the day after a notice of `exit_of`.
    Raises Refused for an unknown offer, and when the member does not hold it on that day.
    """
    known_offer(convention, offer)
    _check_present(tables, member, on)
    rule = convention.model.book.offers[offer]
    held = Reader(convention.model, tables).all_held(member, offer)
    here = [c for c in held if c.first <= on and (c.last is None or on <= c.last)]
    if not here:
        raise _impossible(f"« {rule.label or offer} » n’est pas tenu le {french_date(on)}", rule)
    if here[0].offer != offer or here[0] not in tables.choices:
        whole = convention.model.book.offers[here[0].offer]
        why = f"vient avec « {whole.label or whole.name} »" if whole.name != offer else "est toujours tenu"
        raise _impossible(f"« {rule.label or offer} » {why} : il ne se quitte pas seul", rule)
    left = [_left(chosen, on) if (chosen.member, chosen.offer) == (member, offer) else chosen for chosen in tables.choices]
    desk = _Desk(convention, tables, member, on, readings)
    desk.exact.exit = {"demandée_le": on} | ({"reçue_le": received_on} if received_on is not None else {})
    after = _Desk(convention, tables.holding(left, member=member), member, on, readings)
    return (*after.needing(offer, on + ONE_DAY), *desk.refused(offer, ("leaving",)))


def _left(chosen: Chosen, on: date) -> Chosen:
    return replace(chosen, last=on) if chosen.first <= on and (chosen.last is None or chosen.last > on) else chosen


def _check_present(tables: Tables, member: int, on: date) -> None:
    who = tables.members[member]
    if not FIRST_DATED <= on.year <= LAST_DATED:
        text = f"le {french_date(on)} n’est pas possible : les dates vont de {FIRST_DATED} à {LAST_DATED}"
    elif who.host:
        text = f"{who.name} est le gestionnaire : il n’adhère pas à ses offres"
    elif not who.exists(on, on):
        text = f"{who.name} n’existe pas le {french_date(on)}"
    else:
        return
    raise Refused(Reason("impossible", text, who.name))


def _impossible(text: str, rule: r.Offer) -> Refused:
    return Refused(Reason("impossible", text, articles=rule.margin.articles, subject=rule.name))


def _own(convention: Convention, rule: r.Offer, text: str) -> Objection:
    """Say what an offer itself forbids."""
    reason = Reason("forbidden", text, articles=rule.margin.articles, subject=rule.name)
    return Objection(rule.name, rule.label, (reason,), warns=False, certain=True, basis=basis_of(convention, rule))


class _Desk:
    """Looks at a request of one member on a day, over tables in which it is supposed to be granted."""

    def __init__(self, convention: Convention, tables: Tables, member: int, on: date, readings: Mapping[str, str] | None) -> None:
        self.convention = convention
        self.book = convention.model.book
        self.exact = Exact(convention.model, tables, readings=dict(readings or {}))
        self.ledger = Ledger(self.exact)
        self.reader = self.ledger.reader
        self.member = member
        self.on = on
        self.year = convention.model.calendar.year_of(on)

    def context(self, offer: str) -> Context:
        return Context(self.year, self.member, offer, holders=(offer,), event=self.on)

    def composed(self, offer: str) -> Iterator[Objection]:
        """Yield what the rules of composition, and the version, say against the offer that is asked."""
        early = self.ledger.before_version(self.on)
        header = self.book.header
        if early is not None:
            yield self.objection(self.book.offers[offer], early)
        elif header.last is not None and self.on > header.last:
            text = f"la version {header.version} a pris fin le {french_date(header.last)}"
            yield self.objection(self.book.offers[offer], Value("refused", None, (Reason("no_tariff", text),)))
        included = self.reader.included(offer)
        for rule in (self.book.offers[name] for name in included):
            found = [self.ledger.needs(rule, o) for o in rule.requires if not self.reader.holds_on(self.member, o, self.on)]
            found += [self.ledger.shuts_out(rule, o) for o in rule.excludes if self.holds_from(o)]
            if rule.name == offer:
                found += [self.ledger.rivalled(rule, o) for o in self.ledger.rivals(rule) if self.holds_from(o, chosen=True)]
            yield from (self.objection(rule, one) for one in (*found, *self.ledger.not_open(self.member, rule, self.year)))
        for rule in self.book.offers.values():
            if rule.name not in included and self.holds_from(rule.name):
                yield from (self.objection(rule, self.ledger.shuts_out(rule, o)) for o in rule.excludes if o in included)

    def holds_from(self, offer: str, *, chosen: bool = False) -> bool:
        """Tell whether the member holds an offer, or has chosen it itself, on the day asked or a later one."""
        held = (c for c in self.reader.all_held(self.member, offer) if not chosen or c.offer == offer)
        return any(c.last is None or c.last >= self.on for c in held)

    def needing(self, offer: str, day: date) -> Iterator[Objection]:
        """Yield the offers held on a day that need one of those that the member would no longer hold."""
        lost = {o for o in self.reader.included(offer) if not self.reader.holds_on(self.member, o, day)}
        for name, rule in self.book.offers.items():
            if rule.requires and self.reader.holds_on(self.member, name, day):
                for needed in (o for o in rule.requires if o in lost):
                    text = f"« {rule.label or name} », qui reste tenu, exige {self.ledger.quoted(needed)}"
                    yield _own(self.convention, rule, text)

    def refused(self, offer: str, when: Iterable[str]) -> Iterator[Objection]:
        """Yield the refusals and alerts asked at some moments that speak of an offer, or of one that it includes."""
        included = self.reader.included(offer)
        for moment in when:
            for name, rule in self.book.refusals.items():
                told_later = moment == "always" and rule.outcome == "warn"
                if rule.when != moment or told_later or (rule.holders and not set(rule.holders) & set(included)):
                    continue
                asked = [o for o in included if o in rule.holders] or [offer]
                apart = OFFER in self.convention.model.rules[name].axes
                for found in (self.ledger.refusal(name, self.context(o)) for o in (asked if apart else asked[:1])):
                    if found is not None:
                        yield self.objection(rule, found)

    def objection(self, rule: r.Rule, found: Value) -> Objection:
        """Say a refusal, or what prevents knowing it, with what it rests on."""
        certain = found.reasons[0].subject == rule.name or found.reasons[0].kind == "no_tariff"
        basis = basis_of(self.convention, rule, *deciding(found.parts))
        warns = isinstance(rule, r.Refusal) and rule.outcome == "warn"
        return Objection(rule.name, rule.label, found.reasons, warns=warns, certain=certain, basis=basis)
