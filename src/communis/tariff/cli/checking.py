"""The verbs on the text of a convention: verifier, formater, nouveau, dates."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.cli.desk import Failed, add_case, add_formats, french_day, open_convention, reason_of, show, write_json
from communis.tariff.convention import shipped, shipped_names, verify
from communis.tariff.language.layout import formatted
from communis.tariff.language.problems import Problem, Severity
from communis.tariff.library import LIBRARY, starter
from communis.tariff.membership.terms import calendar_of, cost_of_leaving, exit_of, term_of


def declare(verbs: Any) -> None:
    """Declare the verbs of this module."""
    check = verbs.add_parser("verifier", help="tous les problèmes d’un fichier, avec leur place et leur remède",
                             description="Vérifie des conventions. Code 0 : publiable ; 1 : en erreur ; 2 : calculable, pas publiable.")  # fmt: skip
    check.add_argument("files", nargs="+", metavar="FICHIER", help="fichiers .tarif, dossiers ou conventions livrées")
    check.add_argument("--json", action="store_true", help="écrire les problèmes en JSON")
    check.set_defaults(run=run_check)
    layout = verbs.add_parser("formater", help="récrire un fichier dans sa mise en page unique",
                              description="Récrit des fichiers dans la mise en page unique ; avec --verifier, dit seulement s’ils y sont (code 1 sinon).")  # fmt: skip
    layout.add_argument("files", nargs="+", metavar="FICHIER", type=Path)
    layout.add_argument("--verifier", dest="only_check", action="store_true", help="ne rien écrire")
    layout.add_argument("--sortie", dest="to_output", action="store_true", help="écrire sur la sortie au lieu du fichier")
    layout.set_defaults(run=run_format)
    new = verbs.add_parser("nouveau", help="commencer une convention à partir de la bibliothèque d’exemples",
                           description="Commence un fichier avec un exemple par bloc. Blocs : " + ", ".join(LIBRARY) + ".")  # fmt: skip
    new.add_argument("file", metavar="FICHIER", type=Path, help="le fichier à créer")
    new.add_argument(
        "--blocs", nargs="*", default=[], metavar="BLOC", help="les blocs à y mettre (par défaut, la part fixe par classe)"
    )
    new.add_argument("--titre", default="Service commun des systèmes d’information", help="le titre de la convention")
    new.set_defaults(run=run_new)
    declare_dates(verbs)


def declare_dates(verbs: Any) -> None:
    dates = verbs.add_parser(
        "dates",
        help="durée, reconductions, préavis et sortie d’une adhésion",
        description="Les dates d’une adhésion selon la convention.",
    )
    add_case(dates, tables=False)
    dates.add_argument("--effet", type=french_day, metavar="JJ/MM/AAAA", required=True, help="date d’effet de l’adhésion")
    dates.add_argument("--offre", metavar="OFFRE", help="l’offre tenue")
    dates.add_argument(
        "--courrier-recu", dest="received", type=french_day, metavar="JJ/MM/AAAA", help="réception de la lettre de résiliation"
    )
    dates.add_argument(
        "--accord", dest="waiver", type=french_day, metavar="JJ/MM/AAAA", help="date de l’accord signé des deux parties"
    )
    dates.add_argument(
        "--quitter", dest="leaving", type=french_day, metavar="JJ/MM/AAAA", help="ce que coûte un départ à cette date"
    )
    add_formats(dates)
    dates.set_defaults(run=run_dates)


# ---------------------------------------------------------------- verifier


def run_check(options: argparse.Namespace) -> int:
    """Tell the problems of each file; the worst decides of the status."""
    statuses, reports = [], []
    for name in options.files:
        path = path_of(name)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Failed(f"« {name} » ne se lit pas : {reason_of(error)}.") from None
        _, problems = verify(data, str(path if path.name != "convention.tarif" else Path(path.parent.name) / path.name))
        status = status_of(problems)
        statuses.append(status)
        if options.json:
            reports.append({"file": name, "status": status, "problems": [problem_json(p) for p in problems]})
            continue
        for problem in problems:
            print(problem_text(problem))
        print(verdict(name, problems, status))
    if options.json:
        write_json(reports)
    return 1 if 1 in statuses else max(statuses)


def path_of(name: str) -> Path:
    path = Path(name)
    if not path.exists() and name in shipped_names():
        path = shipped(name)
    return path / "convention.tarif" if path.is_dir() else path


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
    return {"code": problem.code, "severity": problem.severity.value, "line": place.line, "column": place.column, "end_line": place.end_line,
            "end_column": place.end_column, "words": problem.words, "message": problem.message, "remedy": problem.remedy}  # fmt: skip


# ---------------------------------------------------------------- formater, nouveau


def run_format(options: argparse.Namespace) -> int:
    """Rewrite files in the one layout, or say which are not in it."""
    different = []
    for path in options.files:
        try:
            before = path.read_bytes()
        except OSError as error:
            raise Failed(f"« {path} » ne se lit pas : {reason_of(error)}.") from None
        after = formatted(before, path.name)
        if options.to_output:
            sys.stdout.write(after)
        elif after.encode() != before:
            different.append(path)
            if not options.only_check:
                path.write_text(after, encoding="utf-8", newline="\n")
    for path in different:
        print(f"{path} : {'à formater' if options.only_check else 'formaté'}")
    return 1 if different and options.only_check else 0


def run_new(options: argparse.Namespace) -> int:
    """Write a new convention from the library; an existing file is never overwritten."""
    if options.file.exists():
        raise Failed(f"« {options.file} » existe déjà : il n’a pas été touché.")
    text = starter(options.titre, options.blocs or ["part_fixe_par_classe"])
    try:
        options.file.parent.mkdir(parents=True, exist_ok=True)
        options.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Failed(f"« {options.file} » ne s’écrit pas : {reason_of(error)}.") from None
    print(f"{options.file} : créé. Remplacez ce qui est entre « crochets » puis : communis tarif verifier {options.file}")
    return 0


# ---------------------------------------------------------------- dates


def run_dates(options: argparse.Namespace) -> int:
    """Show the dates of a membership: its events, and its exit when a letter or a departure is given."""
    convention, _ = open_convention(options.convention)
    term = term_of(convention, options.effet, offer=options.offre)
    events = calendar_of(convention, options.effet, offer=options.offre)
    rows = [[french_date(e.on), e.label, e.article] for e in events]
    left: dict[str, Any] = {}
    if options.received is not None:
        found = exit_of(
            convention, received_on=options.received, effect_on=options.effet, waiver_on=options.waiver, offer=options.offre
        )
        left["exit"] = {"on": found.on.isoformat(), "rule": found.rule, "article": found.article}
        rows.append([french_date(found.on), f"sortie : {found.rule}", found.article])
    status = 0
    if options.leaving is not None:
        cost = cost_of_leaving(convention, options.leaving, offer=options.offre, effect_on=options.effet)
        left["cost"] = {"outcome": cost.outcome, "reasons": [str(x) for x in cost.reasons], "why": cost.why}
        said = "sans frais" if cost.is_amount else "; ".join(map(str, cost.reasons)) or cost.why
        rows.append([french_date(options.leaving), f"départ : {said}", ""])
        status = 2 if cost.reasons else 0
    if options.json:
        write_json(
            {
                "ends_on": term.ends_on.isoformat() if term.ends_on else None,
                "events": [{"on": e.on.isoformat(), "label": e.label, "article": e.article} for e in events],
                **left,
            }
        )
    else:
        show(options, ["Date", "Événement", "Article"], rows, title=convention.title)
    return status
