"""A file against its declaration: which column is which, what each line would do, and every fault with its place."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError

from communis.kit.formats import capital
from communis.kit.imports.columns import Column, Wrong, day, day_of_number
from communis.kit.imports.declared import Importable, Planned, Progress, Step, Work, silent
from communis.kit.plain import plain
from communis.kit.sheets import Book, Row, Unreadable, column_letters
from communis.kit.sheets.book import column_rank

CREATED, CHANGED, SAME, REFUSED = "C", "M", "S", "R"
_LOOKED_AT = 10  # first rows among which the titles are looked for
_STEP = 500  # lines between two words about progress
_SHOWN_VALUE = 80
_KEPT_VALUES = 20_000  # cells whose reading is kept: files say the same words again and again
_KEPT_CHARACTERS = 60

_EDGES = " \t\r\n\u00a0\u202f\u2009\u200b\ufeff"
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ONE_OF_BOTH = "Ne gardez qu’une des deux lignes."
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_FORMULA_ERROR = re.compile(r"#(REF!|N/A|DIV/0!|VALUE!|VALEUR!|NAME\?|NOM\s?\?|NUM!|NOMBRE!|NULL!|NUL!|SPILL!|CALC!)")
_ABRIDGED = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE)
_PLAIN_DAY = day


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: its line, its column by letters and by title, the value as it is written, why it is refused, and what to do."""

    line: int
    letters: str
    label: str
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one line would do, or why it is refused."""

    line: int
    state: str
    name: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    remark: str = ""
    problems: tuple[Problem, ...] = ()

    def written(self) -> str:
        """Write the outcome on one line, its state first so that a line is chosen without being read."""
        problems = [(p.letters, p.label, p.value, p.reason, p.remedy) for p in self.problems]
        return self.state + json.dumps([self.line, self.name, self.changes, self.remark, problems], ensure_ascii=False) + "\n"

    @classmethod
    def of(cls, written: str) -> Outcome:
        line, name, changes, remark, problems = json.loads(written[1:])
        return cls(line, written[0], name, tuple(map(tuple, changes)), remark, tuple(Problem(line, *p) for p in problems))


class Examination:
    """What a whole file would do, told line after line; what is said of the file as a whole is known once it was gone through."""

    def __init__(
        self, importable: Importable, book: Book, sheet: str, places: Mapping[str, int], work: Work, progress: Progress = silent
    ) -> None:
        self.importable, self.progress = importable, progress
        self.reading = _Reading(importable, book, sheet, places)
        self.known = importable.known(work)
        self.counts: Counter[str] = Counter()
        self.remarked = 0
        self.remarks: list[str] = []
        self.total = max(1, book.length(sheet) - self.reading.titles.row.line)
        self._digest = hashlib.sha256()

    def outcomes(self) -> Iterator[tuple[Outcome, str, Step | None]]:
        """Yield what each line does, as it is kept and as the step that does it, once."""
        keys: list[Mapping[str, Any]] = []
        at = 0
        for at, row in enumerate(self.reading.rows(), 1):
            outcome, step, key = self.reading.line(row, self.known)
            written = outcome.written()
            self.counts[outcome.state] += 1
            self.remarked += bool(outcome.remark)
            self._digest.update(written.encode())
            if key is not None and self.importable.remarks is not None:
                keys.append(key)
            if at % _STEP == 0:
                self.progress(at, max(at, self.total))
            yield outcome, written, step
        if self.importable.remarks is not None:
            self.remarks = list(self.importable.remarks(self.known, keys))
        self.progress(at, at)

    def steps(self) -> Iterator[Step]:
        """Yield the lines that do something."""
        return (step for _, _, step in self.outcomes() if step is not None)

    def written(self) -> Iterator[str]:
        return (written for _, written, _ in self.outcomes())

    def digest(self) -> str:
        """Return what two equal plans have in common."""
        return self._digest.hexdigest()


@dataclass(frozen=True)
class Titles:
    """The row of titles, and the first rows under it."""

    row: Row
    samples: tuple[Row, ...]

    def letters(self) -> list[tuple[int, str]]:
        """Return each column that has a title or a sample, by its rank, with its name."""
        width = max(len(row.cells) for row in (self.row, *self.samples))
        return [
            (rank, f"{column_letters(rank + 1)} : {title}" if title else f"{column_letters(rank + 1)} (sans titre)")
            for rank in range(width)
            if (title := cell_of(self.row, rank)) or any(cell_of(row, rank) for row in self.samples)
        ]

    def sample(self, rank: int) -> list[str]:
        return [value for row in self.samples if (value := cell_of(row, rank))]


def cell_of(row: Row, rank: int) -> str:
    return row.cells[rank].strip(_EDGES) if rank < len(row.cells) else ""


def titles_of(book: Book, sheet: str, columns: Sequence[Column]) -> Titles:
    """Find the row of titles: among the first rows, the one that names the most columns; else the first."""
    rows = list(islice(book.rows(sheet), _LOOKED_AT))
    if not rows:
        raise Unreadable("Il n’y a aucune ligne à lire. Envoyez un tableau qui a une ligne de titres et des lignes de données.")
    wanted = frozenset[str]().union(*(column.titles() for column in columns))
    best = max(range(len(rows)), key=lambda at: (sum(plain(cell) in wanted for cell in rows[at].cells), -at))
    if best == len(rows) - 1 and best < _LOOKED_AT - 1:
        raise Unreadable(f"Aucune ligne ne suit celle des titres (ligne {rows[best].line}). Ajoutez les lignes à importer.")
    return Titles(rows[best], tuple(rows[best + 1 : best + 4]))


def words_of(titles: Titles) -> dict[int, str]:
    return {rank: plain(cell) for rank, cell in enumerate(titles.row.cells) if plain(cell)}


def shared(titles: Titles) -> dict[int, str]:
    """Return the columns whose title is that of another column of the file."""
    said = words_of(titles)
    counts = Counter(said.values())
    return {rank: words for rank, words in said.items() if counts[words] > 1}


def doubled(titles: Titles, column: Column) -> list[str]:
    """Return the letters of the columns of the file that share a title of a column, when there are several."""
    return [column_letters(rank + 1) for rank, words in shared(titles).items() if words in column.titles()]


def proposed(titles: Titles, columns: Sequence[Column]) -> dict[str, int]:
    """Match columns with titles: the same words first, then a title that holds the words of one column only.

    A title that two columns of the file share says nothing of either: which one is chosen by whoever imports.
    """
    found: dict[str, int] = {}
    said = {rank: words for rank, words in words_of(titles).items() if rank not in shared(titles)}
    for column in columns:
        known = column.titles()
        rank = next((rank for rank, words in said.items() if words in known and rank not in found.values()), None)
        if rank is not None:
            found[column.name] = rank
    for column in columns:
        if column.name in found:
            continue
        near = [
            rank
            for rank, words in said.items()
            if rank not in found.values() and any(f" {known} " in f" {words} " for known in column.titles() if len(known) > 3)
        ]
        if len(near) == 1:
            found[column.name] = near[0]
    return found


class _Reading:
    """The reading of one file, line after line: what a line repeats depends on those before it."""

    def __init__(self, importable: Importable, book: Book, sheet: str, places: Mapping[str, int]) -> None:
        self.importable, self.book, self.sheet = importable, book, sheet
        self.titles = titles_of(book, sheet, importable.columns)
        self.columns = [(column, places[column.name]) for column in importable.columns if column.name in places]
        self.read: list[dict[str, Any]] = [{"": None} if not column.required else {} for column, _ in self.columns]
        self.width = max((rank + 1 for rank, cell in enumerate(self.titles.row.cells) if cell.strip()), default=0)
        self.seen: dict[bytes, int] = {}
        self.about: dict[Hashable, int] = {}

    def rows(self) -> Iterator[Row]:
        return (row for row in self.book.rows(self.sheet, with_faults=True) if row.line > self.titles.row.line)

    def line(self, row: Row, known: Any) -> tuple[Outcome, Step | None, Mapping[str, Any] | None]:
        """Return what a line would do, the step that does it, and what identifies it."""
        if row.fault is not None:
            return Outcome(row.line, REFUSED, problems=(self.unreadable(row),)), None, None
        values, problems = self.values_of(row)
        problems += [self.problem(row, w.column, w.reason, w.remedy) for w in self.importable.faults(values, known)]
        problems = [*self.misfits(row), *sorted(problems, key=lambda problem: column_rank(problem.letters))]
        name = next((cell for column, rank in self.columns if column.required and (cell := cell_of(row, rank))), "")
        keys: Mapping[str, Any] | None = None
        if not problems:
            keys = self.importable.identify(values, known)
            problems = self.repeated(row, keys)
        if not problems:
            try:
                planned = self.importable.plan(values, known)
            except Wrong as wrong:
                problems = [self.problem(row, wrong.column, wrong.reason, wrong.remedy)]
            else:
                return self.planned(row, values, planned, keys)
        return Outcome(row.line, REFUSED, name[:_SHOWN_VALUE], problems=tuple(problems)), None, keys

    def planned(
        self, row: Row, values: Mapping[str, Any], planned: Planned, keys: Mapping[str, Any] | None
    ) -> tuple[Outcome, Step | None, Mapping[str, Any] | None]:
        first = row.line if planned.about is None else self.about.setdefault(planned.about, row.line)
        if first != row.line:
            fault = self.problem(row, "", f"La ligne {first} est déjà celle de « {planned.name} ».", ONE_OF_BOTH)
            return Outcome(row.line, REFUSED, planned.name[:_SHOWN_VALUE], problems=(fault,)), None, keys
        state = CREATED if planned.is_new else CHANGED if planned.changes else SAME
        changes = tuple((change.label, change.before, change.after) for change in planned.changes)
        step = None if state == SAME else Step(row.line, values, planned)
        return Outcome(row.line, state, planned.name, changes, planned.remark), step, keys

    def values_of(self, row: Row) -> tuple[dict[str, Any], list[Problem]]:
        """Read the cells of a line; None for an empty one."""
        values: dict[str, Any] = {}
        problems = []
        cells, width = row.cells, len(row.cells)
        for (column, rank), read in zip(self.columns, self.read, strict=True):
            text = cells[rank].strip(_EDGES) if rank < width else ""
            if text in read:
                values[column.name] = read[text]
                continue
            try:
                values[column.name] = found = self.value_of(column, text)
                if len(text) <= _KEPT_CHARACTERS and len(read) < _KEPT_VALUES:
                    read[text] = found
            except Wrong as wrong:
                problems.append(self.problem(row, wrong.column or column.name, wrong.reason, wrong.remedy))
            except ValidationError as wrong:
                problems.append(self.problem(row, column.name, " ".join(wrong.messages), ""))
        return values, problems

    def value_of(self, column: Column, text: str) -> Any:
        if not text:
            if column.required:
                raise Wrong(
                    "Cette cellule est vide.", f"Écrivez une valeur, par exemple {column.example}." if column.example else ""
                )
            return None
        check_cell(text, column.several_lines)
        if self.book.keeps_days_as_numbers and column.read is _PLAIN_DAY:
            text = day_of_number(text)
        return column.read(text)

    def misfits(self, row: Row) -> list[Problem]:
        """Return the cells that are beyond the titles, or missing before the last of them: a separator is in the wrong place."""
        beyond = [rank for rank, cell in enumerate(row.cells) if rank >= self.width and cell.strip()]
        if beyond:
            return [
                Problem(row.line, column_letters(beyond[0] + 1), "", row.cells[beyond[0]].strip()[:_SHOWN_VALUE],
                        "Cette cellule n’a pas de titre : la ligne a plus de cellules que celle des titres.",
                        "Retirez-la, ou mettez entre guillemets le texte qui contient le séparateur.")
            ]  # fmt: skip
        if len(row.cells) < self.width:
            return [
                Problem(row.line, column_letters(len(row.cells) + 1), cell_of(self.titles.row, len(row.cells)), "",
                        f"La ligne s’arrête avant cette colonne : {len(row.cells)} cellules au lieu de {self.width}.",
                        "Ajoutez les cellules qui manquent, même vides.")
            ]  # fmt: skip
        return []

    def repeated(self, row: Row, keys: Mapping[str, Any]) -> list[Problem]:
        """Return what another line of the file already says."""
        found = []
        for column, key in keys.items():
            if key in (None, ""):
                continue
            first = self.seen.setdefault(blake2b(repr((column, key)).encode(), digest_size=12).digest(), row.line)
            if first != row.line:
                found.append(self.problem(row, column, f"La ligne {first} porte déjà cette valeur.", ONE_OF_BOTH))
        return found

    def unreadable(self, row: Row) -> Problem:
        """Place the fault of a row that could not be read: among the titles when its cell is under one."""
        fault = row.fault
        assert fault is not None
        label = cell_of(self.titles.row, fault.rank - 1) if fault.rank else ""
        why, _, remedy = fault.why.partition(". ")
        letters = column_letters(max(1, fault.rank))
        return Problem(row.line, letters, label, fault.value.strip()[:_SHOWN_VALUE], f"{capital(why)}.", remedy)

    def problem(self, row: Row, column: str, reason: str, remedy: str) -> Problem:
        """Place a fault on a column by its name; on the first required one when the fault is of the whole line."""
        places = {declared.name: (declared, rank) for declared, rank in self.columns}
        declared, rank = places.get(column) or next(iter(places.values()))
        value = cell_of(row, rank)
        return Problem(row.line, column_letters(rank + 1), declared.label, value[:_SHOWN_VALUE], reason, remedy)


def check_cell(text: str, several_lines: bool) -> None:
    """Refuse what no column may hold: broken characters, invisible ones, an error in place of a value."""
    if _UNREADABLE in text:
        raise Wrong("Un caractère est illisible.", "Enregistrez le fichier en UTF-8, puis corrigez ce mot.")
    if hidden := _INVISIBLE.search(text):
        raise Wrong(f"Un caractère invisible s’y trouve (U+{ord(hidden[0]):04X}).", "Effacez la cellule et écrivez-la à nouveau.")
    if not several_lines and ("\n" in text or "\r" in text):
        raise Wrong(
            "Cette cellule a plusieurs lignes.", "Écrivez-la sur une ligne ; vérifiez qu’un guillemet n’est pas resté ouvert."
        )
    if _FORMULA_ERROR.fullmatch(text):
        raise Wrong("C’est l’erreur d’une formule, pas une valeur.", "Corrigez la formule dans le tableur.")
    if _ABRIDGED.fullmatch(text):
        raise Wrong(
            "Le tableur a abrégé ce nombre : ses chiffres sont perdus.", "Mettez la colonne au format Texte, puis écrivez-le."
        )
