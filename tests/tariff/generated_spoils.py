"""Random spoils of what people write: characters, words, numbers, lines and blocks of a tariff, cells and rows of a table."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

NUMBERS = (
    "0", "-1", "0,01", "1E+999999", "1e9", "NaN", "999999999999999", "9999999999999999999999", "0,000000001", "٣٤٥", "１２",
    "1 000", "1 00", "31/02/2024", "29/02/2023", "01/01/0001", "31/12/9999", "2024-2025", "2023-2025", "50 %", "1er", "0e",
)  # fmt: skip
CHARACTERS = "\x00\x07\u200b\u202e\ufeff\ud800€%«»“\"'’()[]|;:,.=×+-/*<>≤#\t\n \u00a0éÉßİ𝟙"
WORDS = ("si", "et", "ou", "de", "selon", "pour", "N", "N-1", "sinon", "=", "×", "€", "%", "article", "à", "part", "oui", "non")
CELLS = (*NUMBERS, "", " ", "oui", "non", "01/01/2024", "2024", ";", '"', "=1+1", "x" * 5000, "membre", "-0", "1.5", "1,5", "²")

_NUMBER = re.compile(r"\d[\d  ]*(?:,\d+)?")
_WORD = re.compile(r"\w[\w.’'-]*")


def one_of(rng: random.Random, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def character(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return rng.choice((
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + rng.choice(CHARACTERS) + text[at:],
        lambda: text[:at] + rng.choice(CHARACTERS) + text[at + 1 :],
        lambda: text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        lambda: text[:at] + text[max(0, at - rng.randint(1, 40)) :],
        lambda: text[:at],
    ))()  # fmt: skip


def number(rng: random.Random, text: str) -> str:
    found = one_of(rng, _NUMBER, text)
    return text if found is None else text[: found.start()] + rng.choice(NUMBERS) + text[found.end() :]


def word(rng: random.Random, text: str) -> str:
    found, other = one_of(rng, _WORD, text), one_of(rng, _WORD, text)
    if found is None or other is None:
        return text
    instead = rng.choice((other.group(), other.group(), rng.choice(WORDS), found.group() + " " + found.group(), ""))
    return text[: found.start()] + instead + text[found.end() :]


def nesting(rng: random.Random, text: str) -> str:
    """Put parentheses, or a long chain of operations, around a word."""
    found = one_of(rng, _WORD, text)
    if found is None:
        return text
    many = rng.choice((1, 2, 40, 200))
    inside = rng.choice((
        "(" * many + found.group() + ")" * rng.choice((many, many, many - 1)),
        found.group() + (" × " + found.group()) * min(many, 60),
        "non " * many + found.group(),
        "- " * many + found.group(),
    ))  # fmt: skip
    return text[: found.start()] + inside + text[found.end() :]


def pieces(rng: random.Random, listed: list[str]) -> list[str]:
    """Drop, repeat, swap or move one of several lines, blocks or rows."""
    if not listed:
        return listed
    i, j = rng.randrange(len(listed)), rng.randrange(len(listed))
    made = list(listed)
    kind = rng.randrange(4)
    if kind == 0:
        del made[i]
    elif kind == 1:
        made.insert(j, made[i])
    elif kind == 2:
        made[i], made[j] = made[j], made[i]
    else:
        made[i] = rng.choice(("    " + made[i], made[i].lstrip(), made[i] + " " + made[j].lstrip(), ""))
    return made


def lines(rng: random.Random, text: str) -> str:
    return "\n".join(pieces(rng, text.split("\n")))


def blocks(rng: random.Random, text: str) -> str:
    return "".join(pieces(rng, re.split(r"(?m)^(?=\S)", text)))


def grafted(rng: random.Random, text: str, other: str) -> str:
    """Put a block of another convention somewhere."""
    found, more = re.split(r"(?m)^(?=\S)", text), re.split(r"(?m)^(?=\S)", other)
    found.insert(rng.randint(1, len(found)), rng.choice(more).rstrip("\n") + "\n")
    return "".join(found)


def raw(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return (
        data[:at]
        + rng.choice((b"\xff", b"\x00", b"\xc3", b"\xed\xa0\x80", b"\r", b"\xe2\x80\xae", b""))
        + data[at + rng.randint(0, 2) :]
    )


def spoiled_tariff(rng: random.Random, texts: Sequence[str]) -> bytes:
    """Return a tariff spoiled in one to six places."""
    text = rng.choice(texts)
    ways: list[Callable[[str], str]] = [
        lambda t: character(rng, t), lambda t: number(rng, t), lambda t: word(rng, t), lambda t: lines(rng, t),
        lambda t: blocks(rng, t), lambda t: nesting(rng, t), lambda t: grafted(rng, t, rng.choice(texts)),
    ]  # fmt: skip
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        text = rng.choice(ways)(text)
    data = text.encode("utf-8", "surrogatepass")
    return raw(rng, data) if rng.random() < 0.1 else data


def cell(rng: random.Random, text: str) -> str:
    rows = [row.split(";") for row in text.split("\n")]
    row = rng.choice(rows)
    at = rng.randrange(len(row))
    kind = rng.random()
    if kind < 0.6:
        row[at] = rng.choice(CELLS)
    elif kind < 0.75:
        row[at] = rng.choice(rng.choice(rows))
    elif kind < 0.9:
        del row[at]
    else:
        row.insert(at, rng.choice(CELLS))
    return "\n".join(";".join(row) for row in rows)


def column(rng: random.Random, text: str) -> str:
    """Drop, repeat, empty or fill a whole column."""
    rows = [row.split(";") for row in text.split("\n")]
    at, kind, value = rng.randrange(len(rows[0])), rng.randrange(3), rng.choice(CELLS)
    for row in rows:
        if at >= len(row):
            continue
        if kind == 0:
            del row[at]
        elif kind == 1:
            row.insert(at, row[at])
        elif row is not rows[0]:
            row[at] = value
    return "\n".join(";".join(row) for row in rows)


def spoiled_table(rng: random.Random, data: bytes) -> bytes:
    """Return a CSV table spoiled in one to four places."""
    text = data.decode("utf-8-sig")
    ways: list[Callable[[str], str]] = [
        lambda t: cell(rng, t), lambda t: cell(rng, t), lambda t: column(rng, t), lambda t: lines(rng, t),
        lambda t: character(rng, t), lambda t: number(rng, t), lambda t: t.replace(";", rng.choice((",", "\t", ";;"))),
    ]  # fmt: skip
    for _ in range(rng.choice((1, 1, 2, 4))):
        text = rng.choice(ways)(text)
    spoiled = text.encode("utf-8", "surrogatepass")
    return raw(rng, spoiled) if rng.random() < 0.1 else spoiled
