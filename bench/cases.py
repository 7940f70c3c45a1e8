"""The cases of the benchmark, standard library only, so that every environment can import them.

`banded`: a fixed part by class of population plus an amount per inhabitant; no price above 8 000 inhabitants.
`variants`: the same with a hundred sets of prices.
`shared`: forty costs, twenty-four of them operating, each shared by one of six drivers by largest remainder, to the cent;
the operating total of a member is capped at the mean of its three former years, rounded half up.

Figures are synthetic, from a fixed seed. The references below are exact: plain Python integers, in cents.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

CLASSES = ((1_500, 150_000), (3_000, 200_000), (8_001, 250_000))  # strictly below, fixed part in cents
RATE = 150  # cents an inhabitant
COSTS, OPERATING, DRIVERS = 40, 24, 6
WARM, LONG_ENOUGH = 0.2, 0.3  # seconds


def populations(count: int) -> list[int]:
    """Return populations with both sides of every bound first."""
    draw = random.Random(20_240_101)
    edges = [1_499, 1_500, 2_355, 2_999, 3_000, 8_000, 8_001]
    return edges + [max(5, min(500_000, round(draw.lognormvariate(6.15, 1.35)))) for _ in range(count - len(edges))]


def price_sets(count: int = 100) -> list[tuple[tuple[int, int, int], int]]:
    """Return sets of (fixed parts, rate) in cents."""
    return [((150_000 + 500 * i, 200_000 + 700 * i, 250_000 + 900 * i), 100 + i) for i in range(count)]


def banded(people: list[int], fixed: tuple[int, int, int] = (150_000, 200_000, 250_000), rate: int = RATE) -> list[int]:
    """Return the exact amounts; zero where there is no price."""
    tops = [top for top, _ in CLASSES]
    return [next((f + rate * p for top, f in zip(tops, fixed, strict=True) if p < top), 0) for p in people]


def shared_case(count: int) -> dict[str, Any]:
    """Return drivers (six lists), costs (cents, driver) and three years of history (cents)."""
    draw = random.Random(41)
    people = populations(count)
    accounts = [max(1, round(p * draw.uniform(0.004, 0.02))) for p in people]
    drivers = [
        [round(a * draw.uniform(5, 80)) for a in accounts], accounts, [max(1, round(a * draw.uniform(0.4, 1))) for a in accounts],
        [round(a * draw.uniform(0, 0.1)) for a in accounts], [1 + round(a * draw.uniform(0, 0.2)) for a in accounts], people,
    ]  # fmt: skip
    scale = max(1, count // 31)
    costs = [(draw.randrange(500_000, 60_000_000) * scale + draw.randrange(100), i % DRIVERS) for i in range(COSTS)]
    operating, _ = shares(costs, drivers)
    history = [[max(0, round(v * draw.uniform(0.8, 1.15))) for v in operating] for _ in range(3)]
    return {"drivers": drivers, "costs": costs, "history": history}


def largest_remainder(cost: int, weights: list[int]) -> list[int]:
    whole = sum(weights)
    parts = [cost * w // whole for w in weights]
    left = cost - sum(parts)
    for i in sorted(range(len(weights)), key=lambda i: (-(cost * weights[i] % whole), i))[:left]:
        parts[i] += 1
    return parts


def shares(costs: list[tuple[int, int]], drivers: list[list[int]]) -> tuple[list[int], list[int]]:
    totals = [0] * len(drivers[0]), [0] * len(drivers[0])
    for rank, (cost, driver) in enumerate(costs):
        into = totals[rank >= OPERATING]
        for i, part in enumerate(largest_remainder(cost, drivers[driver])):
            into[i] += part
    return totals


def shared_reference(case: dict[str, Any]) -> tuple[list[int], list[int]]:
    operating, capital = shares(case["costs"], case["drivers"])
    first, second, third = case["history"]
    caps = [(2 * (a + b + c) + 3) // 6 for a, b, c in zip(first, second, third, strict=True)]
    return [min(v, cap) for v, cap in zip(operating, caps, strict=True)], capital


def measure(run: Callable[[], Any], repeats: int) -> tuple[Any, float, float]:
    """Return the last result, the median in milliseconds and the peak memory of the process in MB.

    A case of less than a millisecond is repeated for as long as the processor needs to reach its speed.
    """
    warm = time.perf_counter() + WARM
    run()
    while time.perf_counter() < warm:
        run()
    times = []
    result = None
    begun = time.perf_counter()
    while len(times) < repeats or time.perf_counter() < begun + LONG_ENOUGH:
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return result, 1000 * statistics.median(times), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(engine: str, case: str, size: int, milliseconds: float, memory: float, found: list[Any], expected: list[int]) -> None:
    """Print one JSON line; an amount is wrong when it is half a cent or more away."""
    wrong = sum(abs(a - b) >= 0.5 for a, b in zip(found, expected, strict=True))
    print(json.dumps({"engine": engine, "case": case, "size": size, "ms": milliseconds, "mb": round(memory, 1), "wrong": wrong}))


def asked() -> tuple[str, int]:
    return sys.argv[1], int(sys.argv[2])
