"""What is owed: quantities, lines with when, where and by whom they are paid, and the credits that reduce them."""

from __future__ import annotations

from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.clauses import Block, condition_of, fraction_of, prorata_of, tax_of, type_of
from communis.tariff.language.parser import HEADS

MOST_INSTALMENTS = 60
MOST_DELAY = 1200


def quantity(block: Block) -> r.Quantity:
    values = block.head.values
    rule = r.Quantity(**block.common(), type=type_of(values[1]) if values[1] else None)
    rule.indicator = block.head.kind == "h_indicator"
    inline = next((v for v in values if isinstance(v, s.Clause) and v.kind == "q_formula"), None)
    rule.formula = inline.values[0] if inline else block.value("q_formula")
    if block.has("q_offers"):
        rule.offers = str(block.value("q_offers") or "")
    rule.holders = block.holders()
    rule.rows = str(block.value("q_rows")) if block.has("q_rows") else None
    if rule.formula is None:
        block.lacks(
            "FOR-04",
            f"{HEADS[block.head.kind].capitalize()} {rule.name} n’a pas de formule.",
            "Ajoutez une ligne « = … ».",
            rule.place,
        )
    return rule


def line(block: Block) -> r.Line:
    values = block.head.values
    rule = r.Line(**block.common(), type=type_of(values[1]) if values[1] else None)
    rule.holders = block.holders()
    rule.offers = str(block.value("q_offers") or "") if block.has("q_offers") else None
    rule.rows = str(block.value("q_rows")) if block.has("q_rows") else None
    rule.yearly = block.has("l_yearly")
    rule.once = str(block.value("l_once", ""))
    line_section(block, rule)
    rule.condition = block.value("l_if")
    rule.exempt = [(c.values[0], c.margin) for c in block.all("l_exempt")]
    rule.billed = [billing(block, c) for c in block.all("l_billed")]
    rule.prorata = prorata_of(block.value("c_prorata")) if block.has("c_prorata") else None
    rule.rounding = block.value("c_rounding")
    rule.tax = tax_of(block.value("c_tax")) if block.has("c_tax") else None
    adjusts = block.first("l_adjusts")
    if adjusts is not None:
        rule.adjusts, mark = str(adjusts.values[0]), adjusts.values[1]
        rule.ways = mark.kind
        rule.ways_by = str(mark.values[0]) if mark.values else ""
    for clause in block.all("l_payer"):
        who = "host" if clause.values[0].kind == "paid_by_host" else "parent"
        rule.payers.append(r.Payer(who, condition_of(clause)[0], clause.place))
    rule.nature = str(block.value("l_nature", ""))
    rule.account = str(block.value("l_account", ""))
    since = block.first("l_since")
    if since is not None:
        marks = {c.kind: c.values[0] for c in since.values if isinstance(c, s.Clause)}
        rule.first, rule.act = marks["since"], str(marks.get("by", ""))
    until = block.value("l_until")
    rule.last = until.values[0] if until else None
    rule.balance = block.value("l_balance")
    rule.formula = block.value("q_formula")
    if rule.formula is None:
        block.lacks("FOR-04", f"La ligne {rule.name} n’a pas de formule.", "Ajoutez une ligne « = … ».", rule.place)
    return rule


def line_section(block: Block, rule: r.Line) -> None:
    found = [
        (k, v)
        for k, v in (("l_operating", "fonctionnement"), ("l_capital", "investissement"), ("l_in_kind", "en nature"))
        if block.has(k)
    ]
    rule.section_of = str(block.value("l_section_of", ""))
    rule.section = found[0][1] if found else ""
    if len(found) + bool(rule.section_of) != 1:
        block.lacks(
            "FOR-05",
            f"La ligne {rule.name} ne dit pas une section et une seule.",
            "Ajoutez « en fonctionnement », « en investissement », « en nature » ou « dans la section de … ».",
            rule.place,
        )


def instalments(block: Block, clause: s.Clause) -> int:
    """Return how many times a line is paid, on days spread over its due period; a day alone is not cut."""
    payments = next((c for c in clause.values if isinstance(c, s.Clause) and c.kind == "payments"), None)
    if payments is None:
        return 1
    count: Any = fraction_of(payments.values[0])
    if count.denominator != 1 or not 1 <= count <= MOST_INSTALMENTS:
        block.problem(
            "ECH-01",
            f"« en {payments.values[0]} fois » : un nombre entier d’échéances, {MOST_INSTALMENTS} au plus.",
            "Par exemple : en 3 fois.",
            clause.place,
        )
        return 1
    when = clause.values[0]
    if count > 1 and isinstance(when, s.Clause) and when.kind != "w_between":
        block.problem(
            "ECH-02",
            f"« en {payments.values[0]} fois » : cette échéance est d’un jour, rien ne s’y étale.",
            "Écrivez « du 1er janvier au 31 mars de N en 3 fois », ou retirez-le.",
            clause.place,
        )
    return int(count)


def delay(block: Block, clause: s.Clause, count: Any) -> int:
    """Return the whole number of days, months or years after which a line falls due."""
    found = fraction_of(count)
    if found.denominator != 1 or found > MOST_DELAY:
        block.problem("LEC-12", f"« {count} » : un nombre entier, au plus 1 200.", "Par exemple : à 30 jours de …", clause.place)
        return 0
    return int(found)


def billing(block: Block, clause: s.Clause) -> r.Billing:
    when = clause.values[0]
    assert isinstance(when, s.Clause)
    condition, otherwise = condition_of(clause)
    common = {"instalments": instalments(block, clause), "condition": condition, "otherwise": otherwise, "place": clause.place}
    if when.kind == "w_between":
        first, last, year = when.values
        return r.Billing("between", first=first, last=last, year=year, **common)
    if when.kind == "w_start":
        return r.Billing("start", year=when.values[0] if when.values else None, **common)
    if when.kind == "w_on":
        return r.Billing("on", date_name=str(when.values[0]), **common)
    if when.kind == "w_after":
        count, unit, name = when.values
        return r.Billing("after", count=delay(block, clause, count), unit=str(unit), date_name=str(name), **common)
    return r.Billing(when.kind.removeprefix("w_"), **common)


def credit(block: Block) -> r.Credit:
    rule = r.Credit(**block.common(), source=str(block.value("d_source", "")), target=str(block.value("d_target", "")))
    rule.condition = block.value("l_if")
    rule.once = block.has("d_once")
    rule.floor = block.value("d_floor")
    rule.carried = block.has("d_carried")
    if not rule.source or not rule.target:
        block.lacks("FOR-04", f"Le crédit {rule.name} ne dit pas de quelle ligne il vient et sur laquelle il porte.",
                     "Ajoutez « de …, sur … ».", rule.place)  # fmt: skip
    if not rule.carried and not block.has("d_lost"):
        block.lacks(
            "CRE-01",
            f"Le crédit {rule.name} ne dit pas ce que devient son reste.",
            "Ajoutez « reste perdu » ou « reste reporté ».",
            rule.place,
        )
    return rule
