"""Two catalogues side by side: what was added, removed and changed, field by field, in the words of an avenant (CAT-30)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from communis.catalog.models import Edition, EditionHours, Entry, Prerequisite, Tool
from communis.catalog.tree import Tree
from communis.catalog.wording import choices_of, listed, title_of
from communis.kit.formats import long_date, shown

ADDED, REMOVED, CHANGED = "ajouté", "retiré", "modifié"
COMPARED = (
    "kind", "code", "label", "offer", "article", "description", "perimeter", "family", "deliverables", "performers",
    "performed_note", "charging", "site_kinds", "left_to_member", "benefits", "conditions", "degraded", "counted_in",
    "is_announced", "starts_on", "ends_on", "closed_into",
)  # fmt: skip
TOLD_OF_CREATED = ("description", "perimeter", "performers", "charging", "conditions", "left_to_member", "degraded", "article")
NOTHING = "rien"
OLDEST_FIRST = (F("starts_on").asc(nulls_first=True), "id")  # a tool without a date was there before


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs, its values as people read them."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two catalogues for one entry: where it stands, what happened to it."""

    what: str
    kind: str
    name: str
    place: str
    changes: tuple[Change, ...] = ()
    closed: str = ""

    @property
    def group(self) -> str:
        """Where the exposé tells it: a brick that closes disappears, even while the catalogue still describes it."""
        return REMOVED if self.closed else self.what

    @property
    def sentence(self) -> str:
        """The difference as the exposé of an avenant says it."""
        where = f" ({self.place})" if self.place else ""
        if self.what == ADDED:
            return f"Création : {self.kind} « {self.name} »{where}."
        if self.what == REMOVED:
            return f"Suppression : {self.kind} « {self.name} »{where}."
        if self.closed:
            return f"Suppression : {self.kind} « {self.name} »{where}, {self.closed}."
        return f"Modification : {self.kind} « {self.name} »{where}."


@dataclass(slots=True)
class Contents:
    """All that a catalogue holds, read once."""

    edition: Edition
    tree: Tree
    tools: dict[int, list[Tool]] = field(default_factory=dict)
    prerequisites: dict[int, list[Prerequisite]] = field(default_factory=dict)
    hours: list[EditionHours] = field(default_factory=list)


def contents_of(edition: Edition) -> Contents:
    """Read a catalogue that somebody may see."""
    found = Contents(edition, Tree(Entry.objects.unscoped().filter(edition=edition)))
    for tool in Tool.objects.unscoped().filter(entry__edition=edition).select_related("replaced_by").order_by(*OLDEST_FIRST):
        found.tools.setdefault(tool.entry_id, []).append(tool)
    for one in Prerequisite.objects.unscoped().filter(entry__edition=edition).order_by("id"):
        found.prerequisites.setdefault(one.entry_id, []).append(one)
    found.hours = list(EditionHours.objects.unscoped().filter(edition=edition).order_by("weekday", "opens_at"))
    return found


def matched(before: Tree, after: Tree) -> dict[int, int]:
    """Return which entry of the second catalogue each one of the first has become.

    The name of the offer is followed wherever it goes; the rest is looked for under the same entry, by its code, then its label.
    """
    found: dict[int, int] = {}
    taken: set[int] = set()

    def pair(one: Entry, other: Entry | None) -> None:
        if other is not None and one.pk not in found and other.pk not in taken:
            found[one.pk] = other.pk
            taken.add(other.pk)

    for entry in before.entries.values():
        if entry.offer:
            pair(entry, after.of_offer(entry.offer))
    for node in before.walk():
        entry = node.entry
        under = found.get(entry.parent_id) if entry.parent_id is not None else None
        if entry.pk in found or (entry.parent_id is not None and under is None):
            continue
        beside = [one for one in after.children[under] if one.pk not in taken]
        numbered = next((one for one in beside if entry.code and one.code == entry.code), None)
        pair(entry, numbered or next((one for one in beside if one.label == entry.label), None))
    return found


