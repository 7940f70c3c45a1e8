"""The library of examples: one small complete convention a block, and a new convention begun from a few of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from unicodedata import category

from communis.tariff.language import syntax as s
from communis.tariff.language.parser import HEADS, parse
from communis.tariff.language.problems import ProblemsFound, nearest
from communis.tariff.language.source import Block, place_of, read_source

INVENTED = "Tout est inventé"
TO_FILL = ("gestionnaire", "base légale", "version")
HEADER_WORDS = (*TO_FILL, "source", "exercice", "arrondi", "total arrondi", "restes", "prorata", "taxe")
FIRST = ("h_article", "h_unit", "h_unit_conversion", "h_interpretation", "h_offer", "h_membership", "h_fact", "h_register")
SAME_WORD = {"h_unit_conversion": "h_unit", "h_class_scale": "h_scale", "h_slice_scale": "h_scale"}
STACKED = ("h_article", "h_unit", "h_offer", "h_fact", "h_parameter")
MAX_TITLE = 200
BEGINNING = """\
# Remplacez ce qui est entre [crochets], puis les articles, les prix et les exemples par les vôtres : tout y est inventé.

convention "{title}"
    gestionnaire "[nom du gestionnaire]"
    version "[nom de la version]" du 01/01/2024
    base légale "[texte qui fonde la convention]"
