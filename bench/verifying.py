"""The time to check the shipped convention of Redon whole, its examples run: what `communis tarif verifier` does, start-up aside.

`python bench/verifying.py [rounds]`: one JSON line, the median in milliseconds; the bar is 200 ms. Start-up is what any command
pays once in a process: the modules, and the tables of the grammar.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

from communis.tariff import read_text, verify
from communis.tariff.convention import shipped

BAR = 200.0
SMALLEST = """convention "Rien"
    gestionnaire "Syndicat"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    taxe hors taxe
"""


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    begun = time.perf_counter()
    read_text(SMALLEST)
    started = time.perf_counter() - begun
    path = shipped("redon") / "convention.tarif"
    text, spent = path.read_text("utf-8"), []
    for _ in range(rounds):
        begun = time.perf_counter()
        _, problems = verify(text, path.name)
        spent.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(spent)
    told = {"case": "verified", "median": round(median, 1), "first": round(spent[0], 1), "problems": len(problems)}
    print(json.dumps({**told, "grammar": round(started * 1000), "bar": BAR}))
    return 0 if median <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
