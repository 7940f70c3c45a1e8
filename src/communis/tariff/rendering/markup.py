"""HTML written by calls: whatever is not markup already is escaped, so that no name can become a tag."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from communis.tariff.rendering.french import plain, prose

_VOID = {"meta", "link", "br", "hr"}
_INLINE = {"a", "span", "strong", "em", "q", "sup", "bdi", "br"}
_FIRST = re.compile(r"\b1er\b")
_QUOTED = re.compile(r"(«[^«»]*»)")


class Markup(str):
    """Text that is HTML already; only this module makes some."""

    __slots__ = ()


NOTHING = Markup()


def text(value: str) -> Markup:
    """Escape data: a name, an identifier, anything that nobody of ours wrote."""
    return value if isinstance(value, Markup) else Markup(escape(plain(value)))


def french(value: str) -> Markup:
    """Escape a sentence, with its no-break spaces and its « 1er » in small letters."""
    return Markup(_FIRST.sub("1<sup>er</sup>", text(prose(value))))


def quoting(value: str) -> Markup:
    """Escape a sentence and put the words of the convention it holds between « » in their own voice."""
    pieces = _QUOTED.split(value)
    return joined(element("q", french(piece)) if i % 2 else french(piece) for i, piece in enumerate(pieces))


def name(value: str) -> Markup:
    """Escape the name of a member, kept apart from the direction of what surrounds it."""
    return element("bdi", value)


def joined(pieces: Iterable[str], between: str = "") -> Markup:
    """Put pieces one after the other, escaping those that are not markup."""
    return Markup(str(text(between)).join(text(piece) for piece in pieces))


def element(tag: str, *children: str, **attributes: str | int | None) -> Markup:
    """Return an element; `class_` gives a class, and an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(plain(str(value)))}"'
        for key, value in attributes.items()
        if value is not None
    )
    after = "" if tag in _INLINE else "\n"
    if tag in _VOID:
        return Markup(f"<{tag}{written}>{after}")
    return Markup(f"<{tag}{written}>{joined(children)}</{tag}>{after}")


def raw_style(css: str) -> Markup:
    """Return a style element of our own rules, which hold no data."""
    return Markup(f"<style>\n{css}</style>\n")


def page(title: str, css: str, body: str) -> str:
    """Return a whole page that loads nothing and runs nothing, whatever the data in it."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        raw_style(css),
    )
    return "<!doctype html>\n" + element("html", "\n", head, element("body", body), lang="fr")
