"""Opening a convention: from its file to a model ready to compute, or all its problems at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from communis.tariff.examples import run_examples
from communis.tariff.language.assemble import assemble
from communis.tariff.language.parser import parse
from communis.tariff.language.problems import Problem, ProblemsFound, Severity, in_order
from communis.tariff.language.source import Source, bytes_of, read_source
from communis.tariff.meaning.checks import check
from communis.tariff.meaning.model import Meaning
from communis.tariff.meaning.tree import Model


@dataclass(frozen=True, slots=True, eq=False)
class Convention:
    """A convention version read from a file: its model, its text, and what its reading remarks.

    `problems` holds what stops publication without stopping the calculation (« à trancher », « à fournir », examples not
    reproduced) and remarks; errors never come this far.
    """

    model: Model
    text: str
    problems: tuple[Problem, ...]
    folder: Path | None = None

    @property
    def title(self) -> str:
        return self.model.book.header.title

    @property
    def publishable(self) -> bool:
        """Tell whether nothing stands against publication (TAR-21)."""
        return not any(p.severity is not Severity.REMARK for p in self.problems)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the text, as UTF-8 with plain line ends."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_convention(path: Path | str, *, examples: bool = True) -> Convention:
    """Read a convention file, or the `convention.tarif` of a folder; raises ProblemsFound with every error (language.md 2.6)."""
    path = Path(path)
    if path.is_dir():
        path = path / "convention.tarif"
    found, problems = verify(bytes_of(path), path.name, examples=examples)
    if found is None:
        raise ProblemsFound(problems)
    return Convention(found.model, found.text, found.problems, path.parent)


def read_text(text: str, name: str = "convention.tarif", *, examples: bool = True) -> Convention:
    """Read a convention from its text; raises ProblemsFound with every error."""
    found, problems = verify(text, name, examples=examples)
    if found is None:
        raise ProblemsFound(problems)
    return found


def verify(data: bytes | str, name: str, *, examples: bool = True) -> tuple[Convention | None, tuple[Problem, ...]]:
    """Read a file and tell all its problems; the convention is there unless an error prevents computing it.

    Never raises, whatever the bytes. An example that is not reproduced is an error of publication (EXE-01), and the
    convention is there all the same.
    """
    source = read_source(data, name)
    sections, problems = parse(source)
    book = assemble(source, sections, problems)
    meaning = Meaning(book, source, problems)
    meaning.read_all()
    check(meaning)
    model = meaning.model
    if any(p.severity is Severity.ERROR for p in problems):
        return None, in_order(problems)
    if examples:
        problems.extend(failed_examples(model, source))
    ordered = in_order(problems)
    return Convention(model, source.text, ordered), ordered


def failed_examples(model: Model, source: Source) -> list[Problem]:
    """Return one error an example clause that the rules do not reproduce."""
    return [Problem(f.code, f.message, f.remedy, f.place, source.name, source.words_at(f.place)) for f in run_examples(model)]


def shipped(slug: str) -> Path:
    """Return the folder of one of the conventions shipped with communis; raises FileNotFoundError for an unknown name."""
    folder = Path(str(resources.files("communis") / "conventions" / slug))
    if not (folder / "convention.tarif").is_file():
        raise FileNotFoundError(slug)
    return folder


def shipped_names() -> tuple[str, ...]:
    """Return the names of the conventions shipped with communis."""
    folder = Path(str(resources.files("communis") / "conventions"))
    return tuple(sorted(p.parent.name for p in folder.glob("*/convention.tarif")))
