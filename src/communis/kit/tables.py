"""Declared tables: columns that know how to write their values, what the table says when it is empty, groups and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from communis.kit import formats
from communis.kit.filters import ABSENT, superior, without_value
from communis.kit.templatetags.kit import amount, badge

RIGHT = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}
CAPITAL = {"td": {"class": "capital"}}  # a word written small in a sentence begins a cell with a capital
ASIDE = {"th": {"class": "aside"}, "td": {"class": "aside"}, "tf": {"class": "aside"}}  # left out on a phone
END = {"th": {"class": "end"}, "td": {"class": "end"}, "tf": {"class": "end"}}


def written(value: Any) -> str:
    """Return a value as a template would write it: in the language of the page, and escaped."""
    return conditional_escape(value if isinstance(value, str) else localize(value))


@cache
def wanted_by(function: Callable[..., Any]) -> tuple[tuple[str, ...], str | None]:
    return signature(function)


def called(method: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Call a method of a column or of a table with what it wants of what is given, found out once and not once a cell."""
    names, takes_all = wanted_by(getattr(method, "__func__", method))
    if takes_all:
        return method(**given)
    wanted = names[1:] if hasattr(method, "__func__") else names
    return method(**{name: given[name] for name in wanted}) if all(name in given for name in wanted) else None


class Row(BoundRow):
    """A row whose cells are quick to draw and to export."""

    def _call_render(self, bound_column: Any, value: Any = None) -> Any:
        given = self._optional_cell_arguments(bound_column, value)
        content = called(bound_column.render, given)
        return bound_column.link(content, **given) if bound_column.link else content

    def _call_value(self, bound_column: Any, value: Any = None) -> Any:
        return called(bound_column.value, self._optional_cell_arguments(bound_column, value))


class Table(tables.Table):
    """A table of the product. `group_by` names an attribute of the records, `looks` its classes, `caption` its name."""

    caption = ""
    caption_shown = False
    group_by = ""
    looks = "table-list"
    row_header = ""  # the column that names the row: by default the first that is not a choice
    group_counts = False
    empty_text = ""  # what will be here, when there is nothing yet; also in Meta
    empty_action = ""  # the one act an empty table offers

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.empty_text = self.empty_text or type(self).empty_text

    @property
    def folds(self) -> bool:
        """Tell whether each row becomes a small list on a phone."""
        return "table-fold" in self.looks

    def header_name(self) -> str:
        """Return the name of the column that heads each row."""
        return self.row_header or next(column.name for column in self.columns if not isinstance(column.column, ChoiceColumn))

    def is_chosen(self, record: Any) -> bool:
        """Tell whether a row is the one the page is about."""
        return False

    def groups(self) -> Iterator[tuple[str, int, SafeString]]:
        """Yield the words of each group, by default one without, how many rows it has and its rows drawn.

        They are written here and not by the template, which took half the time of a page of a hundred rows.
        """
        around = self.around()
        for words, rows in groupby(self.paginated_rows, lambda row: str(_of(row.record, self.group_by)) if self.group_by else ""):
            drawn = [self.drawn(row.record, around) for row in rows]
            yield words, len(drawn), mark_safe("\n".join(drawn))

    def around(self) -> list[tuple[str, str, str]]:
        """Return the name of each column and what opens and closes its cells: asked once a column, since no row changes it."""
        head, found = self.header_name(), []
        opens, closes = ("<span>", "</span></td>") if self.folds else ("", "</td>")
        for column in self.columns:
            if column.name == head:
                found.append((column.name, '<th scope="row">', "</th>"))
                continue
            look = column.attrs["td"].get("class", "")
            classes = format_html(' class="{}"', look) if look else ""
            label = format_html(' data-label="{}"', strip_tags(column.header))
            found.append((column.name, f"<td{classes}{label}>{opens}", closes))
        return found

    def drawn(self, record: Any, around: list[tuple[str, str, str]]) -> str:
        """Return a row of the table, all its values escaped."""
        row = Row(record, table=self)
        cells = "".join(f"{opens}{written(row.get_cell(name))}{closes}" for name, opens, closes in around)
        return f'<tr class="chosen">{cells}</tr>' if self.is_chosen(record) else f"<tr>{cells}</tr>"


