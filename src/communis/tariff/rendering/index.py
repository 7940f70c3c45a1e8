"""The list of the members of an exercise, for the host: what each owes, what stops it, and what the host bears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from communis.tariff.interpreter.values import AMOUNT
from communis.tariff.rendering.articles import article_names
from communis.tariff.rendering.content import Content
from communis.tariff.rendering.french import NOT_A_BILL, figure, marks_of, money, sentence
from communis.tariff.rendering.marks import Marks
from communis.tariff.rendering.markup import NOTHING, Markup, element, french, joined, name, text
from communis.tariff.rendering.statement import state
from communis.tariff.result import Result
from communis.tariff.wording import readable

CAUSES = {
    "balance": "reste d’un coût, laissé au gestionnaire",
    "limit": "part d’un plafond ou d’un plancher",
    "remainder": "restes des partages au centime",
}


def body(result: Result, contents: list[Content], slugs: list[str]) -> Markup:
    """Return the list: the answer in a sentence, then the table of members, then the host’s own lines."""
    header = result.book.header
    year = result.model.calendar.label(result.year)
    common = contents[0].flags if contents else 0
    for content in contents:
        common &= content.flags
    top = element(
        "header",
        element("p", french(f"{header.title}, {header.host}" if header.host else header.title), class_="crumb"),
        element("h1", french(f"Décomptes {year}")),
        element("p", french(_answer(result, contents)), class_="answer"),
        *[element("p", element("em", french(sentence(mark))), class_="mark") for mark in marks_of(common)],
    )
    work = element("div", top, _members(result, contents, slugs), _host(result), class_="work")
    return element("main", work, class_="page list")


def _answer(result: Result, contents: list[Content]) -> str:
    """Say in a sentence what can be issued and what cannot."""
    members = len(result.statements)
    if not members:
        return "Aucun membre n’existe sur cet exercice : ajoutez-les à la table des membres."
    states = Counter("blocked" if c.blocked else "tried" if c.simulated else "due" if c.due else "nothing" for c in contents)
    nothing = members - states["due"] - states["blocked"] - states["tried"]
    said = []
    if states["due"]:
        said.append(f"{states['due']} décompte{_s(states['due'])} à émettre")
    if states["blocked"]:
        cannot = "ne peuvent" if states["blocked"] > 1 else "ne peut"
        said.append(f"{states['blocked']} décompte{_s(states['blocked'])} qui {cannot} pas être émis")
    if states["tried"]:
        said.append(f"{states['tried']} simulation{_s(states['tried'])}")
    if nothing:
        said.append(f"{nothing} sans rien à régler")
    return f"{members} membre{_s(members)} : {', '.join(said)}."


def _s(count: int) -> str:
    return "s" if count > 1 else ""


def _members(result: Result, contents: list[Content], slugs: list[str]) -> Markup:
    if not result.statements:
        return NOTHING
    by_member = {content.statement.member: content for content in contents}
    taxed = any(content.tax for content in contents)
    figures = [element("th", "À régler", scope="col", class_="number")]
    if taxed:
        figures = [element("th", words, scope="col", class_="number extra") for words in ("Avant taxe", "Taxe")] + figures
    names = [element("th", words, scope="col") for words in ("Membre", "État", "Classeur")]
    rows = []
    for statement in result.statements:
        who, slug = result.tables.members[statement.member].name, slugs[statement.member]
        content = by_member.get(statement.member)
        rows.append(_silent(who, taxed) if content is None else _member(content, who, slug, taxed))
    table = element(
        "table",
        element("caption", "Membres, dans l’ordre de leur table ; le nom mène au décompte et à ses explications."),
        element("thead", element("tr", *names[:2], *figures, names[2])),
        element("tbody", *rows),
        element("tfoot", *_totals(result, contents, taxed)),
        class_="members",
    )
    return element("section", element("h2", "Membres"), table)


def _silent(who: str, taxed: bool) -> Markup:
    words = element("td", french("Sans objet : aucune ligne ne le concerne."), colspan=5 if taxed else 3, class_="silent")
    return element("tr", element("th", name(who), scope="row"), words)


def _member(content: Content, who: str, slug: str, taxed: bool) -> Markup:
    marks = [mark for mark in content.marks if mark != NOT_A_BILL]
    said = [joined(state(content), " "), " "]
    if marks:
        said.append(element("em", french(" ; ".join(marks)), class_="mark"))
    said += [element("p", french(sentence(why)), class_="detail") for why in _why(content)]
    return element(
        "tr",
        element("th", element("a", name(who), href=f"{slug}.html"), scope="row"),
        element("td", *said, class_="state"),
        *(_figures(content.total, content.tax, taxed) if content.owes or content.blocked else _nothing(taxed)),
        element("td", element("a", "XLSX", element("span", text(f", {who}"), class_="unseen"), href=f"{slug}.xlsx")),
    )


def _figures(total: Fraction | None, tax: Fraction, taxed: bool) -> Iterator[Markup]:
    """Yield the cells of a total; before tax and tax stand apart only where somebody pays one."""
    if total is None:
        yield element("td", french("ne peut pas être établi"), colspan=3 if taxed else None, class_="number word")
        return
    if taxed:
        yield element("td", french(money(total)), class_="number extra")
        yield element("td", french(money(tax) if tax else "aucune"), class_="number extra")
    yield element("td", french(money(total + tax)), class_="number")


def _nothing(taxed: bool) -> Iterator[Markup]:
    yield element("td", french("rien à régler"), colspan=3 if taxed else None, class_="number")


def _why(content: Content) -> list[str]:
    """Return the reasons of a statement that cannot be issued, each once."""
    return list(dict.fromkeys(reason for row in content.refusals if row.refused for reason in row.refused.reasons))


def _totals(result: Result, contents: list[Content], taxed: bool) -> Iterator[Markup]:
    """Yield the totals of what is shown, and say when some members are not in them."""
    known = [content for content in contents if content.total is not None]
    blocked = len(contents) - len(known)
    total = sum((content.total or Fraction(0) for content in known), Fraction(0))
    tax = sum((content.tax for content in known), Fraction(0))
    note = "Sans le décompte qui ne peut pas être émis." if blocked else ""
    if blocked > 1:
        note = f"Sans les {blocked} décomptes qui ne peuvent pas être émis."
    flags = 0
    for content in known:
        flags |= content.flags
    notes = [note, *(sentence(mark) for mark in marks_of(flags))]
    yield _total("Total des décomptes", notes, _figures(total, tax, taxed))
    if result.host_lines:
        marks = [sentence(mark) for mark in marks_of(_host_flags(result))]
        yield _total("À la charge du gestionnaire", marks, _figures(result.host_total(), Fraction(0), taxed))


def _total(label: str, notes: list[str], figures: Iterator[Markup]) -> Markup:
    details = [element("p", french(note), class_="detail") for note in notes if note]
    unseen = element("td", element("span", "sans classeur", class_="unseen"))
    return element(
        "tr", element("th", element("p", french(label)), *details, scope="row", colspan=2), *figures, unseen, class_="total"
    )


def _host_flags(result: Result) -> int:
    marks = Marks(result)
    flags = 0
    for line in result.host_lines:
        flags |= marks.of(line)
    return flags


def _host(result: Result) -> Markup:
    """Return the lines that the host bears, or nothing when it bears none."""
    if not result.host_lines:
        return NOTHING
    rests = Marks(result)
    head = [element("th", french(words), scope="col") for words in ("Ligne", "Article", "Cause")]
    head.append(element("th", "Montant", scope="col", class_="number"))
    rows = []
    for line in result.host_lines:
        rule: Any = result.book.named()[line.name]
        offer = result.book.offers[line.offer].label or line.offer if line.offer else ""
        shown = figure(line.amount, result.model.rules[line.name].type) if line.outcome == AMOUNT else "ne peut pas être établi"
        reasons = [str(reason) + (f" ({reason.member})" if reason.member else "") for reason in line.reasons]
        cause = CAUSES.get(str(line.note.get("cause")), "sa part de ce qui est partagé")
        marks = [element("p", element("em", french(mark)), class_="detail") for mark in marks_of(rests.of(line))]
        rows.append(element(
            "tr",
            element("th", french(", ".join(filter(None, (rule.label or readable(line.name), offer)))), *marks, scope="row"),
            element("td", text(article_names(rule.margin.articles)), class_="article"),
            element("td", joined(map(french, reasons or [cause]), " ; "), class_="cause"),
            element("td", french(shown), class_="number"),
        ))  # fmt: skip
    caption = element("caption", french("Ce qui reste au gestionnaire : sa part, les plafonds, les soldes et les restes."))
    table = element("table", caption, element("thead", element("tr", *head)), element("tbody", *rows), class_="host")
    return element("section", element("h2", "À la charge du gestionnaire"), table)
