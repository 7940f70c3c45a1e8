"""What members hold: their choices as the engine reads them, what stands against new ones, how many hold each offer (MEM-38)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Q

from communis.agreements.enums import StepKind
from communis.agreements.examined import Bearer, bearer, bearers_of, decisions_of
from communis.agreements.models import (
    Adoption,
    Agreement,
    Choice,
    ChoiceForm,
    Examination,
    Membership,
    PriceAct,
    Resolution,
    Signature,
    Step,
    Version,
)
from communis.agreements.reading import families_reading, family_of, offer_label, tariff_of
from communis.catalog.conventions import read_once
from communis.catalog.inputs import BORN, READ_FROM, enrolled_inputs_of
from communis.foundation.keeping import kept_until_changed
from communis.kit.formats import euros
from communis.tariff import Convention, Tables, compute
from communis.tariff.calendar import FIRST_DATED, ONE_DAY
from communis.tariff.interpreter.values import AMOUNT
from communis.tariff.language.rules import Offer
from communis.tariff.membership.blocks import known_offer
from communis.tariff.membership.refusals import Objection, refusals_at_entry
from communis.tariff.rendering.content import content_of
from communis.tariff.tables.records import Chosen, FactRow
from communis.tariff.wording import readable

REPORT_STEP = "remis_le"  # the steps of offers that date the delivery of an audit end so
PREREQUISITES = "prérequis_satisfaits"  # the fact by which a tariff asks whether the prerequisites of an offer hold
DECIDE, OUT_OF_SCALE = "decide", "out_of_scale"
READ = (
    *READ_FROM, Agreement, Version, PriceAct, Membership, Adoption, ChoiceForm, Choice, Step, Signature, Resolution, Examination,
)  # fmt: skip
"""What the choices of all rest on, beside what is born."""
UNDATED = "no_tariff"  # before the version had a tariff: a service taken over mid-life is entered all the same (MEM-40)


@dataclass(frozen=True, slots=True)
class Span:
    """An offer held by a member from a day to a day, whatever the number of forms that said so."""

    membership: int
    organization: int
    offer: str
    first: date
    last: date | None
    act: str = ""
    steps: Mapping[str, date] = field(default_factory=dict)
    agreement: int = 0

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def spans_of(agreements: Collection[int] | None = None) -> list[Span]:
    """Return what members hold or held, offer by offer; two forms in a row that keep an offer make one span."""
    rows = Choice.objects.unscoped().filter(form__membership__effect_on__isnull=False)
    if agreements is not None:
        rows = rows.filter(form__membership__agreement__in=list(agreements))
    rows = rows.select_related("form__membership", "form__decided_by").order_by(
        "form__membership__organization", "offer", "form__starts_on", "pk"
    )
    dated = _steps()
    found: list[Span] = []
    for choice in rows:
        span = _span(choice, dated)
        before = found[-1] if found else None
        if span is None:
            continue
        if before and before.last and (before.organization, before.offer, before.last + ONE_DAY) == (
            span.organization, span.offer, span.first
        ):  # fmt: skip
            found[-1] = replace(before, membership=span.membership, last=span.last)
        else:
            found.append(span)
    return found


def _span(choice: Choice, dated: Mapping[int, Mapping[str, date]]) -> Span | None:
    form, membership = choice.form, choice.form.membership
    first = max(choice.starts_on, form.starts_on, membership.effect_on)
    ends = [day for day in (form.ends_on, membership.ends_on) if day is not None]
    last = min(ends, default=None)
    if last is not None and last < first:
        return None
    steps = dict(dated.get(membership.pk, {}))
    if form.decided_by is not None:
        steps |= {name: day for name, day in days_of(form.decided_by).items() if day is not None}
    return Span(membership.pk, membership.organization_id, choice.offer, first, last, str(form.decided_by or ""), steps,
                membership.agreement_id)  # fmt: skip


def days_of(act: object) -> dict[str, date | None]:
    """Return the days of an act as the engine names them."""
    return {"décidée_le": getattr(act, "session_on", None), "exécutoire_le": getattr(act, "executory_on", None)}


def _steps() -> dict[int, dict[str, date]]:
    """Return the days of each membership as the engine names them: decided, executory, signed, audit delivered."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    kinds = (StepKind.VOTED, StepKind.AUDITED)
    for step in Step.objects.unscoped().filter(kind__in=kinds).select_related("decided_by").order_by("on", "id"):
        if step.kind == StepKind.AUDITED:
            found[step.membership_id][REPORT_STEP] = step.on
        elif step.decided_by is not None:
            found[step.membership_id] |= {name: day for name, day in days_of(step.decided_by).items() if day is not None}
    signed = Signature.objects.unscoped().values_list("membership_id").annotate(last=Max("on"))
    for membership, last in signed:
        found[membership]["signée_le"] = last
    return found


