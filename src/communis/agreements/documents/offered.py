"""The offers of an act as people call them: what is chosen, what comes with it, and the form with its boxes (article 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from communis.agreements.choices import is_proposed
from communis.agreements.models import Membership
from communis.agreements.models.naming import named_by
from communis.catalog.composition import label_of
from communis.kit.formats import long_date
from communis.tariff import Convention
from communis.tariff.language.rules import Offer
from communis.tariff.wording import listed

TICKED, EMPTY = "☒", "☐"


def day_text(day: date | None) -> str:
    return str(long_date(day)) if day is not None else ""


@dataclass(frozen=True, slots=True)
class Names:
    """The offers of a convention; those of a version without a tariff are called as the latest that has one does."""

    convention: Convention | None
    naming: Convention | None

    @classmethod
    def of(cls, membership: Membership, convention: Convention | None) -> Names:
        return cls(convention, convention or named_by(membership.agreement_id))

    @property
    def offers(self) -> Mapping[str, Offer]:
        return self.convention.model.book.offers if self.convention is not None else {}

    def label(self, name: str) -> str:
        return label_of(self.naming, name)

    def within(self, held: Mapping[str, date]) -> dict[str, str]:
        """Return each offer that comes with one that is held, with the name of that one."""
        if self.convention is None:
            return {}
        book = self.convention.model.book
        return {inner: outer for outer in reversed([*held]) for inner in book.included(outer) if inner not in held}

    def taken(self, held: Mapping[str, date]) -> str:
        """Name what is chosen, each with what comes with it."""
        within = self.within(held)
        told = []
        for outer in held:
            inner = [f"« {self.label(name)} »" for name, holder in within.items() if holder == outer]
            told.append(f"« {self.label(outer)} »{f' (qui comprend {listed(inner)})' if inner else ''}")
        return ", ".join(told)


def ticked(names: Names, held: Mapping[str, date], on: date) -> list[dict[str, str]]:
    """Return the form of article 8: every offer with its box, and the date of effect of those chosen.

    What comes with an offer chosen is ticked too; one that is closed, or only announced, is for those who hold it.
    """
    if not held:
        return []
    within = names.within(held)
    known = names.convention.model.book.offers_in("") if names.convention is not None else ()
    rows = []
    for name in dict.fromkeys((*known, *held)):
        outer, offer = within.get(name), names.offers.get(name)
        always = offer is not None and offer.always and name not in held
        if not (name in held or outer or always) and offer is not None and not is_proposed(offer, on):
            continue
        words = f", comprise dans « {names.label(outer)} »" if outer else ", tenue par tous" if always else ""
        rows.append({
            "case": TICKED if name in held or outer or always else EMPTY, "offre": f"{names.label(name)}{words}",
            "effet": day_text(held.get(outer or name)),
        })  # fmt: skip
    return rows
