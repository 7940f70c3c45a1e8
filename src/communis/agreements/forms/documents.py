"""What is typed to make a document ready, and the template that a pool gives back."""

from __future__ import annotations

from typing import Any

from django import forms

from communis.agreements.enums import DocumentKind, Party
from communis.kit.editing import offer_choices
from communis.kit.fields import FrenchDateField

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
OF_LETTERS = ("party", "reason", "recipient", "contracts")


class MakeForm(forms.Form):
    """The kind of document, and what only the person knows: the session, who reports, who signs."""

    kind = forms.ChoiceField(label="Document")
    session_on = FrenchDateField(label="Séance du", required=False)
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
    reason = forms.CharField(label="Motif de la résiliation", max_length=500, required=False)
    recipient = forms.CharField(
        label="Fournisseur, avec son adresse", max_length=300, required=False, help_text="Pour dénoncer un contrat."
    )
    contracts = forms.CharField(
        label="Contrats à dénoncer, un par ligne", required=False, widget=forms.Textarea({"rows": 3}), max_length=4000,
        help_text="Vides : ceux que le compte de sortie fait reprendre ou rembourser.",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: tuple[DocumentKind, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "kind", [(kind.value, kind.label) for kind in kinds])
        if not set(kinds) & set(OF_DEPARTURE):
            for name in OF_LETTERS:
                del self.fields[name]

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
