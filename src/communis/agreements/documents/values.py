"""The finished values of a document: what a template places, and what is still blank; nothing is reckoned after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from communis.agreements.applicable import version_for
from communis.agreements.comparing import compared, expose_of, listed_changes
from communis.agreements.documents.acts import COUNCIL, TO_FILL, grounds_of, of_council, remedies, written_at
from communis.agreements.documents.costs import Costs, costs_of
from communis.agreements.documents.offered import Names, day_text, ticked
from communis.agreements.documents.parties import history_of, parties_to, text_of
from communis.agreements.enums import DocumentKind
from communis.agreements.models import (
    Amendment,
    AmendmentChange,
    Choice,
    ChoiceForm,
    CommitteeOpinion,
    Membership,
    StaffFile,
    Version,
)
from communis.agreements.reading import convention_of
from communis.directory.models import Organization
from communis.directory.territory import host_of
from communis.tariff.calendar import ONE_DAY

LABELS = {  # the variables that a template may place, in the words of who edits it
    "titre": "titre", "organisation": "organisation", "gestionnaire": "gestionnaire", "convention": "nom de la convention",
    "version": "version de la convention", "fondements": "visas", "seance": "date de la séance", "rapporteur": "rapporteur",
    "expose": "exposé", "choix": "choix des prestations", "couts": "coûts", "total": "total", "decisions": "décisions",
    "hypotheses": "hypothèses d’une estimation", "fins": "prestations qui prennent fin", "vote": "résultat du vote",
    "recours": "voies de recours", "tribunal": "tribunal administratif",
    "articles": "articles", "changements": "changements de l’avenant", "historique": "historique des versions",
    "effets": "effets sur les agents", "avis": "avis des instances", "signataires": "signataires", "agent": "agent",
    "effet": "date d’effet", "lettre": "texte de la lettre", "expediteur": "expéditeur", "destinataire": "destinataire",
    "objet": "objet de la lettre", "acte": "acte qui décide", "compte": "compte de sortie", "contrats": "contrats à dénoncer",
    "biens": "biens transférés", "parties": "parties à la convention", "lieu": "lieu et date",
    "signatures": "places des signatures", "preambule": "préambule", "donnees": "clause et mesures sur les données personnelles",
    "etp": "répartition des ETP",
}  # fmt: skip
OF_MEMBER = ("choix", "couts", "total")  # what an act of the host itself does not say
OPTIONAL = ("hypotheses", "preambule", "donnees", "etp")  # what is said only where there is something to say: never told blank
ACT = ("organisation", "gestionnaire", "convention", "seance", "rapporteur", "expose", "decisions", "effet", "tribunal")
WANTED: dict[str, tuple[str, ...]] = {  # what each document must say: it is told when it is blank
    DocumentKind.ADHESION: (*ACT, "choix", "couts"),
    DocumentKind.CHANGE: (*ACT, "choix", "couts"),
    DocumentKind.RENEWAL: ACT,
    DocumentKind.TERMINATION: (*ACT, "fins", "compte"),
    DocumentKind.CONVENTION: ("organisation", "gestionnaire", "articles", "choix", "signataires", "effet"),
    DocumentKind.COMMITMENT: ("organisation", "convention", "choix", "signataires", "lieu"),
    DocumentKind.AMENDMENT: ("gestionnaire", "convention", "changements", "articles", "signataires"),
    DocumentKind.AMENDMENT_VOTE: ACT,
    DocumentKind.MEMO: ("gestionnaire", "convention", "expose", "rapporteur"),
    DocumentKind.IMPACT: ("organisation", "agent", "effets", "avis"),
    DocumentKind.NOTICE_LETTER: ("expediteur", "destinataire", "convention", "acte", "lettre", "signataires", "lieu"),
    DocumentKind.EXIT_ACCOUNT: ("organisation", "gestionnaire", "convention", "effet", "compte", "total", "signataires"),
    DocumentKind.DENUNCIATION: ("expediteur", "destinataire", "contrats", "lettre", "signataires", "lieu"),
    DocumentKind.TRANSFER: ("organisation", "gestionnaire", "convention", "effet", "biens", "signataires"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What nobody but the person who makes the document knows: the session, who reports, who signs; who writes, why, to whom."""

    session_on: date | None = None
    reporter: str = ""
    signatory: str = ""
    host_signatory: str = ""
    party: str = ""
    reason: str = ""
    recipient: str = ""
    contracts: tuple[str, ...] = ()
    court: str = ""
    wanted: Mapping[str, date] = field(default_factory=dict)  # the offers of a change that is not decided yet, each on its day
    changes_on: date | None = None  # the first of these days
    written_on: date | None = None  # the day of a letter
    received_on: date | None = None  # the day on which the letter of a termination is to be received


