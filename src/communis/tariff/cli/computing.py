"""The verb calculer: what each member owes for an exercise, and who is blocked."""

from __future__ import annotations

import argparse
from collections.abc import Container
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from communis.tariff.cli.articles import show_article
from communis.tariff.cli.asking import add_case, add_formats, add_readings
from communis.tariff.cli.desk import (
    INCOMPLETE,
    Case,
    Failed,
    Misused,
    euros,
    marked,
    open_case,
    show,
    supposed,
    write_json,
)
from communis.tariff.cli.falling import run_due
from communis.tariff.cli.offering import offer_cell, offers_rows, offers_table
from communis.tariff.cli.telling import (
    alerts_text,
    articles_of,
    blocked_text,
    but_blocked,
    dates_text,
    flags_of,
    label_of,
    line_text,
    needs_total,
    total_text,
)
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE
from communis.tariff.result import Result, Statement, compute
from communis.tariff.studies.simulation import offers_for_all
from communis.tariff.wording import reason_of

DESCRIPTION = "Calcule les lignes et les totaux. Code 2 quand un membre au moins est bloqué, nommé avec ce qui manque."
HEADERS = ["Membre", "Ligne", "Article", "Montant", "Échéance"]
NOTHING_HELD = (
    "Aucun choix n’est saisi pour cet exercice : rien n’est dû. « --offres » simule chaque offre pour tous les membres."
)
HOST_SHOWN = 12
CAUSES = {"limit": "excédent de ", "balance": "reste de ", "remainder": "centimes de "}


