"""The kinds of rows of a catalogue that are kept by a plain form; see `directory.records`, the one mechanism for them all."""

from __future__ import annotations

from datetime import date
from typing import Any

from communis.catalog import access
from communis.catalog.composition import label_of
from communis.catalog.conventions import convention_in_force, convention_read
from communis.catalog.forms import EntryForm, ToolForm
from communis.catalog.models import Coverage, Edition, EditionHours, Entry, Prerequisite, PrerequisiteCheck, Tool
from communis.catalog.operations import refuse_shown
from communis.directory.records import Kind, keep
from communis.foundation.history import spell

spell(PrerequisiteCheck, "offer", words=lambda row, offer: label_of(convention_in_force(row.on), offer))
spell(Entry, "offer", words=lambda row, offer: label_of(convention_read(row.edition_id, (), date.max), offer))
spell(Coverage, "offer", words=lambda row, offer: label_of(convention_in_force(date.max), offer))
spell(PrerequisiteCheck, "key", words=lambda row, key: key.replace("-", " "))


def _catalog(user: Any, _: Any) -> bool:
    return access.may_keep_catalog(user)


def _not_shown(holder: Any) -> None:
    """What members read no longer changes: neither the catalogue, nor what it holds."""
    refuse_shown(holder if isinstance(holder, Edition) else holder.edition)


keep(
    Kind("catalogues", Edition, "un catalogue", ("name", "perimeter"), _catalog, listed="/catalogues/", check=_not_shown),
    Kind(
        "fiches-du-catalogue",
        Entry,
        "une fiche",
        (
            "parent",
            "rank",
            "kind",
            "code",
            "label",
            "offer",
            "article",
            "description",
            "perimeter",
            "family",
            "deliverables",
            "performers",
            "performed_note",
            "charging",
            "site_kinds",
            "left_to_member",
            "benefits",
            "conditions",
            "degraded",
            "counted_in",
            "is_announced",
            "starts_on",
            "ends_on",
            "closed_into",
        ),
        _catalog,
        parent="edition",
        feminine=True,
        form=EntryForm,
        check=_not_shown,
    ),
    Kind(
        "outils",
        Tool,
        "un outil",
        ("name", "starts_on", "ends_on", "replaced_by"),
        _catalog,
        parent="entry",
        form=ToolForm,
        check=_not_shown,
    ),
    Kind("prerequis", Prerequisite, "un prérequis", ("key", "wording", "article", "effect", "measure", "minimum"), _catalog,
         parent="entry", check=_not_shown),
    Kind("horaires-du-catalogue", EditionHours, "un horaire", ("weekday", "opens_at", "closes_at"), _catalog, parent="edition",
         check=_not_shown),
    with_history={"constats-de-prerequis": PrerequisiteCheck},
)  # fmt: skip
