"""The legal file of a convention: what its grounds ask for, what is there, what is missing or came too late (MEM-46).

Pure: it is given what is known and tells it, piece by piece, each with the article that asks for it. It blocks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from communis.agreements.enums import LegalBasis, PieceKind
from communis.kit.formats import short_date

THERE, MISSING, LATE = "là", "manque", "tardif"
STAFF_ARTICLE = "L. 5211-4-2 du CGCT"
COMMITTEE_ARTICLE = "L. 5211-4-2 du CGCT et L. 253-5 du CGFP"
EXECUTORY_ARTICLE = "L. 2131-1 du CGCT"
GOODS_ARTICLE = "L. 5211-4-3 du CGCT"
WITH_STAFF = (LegalBasis.COMMON_SERVICE, LegalBasis.LENT_SERVICE, LegalBasis.SYNDICATE)
STAFF_ARTICLES = {LegalBasis.COMMON_SERVICE: STAFF_ARTICLE, LegalBasis.LENT_SERVICE: "L. 5211-4-1 du CGCT",
                  LegalBasis.SYNDICATE: "L. 5721-9 du CGCT"}  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class LegalFile:
    """All that is known of a convention for its legal file."""

    grounds: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    votes: tuple[Vote, ...] = ()
    employers: tuple[str, ...] = field(default=())  # those whose agents the convention concerns
    shares_goods: bool = False


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
    grounds = [g for g in WITH_STAFF if g in file.grounds]
    if grounds:
        found.append(impact(file, STAFF_ARTICLES[grounds[0]]))
        found += committees(file)
        found += staff_annex(file, STAFF_ARTICLES[grounds[0]])
    if file.shares_goods or LegalBasis.SHARED_GOODS in file.grounds:
        found.append(present(file, PieceKind.GOODS_ANNEX, "annexe relative aux biens", GOODS_ARTICLE))
    return found + [executory(vote) for vote in file.votes]


def of_kind(file: LegalFile, kind: str) -> list[Piece]:
    return [piece for piece in file.pieces if piece.kind == kind]


def first_vote(file: LegalFile) -> date | None:
    return min((vote.voted_on for vote in file.votes if vote.voted_on is not None), default=None)


def without_staff(file: LegalFile) -> bool:
    return bool(of_kind(file, PieceKind.NO_STAFF)) and not file.employers


def impact(file: LegalFile, article: str) -> Check:
    """The impact statement, or the mention that no agent is concerned; both bear a date before the first vote."""
    what = "fiche d’impact, ou mention « sans agent concerné »"
    impacts = of_kind(file, PieceKind.IMPACT)
    pieces = impacts or of_kind(file, PieceKind.NO_STAFF)
    if not pieces:
        why = "Annexez la fiche d’impact décrivant les effets sur les agents, ou écrivez qu’aucun agent n’est concerné."
        return Check(what, MISSING, why, article)
    if file.employers and not impacts:
        names = ", ".join(file.employers)
        return Check(
            what, MISSING, f"Des agents sont concernés ({names}) : la mention « sans agent concerné » ne vaut pas.", article
        )
    return dated(what, min(p.on for p in pieces), first_vote(file), article)


def committees(file: LegalFile) -> list[Check]:
    """The opinion of the committee of each employer whose agents are concerned, before the votes."""
    if without_staff(file):
        return []
    opinions = of_kind(file, PieceKind.COMMITTEE)
    found = []
    for employer in file.employers:
        what = f"avis du comité social territorial, {employer}"
        given = [p.on for p in opinions if p.employer == employer]
        if not given:
            why = f"Le comité de {employer} donne son avis avant le vote : aucun avis n’est au dossier."
            found.append(Check(what, MISSING, why, COMMITTEE_ARTICLE))
        else:
            found.append(dated(what, min(given), first_vote(file), COMMITTEE_ARTICLE))
    return found


def staff_annex(file: LegalFile, article: str) -> list[Check]:
    if not file.employers:
        return []
    return [present(file, PieceKind.STAFF_ANNEX, "annexe relative aux agents", article)]


def present(file: LegalFile, kind: str, what: str, article: str) -> Check:
    pieces = of_kind(file, kind)
    if not pieces:
        return Check(what, MISSING, "Joignez-la à la convention.", article)
    return Check(what, THERE, f"du {short_date(min(p.on for p in pieces))}", article)


def dated(what: str, on: date, vote: date | None, article: str) -> Check:
    """Tell whether a piece came before the first vote."""
    if vote is not None and on > vote:
        why = f"Datée du {short_date(on)}, après le premier vote, du {short_date(vote)}."
        return Check(what, LATE, why, article)
    return Check(what, THERE, f"du {short_date(on)}", article)


def executory(vote: Vote) -> Check:
    """The act of a party binds before it signs."""
    what = f"acte exécutoire avant signature, {vote.party}"
    if vote.voted_on is None:
        return Check(what, MISSING, "Aucun acte n’est enregistré : saisissez la délibération.", EXECUTORY_ARTICLE)
    if vote.executory_on is None:
        voted = short_date(vote.voted_on)
        why = f"L’acte du {voted} n’est pas exécutoire : il manque sa réception en préfecture ou sa publication."
        return Check(what, MISSING, why, EXECUTORY_ARTICLE)
    if vote.signed_on is not None and vote.signed_on < vote.executory_on:
        why = f"Signée le {short_date(vote.signed_on)}, avant que l’acte soit exécutoire, le {short_date(vote.executory_on)}."
        return Check(what, LATE, why, EXECUTORY_ARTICLE)
    return Check(what, THERE, f"exécutoire le {short_date(vote.executory_on)}", EXECUTORY_ARTICLE)
