"""Attaching a file: which, what it is, who reads it."""

from __future__ import annotations

from typing import Any

from django import forms

from communis.agreements.enums import FileAudience, FileKind
from communis.agreements.operations.files import KEPT
from communis.foundation.files import LARGEST


class AttachForm(forms.Form):
    file = forms.FileField(label="Fichier", help_text=f"{KEPT} ; {LARGEST // 1_000_000} Mo au plus.", max_length=200)
    kind = forms.ChoiceField(label="Ce que c’est", choices=FileKind.choices)
    audience = forms.ChoiceField(label="Lu par")

    def __init__(self, *args: Any, audiences: tuple[FileAudience, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        audience: Any = self.fields["audience"]
        audience.choices = [(one.value, one.label) for one in audiences]

    def data_sent(self) -> bytes:
        """Return the bytes sent: one more than is kept at most, which is enough to refuse them."""
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))


class RemoveForm(forms.Form):
    """Nothing to type: the button is the answer."""
