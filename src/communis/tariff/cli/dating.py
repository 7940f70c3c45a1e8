"""The verb dates: the life of a membership, its exit and what leaving costs."""

from __future__ import annotations

import argparse
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.cli.asking import add_case, add_formats, french_day
from communis.tariff.cli.desk import INCOMPLETE, open_convention, show, write_json
from communis.tariff.convention import Convention
from communis.tariff.membership.terms import Exit, calendar_of, cost_of_leaving, exit_of, term_of

DESCRIPTION = "Les dates d’une adhésion selon la convention."


def declare(dates: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(dates, tables=False)
    dates.add_argument("--effet", type=french_day, metavar="JJ/MM/AAAA", required=True, help="date d’effet de l’adhésion")
    dates.add_argument("--offre", metavar="OFFRE", help="l’offre tenue")
    dates.add_argument(
        "--courrier-recu", dest="received", type=french_day, metavar="JJ/MM/AAAA", help="réception de la lettre de résiliation"
    )
    dates.add_argument(
        "--accord",
        dest="waiver",
        type=french_day,
        metavar="JJ/MM/AAAA",
        help="sortie convenue par un accord signé des deux parties, avec ou sans lettre",
    )
    dates.add_argument(
        "--quitter", dest="leaving", type=french_day, metavar="JJ/MM/AAAA", help="ce que coûte un départ à cette date"
    )
    add_formats(dates)
    dates.set_defaults(run=run_dates)


def run_dates(options: argparse.Namespace) -> int:
    """Show the dates of a membership: its events, and its exit when a letter, an agreement or a departure is given."""
    convention, _ = open_convention(options.convention)
    term = term_of(convention, options.effet, offer=options.offre)
    events = calendar_of(convention, options.effet, offer=options.offre)
    rows = [[french_date(e.on), e.label, e.article] for e in events]
    left: dict[str, Any] = {}
    found = exit_asked(options, convention)
    if found is not None:
        left["exit"] = {"on": found.on.isoformat(), "rule": found.rule, "article": found.article}
        rows.append([french_date(found.on), f"sortie : {found.rule}", found.article])
    status = 0
    if options.leaving is not None:
        cost = cost_of_leaving(convention, options.leaving, offer=options.offre, effect_on=options.effet)
        left["cost"] = {"outcome": cost.outcome, "reasons": [str(x) for x in cost.reasons], "why": cost.why}
        said = "sans frais" if cost.is_amount else "; ".join(map(str, cost.reasons)) or cost.why
        rows.append([french_date(options.leaving), f"départ : {said}", ""])
        status = INCOMPLETE if cost.reasons else 0
    if options.json:
        write_json({
            "ends_on": term.ends_on.isoformat() if term.ends_on else None,
            "events": [{"on": e.on.isoformat(), "label": e.label, "article": e.article} for e in events],
            **left,
        })  # fmt: skip
    else:
        show(options, ["Date", "Événement", "Article"], rows, title=convention.title)
    return status


def exit_asked(options: argparse.Namespace, convention: Convention) -> Exit | None:
    """Return the exit after a letter, or the one both parties signed; a signed exit needs no letter."""
    received = options.received or options.waiver
    if received is None:
        return None
    return exit_of(convention, received_on=received, effect_on=options.effet, waiver_on=options.waiver, offer=options.offre)
