"""The rules of a convention as its file states them: what `assemble` makes of clauses, what `meaning` gives a type to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from communis.tariff.language.problems import NOWHERE, Place
from communis.tariff.language.syntax import Day, DayOf, Formula, Group, Literal, Margin, Name, Number, Rounding, Year


@dataclass(slots=True)
class Rule:
    """What every rule has: a name, a label of ours, its articles and interpretations, its place in the file.

    `rests_on` holds the interpretations its clauses follow (« prorata selon AMB-02 ») or bear at their right. It is not
    `whole` when a line of it could not be read: what it seems to lack may be there.
    """

    name: str
    label: str
    margin: Margin
    place: Place
    rests_on: tuple[str, ...] = field(default=(), kw_only=True)
    whole: bool = field(default=True, kw_only=True)


@dataclass(slots=True)
class Article(Rule):
    """A place of the text (the name is its reference), its title (the label) and its operative words."""

    words: tuple[str, ...] = ()


@dataclass(slots=True)
class UnitRule(Rule):
    worth: Number | None = None


@dataclass(slots=True)
class Interpretation(Rule):
    """An ambiguity of the text: the reading retained, or None with the reason why it is left to settle."""

    retained: str | None = None
    open_reason: str = ""
    readings: dict[str, str] = field(default_factory=dict)
    articles_of_readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeText:
    """A type as written: unit, yes_no, date, text, section, choice or key, with the unit or the names."""

    kind: str
    unit: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """When a fact or a price is read: on (a day), in (an exercise), event, effect, decision, average, highest, end."""

    kind: str = "on"
    day: DayOf | None = None
    year: Year | None = None


FIRST_DAY = ReadingRule("on", DayOf(Day(1, 1), Year(offset=0)))


@dataclass(slots=True)
class Fact(Rule):
    type: TypeText = TypeText("unit")
    population: str | None = None
    population_by: str | None = None
    reading: ReadingRule | None = None
    published_by: DayOf | None = None
    of_service: bool = False
    offers: str | None = None  # a group, "" for every offer, None when it is not by offer
    yearly: bool = False
    default: Literal | Name | Number | None = None
    lasting: bool = False
    frozen: bool = False


@dataclass(slots=True)
class Field(Rule):
    type: TypeText = TypeText("unit")
    is_event: bool = False
    by_member: bool = False
    optional: bool = False
    rounding: Rounding | None = None
    default: Literal | Name | Number | None = None


@dataclass(slots=True)
class Register(Rule):
    of_member: bool = True
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def event(self) -> Field | None:
        """The field whose date « fait foi »."""
        return next((f for f in self.fields.values() if f.is_event), None)


@dataclass(slots=True)
class Offer(Rule):
    group: str | None = None
    includes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    reserved: Formula | None = None
    opened: date | None = None
    closed: date | None = None
    always: bool = False
    announced: bool = False
    one_of: bool = False
    steps: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Membership(Rule):
    """Effect, duration, renewal, notice and exit, for all offers or for some (MEM-09, MEM-14, MEM-15, MEM-19, MEM-24).

    What the file does not say stays empty: `terms` answers from what is said, or refuses.
    """

    offers: tuple[str, ...] = ()
    effect: str = ""  # signature, chosen, later, next, fixed
    effect_day: Day | None = None
    effect_on: date | None = None
    duration_months: int = 0
    term: date | None = None
    renewal_months: int = 0
    maximum_months: int | None = None
    express: bool = False
    notice_months: int | None = None
    exit_rule: str = ""  # to_date, period_end
    exit_by: str | None = None
    waiver: bool = False
    free_exits: tuple[date, ...] = ()
    free_offers: tuple[str, ...] = ()
    early_exit: str | None = None
    early_exit_by: str | None = None
    due_until_exit: bool = False


@dataclass(frozen=True, slots=True)
class DatedPrice:
    value: Number
    first: date | None
    last: date | None
    act: str
    place: Place


@dataclass(slots=True)
class Parameter(Rule):
    type: TypeText | None = None
    values: list[DatedPrice] = field(default_factory=list)
    to_supply: str | None = None
    reading: ReadingRule | None = None
    revisable: tuple[Day, Year] | None = None
    without_amendment: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval of numbers with open or closed ends, or names: kinds are those of the grammar (b_…)."""

    kind: str
    low: Number | None = None
    high: Number | None = None
    names: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Cell:
    """What a class gives: amount, free, decide, supply, none, name."""

    kind: str
    value: Number | None = None
    text: str = ""
    margin: Margin = field(default_factory=Margin)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Row:
    bounds: tuple[Bound, ...]
    cell: Cell
    place: Place


