"""How a cell names a row of another list, and how a file writes it: by its words, or by its number when several share them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

from django.db import models

from communis.directory.models import Organization, Person
from communis.kit.imports import Wrong
from communis.kit.plain import plain

_NUMBERED = re.compile(r"(?P<words>.*?)\s*\(n°\s?(?P<number>[0-9]{1,18})\)")


def words_of(row: models.Model) -> list[str]:
    """Return all that names a row, what people read first."""
    if isinstance(row, Organization):
        return [row.name, row.insee, row.siren, row.siret]
    if isinstance(row, Person):
        return [row.name, row.email, f"{row.last_name} {row.first_name}"]
    return [str(row)]


Row = TypeVar("Row", bound=models.Model)


class Named(Generic[Row]):
    """The rows that the cells of a column may name: those that whoever imports may see."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.by_number: dict[int, Row] = {}
        self.by_words: dict[str, dict[int, Row]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Let a row be named, also one that a line above has made."""
        self.by_number[row.pk] = row
        for words in filter(None, map(plain, words_of(row))):
            self.by_words.setdefault(words, {})[row.pk] = row

    def all(self, text: str) -> list[Row]:
        """Return the rows that a cell names: a spreadsheet takes away the first zero of a code."""
        found = _NUMBERED.fullmatch(text)
        if found and (row := self.by_number.get(int(found["number"]))) and plain(words_of(row)[0]) == plain(found["words"]):
            return [row]
        bare = "".join(text.split()).casefold()
        code = f"0{bare}" if len(bare) == 4 and bare.isdigit() else bare
        return list((self.by_words.get(plain(text)) or self.by_words.get(code) or {}).values())

    def find(self, text: str, column: str, nobody: str) -> Row:
        """Return the one row that a cell names; raise Wrong when there is none, or more than one."""
        found = self.all(text)
        if not found:
            raise Wrong(nobody, "Vérifiez ce mot, ou inscrivez-la d’abord.", column)
        if len(found) > 1:
            one = self.written(found[0])
            raise Wrong(
                f"{len(found)} fiches répondent à ce nom.", f"Précisez laquelle par son numéro, par exemple « {one} ».", column
            )
        return found[0]

    def written(self, row: Row | None) -> str:
        """Write a row so that it is found again."""
        if row is None:
            return ""
        words = words_of(row)[0]
        return words if len(self.by_words.get(plain(words), ())) == 1 and plain(words) else f"{words} (n° {row.pk})"
