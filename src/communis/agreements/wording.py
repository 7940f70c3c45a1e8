"""How the name of a member follows « de » in a sentence."""

from __future__ import annotations

import re

_VOWEL = re.compile("[aeiouàâæéèêëîïôœùû]", re.IGNORECASE)
_ARTICLES = (("Les ", "des "), ("Le ", "du "))


def of(name: object) -> str:
    """Write « de Redon », « d’Allaire », « du Rheu », « des Fougerêts »."""
    words = str(name)
    for article, merged in _ARTICLES:
        if words.startswith(article):
            return merged + words.removeprefix(article)
    return f"d’{words}" if _VOWEL.match(words) else f"de {words}"
