"""The tree of a catalogue in the order in which it is read, and what each entry takes from those above it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from communis.catalog.models import Entry


@dataclass(frozen=True, slots=True)
class Node:
    """An entry, and those above it from the root down."""

    entry: Entry
    above: tuple[Entry, ...]

    @property
    def depth(self) -> int:
        return len(self.above)

    @property
    def path(self) -> str:
        """Where it stands: « Socle complet, Niveau 2 »."""
        return ", ".join(one.code if one.kind == "tier" and one.code else one.label for one in self.above)

    @property
    def offered(self) -> Entry | None:
        """The nearest entry, itself or above, that the convention offers for itself."""
        return next((one for one in (self.entry, *reversed(self.above)) if one.offer), None)

    @property
    def site_kinds(self) -> Sequence[str]:
        """The kinds of sites covered: its own, else those said above."""
        return next((one.site_kinds for one in (self.entry, *reversed(self.above)) if one.site_kinds), [])


class Tree:
    """The entries of one catalogue."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.pk: entry for entry in entries}
        self.children: dict[int | None, list[Entry]] = defaultdict(list)
        for entry in sorted(self.entries.values(), key=lambda one: (one.rank, one.pk)):
            self.children[entry.parent_id].append(entry)

    def above(self, entry: Entry) -> tuple[Entry, ...]:
        found: list[Entry] = []
        key = entry.parent_id
        while key is not None:
            found.append(self.entries[key])
            key = self.entries[key].parent_id
        return tuple(reversed(found))

    def node(self, entry: Entry) -> Node:
        return Node(entry, self.above(entry))

    def walk(self, root: Entry | None = None) -> Iterator[Node]:
        """Yield what stands under an entry, itself first; the whole catalogue without one."""
        if root is not None:
            yield self.node(root)
        for child in self.children[root.pk if root is not None else None]:
            yield from self.walk(child)

    def of_offer(self, offer: str) -> Entry | None:
        return next((entry for entry in self.entries.values() if entry.offer == offer), None)