"""
DEFAULT_HEADER = {
    "exercice": "    exercice du 1er janvier au 31 décembre",
    "arrondi": "    arrondi au centime le plus proche",
    "taxe": "    taxe hors taxe",
}


class Unfit(ValueError):
    """What the library refuses: an unknown block, a title, or two blocks that clash; the reason is in French."""


class _Library(Mapping[str, str]):
    """The blocks by name, each with its one-line description, read when it is asked for."""

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        return len(_names())

    def __getitem__(self, name: str) -> str:
        if name not in _names():
            raise KeyError(name)
        return _described(block_text(name))


LIBRARY: Mapping[str, str] = _Library()


@cache
def _names() -> tuple[str, ...]:
    folder = resources.files("communis") / "conventions" / "bibliotheque"
    return tuple(sorted(entry.name.removesuffix(".tarif") for entry in folder.iterdir() if entry.name.endswith(".tarif")))


@cache
def block_text(name: str) -> str:
    """Return the text of a block; raises Unfit, with the nearest name, for one that the library does not have."""
    if name not in _names():
        close = nearest(name, _names())
        hint = f" Le plus proche : {close}." if close else f" Blocs : {', '.join(_names())}."
        raise Unfit(f"« {name} » n’est pas un bloc de la bibliothèque.{hint}")
    folder = resources.files("communis") / "conventions" / "bibliotheque"
    return (folder / f"{name}.tarif").read_text(encoding="utf-8")


def _described(text: str) -> str:
    """Return what the first comment lines say, less the words that call it invented."""
    words = []
    for row in text.split("\n"):
        if not row.startswith("#"):
            break
        words.append(row.lstrip("# "))
    return " ".join(words).partition(INVENTED)[0].strip().removesuffix(".")


# ---------------------------------------------------------------- a new convention


@dataclass(frozen=True, slots=True)
class _Declaration:
    """A block of rows of a library file: its kind, its name, its rows with the comments above, and where it comes from."""

    kind: str
    name: str
    text: str
    origin: str

    @property
    def said(self) -> str:
        """Return its words, whatever their spacing and the comments above."""
        rows = [row for row in self.text.split("\n") if not row.lstrip().startswith("#")]
        return re.sub(r"\s+", " ", "\n".join(rows)).strip()


@dataclass(slots=True)
class _Parts:
    """What a new convention is made of, in the order in which it is met; what a block has of its own, with its description."""

    header: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: dict[str, _Declaration] = field(default_factory=dict)
    shared: list[_Declaration] = field(default_factory=list)
    own: list[tuple[str, list[_Declaration]]] = field(default_factory=list)


def starter(title: str, blocks: Iterable[str]) -> str:
    """Return the text of a new convention: a header to fill and the blocks chosen, what they share written once.

    Raises Unfit, in French, for an unknown block, a title that cannot stand between quotes, and two blocks that
    declare the same name, or the same word of the header, differently.
    """
    return merged(title, {name: block_text(name) for name in blocks})


def merged(title: str, texts: Mapping[str, str]) -> str:
    """Return the text of a new convention made from complete ones, by name; raises Unfit as `starter` does."""
    if not title.strip() or len(title) > MAX_TITLE or '"' in title or any(category(c).startswith("C") for c in title):
        raise Unfit(f"Un titre tient sur une ligne de {MAX_TITLE} caractères au plus, sans guillemets droits.")
    parts = _Parts()
    for name, text in texts.items():
        _add(parts, name, text)
    return "".join(f"{row}\n" for row in _written(title, parts))


def _add(parts: _Parts, name: str, text: str) -> None:
    """Add a block to the parts of a convention, refusing what clashes with those before."""
    own: list[_Declaration] = []
    parts.own.append((_described(text) or name, own))
    for declaration in _declarations(name, text):
        if declaration.kind == "h_convention":
            _add_header(parts.header, declaration)
            continue
        key = _key(declaration)
        known = parts.known.setdefault(key, declaration)
        if known is declaration:
            (parts.shared if declaration.kind in FIRST else own).append(declaration)
        elif known.said != declaration.said:
            raise _clash(known.origin, name, f"ne déclarent pas « {declaration.name} » de la même façon")


def _key(declaration: _Declaration) -> str:
    """Return what two declarations cannot share: articles, units and interpretations apart, a name stands for one rule."""
    if declaration.kind in ("h_example", "h_membership"):
        return declaration.said
    kind = SAME_WORD.get(declaration.kind, declaration.kind)
    return f"{kind if kind in ('h_article', 'h_unit', 'h_interpretation') else ''} {declaration.name}"


def _add_header(header: dict[str, tuple[str, str]], declaration: _Declaration) -> None:
    for row in declaration.text.split("\n"):
        word = next((w for w in sorted(HEADER_WORDS, key=len, reverse=True) if row.strip().startswith(w + " ")), "")
        if not word or word in TO_FILL:
            continue
        other, origin = header.setdefault(word, (row, declaration.origin))
        if other.split() != row.split():
            raise _clash(origin, declaration.origin, f"n’ont pas le même « {word} »")


def _clash(first: str, second: str, what: str) -> Unfit:
    return Unfit(f"Les blocs « {first} » et « {second} » {what} : prenez l’un ou l’autre.")


@cache
def _declarations(name: str, text: str) -> tuple[_Declaration, ...]:
    """Cut a convention into its declarations, in order, comments above included; raises ProblemsFound if it cannot be read."""
    source = read_source(text, f"{name}.tarif")
    sections, problems = parse(source)
    if problems:
        raise ProblemsFound(problems)
    rows = source.text.split("\n")
    return tuple(_declaration(block, section, rows, name) for block, section in zip(source.blocks, sections, strict=True))


def _declaration(block: Block, section: s.Section, rows: list[str], origin: str) -> _Declaration:
    head = section.head
    tokens = [t for line in (block.head, *block.lines) for t in line.tokens]
    last = max(place_of(token).end_line for token in tokens)
    above = [] if head.kind == "h_convention" else block.head.comments
    text = "\n".join([*above, *(row.rstrip() for row in rows[place_of(tokens[0]).line - 1 : last])])
    name = next((str(v) for v in head.values if v is not None and not isinstance(v, s.Clause)), HEADS[head.kind])
    return _Declaration(head.kind, name, text, origin)


def _written(title: str, parts: _Parts) -> Iterator[str]:
    """Yield the rows of the new convention: header, what may be shared, then each block under its description."""
    yield from BEGINNING.format(title=title).rstrip("\n").split("\n")
    header = {word: row for word, (row, _) in parts.header.items()}
    for word in HEADER_WORDS:
        row = header.get(word) or DEFAULT_HEADER.get(word)
        if row:
            yield row
    if not parts.known:
        yield from ("", 'article 1 "[titre]"')
        return
    ordered = sorted(parts.shared, key=lambda d: (FIRST.index(SAME_WORD.get(d.kind, d.kind)), _article_order(d)))
    yield from _stacked(ordered)
    for description, declarations in parts.own:
        if declarations:
            yield ""
            yield f"# {description}."
            yield from _stacked(declarations)


def _article_order(declaration: _Declaration) -> list[tuple[int, str]]:
    """Return what sorts articles by number: 3.2 before 3.10; nothing for the rest, which keeps its order."""
    if declaration.kind != "h_article":
        return []
    return [(int(part), "") if part.isdigit() else (10**6, part) for part in re.split(r"[. ]", declaration.name)]


def _stacked(declarations: Iterable[_Declaration]) -> Iterator[str]:
    """Yield declarations, a blank row between them save between short neighbors of the same word."""
    previous = ""
    for declaration in declarations:
        kind = SAME_WORD.get(declaration.kind, declaration.kind)
        if kind != previous or kind not in STACKED:
            yield ""
        yield from declaration.text.split("\n")
        previous = kind
