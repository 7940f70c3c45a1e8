"""What a computation gives: three outcomes, the reasons of a refusal, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communis.tariff.meaning.tree import Node

AMOUNT = "amount"
NOT_APPLICABLE = "not_applicable"
REFUSED = "refused"

FICTITIOUS = 1  # rests on a demonstration figure
PROVISIONAL = 2  # rests on a figure that will change
SIMULATED = 4  # rests on a hypothesis, or on an amount computed and not issued
FLAGS = {FICTITIOUS: "donnée fictive de démonstration", PROVISIONAL: "provisoire", SIMULATED: "hypothèse de simulation"}

PREFIXES = {
    "missing": "fait manquant",
    "out_of_scale": "hors barème",
    "decide": "à décider",
    "supply": "à fournir",
    "settle": "à trancher",
    "forbidden": "interdit",
    "zero_key": "clé nulle",
    "no_tariff": "aucun tarif",
    "ambiguous": "deux cas à la fois",
    "no_case": "aucun cas",
    "impossible": "calcul impossible",
    "parent": "rattachement manquant",
    "unsaid": "non prévu",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line is refused: a kind, what is at stake in French, whose it is, and the articles that say so.

    `offer` is the label of the offer that is at stake, where nothing else tells which of several it is.
    """

    kind: str
    text: str
    member: str = ""
    articles: tuple[str, ...] = ()
    subject: str = ""
    offer: str = ""

    def __str__(self) -> str:
        return f"{PREFIXES[self.kind]} : {self.said}" if self.text else PREFIXES[self.kind]

    @property
    def said(self) -> str:
        """What is at stake, with the offer it is about: « prérequis non satisfaits (Bureautique) »."""
        return f"{self.text} ({self.offer})" if self.offer else self.text

    @property
    def can_be_decided(self) -> bool:
        """Tell whether an act may set the amount in its place (TAR-17)."""
        return self.kind in ("decide", "out_of_scale", "forbidden")


def reasons_told_to(me: str, reasons: Iterable[Reason]) -> list[str]:
    """Say reasons to a member: its own in full, those of the others by kind and number.

    Never who, nor how much (open question 6).
    """
    own = dict.fromkeys(str(reason) for reason in reasons if reason.member in ("", me))
    others: dict[str, set[str]] = {}
    for reason in reasons:
        if reason.member not in ("", me):
            others.setdefault(reason.kind, set()).add(reason.member)
    said = list(own)
    for kind, names in others.items():
        plural = "s" if len(names) > 1 else ""
        said.append(f"{PREFIXES[kind]} chez {len(names)} autre{plural} membre{plural}")
    return said


@dataclass(frozen=True, slots=True)
class Context:
    """Where a formula is evaluated: exercise, member, offer, rows of registers, and the date of the event if there is one."""

    year: int
    member: int | None = None
    offer: str | None = None
    rows: tuple[tuple[str, int], ...] = ()
    event: date | None = None
    holders: tuple[str, ...] = ()
    prorata: str = ""


@dataclass(slots=True)
class Value:
    """An exact value with its outcome, its reasons, what it rests on, and the values it was made from."""

    outcome: str
    value: Any = None
    reasons: tuple[Reason, ...] = ()
    flags: int = 0
    node: Node | None = None
    parts: tuple[Value, ...] = ()
    note: dict[str, Any] = field(default_factory=dict)

    @property
    def is_amount(self) -> bool:
        return self.outcome == AMOUNT

    @property
    def refused(self) -> bool:
        return self.outcome == REFUSED


def known(value: Any, node: Node | None, parts: Iterable[Value] = (), flags: int = 0, **note: Any) -> Value:
    """Return a value that is there."""
    parts = tuple(parts)
    for part in parts:
        flags |= part.flags
    return Value(AMOUNT, value, (), flags, node, parts, note)


def refused(reason: Reason, node: Node | None = None, parts: Iterable[Value] = (), flags: int = 0, **note: Any) -> Value:
    """Return a refusal, with its reason."""
    return Value(REFUSED, None, (reason,), flags, node, tuple(parts), note)


def not_applicable(why: str, node: Node | None = None, parts: Iterable[Value] = (), **note: Any) -> Value:
    """Return « sans objet », with its cause."""
    return Value(NOT_APPLICABLE, None, (), 0, node, tuple(parts), {"why": why, **note})


def refusal(parts: tuple[Value, ...], node: Node | None) -> Value:
    """Return what operands of which one at least is refused make of a formula."""
    found = spoiled(parts, node)
    assert found is not None
    return found


def spoiled(parts: tuple[Value, ...], node: Node | None) -> Value | None:
    """Return what operands that are not all there make of a formula: a refusal first, else « sans objet », else None."""
    if any(p.refused for p in parts):
        reasons = dict.fromkeys(reason for p in parts for reason in p.reasons)
        flags = 0
        for part in parts:
            flags |= part.flags
        return Value(REFUSED, None, tuple(reasons), flags, node, parts)
    absent = next((p for p in parts if p.outcome == NOT_APPLICABLE), None)
    if absent is not None:
        return Value(NOT_APPLICABLE, None, (), 0, node, parts, {"why": absent.note.get("why", "")})
    return None
