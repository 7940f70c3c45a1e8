"""What is typed about a membership: its request, its choices, its steps, its signatures, its notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from communis.agreements.enums import ActKind, ActState, DropCause, Party, StepKind
from communis.agreements.models import Agreement, Membership, Resolution
from communis.agreements.operations.choosing import seen_as
from communis.directory.members import kept_organizations
from communis.directory.models import Organization
from communis.kit.editing import choose_among
from communis.kit.fields import AmountField, FrenchDateField
from communis.kit.formats import short_date
from communis.tariff.calendar import FIRST_YEAR
from communis.tariff.language.rules import Offer

YEARS_AHEAD = 10  # choices are made for the years to come: further, the year was mistyped
ACT_HELP = "L’acte s’enregistre d’abord dans les actes ; il apparaît ici ensuite."


def acts_of(user: Any, organization: Organization | None, *kinds: str) -> Any:
    """Return the adopted acts of a council that somebody may rest a step on."""
    rows = Resolution.objects.visible_to(user).filter(state=ActState.ADOPTED)
    rows = rows.filter(organization=organization) if organization is not None else rows
    return rows.filter(kind__in=kinds) if kinds else rows


class ActField(forms.ModelChoiceField):
    """One of the adopted acts of a council."""

    def __init__(self, user: Any, organization: Organization | None, *kinds: str, **options: Any) -> None:
        options.setdefault("help_text", ACT_HELP)
        nothing = "à choisir" if options.get("required", True) else "aucun"
        super().__init__(acts_of(user, organization, *kinds), empty_label=nothing, **options)

    def label_from_instance(self, act: Any) -> str:
        return f"{act}, {act.subject}"


class PartyActField(ActField):
    """One of the adopted acts of both parties, each with whose it is."""

    def label_from_instance(self, act: Any) -> str:
        return f"{act.organization}, {super().label_from_instance(act)}"


class RequestForm(forms.Form):
    """Who asks to adhere, to what, on which day."""

    def __init__(self, *args: Any, user: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        members = kept_organizations(user).filter(is_host=False, ends_on=None).order_by("sort_name")
        self.fields["organization"] = forms.ModelChoiceField(members, label="Membre", empty_label="à choisir")
        self.fields["agreement"] = forms.ModelChoiceField(
            Agreement.objects.visible_to(user).order_by("sort_name"), label="Convention", empty_label="à choisir"
        )
        self.fields["on"] = FrenchDateField(label="Demandée le", initial=today, last=today)
        self.fields["note"] = forms.CharField(label="Précision", required=False, max_length=500)


class StepForm(forms.Form):
    """A step that is only written down, with its act."""

    KINDS = (StepKind.VOTED, StepKind.AUDITED, StepKind.EXAMINED)

    def __init__(self, *args: Any, user: Any, membership: Membership, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"] = forms.ChoiceField(label="Étape", choices=[(k.value, k.label.capitalize()) for k in self.KINDS])
        self.fields["act"] = ActField(user, membership.organization, label="Acte", required=False)
        self.fields["on"] = FrenchDateField(label="Date", required=False, last=today,
                                            help_text="Sans date, celle de la séance de l’acte.")  # fmt: skip
        self.fields["note"] = forms.CharField(label="Précision", required=False, max_length=500)


class SignatureForm(forms.Form):
    """Who signed for a party, in what quality, by what authority."""

    def __init__(self, *args: Any, user: Any, membership: Membership, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        signed = set(membership.signatures.visible_to(user).values_list("party", flat=True))
        waiting = [p for p in (Party.MEMBER, Party.HOST) if p not in signed] or list(Party)
        parties = [(p.value, str(p.label).capitalize()) for p in (*waiting, *(p for p in Party if p in signed))]
        self.fields["party"] = forms.ChoiceField(label="Partie", choices=parties)
        self.fields["signatory"] = forms.CharField(label="Signataire", max_length=200)
        self.fields["quality"] = forms.CharField(label="Qualité", max_length=200, help_text="Maire, président, vice-président…")
        self.fields["on"] = FrenchDateField(label="Signée le", last=today, initial=today)
        self.fields["act"] = PartyActField(
            user, None, label="Autorisé par l’acte", required=False,
            help_text="La délibération qui autorise à signer. Si elle n’est pas enregistrée, donnez ses références en dessous.",
        )  # fmt: skip
        choose_among(self, "act", acts_of_parties(user, membership.organization))
        self.fields["authority"] = forms.CharField(
            label="Références de l’acte, telles qu’écrites", required=False, max_length=200
        )
        if waiting[0] == Party.MEMBER:
            self.initial.setdefault("act", voted(user, membership))


def acts_of_parties(user: Any, member: Organization) -> Any:
    """Return the adopted acts of both parties to a convention, those of the member first."""
    rows = acts_of(user, None).filter(Q(organization=member) | Q(organization__is_host=True))
    return rows.select_related("organization").order_by("organization__is_host", "-session_on", "-id")


def voted(user: Any, membership: Membership) -> Resolution | None:
    """Return the act by which the member voted its adhesion, which authorizes its mayor to sign as a rule."""
    steps = membership.steps.visible_to(user).filter(kind=StepKind.VOTED, decided_by__isnull=False)
    step = steps.select_related("decided_by").order_by("-on", "-id").first()
    return step.decided_by if step is not None else None


class RemovalForm(forms.Form):
    """Why a step is removed."""

    reason = forms.CharField(label="Motif", max_length=300, help_text="Par exemple : l’acte rattaché n’était pas le bon.")


class EffectForm(forms.Form):
    chosen_on = FrenchDateField(label="Date d’effet choisie par les parties", required=False,
                                help_text="Sans date, celle du formulaire de choix.")  # fmt: skip


class DropForm(forms.Form):
    cause = forms.ChoiceField(label="Suite", choices=[(c.value, c.label.capitalize()) for c in DropCause])
    on = FrenchDateField(label="Depuis le")
    note = forms.CharField(label="Motif", required=False, max_length=300)


class WishesForm(forms.Form):
    wishes = forms.CharField(label="Souhaits sur l’accès aux données", required=False, widget=forms.Textarea({"rows": 4}),
                             help_text="Ce que le membre demande sur l’accès du service à ses données.")  # fmt: skip


class ExpressForm(forms.Form):
    """The new deliberation by which a membership goes on after its term."""

    def __init__(self, *args: Any, user: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["act"] = ActField(user, membership.organization, ActKind.RESOLUTION, label="Délibération de renouvellement")


class ChoiceBoxes(forms.Form):
    """The form of article 8: a box an offer, each with its own day of effect when it is not the common one."""

    def __init__(
        self, *args: Any, user: Any, membership: Membership, offers: Mapping[str, Offer], held: Mapping[str, date], today: date,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.offers, self.held = dict(offers), dict(held)
        bounds: dict[str, Any] = {"first": date(FIRST_YEAR + 1, 1, 1), "last": date(today.year + YEARS_AHEAD, 12, 31)}
        for name, offer in offers.items():
            label = offer.label or name.replace("_", " ")
            self.fields[f"offre-{name}"] = forms.BooleanField(label=label, required=False, initial=name in held)
            self.fields[f"du-{name}"] = FrenchDateField(label=f"Date d’effet, {label}", required=False, help_text="",
                                                        initial=held.get(name), if_ticked=True, **bounds)  # fmt: skip
        self.fields["on"] = FrenchDateField(label="Choix en vigueur à compter du", **bounds)
        self.fields["stated_on"] = FrenchDateField(label="Formulaire rempli le", initial=today, last=today)
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=seen_as(held))
        change = membership.effect_on is not None and bool(held)
        self.fields["act"] = ActField(user, membership.organization, label="Décision ou délibération", required=change)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in self.offers:
            day, on = given.get(f"du-{name}"), given.get("on")
            if day and not given.get(f"offre-{name}"):
                if day == self.held.get(name):
                    continue  # given up: the day that it had is only what the form showed
                self.add_error(f"du-{name}", "Cochez l’offre, ou laissez sa date vide.")
            elif day and on and day < on and day != self.held.get(name):
                self.add_error(f"du-{name}", f"Le {short_date(day)} vient avant le {short_date(on)}, jour où ces choix sont en "
                                             "vigueur. Avancez ce jour, ou laissez la date de l’offre vide.")  # fmt: skip
        return given

    def show_anew(self) -> None:
        """Take what is held now as what was seen, keeping what was typed: for a form that is sent back."""
        self.data = {**dict(self.data.items()), "seen": seen_as(self.held)}

    def wanted(self) -> dict[str, date]:
        """Return each offer ticked with its day of effect; what was held before keeps its own."""
        given = self.cleaned_data
        return {name: max(given.get(f"du-{name}") or given["on"], given["on"]) for name in self.offers if given[f"offre-{name}"]}


class NoticeForm(forms.Form):
    """A notice: who gives it, why, the letter, the agreement that shortens it."""

    def __init__(
        self, *args: Any, user: Any, membership: Membership, readings: tuple[tuple[str, str], ...], today: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["given_by"] = forms.ChoiceField(label="À l’initiative du", choices=[(p.value, p.label) for p in Party],
                                                    initial=Party.MEMBER)  # fmt: skip
        self.fields["act"] = ActField(user, membership.organization, label="Délibération ou décision", required=False)
        self.fields["reason"] = forms.CharField(label="Motif", widget=forms.Textarea({"rows": 2}),
                                                help_text="Par exemple : bonne organisation des services.")  # fmt: skip
        self.fields["sent_on"] = FrenchDateField(label="Lettre recommandée envoyée le", required=False, last=today)
        self.fields["received_on"] = FrenchDateField(label="Lettre reçue le", last=today)
        if len(readings) > 1:
            self.fields["reading"] = forms.ChoiceField(label="Fin du préavis", choices=readings)
        self.fields["waiver_on"] = FrenchDateField(label="Sortie convenue le", required=False,
                                                   help_text="Si un accord écrit abrège le préavis.")  # fmt: skip
        self.fields["waiver_member_on"] = FrenchDateField(label="Accord signé du membre le", required=False, last=today)
        self.fields["waiver_host_on"] = FrenchDateField(label="Accord signé du gestionnaire le", required=False, last=today)
        self.fields["wanted_on"] = FrenchDateField(label="Dernier jour souhaité", required=False,
                                                   help_text="Si la convention ne dit rien du préavis.")  # fmt: skip
        self.fields["cost"] = AmountField(label="Coût fixé par un acte", required=False, least=0,
                                          help_text="Si la sortie est anticipée et que la convention le veut.")  # fmt: skip


class WithdrawalForm(forms.Form):
    """The withdrawal of a notice: the day, why, and the act, which is needed when an act had decided the notice."""

    def __init__(
        self, *args: Any, user: Any, membership: Membership, decided: bool, today: date, **options: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.fields["on"] = FrenchDateField(label="Retiré le", initial=today, last=today)
        self.fields["reason"] = forms.CharField(label="Motif", max_length=300)
        self.fields["act"] = ActField(user, membership.organization, label="Délibération ou décision", required=decided)


class AdmissionForm(forms.Form):
    """A member that asks for a place, and the criteria it meets."""

    def __init__(self, *args: Any, memberships: Any, criteria: list[str], today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["membership"] = forms.ModelChoiceField(memberships, label="Adhésion", empty_label="à choisir")
        self.fields["on"] = FrenchDateField(label="Demandée le", initial=today, last=today)
        if criteria:
            self.fields["meets"] = forms.TypedMultipleChoiceField(
                label="Critères remplis", choices=list(enumerate(criteria)), coerce=int, required=False,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
