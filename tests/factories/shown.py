"""A page as somebody reads it: its words, its tables, its fields, its links. Spaces are plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
BLOCKS = {"p", "div", "li", "tr", "th", "td", "dt", "dd", "h1", "h2", "h3", "option", "br", "section", "caption", "button"}
SILENT = {"script", "style", "template"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, tag: str, **wanted: str) -> list[Element]:
        """Return the elements of a tag below this one; `class_` asks for a class among those it has."""
        name = wanted.pop("class_", "")
        return [
            e for e in self.walk() if e.tag == tag and (not name or name in e.attrs.get("class", "").split())
            and all(e.attrs.get(key) == value for key, value in wanted.items())
        ]  # fmt: skip

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self._pieces()).replace("\u00a0", " ").replace("\u202f", " ")).strip()

    def _pieces(self) -> Iterator[str]:
        if self.tag in SILENT or "popover" in self.attrs:  # a popover is read when it is opened
            return
        edge = " " if self.tag in BLOCKS else ""
        yield edge
        for child in self.children:
            yield from (child,) if isinstance(child, str) else child._pieces()
        yield edge


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


class Page:
    """A response read by its reader; badly nested elements fail at once."""

    def __init__(self, response) -> None:
        self.status = response.status_code
        self.url = response.headers.get("Location", "")
        tree = _Tree()
        tree.feed(response.content.decode())
        tree.close()
        self.root = tree.root
        self.main = (self.root.all("main") or [self.root])[0]
        self.margin = next((e.text for e in self.root.all("aside")), "")

    def __repr__(self) -> str:
        return f"<Page {self.status} {self.url} {self.main.text[:300]}>"

    @property
    def title(self) -> str:
        return next((e.text for e in self.root.all("h1")), "")

    @property
    def sentence(self) -> str:
        return next((e.text for e in self.root.all("p", class_="page-sentence")), "")

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def messages(self) -> list[str]:
        """What was done or refused by the last act."""
        return [e.text for box in self.main.all("div", class_="messages") for e in box.all("div", class_="message")]

    @property
    def notices(self) -> list[str]:
        """What the page itself says, set apart from its text."""
        return [e.text for e in self.main.all("div", class_="message") if e.text not in self.messages]

    @property
    def errors(self) -> list[str]:
        """What the summary of a form’s errors says."""
        return [e.text for box in self.main.all("div", class_="errors") for e in box.all("li")]

    @property
    def links(self) -> dict[str, str]:
        return {e.text: e.attrs.get("href", "") for e in self.main.all("a")}

    def table(self, caption: str) -> list[list[str]]:
        """Return the rows of the body of a table, by its caption, without the cells of actions."""
        found = [t for t in self.main.all("table") if any(c.text == caption for c in t.all("caption"))]
        assert found, f"no table {caption!r}; there are {[c.text for c in self.main.all('caption')]}"
        return [
            [cell.text for cell in row.children if isinstance(cell, Element) and cell.tag in ("th", "td")]
            for body in found[0].all("tbody")
            for row in body.all("tr")
        ]

    def actions(self, words: str) -> list[str]:
        """Return where the links of these words lead, in the rows of tables."""
        rows = (body for table in self.main.all("table") for body in table.all("tbody"))
        return [a.attrs["href"] for body in rows for a in body.all("a") if a.text == words]

    def section(self, title: str) -> Element:
        """Return the section under a heading."""
        found = [s for s in self.main.all("section") if any(h.text == title for h in s.all("h2"))]
        assert found, f"no section {title!r}; there are {[h.text for h in self.main.all('h2')]}"
        return found[0]

    def terms(self, title: str) -> list[tuple[str, str]]:
        """Return the terms listed in a section, each with what is said of it, the words of actions left out."""
        actions = r"( (Modifier|Retirer|Historique))+$"
        return [
            (row.all("dt")[0].text, re.sub(actions, "", row.all("dd")[0].text))
            for row in self.section(title).all("div")
            if row.all("dt")
        ]

    @property
    def fields(self) -> dict[str, str | list[str]]:
        """What the form of the page would send as it stands."""
        found: dict[str, str | list[str]] = {}
        for one in (e for form in self.main.all("form") for e in form.walk()):
            name, kind = one.attrs.get("name", ""), one.attrs.get("type", "")
            if one.tag == "textarea":
                found[name] = "".join(c for c in one.children if isinstance(c, str)).removeprefix("\n")
            elif one.tag == "select":
                chosen = [o for o in one.all("option") if "selected" in o.attrs]
                found[name] = (chosen or one.all("option"))[0].attrs.get("value", "") if one.all("option") else ""
            elif one.tag == "input" and kind in ("checkbox", "radio"):
                if "checked" in one.attrs:
                    found.setdefault(name, []).append(one.attrs.get("value", "on"))
            elif one.tag == "input" and name not in ("", "csrfmiddlewaretoken"):
                found[name] = one.attrs.get("value", "")
        return found

    def choices(self, name: str) -> list[str]:
        """Return the words of the choices of a list."""
        return [o.text for s in self.main.all("select", name=name) for o in s.all("option")]

    def choice(self, name: str, words: str) -> str:
        """Return the value of a choice by its words."""
        found = [o.attrs["value"] for s in self.main.all("select", name=name) for o in s.all("option") if o.text == words]
        boxes = [
            e.all("input")[0].attrs["value"] for e in self.main.all("label") if e.text == words and e.all("input", name=name)
        ]
        assert found or boxes, f"no choice {words!r} of {name}: {self.choices(name)}"
        return (found or boxes)[0]
