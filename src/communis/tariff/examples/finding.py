"""What the rules give for what an example asks, in the words of its message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from communis.tariff.interpreter.results import LineResult
from communis.tariff.interpreter.values import AMOUNT, NOT_APPLICABLE, Reason, Value
from communis.tariff.meaning.tree import Node, Type
from communis.tariff.wording import listed, value_text

CORRECT = "Corrigez la règle, ou l’exemple si c’est lui qui se trompe."
BOTH_CASES = "Une opération dont un terme est sans objet l’est aussi : écrivez les deux cas (« selon le cas »)."


@dataclass(frozen=True, slots=True)
class Found:
    """An outcome with its value or its reasons; of « sans objet », why, and the terms of the formula that make it so."""

    outcome: str
    value: Any
    reasons: tuple[Reason, ...]
    kind: Type
    why: str = ""
    absent: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the rule gives, and what is without object or missing when it gives no amount."""
        if self.outcome == AMOUNT:
            return value_text(self.value, self.kind)
        if self.outcome != NOT_APPLICABLE:
            return f"refusé ({' ; '.join(map(str, self.reasons))})"
        if self.absent:
            return f"sans objet, à cause de {listed(list(self.absent))}"
        return f"sans objet ({self.why})" if self.why else "sans objet"

    def remedy(self, expected: str) -> str:
        """Return what to do where something else is expected, by the kind of the clause that expects it."""
        return BOTH_CASES if expected == "x_equals" and self.absent else CORRECT


def of_value(value: Value, kind: Type) -> Found:
    """Return a value of a formula as something found."""
    why = str(value.note.get("why", ""))
    return Found(value.outcome, value.value, value.reasons, kind, why, tuple(dict.fromkeys(_absent(value))))


def of_line(line: LineResult, kind: Type) -> Found:
    """Return what a line, a credit or a limit gives as something found."""
    stop = line.note.get("value")
    absent: tuple[str, ...] = ()
    if isinstance(stop, Value) and stop.node is not None and stop.node.op != "step":  # a formula, not the day it is due
        absent = tuple(dict.fromkeys(_absent(stop)))
    return Found(line.outcome, line.amount, line.reasons, kind, line.why, absent)


def _absent(value: Value) -> Iterator[str]:
    """Yield each named term that is without object, with its cause."""
    if value.outcome != NOT_APPLICABLE:
        return
    name, why = _name(value.node), value.note.get("why", "")
    if name:
        yield f"« {name} » ({why})" if why else f"« {name} »"
        return
    for part in value.parts:
        yield from _absent(part)


def _name(node: Node | None) -> str:
    """Return what the file writes for a node that names something, or nothing."""
    if node is None or not isinstance(node.data, tuple):
        return ""
    if node.op in ("value", "net"):
        return f"{node.data[0]}.nette" if node.op == "net" else str(node.data[0])
    return f"{node.data[0]}.{node.data[1]}" if node.op in ("step", "field") else ""
