"""The demonstration: the five conventions over their real communes, one full explanation, and the statements as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from communis.tariff.cli.computing import articles_of, label_of, line_text, offer_text
from communis.tariff.cli.desk import USAGE, Case, Parser, show
from communis.tariff.convention import read_convention, shipped, shipped_names
from communis.tariff.explain import explain, text_of
from communis.tariff.rendering.statements import write_statements
from communis.tariff.rendering.workbook import write_workbook
from communis.tariff.result import Result, compute
from communis.tariff.simulation import offers_for_all
from communis.tariff.tables import read_folder
from communis.tariff.values import AMOUNT

SHOWN = 12


def demo(arguments: list[str]) -> int:
    """Compute the five conventions, print their tables and one explanation, write the statements and say where."""
    parser = Parser(prog="communis demo", description="Calcule les cinq conventions fondatrices sur leurs communes réelles.")
    parser.add_argument(
        "--dossier", type=Path, default=Path("demonstration"), help="où écrire les états (par défaut, demonstration)"
    )
    parser.add_argument("--exercice", default="2025", help="l’exercice calculé (par défaut, 2025)")
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    for slug in shipped_names():
        show_one(options, slug)
    print(
        f"\nLes états sont dans {options.dossier.resolve()} : ouvrez {options.dossier / 'redon' / 'index.html'} dans un navigateur."
    )
    return 0


def show_one(options: argparse.Namespace, slug: str) -> None:
    """Show a convention: its offers simulated for everybody on documented facts, then its statements on made-up ones."""
    convention = read_convention(shipped(slug))
    case = Case(convention, read_folder(shipped(slug), convention.model), shipped(slug))
    year = case.year(options.exercice)
    options.csv = False
    found = offers_for_all(convention, case.tables, year)
    show_offers(options, case, found, year)
    bill = compute(convention, case.tables, year)
    show_bill(case, bill)
    folder = options.dossier / slug
    made_up = compute(convention, read_folder(shipped(slug), convention.model, fictitious=True), year)
    write_statements(made_up, folder)
    write_workbook(made_up, folder / f"{slug}.xlsx")
    print(f"États avec les données fictives de démonstration : {folder}")


def show_offers(options: argparse.Namespace, case: Case, found: dict[str, Result], year: int) -> None:
    offers = case.convention.model.book.offers
    results = list(found.values())
    members = [s.member for s in results[0].statements] if results else []
    rows = [[case.tables.members[m].name, *(offer_text(r, m) for r in results[:5])] for m in members[:SHOWN]]
    title = f"\n{case.convention.model.book.header.host} · {case.convention.title} · exercice {case.convention.model.calendar.label(year)}"
    show(
        options,
        ["Membre", *(offers[o].label or o for o in list(found)[:5])],
        rows,
        align="l" + "r" * min(len(found), 5),
        title=title,
    )
    if len(members) > SHOWN:
        print(
            f"… et {len(members) - SHOWN} autres membres. Simulation de chaque offre, pas une facture ; seuls des faits documentés sont comptés."
        )


def show_bill(case: Case, result: Result) -> None:
    """Show what the documented choices make due, and explain the first amount in full."""
    lines = [(s.member, line) for s in result.statements for line in s.lines if line.outcome == AMOUNT]
    for member, line in lines:
        print(
            f"Choix documenté, {case.tables.members[member].name} : {label_of(result, line)} ({', '.join(articles_of(result, line))}) : {line_text(result, line)}"
        )
    if lines and lines[0][1].amount:
        print("\n" + text_of(explain(result.ledger, lines[0][1])) + "\n")
