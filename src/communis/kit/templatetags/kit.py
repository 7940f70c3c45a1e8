"""The components of pages. Each is a Python signature: a misspelt argument fails when the template is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from communis.kit import filters
from communis.kit.formats import euros, french, medium_date, of, shown
from communis.kit.parts import CellGroup, Fact, Line, Link, Note, Rail, Tab, Term

register = template.Library()
register.filters.update(filters.register.filters)
register.filter(of)

TONES = ("neutral", "ink", "success", "warning", "danger", "info")
KINDS = ("secondary", "primary", "danger", "quiet")
MANY_CELLS = 60  # beyond, the cells of a strip are thin
TERMS_SAID = "communis_terms_said"
NOTE = "note"  # the query parameter, the element and the anchor of the note shown

ICONS = {
    "chevron": "M4 6l4 4 4-4",
    "search": "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14",
    "arrow": "M3 8h10M9 4l4 4-4 4",
    "check": "M3 8.5l3.5 3.5L13 4.5",
}


def _one_of(value: str, values: Sequence[str], what: str) -> str:
    if value not in values:
        raise template.TemplateSyntaxError(f"{what} « {value} » does not exist; one of: {', '.join(values)}.")
    return value


def _component(component: str, /, **values: Any) -> SafeString:
    return render_to_string(f"kit/components/{component}.html", values)


def _trimmed(content: str) -> SafeString:
    """Return what a block tag holds without the blanks around it, still safe; "" when there is nothing."""
    return mark_safe(content.strip())


def _address(context: Context | Mapping[str, Any], **changes: str | int | None) -> str:
    """Return the query string of the page with some parameters changed, None removing one."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return "?" + query.urlencode()


# Small pieces


@register.simple_tag
def icon(name: str) -> SafeString:
    _one_of(name, tuple(ICONS), "The icon")
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', ICONS[name])


@register.simple_tag
def badge(label: str, tone: str = "neutral", unreal: bool = False) -> SafeString:
    """A state in a word; unreal (dashed) when it is not true yet: Projet, À venir."""
    _one_of(tone, TONES, "The tone")
    return format_html('<span class="badge badge-{}{}">{}</span>', tone, " badge-unreal" if unreal else "", label)


@register.simple_tag
def fictitious(label: str = "donnée fictive de démonstration") -> SafeString:
    return format_html('<span class="fictitious">{}</span>', label)


@register.simple_tag
def words(text: str) -> SafeString:
    """Words of a convention, between « », in their own voice."""
    return format_html('<q class="words">{}</q>', french(text))


@register.simple_tag
def button(
    label: str,
    url: str = "",
    kind: str = "secondary",
    *,
    type: str = "submit",
    name: str = "",
    value: str = "",
    small: bool = False,
    icon: str = "",
    disabled: str = "",
    described_by: str = "",
    form: str = "",
    hx_get: str = "",
    hx_post: str = "",
    hx_target: str = "",
    hx_swap: str = "",
) -> SafeString:
    """A verb and its object. With an address it is a link; `disabled` gives the reason, written near."""
    _one_of(kind, KINDS, "The kind of button")
    return _component(
        "button",
        label=label, url=url, kind=kind, type=type, name=name, value=value, small=small, icon=icon, disabled=disabled,
        described_by=described_by or (f"why-{slugify(label)}" if disabled else ""), why_here=not described_by, form=form,
        hx_get=hx_get, hx_post=hx_post, hx_target=hx_target, hx_swap=hx_swap,
    )  # fmt: skip


@register.simple_block_tag
def actions(content: str) -> SafeString:
    return format_html('<div class="actions">{}</div>', content)


# Amounts and what explains them


@register.simple_tag(takes_context=True)
def amount(
    context: Context | Mapping[str, Any],
    value: Any,
    note: str = "",
    *,
    here: bool = False,
    signed: bool = False,
    absent: str = filters.ABSENT,
    about: str = "",
) -> SafeString:
    """A computed value. With the key of a note it opens it: in the page when `here`, else asked of the same address.

    `about` names what the value is, for those who hear the page; `absent` is said when there is no value.
    """
    if value is None:
        return filters.without_value(absent)
    text = euros(value, signed=True) if signed and isinstance(value, Decimal | Fraction | int) else shown(value)
    if not note:
        return format_html('<span class="figure">{}</span>', text)
    request = context.get("request")
    return _component(
        "amount",
        text=text, key=note, about=about, here=here, words=isinstance(value, str),
        url=f"#{NOTE}-{note}" if here else _address(context, **{NOTE: note}),
        current=not here and request is not None and request.GET.get(NOTE) == note,
    )  # fmt: skip


@register.simple_block_tag(takes_context=True)
def note(context: Context, content: str, explained: Note, here: bool = False) -> SafeString:
    """Why a figure is what it is, in the fixed order of the margin; the content of the tag is what may be done about it."""
    close = f"#{explained.key}" if here else _address(context, **{NOTE: None}) + f"#{explained.key}"
    return _component("note", note=explained, content=_trimmed(content), here=here, close=close)


