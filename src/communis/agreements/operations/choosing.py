"""The choices of a member: what a form would do, what stands against it, and keeping it (MEM-08, MEM-10, MEM-22, MEM-43)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db import transaction

from communis.agreements.activation import NOTHING, Asked, asked_of
from communis.agreements.applicable import version_for
from communis.agreements.authors import Author
from communis.agreements.choices import Answer, answer_to, days_of, wanted_alone
from communis.agreements.enums import IntakeOutcome, StepKind
from communis.agreements.models import (
    Choice,
    ChoiceForm,
    Examination,
    Intake,
    IntakeRequest,
    Membership,
    Obligation,
    Resolution,
    Version,
)
from communis.agreements.obligations import duties_of
from communis.agreements.operations.steps import check_act, decided_already, kept, locked, said, write
from communis.agreements.reading import offer_label
from communis.agreements.wording import of
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal
from communis.tariff.calendar import ONE_DAY, eve
from communis.tariff.membership.blocks import Refused

WAY_OUT = "Faites-le constater, ou demandez à la direction du service une dispense avec sa preuve."


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form of choices says: each offer with its day of effect, from which day, by which act, when it was filled.

    `seen` writes the choices that the person had before its eyes, as `seen_as` does; without it nothing is compared.
    """

    offers: Mapping[str, date]
    on: date
    stated_on: date
    act: Resolution | None = None
    options: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seen: str = ""


