"""Sums cut by weights, over integers: one sum or many at once, each part counted to the last sub-unit (TAR-08)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from communis.tariff.columnar.columns import LIMIT, Array, Column
from communis.tariff.sharing import shared_with_remainder, whole_weights


@dataclass(slots=True)
class Weights:
    """The distinct weights by which rows are shared among the members of a set, in tie order, as integers.

    `index` says which of them each row uses (None when all use the first); `flags` what each rests on.
    """

    keys: list[Array]
    flags: list[int]
    index: list[int] | None = None

    def of_row(self, row: int) -> int:
        return 0 if self.index is None else self.index[row]


def integer_weights(weights: Column, members: Array | None, count: int) -> list[Array]:
    """Return the rows of a column of weights as integers in the same proportions, restricted to some members."""
    if weights.scalar:
        return [np.full(count, int(weights.num > 0) - int(weights.num < 0), np.int64)]
    num = weights.num if members is None else weights.num[..., members]
    rows = [num] if num.ndim == 1 else list(num)
    if not weights.wide:
        return rows if max(abs(weights.low), abs(weights.high)) * max(count, 1) < LIMIT else [r.astype(object) for r in rows]
    found = []
    for row in rows:
        whole = whole_weights(list(row))
        found.append(np.array(whole, np.int64 if sum(map(abs, whole)) < LIMIT else object))
    return found


_MANY = 8_192  # members up to which the remainders of all rows stay in the memory near the processor


def share_rows(totals: list[int], weights: Weights, method: str) -> tuple[Array, list[int], list[bool]]:
    """Split each total, in sub-units, by the weights of its row, so that the parts of a row sum to its total.

    Returns the parts (k, n), what the host bears of each row, and which rows could be cut: a row whose weights are all
    zero, or one of them negative, cannot.
    """
    sums = [int(key.sum()) if key.size else 0 for key in weights.keys]
    good = [total_weight > 0 and int(key.min()) >= 0 for key, total_weight in zip(weights.keys, sums, strict=True)]
    largest = max((int(key.max()) for key, fine in zip(weights.keys, good, strict=True) if fine), default=0)
    most = max(map(abs, totals), default=0)
    fits = all(key.dtype != object for key in weights.keys) and most * max(largest, 1) * 2 < LIMIT
    n = weights.keys[0].size
    rows = len(totals)
    index = weights.index if weights.index is not None else [0] * rows
    if fits and method == "largest" and n <= 64 and rows > 1 and all(good):
        keys = np.stack(weights.keys)[index]
        return _share_small(np.array(totals, np.int64), keys, np.array(sums, np.int64)[index]), [0] * rows, [True] * rows
    if fits and method == "largest" and n <= _MANY and rows > 1 and all(good) and max(sums) * n < LIMIT:
        return _share_many(totals, [weights.keys[i] for i in index], [sums[i] for i in index]), [0] * rows, [True] * rows
    parts = np.zeros((rows, n), np.int64 if fits else object)
    rests = [0] * rows
    for i, amount in enumerate(totals):
        which = index[i]
        if not good[which]:
            continue
        if fits and method == "largest":
            parts[i] = share_one(amount, weights.keys[which], sums[which])
        else:
            parts[i], rests[i] = shared_with_remainder(amount, [int(w) for w in weights.keys[which]], method)
    return parts, rests, [good[which] for which in index]


def share_one(amount: int, weights: Array, whole: int) -> Array:
    """Split one amount by largest remainder, ties to the first; int64 throughout, the caller has checked that it fits."""
    if amount < 0:
        return -share_one(-amount, weights, whole)
    product = weights * amount
    parts: Array = product // whole
    left = amount - int(parts.sum())
    if left:
        product -= parts * whole
        at = product.size - left
        ordered = product.copy()
        ordered.partition(at)
        limit = ordered[at]
        above = product > limit
        missing = left - int(np.count_nonzero(above))
        if missing < left:
            parts += above
        parts[(product == limit).nonzero()[0][:missing]] += 1
    return parts


def _share_small(totals: Array, keys: Array, sums: Array) -> Array:
    """Split many amounts among few members at once, by the same rule as `share_one`."""
    sign = np.where(totals < 0, -1, 1)
    amounts = np.abs(totals)
    product = amounts[:, None] * keys
    parts = product // sums[:, None]
    rest = product - parts * sums[:, None]
    left = amounts - parts.sum(axis=1)
    order = np.argsort(-rest, axis=1, kind="stable")
    extra = np.zeros_like(parts)
    np.put_along_axis(extra, order, (np.arange(parts.shape[1]) < left[:, None]).astype(np.int64), axis=1)
    found: Array = (parts + extra) * sign[:, None]
    return found


def _share_many(totals: list[int], keys: list[Array], sums: list[int]) -> Array:
    """Split many amounts among some thousands of members, by the same rule as `share_one`.

    A remainder and the rank of its member make one number, all of them distinct: the parts to raise are those above one of them.
    """
    n = keys[0].size
    parts, rests = np.empty((len(totals), n), np.int64), np.empty((len(totals), n), np.int64)
    for i, (amount, key, whole) in enumerate(zip(totals, keys, sums, strict=True)):
        np.multiply(key, abs(amount), out=rests[i])
        np.floor_divide(rests[i], whole, out=parts[i])
        rests[i] -= parts[i] * whole
    left = np.abs(np.array(totals, np.int64)) - parts.sum(axis=1)
    rests *= n
    rests += np.arange(n - 1, -1, -1)
    for i, more in enumerate(left.tolist()):
        if more:
            ordered = rests[i].copy()
            ordered.partition(n - more)
            parts[i] += rests[i] >= ordered[n - more]
    for i, amount in enumerate(totals):
        if amount < 0:
            np.negative(parts[i], out=parts[i])
    return parts