@dataclass(frozen=True, slots=True)
class Values:
    """All that a template of a kind may place; a text is "" and a list is empty when it is not known."""

    kind: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()  # what a template of the kind places and does not belong to this document: never told blank

    @property
    def title(self) -> str:
        return str(self.fields["titre"])

    def blanks(self, placed: Iterable[str] = ()) -> list[str]:
        """Return the names of what must be said, or is placed by a template, and is blank or unknown."""
        wanted = dict.fromkeys((*WANTED[self.kind], *sorted(placed)))
        return [LABELS.get(name, name) for name in wanted
                if not self.fields.get(name) and name not in (*OPTIONAL, *self.foreign)]  # fmt: skip


def blank(name: str) -> str:
    """Return what stands in the place of what is not known: it is seen, and found by a search."""
    return f"[à compléter : {LABELS.get(name, name)}]"


# ------------------------------------------------------------ for a membership


def of_membership(kind: str, membership: Membership, typed: Typed, today: date) -> Values:
    """Return the values of a document for a member: its choices, what they cost and why, what its council decides (DOC-12)."""
    before = holding_of(membership)
    held, effect_on = before.held, before.starts_on
    if kind == DocumentKind.CHANGE:  # not decided yet: what the person wants, else nothing
        effect_on = typed.changes_on
        held = dict(typed.wanted) if effect_on is not None else {}
    version = version_for(membership, effect_on or today)
    convention = convention_of(version) if version is not None else None
    names = Names.of(membership, convention)
    day = day_of(kind, membership, effect_on)
    costs = Costs() if kind == DocumentKind.TERMINATION else costs_of(
        version, membership.organization, {name: before.held.get(name, since) for name, since in held.items()},
        day or effect_on or today, since=effect_on,
        decided_on=typed.session_on if kind == DocumentKind.CHANGE else None,
    )  # fmt: skip
    fields = common(kind, membership.organization, version, typed) | {
        "convention": membership.agreement.name,
        "effet": day_text(day),
        "choix": ticked(names, held, effect_on or today),
        "couts": list(costs.rows), "total": costs.total, "hypotheses": list(costs.hypotheses),
        "expose": expose_for(kind, membership, version),
        "decisions": decisions_for(kind, membership, names, held, typed),
        "lettre": letter_for(membership, effect_on), "lieu": written_at(membership.organization, typed.written_on),
    }  # fmt: skip
    if kind == DocumentKind.CHANGE:
        fields |= {"expose": [*fields["expose"], *changed_from(before, names, held)],
                   "voulus": [*held], "jours": [day_text(on) for on in held.values()]}  # fmt: skip
    if kind == DocumentKind.COMMITMENT and typed.written_on is None:
        fields["lieu"] = ""  # told blank, where a convention is dated by hand when it is signed
    if kind == DocumentKind.CONVENTION and version is not None:
        fields |= text_of(version) | {"historique": history_of(version)}
    if kind == DocumentKind.CONVENTION:
        fields |= signed_by_parties(membership, version, typed, effect_on or today)
    return Values(kind, fields)


