"""People and their mandates: roles given and ended, general renewals, who may sign, the erasure of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models, transaction
from django.db.models import Count

from communis.directory.enums import ELECTIVE, SINGLE, RoleKind
from communis.directory.erasing import empty_names
from communis.directory.models import Delegation, Organization, Person, Role
from communis.directory.operations.rows import running
from communis.foundation.history import event_model
from communis.kit.formats import of
from communis.kit.refusals import Refusal


@transaction.atomic
def appoint(person: Person, organization: Organization, kind: str, *, starts_on: date, ends_on: date | None = None) -> Role:
    """Give a person a role in an organization (ORG-09, ORG-10).

    Raises Refusal when it holds it at the same time, or when somebody else holds what one person alone may hold: there is one
    mayor, one president.
    """
    locked = Organization.objects.unscoped().select_for_update(of=("self",)).get(pk=organization.pk)
    if locked.ends_on is not None and locked.ends_on < starts_on:
        raise Refusal(f"{locked} a pris fin le {locked.ends_on:%d/%m/%Y} : personne n’y prend plus de rôle.")
    same = running(Role.objects.unscoped().filter(organization=organization, kind=kind), starts_on)
    if ends_on is not None:
        same = same.filter(starts_on__lte=ends_on)
    held = (same if kind in SINGLE else same.filter(person=person)).select_related("person").first()
    if held is not None:
        since = f"depuis le {held.starts_on:%d/%m/%Y}"
        raise Refusal(f"{held.person} est déjà {held.get_kind_display()} {of(organization)} {since}. Terminez d’abord ce rôle.")
    role = Role(person=person, organization=organization, kind=kind, starts_on=starts_on, ends_on=ends_on)
    role.full_clean()
    role.save()
    return role


@transaction.atomic
def end_role(role: Role, *, on: date) -> None:
    """End a role on a day. Raises Refusal when it ended before, or began after."""
    locked = Role.objects.unscoped().select_for_update().get(pk=role.pk)
    if locked.ends_on is not None and locked.ends_on <= on:
        raise Refusal(f"Ce rôle a déjà pris fin le {locked.ends_on:%d/%m/%Y}.")
    if on < locked.starts_on:
        raise Refusal(f"Ce rôle commence le {locked.starts_on:%d/%m/%Y} : il ne peut pas finir avant.")
    locked.ends_on = on
    locked.save(update_fields=["ends_on"])


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A function that nobody holds in an organization, and who held it last."""

    organization: Organization
    kind: str
    last: Role | None = None

    @property
    def words(self) -> str:
        return str(RoleKind(self.kind).label)


@transaction.atomic
def renew_councils(organizations: Iterable[Organization], *, on: date) -> list[Vacancy]:
    """End the elective mandates of organizations on the day of a general renewal (ORG-11); what was signed stays valid.

    Mandates begun that day or later are those of the new councils and stay. Returns what is to designate again.
    """
    ended = list(ending_mandates(organizations, on).select_for_update(of=("self",)))
    for role in ended:
        role.ends_on = on
        role.save(update_fields=["ends_on"])
    return to_designate(ended, on)


def ending_mandates(organizations: Iterable[Organization], on: date) -> models.QuerySet[Role]:
    """Return the elective mandates that a general renewal ends: begun before that day and not ended by then."""
    keys = [organization.pk for organization in organizations]
    rows = Role.objects.unscoped().select_related("organization", "person")
    running = models.Q(ends_on=None) | models.Q(ends_on__gt=on)
    return rows.filter(running, organization_id__in=keys, kind__in=sorted(ELECTIVE), starts_on__lt=on)


def to_designate(ended: Sequence[Role], on: date) -> list[Vacancy]:
    """Return the functions that ended and that nobody holds after that day."""
    held = held_after(on)
    found = {
        (r.organization_id, r.kind): Vacancy(r.organization, r.kind, r) for r in ended if (r.organization_id, r.kind) not in held
    }
    return sorted(found.values(), key=lambda v: (v.organization.sort_name, v.kind))


def held_after(on: date) -> set[tuple[int, str]]:
    """Return the organizations and elective functions that somebody holds, or will hold, after a day."""
    later = Role.objects.unscoped().filter(kind__in=sorted(ELECTIVE)).exclude(ends_on__lte=on)
    return set(later.values_list("organization_id", "kind"))


