"""From the bytes of a `.tarif` file to blocks of tokens, with every lexical problem and no recursion.

A block is a line that starts at the margin and the indented lines below it. Each of its lines is parsed alone, so that
one mistake never hides another. Comments are kept aside, for `layout`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from lark import Token

from communis.tariff.language.problems import Place, Problem

MAX_BYTES = 256 * 1024
MAX_LINE = 1000
MAX_TOKENS = 20_000
MAX_DEPTH = 30
MAX_DIGITS = 15
MAX_DECIMALS = 9

SPACE = " \u00a0\u202f"
_LETTER = r"[^\W\d_]"
_WORD = rf"{_LETTER}\w*(?:-{_LETTER}\w*)*"
_UNIT_WORD = rf"{_LETTER}[\w-]*"
_TOKENS = re.compile(
    rf"""
    (?P<comment>\#[^\n]*)
  | (?P<date>[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}(?![0-9/]))
  | (?P<span>[0-9]{{4}}-[0-9]{{4}}(?![0-9]))
  | (?P<ordinal>(?:[0-9]{{1,3}}(?:[{SPACE}][0-9]{{3}})+|[0-9]+)(?:er|re|e|è|ème|ième)\b)
  | (?P<number>(?:[0-9]{{1,3}}(?:[{SPACE}][0-9]{{3}})+(?![0-9])|[0-9]+)(?:,[0-9]+)?)
  | (?P<unit>[€%](?:/{_UNIT_WORD})*(?:[{SPACE}]par[{SPACE}](?=[^\W\d_]){_UNIT_WORD})?|{_UNIT_WORD}(?:/{_UNIT_WORD})+)
  | (?P<interp>[A-Z]{{2,8}}-[0-9]{{1,4}}\b)
  | (?P<exo>N(?:[{SPACE}]?[-−–+][{SPACE}]?[0-9]{{1,2}})?(?![\w.’'/-]))
  | (?P<elision>(?:[LlDdNnSsJj]|[Jj]usqu|[Qq]u)['’])
  | (?P<beyond>[Aa]u-delà\b)
  | (?P<word>{_WORD}(?:\.{_WORD})*)
  | (?P<note>\[[^\]\n]*\])
  | (?P<op><=|>=|<>|!=|[-−–+×*/=≠<≤>≥();:,|])
  | (?P<space>[ \t\u00a0\u202f]+)
    """,
    re.VERBOSE,
)
_REFERENCE = re.compile(r"[^\s,;\[\]\"«»()]+(?:[ \u00a0]\([^()\n]{1,30}\))?")
_AND_REFERENCE = re.compile(r"[ \u00a0]+et[ \u00a0]+(?:(article|passage)[ \u00a0]+)?(?=[^\s\"«»\[\]()=]+)")
_NOTE_NAMES = re.compile(r"[A-Z]{2,8}-[0-9]{1,4}")
_BETWEEN_NOTES = re.compile(r"[,;]|\bet\b")
_CANONICAL_OPERATORS = {"<=": "≤", ">=": "≥", "<>": "≠", "!=": "≠", "−": "-", "–": "-", "*": "×"}
_CONTINUES = ("et", "ou", "+", "×", "*", "/")


@dataclass(slots=True)
class Line:
    """The tokens of one line of a block, its continuations included, and the comments that belong to it."""

    tokens: list[Token]
    comments: list[str] = field(default_factory=list)
    trailing: str = ""
    blank_before: bool = False

    @property
    def place(self) -> Place:
        return place_of(self.tokens[0]).to(place_of(self.tokens[-1]))


@dataclass(slots=True)
class Block:
    """A head at the margin and the lines below it."""

    head: Line
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """A file cut into blocks, with its lexical problems and the comments that end it."""

    name: str
    text: str
    blocks: list[Block]
    problems: list[Problem]
    last_comments: list[str] = field(default_factory=list)
    rows: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = self.text.split("\n")

    def words_at(self, place: Place) -> str:
        """Return the words of the first line of a place."""
        lines = self.rows
        if not 1 <= place.line <= len(lines):
            return ""
        end = place.end_column - 1 if place.end_line == place.line else len(lines[place.line - 1])
        return lines[place.line - 1][place.column - 1 : end]


def noted_names(text: str) -> tuple[str, ...]:
    """Return the interpretations named between brackets: [AMB-01, AMB-02] or [AMB-01 et AMB-02]."""
    return tuple(name.strip(SPACE) for name in _BETWEEN_NOTES.split(text[1:-1]))


def place_of(token: Token) -> Place:
    """Return where a token stands."""
    return Place(token.line or 1, token.column or 1, token.end_line or 1, token.end_column or 1)


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a convention file, no more than what tells that it is too long: a device has no end."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_source(data: bytes | str, name: str) -> Source:
    """Cut a file into blocks; never raises, whatever the bytes (language.md 2.7)."""
    text, problems = _decoded(data, name)
    if problems:
        return Source(name, "", [], problems)
    return _Reader(name, text).read()


def _decoded(data: bytes | str, name: str) -> tuple[str, list[Problem]]:
    """Return the text of a file in its canonical form, or why it cannot be read."""

    def refused(code: str, message: str, remedy: str, line: int = 1, column: int = 1) -> tuple[str, list[Problem]]:
        return "", [Problem(code, message, remedy, Place(line, column, line, column + 1), name)]

    if len(data) > MAX_BYTES:
        return refused("LEC-20", f"Le fichier fait plus de {_grouped(MAX_BYTES)} octets, le plus que fasse une convention.",
                       "Découpez-la, ou retirez ce qui n’est pas du tarif.")  # fmt: skip
    if isinstance(data, bytes):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
            return refused("LEC-21", "Le fichier n’est pas en UTF-8.", "Enregistrez-le en UTF-8.", line, column)
    else:
        text = data.removeprefix("\ufeff")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "))
    for number, line_text in enumerate(text.split("\n"), 1):
        if len(line_text) > MAX_LINE:
            return refused("LEC-22",
                           f"La ligne {number} compte {_grouped(len(line_text))} caractères ; le plus est {_grouped(MAX_LINE)}.",
                           "Coupez-la : une ligne qui commence par « et », « ou », « + », « × » continue la précédente.",
                           number, MAX_LINE)  # fmt: skip
        for column, character in enumerate(line_text, 1):
            if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co"):
                return refused("LEC-23", f"Caractère invisible (U+{ord(character):04X}).", "Effacez-le.", number, column)
    return text, []


_ASIDE = "Retirez-le, ou mettez-le entre guillemets."


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "\u00a0")


class _Reader:
    """Reads a text line by line, keeping the open quotation, the depth of parentheses and the pending comments."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.rows = text.split("\n")
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.comments: list[str] = []
        self.blank = False
        self.depth = 0
        self.inside = False
        self.count = 0
        self.row = 0
        self.expect_case = False
        self.orphan_told = False
        self.base = 0

    def read(self) -> Source:
        while self.row < len(self.rows):
            self.read_row()
        return Source(self.name, self.text, self.blocks, self.problems, self.comments)

    def problem(self, code: str, message: str, remedy: str, line: int, column: int, length: int = 1) -> None:
        words = self.rows[line - 1][column - 1 : column - 1 + length]
        place = Place(line, column, line, column + length)
        self.problems.append(Problem(code, message, remedy, place, self.name, words))

    def read_row(self) -> None:
        """Read one line and give its tokens to the block and clause they belong to."""
        text = self.rows[self.row]
        stripped = text.strip(SPACE)
        if not stripped:
            self.blank = True
            self.row += 1
            return
        if stripped.startswith("#"):
            self.comments.append(stripped)
            self.row += 1
            return
        indent = len(text) - len(text.lstrip(SPACE))
        if indent == 0:
            self.depth = 0
        self.inside = self.depth > 0
        tokens, comment = self.tokens_of_row()
        if not tokens or self.too_many(tokens):
            return
        self.place_tokens(tokens, indent, comment)

    def too_many(self, tokens: list[Token]) -> bool:
        self.count += len(tokens)
        if self.count > MAX_TOKENS:
            first = place_of(tokens[0])
            self.problem("LEC-20", f"Le fichier compte plus de {MAX_TOKENS} mots.", "Découpez-le.", first.line, first.column)
            self.row = len(self.rows)
            return True
        return False

    def place_tokens(self, tokens: list[Token], indent: int, comment: str) -> None:
        if indent == 0:
            line = Line(tokens, self.comments, comment, self.blank)
            self.blocks.append(Block(line))
            self.current: Line = line
            self.base = 0
            self.expect_case = False
        elif not self.blocks:
            first = place_of(tokens[0])
            if not self.orphan_told:
                self.problem("LEC-05", "Cette ligne est en retrait, mais rien ne la précède.",
                             "Commencez par une ligne à la marge, par exemple : convention \"…\".",
                             first.line, first.column, len(tokens[0]))  # fmt: skip
            self.orphan_told = True
            return
        elif self.continues(tokens, indent):
            self.continue_line(tokens, comment)
        else:
            if not self.blocks[-1].lines:
                self.base = indent
            self.current = Line(tokens, self.comments, comment, self.blank)
            self.blocks[-1].lines.append(self.current)
            self.expect_case = False
        if [str(t) for t in tokens[-3:]] == ["selon", "le", "cas"]:
            self.expect_case = True
        self.comments = []
        self.blank = False

    def continues(self, tokens: list[Token], indent: int) -> bool:
        """Tell whether a line continues the one above: an open parenthesis, a linking word, or a case of « selon le cas »."""
        if self.inside or str(tokens[0]) in _CONTINUES:
            return True
        deeper = indent > self.base and bool(self.blocks[-1].lines)
        return self.expect_case and deeper and str(tokens[0]) in ("si", "sinon")

    def continue_line(self, tokens: list[Token], comment: str) -> None:
        if not self.inside and str(tokens[0]) in ("si", "sinon"):
            kind = "CASE_IF" if str(tokens[0]) == "si" else "CASE_ELSE"
            tokens[0] = Token.new_borrow_pos(kind, str(tokens[0]), tokens[0])
        self.current.tokens.extend(tokens)
        self.current.comments.extend(self.comments)
        if comment:
            self.current.trailing = f"{self.current.trailing} {comment}".strip()

    def tokens_of_row(self) -> tuple[list[Token], str]:
        """Cut the current line into tokens; quotations may run over the indented lines below."""
        tokens: list[Token] = []
        comment = ""
        column = 0
        start_row = self.row
        while column < len(self.rows[self.row]):
            text = self.rows[self.row]
            character = text[column]
            if character in '"«':
                column = self.quotation(tokens, column)
                continue
            match = _TOKENS.match(text, column)
            if match is None:
                self.unknown_character(text, column)
                column += 1
                continue
            kind = match.lastgroup or ""
            column = match.end()
            if kind == "comment":
                comment = match.group()
                break
            if kind == "space":
                continue
            column = self.add(tokens, kind, match)
        if self.depth and self.row > start_row + 40:
            self.depth = 0
        self.row += 1
        if self.row >= len(self.rows) or not self.rows[self.row].startswith(tuple(SPACE)):
            self.depth = 0
        return tokens, comment

    def unknown_character(self, text: str, column: int) -> None:
        character = text[column]
        if character.isdigit():
            self.problem(
                "LEC-02",
                f"« {character} » n’est pas un chiffre de 0 à 9.",
                "Écrivez les nombres en chiffres arabes courants.",
                self.row + 1,
                column + 1,
            )
        else:
            remedy = 'Un libellé s’écrit entre guillemets droits : "…".' if character in "“”„" else _ASIDE
            self.problem("LEC-01", f"« {character} » n’a pas de sens ici.", remedy,
                         self.row + 1, column + 1)  # fmt: skip

    def add(self, tokens: list[Token], kind: str, match: re.Match[str]) -> int:
        """Append the token of a match, with the reference that follows `article`; return where to go on."""
        text, start, end = match.group(), match.start(), match.end()
        row = self.rows[self.row]
        if kind == "word" and text in ("article", "passage"):
            return self.references(tokens, text, start, end)
        if kind == "number":
            text, end = self.checked_number(row, start, end)
        if kind == "note":
            names = _NOTE_NAMES.findall(text)
            if not names:
                self.problem("NOM-04", "Entre crochets, on attend le nom d’une interprétation.", "Par exemple [AMB-01].",
                             self.row + 1, start + 1, end - start)  # fmt: skip
                return end
            if tuple(names) != noted_names(text):
                self.problem("NOM-04", "Entre crochets, une virgule sépare les noms des interprétations.",
                             f"Écrivez [{', '.join(names)}].", self.row + 1, start + 1, end - start)  # fmt: skip
                return end
        if kind == "op":
            self.follow_depth(text, start)
            text = _CANONICAL_OPERATORS.get(text, text)
        if kind == "beyond":
            kind = "word"
        tokens.append(self.token(kind.upper() if kind != "op" else text, text, start, end))
        return end

    def token(self, kind: str, text: str, start: int, end: int, end_row: int | None = None) -> Token:
        row = self.row + 1
        return Token(kind, text, None, row, start + 1, end_row or row, end + 1)

    def follow_depth(self, text: str, start: int) -> None:
        if text == "(":
            self.depth += 1
            if self.depth == MAX_DEPTH + 1:
                self.problem(
                    "LEC-24",
                    f"Plus de {MAX_DEPTH} parenthèses ouvertes.",
                    "Donnez un nom aux parties de la formule : grandeur …",
                    self.row + 1,
                    start + 1,
                )
        elif text == ")" and self.depth:
            self.depth -= 1

    def checked_number(self, row: str, start: int, end: int) -> tuple[str, int]:
        """Tell the numbers that are too long, and those written as elsewhere; return what is meant and where it ends."""
        text = row[start:end]
        whole, _, decimals = text.partition(",")
        digits = sum(c.isdigit() for c in whole)
        if digits > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
            self.problem("LEC-25", f"Un nombre a au plus {MAX_DIGITS} chiffres et {MAX_DECIMALS} décimales.",
                         "Écrivez-le plus court, ou changez d’unité.", self.row + 1, start + 1, end - start)  # fmt: skip
        dot = re.match(r"\.[0-9]+", row[end:])
        if dot:
            fixed = text + "," + dot.group()[1:]
            self.problem(
                "LEC-02",
                f"« {text}{dot.group()} » : en français la virgule sépare les décimales, le point numérote les articles.",
                f"« {fixed} »",
                self.row + 1,
                start + 1,
                end - start + dot.end(),
            )
            return fixed, end + dot.end()
        power = re.match(r"[eE][+-]?([0-9]+)", row[end:])
        if power:
            self.problem("LEC-02", "Les nombres s’écrivent en toutes lettres de chiffres, sans puissance de dix.",
                         "Écrivez tous les chiffres.", self.row + 1, start + 1, end - start + power.end())  # fmt: skip
            return text, end + power.end()
        return text, end

    def references(self, tokens: list[Token], word: str, start: int, end: int) -> int:
        """Read the places of the text named after `article` or `passage`, as many as « et » links."""
        row = self.rows[self.row]
        position = end
        while True:
            space = re.compile(r"[ \u00a0]+").match(row, position)
            found = _REFERENCE.match(row, space.end()) if space else None
            if found is None:
                self.problem(
                    "NOM-05",
                    f"« {word} » n’est suivi d’aucun numéro.",
                    f"Par exemple : {word} 7.1",
                    self.row + 1,
                    start + 1,
                    len(word),
                )
                return end
            reference = f"{word} {found.group()}" if word != "article" else found.group()
            tokens.append(self.token("ARTICLE", reference, start, found.end()))
            position = found.end()
            more = _AND_REFERENCE.match(row, position)
            if more is None:
                return position
            word = more.group(1) or word
            start = more.end()
            position = more.end() - 1

    def quotation(self, tokens: list[Token], column: int) -> int:
        """Read a label between " " or the words of the document between « » (nested once), over indented lines if need be."""
        opening = self.rows[self.row][column]
        first_row, first_column = self.row, column
        parts: list[str] = []
        depth = 0
        row, position = self.row, column
        while True:
            text = self.rows[row]
            found = self.end_of_quotation(text, position, opening, depth)
            if isinstance(found, int):
                parts.append(text[position:found])
                break
            depth = found[0]
            parts.append(text[position:].rstrip())
            row += 1
            if row >= len(self.rows) or not self.rows[row].startswith(tuple(SPACE)) or row - first_row > 60:
                closing = "»" if opening == "«" else '"'
                self.problem(
                    "LEC-06",
                    "Ces guillemets ne se ferment pas.",
                    f"Fermez-les par {closing} avant la ligne suivante à la marge.",
                    first_row + 1,
                    first_column + 1,
                )
                self.row = row - 1
                return len(self.rows[self.row])
            position = len(self.rows[row]) - len(self.rows[row].lstrip(SPACE))
        content = " ".join(part.strip(SPACE) for part in parts)[1:-1].strip(SPACE)
        kind = "STRING" if opening == '"' else "QUOTE"
        token = Token(kind, content, None, first_row + 1, first_column + 1, row + 1, found + 1)
        tokens.append(token)
        self.row = row
        return found

    @staticmethod
    def end_of_quotation(text: str, position: int, opening: str, depth: int) -> int | tuple[int]:
        """Return the column after the closing mark, or the depth reached at the end of the line."""
        for column in range(position, len(text)):
            character = text[column]
            if opening == '"':
                depth += character == '"'
                if depth == 2:
                    return column + 1
            elif character == "«":
                depth += 1
            elif character == "»":
                depth -= 1
                if depth == 0:
                    return column + 1
        return (depth,)
