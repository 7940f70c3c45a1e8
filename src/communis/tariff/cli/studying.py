"""The verbs that study a change: comparer, simuler."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import Any

from communis.tariff.cli.desk import (
    Case,
    Failed,
    add_case,
    add_formats,
    euros,
    french_day,
    marked,
    open_case,
    open_convention,
    show,
    write_json,
)
from communis.tariff.convention import Convention
from communis.tariff.language.problems import nearest
from communis.tariff.meaning.units import money_text
from communis.tariff.result import Result, decimal_text
from communis.tariff.studies.comparison import Change, Difference, compare_amounts, compare_versions, compare_years
from communis.tariff.studies.simulation import Changes, Effect, Simulation, cell_of, hypothesis, simulate, sweep, value_of
from communis.tariff.tables.reader import read_folder
from communis.tariff.wording import value_text


def declare(verbs: Any) -> None:
    """Declare the verbs of this module."""
    compare = verbs.add_parser("comparer", help="ce qui change d’une version à l’autre, ou d’un exercice à l’autre, et pour qui",
                               description="Deux conventions : ce qui change, article par article, et pour qui. Une seule et « --exercice A --avec B » : les causes de chaque écart.")  # fmt: skip
    add_case(compare)
    compare.add_argument("other", metavar="AUTRE", nargs="?", help="l’autre version")
    compare.add_argument("--exercice", metavar="ANNÉE", help="l’exercice où comparer les montants, ou le premier des deux")
    compare.add_argument("--avec", metavar="ANNÉE", help="le second exercice, pour une seule convention")
    compare.add_argument("--membre", action="append", metavar="MEMBRE", help="seulement ce membre (répétable)")
    compare.add_argument("--offre", metavar="OFFRE", help="comme si tous les membres tenaient cette offre")
    add_formats(compare)
    compare.set_defaults(run=run_compare)
    study = verbs.add_parser("simuler", help="changer un prix, un fait, une adhésion : qui gagne, qui perd",
                             description="Simule sur tous les membres et plusieurs exercices. Rien n’est écrit : une simulation n’est pas une facture.")  # fmt: skip
    add_case(study)
    study.add_argument("--exercices", metavar="ANNÉE", nargs="+", required=True, help="un ou plusieurs exercices")
    study.add_argument(
        "--prix",
        action="append",
        default=[],
        metavar="NOM=VALEUR",
        help='un paramètre (part_variable=1,60) ou une classe (part_fixe:"moins de 1 500"=1 200)',
    )
    study.add_argument(
        "--lecture", action="append", default=[], metavar="AMB=LECTURE", help="une autre lecture d’une interprétation"
    )
    study.add_argument(
        "--adhere",
        action="append",
        default=[],
        metavar="MEMBRE:OFFRE:DATE",
        help="une adhésion (tous:OFFRE:DATE pour tous les membres)",
    )
    study.add_argument("--quitte", action="append", default=[], metavar="MEMBRE:OFFRE:DATE", help="un départ")
    study.add_argument(
        "--fait", action="append", default=[], metavar="MEMBRE:FAIT:EXERCICE=VALEUR", help="une hypothèse sur un fait"
    )
    study.add_argument("--balayer", metavar="NOM=DE:À:PAS", help="faire varier un prix et donner le total à chaque pas")
    add_formats(study)
    study.set_defaults(run=run_simulate)


# ---------------------------------------------------------------- comparer


def run_compare(options: argparse.Namespace) -> int:
    case = open_case(options)
    if options.offre is not None:
        hold_offer(case, options.offre, case.year(options.exercice) if options.exercice else None)
    if options.other is None:
        return compare_exercises(options, case)
    other, folder = open_convention(options.other)
    changes = compare_versions(case.convention, other)
    found: list[Difference] = []
    if options.exercice is not None:
        year = case.year(options.exercice)
        tables = (
            read_folder(options.tables or folder, other.model, fictitious=options.fictitious)
            if options.tables is None
            else read_folder(options.tables, other.model, fictitious=options.fictitious)
        )
        if options.offre is not None:
            second = Case(other, tables, folder)
            hold_offer(second, options.offre, year)
            tables = second.tables
        found = compare_amounts(case.convention, other, (case.tables, tables), year)
        case = Case(other, tables, folder)
    if options.json:
        write_json(
            {
                "rules": [change_json(c) for c in changes],
                "members": [difference_json(case, d) for d in kept(options, case, found)],
            }
        )
        return 0
    show_changes(options, changes)
    show_differences(options, case, kept(options, case, found), asked=options.exercice is not None)
    return 0


def hold_offer(case: Case, offer: str, year: int | None) -> None:
    """Make all members hold an offer, for a comparison that no documented choice allows."""
    if offer not in case.convention.model.book.offers:
        close = nearest(offer, case.convention.model.book.offers)
        raise Failed(f"« {offer} » n’est pas une offre." + (f" La plus proche : {close}." if close else ""))
    if year is None:
        raise Failed("« --offre » demande « --exercice ».")
    first = case.convention.model.calendar.period(year).first
    changes = Changes(joining=[(m, offer, first) for m, who in enumerate(case.tables.members) if not who.host])
    case.tables.choices.clear()
    case.tables = changes.tables(case.tables)


def compare_exercises(options: argparse.Namespace, case: Case) -> int:
    if options.exercice is None or options.avec is None:
        raise Failed("Avec une seule convention, donnez deux exercices : --exercice 2024 --avec 2025.")
    before, after = case.year(options.exercice), case.year(options.avec)
    chosen = [case.member(m) for m in options.membre] if options.membre else None
    found = compare_years(case.convention, case.tables, before, after, members=chosen)
    if options.json:
        write_json([difference_json(case, d) for d in found])
        return 0
    show_differences(options, case, found, asked=True)
    return 0


def kept(options: argparse.Namespace, case: Case, found: list[Difference]) -> list[Difference]:
    chosen = {case.member(m) for m in options.membre or []}
    return [d for d in found if not chosen or d.member in chosen]


def show_changes(options: argparse.Namespace, changes: list[Change]) -> None:
    if options.csv:
        return
    if not changes:
        print("Les deux versions disent la même chose.")
    for change in changes:
        said = {"added": "ajouté", "removed": "retiré", "changed": "modifié"}[change.kind]
        where = (
            f" ({', '.join(a if a.startswith('passage') else f'article {a}' for a in change.articles)})"
            if change.articles
            else ""
        )
        print(f"{change.name} : {said}{where}")
        for row in line_differences(change):
            print(f"    {row}")


def line_differences(change: Change) -> Iterator[str]:
    """Write the lines a rule loses and gains."""
    old, new = change.before.split("\n") if change.before else [], change.after.split("\n") if change.after else []
    squeezed_old, squeezed_new = {" ".join(x.split()) for x in old}, {" ".join(x.split()) for x in new}
    yield from (f"− {x.strip()}" for x in old if x.strip() and " ".join(x.split()) not in squeezed_new)
    yield from (f"+ {x.strip()}" for x in new if x.strip() and " ".join(x.split()) not in squeezed_old)


def show_differences(options: argparse.Namespace, case: Case, found: list[Difference], *, asked: bool) -> None:
    if not found:
        if asked and not options.csv:
            print("Aucun membre ne paie autre chose.")
        return
    rows = []
    for d in sorted(found, key=lambda d: (-abs(d.effect), d.member)):
        name, label = case.tables.members[d.member].name, line_label(case.convention, d.line, d.offer)
        before, after = marked(euros(d.before), d.flags[0]), marked(euros(d.after), d.flags[1])
        rows.append([name, label, before, after, signed(d.effect), " ; ".join(cause_text(c) for c in d.causes)])
    show(options, ["Membre", "Ligne", "Avant", "Après", "Écart", "Causes"], rows, align="llrrrl")


def cause_text(cause: Any) -> str:
    values = f" : {cause.before} → {cause.after}" if cause.before or cause.after else ""
    return f"{cause.label}{values}, {signed(cause.effect)}"


def signed(amount: Fraction) -> str:
    return ("+" if amount > 0 else "") + money_text(amount)


def line_label(convention: Convention, name: str, offer: str | None) -> str:
    label = convention.model.book.named()[name].label or name if name in convention.model.book.named() else name
    return f"{label}, {convention.model.book.offers[offer].label}" if offer in convention.model.book.offers else label


def change_json(change: Change) -> dict[str, Any]:
    return {
        "rule": change.name,
        "change": change.kind,
        "articles": list(change.articles),
        "before": change.before,
        "after": change.after,
    }


def difference_json(case: Case, d: Difference) -> dict[str, Any]:
    return {"member": case.tables.members[d.member].name, "line": d.line, "offer": d.offer,
            "before": decimal_text(d.before) if d.before is not None else None, "after": decimal_text(d.after) if d.after is not None else None,
            "effect": decimal_text(d.effect),
            "causes": [{"kind": c.kind, "name": c.name, "label": c.label, "before": c.before, "after": c.after, "effect": decimal_text(c.effect)} for c in d.causes]}  # fmt: skip


# ---------------------------------------------------------------- simuler


def run_simulate(options: argparse.Namespace) -> int:
    case = open_case(options)
    years = [case.year(text) for text in options.exercices]
    if options.balayer:
        return run_sweep(options, case, years[0])
    found = simulate(case.convention, case.tables, years, changes_of(options, case, years[0]))
    if options.json:
        write_json(simulation_json(case, found, years))
    else:
        for year in years:
            show_simulation(options, case, found, year)
    return 2 if any(effect.gain is None for effect in found.effects) else 0


def changes_of(options: argparse.Namespace, case: Case, year: int) -> Changes:
    """Read the changes asked for; raises Failed or Impossible for one that the convention does not have."""
    changes = Changes()
    first = case.convention.model.calendar.period(year).first
    for text in options.prix:
        name, value = cut(text, "=", "--prix part_variable=1,60")
        name, _, bound = name.partition(":")
        changes.cells[cell_of(case.convention, name, on=first, bound=bound.strip('"') or None)] = value_of(
            case.convention, name, value
        )
    for text in options.lecture:
        name, reading = cut(text, "=", "--lecture AMB-06=au_quota")
        rule = case.convention.model.book.interpretations.get(name)
        if rule is None or reading not in rule.readings:
            known = ", ".join(rule.readings) if rule else ", ".join(case.convention.model.book.interpretations)
            raise Failed(f"« {text} » : on peut écrire {known}.")
        changes.readings[name] = reading
    for texts, kept_in in ((options.adhere, changes.joining), (options.quitte, changes.leaving)):
        for text in texts:
            kept_in.extend(moves(case, text))
    for text in options.fait:
        where, value = cut(text, "=", "--fait Redon:habitants:2026=10100")
        parts = where.split(":")
        if len(parts) != 3:
            raise Failed(f"« {text} » : écrivez MEMBRE:FAIT:EXERCICE=VALEUR.")
        member = case.member(parts[0]) if parts[0] else None
        changes.facts.append(hypothesis(case.convention, case.tables, parts[1], member, value, case.year(parts[2])))
    return changes


def cut(text: str, sign: str, example: str) -> tuple[str, str]:
    left, found, right = text.rpartition(sign)
    if not found or not left.strip() or not right.strip():
        raise Failed(f"« {text} » ne se lit pas. Par exemple : {example}")
    return left.strip(), right.strip()


def moves(case: Case, text: str) -> list[tuple[int, str, Any]]:
    parts = text.split(":")
    if len(parts) != 3:
        raise Failed(f"« {text} » : écrivez MEMBRE:OFFRE:JJ/MM/AAAA.")
    if parts[1] not in case.convention.model.book.offers:
        close = nearest(parts[1], case.convention.model.book.offers)
        raise Failed(f"« {parts[1]} » n’est pas une offre." + (f" La plus proche : {close}." if close else ""))
    try:
        day = french_day(parts[2])
    except argparse.ArgumentTypeError as error:
        raise Failed(str(error)) from None
    members = [i for i, m in enumerate(case.tables.members) if not m.host] if parts[0] == "tous" else [case.member(parts[0])]
    return [(m, parts[1], day) for m in members]


def show_simulation(options: argparse.Namespace, case: Case, found: Simulation, year: int) -> None:
    label = case.convention.model.calendar.label(year)
    winners, losers = found.winners(year), found.losers(year)
    unknown = [e for e in found.effects if e.year == year and e.gain is None]
    if not options.csv:
        print(
            f"Exercice {label} : {len(losers)} paieraient plus, {len(winners)} paieraient moins"
            + (f", {len(unknown)} ne se calculent pas" if unknown else "")
            + "."
        )
        print(
            f"Total : {total_of(found.before[year], found.total(year, after=False))} aujourd’hui, "
            f"{total_of(found.after[year], found.total(year, after=True))} simulé."
        )
        for name, when, before, after in found.indicators:
            if when == year:
                kind = case.convention.model.rules[name].type
                rule = case.convention.model.book.quantities[name]
                print(f"{rule.label or name} : {value_text(before.value, kind) if before.is_amount else before.reasons[0] if before.reasons else 'sans objet'} → "
                      f"{value_text(after.value, kind) if after.is_amount else after.reasons[0] if after.reasons else 'sans objet'}")  # fmt: skip
    rows = [effect_row(case, found, e) for e in [*losers, *winners, *unknown]]
    if rows:
        show(options, ["Membre", "Aujourd’hui", "Simulé", "Écart"], rows, align="lrrr")


def total_of(result: Result, total: Fraction) -> str:
    """Write a total with what it rests on."""
    return marked(money_text(total), reduce(or_, map(result.rests_on, result.statements), 0))


def effect_row(case: Case, found: Simulation, effect: Effect) -> list[str]:
    shown = [
        marked(euros(amount, "ne se calcule pas"), result.rests_on(result.of(effect.member)) if amount is not None else 0)
        for result, amount in ((found.before[effect.year], effect.before), (found.after[effect.year], effect.after))
    ]
    return [case.tables.members[effect.member].name, *shown, signed(effect.gain) if effect.gain is not None else ""]


def simulation_json(case: Case, found: Simulation, years: list[int]) -> dict[str, Any]:
    return {
        "schema": "communis/simulation/1",
        "years": [{
            "exercise": case.convention.model.calendar.label(year), "before": decimal_text(found.total(year, after=False)), "after": decimal_text(found.total(year, after=True)),
            "members": [{"name": case.tables.members[e.member].name, "before": text(e.before), "after": text(e.after), "gain": text(e.gain)} for e in found.effects if e.year == year],
            "indicators": [{"name": n, "before": text(b.value) if b.is_amount else None, "after": text(a.value) if a.is_amount else None} for n, y, b, a in found.indicators if y == year],
        } for year in years],
    }  # fmt: skip


def text(amount: Fraction | None) -> str | None:
    return None if amount is None else decimal_text(amount)


def run_sweep(options: argparse.Namespace, case: Case, year: int) -> int:
    """Vary one figure and give the total at each step."""
    name, span = cut(options.balayer, "=", "--balayer part_variable=1,20:1,80:0,10")
    name, _, bound = name.partition(":")
    parts = span.split(":")
    if len(parts) != 3:
        raise Failed(f"« {options.balayer} » : écrivez NOM=DE:À:PAS.")
    first, last, step = (value_of(case.convention, name, part) for part in parts)
    if step <= 0 or last < first or (last - first) / step > 10_000:
        raise Failed("Le pas est plus grand que zéro, la fin après le début, et il y a au plus 10 000 pas.")
    values = [first + step * i for i in range(int((last - first) / step) + 1)]
    cell = cell_of(case.convention, name, on=case.convention.model.calendar.period(year).first, bound=bound.strip('"') or None)
    points = sweep(case.convention, case.tables, year, cell, values)
    if options.json:
        write_json(
            [
                {
                    "value": decimal_text(p.value),
                    "total": decimal_text(p.total),
                    "more": p.more,
                    "less": p.less,
                    "refused": p.refused,
                }
                for p in points
            ]
        )
    else:
        model = case.convention.model
        kind = model.scales[name].type if name in model.scales else model.rules[name].type
        rows = [[value_text(p.value, kind), money_text(p.total), str(p.more), str(p.less), str(p.refused)] for p in points]
        show(options, [name, "Total", "Paieraient plus", "Paieraient moins", "Bloqués"], rows, align="rrrrr")
    return 2 if any(p.refused for p in points) else 0
