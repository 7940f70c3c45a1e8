"""The demonstration: the five conventions over their real communes, one full explanation, and the statements as files."""

from __future__ import annotations

import argparse
from pathlib import Path

from communis.tariff.cli.desk import Case, Failed, Misused, show
from communis.tariff.cli.offering import offers_table
from communis.tariff.cli.telling import articles_of, blocked_text, label_of, line_text
from communis.tariff.convention import read_convention, shipped, shipped_names
from communis.tariff.explanation.explain import explain
from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, REFUSED
from communis.tariff.rendering.statements import EVERYBODY, write_statements
from communis.tariff.rendering.workbook import write_workbook
from communis.tariff.result import Result, compute
from communis.tariff.studies.simulation import offers_for_all
from communis.tariff.tables.reader import read_folder
from communis.tariff.wording import readable, reason_of

DESCRIPTION = "Calcule les cinq conventions fondatrices sur leurs communes réelles, sans rien préparer."
SHOWN = 12
ASSUMED = {"grand_nancy": {"AMB-41": "de_2021_à_2023"}, "sidec": {"AMB-28": "par_jour"}}
"""What the texts leave open without a default, and the demonstration supposes, saying so (requirements 6, AMB-28 and AMB-41)."""


def declare(parser: argparse.ArgumentParser) -> None:
    names = shipped_names()
    parser.add_argument(
        "conventions", nargs="*", metavar="CONVENTION", help=f"celles à montrer, parmi {', '.join(names)} (par défaut, toutes)"
    )
    parser.add_argument(
        "--dossier", type=Path, default=Path("etats-de-demonstration"),
        help="où écrire les états (par défaut, etats-de-demonstration)",
    )  # fmt: skip
    parser.add_argument("--exercice", default="2025", help="l’exercice calculé (par défaut, 2025)")
    parser.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Compute the five conventions, print their tables and one explanation, write the statements and say where."""
    unknown = [name for name in options.conventions if name not in shipped_names()]
    if unknown:
        raise Misused(f"convention inconnue « {unknown[0]} » ; on peut écrire {', '.join(shipped_names())}")
    wanted = options.conventions or shipped_names()
    for slug in wanted:
        show_one(options, slug)
    index = options.dossier / ("redon" if "redon" in wanted else wanted[0]) / "index.html"
    print(f"\nLes états sont dans {options.dossier.resolve()} : ouvrez {index} dans un navigateur.")
    return 0


def show_one(options: argparse.Namespace, slug: str) -> None:
    """Show a convention: its offers simulated for everybody on documented facts, then its statements on made-up ones."""
    convention = read_convention(shipped(slug))
    case = Case(convention, read_folder(shipped(slug), convention.model), shipped(slug))
    year = case.year(options.exercice)
    options.csv = False
    found = offers_for_all(convention, case.tables, year)
    shown = show_offers(options, case, found, year)
    bill = compute(convention, case.tables, year)
    show_bill(case, bill)
    folder = options.dossier / slug
    assumed = ASSUMED.get(slug, {})
    made_up = compute(convention, read_folder(shipped(slug), convention.model, fictitious=True), year, readings=assumed)
    try:
        write_statements(made_up, folder)
        write_workbook(made_up, folder / f"{EVERYBODY}.xlsx")
    except OSError as error:
        raise Failed(f"Les états ne s’écrivent pas dans « {folder} » : {reason_of(error)}.") from None
    if not shown:
        show_made_up(options, made_up)
    for name, reading in assumed.items():
        words = convention.model.book.interpretations[name].readings[reading] or readable(reading)
        print(f"Hypothèse de la démonstration, que la convention ne tranche pas : {name}, « {words} ».")
    print(f"États avec les données fictives de démonstration : {folder}")


def show_made_up(options: argparse.Namespace, result: Result) -> None:
    """Show the first lines on made-up facts, where the documents give none, and what stops them all the same."""
    found = [
        (result.tables.members[s.member].name, line)
        for s in result.statements
        for line in s.lines
        if line.outcome != NOT_APPLICABLE
    ]
    print("Avec des données fictives de démonstration :")
    rows = [[name, label_of(result, line), line_text(result, line)] for name, line in found if line.outcome == AMOUNT]
    if rows:
        show(options, ["Membre", "Ligne", "Montant"], rows[:SHOWN], align="llr")
    if len(rows) > SHOWN:
        print(f"… et {len(rows) - SHOWN} autres montants.")
    blocked = [(name, line) for name, line in found if line.outcome == REFUSED]
    if blocked:
        print(blocked_text(blocked))


def show_offers(options: argparse.Namespace, case: Case, found: dict[str, Result], year: int) -> bool:
    """Show the first members of the table of the offers, and what stops the others once; tell whether any is shown."""
    model = case.convention.model
    everyone = [s.member for s in next(iter(found.values())).statements] if found else []
    table = offers_table(case, dict(found), everyone[:SHOWN])
    print(f"\n{model.book.header.host} · {case.convention.title} · exercice {model.calendar.label(year)}")
    print("Chaque offre simulée sur les faits documentés : ce n’est pas une facture.")
    if table.rows:
        show(options, table.headers, table.rows, align=table.align)
        if len(everyone) > SHOWN:
            print(f"… et {len(everyone) - SHOWN} autres membres.")
    print("\n".join(table.below))
    return bool(table.rows)


def show_bill(case: Case, result: Result) -> None:
    """Say what the documented choices make due, and explain the first amount in full."""
    documented = {chosen.member for chosen in case.tables.choices}
    lines = [(s.member, line) for s in result.statements for line in s.lines if line.outcome == AMOUNT and s.member in documented]
    for member, line in lines:
        articles = ", ".join(articles_of(result, line))
        name = case.tables.members[member].name
        print(f"Choix documenté, {name} : {label_of(result, line)} ({articles}) : {line_text(result, line)}")
    if lines and lines[0][1].amount:
        print("\n" + text_of(explain(result.ledger, lines[0][1])) + "\n")
