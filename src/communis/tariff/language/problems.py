"""What is wrong with a file, told to the person who wrote it: place, words, reason, remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How far a problem goes: no result, a result that cannot be published, or a remark."""

    ERROR = "erreur"
    OBSTACLE = "obstacle"
    REMARK = "remarque"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where words stand in a file; lines and columns start at 1, the end column is just after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Place) -> Place:
        """Return the place that runs from this one to the end of the other."""
        return Place(self.line, self.column, other.end_line, other.end_column)


NOWHERE = Place(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: a stable code, what is wrong and why, and what to write instead (language.md 2.6)."""

    code: str
    message: str
    remedy: str
    place: Place
    file: str = ""
    words: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Return the problem on one line, as compilers do."""
        return f"{self.file}:{self.place.line}:{self.place.column}: {self.code} {self.message} → {self.remedy}"


class ProblemsFound(Exception):
    """A file or its tables cannot be used; all its problems at once, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file and place, each said once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.place, p.code, p.message)))


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate closest to a misspelt word, or None when none is close (at most a third of it differs)."""
    best: tuple[int, str] | None = None
    limit = max(1, len(word) // 3) if any(map(str.isalnum, word)) else 0
    for candidate in sorted(set(candidates)):
        if abs(len(candidate) - len(word)) <= limit and len(word) <= 80:
            distance = _edits(word.casefold(), candidate.casefold(), limit)
            if distance is not None and (best is None or distance < best[0]):
                best = (distance, candidate)
    return best[1] if best else None


def _edits(a: str, b: str, limit: int) -> int | None:
    """Count the letters to change, add or drop to go from a to b, or None above the limit."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        previous, row = row, [i]
        for j, other in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other)))
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None
