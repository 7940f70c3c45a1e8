"""Organizations: enrolled from the register, designated as the gestionnaire, succeeded by others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from communis.directory.enums import SuccessionKind
from communis.directory.invitations import end_grants
from communis.directory.models import Composition, Delegation, Grant, Organization, OrganizationType, Role, Site, Succession
from communis.directory.operations.rows import running
from communis.directory.register import ReferenceBody
from communis.kit.refusals import Refusal
from communis.tariff.calendar import ONE_DAY, eve


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
def succeed(
    predecessors: Sequence[Organization], successor: Organization, *, kind: str, on: date, act: str, now: datetime
) -> int:
    """End organizations that give way to another at a date, and move their sites to it (ORG-23).

    Their roles and delegations end the day before, and those that have not begun by then are removed; their associated bodies
    and their place in groupings pass to the successor; facts, history and acts stay theirs. Whatever moves does so at once, also
    when the date is to come. Returns how many sites moved. Raises Refusal, or ValidationError for what a row may never be.
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
        locked.ends_on = eve(on)
        locked.full_clean()
        locked.save()
        end_mandates(locked, locked.ends_on, now)
        Organization.objects.unscoped().filter(parent=locked).exclude(pk=successor.pk).update(parent=successor)
        replace_in_groupings(locked, successor, on)
        moved += move_sites(locked, successor)
    if successor.starts_on is None and kind == SuccessionKind.NEW_COMMUNE:
        successor.starts_on = on
        successor.save(update_fields=["starts_on"])
    return moved


def end_mandates(gone: Organization, last_day: date, now: datetime) -> None:
    """End the roles and delegations of an organization after its last day.

    Those that have not begun by then are removed, with the rights of access that came with them; their history stays.
    """
    to_come = Role.objects.unscoped().filter(organization=gone, starts_on__gt=last_day)
    end_grants(Grant.objects.unscoped().filter(held_as__in=to_come), last_day=last_day, now=now)
    for held in (Role, Delegation):
        for row in running(held.objects.unscoped().filter(organization=gone), last_day + ONE_DAY):
            if row.starts_on > last_day:
                row.delete()
            else:
                row.ends_on = last_day
                row.save(update_fields=["ends_on"])


def replace_in_groupings(gone: Organization, successor: Organization, on: date) -> None:
    """Give the successor the place that an organization had, or was to have, in groupings, from a day on."""
    for part in running(Composition.objects.unscoped().filter(part=gone), on).exclude(whole=successor):
        first, last = max(on, part.starts_on), part.ends_on
        if part.starts_on < on:
            part.ends_on = eve(on)
            part.save(update_fields=["ends_on"])
        else:
            part.delete()
        if not running(Composition.objects.unscoped().filter(whole=part.whole, part=successor), on).exists():
            Composition(whole=part.whole, part=successor, starts_on=first, ends_on=last).save()


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
