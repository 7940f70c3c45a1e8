"""The processor time to read 100 000 rows of a table, from a CSV file to facts, a register or amounts issued, all checked.

`PYTHONPATH=src .venv/bin/python bench/reading.py [rows]`: one JSON line a table, the best of three; the bar is 2 s for 100 000.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from communis.tariff import read_folder, read_text

BAR = 2.0
ROWS, MEMBERS, ROUNDS = 100_000, 20_000, 3
CONVENTION = """convention "Lecture"
    gestionnaire "Syndicat"
    version "1" du 01/01/2024
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    taxe hors taxe
article 1 "Tables"
unité poste
offre socle "Socle"  article 1
fait habitants : hab  article 1
    population totale
fait postes : poste  article 1
fait équipée : oui ou non  article 1
fait comptes : €  article 1
    de chaque exercice
fait nature : parmi commune ou syndicat  article 1
registre achat "Achat"  article 1
    du membre
    fait_le : date, fait foi
    montant : €
registre charge "Charge"  article 1
    du service
    faite_le : date, fait foi
    quantité : poste, par membre
ligne due  article 1
    pour socle, chaque exercice, en fonctionnement
    = 1 €/hab × habitants
ligne achats  article 1
    pour socle, pour chaque achat, en fonctionnement
    = achat.montant
ligne charges  article 1
    pour chaque charge, en fonctionnement
    = 1 €/poste × charge.quantité
"""
FACTS = (
    "{};habitants;{};totale;01/01/2024;Insee, populations légales 2021",
    "{};postes;{};;01/01/2024;relevé du parc",
    "{};équipée;oui;;01/01/2024;déclaration",
    "{};comptes;{},50;;2023;compte administratif",
    "{};nature;commune;;15/03/2024;",
)


def tables(count: int) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield the tables that are read: what each is called, and the rows of all the files that it needs."""
    names = [f"Commune de Saint-Étienne n°{i}" for i in range(MEMBERS)]
    members = {"membres": ["membre", *names]}
    rows = range(count)
    whose = [names[i % MEMBERS] for i in rows]
    yield "facts", {**members, "faits": ["membre;fait;valeur;nature;date;source", *(
        FACTS[i // MEMBERS % 5].format(whose[i], 1000 + i % 5000) for i in rows)]}  # fmt: skip
    yield "register", {**members, "registre.achat": ["id;membre;fait_le;montant", *(
        f"A{i};{whose[i]};{i % 28 + 1:02d}/{i % 12 + 1:02d}/2024;{i % 1000},5" for i in rows)]}  # fmt: skip
    yield "issued", {**members, "emis": ["membre;exercice;ligne;montant", *(
        f"{whose[i]};{2000 + i // MEMBERS};due;{i % 1000},5" for i in rows)]}  # fmt: skip
    charges = ["id;faite_le", *(f"C{i};01/02/2024" for i in range(count // MEMBERS + 1))]
    yield "by member", {**members, "registre.charge": charges, "registre.charge.membres": [
        "id;membre;quantité", *(f"C{i // MEMBERS};{whose[i]};{i % 9}" for i in rows)]}  # fmt: skip


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    model = read_text(CONVENTION).model
    missed = 0
    for called, files in tables(count):
        with tempfile.TemporaryDirectory() as name:
            for file, rows in files.items():
                (Path(name) / f"{file}.csv").write_text("\n".join(rows) + "\n", "utf-8")
            seconds = []
            for _ in range(ROUNDS):
                start = time.process_time()
                read_folder(Path(name), model)
                seconds.append(time.process_time() - start)
        held = min(seconds) <= BAR * max(1.0, count / ROWS)
        missed += not held
        print(json.dumps({"table": called, "rows": count, "seconds": round(min(seconds), 2), "held": held}))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
