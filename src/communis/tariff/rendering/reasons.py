"""Why a statement cannot be issued, said to one member: its own facts by name, those of the others by their number only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from communis.tariff.explanation.steps import Step
from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import reasons_told_to
from communis.tariff.result import Result
from communis.tariff.wording import readable

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


def refused_words(result: Result, line: LineResult, member: int) -> Refused:
    """Say why a line is refused without ever naming another member, nor telling a figure of its own."""
    me = result.tables.members[member].name
    said = tuple(readable(reason) for reason in reasons_told_to(me, line.reasons))
    kinds = dict.fromkeys(reason.kind for reason in line.reasons if reason.member in ("", me))
    return Refused(said, tuple(dict.fromkeys(_REMEDIES.get(kind, _OTHERWISE) for kind in kinds)))


def silenced(step: Step, reasons: tuple[str, ...]) -> Step:
    """Return an explanation whose reasons are those told above, at its root and nowhere else."""
    return replace(step, reasons=list(reasons), children=[silenced(child, ()) for child in step.children])
