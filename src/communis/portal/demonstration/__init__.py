"""The demonstration: five pools on their real territories and real populations, invented people, one account a persona.

What is in one pool is never seen from another. Loading again changes nothing.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from communis.directory.models import Organization
from communis.directory.starting import begin_pool
from communis.foundation.scope import pool_scope
from communis.foundation.tenancy import Pool
from communis.portal.demonstration.admissions import admit_in_order
from communis.portal.demonstration.avenants import amend_twice
from communis.portal.demonstration.lives import begin, founding, go_on, live
from communis.portal.demonstration.people import PASSWORD, PERSONAS, Persona
from communis.portal.demonstration.redon import Redon
from communis.portal.demonstration.shipped import GRAND_NANCY, NIMES, SICOVAL, SIDEC
from communis.portal.demonstration.waves import join_in_waves

FOUNDERS = {"redon": "Redon", "sidec": "Crenans", "nimes_metropole": "Poulx", "sicoval": "Odars", "grand_nancy": "Ludres"}

__all__ = ["PASSWORD", "PERSONAS", "Persona", "load"]


@transaction.atomic
def load(today: date) -> tuple[Persona, ...]:
    """Make the pools of the demonstration that are missing, and an account a persona. Run as the owner."""
    if not Pool.objects.filter(slug="demonstration-redon").exists():
        redon = begin_pool("Service commun SI et numérique", "demonstration-redon", convention="redon", is_demonstration=True)
        with pool_scope(redon.pk):
            Redon().make()
            settle("redon", {o.name: o for o in Organization.objects.unscoped()}, today)
    for one in (SIDEC, NIMES, SICOVAL, GRAND_NANCY):
        slug = f"demonstration-{one.slug.replace('_', '-')}"
        if not Pool.objects.filter(slug=slug).exists():
            made = begin_pool(one.pool, slug, convention=one.slug, is_demonstration=True)
            with pool_scope(made.pk):
                settle(one.slug, one.make(), today)
    return PERSONAS


def settle(slug: str, organizations: dict[str, Organization], today: date) -> None:
    """Give a pool its convention, its acts and its adhesions."""
    version = begin(slug, next(one for one in organizations.values() if one.is_host))
    founding(slug, version, organizations[FOUNDERS[slug]])
    if slug == "nimes_metropole":
        amend_twice(version, organizations)
    live(slug, version, organizations)
    if slug == "grand_nancy":
        join_in_waves(version, organizations)
    if slug == "sicoval":
        admit_in_order(version, organizations)
    go_on(slug, version, organizations, today)
