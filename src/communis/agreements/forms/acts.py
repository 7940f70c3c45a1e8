"""What a person types of a council act: the whole of it on one screen, names and opinions one a line."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms

from communis.agreements.enums import ActKind, ActState, Opinion, Presence
from communis.agreements.models import Resolution
from communis.agreements.operations.acts import VOTABLE, Named, Said
from communis.agreements.transmissions import transmission_of
from communis.directory.members import kept_organizations
from communis.directory.models import Organization
from communis.kit.editing import RowForm, choose_among
from communis.kit.fields import FrenchDateField, YearField
from communis.kit.formats import short_date
from communis.kit.reading import Misread, read_date

MOST_NAMES, LONGEST_NAME = 500, 200
OUTCOMES = (ActState.ADOPTED, ActState.REJECTED, ActState.ADJOURNED)
SECTIONS = (
    ("L’acte", "", ("organization", "agreement", "kind", "state", "number", "subject", "matter", "nature", "service", "missing")),
    ("La séance", "", ("body", "session_on", "session_at", "place", "convened_on", "posted_on", "president", "reporter",
                       "secretary")),
    ("Qui était là", "Ce que l’acte dit, tel qu’il le dit : un chiffre absent reste vide.",
     ("in_office", "present", "proxies", "excused", "absent", "names", "names_excused", "names_absent")),
    ("Le vote", "", ("voters", "votes_for", "votes_against", "abstained", "not_voting", "is_unanimous")),
    ("La transmission et la publication", "",
     ("sent_on", "received_on", "transmission", "sent_number", "published_on", "online_on")),
    ("Le texte", "", ("visas", "recitals", "opinions", "statement", "decisions", "authorizes", "budget_sentence", "remedies",
                      "signatories", "annexes")),
)  # fmt: skip


def lines_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class ActForm(RowForm):
    """An act of a council: all of it, by sections."""

    template_name = "agreements/act_fields.html"

    names = forms.CharField(
        label="Noms des présents et pouvoirs", required=False, widget=lines_area(8),
        help_text="Facultatif. Un nom par ligne ; pour un pouvoir, « Nom > celui qui le porte ».",
    )  # fmt: skip
    names_excused = forms.CharField(label="Noms des excusés sans pouvoir", required=False, widget=lines_area(2))
    names_absent = forms.CharField(label="Noms des absents", required=False, widget=lines_area(2))
    opinions = forms.CharField(
        label="Avis préalables", required=False, widget=lines_area(2),
        help_text="Un par ligne : « Commission des finances ; 14/09/2023 ; favorable ».",
    )  # fmt: skip

    class Meta(RowForm.Meta):
        model = Resolution
        fields = tuple(name for _, _, names in SECTIONS for name in names if not name.startswith("names") and name != "opinions")

    def __init__(self, *args: Any, user: Any, voting: bool = False, **options: Any) -> None:
        act: Resolution = options["instance"]
        options["initial"] = typed_of(act) | (options.get("initial") or {})
        super().__init__(*args, user=user, **options)
        choose_among(self, "organization", kept_organizations(user))
        agreement: Any = self.fields["agreement"]
        agreement.empty_label = "aucune"
        self.fields["organization"].label, self.fields["session_at"].label = "Collectivité", "Heure de la séance"
        self.fields["number"].help_text = "S’il manque à l’acte, laissez vide : la fiche le dira."
        if voting:
            state: Any = self.fields["state"]
            state.choices = [("", "à choisir"), *((one.value, one.label) for one in OUTCOMES)]
            state.label = "Ce que le conseil a décidé"
            self.initial["state"] = ""
            self.ask_what_is_voted(act)

    def ask_what_is_voted(self, act: Resolution) -> None:
        """Offer what a council votes: what a note or an order prepared becomes a deliberation, unless one says a decision."""
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in VOTABLE]
        if act.kind not in VOTABLE:
            kind.help_text = f"L’acte préparé est de genre « {act.get_kind_display()} » : le conseil vote une délibération."
            self.initial["kind"] = ActKind.RESOLUTION.value

    @property
    def sections(self) -> list[tuple[str, str, list[tuple[bool, list[Any]]]]]:
        """The fields, section by section, in runs: those of a few characters stand beside each other."""
        return [
            (
                title,
                words,
                [(is_short, list(run)) for is_short, run in groupby((self[name] for name in names), key=is_short_field)],
            )
            for title, words, names in SECTIONS
        ]

    def clean_transmission(self) -> str:
        typed: str = self.cleaned_data["transmission"]
        return checked_identifier(typed)

    def clean_names(self) -> list[Named]:
        found = []
        for number, line in lines_of(self.cleaned_data["names"]):
            name, given, holder = (part.strip() for part in line.partition(">"))
            if not name or (given and not holder):
                raise forms.ValidationError(
                    f"Ligne {number}, « {line} » : écrivez « Nom », ou « Nom > celui qui porte le pouvoir »."
                )
            check_length(number, name, holder)
            found.append(Named(name, Presence.PROXY, holder) if given else Named(name))
        return found

    def clean_names_excused(self) -> list[Named]:
        return names_alone(self.cleaned_data["names_excused"], Presence.EXCUSED)

    def clean_names_absent(self) -> list[Named]:
        return names_alone(self.cleaned_data["names_absent"], Presence.ABSENT)

    def clean_opinions(self) -> list[Said]:
        return [opinion_of(number, line) for number, line in lines_of(self.cleaned_data["opinions"])]

    def named(self) -> list[Named]:
        """Return the names typed, in the order of the act."""
        return [name for field in ("names", "names_excused", "names_absent") for name in self.cleaned_data[field]]


def is_short_field(field: Any) -> bool:
    """Tell whether a few characters are typed in a field: a day, an hour, a count."""
    look = field.field.widget.attrs.get("class", "")
    return "input-short" in look or "input-amount" in look


def lines_of(text: str) -> list[tuple[int, str]]:
    """Return the lines typed that say something, each with its number."""
    found = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(found) > MOST_NAMES:
        raise forms.ValidationError(f"Il y a {len(found)} lignes : {MOST_NAMES} au plus.")
    return found


def check_length(number: int, *names: str) -> None:
    for name in names:
        if len(name) > LONGEST_NAME:
            raise forms.ValidationError(f"Ligne {number} : un nom a {LONGEST_NAME} caractères au plus.")


def names_alone(text: str, presence: Presence) -> list[Named]:
    found = []
    for number, line in lines_of(text):
        if ">" in line:
            raise forms.ValidationError(f"Ligne {number}, « {line} » : un pouvoir s’écrit avec les présents.")
        check_length(number, line)
        found.append(Named(line, presence))
    return found


def opinion_of(number: int, line: str) -> Said:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) != 3 or not parts[0]:
        raise forms.ValidationError(
            f"Ligne {number}, « {line} » : écrivez l’instance, la date et l’avis, séparés par des points-virgules."
        )
    check_length(number, parts[0])
    try:
        on = read_date(parts[1])
    except Misread as problem:
        raise forms.ValidationError(f"Ligne {number}, « {parts[1]} » : {problem}") from None
    known = {str(one.label): one for one in Opinion}
    if parts[2].lower() not in known:
        raise forms.ValidationError(f"Ligne {number}, « {parts[2]} » : l’avis est l’un de {', '.join(known)}.")
    return Said(parts[0], on, known[parts[2].lower()])


def checked_identifier(typed: str) -> str:
    if not typed:
        return ""
    try:
        return str(transmission_of(typed))
    except Misread as problem:
        raise forms.ValidationError(str(problem)) from None


def typed_of(act: Resolution) -> dict[str, str]:
    """Return the names and the opinions of an act as they are typed."""
    if act.pk is None:
        return {}
    rows = list(act.attendances.unscoped())
    there = (Presence.PRESENT, Presence.PROXY)
    return {
        "names": "\n".join(
            f"{one.name} > {one.proxy_holder}" if one.presence == Presence.PROXY else one.name
            for one in rows if one.presence in there and one.name
        ),
        "names_excused": "\n".join(one.name for one in rows if one.presence == Presence.EXCUSED and one.name),
        "names_absent": "\n".join(one.name for one in rows if one.presence == Presence.ABSENT and one.name),
        "opinions": "\n".join(
            f"{one.body} ; {short_date(one.on)} ; {one.get_opinion_display()}" for one in act.opinions.unscoped()
        ),
    }  # fmt: skip


class TransmissionForm(forms.Form):
    """The sending of an act, its receipt and its publication, when they come after the vote."""

    sent_on = FrenchDateField(label="Transmise le", required=False)
    received_on = FrenchDateField(label="Reçue en préfecture le", required=False)
    identifier = forms.CharField(
        label="Identifiant de transmission", required=False, max_length=80,
        help_text="Tel que le tampon le porte : 035-213502362-20231005-SG2023_362-DE.",
    )  # fmt: skip
    published_on = FrenchDateField(label="Publiée le", required=False)
    online_on = FrenchDateField(label="Mise en ligne le", required=False)

    def clean_identifier(self) -> str:
        typed: str = self.cleaned_data["identifier"]
        return checked_identifier(typed)


class StateForm(forms.Form):
    """What becomes of an act besides its vote."""

    state = forms.ChoiceField(label="L’acte est", widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        state: Any = self.fields["state"]
        state.choices = choices


class ForgetForm(forms.Form):
    """Nothing to type: the button is the answer."""


class MetadataForm(forms.Form):
    """What the metadata for the préfecture need beside the act."""

    classified_on = FrenchDateField(
        label="Date du classement des matières",
        help_text="Celle de la dernière classification reçue de la préfecture : 13/11/2017.",
    )
    annexes = forms.IntegerField(label="Nombre d’annexes", min_value=0, max_value=99, initial=0)


class PublicationForm(forms.Form):
    """Whose deliberations to publish, and of which year."""

    organisation = forms.ModelChoiceField(Organization.objects.none(), label="Collectivité", empty_label="à choisir")
    annee = YearField(label="Année", first=1982)

    def __init__(self, *args: Any, organizations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_among(self, "organisation", organizations)
