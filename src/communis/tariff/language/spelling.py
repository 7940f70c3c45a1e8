"""How the layout writes each token: its canonical words, the space before it, the numbers in groups of three."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from communis.tariff.language.parser import RESERVED
from communis.tariff.language.source import SPACE, noted_names

CASES = ("CASE_IF", "CASE_ELSE")
_CALLED = ("min", "max", "arrondi")
_BEFORE_YEAR = ("en", "exercice", "exercices", "avant")
_AFTER_YEAR = RESERVED | {"plafonné", "plafonnée"}
_SPACES = re.compile(f"[{SPACE}]+")
_PLAIN_SPACES = re.compile(" {2,}")
_SIGNS = str.maketrans({"'": "’", "−": "-", "–": "-"})


def canonical(token: Token) -> tuple[str, str]:
    """Return the type of a token and the words it stands for, however they are spaced."""
    text = str(token)
    if token.type in ("NUMBER", "ORDINAL", "EXO"):
        text = _SPACES.sub("", text).translate(_SIGNS)
    elif token.type == "DATE":
        text = _date(text)
    elif token.type == "NOTE":
        text = _note(text)
    elif token.type in ("UNIT", "ELISION"):
        text = _SPACES.sub(" ", text).translate(_SIGNS)
    elif token.type in ("STRING", "QUOTE"):
        text = _PLAIN_SPACES.sub(" ", text)
    return token.type, text


def _date(text: str) -> str:
    day, month, year = text.split("/")
    return f"{day:>02}/{month:>02}/{year}"


def _note(text: str) -> str:
    return f"[{', '.join(noted_names(text))}]"


def grouped(text: str) -> str:
    """Write a number or an ordinal with its digits in groups of three: `1 500,25`, `1 000e`."""
    found = re.match(f"[0-9{SPACE}]*", text)
    digits = _SPACES.sub("", found.group()) if found else ""
    first = len(digits) % 3
    groups = [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))]
    return " ".join(filter(None, groups)) + text[found.end() if found else 0 :]


def _is_year(tokens: Sequence[Token], index: int, scale: bool) -> bool:
    """Tell whether a number is a civil year by the words around it: such a number is never cut in groups."""
    digits = _SPACES.sub("", tokens[index])
    if not (re.fullmatch("[0-9]{4}", digits) and "1900" <= digits <= "2199") or not index:
        return False
    if index > 2 and str(tokens[index - 1]) == "à" and str(tokens[index - 3]) in _BEFORE_YEAR:
        return tokens[index - 2].type in ("NUMBER", "EXO")
    before = str(tokens[index - 1])
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    counted = after is not None and (after.type == "UNIT" or (after.type == "WORD" and str(after) not in _AFTER_YEAR))
    return before in _BEFORE_YEAR or (before in ("de", "d’", "d'") and not scale and not counted)


def word_of(tokens: Sequence[Token], index: int, scale: bool) -> str:
    """Write a token as the layout wants it."""
    token = tokens[index]
    text = canonical(token)[1]
    if token.type in ("NUMBER", "ORDINAL"):
        siren = index > 1 and tokens[index - 1].type == "=" and str(tokens[index - 2]).endswith("siren")
        return text if siren or _is_year(tokens, index, scale) else grouped(text)
    if token.type == "STRING":
        return f'"{text}"'
    if token.type == "QUOTE":
        return f"« {text} »"
    if token.type == "ARTICLE":
        return _reference(text, str(tokens[index - 1]) if index and tokens[index - 1].type == "ARTICLE" else None)
    return text


def _reference(text: str, before: str | None) -> str:
    """Write a place of the text, after « et » when it follows another."""
    kind, name = ("passage", text.removeprefix("passage ")) if text.startswith("passage ") else ("article", text)
    if before is None:
        return f"{kind} {name}"
    same = before.startswith("passage ") == (kind == "passage")
    return f"et {name}" if same else f"et {kind} {name}"


def space_before(tokens: Sequence[Token], index: int) -> int:
    """Return the spaces between a token and the one before it."""
    token, before = tokens[index], tokens[index - 1]
    if token.type in (",", ")") or before.type in ("(", "ELISION"):
        return 0
    if token.type == "(":
        return int(before.type != "WORD" or str(before) not in _CALLED)
    return int(not (before.type == "-" and _negates(tokens, index - 1)))


def _negates(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a minus belongs to what follows, rather than takes it from what precedes."""
    if not index:
        return True
    before = tokens[index - 1]
    if before.type == "WORD":
        return str(before) in RESERVED
    return before.type in CASES or (not before.type.isalpha() and before.type != ")")
