"""What is typed of the catalogue."""

from __future__ import annotations

from django import forms

from communis.directory.enums import SiteKind


class CoverageForm(forms.Form):
    """The kinds of sites that an offer covers."""

    site_kinds = forms.MultipleChoiceField(
        label="Genres de sites couverts", choices=SiteKind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Aucun : l’offre ne concerne pas un lieu.",
    )  # fmt: skip
    source = forms.CharField(
        label="D’après", max_length=200, help_text="L’article ou l’annexe qui le dit : annexe 2, article 3.3.2…"
    )
