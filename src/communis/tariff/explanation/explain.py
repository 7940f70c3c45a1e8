"""The tree that explains an amount, down to the article: formula with names, formula with values, facts, roundings (TAR-02)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.interpreter.ledger import Entry, Ledger, LineResult
from communis.tariff.interpreter.values import AMOUNT, FLAGS, NOT_APPLICABLE, Reason, Value, reasons_told_to
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import Interval, Node, Type, TypedRow
from communis.tariff.meaning.units import EURO_DIMENSIONS, money_text, number_text, quantity_text
from communis.tariff.wording import listed, value_text

EURO_TYPE = Type("number", EURO_DIMENSIONS, unit="€")
_MODES = {
    "half_up": "au plus proche",
    "half_even": "au plus proche (pair)",
    "up": "supérieur",
    "down": "inférieur",
    "truncated": "tronqué",
}
_PRORATA = {
    "started_months": "mois commencés",
    "whole_months": "mois entiers",
    "days": "jours",
    "days_360": "jours de mois de 30 jours",
}


@dataclass(slots=True)
class Step:
    """One step of an explanation: what is said, by which article, how it is reckoned, and what it rests on."""

    kind: str  # line, quantity, scale, parameter, fact, field, date, share, sum, limit, credit, history, rank, decision, row
    title: str
    outcome: str = AMOUNT
    result: str = ""
    formula: str = ""
    values: str = ""
    articles: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    interpretations: list[dict[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    fact: dict[str, Any] | None = None
    children: list[Step] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the step and its children as plain JSON values (schema `communis/explanation/1`)."""
        return {
            "kind": self.kind, "title": self.title, "outcome": self.outcome, "result": self.result, "formula": self.formula,
            "values": self.values, "articles": self.articles, "notes": self.notes, "interpretations": self.interpretations,
            "reasons": self.reasons, "flags": self.flags, "fact": self.fact, "children": [c.to_json() for c in self.children],
        }  # fmt: skip


