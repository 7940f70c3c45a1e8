"""Form fields that read French: amounts, numbers, percentages and dates; and the renderer that draws every form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from communis.kit.formats import NBSP, number, plain_number, short_date
from communis.kit.reading import Misread, read_date, read_number, read_time

DASHES = BLANK_CHOICE_DASH[0][1]  # what Django writes where nothing is chosen yet


class KitRenderer(DjangoTemplates):
    """Draws fields with their label, help and error tied together, and forms with a summary of their errors."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Draw a widget; a select is written at once: a template for each of five hundred options takes longer than a page."""
        if template_name == forms.Select.template_name:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: dict[str, Any]) -> SafeString:
    """Return a select as Django’s templates draw it."""
    written = format_html_join("\n", "{}", ((group(name, options),) for name, options, _ in widget["optgroups"]))
    return format_html('<select name="{}"{}>\n{}\n</select>', widget["name"], flatatt(widget["attrs"]), written)


def group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    written = mark_safe("\n".join(
        f'<option value="{escape(option["value"])}"{flatatt(option["attrs"]) if option["attrs"] else ""}>'
        f"{'à choisir' if option['label'] == DASHES else conditional_escape(option['label'])}</option>"
        for option in options
    ))  # fmt: skip
    return written if name is None else format_html('<optgroup label="{}">\n{}\n</optgroup>', name, written)


class NumberInput(forms.TextInput):
    """A text field, so that both decimal marks can be typed, with the keyboard of figures on phones."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "input-amount", **(attrs or {})})


class DateInput(forms.TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "class": "input-short", **(attrs or {})})


class NumberField(forms.Field):
    """A bounded decimal number, read in either notation and shown in French."""

    widget = NumberInput
    unit = ""

    def __init__(
        self,
        *,
        digits: int = 12,
        places: int = 2,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
        **options: Any,
    ) -> None:
        self.digits, self.places, self.least, self.most = digits, places, least, most
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return read_number(str(value), digits=self.digits, places=self.places, unit=self.unit)
        except Misread as problem:
            raise forms.ValidationError(str(problem), code="invalid") from None

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise forms.ValidationError(f"Écrivez au moins {self._bound(self.least)}.", code="least")
        if self.most is not None and value > self.most:
            raise forms.ValidationError(f"Écrivez au plus {self._bound(self.most)}.", code="most")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return self._written(value)
        return value

    def _written(self, value: Decimal | int) -> str:
        return number(value, self.places) + (NBSP + self.unit if self.unit else "")

    def _bound(self, value: Decimal | int) -> str:
        return plain_number(value) + (NBSP + self.unit if self.unit else "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True


class AmountField(NumberField):
    """An amount in euros, to the cent."""

    unit = "€"


class PercentField(NumberField):
    """A percentage as it is written: « 14,1 % » is Decimal("14.10"). For the shares of `billing`."""

    unit = "%"


class CountField(NumberField):
    """A whole number, from zero."""

    def __init__(self, *, least: int = 0, **options: Any) -> None:
        options.setdefault("digits", 9)
        super().__init__(places=0, least=least, **options)

    def to_python(self, value: Any) -> Any:
        read = super().to_python(value)
        return None if read is None else int(read)


class YearField(forms.IntegerField):
    """A year, which is no quantity: its figures are never set apart."""

    widget = NumberInput

    def __init__(self, *, first: int, last: int = 2100, **options: Any) -> None:
        said = dict.fromkeys(("invalid", "min_value", "max_value"), f"Écrivez une année, de {first} à {last}.")
        super().__init__(min_value=first, max_value=last, error_messages=said, **options)


class DatedChoiceField(forms.MultipleChoiceField):
    """Boxes, each with a field of the form of its own, that is shown beside it once it is ticked: `beside` names them."""

    widget = forms.CheckboxSelectMultiple
    beside: Mapping[str, str]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.beside = {}


class FrenchTimeField(forms.TimeField):
    """A time of day: 20:30, 20 h 30 or 20 h."""

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values or isinstance(value, time):
            return value if isinstance(value, time) else None
        try:
            return read_time(str(value))
        except Misread as problem:
            raise forms.ValidationError(str(problem), code="invalid") from None


class FrenchDateField(forms.Field):
    """A day: jj/mm/aaaa, ISO or in words.

    One asked `if_ticked` is hidden until the box before it, or the one that it stands beside, is ticked.
    """

    widget = DateInput

    def __init__(
        self, *, first: date | None = None, last: date | None = None, if_ticked: bool = False, is_beside: bool = False,
        **options: Any,
    ) -> None:  # fmt: skip
        self.first, self.last, self.if_ticked, self.is_beside = first, last, if_ticked, is_beside
        options.setdefault("help_text", "Par exemple 31/01/2026.")
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value))
        except Misread as problem:
            raise forms.ValidationError(str(problem), code="invalid") from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and self.first and value < self.first:
            raise forms.ValidationError(f"La date doit être le {short_date(self.first)} ou après.", code="first")
        if value and self.last and value > self.last:
            raise forms.ValidationError(f"La date doit être le {short_date(self.last)} ou avant.", code="last")

    def prepare_value(self, value: Any) -> Any:
        return short_date(value) if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True