@register.simple_tag
def no_note() -> SafeString:
    """Where the note will come when a figure is asked about."""
    return format_html('<section class="note" id="{}"></section>', NOTE)


@register.simple_tag(name="sum")
def sum_of(lines: Iterable[Line], result: Line) -> SafeString:
    """Names, values, and the ink rule above the result."""
    return _component("sum", lines=lines, result=result)


@register.simple_tag
def sum_due(
    label: str, value: Any, detail: str = "", *, change: str = "", since: str = "", causes: Iterable[Line] = ()
) -> SafeString:
    """What is owed; beside it the change (« 981,00 € de plus » « qu’en 2024 ») by cause. For the statements of `billing`."""
    return _component("sum_due", label=label, value=shown(value), detail=detail, change=change, since=since, causes=causes)


@register.simple_tag
def definitions(items: Iterable[tuple[str, Any]] | Iterable[Line], ruled: bool = False) -> SafeString:
    """Names and values: pairs, or lines. A link is followed; None is « sans objet »."""
    pairs = [(item.label, item.value) if isinstance(item, Line) else item for item in items]
    return _component("definitions", items=[(name, _told(value)) for name, value in pairs], ruled=ruled)


def _told(value: Any) -> str:
    if value is None:
        return filters.without_value()
    if isinstance(value, Link):
        return format_html('<a href="{}">{}</a>', value.url, value.label) if value.url else value.label
    return value if isinstance(value, SafeString) else shown(value)


@register.simple_tag
def facts(items: Iterable[Fact]) -> SafeString:
    """Facts with their date, source and author."""
    return _component("facts", facts=items)


# Boxes


@register.simple_block_tag
def panel(content: str, title: str, tone: str = "neutral") -> SafeString:
    """A warning or a reminder beside the content; one hairline, never within another."""
    return _component("panel", title=title, tone=_one_of(tone, TONES, "The tone"), content=content)


@register.simple_block_tag
def message(content: str, tone: str = "neutral", word: str = "") -> SafeString:
    """What just happened, or what stops: the word first (« Enregistré », « Refusé »)."""
    return _component("message", tone=_one_of(tone, (*TONES, "error"), "The tone"), word=word, content=content)


@register.simple_block_tag
def empty(content: str, sentence: str) -> SafeString:
    """What will be here, in one sentence; the content is one action."""
    return _component("empty", sentence=sentence, content=_trimmed(content))


@register.simple_block_tag
def disclosure(content: str, label: str, open: bool = False) -> SafeString:
    return _component("disclosure", label=label, content=content, open=open)


@register.simple_block_tag
def menu(content: str, label: str, *, chip: bool = False, pressed: bool = False, side: str = "start") -> SafeString:
    """A button, or a filter chip, which opens a list of links or a few choices. `side`: start or end."""
    return _component(
        "menu", label=label, content=content, chip=chip, pressed=pressed, side=_one_of(side, ("start", "end"), "The side")
    )


@register.simple_tag(takes_context=True)
def exports(context: Context, csv: bool = True, xlsx: bool = True, label: str = "Exporter") -> SafeString:
    """The menu of exports of a list: the same address, filters included, asked in another format."""
    formats = [("Tableur (XLSX)", "xlsx", xlsx), ("Texte (CSV)", "csv", csv)]
    links = [Link(name, _address(context, export=code, page=None)) for name, code, wanted in formats if wanted]
    return _component("exports", label=label, links=links)


@register.simple_block_tag
def example(content: str, title: str, held: bool, *, repair: str = "") -> SafeString:
    """An example of a text, reproduced or not; when not, the content says expected, computed, and what to do."""
    return _component("example", title=title, held=held, content=_trimmed(content), repair=repair)


@register.simple_block_tag
def problem(content: str, fact: str, place: str, *, quoted: str = "") -> SafeString:
    """A problem under its line: the fact, the words at fault, code with line and column; the content is the one repair."""
    return _component("problem", fact=fact, place=place, quoted=quoted, content=_trimmed(content))


@register.simple_block_tag
def publish_bar(content: str, verdict: str, obstacles: Iterable[Link] = ()) -> SafeString:
    """The verdict, each obstacle as a link, and in the content the action, disabled while one remains.

    For the campaigns of `billing`, checked before anything is issued.
    """
    return _component("publish_bar", verdict=verdict, obstacles=list(obstacles), content=content)


@register.simple_block_tag
def bulk_bar(content: str, one: str, many: str) -> SafeString:
    """What may be done to the rows chosen: « adhésion choisie », « adhésions choisies »."""
    return _component("bulk_bar", one=one, many=many, content=content)


