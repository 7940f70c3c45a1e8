"""The verb reconcilier: a published table of amounts against the computed one."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

from communis.tariff.cli.asking import add_case, add_formats
from communis.tariff.cli.desk import INCOMPLETE, Case, Failed, counted, euros, known_offer, marked, open_case, show, write_json
from communis.tariff.result import Result, compute, decimal_text, flags_json
from communis.tariff.studies.reconciliation import DIFFERENT, EQUAL, NOT_COMPUTED, NOT_PUBLISHED, Match, reconcile
from communis.tariff.studies.simulation import offers_for_all

DESCRIPTION = "Compare un CSV (membre;montant, ou membre;ligne;montant) au calcul. Code 2 s’il y a un écart."
PLURALS = {EQUAL: "égaux", DIFFERENT: "différents", NOT_COMPUTED: "non calculés", NOT_PUBLISHED: "non publiés"}


def declare(verb: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(verb)
    verb.add_argument("published", metavar="CSV", type=Path, help="le tableau publié")
    verb.add_argument("--exercice", metavar="ANNÉE", required=True)
    verb.add_argument("--offre", metavar="OFFRE", help="comparer au calcul de cette offre pour tous les membres")
    add_formats(verb)
    verb.set_defaults(run=run_reconcile)


def run_reconcile(options: argparse.Namespace) -> int:
    """Compare a published table with the computation."""
    case = open_case(options)
    year = case.year(options.exercice)
    if not options.published.is_file():
        raise Failed(f"« {options.published} » n’est pas un fichier.")
    if options.offre is not None:
        offers = offers_for_all(case.convention, case.tables, year)
        result = offers[known_offer(options.offre, offers)]
    else:
        result = compute(case.convention, case.tables, year)
    matches = reconcile(result, options.published)
    if options.json:
        write_json([match_json(case, result, match) for match in matches])
    else:
        show_matches(options, case, result, matches)
    return 0 if all(m.status == EQUAL for m in matches) and not case.doubtful else INCOMPLETE


def show_matches(options: argparse.Namespace, case: Case, result: Result, matches: list[Match]) -> None:
    by_line = any(m.line for m in matches)
    headers = ["Membre", *(["Ligne"] if by_line else []), "Publié", "Calculé", "", "Écart"]
    rows = [match_row(case, match, by_line=by_line) for match in matches]
    title = f"{case.convention.title}, exercice {case.label(result.year)}"
    if result.simulated:
        offer = case.convention.model.book.offers[options.offre].label or options.offre
        title += f" : comme si tous tenaient « {offer} », une simulation"
    show(options, headers, rows, align="l" + ("l" if by_line else "") + "rrlr", title=title)
    if not options.csv:
        counts = [(status, sum(m.status == status for m in matches)) for status in PLURALS]
        print(", ".join(counted(count, status, PLURALS[status]) for status, count in counts if count))


def match_row(case: Case, match: Match, *, by_line: bool) -> list[str]:
    return [
        case.name(match.member),
        *([match.line] if by_line else []),
        euros(match.published),
        marked(euros(match.computed), match.flags),
        match.status,
        marked(euros(match.gap), match.flags) if match.status == DIFFERENT else match.reason,
    ]


def match_json(case: Case, result: Result, match: Match) -> dict[str, Any]:
    return {
        "member": case.name(match.member),
        "line": match.line,
        "published": str_of(match.published),
        "computed": str_of(match.computed),
        "gap": str_of(match.gap),
        "status": match.status,
        "reason": match.reason,
        "flags": flags_json(result.marks(match.flags)),
    }


def str_of(amount: Fraction | None) -> str | None:
    return None if amount is None else decimal_text(amount)
