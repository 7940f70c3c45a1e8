"""How names are sorted and searched."""

from __future__ import annotations

from django.db.models import CharField, Func

from communis.kit.plain import plain

__all__ = ["Sorted", "plain", "sort_key"]


class Sorted(Func):
    """What the database sorts a text by when no key is stored: without the accents and the case of French."""

    function = "translate"
    template = "translate(lower(%(expressions)s), 'àâäçéèêëîïôöùûüÿ’-', 'aaaceeeeiioouuuy  ')"
    output_field = CharField()
    arity = 1


def sort_key(name: str) -> str:
    """Return what a name is sorted by: its plain text, the article of a place name left out (La Chapelle, under C)."""
    words = plain(name).split()
    if len(words) > 1 and words[0] in ("la", "le", "les", "l"):
        words = words[1:] + words[:1]
    return " ".join(words)