def declare(verb: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(verb)
    when = verb.add_mutually_exclusive_group(required=True)
    when.add_argument("--exercice", metavar="ANNÉE", help="les lignes dont la période de service finit cette année-là")
    when.add_argument("--echeance", metavar="ANNÉE", help="les lignes qui tombent en échéance cette année-là")
    verb.add_argument("--membre", action="append", metavar="MEMBRE", help="seulement ce membre (répétable)")
    verb.add_argument(
        "--offres", action="store_true", help="simuler chaque offre pour tous les membres, au lieu des choix saisis"
    )
    verb.add_argument("--article", metavar="ARTICLE", help="les règles d’un article, les lignes et les totaux qu’elles donnent")
    add_readings(verb)
    add_formats(verb, workbook=True)
    verb.set_defaults(run=run_compute)


def run_compute(options: argparse.Namespace) -> int:
    """Compute an exercise and show the totals of each member, then what blocks the others and what they are warned of."""
    if options.offres and options.echeance is not None:
        raise Misused("--offres ne va pas avec --echeance")
    if options.xlsx is not None and (options.offres or options.echeance is not None):
        other = "--offres" if options.offres else "--echeance"
        raise Misused(f"--xlsx ne va pas avec {other} : demandez --csv, ou le classeur d’un exercice")
    if options.article is not None and (options.offres or options.echeance is not None or options.xlsx or options.membre):
        raise Misused("--article va seul avec --exercice : il montre les lignes de tous les membres")
    case = open_case(options)
    case.readings = supposed(case.convention, options.lecture)
    chosen = [case.member(m) for m in options.membre or []]
    if options.echeance is not None:
        return run_due(options, case, chosen)
    year = case.year(options.exercice)
    if options.offres:
        return show_offers(options, case, year, chosen)
    result = compute(case.convention, case.tables, year, readings=case.readings)
    if options.article is not None:
        return show_article(options, case, result)
    if options.xlsx is not None:
        write_book(result, options.xlsx)
    if options.json:
        write_json(only_members(result, chosen))
    else:
        show_result(options, case, result, chosen)
    refused = any(s.refused for s in result.statements if not chosen or s.member in chosen)
    return INCOMPLETE if refused or case.doubtful or result.ledger.outside_version(year) else 0


def write_book(result: Result, path: Path) -> None:
    """Write the workbook; raises Failed with what the system refuses."""
    from communis.tariff.rendering.workbook import write_workbook  # slow: XlsxWriter, for one option

    try:
        write_workbook(result, path)
    except OSError as error:
        why = reason_of(error) if path.parent.is_dir() else f"le dossier « {path.parent} » n’existe pas"
        raise Failed(f"« {path} » ne s’écrit pas : {why}.") from None


def only_members(result: Result, chosen: list[int]) -> dict[str, Any]:
    """Return the JSON of a result, restricted to some members when some are named."""
    found = result.to_json()
    if chosen:
        names = {result.tables.members[m].name for m in chosen}
        found["members"] = [m for m in found["members"] if m["name"] in names]
    return found


# ---------------------------------------------------------------- an exercise


def show_result(options: argparse.Namespace, case: Case, result: Result, chosen: list[int]) -> None:
    statements = [s for s in result.statements if not chosen or s.member in chosen]
    rows = [row for s in statements for row in statement_rows(options, result, s, every=len(chosen) == 1)]
    title = f"{case.convention.title}, exercice {case.label(result.year)}"
    if rows or options.csv:
        show(options, HEADERS, rows, align="lllrl", title=title)
    if options.csv:
        return
    blocked = [(case.name(s.member), line) for s in statements for line in s.refused]
    if rows:
        show_totals(result, chosen, len({name for name, _ in blocked}))
    else:
        outside = result.ledger.outside_version(result.year)
        print(f"{str(outside)[0].upper()}{str(outside)[1:]}." if outside else NOTHING_HELD)
    if blocked:
        print(blocked_text(blocked))
    alerts = alerts_text(result, statements)
    if alerts:
        print(alerts)


def statement_rows(options: argparse.Namespace, result: Result, statement: Statement, *, every: bool) -> list[list[str]]:
    """Return the rows of a member: its lines, what it pays for others, its total where it says more than they do."""
    name = result.tables.members[statement.member].name
    rows = [
        [name, label_of(result, line), ", ".join(articles_of(result, line)), line_text(result, line), dates_text(line)]
        for line in statement.lines
        if line.outcome != NOT_APPLICABLE or every
    ]
    if not options.csv:
        rows.extend(paid_row(result, name, line) for line in result.paid_for_others(statement.member))
        if needs_total(result, statement):
            rows.append([name, "Total", "", total_text(result, statement), ""])
    return rows


def paid_row(result: Result, payer: str, line: LineResult) -> list[str]:
    """Return the row of a line that a member pays in the place of another."""
    label = f"{result.book.named()[line.name].label or line.name}, pour {result.tables.members[line.member].name}"
    return [payer, label, ", ".join(articles_of(result, line)), line_text(result, line), dates_text(line)]


def show_totals(result: Result, chosen: list[int], blocked: int) -> None:
    """Say what the members shown owe together, and, over all of them, what is left to the host."""
    but = but_blocked(blocked)
    if chosen:
        if len(chosen) > 1:
            print(f"Total des {len(chosen)} membres demandés{but} : {members_text(result, chosen)}")
        return
    owed = marked(euros(result.host_total()), flags_of(result.host_lines))
    host = f" ; à la charge du gestionnaire : {owed}" if result.host_lines else ""
    print(f"Total des membres{but} : {members_text(result, range(len(result.tables.members)))}{host}")
    show_host(result)


def members_text(result: Result, chosen: Container[int]) -> str:
    """Write what some members owe together with what it rests on."""
    flags = (result.rests_on(s) for s in result.statements if s.member in chosen and result.total(s) is not None)
    return marked(euros(result.members_total(chosen)), reduce(or_, flags, 0))


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
        lines, are = ("lignes", "se calculent") if unknown > 1 else ("ligne", "se calcule")
        print(f"  {unknown} {lines} à la charge du gestionnaire ne {are} pas.")


# ---------------------------------------------------------------- every offer


def show_offers(options: argparse.Namespace, case: Case, year: int, chosen: list[int]) -> int:
    """Show, for every member, what each offer would cost alone: a simulation, not a bill."""
    found = offers_for_all(case.convention, case.tables, year, readings=case.readings)
    if options.json:
        write_json({offer: only_members(result, chosen) for offer, result in found.items()})
    elif options.csv:
        show(options, ["membre", *found], offers_rows(case, found, chosen or None))
    else:
        table = offers_table(case, found, chosen or None)
        title = f"{case.convention.title}, exercice {case.label(year)} : chaque offre simulée, pas une facture"
        if table.rows:
            show(options, table.headers, table.rows, align=table.align, title=title)
        else:
            print(title)
        print("\n".join(table.below))
    computed = any(not offer_cell(result, s.member).stopped for result in found.values() for s in result.statements)
    return INCOMPLETE if case.doubtful or not computed else 0
