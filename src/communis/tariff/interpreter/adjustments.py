"""Year-end adjustments: a final amount less what was issued, in the ways declared (TAR-13, AMB-29)."""

from __future__ import annotations

from fractions import Fraction

from communis.tariff.interpreter.entries import Entries
from communis.tariff.interpreter.results import Entry, LineResult, settled
from communis.tariff.interpreter.values import REFUSED, Reason, Value, not_applicable, refused
from communis.tariff.language import rules as r

WAYS = {"both_ways": (True, True), "upwards": (True, False), "downwards": (False, True)}
READINGS_OF_WAYS = {"dans_les_deux_sens": "both_ways", "à_la_hausse": "upwards", "à_la_baisse": "downwards", "jamais": "never"}


class Adjustments(Entries):
    """Takes off a final amount what was issued under a line."""

    def ways(self, rule: r.Line) -> str | None:
        """Return the ways of a regularisation (« never » when it is not practised), or None while it is to be settled."""
        if rule.ways != "by_reading":
            return rule.ways
        reading = self.reader.reading(rule.ways_by)
        return READINGS_OF_WAYS.get(reading, "never") if reading is not None else None

    def not_adjusted(self, rule: r.Line) -> Value | None:
        """Stop a regularisation that is not practised, or not settled, before anything else is asked."""
        ways = self.ways(rule) if rule.adjusts else ""
        if ways is None:
            return refused(
                Reason("settle", f"{rule.ways_by}, régularisation", articles=rule.margin.articles, subject=rule.ways_by)
            )
        return not_applicable("régularisation non activée") if ways == "never" else None

    def adjusted(self, result: LineResult, rule: r.Line) -> None:
        """Make a final amount the difference with what was issued under a line, in the ways declared (TAR-13, AMB-29)."""
        ways = self.ways(rule)
        assert ways is not None
        offer = result.offer if self.book.lines[rule.adjusts].offers is not None else None
        paid = self.issued(result.member, result.year, rule.adjusts, offer)
        if paid is None:
            who = self.tables.members[result.member].name
            text = f"montant émis de « {rule.adjusts} », exercice {self.model.calendar.label(result.year)}"
            result.outcome, result.reasons = REFUSED, (Reason("missing", text, who, rule.margin.articles, rule.adjusts),)
            return
        final = result.amount
        difference = final - paid[0]
        upward, downward = WAYS[ways]
        kept = difference if (difference > 0 and upward) or (difference < 0 and downward) else Fraction(0)
        result.flags |= paid[1]
        result.note["adjusts"] = {"final": final, "paid": paid[0], "kept": kept, "line": rule.adjusts}
        entry = result.entries[0]
        settled(result, [Entry(entry.section, kept, kept, entry.value)])
        result.flags |= paid[1]
