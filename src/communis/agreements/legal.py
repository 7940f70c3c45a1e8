"""The legal file of a convention: what its grounds ask for, what is there, what is missing or came too late (MEM-46).

Pure: it is given what is known and tells it, piece by piece, each with the article that asks for it. It blocks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from communis.agreements.enums import LegalBasis, PieceKind
from communis.agreements.wording import of
from communis.kit.formats import short_date

THERE, MISSING, LATE = "là", "manque", "tardif"


@dataclass(frozen=True, slots=True)
class Law:
    """What an article asks for, and where its text was read."""

    reference: str
    asks: str
    source: str


COMMON = Law(
    "L. 5211-4-2 du CGCT",
    "Service commun : la fiche d’impact et les accords conclus sont annexés à la convention, soumise avec ses annexes à l’avis "
    "du ou des comités sociaux territoriaux compétents.",
    "texte en vigueur depuis le 23 février 2022 (loi n° 2022-217, article 180)",
)
LENT = Law(
    "L. 5211-4-1 du CGCT",
    "Mise à disposition de services : la convention en fixe les modalités après consultation des comités sociaux territoriaux "
    "compétents (IV). La fiche d’impact n’y est demandée que pour un transfert de compétence (I) ou sa restitution (IV bis).",
    "CGCT, partie législative ; réponse ministérielle à la question n° 01544, Sénat, 4 octobre 2018",
)
SYNDICATE = Law(
    "L. 5721-9 du CGCT",
    "Syndicat mixte : une convention fixe les modalités de la mise à disposition, dont le remboursement ; le texte ne demande ni "
    "fiche d’impact ni avis, que le droit commun des comités demande seul.",
    "CGCT, partie législative ; fiche de la Banque des Territoires sur les services des syndicats mixtes",
)
COMMITTEES = Law(
    "L. 253-5 du CGFP",
    "Le comité social territorial est consulté sur l’organisation et le fonctionnement des services ; il remplace le comité "
    "technique depuis le renouvellement de décembre 2022.",
    "code général de la fonction publique ; loi n° 2019-828, articles 4 et 94 ; décret n° 2021-571",
)
GOODS = Law(
    "L. 5211-4-3 du CGCT",
    "Biens partagés : un règlement de mise à disposition en fixe les conditions.",
    "CGCT, partie législative ; loi n° 2010-1563 du 16 décembre 2010",
)
BINDING = Law(
    "L. 2131-1 du CGCT",
    "Un acte communal est exécutoire dès sa publication et sa transmission au représentant de l’État ; signer avant est illégal.",
    "CGCT, partie législative ; Conseil d’État, avis du 10 juin 1996, préfet de la Côte-d’Or",
)
BINDING_HOST = Law(
    "L. 2131-1 et L. 5211-3 du CGCT",
    "Les règles des actes communaux valent pour les établissements publics de coopération intercommunale.",
    "CGCT, partie législative",
)
BINDING_SYNDICATE = Law(
    "L. 3131-1 et L. 5721-4 du CGCT",
    "Les actes d’un syndicat mixte ouvert deviennent exécutoires comme ceux des départements.",
    "réponse ministérielle à la question n° 97, Assemblée nationale, 13e législature",
)
PROCESSING = Law(
    "article 28 du RGPD",
    "Un traitement confié à un sous-traitant est régi par un contrat qui en dit l’objet, la durée, la finalité, les données et "
    "les personnes, les obligations et les mesures de sécurité (§ 3).",
    "règlement (UE) 2016/679 du 27 avril 2016",
)
JOINT = Law(
    "article 26 du RGPD",
    "Des responsables conjoints définissent par un accord leurs obligations respectives, notamment envers les personnes.",
    "règlement (UE) 2016/679 du 27 avril 2016",
)
WITH_STAFF = {LegalBasis.COMMON_SERVICE: COMMON, LegalBasis.LENT_SERVICE: LENT, LegalBasis.SYNDICATE: SYNDICATE}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the file: its kind, the employer it is of (None: of all), its day."""

    kind: str
    on: date
    employer: str | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """The act by which a party authorizes its signature: whose it is, its session, when it binds, when the party signed."""

    party: str
    voted_on: date | None = None
    executory_on: date | None = None
    signed_on: date | None = None
    of_host: bool = False


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What the latest approved version of a convention says of personal data: its role for the host, its clause, its measures."""

    version: str
    is_joint: bool = False
    has_clause: bool = False
    has_measures: bool = False


@dataclass(frozen=True, slots=True)
class LegalFile:
    """All that is known of a convention for its legal file."""

    grounds: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    votes: tuple[Vote, ...] = ()
    employers: tuple[str, ...] = field(default=())  # those whose agents the convention concerns
    shares_goods: bool = False
    personal_data: PersonalData | None = None  # None while no version is approved


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the checklist: what, whether it is there, why not, by which article."""

    what: str
    state: str
    why: str
    article: str

    @property
    def is_warning(self) -> bool:
        return self.state != THERE


