"""The time to explain all that one member of the `shared` case owes: forty costs, a cap, and the text of it all.

`PYTHONPATH=src .venv/bin/python bench/explaining.py [members]`: one JSON line; `first` is in a ledger that has computed the
lines, `text` adds the French text. The bar is 5 ms.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from fractions import Fraction

import cases
import ours

from communis.tariff import Result, Tables, compute, explain, read_text
from communis.tariff.convention import Convention
from communis.tariff.explanation.text import text_of
from communis.tariff.tables.records import FactRow, RegisterRow

BAR = 5.0
YEAR = date(2024, 1, 1)


def filled(convention: Convention, size: int) -> Tables:
    """Return the tables of the case as rows, as people would type them."""
    data = cases.shared_case(size)
    facts = {
        f"mesure_{i}": [FactRow(f"mesure_{i}", m, None, Fraction(v), "", YEAR, None, None) for m, v in enumerate(driver)]
        for i, driver in enumerate(data["drivers"])
    }
    facts["facturé"] = [
        FactRow("facturé", m, None, Fraction(v, 100), "", date(2023 - i, 1, 1), None, 2023 - i)
        for i, history in enumerate(data["history"])
        for m, v in enumerate(history)
    ]
    rows = [
        RegisterRow(
            str(i),
            None,
            {
                "constatée_le": YEAR,
                "montant": Fraction(cost, 100),
                "mesure": f"mesure_{driver}",
                "imputation": "fonctionnement" if i < cases.OPERATING else "investissement",
            },
            {},
        )
        for i, (cost, driver) in enumerate(data["costs"])
    ]
    return Tables(ours.members(size), facts=facts, registers={"charge": rows})


def explained(result: Result, *, text: bool) -> int:
    steps = [explain(result.ledger, line) for line in result.of(0).lines]
    return sum(len(text_of(step)) for step in steps) if text else len(steps)


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 31
    convention = read_text(ours.SHARED)
    result = compute(convention, filled(convention, size), 2024)
    _, tree, _ = cases.measure(lambda: explained(result, text=False), 51)
    length, both, _ = cases.measure(lambda: explained(result, text=True), 51)
    print(json.dumps({"case": "explained", "size": size, "tree": round(tree, 2), "text": round(both, 2), "letters": length}))
    return 0 if both <= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
