"""The verb verifier: every problem of a file, its place and its remedy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from communis.tariff.cli.desk import Failed, path_of, write_json
from communis.tariff.convention import verify
from communis.tariff.language.problems import Problem, Severity
from communis.tariff.language.source import bytes_of
from communis.tariff.wording import reason_of

DESCRIPTION = "Vérifie des conventions. Code 0 : publiable ; 1 : en erreur ; 2 : calculable, pas publiable."


def declare(check: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    check.add_argument("files", nargs="+", metavar="FICHIER", help="fichiers .tarif, dossiers ou conventions livrées")
    check.add_argument("--json", action="store_true", help="écrire les problèmes en JSON")
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    """Tell the problems of each file; the worst decides of the status, and a file that cannot be read stops no other."""
    statuses, reports = [], []
    for name in options.files:
        try:
            path, data = read(name)
        except Failed as failed:
            print(f"communis tarif : {failed}", file=sys.stderr)
            statuses.append(1)
            reports.append({"file": name, "status": 1, "problems": [], "unreadable": str(failed)})
            continue
        _, problems = verify(data, str(path if path.name != "convention.tarif" else Path(path.parent.name) / path.name))
        status = status_of(problems)
        statuses.append(status)
        reports.append({"file": name, "status": status, "problems": [problem_json(p) for p in problems]})
        if not options.json:
            for problem in problems:
                print(problem_text(problem))
            print(verdict(name, problems, status))
    if options.json:
        write_json(reports)
    return 1 if 1 in statuses else max(statuses)


def read(name: str) -> tuple[Path, bytes]:
    """Return the file that a name means and its bytes; raises Failed."""
    try:
        path = path_of(name)
        return path, bytes_of(path)
    except OSError as error:
        raise Failed(f"« {name} » ne se lit pas : {reason_of(error)}.") from None


def status_of(problems: Sequence[Problem]) -> int:
    """Return 1 for an error, 2 for an obstacle to publication, else 0."""
    if any(p.severity is Severity.ERROR for p in problems):
        return 1
    return 2 if any(p.severity is Severity.OBSTACLE for p in problems) else 0


def problem_text(problem: Problem) -> str:
    """Write a problem as the guide shows it: place, code, words at fault, reason, remedy."""
    head = f"{problem.file} {problem.place.line}:{problem.place.column} · {problem.code} · {problem.severity.value}"
    words = problem.words.split("\n")[0]
    lines = [head]
    if words:
        lines += [f"    {words}", "    " + "^" * min(len(words), 100)]
    return "\n".join([*lines, problem.message, f"→ {problem.remedy}", ""])


def verdict(name: str, problems: Sequence[Problem], status: int) -> str:
    errors = sum(p.severity is Severity.ERROR for p in problems)
    obstacles = sum(p.severity is Severity.OBSTACLE for p in problems)
    if status == 1:
        return f"{name} : {errors} erreur{'s' if errors > 1 else ''}, publication refusée."
    if status == 2:
        return f"{name} : calculable, mais pas publiable : {obstacles} obstacle{'s' if obstacles > 1 else ''} à lever."
    return f"{name} : publiable."


def problem_json(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "words": problem.words,
        "message": problem.message,
        "remedy": problem.remedy,
    }
