"""What is typed of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from communis.catalog.composition import label_of
from communis.catalog.conventions import convention_in_force
from communis.catalog.enums import CheckOutcome
from communis.catalog.models import Edition, Entry
from communis.catalog.prerequisites import Finding
from communis.catalog.tree import Node, Tree
from communis.directory.enums import SiteKind
from communis.kit.editing import RowForm
from communis.kit.fields import FrenchDateField


class CoverageForm(forms.Form):
    """The kinds of sites that an offer covers."""

    site_kinds = forms.MultipleChoiceField(
        label="Genres de sites couverts", choices=SiteKind.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Aucun : l’offre ne concerne pas un lieu.",
    )  # fmt: skip
    source = forms.CharField(
        label="D’après", max_length=200, help_text="L’article ou l’annexe qui le dit : annexe 2, article 3.3.2…"
    )


def offers_to_choose() -> list[tuple[str, str]]:
    """Return the offers of the convention of the pool, as choices."""
    convention = convention_in_force(timezone.localdate())
    names = convention.model.book.offers_in("") if convention is not None else ()
    return [(name, label_of(convention, name)) for name in names] if convention is not None else []


class EntryForm(RowForm):
    """An entry of a catalogue: it stands under an entry of the same one, and names an offer of the convention."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        parent: Any = self.fields["parent"]
        parent.queryset = parent.queryset.filter(edition=self.instance.edition_id).exclude(pk=self.instance.pk)
        parent.empty_label = "le catalogue lui-même"
        for name in ("offer", "closed_into"):
            choices = offers_to_choose()
            now = getattr(self.instance, name)
            if now and now not in dict(choices):  # of a former convention: kept as it is until it is changed
                choices.append((now, now.replace("_", " ")))
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=[("", "aucune"), *choices],
                help_text=self.fields[name].help_text, initial=now,
            )  # fmt: skip


class ToolForm(RowForm):
    """A tool of a service: what takes its place is a tool of the same service."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["replaced_by"]
        field.queryset = field.queryset.filter(entry=self.instance.entry_id).exclude(pk=self.instance.pk)


class TrialForm(forms.Form):
    """Offers and levels taken together, to see what the convention makes of them."""

    choix = forms.MultipleChoiceField(
        label="Offres et niveaux pris ensemble", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, nodes: Iterable[Node], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["choix"]
        field.choices = [(str(one.entry.pk), f"{one.entry} ({one.path})" if one.path else str(one.entry)) for one in nodes]


class CopyForm(forms.Form):
    """The name of the catalogue of the next version."""

    name = forms.CharField(label="Nom du nouveau catalogue", max_length=200, help_text="Par exemple : « avenant n° 7 ».")


class ComparisonForm(forms.Form):
    """The two catalogues to compare."""

    avant = forms.ModelChoiceField(label="Catalogue d’avant", queryset=Edition.objects.none(), empty_label="à choisir")
    apres = forms.ModelChoiceField(label="Catalogue d’après", queryset=Edition.objects.none(), empty_label="à choisir")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("avant", "apres"):
            field: Any = self.fields[name]
            field.queryset = Edition.objects.visible_to(user)


class ClosingForm(forms.Form):
    """When a brick closes, and which one receives its costs."""

    last_day = FrenchDateField(label="Dernier jour de la brique")
    into = forms.ChoiceField(label="Ses coûts vont à")

    def __init__(self, *args: Any, entry: Entry, tree: Tree, **options: Any) -> None:
        super().__init__(*args, **options)
        others = [(one.offer, str(one)) for one in (node.entry for node in tree.walk()) if one.offer and one.pk != entry.pk]
        into: Any = self.fields["into"]
        into.choices = [("", "à choisir"), *others]


class CheckForm(forms.Form):
    """What was found of a prerequisite, on what evidence."""

    prerequisite = forms.ChoiceField(label="Prérequis")
    outcome = forms.ChoiceField(label="Constat")
    on = FrenchDateField(label="Constaté le")
    evidence = forms.CharField(label="Preuve", max_length=300, help_text="Mesure, photo, attestation, et d’où elle vient.")

    def __init__(self, *args: Any, findings: Iterable[Finding], may_waive: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(str(one.prerequisite.pk), f"{one.label} : {one.prerequisite.wording}") for one in findings]
        prerequisite: Any = self.fields["prerequisite"]
        prerequisite.choices = [("", "à choisir"), *known]
        outcomes = [choice for choice in CheckOutcome.choices if may_waive or choice[0] != CheckOutcome.WAIVED]
        outcome: Any = self.fields["outcome"]
        outcome.choices = [("", "à choisir"), *outcomes]
