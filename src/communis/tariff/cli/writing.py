"""The verb formater: a file rewritten in its one layout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from communis.tariff.language.layout import formatted
from communis.tariff.language.problems import ProblemsFound
from communis.tariff.language.source import bytes_of
from communis.tariff.wording import reason_of

DESCRIPTION = "Récrit des fichiers dans la mise en page unique ; avec --verifier, dit seulement s’ils y sont (code 1 sinon)."


def declare(layout: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    layout.add_argument("files", nargs="+", metavar="FICHIER", type=Path)
    layout.add_argument("--verifier", dest="only_check", action="store_true", help="ne rien écrire")
    layout.add_argument("--sortie", dest="to_output", action="store_true", help="écrire sur la sortie au lieu du fichier")
    layout.set_defaults(run=run_format)


def run_format(options: argparse.Namespace) -> int:
    """Rewrite files in the one layout, or say which are not in it; a file that cannot be read stops no other."""
    statuses = [rewritten(options, path) for path in options.files]
    return max(statuses)


def rewritten(options: argparse.Namespace, path: Path) -> int:
    """Treat one file; return 1 when it cannot be read or written, or is not in its layout when that is the question."""
    stopped = "ne se lit pas"
    try:
        before = bytes_of(path)
        after = formatted(before, path.name)
        if options.to_output:
            sys.stdout.write(after)
        elif after.encode() != before:
            stopped = "ne s’écrit pas"
            if not options.only_check:
                path.write_text(after, encoding="utf-8", newline="\n")
            print(f"{path} : {'à formater' if options.only_check else 'formaté'}")
            return 1 if options.only_check else 0
    except ProblemsFound as found:
        for problem in found.problems:
            print(problem, file=sys.stderr)
        print(f"{path} : illisible, laissé tel quel.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"communis tarif : « {path} » {stopped} : {reason_of(error)}.", file=sys.stderr)
        return 1
    return 0
