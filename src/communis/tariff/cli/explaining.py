"""The verb expliquer: the tree of an amount, down to the article."""

from __future__ import annotations

import argparse

from communis.tariff.cli.asking import add_case, add_readings
from communis.tariff.cli.desk import INCOMPLETE, Case, Failed, known_offer, open_case, or_rather, supposed, write_json
from communis.tariff.explanation.explain import explain, explain_quantity
from communis.tariff.explanation.steps import Step
from communis.tariff.explanation.text import text_of
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import NOT_APPLICABLE, REFUSED
from communis.tariff.result import Result, compute
from communis.tariff.studies.simulation import offers_for_all

DESCRIPTION = "Explique les lignes d’un membre."
SIMULATION = "simulation"
"""The flag of a line explained for an offer that the member does not hold."""


def declare(verb: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(verb)
    verb.add_argument("member", metavar="MEMBRE", help="nom, SIREN ou code Insee")
    verb.add_argument(
        "line", metavar="LIGNE", nargs="?", help="une ligne, un indicateur ou une grandeur (par défaut, toutes les lignes)"
    )
    verb.add_argument("--exercice", metavar="ANNÉE", required=True)
    verb.add_argument("--offre", metavar="OFFRE", help="simuler cette offre pour le membre, s’il ne la tient pas")
    add_readings(verb)
    verb.add_argument(
        "--pour-le-membre", dest="for_member", action="store_true", help="tel que le membre le voit : rien des faits des autres"
    )
    verb.add_argument("--json", action="store_true", help="écrire l’arbre en JSON")
    verb.set_defaults(run=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    """Explain the lines of a member, those that give something or are refused; one line, or one indicator, when it is named."""
    case = open_case(options)
    year, member = case.year(options.exercice), case.member(options.member)
    result = asked_result(options, case, year)
    if member not in {s.member for s in result.statements}:
        raise Failed(f"{case.name(member)} n’a pas d’état pour cet exercice.")
    steps = asked_steps(options, result, member)
    if options.json:
        write_json({
            "schema": "communis/explanation/2",
            "member": case.name(member),
            "exercise": case.label(year),
            "lines": [step.to_json() for step in told_apart(result, steps)],
        })  # fmt: skip
    elif not steps:
        print("Rien n’est dû : aucune ligne ne concerne ce membre. « --offre » simule une offre.")
    else:
        title = f"{case.name(member)}, exercice {case.label(year)}"
        print(title + (" (simulation, pas une facture)" if result.simulated else "") + "\n")
        print("\n\n".join(text_of(step) for step in steps))
    return INCOMPLETE if any(step.outcome == REFUSED for step in steps) or case.doubtful else 0


def asked_result(options: argparse.Namespace, case: Case, year: int) -> Result:
    """Compute the exercise, as things are or with an offer that everybody would hold."""
    case.readings = supposed(case.convention, options.lecture)
    if options.offre is None:
        return compute(case.convention, case.tables, year, readings=case.readings)
    offers = offers_for_all(case.convention, case.tables, year, readings=case.readings)
    return offers[known_offer(options.offre, offers)]


def told_apart(result: Result, steps: list[Step]) -> list[Step]:
    """Mark each line of a simulation as such, for programs."""
    for step in steps if result.simulated else ():
        step.flags.append(SIMULATION)
    return steps


def asked_steps(options: argparse.Namespace, result: Result, member: int) -> list[Step]:
    """Explain what is asked of a member: every line, a line, an indicator or a quantity; raises Failed for what is none."""
    for_member = member if options.for_member else None
    if options.line in result.book.quantities:
        if any(axis.startswith("row:") for axis in result.model.rules[options.line].axes):
            raise Failed(f"« {options.line} » a une valeur par ligne de registre : expliquez la ligne qui la lit.")
        return explain_quantity(result.ledger, options.line, member, result.year, for_member=for_member)
    return [explain(result.ledger, line, for_member=for_member) for line in chosen_lines(result, member, options.line)]


def chosen_lines(result: Result, member: int, name: str | None) -> list[LineResult]:
    statement = result.of(member)
    if name is None:
        return [line for line in statement.lines if line.outcome != NOT_APPLICABLE]
    found = [line for line in statement.lines if line.name == name]
    if not found:
        names = [*result.book.lines, *result.book.credits, *result.book.limits]
        indicators = [quantity.name for quantity in result.book.quantities.values() if quantity.indicator]
        every = f" Lignes : {', '.join(names)}." + (f" Indicateurs : {', '.join(indicators)}." if indicators else "")
        known = [*names, *result.book.quantities]
        raise Failed(f"« {name} » n’est pas une ligne ni un indicateur." + (or_rather(name, known) or every))
    return found
