"""What somebody does where it lands, by duty: the vote to enter, the choices to fill, the drafts to take, the acts to verify."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from communis.agreements.access import may_ask_for, may_verify
from communis.agreements.choices import offers_open
from communis.agreements.editions import edition_of
from communis.agreements.enums import ActState, DocumentKind, DocumentStatus, MembershipState
from communis.agreements.executory import grounds_on
from communis.agreements.forms.acts import ActForm
from communis.agreements.forms.memberships import ChoiceBoxes
from communis.agreements.matters import USUAL
from communis.agreements.models import Document, Membership, Resolution
from communis.agreements.operations.acts import PREPARED, VOTABLE
from communis.agreements.paying import Paid
from communis.agreements.reading import BOUND
from communis.agreements.tables.executory import GroundTable
from communis.agreements.tables.memberships import TONES, Holdings, state_words
from communis.agreements.views.adhering import offers_held
from communis.catalog.conventions import tariff_read_by
from communis.catalog.prerequisites import Finding, findings_of
from communis.directory.enums import GrantRole
from communis.directory.models import Organization
from communis.directory.operations.rows import version_of
from communis.kit.formats import counted
from communis.portal.standings import Standings, paid_for

MOST_PREPARED = 3  # acts whose vote is awaited, each with its form
MOST_GROUNDS = 100  # adhesions verified on one page
TYPED = (  # what is typed of a vote and of its transmission; the rest of an act is on its own page
    ("subject",), ("session_on", "number"), ("in_office", "voters", "votes_for", "votes_against", "abstained"),
    ("sent_on", "received_on", "published_on"), ("transmission",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoteEntry:
    """The vote and the transmission of an act, entered where one lands; what is not shown goes along, hidden."""

    title: str
    url: str
    form: ActForm
    version: int | None = None

    @property
    def shown(self) -> list[list[Any]]:
        """The fields typed, run by run; what the council decided comes first, of an act that was prepared."""
        runs = (("state",), *TYPED) if self.version is not None else TYPED
        return [[self.form[name] for name in names] for names in runs]

    @property
    def hidden(self) -> list[Any]:
        shown = {field.name for run in self.shown for field in run}
        return [field for field in self.form if field.name not in shown]


@dataclass(frozen=True, slots=True)
class Joining:
    """An adhesion of a member where it lands: where it stands, its choices to fill, its drafts to take or to ask for."""

    membership: Membership
    state: str
    tone: str
    unreal: bool
    drafts: Sequence[Document]
    kind: str  # of the draft that one click makes ready, blank when it is there
    form: ChoiceBoxes | None
    is_open: bool

    @property
    def boxes(self) -> list[Any]:
        return [self.form[f"offre-{name}"] for name in self.form.offers] if self.form is not None else []

    @property
    def dated(self) -> list[Any]:
        names = ("on", "stated_on")
        return [self.form[name] for name in names] if self.form is not None else []

    @property
    def decided(self) -> Any:
        """The act that decides a change of choices; an adhesion is decided by its vote, which comes after."""
        return self.form["act"] if self.form is not None and self.form.fields["act"].required else None


def votes_of(user: Any, standings: Standings) -> list[VoteEntry]:
    """Return the acts whose vote is awaited, then a new one, for the office of a member."""
    own = [one.organization for one in standings.each if user.holds(GrantRole.OFFICE, organization=one.organization.pk)]
    if not own:
        return []
    acts = Resolution.objects.visible_to(user).filter(organization__in=own, state__in=PREPARED, kind__in=VOTABLE)
    found = [
        VoteEntry(f"Saisir le vote : {act.subject}", reverse("act-vote", args=[act.pk]),
                  ActForm(instance=act, user=user, voting=True, auto_id=f"acte-{act.pk}-%s"), version_of(act))
        for act in acts.order_by("session_on", "pk")[:MOST_PREPARED]
    ]  # fmt: skip
    asking = next((m for m in standings.memberships if m.state_on(standings.holdings.today) == MembershipState.PREPARING), None)
    initial = {"matter": USUAL, "organization": own[0].pk, "state": ActState.ADOPTED}
    if asking is not None:
        initial |= {"organization": asking.organization_id, "agreement": asking.agreement_id,
                    "subject": f"Adhésion, {asking.agreement.name}"}  # fmt: skip
    blank = ActForm(instance=Resolution(), user=user, initial=initial, auto_id="acte-%s")
    found.append(VoteEntry("Saisir un vote et sa transmission", reverse("act-add"), blank))
    for entry in found:
        entry.form.fields["number"].help_text = ""
    return found


def joining_of(user: Any, standings: Standings) -> list[Joining]:
    """Return the adhesions that somebody answers for: those that begin, and those that run for the office."""
    today, holdings = standings.holdings.today, standings.holdings
    mine = [m for m in standings.memberships if m.dropped_on is None and may_ask_for(user, m)]
    begun = [m for m in mine if m.state_on(today) in (MembershipState.PREPARING, *BOUND)]
    if not begun:
        return []
    drafts: dict[int, list[Document]] = {}
    rows = Document.objects.visible_to(user).with_later().filter(has_later=False, status=DocumentStatus.DRAFT)
    rows = rows.filter(membership__in=[m.pk for m in begun])
    for row in rows.order_by("-made_at", "-pk"):
        drafts.setdefault(row.membership_id or 0, []).append(row)
    found = []
    for m in begun:
        state, made = m.state_on(today), drafts.get(m.pk, [])
        asks = state == MembershipState.PREPARING and not any(one.kind == DocumentKind.ADHESION for one in made)
        form = boxes_of(user, m, holdings) if user.holds(GrantRole.OFFICE, organization=m.organization_id) else None
        if made or asks or form is not None:
            tone, unreal = TONES[state]
            is_open = state == MembershipState.PREPARING and not holdings.offers.get(m.pk)
            kind = DocumentKind.ADHESION if asks else ""
            found.append(Joining(m, state_words(m, today), tone, unreal, made, kind, form, is_open))
    return found


def boxes_of(user: Any, membership: Membership, holdings: Holdings) -> ChoiceBoxes | None:
    """Return the form of article 8 of an adhesion, without the days of effect of each offer: they are on its own page."""
    version = holdings.versions.get(membership.pk)
    if version is None or version.convention is None:
        return None
    held, today = offers_held(user, membership), holdings.today
    offers = offers_open(version.convention, held, today)
    return ChoiceBoxes(user=user, membership=membership, offers=offers, held=held, today=today,
                       auto_id=f"choix-{membership.pk}-%s")  # fmt: skip


# ------------------------------------------------------------ prerequisites


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an offer asks of a member and that it does not have."""

    title: str
    findings: Sequence[Finding]
    is_held: bool


