"""The plain forms of rows that rest on an act, or name an offer: they offer the acts and the offers that can serve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Min
from django.utils.text import slugify

from communis.agreements.applicable import version_for
from communis.agreements.choices import price_unborne
from communis.agreements.enums import VersionStatus
from communis.agreements.examined import bearers_of
from communis.agreements.forms.memberships import acts_of, acts_of_parties
from communis.agreements.forms.versions import acts_of_host
from communis.agreements.models import Agreement, Choice, Version
from communis.agreements.operations.prices import revisable_prices
from communis.agreements.reading import version_in_force
from communis.agreements.wording import of
from communis.catalog.composition import label_of
from communis.directory.models import Organization
from communis.kit.editing import RowForm
from communis.kit.formats import short_date

ACT = "decided_by"
ADDED = "autre"  # before the key of a duty that somebody added: those that choices bring have their own
Offers = list[tuple[str, str]]


class ActChoice(forms.ModelChoiceField):
    """One of the adopted acts of several councils, each with whose it is."""

    def label_from_instance(self, act: Any) -> str:
        return f"{act.organization}, {act} : {act.subject}"[:160]


class ActRow(RowForm):
    """A row that may rest on an act: one that the council of its organization adopted, or that of the service."""

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        known = self.organization()
        rows = acts_of_parties(user, known) if known is not None else acts_of(user, None)
        choose_act(self, rows, "Un acte adopté du membre ou du gestionnaire.")

    def organization(self) -> Organization | None:
        """Return whose row it is, once it is known."""
        holder: Any = self.instance.membership if hasattr(self.instance, "membership_id") else self.instance
        return holder.organization if holder.organization_id is not None else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        act, mine = given.get(ACT), given.get("organization") or self.organization()
        if act is not None and mine is not None and act.organization_id != mine.pk and not act.organization.is_host:
            self.add_error(ACT, f"L’acte est celui {of(act.organization)} : choisissez un acte {of(mine)} ou du gestionnaire.")
        return given


class ExaminationRow(ActRow):
    """An « examen approfondi »: of an offer of the version that applies to the member, decided after it was opened."""

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        assert self.today is not None
        self.choices = Choice.objects.visible_to(user).filter(form__membership=self.instance.membership)
        self.version = version_for(self.instance.membership, self.today)
        offers = offers_of(self.version)
        choose_offer(self, "offer", offers)
        choose_line(self, [name for name, _ in offers], self.version)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        act, on = given.get(ACT), given.get("decided_on")
        opened = given.get("opened_on")
        if on is not None and opened is not None and on < opened:
            self.add_error("decided_on", f"L’examen est ouvert le {short_date(opened)} : il se décide ensuite. Corrigez l’un des "
                                         "deux jours.")  # fmt: skip
        if act is not None and on is not None and act.session_on is not None and on < act.session_on:
            self.add_error("decided_on", f"L’acte est du {short_date(act.session_on)} : la décision ne peut pas le précéder.")
        if not self.errors:
            self.check_price(given)
        return given

    def check_price(self, given: dict[str, Any]) -> None:
        """Refuse a price that no line of the tariff would bear: it would be kept, and nobody would owe it."""
        amount, offer, on, version = given.get("amount"), given.get("offer"), given.get("decided_on"), self.version
        if amount is None or amount < 0 or not offer or on is None or version is None:
            return
        first = self.choices.filter(offer=offer).aggregate(first=Min("starts_on"))["first"]
        if words := price_unborne(version, self.instance.membership, offer, given.get("line") or "", max(on, first or on)):
            self.add_error("line" if "line" in self.fields else "amount", words)


def choose_line(form: RowForm, offers: list[str], version: Version | None) -> None:
    """Let the line of the tariff that a price replaces be chosen; it is not asked where each offer has one line at most."""
    convention = version.convention if version is not None else None
    found = {offer: bearers_of(convention, offer) for offer in offers} if convention is not None else {}
    if all(len(lines) < 2 for lines in found.values()) and not form.instance.line:
        del form.fields["line"]
        return
    listed = {line.name: line.label for lines in found.values() for line in lines}
    form.fields["line"] = forms.ChoiceField(
        label=form.fields["line"].label, required=False, choices=[("", "celle de l’offre, chaque exercice"), *listed.items()],
        help_text="Le montant suit l’échéance et le prorata de sa ligne.",
    )  # fmt: skip


def choose_act(form: RowForm, acts: Any, words: str = "") -> None:
    """Let the act on which a row rests be chosen among those that can serve."""
    before = form.fields[ACT]
    form.fields[ACT] = ActChoice(
        acts.select_related("organization"), label=before.label, required=before.required, empty_label="aucun", help_text=words
    )


def offers_of(version: Version | None) -> Offers:
    """Return the offers of a version, by name and label; none without a tariff."""
    convention = version.convention if version is not None else None
    return [(name, label_of(convention, name)) for name in convention.model.book.offers_in("")] if convention else []


def choose_offer(form: RowForm, name: str, offers: list[Any]) -> None:
    """Let an offer be chosen; it is typed, as the tariff will name it, while no tariff says which there are."""
    field: Any = form.fields[name]
    if offers:
        nothing = ("", "à choisir" if field.required else "aucune")
        form.fields[name] = forms.ChoiceField(
            label=field.label, required=field.required, choices=[nothing, *offers], help_text=field.help_text
        )


class OfferRow(RowForm):
    """A row of a convention that names offers of it: those of each convention stand under its name."""

    NAMES = ("offer", "fallback")

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        known = {one: self.offers_of(one) for one in Agreement.objects.visible_to(user).order_by("sort_name")}
        self.offers = {one.pk: dict(offers) for one, offers in known.items()}
        listed = [(str(one), offers) for one, offers in known.items() if offers]
        for name in self.names:
            choose_offer(self, name, listed[0][1] if len(listed) == 1 else listed)

    @property
    def names(self) -> list[str]:
        return [name for name in self.NAMES if name in self.fields]

    def offers_of(self, agreement: Agreement) -> Offers:
        """Return the offers of the version in force, or of the last one that was approved."""
        assert self.today is not None
        approved = agreement.versions.unscoped().filter(status=VersionStatus.APPROVED).order_by("-starts_on", "-id")
        return offers_of(version_in_force(agreement, self.today) or approved.first())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        agreement = given.get("agreement")
        offers = self.offers.get(agreement.pk, {}) if agreement is not None else {}
        for name in self.names:
            if agreement is not None and given.get(name) and given[name] not in offers:
                self.add_error(name, f"« {agreement} » n’a pas cette offre : choisissez l’une des siennes.")
        return given


class IntakeRow(OfferRow):
    """A list of admission: what one has meanwhile is another offer than the one waited for."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("offer") and given.get("offer") == given.get("fallback"):
            self.add_error("fallback", "C’est l’offre dont les places sont comptées : choisissez-en une autre, ou aucune.")
        return given


class PriceRow(RowForm):
    """A price that an act set, corrected: it stays that of what it is the price of."""

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        assert self.today is not None
        row = self.instance
        known = [(row.parameter, row.words)] if row.pk else revisable_prices(row.agreement, self.today)
        self.fields["parameter"] = forms.ChoiceField(label="Prix", choices=known)
        choose_act(self, acts_of_host(user))


class ObligationRow(RowForm):
    """A duty that the choices did not bring: its key, by which it figures once, is made from its words."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.instance.key:
            self.instance.key = f"{ADDED}-{slugify(self.instance.label)}"[:60]