def steps_for(offer: Offer, steps: Mapping[str, date]) -> dict[str, date]:
    """Return the steps that an offer reads: those of every choice, and the delivery of an audit under the name it gives."""
    named = {name: day for name, day in steps.items() if name != REPORT_STEP}
    report = steps.get(REPORT_STEP)
    return named | ({name: report for name in offer.steps if name.endswith(REPORT_STEP)} if report is not None else {})


# ------------------------------------------------------------ the tables of the engine


@dataclass(frozen=True, slots=True)
class Known:
    """The tables of the pool with the choices of all members, and the rank of each organization among them."""

    convention: Convention
    tables: Tables
    ranks: Mapping[int, int]


def tables_with_choices(version: Version, spans: Sequence[Span] | None = None) -> Known:
    """Return the tables of the pool for the tariff of a version, its prices of today, with what each member holds (MEM-38)."""
    return _holding(tariff_of(version), family_of(version.agreement_id), spans)


def tables_kept(version: Version) -> Known:
    """Return the tables of the pool with what all hold, made once as long as nothing that they rest on has changed."""
    return _kept(tariff_of(version), version.agreement_id)


def tables_holding(text: str) -> Tables:
    """Return the tables of the pool with what all hold, for the text of a convention; asked by the catalogue."""
    return _kept(text, None).tables


@kept_until_changed(*READ, born=BORN, size=16)
def _kept(tariff: str, agreement: int | None) -> Known:
    known = _holding(tariff, family_of(agreement) if agreement is not None else families_reading(tariff))
    return replace(known, tables=known.tables.knowing(()))  # choices are then indexed once for all that is asked of them


def _holding(tariff: str, family: frozenset[int], spans: Sequence[Span] | None = None) -> Known:
    convention = read_once(tariff)
    inputs = enrolled_inputs_of(convention)
    ranks = inputs.organizations
    held = spans_of(family) if spans is None else [span for span in spans if span.agreement in family]
    tables = inputs.tables.holding(chosen_of(convention, held, ranks))
    return Known(convention, replace(tables, decisions=decisions_of(convention, ranks, family)), ranks)


def chosen_of(convention: Convention, spans: Iterable[Span], ranks: Mapping[int, int]) -> list[Chosen]:
    offers = convention.model.book.offers
    return [
        Chosen(ranks[s.organization], s.offer, s.first, s.last, s.act, steps_for(offers[s.offer], s.steps))
        for s in spans if s.offer in offers and s.organization in ranks
    ]  # fmt: skip


@kept_until_changed(*READ)
def holders_on(day: date, agreement: int | None) -> dict[str, frozenset[int]]:
    """Return the organizations that hold each offer on a day, by their own choice (MEM-38)."""
    found: dict[str, set[int]] = defaultdict(set)
    for span in spans_of(None if agreement is None else (agreement,)):
        if span.holds(day):
            found[span.offer].add(span.organization)
    return {offer: frozenset(holders) for offer, holders in found.items()}


def counted_with_included(convention: Convention | None, holders: Mapping[str, frozenset[int]]) -> dict[str, int]:
    """Return how many members hold each offer, by their own choice or because it comes with one that they chose (MEM-38)."""
    found: dict[str, set[int]] = defaultdict(set)
    for offer, members in holders.items():
        book = convention.model.book if convention is not None else None
        for one in {offer, *(book.included(offer) if book is not None and offer in book.offers else ())}:
            found[one] |= members
    return {offer: len(members) for offer, members in found.items()}


def offers_of(memberships: Iterable[int], day: date) -> dict[int, list[str]]:
    """Return the offers of the form in force of each membership, or of its last form: one query for all.

    What begins after the last day of a membership is never held.
    """
    reached = Q(form__membership__ends_on=None) | Q(starts_on__lte=F("form__membership__ends_on"))
    rows = Choice.objects.unscoped().filter(reached, form__membership__among=memberships).order_by("form__starts_on", "pk")
    forms: dict[int, dict[tuple[date, date | None], list[str]]] = defaultdict(dict)
    for key, first, last, offer in rows.values_list("form__membership", "form__starts_on", "form__ends_on", "offer"):
        forms[key].setdefault((first, last), []).append(offer)
    found = {}
    for key, by_period in forms.items():
        now = [offers for (first, last), offers in by_period.items() if first <= day and (last is None or day <= last)]
        found[key] = now[0] if now else list(by_period.values())[-1]
    return found