def prerequisites_of(user: Any, standings: Standings) -> list[Wanted]:
    """Return what each offer of the catalogue asks of a member and that it lacks, those held first: for its technical contact."""
    own = [one.organization for one in standings.each if user.holds(GrantRole.CONTACT, organization=one.organization.pk)]
    return [wanted for organization in own for wanted in wanted_by(organization, standings)]


def wanted_by(organization: Organization, standings: Standings) -> list[Wanted]:
    holdings = standings.holdings
    edition = edition_of(organization, holdings.today)
    if edition is None:
        return []
    lacking: dict[tuple[str, str], list[Finding]] = {}
    for one in findings_of(organization, edition, holdings.today):
        if not one.holds:
            lacking.setdefault((one.offer, one.label), []).append(one)
    own = [m.pk for m in standings.memberships if m.organization_id == organization.pk]
    held = {offer for key in own for offer in holdings.offers.get(key, ())}
    found = [Wanted(f"{label} : {counted(len(findings), 'prérequis')} à réunir", findings, offer in held)
             for (offer, label), findings in lacking.items()]  # fmt: skip
    return sorted(found, key=lambda one: not one.is_held)


# ------------------------------------------------------------ the host


def may_answer(user: Any) -> bool:
    """Those who answer for amounts at the host: its direction, its finances, its controller."""
    return bool(user.holds(GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.AUDITOR))


@dataclass(frozen=True, slots=True)
class Asking:
    """Why an amount: the members to ask about, the one asked, and what it pays."""

    members: Sequence[Organization]
    asked: Organization | None
    paid: Sequence[Paid]

    @property
    def options(self) -> SafeString:
        """The members to choose among, written here: there may be five hundred."""
        chosen = mark_safe(" selected")
        rows = ((one.pk, chosen if one == self.asked else "", one) for one in self.members)
        return format_html_join("", '<option value="{}"{}>{}</option>', rows)


def asking_of(request: HttpRequest, memberships: Iterable[Membership], today: date) -> Asking | None:
    """Return what the address asks of a member (`?membre=`): its amounts, computed for it alone, when they are asked for."""
    if not may_answer(request.user):
        return None
    rows = [m for m in memberships if m.effect_on is not None and m.state_on(today) in BOUND]
    members = sorted({m.organization for m in rows}, key=lambda one: (one.sort_name, one.pk))
    asked = next((one for one in members if str(one.pk) == request.GET.get("membre", "")), None)
    if asked is None:
        return Asking(members, None, ()) if members else None
    own = [m for m in rows if m.organization_id == asked.pk]
    return Asking(members, asked, paid_for(asked, own, Holdings.of(own, today), tariff_read_by(asked.pk, today)))


@dataclass(frozen=True, slots=True)
class Verified:
    """The act behind each adhesion in force, for whoever controls, those to look at first."""

    table: GroundTable
    count: int
    wrong: int


def verified_by(request: HttpRequest, today: date) -> Verified | None:
    """Return the acts that adhesions rest on, for the controller of the service."""
    if not may_verify(request.user):
        return None
    grounds = grounds_on(today)
    table = GroundTable(grounds)
    table.paginate(per_page=MOST_GROUNDS)
    table.page = table.paginator.get_page(request.GET.get("page"))
    return Verified(table, len(grounds), sum(not one.is_sound for one in grounds))
