"""What the closing of a brick makes of the choices of its holders, once they adopted the version that closes it (CAT-19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from communis.agreements.authors import Author
from communis.agreements.enums import VersionStatus
from communis.agreements.models import Adoption, Choice, ChoiceForm, Membership, Version
from communis.agreements.operations.choosing import Wish, choose, judged
from communis.catalog.models import Entry
from communis.kit.formats import short_date
from communis.kit.refusals import Refusal
from communis.tariff.calendar import ONE_DAY, eve


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of a member that holds a closed brick: the choices it keeps and from which day, or why they stay."""

    membership: Membership
    keeps: tuple[str, ...]
    wish: Wish | None = None
    why: str = ""

    @property
    def is_ready(self) -> bool:
        return self.wish is not None and not self.why


@dataclass(frozen=True, slots=True)
class Held:
    """The last form of choices of a member, with what it holds."""

    form: ChoiceForm
    choices: tuple[Choice, ...]

    @property
    def membership(self) -> Membership:
        found: Membership = self.form.membership
        return found


def holding(entry: Entry, today: date) -> list[Held]:
    """Return the choices of the members that hold a brick that closes, themselves or in another offer, by the name of the member.

    Those of a convention of the catalogue; of all, for a catalogue that no version has.
    """
    if entry.ends_on is None or not entry.offer:
        return []
    living = Membership.objects.unscoped().filter(Q(ends_on=None) | Q(ends_on__gte=today), dropped_on=None)
    versions = Version.objects.unscoped().filter(edition=entry.edition_id)
    of_it = living.filter(agreement__in=versions.values("agreement")) if versions.exists() else living
    holders = {entry.offer, *including(entry, versions)}
    forms = ChoiceForm.objects.unscoped().filter(membership__in=of_it.values("pk")).select_related(
        "membership__organization", "membership__agreement"
    ).order_by("membership_id", "-starts_on", "-pk").distinct("membership_id")  # fmt: skip
    last = {form.pk: form for form in forms}
    chosen: dict[int, list[Choice]] = defaultdict(list)
    for choice in Choice.objects.unscoped().filter(form__in=list(last)).order_by("pk"):
        chosen[choice.form_id].append(choice)
    found = [Held(last[key], tuple(rows)) for key, rows in chosen.items() if any(one.offer in holders for one in rows)]
    return sorted(found, key=lambda held: held.membership.organization.sort_name)


def including(entry: Entry, versions: QuerySet[Version]) -> list[str]:
    """Return the offers that include a brick, by the last tariff of its catalogue."""
    version = versions.exclude(tariff="").order_by("-starts_on", "-pk").first()
    book = version.convention.model.book if version is not None and version.convention is not None else None
    return [name for name in book.offers if name != entry.offer and entry.offer in book.included(name)] if book else []


def carried_over(entry: Entry, *, by: Author) -> list[Carried]:
    """Tell what becomes of each member that holds a closed brick; nothing is written.

    A member leaves it on the morrow of its last day, or on the day it adopted the version that closes it when that came later;
    the act by which it adopted is the decision that its form wants (MEM-10). Who has not adopted it keeps its choices.
    """
    rows = holding(entry, by.today)
    adopted = Adoption.objects.unscoped().filter(membership__in=[held.membership.pk for held in rows])
    of_edition = adopted.filter(version__edition=entry.edition_id, version__status=VersionStatus.APPROVED, on__lte=by.today)
    known = {one.membership_id: one for one in of_edition.select_related("decided_by", "authorized_by").order_by("-on", "-pk")}
    return [told(entry, held, known.get(held.membership.pk), by=by) for held in rows]


def told(entry: Entry, held: Held, adoption: Adoption | None, *, by: Author) -> Carried:
    """Return what becomes of one member, asked of the engine as any change of choices is."""
    keeps = tuple(choice.offer for choice in held.choices if choice.offer != entry.offer)
    if why := why_not(entry, held, keeps, adoption):
        return Carried(held.membership, keeps, why=why)
    assert adoption is not None
    on = max(filter(None, (entry.ends_on, eve(adoption.on)))) + ONE_DAY
    options = {choice.offer: choice.options for choice in held.choices}
    wish = Wish(dict.fromkeys(keeps, on), on, min(on, by.today), adoption.decided_by or adoption.authorized_by, options)
    return Carried(held.membership, keeps, wish, " ".join(judged(held.membership, wish, by=by).refused))


def why_not(entry: Entry, held: Held, keeps: tuple[str, ...], adoption: Adoption | None) -> str:
    """Say why the choices of a holder stay as they are; nothing when they can be carried over."""
    membership, last_day = held.membership, entry.ends_on
    if len(keeps) == len(held.choices):
        return "Elle la tient dans une offre qui la comprend : faites-lui remplir un nouveau formulaire."
    if membership.effect_on is None:
        return "Son adhésion se prépare encore : faites-lui remplir un nouveau formulaire."
    if membership.ends_on is not None and last_day is not None and membership.ends_on <= last_day:
        return f"Son adhésion finit le {short_date(membership.ends_on)}, avant que l’offre ferme : rien n’est à reporter."
    if adoption is None:
        return "Elle n’a pas adopté la version qui ferme cette offre."
    return "" if keeps else "Elle ne tient rien d’autre : faites-lui remplir un nouveau formulaire."


@transaction.atomic
def carry_over(entry: Entry, shown: Collection[int], *, by: Author) -> int:
    """Give each member shown its choices without a closed brick; return how many. Raises Refusal when one can no longer be.

    `shown` are the memberships that the person was shown as ready: what changed meanwhile is told, and nothing is written.
    """
    ready = {one.membership.pk: one.wish for one in carried_over(entry, by=by) if one.wish is not None and one.is_ready}
    lost = Membership.objects.unscoped().filter(pk__in=set(shown) - ready.keys()).select_related("organization")
    if names := sorted(str(one.organization) for one in lost):
        raise Refusal(f"Depuis que la liste a été montrée, les choix de {', '.join(names)} ont changé : relisez-la.")
    chosen = [(key, wish) for key, wish in ready.items() if key in shown]
    if not chosen:
        raise Refusal("Aucun choix n’est à reporter.")
    for membership in Membership.objects.unscoped().filter(pk__in=[key for key, _ in chosen]).order_by("pk"):
        choose(membership, ready[membership.pk], by=by)
    return len(chosen)
