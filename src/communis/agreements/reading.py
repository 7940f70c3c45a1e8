"""Which version of a convention is in force, who has adopted it, and what the acts on prices make of its tariff."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import cast

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from communis.agreements.enums import MembershipState, VersionStatus
from communis.agreements.models import Adoption, Agreement, Article, Membership, PriceAct, Version
from communis.agreements.models.naming import named_by
from communis.catalog.composition import label_of
from communis.catalog.conventions import read_once
from communis.directory.models import Fact
from communis.directory.models.organizations import Organization
from communis.directory.names import plain
from communis.foundation.keeping import kept_until_changed
from communis.tariff import Convention
from communis.tariff.language.editing import with_price

BOUND = (MembershipState.ACTIVE, MembershipState.NOTICE)
PASSAGE = "passage "  # how a tariff names a place of its text that is no article


def version_in_force(agreement: Agreement, day: date) -> Version | None:
    """Return the version that the host’s council approved and that is proposed to new members on a day."""
    return in_force(day).filter(agreement=agreement).first()


def in_force(day: date) -> QuerySet[Version]:
    """Return the approved versions that are in force on a day, the latest first."""
    running = Q(ends_on=None) | Q(ends_on__gte=day)
    rows = Version.objects.unscoped().filter(running, status=VersionStatus.APPROVED, starts_on__lte=day)
    return rows.order_by("-starts_on", "-id")


def family_of(agreement: int) -> frozenset[int]:
    """Return the conventions whose members a tariff counts together: those that replace one another, the models of a programme.

    Two conventions of a pool that have nothing to do with each other may give one name to two offers: who holds the one does not
    hold the other.
    """
    rows = list(Agreement.objects.unscoped().values_list("pk", "successor_id", "programme"))
    programmes = {pk: programme for pk, _, programme in rows}
    found, left = {agreement}, [agreement]
    while left:
        one = left.pop()
        near = {pk for pk, successor, programme in rows if successor == one or (programme and programme == programmes.get(one))}
        near |= {successor for pk, successor, _ in rows if pk == one and successor is not None}
        left += near - found
        found |= near
    return frozenset(found)


def families_reading(text: str) -> frozenset[int]:
    """Return the conventions of which a version computes on a text, with those of their families."""
    versions = Version.objects.unscoped().exclude(tariff="").select_related("agreement")
    return frozenset().union(*(family_of(one.agreement_id) for one in versions if tariff_of(one) == text))


def proposed_to(organization: Organization, programme: str, day: date) -> Agreement | None:
    """Return the model of a programme that a member’s own fact calls for (MEM-45); None while the fact is not known."""
    models = Agreement.objects.unscoped().filter(programme=programme).exclude(audience_fact="").order_by("name")
    for agreement in models.filter(Q(closed_on=None) | Q(closed_on__gte=day)):
        facts = Fact.objects.unscoped().known_on(day).filter(organization=organization, type__code=agreement.audience_fact)
        known = facts.select_related("type").order_by("-valid_on", "-id").first()
        if known is not None and plain(str(known.value)) == plain(agreement.audience_value):
            return agreement
    return None


def adhering_on(day: date) -> QuerySet[Membership, int]:
    """Return the organizations whose adhesion is in force on a day; asked by the directory, within its own queries."""
    return Membership.objects.unscoped().in_state(day, *BOUND).order_by().values_list("organization_id", flat=True)


# ------------------------------------------------------------ the text


def passages_of(version: Version) -> frozenset[str]:
    """Return the names by which the tariff of a version cites places of its text that are no articles, as « vote »."""
    convention = version.convention
    names = convention.model.book.articles if convention is not None else ()
    return frozenset(name.removeprefix(PASSAGE) for name in names if name.startswith(PASSAGE))


def number_of(article: Article, passages: frozenset[str]) -> str:
    """Return the number that people read of an article: the name by which a tariff cites a passage is none."""
    return "" if article.number in passages else article.number


def heading_of(article: Article, version: Version) -> str:
    """Return the number and the title of an article of a version, as its page shows them."""
    return f"{number_of(article, passages_of(version))} {article.title}".strip()


# ------------------------------------------------------------ the tariff, with the acts on prices


def offer_label(version: Version | None, offer: str) -> str:
    """Return the name of an offer as a version of a convention gives it; one that has no tariff, as the latest that has one."""
    return label_of((version.convention or named_by(version.agreement_id)) if version is not None else None, offer)


def offer_labels(day: date) -> Callable[[int, str], str]:
    """Return how the offers of each convention are called, by the version in force on a day: one query for all."""
    versions = {version.agreement_id: version for version in reversed(in_force(day).select_related("agreement"))}
    return lambda agreement, offer: offer_label(versions.get(agreement), offer)


def convention_of(version: Version) -> Convention | None:
    """Return the tariff of a version, with the prices that acts have fixed since (MEM-13)."""
    return read_once(tariff_of(version)) if version.tariff else None


def tariff_of(version: Version, *, but: int | None = None) -> str:
    """Return the text of the tariff of a version, with the prices that acts have fixed since, but one (MEM-13)."""
    fixed = {key: price for key, price in prices_fixed().get(version.agreement_id, {}).items() if key != but}
    if not fixed:
        return version.tariff
    known = read_once(version.tariff).model.book.parameters  # a version may have given a price up
    return with_acts(version.tariff, tuple(price for price in fixed.values() if price[0] in known))


Price = tuple[str, Decimal, date, str]


@kept_until_changed(PriceAct)
def prices_fixed() -> dict[int, dict[int, Price]]:
    """Return the prices that acts fixed, by convention, each by its key, the earliest first."""
    found: dict[int, dict[int, Price]] = {}
    acts = PriceAct.objects.unscoped().order_by("starts_on", "id")
    for agreement, key, *price in acts.values_list("agreement", "pk", "parameter", "value", "starts_on", "reference"):
        found.setdefault(agreement, {})[key] = cast("Price", tuple(price))
    return found


@lru_cache(maxsize=32)
def with_acts(text: str, prices: tuple[Price, ...]) -> str:
    """Return the text of a tariff with each price that an act fixed, from its day on. Raises ValueError for an unknown price."""
    for parameter, value, since, act in prices:
        text = with_price(text, parameter, written(value), since=since, act=act.replace('"', "”"))
    return text


def written(value: Decimal) -> str:
    """Write a price as the language does, its unit left to the one it replaces."""
    return format(value.normalize(), "f").replace(".", ",")


def version_proposed(day: date) -> Version | None:
    """Return the version in force that is proposed to whoever adheres to none: the latest, those with a tariff first."""
    rows = in_force(day).select_related("agreement")
    return rows.order_by(Case(When(tariff="", then=1), default=0), "-starts_on", "-id").first()


@kept_until_changed(Agreement, Version, PriceAct)
def convention_text_in_force(day: date) -> str | None:
    """Return the tariff that the pool computes on, or None while it has approved none; asked by the catalogue."""
    version = version_proposed(day)
    return tariff_of(version) if version is not None and version.tariff else None


# ------------------------------------------------------------ who has adopted what


@dataclass(frozen=True, slots=True)
class Chain:
    """The versions of a convention, from the first to the last, each by its rank."""

    ranks: dict[int, int]

    follows: dict[int, int | None]

    def after(self, version: int) -> list[int]:
        """Return the versions that come from one, of which each says all that it changed (MEM-12)."""
        found, left = [version], [version]
        while left:
            left = [pk for pk, before in self.follows.items() if before in found and pk not in found]
            found += left
        return found[1:]

    def precedes(self, one: int, other: int) -> bool:
        return self.ranks[one] < self.ranks[other]


def chain_of(agreement: Agreement) -> Chain:
    """Return the versions of a convention in the order in which each follows another."""
    follows = dict(Version.objects.unscoped().filter(agreement=agreement).order_by("id").values_list("pk", "follows_id"))

    def depth(pk: int | None) -> int:
        count = 0
        while pk is not None:
            pk, count = follows.get(pk), count + 1
        return count

    return Chain({pk: depth(pk) for pk in follows}, follows)


def tracked_for(version: Version, day: date) -> QuerySet[Membership]:
    """Return the members bound on a day, each with the last version it adopted, and when it adopted this one (MEM-12).

    `is_covered` tells those that adopted a later version of the chain: it says what this one changed.
    """
    mine = Adoption.objects.unscoped().filter(membership=OuterRef("pk"))
    later = mine.filter(version__in=chain_of(version.agreement).after(version.pk))
    this = mine.filter(version=version)
    current = mine.applying(day).order_by("-on", "-id")
    return (
        Membership.objects.unscoped()
        .filter(agreement=version.agreement_id)
        .in_state(day, *BOUND)
        .annotate(
            applied=Coalesce(
                Subquery(current.values("version__label")[:1]), Subquery(mine.order_by("on", "id").values("version__label")[:1])
            ),
            adopted_on=Subquery(this.values("on")[:1]),
            has_adopted=Exists(this),
            is_covered=Exists(later),
            has_act=Exists(this.filter(Q(decided_by__isnull=False) | Q(authorized_by__isnull=False))),
        )
        .select_related("organization", "agreement")
    )


def late_for(version: Version, day: date) -> QuerySet[Membership]:
    """Return the members bound on a day that have adopted neither a version nor a later one of its chain."""
    enough = [version.pk, *chain_of(version.agreement).after(version.pk)]
    adopted = Adoption.objects.unscoped().filter(membership=OuterRef("pk"), version__in=enough)
    return tracked_for(version, day).filter(~Exists(adopted))


def first_days(memberships: Iterable[Membership]) -> dict[int, date]:
    """Return since when each membership goes on without a break: its own effect, or that of the first it follows (MEM-33)."""
    rows = [one for one in memberships if one.effect_on is not None]
    chain = Membership.objects.unscoped().filter(organization__in={one.organization_id for one in rows})
    known = {pk: (before, on) for pk, before, on in chain.order_by().values_list("pk", "follows_id", "effect_on")}

    def first(pk: int) -> date:
        while known[pk][0] is not None:
            pk = known[pk][0]
        return known[pk][1]

    return {one.pk: first(one.pk) for one in rows}


def waves_of(memberships: Iterable[Membership]) -> list[tuple[date, list[Membership]]]:
    """Return memberships by the day on which they first joined, the earliest first (MEM-33)."""
    rows = list(memberships)
    days = first_days(rows)
    waves: dict[date, list[Membership]] = {}
    for one in rows:
        if one.pk in days:
            waves.setdefault(days[one.pk], []).append(one)
    return sorted(waves.items())


def adherents_of(agreement: Agreement, day: date) -> int:
    """Count the members bound by a convention on a day."""
    return Membership.objects.unscoped().in_state(day, *BOUND).filter(agreement=agreement).count()


def with_what_is_in_force(rows: QuerySet[Agreement], day: date) -> QuerySet[Agreement]:
    """Add to conventions the label of the version in force, since when, and how many members are bound."""
    running = in_force(day).filter(agreement=OuterRef("pk"))
    bound = Membership.objects.unscoped().in_state(day, *BOUND).filter(agreement=OuterRef("pk")).order_by()
    counted = bound.values("agreement").annotate(total=Count("pk")).values("total")
    return rows.annotate(
        in_force=Subquery(running.values("label")[:1]),
        since=Subquery(running.values("starts_on")[:1]),
        adherents=Coalesce(Subquery(counted), 0),
    )
