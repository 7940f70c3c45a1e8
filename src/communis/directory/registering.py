"""The shared register brought up to date from a file of Insee, by the owner of its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from communis.directory.enums import PopulationKind
from communis.directory.imports.populations import COLUMNS, KINDS, REGISTER
from communis.kit.formats import counted
from communis.kit.imports import Examination, Step, Work
from communis.kit.imports.examining import REFUSED, Outcome, proposed, titles_of
from communis.kit.imports.forms import first_sheet
from communis.kit.sheets import Unreadable, opened

_LISTED = 20  # faults and remarks that are told one by one


@dataclass
class Comparison:
    """What a file says beside the register: every line, and those that change it."""

    outcomes: list[Outcome] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@transaction.atomic
def update_register(
    content: bytes,
    *,
    year: int,
    reference: int | None,
    now: datetime,
    trial: bool,
    progress: Callable[[int, int], None],
) -> Comparison:
    """Compare a file with the register for a year, and write it there unless it is a trial or a line is at fault.

    Raises `Unreadable` for a file that cannot be read.
    """
    book = opened(content, REGISTER.limits)
    sheet = first_sheet(book)
    places = proposed(titles_of(book, sheet, COLUMNS), COLUMNS)
    missing = [column.label for column in COLUMNS if column.required and column.name not in places]
    if missing:
        raise Unreadable(f"Il manque des colonnes : {', '.join(missing)}. Donnez-leur ces titres, ceux de l’Insee.")
    kinds = [kind for kind in KINDS if kind in places or PopulationKind.TOTAL in places]
    options = {"year": year, "reference": reference, "kinds": kinds}
    work = Work(user=None, today=date(year, 1, 1), now=now, options=options)
    found = Comparison()
    examined = Examination(REGISTER, book, sheet, places, work, progress)
    for outcome, _, step in examined.outcomes():
        found.outcomes.append(outcome)
        found.steps += [step] if step is not None else []
    if not trial and not examined.counts[REFUSED]:
        REGISTER.apply(iter(found.steps), examined.known, work)
    return found


def report(found: Comparison, year: int, trial: bool) -> Iterator[str]:
    """Say what was done, or what would be."""
    changes = Counter((change.label, bool(change.before)) for step in found.steps for change in step.planned.changes)
    verb = ("serait ajoutée", "seraient ajoutées", "serait changée", "seraient changées") if trial else (
        "ajoutée", "ajoutées", "changée", "changées")  # fmt: skip
    yield f"{counted(len(found.outcomes), 'commune')} dans le fichier, populations en vigueur au 1er janvier {year}."
    for (kind, was_known), count in sorted(changes.items()):
        word = verb[(2 if was_known else 0) + (count > 1)]
        yield f"  {kind} : {counted(count, 'population')} {word}"
    if not changes:
        yield "  rien ne change : le registre dit déjà tout cela."
    differing = [
        f"  {step.planned.name} : {change.label} {change.before} devient {change.after}"
        for step in found.steps
        for change in step.planned.changes
        if change.before
    ]
    yield from differing[:_LISTED]
    if len(differing) > _LISTED:
        yield f"  … et {len(differing) - _LISTED} autres."
    remarked = [outcome for outcome in found.outcomes if outcome.remark]
    yield from (f"  ligne {outcome.line}, {outcome.name} : {outcome.remark}" for outcome in remarked[:_LISTED])


def faults(found: Comparison) -> Iterator[str]:
    """Say what is wrong with the file, place by place."""
    problems = [problem for outcome in found.outcomes for problem in outcome.problems]
    for problem in problems[:_LISTED]:
        value = f" « {problem.value} »" if problem.value else ""
        yield f"ligne {problem.line}, colonne {problem.letters} ({problem.label}){value} : {problem.reason} {problem.remedy}"
    if len(problems) > _LISTED:
        yield f"… et {len(problems) - _LISTED} autres."
