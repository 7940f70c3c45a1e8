"""A catalogue, and what differs between two of them, as PDF made by Typst from a finished value (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import typst

from communis.catalog.comparing import ADDED, CHANGED, REMOVED, Contents, Difference, said, tools_said, wanted_said
from communis.catalog.models import EditionHours, Entry
from communis.catalog.wording import title_of
from communis.kit.formats import french, long_date

TEMPLATES = Path(__file__).parent / "typst"
DEEPEST = 6  # levels of headings
TOLD = (  # what a catalogue says of an entry, in the order in which a member wants it
    "perimeter", "performers", "performed_note", "deliverables", "charging", "site_kinds", "conditions", "left_to_member",
    "benefits", "degraded", "counted_in", "article",
)  # fmt: skip
TITLES = {ADDED: "Ce qui est créé", CHANGED: "Ce qui est modifié", REMOVED: "Ce qui disparaît"}


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Return a document made by a template from its data; the accessible form is asked for, and refused when it is not one."""
    made: bytes = typst.compile(
        str(TEMPLATES / f"{template}.typ"), format="pdf", pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(typeset(data), ensure_ascii=False)},
    )  # fmt: skip
    return made


def typeset(value: Any) -> Any:
    """Give every text of the data the spaces and apostrophes of French."""
    if isinstance(value, str):
        return french(value)
    if isinstance(value, dict):
        return {key: typeset(one) for key, one in value.items()}
    return [typeset(one) for one in value] if isinstance(value, list | tuple) else value


def catalogue_pdf(contents: Contents) -> bytes:
    """Return a catalogue to read and to print."""
    edition = contents.edition
    entries = [entry_of(contents, node.entry, min(node.depth + 1, DEEPEST)) for node in contents.tree.walk()]
    data = {
        "title": f"Catalogue : {edition}",
        "sentence": edition.perimeter,
        "entries": entries,
        "hours": hours_said(contents.hours),
    }
    return pdf("catalogue", data)


def entry_of(contents: Contents, entry: Entry, level: int) -> dict[str, Any]:
    """Return what a catalogue says of an entry."""
    facts = [(title_of(name), value) for name in TOLD if (value := str(said(entry, name, contents.tree)))]
    facts += [("Outils", value)] if (value := tools_said(contents.tools.get(entry.pk, []))) else []
    facts += [("Prérequis", value)] if (value := wanted_said(contents.prerequisites.get(entry.pk, []))) else []
    return {"level": level, "name": str(entry), "description": entry.description, "state": state_said(entry, contents),
            "facts": facts}  # fmt: skip


def state_said(entry: Entry, contents: Contents) -> str:
    """Say that an entry is only announced, or until when it is offered."""
    if entry.is_announced:
        return "Annoncée, pas encore proposée."
    if entry.ends_on is None:
        return ""
    into = said(entry, "closed_into", contents.tree)
    return f"Proposée jusqu’au {long_date(entry.ends_on)}." + (f" Ses coûts vont à « {into} »." if into else "")


def hours_said(hours: Iterable[EditionHours]) -> list[str]:
    """Say the hours a line a day: « lundi : 8:00 à 12:30, 13:30 à 18:00 »."""
    days: dict[str, list[str]] = {}
    for one in hours:
        days.setdefault(one.get_weekday_display(), []).append(f"{one.opens_at:%H:%M} à {one.closes_at:%H:%M}")
    return [f"{day} : {', '.join(spans)}" for day, spans in days.items()]


def expose_pdf(before: Contents, after: Contents, differences: Sequence[Difference]) -> bytes:
    """Return what differs between two catalogues, printed as the exposé of an avenant (CAT-30)."""
    groups = [
        {
            "title": TITLES[what],
            "differences": [
                {"sentence": one.sentence, "changes": [[c.name, c.before, c.after] for c in one.changes]} for one in found
            ],
        }
        for what in (ADDED, CHANGED, REMOVED)
        if (found := [one for one in differences if one.group == what])
    ]
    sentence = f"De « {before.edition} » à « {after.edition} »." if groups else "Les deux catalogues disent la même chose."
    return pdf("expose", {"title": "Exposé des modifications du catalogue", "sentence": sentence, "groups": groups})
