"""What a person may type in the directory; what rows may never be is checked by the models."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from communis.directory.enums import FactShape, PopulationKind, RoleKind, SuccessionKind, TokenScope
from communis.directory.models import ApiToken, Fact, FactType, Organization, Person, Post
from communis.kit.editing import RowForm, choose_among
from communis.kit.fields import FrenchDateField, NumberField, YearField
from communis.kit.formats import capital, short_date
from communis.tariff.calendar import months_later

YES_NO = [("oui", "oui"), ("non", "non")]


class PersonForm(RowForm):
    class Meta(RowForm.Meta):
        model = Person
        fields = ("first_name", "last_name", "email", "phone", "function")


class AppointForm(forms.Form):
    """A person known already, or a new one, and the role given."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Personne déjà connue", required=False, empty_label="une autre")
    first_name = forms.CharField(label="Prénom", max_length=100, required=False)
    last_name = forms.CharField(label="Nom", max_length=100, required=False)
    email = forms.EmailField(label="Adresse e-mail", required=False)
    phone = forms.CharField(label="Téléphone", max_length=30, required=False)
    kind = forms.ChoiceField(label="Rôle", choices=RoleKind.choices)
    starts_on = FrenchDateField(label="Depuis le")
    ends_on = FrenchDateField(label="Jusqu’au", required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_among(self, "person", Person.objects.visible_to(user))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("person") and not given.get("last_name") and "last_name" not in self.errors:
            self.add_error("last_name", "Choisissez une personne déjà connue, ou écrivez au moins un nom.")
        return given

    def whom(self) -> Person:
        """Return the person chosen, or a new one from what was typed."""
        given = self.cleaned_data
        if given["person"]:
            return given["person"]
        return Person(first_name=given["first_name"], last_name=given["last_name"], email=given["email"], phone=given["phone"])


class EndForm(forms.Form):
    on = FrenchDateField(label="Dernier jour")


class RenewalForm(forms.Form):
    """A general renewal of councils: the day, and whose."""

    on = FrenchDateField(label="Jour de l’élection", help_text="Les mandats en cours la veille prennent fin ce jour-là.")
    types = forms.MultipleChoiceField(label="Conseils renouvelés", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, types: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["types"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = types


class SuccessionForm(forms.Form):
    predecessors = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label="Organisations qui disparaissent", widget=forms.CheckboxSelectMultiple
    )
    successor = forms.ModelChoiceField(
        Organization.objects.none(), label="Organisation qui leur succède", empty_label="à choisir"
    )
    kind = forms.ChoiceField(label="Cause", choices=SuccessionKind.choices)
    on = FrenchDateField(label="À compter du")
    act = forms.CharField(label="Acte", max_length=200, help_text="Par exemple : arrêté préfectoral du 12 décembre 2025.")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Organization.objects.visible_to(user).filter(ends_on=None)
        choose_among(self, "predecessors", rows.filter(is_host=False))
        choose_among(self, "successor", rows)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("successor") and given["successor"] in (given.get("predecessors") or ()):
            self.add_error("successor", "Une organisation ne se succède pas à elle-même.")
        return given


class FactTypeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: FactType) -> str:
        return f"{obj.label}, en {obj.unit}" if obj.unit else f"{obj.label} ({obj.get_shape_display()})"


class FactForm(forms.Form):
    """A fact of an organization; the value is read by the shape of its type."""

    type = FactTypeField(FactType.objects.none(), label="Fait", empty_label="à choisir")
    kind = forms.ChoiceField(label="Nature", choices=[("", "sans objet"), *PopulationKind.choices], required=False)
    value = forms.CharField(label="Valeur", max_length=200)
    valid_on = FrenchDateField(label="À la date du")
    until = FrenchDateField(label="Jusqu’au", required=False)
    published_on = FrenchDateField(label="Publié le", required=False)
    source = forms.CharField(label="Source", max_length=300, help_text="D’où vient ce chiffre : le document, sa date.")
    reason = forms.CharField(label="Motif de la correction", max_length=300)

    def __init__(self, *args: Any, user: Any, corrects: Fact | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.corrects = corrects
        choose_among(self, "type", FactType.objects.visible_to(user))
        if corrects is not None and corrects.type.unit:
            self.fields["value"].help_text = f"En {corrects.type.unit}."
        if corrects is None:
            del self.fields["reason"]
        else:
            del self.fields["type"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        type_ = self.corrects.type if self.corrects else given.get("type")
        if type_ is None or "value" not in given:
            return given
        if type_.has_kinds and not given.get("kind"):
            self.add_error("kind", "Dites de quelle population il s’agit.")
        elif not type_.has_kinds:
            given["kind"] = ""
        if given.get("until") and given.get("valid_on") and given["until"] < given["valid_on"]:
            self.add_error("until", "La fin doit suivre la date du fait.")
        given["number"], given["text"] = None, ""
        if type_.shape == FactShape.NUMBER:
            field = NumberField(digits=9, places=0, least=0) if type_.has_kinds else NumberField(digits=14, places=6, least=0)
            try:
                given["number"] = field.clean(given["value"])
            except forms.ValidationError as problem:
                self.add_error("value", problem)
        elif type_.shape == FactShape.YES_NO and given["value"].casefold() not in ("oui", "non"):
            self.add_error("value", "Répondez par oui ou par non.")
        else:
            given["text"] = given["value"].casefold() if type_.shape == FactShape.YES_NO else given["value"]
        return given

    def fact(self, organization: Organization | None) -> Fact:
        given = self.cleaned_data
        return Fact(
            type=given.get("type") or (self.corrects.type if self.corrects else None), organization=organization,
            kind=given["kind"], number=given["number"], text=given["text"], valid_on=given["valid_on"], until=given["until"],
            published_on=given["published_on"], source=given["source"], reason=given.get("reason", ""),
        )  # fmt: skip


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Motif du retrait", max_length=300)


class SignatureForm(forms.Form):
    """Whether somebody may sign for an organization on a day (ORG-20)."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Signataire", empty_label="à choisir")
    organization = forms.ModelChoiceField(Organization.objects.none(), label="Pour", empty_label="à choisir")
    on = FrenchDateField(label="Le")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_among(self, "person", Person.objects.visible_to(user))
        choose_among(self, "organization", Organization.objects.visible_to(user))


class SplitForm(forms.Form):
    """The time of a post by brick for a year: one line a brick."""

    year = YearField(label="Exercice", first=2000)
    shares = forms.CharField(
        label="Parts, une brique par ligne", widget=forms.Textarea({"rows": 8}),
        help_text="Par exemple : « Bureautique : 0,60 ». Les parts font la quotité du poste.",
    )  # fmt: skip

    def __init__(self, *args: Any, post: Post, **options: Any) -> None:
        super().__init__(*args, **options)
        self.post = post

    def clean_shares(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        field = NumberField(digits=4, places=2, least=0)
        for number, line in enumerate(self.cleaned_data["shares"].splitlines(), 1):
            if not line.strip():
                continue
            name, colon, figure = line.rpartition(":")
            name = name.strip()
            if not colon or not name:
                raise forms.ValidationError(f"Ligne {number}, « {line.strip()} » : écrivez la brique, deux-points, puis les ETP.")
            if name in found:
                raise forms.ValidationError(f"Ligne {number} : « {name} » figure deux fois.")
            try:
                found[name] = field.clean(figure.strip())
            except forms.ValidationError as problem:
                raise forms.ValidationError(f"Ligne {number}, « {name} » : {problem.messages[0]}") from None
        return found


class TokenForm(forms.Form):
    """A token to make: what for, what it may read, until when."""

    LIFE = timedelta(days=90)

    name = forms.CharField(
        label="Nom", max_length=100, help_text="À quoi il sert, pour le reconnaître plus tard : « tableau de bord des finances »."
    )
    scopes = forms.MultipleChoiceField(
        label="Ce qu’il peut lire",
        choices=[(code, capital(words)) for code, words in TokenScope.choices],
        widget=forms.CheckboxSelectMultiple,
        help_text="Jamais plus que vous. Le moins possible est le plus sûr.",
    )
    expires_on = FrenchDateField(label="Valable jusqu’au")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        day = self.fields["expires_on"]
        assert isinstance(day, FrenchDateField)
        day.first, day.last, day.initial = today, months_later(today, 12), today + self.LIFE
        day.help_text = f"Un an au plus, le {short_date(day.last)}. Après, il n’ouvre plus rien."

    def clean_scopes(self) -> list[str]:
        """Keep a calendar alone: its token is in an address that a diary keeps, and others may come to read."""
        scopes: list[str] = self.cleaned_data["scopes"]
        if TokenScope.CALENDAR in scopes and len(scopes) > 1:
            raise forms.ValidationError(
                "L’agenda prend un jeton à lui seul : son adresse se donne à un logiciel. Décochez-le, ou décochez le reste."
            )
        return scopes

    def token(self) -> ApiToken:
        return ApiToken(**self.cleaned_data)


class RevokeForm(forms.Form):
    """Nothing to type: the button is the answer."""
