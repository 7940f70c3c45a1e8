"""Why a statement cannot be issued, said to one member: its own facts by name, those of the others by their number only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from communis.tariff.explain import Step, readable
from communis.tariff.ledger import LineResult
from communis.tariff.result import Result
from communis.tariff.values import PREFIXES, Reason

_REMEDIES = {
    "missing": "Saisissez ce fait avec sa date et sa source, puis recalculez.",
    "out_of_scale": "Un acte peut fixer le montant.",
    "decide": "Un acte peut fixer le montant.",
    "forbidden": "Corrigez le choix, ou faites fixer le montant par un acte.",
    "supply": "La convention nomme ce prix sans le donner : complétez-la.",
    "settle": "Tranchez cette interprétation dans la convention.",
    "parent": "Complétez le rattachement dans la table des membres.",
    "no_tariff": "Utilisez la version de la convention qui couvre cette date.",
}
_OTHERWISE = "Corrigez la règle de la convention."


@dataclass(frozen=True, slots=True)
class Refused:
    """What is said of a refusal: its reasons in words, and what to do about each kind."""

    reasons: tuple[str, ...]
    remedies: tuple[str, ...]


def refused_words(result: Result, line: LineResult, step: Step, member: int) -> Refused:
    """Say why a line is refused without ever naming another member, nor telling a figure of its own."""
    me = result.tables.members[member].name
    own = [reason for reason in line.reasons if reason.member in ("", me)]
    others: dict[str, set[str]] = {}
    for reason in line.reasons:
        if reason not in own:
            others.setdefault(reason.kind, set()).add(reason.member)
    known = set(_figures(step))
    said = [_own_words(reason, known) for reason in own]
    said.extend(_others_words(kind, len(names)) for kind, names in others.items())
    kinds = dict.fromkeys(reason.kind for reason in own)
    return Refused(tuple(dict.fromkeys(said)), tuple(dict.fromkeys(_REMEDIES.get(kind, _OTHERWISE) for kind in kinds)))


def silenced(step: Step, reasons: tuple[str, ...]) -> Step:
    """Return an explanation whose reasons are those told above, at its root and nowhere else."""
    return replace(step, reasons=list(reasons), children=[silenced(child, ()) for child in step.children])


def _own_words(reason: Reason, known: set[str]) -> str:
    """Write a reason; the value that no class covers is told only to the member whose explanation shows it."""
    name, _, value = reason.text.partition(", ")
    if reason.kind == "out_of_scale" and value not in known:
        return f"{PREFIXES[reason.kind]} : {readable(name)}"
    return readable(str(reason))


def _others_words(kind: str, count: int) -> str:
    plural = "s" if count > 1 else ""
    return f"{PREFIXES[kind]} chez {count} autre{plural} membre{plural}"


def _figures(step: Step) -> Iterator[str]:
    yield step.result
    for child in step.children:
        yield from _figures(child)
