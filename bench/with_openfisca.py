"""The cases in OpenFisca-Core, as published packages write them: euros, float32, dated parameters, one Reform a variant."""

from __future__ import annotations

import cases
import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.model_api import YEAR, Reform, Variable
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

Commune = build_entity(key="commune", plural="communes", label="Commune", is_person=True)
NAMES = [f"mesure_{i}" for i in range(cases.DRIVERS)]


def value(amount):
    return {"values": {"2022-01-01": {"value": amount}}}


def given(name, kind=int):
    return type(name, (Variable,), {"value_type": kind, "entity": Commune, "definition_period": YEAR, "label": name})


class contribution(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    label = "Contribution annuelle"

    def formula(commune, period, parameters):
        people, scale = commune("habitants", period), parameters(period).socle
        return (people <= scale.plafond) * (scale.part_fixe.calc(people) + scale.part_variable * people)


def prices(fixed, rate):
    brackets = [{"threshold": value(t), "amount": value(a)} for t, a in zip((0, 1_500, 3_000), fixed, strict=True)]
    return {
        "socle": {
            "plafond": value(8_000),
            "part_variable": value(rate),
            "part_fixe": {"metadata": {"type": "single_amount"}, "brackets": brackets},
        }
    }


def system(variables, parameters):
    made = TaxBenefitSystem([Commune])
    for variable in variables:
        made.add_variable(variable)
    made.parameters = ParameterNode("", data=parameters)
    return made


def computed(made, size, inputs, outputs):
    simulation = SimulationBuilder().build_default_simulation(made, size)
    for name, column in inputs.items():
        simulation.set_input(name, "2024", column)
    return [simulation.calculate(name, "2024") for name in outputs]


def cost_line(rank, driver):
    def formula(commune, period, parameters):
        weights = commune(NAMES[driver], period)
        return np.round(getattr(parameters(period).couts, f"cout_{rank}") * weights / weights.sum(dtype=np.int64), 2)

    kind = {"value_type": float, "entity": Commune, "definition_period": YEAR, "label": f"cout_{rank}", "formula": formula}
    return type(f"cout_{rank}", (Variable,), kind)


def summed(name, ranks):
    def formula(commune, period, parameters):
        return sum(commune(f"cout_{k}", period) for k in ranks)

    return type(
        name, (Variable,), {"value_type": float, "entity": Commune, "definition_period": YEAR, "label": name, "formula": formula}
    )


class plafonne(Variable):
    value_type = float
    entity = Commune
    definition_period = YEAR
    label = "Fonctionnement plafonné"

    def formula(commune, period, parameters):
        former = [commune(f"ancien_{k}", period) for k in range(3)]
        return np.minimum(commune("fonctionnement", period), np.round((former[0] + former[1] + former[2]) / 3, 2))


def main() -> None:
    case, size = cases.asked()
    if case == "shared":
        data = cases.shared_case(size)
        variables = (
            [given(n) for n in NAMES]
            + [given(f"ancien_{k}", float) for k in range(3)]
            + [cost_line(i, d) for i, (_, d) in enumerate(data["costs"])]
        )
        variables += [
            summed("fonctionnement", range(cases.OPERATING)),
            summed("investissement", range(cases.OPERATING, cases.COSTS)),
            plafonne,
        ]
        made = system(variables, {"couts": {f"cout_{i}": value(c / 100) for i, (c, _) in enumerate(data["costs"])}})
        inputs = {n: np.array(d, np.int32) for n, d in zip(NAMES, data["drivers"], strict=True)}
        inputs |= {f"ancien_{k}": np.array(h) / 100 for k, h in enumerate(data["history"])}
        (a, b), ms, mb = cases.measure(lambda: computed(made, size, inputs, ["plafonne", "investissement"]), 11)
        cases.report(
            "openfisca",
            case,
            size,
            ms,
            mb,
            [float(v) * 100 for v in (*a, *b)],
            [v for x in cases.shared_reference(data) for v in x],
        )
        return
    people = np.array(cases.populations(size), np.int32)
    base = system([given("habitants"), contribution], prices((1_500, 2_000, 2_500), 1.5))
    if case == "banded":
        (a,), ms, mb = cases.measure(lambda: computed(base, size, {"habitants": people}, ["contribution"]), 21)
        cases.report("openfisca", case, size, ms, mb, [float(v) * 100 for v in a], cases.banded(people.tolist()))
        return
    sets = cases.price_sets()

    def run():
        found = []
        for fixed, rate in sets:

            class Variant(Reform):
                def apply(self, fixed=fixed, rate=rate):
                    self.parameters = ParameterNode("", data=prices([f / 100 for f in fixed], rate / 100))

            found.append(computed(Variant(base), size, {"habitants": people}, ["contribution"])[0])
        return found

    found, ms, mb = cases.measure(run, 3)
    cases.report(
        "openfisca",
        case,
        size,
        ms,
        mb,
        [float(v) * 100 for x in found for v in x],
        [v for f, r in sets for v in cases.banded(people.tolist(), f, r)],
    )


if __name__ == "__main__":
    main()
