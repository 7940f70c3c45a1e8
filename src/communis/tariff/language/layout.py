"""The one layout of a `.tarif` file (language.md 2.9): same words, same comments, one way to write them.

What is settled:

- **Rows.** A block starts at the margin, its lines stand at four spaces, what continues a row at four more. One row a line,
  with no trailing space; the file ends with one newline and holds no blank line inside a block.
- **Blocks.** One blank line between two blocks, except between blocks of the same word (`offre`, `unité`, `article` and
  `passage`…) that the author kept together. A comment above a block keeps its distance: against it, or one blank line away.
- **Comments** stay above the row they precede, at its indentation, or two spaces after the row they end.
- **Words.** One space between them; none after `(`, an elision (`l’`) or the minus of a negative number, none before `)` and
  `,`. Operators are ≤ ≥ ≠ × and `-`, apostrophes ’, dates jj/mm/aaaa, numbers in groups of three (`1 500`), save years and
  SIREN numbers; exercises are written `N-1`. Spaces are plain; inside quotations they stay as written, each run of plain
  spaces being one. Labels and quotations stay on one row, or are folded like the rest.
- **Folding.** The author’s breaks before `et`, `ou`, `+`, `×`, `/` or inside parentheses are kept. A row longer than 100
  columns is folded where it may be: before one of these words, or at a space of a quotation.
- **Columns.** Articles and interpretations stand at column 73, or two spaces after a longer row. The `:` of a scale, the `:`
  of the cases of « selon le cas », each on its own row, and the labels of the readings of an interpretation are aligned within
  their block, unless what stands before is longer than 60 columns. The bars of a grid are aligned, within 200 columns.

Words that this spacing would read otherwise (`1  500` is two numbers) are left as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lark import Token

from communis.tariff.language.problems import Place, Problem, ProblemsFound
from communis.tariff.language.source import SPACE, Block, Line, Source, read_source
from communis.tariff.language.spelling import CASES, canonical, space_before, word_of

INDENT = 4
WIDTH = 100
MARGIN = 72
WIDEST_LEFT = 60
WIDEST_GRID = 200
MOST_BARS = 60

_MARGIN_TOKENS = ("ARTICLE", "NOTE")
_LINKS = ("et", "ou", "+", "×", "/")
_SPACES = re.compile(f"[{SPACE}]+")
_FOLDABLE = re.compile(r"(?<=\S) (?=\S)")


def formatted(text: str | bytes, name: str = "") -> str:
    """Return a file in its one layout; raises ProblemsFound when it has lexical problems, each with its place.

    The tokens and the comments are those of the file, in the same order, and formatting twice changes nothing. A file that
    does not parse is laid out all the same.
    """
    source = read_source(text, name)
    if source.problems:
        raise ProblemsFound(source.problems)
    result = _Layout(source).text()
    check_same(source, read_source(result, name))
    return result


def check_same(before: Source, after: Source) -> None:
    """Raise ProblemsFound unless two files say the same words, line by line, with the same comments."""
    if after.problems:
        raise ProblemsFound(after.problems)
    ours, theirs = _lines(before), _lines(after)
    for line, other in zip(ours, theirs, strict=False):
        if _said(line) != _said(other):
            raise ProblemsFound([_unsafe(before, line.place)])
    if len(ours) != len(theirs) or before.last_comments != after.last_comments:
        raise ProblemsFound([_unsafe(before, Place(1, 1, 1, 1))])


def _unsafe(source: Source, place: Place) -> Problem:
    return Problem("MEP-01", "La mise en page changerait les mots de cette ligne.", "Écrivez-la plus simplement.",
                   place, source.name, source.words_at(place))  # fmt: skip


def _lines(source: Source) -> list[Line]:
    return [line for block in source.blocks for line in (block.head, *block.lines)]


def _said(line: Line) -> tuple[object, ...]:
    return [canonical(t) for t in line.tokens], line.comments, _SPACES.sub(" ", line.trailing).strip(" ")


# ---------------------------------------------------------------- rows


@dataclass(slots=True)
class _Atom:
    """Words never cut, the spaces before them, and whether a row may start with them."""

    text: str
    space: int = 1
    folds: bool = False


@dataclass(slots=True)
class _Row:
    """A row of a line: what stands above it (comments, "" for a blank row), its words, its margin, its comment."""

    tokens: list[Token]
    above: list[str]
    indent: int
    hang: int
    trailing: str = ""
    atoms: list[_Atom] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # the first atom of each token; empty when the row is left as written
    margin: str = ""

    def left(self, index: int) -> int:
        """Return the columns taken by what stands before a token."""
        return sum(a.space + len(a.text) for a in self.atoms[: self.starts[index]])

    def place(self, index: int, column: int) -> None:
        """Bring a token to a column; the row is no longer folded before it."""
        atom = self.starts[index]
        self.atoms[atom].space = column - self.left(index)
        for before in self.atoms[: atom + 1]:
            before.folds = False

    def find(self, sign: str) -> int | None:
        """Return the first token that is this sign."""
        return next((i for i, _ in enumerate(self.starts) if self.tokens[i].type == sign), None)

    def written(self) -> Iterator[str]:
        """Yield the row, folded, with its margin and its comment."""
        text, empty = " " * self.indent, True
        for atoms in self.chunks():
            chunk = "".join(" " * a.space + a.text for a in atoms)
            if not empty and len(text) + len(chunk) > WIDTH:
                yield text
                text, chunk = " " * self.hang, chunk.lstrip(" ")
            text, empty = text + chunk, False
        if self.margin:
            text = text.ljust(max(MARGIN, len(text) + 2)) + self.margin
        yield f"{text}  {self.trailing}" if self.trailing else text

    def chunks(self) -> Iterator[list[_Atom]]:
        """Yield the atoms between two places where the row may be folded."""
        chunk: list[_Atom] = []
        for atom in self.atoms:
            if atom.folds and chunk:
                yield chunk
                chunk = []
            chunk.append(atom)
        if chunk:
            yield chunk

    def lay(self, line: Sequence[Token], first: int, scale: bool) -> None:
        """Cut the tokens, which stand in a line from the first on, into atoms and a margin if they end the line."""
        last = first + len(self.tokens)
        end = last
        while last == len(line) and end > first + 1 and line[end - 1].type in _MARGIN_TOKENS:
            end -= 1
        if not first and all(t.type == "ARTICLE" for t in line[:end]):
            end = last
        for index in range(first, end):
            self.starts.append(len(self.atoms))
            self.atoms.extend(_atoms(line, index, scale))
        self.atoms[0].space, self.atoms[0].folds = 0, False
        self.margin = " ".join(word_of(line, index, scale) for index in range(end, last))

    def depth(self, depth: int) -> int:
        """Return how many parentheses are open at its end, given how many were before."""
        for token in self.tokens:
            depth = max(0, depth + (token.type == "(") - (token.type == ")"))
        return depth

    def reads_back(self) -> bool:
        """Tell whether the row as laid out holds the same tokens."""
        again = read_source("x\n" + "\n".join(self.written()), "")
        found = [t for line in _lines(again) for t in line.tokens][1:]
        ours = [canonical(t) for t in self.tokens]
        if self.tokens[0].type in CASES:
            ours[0] = ("WORD", ours[0][1])
        return not again.problems and [canonical(t) for t in found] == ours

    def keep(self, text: str) -> None:
        """Leave the row as written."""
        self.atoms, self.starts, self.margin, self.trailing = [_Atom(text, 0)], [], "", ""


def _atoms(tokens: Sequence[Token], index: int, scale: bool) -> Iterator[_Atom]:
    """Yield the atoms of a token: one, or as many as a quotation has words."""
    token = tokens[index]
    text = word_of(tokens, index, scale)
    space = space_before(tokens, index) if index else 0
    if token.type not in ("STRING", "QUOTE"):
        yield _Atom(text, space, token.type in _LINKS or (token.type == "WORD" and str(token) in _LINKS))
        return
    inner = text[2:-2] if token.type == "QUOTE" else text[1:-1]
    edge = text[: (len(text) - len(inner)) // 2]
    words = _FOLDABLE.split(inner)
    words[0] = edge + words[0]
    words[-1] += text[len(edge) + len(inner) :]
    for number, word in enumerate(words):
        yield _Atom(word, 1 if number else space, number > 0)


# ---------------------------------------------------------------- the file


class _Layout:
    """Lays out the blocks of a file, with the blank rows and comments found between them in its text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.texts = source.text.split("\n")
        self.row = 0  # the rows of the text already laid out
        self.out: list[str] = []

    def text(self) -> str:
        previous = ""
        for block in self.source.blocks:
            kind = "article" if block.head.tokens[0].type == "ARTICLE" else str(block.head.tokens[0])
            self.separate(self.between(block.head.tokens[0].line or 1), together=kind == previous)
            previous = kind
            for row in self.rows_of(block):
                self.out.extend(" " * row.indent + text if text else "" for text in row.above)
                self.out.extend(row.written())
        self.separate(self.between(len(self.texts) + 1), together=False)
        while self.out and not self.out[-1]:
            self.out.pop()
        return "".join(f"{row}\n" for row in self.out)

    def between(self, line: int) -> list[str]:
        """Return the comments and blank rows from where we are to a row of the text."""
        found = [text.strip(SPACE) for text in self.texts[self.row : line - 1]]
        self.row = line - 1
        return found

    def separate(self, above: list[str], *, together: bool) -> None:
        """Write what stands above a block, after one blank row unless it was kept with the block before it."""
        if self.out and not (together and "" not in above):
            self.out.append("")
        for text in above:
            if text or (self.out and self.out[-1]):
                self.out.append(text)

    def rows_of(self, block: Block) -> list[_Row]:
        """Return the rows of a block, its columns aligned."""
        word = str(block.head.tokens[0]) if block.head.tokens[0].type == "WORD" else ""
        lines = [self.rows_of_line(block.head, 0, False)]
        for line in block.lines:
            lines.append(self.rows_of_line(line, INDENT, word == "barème"))
            if _is_open(lines[-2]):
                lines[-1][0].above.insert(0, "")
            _align([(row, row.find(":")) for row in lines[-1] if row.tokens[0].type in CASES])
        if word == "barème":
            _align([(rows[0], rows[0].find(":")) for rows in lines[1:]])
        if word == "interprétation":
            _align([(rows[0], 2) for rows in lines[1:] if _is_reading(rows[0])])
        for count, run in groupby(lines[1:], _bars):
            if count:
                _align_grid([rows[0] for rows in run])
        return [row for rows in lines for row in rows]

    def rows_of_line(self, line: Line, indent: int, scale: bool) -> list[_Row]:
        """Cut a line into the rows of the text, each laid out."""
        rows: list[_Row] = []
        position = indent
        depth = 0
        for start, end in _cuts(line.tokens):
            tokens = line.tokens[start:end]
            first, last = tokens[0], tokens[-1]
            reset = depth > 0 and not self.texts[self.row].startswith(tuple(SPACE))
            above = [text for text in self.between(first.line or 1) if text]
            if first.type in CASES:
                position = indent + INDENT
                row = _Row(tokens, above, position, position + INDENT)
            else:
                row = _Row(tokens, above, position + INDENT * bool(rows), position + INDENT)
            if reset:
                row.above.insert(0, "")
            depth = row.depth(0 if reset else depth)
            self.row = last.end_line or 1
            row.trailing = self.texts[self.row - 1][(last.end_column or 1) - 1 :].strip(SPACE)
            row.lay(line.tokens, start, scale)
            if not row.reads_back():
                row.keep(self.as_written(first))
            rows.append(row)
        return rows

    def as_written(self, first: Token) -> str:
        """Return the row that starts with a token as the file has it."""
        return " ".join(text.strip(SPACE) for text in self.texts[(first.line or 1) - 1 : self.row])


