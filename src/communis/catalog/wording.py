"""The fields of an entry as people read them."""

from __future__ import annotations

from typing import Any

from communis.catalog.models import Entry
from communis.kit.formats import capital


def title_of(name: str) -> str:
    """Return the title of a field, with a capital."""
    column: Any = Entry._meta.get_field(name)
    return capital(column.verbose_name)


def choices_of(name: str) -> dict[str, str]:
    """Return the words of the choices of a field, of one or of several."""
    column: Any = Entry._meta.get_field(name)
    choices = column.base_field.choices if hasattr(column, "base_field") else column.choices
    return {value: str(words) for value, words in choices or ()}


def listed(name: str, values: list[str]) -> str:
    """Return values of a list of choices in words."""
    words = choices_of(name)
    return ", ".join(words.get(value, value) for value in values)
