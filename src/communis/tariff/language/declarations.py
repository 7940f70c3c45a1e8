"""The rules that declare: articles, units, interpretations, facts, registers and offers, made from their clauses."""

from __future__ import annotations

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.clauses import Block, fraction_of, prorata_of, reading_of, tax_of, type_of


def header(block: Block) -> r.Header:
    rule = r.Header(str(block.head.values[0]), place=block.head.place)
    rule.whole = block.whole
    rule.host = str(block.value("c_host", ""))
    version = block.first("c_version")
    if version is not None:
        rule.version = str(version.values[0])
        rule.first = block.day(version.values[1])
        rule.last = block.day(version.values[2]) if len(version.values) > 2 and version.values[2] else None
    rule.legal_grounds = tuple(str(c.values[0]) for c in block.all("c_legal_ground"))
    rule.source = " ; ".join(str(c.values[0]) for c in block.all("c_source"))
    year = block.first("c_fiscal_year")
    if year is not None:
        rule.year_first, rule.year_last = year.values
    rule.rounding = block.value("c_rounding")
    rule.total_rounding = block.value("c_total_rounding")
    remainder(rule, block)
    if block.has("c_prorata"):
        rule.prorata = prorata_of(block.value("c_prorata"))
    if block.has("c_tax"):
        rule.tax = tax_of(block.value("c_tax"))
    rule.rests_on = {word: block.rests_on(f"c_{word}") for word in ("prorata", "tax", "rounding", "remainder")}
    return rule


def remainder(rule: r.Header, block: Block) -> None:
    mark: s.Clause | None = block.value("c_remainder")
    if mark is None:
        return
    rule.remainder = {"largest_remainder": "largest", "to_host": "host", "to_largest": "biggest"}[mark.kind]
    if mark.values:
        rule.tie = mark.values[0].kind.removeprefix("by_")


def article(block: Block) -> r.Article:
    words = tuple(str(v.values[0]) for c in block.all("article_words") for v in c.values)
    return r.Article(**block.common(), words=words)


def unit(block: Block) -> r.UnitRule:
    worth = None
    if block.head.kind == "h_unit_conversion":
        number, unit = block.head.values[1:3]
        worth = s.Number(fraction_of(number), str(unit), block.head.place)
    return r.UnitRule(**block.common(), worth=worth)


def interpretation(block: Block) -> r.Interpretation:
    rule = r.Interpretation(**block.common())
    for clause in block.clauses:
        if clause.kind == "i_open":
            rule.open_reason = str(clause.values[0] or "le texte ne tranche pas")
            continue
        name, label = str(clause.values[0]), str(clause.values[1] or "") if len(clause.values) > 1 else ""
        rule.readings[name] = label
        if clause.kind == "i_retained":
            rule.retained = name
    if (rule.retained is None) == (not rule.open_reason):
        block.lacks("INT-01", f"{rule.name} ne dit ni ce qui est retenu ni que c’est à trancher, ou dit les deux.",
                     "Une seule ligne : « retenu … » ou « à trancher \"…\" ».", rule.place)  # fmt: skip
    return rule


def fact(block: Block) -> r.Fact:
    rule = r.Fact(**block.common(), type=type_of(block.head.values[1]))
    if block.has("f_population"):
        rule.population = block.value("f_population").kind.removeprefix("kind_")
    if block.has("f_population_by"):
        rule.population_by = str(block.value("f_population_by"))
    rule.reading = reading_of(block)
    rule.published_by = block.value("f_published")
    rule.of_service = block.has("f_service")
    if block.has("f_offers"):
        rule.offers = str(block.value("f_offers") or "")
    rule.yearly = block.has("f_yearly")
    rule.default = block.value("f_default")
    rule.lasting = block.has("f_lasting")
    rule.frozen = block.has("f_frozen")
    return rule


def register(block: Block) -> r.Register:
    rule = r.Register(**block.common(), of_member=not block.has("r_service"))
    for clause in block.all("r_field"):
        field = field_of(clause)
        if field.name in rule.fields:
            block.problem("NOM-06", f"Le champ « {field.name} » est déjà défini.", "Donnez-lui un autre nom.", field.place)
        if field.by_member and rule.of_member:
            block.problem(
                "REG-02",
                f"Le champ « {field.name} » est par membre, et chaque ligne du registre {rule.name} est déjà d’un membre.",
                "Retirez « par membre », ou écrivez « du service ».",
                field.place,
            )
        rule.fields[field.name] = field
    events = [f for f in rule.fields.values() if f.is_event]
    if len(events) != 1 or events[0].type.kind != "date":
        block.lacks("REG-01", f"Le registre {rule.name} ne dit pas quelle date fait foi.",
                     "Ajoutez « , fait foi » après un champ de type date, et un seul.", rule.place)  # fmt: skip
    return rule


def field_of(clause: s.Clause) -> r.Field:
    name, kind, *rest = clause.values
    options = {o.kind: o for o in rest if isinstance(o, s.Clause)}
    label = next((str(v) for v in rest if getattr(v, "type", "") == "STRING"), "")
    field = r.Field(str(name), label, clause.margin, clause.place, type_of(kind))
    field.is_event = "o_event" in options
    field.by_member = "o_by_member" in options
    field.optional = "o_optional" in options
    field.default = options["o_default"].values[0] if "o_default" in options else None
    if "o_rounding" in options:
        number, unit, mode = options["o_rounding"].values
        field.rounding = s.Rounding(fraction_of(number), str(unit), mode.kind)
    return field


def offer(block: Block) -> r.Offer:
    rule = r.Offer(**block.common())
    group = block.head.values[2] if len(block.head.values) > 2 else None
    rule.group = str(group) if group else None
    rule.includes = block.names("o_includes")
    rule.requires = block.names("o_requires")
    rule.excludes = block.names("o_excludes")
    rule.reserved = block.value("o_reserved")
    rule.closed = block.day(block.value("o_closed"))
    rule.opened = block.day(block.value("o_opened"))
    rule.always = block.has("o_always")
    rule.announced = block.has("o_announced")
    rule.one_of = block.has("o_one_of")
    for clause in block.all("o_step"):
        rule.steps[str(clause.values[0])] = str(clause.values[1] or "") if len(clause.values) > 1 else ""
    return rule


def example(block: Block) -> r.Example:
    label = next(str(v) for v in block.head.values if getattr(v, "type", "") == "STRING")
    rule = r.Example(label, label, block.head.margin, block.head.place, clauses=list(block.clauses))
    rule.fictitious = "fictif" in block.source.words_at(block.head.place).split('"')[0]
    rule.words = " ".join(str(v.values[0]) for c in block.clauses if c.kind == "x_words" for v in c.values)
    return rule
