"""The cases in NumPy written by hand: int64 cents, the reference of speed."""

from __future__ import annotations

import cases
import numpy as np

EDGES = np.array([1_500, 3_000, 8_001])
np.empty(16 << 20, np.uint8)  # memory kept between operations, as the engine does (tariff/columnar/columns.py)


def banded(people, fixed, rate):
    band = np.searchsorted(EDGES, people, side="right")
    amounts = fixed[band]
    amounts += rate * people
    amounts[band == 3] = 0
    return amounts


def variants(people, fixed, rates, out):
    band = np.searchsorted(EDGES, people, side="right")
    base = np.where(band == 3, 0, people)
    for i in range(len(rates)):
        np.multiply(base, rates[i], out=out[i])
        out[i] += fixed[i][band]
    return out


def largest_remainder(cost, weights, whole, count):
    parts, rest = np.divmod(cost * weights, whole)
    left = int(cost - parts.sum())
    if left:
        key = rest * count + (count - 1 - np.arange(count))
        parts[np.argpartition(key, count - left)[count - left :]] += 1
    return parts


def shared(costs, drivers, wholes, history, count):
    operating, capital = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for rank, (cost, driver) in enumerate(costs):
        into = operating if rank < cases.OPERATING else capital
        into += largest_remainder(cost, drivers[driver], wholes[driver], count)
    return np.minimum(operating, (2 * history.sum(0) + 3) // 6), capital


def main() -> None:
    case, size = cases.asked()
    if case == "shared":
        data = cases.shared_case(size)
        drivers, history = np.array(data["drivers"], np.int64), np.array(data["history"], np.int64)
        wholes = [int(d.sum()) for d in drivers]
        (a, b), ms, mb = cases.measure(lambda: shared(data["costs"], drivers, wholes, history, size), 15)
        cases.report(
            "numpy", case, size, ms, mb, [*a.tolist(), *b.tolist()], [v for x in cases.shared_reference(data) for v in x]
        )
        return
    people = np.array(cases.populations(size), np.int64)
    if case == "banded":
        fixed = np.array([f for _, f in cases.CLASSES] + [0], np.int64)
        found, ms, mb = cases.measure(lambda: banded(people, fixed, cases.RATE), 101)
        cases.report("numpy", case, size, ms, mb, found.tolist(), cases.banded(people.tolist()))
        return
    sets = cases.price_sets()
    fixed, rates = np.array([[*f, 0] for f, _ in sets], np.int64), np.array([r for _, r in sets], np.int64)
    out = np.empty((len(sets), size), np.int64)
    found, ms, mb = cases.measure(lambda: variants(people, fixed, rates, out), 15)
    cases.report(
        "numpy", case, size, ms, mb, found.ravel().tolist(), [v for f, r in sets for v in cases.banded(people.tolist(), f, r)]
    )


if __name__ == "__main__":
    main()
