"""The verb nouveau: a convention begun from the library of examples."""

from __future__ import annotations

import argparse
from pathlib import Path

from communis.tariff.cli.desk import Failed
from communis.tariff.library import LIBRARY, Unfit, starter
from communis.tariff.wording import reason_of

DESCRIPTION = "Commence un fichier avec un exemple par bloc. Blocs : " + ", ".join(LIBRARY) + "."


def declare(new: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    new.add_argument("file", metavar="FICHIER", type=Path, help="le fichier à créer")
    new.add_argument(
        "--blocs", nargs="*", default=[], metavar="BLOC", help="les blocs à y mettre (par défaut, la part fixe par classe)"
    )
    new.add_argument("--titre", default="Service commun des systèmes d’information", help="le titre de la convention")
    new.set_defaults(run=run_new)


def run_new(options: argparse.Namespace) -> int:
    """Write a new convention from the library; an existing file is never overwritten."""
    if options.file.exists():
        raise Failed(f"« {options.file} » existe déjà : il n’a pas été touché.")
    try:
        text = starter(options.titre, options.blocs or ["part_fixe_par_classe"])
    except Unfit as unfit:
        raise Failed(str(unfit)) from None
    try:
        options.file.parent.mkdir(parents=True, exist_ok=True)
        options.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Failed(f"« {options.file} » ne s’écrit pas : {reason_of(error)}.") from None
    print(f"{options.file} : créé. Remplacez ce qui est entre [crochets], puis : communis tarif verifier {options.file}")
    return 0
