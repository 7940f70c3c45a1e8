"""The formats of pages, as filters. Text that becomes HTML is escaped first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, Field
from django.forms.boundfield import BoundWidget
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from communis.kit import formats
from communis.kit.fields import DatedChoiceField

register = template.Library()
ABSENT = "sans objet"
_TAGS = re.compile(r"(<[^>]*>)")
_FIRST = re.compile(r"\b1er(?=[\s\u00a0]|$)")


def _or_absent(write: Callable[..., str]) -> Callable[..., str]:
    """Say that a value is absent, in words: never an empty cell, a dash or zero."""

    def filter_of(value: Any, *arguments: Any) -> str:
        return ABSENT if value is None or value == "" else write(value, *arguments)

    return filter_of


def without_value(words: str = ABSENT) -> SafeString:
    """Write what stands in the place of a value; « sans objet » is marked apart from what is still to be known or decided."""
    return format_html('<span class="absent{}">{}</span>', " moot" if words == ABSENT else "", words)


def superior(text: str) -> SafeString:
    """Raise the « er » of « 1er », after escaping."""
    return mark_safe(_FIRST.sub("1<sup>er</sup>", conditional_escape(text)))


register.filter("euros", _or_absent(formats.euros))
register.filter("signed_euros", _or_absent(lambda value: formats.euros(value, signed=True)))
register.filter("whole", _or_absent(formats.number))
register.filter("shown", _or_absent(formats.shown))
register.filter("short_date", _or_absent(formats.short_date))
register.filter("long_date", _or_absent(lambda day: superior(formats.long_date(day))))
register.filter("medium_date", _or_absent(lambda day: superior(formats.medium_date(day))))
register.filter("weekday", _or_absent(lambda day: superior(formats.weekday(day))))
register.filter("moment", _or_absent(lambda at: superior(formats.moment(at))))
register.filter("superior", superior)


@register.filter
def number(value: Any, places: int = 0) -> str:
    return ABSENT if value is None or value == "" else formats.number(value, int(places))


@register.filter
def signed(value: Any, places: int = 0) -> str:
    return ABSENT if value is None or value == "" else formats.number(value, int(places), signed=True)


@register.filter
def percent(value: Any, places: int = 1) -> str:
    return ABSENT if value is None or value == "" else formats.percent(value, int(places))


@register.filter
def hour(at: datetime) -> str:
    return formats.hour(timezone.localtime(at).time() if timezone.is_aware(at) else at.time())


@register.filter
def period(first: date, last: date | None = None) -> SafeString:
    """« du 1er janvier au 31 mars 2025 »: `{{ starts_on|period:ends_on }}`."""
    return superior(formats.period(first, last))


@register.filter
def faults(errors: dict[str, Any]) -> int:
    """Count all that a form has to correct: a field may have several faults."""
    return sum(len(ones) for ones in errors.values())


TO_DO = {"select": "à choisir", "radioselect": "à choisir", "checkboxselectmultiple": "à choisir", "checkbox": "à cocher"}


@register.filter
def beside(field: BoundField, box: BoundWidget) -> BoundField | None:
    """Return the field that stands beside a box of another, when it has one."""
    boxes = field.field
    assert isinstance(boxes, DatedChoiceField)
    name = boxes.beside.get(box.data["value"])
    return field.form[name] if name is not None else None


@register.filter
def in_summary(error: Any, field: BoundField) -> str:
    """Say a fault with the name of its field: « Nom : à remplir. » of one left empty."""
    said = str(error)
    if said == str(Field.default_error_messages["required"]):
        said = f"{TO_DO.get(field.widget_type, 'à remplir')}."
    return f"{field.label} : {said}"


@register.filter
def beside_field(error: Any, field: BoundField) -> str:
    """Say a fault where its field is: one left empty is named there too."""
    return in_summary(error, field) if str(error) == str(Field.default_error_messages["required"]) else str(error)


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that may be cut after its @, and nowhere in a word."""
    return format_html_join(mark_safe("@<wbr>"), "{}", ((part,) for part in address.split("@")))


@register.filter
def counted(count: int, words: str) -> str:
    """« 12 communes »: `{{ n|counted:"commune" }}`, or `{{ n|counted:"travail,travaux" }}`."""
    return formats.counted(count, *words.split(","))


@register.filter
def agreed(count: int, words: str) -> str:
    """The word alone: `{{ n|agreed:"commune" }}`."""
    return formats.agreed(count, *words.split(","))


@register.filter(needs_autoescape=True)
def french(text: str, autoescape: bool = True) -> SafeString:
    """Put the no-break spaces and apostrophes of French, between the tags of a safe text only."""
    escaped = conditional_escape(text) if autoescape else str(text)
    pieces = _TAGS.split(escaped)
    return mark_safe(
        "".join(piece if rank % 2 else formats.french(piece.replace("&#x27;", "'")) for rank, piece in enumerate(pieces))
    )
