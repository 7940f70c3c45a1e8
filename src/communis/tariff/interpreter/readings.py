"""The interpretations that decide an answer: those without which it could be another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from communis.tariff.interpreter.values import Value
from communis.tariff.meaning.tree import Node


def deciding(values: Iterable[Value]) -> tuple[str, ...]:
    """Return the interpretations that decide some values, each once, in the order in which they are read.

    Of « a et b » that is no, only what is no decides, and no reading where it is no without any; likewise of « a ou b ».
    """
    return tuple(dict.fromkeys(name for value in values for name in _deciding(value)))


def _deciding(value: Value) -> Iterator[str]:
    node = value.node
    if node is not None and node.op == "reading":
        yield str(node.data)
    elif node is not None and node.op in ("and", "or"):
        settled = [part for part in value.parts if part.is_amount and part.value is (node.op == "or")]
        found = [deciding([part]) for part in settled or value.parts]
        if not settled or all(found):
            yield from (name for names in found for name in names)
    else:
        for part in (*value.note.get("conditions", ()), *value.parts):
            yield from _deciding(part)


def readings_in(node: Node) -> Iterator[str]:
    """Yield the interpretations that the words of a formula ask, whether they decide it or not."""
    if node.op == "reading":
        yield str(node.data)
    for part in node.args:
        yield from readings_in(part)
