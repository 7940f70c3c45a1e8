"""From clauses to rules: every clause in its slot, each said once, whatever is missing told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from communis.tariff.language import declarations, limits, lines, memberships, prices
from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.clauses import Block
from communis.tariff.language.parser import RESERVED
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
_MAKERS: dict[str, Callable[[Block], r.Rule]] = {
    "h_article": declarations.article, "h_unit": declarations.unit, "h_unit_conversion": declarations.unit,
    "h_interpretation": declarations.interpretation, "h_fact": declarations.fact, "h_register": declarations.register,
    "h_offer": declarations.offer, "h_parameter": prices.parameter, "h_class_scale": prices.scale,
    "h_slice_scale": prices.scale, "h_key": prices.key, "h_quantity": lines.quantity, "h_indicator": lines.quantity,
    "h_line": lines.line, "h_credit": lines.credit, "h_cap": limits.limit, "h_floor": limits.limit, "h_collar": limits.limit,
    "h_allowance": limits.allowance, "h_refusal": limits.refusal, "h_warning": limits.refusal,
}  # fmt: skip


def assemble(source: Source, sections: list[s.Section], problems: list[Problem]) -> r.Rulebook:
    """Return the rules of a file; problems of form (twice, missing, misplaced) are added to the list."""
    return _Assembler(source, problems).run(sections)


class _Assembler:
    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        self.book = r.Rulebook(r.Header(""))

    def problem(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.problems.append(Problem(code, message, remedy, place, self.source.name, self.source.words_at(place)))

    def run(self, sections: list[s.Section]) -> r.Rulebook:
        for section in sections:
            block = Block(section, self.source, self.problems)
            self.check_repeated(section)
            if block.head.kind == "h_convention":
                self.header(block)
            elif block.head.kind == "h_membership":
                self.book.memberships.append(memberships.membership(block))
            elif block.head.kind == "h_example":
                self.book.examples.append(declarations.example(block))
            else:
                self.keep(block)
        if not self.book.header.title and not self.problems:
            self.problem("FOR-01", "Le fichier n’a pas de bloc « convention ».",
                         "Commencez par : convention \"…\", avec gestionnaire, version et exercice.", NOWHERE)  # fmt: skip
        return self.book

    def header(self, block: Block) -> None:
        if self.book.header.title:
            block.problem(
                "FOR-03", "Un fichier tient une seule convention.", "Mettez l’autre dans son propre fichier.", block.head.place
            )
            return
        self.book.header = declarations.header(block)

    def check_repeated(self, section: s.Section) -> None:
        seen: dict[str, s.Clause] = {}
        for clause in section.clauses:
            if clause.kind in seen and clause.kind not in _REPEATED:
                words = self.source.words_at(clause.place)
                self.problem("FOR-02", f"« {words} » : cette clause est déjà dite ligne {seen[clause.kind].place.line}.",
                             "Gardez l’une des deux.", clause.place)  # fmt: skip
            seen.setdefault(clause.kind, clause)

    def keep(self, block: Block) -> None:
        """Make the rule of a block and file it, unless its name is taken or reserved."""
        kind = block.head.kind
        rule = _MAKERS[kind](block)
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
            self.problem(
                "NOM-02",
                f"« {rule.name} » est un mot réservé de la langue.",
                f"Choisissez un autre nom, par exemple {rule.name}_du_membre ; la référence en a la liste, "
                "« Les mots réservés ».",
                rule.place,
            )
        elif "." in rule.name or "-" in rule.name:
            self.problem("NOM-02", f"Un nom ne contient ni point ni trait d’union : « {rule.name} ».",
                         rule.name.replace(".", "_").replace("-", "_"), rule.place)  # fmt: skip
        for other in (
            self.book.facts,
            self.book.registers,
            self.book.offers,
            self.book.parameters,
            self.book.scales,
            self.book.keys,
            self.book.quantities,
            self.book.lines,
            self.book.credits,
            self.book.limits,
            self.book.allowances,
            self.book.refusals,
        ):
            known: r.Rule | None = other.get(rule.name)
            if known is not None and type(known) is not type(rule):
                self.problem("NOM-06", f"« {rule.name} » est déjà défini ligne {known.place.line}.",
                             "Donnez un autre nom à l’un des deux.", rule.place)  # fmt: skip
