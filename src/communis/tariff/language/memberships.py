"""The `adhésion` block: effect, duration, renewal, notice and exit, made from its clauses."""

from __future__ import annotations

from communis.tariff.language import rules as r
from communis.tariff.language.clauses import Block, text_of

_EFFECTS = ("signature", "chosen", "later", "next", "fixed")
_EITHER = (
    tuple(f"a_effect_{mark}" for mark in _EFFECTS),
    ("a_notice", "a_no_notice"),
    ("a_maximum", "a_unlimited"),
    ("a_exit_to_date", "a_exit_period_end", "a_exit_by"),
    ("a_early_exit", "a_early_exit_by"),
)


def membership(block: Block) -> r.Membership:
    label = str(block.head.values[0] or "") if block.head.values else ""
    rule = r.Membership("adhésion", label, block.head.margin, block.head.place)
    rule.offers = block.names("a_offers")
    check_contradictions(block)
    rule.effect = next((mark for mark in _EFFECTS if block.has(f"a_effect_{mark}")), "")
    rule.effect_day = block.value("a_effect_next")
    rule.effect_on = block.day(block.value("a_effect_fixed"))
    rule.duration_months = block.months(block.first("a_duration")) or 0
    rule.renewal_months = block.months(block.first("a_renewal")) or 0
    rule.maximum_months = block.months(block.first("a_maximum"))
    rule.notice_months = 0 if block.has("a_no_notice") else block.months(block.first("a_notice"))
    rule.term = block.day(block.value("a_term"))
    rule.express = block.has("a_express")
    rule.exit_rule = next((mark for mark in ("to_date", "period_end") if block.has(f"a_exit_{mark}")), "")
    rule.exit_by = str(block.value("a_exit_by")) if block.has("a_exit_by") else None
    rule.waiver = block.has("a_waiver")
    rule.free_exits = tuple(filter(None, (block.day(c.values[0]) for c in block.all("a_free_exit"))))
    rule.free_offers = block.names("a_free_offers")
    early = block.first("a_early_exit") or block.first("a_early_exit_by")
    rule.early_exit = text_of(early.values[-1] if early.values else None) if early else None
    rule.early_exit_by = str(block.value("a_early_exit_by")) if block.has("a_early_exit_by") else None
    rule.due_until_exit = block.has("a_due_until_exit")
    if not (block.has("a_duration") or block.has("a_term")):
        block.problem(
            "ADH-01",
            "L’adhésion ne dit pas sa durée.",
            "Ajoutez « durée 1 an » ou « terme le jj/mm/aaaa » ; si votre texte ne le dit pas, retirez le bloc « adhésion ».",
            rule.place,
        )
    if rule.renewal_months and rule.maximum_months is None and not block.has("a_unlimited"):
        block.problem(
            "ADH-02",
            "La reconduction ne dit pas son maximum.",
            "Ajoutez « au plus 6 ans en tout » ou « sans maximum ».",
            rule.place,
        )
    return rule


def check_contradictions(block: Block) -> None:
    """Tell two clauses of a membership that cannot both hold (« sans préavis » and « préavis de 12 mois »)."""
    for kinds in _EITHER:
        said = [clause for kind in kinds for clause in block.all(kind)[:1]]
        if len(said) > 1:
            first, second = sorted(said, key=lambda c: c.place)[:2]
            block.problem("ADH-04", f"« {block.source.words_at(second.place)} » contredit la ligne {first.place.line}.",
                         "Gardez l’une des deux clauses.", second.place)  # fmt: skip
