"""What each predicate says of each reader, written once more by hand: it never holds for anybody wider.

Pages ask a predicate behind a door, or behind the rows that somebody sees: without it they would often answer the same. Here it
is asked alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone

from communis.agreements import access as agreements
from communis.agreements.models import Agreement, Amendment, Document, Membership, Resolution, StaffFile, Version
from communis.catalog import access as catalog
from communis.directory import access as directory
from communis.directory.enums import GrantRole
from communis.directory.models import Grant, Organization, Person
from communis.directory.views.records import may_read_history
from communis.foundation.access import may_cancel
from communis.foundation.models import Run
from communis.foundation.scope import pool_scope
from communis.portal.panels import may_answer
from isolation.audiences import (
    Audience,
    access,
    direction,
    either,
    himself,
    holding,
    host,
    keepers,
    leads,
    managers,
    outside,
    own,
    own_or_hosts,
)
from isolation.routes import hosts_person, writers
from isolation.world import FIRST, OF_A_MEMBER, OF_THE_HOST, World


class Asked(NamedTuple):
    """A predicate, who it may hold for, and the table of the rows that it is asked about, when it is."""

    holds: Callable[..., bool]
    for_whom: Audience
    model: type[models.Model] | None = None


_SOME_MEMBER = either(managers, writers)
PREDICATES = {
    one.holds.__name__: one
    for one in (
        Asked(catalog.may_simulate, own, Organization),
        Asked(catalog.may_find, keepers, Organization),
        Asked(catalog.may_state_coverage, managers),
        Asked(catalog.may_keep_catalog, managers),
        Asked(catalog.may_waive, managers),
        Asked(agreements.may_manage_agreements, managers),
        Asked(agreements.may_keep_act, keepers, Resolution),
        Asked(agreements.may_ask_for, keepers, Membership),
        Asked(agreements.may_decide_on, managers, Membership),
        Asked(agreements.may_read_staff_files, either(leads, writers)),
        Asked(agreements.may_verify, holding(GrantRole.AUDITOR)),
        Asked(agreements.may_keep_staff_files, managers),
        Asked(agreements.may_follow_adoptions, host),
        Asked(agreements.may_write_version, managers, Version),
        Asked(agreements.may_write_amendment, managers, Amendment),
        Asked(agreements.may_keep_agreement, managers, Agreement),
        Asked(agreements.may_keep_staff_file, managers, StaffFile),
        Asked(agreements.may_keep_document, keepers, Document),
        Asked(may_cancel, either(himself, host), Run),
        Asked(directory.may_manage_directory, managers),
        Asked(directory.may_manage_access, direction),
        Asked(directory.may_keep_outside, outside),
        Asked(directory.may_read_staff, leads),
        Asked(directory.may_manage_staff, direction),
        Asked(directory.is_of_host, host),
        Asked(directory.may_read_file, own, Organization),
        Asked(directory.may_reach, own_or_hosts, Organization),
        Asked(directory.may_keep_organization, keepers, Organization),
        Asked(directory.may_keep_some_organization, _SOME_MEMBER),
        Asked(directory.may_keep_person, hosts_person, Person),
        Asked(directory.may_see_access, access),
        Asked(directory.may_read_mail_of_pool, direction),
        Asked(may_read_history, own, Organization),
        Asked(may_answer, holding(GrantRole.DIRECTOR, GrantRole.FINANCE, GrantRole.AUDITOR)),
    )
}


def too_wide(world: World, name: str) -> list[str]:
    """Return for whom a predicate holds, of the rows of the first pool, and should not."""
    asked, found = PREDICATES[name], []
    for key in [*OF_THE_HOST, *OF_A_MEMBER, "shared", "both"]:
        reader = world.readers[key]
        with pool_scope(FIRST):
            reader.account.grants = tuple(Grant.objects.unscoped().in_force(timezone.localdate()).filter(account=reader.account))
            for owner, arguments in questions(world, asked):
                if asked.holds(reader.account, *arguments) and not asked.for_whom(reader, (FIRST,), owner):
                    found.append(f"{name} holds for {key}{f' on what is of {owner}' if owner else ''}")
    return found


def questions(world: World, asked: Asked) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield what a predicate is asked about: nothing, or each row of its table in the first pool, with its owner."""
    if asked.model is None:
        yield "", ()
        return
    rows = {row.pk: row for row in asked.model.objects.unscoped()}
    yield from ((place.owner, (rows[place.pk],)) for place in world.places(asked.model) if place.pool == FIRST)
