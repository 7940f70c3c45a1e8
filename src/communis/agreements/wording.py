"""How names follow « de » in a sentence, and how the law that a convention rests on is cited in full."""

from __future__ import annotations

import re
from collections.abc import Iterable

from communis.kit.formats import of as of
from communis.tariff.wording import listed

_CODES = {
    "CGCT": "code général des collectivités territoriales", "CGFP": "code général de la fonction publique",
    "CCP": "code de la commande publique", "CGI": "code général des impôts",
}  # fmt: skip
_CITED = (re.compile(r"^(?P<code>[A-Z]{3,4}), articles? (?P<article>\S.*)$"),
          re.compile(r"^(?P<article>[LRD]\. ?\S+) du (?P<code>[A-Z]{3,4})\b"))  # fmt: skip


def in_full(grounds: Iterable[str]) -> list[str]:
    """Cite grounds as an act does, each code once: « le code général des collectivités territoriales, notamment son article… ».

    What is not an article of a code that is known stays as it is written.
    """
    articles: dict[str, list[str]] = {}
    for ground in grounds:
        found = next((match for match in (one.match(ground) for one in _CITED) if match), None)
        code = _CODES.get(found["code"]) if found else None
        if found and code:
            articles.setdefault(code, []).append(found["article"])
        else:
            articles.setdefault(ground, [])
    return [
        f"le {code}, notamment {'ses articles' if len(cited) > 1 else 'son article'} {listed(cited)}" if cited else code
        for code, cited in articles.items()
    ]
