"""Running the examples of a file: each computes over tables of its own, and is compared with what it expects (TAR-21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from communis.tariff.examples.cells import cell_literal, cell_name, cell_result, inner
from communis.tariff.examples.finding import Found, of_line, of_value
from communis.tariff.examples.given import SINGLE, Case, Unusable, gathering
from communis.tariff.examples.tabled import Tabled
from communis.tariff.interpreter.ledger import Ledger
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED, Context
from communis.tariff.language import syntax as s
from communis.tariff.language.problems import Place
from communis.tariff.meaning.formulas import type_of
from communis.tariff.meaning.tree import OFFER, Model, Node
from communis.tariff.wording import value_text

UNUSABLE = "EXE-02"
Expected: TypeAlias = tuple[tuple[Any, ...], Place]  # a clause that expects something: its target and result, its place


@dataclass(frozen=True, slots=True)
class Failure:
    """What an example does not get: the place of its clause, what it expects and what the rules give."""

    place: Place
    code: str
    message: str
    remedy: str


def run_examples(model: Model) -> list[Failure]:
    """Run every example of a convention; return what is not reproduced."""
    return [failure for example in model.book.examples for failure in ExampleRunner(model, example).run()]


class ExampleRunner(Tabled):
    """Runs one example."""

    def run(self) -> Iterator[Failure]:
        """Yield everything that is not as the example says, each once."""
        clauses = [c for c in self.example.clauses if isinstance(c, s.Clause)]
        yield from dict.fromkeys(self.failures(clauses))

    def failures(self, clauses: list[s.Clause]) -> Iterator[Failure]:
        expected: list[Expected] = [(c.values, c.place) for c in clauses if c.kind == "x_expects"]
        grid = [c for c in clauses if c.kind == "s_grid_row"]
        if not grid:
            yield from self.case(clauses, expected)
            return
        problems: list[Unusable] = []
        with gathering(problems):
            names = [(cell_name(c), inner(c).place) for c in grid[0].values]
            for row in grid[1:]:
                with gathering(problems):
                    given, wanted = self.row_of_cases(names, row)
                    yield from self.case([*clauses, *given], [*expected, *wanted])
        yield from map(self.unusable, problems)

    def unusable(self, problem: Unusable) -> Failure:
        return Failure(problem.place, UNUSABLE, problem.message, problem.remedy)

    def case(self, clauses: list[s.Clause], expected: list[Expected]) -> Iterator[Failure]:
        """Run one case; what it gives and cannot be used is told with the names that nothing bears, and nothing is computed."""
        case, problems = self.setting(clauses)
        if not problems:
            yield from self.check(case, expected)
            return
        for (target, result), place in expected:
            with gathering(problems):
                kind = self.model.rules[self.asked_name(case, target)].type
                if result.kind == "x_equals":
                    self.typed(result.values[0], kind, place)
        yield from map(self.unusable, problems)

    # ------------------------------------------------------------ tables of cases

    def row_of_cases(self, names: list[tuple[str, Place]], row: s.Clause) -> tuple[list[s.Clause], list[Expected]]:
        """Return what a row of a table gives and expects: the columns that name facts are given, the others expected."""
        if len(row.values) != len(names):
            raise Unusable(row.place, f"Cette ligne a {len(row.values)} cases, l’en-tête {len(names)}.", "Une case par colonne.")
        given: list[s.Clause] = []
        expected: list[Expected] = []
        known = {*self.book.facts, *self.book.parameters, *self.book.offers, *self.book.interpretations}
        for (name, head), cell in zip(names, row.values, strict=True):
            value = self.with_unit(name, inner(cell))
            if name.partition(".")[0] in known:
                kind = "x_with" if name in self.book.parameters or name in self.book.interpretations else "x_value"
                target: Any = name if kind == "x_with" else s.Clause("target", (name, None, None), s.NO_MARGIN, value.place)
                setting = s.Clause(kind, (target, cell_literal(value)), s.NO_MARGIN, value.place)
                given.append(s.Clause("x_given", (None, setting), s.NO_MARGIN, value.place))
            else:
                target = s.Clause("target", (name, None, None), s.NO_MARGIN, head)
                expected.append(((target, cell_result(value)), value.place))
        return given, expected

    def with_unit(self, name: str, cell: s.Clause) -> s.Clause:
        """Give a bare number of a table the unit of its column."""
        number = cell.values[-1] if cell.kind in ("v_amount", "v_negative") else None
        if not isinstance(number, s.Number) or number.unit is not None:
            return cell
        fact = self.book.facts.get(name)
        kind = type_of(fact.type, self.model.units) if fact else self.model.rules[name].type if name in self.model.rules else None
        if kind is None or kind.unit is None:
            return cell
        return replace(cell, values=(*cell.values[:-1], s.Number(number.value, kind.unit, number.place)))

    # ------------------------------------------------------------ comparing

    def check(self, case: Case, expected: list[Expected]) -> Iterator[Failure]:
        if not case.members:
            case.members[SINGLE] = {}
        ledger = self.ledger(case)
        problems: list[Unusable] = []
        for (target, result), place in expected:
            with gathering(problems):
                difference = self.compare(ledger, case, target, result, place)
                if difference is not None:
                    wanted, found = difference
                    message = f"« {self.example.label} » : {self.source} attend {wanted}, la règle donne {found.text}."
                    yield Failure(place, "EXE-01", message, found.remedy(result.kind))
        yield from map(self.unusable, problems)

    @property
    def source(self) -> str:
        """Whose words an example is: an article of the convention, or its own."""
        articles = self.example.margin.articles
        return f"l’article {articles[0]}" if articles and not self.example.fictitious else "cet exemple"

    def compare(self, ledger: Ledger, case: Case, target: Any, result: Any, place: Place) -> tuple[str, Found] | None:
        """Return what is expected and what is found when they differ."""
        self.asked_name(case, target)
        offer, year = (*target.values[1:], None, None)[:2]
        name, member = self.of_member(case, str(target.values[0]))
        if isinstance(year, s.Year):
            self.check_year(year, place)
        exercise = int(year.year) if isinstance(year, s.Year) and year.year is not None else case.year
        found = self.found(ledger, name, member, exercise, str(offer) if offer else None, place)
        if result.kind == "x_none":
            return None if found.outcome == NOT_APPLICABLE else ("« sans objet »", found)
        if result.kind == "x_decide":
            decided = found.outcome == REFUSED and found.reasons[0].kind in ("decide", "out_of_scale")
            return None if decided else ("« à décider »", found)
        if result.kind == "x_refused":
            wanted = str(result.values[0]) if result.values and result.values[0] else ""
            parts = [" ".join(part.split()) for part in wanted.split(":")]  # spaces that never break are spaces
            said = [" ".join(str(reason).split()) for reason in found.reasons]
            good = found.outcome == REFUSED and any(all(part in one for part in parts) for one in said)
            return None if good else (f"« refusé{' : ' + wanted if wanted else ''} »", found)
        wanted_value = self.typed(result.values[0], found.kind, place)
        if found.outcome == AMOUNT and found.value == wanted_value:
            return None
        return value_text(wanted_value, found.kind), found

    def of_member(self, case: Case, name: str) -> tuple[str, int]:
        """Return what is asked and of which member: the one named before the dot, else the first that is not the host."""
        names = list(case.members)
        owner, _, rest = name.partition(".")
        if owner in names and rest:
            return rest, names.index(owner)
        return name, next((i for i, n in enumerate(names) if n != "gestionnaire"), 0)

    def asked_name(self, case: Case, target: s.Clause) -> str:
        """Return the rule that a clause asks for; raises Unusable for what the convention does not compute."""
        name, _ = self.of_member(case, str(target.values[0]))
        base, _, attribute = name.partition(".")
        asked = self.asked()
        if base not in asked or (attribute and attribute != "nette"):
            raise self.unknown(name, asked, target.place, "un montant que la convention calcule")
        return base

    def asked(self) -> list[str]:
        """Return what an example may ask: what is computed, and is not of one row of a register."""
        computed = (self.book.scales, self.book.quantities, self.book.lines, self.book.credits, self.book.limits)
        names = [name for rules in (*computed, self.book.allowances, self.book.refusals) for name in rules]
        return [n for n in names if n in self.model.rules and not any(a.startswith("row:") for a in self.model.rules[n].axes)]

    def only_offer(self, ledger: Ledger, name: str, member: int, year: int, offer: str | None, place: Place) -> str | None:
        """Return the offer of what has a value an offer: the one said, else the only one the member holds."""
        typed = self.model.rules[name]
        if OFFER not in typed.axes:
            return self.own_offer(name, None, offer, place)
        offers = typed.offers or tuple(self.book.offers)
        if offer is not None:
            return self.own_offer(name, offers, offer, place)
        held = [o for o in offers if ledger.reader.held(member, o, year)]
        if len(held) != 1:
            raise Unusable(place, f"« {name} » a un montant par offre, et l’exemple en tient {len(held)}.", f"« {name} de … »")
        return held[0]

    def found(self, ledger: Ledger, name: str, member: int, year: int, offer: str | None, place: Place) -> Found:
        """Return what the rules give for what an example asks."""
        base, _, attribute = name.partition(".")
        kind = self.model.rules[base].type
        offer = self.only_offer(ledger, base, member, year, offer, place)
        context = Context(year, member, offer)
        if attribute == "nette":
            return of_value(ledger.net(base, member, year, offer, Node("net")), kind)
        result: LineResult | None = None
        if base in self.book.refusals:
            refusal = ledger.refusal(base, context)
            return of_value(refusal, kind) if refusal is not None else Found(NOT_APPLICABLE, None, (), kind)
        if base in self.book.lines:
            result = ledger.line(base, member, year, offer)
        elif base in self.book.credits:
            result = ledger.credit(base, member, year)
        elif base in self.book.limits:
            limit = ledger.limit(base, year)
            if ledger.tables.members[member].host:
                return Found(AMOUNT, limit.host, (), kind)
            result = limit.by_member.get(member)
        if result is not None:
            return of_line(result, kind)
        return of_value(ledger.exact.named(base, context, Node("value", type=kind)), kind)
