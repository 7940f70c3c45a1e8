"""Text as it is compared and searched: without accents, case nor punctuation, since a database sorts « Émile » after « eau »."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APART = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=20_000)  # files and lists say the same names again and again
def plain(text: str) -> str:
    """Return a text without accents, case nor punctuation, its words one space apart."""
    folded = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae")).casefold()
    return _APART.sub(" ", "".join(c for c in folded if not unicodedata.combining(c))).strip()
