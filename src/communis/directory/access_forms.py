"""What one types to open or close access."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from communis.directory.enums import HOST_ROLES, GrantRole
from communis.directory.models import Organization
from communis.kit.editing import choose_among
from communis.kit.fields import FrenchDateField
from communis.kit.formats import short_date
from communis.tariff.calendar import eve


def by_side() -> list[tuple[str, Any]]:
    """Return the rights in two groups: for the service, for one member."""
    sides: tuple[tuple[str, list[Any]], ...] = (("Pour le service", []), ("Pour une organisation membre", []))
    for role in GrantRole:
        sides[role not in HOST_ROLES][1].append((role.value, role.label))
    return [("", "Choisir un droit"), *sides]


class InviteForm(forms.Form):
    """An invitation: to whom, for what, from when to when."""

    email = forms.EmailField(label="Adresse e-mail", widget=forms.EmailInput({"autocomplete": "off"}))
    name = forms.CharField(label="Prénom et nom", max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    role = forms.ChoiceField(label="Droit", choices=by_side)
    organization = forms.ModelChoiceField(
        label="Organisation", queryset=Organization.objects.none(), required=False,
        empty_label="Aucune : c’est un droit du service", help_text="Pour un droit de membre.",
    )  # fmt: skip
    starts_on = FrenchDateField(label="Depuis le")
    ends_on = FrenchDateField(label="Jusqu’au", required=False, help_text="Laissez vide si rien ne l’annonce.")

    def __init__(self, *args: Any, user: Any, today: date, **options: Any) -> None:
        options["initial"] = {"starts_on": today}
        super().__init__(*args, **options)
        choose_among(self, "organization", Organization.objects.visible_to(user).filter(is_host=False))

    def clean(self) -> dict[str, Any]:
        role, organization = self.cleaned_data.get("role"), self.cleaned_data.get("organization")
        if role and role not in HOST_ROLES and organization is None and "organization" not in self.errors:
            self.add_error("organization", "Choisissez l’organisation pour laquelle ce droit est donné.")
        if role in HOST_ROLES and organization is not None:
            self.add_error("organization", "Un droit du service ne nomme pas d’organisation : choisissez « Aucune ».")
        return self.cleaned_data


class EndForm(forms.Form):
    """The last day of rights."""

    last_day = FrenchDateField(label="Dernier jour")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        options["initial"] = {"last_day": eve(today)}
        super().__init__(*args, **options)
        words = f"La veille : l’accès est coupé tout de suite. Pour le laisser ouvert aujourd’hui, écrivez {short_date(today)}."
        self.fields["last_day"].help_text = words
