"""The verb dates: the life of a membership, its exit, what leaving costs, and what stands against entering or leaving."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.cli.asking import add_case, add_formats, french_day
from communis.tariff.cli.desk import INCOMPLETE, Misused, open_case, open_convention, show, write_json
from communis.tariff.convention import Convention
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.refusals import Objection, refusals_at_entry, refusals_at_exit
from communis.tariff.membership.terms import Event, Exit, calendar_of, cost_of_leaving, exit_of, term_of

DESCRIPTION = "Les dates d’une adhésion selon la convention."


def declare(dates: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(dates)
    dates.add_argument("--membre", metavar="MEMBRE", help="ce qui s’oppose à ce que ce membre prenne, ou quitte, l’offre")
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
    if options.membre is not None and options.offre is None:
        raise Misused("--membre demande --offre")
    convention, _ = open_convention(options.convention)
    ends_on, events = life_of(options, convention)
    rows = [[french_date(e.on), e.label, e.article] for e in events]
    left: dict[str, Any] = {}
    found = exit_asked(options, convention)
    if found is not None:
        left["exit"] = {"on": found.on.isoformat(), "rule": found.rule, "article": found.article}
        rows.append([french_date(found.on), f"sortie : {found.rule}", found.article])
    objections = objections_asked(options) if options.membre is not None else []
    rows.extend([french_date(on), f"{'alerte' if o.warns else 'refus'} {when} : {o}", o.article] for on, when, o in objections)
    if options.membre is not None:
        left["objections"] = [objection_json(on, o) for on, _, o in objections]
    status = INCOMPLETE if any(not o.warns for _, _, o in objections) else 0
    if options.leaving is not None:
        cost = cost_of_leaving(convention, options.leaving, offer=options.offre, effect_on=options.effet)
        left["cost"] = {"outcome": cost.outcome, "reasons": [str(x) for x in cost.reasons], "why": cost.why}
        said = "sans frais" if cost.is_amount else "; ".join(map(str, cost.reasons)) or cost.why
        rows.append([french_date(options.leaving), f"départ : {said}", ""])
        status = INCOMPLETE if cost.reasons else status
    if options.json:
        write_json({
            "ends_on": ends_on.isoformat() if ends_on else None,
            "events": [{"on": e.on.isoformat(), "label": e.label, "article": e.article} for e in events],
            **left,
        })  # fmt: skip
    else:
        show(options, ["Date", "Événement", "Article"], rows, title=convention.title)
    return status


def life_of(options: argparse.Namespace, convention: Convention) -> tuple[date | None, tuple[Event, ...]]:
    """Return the last day of a membership and its events; none where the convention is silent and a member is asked for."""
    try:
        term = term_of(convention, options.effet, offer=options.offre)
        return term.ends_on, calendar_of(convention, options.effet, offer=options.offre)
    except Refused as silent:
        if options.membre is None or silent.reason.kind != "unsaid":
            raise
        return None, ()


def objections_asked(options: argparse.Namespace) -> list[tuple[date, str, Objection]]:
    """Return what stands against the member leaving the offer on the day given, else against its taking it."""
    case = open_case(options)
    member = case.member(options.membre)
    if options.leaving is not None:
        found = refusals_at_exit(
            case.convention, case.tables, member, options.offre, options.leaving, received_on=options.received
        )
        return [(options.leaving, "à la sortie", o) for o in found]
    found = refusals_at_entry(case.convention, case.tables, member, options.offre, options.effet)
    return [(options.effet, "à l’adhésion", o) for o in found]


def objection_json(on: date, objection: Objection) -> dict[str, Any]:
    return {
        "on": on.isoformat(),
        "rule": objection.rule,
        "label": objection.label,
        "text": str(objection),
        "article": objection.article,
        "warns": objection.warns,
        "certain": objection.certain,
    }


def exit_asked(options: argparse.Namespace, convention: Convention) -> Exit | None:
    """Return the exit after a letter, or the one both parties signed; a signed exit needs no letter."""
    received = options.received or options.waiver
    if received is None:
        return None
    return exit_of(convention, received_on=received, effect_on=options.effet, waiver_on=options.waiver, offer=options.offre)