def signed_by_parties(membership: Membership, version: Version | None, typed: Typed, on: date) -> dict[str, Any]:
    """Return the parties to a convention, and the place where each signs: both stand, whatever is known (MEM-05)."""
    both = parties_to(membership, version, on, signatory=typed.signatory, host_signatory=typed.host_signatory)
    known = [one for one in both if one.name]
    unknown = TO_FILL if known else blank("signataires")
    return {
        "parties": [one.words for one in both], "signatures": [one.row(unknown) for one in both],
        "signataires": [{"partie": one.party, "nom": one.name} for one in known],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """The choices in force of a member: each offer since its day, and the day of the form."""

    held: Mapping[str, date]
    starts_on: date | None


def holding_of(membership: Membership) -> Holding:
    """Return the last form of choices of a member; before any, nothing is held, from the effect on."""
    form = ChoiceForm.objects.unscoped().filter(membership=membership).order_by("-starts_on", "-id").first()
    if form is None:
        return Holding({}, membership.effect_on)
    choices = Choice.objects.unscoped().filter(form=form).order_by("starts_on", "id")
    return Holding({choice.offer: choice.starts_on for choice in choices}, form.starts_on)


def changed_from(before: Holding, names: Names, wanted: Mapping[str, date]) -> list[str]:
    """Say what is held until now, then what a change adds and gives up."""
    if not before.held:
        return []
    told = [f"Les choix en cours, depuis le {day_text(before.starts_on)} : {names.taken(before.held)}."]
    if not wanted:
        return told
    added = {name: day for name, day in wanted.items() if name not in before.held}
    dropped = {name: day for name, day in before.held.items() if name not in wanted}
    told += [f"Prestations ajoutées : {names.taken(added)}."] if added else []
    return [*told, f"Prestations qui ne sont pas reprises : {names.taken(dropped)}."] if dropped else told


def day_of(kind: str, membership: Membership, effect_on: date | None) -> date | None:
    """Return the day that a document is about: the effect, the morrow of the term for a renewal, the exit for a termination."""
    if kind == DocumentKind.RENEWAL:
        return membership.ends_on + ONE_DAY if membership.ends_on is not None else None
    return membership.ends_on if kind == DocumentKind.TERMINATION else effect_on


def common(kind: str, organization: Organization, version: Version | None, typed: Typed) -> dict[str, Any]:
    """Return what every document says: whose it is, of which convention, who signs."""
    host = host_of()
    name = host.name if host is not None else ""
    signing = [(name, typed.host_signatory), (organization.name, typed.signatory)]
    shared = shared_by_acts(organization, name, version, typed) if kind in COUNCIL else {}
    return {
        "titre": f"{str(DocumentKind(kind).label).capitalize()} : {organization.name}",
        "organisation": organization.name,
        "gestionnaire": name,
        "convention": version.agreement.name if version is not None else "",
        "version": version.label if version is not None else "",
        "fondements": grounds_of(version) if version is not None else [],
        "seance": day_text(typed.session_on),
        "rapporteur": typed.reporter,
        "signataires": [{"partie": party, "nom": who} for party, who in signing if party and who],
        "expose": [], "choix": [], "fins": [], "couts": [], "total": "", "hypotheses": [], "decisions": [], "articles": [],
        "changements": [], "historique": [], "vote": [], "recours": [], "tribunal": "", "effets": [], "avis": [], "agent": "",
        "effet": "", "lettre": [], "expediteur": "", "destinataire": "", "objet": "", "acte": "", "compte": [], "contrats": [],
        "biens": [], "lieu": "", "parties": [], "signatures": [], "preambule": [], "donnees": [], "etp": [],
    } | shared  # fmt: skip


def shared_by_acts(organization: Organization, host: str, version: Version | None, typed: Typed) -> dict[str, Any]:
    """Return what every act of a council says beside its matter."""
    signatory = typed.host_signatory if organization.is_host else typed.signatory
    found = of_council(organization, host, version, signatory=signatory, court=typed.court)
    return found | {"recours": remedies(found["tribunal"] or blank("tribunal"))}


def expose_for(kind: str, membership: Membership, version: Version | None) -> list[str]:
    """Return the reasons that an act gives: the demand, the convention and the version, what the member takes."""
    name = membership.agreement.name
    host = host_of()
    told = [
        f"{host}, gestionnaire de la convention « {name} », propose ses services aux collectivités du territoire."
        if host is not None else f"La convention « {name} » propose ses services aux collectivités du territoire."
    ]  # fmt: skip
    if version is not None:
        approved = f", approuvée par {version.adopted_by}" if version.adopted_by is not None else ""
        told.append(f"La version applicable est la {version.cited}{approved}.")
    if kind == DocumentKind.ADHESION:
        told.append(f"{membership.organization} a demandé à y adhérer le {day_text(membership.requested_on)}.")
    if kind == DocumentKind.CHANGE:
        told.append("Le formulaire de choix est rempli à nouveau ; il remplace le précédent à sa date d’effet.")
    if kind == DocumentKind.RENEWAL and membership.ends_on is not None:
        told.append(f"L’adhésion arrive à son terme le {day_text(membership.ends_on)} : elle ne va plus loin que par un vote.")
    return told


def decisions_for(kind: str, membership: Membership, names: Names, held: Mapping[str, date], typed: Typed) -> list[str]:
    """Return what the council decides, one sentence each; nothing while no offer is chosen. A termination says its own."""
    if kind == DocumentKind.RENEWAL:
        return decisions_at_the_end(membership)
    if not held or kind == DocumentKind.TERMINATION:
        return []
    taken, host = names.taken(held), host_of()
    if kind == DocumentKind.CHANGE:
        days = sorted(set(held.values()))
        by_day = [names.taken({name: since for name, since in held.items() if since == on}) for on in days]
        told = [f"à compter du {day_text(on)} : {these}" for on, these in zip(days, by_day, strict=True)]
        return [
            f"DÉCIDE de prendre, {' ; '.join(told)}.",
            "DIT que le formulaire de choix est annexé à la présente décision.",
        ]
    signing = typed.signatory or "son représentant"
    return [
        f"APPROUVE l’adhésion à la convention « {membership.agreement.name} ».",
        f"CHOISIT : {taken}.",
        f"AUTORISE {signing} à signer la convention{f' avec {host}' if host is not None else ''} et tout document afférent.",
        "DIT que les crédits sont inscrits au budget.",
    ]


def decisions_at_the_end(membership: Membership) -> list[str]:
    """Return what a council decides when a membership comes to its term."""
    if membership.ends_on is None:
        return []
    return [
        f"DÉCIDE de renouveler son adhésion à la convention « {membership.agreement.name} » à compter du "
        f"{day_text(membership.ends_on + ONE_DAY)}.",
        "DIT que les choix en cours sont reconduits.",
    ]


def letter_for(membership: Membership, effect_on: date | None) -> list[str]:
    since = f" à compter du {day_text(effect_on)}" if effect_on is not None else ""
    return [
        f"{membership.organization} s’engage à rejoindre « {membership.agreement.name} »{since}.",
        "Cet engagement vaut sous réserve de la délibération de son assemblée.",
    ]


# ------------------------------------------------------------ for an amendment, for an agent


def of_amendment(kind: str, amendment: Amendment, typed: Typed) -> Values:
    """Return the values of an avenant, of its note, or of the act on it: its changes and its consolidated text (DOC-14)."""
    host = host_of()
    made = amendment.makes
    organization = host if host is not None else Organization(name="")
    before = made.follows
    differences = compared(before, made) if before is not None else None
    typed_changes = AmendmentChange.objects.unscoped().filter(amendment=amendment)
    changes = listed_changes(typed_changes, differences.clauses if differences else ())
    fields = common(kind, organization, made, typed) | {
        "titre": f"{str(DocumentKind(kind).label).capitalize()} : avenant n° {amendment.number}, {amendment.subject}",
        "changements": [{"genre": c.kind, "article": c.article, "texte": c.wording} for c in changes],
        "expose": [*([amendment.reason] if amendment.reason else []), *(expose_of(differences) if differences else [])],
        "decisions": [
            f"APPROUVE l’avenant n° {amendment.number} à la convention « {amendment.agreement.name} ».",
            f"AUTORISE {typed.host_signatory or 'son représentant'} à le signer.",
        ],
        "effet": day_text(made.starts_on),
    }
    if kind == DocumentKind.AMENDMENT:
        fields |= text_of(made)
    if kind not in COUNCIL:
        fields["signataires"] = [{"partie": organization.name, "nom": typed.host_signatory}] if typed.host_signatory else []
    return Values(kind, fields, OF_MEMBER if kind == DocumentKind.AMENDMENT_VOTE else ())


def of_staff_file(file: StaffFile, typed: Typed) -> Values:
    """Return the values of the impact statement of an agent (MEM-28, DOC-15)."""
    opinions = CommitteeOpinion.objects.unscoped().filter(staff_file=file, at_exit=False).order_by("on", "id")
    effects = {
        "Organisation": file.effect_organization, "Conditions de travail": file.effect_conditions,
        "Rémunération": file.effect_pay, "Droits acquis": file.effect_rights,
    }  # fmt: skip
    fields = common(DocumentKind.IMPACT, file.organization, None, typed) | {
        "convention": file.agreement.name,
        "titre": f"Fiche d’impact : {file.agent}",
        "agent": f"{file.agent}, {file.get_status_display()}, {file.functions}",
        "effets": [{"titre": title, "texte": text} for title, text in effects.items() if text],
        "avis": [{"instance": str(o.get_committee_display()), "avis": str(o.get_opinion_display()), "date": day_text(o.on)}
                 for o in opinions],
        "effet": day_text(file.starts_on),
    }  # fmt: skip
    return Values(DocumentKind.IMPACT, fields)
