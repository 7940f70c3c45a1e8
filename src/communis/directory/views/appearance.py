"""The look of a pool: the form that sets it, the logo and the styles that its pages ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from communis.directory import appearance
from communis.directory.models import Appearance
from communis.kit.editing import form_page
from communis.kit.parts import Link
from communis.kit.pictures import TYPES

SETTINGS = Link("Réglages", "/reglages/")
A_YEAR = "private, max-age=31536000, immutable"


class AppearanceForm(forms.Form):
    logo = forms.FileField(
        label="Logo", required=False, help_text="Une image PNG, JPEG ou WebP, de 200 ko au plus. Elle tient dans un carré.",
        widget=forms.FileInput({"accept": ",".join(TYPES.values())}),
    )  # fmt: skip
    without_logo = forms.BooleanField(label="Retirer le logo en place", required=False)
    hue = forms.RegexField(
        "^#[0-9A-Fa-f]{6}$", label="Teinte", required=False, max_length=7,
        help_text="Celle des boutons principaux. Par exemple #0B5D5E ; laissez vide pour le vert pin de communis.",
        error_messages={"invalid": "Écrivez un dièse et six chiffres hexadécimaux : #0B5D5E."},
        widget=forms.TextInput({"class": "input-short", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, has_logo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_logo:
            del self.fields["without_logo"]

    def chosen_logo(self) -> bytes | None:
        """Return the bytes sent, nothing when the logo goes, None when it stays as it is."""
        sent = self.cleaned_data["logo"]
        if sent is not None:
            return bytes(sent.read(appearance.HEAVIEST + 1))
        return b"" if self.cleaned_data.get("without_logo") else None


def change(request: HttpRequest) -> HttpResponse:
    """Set the logo and the hue of the pool."""
    found = Appearance.objects.visible_to(request.user).first()
    form = AppearanceForm(
        request.POST or None, request.FILES or None, has_logo=bool(found and found.logo_name),
        initial={"hue": found.hue if found else ""},
    )  # fmt: skip
    return form_page(
        request,
        form,
        lambda: appearance.set_appearance(hue=form.cleaned_data["hue"], logo=form.chosen_logo()),
        title="Logo et teinte",
        done="Le logo et la teinte sont enregistrés.",
        back=SETTINGS.url,
        submit="Enregistrer le logo et la teinte",
        places=[SETTINGS],
        sentence="Ce qui distingue ce service aux yeux de ses membres, sur toutes ses pages.",
    )


def logo(request: HttpRequest, name: str) -> HttpResponse:
    """Give the logo, as the picture it was found to be and nothing else."""
    found = get_object_or_404(Appearance.objects.visible_to(request.user), logo_name=name)
    response = HttpResponse(bytes(found.logo), content_type=TYPES[name.rpartition(".")[2]])
    response["Cache-Control"] = A_YEAR
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = f'inline; filename="logo.{name.rpartition(".")[2]}"'
    return response


def sheet(request: HttpRequest, hue: str) -> HttpResponse:
    """Give the styles of the hue in force; an address of another hue does not exist."""
    found = Appearance.objects.visible_to(request.user).first()
    if found is None or found.hue != f"#{hue}":
        raise Http404
    response = HttpResponse(appearance.sheet_of(found.hue), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = A_YEAR
    return response
