"""Columns of exact numbers: NumPy integers over a common denominator, guarded so that nothing ever wraps.

A column is narrow (int64 numerators, one denominator, known bounds) as long as its bounds fit; else it is wide: Python
fractions in an object array, slower and just as exact. Flags travel beside the numbers, one byte each, or one for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from communis.tariff.sharing import rounded_to

NONE = 1  # sans objet
REFUSED = 2
STOPPED = NONE | REFUSED
ORIGIN = 4  # the flags of `values`, shifted by two bits
LIMIT = 2**62
Array = NDArray[Any]
Flags = Array | int

# glibc gives the memory of a freed column back to the system and takes it again page by page for the next one: half the time
# of a tariff. Once a larger block was freed, it keeps blocks up to that size (mallopt(3), M_MMAP_THRESHOLD). No page is touched.
np.empty(16 << 20, np.uint8)


@dataclass(slots=True)
class Column:
    """Values of one kind for all members (n,), all rows (k, 1) or both (k, n); a plain number stands for all of them.

    `num` holds numerators over `den`, or booleans, day ordinals or codes when the column is no number. `low` and `high`
    bound the numerators of a narrow column.
    """

    num: Any
    den: int = 1
    low: int = 0
    high: int = 0
    flags: Flags = 0
    wide: bool = False

    @property
    def scalar(self) -> bool:
        return not isinstance(self.num, np.ndarray)

    def value(self, index: Any = ()) -> Fraction:
        """Return one exact value."""
        num = self.num if self.scalar else self.num[index]
        return num if isinstance(num, Fraction) else Fraction(int(num), self.den)

    def with_flags(self, flags: Flags) -> Column:
        return Column(self.num, self.den, self.low, self.high, flags, self.wide)


def number(value: Fraction, flags: int = 0, *, money: bool = False) -> Column:
    """Return one exact number for all; money is counted in cents, so that most sums need no change of denominator."""
    if money and 100 % value.denominator == 0 and abs(value.numerator) * 100 < LIMIT:
        cents = int(value * 100)
        return Column(cents, 100, cents, cents, flags)
    if abs(value.numerator) < LIMIT and value.denominator < LIMIT:
        return Column(value.numerator, value.denominator, value.numerator, value.numerator, flags)
    return Column(value, 1, flags=flags, wide=True)


ZERO = number(Fraction(0))


def stopped(flag: int) -> Column:
    """Return a number that is nowhere there."""
    return Column(0, flags=flag)


def from_ints(values: Array, den: int = 1, flags: Flags = 0) -> Column:
    """Return a narrow column of int64 numerators."""
    if not values.size:
        return Column(values, den, 0, 0, flags)
    return Column(values, den, int(values.min()), int(values.max()), flags)


def from_fractions(values: Sequence[Fraction | None], flags: Flags = 0, *, money: bool = False) -> Column:
    """Return a column of exact values, narrow when they fit; None counts as zero (its flag says why)."""
    whole = [v if v is not None else Fraction(0) for v in values]
    den = lcm(100 if money else 1, *{v.denominator for v in whole})
    if den < LIMIT and all(abs(v.numerator) * (den // v.denominator) < LIMIT for v in whole):
        return from_ints(np.array([v.numerator * (den // v.denominator) for v in whole], np.int64), den, flags)
    array = np.empty(len(whole), object)
    array[:] = whole
    return Column(array, 1, flags=flags, wide=True)


def shape_of(*columns: Column) -> tuple[int, ...]:
    """Return the shape that holds the values and the flags of columns together."""
    shapes = {p.shape for column in columns for p in (column.num, column.flags) if isinstance(p, np.ndarray)}
    return shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)


def spread(column: Column, shape: tuple[int, ...]) -> Column:
    """Return a column repeated over a shape; flags that are the same for all stay one number."""
    if np.shape(column.num) == shape and (isinstance(column.flags, int) or column.flags.shape == shape):
        return column
    num = np.broadcast_to(np.asarray(column.num, object if column.wide else None), shape)
    flags = column.flags if isinstance(column.flags, int) else np.broadcast_to(column.flags, shape)
    return Column(num, column.den, column.low, column.high, flags, column.wide)


def marks_of(column: Column, shape: tuple[int, ...]) -> Array:
    """Return the flags of a column over a shape."""
    if isinstance(column.flags, np.ndarray) and column.flags.shape == shape:
        return column.flags
    return np.broadcast_to(np.asarray(column.flags, np.uint8), shape)


def stopping(flag: Array | int, *columns: Column) -> Flags:
    """Return a flag that stops values, where nothing has stopped the operands yet (a refusal must not cover « sans objet »)."""
    flags = either(*(column.flags for column in columns))
    if isinstance(flags, int):
        return flag if not flags & STOPPED else 0
    return np.where((flags & STOPPED) == 0, flag, np.uint8(0)).astype(np.uint8)


def either(*flags: Flags) -> Flags:
    """Combine flags: what one operand rests on, the result rests on."""
    result: Flags = 0
    for flag in flags:
        if isinstance(flag, int) and not flag:
            continue
        result = flag if isinstance(result, int) and not result else result | flag
    return result


def widened(column: Column) -> Any:
    """Return the exact values of a column as fractions."""
    if column.wide:
        return column.num
    if column.scalar:
        return Fraction(int(column.num), column.den)
    den = column.den
    flat = [Fraction(int(v), den) for v in column.num.ravel()]
    array = np.empty(len(flat), object)
    array[:] = flat
    return array.reshape(column.num.shape)


def _exact(value: int) -> Any:
    """Return a fraction for an object array; NumPy’s types know nothing of fractions."""
    return Fraction(value)


def _wide(num: Any, flags: Flags) -> Column:
    return Column(num, 1, flags=flags, wide=True)


def _scaled(column: Column, den: int) -> tuple[Any, int, int] | None:
    """Return the numerators and bounds of a column over another denominator, or None when they would not fit."""
    factor = den // column.den
    low, high = column.low * factor, column.high * factor
    if max(abs(low), abs(high)) >= LIMIT:
        return None
    return (column.num if factor == 1 else column.num * factor), low, high


def _both(a: Column, b: Column) -> tuple[tuple[Any, int, int], tuple[Any, int, int], int] | None:
    if a.wide or b.wide:
        return None
    den = a.den if a.den == b.den else lcm(a.den, b.den)
    if den >= LIMIT:
        return None
    left, right = _scaled(a, den), _scaled(b, den)
    return None if left is None or right is None else (left, right, den)


def add(a: Column, b: Column, *, a_free: bool = False, b_free: bool = False) -> Column:
    """Add exactly; the memory of an operand that nothing else uses may hold the result."""
    flags = either(a.flags, b.flags)
    both = _both(a, b)
    if both is None:
        return _wide(widened(a) + widened(b), flags)
    (x, xl, xh), (y, yl, yh), den = both
    if max(abs(xl + yl), abs(xh + yh)) >= LIMIT:
        return _wide(widened(a) + widened(b), flags)
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and x.shape == y.shape:
        if b_free and y is b.num:
            return Column(np.add(x, y, out=y), den, xl + yl, xh + yh, flags)
        if a_free and x is a.num:
            return Column(np.add(x, y, out=x), den, xl + yl, xh + yh, flags)
    return Column(x + y, den, xl + yl, xh + yh, flags)


def subtract(a: Column, b: Column) -> Column:
    flags = either(a.flags, b.flags)
    both = _both(a, b)
    if both is None:
        return _wide(widened(a) - widened(b), flags)
    (x, xl, xh), (y, yl, yh), den = both
    if max(abs(xl - yh), abs(xh - yl)) >= LIMIT:
        return _wide(widened(a) - widened(b), flags)
    return Column(x - y, den, xl - yh, xh - yl, flags)


def negate(a: Column) -> Column:
    return Column(-a.num, a.den, -a.high, -a.low, a.flags, a.wide)


def multiply(a: Column, b: Column) -> Column:
    flags = either(a.flags, b.flags)
    if not (a.wide or b.wide):
        den = a.den * b.den
        ends = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
        low, high = min(ends), max(ends)
        if max(abs(low), abs(high)) < LIMIT and den < LIMIT:
            return Column(a.num * b.num, den, low, high, flags)
    return _wide(widened(a) * widened(b), flags)


def divide(a: Column, b: Column) -> Column:
    """Divide exactly; a zero divisor is refused where it stands."""
    flags = either(a.flags, b.flags)
    if b.scalar:
        divisor = b.value()
        if not divisor:
            return stopped(REFUSED).with_flags(either(flags, stopping(REFUSED, a, b)))
        return multiply(a, number(1 / divisor).with_flags(b.flags))
    zero = b.num == 0
    exact = widened(b)
    if zero.any():
        exact = np.where(zero, _exact(1), exact)
        flags = either(flags, stopping(np.where(zero, np.uint8(REFUSED), np.uint8(0)), a, b))
    return _wide(widened(a) / exact, flags)


def compare(a: Column, b: Column, operator: str) -> Column:
    """Compare numbers, days or codes; equality also serves booleans and texts."""
    flags = either(a.flags, b.flags)
    both = None if a.wide or b.wide else _both(a, b) if a.den != b.den else ((a.num, 0, 0), (b.num, 0, 0), 1)
    x, y = (both[0][0], both[1][0]) if both is not None else (widened(a), widened(b))
    operations: dict[str, Callable[[Any, Any], Any]] = {
        "=": lambda p, q: p == q, "≠": lambda p, q: p != q, "<": lambda p, q: p < q, "≤": lambda p, q: p <= q,
        ">": lambda p, q: p > q, "≥": lambda p, q: p >= q,
    }  # fmt: skip
    result = operations[operator](x, y)
    return Column(result.astype(bool) if isinstance(result, np.ndarray) and result.dtype == object else result, flags=flags)


def least(a: Column, b: Column, *, greatest: bool = False) -> Column:
    """Return the smaller of two columns, element by element, or the greater."""
    flags = either(a.flags, b.flags)
    both = _both(a, b)
    if both is None:
        x, y = widened(a), widened(b)
        keep = (x >= y) if greatest else (x <= y)
        if not isinstance(keep, np.ndarray):
            return _wide(x if keep else y, flags)
        return _wide(np.where(keep.astype(bool), x, y), flags)
    (x, xl, xh), (y, yl, yh), den = both
    if a.scalar and b.scalar:
        num = max(x, y) if greatest else min(x, y)
        return Column(num, den, num, num, flags)
    if greatest:
        return Column(np.maximum(x, y), den, max(xl, yl), max(xh, yh), flags)
    return Column(np.minimum(x, y), den, min(xl, yl), min(xh, yh), flags)


def rounded(a: Column, step: Fraction, mode: str) -> Column:
    """Round to a multiple of a step; a column already in whole steps is given back as it is."""
    if a.wide:
        if a.scalar:
            return number(rounded_to(a.num, step, mode), 0).with_flags(a.flags)
        values = [rounded_to(v, step, mode) for v in a.num.ravel()]
        found = from_fractions(values, a.flags)
        return Column(found.num.reshape(a.num.shape), found.den, found.low, found.high, a.flags, found.wide)
    divisor = step.numerator * a.den
    factor = step.denominator
    shared_factor = gcd(divisor, factor)
    divisor, factor = divisor // shared_factor, factor // shared_factor
    scaled = _scaled(Column(a.num, 1, a.low, a.high), factor)
    if scaled is None or 2 * max(abs(scaled[1]), abs(scaled[2])) + divisor >= LIMIT:
        return rounded(_wide(widened(a), a.flags), step, mode)
    num, low, high = scaled
    if divisor != 1:
        num, low, high = _rounded_ints(num, divisor, mode), _floor(low, divisor) - 1, _floor(high, divisor) + 1
    return Column(
        num * step.numerator if step.numerator != 1 else num,
        step.denominator,
        low * step.numerator,
        high * step.numerator,
        a.flags,
    )


def _floor(value: int, divisor: int) -> int:
    return value // divisor


def _rounded_ints(num: Any, divisor: int, mode: str) -> Any:
    """Divide numerators by a positive integer and round, by mode."""
    if mode == "down":
        return num // divisor
    if mode == "up":
        return -((-num) // divisor)
    negative = num < 0
    magnitude = abs(num)
    if mode == "truncated":
        whole = magnitude // divisor
    elif mode == "half_even":
        whole = magnitude // divisor
        twice = 2 * (magnitude - whole * divisor)
        whole = whole + ((twice > divisor) | ((twice == divisor) & (whole % 2 == 1)))
    else:
        whole = (2 * magnitude + divisor) // (2 * divisor)
    if isinstance(negative, np.ndarray):
        return np.where(negative, -whole, whole) if negative.any() else whole
    return -whole if negative else whole


def choose(condition: Any, a: Column, b: Column) -> Column:
    """Return one column where a condition holds and the other elsewhere, with the flags of what is chosen."""
    if not isinstance(condition, np.ndarray):
        return a if condition else b
    flags: Flags = 0
    if not (isinstance(a.flags, int) and isinstance(b.flags, int) and a.flags == b.flags == 0):
        flags = np.where(condition, np.asarray(a.flags, np.uint8), np.asarray(b.flags, np.uint8))
    if isinstance(a.num, (bool, np.bool_)) or (isinstance(a.num, np.ndarray) and a.num.dtype == bool):
        return Column(np.where(condition, a.num, b.num), flags=flags)
    both = _both(a, b)
    if both is None:
        return _wide(np.where(condition, widened(a), widened(b)), flags)
    (x, xl, xh), (y, yl, yh), den = both
    return Column(np.where(condition, x, y), den, min(xl, yl), max(xh, yh), flags)


def total(a: Column, where: Any = None, axis: int | None = None) -> Column:
    """Add up a column, or its rows, where it is there and a condition holds; flags are those of what is counted."""
    num = a.num
    if not isinstance(num, np.ndarray):
        raise TypeError("a plain number has nothing to add up")
    mask = where if where is not None else None
    if isinstance(a.flags, np.ndarray):
        there = (a.flags & STOPPED) != NONE
        mask = there if mask is None else mask & there
    kept = num if mask is None else np.where(mask, num, _exact(0) if a.wide else 0)
    flags: Flags = 0
    if isinstance(a.flags, np.ndarray) or a.flags:
        counted = np.broadcast_to(np.asarray(a.flags, np.uint8), kept.shape)
        counted = counted if mask is None else np.where(mask, counted, np.uint8(0))
        flags = (
            np.bitwise_or.reduce(counted, axis=axis)
            if axis is not None
            else int(np.bitwise_or.reduce(counted.ravel()))
            if counted.size
            else 0
        )
    if a.wide:
        result = kept.sum(axis=axis) if kept.size else Fraction(0)
        return _wide(Fraction(result) if not isinstance(result, np.ndarray) else result, flags)
    count = kept.shape[axis] if axis is not None else kept.size
    low, high = min(a.low, 0) * count, max(a.high, 0) * count
    if max(abs(low), abs(high)) >= LIMIT:
        exact = Column(np.where(mask, widened(a), _exact(0)) if mask is not None else widened(a), 1, flags=0, wide=True)
        return total(exact, axis=axis).with_flags(flags)
    result = kept.sum(axis=axis)
    if axis is None:
        single = int(result)
        return Column(single, a.den, single, single, flags)
    return Column(result, a.den, low, high, flags)


# ---------------------------------------------------------------- sharing


def origins_of(flags: Any) -> Any:
    """Return what values rest on; « sans objet » rests on nothing."""
    if isinstance(flags, int):
        return flags & ~STOPPED if flags & STOPPED != NONE else 0
    return np.where((flags & STOPPED) == NONE, np.uint8(0), flags & ~np.uint8(STOPPED))


def flag_where(condition: Any, flags: Flags) -> Flags:
    """Return flags where a condition holds."""
    if not isinstance(condition, np.ndarray):
        return flags if condition else 0
    return np.where(condition, flags, np.uint8(0)).astype(np.uint8)


def all_flags(flags: Any) -> int:
    return flags if isinstance(flags, int) else int(np.bitwise_or.reduce(flags.ravel())) if flags.size else 0


def upright(column: Column) -> Column:
    """Stand a column of rows up, so that members lie across."""
    num = column.num if column.scalar else column.num.reshape(-1, 1)
    flags = column.flags.reshape(-1, 1) if isinstance(column.flags, np.ndarray) else column.flags
    return Column(num, column.den, column.low, column.high, flags, column.wide)


def row_of(column: Column, index: int) -> Column:
    """Return what a row gives, one value for each member or the same for all."""

    def at(part: Any) -> Any:
        return part[index] if isinstance(part, np.ndarray) and part.ndim == 2 else part

    num, flags = at(column.num), at(column.flags)
    num = num[0] if isinstance(num, np.ndarray) and num.shape == (1,) else num
    flags = int(flags[0]) if isinstance(flags, np.ndarray) and flags.shape == (1,) else flags
    return Column(num, column.den, column.low, column.high, flags, column.wide)


def stacked(rows: list[Column]) -> Column:
    """Put columns of members one under the other."""
    if any(x.wide or x.den != rows[0].den for x in rows):
        array = np.array([list(np.atleast_1d(widened(x))) for x in rows], object)
        return Column(array, 1, flags=_stacked_flags(rows), wide=True)
    low, high = min(x.low for x in rows), max(x.high for x in rows)
    return Column(np.stack([x.num for x in rows]), rows[0].den, low, high, _stacked_flags(rows))


def _stacked_flags(rows: list[Column]) -> Any:
    if all(isinstance(x.flags, int) and not x.flags for x in rows):
        return 0
    return np.stack([np.broadcast_to(np.asarray(x.flags, np.uint8), np.shape(x.num)) for x in rows])
