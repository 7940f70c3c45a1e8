"""What bounds what is owed: caps and floors with their bearers, allowances, refusals and warnings."""

from __future__ import annotations

from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.clauses import Block, condition_of, text_of


def limit(block: Block) -> r.Limit:
    rule = r.Limit(**block.common(), kind=block.head.kind.removeprefix("h_"))
    rule.lines = block.names("m_lines")
    rule.section = "fonctionnement" if block.has("m_operating") else "investissement" if block.has("m_capital") else ""
    rule.on_total = block.has("m_on_total")
    rule.at_most = block.value("m_at_most")
    rule.at_least = block.value("m_at_least")
    rule.excess = [bearer(c) for c in block.all("m_excess")]
    rule.shortfall = [bearer(c) for c in block.all("m_shortfall")]
    rule.in_proportion = block.has("m_in_proportion")
    rule.else_none = block.has("m_else_none")
    rule.warns = block.value("m_else_none") is not None
    rule.condition = block.value("l_if")
    if not rule.lines and not rule.section:
        block.lacks("FOR-04", f"« {rule.name} » ne dit pas sur quelles lignes il porte.", "Ajoutez « porte sur … ».", rule.place)
    if rule.at_most is None and rule.at_least is None:
        block.lacks("FOR-04", f"« {rule.name} » ne dit pas sa limite.", "Ajoutez « au plus … » ou « au moins … ».", rule.place)
    return rule


def bearer(clause: s.Clause) -> r.Bearer:
    mark = clause.values[0]
    assert isinstance(mark, s.Clause)
    who = {"borne_by_host": "host", "borne_by_others": "others", "borne_by_member": "member"}[mark.kind]
    key: Any = mark.values[0] if mark.values else None
    condition, otherwise = condition_of(clause)
    return r.Bearer(who, key, condition, otherwise, clause.place)


def allowance(block: Block) -> r.Allowance:
    rule = r.Allowance(**block.common(), holders=str(block.value("e_holders", "")))
    consumed = block.first("e_consumed")
    if consumed is not None:
        rule.consumed, rule.order = str(consumed.values[0]), str(consumed.values[1])
        rule.condition = condition_of(consumed)[0]
    counted: s.Clause | None = block.value("e_counted")
    if counted is not None:
        rule.counted = counted.kind
        rule.counted_by = str(counted.values[0]) if counted.values else ""
    rule.quota = block.value("e_quota")
    rule.carry = block.value("e_carry")
    rule.formula = block.value("q_formula")
    if not rule.holders or not rule.consumed or rule.formula is None:
        block.lacks(
            "FOR-04",
            f"L’enveloppe {rule.name} ne dit pas à qui elle est, ce qui la consomme ou ce qu’elle contient.",
            "« pour les titulaires de … », « consommée par … dans l’ordre de … », « = … jours ».",
            rule.place,
        )
    return rule


def refusal(block: Block) -> r.Refusal:
    rule = r.Refusal(**block.common(), holders=block.holders())
    rule.when = "joining" if block.has("n_on_joining") else "leaving" if block.has("n_on_leaving") else "always"
    rule.condition = block.value("l_if")
    for kind, outcome in (("n_decide", "decide"), ("n_forbidden", "forbidden"), ("n_warn", "warn")):
        clause = block.first(kind)
        if clause is not None:
            rule.outcome, rule.text = outcome, text_of(clause.values[0] if clause.values else None)
    if (rule.outcome == "warn") != (block.head.kind == "h_warning"):
        block.lacks("FOR-06", "Une alerte avertit, un refus interdit ou renvoie à une décision.",
                     "« refus … interdit » ou « à décider » ; « alerte … avertir ».", rule.place)  # fmt: skip
    if rule.condition is None:
        block.lacks("FOR-04", f"« {rule.name} » ne dit pas dans quel cas.", "Ajoutez « si … ».", rule.place)
    return rule