def is_proposed(offer: Offer, on: date) -> bool:
    """Tell whether an offer may be chosen on a day: one that is closed, or only announced, is for those who hold it (CAT-19)."""
    return not offer.announced and (offer.closed is None or on < offer.closed)


def offers_open(convention: Convention, held: Collection[str], on: date) -> dict[str, Offer]:
    """Return the offers that a member may tick on a day: those proposed then, and those it holds."""
    offers = convention.model.book.offers
    return {name: offers[name] for name in convention.model.book.offers_in("") if name in held or is_proposed(offers[name], on)}


# ------------------------------------------------------------ what stands against choices


@dataclass(frozen=True, slots=True)
class Answer:
    """What the convention says of choices: refusals, what an act must decide (by offer), alerts that stop nothing."""

    refused: tuple[str, ...] = ()
    to_decide: Mapping[str, str] = field(default_factory=dict)
    alerts: tuple[str, ...] = ()


def answer_to(
    version: Version, membership: Membership, wanted: Mapping[str, date], *, on: date, steps: Mapping[str, date | None]
) -> Answer:
    """Ask the engine about each offer wanted from a day on, the others of the form supposed to be held (CAT-02, CAT-14, MEM-22).

    Offers kept from the former form are asked for their composition alone: what is asked « à l’adhésion » was asked then.
    """
    spans = spans_of(family_of(version.agreement_id))
    known = tables_with_choices(version, spans)
    member = known.ranks.get(membership.organization_id)
    if member is not None and version.edition_id is not None:
        known = replace(known, tables=known.tables.knowing(told_apart(known.convention, member)))
    if member is None:
        return Answer(refused=(f"La convention ne reconnaît pas {membership.organization} : vérifiez le type sur sa fiche.",))
    kept = {s.offer for s in spans if s.organization == membership.organization_id and s.holds(on - ONE_DAY)}
    given = {name: day for name, day in steps.items() if day is not None}
    others = [replaced for s in spans if (replaced := _left(s, membership, on)) is not None]
    asking = _Asking(known, member, others, wanted, given)
    refused: list[str] = []
    alerts: list[str] = []
    decide: dict[str, str] = {}
    for offer, day in wanted.items():
        for one in asking.objections(offer, day):
            told = told_of(one)
            if offer in kept and one.rule not in known.convention.model.book.offers:
                continue
            if one.warns or not one.certain or all(reason.kind == UNDATED for reason in one.reasons):
                alerts.append(told)
            elif all(reason.kind == DECIDE for reason in one.reasons):
                decide[offer] = told
            else:
                refused.append(told)
        if offer not in kept and offer not in decide and not refused and (words := asking.outside_scale(offer, day)):
            decide[offer] = words
    return Answer(tuple(dict.fromkeys(refused)), decide, tuple(dict.fromkeys(alerts)))


def told_apart(convention: Convention, member: int) -> Iterator[FactRow]:
    """Yield the prerequisites as holding: the findings of the catalogue tell those that do not, and their way out (CAT-15)."""
    if PREREQUISITES in convention.model.book.facts:
        for offer in convention.model.book.offers:
            yield FactRow(PREREQUISITES, member, offer, True, "", date(FIRST_DATED, 1, 1), None, None)


def told_of(one: Objection) -> str:
    """Return the sentence of an objection, with its article."""
    said = readable(str(one))
    where = f" ({one.article})" if one.article and one.article not in said else ""
    return f"{said[:1].upper()}{said[1:].rstrip('.')}{where}."


def _left(span: Span, membership: Membership, on: date) -> Span | None:
    """Return what is left of a span when the member’s former choices end on the eve."""
    if span.organization != membership.organization_id or span.membership != membership.pk:
        return span
    if span.first >= on:
        return None
    return span if span.last is not None and span.last < on else replace(span, last=on - ONE_DAY)