@register.simple_tag(takes_context=True)
def term(context: Context, word: str, shown_as: str = "") -> SafeString:
    """A term of the trade, explained where it stands the first time a page uses it, and only then.

    The terms are those of the setting `COMMUNIS_GLOSSARY`; without a script, the link leads to the page that lists them.
    """
    terms: dict[str, Term] = import_string(settings.COMMUNIS_GLOSSARY)
    if word not in terms:
        raise template.TemplateSyntaxError(f"No term {word!r} in the glossary; the nearest: {get_close_matches(word, terms, 3)}")
    request = context.get("request")
    said = request.__dict__.setdefault(TERMS_SAID, set()) if request is not None else set()
    if word in said:
        return conditional_escape(french(shown_as or word))
    said.add(word)
    return mark_safe(_component("term", term=terms[word], words=shown_as or word).strip())


# Finding one's way


@register.simple_tag
def breadcrumbs(*places: Link | str) -> SafeString:
    """The way to this page: links, or words for what has no page."""
    return _component("breadcrumbs", places=[place if isinstance(place, Link) else Link(str(place)) for place in places])


@register.simple_tag
def link(label: str, url: str = "") -> Link:
    """Make a link to pass to another component: `{% link "Décomptes" url as place %}`."""
    return Link(label, url)


@register.simple_tag
def tabs(items: Iterable[Tab], label: str = "Vues", save: str = "") -> SafeString:
    """Tabs, or saved views; `save` is the address where this view is saved."""
    return _component("tabs", tabs=items, label=label, save=save)


@register.simple_tag
def chip(label: str, url: str, pressed: bool = False, count: int | None = None) -> SafeString:
    """A filter set by a link; pressed when it holds."""
    return _component("chip", label=label, url=url, pressed=pressed, count=count)


@register.simple_tag
def search(
    url: str = "", *, name: str = "q", value: str = "", label: str = "Rechercher", main: bool = False, alone: bool = True
) -> SafeString:
    """A search box. The main one answers to `/`; inside another form it is not alone."""
    return _component("search", url=url, name=name, value=value, label=label, main=main, alone=alone)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page | None) -> SafeString:
    """« 1 à 15 sur 23 », and the way to the others."""
    if page is None or not page.paginator.count:
        return mark_safe("")
    return _component(
        "pagination",
        first=page.start_index(), last=page.end_index(), count=page.paginator.count,
        before=_address(context, page=page.previous_page_number()) if page.has_previous() else "",
        after=_address(context, page=page.next_page_number()) if page.has_next() else "",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def rail(context: Context, whose: Rail) -> SafeString:
    """The rail; current is the item whose address begins the page's, the longest winning."""
    path = context["request"].path if "request" in context else ""
    urls = [item.url for group in whose.groups for item in group.items]
    current = max(
        (url for url in urls if path == url or (url.endswith("/") and url != "/" and path.startswith(url))), key=len, default=""
    )
    return render_to_string("kit/rail.html", {"rail": whose, "current": current, "path": path}, request=context.get("request"))


# Work


@register.simple_tag
def territory(groups: Sequence[CellGroup], label: str, names: bool = False) -> SafeString:
    """One cell a member; words and counts under each group of the same state, and with `names` who is in it when they are few."""
    cells = sum(len(group.cells) for group in groups)
    return _component("territory", groups=groups, label=label, dense=cells > MANY_CELLS, names=names)


@register.simple_block_tag
def step(content: str, number: int, title: str, current: bool = False) -> SafeString:
    """A step of a campaign and its tasks; the one in course has the ink rule."""
    return _component("step", number=number, title=title, current=current, content=content)


@register.simple_tag
def steps(current: int, *names: str, label: str = "Étapes") -> SafeString:
    """The pages of one task, in order; the current one is told."""
    return _component("steps", current=current, names=names, label=label)


@register.simple_tag
def task(label: str, url: str, fact: str, state: str, tone: str = "neutral", unreal: bool = False) -> SafeString:
    """One line of a step: where to go, what it holds, its state."""
    return _component("task", label=label, url=url, fact=fact, badge=badge(state, tone, unreal))


@register.simple_tag
def progress(label: str, done: int, total: int | None = None, *, since: str = "", cancel: str = "") -> SafeString:
    """What runs, how far, and since when; `cancel` is the address which stops it."""
    return _component("progress", label=label, done=done, total=total, since=since, cancel=cancel)


@register.simple_tag
def dates(items: Iterable[tuple[Any, str]]) -> SafeString:
    """What is to come, or what happened: a date left, what right."""
    return _component("dates", items=[(medium_date(day) if isinstance(day, date) else shown(day), what) for day, what in items])


@register.simple_tag(takes_context=True)
def table(context: Context, rows: Any) -> SafeString:
    """A table of `communis.kit.tables`."""
    request = context.get("request")
    rows.request = request
    return render_to_string("kit/table.html", {"table": rows, "request": request}, request=request)


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: str | int | None) -> str:
    """The query string of the page with some parameters changed, None removing one."""
    return _address(context, **changes)


@register.simple_tag
def second(text: str, tone: str = "plain") -> SafeString:
    """The second line of a cell: the reason; urgent or late when time presses. For the campaigns of `billing`."""
    _one_of(tone, ("plain", "urgent", "late"), "The tone")
    return format_html('<span class="second{}">{}</span>', "" if tone == "plain" else f" second-{tone}", text)
