"""The cases in the tariff language, from columns in memory and a compiled plan to columns of amounts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import cases
import numpy as np

from communis.tariff import Member, Plan, RegisterRow, Tables, read_text

HEADER = """convention "Banc d’essai"
    gestionnaire "Syndicat d’exemple"
    version "1" du 01/01/2020
    exercice du 1er janvier au 31 décembre
    arrondi au centime le plus proche
    restes au plus fort puis par siren
    taxe hors taxe
article 1 "Barème"
"""
BANDED = (
    HEADER
    + """
fait habitants : hab                                                    article 1
    population totale
offre socle "Socle"                                                     article 1
    toujours tenue
paramètre part_variable                                                 article 1
    1,50 €/hab
barème par classe part_fixe selon habitants                             article 1
    moins de 1 500            : 1 500 €
    de 1 500 à moins de 3 000 : 2 000 €
    de 3 000 à 8 000          : 2 500 €
    plus de 8 000             : à décider "examen"
ligne contribution "Contribution"                                       article 1
    pour socle, chaque exercice, en fonctionnement
    = part_fixe + part_variable × habitants
"""
)
SHARED = HEADER + "unité unité_d_œuvre \"unité d’œuvre\"\n" + "".join(
    f"fait mesure_{i} : unité_d_œuvre   article 1\n    lu au 1er janvier de N\n" for i in range(cases.DRIVERS)
) + """
fait facturé : €                                                        article 1
    de chaque exercice
registre charge "Charge"                                                article 1
    du service
    constatée_le : date, fait foi
    montant : €
    mesure : clé parmi mesure_0 ou mesure_1 ou mesure_2 ou mesure_3 ou mesure_4 ou mesure_5
    imputation : section
ligne charges "Charges réparties"                                       article 1
    pour chaque charge, dans la section de charge.imputation
    = part de charge.montant selon charge.mesure entre les membres
plafond écrêtement "Écrêtement"                                         article 1
    porte sur les lignes en fonctionnement, par membre
    au plus moyenne de facturé sur les 3 exercices avant N sans les manquants
    excédent supporté par le gestionnaire
    à défaut sans plafond avec avertissement
"""  # fmt: skip


def members(count: int) -> tuple[Member, ...]:
    return tuple(Member(f"Membre {i}", f"{100_000_000 + i}") for i in range(count))


def banded(size: int) -> None:
    people = np.array(cases.populations(size), np.int64)
    plan, tables = Plan(read_text(BANDED).model), Tables(members(size))

    def run() -> object:
        sheet = plan.prepare(tables, 2024, columns={"habitants": people})
        return sheet.run(lines=("contribution",)).cents("contribution")

    found, ms, mb = cases.measure(run, 101)
    cases.report("communis", "banded", size, ms, mb, found.tolist(), cases.banded(people.tolist()))


def variants(size: int) -> None:
    people = np.array(cases.populations(size), np.int64)
    plan, tables = Plan(read_text(BANDED).model), Tables(members(size))
    sets = cases.price_sets()
    cells = [
        {("part_fixe", 0, i): Fraction(f, 100) for i, f in enumerate(fixed)} | {("part_variable", 0, 0): Fraction(rate, 100)}
        for fixed, rate in sets
    ]
    out = np.empty((len(sets), size), np.int64)

    def run() -> object:
        sheet = plan.prepare(tables, 2024, columns={"habitants": people})
        for i, one in enumerate(cells):
            sheet.run(one, lines=("contribution",)).cents("contribution", out=out[i])
        return out

    found, ms, mb = cases.measure(run, 15)
    cases.report(
        "communis",
        "variants",
        size,
        ms,
        mb,
        found.ravel().tolist(),
        [v for f, r in sets for v in cases.banded(people.tolist(), f, r)],
    )


def shared(size: int) -> None:
    data = cases.shared_case(size)
    columns = {f"mesure_{i}": np.array(d, np.int64) for i, d in enumerate(data["drivers"])}
    columns |= {("facturé", 2023 - i): np.array(h, np.int64) for i, h in enumerate(data["history"])}
    sections = ["fonctionnement"] * cases.OPERATING + ["investissement"] * (cases.COSTS - cases.OPERATING)
    rows = [
        RegisterRow(
            str(i),
            None,
            {
                "constatée_le": date(2024, 1, 1),
                "montant": Fraction(cost, 100),
                "mesure": f"mesure_{driver}",
                "imputation": section,
            },
            {},
        )
        for i, ((cost, driver), section) in enumerate(zip(data["costs"], sections, strict=True))
    ]
    plan, tables = Plan(read_text(SHARED).model), Tables(members(size), registers={"charge": rows})

    def run() -> tuple[object, object]:
        done = plan.prepare(tables, 2024, columns=columns).run()
        return done.cents("charges", section="fonctionnement") + done.cents("écrêtement"), done.cents(
            "charges", section="investissement"
        )

    (a, b), ms, mb = cases.measure(run, 15)
    cases.report(
        "communis", "shared", size, ms, mb, [*a.tolist(), *b.tolist()], [v for x in cases.shared_reference(data) for v in x]
    )


if __name__ == "__main__":
    name, count = cases.asked()
    {"banded": banded, "variants": variants, "shared": shared}[name](count)
