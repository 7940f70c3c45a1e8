"""The preview of an import: a line a row, what it would do, or every reason why it is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from communis.kit import tables
from communis.kit.formats import french
from communis.kit.imports.examining import CHANGED, CREATED, REFUSED, SAME, Outcome, Problem
from communis.kit.parts import Tab

WORDS = {CREATED: "à créer", CHANGED: "à modifier", SAME: "inchangée", REFUSED: "refusée"}
TONES = {"à créer": "~success", "à modifier": "~info", "inchangée": "neutral", "refusée": "danger"}


class EffectColumn(tables.TextColumn):
    """What a line would do, or why it is refused."""

    def render(self, value: Any, record: Outcome) -> str:
        if record.problems:
            return format_html('<ul class="effects">{}</ul>', format_html_join("", "{}", ((told(p),) for p in record.problems)))
        if not record.changes:
            return tables.absent("rien ne change")
        return format_html('<ul class="effects">{}</ul>', format_html_join("", "{}", ((change(*c),) for c in record.changes)))


def change(label: str, before: str, after: str) -> SafeString:
    """One value, before and after."""
    if not before:
        return format_html("<li>{} : <ins>{}</ins></li>", label, after)
    return format_html("<li>{} : <del>{}</del> devient <ins>{}</ins></li>", label, before, after or "vide")


def told(problem: Problem) -> SafeString:
    """One fault: its column, its value, the reason, and what to do."""
    place = f"Colonne {problem.letters}" + (f", {problem.label}" if problem.label else "")
    value = format_html(" <code>{}</code>", problem.value) if problem.value else ""
    return format_html(
        "<li><strong>{}</strong>{} : {} <span class=\"second\">{}</span></li>", place, value, french(problem.reason),
        french(problem.remedy),
    )  # fmt: skip


class OutcomeTable(tables.Table):
    caption = "Ce que ferait chaque ligne du fichier"
    looks = "table-list table-fold"
    row_header = "line"

    line = tables.CountColumn(verbose_name="Ligne", orderable=False)
    name = tables.TextColumn(verbose_name="Objet", second="remark", orderable=False)
    effect = EffectColumn(verbose_name="Ce qui change", accessor="line", orderable=False)
    state = tables.BadgeColumn(verbose_name="État", tones=TONES, last=True, orderable=False)

    class Meta:
        empty_text = "Aucune ligne à montrer ici."

    def __init__(self, outcomes: Iterable[Outcome], moved: Collection[int] = ()) -> None:
        super().__init__(list(outcomes))
        self.moved = moved

    def value_state(self, record: Outcome) -> str:
        return WORDS[record.state]

    def render_state(self, record: Outcome) -> str:
        return self.base_columns["state"].render(WORDS[record.state])

    def is_chosen(self, record: Outcome) -> bool:
        return record.line in self.moved


def tabs_of(about: dict[str, Any], only: str) -> list[Tab]:
    """Return the ways to look at a plan: all of it, one state, what moved, what is remarked; only those that hold something."""
    counts = about["counts"]
    named = [
        ("", "Toutes", sum(counts.values())),
        (REFUSED, "Refusées", counts[REFUSED]),
        (CREATED, "À créer", counts[CREATED]),
        (CHANGED, "À modifier", counts[CHANGED]),
        (SAME, "Inchangées", counts[SAME]),
        ("remarques", "Avec une remarque", about["remarked"]),
        ("deplacees", "Ont changé depuis l’aperçu", len(about["moved"])),
    ]
    return [
        Tab(label, f"?montrer={code}" if code else "?", count, code == only)
        for code, label, count in named
        if count or code == ""
    ]
