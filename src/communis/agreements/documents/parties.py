"""The text that two parties sign: who they are and who signs for each, the articles of the text, the history of its versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.agreements.documents.acts import TO_FILL
from communis.agreements.documents.offered import day_text
from communis.agreements.enums import Party, StepKind
from communis.agreements.models import Article, Membership, Signature, Step, Version
from communis.agreements.reading import number_of, passages_of
from communis.agreements.worktables import tables_of, total_of
from communis.directory.enums import RoleKind
from communis.directory.models import Organization, Role
from communis.directory.territory import host_of
from communis.kit.formats import capital, number

HEADS = (RoleKind.MAYOR, RoleKind.PRESIDENT)
_MARK = re.compile(r" \([^)]*\)$")


@dataclass(frozen=True, slots=True)
class Signing:
    """A party: its name, its SIREN, who signs for it, in what quality, when, by which act; what is not known is empty."""

    party: str
    siren: str
    name: str = ""
    quality: str = ""
    on: str = ""
    act: str = ""

    @property
    def words(self) -> str:
        """Name a party as the head of a convention does."""
        siren = f", SIREN {self.siren}" if self.siren else ""
        quality = f", {self.quality}" if self.quality else ""
        act = f", en vertu de l’acte suivant : {self.act}" if self.act else ""
        return f"{self.party}{siren}, ayant pour représentant {self.name or TO_FILL}{quality}{act}"

    def row(self, unknown: str) -> dict[str, str]:
        """Return the place where a party signs, with what is known of its signature."""
        return {"partie": self.party, "nom": self.name or unknown, "qualite": self.quality, "date": self.on}


def parties_to(
    membership: Membership, version: Version | None, today: date, *, signatory: str, host_signatory: str
) -> list[Signing]:
    """Return the host and the member: as they signed when it is recorded, else as typed, else as the directory has them."""
    host = host_of()
    rows = {one.party: one for one in Signature.objects.unscoped().filter(membership=membership).select_related("decided_by")}
    voted = Step.objects.unscoped().filter(membership=membership, kind=StepKind.VOTED, decided_by__isnull=False)
    last = voted.select_related("decided_by").order_by("-on", "-pk").first()
    approved = version.adopted_by if version is not None else None
    found = [party_of(host, rows.get(Party.HOST), host_signatory, today, act=str(approved or ""))] if host is not None else []
    return [*found, party_of(membership.organization, rows.get(Party.MEMBER), signatory, today,
                             act=str(last.decided_by) if last is not None else "")]  # fmt: skip


def party_of(organization: Organization, signed: Signature | None, typed: str, today: date, *, act: str) -> Signing:
    """Return a party with who signs for it; the quality of a head is that of the directory, when it is the same person."""
    name, siren = organization.name, organization.siren
    if signed is not None:
        authority = str(signed.decided_by) if signed.decided_by is not None else signed.authority
        return Signing(name, siren, signed.signatory, signed.quality, day_text(signed.on), authority or act)
    head = Role.objects.unscoped().on(today).filter(organization=organization, kind__in=HEADS).select_related("person").first()
    if head is None or (typed and typed != str(head.person)):
        return Signing(name, siren, typed, act=act)
    return Signing(name, siren, str(head.person), str(head.get_kind_display()), act=act)


# ------------------------------------------------------------ the text


def text_of(version: Version) -> dict[str, Any]:
    """Return the whole text of a version: its preamble, its articles, what it says of personal data, its tables of the ETP."""
    return {
        "preambule": [line for line in version.preamble.splitlines() if line.strip()], "articles": articles_of(version),
        "donnees": personal_data_of(version), "etp": staffing_of(version),
    }  # fmt: skip


def personal_data_of(version: Version) -> list[dict[str, str]]:
    """Return the clause between the host and each member on personal data, and its annex of measures (SEC-10)."""
    role = f"{capital(version.get_data_role_display())}." if version.data_role else ""
    clause = "\n".join(filter(None, (role, version.data_clause)))
    told = ((f"Traitement des données personnelles, version {version.label}", clause),
            ("Annexe : mesures de sécurité", version.data_measures))  # fmt: skip
    return [{"titre": title, "texte": text} for title, text in told if text]


def staffing_of(version: Version) -> list[dict[str, str]]:
    """Return the tables of the ETP that hold with a version, a row a brick, then the total of each year (ORG-15)."""
    rows = []
    for year, bricks in tables_of(version).items():
        rows += [{"exercice": str(year), "brique": one.name, "postes": one.posts, "etp": number(one.total, 2)} for one in bricks]
        rows.append({"exercice": str(year), "brique": "Total", "postes": "", "etp": number(total_of(bricks), 2)})
    return rows


def articles_of(version: Version) -> list[dict[str, str]]:
    """Return the articles of a version and its unnumbered passages, in its order; a passage has a title, and no number."""
    beside = passages_of(version)
    rows = Article.objects.unscoped().filter(version=version).order_by("rank", "id")
    return [{"numero": _MARK.sub("", number_of(one, beside)), "titre": one.title, "texte": one.text} for one in rows]


def history_of(version: Version) -> list[dict[str, str]]:
    """Return the history of the document, as its first page has it (MEM-02)."""
    rows = Version.objects.unscoped().filter(agreement=version.agreement_id).exclude(status="draft").order_by("starts_on", "id")
    return [
        {"version": v.label, "auteur": v.author, "date": v.dated_as or day_text(v.dated_on), "etat": str(v.get_status_display())}
        for v in rows
    ]
