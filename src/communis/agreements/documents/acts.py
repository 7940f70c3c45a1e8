"""What every act of a council contains beside its matter: visas in full, the vote, who signs, the ways to contest it (DOC-12)."""

from __future__ import annotations

from datetime import date
from typing import Any

from communis.agreements.enums import ActKind, DocumentKind, LegalBasis
from communis.agreements.models import Version
from communis.agreements.wording import in_full, of
from communis.directory.enums import PartnerKind
from communis.directory.models import Organization, Partner
from communis.kit.formats import long_date

COUNCIL = (
    DocumentKind.ADHESION, DocumentKind.CHANGE, DocumentKind.AMENDMENT_VOTE, DocumentKind.RENEWAL, DocumentKind.TERMINATION,
)  # fmt: skip
TO_FILL = "………"
COUNTED = ("Membres en exercice", "Présents", "Pouvoirs", "Votants", "Pour", "Contre", "Abstentions")


def written_at(organization: Organization, on: date | None = None) -> str:
    """Return the place and the date of a letter; the day is left to fill while it is not sent."""
    return f"{organization.name}, le {long_date(on) if on is not None else TO_FILL}"


def of_council(organization: Organization, host: str, version: Version | None, *, signatory: str, court: str) -> dict[str, Any]:
    """Return the values that all acts share; the vote is left to fill at the session."""
    return {
        "fondements": visas_of(version, host),
        "vote": [{"intitule": words, "nombre": TO_FILL} for words in COUNTED],
        "signataires": signing_for(organization, signatory),
        "tribunal": court_of(court),
    }


def visas_of(version: Version | None, host: str) -> list[str]:
    """Return what an act rests on: the codes, the convention, the act by which the host approved it."""
    if version is None:
        return []
    told = [*grounds_of(version), f"la convention « {version.agreement.name} »{f' portée par {host}' if host else ''}"]
    act = version.adopted_by
    if act is not None and act.kind in (ActKind.RESOLUTION, ActKind.DECISION):
        told.append(f"la {act}{f' {of(host)}' if host else ''} approuvant la {version.cited}")
    return told


def grounds_of(version: Version) -> list[str]:
    """Return the law that a convention rests on, in full: as its tariff file cites it, else as its sheet does."""
    convention = version.convention
    cited = convention.model.book.header.legal_grounds if convention is not None else ()
    return in_full(cited or [str(LegalBasis(one).label) for one in version.agreement.grounds])


def signing_for(organization: Organization, signatory: str) -> list[dict[str, str]]:
    """Return who signs an act: the mayor or the president, then the secretary of the session."""
    commune = organization.type_id is not None and organization.type.is_commune
    return [{"partie": "Le maire" if commune else "Le président", "nom": signatory or TO_FILL},
            {"partie": "Secrétaire de séance", "nom": TO_FILL}]  # fmt: skip


def court_of(typed: str) -> str:
    """Return the court that was typed, else the only one among the partners of the pool; nothing while it is not known."""
    names = (
        [typed] if typed else list(Partner.objects.unscoped().filter(kind=PartnerKind.COURT).values_list("name", flat=True)[:2])
    )
    if len(names) != 1:
        return ""
    name = names[0].strip()
    return f"{name[:1].lower()}{name[1:]}" if "tribunal" in name.lower() else f"tribunal administratif {of(name)}"


def remedies(court: str) -> list[str]:
    """Say how an act may be contested, and leave the days of its transmission and publication to fill."""
    return [
        f"Acte transmis au représentant de l’État le {TO_FILL}, publié le {TO_FILL}.",
        f"Le présent acte peut faire l’objet d’un recours pour excès de pouvoir devant le {court}, dans un délai de deux mois à "
        "compter de sa publication.",
    ]
