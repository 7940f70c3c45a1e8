"""What an article produces: `calculer --article`."""

from __future__ import annotations

import argparse
from typing import Any

from communis.tariff.cli.desk import INCOMPLETE, Case, Failed, euros, marked, show, write_json
from communis.tariff.cli.telling import dates_text, flags_of, label_of, line_text
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, REFUSED
from communis.tariff.language import rules as r
from communis.tariff.language.problems import nearest
from communis.tariff.result import OfArticle, Result, decimal_text, line_json, produced_by
from communis.tariff.wording import articles_text

HEADERS = ["Membre", "Ligne", "Montant", "Échéance"]
_KINDS: dict[type[r.Rule], str] = {
    r.Fact: "fait", r.Register: "registre", r.Offer: "offre", r.Parameter: "paramètre", r.Scale: "barème", r.Key: "clé",
    r.Line: "ligne", r.Credit: "crédit", r.Allowance: "enveloppe", r.Membership: "adhésion", r.Interpretation: "interprétation",
}  # fmt: skip
_LIMITS = {"cap": "plafond", "floor": "plancher", "collar": "encadrement"}


def show_article(options: argparse.Namespace, case: Case, result: Result) -> int:
    """Show the rules of an article, the lines that they make and what these give in all."""
    found = produced_by(result, reference_of(case, options.article))
    if options.json:
        write_json(article_json(case, result, found))
    else:
        show_lines(options, case, result, found)
    return INCOMPLETE if any(line.outcome == REFUSED for line in found.lines) or case.doubtful else 0


def reference_of(case: Case, text: str) -> str:
    """Return the reference of an article, or of a passage written with its word or without; raises Failed with the nearest."""
    book = case.convention.model.book
    words = text.strip().removeprefix("article ").strip()
    for reference in (words, f"passage {words}"):
        if book.article(reference) is not None:
            return reference
    close = nearest(words, (reference.removeprefix("passage ") for reference in book.articles))
    raise Failed(f"« {text} » n’est pas un article de la convention." + (f" Le plus proche : {close}." if close else ""))


def kind_of(rule: r.Rule) -> str:
    """Return the word that opens a rule in the file."""
    if isinstance(rule, r.Limit):
        return _LIMITS[rule.kind]
    if isinstance(rule, r.Quantity):
        return "indicateur" if rule.indicator else "grandeur"
    if isinstance(rule, r.Refusal):
        return "alerte" if rule.outcome == "warn" else "refus"
    return _KINDS[type(rule)]


def show_lines(options: argparse.Namespace, case: Case, result: Result, found: OfArticle) -> None:
    if not options.csv:
        article = result.book.article(found.reference)
        title = f", {article.label}" if article is not None and article.label else ""
        print(f"{articles_text([found.reference])}{title}, exercice {case.label(result.year)}")
        print("Règles : " + (", ".join(f"{kind_of(rule)} {rule.name}".strip() for rule in found.rules) or "aucune") + ".")
    rows = [[whose(case, line), label_of(result, line), line_text(result, line), dates_text(line)] for line in found.lines]
    if rows or options.csv:
        show(options, HEADERS, rows, align="llrl")
    if options.csv:
        return
    for name, total in found.totals.items():
        due = [line for line in found.lines if line.name == name and line.outcome == AMOUNT]
        print(f"Total, {result.book.named()[name].label or name} : {marked(euros(total), flags_of(due))}")
    if not rows:
        print("Aucune ligne n’en est due.")


def whose(case: Case, line: LineResult) -> str:
    return "À la charge du gestionnaire" if line.kind == "host" else case.name(line.member)


def article_json(case: Case, result: Result, found: OfArticle) -> dict[str, Any]:
    return {
        "article": articles_text([found.reference]),
        "exercise": result.model.calendar.label(result.year),
        "rules": [{"kind": kind_of(rule), "name": rule.name, "label": rule.label} for rule in found.rules],
        "lines": [{"member": whose(case, line), **line_json(result, line)} for line in found.lines],
        "totals": {name: decimal_text(total) for name, total in found.totals.items()},
    }