def checklist(file: LegalFile) -> list[Check]:
    """Return what the legal grounds of a convention ask for, in the order of a file for the préfecture."""
    if not file.grounds:
        why = "Dites sur quels articles la convention se fonde : ce qu’il faut au dossier en dépend."
        return [Check("fondement légal", MISSING, why, "")]
    found: list[Check] = []
    law = next((law for ground, law in WITH_STAFF.items() if ground in file.grounds), None)
    if law is not None:
        found += [impact(file)] if law is COMMON else []
        found += committees(file, law)
        found += staff_annex(file, law)
    if file.shares_goods or LegalBasis.SHARED_GOODS in file.grounds:
        found.append(present(file, PieceKind.GOODS_ANNEX, "annexe relative aux biens", GOODS))
    if file.personal_data is not None:
        found += processing(file.personal_data)
    return found + [executory(vote, binding(file, vote)) for vote in file.votes]


def binding(file: LegalFile, vote: Vote) -> Law:
    """Return the article by which the act of a party binds: those of an open syndicate are not those of a commune."""
    if not vote.of_host:
        return BINDING
    return BINDING_SYNDICATE if LegalBasis.SYNDICATE in file.grounds else BINDING_HOST


def of_kind(file: LegalFile, kind: str) -> list[Piece]:
    return [piece for piece in file.pieces if piece.kind == kind]


def first_vote(file: LegalFile) -> date | None:
    return min((vote.voted_on for vote in file.votes if vote.voted_on is not None), default=None)


def without_staff(file: LegalFile) -> bool:
    return bool(of_kind(file, PieceKind.NO_STAFF)) and not file.employers


def impact(file: LegalFile) -> Check:
    """The impact statement, or the mention that no agent is concerned; both bear a date before the first vote."""
    what = "fiche d’impact, ou mention « sans agent concerné »"
    impacts = of_kind(file, PieceKind.IMPACT)
    pieces = impacts or of_kind(file, PieceKind.NO_STAFF)
    if not pieces:
        why = "Annexez la fiche d’impact décrivant les effets sur les agents, ou écrivez qu’aucun agent n’est concerné."
        return Check(what, MISSING, why, COMMON.reference)
    if file.employers and not impacts:
        names = ", ".join(file.employers)
        return Check(
            what,
            MISSING,
            f"Des agents sont concernés ({names}) : la mention « sans agent concerné » ne vaut pas.",
            COMMON.reference,
        )
    return dated(what, min(p.on for p in pieces), first_vote(file), COMMON.reference)


def committees(file: LegalFile, law: Law) -> list[Check]:
    """The opinion of the committee of each employer whose agents are concerned, before the votes."""
    if without_staff(file):
        return []
    opinions = of_kind(file, PieceKind.COMMITTEE)
    asking = COMMITTEES.reference if law is SYNDICATE else f"{law.reference} et {COMMITTEES.reference}"
    found = []
    for employer in file.employers:
        what = f"avis du comité social territorial, {employer}"
        given = [p.on for p in opinions if p.employer == employer]
        if not given:
            why = f"Le comité {of(employer)} donne son avis avant le vote : aucun avis n’est au dossier."
            found.append(Check(what, MISSING, why, asking))
        else:
            found.append(dated(what, min(given), first_vote(file), asking))
    return found


def staff_annex(file: LegalFile, law: Law) -> list[Check]:
    if not file.employers:
        return []
    return [present(file, PieceKind.STAFF_ANNEX, "annexe relative aux agents", law)]


def processing(data: PersonalData) -> list[Check]:
    """The clause by which the host processes the data of its members, then its annex of measures (SEC-10)."""
    law, what = JOINT if data.is_joint else PROCESSING, "clause de traitement des données personnelles"
    if not data.has_clause:
        why = f"La version {data.version} n’en a pas : écrivez-la dans la suivante, avec le rôle de chacun."
        return [Check(what, MISSING, why, law.reference)]
    found = [Check(what, THERE, f"dans la version {data.version}", law.reference)]
    if not data.has_measures:
        why = f"La version {data.version} a la clause sans l’annexe de ses mesures : ajoutez-la dans la suivante."
        found.append(Check("annexe des mesures de sécurité", MISSING, why, law.reference))
    return found


def present(file: LegalFile, kind: str, what: str, law: Law) -> Check:
    pieces = of_kind(file, kind)
    if not pieces:
        return Check(what, MISSING, "Joignez-la à la convention.", law.reference)
    return Check(what, THERE, f"du {short_date(min(p.on for p in pieces))}", law.reference)


def dated(what: str, on: date, vote: date | None, article: str) -> Check:
    """Tell whether a piece came before the first vote."""
    if vote is not None and on > vote:
        why = f"Datée du {short_date(on)}, après le premier vote, du {short_date(vote)}."
        return Check(what, LATE, why, article)
    return Check(what, THERE, f"du {short_date(on)}", article)


def executory(vote: Vote, law: Law) -> Check:
    """The act of a party binds before it signs."""
    what = f"acte exécutoire avant signature, {vote.party}"
    if vote.voted_on is None:
        return Check(what, MISSING, "Aucun acte n’est enregistré : saisissez la délibération.", law.reference)
    if vote.executory_on is None:
        voted = short_date(vote.voted_on)
        why = f"L’acte du {voted} n’est pas exécutoire : il manque sa réception en préfecture ou sa publication."
        return Check(what, MISSING, why, law.reference)
    if vote.signed_on is not None and vote.signed_on < vote.executory_on:
        why = f"Signée le {short_date(vote.signed_on)}, avant que l’acte soit exécutoire, le {short_date(vote.executory_on)}."
        return Check(what, LATE, why, law.reference)
    return Check(what, THERE, f"exécutoire le {short_date(vote.executory_on)}", law.reference)