class _Right(tables.Column):
    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("attrs", RIGHT)
        options.setdefault("default", absent())
        super().__init__(*args, **options)


def absent(words: str = ABSENT) -> str:
    """What a cell says when it has no value; a phone leaves out of a row what is only « sans objet », and says the rest."""
    return without_value(words)


def unknown() -> str:
    """What a cell says of what exists and that nobody has written; « sans objet » is for what cannot be."""
    return absent("non renseigné")


class TextColumn(tables.Column):
    """Words, with the reason on a second line: `second` names the attribute which holds it."""

    def __init__(self, *args: Any, second: str = "", **options: Any) -> None:
        self.second = second
        options.setdefault("default", absent())
        super().__init__(*args, **options)

    def render(self, value: Any, record: Any) -> str:
        reason = _of(record, self.second) if self.second else ""
        if not reason:
            return value
        return format_html('{} <span class="second">{}</span>', value, reason)

    def value(self, **given: Any) -> Any:
        return given["value"]


class AmountColumn(_Right):
    """Euros; `note` returns the key of the note which explains the amount of a record, and `about` names it aloud.

    For the statements of `billing`.
    """

    def __init__(
        self,
        *args: Any,
        note: Callable[[Any], str] | None = None,
        about: Callable[[Any], str] | None = None,
        signed: bool = False,
        here: bool = False,
        **options: Any,
    ) -> None:
        self.note, self.about, self.signed, self.here = note, about, signed, here
        super().__init__(*args, **options)

    def render(self, value: Any, record: Any, table: Table) -> str:
        return amount(
            {"request": getattr(table, "request", None)}, value, self.note(record) if self.note else "",
            signed=self.signed, here=self.here, about=self.about(record) if self.about else "",
        )  # fmt: skip

    def value(self, **given: Any) -> Any:
        return given["value"]


class CountColumn(_Right):
    """Whole numbers, with their unit when one is given."""

    def __init__(self, *args: Any, unit: str = "", **options: Any) -> None:
        self.unit = unit
        super().__init__(*args, **options)

    def render(self, value: int) -> str:
        return formats.counted(value, self.unit) if self.unit else formats.number(value)

    def value(self, **given: Any) -> Any:
        return given["value"]


class DayColumn(TextColumn):
    """A day in words: « 1er févr. 2026 »."""

    def render(self, value: Any, record: Any) -> str:
        return super().render(superior(formats.medium_date(value)), record)


class BadgeColumn(tables.Column):
    """A state; `tones` gives the tone of each word, and a tone that begins with `~` is dashed."""

    def __init__(self, *args: Any, tones: dict[str, str], last: bool = False, **options: Any) -> None:
        self.tones = tones
        if last:
            options.setdefault("attrs", END)
        super().__init__(*args, **options)

    def render(self, value: str) -> str:
        tone = self.tones[value]
        return badge(value, tone.lstrip("~"), tone.startswith("~"))

    def value(self, **given: Any) -> Any:
        return given["value"]


class ChoiceColumn(tables.Column):
    """A box to choose the row for an act in bulk; `about` names the row aloud."""

    def __init__(self, *, about: Callable[[Any], str], name: str = "chosen", **options: Any) -> None:
        self.about, self.name = about, name
        options.setdefault("accessor", "pk")
        super().__init__(
            orderable=False,
            exclude_from_export=True,
            empty_values=(),
            attrs={"th": {"class": "choice"}, "td": {"class": "choice"}},
            **options,
        )

    @property
    def header(self) -> str:
        return render_to_string("kit/components/choose_all.html")

    def render(self, value: Any, record: Any) -> str:
        return format_html(
            '<input type="checkbox" name="{}" value="{}" aria-label="Choisir {}" data-row-choice>',
            self.name,
            value,
            self.about(record),
        )


def _of(record: Any, name: str) -> Any:
    return record.get(name, "") if isinstance(record, dict) else getattr(record, name, "")
