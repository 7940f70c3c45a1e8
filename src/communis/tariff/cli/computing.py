"""The verbs that compute: calculer, expliquer, reconcilier."""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterator
from fractions import Fraction
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.cli.desk import Case, Failed, add_case, add_formats, euros, marked, open_case, show, write_json
from communis.tariff.cli.offering import offers_rows, offers_table
from communis.tariff.explanation.explain import explain
from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED
from communis.tariff.language.problems import nearest
from communis.tariff.rendering.workbook import write_workbook
from communis.tariff.result import Result, Statement, compute, decimal_text
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
    rows: list[list[str]] = []
    blocked: list[tuple[str, LineResult]] = []
    for statement in result.statements:
        if chosen and statement.member not in chosen:
            continue
        name = case.tables.members[statement.member].name
        shown = [line for line in statement.lines if line.outcome != NOT_APPLICABLE or len(chosen) == 1]
        rows.extend(
            [name, label_of(result, line), ", ".join(articles_of(result, line)), line_text(result, line), dates_text(line)]
            for line in shown
        )
        blocked.extend((name, line) for line in statement.refused)
        if len(shown) > 1 and not options.csv:
            rows.append([name, "Total", "", total_text(result, statement), ""])
    if rows:
        title = f"{case.convention.title}, exercice {case.convention.model.calendar.label(result.year)}"
        show(options, ["Membre", "Ligne", "Article", "Montant", "Échéance"], rows, align="lllrl", title=title)
        if not options.csv:
            show_totals(result, chosen, {name for name, _ in blocked})
    elif not options.csv:
        print(
            "Aucun choix n’est saisi pour cet exercice : rien n’est dû. « --offres » simule chaque offre pour tous les membres."
        )
    if blocked and not options.csv:
        show_blocked(blocked)


def total_text(result: Result, statement: Statement) -> str:
    """Write what a member owes with what it rests on."""
    total = result.total(statement)
    return "ne peut pas être établi" if total is None else marked(euros(total), result.rests_on(statement))


def show_totals(result: Result, chosen: list[int], blocked: set[str]) -> None:
    """Say what the members shown owe together, and, over all of them, what is left to the host."""
    but = (
        f", hors {len(blocked)} membre{'s' if len(blocked) > 1 else ''} bloqué{'s' if len(blocked) > 1 else ''}"
        if blocked
        else ""
    )
    if chosen:
        if len(chosen) > 1:
            print(f"Total des {len(chosen)} membres demandés{but} : {members_text(result, chosen)}")
        return
    host_flags = reduce(or_, (line.flags for line in result.host_lines), 0)
    host = f" ; à la charge du gestionnaire : {marked(euros(result.host_total()), host_flags)}" if result.host_lines else ""
    print(f"Total des membres{but} : {members_text(result, range(len(result.tables.members)))}{host}")
    show_host(result)


def members_text(result: Result, chosen: Container[int]) -> str:
    """Write what some members owe together with what it rests on."""
    flags = (result.rests_on(s) for s in result.statements if s.member in chosen and result.total(s) is not None)
    return marked(euros(result.members_total(chosen)), reduce(or_, flags, 0))


HOST_SHOWN = 12
CAUSES = {"limit": "excédent de ", "balance": "reste de ", "remainder": "centimes de "}


def show_host(result: Result) -> None:
    """Show what the host bears, line by line; what cannot be known is counted, its reasons being those of the members."""
    known = [line for line in result.host_lines if line.outcome == AMOUNT]
    for line in known[:HOST_SHOWN]:
        cause = CAUSES.get(str(line.note.get("cause")), "")
        print(f"  à la charge du gestionnaire : {cause}{label_of(result, line)} : {line_text(result, line)}")
    if len(known) > HOST_SHOWN:
        print(f"  … et {len(known) - HOST_SHOWN} autres lignes à la charge du gestionnaire.")
    unknown = len(result.host_lines) - len(known)
    if unknown:
        print(
            f"  {unknown} ligne{'s' if unknown > 1 else ''} à la charge du gestionnaire ne se calcule{'nt' if unknown > 1 else ''} pas."
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
    """Show the lines falling due in a civil year, whatever exercise they belong to, and whose lines cannot be known."""
    if not options.echeance.isdigit() or len(options.echeance) != 4:
        raise Failed(f"« {options.echeance} » n’est pas une année civile.")
    wanted = int(options.echeance)
    chosen = [case.member(m) for m in options.membre or []]
    rows: list[list[str]] = []
    found, blocked = [], []
    totals: dict[str, tuple[Fraction, int]] = {}
    for year in (wanted - 2, wanted - 1, wanted, wanted + 1):
        result = compute(case.convention, case.tables, year)
        for member, line in lines_of(result, chosen):
            name = case.tables.members[member].name
            if line.outcome == REFUSED and may_fall_due(case, line, wanted):
                blocked.append((name, line))
            elif line.outcome == AMOUNT and falls_due(line, wanted):
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
                if result.money[line.name]:
                    payer = name if line.payer is None else case.tables.members[line.payer].name
                    owed, flags = totals.get(payer, (Fraction(0), 0))
                    totals[payer] = (owed + line.amount, flags | line.flags)
    if options.json:
        write_json(found)
        return 2 if blocked else 0
    if rows:
        rows.sort(key=lambda row: row[0])
        title = f"{case.convention.title}, échéances de {wanted}"
        show(options, ["Membre", "Ligne", "Exercice", "Montant", "Échéance"], rows, align="lllrl", title=title)
    elif not options.csv:
        print(f"Rien ne tombe en échéance en {wanted}.")
    if rows and not options.csv:
        each = [[name, marked(euros(owed), flags)] for name, (owed, flags) in sorted(totals.items())]
        show(options, ["Membre", f"Échéances de {wanted}"], each, align="lr")
        every = reduce(or_, (flags for _, flags in totals.values()), 0)
        print(f"Total : {marked(euros(sum((owed for owed, _ in totals.values()), Fraction(0))), every)}")
    if blocked and not options.csv:
        show_blocked(blocked)
    return 2 if blocked else 0


def lines_of(result: Result, chosen: list[int]) -> Iterator[tuple[int, LineResult]]:
    for statement in result.statements:
        if not chosen or statement.member in chosen:
            yield from ((statement.member, line) for line in statement.lines)


def falls_due(line: LineResult, wanted: int) -> bool:
    """Tell whether a line falls due in a civil year: by its date, else by the end of its service."""
    if line.due:
        return any(period.first.year == wanted for period in line.due)
    return line.service is not None and line.service.last.year == wanted


def may_fall_due(case: Case, line: LineResult, wanted: int) -> bool:
    """Tell whether a refused line would fall due in a civil year: by its date if it has one, else by its exercise."""
    if line.due:
        return falls_due(line, wanted)
    return case.convention.model.calendar.period(line.year).last.year == wanted


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
        write_json({"schema": "communis/explanation/2", "member": case.tables.members[member].name,
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
    rows = [[case.tables.members[m.member].name, *([m.line] if by_line else []), euros(m.published), marked(euros(m.computed), m.flags), m.status,
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
