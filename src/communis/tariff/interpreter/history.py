"""Other exercises: facts of a year, amounts issued under a line, sums and means of several years."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.interpreter.facts import literal_value
from communis.tariff.interpreter.rows import Rows
from communis.tariff.interpreter.values import Context, Reason, Value, known, not_applicable, refused, spoiled
from communis.tariff.language.syntax import Years
from communis.tariff.meaning.tree import Node


class History(Rows):
    """Reads what other exercises gave; a missing year refuses, unless the tariff sets it aside."""

    def past(self, node: Node, context: Context) -> Value:
        """Return a fact of another exercise, or what was issued under a line."""
        kind, name, offer, year, of = node.data
        wanted = self.reader.year(year, self.dated(name, context))
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        return self.past_value(kind, name, offer or context.offer, wanted, member, node)

    def past_value(self, kind: str, name: str, offer: str | None, year: int, member: int | None, node: Node) -> Value:
        label = self.model.calendar.label(year)
        who = self.tables.members[member].name if member is not None else ""
        if kind == "fact":
            rule = self.model.book.facts[name]
            row = self.reader.yearly(name, member, offer if rule.offers is not None else None, year)
            if row is not None:
                return known(row.value, node, flags=self.reader.row_flags(row), row=row, read_on=year)
            if rule.default is not None:
                return known(literal_value(self.model, rule.default), node, by_default=True, fact=name)
            text = f"{name}" + (f", {rule.label}" if rule.label else "") + f", exercice {label}"
            return refused(Reason("missing", text, "" if rule.of_service else who, rule.margin.articles, name), node, fact=name)
        line = self.model.book.lines[name]
        assert self.ledger is not None
        found = self.ledger.issued(member, year, name, offer if line.offers is not None else None)
        if found is not None:
            amount, flags = found
            return known(amount, node, flags=flags, issued=name, read_on=year)
        return refused(
            Reason("missing", f"montant émis de « {name} », exercice {label}", who, line.margin.articles, name), node, fact=name
        )

    def years(self, node: Node, context: Context) -> Value:
        """Return the sum or the mean of a value over exercises; a missing one refuses unless it is set aside."""
        (kind, name, offer, _, of), window, how, skip = node.data
        member, problem = self.whose(of, context, node)
        if problem is not None:
            return problem
        found = [
            self.past_value(kind, name, offer or context.offer, year, member, node)
            for year in self.window(window, self.dated(name, context))
        ]
        if skip:
            found = [v for v in found if not v.refused]
            if not found:
                return not_applicable(f"aucun exercice connu de {name}", node, missing_history=True)
        if not found:
            return refused(Reason("impossible", f"aucun exercice entre ceux que nomme {name}"), node)
        bad = spoiled(tuple(found), node)
        if bad is not None:
            return bad
        total = sum((v.value for v in found), Fraction(0))
        return known(total / len(found) if how == "mean" else total, node, found, counted=len(found))

    def window(self, window: Years, context: Context) -> list[int]:
        if window.before is not None:
            end = self.reader.year(window.before, context)
            return list(range(end - window.count, end))
        first, last = self.reader.year(window.first, context), self.reader.year(window.last, context)
        return list(range(first, last + 1))

    operations = {**Rows.operations, "past": past, "years": years}
