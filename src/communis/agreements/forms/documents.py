"""What is typed to make a document ready, and the template that a pool gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from communis.agreements.enums import DocumentKind, Party
from communis.kit.editing import offer_choices
from communis.kit.fields import DatedChoiceField, FrenchDateField
from communis.kit.formats import short_date

LARGEST = 5_000_000  # bytes of a template
OF_DEPARTURE = (
    DocumentKind.TERMINATION, DocumentKind.NOTICE_LETTER, DocumentKind.EXIT_ACCOUNT, DocumentKind.DENUNCIATION,
    DocumentKind.TRANSFER,
)  # fmt: skip
FOR_MEMBERSHIP = (
    DocumentKind.ADHESION, DocumentKind.CHANGE, DocumentKind.CONVENTION, DocumentKind.COMMITMENT, DocumentKind.RENEWAL,
    *OF_DEPARTURE,
)  # fmt: skip
FOR_AMENDMENT = (DocumentKind.AMENDMENT, DocumentKind.AMENDMENT_VOTE, DocumentKind.MEMO)
MADE = (*FOR_MEMBERSHIP, *FOR_AMENDMENT, DocumentKind.IMPACT)
OF_LETTERS = ("party", "received_on", "reason", "recipient", "contracts")
DATED = (DocumentKind.COMMITMENT, DocumentKind.NOTICE_LETTER, DocumentKind.DENUNCIATION)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a change of choices chooses among: each offer by its label, and those that are held, each since its day."""

    labels: Mapping[str, str]
    held: Mapping[str, date]


class MakeForm(forms.Form):
    """The kind of document, and what only the person knows: the session, who reports, who signs."""

    kind = forms.ChoiceField(label="Document")
    session_on = FrenchDateField(label="Séance du", required=False)
    written_on = FrenchDateField(label="Lettre datée du", required=False, help_text="Pour une lettre. Vide : à compléter.")
    reporter = forms.CharField(label="Rapporteur", max_length=200, required=False)
    signatory = forms.CharField(label="Signataire du membre", max_length=200, required=False)
    host_signatory = forms.CharField(label="Signataire du gestionnaire", max_length=200, required=False)
    court = forms.CharField(
        label="Tribunal administratif", max_length=200, required=False,
        help_text="Celui des voies de recours d’une délibération, par exemple : Rennes.",
    )  # fmt: skip
    party = forms.ChoiceField(
        label="À l’initiative du", choices=[("", "selon le préavis"), *Party.choices], required=False,
        help_text="Pour une résiliation ou une dénonciation : qui écrit.",
    )  # fmt: skip
    received_on = FrenchDateField(
        label="Lettre de résiliation à recevoir le", required=False,
        help_text="Avant le préavis : donne le dernier jour. Vide : il reste à compléter.",
    )  # fmt: skip
    reason = forms.CharField(label="Motif de la résiliation", max_length=500, required=False)
    recipient = forms.CharField(
        label="Fournisseur, avec son adresse", max_length=300, required=False, help_text="Pour dénoncer un contrat."
    )
    contracts = forms.CharField(
        label="Contrats à dénoncer, un par ligne", required=False, widget=forms.Textarea({"rows": 3}), max_length=4000,
        help_text="Vides : ceux que le compte de sortie fait reprendre ou rembourser.",
    )  # fmt: skip

    changes_on = FrenchDateField(label="Changement à compter du", required=False)
    offers = DatedChoiceField(
        label="Prestations voulues", required=False,
        help_text="Pour un changement de choix : cochez toutes celles que le membre veut, celles qu’il garde comprises.",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: tuple[DocumentKind, ...], offered: Offered | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = offered or Offered({}, {})
        offer_choices(self, "kind", [(kind.value, kind.label) for kind in kinds])
        offer_choices(self, "offers", [*self.offered.labels.items()])
        self.initial.setdefault("offers", [*self.offered.held])
        if DocumentKind.CHANGE not in kinds or not self.offered.labels:
            del self.fields["offers"], self.fields["changes_on"]
        elif self["kind"].value() == DocumentKind.CHANGE:
            new = {name: label for name, label in self.offered.labels.items() if name not in self.offered.held}
            self.fields |= {
                f"du-{name}": FrenchDateField(label=f"{label}, à compter du", required=False, if_ticked=True, is_beside=True,
                                              help_text="Vide : le jour du changement.")
                for name, label in new.items()
            }  # fmt: skip
            boxes = self.fields["offers"]
            assert isinstance(boxes, DatedChoiceField)
            boxes.beside = {name: f"du-{name}" for name in new}
        if not set(kinds) & set(DATED):
            del self.fields["written_on"]
        if not set(kinds) & set(OF_DEPARTURE):
            for name in OF_LETTERS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse a change without its day; what is held already, ticked again, is no change, and leaves the choices blank."""
        given = super().clean() or {}
        ticked, on = given.pop("offers", []), given.get("changes_on")
        wanted = () if {*ticked} == {*self.offered.held} else tuple(ticked)
        if given.get("kind") != DocumentKind.CHANGE:
            wanted = ()
        if wanted and on is None and "changes_on" not in self.errors:
            self.add_error("changes_on", "Dites le jour où ces prestations prennent effet.")
        last = max(self.offered.held.values(), default=None)
        if wanted and on is not None and last is not None and on <= last:
            self.add_error("changes_on", f"Les choix en cours datent du {short_date(last)} : un changement vient après.")
        days = {name: given.pop(f"du-{name}", None) for name in self.offered.labels}
        for name, day in days.items():
            if day is not None and name not in wanted:
                self.add_error(f"du-{name}", "Cochez cette prestation, ou laissez sa date vide.")
            elif day is not None and on is not None and day < on:
                told = (
                    f"Le {short_date(day)} vient avant le {short_date(on)}, jour du changement : avancez ce jour, ou laissez la "
                )
                self.add_error(f"du-{name}", f"{told}date de la prestation vide.")
        return given | {"wanted": {name: days[name] or on for name in wanted if on is not None}}

    def clean_contracts(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data["contracts"].splitlines() if line.strip())


class IssueForm(forms.Form):
    knowingly = forms.BooleanField(label="Émettre avec ces blancs", required=False)


class TemplateForm(forms.Form):
    """A template of the pool, in the word processor’s format."""

    kind = forms.ChoiceField(label="Document", choices=[(kind.value, kind.label) for kind in MADE])
    file = forms.FileField(label="Modèle DOCX", help_text="Le modèle livré, modifié dans votre traitement de texte.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Le modèle dépasse 5 Mo : allégez ses images.")
        return file
