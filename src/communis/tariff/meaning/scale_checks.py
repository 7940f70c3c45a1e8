"""What a scale must say: one price for every quantity, no hole and no overlap, ends included (TAR-04)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any

from communis.tariff.language import rules as r
from communis.tariff.language.problems import Place, Severity
from communis.tariff.meaning.tree import Interval, NamesClass, Node, Type, TypedPeriod, TypedScale
from communis.tariff.wording import listed, value_text

_MEASURED = ("€", "jour", "mois", "heure", "ETP", "Go")

Found = tuple[str, str, str, Place, Severity]  # code, message, remedy, place, how far it goes


def scale_problems(rule: r.Scale, scale: TypedScale) -> Iterator[Found]:
    firsts = [p.first for p in scale.periods]
    if len(set(firsts)) < len(firsts):
        yield _error("PER-01", f"Deux périodes du barème {rule.name} commencent le même jour.", "Gardez-en une.", rule.place)
    for period in scale.periods:
        if not period.rows:  # told when it is read
            continue
        for dimension, driver in enumerate(scale.drivers):
            if driver.type.kind == "number":
                yield from _intervals(rule, scale, period, dimension)
            else:
                yield from _names(rule, period, dimension, driver)
        if not scale.progressive and len(scale.drivers) == 1:
            yield from _inversions(rule, scale, period)


def _error(code: str, message: str, remedy: str, place: Place) -> Found:
    return code, message, remedy, place, Severity.ERROR


def _intervals(rule: r.Scale, scale: TypedScale, period: TypedPeriod, dimension: int) -> Iterator[Found]:
    """Tell the holes and the overlaps of the classes of numbers of a scale, from the lowest."""
    driver = scale.drivers[dimension]
    kind, whole = driver.type, counted_whole(driver.type)
    places: dict[Any, Place] = {}
    for row in period.rows:
        if row.classes[dimension] in places and len(scale.drivers) == 1:
            yield _error("BAR-01", "Cette classe est écrite deux fois.", "Gardez l’une des deux lignes.", row.place)
        places.setdefault(row.classes[dimension], row.place)
    ordered = sorted(
        (c for c in places if isinstance(c, Interval)), key=lambda c: (c.low is not None, c.low or 0, not c.low_closed)
    )
    first = reach = ordered[0]
    if first.low is not None and not _starts_low_enough(scale, driver, first, whole):
        yield _hole(rule, Interval(None, False, first.low, not first.low_closed), kind, places[first])
    for after in ordered[1:]:
        both = _both(reach, after)
        if both is not None:
            lines = f"l. {places[reach].line} et {places[after].line}"
            where = interval_text(both, kind)
            message = f"Deux classes du barème {rule.name} donnent chacune une valeur {where} ({lines})."
            yield _error("BAR-01", message, "Corrigez une borne.", places[after])
        else:
            gap = _between(reach, after)
            if gap is not None and not (whole and _next_unit(reach, after, kind)):
                yield _hole(rule, gap, kind, places[reach])
        if _reaches_further(after, reach):
            reach = after
    if reach.high is not None:
        yield _hole(rule, Interval(reach.high, not reach.high_closed, None, False), kind, places[reach])


def _starts_low_enough(scale: TypedScale, driver: Node, first: Interval, whole: bool) -> bool:
    if scale.progressive and first.low == 0:
        return True
    return whole and first.low_closed and first.low is not None and first.low <= (1 if driver.op != "fact" else 0)


def _both(one: Interval, other: Interval) -> Interval | None:
    """Return the numbers that two classes share, the second beginning where the first does or above."""
    low, low_closed = other.low, other.low_closed and (one.low != other.low or one.low_closed)
    highs = [c for c in (one, other) if c.high is not None]
    if not highs:
        return Interval(low, low_closed, None, False)
    high = min(c.high for c in highs if c.high is not None)
    high_closed = all(c.high_closed for c in highs if c.high == high)
    if low is not None and (low > high or (low == high and not (low_closed and high_closed))):
        return None
    return Interval(low, low_closed, high, high_closed)


def _between(before: Interval, after: Interval) -> Interval | None:
    """Return the numbers between two classes that neither holds."""
    if before.high == after.low and (before.high_closed or after.low_closed):
        return None
    return Interval(before.high, not before.high_closed, after.low, not after.low_closed)


def _next_unit(before: Interval, after: Interval, kind: Type) -> bool:
    """Tell whether a class begins at the whole unit that follows the last of another."""
    assert before.high is not None
    return before.high_closed and after.low_closed and after.low == before.high + kind.factor


def _reaches_further(one: Interval, other: Interval) -> bool:
    if other.high is None:
        return False
    return one.high is None or (one.high, one.high_closed) > (other.high, other.high_closed)


def interval_text(interval: Interval, kind: Type) -> str:
    """Write exactly the numbers of an interval: « à 1 500 hab », « de 1 500 hab à moins de 3 000 hab », « à partir de… »."""
    low, high, unit = interval.low, interval.high, kind.factor
    if low is None and high is None:
        return "partout"
    if low is None:
        return f"{'jusqu’à' if interval.high_closed else 'au-dessous de'} {value_text(high, kind)}"
    if high is None:
        return f"{'à partir de' if interval.low_closed else 'au-dessus de'} {value_text(low, kind)}"
    if counted_whole(kind):
        lowest = ceil(low / unit) * unit if interval.low_closed else (floor(low / unit) + 1) * unit
        highest = floor(high / unit) * unit if interval.high_closed else (ceil(high / unit) - 1) * unit
        if lowest == highest:
            return f"à {value_text(lowest, kind)}"
        if lowest < highest:
            return f"de {value_text(lowest, kind)} à {'' if interval.high_closed else 'moins de '}{value_text(high, kind)}"
    if low == high:
        return f"à {value_text(low, kind)}"
    start, end = value_text(low, kind), value_text(high, kind)
    return f"de {'' if interval.low_closed else 'plus de '}{start} à {'' if interval.high_closed else 'moins de '}{end}"


def _hole(rule: r.Scale, hole: Interval, kind: Type, place: Place) -> Found:
    return _error(
        "BAR-02",
        f"Aucune classe du barème {rule.name} ne dit la valeur {interval_text(hole, kind)}. "
        "Un de plus ou de moins ne doit jamais faire perdre son prix à un membre.",
        'Corrigez une borne, ou ajoutez une classe « … : à décider "motif" ».',
        place,
    )


def counted_whole(kind: Type) -> bool:
    """Tell whether a quantity is counted by whole units: a rank, inhabitants, licences; not euros nor days."""
    return not kind.dimensions or (
        len(kind.dimensions) == 1 and kind.dimensions[0][0] not in _MEASURED and kind.dimensions[0][1] == 1
    )


def _names(rule: r.Scale, period: TypedPeriod, dimension: int, driver: Node) -> Iterator[Found]:
    known = ("oui", "non") if driver.type.kind == "yes_no" else driver.type.names
    covered: set[str] = set()
    for row in period.rows:
        klass = row.classes[dimension]
        if isinstance(klass, NamesClass):
            covered |= klass.names or set(known)
    missing = [name for name in known if name not in covered]
    if missing:
        yield _error(
            "BAR-03",
            f"Le barème {rule.name} ne dit rien pour {listed(missing[:6])}{' …' if len(missing) > 6 else ''}.",
            'Ajoutez une classe, ou « autres : à décider "motif" ».',
            rule.place,
        )


def _inversions(rule: r.Scale, scale: TypedScale, period: TypedPeriod) -> Iterator[Found]:
    """Remark a price that falls when the quantity rises (primitive 10): said, never corrected."""
    rows = [row for row in period.rows if isinstance(row.classes[0], Interval) and row.cell.kind == "amount"]
    rows.sort(key=lambda row: _lowest(row.classes[0]))
    if len(scale.type.dimensions) < 2:
        return
    for before, after in pairwise(rows):
        if after.cell.value < before.cell.value:
            yield (
                "BAR-04",
                f"Barème {rule.name} : le prix de toutes les unités baisse en passant à « {after.text} » ; un "
                "peu plus peut coûter moins.",
                "C’est peut-être voulu ; sinon, « barème progressif » paie chaque tranche à son prix.",
                after.place,
                Severity.REMARK,
            )


def _lowest(klass: Interval | NamesClass) -> tuple[bool, Fraction]:
    """Return what orders classes of numbers, those without a low end first."""
    low = klass.low if isinstance(klass, Interval) else None
    return low is not None, low or Fraction(0)
