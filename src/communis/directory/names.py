"""How names are sorted and searched: without accents nor case, since a database sorts « Émile » after « eau »."""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Return a text without accents, case nor punctuation, its words one space apart."""
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")).casefold()
    return _APART.sub(" ", "".join(c for c in folded if not unicodedata.combining(c))).strip()


def sort_key(name: str) -> str:
    """Return what a name is sorted by: its plain text, the article of a place name left out (La Chapelle, under C)."""
    words = plain(name).split()
    if len(words) > 1 and words[0] in ("la", "le", "les", "l"):
        words = words[1:] + words[:1]
    return " ".join(words)
