"""Changing a convention by program: text in, text out, only the words concerned (language.md 2.9).

Each function finds a rule in the tree of the file, replaces its words, then reads the result again: the tree must be the one
asked for, every other rule and every comment as before. A file in the layout of `layout` stays in it, so that its columns
follow; any other keeps its spaces. The text comes back composed (NFC), with plain line ends and spaces for tabs.

They raise ValueError, in French, when the file does not read, when a name is unknown (with the nearest one) or when the words
given do not say what is asked. Whether the change is right is for `verify` to tell: a bound moved alone leaves a hole.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate
from typing import TypeVar

from lark import Token

from communis.tariff.calendar import french_date
from communis.tariff.language import rules as r
from communis.tariff.language import syntax as s
from communis.tariff.language.assemble import assemble
from communis.tariff.language.layout import formatted
from communis.tariff.language.parser import HEADS, parse
from communis.tariff.language.problems import Place, ProblemsFound, nearest
from communis.tariff.language.source import SPACE, Block, Line, Source, place_of, read_source
from communis.tariff.language.spelling import canonical, grouped

_Rule = TypeVar("_Rule", bound=r.Rule)
_Edit = tuple[Place, str]
_PLAIN_SPACES = re.compile(" {2,}")


def with_price(text: str, parameter: str, price: str, *, since: date | None, act: str) -> str:
    """Change the value of a parameter: the latest one without a date, or a value of its own from a date on.

    `price` is a number and its unit (`1,60 €/hab`); without a unit, that of the value it replaces or follows is kept. `act` is
    what sets the value, written after « par »; empty, it leaves the act of the value replaced. With `since`, a line is added
    after the value that held before, or after the last; the value of that very day, if any, is replaced. A parameter
    « à fournir » takes the value in the place of these words. Raises ValueError when the value before runs beyond `since`.
    """
    file = _File(text)
    rule = file.rule(file.book.parameters, parameter, "paramètre")
    section = file.section(rule)
    clauses = [c for c in section.clauses if c.kind == "p_value"]
    if not clauses:
        clause = next(c for c in section.clauses if c.kind == "p_to_supply")
        unit = rule.type.unit if rule.type and rule.type.kind == "unit" else None
        words = _dated(_price(price, unit or None), since, None, act)
        return file.replace(section, clause, words, [(clause.place, words)])
    dated = sorted(zip(rule.values, clauses, strict=True), key=lambda pair: pair[0].first or date.min)
    value, clause = dated[-1]
    if since is not None:
        value, clause = next(((v, c) for v, c in reversed(dated) if (v.first or date.min) <= since), dated[-1])
    words = _price(price, value.value.unit)
    if since is None or value.first == since:
        return _price_replaced(file, section, value, clause, words, act)
    if value.first is None or value.first < since:
        if value.last is not None and value.last >= since:
            raise ValueError(
                f"La valeur de {parameter} court jusqu’au {french_date(value.last)} : une autre ne peut commencer "
                f"le {french_date(since)}. Changez d’abord « jusqu’au »."
            )
    else:
        clause = clauses[-1]
    return file.insert(section, clause, _dated(words, since, None, act))


def _price_replaced(file: _File, section: s.Section, value: r.DatedPrice, clause: s.Clause, words: str, act: str) -> str:
    """Replace the number and the unit of a value, and its act if one is given."""
    edits = [(value.value.place, words)]
    if act:
        by = next((c for c in clause.values if isinstance(c, s.Clause) and c.kind == "by"), None)
        label = f"par {_label(act)}"
        end = (clause.place.end_line, clause.place.end_column)
        edits.append((by.place, label) if by else (Place(*end, *end), f" {label}"))
    return file.replace(section, clause, _dated(words, value.first, value.last, act or value.act), edits)


def with_class(text: str, scale: str, rank: int, *, value: str | None = None, bound: str | None = None) -> str:
    """Change the value or the bound of a class of a scale, or both, in the words of the language.

    `rank` counts the classes from 1, from top to bottom, in the latest period of the scale. `value` is what the class gives
    (`2 100 €`, `gratuit`, `à décider "motif"`), `bound` whom it takes (`de 1 500 à moins de 3 000`). The classes beside it
    do not move. The cells of a grid are counted row by row, and their value alone can be changed.
    """
    file = _File(text)
    rule = file.rule(file.book.scales, scale, "barème")
    section = file.section(rule)
    classes = max(rule.periods, key=lambda period: period.first or date.min).rows
    if not 1 <= rank <= len(classes):
        raise ValueError(f"Le barème {scale} n’a pas de classe n° {rank} : il en compte {len(classes)}.")
    place = classes[rank - 1].place
    clause = next(c for c in section.clauses if c.kind in ("s_row", "s_grid_row") and _within(place, c.place))
    if clause.kind == "s_grid_row":
        if bound is not None:
            raise ValueError(
                f"Les classes de la grille {scale} se changent dans le texte : une colonne vaut pour toutes les lignes."
            )
        cell = next(k for k, x in enumerate(clause.values) if isinstance(x, s.Clause) and _within(place, x.place))
        return file.replace_parts(section, clause, {} if value is None else {cell: (place, _tidy(value))})
    said = file.said(clause)
    colon = next(i for i, t in enumerate(said) if t.type == ":")
    spans = (_place(said[:colon]), _place(said[colon + 1 :]))
    asked = {k: (spans[k], _tidy(words)) for k, words in enumerate((bound, value)) if words is not None}
    return file.replace_parts(section, clause, asked)


def with_version(text: str, label: str, first: date) -> str:
    """Name the version of the convention and the day it starts; the end that the version before had goes with it."""
    file = _File(text)
    section = next((x for x in file.sections if x.head.kind == "h_convention"), None)
    if section is None:
        raise ValueError("Le fichier n’a pas de bloc « convention ».")
    words = f"version {_label(label)} du {french_date(first)}"
    clause = next((c for c in section.clauses if c.kind == "c_version"), None)
    if clause is not None:
        return file.replace(section, clause, words, [(clause.place, words)])
    host = next((c for c in section.clauses if c.kind == "c_host"), section.head)
    return file.insert(section, host, words)


def with_reading(text: str, interpretation: str, reading: str) -> str:
    """Retain a reading of an interpretation, in the place of « à trancher » or of the one retained, which stays possible."""
    file = _File(text)
    rule = file.rule(file.book.interpretations, interpretation, "interprétation")
    if reading not in rule.readings:
        raise _unknown(f"lecture de {interpretation}", reading, rule.readings)
    if rule.retained == reading and not rule.open_reason:
        return text
    section = file.section(rule)
    edits: list[_Edit] = []
    expected: list[s.Clause] = []
    for clause in section.clauses:
        line = file.line(clause)
        if clause.kind == "i_open":
            edits.append(file.row_removed(line))
            continue
        kind = "i_retained" if str(clause.values[0]) == reading else "i_possible"
        if clause.kind != kind:
            edits.append((place_of(line.tokens[0]), "retenu" if kind == "i_retained" else "possible"))
        expected.append(dataclasses.replace(clause, kind=kind))
    return file.changed(section, expected, edits)


def with_line_removed(text: str, kind: str, name: str) -> str:
    """Remove a rule: its head, its lines and the comments inside; the comments above it stay.

    `kind` is the word that opens the rule (`ligne`, `offre`, `barème`, `article`, `passage`, `exemple`…) and `name` its name,
    the number of an article, the label of an example. The rules that name it are not changed: `verify` tells them.
    """
    file = _File(text)
    kinds = {*HEADS.values(), "passage", "barème"} - {"convention"}
    if kind not in kinds:
        raise _unknown("sorte de règle", kind, kinds)
    named = [(i, _name(x)) for i, x in enumerate(file.sections) if _opens(kind, x)]
    found = [i for i, known in named if known == name]
    if not found:
        raise _unknown(kind, name, [known for _, known in named])
    if len(found) > 1:
        raise ValueError(f"{len(found)} règles « {kind} » s’appellent « {name} » : donnez-leur d’abord des noms différents.")
    return file.removed(found[0])


# ---------------------------------------------------------------- the file


class _File:
    """A file that reads, its tree, and the ways to change it."""

    def __init__(self, text: str) -> None:
        self.source = read_source(text, "")
        self.sections, problems = parse(self.source)
        if problems:
            first = min(problems, key=lambda p: p.place)
            raise ValueError(f"Le fichier ne se lit pas, ligne {first.place.line} : {first.message} {first.remedy}")
        self.book = assemble(self.source, self.sections, [])
        self.rows = self.source.text.split("\n")
        self.starts = list(accumulate((len(row) + 1 for row in self.rows), initial=0))

    def rule(self, rules: Mapping[str, _Rule], name: str, kind: str) -> _Rule:
        if name not in rules:
            raise _unknown(kind, name, rules)
        return rules[name]

    def section(self, rule: r.Rule) -> s.Section:
        return next(x for x in self.sections if x.head.place == rule.place)

    def line(self, clause: s.Clause) -> Line:
        """Return the line that holds a clause."""
        lines = (line for block in self.source.blocks for line in (block.head, *block.lines))
        return next(line for line in lines if _within(clause.place, line.place))

    def said(self, clause: s.Clause) -> list[Token]:
        """Return the words of the line of a clause, without its margin."""
        tokens = self.line(clause).tokens
        return tokens[: 1 + max(i for i, t in enumerate(tokens) if t.type not in ("ARTICLE", "NOTE"))]

    def edited(self, edits: Iterable[_Edit], within: Place | None = None) -> str:
        """Return the text, or a part of it, with other words in some places."""
        text = self.source.text
        start, end = (0, len(text)) if within is None else self.span(within)
        parts = []
        for place, words in sorted(edits):
            first, last = self.span(place)
            parts += [text[start:first], words]
            start = last
        return "".join([*parts, text[start:end]])

    def span(self, place: Place) -> tuple[int, int]:
        """Return where a place starts and ends in the text."""
        return self.starts[place.line - 1] + place.column - 1, self.starts[place.end_line - 1] + place.end_column - 1

    # ------------------------------------------------------------ changes

    def replace(self, section: s.Section, clause: s.Clause, words: str, edits: list[_Edit]) -> str:
        """Replace a clause by the one that some words say."""
        asked = dataclasses.replace(self.read(section, words), margin=clause.margin)
        return self.changed(section, [asked if c is clause else c for c in section.clauses], edits)

    def replace_parts(self, section: s.Section, clause: s.Clause, parts: Mapping[int, _Edit]) -> str:
        """Replace some of the values of a clause, the others staying as they are."""
        edits = list(parts.values())
        words = " ".join(row.strip(SPACE) for row in self.edited(edits, _place(self.said(clause))).split("\n"))
        asked = self.read(section, words)
        kept = [asked.values[k] if k in parts and k < len(asked.values) else v for k, v in enumerate(clause.values)]
        if _plain(asked.values) != _plain(kept):
            raise ValueError(f"« {words} » : ces mots changeraient autre chose que ce qui est demandé.")
        return self.replace(section, clause, words, edits)

    def insert(self, section: s.Section, after: s.Clause, words: str) -> str:
        """Add a line below the one that holds a clause or a head."""
        line = self.line(after)
        row = line.place.end_line
        head = after is section.head
        indent = "    " if head else self.indent(line)
        end = len(self.rows[row - 1]) + 1
        position = 0 if head else sum(c.place.line <= row for c in section.clauses)
        expected = [*section.clauses[:position], self.read(section, words), *section.clauses[position:]]
        return self.changed(section, expected, [(Place(row, end, row, end), f"\n{indent}{words}")])

    def read(self, section: s.Section, words: str) -> s.Clause:
        """Return the clause that some words say in a block like this one; raises ValueError when they say none, or more."""
        head = self.edited([], self.line(section.head).place)
        source = read_source(f"{head}\n    {words}", "")
        sections, problems = parse(source)
        if problems:
            raise ValueError(f"« {words} » ne se lit pas : {problems[0].message} {problems[0].remedy}")
        clauses = [c for x in sections for c in x.clauses]
        lines = [line for block in source.blocks for line in block.lines]
        if len(clauses) != 1 or len(sections) != 1 or lines[0].trailing or clauses[0].margin != s.NO_MARGIN:
            raise ValueError(f"« {words} » dit autre chose que ce qui est demandé.")
        return clauses[0]

    def row_removed(self, line: Line) -> _Edit:
        """Return the edit that takes a line away, its comment staying on a row of its own."""
        kept = f"{self.indent(line)}{line.trailing}\n" if line.trailing else ""
        return Place(line.place.line, 1, line.place.end_line + 1, 1), kept

    def indent(self, line: Line) -> str:
        row = self.rows[line.place.line - 1]
        return row[: len(row) - len(row.lstrip(SPACE))]

    def changed(self, section: s.Section, clauses: Iterable[s.Clause], edits: Iterable[_Edit]) -> str:
        """Return the text with its edits, once sure that its tree is the one asked for."""
        expected = [dataclasses.replace(x, clauses=tuple(clauses)) if x is section else x for x in self.sections]
        return self.checked(self.edited(edits), expected, _comments(self.source))

    def removed(self, index: int) -> str:
        """Return the text without a block, and with one blank row where it stood."""
        blocks = self.source.blocks
        lines = [blocks[index].head, *blocks[index].lines]
        first, last = lines[0].place.line, lines[-1].place.end_line
        top = max((line.place.end_line for block in blocks[:index] for line in (block.head, *block.lines)), default=0)
        above = [row for row in self.rows[top : first - 1] if row.strip(SPACE)]
        if first == 1 or not self.rows[first - 2].strip(SPACE):
            while last < len(self.rows) and not self.rows[last].strip(SPACE):
                last += 1
        kept = [_comments_of(blocks[:index]), *above, _comments_of(blocks[index + 1 :]), *self.source.last_comments]
        text = self.edited([(Place(first, 1, last + 1, 1), "")])
        return self.checked(text, self.sections[:index] + self.sections[index + 1 :], _joined(kept))

    def checked(self, text: str, sections: list[s.Section], comments: str) -> str:
        """Return a text in the layout of this file, once sure that it reads as asked."""
        try:
            if formatted(self.source.text) == self.source.text:
                text = formatted(text)
        except ProblemsFound:
            pass  # no layout to keep
        after = _File(text)
        if _plain(after.sections) != _plain(sections) or _comments(after.source) != comments:
            raise ValueError("La modification changerait autre chose que ce qui est demandé.")
        return text


# ---------------------------------------------------------------- words


def _unknown(kind: str, name: str, known: Iterable[str]) -> ValueError:
    """Say that a name is unknown, with the nearest one, else with those there are."""
    names = sorted(known)
    close = nearest(name, names)
    listed = "Possibles : " + ", ".join(names[:12]) + (" …" if len(names) > 12 else ".")
    remedy = f"Le plus proche : « {close} »." if close else listed if names else "Le fichier n’en a pas."
    return ValueError(f"{kind[0].upper()}{kind[1:]} introuvable : « {name} ». {remedy}")


def _label(text: str) -> str:
    if '"' in text or "\n" in text:
        raise ValueError(f"« {text} » : un libellé tient sur une ligne, sans guillemets droits.")
    return f'"{text}"'


def _tidy(words: str) -> str:
    """Write the words of a class as the layout would."""
    try:
        rows = formatted(f"barème\n    {words}").split("\n")[1:]
    except ProblemsFound:
        return words
    return " ".join(row.strip(SPACE) for row in rows if row)


def _price(text: str, unit: str | None) -> str:
    """Write a number with its unit, or with a unit given; raises ValueError for anything else."""
    source = read_source(text, "")
    tokens = [t for block in source.blocks for line in (block.head, *block.lines) for t in line.tokens]
    alone = not source.problems and not _comments(source) and [t.type for t in tokens[:1]] == ["NUMBER"]
    if not alone or len(tokens) > 2 or (len(tokens) == 2 and tokens[1].type not in ("UNIT", "WORD")):
        raise ValueError(f"« {text} » n’est pas un prix : écrivez un nombre et son unité, par exemple « 1,50 €/hab ».")
    kept = str(tokens[1]) if len(tokens) == 2 else unit
    return f"{grouped(tokens[0])} {kept}" if kept else grouped(tokens[0])


def _dated(words: str, since: date | None, until: date | None, act: str) -> str:
    """Write a value with its period and its act."""
    period = (f" depuis le {french_date(since)}" if since else "") + (f" jusqu’au {french_date(until)}" if until else "")
    return words + period + (f" par {_label(act)}" if act else "")


def _opens(kind: str, section: s.Section) -> bool:
    """Tell whether a word is the one that opens a block."""
    head = section.head
    if head.kind == "h_article":
        return kind == ("passage" if str(head.values[0]).startswith("passage ") else "article")
    return kind == HEADS[head.kind] or (kind == "barème" and head.kind in ("h_class_scale", "h_slice_scale"))


def _name(section: s.Section) -> str:
    """Return what a block is known by: its name, its number without « passage », else its label."""
    label = next((str(v) for v in section.head.values if getattr(v, "type", "") == "STRING"), "")
    if section.head.kind in ("h_example", "h_membership", "h_convention"):
        return label
    return str(section.head.values[0]).removeprefix("passage ")


# ---------------------------------------------------------------- comparing


def _within(place: Place, other: Place) -> bool:
    first, last = (place.line, place.column), (place.end_line, place.end_column)
    return (other.line, other.column) <= first and last <= (other.end_line, other.end_column)


def _place(tokens: list[Token]) -> Place:
    return place_of(tokens[0]).to(place_of(tokens[-1]))


def _plain(value: object) -> object:
    """Return a tree without its places, its words spaced one way."""
    if isinstance(value, Place):
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, f.name)) for f in dataclasses.fields(value))]
    if isinstance(value, Token):
        return canonical(value)[1]
    if isinstance(value, str):
        return _PLAIN_SPACES.sub(" ", value)
    return [_plain(v) for v in value] if isinstance(value, tuple | list) else value


def _comments(source: Source) -> str:
    """Return the comments of a file, in order, on one row: one may pass from the end of a line to a row of its own."""
    return _joined([_comments_of(source.blocks), *source.last_comments])


def _comments_of(blocks: Iterable[Block]) -> str:
    lines = (line for block in blocks for line in (block.head, *block.lines))
    return _joined(text for line in lines for text in (*line.comments, line.trailing))


def _joined(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())
