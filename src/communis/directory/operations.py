"""What may happen in the directory: each verb is one transaction, and may refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, ProtectedError
from django.db.utils import IntegrityError

from communis.directory.enums import ELECTIVE, SINGLE, RoleKind, SuccessionKind
from communis.directory.models import (
    Composition,
    Delegation,
    Fact,
    FactType,
    Occupation,
    Organization,
    OrganizationType,
    Person,
    Post,
    Role,
    Site,
    Succession,
    Unit,
    WorkShare,
)
from communis.directory.register import ReferenceBody
from communis.directory.work_tables import refuse_settled
from communis.foundation.history import Event, event_model, history_of
from communis.foundation.tenancy import rows_of
from communis.kit.formats import shown
from communis.kit.refusals import Refusal


def version_of(row: models.Model) -> int:
    """Return the number of the last event of a row: what a form was filled on."""
    if row.pk is None:
        return 0
    last = event_model(type(row)).objects.of(row).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return last or 0


class Stale(Refusal):
    """Somebody else changed the row meanwhile: what changed is told, and saving again is then done knowingly."""


def changed_since(row: models.Model, version: int) -> str:
    """Say who changed what in a row since a version of it."""
    count = event_model(type(row)).objects.of(row).filter(pgh_id__gt=version).count()
    told = []
    for entry in history_of(row)[:count]:
        moved = " ; ".join(f"{c.name} : {quoted(c.before)} devient {quoted(c.after)}" for c in entry.changes)
        told.append(
            f"{entry.by or 'Le service'} a modifié {moved}." if moved else f"{entry.by or 'Le service'} a modifié cette fiche."
        )
    return " ".join(told)


def quoted(value: object) -> str:
    return "vide" if value in (None, "") else f"« {shown(value)} »"


@transaction.atomic
def record(row: models.Model, *, version: int = 0) -> None:
    """Keep a row that was typed, new or changed. Refused when somebody else changed it meanwhile; nothing is lost then.

    `version` is `version_of` the row when the form was shown. Raises Refusal, or ValidationError for what a row may never be.
    """
    if row.pk is not None:
        rows_of(type(row)).select_for_update().get(pk=row.pk)
        if version and version_of(row) != version:
            raise Stale(
                f"Cette fiche a changé pendant que vous la remplissiez. {changed_since(row, version)} Rien n’est enregistré : "
                "vérifiez votre saisie, puis enregistrez de nouveau pour la garder."
            )
    row.full_clean()
    row.save()


@transaction.atomic
def remove(row: models.Model) -> None:
    """Remove a row that nothing refers to; its history stays, and it can be put back. Raises Refusal."""
    held = holding(row)
    if held:
        raise Refusal(f"« {row} » ne peut pas être retiré : {held}. Retirez d’abord ce qui s’y rapporte, ou donnez-lui une fin.")
    try:
        row.delete()
    except (ProtectedError, IntegrityError):
        raise Refusal(f"« {row} » ne peut pas être retiré : d’autres fiches s’y rapportent.") from None


def holding(row: models.Model) -> str:
    """Say what refers to a row and keeps it from being removed."""
    found = []
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        model: Any = relation.related_model
        if not hasattr(model._default_manager, "unscoped") or issubclass(model, Event):
            continue
        count = rows_of(model).filter(**{relation.field.name: row.pk}).count()
        if count:
            words = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            found.append(f"{count} {words}")
    return ", ".join(found)


@transaction.atomic
def restore(model: type[models.Model], key: int) -> models.Model:
    """Put back a row that was removed, as its history knows it. Raises Refusal when it is there, or never was."""
    if rows_of(model).filter(pk=key).exists():
        raise Refusal("Cette fiche n’a pas été retirée.")
    row = last_known(model, key)
    if row is None:
        raise Refusal("Cette fiche n’a pas d’historique : elle ne peut pas être remise.")
    try:
        row.full_clean(exclude=["id"])
    except ValidationError as problem:
        raise Refusal(f"Cette fiche ne peut plus être remise : {' '.join(problem.messages)}") from None
    row.save(force_insert=True)
    return row


def last_known(model: type[models.Model], key: int) -> models.Model | None:
    """Return a row that was removed as its history knows it, not stored; None when it was not removed."""
    last = event_model(model).objects.unscoped().filter(pgh_obj_id=key).order_by("-pgh_id").first()
    if last is None or last.pgh_label != "delete":
        return None
    return model(**{field.attname: getattr(last, field.attname) for field in model._meta.concrete_fields})


# ------------------------------------------------------------ organizations


@transaction.atomic
def enroll(body: ReferenceBody, type_: OrganizationType | None) -> Organization:
    """Make the organization of a pool from an entry of the register, with what it knows. Raises Refusal if it is there."""
    if type_ is None:
        raise Refusal("Aucun type d’organisation n’a de code Insee. Ajoutez « commune » dans les réglages.")
    if Organization.objects.unscoped().filter(reference=body).exists():
        raise Refusal(f"{body} est déjà inscrite dans le service.")
    made = Organization(
        type=type_, reference=body, name=body.name, insee=body.insee or "", siren=body.siren or "", department=body.department
    )
    try:
        made.full_clean()
    except ValidationError as problem:
        raise Refusal(f"{body} ne peut pas être inscrite : {' '.join(problem.messages)}") from None
    made.save()
    return made


@transaction.atomic
def designate_host(organization: Organization) -> None:
    """Make an organization the gestionnaire of its pool, which has none yet (ORG-03). Raises Refusal."""
    held = Organization.objects.unscoped().select_for_update().filter(is_host=True).first()
    if held is not None:
        raise Refusal(f"Le service a déjà un gestionnaire : {held}.")
    locked = Organization.objects.unscoped().select_for_update().get(pk=organization.pk)
    locked.is_host = True
    locked.full_clean()
    locked.save()


@transaction.atomic
def succeed(predecessors: Sequence[Organization], successor: Organization, *, kind: str, on: date, act: str) -> int:
    """End organizations that give way to another at a date, and move their sites to it (ORG-23).

    Their roles and delegations end the day before; their associated bodies and their place in groupings pass to the successor;
    facts, history and acts stay theirs. Whatever moves does so at once, also when the date is to come.
    Returns how many sites moved. Raises Refusal.
    """
    moved = 0
    successor = Organization.objects.unscoped().select_for_update().get(pk=successor.pk)
    if successor.ends_on is not None and successor.ends_on < on:
        raise Refusal(f"{successor} a pris fin le {successor.ends_on:%d/%m/%Y} : elle ne peut succéder à personne.")
    if successor.starts_on is not None and successor.starts_on > on:
        raise Refusal(f"{successor} n’existe que depuis le {successor.starts_on:%d/%m/%Y} : elle ne peut succéder plus tôt.")
    for organization in predecessors:
        locked = Organization.objects.unscoped().select_for_update().get(pk=organization.pk)
        if locked.is_host:
            raise Refusal("Le gestionnaire du service ne peut pas disparaître ainsi.")
        if locked.ends_on is not None and locked.ends_on < on:
            raise Refusal(f"{locked} a déjà pris fin le {locked.ends_on:%d/%m/%Y}.")
        row = Succession(predecessor=locked, successor=successor, kind=kind, on=on, act=act)
        row.full_clean()
        row.save()
        eve = on - timedelta(days=1)
        locked.ends_on = eve
        locked.full_clean()
        locked.save()
        for held in (Role, Delegation):
            for row in running(held.objects.unscoped().filter(organization=locked), on):
                row.ends_on = max(eve, row.starts_on)
                row.save(update_fields=["ends_on"])
        Organization.objects.unscoped().filter(parent=locked).exclude(pk=successor.pk).update(parent=successor)
        replace_in_groupings(locked, successor, on)
        moved += move_sites(locked, successor)
    if successor.starts_on is None and kind == SuccessionKind.NEW_COMMUNE:
        successor.starts_on = on
        successor.save(update_fields=["starts_on"])
    return moved


def running(rows: models.QuerySet[Any], on: date) -> models.QuerySet[Any]:
    """Keep the rows that have not ended before a day."""
    return rows.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on))


def replace_in_groupings(gone: Organization, successor: Organization, on: date) -> None:
    """Give the successor the place that an organization had in groupings, from a day on."""
    for part in running(Composition.objects.unscoped().filter(part=gone), on).exclude(whole=successor):
        last, part.ends_on = part.ends_on, max(on - timedelta(days=1), part.starts_on)
        part.save(update_fields=["ends_on"])
        if not running(Composition.objects.unscoped().filter(whole=part.whole, part=successor), on).exists():
            Composition(whole=part.whole, part=successor, starts_on=on, ends_on=last).save()


def move_sites(gone: Organization, successor: Organization) -> int:
    sites = list(Site.objects.unscoped().filter(organization=gone).select_related("organization"))
    for site in sites:
        site.name = unused_name(site, successor)
        site.organization = successor
        site.save(update_fields=["organization", "name"])
    return len(sites)


def unused_name(site: Site, successor: Organization) -> str:
    """Return the name of a site that moves, with the place it comes from when the name is taken there."""
    taken = Site.objects.unscoped().filter(organization=successor, name=site.name).exists()
    return f"{site.name} ({site.organization.name})"[:200] if taken else site.name


# ------------------------------------------------------------ people and mandates


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
        raise Refusal(f"{held.person} est déjà {held.get_kind_display()} de {organization} {since}. Terminez d’abord ce rôle.")
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

    Raises Refusal while it holds a role.
    """
    today_held = Role.objects.unscoped().on(on).filter(person=person).select_related("organization").first()
    if today_held is not None:
        raise Refusal(
            f"{person} est encore {today_held.get_kind_display()} de {today_held.organization}. Terminez ses rôles d’abord."
        )
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


