"""Scales: the class a value falls in, what it gives, and quantities priced slice by slice."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.interpreter.shares import Shares
from communis.tariff.interpreter.values import Context, Reason, Value, known, not_applicable, refused, spoiled
from communis.tariff.language import rules as r
from communis.tariff.meaning.tree import MEMBER, Interval, Node, TypedCell, TypedPeriod, TypedRow, TypedScale
from communis.tariff.wording import value_text


class Scales(Shares):
    """Reads a scale in force at a date."""

    def scale(self, name: str, node: Node, context: Context) -> Value:
        scale = self.model.scales[name]
        rule = self.model.book.scales[name]
        parts = tuple(self.evaluate(d, context) for d in scale.drivers)
        bad = spoiled(parts, node)
        if bad is not None:
            return bad
        context = self.dated(name, context)
        day = self.reader.reading_day(rule.reading or r.ReadingRule("first_day"), context)
        chosen = self.scale_period(scale.periods, day)
        if chosen is None:
            return refused(
                Reason("missing", f"barème {name}, aucun au {french_date(day)}", articles=rule.margin.articles, subject=name),
                node,
                parts,
            )
        whose = self.whose_scale(scale, context)
        index, period = chosen
        if scale.progressive:
            return self.slices(name, (index, period), parts, node, context)
        for position, row in enumerate(period.rows):
            if all(_in_class(p.value, c) for p, c in zip(parts, row.classes, strict=True)):
                return self.cell(name, (index, position), parts, node, context)
        return refused(
            Reason("out_of_scale", f"{name}, {self.driver_text(parts)}", whose, rule.margin.articles, name), node, parts
        )

    def whose_scale(self, scale: TypedScale, context: Context) -> str:
        """Return the member whose values choose the class, nobody when they are those of the service."""
        return self.tables.members[context.member].name if context.member is not None and MEMBER in scale.axes else ""

    @staticmethod
    def scale_period(periods: tuple[TypedPeriod, ...], day: date) -> tuple[int, TypedPeriod] | None:
        started = [(i, p) for i, p in enumerate(periods) if p.first is None or p.first <= day]
        return max(started, key=lambda pair: pair[1].first or date.min) if started else None

    def driver_text(self, parts: tuple[Value, ...]) -> str:
        return ", ".join(value_text(p.value, p.node.type) for p in parts if p.node is not None)

    def cell(self, name: str, where: tuple[int, int], parts: tuple[Value, ...], node: Node, context: Context) -> Value:
        """Return what a class gives, named by its period and its rank."""
        row: TypedRow = self.model.scales[name].periods[where[0]].rows[where[1]]
        cell: TypedCell = row.cell
        articles = cell.articles or self.model.book.scales[name].margin.articles
        if cell.kind == "amount":
            value = self.cells.get((name, *where), cell.value)
            return known(value, node, parts, scale=name, row=row)
        if cell.kind == "free":
            return known(Fraction(0), node, parts, scale=name, row=row)
        if cell.kind == "name":
            price = self.evaluate(Node("parameter", data=cell.parameter, type=node.type, place=cell.place), context)
            bad = spoiled((price,), node)
            return bad if bad is not None else known(price.value, node, (*parts, price), scale=name, row=row)
        if cell.kind == "none":
            return not_applicable(f"{name} : sans objet pour {row.text}", node, parts)
        kind = "decide" if cell.kind == "decide" else "supply"
        whose = self.whose_scale(self.model.scales[name], context) if kind == "decide" else ""
        reason = Reason(kind, cell.text or f"{name}, {row.text}", whose, articles, name)
        return refused(reason, node, parts, scale=name, row=row)

    def slices(self, name: str, chosen: tuple[int, TypedPeriod], parts: tuple[Value, ...], node: Node, context: Context) -> Value:
        """Return the price of each slice of a quantity at its own price, added (primitive 11)."""
        index, period = chosen
        quantity: Fraction = parts[0].value
        total = Fraction(0)
        used = []
        unpriced: list[Value] = []
        for position, row in enumerate(period.rows):
            interval = row.classes[0]
            assert isinstance(interval, Interval)
            low = interval.low or Fraction(0)
            high = quantity if interval.high is None else min(quantity, interval.high)
            if high <= low:
                continue
            priced = self.cell(name, (index, position), parts, node, context)
            if not priced.is_amount:
                unpriced.append(priced)
                continue
            total += (high - low) * priced.value
            used.append((row, high - low, priced.value))
        highs = [row.classes[0].high for row in period.rows if isinstance(row.classes[0], Interval)]
        covered = quantity if None in highs else max(filter(None, highs), default=Fraction(0))
        bad = spoiled(tuple(unpriced), node)
        if bad is not None and bad.refused:
            return bad
        if quantity > covered:
            return refused(
                Reason(
                    "out_of_scale",
                    f"{name}, {self.driver_text(parts)}",
                    self.whose_scale(self.model.scales[name], context),
                    self.model.book.scales[name].margin.articles,
                    name,
                ),
                node,
                parts,
            )
        return bad or known(total, node, parts, scale=name, slices=tuple(used))


def _in_class(value: Any, klass: Any) -> bool:
    if isinstance(klass, Interval):
        return value in klass
    if isinstance(value, bool):
        value = "oui" if value else "non"
    return not klass.names or value in klass.names
