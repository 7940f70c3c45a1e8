"""From clauses to rules: every clause in its slot, each said once, whatever is missing told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.builder import Unreadable, date_of, number_of
from communis.tariff.language.parser import HEADS, RESERVED
from communis.tariff.language.problems import NOWHERE, Place, Problem
from communis.tariff.language.source import Source

_REPEATED = frozenset(
    [
        "article_words",
        "i_possible",
        "r_field",
        "o_step",
        "p_value",
        "s_row",
        "s_grid_row",
        "s_period",
        "k_weight",
        "k_equal",
        "k_fallback",
        "l_exempt",
        "l_billed",
        "l_payer",
        "m_excess",
        "m_shortfall",
        "a_free_exit",
        "c_legal_ground",
        "c_source",
        "x_given",
        "x_expects",
        "x_words",
        "o_includes",
        "o_requires",
        "o_excludes",
    ]
)
_COLLECTIONS = {
    "h_article": "articles", "h_unit": "units", "h_unit_conversion": "units", "h_interpretation": "interpretations",
    "h_fact": "facts", "h_register": "registers", "h_offer": "offers", "h_parameter": "parameters", "h_class_scale": "scales",
    "h_slice_scale": "scales", "h_key": "keys", "h_quantity": "quantities", "h_indicator": "quantities", "h_line": "lines",
    "h_credit": "credits", "h_cap": "limits", "h_floor": "limits", "h_collar": "limits", "h_allowance": "allowances",
    "h_refusal": "refusals", "h_warning": "refusals",
}  # fmt: skip
_EFFECTS = ("signature", "chosen", "later", "next", "fixed")
_EITHER = (
    tuple(f"a_effect_{mark}" for mark in _EFFECTS),
    ("a_notice", "a_no_notice"),
    ("a_maximum", "a_unlimited"),
    ("a_exit_to_date", "a_exit_period_end", "a_exit_by"),
    ("a_early_exit", "a_early_exit_by"),
)


def assemble(source: Source, sections: list[s.Section], problems: list[Problem]) -> r.Rulebook:
    """Return the rules of a file; problems of form (twice, missing, misplaced) are added to the list."""
    return _Assembler(source, problems).run(sections)


class _Clauses:
    """The clauses of a block, taken by kind."""

    def __init__(self, section: s.Section) -> None:
        self.by_kind: dict[str, list[s.Clause]] = {}
        for clause in section.clauses:
            self.by_kind.setdefault(clause.kind, []).append(clause)

    def all(self, kind: str) -> list[s.Clause]:
        return self.by_kind.get(kind, [])

    def first(self, kind: str) -> s.Clause | None:
        return next(iter(self.all(kind)), None)

    def value(self, kind: str, default: Any = None, index: int = 0) -> Any:
        clause = self.first(kind)
        return clause.values[index] if clause and len(clause.values) > index else default

    def has(self, kind: str) -> bool:
        return kind in self.by_kind


class _Assembler:
    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.book = r.Rulebook(r.Header(""))

    def problem(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.problems.append(Problem(code, message, remedy, place, self.source.name, self.source.words_at(place)))

    def run(self, sections: list[s.Section]) -> r.Rulebook:
        for section in sections:
            clauses = _Clauses(section)
            self.check_repeated(section)
            if section.head.kind == "h_convention":
                self.convention(section, clauses)
            elif section.head.kind == "h_membership":
                self.book.memberships.append(self.membership(section, clauses))
            elif section.head.kind == "h_example":
                self.book.examples.append(self.example(section))
            else:
                self.keep(section, clauses)
        if not self.book.header.title and not self.problems:
            self.problem("FOR-01", "Le fichier n’a pas de bloc « convention ».",
                         "Commencez par : convention \"…\", avec gestionnaire, version et exercice.", NOWHERE)  # fmt: skip
        return self.book

    def check_repeated(self, section: s.Section) -> None:
        seen: dict[str, s.Clause] = {}
        for clause in section.clauses:
            if clause.kind in seen and clause.kind not in _REPEATED:
                words = self.source.words_at(clause.place)
                self.problem("FOR-02", f"« {words} » : cette clause est déjà dite ligne {seen[clause.kind].place.line}.",
                             "Gardez l’une des deux.", clause.place)  # fmt: skip
            seen.setdefault(clause.kind, clause)

    def keep(self, section: s.Section, clauses: _Clauses) -> None:
        """Make the rule of a block and file it, unless its name is taken or reserved."""
        makers: dict[str, Callable[[s.Section, _Clauses], r.Rule]] = {
            "h_article": self.article, "h_unit": self.unit, "h_unit_conversion": self.unit,
            "h_interpretation": self.interpretation, "h_fact": self.fact, "h_register": self.register, "h_offer": self.offer,
            "h_parameter": self.parameter, "h_class_scale": self.scale, "h_slice_scale": self.scale, "h_key": self.key,
            "h_quantity": self.quantity, "h_indicator": self.quantity, "h_line": self.line, "h_credit": self.credit,
            "h_cap": self.limit, "h_floor": self.limit, "h_collar": self.limit, "h_allowance": self.allowance,
            "h_refusal": self.refusal, "h_warning": self.refusal,
        }  # fmt: skip
        kind = section.head.kind
        rule = makers[kind](section, clauses)
        collection: dict[str, Any] = getattr(self.book, _COLLECTIONS[kind])
        if kind not in ("h_article", "h_unit", "h_unit_conversion", "h_interpretation"):
            self.check_name(rule)
        if rule.name in collection:
            self.problem("NOM-06", f"« {rule.name} » est déjà défini ligne {collection[rule.name].place.line}.",
                         "Donnez un autre nom à l’un des deux.", rule.place)  # fmt: skip
            return
        collection[rule.name] = rule

    def check_name(self, rule: r.Rule) -> None:
        if rule.name in RESERVED or rule.name.casefold() in RESERVED:
            self.problem("NOM-02", f"« {rule.name} » est un mot de la langue.",
                         f"Choisissez un autre nom, par exemple {rule.name}_du_membre.", rule.place)  # fmt: skip
        elif "." in rule.name or "-" in rule.name:
            self.problem("NOM-02", f"Un nom ne contient ni point ni trait d’union : « {rule.name} ».",
                         rule.name.replace(".", "_").replace("-", "_"), rule.place)  # fmt: skip
        for other in (self.book.facts, self.book.registers, self.book.offers, self.book.parameters, self.book.scales, self.book.keys,
                      self.book.quantities, self.book.lines, self.book.credits, self.book.limits, self.book.allowances,
                      self.book.refusals):  # fmt: skip
            known: r.Rule | None = other.get(rule.name)
            if known is not None and type(known) is not type(rule):
                self.problem("NOM-06", f"« {rule.name} » est déjà défini ligne {known.place.line}.",
                             "Donnez un autre nom à l’un des deux.", rule.place)  # fmt: skip

    # ------------------------------------------------------------ blocks

    def convention(self, section: s.Section, clauses: _Clauses) -> None:
        if self.book.header.title:
            self.problem(
                "FOR-03", "Un fichier tient une seule convention.", "Mettez l’autre dans son propre fichier.", section.head.place
            )
            return
        header = r.Header(str(section.head.values[0]), place=section.head.place)
        header.host = str(clauses.value("c_host", ""))
        version = clauses.first("c_version")
        if version is not None:
            header.version = str(version.values[0])
            header.first = self.day(version.values[1])
            header.last = self.day(version.values[2]) if len(version.values) > 2 and version.values[2] else None
        header.legal_grounds = tuple(str(c.values[0]) for c in clauses.all("c_legal_ground"))
        header.source = " ; ".join(str(c.values[0]) for c in clauses.all("c_source"))
        year = clauses.first("c_fiscal_year")
        if year is not None:
            header.year_first, header.year_last = year.values
        header.rounding = clauses.value("c_rounding")
        header.total_rounding = clauses.value("c_total_rounding")
        self.remainder(header, clauses)
        if clauses.has("c_prorata"):
            header.prorata = _prorata(clauses.value("c_prorata"))
        if clauses.has("c_tax"):
            header.tax = _tax(clauses.value("c_tax"))
        self.book.header = header

    def remainder(self, header: r.Header, clauses: _Clauses) -> None:
        mark: s.Clause | None = clauses.value("c_remainder")
        if mark is None:
            return
        header.remainder = {"largest_remainder": "largest", "to_host": "host", "to_largest": "biggest"}[mark.kind]
        if mark.values:
            header.tie = mark.values[0].kind.removeprefix("by_")

    def head(self, section: s.Section, index: int = 0) -> dict[str, Any]:
        """Return the name, label, margin and place that every rule has; labels are the values between quotes."""
        values = section.head.values
        label = next((str(v) for v in values[index + 1 :] if getattr(v, "type", "") == "STRING"), "")
        return {"name": str(values[index]), "label": label, "margin": section.head.margin, "place": section.head.place}

    def article(self, section: s.Section, clauses: _Clauses) -> r.Article:
        words = tuple(str(v.values[0]) for c in clauses.all("article_words") for v in c.values)
        return r.Article(**self.head(section), words=words)

    def unit(self, section: s.Section, clauses: _Clauses) -> r.UnitRule:
        worth = None
        if section.head.kind == "h_unit_conversion":
            number, unit = section.head.values[1:3]
            worth = s.Number(_fraction(number), str(unit), section.head.place)
        return r.UnitRule(**self.head(section), worth=worth)

    def interpretation(self, section: s.Section, clauses: _Clauses) -> r.Interpretation:
        rule = r.Interpretation(**self.head(section))
        for clause in section.clauses:
            if clause.kind == "i_open":
                rule.open_reason = str(clause.values[0] or "le texte ne tranche pas")
                continue
            name, label = str(clause.values[0]), str(clause.values[1] or "") if len(clause.values) > 1 else ""
            rule.readings[name] = label
            if clause.kind == "i_retained":
                rule.retained = name
        if (rule.retained is None) == (not rule.open_reason):
            self.problem("INT-01", f"{rule.name} ne dit ni ce qui est retenu ni que c’est à trancher, ou dit les deux.",
                         "Une seule ligne : « retenu … » ou « à trancher \"…\" ».", rule.place)  # fmt: skip
        return rule

    def fact(self, section: s.Section, clauses: _Clauses) -> r.Fact:
        rule = r.Fact(**self.head(section), type=_type(section.head.values[1]))
        if clauses.has("f_population"):
            rule.population = clauses.value("f_population").kind.removeprefix("kind_")
        if clauses.has("f_population_by"):
            rule.population_by = str(clauses.value("f_population_by"))
        rule.reading = _reading(clauses)
        rule.published_by = clauses.value("f_published")
        rule.of_service = clauses.has("f_service")
        if clauses.has("f_offers"):
            rule.offers = str(clauses.value("f_offers") or "")
        rule.yearly = clauses.has("f_yearly")
        rule.default = clauses.value("f_default")
        rule.lasting = clauses.has("f_lasting")
        rule.frozen = clauses.has("f_frozen")
        return rule

    def register(self, section: s.Section, clauses: _Clauses) -> r.Register:
        rule = r.Register(**self.head(section), of_member=not clauses.has("r_service"))
        for clause in clauses.all("r_field"):
            field = self.field(clause)
            if field.name in rule.fields:
                self.problem("NOM-06", f"Le champ « {field.name} » est déjà défini.", "Donnez-lui un autre nom.", field.place)
            rule.fields[field.name] = field
        events = [f for f in rule.fields.values() if f.is_event]
        if len(events) != 1 or events[0].type.kind != "date":
            self.problem("REG-01", f"Le registre {rule.name} ne dit pas quelle date fait foi.",
                         "Ajoutez « , fait foi » après un champ de type date, et un seul.", rule.place)  # fmt: skip
        return rule

    def field(self, clause: s.Clause) -> r.Field:
        name, kind, *rest = clause.values
        options = {o.kind: o for o in rest if isinstance(o, s.Clause)}
        label = next((str(v) for v in rest if getattr(v, "type", "") == "STRING"), "")
        field = r.Field(str(name), label, clause.margin, clause.place, _type(kind))
        field.is_event = "o_event" in options
        field.by_member = "o_by_member" in options
        field.optional = "o_optional" in options
        field.default = options["o_default"].values[0] if "o_default" in options else None
        if "o_rounding" in options:
            number, unit, mode = options["o_rounding"].values
            field.rounding = s.Rounding(_fraction(number), str(unit), mode.kind)
        return field

    def offer(self, section: s.Section, clauses: _Clauses) -> r.Offer:
        rule = r.Offer(**self.head(section))
        group = section.head.values[2] if len(section.head.values) > 2 else None
        rule.group = str(group) if group else None
        rule.includes = _names(clauses, "o_includes")
        rule.requires = _names(clauses, "o_requires")
        rule.excludes = _names(clauses, "o_excludes")
        rule.reserved = clauses.value("o_reserved")
        rule.closed = self.day(clauses.value("o_closed"))
        rule.opened = self.day(clauses.value("o_opened"))
        rule.always = clauses.has("o_always")
        rule.announced = clauses.has("o_announced")
        rule.one_of = clauses.has("o_one_of")
        for clause in clauses.all("o_step"):
            rule.steps[str(clause.values[0])] = str(clause.values[1] or "") if len(clause.values) > 1 else ""
        return rule

    def membership(self, section: s.Section, clauses: _Clauses) -> r.Membership:
        label = str(section.head.values[0] or "") if section.head.values else ""
        rule = r.Membership("adhésion", label, section.head.margin, section.head.place)
        rule.offers = _names(clauses, "a_offers")
        self.check_contradictions(clauses)
        rule.effect = next((mark for mark in _EFFECTS if clauses.has(f"a_effect_{mark}")), "")
        rule.effect_day = clauses.value("a_effect_next")
        rule.effect_on = self.day(clauses.value("a_effect_fixed"))
        rule.duration_months = self.months(clauses.first("a_duration")) or 0
        rule.renewal_months = self.months(clauses.first("a_renewal")) or 0
        rule.maximum_months = self.months(clauses.first("a_maximum"))
        rule.notice_months = 0 if clauses.has("a_no_notice") else self.months(clauses.first("a_notice"))
        rule.term = self.day(clauses.value("a_term"))
        rule.express = clauses.has("a_express")
        rule.exit_rule = next((mark for mark in ("to_date", "period_end") if clauses.has(f"a_exit_{mark}")), "")
        rule.exit_by = str(clauses.value("a_exit_by")) if clauses.has("a_exit_by") else None
        rule.waiver = clauses.has("a_waiver")
        rule.free_exits = tuple(filter(None, (self.day(c.values[0]) for c in clauses.all("a_free_exit"))))
        rule.free_offers = _names(clauses, "a_free_offers")
        early = clauses.first("a_early_exit") or clauses.first("a_early_exit_by")
        rule.early_exit = _text(early.values[-1] if early.values else None) if early else None
        rule.early_exit_by = str(clauses.value("a_early_exit_by")) if clauses.has("a_early_exit_by") else None
        rule.due_until_exit = clauses.has("a_due_until_exit")
        if not (clauses.has("a_duration") or clauses.has("a_term")):
            self.problem(
                "ADH-01", "L’adhésion ne dit pas sa durée.", "Ajoutez « durée 1 an » ou « terme le jj/mm/aaaa ».", rule.place
            )
        if rule.renewal_months and rule.maximum_months is None and not clauses.has("a_unlimited"):
            self.problem(
                "ADH-02",
                "La reconduction ne dit pas son maximum.",
                "Ajoutez « au plus 6 ans en tout » ou « sans maximum ».",
                rule.place,
            )
        return rule

    def check_contradictions(self, clauses: _Clauses) -> None:
        """Tell two clauses of a membership that cannot both hold (« sans préavis » and « préavis de 12 mois »)."""
        for kinds in _EITHER:
            said = [clause for kind in kinds for clause in clauses.all(kind)[:1]]
            if len(said) > 1:
                first, second = sorted(said, key=lambda c: c.place)[:2]
                self.problem("ADH-04", f"« {self.source.words_at(second.place)} » contredit la ligne {first.place.line}.",
                             "Gardez l’une des deux clauses.", second.place)  # fmt: skip

    def day(self, token: Any) -> date | None:
        """Return the date of a token; one that no calendar has is told, and left out."""
        try:
            return _date(token)
        except Unreadable as error:
            self.problem(error.code, error.message, error.remedy, error.place or NOWHERE)
            return None

    def months(self, clause: s.Clause | None) -> int | None:
        """Return a duration in whole months."""
        if clause is None:
            return None
        count, unit = _fraction(clause.values[0]), str(clause.values[1])
        per = {"mois": 1, "an": 12, "ans": 12, "année": 12, "années": 12}.get(unit)
        if per is None or (count * per).denominator != 1 or not 0 < count * per <= 1200:
            self.problem(
                "ADH-03",
                "Une durée se compte en mois ou en années entières.",
                "Par exemple « 12 mois » ou « 1 an ».",
                clause.place,
            )
            return 12
        return int(count * per)

    def parameter(self, section: s.Section, clauses: _Clauses) -> r.Parameter:
        values = section.head.values
        rule = r.Parameter(**self.head(section), type=_type(values[1]) if values[1] else None)
        for clause in clauses.all("p_value"):
            dates = {c.kind: c.values[0] for c in clause.values[1:] if isinstance(c, s.Clause)}
            rule.values.append(
                r.DatedPrice(clause.values[0], dates.get("since"), dates.get("until"), str(dates.get("by", "")), clause.place)
            )
        supply = clauses.first("p_to_supply")
        if supply is not None:
            rule.to_supply = _text(supply.values[0] if supply.values else None) or "montant à fournir"
        if not rule.values and rule.to_supply is None:
            self.problem(
                "FOR-04", f"Le paramètre {rule.name} n’a pas de valeur.", 'Écrivez-la, ou « à fournir "…" ».', rule.place
            )
        rule.reading = _reading(clauses)
        revisable = clauses.first("p_revisable")
        if revisable is not None:
            rule.revisable = (revisable.values[0], revisable.values[1])
        rule.without_amendment = clauses.has("p_without_amendment")
        return rule

    def scale(self, section: s.Section, clauses: _Clauses) -> r.Scale:
        name, kind, drivers = section.head.values[:3]
        rule = r.Scale(str(name), "", section.head.margin, section.head.place)
        rule.progressive = section.head.kind == "h_slice_scale"
        rule.type = _type(kind) if kind else None
        found = []
        for driver in drivers.values:
            if driver.kind == "offer_driver":
                rule.offers = str(driver.values[0] or "") if driver.values else ""
                found.append(s.Name("offre", place=driver.place))
            else:
                found.append(s.Name(str(driver.values[0]), place=driver.place))
        rule.drivers = tuple(found)
        rule.reading = _reading(clauses)
        self.scale_rows(section, rule)
        return rule

    def scale_rows(self, section: s.Section, rule: r.Scale) -> None:
        period: r.ScalePeriod | None = None
        header: list[Any] | None = None
        for clause in section.clauses:
            if clause.kind == "s_period":
                marks = {c.kind: c.values[0] for c in clause.values if isinstance(c, s.Clause)}
                period = r.ScalePeriod(marks["since"], str(marks.get("by", "")))
                rule.periods.append(period)
                header = None
                continue
            if clause.kind not in ("s_row", "s_grid_row"):
                continue
            if period is None:
                period = r.ScalePeriod(None, "")
                rule.periods.append(period)
            if clause.kind == "s_row":
                period.rows.append(r.Row((_bound(clause.values[0]),), _cell(clause.values[1], clause.margin), clause.place))
            elif header is None:
                header = list(clause.values)
            else:
                period.rows.extend(self.grid_rows(header, clause))
        if not any(p.rows for p in rule.periods):
            self.problem(
                "FOR-04", f"Le barème {rule.name} n’a aucune classe.", "Par exemple : moins de 1 500 : 1 500 €", rule.place
            )

    def grid_rows(self, header: list[Any], clause: s.Clause) -> list[r.Row]:
        """Return one row a column of a grid line: the class of the line, the class of the column, the value."""
        cells = list(clause.values)
        if len(cells) != len(header):
            self.problem(
                "GRI-01", f"Cette ligne a {len(cells)} cases, l’en-tête {len(header)}.", "Une case par colonne.", clause.place
            )
            return []
        first = _bound(_inside(cells[0]))
        return [
            r.Row((first, _bound(_inside(head))), _cell(_inside(cell), clause.margin), _inside(cell).place)
            for head, cell in zip(header[1:], cells[1:], strict=True)
        ]

    def key(self, section: s.Section, clauses: _Clauses) -> r.Key:
        rule = r.Key(**self.head(section), among=clauses.value("k_among"))
        for clause in section.clauses:
            if clause.kind in ("k_weight", "k_equal"):
                number, unit = clause.values[:2]
                driver = clause.values[2] if clause.kind == "k_weight" else None
                rule.weights.append(r.Weight(s.Number(_fraction(number), str(unit), clause.place), driver, None, clause.place))
            elif clause.kind == "k_fallback" and rule.weights:
                last = rule.weights[-1]
                rule.weights[-1] = r.Weight(last.percent, last.driver, clause.values[0], last.place)
        if not rule.weights:
            self.problem("FOR-04", f"La clé {rule.name} n’a aucun poids.", "Par exemple : 100 % selon habitants", rule.place)
        return rule

    def quantity(self, section: s.Section, clauses: _Clauses) -> r.Quantity:
        values = section.head.values
        rule = r.Quantity(**self.head(section), type=_type(values[1]) if values[1] else None)
        rule.indicator = section.head.kind == "h_indicator"
        inline = next((v for v in values if isinstance(v, s.Clause) and v.kind == "q_formula"), None)
        rule.formula = inline.values[0] if inline else clauses.value("q_formula")
        if clauses.has("q_offers"):
            rule.offers = str(clauses.value("q_offers") or "")
        rule.holders = _names(clauses, "q_for")
        rule.rows = str(clauses.value("q_rows")) if clauses.has("q_rows") else None
        if rule.formula is None:
            self.problem(
                "FOR-04",
                f"{HEADS[section.head.kind].capitalize()} {rule.name} n’a pas de formule.",
                "Ajoutez une ligne « = … ».",
                rule.place,
            )
        return rule

    def line(self, section: s.Section, clauses: _Clauses) -> r.Line:
        values = section.head.values
        rule = r.Line(**self.head(section), type=_type(values[1]) if values[1] else None)
        rule.holders = _names(clauses, "q_for")
        rule.offers = str(clauses.value("q_offers") or "") if clauses.has("q_offers") else None
        rule.rows = str(clauses.value("q_rows")) if clauses.has("q_rows") else None
        rule.yearly = clauses.has("l_yearly")
        rule.once = str(clauses.value("l_once", ""))
        self.line_section(rule, clauses)
        rule.condition = clauses.value("l_if")
        rule.exempt = [(c.values[0], c.margin) for c in clauses.all("l_exempt")]
        rule.billed = [self.billing(c) for c in clauses.all("l_billed")]
        rule.prorata = _prorata(clauses.value("c_prorata")) if clauses.has("c_prorata") else None
        rule.rounding = clauses.value("c_rounding")
        rule.tax = _tax(clauses.value("c_tax")) if clauses.has("c_tax") else None
        adjusts = clauses.first("l_adjusts")
        if adjusts is not None:
            rule.adjusts, mark = str(adjusts.values[0]), adjusts.values[1]
            rule.ways = mark.kind
            rule.ways_by = str(mark.values[0]) if mark.values else ""
        for clause in clauses.all("l_payer"):
            who = "host" if clause.values[0].kind == "paid_by_host" else "parent"
            rule.payers.append(r.Payer(who, _condition(clause)[0], clause.place))
        rule.nature = str(clauses.value("l_nature", ""))
        rule.account = str(clauses.value("l_account", ""))
        since = clauses.first("l_since")
        if since is not None:
            marks = {c.kind: c.values[0] for c in since.values if isinstance(c, s.Clause)}
            rule.first, rule.act = marks["since"], str(marks.get("by", ""))
        until = clauses.value("l_until")
        rule.last = until.values[0] if until else None
        rule.balance = clauses.value("l_balance")
        rule.formula = clauses.value("q_formula")
        if rule.formula is None:
            self.problem("FOR-04", f"La ligne {rule.name} n’a pas de formule.", "Ajoutez une ligne « = … ».", rule.place)
        return rule

    def line_section(self, rule: r.Line, clauses: _Clauses) -> None:
        found = [
            (k, v)
            for k, v in (("l_operating", "fonctionnement"), ("l_capital", "investissement"), ("l_in_kind", "en nature"))
            if clauses.has(k)
        ]
        rule.section_of = str(clauses.value("l_section_of", ""))
        rule.section = found[0][1] if found else ""
        if len(found) + bool(rule.section_of) != 1:
            self.problem("FOR-05", f"La ligne {rule.name} ne dit pas une section et une seule.",
                         "Ajoutez « en fonctionnement », « en investissement », « en nature » ou « dans la section de … ».", rule.place)  # fmt: skip

    def billing(self, clause: s.Clause) -> r.Billing:
        when = clause.values[0]
        assert isinstance(when, s.Clause)
        condition, otherwise = _condition(clause)
        payments = next((c for c in clause.values if isinstance(c, s.Clause) and c.kind == "payments"), None)
        instalments = int(_fraction(payments.values[0])) if payments else 1
        common = {"instalments": instalments, "condition": condition, "otherwise": otherwise, "place": clause.place}
        if when.kind == "w_between":
            first, last, year = when.values
            return r.Billing("between", first=first, last=last, year=year, **common)
        if when.kind == "w_on":
            return r.Billing("on", date_name=str(when.values[0]), **common)
        if when.kind == "w_after":
            count, unit, name = when.values
            return r.Billing("after", count=int(_fraction(count)), unit=str(unit), date_name=str(name), **common)
        return r.Billing(when.kind.removeprefix("w_"), **common)

    def credit(self, section: s.Section, clauses: _Clauses) -> r.Credit:
        rule = r.Credit(
            **self.head(section), source=str(clauses.value("d_source", "")), target=str(clauses.value("d_target", ""))
        )
        rule.condition = clauses.value("l_if")
        rule.once = clauses.has("d_once")
        rule.floor = clauses.value("d_floor")
        rule.carried = clauses.has("d_carried")
        if not rule.source or not rule.target:
            self.problem("FOR-04", f"Le crédit {rule.name} ne dit pas de quelle ligne il vient et sur laquelle il porte.",
                         "Ajoutez « de …, sur … ».", rule.place)  # fmt: skip
        if not rule.carried and not clauses.has("d_lost"):
            self.problem(
                "CRE-01",
                f"Le crédit {rule.name} ne dit pas ce que devient son reste.",
                "Ajoutez « reste perdu » ou « reste reporté ».",
                rule.place,
            )
        return rule

    def limit(self, section: s.Section, clauses: _Clauses) -> r.Limit:
        rule = r.Limit(**self.head(section), kind=section.head.kind.removeprefix("h_"))
        rule.lines = _names(clauses, "m_lines")
        rule.section = "fonctionnement" if clauses.has("m_operating") else "investissement" if clauses.has("m_capital") else ""
        rule.on_total = clauses.has("m_on_total")
        rule.at_most = clauses.value("m_at_most")
        rule.at_least = clauses.value("m_at_least")
        rule.excess = [self.bearer(c) for c in clauses.all("m_excess")]
        rule.shortfall = [self.bearer(c) for c in clauses.all("m_shortfall")]
        rule.in_proportion = clauses.has("m_in_proportion")
        rule.else_none = clauses.has("m_else_none")
        rule.warns = clauses.value("m_else_none") is not None
        rule.condition = clauses.value("l_if")
        if not rule.lines and not rule.section:
            self.problem(
                "FOR-04", f"« {rule.name} » ne dit pas sur quelles lignes il porte.", "Ajoutez « porte sur … ».", rule.place
            )
        if rule.at_most is None and rule.at_least is None:
            self.problem(
                "FOR-04", f"« {rule.name} » ne dit pas sa limite.", "Ajoutez « au plus … » ou « au moins … ».", rule.place
            )
        return rule

    def bearer(self, clause: s.Clause) -> r.Bearer:
        mark = clause.values[0]
        assert isinstance(mark, s.Clause)
        who = {"borne_by_host": "host", "borne_by_others": "others", "borne_by_member": "member"}[mark.kind]
        key: Any = mark.values[0] if mark.values else None
        condition, otherwise = _condition(clause)
        return r.Bearer(who, key, condition, otherwise, clause.place)

    def allowance(self, section: s.Section, clauses: _Clauses) -> r.Allowance:
        rule = r.Allowance(**self.head(section), holders=str(clauses.value("e_holders", "")))
        consumed = clauses.first("e_consumed")
        if consumed is not None:
            rule.consumed, rule.order = str(consumed.values[0]), str(consumed.values[1])
            rule.condition = _condition(consumed)[0]
        counted: s.Clause | None = clauses.value("e_counted")
        if counted is not None:
            rule.counted = counted.kind
            rule.counted_by = str(counted.values[0]) if counted.values else ""
        rule.quota = clauses.value("e_quota")
        rule.carry = clauses.value("e_carry")
        rule.formula = clauses.value("q_formula")
        if not rule.holders or not rule.consumed or rule.formula is None:
            self.problem("FOR-04", f"L’enveloppe {rule.name} ne dit pas à qui elle est, ce qui la consomme ou ce qu’elle contient.",
                         "« pour les titulaires de … », « consommée par … dans l’ordre de … », « = … jours ».", rule.place)  # fmt: skip
        return rule

    def refusal(self, section: s.Section, clauses: _Clauses) -> r.Refusal:
        rule = r.Refusal(**self.head(section), holders=_names(clauses, "q_for"))
        rule.when = "joining" if clauses.has("n_on_joining") else "leaving" if clauses.has("n_on_leaving") else "always"
        rule.condition = clauses.value("l_if")
        for kind, outcome in (("n_decide", "decide"), ("n_forbidden", "forbidden"), ("n_warn", "warn")):
            clause = clauses.first(kind)
            if clause is not None:
                rule.outcome, rule.text = outcome, _text(clause.values[0] if clause.values else None)
        if (rule.outcome == "warn") != (section.head.kind == "h_warning"):
            self.problem("FOR-06", "Une alerte avertit, un refus interdit ou renvoie à une décision.",
                         "« refus … interdit » ou « à décider » ; « alerte … avertir ».", rule.place)  # fmt: skip
        if rule.condition is None:
            self.problem("FOR-04", f"« {rule.name} » ne dit pas dans quel cas.", "Ajoutez « si … ».", rule.place)
        return rule

    def example(self, section: s.Section) -> r.Example:
        values = section.head.values
        label = next(str(v) for v in values if getattr(v, "type", "") == "STRING")
        rule = r.Example(label, label, section.head.margin, section.head.place, clauses=list(section.clauses))
        rule.fictitious = "fictif" in self.source.words_at(section.head.place).split('"')[0]
        rule.words = " ".join(str(v.values[0]) for c in section.clauses if c.kind == "x_words" for v in c.values)
        return rule


def _fraction(token: Any) -> Any:
    return number_of(str(token))


def _date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    place = Place(value.line or 1, value.column or 1, value.end_line or 1, value.end_column or 1)
    return date_of(str(value), place)


def _names(clauses: _Clauses, kind: str) -> tuple[str, ...]:
    return tuple(str(name) for clause in clauses.all(kind) for name in clause.values[0])


def _text(value: Any) -> str:
    return str(value.values[0]) if isinstance(value, s.Clause) else str(value or "")


def _type(value: Any) -> r.TypeText:
    kind = value.kind.removesuffix("_type")
    if kind == "unit":
        return r.TypeText("unit", str(value.values[0]))
    return r.TypeText(kind, names=tuple(str(v) for v in value.values))


def _reading(clauses: _Clauses) -> r.ReadingRule | None:
    clause: s.Clause | None = clauses.value("f_read")
    if clause is None:
        return None
    kind = {"read_on": "on", "read_in": "in", "read_on_event": "event", "read_on_effect": "effect", "read_on_decision": "decision",
            "read_average": "average", "read_highest": "highest", "read_at_end": "end"}[clause.kind]  # fmt: skip
    if kind == "on":
        return r.ReadingRule(kind, day=clause.values[0])
    return r.ReadingRule(kind, year=clause.values[0] if clause.values else None)


def _prorata(mark: s.Clause) -> r.Prorata:
    if mark.kind == "by_reading":
        return r.Prorata("by_reading", str(mark.values[0]))
    return r.Prorata(mark.kind.removeprefix("prorata_"))


def _tax(mark: s.Clause) -> r.Tax:
    if mark.kind == "by_reading":
        return r.Tax("by_reading", reading=str(mark.values[0]))
    rate: Any = mark.values[0] if mark.values else None
    return r.Tax(mark.kind.removeprefix("tax_"), rate)


def _condition(clause: s.Clause) -> tuple[Any, bool]:
    for value in clause.values:
        if isinstance(value, s.Clause) and value.kind == "condition":
            return value.values[0], False
        if isinstance(value, s.Clause) and value.kind == "condition_else":
            return None, True
    return None, False


def _inside(cell: s.Clause) -> s.Clause:
    """Return what a grid cell holds, whatever wraps it."""
    while cell.kind in ("cell", "bound_cell", "value_cell", "bound", "cell_value"):
        cell = cell.values[0]
    return cell


def _bound(mark: s.Clause) -> r.Bound:
    mark = _inside(mark)
    if mark.kind in ("b_choice", "v_name"):
        return r.Bound("names", names=tuple(str(v) for v in mark.values), place=mark.place)
    if mark.kind in ("b_yes", "b_no", "v_yes", "v_no"):
        return r.Bound("names", names=("oui" if mark.kind.endswith("yes") else "non",), place=mark.place)
    if mark.kind == "b_others":
        return r.Bound("others", place=mark.place)
    numbers: list[Any] = [s.Number(_fraction(v), None, mark.place) if not isinstance(v, s.Number) else v for v in mark.values]
    kind = mark.kind.removeprefix("b_")
    if kind in ("ordinals", "from_ordinal"):
        return r.Bound(kind, numbers[0], numbers[1] if len(numbers) > 1 else None, place=mark.place)
    if kind == "v_amount":
        return r.Bound("equal", numbers[0], numbers[0], place=mark.place)
    if kind in ("below", "to"):
        return r.Bound(kind, None, numbers[0], place=mark.place)
    if kind == "equal":
        return r.Bound(kind, numbers[0], numbers[0], place=mark.place)
    return r.Bound(kind, numbers[0], numbers[1] if len(numbers) > 1 else None, place=mark.place)


def _cell(mark: s.Clause, margin: s.Margin) -> r.Cell:
    mark = _inside(mark)
    kind = mark.kind.removeprefix("v_")
    if kind == "amount":
        return r.Cell("amount", mark.values[0], margin=margin, place=mark.place)
    if kind == "negative":
        number: Any = mark.values[-1]
        return r.Cell("amount", s.Number(-number.value, number.unit, mark.place), margin=margin, place=mark.place)
    if kind == "name":
        return r.Cell("name", text=str(mark.values[0]), margin=margin, place=mark.place)
    return r.Cell(kind, text=_text(mark.values[0]) if mark.values else "", margin=margin, place=mark.place)
