"""The verb simuler: a price, a reading, a fact or a membership changes; who would pay more, who less."""

from __future__ import annotations

import argparse
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any

from communis.tariff.cli.asking import add_case, add_formats, french_day
from communis.tariff.cli.desk import (
    INCOMPLETE,
    Case,
    Failed,
    cut,
    euros,
    known_offer,
    marked,
    open_case,
    show,
    signed,
    supposed,
    write_json,
)
from communis.tariff.interpreter.values import Value
from communis.tariff.meaning.units import money_text
from communis.tariff.result import Result, decimal_text, flags_json
from communis.tariff.studies.changes import Cell, Changes, cell_of, departures, steps_of, value_of
from communis.tariff.studies.simulation import Effect, Simulation, simulate
from communis.tariff.wording import value_text

DESCRIPTION = "Simule sur tous les membres et plusieurs exercices. Rien n’est écrit : une simulation n’est pas une facture."
HEADERS = ["Membre", "Aujourd’hui", "Simulé", "Écart"]
UNKNOWN = "ne se calcule pas"


def declare(verb: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(verb)
    verb.add_argument("--exercices", metavar="ANNÉE", nargs="+", required=True, help="un ou plusieurs exercices")
    price = 'un paramètre (part_variable=1,60) ou une classe (part_fixe:"moins de 1 500"=1 200)'
    join = "une adhésion (tous:OFFRE:DATE pour tous les membres)"
    for option, metavar, said in (
        ("--prix", "NOM=VALEUR", price),
        ("--lecture", "AMB=LECTURE", "une autre lecture d’une interprétation"),
        ("--adhere", "MEMBRE:OFFRE:DATE", join),
        ("--quitte", "MEMBRE:OFFRE:DATE", "un départ"),
        ("--fait", "MEMBRE:FAIT:EXERCICE=VALEUR", "une hypothèse sur un fait : un nombre, oui ou non, une date, une valeur"),
    ):
        verb.add_argument(option, action="append", default=[], metavar=metavar, help=said)
    verb.add_argument("--balayer", metavar="NOM=DE:À:PAS", help="faire varier un prix et donner le total à chaque pas")
    add_formats(verb)
    verb.set_defaults(run=run_simulate)


def run_simulate(options: argparse.Namespace) -> int:
    """Simulate the changes asked for, exercise by exercise, or sweep one figure."""
    case = open_case(options)
    years = [case.year(text) for text in dict.fromkeys(options.exercices)]
    changes = changes_of(options, case, years)
    if options.balayer:
        incomplete = run_sweep(options, case, years, changes)
        return INCOMPLETE if incomplete or case.doubtful else 0
    found = simulate(case.convention, case.tables, years, changes)
    if options.json:
        write_json(simulation_json(case, found, years))
    else:
        show_simulation(options, case, found, years)
    return INCOMPLETE if any(effect.gain is None for effect in found.effects) or case.doubtful else 0


# ---------------------------------------------------------------- what changes


def changes_of(options: argparse.Namespace, case: Case, years: list[int]) -> Changes:
    """Read the changes asked for; raises Failed or Impossible for one that the convention does not have."""
    changes = Changes(readings=supposed(case.convention, options.lecture))
    for text in options.prix:
        name, value = cut(text, "=", "--prix part_variable=1,60")
        for cell in cells_of(case, name, years):
            changes.cells[cell] = value_of(case.convention, cell[0], value)
    for text in options.adhere:
        members, offer, day = moves(case, text)
        changes.joining.extend((m, offer, day) for m in members)
        changes.steps[offer] = steps_of(case.convention, offer)
    for text in options.quitte:
        changes.leaving.extend(departures(case.tables, *moves(case, text)))
    for text in options.fait:
        where, value = cut(text, "=", "--fait Redon:habitants:2026=10100")
        parts = where.split(":")
        if len(parts) != 3:
            raise Failed(f"« {text} » : écrivez MEMBRE:FAIT:EXERCICE=VALEUR.")
        member = case.member(parts[0]) if parts[0] else None
        year = case.year(parts[2])
        changes.suppose(case.convention, parts[1], member, value, year=year)
    return changes


def cells_of(case: Case, text: str, years: list[int]) -> list[Cell]:
    """Return the figures that a name means in each exercise, such as `part_fixe:moins de 1 500`, each once."""
    name, _, words = text.partition(":")
    bound = words.strip('" ') or None
    calendar = case.convention.model.calendar
    return list(dict.fromkeys(cell_of(case.convention, name, on=calendar.period(year).first, bound=bound) for year in years))


def moves(case: Case, text: str) -> tuple[list[int], str, Any]:
    """Read who moves, from or to which offer, and when."""
    parts = text.split(":")
    if len(parts) != 3:
        raise Failed(f"« {text} » : écrivez MEMBRE:OFFRE:JJ/MM/AAAA.")
    offer = known_offer(parts[1], case.convention.model.book.offers)
    try:
        day = french_day(parts[2])
    except argparse.ArgumentTypeError as error:
        raise Failed(str(error)) from None
    members = [i for i, m in enumerate(case.tables.members) if not m.host] if parts[0] == "tous" else [case.member(parts[0])]
    return members, offer, day


# ---------------------------------------------------------------- before and after


def show_simulation(options: argparse.Namespace, case: Case, found: Simulation, years: list[int]) -> None:
    """Show each exercise; in CSV, one table for all, with the exercise first when there are several."""
    rows = {year: [effect_row(case, found, e) for e in moved(found, year)] for year in years}
    if options.csv and len(years) > 1:
        show(options, ["Exercice", *HEADERS], [[case.label(year), *row] for year in years for row in rows[year]])
        return
    for year in years:
        if not options.csv:
            tell_totals(case, found, year)
        if rows[year] or options.csv:
            show(options, HEADERS, rows[year], align="lrrr")


def unknown(found: Simulation, year: int) -> list[Effect]:
    return [e for e in found.effects if e.year == year and e.gain is None]


def moved(found: Simulation, year: int) -> list[Effect]:
    """Return those who would pay more, then less, then those who cannot be computed."""
    return [*found.losers(year), *found.winners(year), *unknown(found, year)]


def tell_totals(case: Case, found: Simulation, year: int) -> None:
    more, less, never = len(found.losers(year)), len(found.winners(year)), len(unknown(found, year))
    said = f"{pay(more)} plus, {pay(less)} moins"
    said += f", {never} ne se {'calculent' if never > 1 else 'calcule'} pas" if never else ""
    print(f"Exercice {case.label(year)} : {said}.")
    before = total_of(found.before[year], found.total(year, after=False))
    after = total_of(found.after[year], found.total(year, after=True))
    print(f"Total : {before} aujourd’hui, {after} simulé.")
    for name, when, *values in found.indicators:
        if when == year:
            label = case.convention.model.book.quantities[name].label or name
            print(f"{label} : {' → '.join(indicator_text(case, name, value) for value in values)}")


def pay(count: int) -> str:
    return f"{count} {'paieraient' if count > 1 else 'paierait'}"


def indicator_text(case: Case, name: str, value: Value) -> str:
    """Write an indicator with what it rests on, or why it cannot be known."""
    if value.is_amount:
        return marked(value_text(value.value, case.convention.model.rules[name].type), value.flags)
    return str(value.reasons[0]) if value.reasons else "sans objet"


def total_flags(result: Result) -> int:
    """Return what the total of the members who are not blocked rests on."""
    return reduce(or_, (result.rests_on(s) for s in result.statements if result.total(s) is not None), 0)


def total_of(result: Result, total: Fraction) -> str:
    """Write a total with what it rests on."""
    return marked(money_text(total), total_flags(result))


def owed_flags(result: Result, effect: Effect) -> int:
    return result.rests_on(result.of(effect.member))


def effect_row(case: Case, found: Simulation, effect: Effect) -> list[str]:
    """Return the row of a member; what it rests on is told of the amounts and of their difference."""
    sides = ((found.before[effect.year], effect.before), (found.after[effect.year], effect.after))
    flags = [owed_flags(result, effect) if amount is not None else 0 for result, amount in sides]
    shown = [marked(euros(amount, UNKNOWN), flag) for (_, amount), flag in zip(sides, flags, strict=True)]
    gain = marked(signed(effect.gain), reduce(or_, flags)) if effect.gain is not None else ""
    return [case.name(effect.member), *shown, gain]


def simulation_json(case: Case, found: Simulation, years: list[int]) -> dict[str, Any]:
    return {"schema": "communis/simulation/1", "years": [year_json(case, found, year) for year in years]}


def year_json(case: Case, found: Simulation, year: int) -> dict[str, Any]:
    before, after = found.before[year], found.after[year]
    return {
        "exercise": case.label(year),
        "before": decimal_text(found.total(year, after=False)),
        "after": decimal_text(found.total(year, after=True)),
        "flags": pair_json(total_flags(before), total_flags(after)),
        "members": [
            {
                "name": case.name(e.member),
                "before": text(e.before),
                "after": text(e.after),
                "gain": text(e.gain),
                "flags": pair_json(owed_flags(before, e), owed_flags(after, e)),
            }
            for e in found.effects
            if e.year == year
        ],
        "indicators": [
            {
                "name": name,
                "before": text(b.value) if b.is_amount else None,
                "after": text(a.value) if a.is_amount else None,
                "flags": pair_json(b.flags, a.flags),
            }
            for name, when, b, a in found.indicators
            if when == year
        ],
    }


def pair_json(before: int, after: int) -> dict[str, Any]:
    return {"before": flags_json(before), "after": flags_json(after)}


def text(amount: Fraction | None) -> str | None:
    return None if amount is None else decimal_text(amount)


# ---------------------------------------------------------------- one figure swept


def run_sweep(options: argparse.Namespace, case: Case, years: list[int], changes: Changes) -> bool:
    """Vary one figure and give the total at each step of each exercise; tell whether a member is blocked."""
    from communis.tariff.studies.sweeping import sweep  # slow: NumPy and the plan, for one option

    name, span = cut(options.balayer, "=", "--balayer part_variable=1,20:1,80:0,10")
    cells = {year: cells_of(case, name, [year])[0] for year in years}
    values = values_of(case, cells[years[0]][0], span, options.balayer)
    points = [(year, p) for year in years for p in sweep(case.convention, case.tables, year, cells[year], values, changes)]
    if options.json:
        write_json([
            {
                "exercise": case.label(year),
                "value": decimal_text(p.value),
                "total": decimal_text(p.total),
                "more": p.more,
                "less": p.less,
                "refused": p.refused,
                "flags": flags_json(p.flags),
            }
            for year, p in points
        ])  # fmt: skip
    else:
        model = case.convention.model
        figure = cells[years[0]][0]
        kind = model.scales[figure].type if figure in model.scales else model.rules[figure].type
        dated = len(years) > 1
        rows = [
            [
                *([case.label(year)] if dated else []),
                value_text(p.value, kind),
                marked(money_text(p.total), p.flags),
                *map(str, (p.more, p.less, p.refused)),
            ]
            for year, p in points
        ]
        headers = [*(["Exercice"] if dated else []), name, "Total", "Paieraient plus", "Paieraient moins", "Bloqués"]
        show(options, headers, rows, align="r" * len(headers))
    return any(p.refused for _, p in points)


def values_of(case: Case, name: str, span: str, asked: str) -> list[Fraction]:
    """Return the values from one to another by steps."""
    parts = span.split(":")
    if len(parts) != 3:
        raise Failed(f"« {asked} » : écrivez NOM=DE:À:PAS.")
    first, last, step = (value_of(case.convention, name, part) for part in parts)
    if step <= 0 or last < first or (last - first) / step > 10_000:
        raise Failed("Le pas est plus grand que zéro, la fin après le début, et il y a au plus 10 000 pas.")
    return [first + step * i for i in range(int((last - first) / step) + 1)]