@dataclass(slots=True)
class ScalePeriod:
    first: date | None
    act: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Scale(Rule):
    progressive: bool = False
    type: TypeText | None = None
    drivers: tuple[Name, ...] = ()  # a name, an interpretation, or `offre` for the current offer
    offers: str | None = None
    periods: list[ScalePeriod] = field(default_factory=list)
    reading: ReadingRule | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """A share of a key: its percentage, the driver (None for equal parts), and the driver that replaces it when it is nil."""

    percent: Number
    driver: Formula | None
    fallback: Formula | None
    place: Place


@dataclass(slots=True)
class Key(Rule):
    among: Group | None = None
    weights: list[Weight] = field(default_factory=list)


@dataclass(slots=True)
class Quantity(Rule):
    type: TypeText | None = None
    offers: str | None = None
    holders: tuple[str, ...] = ()
    rows: str | None = None
    formula: Formula | None = None
    indicator: bool = False


@dataclass(frozen=True, slots=True)
class Billing:
    """When a line falls due: between (two days of an exercise), on (a date by name), year_end, monthly, arrears, after.

    `start` is the first day of an exercise, which `meaning` makes a « between » of that day alone.
    """

    kind: str
    first: Day | None = None
    last: Day | None = None
    year: Year | None = None
    date_name: str = ""
    count: int = 0
    unit: str = ""
    instalments: int = 1
    condition: Formula | None = None
    otherwise: bool = False
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays in the place of the member: the host, or the member it is attached to."""

    who: str  # host, parent
    condition: Formula | None
    place: Place


@dataclass(frozen=True, slots=True)
class Tax:
    """none, out_of_scope, included, per_line, on_total or by_reading, with the rate or the interpretation."""

    kind: str = "none"
    rate: Number | None = None
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Prorata:
    """none, started_months, whole_months, days, days_360, or by_reading with the interpretation."""

    kind: str = "none"
    reading: str = ""


@dataclass(slots=True)
class Line(Rule):
    type: TypeText | None = None
    holders: tuple[str, ...] = ()
    offers: str | None = None
    rows: str | None = None
    yearly: bool = False
    once: str = ""
    section: str = ""  # fonctionnement, investissement, en nature
    section_of: str = ""
    condition: Formula | None = None
    exempt: list[tuple[Formula, Margin]] = field(default_factory=list)
    billed: list[Billing] = field(default_factory=list)
    prorata: Prorata | None = None
    rounding: Rounding | None = None
    tax: Tax | None = None
    adjusts: str = ""
    ways: str = ""
    ways_by: str = ""
    payers: list[Payer] = field(default_factory=list)
    nature: str = ""
    account: str = ""
    first: date | None = None
    last: date | None = None
    act: str = ""
    balance: Formula | None = None
    formula: Formula | None = None


@dataclass(slots=True)
class Credit(Rule):
    source: str = ""
    target: str = ""
    condition: Formula | None = None
    once: bool = False
    floor: Number | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears what a limit cuts or adds: host, others (by a key), member (nobody else: the amount is simply given up)."""

    who: str
    key: Formula | None
    condition: Formula | None
    otherwise: bool
    place: Place


