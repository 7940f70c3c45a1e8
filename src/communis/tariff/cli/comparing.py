"""The verb comparer: what changes from a version to another, from an exercise to another, for whom and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from communis.tariff.cli.asking import add_case, add_formats
from communis.tariff.cli.desk import (
    INCOMPLETE,
    Case,
    Failed,
    Misused,
    counted,
    euros,
    known_offer,
    marked,
    open_case,
    open_convention,
    show,
    signed,
    tell_broken,
    write_json,
)
from communis.tariff.interpreter.values import REFUSED
from communis.tariff.result import decimal_text, flags_json
from communis.tariff.studies.changes import Changes, steps_of
from communis.tariff.studies.comparison import Cause, Change, Difference, compare_amounts, compare_versions, compare_years
from communis.tariff.tables.reader import read_folder

DESCRIPTION = (
    "Deux conventions : ce qui change, article par article, et pour qui. "
    "Une seule et « --exercice A --avec B » : les causes de chaque écart."
)
HEADERS = ["Membre", "Ligne", "Avant", "Après", "Écart", "Causes"]
KINDS = {"added": "ajouté", "removed": "retiré", "changed": "modifié"}
UNKNOWN = "ne se calcule pas"


def declare(verb: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_case(verb)
    verb.add_argument("other", metavar="AUTRE", nargs="?", help="l’autre version")
    verb.add_argument("--exercice", metavar="ANNÉE", help="l’exercice où comparer les montants, ou le premier des deux")
    verb.add_argument("--avec", metavar="ANNÉE", help="le second exercice, pour une seule convention")
    verb.add_argument("--membre", action="append", metavar="MEMBRE", help="seulement ce membre (répétable)")
    verb.add_argument("--offre", metavar="OFFRE", help="comme si tous les membres tenaient cette offre")
    add_formats(verb)
    verb.set_defaults(run=run_compare)


def run_compare(options: argparse.Namespace) -> int:
    """Compare two versions, or two exercises of one."""
    if options.other is not None and options.avec is not None:
        raise Misused("--avec ne va pas avec deux conventions : donnez un seul exercice")
    case = open_case(options)
    if options.offre is not None:
        hold_offer(case, options.offre, case.year(options.exercice) if options.exercice else None)
    return compare_exercises(options, case) if options.other is None else compare_conventions(options, case)


def compare_conventions(options: argparse.Namespace, first: Case) -> int:
    """Tell the rules that change, and for an exercise what each member would pay otherwise."""
    other, folder = open_convention(options.other)
    tell_broken(other)
    changes = compare_versions(first.convention, other)
    second = Case(other, first.tables, folder)
    found: list[Difference] = []
    if options.exercice is not None:
        year = first.year(options.exercice)
        second.tables = read_folder(options.tables or folder, other.model, fictitious=options.fictitious)
        if options.offre is not None:
            hold_offer(second, options.offre, year)
        found = kept(options, second, compare_amounts(first.convention, other, (first.tables, second.tables), year))
    if options.json:
        members = [difference_json(second, d) for d in found]
        write_json({"rules": [change_json(c) for c in changes], "members": members})
    else:
        show_changes(options, changes)
        if options.exercice is not None or options.csv:
            show_differences(options, (first, second), found)
    return status_of(found, first, second)


def compare_exercises(options: argparse.Namespace, case: Case) -> int:
    """Tell what each member pays otherwise from an exercise to another, and why."""
    if options.exercice is None or options.avec is None:
        raise Failed("Avec une seule convention, donnez deux exercices : --exercice 2024 --avec 2025.")
    before, after = case.year(options.exercice), case.year(options.avec)
    chosen = [case.member(m) for m in options.membre] if options.membre else None
    found = compare_years(case.convention, case.tables, before, after, members=chosen)
    if options.json:
        write_json([difference_json(case, d) for d in found])
    else:
        show_differences(options, (case, case), found)
    return status_of(found, case)


def status_of(found: list[Difference], *cases: Case) -> int:
    """Return 2 when an amount cannot be known, or comes from rules that contradict their examples."""
    return INCOMPLETE if any(d.effect is None for d in found) or any(case.doubtful for case in cases) else 0


def hold_offer(case: Case, offer: str, year: int | None) -> None:
    """Make all members hold an offer, for a comparison that no documented choice allows."""
    known_offer(offer, case.convention.model.book.offers)
    if year is None:
        raise Failed("« --offre » demande « --exercice ».")
    first = case.convention.model.calendar.period(year).first
    joining = [(m, offer, first) for m, who in enumerate(case.tables.members) if not who.host]
    changes = Changes(joining=joining, steps={offer: steps_of(case.convention, offer)})
    case.tables.choices.clear()
    case.tables = changes.tables(case.tables)


def kept(options: argparse.Namespace, case: Case, found: list[Difference]) -> list[Difference]:
    chosen = {case.member(m) for m in options.membre or []}
    return [d for d in found if not chosen or d.member in chosen]


# ---------------------------------------------------------------- showing


def show_changes(options: argparse.Namespace, changes: list[Change]) -> None:
    if options.csv:
        return
    if not changes:
        print("Les deux versions disent la même chose.")
    for change in changes:
        articles = [a if a.startswith("passage") else f"article {a}" for a in change.articles]
        print(f"{change.name} : {KINDS[change.kind]}" + (f" ({', '.join(articles)})" if articles else ""))
        for row in line_differences(change):
            print(f"    {row}")
    for needed, words in ((True, "Demandent un avenant"), (False, "Sans avenant")):
        found = [amended(change) for change in changes if change.amendment is not None and change.amendment.needed is needed]
        if found:
            print(f"{words} : {', '.join(found)}.")


def amended(change: Change) -> str:
    """Name a rule whose change needs an avenant or not, with the reason when there is one."""
    why = change.amendment.why if change.amendment is not None else ""
    return f"{change.name} ({why})" if why else change.name


def line_differences(change: Change) -> Iterator[str]:
    """Write the lines a rule loses and gains."""
    old, new = change.before.split("\n") if change.before else [], change.after.split("\n") if change.after else []
    squeezed_old, squeezed_new = {" ".join(x.split()) for x in old}, {" ".join(x.split()) for x in new}
    yield from (f"− {x.strip()}" for x in old if x.strip() and " ".join(x.split()) not in squeezed_new)
    yield from (f"+ {x.strip()}" for x in new if x.strip() and " ".join(x.split()) not in squeezed_old)


def show_differences(options: argparse.Namespace, cases: tuple[Case, Case], found: list[Difference]) -> None:
    """Show what changes, the largest first, then what cannot be known; what is known neither before nor after is counted."""
    shown = [d for d in found if set(d.outcomes) != {REFUSED}]
    shown.sort(key=lambda d: (d.effect is None, -abs(d.effect or 0), d.member))
    if shown or options.csv:
        show(options, HEADERS, [difference_row(cases, d) for d in shown], align="llrrrl")
    elif len(found) == len(shown):
        print("Aucun membre ne paie autre chose.")
    never = len(found) - len(shown)
    if never and not options.csv:
        reasons = dict.fromkeys(str(reason) for d in found if d not in shown for reason in d.reasons)
        print(f"{counted(never, 'ligne')} ne se calcule{'nt' if never > 1 else ''} ni avant ni après : {' ; '.join(reasons)}")


def difference_row(cases: tuple[Case, Case], d: Difference) -> list[str]:
    amounts = [
        marked(euros(amount, UNKNOWN if outcome == REFUSED else "—"), flags if amount is not None else 0)
        for amount, outcome, flags in zip((d.before, d.after), d.outcomes, d.flags, strict=True)
    ]
    gap = marked(signed(d.effect), d.flags[0] | d.flags[1]) if d.effect is not None else ""
    why = [cause_text(cause) for cause in d.causes] or [str(reason) for reason in d.reasons]
    return [cases[1].name(d.member), line_label(cases, d), *amounts, gap, " ; ".join(why)]


def cause_text(cause: Cause) -> str:
    values = f" : {cause.before} → {cause.after}" if cause.before or cause.after else ""
    return f"{cause.label}{values}, {signed(cause.effect)}"


def line_label(cases: tuple[Case, Case], d: Difference) -> str:
    """Write what a line is called in the second version, or in the first when it is no more."""
    book = next((case.convention.model.book for case in reversed(cases) if d.line in case.convention.model.book.named()), None)
    if book is None:
        return d.line
    label = book.named()[d.line].label or d.line
    return f"{label}, {book.offers[d.offer].label}" if d.offer in book.offers else label


def change_json(change: Change) -> dict[str, Any]:
    return {
        "rule": change.name,
        "change": change.kind,
        "articles": list(change.articles),
        "before": change.before,
        "after": change.after,
        "amendment": {"needed": change.amendment.needed, "why": change.amendment.why} if change.amendment is not None else None,
    }


def difference_json(case: Case, d: Difference) -> dict[str, Any]:
    amounts = {
        name: decimal_text(amount) if amount is not None else None
        for name, amount in (("before", d.before), ("after", d.after), ("effect", d.effect))
    }
    return {
        "member": case.name(d.member),
        "line": d.line,
        "offer": d.offer,
        **amounts,
        "causes": [cause_json(cause) for cause in d.causes],
        "reasons": [str(reason) for reason in d.reasons],
        "flags": {"before": flags_json(d.flags[0]), "after": flags_json(d.flags[1])},
    }


def cause_json(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind,
        "name": cause.name,
        "label": cause.label,
        "before": cause.before,
        "after": cause.after,
        "effect": decimal_text(cause.effect),
    }
