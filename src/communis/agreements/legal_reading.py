"""What the tables know of a convention, as its legal file wants it (MEM-46)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F

from communis.agreements.enums import DataRole, Party, VersionStatus
from communis.agreements.legal import LegalFile, PersonalData, Piece, Vote
from communis.agreements.models import Agreement, LegalPiece, SharedGood, Signature, StaffFile, Version


def legal_file_of(agreement: Agreement) -> LegalFile:
    """Return the legal file of a convention: for the host’s staff, who reads all of it."""
    return legal_files_of([agreement])[agreement.pk]


def legal_files_of(agreements: Collection[Agreement]) -> dict[int, LegalFile]:
    """Return the legal files of some conventions, by their keys: six reads, however many they are."""
    keys = [one.pk for one in agreements]
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for piece in LegalPiece.objects.unscoped().filter(agreement__in=keys).select_related("employer"):
        pieces[piece.agreement_id].append(Piece(piece.kind, piece.on, piece.employer.name if piece.employer else None))
    employers: dict[int, dict[str, None]] = defaultdict(dict)
    staff = StaffFile.objects.unscoped().filter(agreement__in=keys).order_by("organization__sort_name")
    for key, name in staff.values_list("agreement", "organization__name"):
        employers[key][name] = None
    goods = set(SharedGood.objects.unscoped().filter(agreement__in=keys).values_list("agreement", flat=True))
    data = personal_data_of(keys)
    votes: dict[int, list[Vote]] = defaultdict(list)
    for key, vote in (*host_votes(keys), *member_votes(keys)):
        votes[key].append(vote)
    return {
        one.pk: LegalFile(
            grounds=tuple(one.grounds), pieces=tuple(pieces[one.pk]), votes=tuple(votes[one.pk]),
            employers=tuple(employers[one.pk]), shares_goods=one.pk in goods,
            personal_data=data.get(one.pk),
        )
        for one in agreements
    }  # fmt: skip


def personal_data_of(agreements: Collection[int]) -> dict[int, PersonalData]:
    """Return what the latest approved version of each convention says of personal data."""
    rows = Version.objects.unscoped().filter(agreement__in=agreements, status=VersionStatus.APPROVED)
    told = rows.order_by(F("starts_on").asc(nulls_first=True), "id").values_list(
        "agreement", "label", "data_role", "data_clause", "data_measures"
    )
    return {key: PersonalData(version, role == DataRole.JOINT, bool(clause), bool(measures))
            for key, version, role, clause, measures in told}  # fmt: skip


def host_votes(agreements: Collection[int]) -> list[tuple[int, Vote]]:
    """Return the acts by which the host’s council approved the versions, each with its convention."""
    rows = Version.objects.unscoped().filter(agreement__in=agreements, adopted_by__isnull=False)
    return [
        (v.agreement_id, Vote(f"{v.adopted_by.organization}, version {v.label}", v.adopted_by.session_on,
                              v.adopted_by.executory_on, of_host=True))
        for v in rows.select_related("adopted_by__organization")
    ]  # fmt: skip


def member_votes(agreements: Collection[int]) -> list[tuple[int, Vote]]:
    """Return the acts by which members authorized their signature, and the day they signed, each with its convention."""
    rows = Signature.objects.unscoped().filter(membership__agreement__in=agreements, party=Party.MEMBER)
    found = []
    for one in rows.select_related("membership__organization", "decided_by").order_by(
        "membership__organization__sort_name", "id"
    ):
        act, membership = one.decided_by, one.membership
        vote = Vote(str(membership.organization), act.session_on if act else None, act.executory_on if act else None, one.on)
        found.append((membership.agreement_id, vote))
    return found