@dataclass(slots=True)
class Limit(Rule):
    kind: str = "cap"  # cap, floor, collar
    lines: tuple[str, ...] = ()
    section: str = ""
    on_total: bool = False
    at_most: Formula | None = None
    at_least: Formula | None = None
    excess: list[Bearer] = field(default_factory=list)
    shortfall: list[Bearer] = field(default_factory=list)
    in_proportion: bool = False
    else_none: bool = False
    warns: bool = False
    condition: Formula | None = None


@dataclass(slots=True)
class Allowance(Rule):
    """Days shared by the holders of an offer and consumed in order of date (AMB-06, AMB-07)."""

    holders: str = ""
    consumed: str = ""
    order: str = ""
    condition: Formula | None = None
    counted: str = "for_all"  # for_all, by_class, by_member, by_reading
    counted_by: str = ""
    quota: Formula | None = None
    carry: Number | None = None
    formula: Formula | None = None


@dataclass(slots=True)
class Refusal(Rule):
    """What is forbidden or to be decided, or (a warning) only told; when billing, on joining or on leaving."""

    holders: tuple[str, ...] = ()
    when: str = "always"  # always, joining, leaving
    condition: Formula | None = None
    outcome: str = "decide"  # decide, forbidden, warn
    text: str = ""


@dataclass(slots=True)
class Example(Rule):
    fictitious: bool = False
    clauses: list[object] = field(default_factory=list)
    words: str = ""


@dataclass(slots=True)
class Header:
    """What the `convention` block states."""

    title: str
    whole: bool = field(default=True, kw_only=True)
    host: str = ""
    version: str = ""
    first: date | None = None
    last: date | None = None
    legal_grounds: tuple[str, ...] = ()
    source: str = ""
    year_first: Day = field(default_factory=lambda: Day(1, 1))
    year_last: Day = field(default_factory=lambda: Day(31, 12))
    rounding: Rounding | None = None
    total_rounding: Rounding | None = None
    remainder: str = "largest"  # largest, host, biggest
    tie: str = "siren"
    prorata: Prorata = Prorata()
    tax: Tax = Tax()
    place: Place = NOWHERE
    rests_on: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by clause: prorata, tax, rounding, remainder

    @property
    def sharing(self) -> str:
        """Return the method of `sharing.shared_with_remainder` that the convention states."""
        return "largest_by_weight" if self.remainder == "largest" and self.tie == "weight" else self.remainder


@dataclass(slots=True)
class Rulebook:
    """All the rules of a file, by kind and by name, in the order of the file."""

    header: Header
    articles: dict[str, Article] = field(default_factory=dict)
    units: dict[str, UnitRule] = field(default_factory=dict)
    interpretations: dict[str, Interpretation] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    credits: dict[str, Credit] = field(default_factory=dict)
    limits: dict[str, Limit] = field(default_factory=dict)
    allowances: dict[str, Allowance] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)

    def named(self) -> dict[str, Rule]:
        """Return every rule that a formula may name."""
        found: dict[str, Rule] = {}
        for rules in (self.facts, self.registers, self.offers, self.parameters, self.scales, self.keys, self.quantities,
                      self.lines, self.credits, self.limits, self.allowances, self.refusals):  # fmt: skip
            found.update(rules)
        return found

    def article(self, reference: str) -> Article | None:
        """Return the article of a reference; « 7.1 (*) » is a note of article 7.1 unless it is declared for itself."""
        return self.articles.get(reference) or self.articles.get(reference.partition(" (")[0])

    def offers_in(self, group: str | None) -> tuple[str, ...]:
        """Return the offers of a group in the order of the file; every offer that is not a group when it is empty."""
        groups = {o.group for o in self.offers.values() if o.group}
        return tuple(n for n, o in self.offers.items() if (o.group == group if group else n not in groups))

    def included(self, name: str) -> tuple[str, ...]:
        """Return an offer and all those it includes, each once."""
        found: dict[str, None] = {}
        pending = [name]
        while pending:
            offer = pending.pop(0)
            if offer not in found and offer in self.offers:
                found[offer] = None
                pending.extend(self.offers[offer].includes)
        return tuple(found)

    def is_group(self, name: str) -> bool:
        return any(o.group == name for o in self.offers.values())
