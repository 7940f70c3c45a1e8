"""The verbs that compute: calculer, expliquer, reconcilier."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.cli.desk import Case, Failed, add_case, add_formats, euros, marked, open_case, show, write_json
from communis.tariff.cli.offering import offers_rows, offers_table
from communis.tariff.explanation.explain import explain
from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.ledger import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED
from communis.tariff.language.problems import nearest
from communis.tariff.rendering.workbook import write_workbook
from communis.tariff.result import Result, compute, decimal_text
from communis.tariff.studies.reconciliation import DIFFERENT, EQUAL, NOT_COMPUTED, reconcile
from communis.tariff.studies.simulation import offers_for_all
from communis.tariff.wording import value_text


def declare(verbs: Any) -> None:
    """Declare the verbs of this module."""
    compute_verb = verbs.add_parser("calculer", help="ce que doit chaque membre pour un exercice",
                                    description="Calcule les lignes et les totaux. Code 2 quand un membre au moins est bloqué, nommé avec ce qui manque.")  # fmt: skip
    add_case(compute_verb)
    when = compute_verb.add_mutually_exclusive_group(required=True)
    when.add_argument("--exercice", metavar="ANNÉE", help="les lignes dont la période de service finit cette année-là")
    when.add_argument("--echeance", metavar="ANNÉE", help="les lignes qui tombent en échéance cette année-là")
    compute_verb.add_argument("--membre", action="append", metavar="MEMBRE", help="seulement ce membre (répétable)")
    compute_verb.add_argument(
        "--offres", action="store_true", help="simuler chaque offre pour tous les membres, au lieu des choix saisis"
    )
    add_formats(compute_verb, workbook=True)
    compute_verb.set_defaults(run=run_compute)
    tell = verbs.add_parser(
        "expliquer", help="l’arbre d’un montant, jusqu’à l’article", description="Explique les lignes d’un membre."
    )
    add_case(tell)
    tell.add_argument("member", metavar="MEMBRE", help="nom, SIREN ou code Insee")
    tell.add_argument("line", metavar="LIGNE", nargs="?", help="une ligne de la convention (par défaut, toutes)")
    tell.add_argument("--exercice", metavar="ANNÉE", required=True)
    tell.add_argument("--offre", metavar="OFFRE", help="simuler cette offre pour le membre, s’il ne la tient pas")
    tell.add_argument(
        "--pour-le-membre", dest="for_member", action="store_true", help="tel que le membre le voit : rien des faits des autres"
    )
    tell.add_argument("--json", action="store_true", help="écrire l’arbre en JSON")
    tell.set_defaults(run=run_explain)
    match = verbs.add_parser("reconcilier", help="un tableau publié de montants contre le calcul",
                             description="Compare un CSV (membre;montant, ou membre;ligne;montant) au calcul. Code 2 s’il y a un écart.")  # fmt: skip
    add_case(match)
    match.add_argument("published", metavar="CSV", type=Path, help="le tableau publié")
    match.add_argument("--exercice", metavar="ANNÉE", required=True)
    match.add_argument("--offre", metavar="OFFRE", help="comparer au calcul de cette offre pour tous les membres")
    add_formats(match)
    match.set_defaults(run=run_reconcile)


# ---------------------------------------------------------------- calculer


def run_compute(options: argparse.Namespace) -> int:
    """Compute an exercise and show the totals of each member, then what blocks the others."""
    case = open_case(options)
    if options.echeance is not None:
        return run_due(options, case)
    year = case.year(options.exercice)
    if options.offres:
        return show_offers(options, case, year)
    result = compute(case.convention, case.tables, year)
    chosen = [case.member(m) for m in options.membre or []]
    if options.xlsx is not None:
        write_workbook(result, options.xlsx)
    if options.json:
        write_json(only_members(result, chosen))
    else:
        show_result(options, case, result, chosen)
    refused = [s for s in result.statements if s.refused and (not chosen or s.member in chosen)]
    return 2 if refused else 0


def only_members(result: Result, chosen: list[int]) -> dict[str, Any]:
    """Return the JSON of a result, restricted to some members when some are named."""
    found = result.to_json()
    if chosen:
        names = {result.tables.members[m].name for m in chosen}
        found["members"] = [m for m in found["members"] if m["name"] in names]
    return found


def show_result(options: argparse.Namespace, case: Case, result: Result, chosen: list[int]) -> None:
    rows = []
    blocked: list[tuple[str, LineResult]] = []
    for statement in result.statements:
        if chosen and statement.member not in chosen:
            continue
        name = case.tables.members[statement.member].name
        for line in statement.lines:
            if line.outcome == NOT_APPLICABLE and not (chosen and len(chosen) == 1):
                continue
            rows.append(
                [name, label_of(result, line), ", ".join(articles_of(result, line)), line_text(result, line), dates_text(line)]
            )
            if line.outcome == REFUSED:
                blocked.append((name, line))
    if rows:
        total = result.totals_json()
        title = f"{case.convention.title}, exercice {case.convention.model.calendar.label(result.year)}"
        show(options, ["Membre", "Ligne", "Article", "Montant", "Échéance"], rows, align="lllrl", title=title)
        if not options.csv:
            print(
                f"Total des membres{', hors membres bloqués' if result.blocked else ''} : {euros(Fraction(total['members']))}"
                + (f" ; à la charge du gestionnaire : {euros(result.host_total())}" if result.host_lines else "")
            )
            show_host(result)
    elif not options.csv:
        print(
            "Aucun choix n’est saisi pour cet exercice : rien n’est dû. « --offres » simule chaque offre pour tous les membres."
        )
    if blocked and not options.csv:
        show_blocked(blocked)


def show_host(result: Result) -> None:
    for line in result.host_lines:
        causes = {"limit": "excédent de", "balance": "reste de", "remainder": "centimes de"}
        cause = causes.get(str(line.note.get("cause")), "")
        print(
            f"  à la charge du gestionnaire : {cause} {label_of(result, line)} : {line_text(result, line)}".replace("  :", " :")
        )


def show_blocked(blocked: list[tuple[str, LineResult]]) -> None:
    """Name the blocked members, with what is missing, each cause said once."""
    by_reason: dict[str, list[str]] = {}
    for name, line in blocked:
        for reason in line.reasons:
            names = by_reason.setdefault(str(reason), [])
            if name not in names:
                names.append(name)
    print(f"\nBloqués : {len({n for n, _ in blocked})} membre(s) dont l’état ne peut pas être émis.")
    for said, names in by_reason.items():
        shown = ", ".join(names[:8]) + (f" et {len(names) - 8} autres" if len(names) > 8 else "")
        print(f"  {said} — {shown}")


def label_of(result: Result, line: LineResult) -> str:
    rule = result.book.named()[line.name]
    label = rule.label or line.name
    return f"{label}, {result.book.offers[line.offer].label}" if line.offer else label


def articles_of(result: Result, line: LineResult) -> list[str]:
    return [a.removeprefix("passage ") for a in result.book.named()[line.name].margin.articles]


def line_text(result: Result, line: LineResult) -> str:
    """Write what a line gives: its amount with what it rests on, or its outcome in words."""
    if line.outcome == AMOUNT:
        return marked(value_text(line.amount, result.model.rules[line.name].type), line.flags)
    return "sans objet" if line.outcome == NOT_APPLICABLE else f"refusé : {line.reasons[0]}" if line.reasons else "refusé"


def dates_text(line: LineResult) -> str:
    if line.due_reason:
        return line.due_reason
    return ", ".join(
        french_date(p.first) if p.first == p.last else f"{french_date(p.first)} au {french_date(p.last)}" for p in line.due[:2]
    )


def run_due(options: argparse.Namespace, case: Case) -> int:
    """Show the lines falling due in a civil year, whatever exercise they belong to."""
    if not options.echeance.isdigit() or len(options.echeance) != 4:
        raise Failed(f"« {options.echeance} » n’est pas une année civile.")
    wanted = int(options.echeance)
    chosen = [case.member(m) for m in options.membre or []]
    rows, found = [], []
    for year in (wanted - 2, wanted - 1, wanted, wanted + 1):
        result = compute(case.convention, case.tables, year)
        for statement in result.statements:
            for line in statement.lines:
                days = [p for p in line.due if p.first.year == wanted] or (
                    [line.service] if not line.due and line.service and line.service.last.year == wanted else []
                )
                if line.outcome == AMOUNT and days and (not chosen or statement.member in chosen):
                    name = case.tables.members[statement.member].name
                    rows.append(
                        [
                            name,
                            label_of(result, line),
                            case.convention.model.calendar.label(year),
                            line_text(result, line),
                            dates_text(line),
                        ]
                    )
                    found.append({"member": name, **result.line_json(line)})
    if options.json:
        write_json(found)
    elif rows:
        show(
            options,
            ["Membre", "Ligne", "Exercice", "Montant", "Échéance"],
            rows,
            align="lllrl",
            title=f"{case.convention.title}, échéances de {wanted}",
        )
    else:
        print(f"Rien ne tombe en échéance en {wanted}.")
    return 0


def show_offers(options: argparse.Namespace, case: Case, year: int) -> int:
    """Show, for every member, what each offer would cost alone: a simulation, not a bill."""
    found = offers_for_all(case.convention, case.tables, year)
    if options.json:
        write_json({offer: result.to_json() for offer, result in found.items()})
        return 0
    if options.csv:
        show(options, ["membre", *found], offers_rows(case, found))
        return 0
    table = offers_table(case, found)
    title = (
        f"{case.convention.title}, exercice {case.convention.model.calendar.label(year)} : chaque offre simulée, pas une facture"
    )
    show(options, table.headers, table.rows, align=table.align, title=title)
    print("\n".join(table.below))
    return 0


# ---------------------------------------------------------------- expliquer


def run_explain(options: argparse.Namespace) -> int:
    """Explain the lines of a member, those that give something or are refused; one line when it is named."""
    case = open_case(options)
    year, member = case.year(options.exercice), case.member(options.member)
    if options.offre is not None:
        offers = offers_for_all(case.convention, case.tables, year)
        if options.offre not in offers:
            close = nearest(options.offre, offers)
            raise Failed(f"« {options.offre} » n’est pas une offre." + (f" La plus proche : {close}." if close else ""))
        result = offers[options.offre]
    else:
        result = compute(case.convention, case.tables, year)
    if member not in {s.member for s in result.statements}:
        raise Failed(f"{case.tables.members[member].name} n’a pas d’état pour cet exercice.")
    lines = chosen_lines(result, member, options.line)
    steps = [explain(result.ledger, line, for_member=member if options.for_member else None) for line in lines]
    if options.json:
        write_json({"schema": "communis/explanation/1", "member": case.tables.members[member].name,
                    "exercise": case.convention.model.calendar.label(year), "lines": [s.to_json() for s in steps]})  # fmt: skip
    elif not steps:
        print("Rien n’est dû : aucune ligne ne concerne ce membre. « --offre » simule une offre.")
    else:
        title = f"{case.tables.members[member].name}, exercice {case.convention.model.calendar.label(year)}"
        print(title + (" (simulation, pas une facture)" if options.offre else "") + "\n")
        print("\n\n".join(text_of(step) for step in steps))
    return 2 if any(line.outcome == REFUSED for line in lines) else 0


def chosen_lines(result: Result, member: int, name: str | None) -> list[LineResult]:
    statement = result.of(member)
    if name is None:
        return [line for line in statement.lines if line.outcome != NOT_APPLICABLE]
    found = [line for line in statement.lines if line.name == name]
    if not found:
        names = [*result.book.lines, *result.book.credits, *result.book.limits]
        close = nearest(name, names)
        raise Failed(
            f"« {name} » n’est pas une ligne."
            + (f" La plus proche : {close}." if close else " Lignes : " + ", ".join(names) + ".")
        )
    return found


# ---------------------------------------------------------------- reconcilier


def run_reconcile(options: argparse.Namespace) -> int:
    """Compare a published table with the computation."""
    case = open_case(options)
    year = case.year(options.exercice)
    if not options.published.is_file():
        raise Failed(f"« {options.published} » n’est pas un fichier.")
    if options.offre is not None:
        offers = offers_for_all(case.convention, case.tables, year)
        if options.offre not in offers:
            raise Failed(f"« {options.offre} » n’est pas une offre. Offres : {', '.join(offers)}.")
        result = offers[options.offre]
    else:
        result = compute(case.convention, case.tables, year)
    matches = reconcile(result, options.published)
    by_line = any(m.line for m in matches)
    if options.json:
        write_json([{"member": case.tables.members[m.member].name, "line": m.line, "published": str_of(m.published), "computed": str_of(m.computed),
                     "gap": str_of(m.gap), "status": m.status, "reason": m.reason} for m in matches])  # fmt: skip
        return 0 if all(m.status == EQUAL for m in matches) else 2
    rows = [[case.tables.members[m.member].name, *([m.line] if by_line else []), euros(m.published), euros(m.computed), m.status,
             euros(m.gap) if m.status == DIFFERENT else m.reason] for m in matches]  # fmt: skip
    headers = ["Membre", *(["Ligne"] if by_line else []), "Publié", "Calculé", "", "Écart"]
    show(
        options,
        headers,
        rows,
        align="l" + ("l" if by_line else "") + "rrlr",
        title=f"{case.convention.title}, exercice {case.convention.model.calendar.label(year)}",
    )
    if not options.csv:
        counts = [(s, sum(m.status == s for m in matches)) for s in (EQUAL, DIFFERENT, NOT_COMPUTED, "non publié")]
        print(", ".join(f"{n} {s}{'s' if n > 1 and s[-1] != 's' else ''}" for s, n in counts if n))
    return 0 if all(m.status == EQUAL for m in matches) else 2


def str_of(amount: Fraction | None) -> str | None:
    return None if amount is None else decimal_text(amount)
