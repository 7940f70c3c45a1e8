"""What may happen in the catalogue: each verb is one transaction, and may refuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.db import models, transaction

from communis.catalog.enums import CheckOutcome
from communis.catalog.models import Coverage, Edition, EditionHours, Entry, Prerequisite, PrerequisiteCheck, Tool
from communis.catalog.tree import Tree
from communis.directory.models import Organization
from communis.directory.operations.rows import record
from communis.kit.formats import long_date
from communis.kit.refusals import Refusal
from communis.tariff import Convention

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def state_coverage(
    convention: Convention, offer: str, *, site_kinds: list[str], source: str, row: Coverage, version: int
) -> None:
    """State which kinds of sites an offer covers, and by which words. Raises Refusal, or ValidationError."""
    if offer not in convention.model.book.offers_in(""):
        raise Refusal(f"« {offer} » n’est pas une offre de cette convention.")
    row.offer, row.site_kinds, row.source = offer, site_kinds, source
    record(row, version=version)


@transaction.atomic
def show_edition(edition: Edition) -> None:
    """Show a catalogue to the members: said by the version that was voted (CAT-34)."""
    Edition.objects.unscoped().filter(pk=edition.pk).update(is_shown=True)
    edition.is_shown = True


def refuse_shown(edition: Edition) -> None:
    """Refuse to change a catalogue that members read: a new edition is prepared, which another version adopts (CAT-34)."""
    known = Edition.objects.unscoped().select_for_update().filter(pk=edition.pk).first()
    if known is not None and known.is_shown:
        raise Refusal(
            f"« {known} » est montré aux membres : il ne change plus. Préparez une nouvelle édition, modifiez-la, puis "
            "rattachez-la au projet de version qui la fera adopter."
        )


@transaction.atomic
def copy_edition(edition: Edition, *, name: str) -> Edition:
    """Make a draft for the next version, equal to a catalogue in all but its name. Raises Refusal when the name is taken."""
    if Edition.objects.unscoped().filter(name=name).exists():
        raise Refusal(f"Un catalogue s’appelle déjà « {name} » : donnez un autre nom à la copie.")
    copy = Edition(name=name, perimeter=edition.perimeter)
    copy.save()
    entries: dict[int, Entry] = {}
    for node in Tree(Entry.objects.unscoped().filter(edition=edition)).walk():
        parent = entries[node.entry.parent_id] if node.entry.parent_id is not None else None
        entries[node.entry.pk] = copied(node.entry, edition=copy, parent=parent)
    for hours in EditionHours.objects.unscoped().filter(edition=edition).order_by("id"):
        copied(hours, edition=copy)
    for one in Prerequisite.objects.unscoped().filter(entry__edition=edition).order_by("id"):
        copied(one, entry=entries[one.entry_id])
    rows = list(Tool.objects.unscoped().filter(entry__edition=edition).order_by("id"))
    tools = {tool.pk: copied(tool, entry=entries[tool.entry_id], replaced_by=None) for tool in rows}
    for tool in (one for one in rows if one.replaced_by_id is not None):
        tools[tool.pk].replaced_by = tools[tool.replaced_by_id]
        tools[tool.pk].save(update_fields=["replaced_by"])
    return copy


def copied(row: Row, **given: models.Model | None) -> Row:
    """Save a row like another, save what is given."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    made = type(row)(**values)
    for name, value in given.items():
        setattr(made, name, value)
    made.save()
    return made


@transaction.atomic
def close_entry(entry: Entry, *, last_day: date, into: str, touched: Iterable[str], shown: Sequence[str], today: date) -> None:
    """Close a brick after a day, its costs going to another one, once every member touched was shown (CAT-19).

    `touched` are the members that hold it when it is closed, `shown` those whom the person was shown: what changed meanwhile is
    told, and nothing is written. Raises Refusal.
    """
    refuse_shown(entry.edition)
    entry = Entry.objects.unscoped().select_for_update().select_related("edition").get(pk=entry.pk)
    check_closing(entry, last_day=last_day, into=into)
    added = sorted(set(touched) - set(shown))
    if added:
        raise Refusal(f"Depuis que la liste a été montrée, {', '.join(added)} a pris « {entry} » : relisez-la, puis confirmez.")
    entry.ends_on, entry.closed_into = last_day, into
    record(entry)


def check_closing(entry: Entry, *, last_day: date, into: str) -> None:
    """Refuse to close what is no brick, one that is closed, on a day that cannot be, or its costs sent nowhere."""
    if not entry.offer:
        raise Refusal(f"« {entry} » n’est pas une offre : modifiez sa fiche, elle ne porte pas de coûts.")
    if entry.ends_on is not None:
        raise Refusal(f"« {entry} » est déjà fermée : son dernier jour est le {long_date(entry.ends_on)}.")
    if entry.starts_on is not None and last_day < entry.starts_on:
        raise Refusal(f"« {entry} » n’est proposée que depuis le {long_date(entry.starts_on)} : choisissez un jour qui suit.")
    check_receiver(entry, into, last_day)


def check_receiver(entry: Entry, into: str, last_day: date) -> None:
    """Refuse that the costs of a brick go to itself, to one that is not there, or to one that is closed before."""
    if into == entry.offer:
        raise Refusal("Une brique fermée ne reçoit pas ses propres coûts : choisissez-en une autre.")
    receiver = Entry.objects.unscoped().filter(edition=entry.edition, offer=into).first() if into else None
    if receiver is None:
        raise Refusal("Choisissez la brique de ce catalogue qui reçoit les coûts.")
    if receiver.ends_on is not None and receiver.ends_on <= last_day:
        raise Refusal(f"« {receiver} » est elle-même fermée après le {long_date(receiver.ends_on)} : choisissez-en une autre.")


@transaction.atomic
def state_check(
    organization: Organization, *, offer: str, key: str, outcome: CheckOutcome, on: date, evidence: str, by: str, today: date
) -> PrerequisiteCheck:
    """Record what was found of a prerequisite at a member; the former findings stay (CAT-15). Raises Refusal."""
    if on > today:
        raise Refusal(f"Le constat ne peut pas être à venir : le {long_date(on)} n’est pas encore là.")
    check = PrerequisiteCheck(organization=organization, offer=offer, key=key, outcome=outcome, on=on, evidence=evidence,
                              entered_by=by)  # fmt: skip
    record(check)
    return check