def _cuts(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first token of each row and the one after its last."""
    starts = [i for i, t in enumerate(tokens) if not i or (t.line or 0) > (tokens[i - 1].end_line or 0)]
    return zip(starts, [*starts[1:], len(tokens)], strict=True)


def _is_open(rows: list[_Row]) -> bool:
    """Tell whether a line ends inside parentheses, for the reader of `source`."""
    depth = 0
    for row in rows:
        depth = row.depth(0 if "" in row.above else depth)
    return depth > 0


def _is_reading(row: _Row) -> bool:
    return len(row.starts) > 2 and str(row.tokens[0]) in ("retenu", "possible") and row.tokens[2].type == "STRING"


def _align(columns: list[tuple[_Row, int | None]]) -> None:
    """Bring the same sign of several rows to the same column, save after words too long for it."""
    found = [(row, index) for row, index in columns if row.starts and index and row.left(index) <= WIDEST_LEFT]
    column = max((row.left(index) for row, index in found), default=0) + 1
    for row, index in found:
        row.place(index, column)


def _bars(rows: list[_Row]) -> int:
    """Count the bars of a line of a grid; 0 for any other line."""
    row = rows[0]
    if len(rows) > 1 or not row.starts or row.tokens[0].type != "|" or row.tokens[len(row.starts) - 1].type != "|":
        return 0
    count = sum(row.tokens[i].type == "|" for i, _ in enumerate(row.starts))
    return count if count <= MOST_BARS else 0


def _align_grid(rows: list[_Row]) -> None:
    """Align the bars of consecutive rows of a grid, unless the whole is too wide."""
    bars = [[i for i, _ in enumerate(row.starts) if row.tokens[i].type == "|"] for row in rows]
    for row in rows:
        for atom in row.atoms:
            atom.folds = False
    column, columns = 0, [0]
    for k in range(1, len(bars[0])):
        column += 1 + max(row.left(bar[k]) - row.left(bar[k - 1]) - (k > 1) for row, bar in zip(rows, bars, strict=True))
        columns.append(column)
    if column <= WIDEST_GRID:
        for row, bar in zip(rows, bars, strict=True):
            for k, target in enumerate(columns):
                row.place(bar[k], target)