def seen_as(held: Mapping[str, date]) -> str:
    """Write choices on one line, to tell whether somebody else changed them since they were shown."""
    return ";".join(f"{offer} {held[offer]:%Y-%m-%d}" for offer in sorted(held)) or "aucun"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a wish would do: the offers kept, the form it closes, what refuses it, what an act must decide, what is told."""

    version: Version | None
    offers: Mapping[str, date]
    closes: ChoiceForm | None
    refused: tuple[str, ...]
    to_decide: Mapping[str, str]
    remarks: tuple[str, ...]
    asked: Asked = NOTHING


def judged(membership: Membership, wish: Wish, *, by: Author) -> Verdict:
    """Tell what a wish would do, and all that stands against it at once; nothing is written."""
    version = version_for(membership, wish.on)
    convention = version.convention if version is not None else None
    before = membership.forms.unscoped().order_by("-starts_on", "-pk").first()
    if version is None or convention is None:
        said_so = "Cette convention n’a pas de version en vigueur avec un tarif : ses offres ne sont pas connues."
        return Verdict(version, {}, before, (said_so,), {}, ())
    try:
        offers, told = wanted_alone(convention, wish.offers)
        if words := changed_since(membership, version, wish, offers, before):
            return Verdict(version, {}, before, (words,), {}, ())
        answer = Answer() if not offers else answer_to(
            version, membership, offers, on=wish.on, steps=days_of(wish.act) if wish.act else {}
        )  # fmt: skip
    except Refused as refusal:
        return Verdict(version, {}, before, (said(refusal),), {}, ())
    decided = set(Examination.objects.unscoped().filter(membership=membership, decided_on__isnull=False)
                  .values_list("offer", flat=True))  # fmt: skip
    to_decide = {offer: words for offer, words in answer.to_decide.items() if offer not in decided}
    refused = [*against_days(membership, wish, before, by), *against_intake(membership, version, offers), *answer.refused]
    if membership.effect_on is not None:
        refused += [f"{words} Ouvrez un examen approfondi, et faites-le décider d’abord." for words in to_decide.values()]
    asked = asked_of(membership.organization, version, newly(membership, offers, before), by.today)
    if membership.effect_on is not None:
        refused += [f"{one} {WAY_OUT}" for one in asked.blocking]
    remarks = (*told, *answer.alerts, *of_the_act(membership, wish, before))
    return Verdict(version, offers, before, tuple(refused), to_decide, remarks, asked)


def changed_since(
    membership: Membership, version: Version, wish: Wish, offers: Mapping[str, date], before: ChoiceForm | None
) -> str:  # fmt: skip
    """Say what somebody else chose since the form was shown; the same choices sent twice are no change."""
    held = kept_since(before)
    same = before is not None and before.starts_on == wish.on and held == offers
    if not wish.seen or seen_as(held) == wish.seen or same:
        return ""
    told = ", ".join(f"{offer_label(version, offer)} à compter du {short_date(day)}" for offer, day in held.items())
    return (f"Les choix {of(membership.organization)} ont changé depuis que cette page vous a été montrée : "
            f"{told or 'ils sont laissés en blanc'}. Rien n’est enregistré. Relisez ce que vous avez coché, puis vérifiez de "
            "nouveau : vos choix prendraient leur place.")  # fmt: skip


def of_the_act(membership: Membership, wish: Wish, before: ChoiceForm | None) -> tuple[str, ...]:
    """Say what is to look at in the act of a change: it decides something else already, or comes after the day it decides."""
    act = wish.act
    if act is None or membership.effect_on is None:
        return ()
    told = []
    if words := decided_already(membership, act, "ce changement"):
        told.append(words)
    elif act.session_on is not None and before is not None and act.session_on < before.stated_on:
        told.append(f"« {act} » est antérieur aux derniers choix, remplis le {before.stated_on:%d/%m/%Y} : vérifiez qu’il décide "
                    "bien ce changement.")  # fmt: skip
    if act.session_on is not None and act.session_on > wish.on:
        told.append(f"L’acte est du {act.session_on:%d/%m/%Y}, après la date d’effet : le changement serait rétroactif.")
    elif act.executory_on is None:
        told.append("L’acte n’est pas encore exécutoire : sa réception en préfecture ou sa publication manque.")
    elif act.executory_on > wish.on:
        told.append(f"L’acte n’est exécutoire que le {act.executory_on:%d/%m/%Y}, après la date d’effet.")
    return tuple(told)


def newly(membership: Membership, offers: Mapping[str, date], before: ChoiceForm | None) -> list[str]:
    """Return the offers that a form activates: all of the first one, those of another that were not held."""
    held = kept_since(before) if membership.effect_on is not None else {}
    return [offer for offer in offers if offer not in held]


def against_days(membership: Membership, wish: Wish, before: ChoiceForm | None, by: Author) -> list[str]:
    """Say what is wrong in the days and the act of a wish: overlaps, gaps, a change without an act (MEM-10, MEM-43)."""
    found = []
    if not wish.offers:
        found.append("Choisissez au moins une offre ; pour n’en garder aucune, c’est un préavis qu’il faut donner.")
    elif min(wish.offers.values()) != wish.on:
        found.append(f"Aucune offre ne prend effet le {wish.on:%d/%m/%Y} : ces choix laisseraient des jours sans offre.")
    if wish.stated_on > by.today:
        found.append("Le formulaire ne peut pas être rempli un jour à venir.")
    if membership.dropped_on is not None:
        found.append(f"Cette demande est sans suite depuis le {membership.dropped_on:%d/%m/%Y}.")
    if membership.effect_on is None:
        return found
    if membership.ends_on is not None and wish.on > membership.ends_on:
        found.append(f"L’adhésion finit le {membership.ends_on:%d/%m/%Y} : ces choix commenceraient après.")
    if wish.on < membership.effect_on:
        found.append(f"L’adhésion prend effet le {membership.effect_on:%d/%m/%Y} : ces choix commenceraient avant.")
    if before is not None and wish.on <= before.starts_on:
        found.append(f"Les derniers choix commencent le {before.starts_on:%d/%m/%Y} : les nouveaux viennent après ce jour. S’ils "
                     "ont été enregistrés par erreur, retirez d’abord l’étape « choix modifiés ».")  # fmt: skip
    if before is not None and before.ends_on is not None and wish.on > before.ends_on + ONE_DAY:
        found.append(f"Les choix précédents finissent le {before.ends_on:%d/%m/%Y} : les nouveaux commencent le lendemain.")
    if before is not None and wish.act is None:
        found.append(f"Après l’adhésion, un changement se décide : rattachez la décision ou la délibération "
                     f"{of(membership.organization)}.")  # fmt: skip
    return found


def against_intake(membership: Membership, version: Version, offers: Mapping[str, date]) -> list[str]:
    """Say which offers are given by lists of admission that have not admitted the member (MEM-20).

    An admission holds for the years after it; before the first list of an offer, nobody had to be admitted (MEM-40).
    """
    lists = Intake.objects.unscoped().filter(agreement=membership.agreement_id, offer__in=list(offers)).order_by("year")
    found = []
    for offer, rows in groupby(sorted(lists, key=lambda one: one.offer), key=lambda one: one.offer):
        opened = [one for one in rows if one.year <= offers[offer].year]
        asked = {one.intake_id: one for one in IntakeRequest.objects.unscoped().filter(intake__in=opened, membership=membership)}
        if opened and all(one.outcome != IntakeOutcome.ADMITTED for one in asked.values()):
            found.append(not_admitted(version, offer, offers[offer].year, opened[-1], asked.get(opened[-1].pk)))
    return found


def not_admitted(version: Version, offer: str, year: int, last: Intake, asked: IntakeRequest | None) -> str:
    """Say that a list of admission has not admitted a member, and what it may take meanwhile."""
    if last.year < year:
        state = f"celle de {year} n’est pas encore ouverte"
    elif asked is None:
        state = "elle n’y est pas inscrite"
    else:
        state = f"elle y est « {asked.get_outcome_display()} »"
    meanwhile = f" En attendant, elle peut prendre « {offer_label(version, last.fallback)} »." if last.fallback else ""
    return f"« {offer_label(version, offer)} » s’ouvre par la liste d’admission de {year} : {state}.{meanwhile}"


@transaction.atomic
def choose(membership: Membership, wish: Wish, *, by: Author) -> ChoiceForm:
    """Keep the form of choices of a member (article 8); after the adhesion, close the former one on the eve (MEM-08, MEM-10).

    Before the effect, the form replaces the former one, and what the scale does not price opens an examination (MEM-22).
    Raises Refusal with the words and the articles of the engine, and for overlaps and gaps (MEM-43).
    """
    membership = locked(membership)
    verdict = judged(membership, wish, by=by)
    if verdict.refused:
        raise Refusal(" ".join(verdict.refused))
    if wish.act is not None:
        check_act(wish.act, membership.organization, by)
    if membership.effect_on is None:
        withdraw_forms(membership)
    elif verdict.closes is not None and verdict.closes.ends_on is None:
        verdict.closes.ends_on = eve(wish.on)
        kept(verdict.closes)
    form = ChoiceForm(membership=membership, stated_on=wish.stated_on, starts_on=wish.on, decided_by=wish.act)
    kept(form)
    since = kept_since(verdict.closes) if membership.effect_on is not None else {}
    for offer, day in verdict.offers.items():
        kept(Choice(form=form, offer=offer, starts_on=min(day, since.get(offer, day)),
                    options=list(wish.options.get(offer, ()))))  # fmt: skip
    for offer, words in verdict.to_decide.items():
        if not membership.examinations.unscoped().filter(offer=offer).exists():
            kept(Examination(membership=membership, opened_on=by.today, reason=words[:300], offer=offer))
    if membership.effect_on is not None:
        write(membership, StepKind.CHOICES, wish.on, by, act=wish.act)
        oblige(membership, verdict.version, list(verdict.offers))
    return form


def kept_since(form: ChoiceForm | None) -> dict[str, date]:
    return dict(form.choices.unscoped().values_list("offer", "starts_on")) if form is not None else {}


def withdraw_forms(membership: Membership) -> None:
    """Remove the forms of a membership that has not begun: they were never in force, and their history stays."""
    Choice.objects.unscoped().filter(form__membership=membership).delete()
    ChoiceForm.objects.unscoped().filter(membership=membership).delete()


def oblige(membership: Membership, version: Version | None, offers: Sequence[str]) -> None:
    """Write the duties that choices bring, each once (MEM-35)."""
    known = set(membership.obligations.unscoped().values_list("key", flat=True))
    for duty, article in duties_of(version, offers):
        if duty.key not in known:
            kept(Obligation(membership=membership, key=duty.key, label=duty.label, article=article))


def copy_choices(
    before: Membership, after: Membership, version: Version | None, *, on: date, act: Resolution | None = None
) -> ChoiceForm | None:
    """Give a membership the choices of the one that it follows. Raises Refusal for offers that its convention does not have."""
    form = before.forms.unscoped().order_by("-starts_on", "-pk").first()
    if form is None:
        return None
    rows = list(form.choices.unscoped())
    convention = version.convention if version is not None else None
    lost = [str(row) for row in rows if convention is not None and row.offer not in convention.model.book.offers]
    if lost:
        raise Refusal(f"La convention n’a pas les offres {of(before.organization)} : {', '.join(lost)}. Faites d’abord remplir "
                      "un nouveau formulaire de choix.")  # fmt: skip
    made = ChoiceForm(membership=after, stated_on=form.stated_on, starts_on=on, decided_by=act)
    kept(made)
    for row in rows:
        kept(Choice(form=made, offer=row.offer, starts_on=on, options=row.options))
    return made