# ------------------------------------------------------------ facts


@transaction.atomic
def enter_fact(fact: Fact, *, by: str, at: datetime) -> Fact:
    """Enter a fact with its author and the moment; it never changes afterwards (ORG-06, ORG-07).

    Raises Refusal when it is known already at that date, of that kind: it is then corrected, not entered twice; and
    ValidationError for what a fact may never be.
    """
    lock_facts_of(fact)
    fact.entered_by, fact.entered_at = by, at
    fact.full_clean()
    same = Fact.objects.unscoped().current().filter(type=fact.type_id, organization=fact.organization_id, kind=fact.kind)
    known = same.filter(valid_on=fact.valid_on).exclude(pk=fact.replaces_id).first()
    if known is not None and not fact.is_withdrawal:
        raise Refusal(f"Ce fait est déjà connu au {fact.valid_on:%d/%m/%Y} : {known.words}, source : {known.source}. "
                      "Corrigez-le plutôt que de le saisir deux fois.")  # fmt: skip
    fact.save()
    return fact


def lock_facts_of(fact: Fact) -> None:
    """Wait for whoever enters a fact of the same organization; facts never change, so that nobody may lock one of them."""
    if fact.organization_id is not None:
        Organization.objects.unscoped().select_for_update().get(pk=fact.organization_id)
    else:
        FactType.objects.unscoped().select_for_update().get(pk=fact.type_id)