@dataclass(frozen=True, slots=True)
class _Asking:
    known: Known
    member: int
    others: list[Span]
    wanted: Mapping[str, date]
    steps: Mapping[str, date]

    def tables(self, but: str) -> Tables:
        offers = self.known.convention.model.book.offers
        held = chosen_of(self.known.convention, self.others, self.known.ranks)
        held += [
            Chosen(self.member, o, day, None, "", steps_for(offers[o], self.steps)) for o, day in self.wanted.items() if o != but
        ]
        return self.known.tables.holding(held)

    def alone(self, offer: str, day: date) -> Tables:
        """Return the tables in which the member holds this one offer."""
        held = [c for c in chosen_of(self.known.convention, self.others, self.known.ranks) if c.member != self.member]
        steps = steps_for(self.known.convention.model.book.offers[offer], self.steps)
        return self.known.tables.holding([*held, Chosen(self.member, offer, day, None, "", steps)])

    def objections(self, offer: str, day: date) -> tuple[Objection, ...]:
        book = self.known.convention.model.book
        if book.offers[offer].always:  # held by all: taking it needs nothing
            return ()
        steps = steps_for(book.offers[offer], self.steps)
        return refusals_at_entry(self.known.convention, self.tables(offer), self.member, offer, day, steps=steps)

    def outside_scale(self, offer: str, day: date) -> str:
        """Say what an act must decide when the scale gives no amount for the offer: « hors barème : examen approfondi »."""
        convention = self.known.convention
        year = convention.model.calendar.year_of(day)
        result = compute(convention, self.alone(offer, day), year, verify=False, members={self.member})
        if not any(statement.member == self.member for statement in result.statements):
            return ""
        for row in content_of(result, self.member).refusals:
            for reason in row.line.reasons:
                if reason.kind in (DECIDE, OUT_OF_SCALE):
                    return f"{row.label} : {reason}."
        return ""


def price_unborne(version: Version, membership: Membership, offer: str, line: str, on: date) -> str:
    """Say why a price set by an act on a day would change nothing of what is owed; nothing when a line bears it (MEM-22)."""
    convention = version.convention
    if convention is None:
        return ""
    label, lines = offer_label(version, offer), bearers_of(convention, offer)
    if not lines:
        return (
            f"Aucune ligne du tarif ne peut porter un prix par an pour « {label} » : l’offre n’a pas de ligne à elle, ou ses "
            "lignes se comptent prestation par prestation. Laissez le montant en blanc et écrivez la décision, ou faites voter "
            "un avenant."
        )
    found, listed = bearer(convention, offer, line), " ; ".join(f"« {one.label} »" for one in lines)
    if found is None and line:
        return f"Cette ligne n’est pas de « {label} », dont les lignes sont : {listed}. Choisissez l’une d’elles."
    if found is None:
        return f"« {label} » a plusieurs lignes : {listed}. Choisissez celle que ce prix remplace."
    given = _scaled(version, membership, offer, found, on)
    if given is None:
        return ""
    return (
        f"Le barème donne déjà {euros(given)} pour « {found.label} » : un acte ne fixe un prix que là où le tarif le laisse à "
        "décider. Choisissez une autre ligne, laissez le montant en blanc, ou changez le barème par un avenant."
    )


def _scaled(version: Version, membership: Membership, offer: str, bearing: Bearer, on: date) -> Decimal | None:
    """Return what the tariff itself gives a line in the exercise of a day, were the member to hold this one offer from it."""
    known = tables_kept(version)
    member = known.ranks.get(membership.organization_id)
    if member is None:
        return None
    tables = _Asking(known, member, spans_of(family_of(version.agreement_id)), {}, {}).alone(offer, on)
    year = known.convention.model.calendar.year_of(on)
    for statement in compute(known.convention, tables, year, verify=False, members={member}).statements:
        for line in statement.lines:
            if (line.member, line.name, line.offer) == (member, bearing.name, bearing.offer):
                is_given = line.outcome == AMOUNT and line.decision is None
                return Decimal(line.amount.numerator) / line.amount.denominator if is_given else None
    return None


def wanted_alone(convention: Convention, wanted: Mapping[str, date]) -> tuple[dict[str, date], tuple[str, ...]]:
    """Return the offers without those that come with another one, and the sentences that say so. Raises Refused when unknown."""
    offers = convention.model.book.offers
    for name in wanted:
        known_offer(convention, name)
    with_others = {inner: outer for outer in wanted for inner in convention.model.book.included(outer) if inner != outer}
    told = tuple(
        f"« {offers[inner].label or inner} » vient avec « {offers[outer].label or outer} »."
        for inner, outer in with_others.items() if inner in wanted
    )  # fmt: skip
    return {name: day for name, day in wanted.items() if name not in with_others}, told