def compared(before: Contents, after: Contents) -> list[Difference]:
    """Return what differs between two catalogues, in the order of the second one, what is gone last."""
    pairs = matched(before.tree, after.tree)
    former = {new: old for old, new in pairs.items()}
    found = list(common_differences(before, after))
    for node in after.tree.walk():
        entry, place = node.entry, node.path
        if entry.pk not in former:
            found.append(Difference(ADDED, entry.get_kind_display(), str(entry), place, tuple(created(after, entry))))
            continue
        old = before.tree.entries[former[entry.pk]]
        changes = tuple(changes_of(before, old, after, entry, pairs))
        if changes:
            found.append(
                Difference(CHANGED, entry.get_kind_display(), str(entry), place, changes, closing_of(old, entry, after.tree))
            )
    for node in before.tree.walk():
        if node.entry.pk not in pairs:
            found.append(Difference(REMOVED, node.entry.get_kind_display(), str(node.entry), node.path))
    return found


def common_differences(before: Contents, after: Contents) -> Iterator[Difference]:
    """Yield what differs in the catalogue as a whole: its perimeter, its hours."""
    changes = list(differing("Périmètre", before.edition.perimeter, after.edition.perimeter))
    changes += differing("Horaires", *(", ".join(map(str, one.hours)) for one in (before, after)))
    if changes:
        yield Difference(CHANGED, "catalogue", str(after.edition), "", tuple(changes))


def differing(name: str, before: Any, after: Any) -> Iterator[Change]:
    if before != after:
        yield Change(name, *(shown(value) if value not in ("", None, []) else NOTHING for value in (before, after)))


def created(contents: Contents, entry: Entry) -> Iterator[Change]:
    """Yield what a catalogue says of an entry that it creates, for who votes on it to know what it is."""
    for name in TOLD_OF_CREATED:
        yield from differing(title_of(name), "", said(entry, name, contents.tree))
    yield from differing("Outils", "", tools_said(contents.tools.get(entry.pk, [])))
    yield from differing("Prérequis", "", wanted_said(contents.prerequisites.get(entry.pk, [])))


def changes_of(before: Contents, old: Entry, after: Contents, new: Entry, pairs: dict[int, int]) -> Iterator[Change]:
    """Yield the fields of an entry that differ, then its place, its tools and its prerequisites."""
    for name in COMPARED:
        values = [said(one, name, contents.tree) for one, contents in ((old, before), (new, after))]
        yield from differing(title_of(name), *values)
    if (pairs.get(old.parent_id) if old.parent_id is not None else None) != new.parent_id:
        yield from differing("Sous", before.tree.node(old).path, after.tree.node(new).path)
    yield from differing("Outils", *(tools_said(c.tools.get(e.pk, [])) for e, c in ((old, before), (new, after))))
    yield from differing("Prérequis", *(wanted_said(c.prerequisites.get(e.pk, [])) for e, c in ((old, before), (new, after))))


def said(entry: Entry, name: str, tree: Tree) -> Any:
    """Return a field as people read it."""
    value = getattr(entry, name)
    if isinstance(value, list):
        return listed(name, value)
    if name == "closed_into":
        return receiver_of(entry, tree)
    if isinstance(value, bool):
        return "oui" if value else ""
    return choices_of(name).get(value, value) if isinstance(value, str) else value


def receiver_of(entry: Entry, tree: Tree) -> str:
    """Return the brick that receives the costs of one that is closed, by its label."""
    target = tree.of_offer(entry.closed_into) if entry.closed_into else None
    return target.label if target is not None else entry.closed_into.replace("_", " ")


def closing_of(old: Entry, new: Entry, tree: Tree) -> str:
    """Say that an entry was closed between the two: its last day, and where its costs go."""
    if old.ends_on is not None or new.ends_on is None:
        return ""
    into = f" ; ses coûts vont à « {receiver_of(new, tree)} »" if new.closed_into else ""
    return f"dernier jour le {long_date(new.ends_on)}{into}"


def tools_said(tools: Sequence[Tool]) -> str:
    """Say the tools of a service: « GeoAgglo (remplacé par MyCarto), MyCarto »."""
    return ", ".join(f"{tool} (remplacé par {tool.replaced_by})" if tool.replaced_by_id else str(tool) for tool in tools)


def wanted_said(rows: Sequence[Prerequisite]) -> str:
    return " ".join(f"{row.wording} ({row.get_effect_display()})" for row in rows)
