"""What the tables know of a convention, as its legal file wants it (MEM-46)."""

from __future__ import annotations

from communis.agreements.enums import Party
from communis.agreements.legal import LegalFile, Piece, Vote
from communis.agreements.models import Agreement, LegalPiece, SharedGood, Signature, StaffFile, Version


def legal_file_of(agreement: Agreement) -> LegalFile:
    """Return the legal file of a convention: for the host’s staff, who reads all of it."""
    pieces = LegalPiece.objects.unscoped().filter(agreement=agreement).select_related("employer")
    staff = StaffFile.objects.unscoped().filter(agreement=agreement).order_by("organization__sort_name")
    employers = tuple(dict.fromkeys(staff.values_list("organization__name", flat=True)))
    return LegalFile(
        grounds=tuple(agreement.grounds),
        pieces=tuple(Piece(p.kind, p.on, p.employer.name if p.employer else None) for p in pieces),
        votes=(*host_votes(agreement), *member_votes(agreement)),
        employers=employers,
        shares_goods=SharedGood.objects.unscoped().filter(agreement=agreement).exists(),
    )


def host_votes(agreement: Agreement) -> list[Vote]:
    """Return the acts by which the host’s council approved the versions."""
    rows = (
        Version.objects.unscoped()
        .filter(agreement=agreement, adopted_by__isnull=False)
        .select_related("adopted_by__organization")
    )
    return [
        Vote(f"{v.adopted_by.organization}, version {v.label}", v.adopted_by.session_on, v.adopted_by.executory_on) for v in rows
    ]  # fmt: skip


def member_votes(agreement: Agreement) -> list[Vote]:
    """Return the acts by which members authorized their signature, and the day they signed."""
    rows = Signature.objects.unscoped().filter(membership__agreement=agreement, party=Party.MEMBER)
    found = []
    for one in rows.select_related("membership__organization", "decided_by").order_by(
        "membership__organization__sort_name", "id"
    ):
        act = one.decided_by
        found.append(
            Vote(str(one.membership.organization), act.session_on if act else None, act.executory_on if act else None, one.on)
        )
    return found