def last_renewal(today: date) -> date | None:
    """Return the last day, today at the latest, on which several elective mandates ended: that of a renewal of councils."""
    ended = Role.objects.unscoped().filter(kind__in=sorted(ELECTIVE), ends_on__lte=today).values("ends_on")
    last = ended.annotate(count=Count("pk")).filter(count__gt=1).order_by("-ends_on").first()
    return last["ends_on"] if last is not None else None


def designations_of(on: date) -> list[Vacancy]:
    """Return what a renewal of councils on a day leaves to designate: the mandates ended that day that nobody has taken since."""
    ended = Role.objects.unscoped().filter(ends_on=on, kind__in=sorted(ELECTIVE)).select_related("organization", "person")
    return to_designate(list(ended), on)


def count_designations(on: date) -> int:
    """Count what a renewal of councils on a day leaves to designate, without reading whose mandates they were."""
    ended = Role.objects.unscoped().filter(ends_on=on, kind__in=sorted(ELECTIVE)).values_list("organization_id", "kind")
    return len(set(ended) - held_after(on))


@transaction.atomic
def erase_person(person: Person, *, on: date) -> None:
    """Empty the personal fields of a person, in its file and in its history; acts, roles and accounts stay (SEC-12).

    So do the names typed elsewhere, where it held a role: who signed a convention, to whom a draft goes. Raises Refusal while
    it holds a role.
    """
    today_held = Role.objects.unscoped().on(on).filter(person=person).select_related("organization").first()
    if today_held is not None:
        raise Refusal(
            f"{person} est encore {today_held.get_kind_display()} {of(today_held.organization)}. Terminez ses rôles d’abord."
        )
    empty_names(Person.objects.unscoped().get(pk=person.pk))
    Person.objects.unscoped().filter(pk=person.pk).update(**dict.fromkeys(Person.PERSONAL, ""), account=None)
    event_model(Person).objects.unscoped().filter(pgh_obj_id=person.pk).update(**dict.fromkeys(Person.PERSONAL, ""))


@dataclass(frozen=True, slots=True)
class Signing:
    """Whether a person may sign for an organization on a day: by what, or why not."""

    grounds: tuple[str, ...]
    problem: str = ""


def signing_of(person: Person, organization: Organization, *, on: date) -> Signing:
    """Tell by what a person signs for an organization on a day, or why it may not (ORG-20).

    The mayor, the president and the legal representative sign by themselves; others by a delegation in force, for its scope.
    """
    if organization.ends_on is not None and organization.ends_on < on:
        return Signing((), f"{organization} a pris fin le {organization.ends_on:%d/%m/%Y} : personne ne signe plus pour elle.")
    own = (RoleKind.MAYOR, RoleKind.PRESIDENT, RoleKind.LEGAL)
    roles = Role.objects.unscoped().on(on).filter(person=person, organization=organization, kind__in=own)
    grounds = [f"{r.get_kind_display()} depuis le {r.starts_on:%d/%m/%Y}" for r in roles]
    delegations = list(Delegation.objects.unscoped().filter(delegate=person, organization=organization).order_by("starts_on"))
    valid = [d for d in delegations if d.starts_on <= on and (d.ends_on is None or d.ends_on >= on)]
    grounds += [f"par délégation de {d.granted_by}, pour {d.scope} ({d.act})".replace("de le ", "du ") for d in valid]
    if grounds:
        return Signing(tuple(grounds))
    return Signing((), why_not(person, organization, delegations, on))


def why_not(person: Person, organization: Organization, delegations: Sequence[Delegation], on: date) -> str:
    if not delegations:
        return f"{person} n’a pas de délégation de signature pour {organization}."
    coming = next((d for d in delegations if d.starts_on > on), None)
    last = next((d for d in reversed(delegations) if d.ends_on is not None and d.ends_on < on), None)
    if last is None and coming is not None:
        return f"La délégation donnée à {person} ({coming.act}) ne commence que le {coming.starts_on:%d/%m/%Y}."
    assert last is not None and last.ends_on is not None
    return f"La délégation donnée à {person} ({last.act}) a pris fin le {last.ends_on:%d/%m/%Y}."
