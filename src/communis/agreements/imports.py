"""Lists of the life of conventions, from a file: acts of councils, and adhesions of a service taken over (INT-03, MEM-40).

A line of the second is a whole adhesion: its request, its choices, its deliberation, its signatures and its effect, each by its
verb, with its checks; what the convention refuses of one is told on its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communis.agreements import access
from communis.agreements.applicable import version_for, versions_for
from communis.agreements.authors import Author
from communis.agreements.choices import offers_of
from communis.agreements.enums import ActKind, ActState, Party, StepKind
from communis.agreements.models import Agreement, ChoiceForm, Membership, Resolution, Signature, Step
from communis.agreements.operations import choosing, memberships
from communis.agreements.operations.acts import record_act
from communis.agreements.operations.choosing import Wish
from communis.agreements.operations.memberships import Beginning
from communis.agreements.reading import offer_label
from communis.directory.access import may_keep_organization, may_keep_some_organization
from communis.directory.imports.named import Named
from communis.directory.imports.rows import LARGE, Rows, of_rows, recorded
from communis.directory.models import Organization
from communis.directory.records import Kind
from communis.kit.formats import capital, short_date
from communis.kit.imports import Change, Column, Importable, Planned, Work, Wrong, day, words
from communis.kit.plain import plain

_MEMBER: dict[str, Any] = {
    "synonyms": ("membre", "collectivité", "commune", "code insee", "siren"), "example": "Sixt-sur-Aff",
    "help": "Son nom, son code Insee, son SIREN ou son SIRET.",
}  # fmt: skip
SEPARATORS = re.compile(r"[\n;|]")

# ------------------------------------------------------------ acts


def keep_act(row: Any, work: Work) -> None:
    record_act(row, today=work.today)


class Acts(Rows):
    """Acts, found by their council, their session, and their number, else their subject."""

    def key_of(self, row: Any) -> tuple[Any, ...]:
        return row.organization_id, row.kind, row.session_on, plain(row.number) or plain(row.subject)

    def identify(self, values: Mapping[str, Any], _found: Any) -> dict[str, Any]:
        if values.get("pk") is not None:
            return {"pk": values["pk"]}
        said = plain(values.get("number") or "") or plain(values["subject"])
        where = plain(values["organization"]), values.get("kind", ActKind.RESOLUTION.value), values.get("session_on")
        return {"subject": (*where, said)}


ACTS = of_rows(
    Acts(
        Kind("actes", Resolution, "un acte", (
            "kind", "number", "subject", "session_on", "state", "agreement", "body", "convened_on", "in_office", "present",
            "proxies", "excused", "absent", "voters", "votes_for", "votes_against", "abstained", "not_voting", "is_unanimous",
            "sent_on", "received_on", "published_on", "transmission", "matter", "budget_sentence", "decisions",
        ), may_keep_organization, parent="organization", home="/actes/"),
        ("organization", "kind", "session_on", "number", "subject"), keep_act,
    ),
    title="Importer des actes", many="actes", may=may_keep_some_organization, list_url="/actes/", list_name="Voir les actes",
    sentence="Les délibérations et décisions déjà prises, avec leurs votes et leur transmission. Les noms ne s’importent pas.",
    told={
        "pk": {"label": "N° de fiche", "synonyms": ()}, "organization": _MEMBER,
        "number": {"synonyms": ("numéro", "n°", "n° de délibération", "numéro de l’acte"), "example": "2023-12-05"},
        "subject": {"synonyms": ("intitulé", "titre"), "example": "Adhésion au service commun"},
        "kind": {"synonyms": ("type", "nature"), "example": "délibération"},
        "session_on": {"synonyms": ("date", "date de séance", "séance"), "example": "12/12/2023"},
        "agreement": {"synonyms": ("convention",), "help": "Son nom. Vide : l’acte n’en concerne aucune."},
        "state": {"example": "adopté"}, "votes_for": {"synonyms": ("voix pour",)},
        "votes_against": {"synonyms": ("voix contre",)}, "received_on": {"synonyms": ("reçu le", "reçue le")},
        "published_on": {"synonyms": ("publié le", "publiée le")}, "sent_on": {"synonyms": ("transmis le", "transmise le")},
        "is_unanimous": {"synonyms": ("unanimité",), "example": "oui"},
    },
)  # fmt: skip

# ------------------------------------------------------------ adhesions


@dataclass
class Taken:
    """What the lines of adhesions may name, and what is there already; a line above may have made it."""

    work: Work
    organizations: Named[Organization]
    agreements: Named[Agreement]
    held: dict[tuple[int, int], list[Membership]] = field(default_factory=dict)

    @property
    def by(self) -> Author:
        return Author(str(self.work.user), self.work.now)


def known(work: Work) -> Taken:
    found = Taken(work, Named(Organization.objects.visible_to(work.user)), Named(Agreement.objects.visible_to(work.user)))
    for row in Membership.objects.visible_to(work.user).select_related("organization", "agreement"):
        found.held.setdefault((row.organization_id, row.agreement_id), []).append(row)
    return found


def identify(values: Mapping[str, Any], _found: Taken) -> dict[str, Any]:
    return {"organization": (plain(values["organization"]), plain(values.get("agreement") or ""), values["effect_on"])}


def plan(values: Mapping[str, Any], found: Taken) -> Planned:
    """Take an adhesion over, through each of its steps; one that began on that day is left as it is."""
    where = found.organizations.find(values["organization"], "organization", "Cette organisation n’est pas dans le service.")
    agreement = the_agreement(values, found)
    rows = found.held.setdefault((where.pk, agreement.pk), [])
    there = next((row for row in rows if row.effect_on == values["effect_on"]), None)
    if there is not None:
        return Planned(name=f"{where}, {agreement}", about=there.pk)
    made: list[tuple[Membership, Beginning]] = []
    recorded(lambda: made.append(taken_over(values, where, agreement, found)), label)
    ((membership, begun),) = made
    if begun.effect_on != values["effect_on"]:
        raise Wrong(f"La convention donne effet à cette adhésion le {short_date(begun.effect_on)}.",
                    "Écrivez cette date, ou relisez celles des signatures.", "effect_on")  # fmt: skip
    rows.append(membership)
    changes = [Change("Prise d’effet", "", short_date(begun.effect_on)), Change("Délibération", "", str(begun.vote.decided_by))]
    if begun.offers:
        labels = ", ".join(offer_label(begun.version, offer) for offer in begun.offers)
        changes.append(Change("Choix", "", labels))
    return Planned(name=f"{where}, {agreement}", is_new=True, changes=tuple(changes), remark=" ".join(begun.remarks),
                   about=membership.pk)  # fmt: skip


def the_agreement(values: Mapping[str, Any], found: Taken) -> Agreement:
    """Return the convention that a line names; without a name, the only one of the pool."""
    if values.get("agreement"):
        return found.agreements.find(values["agreement"], "agreement", "Aucune convention n’a ce nom.")
    if len(found.agreements.by_number) != 1:
        raise Wrong("Plusieurs conventions sont possibles.", "Écrivez le nom de celle-ci dans une colonne « Convention ».",
                    "agreement")  # fmt: skip
    return next(iter(found.agreements.by_number.values()))


def taken_over(
    values: Mapping[str, Any], where: Organization, agreement: Agreement, found: Taken
) -> tuple[Membership, Beginning]:
    """Write an adhesion as it happened: request, choices, vote, signatures, effect. Raises Refusal, ValidationError, Wrong."""
    by, effect_on, session_on = found.by, values["effect_on"], values["session_on"]
    on = values.get("requested_on") or min(session_on, effect_on, by.today)
    made = memberships.request(where, agreement, on, by=by)
    act = act_of(values, where, agreement, found)
    if values.get("offers"):
        wanted = dict.fromkeys(offers_named(values["offers"], made, effect_on), effect_on)
        stated_on = values.get("stated_on") or min(session_on, by.today)
        choosing.choose(made, Wish(wanted, on=effect_on, stated_on=stated_on), by=by)
    memberships.record_step(made, StepKind.VOTED, by=by, act=act)
    for party, name, authority in ((Party.MEMBER, "member", None), (Party.HOST, "host", values.get("host_authority") or "")):
        if values.get(f"{name}_signed_on"):
            memberships.sign(
                made, party, signatory=values.get(f"{name}_signatory") or "", quality=values.get(f"{name}_quality") or "",
                on=values[f"{name}_signed_on"], by=by, act=act if authority is None else None, authority=authority or "",
            )  # fmt: skip
    begun = memberships.take_effect(made, by=by, chosen_on=effect_on)
    made.refresh_from_db()
    return made, begun


def act_of(values: Mapping[str, Any], where: Organization, agreement: Agreement, found: Taken) -> Resolution:
    """Return the deliberation that a line names by its number and its session, kept when it is not there yet."""
    rows = Resolution.objects.visible_to(found.work.user).filter(
        organization=where, kind=ActKind.RESOLUTION, session_on=values["session_on"], number=values.get("number") or "",
    )  # fmt: skip
    there = rows.filter(agreement__in=(agreement.pk,)).first() or (rows.first() if values.get("number") else None)
    if there is not None:
        return there
    dates = {name: values[name] for name in ("received_on", "published_on") if values.get(name)}
    act = Resolution(
        organization=where, agreement=agreement, kind=ActKind.RESOLUTION, state=ActState.ADOPTED,
        session_on=values["session_on"], number=values.get("number") or "", subject=f"Adhésion à « {agreement} »", **dates,
    )  # fmt: skip
    return record_act(act, today=found.work.today)


def offers_named(cell: str, membership: Membership, on: date) -> list[str]:
    """Return the offers that a cell names, by the words of the version that applies to an adhesion on a day."""
    version = version_for(membership, on)
    convention = version.convention if version is not None else None
    if convention is None:
        raise Wrong("Cette convention n’a pas de tarif en vigueur à cette date : ses offres ne sont pas connues.",
                    "Faites d’abord approuver sa version, ou corrigez la prise d’effet.", "offers")  # fmt: skip
    labels = {plain(offer_label(version, name)): name for name in convention.model.book.offers}
    found = []
    for said in map(str.strip, SEPARATORS.split(cell)):
        if not said:
            continue
        if plain(said) not in labels:
            known_words = " | ".join(offer_label(version, name) for name in convention.model.book.offers)
            raise Wrong(f"« {said} » n’est pas une offre de la version {version.label if version else ''}.",
                        f"Écrivez celles-ci, séparées par « | » : {known_words}.", "offers")  # fmt: skip
        found.append(labels[plain(said)])
    return found


def as_they_are(work: Work) -> Iterator[Sequence[Any]]:
    """Yield the adhesions that began, in the columns of the import."""
    rows = list(Membership.objects.visible_to(work.user).exclude(effect_on=None).select_related("organization", "agreement")
                .order_by("organization__sort_name", "effect_on"))  # fmt: skip
    keys = [row.pk for row in rows]
    names, held = Named(Organization.objects.visible_to(work.user)), offers_of(keys, work.today)
    votes = {
        one.membership_id: one
        for one in Step.objects.visible_to(work.user)
        .filter(membership__in=keys, kind=StepKind.VOTED, decided_by__isnull=False)
        .select_related("decided_by")
        .order_by("-on", "-id")
    }
    signed = {(one.membership_id, one.party): one for one in Signature.objects.visible_to(work.user).filter(membership__in=keys)}
    forms = {
        one.membership_id: one
        for one in ChoiceForm.objects.visible_to(work.user).filter(membership__in=keys).order_by("starts_on", "pk")
    }
    versions = versions_for(rows, work.today)
    for row in rows:
        act = votes[row.pk].decided_by if row.pk in votes else None
        version, form = versions[row.pk], forms.get(row.pk)
        member, host = signed.get((row.pk, Party.MEMBER)), signed.get((row.pk, Party.HOST))
        yield [
            names.written(row.organization), str(row.agreement), row.effect_on,
            " | ".join(offer_label(version, offer) for offer in held.get(row.pk, ())), row.requested_on, form and form.stated_on,
            act and act.number, act and act.session_on, act and act.received_on, act and act.published_on,
            member and member.on, member and member.signatory, member and member.quality,
            host and host.on, host and host.signatory, host and host.quality, host and host.authority,
        ]  # fmt: skip


COLUMNS = (
    Column(name="organization", label="Membre", read=words(), required=True, **_MEMBER),
    Column(name="agreement", label="Convention", read=words(300),
           help="Son nom ; vide quand le service n’en a qu’une."),
    Column(name="effect_on", label="Prise d’effet", read=day, required=True, synonyms=("depuis", "date d’effet", "adhère depuis"),
           example="01/01/2024"),
    Column(name="offers", label="Choix", read=words(2_000), several_lines=True,
           synonyms=("offres", "offre", "niveau", "briques"),
           example="Socle complet",
           help="Les offres tenues depuis ce jour, par leur nom dans la convention, séparées par « | »."),
    Column(name="requested_on", label="Demandée le", read=day, help="Vide : le jour de la délibération."),
    Column(name="stated_on", label="Choix remplis le", read=day, help="Vide : le jour de la délibération."),
    Column(name="number", label="Délibération n°", read=words(60), synonyms=("n° de délibération", "numéro"),
           example="2023-12-05"),
    Column(name="session_on", label="Séance du", read=day, required=True, synonyms=("délibération du", "date de délibération"),
           example="12/12/2023"),
    Column(name="received_on", label="Reçue en préfecture le", read=day, synonyms=("reçue le",), example="15/12/2023"),
    Column(name="published_on", label="Publiée le", read=day, synonyms=("publication",), example="15/12/2023"),
    Column(name="member_signed_on", label="Signée par le membre le", read=day, example="18/12/2023"),
    Column(name="member_signatory", label="Signataire du membre", read=words(), example="Ada Bihan"),
    Column(name="member_quality", label="Sa qualité", read=words(), example="maire"),
    Column(name="host_signed_on", label="Signée par le gestionnaire le", read=day, example="20/12/2023"),
    Column(name="host_signatory", label="Signataire du gestionnaire", read=words(), example="Erwan Talhouarn"),
    Column(name="host_quality", label="Qualité du signataire du gestionnaire", read=words(), example="président"),
    Column(name="host_authority", label="Ce qui l’autorise", read=words(300), example="délibération du 28/09/2022"),
)  # fmt: skip


def label(name: str) -> str:
    return next((column.label for column in COLUMNS if column.name == name), capital(name))


MEMBERSHIPS = Importable(
    name="adhesions",
    title="Reprendre des adhésions",
    one="adhésion",
    makes="repris",
    sentence="Celles d’un service qui existe déjà : une ligne par adhésion, avec sa délibération et ses signatures.",
    columns=COLUMNS,
    may=access.may_manage_agreements,
    known=known,
    identify=identify,
    plan=plan,
    rows=as_they_are,
    large=LARGE,
    list_url="/adhesions/",
    list_name="Voir les adhésions",
    undo="Une adhésion reprise à tort se corrige sur sa fiche : chaque étape s’y retire, de la dernière à la première.",
)

IMPORTABLES = (MEMBERSHIPS, ACTS)
