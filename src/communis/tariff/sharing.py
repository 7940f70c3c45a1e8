"""Cutting a sum into parts that add up to it, to the last cent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def whole_weights(weights: Sequence[Fraction]) -> list[int]:
    """Return integers in the same proportions as exact weights."""
    common = lcm(*(w.denominator for w in weights)) if weights else 1
    return [int(w * common) for w in weights]


def shared(total: int, weights: Sequence[int], *, heaviest: bool = False) -> list[int]:
    """Split a total in sub-units by weights; the parts sum to it (TAR-08).

    Largest remainder: each part is rounded down, then the sub-units left go one by one to the largest remainders, ties
    to the heaviest if asked, then to whoever comes first in the order given. A negative total mirrors the positive one.
    Raises ValueError when every weight is zero or one is negative.
    """
    whole = sum(weights)
    if not whole or min(weights) < 0:
        raise ValueError("no weight to share by")
    if total < 0:
        return [-part for part in shared(-total, weights, heaviest=heaviest)]
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), -weights[i] * heaviest, i))
        for i in by_remainder[:left]:
            parts[i] += 1
    return parts


def shared_with_remainder(total: int, weights: Sequence[int], method: str) -> tuple[list[int], int]:
    """Split a total by one of the declared methods; return the parts and what the host bears.

    `largest`: largest remainder, nothing for the host; `largest_by_weight`: the same, ties to the heaviest.
    `host`: parts rounded down, the host bears the sub-units left. `biggest`: parts rounded to the nearest, the difference on
    the heaviest weight, the first of them when several are.
    """
    if method in ("largest", "largest_by_weight"):
        return shared(total, weights, heaviest=method == "largest_by_weight"), 0
    whole = sum(weights)
    if not whole or min(weights) < 0:
        raise ValueError("no weight to share by")
    if total < 0:
        parts, rest = shared_with_remainder(-total, weights, method)
        return [-part for part in parts], -rest
    if method == "host":
        parts = [total * weight // whole for weight in weights]
        return parts, total - sum(parts)
    parts = [(2 * total * weight + whole) // (2 * whole) for weight in weights]
    heaviest = max(range(len(weights)), key=lambda i: (weights[i], -i))
    parts[heaviest] += total - sum(parts)
    return parts, 0


def rounded_to(value: Fraction, step: Fraction, mode: str) -> Fraction:
    """Round to a multiple of a step: half_up (symmetric about zero), half_even, up (away), down (towards minus), truncated.

    `up` goes to the next multiple above, `down` to the one below, `truncated` towards zero (primitive 46).
    """
    return rounded_whole(value / step, mode) * step


def rounded_whole(value: Fraction, mode: str) -> int:
    """Round an exact value to a whole number, by mode."""
    floor, rest = divmod(value.numerator, value.denominator)
    if not rest:
        return floor
    if mode == "up":
        return floor + 1
    if mode == "down":
        return floor
    if mode == "truncated":
        return floor if value >= 0 else floor + 1
    twice = 2 * rest - value.denominator
    if twice:
        return floor + (twice > 0)
    if mode == "half_even":
        return floor + floor % 2
    return floor + 1 if value > 0 else floor
