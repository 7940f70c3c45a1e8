"""One form a page: what was typed is checked, done, and told; a refusal comes back above what was typed, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from communis.kit.fields import CountField, FrenchDateField, FrenchTimeField, NumberField
from communis.kit.formats import capital
from communis.kit.refusals import Refusal


def kit_field(field: models.Field, **options: Any) -> forms.Field | None:
    """Return the form field of a model field: numbers and dates read French."""
    options.pop("localize", None)
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return field.formfield(form_class=FrenchDateField, **options)
    if isinstance(field, models.DecimalField):
        made = NumberField(digits=field.max_digits, places=field.decimal_places, required=not field.blank,
                           label=field.verbose_name, help_text=field.help_text)  # fmt: skip
        made.initial = None if field.default is models.NOT_PROVIDED else field.default
        return made
    if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField) and not field.choices:
        return CountField(required=not field.blank, label=field.verbose_name, help_text=field.help_text)
    if isinstance(field, models.TimeField):
        options.setdefault("widget", forms.TimeInput({"class": "input-short", "placeholder": "8:30"}, format="%H:%M"))
        return field.formfield(form_class=FrenchTimeField, **options)
    if isinstance(field, ArrayField) and field.base_field.choices:
        return forms.MultipleChoiceField(
            label=field.verbose_name, choices=field.base_field.choices, required=False, help_text=field.help_text,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
    if isinstance(field, models.TextField):
        options.setdefault("widget", forms.Textarea({"rows": 3}))
    return field.formfield(**options)


class RowForm(forms.ModelForm):
    """A form on a row of a pool: its choices are the rows that the person may see, and no other.

    `past` names the days that say that something was done: none of them is to come.
    """

    formfield_callback = kit_field

    class Meta:
        formfield_callback = kit_field

    def __init__(self, *args: Any, user: Any, past: Collection[str] = (), today: date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        for name, field in self.fields.items():
            if isinstance(field, FrenchDateField) and name in past:
                field.last = today
            if isinstance(field, forms.ModelChoiceField):
                limit_choices(field, user)
                field.empty_label = "aucun" if not field.required else "à choisir"
            if field.label:
                field.label = capital(field.label)

    def _post_clean(self) -> None:
        """Give the row what was typed; the operation checks the row, within its own transaction.

        When a field cannot be read, nothing is done: what the others may never be is told in the same go.
        """
        construct = forms.models.construct_instance
        self.instance = construct(self, self.instance, self._meta.fields, self._meta.exclude)
        if self.errors:
            unread = {field.name for field in self.instance._meta.fields if field.name not in self.cleaned_data}
            try:
                self.instance.clean_fields(exclude=unread)
            except ValidationError as problem:
                add_problem(self, problem)


def limit_choices(field: forms.ModelChoiceField, user: Any) -> None:
    """Let a field choose among the rows that a person may see, within those that its model allows."""
    if field.queryset is None:
        return
    rows = field.queryset.model.objects
    seen = rows.visible_to(user) if hasattr(rows, "visible_to") else rows.all()
    field.queryset = seen.complex_filter(field.get_limit_choices_to() or {})


def choose_among(form: forms.BaseForm, name: str, rows: models.QuerySet) -> None:
    """Let a field of a form choose among rows known when it is shown."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField), name
    field.queryset = rows


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Let a field of a form choose among words known when it is shown."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField), name
    field.choices = list(choices)


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    title: str,
    done: str | Callable[[], str],
    back: str | Callable[[], str],
    submit: str = "Enregistrer",
    template: str = "kit/form.html",
    **context: Any,
) -> HttpResponse:
    """Show a form, or do what it asks: the act runs in its own transaction, and its refusal is shown above what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                act()
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
        except ValidationError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, done() if callable(done) else done)
            return redirect(safe_next(request) or (back() if callable(back) else back))
    cancel = safe_next(request) or (back if isinstance(back, str) else "")
    status = 422 if form.errors else 200
    return render(
        request, template, {"form": form, "page_title": title, "submit": submit, "cancel": cancel, **context}, status=status
    )


def words_of(refusal: Refusal) -> str:
    """Return the sentence of a refusal, with the way to what stands in the way."""
    if refusal.see is None:
        return str(refusal)
    return format_html('{} <a href="{}">{}</a>', str(refusal), refusal.see.url, refusal.see.label)


def add_problem(form: forms.BaseForm, problem: ValidationError) -> None:
    """Put what a row may never be beside the field at fault, or above the form when it has none there."""
    found = problem.message_dict if hasattr(problem, "error_dict") else {"__all__": problem.messages}
    for name, said in found.items():
        form.add_error(name if name in form.fields else None, said)


def safe_next(request: HttpRequest) -> str:
    """Return the page to go back to, when the address names one of this site."""
    asked = request.POST.get("suite") or request.GET.get("suite") or ""
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else ""
