"""Statements as files: one page and one workbook a member, and the list of members."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from communis.tariff.rendering import index, statement
from communis.tariff.rendering.content import contents_of
from communis.tariff.rendering.french import plain
from communis.tariff.rendering.markup import page
from communis.tariff.rendering.workbook import write_content_workbook
from communis.tariff.result import Result

INDEX = "index.html"
LONGEST_NAME = 80
# Names that a page of the folder or an operating system keeps for itself.
EVERYBODY = "tous-les-membres"  # the workbook of a whole result, beside those of each member
_RESERVED = {"index", EVERYBODY, "con", "prn", "aux", "nul", *(f"{device}{i}" for device in ("com", "lpt") for i in range(1, 10))}
_EACH = re.compile(r"/\* each \*/\n(.*?)/\* end each \*/\n", re.DOTALL)


def write_statements(result: Result, folder: Path) -> list[Path]:
    """Write the statements of a result in a folder, made if need be; return the paths, the list of members first.

    A member with nothing to say has no file. File names come from the names of the members and do not depend on amounts;
    the same result gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    slugs = file_names(member.name for member in result.tables.members)
    contents = contents_of(result)
    paths = [folder / INDEX]
    for content in contents:
        slug = slugs[content.statement.member]
        path = folder / f"{slug}.html"
        title = f"Décompte {content.year}, {plain(content.member.name)}"
        _write(path, page(title, _css(len(content.rows)), statement.body(content)))
        workbook = folder / f"{slug}.xlsx"
        write_content_workbook(content, workbook)
        paths.extend((path, workbook))
    title = f"Décomptes {result.model.calendar.label(result.year)}"
    _write(paths[0], page(title, _css(0), index.body(result, contents, slugs)))
    return paths


def file_names(names: Iterable[str]) -> list[str]:
    """Return a file name for each member: its name in plain letters, numbered where two would be the same."""
    found: dict[str, None] = {}
    for name in names:
        base = slug_of(name)
        wanted, count = base, 1
        while wanted in found:
            count += 1
            wanted = f"{base}-{count}"
        found[wanted] = None
    return list(found)


def slug_of(name: str) -> str:
    """Write a name with unaccented letters, digits and hyphens only."""
    spelled = name.casefold().replace("œ", "oe").replace("æ", "ae")
    letters = "".join(c for c in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_NAME].strip("-")
    return f"membre-{slug}".rstrip("-") if not slug or slug in _RESERVED else slug


def _css(notes: int) -> str:
    """Return our rules; those written for « each » explanation are repeated with its number in the place of N."""
    css = resources.files("communis.tariff.rendering").joinpath("statement.css").read_text("utf-8")

    def repeated(found: re.Match[str]) -> str:
        return "".join(found.group(1).replace("#eN", f"#e{i}").replace("#mN", f"#m{i}") for i in range(1, notes + 1))

    return _EACH.sub(repeated, css)


def _write(path: Path, html: str) -> None:
    path.write_text(html, "utf-8", newline="\n")