class Explainer:
    """Explains the lines of a ledger, for the host or for a member (who is never told another member’s facts)."""

    def __init__(self, ledger: Ledger, *, for_member: int | None = None) -> None:
        self.ledger = ledger
        self.model = ledger.model
        self.book = ledger.book
        self.tables = ledger.tables
        self.for_member = for_member
        self.seen: set[int] = set()

    # ------------------------------------------------------------ lines

    def line(self, line: LineResult) -> Step:
        """Explain a line, a credit or a limit of a member."""
        rule = self.book.named()[line.name]
        kind = self.model.rules[line.name].type
        title = (rule.label or readable(line.name)) + (f", {self.offer_label(line.offer)}" if line.offer else "")
        step = Step("line" if line.kind == "line" else line.kind, title, line.outcome, articles=self.articles(rule))
        step.interpretations = self.interpretations(rule.margin.interpretations)
        step.flags = flags_text(line.flags)
        step.result = value_text(line.amount, kind) if line.outcome == AMOUNT else ""
        if line.outcome == NOT_APPLICABLE:
            step.notes.append(line.why or "sans objet")
        step.reasons = self.reasons(line.reasons)
        self.dates(line, step)
        if line.decision is not None:
            step.notes.append(f"Montant décidé : {line.decision.reason}, par {line.decision.authority}, {line.decision.act}.")
            step.notes.extend(f"Le tarif ne donne pas de prix : {reason}" for reason in line.note.get("refused", ()))
        elif line.kind == "credit":
            self.credit(line, step)
        elif line.kind == "limit":
            self.limit(line, step)
        else:
            self.entries(line, step)
        return step

    def dates(self, line: LineResult, step: Step) -> None:
        if line.service is not None and line.outcome == AMOUNT:
            step.notes.append(f"Service du {french_date(line.service.first)} au {french_date(line.service.last)}.")
        for due in line.due[:4]:
            step.notes.append(
                f"Échéance le {french_date(due.first)}."
                if due.first == due.last
                else f"Échéance du {french_date(due.first)} au {french_date(due.last)}."
            )
        if line.due_reason:
            step.notes.append(f"Échéance : {line.due_reason}.")
        if line.payer is not None:
            step.notes.append(f"Payé par {self.tables.members[line.payer].name}.")

    def entries(self, line: LineResult, step: Step) -> None:
        value = line.note.get("value")
        if line.outcome == NOT_APPLICABLE or (line.entries and not line.entries[0].row):
            shown = line.entries[0].value if line.entries else value
            if isinstance(shown, Value) and line.outcome == AMOUNT:
                self.entry(line, line.entries[0], step)
            elif isinstance(shown, Value):
                step.children.extend(self.children(shown))
            return
        if not line.entries and isinstance(value, Value):
            step.children.extend(self.children(value))
        for entry in line.entries:
            if entry.value.outcome == NOT_APPLICABLE:
                continue
            kind = self.model.rules[line.name].type
            title = f"{self.register_label(line.name)} {entry.row}" + (f", {french_date(entry.event)}" if entry.event else "")
            row = Step("row", title, entry.value.outcome, value_text(entry.amount, kind) if entry.value.is_amount else "")
            row.reasons = self.reasons(entry.value.reasons)
            if entry.section:
                row.notes.append(f"En {entry.section}.")
            self.entry(line, entry, row)
            step.children.append(row)
        if len([e for e in line.entries if e.value.is_amount]) > 1:
            step.formula = " + ".join(f"{e.row}" for e in line.entries if e.value.is_amount)
            step.values = " + ".join(
                value_text(e.amount, self.model.rules[line.name].type) for e in line.entries if e.value.is_amount
            )

    def register_label(self, line: str) -> str:
        register = self.book.lines[line].rows or ""
        return self.book.registers[register].label or register if register else ""

    def entry(self, line: LineResult, entry: Entry, step: Step) -> None:
        """Explain one amount: formula, prorata, rounding, regularisation."""
        value, kind = entry.value, self.model.rules[line.name].type
        if value.note.get("given"):
            step.notes.append("Montant donné.")
            return
        if value.note.get("exempt"):
            step.notes.append("Exonérée : " + ", ".join(value.note.get("articles", ())))
            step.children.extend(self.children(value))
            return
        if value.node is not None:
            step.formula, step.values = self.formula(value), self.substituted(value)
        step.children.extend(self.children(value))
        if "presence" in value.note:
            step.notes.append(
                f"Au prorata ({_PRORATA.get(value.note['prorata'], '')}) : × {number_text(value.note['presence'])} de l’exercice."
            )
        if value.is_amount and entry.amount != entry.before_rounding:
            rounding = self.model.rounding(line.name)
            step.notes.append(
                f"Arrondi {_step_text(rounding, kind)} {_MODES[rounding.mode]} : {number_text(entry.before_rounding)} devient {number_text(entry.amount)}."
            )
        adjusts = line.note.get("adjusts")
        if adjusts:
            step.notes.append(
                f"Montant définitif {money_text(adjusts['final'])}, moins {money_text(adjusts['paid'])} déjà émis « {readable(adjusts['line'])} »."
            )
            if adjusts["final"] - adjusts["paid"] != adjusts["kept"]:
                step.notes.append(f"Différence de {money_text(adjusts['final'] - adjusts['paid'])}, non retenue dans ce sens.")

    def credit(self, line: LineResult, step: Step) -> None:
        rule = self.book.credits[line.name]
        condition = line.note.get("condition")
        if isinstance(condition, Value):
            step.children.extend(self.children(condition))
        if line.outcome != AMOUNT:
            return
        note = line.note
        step.formula = f"moins le plus petit de {readable(rule.source)} et de {readable(rule.target)}"
        step.values = f"− min({money_text(note['available'])} ; {money_text(note['before'])})"
        if note["left"]:
            step.notes.append(f"Reste de {money_text(note['left'])}, {'reporté' if note['carried'] else 'perdu'}.")
        else:
            step.notes.append("Crédit entièrement utilisé.")
        step.children.append(self.line(self.ledger.line(rule.source, line.member, line.year)))

    def limit(self, line: LineResult, step: Step) -> None:
        note = line.note
        if "base" not in note:
            return
        step.notes.append(f"Total des lignes limitées : {money_text(note['base'])}.")
        for side, words in (("most", "Au plus"), ("least", "Au moins")):
            if note.get(side) is not None:
                step.notes.append(f"{words} {money_text(note[side])}.")
            value = note.get(f"{side}_value")
            if isinstance(value, Value):
                step.children.extend(
                    self.children(value) or ([self.step(value)] if value.node is not None and value.node.op in _NAMED else [])
                )
        if note.get("cut"):
            bearer = next((b.bearer.who for b in self.model.rules[line.name].excess), "host")
            step.notes.append(
                f"Excédent de {money_text(note['cut'])}, supporté par {'le gestionnaire' if bearer == 'host' else 'les autres membres'}."
            )
        if note.get("redistributed"):
            step.notes.append(f"Reçoit {money_text(note['redistributed'])} de l’excédent des autres membres.")
        if note.get("warning"):
            step.notes.append(str(note["warning"]))

    # ------------------------------------------------------------ values

    def children(self, value: Value) -> list[Step]:
        """Return the named things a value was made from, each once."""
        if value.node is not None and value.node.op == "value" and "name" in value.note:  # a formula that is one name
            return [self.step(value)]
        found: list[Step] = []
        for part in value.parts:
            if part.node is not None and part.node.op in _NAMED:
                if id(part) not in self.seen:
                    self.seen.add(id(part))
                    found.append(self.step(part))
            else:
                found.extend(self.children(part))
        if value.node is not None and value.node.op in _NAMED and not value.parts and not found:
            found.append(self.step(value))
        for condition in value.note.get("conditions", ()):
            found.extend(s for s in self.children(condition) if s.kind in ("interpretation",))
        return _unique(found)

    def step(self, value: Value) -> Step:
        """Explain one named value."""
        assert value.node is not None
        maker: Callable[[Explainer, Value], Step] = _STEPS.get(value.node.op, Explainer.plain)
        step = maker(self, value)
        step.outcome = value.outcome
        step.flags = flags_text(value.flags)
        step.reasons = self.reasons(value.reasons)
        if value.is_amount and not step.result:
            step.result = value_text(value.value, value.node.type)
        if value.outcome == NOT_APPLICABLE and value.note.get("why"):
            step.notes.append(str(value.note["why"]))
        return step

    def plain(self, value: Value) -> Step:
        assert value.node is not None
        return Step(
            "quantity",
            self.formula(value),
            formula=self.formula(value),
            values=self.substituted(value),
            children=self.children(value) if value.parts else [],
        )

    def fact(self, value: Value) -> Step:
        assert value.node is not None
        name = value.node.data[1] if value.node.op == "past" else value.node.data[0]
        if (value.node.op == "past" and value.node.data[0] == "line") or value.note.get("issued"):
            step = Step("history", f"{readable(name)}, exercice {self.model.calendar.label(value.note.get('read_on', 0))}")
            step.notes.append("Montant émis.")
            return step
        rule = self.book.facts[name]
        step = Step("fact", readable(name), articles=self.articles(rule))
        step.interpretations = self.interpretations(
            (*rule.margin.interpretations, *((rule.population_by,) if rule.population_by else ()))
        )
        if value.note.get("by_default"):
            step.notes.append("Valeur par défaut de la convention, faute de fait saisi.")
        row = value.note.get("row")
        if row is not None:
            step.fact = self.fact_json(row, value.note.get("read_on"))
            said = [
                f"{row.kind}" if row.kind else "",
                f"valeur du {french_date(row.first)}" if not row.timeless else "",
                row.source,
            ]
            step.notes.append(", ".join(filter(None, said)) + "." if any(said) else "")
        if rule.label:
            step.title = f"{readable(name)} ({rule.label})"
        step.notes = [n for n in step.notes if n]
        return step

    def fact_json(self, row: Any, read_on: Any) -> dict[str, Any]:
        return {"name": row.fact, "kind": row.kind, "date": row.first.isoformat(), "read_on": read_on.isoformat() if isinstance(read_on, date) else read_on,
                "source": row.source, "author": row.author, "fictitious": row.fictitious}  # fmt: skip

    def parameter(self, value: Value) -> Step:
        assert value.node is not None
        rule = self.book.parameters[str(value.node.data)]
        step = Step(
            "parameter",
            rule.label or readable(rule.name),
            articles=self.articles(rule),
            interpretations=self.interpretations(rule.margin.interpretations),
        )
        price = value.note.get("price")
        if price is not None:
            said = [f"depuis le {french_date(price.first)}" if price.first else "", f"par {price.act}" if price.act else ""]
            step.notes = [", ".join(filter(None, said)).capitalize() + "."] if any(said) else []
        return step

    def field_step(self, value: Value) -> Step:
        assert value.node is not None
        register, name = value.node.data
        rule = self.book.registers[register].fields[name]
        step = Step("field", rule.label or readable(name), articles=self.articles(self.book.registers[register]))
        row = value.note.get("row")
        if row is not None and row.source:
            step.notes.append(f"{row.identifier}, {row.source}.")
        if "before_rounding" in value.note and value.note["before_rounding"] != value.value:
            step.notes.append(
                f"Arrondi : {value_text(value.note['before_rounding'], value.node.type)} devient {value_text(value.value, value.node.type)}."
            )
        return step

    def date_step(self, value: Value) -> Step:
        assert value.node is not None
        offer, step_name = value.node.data
        chosen = value.note.get("chosen")
        step = Step("date", f"{readable(step_name)} ({self.offer_label(offer)})")
        if chosen is not None and chosen.act:
            step.notes.append(f"{chosen.act}.")
        return step

    def interpretation(self, value: Value) -> Step:
        assert value.node is not None
        rule = self.book.interpretations[str(value.node.data)]
        return Step(
            "interpretation",
            rule.name,
            interpretations=self.interpretations((rule.name,)),
            result=readable(str(value.value or "")),
        )

    def named(self, value: Value) -> Step:
        """Explain a value by the rule that bears its name."""
        assert value.node is not None
        name = value.node.data[0]
        inner = value.parts[0] if value.parts else value
        rule = self.book.named()[name]
        kind = "scale" if name in self.book.scales else "line" if name in self.book.lines else "quantity"
        title = rule.label or readable(name)
        if value.node.data[1]:
            title += f", {self.offer_label(value.node.data[1])}"
        step = Step(kind, title, articles=self.articles(rule), interpretations=self.interpretations(rule.margin.interpretations))
        if "scale" in inner.note:
            self.scale(inner, step)
        elif inner.note.get("result") is not None:
            return self.line(inner.note["result"])
        elif inner.node is not None and inner.node.op != "value":
            step.formula, step.values = self.formula(inner), self.substituted(inner)
        step.children.extend(
            self.children(inner)
            if inner.parts or inner.note.get("conditions")
            else ([self.step(inner)] if inner.node is not None and inner.node.op in _LEAVES else [])
        )
        return step

    def scale(self, value: Value, step: Step) -> None:
        """Say which class was chosen and why, or the slices one by one."""
        row = value.note.get("row")
        if isinstance(row, TypedRow):
            step.notes.append(f"Classe retenue : « {row.text} ».")
            if row.cell.articles:
                step.articles.extend(a for a in self.references(row.cell.articles) if a not in step.articles)
        for slice_row, quantity, price in value.note.get("slices", ()):
            driver = value.parts[0].node.type if value.parts and value.parts[0].node else EURO_TYPE
            interval = slice_row.classes[0]
            assert isinstance(interval, Interval)
            step.notes.append(
                f"« {slice_row.text} » : {quantity_text(quantity, driver.dimensions, driver.unit, driver.factor)} × {number_text(price)} = {number_text(quantity * price)}."
            )

    def share(self, value: Value) -> Step:
        assert value.node is not None
        key_name = value.node.data[1]
        step = Step("share", "part de ce membre", formula=self.formula(value), values=self.substituted(value))
        note = value.note
        if "total_weight" in note:
            key = value.node.args[1].type if len(value.node.args) > 1 and not key_name else Type("number")
            weight, total = note["weight"], note["total_weight"]
            if key.kind == "number" and not key_name and len(value.node.args) > 1:
                step.notes.append(
                    f"Poids : {value_text(weight, key)} sur {value_text(total, key)}, {note['members']} participants."
                )
            elif key_name:
                step.notes.append(f"Clé {readable(key_name)} : {number_text(weight * 100)} %, {note['members']} participants.")
                rule = self.book.keys[key_name]
                step.articles, step.interpretations = self.articles(rule), self.interpretations(rule.margin.interpretations)
            else:
                step.notes.append(f"Poids : {number_text(weight)} sur {number_text(total)}, {note['members']} participants.")
            exact = note["cut"] * weight / total
            if exact != value.value:
                step.notes.append(
                    f"Part exacte {number_text(exact, 6)}… : au centime, les parts font le tout ({_method(note['method'], self.book.header.tie)})."
                )
            amount = note["amount"]
            step.children.extend(
                self.children(amount) or ([self.step(amount)] if amount.node is not None and amount.node.op in _NAMED else [])
            )
        return step

    def sum_step(self, value: Value) -> Step:
        """Explain a total: what is added and over how many, never the parts of the other members."""
        assert value.node is not None
        step = Step("sum", self.formula(value))
        if "rows" in value.note:
            step.notes.append(f"{value.note['rows']} lignes de {readable(value.note['register'])}.")
        elif "members" in value.note:
            step.notes.append(f"Sur {value.note['members']} membres.")
        return step

    def years(self, value: Value) -> Step:
        step = Step("history", self.formula(value), formula=self.formula(value), values=self.substituted(value))
        step.children = [self.step(part) for part in value.parts]
        return step

    def rank(self, value: Value) -> Step:
        step = Step("rank", self.formula(value))
        since = value.note.get("since")
        if since is not None:
            step.notes.append(f"Compté depuis le {french_date(since)}.")
        return step

    def drawn(self, value: Value) -> Step:
        assert value.node is not None
        name = value.node.data[1]
        rule = self.book.allowances[name]
        kind = self.model.rules[name].type
        step = Step(
            "quantity",
            self.formula(value),
            articles=self.articles(rule),
            interpretations=self.interpretations(
                (*rule.margin.interpretations, *((rule.counted_by,) if rule.counted_by else ()))
            ),
        )
        if "before" in value.note:
            step.notes.append(
                f"{rule.label or readable(name)} : il restait {value_text(value.note['before'], kind)} ; {value_text(value.note['inside'], kind)} dedans, {value_text(value.note['beyond'], kind)} au-delà."
            )
        return step

    # ------------------------------------------------------------ articles, reasons

    def articles(self, rule: r.Rule) -> list[dict[str, Any]]:
        return self.references(rule.margin.articles)

    def references(self, references: tuple[str, ...]) -> list[dict[str, Any]]:
        """Return the places of the text with their title and operative words; « texte non fourni » when none is quoted."""
        found = []
        for reference in references:
            article = self.book.article(reference)
            name = reference if reference.startswith("passage") else f"article {reference}"
            found.append(
                {"reference": name, "title": article.label if article else "", "words": list(article.words) if article else []}
            )
        return found

    def interpretations(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        found = []
        for name in dict.fromkeys(names):
            rule = self.book.interpretations.get(name)
            if rule is not None:
                reading = self.ledger.reader.reading(name)
                words = rule.readings.get(reading or "", "") or readable(reading or "")
                found.append(
                    {
                        "name": name,
                        "question": rule.label,
                        "reading": words or rule.open_reason,
                        "settled": "oui" if reading else "non",
                    }
                )
        return found

    def reasons(self, reasons: tuple[Reason, ...]) -> list[str]:
        """Say why a line is refused; a member is told how many others lack a fact, never who (open question 6)."""
        if self.for_member is not None:
            return reasons_told_to(self.tables.members[self.for_member].name, reasons)
        return [f"{reason}" + (f" — {reason.member}" if reason.member else "") for reason in reasons]

    def offer_label(self, offer: str | None) -> str:
        return self.book.offers[offer].label or offer if offer in self.book.offers else str(offer)

    # ------------------------------------------------------------ formulas

    def formula(self, value: Value) -> str:
        """Write a formula with names; of « selon le cas », the case that holds."""
        return Writer(self, with_values=False).write(value)

    def substituted(self, value: Value) -> str:
        """Write a formula with values."""
        return Writer(self, with_values=True).write(value)


class Writer:
    """Writes the formula of a value, with names or with values."""

    LEVELS = {"or": 0, "and": 1, "not": 2, "compare": 3, "+": 4, "-": 4, "×": 5, "/": 5, "minus": 6}

    def __init__(self, explainer: Explainer, *, with_values: bool) -> None:
        self.explainer = explainer
        self.with_values = with_values

    def write(self, value: Value, level: int = 0) -> str:
        node = value.node
        if node is None:
            return ""
        if node.op == "case" and value.parts:
            return self.write(value.parts[0], level)
        if self.with_values and node.op in _NAMED and node.op != "share" and node.op != "years":
            return value_text(value.value, node.type) if value.is_amount else "?"
        own = self.LEVELS.get(node.op)
        if own is not None and value.parts:
            text = self.operation(node, value, own)
            return f"({text})" if own < level else text
        return self.call(node, value)

    def operation(self, node: Node, value: Value, level: int) -> str:
        if node.op == "minus":
            return f"− {self.write(value.parts[0], level)}"
        if node.op == "not":
            return f"non {self.write(value.parts[0], level)}"
        sign = {"or": "ou", "and": "et", "compare": str(node.data), "-": "−"}.get(node.op, node.op)
        last = level + 1 if node.op in ("-", "/") else level
        parts = [self.write(value.parts[0], level), *(self.write(p, last) for p in value.parts[1:])]
        return f" {sign} ".join(parts)

    def call(self, node: Node, value: Value) -> str:
        if node.op == "const":
            return value_text(node.data, node.type)
        if node.op in ("min", "max") and value.parts:
            return f"{node.op}({' ; '.join(self.write(p) for p in value.parts)})"
        if node.op in ("cap", "floor") and value.parts:
            words = "plafonné à" if node.op == "cap" else "avec un minimum de"
            return f"{self.write(value.parts[0], 5)} {words} {self.write(value.parts[1], 5)}"
        if node.op == "round" and value.parts:
            return f"arrondi({self.write(value.parts[0])} ; à {number_text(node.data[0])})"
        if node.op == "share":
            return self.share(node, value)
        if node.op in ("shift", "next_day") and value.parts:
            return self.date(node, value)
        return node_text(node)

    def share(self, node: Node, value: Value) -> str:
        if not self.with_values:
            return node_text(node)
        note = value.note
        if "total_weight" not in note:
            return node_text(node)
        return f"{money_text(note['cut'])} × {number_text(note['weight'])} / {number_text(note['total_weight'])}"

    def date(self, node: Node, value: Value) -> str:
        start = self.write(value.parts[0])
        if node.op == "shift":
            count, unit = node.data
            return f"{abs(count)} {unit} {'après' if count >= 0 else 'avant'} {start}"
        return f"fin du mois de {start}" if node.data is None else f"{node.data[0]}/{node.data[1]} suivant {start}"


def node_text(node: Node) -> str:
    """Write a node by names, without its values."""
    data = node.data
    if node.op in ("parameter", "reading"):
        return readable(str(data))
    if node.op in ("fact", "value", "net"):
        suffix = f" de {readable(data[1])}" if data[1] else ""
        return readable(data[0]) + (" nette" if node.op == "net" else "") + suffix
    if node.op in ("field", "step"):
        return f"{readable(data[0])}, {readable(data[1])}"
    if node.op == "past":
        return f"{readable(data[1])} d’un autre exercice"
    if node.op == "years":
        return f"{'moyenne' if data[2] == 'mean' else 'somme'} de {readable(data[0][1])}" + (
            ", sans les exercices manquants" if data[3] else ""
        )
    if node.op == "share":
        key = readable(data[1]) if data[1] else node_text(node.args[1]) if len(node.args) > 1 else ""
        among = {
            "members": "les membres",
            "holders": f"les titulaires de {readable(data[0].offer)}" if data[0].offer else "les titulaires de l’offre",
            "attached": "les membres rattachés",
        }
        amount = node_text(node.args[0])
        host = " avec le gestionnaire" if data[0].host else ""
        return f"part de {amount} " + (f"selon {key}" if key else "à parts égales") + f" entre {among[data[0].kind]}{host}"
    if node.op == "sum_members":
        return f"somme de {node_text(node.args[0])} sur {'les titulaires de ' + readable(data.offer) if data.offer else 'les membres'}"
    if node.op == "sum_rows":
        return f"somme de {node_text(node.args[0])} pour chaque {readable(data[0])}"
    if node.op == "count_members":
        return f"nombre de titulaires de {readable(data.offer)}" if data.kind == "holders" else "nombre de membres"
    if node.op == "count_rows":
        return f"nombre de {readable(data[0])}"
    if node.op == "rank":
        return f"rang de {readable(data[0])}" if data[0] else "rang de l’offre"
    if node.op == "rank_since":
        return f"rang depuis le {french_date(data)}"
    if node.op == "holds":
        return f"tient {readable(data[0])}" if data[0] else "tient l’offre"
    if node.op == "drawn":
        return {"within": "pris sur", "beyond": "au-delà de", "remaining": "reste de"}[data[0]] + f" {readable(data[1])}"
    if node.op == "const":
        return value_text(data, node.type)
    if node.op == "case":
        return "selon le cas"
    if node.op in Writer.LEVELS and len(node.args) == 2:
        sign = {"or": "ou", "and": "et", "compare": str(data), "-": "−"}.get(node.op, node.op)
        return f"{node_text(node.args[0])} {sign} {node_text(node.args[1])}"
    return {"offer": "l’offre", "attribute": "le membre", "year_day": "jour de l’exercice"}.get(node.op, node.op)


def readable(name: str) -> str:
    """Write a name of the language as people read it."""
    return name.replace("_", " ")


def flags_text(flags: int) -> list[str]:
    return [words for flag, words in FLAGS.items() if flags & flag]


def _step_text(rounding: Any, kind: Type) -> str:
    if rounding.unit == "€" and rounding.step == Fraction(1, 100):
        return "au centime"
    return f"à {number_text(rounding.step)} {rounding.unit or kind.unit or ''}".strip()


def _method(method: str, tie: str) -> str:
    by = {"siren": "puis par SIREN", "name": "puis par nom", "weight": "puis par poids"}.get(tie, "")
    largest = f"au plus fort reste, {by}"
    return {
        "largest": largest,
        "largest_by_weight": largest,
        "host": "restes au gestionnaire",
        "biggest": "restes au plus gros poids",
    }[method]


def _unique(steps: list[Step]) -> list[Step]:
    found: list[Step] = []
    for step in steps:
        if not any(s.title == step.title and s.result == step.result and s.kind == step.kind for s in found):
            found.append(step)
    return found


_LEAVES = {"fact", "parameter", "field", "step", "past", "rank", "rank_since", "reading"}
_NAMED = _LEAVES | {
    "value",
    "net",
    "share",
    "sum_members",
    "sum_rows",
    "count_members",
    "count_rows",
    "years",
    "holds",
    "drawn",
    "attribute",
    "offer",
}
_STEPS: dict[str, Callable[[Explainer, Value], Step]] = {
    "fact": Explainer.fact, "past": Explainer.fact, "parameter": Explainer.parameter, "field": Explainer.field_step,
    "step": Explainer.date_step, "reading": Explainer.interpretation, "value": Explainer.named, "net": Explainer.plain,
    "share": Explainer.share, "sum_members": Explainer.sum_step, "sum_rows": Explainer.sum_step, "count_members": Explainer.sum_step,
    "count_rows": Explainer.sum_step, "years": Explainer.years, "rank": Explainer.rank, "rank_since": Explainer.rank, "drawn": Explainer.drawn,
}  # fmt: skip


def text_of(step: Step) -> str:
    """Write an explanation as indented French text; the words of an article and a step told once are not told again."""
    return "\n".join(_Teller().lines(step, 0))


class _Teller:
    """Writes steps as text, and remembers what it has said."""

    def __init__(self) -> None:
        self.told: list[Step] = []
        self.quoted: list[tuple[str, list[str]]] = []

    def lines(self, step: Step, depth: int) -> Iterator[str]:
        pad = "    " * depth
        head = f"{pad}{step.title}" + (f" : {step.result}" if step.result else "")
        if step.outcome == NOT_APPLICABLE:
            head += " : sans objet"
        head += f"   [{listed(step.flags)}]" if step.flags else ""
        if step in self.told:
            yield f"{head}, voir plus haut"
            return
        self.told.append(step)
        yield head
        yield from (f"{pad}  {line}" for line in self.body(step))
        for child in step.children:
            yield from self.lines(child, depth + 1)

    def body(self, step: Step) -> Iterator[str]:
        yield from (f"✗ {reason}" for reason in step.reasons)
        for article in step.articles:
            yield self.article(article)
        if step.formula:
            yield f"= {step.formula}"
        if step.values and step.values != step.formula:
            yield f"= {step.values}"
        yield from step.notes
        for found in step.interpretations:
            if found["settled"] == "oui":
                yield f"Interprétation retenue {found['name']} : {found['reading']}"
            else:
                yield f"À trancher {found['name']} : {found['question']}"

    def article(self, article: dict[str, Any]) -> str:
        key = (article["reference"], article["words"])
        if key in self.quoted:
            return str(article["reference"])
        self.quoted.append(key)
        title = f", {article['title']}" if article["title"] else ""
        words = " ".join(f"« {w} »" for w in article["words"]) or "texte non fourni"
        return f"{article['reference']}{title} : {words}"


def explain(ledger: Ledger, line: LineResult, *, for_member: int | None = None) -> Step:
    """Return the whole tree of a line (TAR-02): article and words, formulas, facts, class, roundings, limits, interpretations.

    `for_member` hides from a member whose facts are missing elsewhere; without it, the host sees everything.
    """
    return Explainer(ledger, for_member=for_member).line(line)
