"""What a member must have before an offer is activated: what was found of each prerequisite, and what one that is unmet does.

A measured prerequisite is proposed from what the sites say of their access to the network; a finding that was recorded wins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from communis.catalog.enums import CheckOutcome, Effect, Measure
from communis.catalog.models import Edition, Entry, Prerequisite, PrerequisiteCheck
from communis.catalog.tree import Tree
from communis.directory.enums import Connection
from communis.directory.models import Organization, Site
from communis.kit.formats import long_date

FIBRES = frozenset({Connection.FIBRE, Connection.SHARED_FIBRE})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the sites of a member say of a measured prerequisite: an outcome, or none when they say nothing; and why."""

    outcome: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A prerequisite at a member on a day: the last finding recorded, and what the sites propose."""

    prerequisite: Prerequisite
    offer: str
    label: str
    check: PrerequisiteCheck | None
    proposal: Proposal | None

    @property
    def outcome(self) -> str:
        """What is known: the finding recorded, else what the sites say; "" when nothing is."""
        if self.check is not None:
            return self.check.outcome
        return self.proposal.outcome if self.proposal is not None else ""

    @property
    def unchecked(self) -> bool:
        """Tell whether nobody found anything yet, and no site tells: not the same as what was found wanting."""
        return not self.outcome

    @property
    def holds(self) -> bool:
        return self.outcome in (CheckOutcome.MET, CheckOutcome.WAIVED)

    @property
    def words(self) -> str:
        """Say what is known: « rempli, constaté le 3 mars 2026 : attestation de l’opérateur »."""
        if self.check is not None:
            return f"{self.check.get_outcome_display()}, constaté le {long_date(self.check.on)} : {self.check.evidence}"
        if self.proposal is not None and self.proposal.outcome:
            return f"{CheckOutcome(self.proposal.outcome).label} d’après les sites : {self.proposal.evidence}"
        nobody = "personne ne l’a encore constaté"
        return f"{nobody}, {self.proposal.evidence}" if self.proposal is not None else nobody


@dataclass(frozen=True, slots=True)
class Unmet:
    """A prerequisite that does not hold, and what it does to the activation of the offer (CAT-15)."""

    finding: Finding

    @property
    def key(self) -> str:
        return self.finding.prerequisite.key

    @property
    def wording(self) -> str:
        return self.finding.prerequisite.wording

    @property
    def article(self) -> str:
        return self.finding.prerequisite.article

    @property
    def unchecked(self) -> bool:
        return self.finding.unchecked

    @property
    def blocks(self) -> bool:
        return self.finding.prerequisite.effect == Effect.BLOCKS

    def __str__(self) -> str:
        article = f" ({self.article})" if self.article else ""
        done = "bloque l’activation" if self.blocks else "avertit seulement"
        return f"« {self.finding.label} » : {self.wording}{article} {self.finding.words.capitalize()}. Ce prérequis {done}."


def measured(prerequisite: Prerequisite, sites: Iterable[Site], kinds: Sequence[str]) -> Proposal | None:
    """Say what the sites concerned tell of a measured prerequisite: each of them must have what it asks for (CAT-16)."""
    if not prerequisite.measure:
        return None
    concerned = [site for site in sites if not kinds or site.kind in kinds]
    if not concerned:
        return Proposal("", "aucun des sites concernés n’est décrit")
    told = [(site, reaches(prerequisite, site)) for site in concerned]
    short = [said(prerequisite, site) for site, enough in told if enough is False]
    unknown = [said(prerequisite, site) for site, enough in told if enough is None]
    if short:
        return Proposal(CheckOutcome.UNMET, ", ".join(short))
    if unknown:
        return Proposal("", ", ".join(unknown))
    return Proposal(CheckOutcome.MET, ", ".join(said(prerequisite, site) for site, _ in told))


def reaches(prerequisite: Prerequisite, site: Site) -> bool | None:
    """Tell whether a site has what is asked; None when it does not say."""
    if prerequisite.measure == Measure.SPEED:
        return None if site.speed is None else site.speed >= (prerequisite.minimum or 0)
    return None if not site.connection else site.connection in FIBRES


def said(prerequisite: Prerequisite, site: Site) -> str:
    """Say what a site tells: « Mairie : 100 Mbit/s »."""
    if prerequisite.measure == Measure.SPEED:
        return f"{site} : {site.speed} Mbit/s" if site.speed is not None else f"{site} : débit non renseigné"
    return f"{site} : {site.get_connection_display() or 'accès au réseau non renseigné'}"


def judged(
    tree: Tree, prerequisites: Iterable[Prerequisite], checks: Iterable[PrerequisiteCheck], sites: Iterable[Site], today: date
) -> list[Finding]:
    """Return what is known on a day of each prerequisite of a catalogue, in its order; the last finding up to that day wins."""
    last: dict[tuple[str, str], PrerequisiteCheck] = {}
    for check in sorted(checks, key=lambda one: (one.on, one.pk or 0)):
        if check.on <= today:
            last[check.offer, check.key] = check
    by_entry: dict[int, list[Prerequisite]] = {}
    for one in prerequisites:
        by_entry.setdefault(one.entry_id, []).append(one)
    known = list(sites)
    found = []
    for node in tree.walk():
        for one in by_entry.get(node.entry.pk, ()):
            whole = node.offered
            offer = whole.offer if whole is not None else ""
            label = str(whole if whole is not None else node.entry)
            found.append(Finding(one, offer, label, last.get((offer, one.key)), measured(one, known, node.site_kinds)))
    return found


def findings_of(organization: Organization, edition: Edition, today: date) -> list[Finding]:
    """Return what is known on a day of every prerequisite of a catalogue at a member: four reads."""
    return readings_of([organization.pk], [edition.pk], today).findings(organization.pk, edition.pk)


@dataclass(frozen=True, slots=True)
class Readings:
    """All that is read of some catalogues and of some members on a day: four reads, however many they are."""

    trees: Mapping[int, Tree]
    prerequisites: Mapping[int, Sequence[Prerequisite]]
    checks: Mapping[int, Sequence[PrerequisiteCheck]]
    sites: Mapping[int, Sequence[Site]]
    today: date

    def findings(self, organization: int, edition: int) -> list[Finding]:
        """Return what is known of every prerequisite of a catalogue at a member."""
        checks, sites = self.checks.get(organization, ()), self.sites.get(organization, ())
        return judged(self.trees[edition], self.prerequisites.get(edition, ()), checks, sites, self.today)

    def unmet(self, offers: Iterable[str], organization: int, edition: int) -> list[Unmet]:
        """Return the prerequisites of some offers that a member does not have, each once, in the catalogue’s order."""
        asked = frozenset[str]().union(*(offers_under(self.trees[edition], offer) for offer in offers))
        return [Unmet(one) for one in self.findings(organization, edition) if one.offer in asked and not one.holds]


def readings_of(organizations: Collection[int], editions: Collection[int], today: date) -> Readings:
    """Read some catalogues and what is known on a day of some members."""
    entries = grouped(Entry.objects.unscoped().filter(edition__in=editions), "edition_id")
    wanted = Prerequisite.objects.unscoped().filter(entry__edition__in=editions).select_related("entry").order_by("id")
    by_edition: dict[int, list[Prerequisite]] = {}
    for one in wanted:
        by_edition.setdefault(one.entry.edition_id, []).append(one)
    checks = PrerequisiteCheck.objects.unscoped().filter(organization__in=organizations, on__lte=today)
    sites = Site.objects.unscoped().filter(organization__in=organizations)
    return Readings(
        {key: Tree(entries.get(key, ())) for key in editions}, by_edition, grouped(checks, "organization_id"),
        grouped(sites, "organization_id"), today,
    )  # fmt: skip


def grouped(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    """Return rows by the key that each has under a name."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def offers_under(tree: Tree, offer: str) -> frozenset[str]:
    """Return an offer and those that stand under it in the catalogue."""
    root = tree.of_offer(offer)
    return frozenset(node.entry.offer for node in tree.walk(root) if node.entry.offer) if root is not None else frozenset()


def unmet_of(offer: str, organization: Organization, edition: Edition, today: date) -> list[Unmet]:
    """Return the prerequisites of an offer that a member does not have on a day, each with what it does (CAT-15, T-28).

    What nobody found and no site tells counts as unmet: an activation that a prerequisite blocks waits for a finding or a waiver.
    """
    return unmet_among([offer], organization, edition, today)


def unmet_among(offers: Iterable[str], organization: Organization, edition: Edition, today: date) -> list[Unmet]:
    """Return the prerequisites of several offers that a member does not have on a day, each once, in the catalogue’s order."""
    return readings_of([organization.pk], [edition.pk], today).unmet(offers, organization.pk, edition.pk)
