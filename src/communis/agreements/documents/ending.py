"""The values of what a departure or an arrival sends: letters, exit account, transfer of goods (DOC-20; Redon 2.3, 2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from communis.agreements.applicable import version_for
from communis.agreements.choices import offers_of
from communis.agreements.documents.acts import signing_for, written_at
from communis.agreements.documents.offered import Names, day_text
from communis.agreements.documents.values import Typed, Values, blank, common, of_membership
from communis.agreements.enums import CostKind, DocumentKind, Party, StepKind
from communis.agreements.models import ExitCost, Membership, Notice, SharedGood, Step, Version
from communis.agreements.wording import of, said_once
from communis.directory.models import Organization
from communis.directory.territory import host_of
from communis.kit.formats import euros
from communis.kit.refusals import Refusal
from communis.tariff.membership.blocks import Refused
from communis.tariff.membership.terms import exit_of

CLOSING = "Nous vous prions d’agréer, Madame, Monsieur, l’expression de notre considération distinguée."
MOVED = (CostKind.CONTRACT_MOVED, CostKind.CONTRACT_REFUNDED)


def of_departure(kind: str, membership: Membership, typed: Typed, today: date) -> Values:
    """Return the values of a piece of the termination file, or of a transfer, in the name of the party that sends it (DOC-20).

    Raises Refusal where there is nothing to write: an exit account without a notice, a letter without a contract, a transfer
    without a good.
    """
    notice = Notice.objects.unscoped().standing().filter(membership=membership).select_related("decided_by").first()
    version = version_for(membership, today)
    if kind == DocumentKind.TERMINATION:
        return termination(membership, version, notice, typed, today)
    making = {
        DocumentKind.NOTICE_LETTER: notice_letter, DocumentKind.EXIT_ACCOUNT: exit_account,
        DocumentKind.DENUNCIATION: denunciation, DocumentKind.TRANSFER: transfer,
    }  # fmt: skip
    fields = common(kind, membership.organization, version, typed) | {"convention": membership.agreement.name}
    return Values(kind, fields | making[DocumentKind(kind)](membership, version, notice, typed, today))


def host() -> Organization:
    """Return the host, without whom nothing is sent. Raises Refusal."""
    found = host_of()
    if found is None:
        raise Refusal("Ce service n’a pas de gestionnaire : désignez-le dans les organisations avant de préparer ce document.")
    return found


def sides(membership: Membership, sender: str) -> tuple[Organization, Organization]:
    """Return who sends and who receives."""
    both = (host(), membership.organization)
    return both if sender == Party.HOST else both[::-1]


def signed_by(sender: Organization, typed: Typed) -> list[dict[str, str]]:
    name = typed.host_signatory if sender.is_host else typed.signatory
    return [{"partie": sender.name, "nom": name}] if name else []


def dated(sender: Organization, on: date | None) -> str:
    """Return the place and the date of a letter; it is told blank while it has no day."""
    return written_at(sender, on) if on is not None else ""


def address_of(organization: Organization) -> str:
    return ", ".join(filter(None, (organization.name, " ".join(organization.address.split()))))


# ------------------------------------------------------------ the termination file


def termination(membership: Membership, version: Version | None, notice: Notice | None, typed: Typed, today: date) -> Values:
    """The draft of the act, of the party that terminates: what ends and when, the notice, the sums of the exit account.

    Before the notice, the council decides all the same: the last day is the one that a letter received on the day typed gives,
    left blank without that day; no exit account is open yet, and none is told missing.
    """
    found = of_membership(DocumentKind.TERMINATION, membership, typed, today)
    rows = list(ExitCost.objects.unscoped().filter(notice=notice).order_by("kind", "id")) if notice is not None else []
    leaving_on = notice.exit_on if notice is not None else foreseen(membership, version, typed.received_on)
    party = terminating(notice, typed)
    fields: dict[str, Any] = {
        **found.fields, "effet": day_text(leaving_on), "decisions": decided_by(party, membership, leaving_on),
        "choix": [], "fins": ended(membership, today, leaving_on), "compte": [account_row(row) for row in rows],
        "total": account_total(rows), "fondements": [*found.fields["fondements"], *adhesion_of(membership)],
        "expose": [*found.fields["expose"], *notice_told(notice, typed), last_day(membership, version, notice, typed, today)],
    }  # fmt: skip
    if party == Party.HOST:
        fields |= {"organisation": host().name, "signataires": signing_for(host(), typed.host_signatory)}
    return replace(found, fields=fields, foreign=("compte", "total") if notice is None else ())


def decided_by(party: str, membership: Membership, leaving_on: date | None) -> list[str]:
    """Return what the council of the party that terminates decides; the notice begins when the other receives its letter."""
    name = f"la convention « {membership.agreement.name} »"
    whose = "son adhésion" if party == Party.MEMBER else f"l’adhésion {of(membership.organization)}"
    other = "gestionnaire" if party == Party.MEMBER else "membre"
    day = (
        f"dont le dernier jour est le {day_text(leaving_on)}" if leaving_on is not None else "au terme du préavis qu’elle prévoit"
    )
    return [
        f"DÉCIDE de résilier {whose} à {name}, {day}.",
        f"DIT que cette décision est notifiée au {other} par lettre recommandée avec avis de réception.",
    ]


def foreseen(membership: Membership, version: Version | None, received_on: date | None) -> date | None:
    """Return the last day that a letter received on a day would give; None without that day, or where nothing gives it."""
    convention = version.convention if version is not None else None
    if convention is None or membership.effect_on is None or received_on is None:
        return None
    offer = next(iter(offers_of([membership.pk], received_on).get(membership.pk, [])), None)
    try:
        return exit_of(convention, received_on=received_on, effect_on=membership.effect_on, offer=offer).on
    except Refused:  # what the engine says is told in the reasons of the act
        return None


def adhesion_of(membership: Membership) -> list[str]:
    """Return the act by which the member adhered, as an act that ends it cites it."""
    voted = Step.objects.unscoped().filter(membership=membership, kind=StepKind.VOTED, decided_by__isnull=False)
    step = voted.select_related("decided_by").order_by("-on", "-pk").first()
    return [f"la {step.decided_by} {of(membership.organization)} approuvant son adhésion"] if step is not None else []


def ended(membership: Membership, today: date, leaving_on: date | None) -> list[dict[str, str]]:
    """Return what the member holds and ceases to hold, each since its day, until the last one."""
    form = membership.forms.unscoped().order_by("-starts_on", "-pk").first()
    rows = list(form.choices.unscoped().order_by("starts_on", "pk")) if form is not None else []
    version = version_for(membership, today)
    names = Names.of(membership, version.convention if version is not None else None)
    held = {row.offer: row.starts_on for row in rows}
    since = {name: held[outer] for name, outer in names.within(held).items()} | held
    last = day_text(leaving_on) or blank("effet")
    return [{"offre": names.label(name), "depuis": day_text(day), "jusquau": last} for name, day in since.items()]


def notice_told(notice: Notice | None, typed: Typed) -> list[str]:
    """Say the letter that was received, and the agreement that shortened the notice."""
    if notice is None:
        why = [f"Motif : {typed.reason.rstrip('.')}."] if typed.reason else []
        return [
            *why,
            "Aucun préavis n’est encore enregistré : sa réception donnera le dernier jour et ouvrira le compte de sortie.",
        ]
    sent = f" envoyé le {day_text(notice.sent_on)} et" if notice.sent_on is not None else ""
    told = [f"Le préavis, à l’initiative du {notice.get_given_by_display()}, a été{sent} reçu le {day_text(notice.received_on)}.",
            f"Motif : {notice.reason.rstrip('.')}."]  # fmt: skip
    if notice.waiver_on is not None:
        told.append(f"Par accord écrit, signé du membre le {day_text(notice.waiver_member_on)} et du gestionnaire le "
                    f"{day_text(notice.waiver_host_on)}, le préavis est abrégé : la sortie est convenue le "
                    f"{day_text(notice.waiver_on)}.")  # fmt: skip
    return told


def account_total(rows: Sequence[ExitCost]) -> str:
    """Return the total of an exit account, once every sum is fixed."""
    fixed = [row.amount for row in rows if row.amount is not None]
    return str(euros(sum(fixed))) if rows and len(fixed) == len(rows) else ""


def terminating(notice: Notice | None, typed: Typed) -> str:
    """Return the party that terminates: that of the notice, else the one that is told, else the member."""
    return notice.given_by if notice is not None else typed.party or Party.MEMBER


def notice_letter(
    membership: Membership, version: Version | None, notice: Notice | None, typed: Typed, today: date
) -> dict[str, Any]:
    """The registered letter by which a party terminates, before or after its receipt is recorded (MEM-23)."""
    party = terminating(notice, typed)
    sender, recipient = sides(membership, party)
    act = str(notice.decided_by) if notice is not None and notice.decided_by is not None else ""
    reason = notice.reason if notice is not None else typed.reason
    whose = "son adhésion" if party == Party.MEMBER else f"l’adhésion {of(membership.organization)}"
    said = [f"{sender} vous notifie la résiliation de {whose} à la convention « {membership.agreement.name} »"
            f"{f', en vertu de l’acte suivant : {act}' if act else ''}."]  # fmt: skip
    said += [f"Motif : {reason.rstrip('.')}."] if reason else []
    said += [last_day(membership, version, notice, typed, today, "cette lettre")]
    said += ["Un compte de sortie dira les sommes dues jusqu’à la fin des services, les contrats à reprendre ou à rembourser "
             "pour leur durée restante, et les pénalités.", CLOSING]  # fmt: skip
    return {
        "organisation": sender.name, "expediteur": address_of(sender), "destinataire": address_of(recipient),
        "lieu": dated(sender, (notice.sent_on if notice is not None else None) or typed.written_on),
        "objet": "résiliation, lettre recommandée avec avis de réception", "acte": act, "lettre": said,
        "signataires": signed_by(sender, typed), "effet": day_text(notice.exit_on if notice is not None else None),
    }  # fmt: skip


def last_day(
    membership: Membership, version: Version | None, notice: Notice | None, typed: Typed, today: date, letter: str = "la lettre"
) -> str:  # fmt: skip
    """Say the last day: the one recorded, else the one that a letter would give, received on the day typed or today."""
    if notice is not None:
        return f"Le dernier jour de l’adhésion est le {day_text(notice.exit_on)} ({said_once(notice.exit_rule).rstrip('.')})."
    convention = version.convention if version is not None else None
    if convention is None or membership.effect_on is None:
        return f"Le dernier jour de l’adhésion est celui que la convention donne à compter de la réception de {letter}."
    day = typed.received_on or today
    offer = next(iter(offers_of([membership.pk], day).get(membership.pk, [])), None)
    try:
        found = exit_of(convention, received_on=day, effect_on=membership.effect_on, offer=offer)
    except Refused as refused:
        return f"La convention ne donne pas d’elle-même le dernier jour : {str(refused).rstrip('.')}."
    article = f" ({found.article})" if found.article else ""
    return (
        f"Le préavis court à compter de la réception de {letter}{article} : reçue le {day_text(day)}, elle donnerait pour "
        f"dernier jour le {day_text(found.on)}."
    )


def exit_account(
    membership: Membership, version: Version | None, notice: Notice | None, typed: Typed, today: date
) -> dict[str, Any]:
    """The exit account: each sum, contract and penalty, what both accepted, and the total of what is fixed (MEM-25, AMB-22)."""
    if notice is None:
        raise Refusal(f"{membership.organization} n’a pas donné de préavis : son compte de sortie se fait après.")
    rows = list(ExitCost.objects.unscoped().filter(notice=notice).order_by("kind", "id"))
    return {
        "effet": day_text(notice.exit_on), "compte": [account_row(row) for row in rows],
        "total": account_total(rows),
        "expose": [
            f"Préavis donné par le {notice.get_given_by_display()}, reçu le {day_text(notice.received_on)}.",
            f"Dernier jour : le {day_text(notice.exit_on)} ({said_once(notice.exit_rule).rstrip('.')}).",
        ],
    }  # fmt: skip


def account_row(row: ExitCost) -> dict[str, str]:
    both = row.agreed_member_on is not None and row.agreed_host_on is not None
    return {
        "genre": str(row.get_kind_display()), "libelle": row.label, "jusquau": day_text(row.until),
        "montant": str(euros(row.amount)) if row.amount is not None else "à fixer",
        "accord": "des deux parties" if both else "à recueillir",
    }  # fmt: skip


# ------------------------------------------------------------ contracts and goods


def denunciation(
    membership: Membership, version: Version | None, notice: Notice | None, typed: Typed, today: date
) -> dict[str, Any]:
    """The letter that ends contracts with a supplier: the host’s at an exit, the member’s own when it joins (art. 2.3.3)."""
    contracts = contracts_of(notice, typed.contracts)
    if not contracts:
        raise Refusal("Aucun contrat n’est à dénoncer : écrivez-les, un par ligne, ou inscrivez-les au compte de sortie.")
    leaving = notice is not None and not typed.contracts
    sender, _ = sides(membership, typed.party or (Party.HOST if leaving else Party.MEMBER))
    name = f"la convention « {membership.agreement.name} »"
    since = day_text(notice.exit_on if notice is not None else membership.effect_on)
    verb = "quitte" if notice is not None else "adhère à"
    why = f"{membership.organization} {verb} {name}{f', le {since}' if since else ''}"
    return {
        "organisation": sender.name, "expediteur": address_of(sender), "destinataire": typed.recipient,
        "lieu": dated(sender, typed.written_on),
        "objet": "dénonciation de contrat, lettre recommandée avec avis de réception", "contrats": contracts,
        "lettre": [
            f"{why} : les prestations des contrats ci-dessous ne seront plus demandées.",
            f"{sender} vous notifie leur dénonciation, qui prend effet au terme du préavis que chacun prévoit, à compter de la "
            "réception de cette lettre.",
            "Nous vous demandons de nous confirmer par écrit le dernier jour de chaque contrat et le solde qui reste dû.",
            CLOSING,
        ],
        "signataires": signed_by(sender, typed), "effet": since,
    }  # fmt: skip


def contracts_of(notice: Notice | None, typed: Iterable[str]) -> list[dict[str, str]]:
    """Return the contracts typed, else those of the exit account that are moved or refunded."""
    named = [{"contrat": name, "jusquau": ""} for name in typed]
    if named or notice is None:
        return named
    rows = ExitCost.objects.unscoped().filter(notice=notice, kind__in=MOVED).order_by("kind", "id")
    return [{"contrat": row.label, "jusquau": day_text(row.until)} for row in rows]


def transfer(membership: Membership, version: Version | None, notice: Notice | None, typed: Typed, today: date) -> dict[str, Any]:
    """The act that hands goods over: the member’s to the host when it joins (art. 2.3.2), back to the member when it leaves."""
    goods = list(SharedGood.objects.unscoped().filter(agreement=membership.agreement_id).order_by("name", "id"))
    if not goods:
        raise Refusal(f"La convention « {membership.agreement} » n’a pas de bien partagé : inscrivez-les sur sa page d’abord.")
    giver, taker = sides(membership, Party.HOST if notice is not None else Party.MEMBER)
    day = day_text(notice.exit_on if notice is not None else membership.effect_on)
    return {
        "effet": day, "signataires": [*signed_by(giver, typed), *signed_by(taker, typed)],
        "biens": [{"bien": one.name, "utilisateurs": one.users, "conditions": one.conditions, "valeur": "à constater"}
                  for one in goods],
        "expose": [
            f"Au titre de la convention « {membership.agreement.name} », {giver} remet à {taker} les biens ci-dessous"
            f"{f', le {day}' if day else ''}.",
            "Le bénéficiaire les reçoit dans leur état, avec les droits et les obligations qui s’y attachent. La valeur nette "
            "comptable et les amortissements qui restent sont constatés par les deux parties.",
        ],
    }  # fmt: skip