@transaction.atomic
def correct_fact(old: Fact, new: Fact, *, by: str, at: datetime) -> Fact:
    """Correct a fact by another, entered later with its reason; the former stays. Raises Refusal when it was corrected before."""
    lock_facts_of(old)
    if Fact.objects.unscoped().filter(replaces=old).exists():
        raise Refusal("Ce fait a déjà été corrigé : corrigez le dernier.")
    new.replaces, new.type, new.organization = old, old.type, old.organization
    return enter_fact(new, by=by, at=at)


def withdraw_fact(old: Fact, *, reason: str, by: str, at: datetime) -> Fact:
    """Withdraw a fact entered by mistake, with the reason. Raises Refusal when it was corrected already."""
    gone = Fact(kind=old.kind, valid_on=old.valid_on, source=old.source, is_withdrawal=True, reason=reason)
    return correct_fact(old, gone, by=by, at=at)


# ------------------------------------------------------------ the department


@transaction.atomic
def split_post(post: Post, year: int, shares: dict[str, Decimal]) -> None:
    """Give the time of a post to bricks for a year; the parts sum to its quotity, to the hundredth (ORG-15).

    Raises Refusal when they do not, and when the table of the year is the one that an avenant adopted.
    """
    refuse_settled(year)
    locked = Post.objects.unscoped().select_for_update().get(pk=post.pk)
    total = sum(shares.values(), Decimal(0))
    if total != locked.quotity:
        gap = locked.quotity - total
        word = "manque" if gap > 0 else "est en trop"
        told = f"{abs(gap):.2f}".replace(".", ",")
        raise Refusal(f"Les parts font {f'{total:.2f}'.replace('.', ',')} ETP pour un poste de "
                      f"{f'{locked.quotity:.2f}'.replace('.', ',')} : {told} ETP {word}.")  # fmt: skip
    WorkShare.objects.unscoped().prepared(year).filter(post=locked).delete()
    for brick, fte in shares.items():
        row = WorkShare(post=locked, year=year, brick=brick, fte=fte)
        row.full_clean()
        row.save()


def held_posts(on: date) -> models.QuerySet[Occupation]:
    """Return who is on a post on a day, for the posts to be told filled or vacant (ORG-16)."""
    rows = Occupation.objects.unscoped().filter(starts_on__lte=on)
    return rows.filter(models.Q(ends_on=None) | models.Q(ends_on__gte=on))


ANNEX = (  # Redon, annexe 1: the twelve posts of its department, by unit
    ("Direction", "Pilotage du service ; aménagement numérique du territoire.", (
        ("Directeur", 1), ("Soutien administratif et financier", 1),
    )),
    ("Management de l’information", "", (
        ("Responsable du pôle", 1), ("Conseiller numérique", 1), ("Services applicatifs", 1), ("Web & Data", 1),
    )),
    ("Infrastructure et parc", "", (("Responsable du pôle", 1), ("Poste de travail", 2), ("Infrastructure", 3))),
)  # fmt: skip


@transaction.atomic
def load_annex(*, starts_on: date) -> list[Post]:
    """Describe the department as Redon’s annexe 1 does, to be adapted (ORG-13). Raises Refusal when it is described already."""
    if Unit.objects.unscoped().exists():
        raise Refusal("Le service est déjà décrit : l’exemple ne s’ajoute pas à ce qui existe.")
    made: list[Post] = []
    head: Unit | None = None
    for rank, (name, missions, posts) in enumerate(ANNEX, 1):
        unit = Unit(name=name, missions=missions, rank=rank, parent=head)
        unit.save()
        head = head or unit
        for title, count in posts:
            for _ in range(count):
                post = Post(unit=unit, title=title, starts_on=starts_on)
                post.save()
                made.append(post)
    return made
