"""What a person may type of conventions, versions and amendments."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django import forms
from django.db.models import Q

from communis.agreements.enums import LegalBasis, VersionStatus
from communis.agreements.forms.memberships import acts_of
from communis.agreements.models import Agreement, Article, Membership, Resolution, Version
from communis.kit.editing import RowForm, choose_among, offer_choices
from communis.kit.fields import FrenchDateField, NumberField, YearField
from communis.tariff.convention import shipped, shipped_names

NO_FILE = ""
ADOPTABLE = (VersionStatus.PENDING, VersionStatus.APPROVED)
_HEAD = re.compile(r'^\s*(convention|gestionnaire) "([^"]*)"', re.MULTILINE)


class BeginForm(forms.Form):
    """A convention begun from a shipped one, or blank."""

    slug = forms.ChoiceField(
        label="À partir de", required=False,
        help_text="Le tarif et les articles qu’il cite sont repris ; une convention vide s’écrit article par article.",
    )  # fmt: skip
    name = forms.CharField(label="Nom de la convention", max_length=200)
    short_name = forms.CharField(label="Nom court", max_length=60, help_text="Celui des listes : « service commun », « DN »…")
    label = forms.CharField(label="Version", max_length=60, initial="1")
    author = forms.CharField(label="Auteur", max_length=200, required=False)
    programme = forms.CharField(
        label="Programme", max_length=200, required=False, help_text="Quand plusieurs modèles de convention y répondent."
    )
    grounds = forms.MultipleChoiceField(
        label="Fondements légaux", choices=LegalBasis.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(name, titled(name)) for name in shipped_names() if not name.startswith("bibliotheque")]
        offer_choices(self, "slug", [(NO_FILE, "une convention vide"), *names])


@cache
def titled(slug: str) -> str:
    """Return whose a shipped convention is, and its title, as its file says both."""
    text = (shipped(slug) / "convention.tarif").read_text("utf-8")
    said = dict(_HEAD.findall(text))
    return ", ".join(filter(None, (said.get("gestionnaire"), said.get("convention")))) or slug.replace("_", " ")


class NextForm(forms.Form):
    label = forms.CharField(label="Version", max_length=60, help_text="Telle qu’elle se nomme : « 3 », « convention de 2027 ».")
    author = forms.CharField(label="Auteur", max_length=200, required=False)


class ArticleForm(RowForm):
    class Meta(RowForm.Meta):
        model = Article
        fields = ("number", "title", "depth", "text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].help_text = "Libre : il peut se répéter ou sauter, comme dans le texte voté."
        self.fields["depth"].help_text = "1 pour un article, 2 pour un article dans un article…"
        self.fields["text"].widget.attrs["rows"] = 12


class TariffForm(forms.Form):
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Tarif",
        widget=forms.Textarea({"rows": 30, "class": "code", "spellcheck": "false"}),
        strip=False,
        max_length=400_000,
    )


class ActField(forms.ModelChoiceField):
    """A council act, by its number, its day and its subject."""

    def label_from_instance(self, obj: Resolution) -> str:
        return f"{obj} : {obj.subject}"[:160]


def acts_of_host(user: Any) -> Any:
    """Return the acts that the host’s council adopted: no other approves anything."""
    return acts_of(user, None).filter(organization__is_host=True).order_by("-session_on", "-id")


class ApproveForm(forms.Form):
    """The act of the host’s council, and the day from which the version is in force."""

    act = ActField(Resolution.objects.none(), label="Acte du gestionnaire", empty_label="à choisir")
    starts_on = FrenchDateField(label="En vigueur le")
    knowingly = forms.BooleanField(label="Je sais : approuver avec ce qui manque", required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_among(self, "act", acts_of_host(user))


class RepealForm(forms.Form):
    act = ActField(Resolution.objects.none(), label="Acte du gestionnaire", empty_label="à choisir")
    ends_on = FrenchDateField(label="Dernier jour")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose_among(self, "act", acts_of_host(user))


class AmendForm(forms.Form):
    """An avenant on a version; its changes are listed on its page."""

    number = forms.CharField(label="Numéro", max_length=20)
    subject = forms.CharField(label="Objet", max_length=300)
    dated_on = FrenchDateField(label="Daté du", required=False)
    prolongs_to = FrenchDateField(label="Prolonge la convention jusqu’au", required=False)
    reason = forms.CharField(label="Motif", required=False, widget=forms.Textarea({"rows": 3}))
    author = forms.CharField(label="Auteur", max_length=200, required=False)


class AnnexForm(forms.Form):
    year = YearField(label="Exercice", first=2000)


class AdoptForm(forms.Form):
    """The version that a member adopts, and the act by which it does."""

    version = forms.ModelChoiceField(Version.objects.none(), label="Version adoptée", empty_label="à choisir")
    on = FrenchDateField(label="Adoptée le")
    decided_by = ActField(Resolution.objects.none(), label="Par l’acte du membre", required=False, empty_label="aucun")
    authorized_by = ActField(
        Resolution.objects.none(), label="Ou en vertu d’un acte qui l’autorisait d’avance", required=False, empty_label="aucun",
        help_text="Par exemple : la délibération d’adhésion autorise « les avenants de renouvellement ».",
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        own = acts_of(user, membership.organization).order_by("-session_on", "-id")
        versions = Version.objects.visible_to(user).filter(agreement=membership.agreement_id, status__in=ADOPTABLE)
        sent = self.data.get("version", "")  # one that somebody else has just recorded as adopted is told so, by the operation
        kept = int(sent) if sent.isdecimal() and len(sent) < 19 else 0
        adopted = Q(adoptions__membership=membership) & ~Q(pk=kept)
        choose_among(self, "version", versions.select_related("agreement").exclude(adopted))
        choose_among(self, "decided_by", own)
        choose_among(self, "authorized_by", own.exclude(authorizes=""))


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(Agreement.objects.none(), label="Remplacée par", empty_label="à choisir")
    starts_on = FrenchDateField(label="À compter du")

    def __init__(self, *args: Any, user: Any, agreement: Agreement, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Agreement.objects.visible_to(user).exclude(pk=agreement.pk)
        known = agreement.successor_id
        choose_among(self, "successor", others.filter(pk=known) if known is not None else others.filter(successor=None))
        self.fields["successor"].initial = known


class PriceForm(forms.Form):
    """A price that an act sets, among those that the convention lets change so."""

    parameter = forms.ChoiceField(label="Prix")
    value = NumberField(label="Valeur, en euros", digits=14, places=4)
    starts_on = FrenchDateField(label="À compter du")
    reference = forms.CharField(label="Acte, tel qu’il se cite", max_length=200, help_text="Délibération n° 2238 du 4 mars 2023.")
    decided_by = ActField(Resolution.objects.none(), label="Acte enregistré ici", required=False, empty_label="aucun")

    def __init__(self, *args: Any, user: Any, prices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "parameter", prices)
        choose_among(self, "decided_by", acts_of_host(user))
