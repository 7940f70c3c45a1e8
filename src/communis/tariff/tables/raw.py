"""A table as found in a CSV file, before anything of it is understood."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from communis.tariff.language.problems import Place, Problem
from communis.tariff.meaning.units import number_text
from communis.tariff.wording import reason_of

MAX_ROWS = 2_000_000
MAX_HIDDEN = 100
HIDDEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
"""Characters that nobody sees and that make two equal names differ, or that move what a terminal shows."""
MAX_FILE = 200 * 1024 * 1024


@dataclass(slots=True)
class RawTable:
    """A table as found: its file, the table it is of, its header, its rows with their line number."""

    file: str
    table: str
    header: list[str]
    rows: list[tuple[int, list[Any]]]


def read_csv(path: Path, problems: list[Problem]) -> RawTable | None:
    """Read a CSV file (UTF-8, `;` or `,`), or tell why it cannot be read.

    A quote that opens a cell must close at its end: else it would swallow the rows below.
    """

    def refuse(code: str, message: str, remedy: str, line: int = 1) -> None:
        problems.append(Problem(code, message, remedy, Place(line, 1, line, 2), path.name))

    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        refuse("TAB-09", f"Le fichier ne se lit pas : {reason_of(error)}.", "Donnez un fichier que l’on peut lire.")
        return None
    if len(data) > MAX_FILE:
        refuse("TAB-01", f"Le fichier fait plus de {MAX_FILE // (1024 * 1024)} Mo.", "Découpez-le par exercice.")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(
            "TAB-02", "Le fichier n’est pas en UTF-8.", "Enregistrez-le en « CSV UTF-8 ».", data.count(b"\n", 0, error.start) + 1
        )
        return None
    if "\x00" in text:
        refuse("TAB-02", "Le fichier contient des octets nuls : ce n’est pas un CSV.", "Enregistrez-le en « CSV UTF-8 ».")
        return None
    hidden = [found for _, found in zip(range(MAX_HIDDEN), HIDDEN.finditer(text), strict=False)]
    for found in hidden:
        line = text.count("\n", 0, found.start()) + 1
        refuse("TAB-26", f"Caractère invisible (U+{ord(found[0]):04X}).", "Effacez-le, ou recopiez le mot.", line)
    if hidden:
        return None
    apart = "\u037e" in text  # the one character that NFC turns into a separator: then each cell is normalized by itself
    text = text if apart else unicodedata.normalize("NFC", text)
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[Any]]] = []
    try:
        for row in reader:
            cells: list[Any] = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, [unicodedata.normalize("NFC", cell) for cell in cells] if apart else cells))
            if len(rows) > MAX_ROWS:
                refuse("TAB-01", f"Le fichier compte plus de {MAX_ROWS} lignes.", "Découpez-le par exercice.")
                return None
    except csv.Error as error:
        refuse("TAB-03", f"Ligne illisible : {_why(error)}.", "Vérifiez les guillemets.", reader.line_num)
        return None
    if not rows:
        return RawTable(path.name, path.stem, [], [])
    return RawTable(path.name, path.stem, [str(cell) for cell in rows[0][1]], rows[1:])


def _why(error: csv.Error) -> str:
    """Say in French what the reader of CSV files says in English."""
    said = str(error)
    if "larger than field limit" in said:
        return f"une case de plus de {number_text(Fraction(csv.field_size_limit()))} caractères"
    if "expected after" in said:
        return "une case se poursuit après son guillemet fermant"
    return "un guillemet ouvert n’est jamais fermé"
