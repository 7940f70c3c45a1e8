"""How values, formulas and outcomes are said in French."""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from communis.tariff.calendar import french_date
from communis.tariff.meaning.tree import Type
from communis.tariff.meaning.units import NBSP, number_text, quantity_text

_REFUSALS = {
    errno.ENOENT: "le fichier n’existe pas",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EEXIST: "ce n’est pas un dossier",  # only making a folder says it
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.EIO: "le disque ne répond pas",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts",
    errno.EFBIG: "le fichier est trop gros",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.ELOOP: "ses liens tournent en rond",
}
_VOWEL = re.compile("[aeiouhàâæéèêëîïôœùû]", re.IGNORECASE)
_ELIDED = re.compile(f"(?:(?<=_d)|(?<=_l))_(?={_VOWEL.pattern})")


def value_text(value: Any, kind: Type) -> str:
    """Write a value of base units in the unit people use for it."""
    if value is None:
        return "sans objet"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return french_date(value)
    if isinstance(value, Fraction):
        return quantity_text(value, kind.dimensions, kind.unit, kind.factor)
    if isinstance(value, int):
        return number_text(Fraction(value))
    return str(value).replace("_", NBSP if kind.kind == "choice" else "_")


def listed(words: list[str], last: str = "et") -> str:
    """Write « a, b et c »."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" {last} {words[-1]}" if words else ""


def duration_text(months: int) -> str:
    """Write whole months as « 6 ans », « 1 an » or « 18 mois »."""
    if months % 12:
        return f"{months}{NBSP}mois"
    return f"{months // 12}{NBSP}an{'s' if months > 12 else ''}"


def articles_text(references: Sequence[str]) -> str:
    """Write references as people cite them: « articles 2.2 et 2.4, passage engagement »."""
    numbered = [reference for reference in references if not reference.startswith("passage")]
    passages = [reference for reference in references if reference.startswith("passage")]
    cited = [f"article{'s' if len(numbered) > 1 else ''} {listed(numbered)}"] if numbered else []
    return ", ".join([*cited, *passages])


def reason_of(error: OSError) -> str:
    """Say why the system refuses a file, in French whatever its own language."""
    return _REFUSALS.get(error.errno or 0, f"le système le refuse (erreur {error.errno})")


def readable(name: str) -> str:
    """Write a name of the language as people read it: « coût_d_un_poste » is « coût d’un poste »."""
    return _ELIDED.sub("’", name).replace("_", " ")


def of(words: str) -> str:
    """Write « de durée », « d’indemnité »."""
    return f"d’{words}" if _VOWEL.match(words) else f"de {words}"
