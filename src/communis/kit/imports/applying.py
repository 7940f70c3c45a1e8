"""The act itself: all of a plan or nothing of it, and only the plan that was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict

from communis.kit.imports.declared import Importable, Progress, Work, silent
from communis.kit.imports.examining import CHANGED, CREATED, REFUSED, SAME, Examination, Outcome
from communis.kit.imports.staging import Staged
from communis.kit.refusals import Refusal
from communis.kit.sheets import opened

_TOLD_MOVED = 1_000


class Moved(Refusal):
    """What the file would do is no longer what was read."""


def options_of(importable: Importable, given: Mapping[str, list[str]] | None) -> forms.Form | None:
    """Return the form of what is chosen for the whole file, bound to what was answered."""
    if importable.options is None:
        return None
    if given is None:
        return importable.options(prefix="choix")
    data = QueryDict(mutable=True)
    for name, values in given.items():
        data.setlist(name, values)
    return importable.options(data, prefix="choix")


def examined(importable: Importable, staged: Staged, work: Work, progress: Progress = silent) -> Examination:
    """Open a staged file to be examined by what was chosen for it."""
    about = staged.about()
    book = opened(staged.file, importable.limits)
    return Examination(importable, book, about["sheet"], about["places"], chosen(importable, about, work), progress)


def chosen(importable: Importable, about: Mapping[str, Any], work: Work) -> Work:
    """Return the work with what was chosen for the whole file. Raises Refusal when that does not hold any more."""
    form = options_of(importable, about.get("options"))
    if form is not None and not form.is_valid():
        raise Refusal("Ce qui est choisi pour tout le fichier ne convient plus : reprenez l’étape des colonnes.")
    return replace(work, options=form.cleaned_data if form is not None else {})


def preview(importable: Importable, staged: Staged, work: Work, *, progress: Progress = silent) -> None:
    """Keep what a file would do, line by line, to be read page by page and compared with what will be done.

    What the plan of a line did in order to be sure is undone at the end.
    """
    with transaction.atomic():
        found = examined(importable, staged, work, progress)
        staged.keep_plan(found.written())
        transaction.set_rollback(True)
    counts = {state: found.counts[state] for state in (CREATED, CHANGED, SAME, REFUSED)}
    staged.tell(digest=found.digest(), counts=counts, remarked=found.remarked, remarks=found.remarks, moved=[])


def apply(importable: Importable, staged: Staged, work: Work, *, pool: int, progress: Progress = silent) -> dict[str, Any]:
    """Do what the plan says, in one transaction; return what was done.

    The file is examined again: if one line now does something else, nothing is done and `Moved` says so. The former plan is
    then replaced by the new one, whose lines that moved are marked. Two imports of a list wait for each other.
    """
    about = staged.about()
    if about["counts"][REFUSED] or not (about["counts"][CREATED] or about["counts"][CHANGED]):
        raise Refusal("Il n’y a rien à enregistrer dans ce fichier. Relisez l’aperçu.")
    try:
        with transaction.atomic():
            wait_for_others(pool, importable.name)
            found = examined(importable, staged, work, progress)
            importable.apply(found.steps(), found.known, chosen(importable, about, work))
            if found.digest() != about["digest"]:
                raise Moved
    except IntegrityError:
        raise Refusal(
            "Quelqu’un a changé cette liste au même moment : rien n’a été enregistré. Refaites l’aperçu, puis recommencez."
        ) from None
    except Moved:
        raise Moved(moved_of(importable, staged, work)) from None
    result = {**about["counts"], "at": work.now.isoformat(), "by": str(work.user)}
    transaction.on_commit(lambda: staged.finish(**result))
    return result


def moved_of(importable: Importable, staged: Staged, work: Work) -> str:
    """Replace the plan by a new one, whose lines that differ are marked; say how many they are."""
    before = {hash(line) for line in staged.plan()}
    preview(importable, staged, work)
    moved = [Outcome.of(line).line for line in staged.plan() if hash(line) not in before]
    staged.tell(moved=moved[:_TOLD_MOVED])
    count = len(moved)
    lines = "Une ligne ne ferait" if count == 1 else f"{count} lignes ne feraient"
    return (
        f"{lines} plus la même chose que dans l’aperçu, parce que la liste a changé depuis : rien n’a été enregistré. Relisez-le."
    )


def wait_for_others(pool: int, name: str) -> None:
    """Hold the import of a list in a pool until the transaction ends."""
    key = int.from_bytes(hashlib.sha256(f"import {pool} {name}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
