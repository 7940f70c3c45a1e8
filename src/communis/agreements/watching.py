"""What conventions ask of somebody today: versions to adopt, legal files, reviews, acts without receipt, prerequisites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from communis.agreements import access
from communis.agreements.activation import Asked, told_apart, with_included
from communis.agreements.enums import ActState, MembershipState, VersionStatus
from communis.agreements.executory import NO_LONGER, grounds_on
from communis.agreements.legal import checklist
from communis.agreements.legal_reading import legal_files_of
from communis.agreements.models import (
    Adoption,
    Agreement,
    LegalPiece,
    Membership,
    Resolution,
    ReviewDate,
    SharedGood,
    Signature,
    StaffFile,
    Version,
)
from communis.agreements.reading import BOUND
from communis.agreements.tables.memberships import Holdings
from communis.agreements.wording import of
from communis.catalog.models import Edition
from communis.catalog.prerequisites import readings_of
from communis.directory.models import Organization
from communis.foundation.keeping import kept_until_changed
from communis.kit.formats import counted, short_date

RECEIPT_DAYS = 15  # after which an act sent without a receipt is worth a call to the préfecture

MOST_NAMED = 3  # members named one by one before they are only counted


@dataclass(frozen=True, slots=True)
class Task:
    """One line: what to do, where, what it holds, its state and its tone."""

    label: str
    url: str
    fact: str
    state: str
    tone: str = "warning"


def watched(user: Any, rows: Sequence[Membership], holdings: Holdings) -> Iterator[Task]:
    """Yield what conventions ask of somebody, each kind in as many reads whatever the rows."""
    today = holdings.today
    yield from late_adoptions(user, rows, today)
    yield from prerequisites_left(user, rows, holdings)
    yield from unfounded(user, today)
    yield from receipts(user, today)
    yield from reviews(user, today)
    yield from legal_warnings(user, today)


def late_adoptions(user: Any, rows: Sequence[Membership], today: date) -> Iterator[Task]:
    """The versions in force that members bound by a former one have not adopted (MEM-12, MEM-36)."""
    running = Q(ends_on=None) | Q(ends_on__gte=today)
    proposed = {
        v.agreement_id: v for v in Version.objects.visible_to(user).filter(
            running, status=VersionStatus.APPROVED, starts_on__lte=today, follows__isnull=False
        ).select_related("agreement").order_by("starts_on", "id")
    }  # fmt: skip
    adoptions = Adoption.objects.visible_to(user).filter(membership__agreement__in=list(proposed)).values_list("membership")
    current = Count("pk", filter=Q(version__in=[v.pk for v in proposed.values()]))
    follows = {membership: bool(count) for membership, count in adoptions.annotate(current=current)}
    late = [m for m in rows if m.agreement_id in proposed and m.state_on(today) in BOUND
            and not follows.get(m.pk, True)]  # fmt: skip
    if user.is_staff_of_host:
        for key, count in Counter(m.agreement_id for m in late).items():
            version = proposed[key]
            words = counted(count, "membre ne l’a pas adoptée", "membres ne l’ont pas adoptée")
            yield Task(f"Faire adopter {version}", reverse("version-adoptions", args=[version.pk]), words, "à adopter")
        return
    for m in late:
        version = proposed[m.agreement_id]
        address = f"{reverse('adopt', args=[m.pk])}?version={version.pk}"
        yield Task(f"Adopter {version}", address, f"en vigueur depuis le {short_date(version.starts_on)}", "à adopter")


def prerequisites_left(user: Any, rows: Sequence[Membership], holdings: Holdings) -> Iterator[Task]:
    """What adhesions in preparation lack of what their choices ask for (CAT-15)."""
    versions, offers, today = holdings.versions, holdings.offers, holdings.today
    preparing = [m for m in rows if m.state_on(today) == MembershipState.PREPARING and m.effect_on is None]
    with_catalogue = [
        (m, v, v.edition_id) for m in preparing if (v := versions[m.pk]) is not None and v.edition_id and offers.get(m.pk)
    ]
    editions = Edition.objects.unscoped().in_bulk({edition for _, _, edition in with_catalogue})
    read = readings_of({m.organization_id for m, _, _ in with_catalogue}, list(editions), today)
    found = []
    for m, version, edition in with_catalogue:
        unmet = read.unmet(with_included(version, offers[m.pk]), m.organization_id, edition)
        asked = told_apart(editions[edition], unmet)
        found += [(m, asked)] if asked.all else []
    if len(found) > MOST_NAMED:
        words = counted(len(found), "adhésion en préparation", "adhésions en préparation")
        blocking = any(asked.blocking for _, asked in found)
        address = f"{reverse('memberships')}?state={MembershipState.PREPARING}"
        yield Task("Constater les prérequis", address, words, *told_as(blocking))
        return
    for m, asked in found:
        address = f"{m.get_absolute_url()}#manque"
        yield Task(f"Constater les prérequis : {m.organization}", address, lacking_words(asked), *told_as(bool(asked.blocking)))


def told_as(blocking: bool) -> tuple[str, str]:
    """Return the state and the tone of a line: what blocks is told as such."""
    return ("bloquant", "danger") if blocking else ("à constater", "warning")


def lacking_words(asked: Asked) -> str:
    """Say how many were found wanting, and how many nobody looked at."""
    parts = []
    if asked.unmet:
        parts.append(counted(len(asked.unmet), "prérequis non rempli", "prérequis non remplis"))
    if asked.unchecked:
        parts.append(counted(len(asked.unchecked), "prérequis à constater", "prérequis à constater"))
    return ", ".join(parts)


def receipts(user: Any, today: date) -> Iterator[Task]:
    """Acts sent to the préfecture that it has not acknowledged since (DOC-08); those of councils that one keeps."""
    before = today - timedelta(days=RECEIPT_DAYS)
    waiting = Resolution.objects.visible_to(user).filter(state=ActState.ADOPTED, received_on=None, sent_on__lte=before)
    mine = [act for act in waiting.select_related("organization").order_by("sent_on", "pk") if access.may_keep_act(user, act)]
    if mine:
        words = f"{counted(len(mine), 'acte transmis', 'actes transmis')} depuis plus de {RECEIPT_DAYS} jours"
        yield Task("Réclamer l’accusé de réception de la préfecture", mine[0].get_absolute_url(),
                   f"{words}, le premier le {short_date(mine[0].sent_on)}", "sans accusé")  # fmt: skip


def unfounded(user: Any, today: date) -> Iterator[Task]:
    """The adhesions in force whose founding act binds nobody any more: rejected, withdrawn, or put off to a day to come."""
    if not access.may_manage_agreements(user):
        return
    for one in grounds_on(today):
        if one.words == NO_LONGER:
            yield Task(f"Fonder de nouveau l’adhésion {of(one.membership.organization)}", one.membership.get_absolute_url(),
                       f"{one.act} n’engage plus", "sans acte", "danger")  # fmt: skip


def reviews(user: Any, today: date) -> Iterator[Task]:
    """The reviews of a trial phase that are overdue (MEM-39)."""
    if not access.may_manage_agreements(user):
        return
    late = list(ReviewDate.objects.visible_to(user).filter(held_on=None, due_on__lt=today).select_related("agreement"))
    if late:
        words = f"{counted(len(late), 'bilan en retard', 'bilans en retard')}, le premier dû le {short_date(late[0].due_on)}"
        yield Task("Tenir les bilans d’étape", f"{late[0].agreement.get_absolute_url()}#bilans", words, "en retard")


def legal_warnings(user: Any, today: date) -> Iterator[Task]:
    """The conventions whose legal file lacks a piece, or has one that came too late (MEM-46)."""
    shown = lacking_files(today) if access.may_manage_agreements(user) else ()
    if shown:
        total = counted(sum(count for _, count in shown), "point à voir", "points à voir")
        address = shown[0][0].get_absolute_url() if len(shown) == 1 else reverse("conventions")
        yield Task("Compléter le dossier juridique", address, f"{total} : {', '.join(one.short_name for one, _ in shown[:3])}",
                   "incomplet")  # fmt: skip


@kept_until_changed(Agreement, LegalPiece, StaffFile, SharedGood, Version, Membership, Signature, Resolution, Organization)
def lacking_files(today: date) -> tuple[tuple[Agreement, int], ...]:
    """Return the conventions under way whose legal file asks for something, and for how many points."""
    known = list(Agreement.objects.unscoped().filter(Q(closed_on=None) | Q(closed_on__gte=today)))
    files = legal_files_of(known)
    lacking = [(one, sum(point.is_warning for point in checklist(files[one.pk]))) for one in known]
    return tuple((one, count) for one, count in lacking if count)
