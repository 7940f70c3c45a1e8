"""How names are sorted and searched."""

from __future__ import annotations

from communis.kit.plain import plain

__all__ = ["plain", "sort_key"]


def sort_key(name: str) -> str:
    """Return what a name is sorted by: its plain text, the article of a place name left out (La Chapelle, under C)."""
    words = plain(name).split()
    if len(words) > 1 and words[0] in ("la", "le", "les", "l"):
        words = words[1:] + words[:1]
    return " ".join(words)
